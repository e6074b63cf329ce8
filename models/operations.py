"""Operations of migrations that Tortoise does not have: what is done to tables full of rows while people use them.

They stand in migrations with `atomic = False`, which are not run in a transaction, and can be repeated.
"""

from tortoise.migrations.operations import AddIndex, TortoiseOperation
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State

_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(quote_ident($1))"


class AddIndexConcurrently(AddIndex):
    """Adds an index without keeping writers out. One that an interruption left unfinished is made anew."""

    async def database_forward(
        self, app_label: str, old_state: State, new_state: State, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        """Make the index, unless it is there."""
        if state_editor is None:
            return
        found = await state_editor.client.execute_query_dict(_VALID, [self.index.name])
        if found and found[0]["indisvalid"]:
            return
        if found:
            await state_editor.client.execute_script(f'DROP INDEX CONCURRENTLY "{self.index.name}"')
        usual = state_editor.INDEX_CREATE_TEMPLATE
        state_editor.INDEX_CREATE_TEMPLATE = usual.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY")
        try:
            await super().database_forward(app_label, old_state, new_state, state_editor)
        finally:
            state_editor.INDEX_CREATE_TEMPLATE = usual


class Analyse(TortoiseOperation):
    """Lets PostgreSQL look at the rows of models' tables: it knows nothing yet of what a new index is over."""

    def __init__(self, *model_names: str) -> None:
        self.model_names = model_names

    def describe(self) -> str:
        """What it does."""
        return f"Analyse {', '.join(self.model_names)}"

    async def database_forward(
        self,
        app_label: str,
        old_state: State,  # noqa: ARG002  # it changes none
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Analyse the tables."""
        if state_editor is None:
            return
        for name in self.model_names:
            table = new_state.apps.get_model(f"{app_label}.{name}")._meta.db_table
            await state_editor.client.execute_script(f'ANALYZE "{table}"')


REPEATABLE = (AddIndexConcurrently, Analyse)
