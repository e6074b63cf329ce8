// What several suites ask of the demo.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

export const URL_OF_API = process.env.SLUICE_URL;
export const SOCKET = URL_OF_API?.replace('http', 'ws');

/** The answer to one request. */
export async function ask(query, variables, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(URL_OF_API, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return answer.json();
}

/** Access and refresh token of a new session of one of the demo's people. */
export async function signIn(name) {
  const document = `mutation($input: LoginInput!) {
    login(input: $input) { accessToken refreshToken errors { code message } }
  }`;
  const { data } = await ask(document, { input: { email: `${name}@demo.example`, password: 'sluice-demo' } });
  assert.deepEqual(data.login.errors, []);
  return data.login;
}

export const tokenOf = async (name) => (await signIn(name)).accessToken;

/** The id of a job that imports an order. */
export async function importing(token) {
  const file = `No,Item,Pieces,Price,Date\nC-${randomUUID()},LGT-0016,2,126.40,2026-11-03 09:30:00\n`;
  const headers = { authorization: `Bearer ${token}` };
  const sent = await fetch(new URL('/files?name=orders.csv', URL_OF_API), { method: 'POST', headers, body: file });
  assert.equal(sent.status, 201);
  const columns = { invoice: 'No', sku: 'Item', quantity: 'Pieces', unitPrice: 'Price', placedAt: 'Date' };
  const mapping = { channelCode: 'web', columns, currency: 'GBP', zone: 'Europe/London' };
  const document = `mutation($input: OrderImportInput!) {
    orderImport(input: $input) { job { id } errors { message } }
  }`;
  const { data } = await ask(document, { input: { files: [(await sent.json()).id], mapping } }, token);
  assert.deepEqual(data.orderImport.errors, []);
  return data.orderImport.job.id;
}
