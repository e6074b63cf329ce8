// Relay's compiler takes the schema, with what an application makes of it; the queries that it writes are answered.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { before, test } from 'node:test';
import relayCompiler from 'relay-compiler';
import { ask, tokenOf } from './sluice.js';

const folder = new URL('relay/', import.meta.url);
const manifest = new URL('documents.json', folder);
const generated = new URL('src/__generated__/', folder);
const REFETCHED = ['ordersListPaginationQuery', 'ordersRowRefetchQuery', 'ordersOfCustomerPaginationQuery'];

let documents, token;

before(async () => {
  rmSync(generated, { recursive: true, force: true });
  writeFileSync(manifest, '{}');
  token = await tokenOf('rep1');
});

test('the project compiles', () => {
  execFileSync(relayCompiler, ['relay.config.json'], { cwd: folder, stdio: 'pipe' });
  documents = Object.values(JSON.parse(readFileSync(manifest, 'utf8')));
  for (const name of REFETCHED) assert.ok(documents.some((text) => text.includes(`query ${name}`)), name);
});

test('every query that it writes is answered without errors', async () => {
  const sample = `{
    orders(first: 1, filter: { customer: {} }) { nodes { id customer { id } } }
  }`;
  const [order] = (await ask(sample, {}, token)).data.orders.nodes;
  for (const text of documents.filter((document) => document.startsWith('query'))) {
    const id = text.includes('OfCustomer') ? order.customer.id : order.id;
    const { data, errors } = await ask(text, { id }, token);
    assert.equal(errors, undefined, text);
    for (const root of Object.values(data)) assert.notEqual(root, null, text);
  }
});
