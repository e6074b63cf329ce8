"""What clients call the fields of rows."""

from domain.naming import camel
from rows.declare import Entity

CUSTOM_FIELDS = "custom_fields"
"""The name of the field that gives a row's custom fields."""
_NAMES: dict[str, dict[str, str]] = {}


def declared_names(entity: Entity) -> dict[str, str]:
    """The declared name behind each name that clients use."""
    if entity.name not in _NAMES:
        related = (entity.to_one, entity.to_any, entity.to_many, entity.paged)
        groups = (entity.columns, entity.composites, *related, entity.computed)
        own = [CUSTOM_FIELDS] if entity.custom else []
        _NAMES[entity.name] = {camel(name): name for group in (*groups, own) for name in group}
    return _NAMES[entity.name]
