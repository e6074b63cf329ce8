// The clients graphql-ws (WebSocket) and graphql-sse (server-sent events, distinct connections).
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import WebSocket from 'ws';
import { ask, importing, signIn, SOCKET, URL_OF_API } from './sluice.js';

const FOLLOW = 'subscription($id: ID!) { jobProgress(id: $id) { id state } }';
const LOGOUT = 'mutation { logout { ended } }';
const INVALID = '{ nothing }';

let session;
before(async () => {
  session = await signIn('manager');
});

const TRANSPORTS = {
  'graphql-ws': (token, more) => createWsClient({
    url: SOCKET, webSocketImpl: WebSocket, retryAttempts: 0, ...more,
    connectionParams: token && { authorization: `Bearer ${token}` },
  }),
  'graphql-sse': (token, more) => createSseClient({
    url: URL_OF_API, retryAttempts: 0, ...more, headers: token && { authorization: `Bearer ${token}` },
  }),
};

for (const [name, connect] of Object.entries(TRANSPORTS)) {
  describe(name, () => {
    const talk = async (token, work) => {
      const client = connect(token);
      try {
        return await work(client);
      } finally {
        await client.dispose();
      }
    };

    test('a query and a mutation have one answer', () => talk(session.accessToken, async (client) => {
      const [answer] = await all(client, { query: '{ viewer { email } }' });
      assert.deepEqual(answer.data, { viewer: { email: 'manager@demo.example' } });
      const mutation = { query: 'mutation { jobCancel(input: { id: "job_999999" }) { job { id } errors { code } } }' };
      const [refused] = await all(client, mutation);
      assert.deepEqual(refused.data.jobCancel.errors, [{ code: 'NOT_FOUND' }]);
    }));

    test('a job is followed until it has ended', () => talk(session.accessToken, async (client) => {
      const id = await importing(session.accessToken);
      const answers = await all(client, { query: FOLLOW, variables: { id } });
      assert.equal(answers.at(-1).data.jobProgress.state, 'SUCCEEDED');
    }));

    test('who has heard enough leaves, and is served again', () => talk(session.accessToken, async (client) => {
      const id = await importing(session.accessToken);
      for await (const { data } of client.iterate({ query: FOLLOW, variables: { id } })) {
        assert.equal(data.jobProgress.id, id);
        break;
      }
      assert.equal((await all(client, { query: '{ __typename }' })).length, 1);
    }));

    test('a job that is not to be seen is null, and the end', () => talk(session.accessToken, async (client) => {
      const answers = await all(client, { query: FOLLOW, variables: { id: 'job_999999' } });
      assert.deepEqual(answers.map((answer) => answer.data), [{ jobProgress: null }]);
    }));

    test('a wrong document is told', () => talk(session.accessToken, async (client) => {
      assert.equal(codeOf(await outcome(client, { query: INVALID })), 'BAD_REQUEST');
    }));

    test('a subscription without a token is refused', () => talk(undefined, async (client) => {
      assert.equal(codeOf(await outcome(client, { query: FOLLOW, variables: { id: 'job_1' } })), 'UNAUTHENTICATED');
    }));

    test('a token that is not good is refused', () => talk(`${session.accessToken}x`, async (client) => {
      const refusal = await outcome(client, { query: FOLLOW, variables: { id: 'job_1' } });
      assert.ok(refusal.code === 4401 || codeOf(refusal) === 'UNAUTHENTICATED', JSON.stringify(refusal));
    }));

    test('a token that has expired is refused', () => talk(expired(session.accessToken), async (client) => {
      const refusal = await outcome(client, { query: '{ viewer { email } }' });
      assert.ok(refusal.code === 4401 || codeOf(refusal) === 'UNAUTHENTICATED', JSON.stringify(refusal));
    }));

    test('a token whose session has ended is refused', async () => {
      const { accessToken } = await signIn('manager');
      assert.equal((await ask(LOGOUT, {}, accessToken)).data.logout.ended, true);
      await talk(accessToken, async (client) => {
        const refusal = await outcome(client, { query: '{ viewer { email } }' });
        assert.ok(refusal.code === 4401 || codeOf(refusal) === 'UNAUTHENTICATED', JSON.stringify(refusal));
      });
    });
  });
}

test('operations of one WebSocket go on beside each other', async () => {
  const client = TRANSPORTS['graphql-ws'](session.accessToken);
  const asked = Array.from({ length: 20 }, () => all(client, { query: '{ viewer { id } }' }));
  assert.equal(new Set((await Promise.all(asked)).map(([answer]) => answer.data.viewer.id)).size, 1);
  await client.dispose();
});

/** The token as it would be a quarter of an hour later, signed as the server signs. */
function expired(token) {
  const [head, claims] = token.split('.');
  const { iat, exp, ...who } = JSON.parse(Buffer.from(claims, 'base64url'));
  const old = Buffer.from(JSON.stringify({ ...who, iat: iat - 900, exp: exp - 900 })).toString('base64url');
  const secret = /^SECRET_KEY=(.*)$/m.exec(readFileSync(process.env.SLUICE_ENV_FILE, 'utf8'))[1];
  const key = createHmac('sha256', secret).update('sluice: access tokens').digest();
  return `${head}.${old}.${createHmac('sha256', key).update(`${head}.${old}`).digest('base64url')}`;
}

/** Every answer to an operation. */
async function all(client, operation) {
  const answers = [];
  for await (const answer of client.iterate(operation)) answers.push(answer);
  return answers;
}

/** What an operation that fails comes to: its answer with errors, or what the client throws. */
async function outcome(client, operation) {
  try {
    return (await all(client, operation))[0];
  } catch (error) {
    return error;
  }
}

function codeOf(refusal) {
  const errors = refusal.errors ?? refusal;
  return errors?.[0]?.extensions?.code;
}
