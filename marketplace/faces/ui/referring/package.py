"""Shows a package as it would be signed or as it was signed, with its digest and signature."""

from __future__ import annotations

from typing import Any

import streamlit as st

from marketplace.base.canonical import canonical_json
from marketplace.base.db import write
from marketplace.base.words import label
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, later
from marketplace.features.referrals.kinds import Redaction
from marketplace.features.referrals.queries import Package, ReferralRow


def show(page: Here, row: ReferralRow, package: Package) -> None:
    """Show what an agency reads: facts, stores, findings, evidence by hash, what is left out."""
    content = package.content
    kit.section(page.t("referrals.package"), page.t("referrals.package_sub"))
    _seal(page, package)
    about = content["subject"]
    kit.facts(
        [
            (page.t("field.name"), f"{about['operator']} · {about['factory']}"),
            (page.t("field.uscc"), about["uscc"] or "—"),
            (label(Redaction.LEGAL_REPRESENTATIVE, page.lang), about["legal_representative"] or "—"),
            (label(Redaction.PHONE, page.lang), about["phone"] or "—"),
            (label(Redaction.ADDRESS, page.lang), about["address"] or "—"),
        ]
    )  # fmt: skip
    fields = page.t("app.comma").join(
        label(Redaction(name), page.lang) for name in content["left_out"]
    )
    look.muted(
        page.t("referrals.left_out", fields=fields)
        if fields
        else page.t("referrals.left_out_none")
    )
    _findings(page, content)
    _stores(page, content)
    _evidence(page, content)
    with st.container(horizontal=True):
        st.download_button(
            page.t("referrals.download"), data=later(page, lambda now: _taken(now, row, content)),
            file_name=f"{row.number}.json", mime="application/json",
            key=f"take_{row.referral_id}", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        if package.signature:
            st.link_button(
                page.t("referrals.print"), f"/paper/referral/{row.referral_id}",
                icon=":material/print:",
            )  # fmt: skip


def _seal(page: Here, package: Package) -> None:
    match package.is_signed:
        case None:
            kit.markup(kit.badge(page.t("referrals.unsigned"), "gray"))
        case True:
            kit.markup(kit.badge(page.t("referrals.sealed"), "good"))
        case False:
            kit.note(page.t("referrals.broken"), "bad")
    if package.signature:
        with st.expander(page.t("referrals.signature")):
            for name, value in (
                ("digest", package.sha256),
                ("signature", package.signature),
                ("public_key", package.public_key),
            ):
                st.caption(page.t(f"referrals.{name}"))
                st.code(value, language=None, wrap_lines=True)


def _findings(page: Here, content: dict[str, Any]) -> None:
    kit.section(page.t("referrals.findings"))
    names = ("reference", "store", "found", "decided", "listings", "what")
    kit.table(
        [page.t(f"referrals.{name}") for name in names],
        [
            [
                f["reference"], f["store_no"], f["found_on"], f["decided_on"],
                str(f["listings"]), f["statement"],
            ]
            for f in content["findings"]
        ],
        frozenset({4}),
        wide=frozenset({5}),
    )  # fmt: skip


def _stores(page: Here, content: dict[str, Any]) -> None:
    kit.section(page.t("referrals.stores"))
    kit.table(
        [page.t(f"referrals.{name}") for name in ("store", "number", "held", "basis", "held_status")],
        [
            [
                s["name"], f"{s['platform']} {s['store_no']}",
                f"{s['from_on']} – {s['until_on'] or page.t('referrals.until_now')}", s["basis"],
                page.t("referrals.confirmed" if s["confirmed"] else "referrals.declared"),
            ]
            for s in content["stores"]
        ],
        frozenset(),
        wide=frozenset({0}),
    )  # fmt: skip


def _evidence(page: Here, content: dict[str, Any]) -> None:
    kit.section(page.t("referrals.evidence"))
    if not content["evidence"]:
        st.caption(page.t("referrals.no_evidence"))
        return
    kit.table(
        [page.t("referrals.file"), page.t("referrals.digest_of_file")],
        [[e["name"], e["sha256"]] for e in content["evidence"]],
        frozenset(),
    )


def _taken(page: Here, row: ReferralRow, content: dict[str, Any]) -> bytes:
    """Return the canonical bytes, the ones that were signed; taking them is recorded."""
    write(
        page.app.store,
        lambda s: record_export(
            s,
            clock=page.app.clock,
            actor=page.actor,
            program=page.rulebook.program.key,
            kind="referral_package",
            rows=1,
            wanted={"number": row.number},
        ),
    )
    return canonical_json(content)
