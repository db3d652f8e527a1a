"""What a right holder reads of himself, and what stands beside a finding that is decided."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from marketplace.base.access import Actor, Role
from marketplace.base.access.tables import Account
from marketplace.base.db import read, write
from marketplace.base.words import say
from marketplace.features.complaints.kinds import ComplaintStatus
from marketplace.features.complaints.tables import Complaint, RightHolder
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.commands import hear_owner
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus
from marketplace.features.enforcement.tables import Finding, PointsEntry
from marketplace.features.links.queries import get_group
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Store
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_desk_forms import at_page
from tests.faces.ui.test_keeping import _actor
from tests.faces.ui.test_pages import demo, shown, visit

__all__ = ["demo", "visit"]  # fixtures


def text(at) -> str:
    return "\n".join(shown(at))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_right_holder_reads_how_his_complaints_fared_and_how_to_do_better(demo, visit, lang):
    with read(demo.store) as session:
        own = session.execute(
            select(Complaint)
            .join(RightHolder, col(RightHolder.id) == col(Complaint.holder_id))
            .join(Account, col(Account.id) == col(RightHolder.account_id))
            .where(Account.login == "right_holder")
        ).scalars().all()  # fmt: skip
    refused = Counter(c.refusal for c in own if c.refusal is not None)
    upheld = sum(c.status is ComplaintStatus.UPHELD for c in own)
    answered = upheld + sum(
        c.status in {ComplaintStatus.REFUSED, ComplaintStatus.REVERSED} for c in own
    )
    assert len(refused) >= 2, "the demo has him refused for more than one reason"
    at = visit(Role.RIGHT_HOLDER, lang)
    open_view(at, "reliability")
    told = text(at)
    assert f"{upheld}/{answered}" in told
    assert say("complaints.better", lang) in told
    for code in refused:
        assert say(f"complaints.cure.{code.value}", lang) in told, "the way to improve"
    at_place = {c: told.index(say(f"enum.RefusalCode.{c.value}", lang)) for c in refused}
    for more, less in permutations(refused, 2):
        if refused[more] > refused[less]:
            assert at_place[more] < at_place[less], "the most frequent reason first"
    for marked in (c for c in own if c.malicious_at is not None):
        assert marked.malicious_reason in told


def test_whoever_decides_a_finding_sees_the_total_of_the_group_beside_the_store(demo, visit):
    with read(demo.store) as session:
        reviewer = _actor(
            session, session.execute(
                select(Account.id).where(Account.login == "reviewer")
            ).scalar_one(),
        )  # fmt: skip
        waiting = session.execute(
            select(Finding).where(
                Finding.status == FindingStatus.SUSPECTED,
                Finding.basis == FindingBasis.CASE,
                ~col(Finding.reference).startswith("case:"),
            )
        ).scalars()
        groups = [
            (f, get_group(session, reviewer, demo.rulebook(f.program), store_id=f.store_id))
            for f in waiting
        ]
        finding, group = max(groups, key=lambda p: (len(p[1].stores) > 1, p[1].group_total))
        stores = [int(m.subject.ref.split(":")[1]) for m in group.stores]
        total = session.execute(
            sa.select(sa.func.coalesce(sa.func.sum(PointsEntry.points), 0)).where(
                col(PointsEntry.store_id).in_(stores)
            )
        ).scalar_one()
    assert len(stores) > 1
    officer = Actor(2, "officer", "officer", Role.OFFICER, frozenset({finding.program}))
    write(
        demo.store,
        lambda s: hear_owner(
            s, clock=demo.clock, actor=officer, finding_id=finding.id, statement="厂方没有意见"
        ),
    )
    at = at_page(visit, Role.REVIEWER, "decide", kind="finding", id=str(finding.id))
    told = text(at)
    assert say("complaints.if_upheld", "zh") in told
    assert (
        say(
            "links.group_sub", "zh", stores=len(stores), operator=group.operator_total,
            total=total, closure=48,
        ) in told
    )  # fmt: skip
    assert say("links.group_total", "zh") in told


def test_a_second_suspension_before_one_decision_is_not_offered(demo, visit):
    with read(demo.store) as session:
        finding = session.execute(
            select(Finding)
            .join(Store, col(Store.id) == col(Finding.store_id))
            .where(
                Finding.status == FindingStatus.SUSPECTED,
                Store.status == StoreStatus.OPEN,
                ~col(Finding.reference).startswith("case:"),
            )
            .order_by(col(Finding.id))
        ).scalars().first()  # fmt: skip
        reviewer = _actor(
            session, session.execute(
                select(Account.id).where(Account.login == "reviewer")
            ).scalar_one(),
        )  # fmt: skip
    asked = {"clock": demo.clock, "actor": reviewer, "finding_id": finding.id}
    write(
        demo.store,
        lambda s: enforcement.add_evidence(
            s, name="样品照片", holder="抽检员", sha256="a" * 64, **asked
        ),
    )

    def offered() -> tuple[set[str], str]:
        at = at_page(visit, Role.REVIEWER, "decide", kind="finding", id=str(finding.id))
        return {button.label for button in at.button}, text(at)

    first, lift = say("measures.pending", "zh"), say("measures.pending_lift", "zh")
    assert first in offered()[0]
    write(
        demo.store,
        lambda s: enforcement.suspend_pending_decision(
            s, demo.rulebook(), reason="样品已封存，等待认定期间先行暂停", **asked
        ),
    )
    labels, _told = offered()
    assert lift in labels
    assert first not in labels
    write(
        demo.store,
        lambda s: enforcement.lift_pending_suspension(
            s, reason="样品已鉴定，不必再停着等", **asked
        ),
    )
    labels, told = offered()
    assert not {first, lift} & labels
    assert "同一项发现不能再次先行暂停" in told
