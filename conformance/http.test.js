// GraphQL over HTTP, as graphql-http audits it: what the specification asks for (MUST) and what it recommends (SHOULD).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverAudits } from 'graphql-http';

const AUDITS = 61;
const audits = serverAudits({ url: process.env.SLUICE_URL, fetchFn: fetch });

test('there are as many audits as there were', () => assert.equal(audits.length, AUDITS));

for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', result.reason);
  });
}
