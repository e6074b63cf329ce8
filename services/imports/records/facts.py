"""The events of records that a statement of many rows makes and changes."""

from collections.abc import Sequence

from domain.events import Aggregate, EventType
from domain.naming import camel
from rows.events import SUBJECTS
from services.outbox import events_of


def changed_names(columns: Sequence[str]) -> str:
    """SQL for a RETURNING: the API's names of those of `columns` that differ in `old` and `new`, an array."""
    cases = (f"CASE WHEN old.{name} IS DISTINCT FROM new.{name} THEN '{camel(name)}' END" for name in columns)
    return f"array_remove(ARRAY[{', '.join(cases)}], NULL)"


def made_and_changed(
    aggregate: Aggregate, made: EventType, changed: EventType, *, at: str, by: str, told: str = ""
) -> str:
    """The last CTEs of a statement whose CTEs `made` and `changed` return rows with version and facts, `changed` its
    `changed_names` as well: an event of each. `told` are more facts of what is made, for a JSON object. Who may see a
    record is none of what imports change."""
    facts = {name: f"t.{name}" for name in SUBJECTS[aggregate].facts}
    common = f"'version', t.version, 'by', {by}::bigint"
    of_made = events_of(
        aggregate, made, rows="made t ORDER BY t.id", payload=f"jsonb_build_object({common}{told})", at=at
    )
    of_changed = events_of(
        aggregate,
        changed,
        rows="changed t ORDER BY t.id",
        payload=f"jsonb_build_object({common}, 'changed', to_jsonb(t.changed))",
        at=at,
        before=facts,
    )
    return f"told_made AS ({of_made}), told_changed AS ({of_changed})"
