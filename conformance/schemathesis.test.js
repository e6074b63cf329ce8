// schemathesis makes up operations from the schema, valid and not, as several people: whatever they are, no fault shows.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomInt, randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ask, tokenOf, URL_OF_API } from './sluice.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const TOOLS = process.env.SLUICE_TOOLS;
const SCHEMA = fileURLToPath(new URL('../schema/schema.graphql', import.meta.url));
const EXAMPLES = process.env.SCHEMATHESIS_EXAMPLES ?? '5';
const SEED = process.env.SCHEMATHESIS_SEED ?? String(randomInt(2 ** 47));
const ROLES = [null, 'REP', 'MANAGER', 'ADMIN'];

describe(`schemathesis, SCHEMATHESIS_SEED=${SEED}`, () => {
  for (const role of ROLES) {
    test(`keeps faults inside from ${role ?? 'whoever is not signed in'}`, async (context) => {
      const token = role && await tokenOfNew(role);
      const { code, said } = await run(token);
      assert.equal(code, 0, said);
      const { data } = await ask('{ viewer { roles } }', {}, token);
      assert.deepEqual(data?.viewer?.roles ?? null, role && [role], 'the session lasted');
      context.diagnostic(said.match(/\d+ generated.*/)[0]);
    });
  }
});

async function run(token) {
  // Failed attempts to sign in count by address, which is that of the other suites.
  const own = token ? ['-H', `Authorization: Bearer ${token}`, '--exclude-name-regex', 'login|logout|passwordChange'] : [];
  const args = ['run', SCHEMA, '--url', URL_OF_API, '--phases', 'fuzzing', '--checks', 'keeps_faults_inside',
    '--max-examples', EXAMPLES, '--seed', SEED, '--workers', '2', '--suppress-health-check', 'all', '--warnings', 'off',
    '--no-shrink', '--no-color', ...own];
  const env = { ...process.env, PYTHONPATH: HERE, SCHEMATHESIS_HOOKS: 'schemathesis_hooks' };
  const child = spawn(`${TOOLS}/bin/schemathesis`, args, { cwd: TOOLS, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const said = text(child.stdout);
  const [code] = await once(child, 'exit');
  return { code, said: await said };
}

/** The token of a user of this run's own, so that points and changes are no other suite's. */
async function tokenOfNew(role) {
  const [admin, name, password] = [await tokenOf('admin'), `s${randomUUID()}`, randomUUID()];
  const write = async (field, type, input, wanted, token) => {
    const document = `mutation($input: ${type}!) { ${field}(input: $input) { ${wanted} errors { message } } }`;
    const { data } = await ask(document, { input }, token);
    assert.deepEqual(data[field].errors, []);
    return data[field];
  };
  const teams = await ask('{ teams(first: 1) { edges { node { id } } } }', {}, admin);
  const teamId = teams.data.teams.edges[0].node.id;
  const made = { email: `${name}@demo.example`, name, roles: [role], teamId };
  const { user } = await write('userCreate', 'UserCreateInput', made, 'user { id }', admin);
  const { token } = await write('passwordTokenCreate', 'PasswordTokenCreateInput', { userId: user.id }, 'token', admin);
  await write('passwordSet', 'PasswordSetInput', { token, password }, 'email');
  return (await write('login', 'LoginInput', { email: made.email, password }, 'accessToken')).accessToken;
}
