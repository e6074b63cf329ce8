"""The lookups that Tortoise's querysets know of a field: those that are used, of some forty that it makes (1.1.9).

Reads are compiled elsewhere, and writes ask by little more than ids. All forty for each field would be 4 MB of each
process, and most of the time that bringing a database up to date takes. Importing this module leaves the models that
are declared from then on with USED alone; asking by another lookup is Tortoise's FieldError.
"""

from typing import Any

import tortoise.models

USED = frozenset({"", "__in", "__isnull", "__lt", "__lte"})

_NAME = "get_filters_for_field"
_every = vars(tortoise.models)[_NAME]


def _used(field_name: str, *rest: Any, **named: Any) -> dict[str, Any]:
    lookups: dict[str, Any] = _every(field_name, *rest, **named)
    return {name: facts for name, facts in lookups.items() if name.removeprefix(field_name) in USED}


vars(tortoise.models)[_NAME] = _used
