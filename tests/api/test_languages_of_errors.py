"""What the API says beside refusals is in the language of the request: of documents, limits, files and addresses."""

from typing import Any

import pytest

from domain.people import Role
from models import User
from tests.api.conftest import Client
from tests.factories import make_user

ZH = {"accept-language": "zh-CN,zh;q=0.9"}
DEEP = "{" + "viewer {" * 101 + "id" + "}" * 102
SAID: dict[str, tuple[dict[str, Any], str, str]] = {
    "limits": ({"query": DEEP}, "The operation nests selections", "操作的选择集嵌套超过"),
    "documents": (
        {"query": "{ viewer { id } }", "operationName": "No"},
        "The document has no",
        "文档中没有此名称的操作",
    ),
    "requests": ({"query": 1}, "`query` is missing", "缺少 `query`"),
    "cursors": ({"query": '{ orders(after: "x") { nodes { id } } }'}, "after: not a cursor", "after：不是"),
    "values": (
        {"query": '{ orders(filter: {baseTotal: {gte: "x"}}) { nodes { id } } }'},
        "filter.baseTotal.gte",
        "不是该类型的值",
    ),
}


@pytest.fixture
async def rep(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.REP)


async def message(client: Client, user: User | None, body: dict[str, Any], **headers: str) -> str:
    """The first error's words."""
    bearer = {"authorization": f"Bearer {await client.token(user)}"} if user else {}
    answer = await client.http.post("/graphql", json=body, headers={**bearer, **headers})
    said: str = answer.json()["errors"][0]["message"]
    return said


@pytest.mark.parametrize("about", SAID)
async def test_errors_are_told_in_the_language_that_is_asked_for(client: Client, rep: User, about: str) -> None:
    body, english, chinese = SAID[about]
    # What is kept of the document tells each reader anew.
    for headers, said in (({}, english), (ZH, chinese), ({}, english)):
        assert said in await message(client, rep, body, **headers)


async def test_so_is_what_is_told_of_who_asks_of_addresses_and_of_files(client: Client, rep: User) -> None:
    asked = {"query": "{ viewer { id } }"}
    assert await message(client, None, asked, **ZH) == "请先登录，并以 `Authorization: Bearer ...` 发送有效的访问令牌。"
    http, bearer = client.http, {"authorization": f"Bearer {await client.token(rep)}"}
    assert (await http.get("/nowhere", headers=ZH)).json() == {"code": "NOT_FOUND", "message": "未找到。"}
    assert (await http.post("/files", headers=ZH)).json()["message"] == "请先登录，并发送访问令牌。"
    wrong = await http.post("/files?name=a.csv", content=b"\x00\x01", headers={**ZH, **bearer})
    assert wrong.json()["message"].startswith("文件既不是 CSV")
    put = await http.put("/graphql", headers=ZH)
    assert put.json()["errors"][0]["message"] == "请使用 POST，查询也可用 GET。"
