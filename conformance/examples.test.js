// The examples, as somebody who tries them out runs them; a copy that follows changes is stopped and goes on.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask, tokenOf, URL_OF_API } from './sluice.js';

const PYTHON = fileURLToPath(new URL('../examples/python/', import.meta.url));
const TYPESCRIPT = fileURLToPath(new URL('../examples/typescript/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-examples-'));
after(() => rmSync(folder, { recursive: true }));

const python = (script, ...rest) => ({ command: process.env.SLUICE_PYTHON, args: [script, ...rest], cwd: PYTHON });
const npm = (...args) => ({ command: 'npm', args: ['--silent', ...args], cwd: TYPESCRIPT });
// Without a wrapper around it, so that what is killed is the example.
const node = (...args) => ({ command: process.execPath, args: ['--import', 'tsx', ...args], cwd: TYPESCRIPT });

/** The output of an example that ends by itself; throws, with what it said, unless its exit code is 0. */
function run({ command, args, cwd }) {
  return execFileSync(command, args, { cwd, stdio: 'pipe', encoding: 'utf8', timeout: 240_000 });
}

describe('python', () => {
  test('tour.py', () => void run(python('tour.py', URL_OF_API)));
  test('import_orders.py', () => void run(python('import_orders.py', URL_OF_API)));
  test('follow.py goes on where it was stopped', async () => {
    const file = join(folder, 'orders.sqlite');
    const counting = `import sqlite3; print(*sqlite3.connect("${file}").execute("SELECT count(*) FROM orders").fetchone())`;
    await stoppedAndGoneOn({
      following: python('follow.py', file, URL_OF_API),
      once: python('follow.py', file, URL_OF_API, '--once'),
      copied: () => Number(run(python('-c', counting))),
    });
  });
});

describe('typescript', () => {
  before(() => void run(npm('ci', '--no-audit', '--no-fund')));
  test('generate', () => void run(npm('run', 'generate')));
  test('check', () => void run(npm('run', 'check')));
  test('start', () => void run(npm('start')));
  test('import', () => void run(npm('run', 'import')));
  test('follow goes on where it was stopped', async () => {
    const file = join(folder, 'orders.json');
    await stoppedAndGoneOn({
      following: node('src/follow.ts', file),
      once: node('src/follow.ts', file, '--once'),
      copied: () => Object.keys(JSON.parse(readFileSync(file, 'utf8')).orders).length,
    });
  });
});

/** A copy is killed while it waits, orders are entered meanwhile, and started again it takes these and no others. */
async function stoppedAndGoneOn({ following, once: caughtUp, copied }) {
  const { command, args, cwd } = following;
  const env = { ...process.env, PYTHONUNBUFFERED: '1' };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const rep = await tokenOf('rep1');
  const before = (await ask('{ changes(first: 0) { newestCursor } }', {}, rep)).data.changes.newestCursor;
  for (let order = 0; order < 3; order++) await enter(rep);
  await positions(rep, before, 3);
  assert.equal(run(caughtUp), '3 changes taken\n');
  assert.equal(run(caughtUp), '');
  assert.equal(copied(), (await ask('{ orders(first: 0) { totalCount } }', {}, rep)).data.orders.totalCount);
}

/** Waits until so many changes after the cursor have their positions: a worker gives them, soon after the writes. */
async function positions(token, after, count) {
  const document = 'query($after: String, $first: Int) { changes(after: $after, first: $first, wait: 1) { nodes { id } } }';
  for (let turn = 0; turn < 20; turn++) {
    const { data } = await ask(document, { after, first: count }, token);
    if (data.changes.nodes.length === count) return;
  }
  assert.fail(`${count} changes have no positions`);
}

async function enter(token) {
  const document = 'mutation($input: OrderCreateInput!) { orderCreate(input: $input) { order { id } errors { message } } }';
  const input = { currency: 'GBP', lines: [{ sku: 'LGT-0016', quantity: '1' }] };
  const { data } = await ask(document, { input }, token);
  assert.deepEqual(data.orderCreate.errors, []);
}
