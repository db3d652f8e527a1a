"""What the search index is beyond its table: FTS5 kept by triggers on SQLite, GIN on PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa

# Names of what the engines keep for the index; comparisons of the schema leave them out.
FULL_TEXT = "search_entry_text"
PG_TOKENS = "array_to_tsvector(string_to_array(btrim(tokens), ' '))"
_PG_INDEX = "ix_search_entry_text"
_PG_CREATE = (
    "CREATE INDEX IF NOT EXISTS ix_search_entry_text ON search_entry USING gin"
    " (array_to_tsvector(string_to_array(btrim(tokens), ' ')))"
)

_TABLE = (
    # The tokens stay in search_entry; beginnings are indexed for one character and for typing.
    "CREATE VIRTUAL TABLE search_entry_text USING fts5(tokens, content='search_entry',"
    " content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')"
)
_TRIGGERS = (
    """CREATE TRIGGER IF NOT EXISTS search_entry_text_in AFTER INSERT ON search_entry BEGIN
INSERT INTO search_entry_text (rowid, tokens) VALUES (new.id, new.tokens); END""",
    """CREATE TRIGGER IF NOT EXISTS search_entry_text_out AFTER DELETE ON search_entry BEGIN
INSERT INTO search_entry_text (search_entry_text, rowid, tokens)
VALUES ('delete', old.id, old.tokens); END""",
    """CREATE TRIGGER IF NOT EXISTS search_entry_text_new AFTER UPDATE ON search_entry BEGIN
INSERT INTO search_entry_text (search_entry_text, rowid, tokens)
VALUES ('delete', old.id, old.tokens);
INSERT INTO search_entry_text (rowid, tokens) VALUES (new.id, new.tokens); END""",
)


def is_left_out(kind: str, name: str | None) -> bool:
    """Tell whether the schema comparison leaves a table or index of the engine's index out."""
    told = str(name or "")
    return (kind == "table" and told.startswith(FULL_TEXT)) or (
        kind == "index" and told == _PG_INDEX
    )


def install(connection: sa.Connection) -> None:
    """Create the index and what keeps it in step; running it again changes nothing."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_PG_CREATE)
        return
    known = connection.exec_driver_sql(
        "SELECT count(*) FROM sqlite_master WHERE name = 'search_entry_text'"
    ).scalar_one()
    if not known:
        connection.exec_driver_sql(_TABLE)
        connection.exec_driver_sql(
            "INSERT INTO search_entry_text (search_entry_text) VALUES ('rebuild')"
        )
    for statement in _TRIGGERS:
        connection.exec_driver_sql(statement)
