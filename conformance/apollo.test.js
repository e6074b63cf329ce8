// Apollo Client 4 as an application uses it: pages merged in its cache, errors as data, a job followed over a WebSocket.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import { filter, firstValueFrom } from 'rxjs';
import WebSocket from 'ws';
import { importing, SOCKET, tokenOf, URL_OF_API } from './sluice.js';

let client, socket, token;

before(async () => {
  token = await tokenOf('manager');
  socket = createClient({ url: SOCKET, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` } });
  client = new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === 'subscription',
      new GraphQLWsLink(socket),
      new HttpLink({ uri: URL_OF_API, headers: { authorization: `Bearer ${token}` } }),
    ),
    cache: new InMemoryCache({
      possibleTypes: { Node: ['Order', 'Customer', 'Product', 'Job', 'User'] },
      typePolicies: { Query: { fields: { orders: relayStylePagination(['filter', 'sort']) } } },
    }),
  });
});

after(async () => {
  await socket.dispose();
  client.stop();
});

test('pages are merged by relayStylePagination', async () => {
  const query = gql`
    query Page($after: String) {
      orders(first: 20, after: $after, filter: { statusGroup: { eq: PENDING } }) {
        edges { cursor node { id number } }
        pageInfo { hasNextPage endCursor }
      }
    }
  `;
  const pages = client.watchQuery({ query });
  const { data } = await firstValueFrom(pages.pipe(filter((result) => result.dataState === 'complete')));
  assert.equal(data.orders.edges.length, 20);
  await pages.fetchMore({ variables: { after: data.orders.pageInfo.endCursor } });
  const merged = pages.getCurrentResult().data.orders.edges.map((edge) => edge.node.id);
  assert.equal(merged.length, 40);
  assert.equal(new Set(merged).size, 40);
});

test('errors of a mutation are data', async () => {
  const mutation = gql`
    mutation Enter($input: OrderCreateInput!) {
      orderCreate(input: $input) {
        order { id }
        errors { __typename code message path ... on InvalidInput { problem limit } }
      }
    }
  `;
  const input = { currency: 'GBP', lines: [{ sku: 'LGT-0016', quantity: '0' }], idempotencyKey: randomUUID() };
  const { data, error } = await client.mutate({ mutation, variables: { input } });
  assert.equal(error, undefined);
  assert.equal(data.orderCreate.order, null);
  const [refusal] = data.orderCreate.errors;
  assert.equal(refusal.__typename, 'InvalidInput');
  assert.deepEqual([refusal.problem, refusal.path], ['zero', ['input', 'lines', '0', 'quantity']]);
});

test('a mutation changes what is in the cache', async () => {
  const create = gql`
    mutation Enter($input: OrderCreateInput!) { orderCreate(input: $input) { order { id version notes } errors { message } } }
  `;
  const update = gql`
    mutation Change($input: OrderUpdateInput!) { orderUpdate(input: $input) { order { id version notes } errors { message } } }
  `;
  const input = { currency: 'GBP', lines: [{ sku: 'LGT-0016', quantity: '1' }], idempotencyKey: randomUUID() };
  const { order } = (await client.mutate({ mutation: create, variables: { input } })).data.orderCreate;
  const changed = { id: order.id, expectedVersion: order.version, notes: 'before noon' };
  await client.mutate({ mutation: update, variables: { input: changed } });
  const fragment = gql`fragment Kept on Order { id version notes }`;
  const kept = client.readFragment({ id: `Order:${order.id}`, fragment });
  assert.deepEqual([kept.version, kept.notes], [order.version + 1, 'before noon']);
});

test('a job is followed until it has ended', async () => {
  const id = await importing(token);
  const query = gql`subscription Follow($id: ID!) { jobProgress(id: $id) { id state done total message } }`;
  const states = [];
  await new Promise((resolve, reject) => {
    client.subscribe({ query, variables: { id } }).subscribe({
      next: ({ data, error }) => (error ? reject(error) : states.push(data.jobProgress.state)),
      error: reject,
      complete: resolve,
    });
  });
  assert.equal(states.at(-1), 'SUCCEEDED');
});
