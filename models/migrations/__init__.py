"""Migrations, applied in order by `models.migrate`. They are never changed once they have run somewhere.

After a change of models, `tortoise -c models.config.TORTOISE_ORM makemigrations -n NAME` writes the next one. To be
watched: a column that is added to a table with rows needs `db_default=`, and a field that goes while another of its
type comes is taken for a new name.
"""
