"""What the demo prints when it is ready."""

from app.settings import LocalSettings

PASSWORD = "sluice-demo"  # noqa: S105  # of the demo's accounts only, and printed
ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104  # compared, not bound

ACCOUNTS = """\
  admin@demo.example        sees everything
  manager@demo.example      sees a team and the teams below it
  rep1@ ... rep5@           see their own, and what is shared with them
  reviewer@ fulfilment@ service@ finance@"""

QUERY = """\
  { orders(first: 3) { totalCount totalAmount { amount currency }
      edges { node { number status total { amount currency } customer { name } } } } }"""

WELCOME = """\

Sluice is ready at {url}

Accounts, all with the password {password}:
{accounts}

Open the address in a browser, or log in:
  TOKEN=$(curl -s {url} -H 'content-type: application/json' -d '{login}' \\
    | sed -E 's/.*"accessToken": *"([^"]+)".*/\\1/')

and ask for something:
{query}

  curl -s {url} -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
    -d '{{"query": "{short_query}"}}'

Ctrl-C ends it. Data and logs are in {home}
"""
LOGIN = (
    '{"query": "mutation { login(input: {email: \\"rep1@demo.example\\", password: \\"sluice-demo\\"})'
    ' { accessToken errors { code message } } }"}'
)


def reachable(host: str) -> str:
    """The host to connect to for a server that listens on `host`."""
    return "127.0.0.1" if host in ANY_ADDRESS else host


def address(host: str, port: int) -> str:
    """The URL of the API that listens there."""
    name = reachable(host)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/graphql"


def welcome(local: LocalSettings) -> str:
    """The address, the accounts to try, and one query to paste."""
    return WELCOME.format(
        url=address(local.host, local.port),
        password=PASSWORD,
        accounts=ACCOUNTS,
        login=LOGIN,
        query=QUERY,
        short_query=" ".join(QUERY.split()),
        home=local.sluice_home,
    )
