"""Forms on web sites: who may send them, and what they say."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.errors import InvalidInput
from domain.labels import Labels
from domain.leads.entry import NAMED_BY, NewLead, lead_problems, named_problems
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import CODE, TAGS, one_line, tags, too_many
from domain.unset import UNSET, Change, Unset

MOST_PER_MINUTE = 6_000
TRAP = "website"
"""The field that people do not see: whoever fills it in is a machine, and is told that all is well."""
FIELDS: Mapping[str, str] = {
    "company": "company",
    "contactName": "contact_name",
    "email": "email",
    "phone": "phone",
    "industry": "industry",
    "interest": "interest",
}
"""What a form may say of a lead, by the names that it uses."""
SUBMISSION = "submissionId"
"""The field that tells a repeated submission from another one that says the same."""
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class LeadFormEntry(Change):
    """A form by its `code`; see `models.lead_forms.LeadForm`. `origins` are such as "https://www.example.com"."""

    code: str
    labels: Labels | Unset = UNSET
    source_id: int | Unset = UNSET
    pool_id: int | Unset | None = UNSET
    tags: Sequence[str] | Unset = UNSET
    origins: Sequence[str] | Unset = UNSET
    per_minute: int | Unset = UNSET
    active: bool | Unset = UNSET


def form_problems(form: LeadFormEntry) -> Iterator[InvalidInput]:
    """What is wrong with a form beside its code and labels, each with its path."""
    yield from tags((*INPUT, "tags"), form.tags)
    if isinstance(form.per_minute, int) and not 1 <= form.per_minute <= MOST_PER_MINUTE:
        yield InvalidInput(path=(*INPUT, "perMinute"), problem=Problem.OUT_OF_RANGE, limit=f"1..{MOST_PER_MINUTE}")
    if isinstance(form.origins, Unset):
        return
    if len(form.origins) > TAGS:
        yield too_many((*INPUT, "origins"), TAGS)
    for place, origin in enumerate(form.origins):
        if not _ORIGIN.fullmatch(origin):
            yield InvalidInput(path=(*INPUT, "origins", str(place)), problem=Problem.NOT_AN_ORIGIN)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What somebody sent: fields by the names of forms, without empty ones."""

    said: Mapping[str, str]

    @property
    def is_trapped(self) -> bool:
        """Whether it comes from a machine."""
        return TRAP in self.said

    def external_id(self, today: date) -> str:
        """By what a repeated one is known: its own id, or all that it says on one day."""
        told = self.said.get(SUBMISSION) or "\n".join(
            [today.isoformat(), *(f"{name}={self.said.get(name, '')}" for name in FIELDS)]
        )
        return f"form-{hashlib.sha256(told.encode(errors='replace')).hexdigest()[:40]}"

    def lead(self) -> NewLead:
        """The lead that it tells of."""
        said: dict[str, Any] = {ours: self.said.get(theirs) for theirs, ours in FIELDS.items()}
        return NewLead(**said)

    def problems(self, *, currency: str) -> Iterator[tuple[str, InvalidInput]]:
        """What is wrong with each field, by its name in the form."""
        for name in self.said.keys() - FIELDS.keys() - {SUBMISSION}:
            yield name, InvalidInput(problem=Problem.UNKNOWN)
        lead = self.lead()
        for problem in (
            *lead_problems(lead, currency=currency),
            *named_problems(*(getattr(lead, name) for name in NAMED_BY)),
            *one_line((*INPUT, SUBMISSION), self.said.get(SUBMISSION), limit=CODE),
        ):
            yield problem.path[1], problem


def submission(fields: Mapping[str, object]) -> Submission | str:
    """What was sent; or the name of the field that is no text."""
    for name, value in fields.items():
        if value is not None and not isinstance(value, str):
            return name
    texts = {name: value.strip() for name, value in fields.items() if isinstance(value, str)}
    return Submission(said={name: text for name, text in texts.items() if text})
