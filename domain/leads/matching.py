"""Two people must not be after the same customer (撞单): who is known already, and whose a new one is for that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.ownership import Person


class MatchKey(StrEnum):
    """What somebody is known by, what tells most first."""

    TAX_ID = "TAX_ID"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    COMPANY = "COMPANY"


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What a contact is matched by, each written in one way only; None where it says nothing.

    `phone` is E.164 where the number is one, `email` without case, `tax_id` letters and digits alone, `company`
    without case, width, punctuation and legal form.
    """

    tax_id: str | None = None
    phone: str | None = None
    email: str | None = None
    company: str | None = None

    def given(self) -> Iterator[tuple[MatchKey, str]]:
        """Those that say something."""
        for key in MatchKey:
            value = getattr(self, key.lower())
            if value is not None:
                yield key, value


@dataclass(frozen=True, kw_only=True)
class Known:
    """A customer, or an open lead, with the same `key`. Of a lead that repeats another one, `id` is that one's.

    `owner` is who has it, None for nobody.
    """

    is_customer: bool
    id: int
    key: MatchKey
    owner: Person | None

    @property
    def has_owner(self) -> bool:
        """Whether there is somebody to whom it can be left."""
        return self.owner is not None and self.owner.active and self.owner.team_id is not None


@dataclass(frozen=True, kw_only=True)
class Match:
    """What a contact belongs to: a customer, a lead that it repeats, and who has these; None where there is none.

    `key` is by which of the keys its owner was found, or else by which it is known.
    """

    customer_id: int | None
    lead_id: int | None
    owner: Person | None
    key: MatchKey

    @property
    def waits_elsewhere(self) -> bool:
        """Whether the same person waits for an owner already, so that they must not be offered twice."""
        return self.owner is None and self.lead_id is not None


def match(known: Sequence[Known]) -> Match | None:
    """What follows from everybody who has one of the keys; None if there is nobody.

    Who has an owner counts before who has none, a customer before a lead, the key that tells more before the other,
    and then the oldest.
    """
    if not known:
        return None
    order = list(MatchKey)
    ranked = sorted(known, key=lambda each: (not each.has_owner, not each.is_customer, order.index(each.key), each.id))
    best = ranked[0]
    return Match(
        customer_id=next((each.id for each in ranked if each.is_customer), None),
        lead_id=next((each.id for each in ranked if not each.is_customer), None),
        owner=best.owner if best.has_owner else None,
        key=best.key,
    )
