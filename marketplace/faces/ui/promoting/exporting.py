"""A collection taken out: item numbers, links, pictures; recorded at the moment it is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.db import write
from marketplace.base.errors import NotFound
from marketplace.base.files import read_stored
from marketplace.base.sheets import ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.exchange.exporting import ExportStamp, record_export
from marketplace.faces.ui.promoting.telling import is_over
from marketplace.faces.ui.session import Here, later, reading
from marketplace.features.promotion.queries import (
    CollectionRow,
    ExportRow,
    SlotRow,
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


def export_menu(page: Here, row: CollectionRow, standing: Sequence[SlotRow]) -> None:
    """Show the forms a collection can be taken out in: a table, or the pictures with it.

    What may be shown is asked again when one is taken.
    """
    shown = [slot.offer for slot in standing if slot.is_exported]
    if not shown or is_over(page, row):
        return
    with st.popover(page.t("officer.market.export"), icon=":material/download:"):
        st.markdown(page.t("officer.market.export_means", count=len(shown)))
        for form, mime in (("xlsx", _XLSX), ("csv", "text/csv")):
            st.download_button(
                page.t(f"officer.list.export_{form}"),
                data=_maker(page, row, form),
                file_name=f"{row.slug}-{today(page.app.clock)}.{form}",
                mime=mime,
                key=f"export_{form}_{row.collection_id}",
                on_click="ignore",
                width="stretch",
            )
        st.download_button(
            page.t("promo.export_zip", count=sum(bool(offer.picture) for offer in shown)),
            data=_zip_maker(page, row),
            file_name=f"{row.slug}-{today(page.app.clock)}.zip",
            mime="application/zip",
            key=f"export_zip_{row.collection_id}",
            on_click="ignore",
            width="stretch",
        )


def _rows(page: Here, row: CollectionRow) -> list[ExportRow]:
    """What may be shown now; read again when it is taken, as a product may have lapsed since."""
    with reading(page) as session:
        return export_collection(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            collection_id=row.collection_id,
        )


def _maker(page: Here, row: CollectionRow, form: str) -> Callable[[], bytes]:
    site = origin(page)

    def make(page: Here) -> bytes:
        rows = _rows(page, row)
        stamp = _stamp(page, row, rows, form)
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

    return later(page, make)


def _zip_maker(page: Here, row: CollectionRow) -> Callable[[], bytes]:
    def make(page: Here) -> bytes:
        rows = _rows(page, row)
        stamp = _stamp(page, row, rows, "zip")
        heads = [page.t(f"officer.market.col.{name}") for name in _COLUMNS]
        cells = []
        buffer = BytesIO()
        # Pictures are compressed already: stored as they are, the archive is made at once.
        with ZipFile(buffer, "w", ZIP_STORED) as archive:
            for r in rows:
                name, content = picture_name(r), _picture(page, r)
                if content is not None:
                    archive.writestr(name, content)
                elif name:
                    name = page.t("promo.picture_missing")
                cells.append([*_cells(r, "")[:-1], name])
            archive.writestr("list.csv", write_csv(heads, cells, stamp=stamp.line(page.lang)))
        return buffer.getvalue()

    return later(page, make)


def _picture(page: Here, r: ExportRow) -> bytes | None:
    """A picture that is gone keeps nobody from the others; the list says so."""
    try:
        return read_stored(page.app.data_dir, r.picture) if r.picture else None
    except NotFound:
        return None


def _stamp(page: Here, row: CollectionRow, rows: Sequence[ExportRow], form: str) -> ExportStamp:
    return write(
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


def picture_name(r: ExportRow) -> str:
    """Return the name of a picture in the archive: slot, item number, brand and name."""
    if not r.picture:
        return ""
    told = re.sub(r"[^\w\-]+", "-", f"{r.position:02d}-{r.item_no}-{r.brand}-{r.name}")
    return f"pictures/{told.strip('-')[:80]}.{r.picture_form}"


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
