/**
 * Keeps a copy of the orders that one sees in a file. Stop it whenever you like: it goes on where it was.
 *
 * npm run follow -- orders.json [--once]
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { connect } from "./client.js";
import { graphql } from "./generated/index.js";
import type { CopiedOrderFragment } from "./generated/graphql.js";

graphql(`fragment CopiedOrder on Order { __typename id number status total { amount currency } }`);
const NEWEST = graphql(`query Newest { changes(first: 0) { newestCursor } }`);
const EVERYTHING = graphql(`
  query Everything($after: String) {
    orders(first: 250, after: $after) { nodes { ...CopiedOrder } pageInfo { hasNextPage endCursor } }
  }
`);
const CHANGES = graphql(`
  query Changes($after: String, $wait: Int) {
    changes(after: $after, first: 250, wait: $wait) {
      nodes { kind id node { __typename ...CopiedOrder } }
      endCursor
      hasMore
    }
  }
`);

/** The orders by id, and the place in the feed up to which they are true: written together, or not at all. */
interface Copy {
  cursor: string;
  orders: Record<string, CopiedOrderFragment>;
}

const [file = "orders.json", option] = process.argv.slice(2);
const once = option === "--once";
const { client } = connect("rep1@demo.example");
const fresh = { requestPolicy: "network-only" } as const;

let copy = await stored();
for (;;) {
  const { data, error } = await client.query(CHANGES, { after: copy.cursor, wait: once ? 0 : 20 }, fresh);
  const expired = error?.graphQLErrors.some((one) => one.extensions["code"] === "CURSOR_EXPIRED");
  const feed = data?.changes;
  if (!feed && !expired) throw error ?? new Error("changes are not to be seen");
  // Away for longer than changes are kept, or with other rights than before: all of it anew.
  if (!feed || feed.nodes.some((change) => change.kind === "RESYNC")) {
    copy = await everything();
    continue;
  }
  for (const { kind, id, node } of feed.nodes) {
    if (kind === "REMOVED" || !node) delete copy.orders[id!];
    else if (node.__typename === "Order") copy.orders[id!] = node;
  }
  copy.cursor = feed.endCursor;
  await store(copy);
  if (feed.nodes.length > 0) console.log(`${feed.nodes.length} changes taken`);
  if (once && !feed.hasMore) break;
}

async function stored(): Promise<Copy> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text ? JSON.parse(text) : everything();
}

async function store(copy: Copy): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(copy));
  await rename(`${file}.new`, file);
}

/** Everything by lists; the place in the feed is asked for first, so that what changes meanwhile comes again. */
async function everything(): Promise<Copy> {
  const start = await client.query(NEWEST, {}, fresh);
  if (!start.data?.changes) throw start.error ?? new Error("changes are not to be seen");
  const orders: Copy["orders"] = {};
  let after: string | null | undefined;
  do {
    const { data, error } = await client.query(EVERYTHING, { after }, fresh);
    if (error || !data?.orders) throw error ?? new Error("orders are not to be seen");
    for (const order of data.orders.nodes) orders[order.id] = order;
    after = data.orders.pageInfo.hasNextPage ? data.orders.pageInfo.endCursor : undefined;
  } while (after);
  const copy = { cursor: start.data.changes.newestCursor, orders };
  await store(copy);
  console.log(`${Object.keys(orders).length} orders read`);
  return copy;
}
