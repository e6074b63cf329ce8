"""Custom fields with their choices and values."""

import models
from domain.custom_fields.kinds import CustomFieldType
from domain.labels import labels_in
from rows import visibility
from rows.declarations.shared import LABEL, LABELS
from rows.declare import Column, Composite, Entity, Kind, Sort, ToMany, ToOne, columns_of, in_words

CUSTOM_FIELD = Entity(
    name="CustomField",
    prefix="cfd",
    table="custom_field",
    scope=visibility.custom_fields,
    columns={
        **columns_of(
            models.CustomField,
            *("version", "entity", "key", "type", "description", "required", "longest", "minimum", "maximum"),
            *("decimals", "currency", "position", "index_state", "created_at", "updated_at"),
            unfiltered=("version", "description", "longest", "minimum", "maximum", "decimals", "currency", "position"),
        ),
        "archived": Column("({t}.archived_at IS NOT NULL)", Kind.BOOLEAN),
        **LABELS.parts,
    },
    composites={"labels": LABELS},
    computed={"label": LABEL},
    to_one={"index_job": ToOne("Job", "index_job_id")},
    to_many={
        "choices": ToMany("CustomFieldChoice", "field_id", inverse="field", order="{t}.position, {t}.id"),
    },
    sorts={"position": Sort("position")},
    any_token=True,
)

CUSTOM_FIELD_CHOICE = Entity(
    name="CustomFieldChoice",
    prefix="cfc",
    table="custom_field_choice",
    scope=visibility.with_field,
    columns={**columns_of(models.CustomFieldChoice, "code", "active"), **LABELS.parts},
    composites={"labels": LABELS},
    computed={"label": LABEL},
    to_one={"field": ToOne("CustomField", "field_id")},
)


def _value(of: CustomFieldType, kind: Kind) -> Column:
    """The value of a custom field of type `of`; `value` is its text."""
    sql = f"CASE WHEN {{t}}.type = '{of.value}' THEN {{t}}.value{'' if kind is Kind.TEXT else '::' + kind.value} END"
    return Column(f"({sql})", kind, null=True)


CUSTOM_FIELD_VALUE = Entity(
    name="CustomFieldValue",
    prefix="",
    table="",  # made of a row's own column, by `reads.objects`
    scope=visibility.everything,
    columns={
        "key": Column("{t}.key", Kind.TEXT),
        "type": Column("{t}.type", Kind.ENUM, enum=CustomFieldType),
        "text": _value(CustomFieldType.TEXT, Kind.TEXT),
        "number": _value(CustomFieldType.NUMBER, Kind.DECIMAL),
        "date": _value(CustomFieldType.DATE, Kind.DATE),
        "yes_no": _value(CustomFieldType.YES_NO, Kind.BOOLEAN),
        "choice": _value(CustomFieldType.CHOICE, Kind.TEXT),
        **LABELS.parts,
        "choice_en": Column("{t}.choice_labels->>'en'", Kind.TEXT, null=True),
        "choice_zh": Column("{t}.choice_labels->>'zh'", Kind.TEXT, null=True),
    },
    composites={
        "money": Composite(
            "Money",
            {"amount": Column("{t}.value", Kind.MONEY), "currency": Column("{t}.currency", Kind.ENUM)},
            present="{t}.type = 'MONEY'",
        )
    },
    computed={
        "label": LABEL,
        "choice_label": in_words(("choice_en", "choice_zh"), labels_in),
    },
    to_one={"field": ToOne("CustomField", "field_id"), "person": ToOne("User", "person_id")},
)
