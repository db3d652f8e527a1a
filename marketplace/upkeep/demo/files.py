"""Files as departments sent them: taken in, one of them by mistake and taken back, one half read."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from sqlmodel import select

from marketplace.assembly import App
from marketplace.base.access import Actor
from marketplace.base.db import read
from marketplace.base.identifiers import uscc_check_digit
from marketplace.base.sheets import Cell, ColumnSpec, TableSheet, write_xlsx
from marketplace.exchange.importing import ImportRequest, run_import, undo_import
from marketplace.exchange.kinds import ImportKind
from marketplace.features.registry.kinds import FactoryStatus
from marketplace.features.registry.tables import Factory, Operator

_FIRMS = ("企业名称", "统一社会信用代码", "地址", "用工人数", "年产能（万双）")


def send_files(app: App, officer: Actor) -> None:
    """Import a list with a newcomer, a draft, a faulty code; then a wrong one, taken back."""
    known = _known(app)
    rows: list[list[Cell]] = [
        [*known[0], None, 380],  # another source says otherwise: a disagreement
        ["（虚构）莆田市听潮鞋业有限公司", _code(1), "莆田市荔城区演示路1号", 126, 48],
        ["（虚构）莆田市归帆制鞋厂", None, "莆田市秀屿区演示路2号", 42, 12],
        ["（虚构）莆田市错码鞋服厂", _code(2)[:-1] + "I", "莆田市涵江区演示路3号", 30, 9],
        ["（虚构）莆田市听潮鞋业有限公司", _code(1), "莆田市荔城区演示路1号", 126, 48],
        ["合计", None, None, 198, 69],
    ]
    _take(app, officer, rows, "统计局_规上企业（虚构）.xlsx")
    wrong: list[list[Cell]] = [
        ["（虚构）莆田市去年名单鞋厂", _code(3), "莆田市城厢区演示路4号", 55, 20],
        ["（虚构）莆田市去年名单二厂", None, "莆田市仙游县演示路5号", 18, 6],
    ]
    number = _take(app, officer, wrong, "工信局_去年名单（虚构）.xlsx")
    undo_import(
        app.store,
        batch_id=number,
        clock=app.clock,
        actor=officer,
        reason="传错了年份的名单",
    )


def _take(app: App, officer: Actor, rows: Sequence[Sequence[Cell]], name: str) -> int:
    buffer = BytesIO()
    columns = tuple(ColumnSpec(heading) for heading in _FIRMS)
    write_xlsx([TableSheet("名单", columns, rows, title="企业名单（虚构）")], buffer)
    result = run_import(
        app.store,
        app.rulebook(),
        ImportRequest(ImportKind.FACTORIES, buffer.getvalue(), name),
        clock=app.clock,
        actor=officer,
    )
    if result.batch_id is None:
        raise AssertionError(name)
    return result.batch_id


def _known(app: App) -> list[list[Cell]]:
    with read(app.store) as session:
        found = session.execute(
            select(Operator.name, Operator.uscc, Factory.address)
            .join(Factory, Factory.operator_id == Operator.id)  # type: ignore[arg-type]
            .where(Factory.status == FactoryStatus.REGISTERED)
            .order_by(Factory.id.desc())  # type: ignore[union-attr]
            .limit(1)
        ).all()
    return [[name, code, address] for name, code, address in found]


def _code(number: int) -> str:
    body = f"91350304MA9{number:06d}"
    return body + uscc_check_digit(body)
