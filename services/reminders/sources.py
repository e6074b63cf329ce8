"""What a kind of reminder is made of. A new kind is a `Source` in the registry, and its texts."""

from dataclasses import dataclass

from domain.events import EventType
from domain.reminders import ReminderKind
from rows.declare import Entity


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """Causes are moments that lie ahead, such as deadlines, and may move.

    `rows` is a SELECT of `subject_id`, `recipient_id`, `cause_at`, `seconds` and `facts` (jsonb): the recipient is
    reminded so many seconds of their working time before the moment. It is made every other second, so an index has to
    find its rows: causes between {since} and {latest}, two expressions. `seconds` is a SELECT of all that there may be.
    """

    rows: str
    seconds: str = "SELECT 0"


@dataclass(frozen=True, kw_only=True)
class Told:
    """Causes are events of these `types`, each looked at once, in the order of the feed.

    `rows` is a SELECT of `subject_id`, `recipient_id`, `cause_at` and `facts` (jsonb) that reads from {events}, which
    has the columns of the table `event`.
    """

    types: tuple[EventType, ...]
    rows: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where reminders of a `kind` come from, and until when there is a reason for them.

    `subject` is the entity of their subjects. `holds` is a condition, of SQL, that the cause of reminder `r` is still
    there; it is asked before the reminder fires and as long as it is open, of some thousand reminders a second, so it
    looks rows up by their keys. `facts` hold `name`, what people call the subject or null, and whatever else its text
    names: nothing by which a person is known.
    """

    kind: ReminderKind
    subject: Entity
    found: Ahead | Told
    holds: str
