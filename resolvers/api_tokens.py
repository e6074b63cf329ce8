"""Mutations of API tokens."""

from typing import Any, cast

import strawberry

from domain.api_tokens import NewApiToken
from domain.errors import Refused
from reads.hook import RowRef
from resolvers.answers import Info, errors_of, written
from rows.entities import API_TOKEN
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.api_tokens import ApiTokenCreateInput, ApiTokenRevokeInput
from schema.payloads.tokens import ApiTokenCreatePayload, ApiTokenRevokePayload
from services.tokens.create import create_api_token
from services.tokens.revoke import revoke_api_token


@strawberry.type
class ApiTokenMutations:
    @mutation("Make an API token. Its secret is in this answer and nowhere else: a repeated request makes another one.")
    async def api_token_create(self, info: Info, input: ApiTokenCreateInput) -> ApiTokenCreatePayload | None:
        try:
            issued = await create_api_token(viewer=info.context.viewer, token=command(NewApiToken, input))
        except Refused as refused:
            return ApiTokenCreatePayload(secret=None, api_token=None, errors=errors_of(info, refused))
        row = cast(Any, RowRef(API_TOKEN, issued.id))
        return ApiTokenCreatePayload(secret=issued.secret, api_token=row, errors=[])

    @mutation("End an API token: of anybody for ADMIN, of their own for others. It is refused within five seconds.")
    async def api_token_revoke(self, info: Info, input: ApiTokenRevokeInput) -> ApiTokenRevokePayload | None:
        async def work() -> int:
            return await revoke_api_token(
                viewer=info.context.viewer,
                token_id=row_id(API_TOKEN, input.id),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ApiTokenRevokePayload, API_TOKEN, work)
