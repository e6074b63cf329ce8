"""The page at /graphql: it works without the internet, and only where a setting asks for it."""

import re
from zoneinfo import ZoneInfo

import httpx
import pytest

from app.asgi import create_app
from app.settings import Settings


def client(*, ide: bool) -> httpx.AsyncClient:
    """A client of an application that never connects: the page needs no database."""
    settings = Settings(
        database_url="postgresql://sluice@127.0.0.1:1/sluice",
        redis_url="redis://127.0.0.1:1",
        secret_key="a secret of the tests, long enough",
        company_currency="GBP",
        company_zone=ZoneInfo("Europe/London"),
        ide=ide,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(create_app(settings)), base_url="http://sluice.test")


async def test_a_browser_gets_a_page_whose_every_file_is_here() -> None:
    async with client(ide=True) as browser:
        page = await browser.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
        assert page.status_code == 200
        named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(named) > 5
        for address in named:
            assert address.startswith(("/graphql/ide/", "data:"))
            if address.startswith("/"):
                assert (await browser.get(address)).status_code == 200


async def test_the_page_may_ask_nobody_but_this_server() -> None:
    async with client(ide=True) as browser:
        page = await browser.get("/graphql", headers={"accept": "text/html"})
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "connect-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    "address", ["/graphql/ide/../__init__.py", "/graphql/ide/%2e%2e/page.html", "/graphql/ide/vendor"]
)
async def test_nothing_but_the_pages_files_is_served(address: str) -> None:
    async with client(ide=True) as browser:
        assert (await browser.get(address)).status_code == 404


async def test_there_is_no_page_unless_a_setting_asks_for_it() -> None:
    async with client(ide=False) as browser:
        page = await browser.get("/graphql", headers={"accept": "text/html"})
        assert "text/html" not in page.headers["content-type"]
        assert (await browser.get("/graphql/ide/page.js")).status_code == 404
