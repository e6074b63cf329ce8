"""Values of custom fields come with the orders of a file."""

from pathlib import Path
from typing import Any

import pytest

from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldType
from models import CustomField, CustomFieldChoice, Order
from services.imports.preset import Preset
from tests.factories import make_user
from tests.integration.importing import HEADER, PRESET, row, run_import, write_rows

pytestmark = pytest.mark.usefixtures("database")

MORE = (*HEADER, "PO", "Weight", "Rated", "Buddy")


async def preset() -> Preset:
    """A preset with a column for each of four fields, which are defined."""
    fields: dict[str, Any] = {
        "po_number": CustomFieldType.TEXT,
        "weight": CustomFieldType.NUMBER,
        "rating": CustomFieldType.CHOICE,
        "buddy": CustomFieldType.PERSON,
    }
    for key, type_ in fields.items():
        field = await CustomField.create(
            entity=CustomFieldEntity.ORDER, key=key, type=type_, labels={"en": key}, required=key == "weight"
        )
        if type_ is CustomFieldType.CHOICE:
            await CustomFieldChoice.create(field=field, code="A", labels={"en": "Good", "zh": "好"}, position=1)
    return PRESET.model_copy(update={"custom": dict(zip(fields, MORE[len(HEADER) :], strict=True))})


async def test_values_of_the_first_line_that_has_some_are_the_orders(tmp_path: Path) -> None:
    user = await make_user(email="buddy@test.example")
    none = {"PO": "", "Weight": " ", "Rated": "", "Buddy": ""}
    some = {"PO": "P\\1\t", "Weight": "12.50", "Rated": "好", "Buddy": "Buddy@test.example"}
    rows = [row("1", "A", **none), row("1", "B", **some), row("1", "C", **none | {"PO": "later"}), row("2", **none)]
    file = write_rows(tmp_path / "a.csv", rows, header=MORE)
    given = await preset()
    assert (await run_import(tmp_path, file, preset=given)).report == []
    found = {order.external_id: order.custom_fields for order in await Order.all()}
    assert found == {"1": {"po_number": "P\\1", "weight": "12.5", "rating": "A", "buddy": user.id}, "2": {}}
    again = await run_import(tmp_path, file, preset=given)
    assert again.message is not None
    assert "there already: 2" in again.message


async def test_a_value_that_its_field_does_not_take_is_refused_with_its_line(tmp_path: Path) -> None:
    wrong = {"PO": "x" * 256, "Weight": "heavy", "Rated": "C", "Buddy": "nobody@test.example"}
    file = write_rows(tmp_path / "a.csv", [row("1", "A", **wrong)], header=MORE)
    ended = await run_import(tmp_path, file, preset=await preset())
    [[*_, told]] = ended.report
    assert {problem.split(" ")[0] for problem in told.split("; ")} == {"PO", "Weight", "Rated", "Buddy"}
    assert not await Order.exists()


async def test_a_column_of_a_field_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", [row("1")], header=HEADER)
    ended = await run_import(tmp_path, file, preset=PRESET.model_copy(update={"custom": {"nothing": "Country"}}))
    assert ended.message == "orders have no custom field nothing"
