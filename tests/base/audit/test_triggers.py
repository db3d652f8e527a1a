from __future__ import annotations

import pytest
import sqlalchemy as sa

from marketplace.base.audit import ddl
from tests.base.audit.conftest import Trail


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


COMMON = [
    "UPDATE audit_entry SET subject = 'factory:99' WHERE seq = 5",
    "DELETE FROM audit_entry WHERE seq = 5",
    "DELETE FROM audit_entry",
    "UPDATE audit_detail SET ciphertext = 'x'",
    "DELETE FROM audit_detail",
    "UPDATE audit_anchor SET mac = 'x'",
    "DELETE FROM audit_anchor",
    "UPDATE audit_head SET seq = seq - 1",
    "DELETE FROM audit_head",
    "DELETE FROM person_key",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 5",
    "INSERT OR REPLACE INTO audit_head SELECT * FROM audit_head",
    "INSERT OR REPLACE INTO audit_detail SELECT * FROM audit_detail WHERE seq = 5",
    "INSERT OR REPLACE INTO audit_anchor SELECT * FROM audit_anchor",
]
ON_POSTGRESQL = [
    "TRUNCATE audit_entry CASCADE",
    "TRUNCATE audit_head",
    "TRUNCATE audit_anchor",
    "TRUNCATE person_key CASCADE",
]


def test_the_database_refuses_to_change_remove_or_replace_what_was_recorded(
    long_chain: Trail,
) -> None:
    own = ON_SQLITE if long_chain.store.dialect == "sqlite" else ON_POSTGRESQL
    for statement in [*COMMON, *own]:
        with (
            pytest.raises(sa.exc.DBAPIError, match="only grows"),
            long_chain.store.writing.begin() as connection,
        ):
            connection.exec_driver_sql(statement)


def test_a_fork_is_refused_by_the_database(long_chain: Trail) -> None:
    fork = (
        "INSERT INTO audit_entry (id, seq, prev, at, actor_login, actor_role, action, subject,"
        " payload, mac) SELECT 31, 31, prev, at, actor_login, actor_role, action, subject,"
        " payload, mac FROM audit_entry WHERE seq = 30"
    )
    with (
        pytest.raises(sa.exc.DBAPIError),
        long_chain.store.writing.begin() as connection,
    ):
        connection.exec_driver_sql(fork)


def test_the_triggers_may_be_made_again(trail: Trail) -> None:
    with trail.store.writing.begin() as connection:
        ddl.install(connection)
        ddl.install(connection)
    trail.append()


def test_an_unknown_engine_has_no_triggers() -> None:
    with pytest.raises(ValueError, match="oracle"):
        ddl.statements("oracle")
