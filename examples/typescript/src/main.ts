/** A tour: read orders page by page, enter one, change it while somebody else does, and take it a step further. */
import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { connect } from "./client.js";
import { createOrder, orders, steps, submitOrder, updateOrder } from "./orders.js";

const { client } = connect("rep1@demo.example");

const seen = new Set<string>();
for await (const order of orders(client, { statusGroup: { eq: "PENDING" } }, 20)) {
  seen.add(order.id);
  if (seen.size <= 3) console.log(order.number, order.status, order.total?.amount, order.customer?.name ?? "walk-in");
  if (seen.size === 45) break; // three pages are enough for a tour
}
console.log(`${seen.size} pending orders read, none twice`);

const input = {
  currency: "GBP",
  lines: [{ kind: "PRODUCT" as const, sku: "LGT-0016", name: "Desk lamp", quantity: "2", unitPrice: "126.40" }],
  idempotencyKey: randomUUID(),
};
const entered = await createOrder(client, input);
const order = entered.order;
assert(order, entered.errors[0]?.message);
console.log(`${order.number} entered: ${order.total?.amount} ${order.total?.currency}`);

const again = await createOrder(client, input);
assert.equal(again.order?.id, order.id);
console.log("the same request again made no second order");

const first = await updateOrder(client, { id: order.id, expectedVersion: order.version, notes: "call before noon" });
assert.equal(first.order?.notes, "call before noon");

const late = await updateOrder(client, { id: order.id, expectedVersion: order.version, notes: "call after noon" });
const [conflict] = late.errors;
assert(conflict?.__typename === "VersionConflict");
assert.equal(conflict.currentVersion, first.order?.version);
console.log(`a change made on an old version was refused: it is at version ${conflict.currentVersion} now`);

const wrong = await createOrder(client, { ...input, lines: [{ quantity: "0" }], idempotencyKey: randomUUID() });
assert.equal(wrong.order, null);
for (const error of wrong.errors) console.log(`refused: ${error.path.join(".")}: ${error.message}`);

const { version, status, availableTransitions } = await steps(client, order.id);
const possible = availableTransitions.filter((step) => step.allowed);
console.log(`from ${status} one may: ${possible.map((step) => step.label).join(", ")}`);
const submitted = await submitOrder(client, { id: order.id, expectedVersion: version, idempotencyKey: randomUUID() });
assert.equal(submitted.order?.status, "PENDING_REVIEW");

const twice = await submitOrder(client, { id: order.id, expectedVersion: submitted.order.version });
const [tooLate] = twice.errors;
assert(tooLate?.__typename === "StepNotPossible");
console.log(`refused: ${tooLate.message}`);
