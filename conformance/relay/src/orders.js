// What a Relay application is made of; relay-compiler reads it, nothing runs it.
import { graphql } from 'react-relay';

export const page = graphql`
  query ordersPageQuery($filter: OrderFilter, $sort: OrderSort) {
    viewer { name }
    ...orders_list @arguments(filter: $filter, sort: $sort)
  }
`;

export const list = graphql`
  fragment orders_list on Query
  @refetchable(queryName: "ordersListPaginationQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 50 }
    after: { type: "String" }
    filter: { type: "OrderFilter" }
    sort: { type: "OrderSort" }
  ) {
    orders(first: $first, after: $after, filter: $filter, sort: $sort) @connection(key: "orders_list_orders") {
      totalCount
      edges { cursor node { id ...orders_row } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

export const row = graphql`
  fragment orders_row on Order @refetchable(queryName: "ordersRowRefetchQuery") {
    number
    version
    status
    total { amount currency }
    customer { name }
    availableTransitions { transition label allowed blockedBy { code message lineId } }
  }
`;

export const ofCustomer = graphql`
  fragment orders_ofCustomer on Customer
  @refetchable(queryName: "ordersOfCustomerPaginationQuery")
  @argumentDefinitions(last: { type: "Int", defaultValue: 20 }, before: { type: "String" }) {
    orders(last: $last, before: $before) @connection(key: "orders_ofCustomer_orders") {
      edges { node { ...orders_row } }
    }
  }
`;

export const anyNode = graphql`
  query ordersNodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      ...orders_row @alias
      ...orders_ofCustomer @alias
    }
  }
`;

export const create = graphql`
  mutation ordersCreateMutation($input: OrderCreateInput!, $connections: [ID!]!) {
    orderCreate(input: $input) {
      order @prependNode(connections: $connections, edgeTypeName: "OrderEdge") { id ...orders_row }
      errors { code message path ... on InvalidInput { problem limit } }
    }
  }
`;

export const update = graphql`
  mutation ordersUpdateMutation($input: OrderUpdateInput!) @raw_response_type {
    orderUpdate(input: $input) {
      order { ...orders_row }
      errors { __typename code message ... on VersionConflict { currentVersion } }
    }
  }
`;

export const submit = graphql`
  mutation ordersSubmitMutation($input: OrderSubmitInput!) {
    orderSubmit(input: $input) {
      order { ...orders_row statusChanges { toStatus at actor { name } } }
      errors { code message ... on StepNotPossible { status allowedFrom } }
    }
  }
`;

export const job = graphql`
  subscription ordersJobSubscription($id: ID!) {
    jobProgress(id: $id) { id state total done failed message }
  }
`;
