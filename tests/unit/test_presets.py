"""Presets say everything that is wrong with them, and nothing that is not known."""

from pathlib import Path

import pytest

from domain.orders.life_cycle import OrderStatus, OrderType
from services.imports.preset import PresetError, load_preset

WHOLE = """
[channel]
code = "shop"
name = "Shop"
[file]
time_format = "%d.%m.%Y"
zone = "Europe/Berlin"
[columns]
invoice = "Rechnung"
sku = "Artikel"
quantity = "Menge"
unit_price = "Preis"
placed_at = "Datum"
[orders]
currency = "EUR"
[sales]
status = "COMPLETED"
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    """What is wrong with a preset of this text, without the words that name it."""
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PresetError) as refusal:
        load_preset(str(file))
    return [problem.removeprefix(f"preset {file}") for problem in refusal.value.problems]


def test_the_shipped_preset_is_what_the_retailer_writes() -> None:
    preset = load_preset("online-retail")
    assert (preset.channel.code, preset.orders.currency, preset.file.zone.key) == (
        "online-retail",
        "GBP",
        "Europe/London",
    )
    assert preset.columns.given["customer"] == "CustomerID"
    assert (preset.sales.type, preset.sales.status) == (OrderType.NEW, OrderStatus.COMPLETED)
    assert preset.returns is not None
    assert (preset.returns.prefix, preset.returns.status) == ("C", OrderStatus.REFUNDED)


def test_a_file_of_ones_own_may_leave_out_what_it_does_not_have(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(WHOLE, encoding="utf-8")
    preset = load_preset(str(file))
    assert (preset.returns, preset.file.encoding, preset.customers.name) == (None, None, "{number}")
    assert list(preset.columns.given) == ["invoice", "sku", "quantity", "unit_price", "placed_at"]


def test_an_unknown_preset_is_told_with_those_that_there_are() -> None:
    with pytest.raises(PresetError, match="there is no preset nope: take one of online-retail, or a file of your own"):
        load_preset("nope")


def test_a_preset_cannot_be_a_path_in_disguise() -> None:
    with pytest.raises(PresetError, match="there is no preset"):
        load_preset("../preset")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="No such file"):
        load_preset(str(tmp_path / "gone.toml"))


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace('invoice = "Rechnung"\n', "").replace("EUR", "XXX").replace("Europe/Berlin", "Mars/Base")
    assert problems(tmp_path, text + 'colour = "red"\n') == [
        ": file.zone: invalid timezone: Mars/Base",
        ": columns.invoice is missing",
        ": orders.currency: is not a currency of ISO 4217",
        ": sales.colour is not known",
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('status = "REFUNDED"', ": sales.status: is a status of returns"),
        ('status = "COMPLETED"\ntype = "RETURN"', ": sales.type: is not the type of a sale"),
        (
            'status = "COMPLETED"\n[returns]\nprefix = "C"\nstatus = "SHIPPED"',
            ": returns.status: is not a status of returns",
        ),
        ('status = "COMPLETED"\n[customers]\nname = "Customer"', ": customers: name has to contain {number}"),
    ],
)
def test_a_value_that_means_something_else_is_refused(tmp_path: Path, line: str, problem: str) -> None:
    assert problems(tmp_path, WHOLE.replace('status = "COMPLETED"', line)) == [problem]


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    text = WHOLE.replace("[file]", '[file]\nencoding = "morse"')
    assert problems(tmp_path, text) == [": file.encoding: is not a text encoding"]


def test_what_is_not_toml_is_told(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "[channel\n")
    assert problem.startswith(" is not TOML")
