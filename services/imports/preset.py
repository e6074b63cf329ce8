"""Presets: how the columns of a file become orders. Some ship with the program, others are files of one's own."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from domain.money import is_currency
from domain.orders.life_cycle import RETURN_STATUSES, RETURN_TYPES, OrderStatus, OrderType


class PresetError(Exception):
    """A preset does not exist or says something wrong; `problems` has a line for each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise ValueError("is not a text encoding") from None
    return name


def _delimiter(character: str) -> str:
    if character in '"\r\n\0':
        raise ValueError("cannot separate cells")
    return character


def _currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError("is not a currency of ISO 4217")
    return code


def _sale_type(order_type: OrderType) -> OrderType:
    if order_type in RETURN_TYPES:
        raise ValueError("is not the type of a sale")
    return order_type


def _sale_status(status: OrderStatus) -> OrderStatus:
    if status in RETURN_STATUSES:
        raise ValueError("is a status of returns")
    return status


def _return_status(status: OrderStatus) -> OrderStatus:
    if status not in RETURN_STATUSES:
        raise ValueError("is not a status of returns")
    return status


Text = Annotated[str, StringConstraints(min_length=1)]
Delimiter = Annotated[str, StringConstraints(min_length=1, max_length=1), AfterValidator(_delimiter)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Currency = Annotated[str, AfterValidator(_currency)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChannelTable(_Table):
    """The channel that the orders come from; made if it is missing."""

    code: Text
    name: Text


class FileTable(_Table):
    """How the file is written. Times are local to `zone` and read by `time_format`, as strptime does.

    Without `encoding`, a byte order mark tells it, and a file without one is UTF-8.
    """

    encoding: Encoding | None = None
    delimiter: Delimiter = ","
    time_format: Text
    zone: ZoneInfo


class ColumnsTable(_Table):
    """The file's names of our columns. `name` is the product's; without `region` or `customer` there are none."""

    invoice: Text
    sku: Text
    quantity: Text
    unit_price: Text
    placed_at: Text
    name: Text | None = None
    customer: Text | None = None
    region: Text | None = None

    @property
    def given(self) -> dict[str, str]:
        """Our name of each column that the file has -> the file's."""
        return self.model_dump(exclude_none=True)


class OrdersTable(_Table):
    """What is true of all orders of the file: the ISO 4217 code of their currency."""

    currency: Currency


class SalesTable(_Table):
    """What a sale becomes."""

    type: Annotated[OrderType, AfterValidator(_sale_type)] = OrderType.NEW
    status: Annotated[OrderStatus, AfterValidator(_sale_status)]


class ReturnsTable(_Table):
    """What an invoice becomes whose number begins with `prefix`: an order of type RETURN."""

    prefix: Text
    status: Annotated[OrderStatus, AfterValidator(_return_status)]


class CustomersTable(_Table):
    """How a customer's cell becomes its number, and the number a name for a customer that is made."""

    drop_suffix: str = ""
    name: Text = "{number}"

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        if "{number}" not in self.name:
            raise ValueError("name has to contain {number}")
        return self


class Preset(_Table):
    """A preset as its file has it."""

    channel: ChannelTable
    file: FileTable
    columns: ColumnsTable
    orders: OrdersTable
    sales: SalesTable
    returns: ReturnsTable | None = None
    customers: Annotated[CustomersTable, Field(default_factory=CustomersTable)]
    custom: Annotated[dict[Text, Text], Field(default_factory=dict)]
    """The file's names of the columns with values of custom fields of orders, by the fields' keys."""


_SHIPPED = resources.files(__package__) / "presets"


def preset_names() -> list[str]:
    """The presets that ship with Sluice."""
    return sorted(file.name.removesuffix(".toml") for file in _SHIPPED.iterdir())


def load_preset(name: str) -> Preset:
    """The preset of that name, or in that file if `name` is a path to one (ends in .toml).

    Raises PresetError with everything that is wrong.
    """
    try:
        return Preset.model_validate(tomllib.loads(_text(name)))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PresetError(f"preset {name} is not TOML: {error}") from None
    except ValidationError as error:
        raise PresetError(*(f"preset {name}: {_problem(detail)}" for detail in error.errors())) from None


def _text(name: str) -> str:
    if name.endswith(".toml"):
        try:
            return Path(name).read_text(encoding="utf-8")
        except OSError as error:
            raise PresetError(f"preset {name} cannot be read: {error.strerror}") from None
    if name not in preset_names():
        raise PresetError(f"there is no preset {name}: take one of {', '.join(preset_names())}, or a file of your own")
    return (_SHIPPED / f"{name}.toml").read_text(encoding="utf-8")


def _problem(detail: Any) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "missing":
            return f"{key} is missing"
        case "extra_forbidden":
            return f"{key} is not known"
        case _:
            return f"{key}: {detail['msg'].removeprefix('Value error, ')}"
