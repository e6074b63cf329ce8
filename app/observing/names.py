"""Names of operations as labels: clients choose them, and each is a series for ever."""

from collections.abc import Set

OTHER = "other"
UNNAMED = "unnamed"
MOST = 100
LONGEST = 80


class Names:
    """Knows the first names that it is told, `most` of them, and all those of `trusted` documents."""

    def __init__(self, trusted: Set[str], most: int = MOST) -> None:
        self._trusted = trusted
        self._free = most
        self._known: dict[str, str] = {"": UNNAMED}

    def learn(self, name: str, document: str) -> None:
        """Somebody who is signed in runs an operation of this name: strangers do not fill the list."""
        if name in self._known or len(name) > LONGEST:
            return
        if document not in self._trusted:
            if not self._free:
                return
            self._free -= 1
        self._known[name] = name

    def of(self, name: str) -> str:
        """The name if it is known, else OTHER."""
        return self._known.get(name, OTHER)
