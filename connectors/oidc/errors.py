"""What is wrong with a provider's token, for those who know of no provider yet."""

from domain.identities import Flaw


class BadToken(Exception):
    """The token is not good; `flaw` says why."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw
