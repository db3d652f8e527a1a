"""Tells Alembic how to compare and render; always run on a connection somebody opened."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from marketplace.base.db.columns import EnumText, UtcInstant, metadata
from marketplace.base.db.extras import left_out_by_ddl


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Render the own column types: an enum as its text, so that old migrations keep running."""
    if kind != "type":
        return False
    if isinstance(item, UtcInstant):
        autogen.imports.add("from marketplace.base.db.columns import UtcInstant")
        return "UtcInstant()"
    if isinstance(item, EnumText):
        return "sa.String(length=40)"
    if isinstance(item, AutoString):
        return "sa.String()" if item.length is None else f"sa.String(length={item.length})"
    return False


def leave_out_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no file when nothing changed."""
    if directives and directives[0].upgrade_ops.is_empty():
        directives.clear()


def left_out(_object: Any, name: str | None, kind: str, _reflected: bool, _to: Any) -> bool:  # noqa: FBT001
    """Leave out what an engine keeps for its full-text index; `ddl` modules name it."""
    return not any(told(kind, name) for told in left_out_by_ddl())


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=render_item,
    include_object=left_out,
    process_revision_directives=leave_out_empty,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
