"""A file is handed to the office only after the look was kept; what an owner opens is not kept."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.applications import Starlette

from marketplace.base.access import Role
from marketplace.base.files import receive_file
from marketplace.base.files.tables import FileOpening
from marketplace.faces.web.documents import document_routes
from marketplace.features.registry.tables import Factory
from tests.faces.web.test_papers import Client, Desk, desk, world
from tests.features.conftest import PROGRAM

__all__ = ["desk", "world"]  # fixtures

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def kept(desk: Desk) -> list[tuple[int, int]]:
    return [
        (row.use_id, row.account_id)
        for row in desk.world.see(
            lambda s: s.execute(sa.select(FileOpening).order_by(FileOpening.id)).scalars().all()
        )
    ]


def test_the_office_leaves_a_trace_and_an_owner_and_a_stranger_do_not(desk: Desk):
    w = desk.world
    operator = w.see(lambda s: s.get(Factory, desk.factory_id).operator_id)
    use = w.do(
        lambda s: receive_file(
            s, clock=w.clock, actor=w.officer, content=PDF, name="a.pdf", purpose="evidence",
            subject=f"factory:{desk.factory_id}", program=PROGRAM, operator_id=operator,
            data_dir=w.app.data_dir,
        )
    )  # fmt: skip
    client = Client(Starlette(routes=document_routes(w.app)))

    def get(role: Role | None) -> int:
        headers = desk.as_role(role) if role else {}
        return client.get(f"/files/{use}", headers=headers).status_code

    assert (get(None), get(Role.MARKETER)) == (404, 404)
    beyond = client.get(f"/files/{2**63}", headers=desk.as_role(Role.OFFICER))
    assert beyond.status_code == 404  # a number no file can have
    assert get(Role.OWNER) == 200
    assert kept(desk) == []
    assert get(Role.OFFICER) == 200
    assert get(Role.AUDITOR) == 200
    assert get(Role.OFFICER) == 200  # the same look within ten minutes
    assert [u for u, _ in kept(desk)] == [use, use]
    assert len({who for _, who in kept(desk)}) == 2
