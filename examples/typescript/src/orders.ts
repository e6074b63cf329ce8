/** What this example asks: each document has its types from the schema. */
import type { Client } from "@urql/core";
import { graphql } from "./generated/index.js";
import type { OrderCreateInput, OrderFilter, OrderSubmitInput, OrderUpdateInput, OrdersPageQuery } from "./generated/graphql.js";

const ORDERS = graphql(`
  query OrdersPage($filter: OrderFilter, $first: Int!, $after: String) {
    orders(filter: $filter, first: $first, after: $after) {
      nodes { id number status version total { amount currency } customer { name } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const CREATE = graphql(`
  mutation OrderCreate($input: OrderCreateInput!) {
    orderCreate(input: $input) {
      order { id number version status total { amount currency } }
      errors { __typename code message path }
    }
  }
`);
const UPDATE = graphql(`
  mutation OrderUpdate($input: OrderUpdateInput!) {
    orderUpdate(input: $input) {
      order { id version notes }
      errors {
        __typename
        code
        message
        path
        ... on VersionConflict { currentVersion }
        ... on InvalidInput { problem limit }
      }
    }
  }
`);
const STEPS = graphql(`
  query OrderSteps($id: ID!) {
    order(id: $id) { version status availableTransitions { transition label allowed blockedBy { code message } } }
  }
`);
const SUBMIT = graphql(`
  mutation OrderSubmit($input: OrderSubmitInput!) {
    orderSubmit(input: $input) {
      order { status version }
      errors { __typename code message path ... on StepNotPossible { status allowedFrom } }
    }
  }
`);

type Order = NonNullable<OrdersPageQuery["orders"]>["nodes"][number];

/** Every order that fits, page by page, as long as somebody asks for more. */
export async function* orders(client: Client, filter: OrderFilter, first = 50): AsyncGenerator<Order> {
  let after: string | null | undefined;
  do {
    const { data, error } = await client.query(ORDERS, { filter, first, after }, { requestPolicy: "network-only" });
    if (error || !data?.orders) throw error ?? new Error("orders are not to be seen");
    yield* data.orders.nodes;
    after = data.orders.pageInfo.hasNextPage ? data.orders.pageInfo.endCursor : undefined;
  } while (after);
}

/** Enter an order. Repeating it with the same `idempotencyKey`, after an answer was lost, makes no second one. */
export async function createOrder(client: Client, input: OrderCreateInput & { idempotencyKey: string }) {
  const { data, error } = await client.mutation(CREATE, { input });
  if (error || !data?.orderCreate) throw error ?? new Error("no answer");
  return data.orderCreate;
}

/** Change an order, unless somebody else has changed it since. */
export async function updateOrder(client: Client, input: OrderUpdateInput) {
  const { data, error } = await client.mutation(UPDATE, { input });
  if (error || !data?.orderUpdate) throw error ?? new Error("no answer");
  return data.orderUpdate;
}

/** Where an order stands, and what can be done with it from there: what buttons are made of. */
export async function steps(client: Client, id: string) {
  const { data, error } = await client.query(STEPS, { id }, { requestPolicy: "network-only" });
  if (error || !data?.order) throw error ?? new Error("the order is not to be seen");
  return data.order;
}

/** Hand an order in for review. */
export async function submitOrder(client: Client, input: OrderSubmitInput) {
  const { data, error } = await client.mutation(SUBMIT, { input });
  if (error || !data?.orderSubmit) throw error ?? new Error("no answer");
  return data.orderSubmit;
}
