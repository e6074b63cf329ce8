"""Mutations of levels of customers by rule."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar, cast

import strawberry

from domain.errors import DomainError, InvalidInput, Refused
from domain.levels import LevelProposalState, LevelRuleEntry
from domain.paths import INPUT
from domain.problems import Problem
from domain.unset import Unset
from reads.hook import RowRef
from resolvers.answers import Info, errors_of, written
from rows.entities import LEVEL_PROPOSAL, LEVEL_RULE
from schema.commands import command, row_id
from schema.describe import mutation
from schema.filters import as_json
from schema.inputs.levels import (
    LevelProposalConfirmInput,
    LevelProposalConfirmManyInput,
    LevelProposalDeclineInput,
    LevelProposalDeclineManyInput,
    LevelRuleUpsertInput,
)
from schema.inputs.order_steps import MOST_AT_ONCE
from schema.payloads.levels import (
    LevelProposalConfirmManyPayload,
    LevelProposalConfirmPayload,
    LevelProposalDeclineManyPayload,
    LevelProposalDeclinePayload,
    LevelProposalResult,
    LevelRuleUpsertPayload,
)
from services.levels.decide import decide_proposal
from services.levels.rules import upsert_level_rule

P = TypeVar("P")
_S = LevelProposalState


@strawberry.type
class LevelMutations:
    @mutation("Make a rule that proposes levels of customers, or change the one with this code; for administrators.")
    async def level_rule_upsert(self, info: Info, input: LevelRuleUpsertInput) -> LevelRuleUpsertPayload | None:
        async def work() -> int:
            rule = command(LevelRuleEntry, input)
            return await upsert_level_rule(
                viewer=info.context.viewer,
                rule=rule if isinstance(rule.filter, Unset) else replace(rule, filter=as_json(rule.filter)),
                custom_fields=info.context.custom_fields.current,
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, LevelRuleUpsertPayload, LEVEL_RULE, work)

    @mutation("Give a customer the level that a rule proposes; for MANAGER, of the team's customers, and ADMIN.")
    async def level_proposal_confirm(
        self, info: Info, input: LevelProposalConfirmInput
    ) -> LevelProposalConfirmPayload | None:
        return await _one(info, LevelProposalConfirmPayload, _S.CONFIRMED, "levelProposalConfirm", input)

    @mutation("Leave a customer the level that it has; for MANAGER, of the team's customers, and ADMIN.")
    async def level_proposal_decline(
        self, info: Info, input: LevelProposalDeclineInput
    ) -> LevelProposalDeclinePayload | None:
        return await _one(info, LevelProposalDeclinePayload, _S.DECLINED, "levelProposalDecline", input)

    @mutation("Confirm many proposals, each in a transaction of its own.")
    async def level_proposal_confirm_many(
        self, info: Info, input: LevelProposalConfirmManyInput
    ) -> LevelProposalConfirmManyPayload | None:
        return await _many(info, LevelProposalConfirmManyPayload, _S.CONFIRMED, "levelProposalConfirmMany", input)

    @mutation("Decline many proposals, each in a transaction of its own.")
    async def level_proposal_decline_many(
        self, info: Info, input: LevelProposalDeclineManyInput
    ) -> LevelProposalDeclineManyPayload | None:
        return await _many(info, LevelProposalDeclineManyPayload, _S.DECLINED, "levelProposalDeclineMany", input)


async def _one(info: Info, payload: Callable[..., P], decision: LevelProposalState, name: str, given: Any) -> P:
    async def work() -> int:
        return await _decide(info, given.id, decision, name, given)

    return await written(info, payload, LEVEL_PROPOSAL, work)


async def _many(info: Info, payload: Callable[..., P], decision: LevelProposalState, name: str, given: Any) -> P:
    if len(given.items) > MOST_AT_ONCE:
        too_many = InvalidInput(path=(*INPUT, "items"), problem=Problem.TOO_MANY, limit=str(MOST_AT_ONCE))
        return payload(results=None, errors=errors_of(info, Refused(too_many)))
    results = [await _result(info, place, decision, name, given) for place in range(len(given.items))]
    return payload(results=results, errors=[])


async def _result(info: Info, place: int, decision: LevelProposalState, name: str, given: Any) -> LevelProposalResult:
    text = given.items[place].id
    try:
        number = await _decide(info, text, decision, f"{name}#{place}", given)
    except Refused as refused:
        errors = errors_of(info, Refused(*_of_item(refused, place)))
        return LevelProposalResult(id=text, level_proposal=None, errors=errors)
    return LevelProposalResult(id=text, level_proposal=cast(Any, RowRef(LEVEL_PROPOSAL, number)), errors=[])


def _of_item(refused: Refused, place: int) -> Iterator[DomainError]:
    """The refusals, with the way to the item that one is about; the rest is said for all."""
    for error in refused.errors:
        yield replace(error, path=(*INPUT, "items", str(place), "id")) if error.path == (*INPUT, "id") else error


async def _decide(info: Info, text: str, decision: LevelProposalState, mutation: str, given: Any) -> int:
    return await decide_proposal(
        viewer=info.context.viewer,
        proposal_id=row_id(LEVEL_PROPOSAL, text),
        decision=decision,
        reason=given.reason,
        mutation=mutation,
        idempotency_key=given.idempotency_key,
    )
