// Signing in at a certified OpenID provider (oidc-provider): code flow with PKCE there, its tokens good at Sluice.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import Provider from 'oidc-provider';

const CLIENT = 'sluice-web';
const AUDIENCE = 'sluice';
const CALLBACK = 'http://127.0.0.1/callback';
const EMAIL = 'rep1@demo.example';
const EXCHANGE = 'mutation($input: TokenExchangeInput!) { tokenExchange(input: $input) { accessToken errors { code } } }';
const WHO = '{ viewer { email roles } }';

let issuer, keys, listening, sluice, url;
let algorithm = 'RS256';

before(async () => {
  const port = await freePort();
  issuer = `http://127.0.0.1:${port}`;
  keys = [signingKey('RS256', 'rsa-1'), signingKey('ES256', 'ec-1'), signingKey('EdDSA', 'ed-1')];
  await serveProvider();
  await serveSluice();
});

after(async () => {
  sluice?.kill('SIGTERM');
  listening?.closeAllConnections();
  listening?.close();
});

for (const alg of ['RS256', 'ES256', 'EdDSA']) {
  test(`an access token signed by ${alg} speaks for the user with its verified email`, async () => {
    const { access_token } = await signIn({ alg });
    assert.deepEqual((await ask(WHO, access_token)).data.viewer, { email: EMAIL, roles: ['REP'] });
  });
}

test('a token is exchanged for a session', async () => {
  const { access_token } = await signIn({ alg: 'RS256' });
  const { accessToken, errors } = (await ask(EXCHANGE, null, { input: { idToken: access_token } })).data.tokenExchange;
  assert.deepEqual(errors, []);
  assert.equal((await ask(WHO, accessToken)).data.viewer.email, EMAIL);
});

test('a token of the same provider that is for its client alone is refused', async () => {
  const { id_token } = await signIn({ alg: 'RS256' });
  const [error] = (await ask(WHO, id_token)).errors;
  assert.deepEqual(error.extensions, { code: 'UNAUTHENTICATED', reason: 'audience' });
});

test('the provider goes away and comes back with other keys', async () => {
  const { access_token } = await signIn({ alg: 'ES256' });
  listening.closeAllConnections();
  listening.close();
  await once(listening, 'close');
  assert.equal((await ask(WHO, access_token)).data.viewer.email, EMAIL);
  keys = [signingKey('ES256', 'ec-2')];
  await serveProvider();
  const renewed = await signIn({ alg: 'ES256' });
  // Sluice has asked for keys within the last half minute, perhaps.
  for (let second = 0; second < 40; second++) {
    const answer = await ask(WHO, renewed.access_token);
    if (answer.data) return assert.equal(answer.data.viewer.email, EMAIL);
    assert.match(answer.errors[0].extensions.code, /UNAUTHENTICATED|UNAVAILABLE/);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  assert.fail('the new key is not known after 40 seconds');
});

function signingKey(alg, kid) {
  const kinds = {
    RS256: ['rsa', { modulusLength: 2048 }],
    ES256: ['ec', { namedCurve: 'P-256' }],
    EdDSA: ['ed25519', {}],
  };
  const { privateKey } = generateKeyPairSync(...kinds[alg]);
  return { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

async function serveProvider() {
  const provider = new Provider(issuer, {
    jwks: { keys },
    clients: [{
      client_id: CLIENT,
      token_endpoint_auth_method: 'none',
      redirect_uris: [CALLBACK],
      application_type: 'native',
      id_token_signed_response_alg: keys[0].alg,
    }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(16).toString('hex')] },
    extraTokenClaims: () => ({ email: EMAIL, email_verified: true }),
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: EMAIL, email_verified: true }) }),
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:sluice',
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'openid',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: algorithm } },
        }),
      },
    },
  });
  listening = provider.listen(new URL(issuer).port, '127.0.0.1');
  await once(listening, 'listening');
}

async function serveSluice() {
  const port = await freePort();
  url = `http://127.0.0.1:${port}/graphql`;
  const settings = { OIDC_ISSUER: issuer, OIDC_AUDIENCE: AUDIENCE, PORT: port };
  sluice = spawn(process.env.SLUICE_PYTHON, ['-m', 'app.cli', 'serve'], {
    cwd: new URL('..', import.meta.url), env: { ...process.env, ...settings }, stdio: 'ignore',
  });
  for (let attempt = 0; attempt < 300; attempt++) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('sluice serve does not start');
}

/** The tokens of a new sign-in, as a browser gets them: code flow with PKCE. */
async function signIn({ alg }) {
  algorithm = alg;
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const cookies = new Map();
  const query = new URLSearchParams({
    client_id: CLIENT, response_type: 'code', scope: 'openid email', redirect_uri: CALLBACK,
    code_challenge: challenge, code_challenge_method: 'S256',
  });
  let address = `${issuer}/auth?${query}`;
  while (!address.startsWith(CALLBACK)) address = await step(address, cookies);
  const code = new URL(address).searchParams.get('code');
  assert.ok(code, address);
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: CLIENT, code, redirect_uri: CALLBACK, code_verifier: verifier,
    }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

/** Where a browser comes next from `address`, having filled in whatever form is there. */
async function step(address, cookies) {
  const page = await browse(address, cookies);
  if (page.status >= 300 && page.status < 400) return next(page, address);
  const html = await page.text();
  const action = /action="([^"]+)"/.exec(html)?.[1];
  assert.ok(action, html);
  const prompt = /name="prompt" value="([^"]+)"/.exec(html)[1];
  const form = new URLSearchParams({ prompt, login: 'rosa', password: 'any' });
  return next(await browse(new URL(action, address).href, cookies, form), address);
}

const next = (answer, address) => new URL(answer.headers.get('location'), address).href;

async function browse(address, cookies, body) {
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
  const answer = await fetch(address, { method: body ? 'POST' : 'GET', body, redirect: 'manual', headers: { cookie } });
  for (const set of answer.headers.getSetCookie()) {
    const [name, value] = set.split(';')[0].split('=');
    cookies.set(name, value);
  }
  return answer;
}

async function ask(query, token, variables) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return answer.json();
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
