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

interface Session {
  accessToken: string;
  refreshToken: string;
}

/** Seconds since 1970 at which the access token ends: the claim `exp` of a JWT. */
function endOf(accessToken: string): number {
  const [, claims = ""] = accessToken.split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString()).exp;
}

/** A client for one person. Throws if the person is not let in. */
export function connect(url: string, email: string, password: string): Client {
  return new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      authExchange(async (utilities) => {
        let session: Session | undefined;

        async function open(document: typeof LOGIN, field: string, input: object): Promise<void> {
          const { data, error } = await utilities.mutate(document, { input });
          const answer = data?.[field];
          if (!answer?.accessToken) throw new Error(error?.message ?? answer.errors[0].message);
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
            await open(REFRESH, "tokenRefresh", { refreshToken }).catch(() => open(LOGIN, "login", { email, password }));
          },
        };
      }),
      fetchExchange,
    ],
  });
}
