"""The two trees of a company, as use cases need to know them."""

from dataclasses import dataclass

from tortoise.models import Model

from domain.errors import AlreadyExists, NotPermitted, Refused
from domain.paths import INPUT
from domain.permissions import Action, may
from models import Region, Team
from rows.declare import Entity
from rows.entities import REGION, TEAM
from rows.viewer import Viewer
from services.trees import REGIONS, TEAMS, Tree

CODE_ONCE = "region_code_once"
CODE_TAKEN = AlreadyExists(path=(*INPUT, "code"))


@dataclass(frozen=True)
class Branch:
    """A tree whose nodes people keep."""

    entity: Entity
    model: type[Model]
    tree: Tree

    def mutation(self, verb: str) -> str:
        """The name of the mutation that does this to a node."""
        return self.entity.name.lower() + verb


TEAM_TREE = Branch(TEAM, Team, TEAMS)
REGION_TREE = Branch(REGION, Region, REGIONS)


def check_administrator(viewer: Viewer) -> None:
    """Raises Refused with NotPermitted for whoever is none."""
    if not may(viewer, Action.ADMINISTER):
        raise Refused(NotPermitted())
