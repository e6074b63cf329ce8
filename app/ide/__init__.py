"""The page at /graphql to ask from: GraphiQL with a form to sign in. It loads nothing from elsewhere."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

_PAGE = (files(__name__) / "page.html").read_text(encoding="utf-8")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the editor measures and colours by style attributes
        "font-src data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def wants_page(request: Request) -> bool:
    """Whether this is a browser that opens the address, not a client with a query."""
    return (
        request.method == "GET"
        and "query" not in request.query_params
        and "text/html" in request.headers.get("accept", "")
    )


def page() -> Response:
    """The page."""
    return HTMLResponse(_PAGE, headers={"content-security-policy": _POLICY, "x-frame-options": "DENY"})


def assets() -> Mount:
    """Where the page's scripts and style sheets are."""
    return Mount("/graphql/ide", StaticFiles(packages=[(__name__, "static")]))
