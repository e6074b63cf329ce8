"""What declarations of several areas have in common."""

from domain.labels import labels_in
from rows.declare import Column, Composite, Kind, ToOne, in_words

LABELS = Composite(
    "Labels",
    {
        language: Column(f"{{t}}.labels->>'{language}'", Kind.TEXT, null=True, filtered=False)
        for language in ("en", "zh")
    },
)
LABEL = in_words(("en", "zh"), labels_in)


HANDS = {
    "from_owner": ToOne("User", "from_owner_id"),
    "from_team": ToOne("Team", "from_team_id"),
    "to_owner": ToOne("User", "to_owner_id"),
    "to_team": ToOne("Team", "to_team_id"),
    "actor": ToOne("User", "by_id"),
}
