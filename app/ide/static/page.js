// Signs in beside GraphiQL, and sends along the access token of the session, renewed when it has run out.
"use strict";

const URL_HERE = location.origin + "/graphql";
const FIRST_QUERY = `# Sign in above. In the demo: rep1@demo.example, password sluice-demo.
# Ctrl-Enter runs the query; the book on the left is the schema's documentation.

query NewestOrders {
  orders(first: 3) {
    totalCount
    totalAmount { amount currency }
    nodes {
      number
      status
      total { amount currency }
      customer { name }
      lines { sku quantity }
    }
  }
}
`;
const SIGN_IN = `mutation ($input: LoginInput!) {
  login(input: $input) { accessToken refreshToken errors { message } }
}`;
const RENEW = `mutation ($input: TokenRefreshInput!) {
  tokenRefresh(input: $input) { accessToken refreshToken errors { message } }
}`;
const WHO = "{ viewer { name roles } }";

const who = document.getElementById("who");
let session = null;
let renewing = null;

async function ask(body, headers = {}) {
  const sent = { "content-type": "application/json", ...headers };
  if (session && !sent.authorization && !sent.Authorization) sent.authorization = `Bearer ${session.accessToken}`;
  const response = await fetch(URL_HERE, { method: "POST", headers: sent, body: JSON.stringify(body) });
  return response.json();
}

function signedOut(answer) {
  return (answer.errors || []).some((error) => error.extensions?.code === "UNAUTHENTICATED");
}

async function renew() {
  const input = { refreshToken: session.refreshToken };
  session = null;
  const { data } = await ask({ query: RENEW, variables: { input } });
  if (data?.tokenRefresh?.accessToken) session = data.tokenRefresh;
  else who.textContent = "not signed in";
}

async function fetched(body, { headers } = {}) {
  const answer = await ask(body, headers);
  if (!session || !signedOut(answer)) return answer;
  renewing ??= renew().finally(() => { renewing = null; });
  await renewing;
  return session ? ask(body, headers) : answer;
}

const socket = graphqlWs.createClient({
  url: URL_HERE.replace(/^http/, "ws"),
  connectionParams: () => (session ? { authorization: `Bearer ${session.accessToken}` } : {}),
});

const liveFetcher = GraphiQL.createFetcher({ url: URL_HERE, wsClient: socket });

function isLive(body, document) {
  const named = (document?.definitions || []).filter((one) => one.kind === "OperationDefinition");
  const meant = named.find((one) => !body.operationName || one.name?.value === body.operationName);
  return meant?.operation === "subscription";
}

const fetcher = (body, options) =>
  isLive(body, options?.documentAST) ? liveFetcher(body, options) : fetched(body, options);

document.getElementById("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  session = null;
  const { data, errors } = await ask({ query: SIGN_IN, variables: { input: Object.fromEntries(new FormData(form)) } });
  if (!data?.login?.accessToken) {
    who.textContent = (data?.login?.errors || errors || [{ message: "not signed in" }])[0].message;
    return;
  }
  session = data.login;
  form.password.value = "";
  const { data: found } = await ask({ query: WHO });
  who.textContent = `${found.viewer.name} (${found.viewer.roles.join(", ").toLowerCase()})`;
});

ReactDOM.createRoot(document.getElementById("ide")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: FIRST_QUERY, defaultEditorToolsVisibility: "variables" }),
);
