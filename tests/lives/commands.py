"""A command as the model has it, and as the API takes it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tests.lives.company import Company
from tests.lives.sums import F, Row, text

_KINDS = {
    "id": "order",
    "orderId": "order",
    "originalOrderId": "order",
    "fromOrderId": "order",
    "toOrderId": "order",
    "paymentId": "payment",
    "lineId": "line",
    "productId": "product",
    "warehouseId": "warehouse",
    "fromWarehouseId": "warehouse",
    "toWarehouseId": "warehouse",
    "customerId": "customer",
    "ownerId": "user",
    "toUserId": "user",
    "toTeamId": "team",
    "tierId": "tier",
}


@dataclass(frozen=True)
class Command:
    """Somebody asks for `mutation`; `given` is its input, in which rows are names or numbers, and amounts fractions."""

    mutation: str
    by: str
    given: Row
    key: str | None = None

    def but(self, **changed: Any) -> "Command":
        return replace(self, given={**self.given, **changed})

    def input(self, company: Company) -> Row:
        """The input as clients send it."""
        kinds = _KINDS | ({"id": "shipment"} if self.mutation in {"shipmentDeliver", "shipmentUpdate"} else {})
        given = {name: _json(company, kinds.get(name), value) for name, value in self.given.items()}
        return given | ({"idempotencyKey": self.key} if self.key else {})

    @property
    def document(self) -> str:
        """The mutation, whose answer is what `answers` names and why it was refused."""
        kind = self.mutation[0].upper() + self.mutation[1:]
        errors = "errors { code message path ... on InvalidInput { problem } }"
        answer = _ANSWERS.get(self.mutation, "order { id }")
        return f"mutation($input: {kind}Input!) {{ {self.mutation}(input: $input) {{ {answer} {errors} }} }}"


_ANSWERS = {
    "orderSplit": "order { id } newOrder { id }",
    "shipmentCreate": "shipment { id }",
    **dict.fromkeys(("shipmentDeliver", "shipmentUpdate"), "shipment { id }"),
    **dict.fromkeys(("paymentRecord", "refundRecord", "paymentReverse", "paymentTransfer"), "payment { id }"),
    **dict.fromkeys(("stockReceive", "stockAdjust", "stockTransfer", "stockReturn"), "stockLevel { id }"),
}


def _json(company: Company, kind: str | None, value: Any) -> Any:
    if isinstance(value, list):
        return [
            {name: _json(company, _KINDS.get(name) if name != "id" else "line", each) for name, each in item.items()}
            if isinstance(item, dict)
            else item
            for item in value
        ]
    if kind is not None:
        return company.id(kind, value)
    if isinstance(value, F):
        return text(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
