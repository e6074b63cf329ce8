"""What schemathesis is told of Sluice: its scalars, and what no answer may hold (schemathesis.test.js)."""

import re

import schemathesis
from hypothesis import strategies as st
from hypothesis_graphql import nodes
from schemathesis import Case, CheckContext, Response

IDS = [f"{kind}_{number}" for kind in ("ord", "cus", "prd", "usr", "team", "job") for number in (0, 2**63 - 1, 2**63)]
INTERNAL = re.compile(
    r"Traceback|asyncpg|tortoise|strawberry|site-packages|\.py\b|\b(SELECT|INSERT INTO|UPDATE|DELETE FROM) \w"
    r"|\bpg_|\bduplicate key|\bviolates|\brelation \"|\bsyntax error at or near|\bobject at 0x"
    r"|/(home|root|tmp|usr|var)/"
)

SCALARS = {
    "CurrencyCode": ["GBP", "EUR", "JPY", "XXX", "gbp", ""],
    "Date": ["2026-01-31", "0001-01-01", "9999-12-31", "2026-02-30", ""],
    "DateTime": [
        "2026-01-31T08:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.999-14:00",
        "2026-01-31",
        "",
    ],
    "Decimal": ["1", "0", "-12.50", "9" * 28, "0." + "9" * 12, "1e9", "NaN", ""],
    "ID": IDS,
    "JSON": ["", "{}", "9" * 400],
}

for name, samples in SCALARS.items():
    schemathesis.graphql.scalar(name, (st.sampled_from(samples) | st.text()).map(nodes.String))


@schemathesis.check
def keeps_faults_inside(_ctx: CheckContext, response: Response, _case: Case) -> None:
    """No status of the 500s, no error with the code INTERNAL, and nothing in errors that is of the inside."""
    assert response.status_code < 500, f"status {response.status_code}"
    answer = response.json()
    errors = answer.get("errors", [])
    for payload in (answer.get("data") or {}).values():
        errors += payload.get("errors") or [] if isinstance(payload, dict) else []
    for error in errors:
        assert error.get("extensions", {}).get("code") != "INTERNAL", error
        assert not INTERNAL.search(str(error)), error
