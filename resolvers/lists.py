"""Mutations of lists that the company manages itself."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from domain.managed_lists import ChannelEntry, Entry, RateEntry, ReasonEntry, TagEntry, TierEntry
from resolvers.answers import Info, written
from rows.entities import EXCHANGE_RATE
from schema.commands import command
from schema.describe import mutation
from schema.inputs.lists import (
    ChannelUpsertInput,
    ExchangeRateUpsertInput,
    ReasonUpsertInput,
    TagUpsertInput,
    TierUpsertInput,
)
from schema.payloads.lists import (
    ChannelUpsertPayload,
    ExchangeRateUpsertPayload,
    ReasonUpsertPayload,
    TagUpsertPayload,
    TierUpsertPayload,
)
from services.lists.kinds import LISTS
from services.lists.upsert import upsert_entry, upsert_rate

P = TypeVar("P")


@strawberry.type
class ListMutations:
    @mutation("Make a channel, or change the one with this code.")
    async def channel_upsert(self, info: Info, input: ChannelUpsertInput) -> ChannelUpsertPayload | None:
        return await entry_written(info, ChannelUpsertPayload, ChannelEntry, input)

    @mutation("Make a tier, or change the one with this code.")
    async def tier_upsert(self, info: Info, input: TierUpsertInput) -> TierUpsertPayload | None:
        return await entry_written(info, TierUpsertPayload, TierEntry, input)

    @mutation("Make a reason, or change the one with this kind and code.")
    async def reason_upsert(self, info: Info, input: ReasonUpsertInput) -> ReasonUpsertPayload | None:
        return await entry_written(info, ReasonUpsertPayload, ReasonEntry, input)

    @mutation("Make a tag, or change the one with this code.")
    async def tag_upsert(self, info: Info, input: TagUpsertInput) -> TagUpsertPayload | None:
        return await entry_written(info, TagUpsertPayload, TagEntry, input)

    @mutation("Enter what a currency is worth from a day on, or correct it.")
    async def exchange_rate_upsert(
        self, info: Info, input: ExchangeRateUpsertInput
    ) -> ExchangeRateUpsertPayload | None:
        async def work() -> int:
            return await upsert_rate(
                viewer=info.context.viewer,
                company=info.context.company,
                rate=command(RateEntry, input),
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ExchangeRateUpsertPayload, EXCHANGE_RATE, work)


async def entry_written(info: Info, payload: Callable[..., P], of: type[Entry], given: Any) -> P:
    """The payload of a mutation that makes or changes an entry of a managed list."""

    async def work() -> int:
        return await upsert_entry(
            viewer=info.context.viewer,
            entry=command(of, given),
            expected_version=given.expected_version,
            idempotency_key=given.idempotency_key,
        )

    return await written(info, payload, LISTS[of].entity, work)
