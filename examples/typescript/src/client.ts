/** A client that signs in, sends its access token along, and renews it before it runs out. */
import { Client, fetchExchange, gql } from "@urql/core";
import { authExchange } from "@urql/exchange-auth";

const LOGIN = gql`
  mutation Login($input: LoginInput!) {
    login(input: $input) { accessToken refreshToken errors { code message } }
  }
`;
const REFRESH = gql`
  mutation TokenRefresh($input: TokenRefreshInput!) {
    tokenRefresh(input: $input) { accessToken refreshToken errors { code message } }
  }
`;
const WHO = gql`{ viewer { id } }`;

/** The server said no; anything else that goes wrong is another kind of error, and may be tried again. */
export class NotLetIn extends Error {}

interface Session {
  accessToken: string;
  refreshToken: string;
}

/** Seconds since 1970 at which the access token ends: the claim `exp` of a JWT. */
function endOf(accessToken: string): number {
  const [, claims = ""] = accessToken.split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString()).exp;
}

/** The demo's address, unless the environment names another. */
export const URL_OF_API = process.env["SLUICE_URL"] ?? "http://127.0.0.1:8000/graphql";

/** The client of one person, and how that person sends a file in: `upload` gives the file's id. */
export interface Sluice {
  client: Client;
  upload: (name: string, content: string) => Promise<string>;
}

/** A client for one person. Throws if the person is not let in. */
export function connect(email: string, password = "sluice-demo", url = URL_OF_API): Sluice {
  let session: Session | undefined;
  const client = new Client({
    url,
    preferGetMethod: false,
    fetchSubscriptions: true, // as server-sent events
    exchanges: [
      authExchange(async (utilities) => {
        async function open(document: typeof LOGIN, field: string, input: object): Promise<void> {
          const { data, error } = await utilities.mutate(document, { input });
          if (error) throw error;
          const answer = data[field];
          if (!answer.accessToken) throw new NotLetIn(answer.errors[0].message);
          session = answer;
        }

        await open(LOGIN, "login", { email, password });
        return {
          addAuthToOperation: (operation) =>
            utilities.appendHeaders(operation, { authorization: `Bearer ${session?.accessToken}` }),
          // A minute early, so that a token never runs out on its way.
          willAuthError: () => !session || endOf(session.accessToken) - 60 < Date.now() / 1000,
          didAuthError: (error) =>
            error.graphQLErrors.some((one) => one.extensions["code"] === "UNAUTHENTICATED"),
          // Where the session has ended, too, sign in anew.
          refreshAuth: async () => {
            const refreshToken = session?.refreshToken;
            session = undefined;
            await open(REFRESH, "tokenRefresh", { refreshToken }).catch((fault) => {
              if (!(fault instanceof NotLetIn)) throw fault;
              return open(LOGIN, "login", { email, password });
            });
          },
        };
      }),
      fetchExchange,
    ],
  });
  async function upload(name: string, content: string): Promise<string> {
    await client.query(WHO, {}, { requestPolicy: "network-only" }); // renews the token if it has to be
    const address = new URL(`/files?${new URLSearchParams({ name })}`, url);
    const headers = { authorization: `Bearer ${session?.accessToken}` };
    const response = await fetch(address, { method: "POST", body: content, headers });
    const answer = await response.json();
    if (response.status !== 201) throw new Error(answer.message);
    return answer.id;
  }

  return { client, upload };
}
