/** Sends a file in, imports its orders, and watches the job: one row of the three cannot be taken, and is told. */
import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { toAsyncIterable } from "wonka";
import { connect } from "./client.js";
import { graphql } from "./generated/index.js";
import type { FollowJobSubscription } from "./generated/graphql.js";

const IMPORT = graphql(`
  mutation OrderImport($input: OrderImportInput!) {
    orderImport(input: $input) { job { id } errors { code message path } }
  }
`);
const FOLLOW = graphql(`
  subscription FollowJob($id: ID!) {
    jobProgress(id: $id) { id state total done message report(first: 20) { nodes { line subject reason } } }
  }
`);
const run = randomUUID().slice(0, 8);
const FILE = `No,Item,Pieces,Price,Date
T-${run}-1,LGT-0016,2,126.40,03.11.2026 09:30
T-${run}-2,LGT-0016,1,126.40,03.11.2026 10:05
T-${run}-3,LGT-0016,many,126.40,03.11.2026 10:40
`;
const mapping = {
  channelCode: "web",
  columns: { invoice: "No", sku: "Item", quantity: "Pieces", unitPrice: "Price", placedAt: "Date" },
  currency: "GBP",
  zone: "Europe/London",
  timeFormat: "%d.%m.%Y %H:%M",
};

const { client, upload } = connect("manager@demo.example");
const file = await upload("orders.csv", FILE);
const input = { files: [file], mapping, idempotencyKey: randomUUID() };
const { data, error } = await client.mutation(IMPORT, { input });
const id = data?.orderImport?.job?.id;
assert(id, error?.message ?? data?.orderImport?.errors[0]?.message);

const job = await ended(id);
console.log(`${job.state}: ${job.message}`);
const refused = job.report?.nodes ?? [];
for (const row of refused) console.log(`line ${row.line}, ${row.subject}: ${row.reason}`);
assert.equal(job.state, "SUCCEEDED");
assert.deepEqual(refused.map((row) => row.line), [4]);

/** The job as it is told when it has ended; the stream of events ends with it. */
async function ended(id: string) {
  let job: FollowJobSubscription["jobProgress"] | undefined;
  for await (const event of toAsyncIterable(client.subscription(FOLLOW, { id }))) {
    if (event.error) throw event.error;
    job = event.data?.jobProgress;
    if (!job || !["QUEUED", "RUNNING"].includes(job.state)) break;
  }
  assert(job, "the job is not to be seen");
  return job;
}
