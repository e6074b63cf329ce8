"""Who works in the demo company."""

from dataclasses import dataclass

from domain.people import Role

TEAMS: tuple[tuple[str, str | None], ...] = (
    ("Meridian Supplies", None),
    ("UK & Europe", "Meridian Supplies"),
    ("London", "UK & Europe"),
    ("Europe", "UK & Europe"),
    ("Greater China 大中华区", "Meridian Supplies"),
    ("Shanghai 上海", "Greater China 大中华区"),
    ("Shenzhen 深圳", "Greater China 大中华区"),
    ("Americas & Pacific", "Meridian Supplies"),
    ("North America", "Americas & Pacific"),
    ("Japan", "Americas & Pacific"),
    ("Operations", "Meridian Supplies"),
)
"""Each team with the team above it, which comes first."""


@dataclass(frozen=True)
class Person:
    """A user; with an account they sign in by the demo's password."""

    email: str
    name: str
    team: str
    roles: tuple[Role, ...]
    account: bool = True


PEOPLE = (
    Person("admin", "Ada Whitfield", "Meridian Supplies", (Role.ADMIN,)),
    Person("manager", "Marcus Holloway", "UK & Europe", (Role.MANAGER,)),
    Person("rep1", "Rosa Bennett", "London", (Role.REP,)),
    Person("rep2", "Tom Ashworth", "London", (Role.REP,)),
    Person("rep3", "Lena Vogt", "Europe", (Role.REP,)),
    Person("rep4", "陈静", "Shanghai 上海", (Role.REP,)),
    Person("rep5", "李伟", "Shenzhen 深圳", (Role.REP,)),
    Person("reviewer", "Grace Okafor", "Operations", (Role.REVIEWER,)),
    Person("fulfilment", "Piotr Nowak", "Operations", (Role.FULFILMENT,)),
    Person("service", "王芳", "Operations", (Role.SERVICE,)),
    Person("finance", "Henry Cole", "Operations", (Role.FINANCE,)),
    Person("jean.moreau", "Jean Moreau", "Europe", (Role.REP,), account=False),
    Person("zhao.lei", "赵磊", "Greater China 大中华区", (Role.MANAGER, Role.REP), account=False),
    Person("sofia.reyes", "Sofia Reyes", "North America", (Role.REP,), account=False),
    Person("daniel.kim", "Daniel Kim", "North America", (Role.REP,), account=False),
    Person("sato.yui", "佐藤結衣", "Japan", (Role.REP,), account=False),
    Person("olivia.grant", "Olivia Grant", "Operations", (Role.SERVICE, Role.REVIEWER), account=False),
    Person("web-shop", "Web shop", "Operations", (Role.INTEGRATION,), account=False),
)
