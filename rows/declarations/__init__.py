"""The declarations of entities, by area; `rows.entities` has them all."""
