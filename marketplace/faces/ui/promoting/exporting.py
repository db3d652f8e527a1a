"""A collection taken out: item numbers, links, pictures; recorded at the moment it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.db import write
from marketplace.base.sheets import ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui.session import Here, reading
from marketplace.features.promotion.queries import (
    CollectionRow,
    ExportRow,
    export_collection,
)

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    "position",
    "platform",
    "item_no",
    "url",
    "brand",
    "name",
    "price",
    "code",
    "valid_until",
    "picture",
)


def export_menu(page: Here, row: CollectionRow) -> None:
    """Show the two forms a collection can be taken out in."""
    with reading(page) as session:
        rows = export_collection(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            collection_id=row.collection_id,
        )
    if not rows:
        return
    with st.popover(page.t("officer.market.export"), icon=":material/download:"):
        st.markdown(page.t("officer.market.export_means", count=len(rows)))
        for form, mime in (("xlsx", _XLSX), ("csv", "text/csv")):
            st.download_button(
                page.t(f"officer.list.export_{form}"),
                data=_maker(page, row, rows, form),
                file_name=f"{row.slug}-{today(page.app.clock)}.{form}",
                mime=mime,
                key=f"export_{form}_{row.collection_id}",
                on_click="ignore",
                width="stretch",
            )


def _maker(
    page: Here, row: CollectionRow, rows: Sequence[ExportRow], form: str
) -> Callable[[], bytes]:
    site = origin(page)

    def make() -> bytes:
        stamp = write(
            page.app.store,
            lambda s: record_export(
                s,
                clock=page.app.clock,
                actor=page.actor,
                program=row.program,
                kind="collection",
                rows=len(rows),
                wanted={"collection_id": row.collection_id, "form": form},
            ),
        )
        heads = [page.t(f"officer.market.col.{name}") for name in _COLUMNS]
        cells = [_cells(r, site) for r in rows]
        if form == "csv":
            return write_csv(heads, cells, stamp=stamp.line(page.lang))
        buffer = BytesIO()
        sheet = TableSheet(
            name=page.t("officer.market.export_title"),
            columns=tuple(ColumnSpec(head) for head in heads),
            rows=cells,
            title=row.title_zh if page.lang == "zh" else row.title_en,
            stamp=stamp.line(page.lang),
        )
        write_xlsx([sheet], buffer)
        return buffer.getvalue()

    return make


def _cells(r: ExportRow, site: str) -> list[str | int | float]:
    picture = f"{site}/pictures/{r.picture}" if r.picture else ""
    return [
        r.position, r.platform, r.item_no, r.url, r.brand, r.name, r.price_fen / 100, r.code,
        r.valid_until, picture,
    ]  # fmt: skip


def origin(page: Here) -> str:
    """Return the address this site is reached at, without a path."""
    if page.app.settings.public_base_url:
        return page.app.settings.public_base_url.rstrip("/")
    return "/".join(str(st.context.url or "").split("/")[:3])
