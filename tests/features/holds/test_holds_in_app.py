"""Holds through the commands, on both engines: placed, agreed to, released, extended, ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from marketplace.base.errors import Conflict, Invalid, NotFound, Refused
from marketplace.base.inbox.tables import Message
from marketplace.base.words import has_key
from marketplace.features.appeals import commands as appeals
from marketplace.features.appeals.kinds import AppealGround
from marketplace.features.appeals.queries import list_appeals, may_decide
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import MeasureEnd, MeasureKind, StatementBasis
from marketplace.features.enforcement.queries import get_statement
from marketplace.features.holds.kinds import Account, HoldEnd, HoldStatus, MovementKind
from marketplace.features.holds.queries import list_holds, list_movements
from tests.features.conftest import PROGRAM
from tests.features.enforcement.dealing import evidence, overturn, uphold
from tests.features.holds.holding import (
    books,
    confirm,
    expire,
    extend,
    file,
    finding,
    place,
    release,
    takings,
)
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
@built_once
def firm(world) -> Scene:
    """A firm in order with 10,000 yuan waiting to be settled."""
    make_people(world)
    made = make_firm(world, number=1)
    takings(made)
    return made


@pytest.fixture
def decided(firm) -> int:
    """An upheld finding over goods of 4,000 yuan."""
    found = finding(firm)
    uphold(firm, found)
    return found


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        work()
    return error.value.code


def test_a_hold_takes_only_the_disputed_amount_and_says_why_in_both_languages(firm, decided):
    hold = file(firm, place(firm, decided))
    assert (hold.row.status, hold.row.remaining_fen) == (HoldStatus.RUNNING, 300_000)
    paper = firm.world.see(
        lambda s: get_statement(s, firm.owner, statement_id=hold.row.statement_id)
    )
    assert paper.basis is StatementBasis.PAYMENT_HOLD
    assert [m.kind for m in paper.measures] == [MeasureKind.PAYMENT_HOLD]
    zh = "".join(line for _head, lines in paper.sections("zh") for line in lines)
    en = "".join(line for _head, lines in paper.sections("en") for line in lines)
    # 23 Nov + 14 days = 7 Dec; + 3 days of grace: released on 11 Dec, 00:00.
    assert (
        "货款暂缓结算 ¥3,000.00（争议金额 ¥4,000.00），其余货款照常结算；复核日 2026-12-07"
        in zh
    )
    assert "至 2026-12-11 00:00" in zh
    assert "Payment hold of ¥3,000.00 (disputed amount ¥4,000.00)" in en
    assert "《电子商务法》第四十二条" in zh
    assert "申诉期间继续执行：货款暂缓结算" in zh
    found = books(firm)
    assert found.is_proved
    assert found.accounts == {
        Account.SALES: -1_000_000,
        Account.SETTLEMENT: 700_000,  # 1,000,000 − 300,000
        Account.HELD: 300_000,
        Account.RELEASED: 0,
        Account.PAID_OUT: 0,
    }


def test_what_is_not_disputed_or_not_there_is_not_held(firm, decided):
    assert refused(lambda: place(firm, decided, 400_001)) == "more_than_disputed"
    place(firm, decided, 300_000)
    assert refused(lambda: place(firm, decided, 100_001)) == "more_than_disputed"
    other = finding(firm, value_fen=5_000_000, number=2)
    uphold(firm, other)
    assert refused(lambda: place(firm, other, 700_001)) == "more_than_available"
    assert books(firm).accounts[Account.HELD] == 300_000


def test_what_was_let_go_is_not_held_again(firm, decided):
    hold = place(firm, decided, 400_000)
    release(firm, hold, 400_000)
    assert refused(lambda: place(firm, decided, 1)) == "more_than_disputed"


def test_an_unsaid_value_is_stated_once_and_then_stands(firm):
    found = finding(firm, value_fen=None)
    uphold(firm, found)
    assert refused(lambda: place(firm, found, 100)) == "disputed_amount_missing"
    hold = place(firm, found, 100, disputed_fen=500)
    assert file(firm, hold).row.disputed_fen == 500
    assert refused(lambda: place(firm, found, 600, disputed_fen=900)) == "more_than_disputed"


def test_a_suspicion_holds_money_only_on_evidence(firm):
    found = finding(firm)
    assert refused(lambda: place(firm, found)) == "hold_evidence_missing"
    evidence(firm, found)
    assert file(firm, place(firm, found)).row.status is HoldStatus.RUNNING


def test_reasons_basis_and_a_standing_finding_are_needed(firm, decided):
    assert refused(lambda: place(firm, decided, reason="太短")) == "hold_reason_too_short"
    assert refused(lambda: place(firm, decided, basis="none")) == "hold_basis_unknown"
    overturn(firm, decided)
    assert refused(lambda: place(firm, decided)) == "finding_fell"


def test_a_large_amount_waits_for_another_person_and_the_owner_sees_nothing_yet(firm):
    takings(firm, 9_000_000)
    found = finding(firm, value_fen=8_000_000)
    uphold(firm, found)
    hold = place(firm, found, 5_000_001)
    office = firm.world.officer
    assert file(firm, hold, actor=office).row.status is HoldStatus.PENDING
    assert books(firm).accounts[Account.HELD] == 0
    with pytest.raises(NotFound):
        file(firm, hold)
    assert refused(lambda: confirm(firm, hold, by=office)) == "author_never_decides"
    firm.clock.advance(days=2)
    confirm(firm, hold, by=firm.world.reviewer)
    row = file(firm, hold).row
    assert (row.status, row.remaining_fen) == (HoldStatus.RUNNING, 5_000_001)
    # The term begins when the money is held: 25 Nov + 14 days.
    assert row.review_on.isoformat() == "2026-12-09"
    assert refused(lambda: confirm(firm, hold, by=firm.world.deputy)) == "decided_already"


def test_takings_no_account_holds_are_refused(firm):
    """Two of 2^62 fen would have left books that nobody can add up any more."""
    with pytest.raises(Invalid):
        takings(firm, 2**62)
    assert books(firm).accounts[Account.HELD] == 0


def test_parts_of_a_large_amount_wait_for_another_person_too(firm):
    """Hold 30,000 yuan at once; the next 30,000 of the same finding wait."""
    takings(firm, 9_000_000)
    found = finding(firm, value_fen=8_000_000)
    uphold(firm, found)
    office = firm.world.officer
    states = [
        file(firm, place(firm, found, fen), actor=office).row.status
        for fen in (3_000_000, 3_000_000)
    ]
    assert states == [HoldStatus.RUNNING, HoldStatus.PENDING]
    assert books(firm).accounts[Account.HELD] == 3_000_000


def test_a_declined_hold_holds_nothing_and_leaves_room(firm):
    takings(firm, 9_000_000)
    found = finding(firm, value_fen=6_000_000)
    uphold(firm, found)
    hold = place(firm, found, 6_000_000)
    confirm(firm, hold, by=firm.world.reviewer, accept=False)
    assert file(firm, hold, actor=firm.world.auditor).row.end_reason is HoldEnd.DECLINED
    assert books(firm).accounts[Account.HELD] == 0
    assert place(firm, found, 4_000_000)


def test_a_part_is_released_against_a_receipt_and_the_rest_stays(firm, decided):
    hold = place(firm, decided)
    receipt = release(firm, hold, 100_000)
    found = file(firm, hold)
    assert (found.row.status, found.row.remaining_fen) == (HoldStatus.RUNNING, 200_000)
    assert [(m.kind, m.amount_fen) for m in found.movements] == [
        (MovementKind.HOLD, 300_000),
        (MovementKind.RELEASE, 100_000),
        (MovementKind.PAYOUT, 100_000),
    ]
    assert found.movements[-1].receipt == receipt
    assert refused(lambda: release(firm, hold, 200_001)) == "more_than_held"
    release(firm, hold, 200_000)
    assert file(firm, hold).row.end_reason is HoldEnd.RELEASED
    proof = books(firm)
    assert proof.is_proved
    assert proof.accounts[Account.PAID_OUT] == 300_000
    assert refused(lambda: release(firm, hold, 1)) == "hold_not_running"


def test_sending_twice_moves_money_once(firm, decided):
    takings(firm, 500, token="t")
    takings(firm, 500, token="t")
    first = place(firm, decided, token="p")
    assert place(firm, decided, token="p") == first
    one = release(firm, first, 50_000, token="r")
    assert release(firm, first, 50_000, token="r") == one
    with pytest.raises(Conflict):
        release(firm, first, 60_000, token="r")
    # 1,000,000 + 500 came in once; 300,000 held, 50,000 of them let go.
    found = books(firm).accounts
    assert (found[Account.SALES], found[Account.HELD]) == (-1_000_500, 250_000)


def test_another_person_extends_at_the_review_and_never_beyond_the_longest(firm, decided):
    hold = place(firm, decided)
    reviewer = firm.world.reviewer
    assert refused(lambda: extend(firm, hold, by=reviewer)) == "review_not_due"
    firm.clock.advance(days=14)
    assert refused(lambda: extend(firm, hold, by=firm.world.officer)) == "author_never_decides"
    extend(firm, hold, by=reviewer)
    found = file(firm, hold)
    assert found.row.until_on.isoformat() == "2026-12-25"  # 7 Dec + 14 + 4
    papers = [found.row.statement_id, found.extensions[0].statement_id]
    ends = [
        firm.world.see(lambda s, n=n: get_statement(s, firm.owner, statement_id=n))
        .measures[0]
        .end_reason
        for n in papers
    ]
    assert ends == [MeasureEnd.REPLACED, None]
    for _ in range(2):  # 21 Dec → 8 Jan; 4 Jan → 22 Jan, the 60th day after 23 Nov
        firm.clock.advance(days=14)
        extend(firm, hold, by=reviewer)
    assert file(firm, hold).row.until_on.isoformat() == "2027-01-22"
    firm.clock.advance(days=14)
    assert refused(lambda: extend(firm, hold, by=reviewer)) == "hold_at_longest"


def test_what_nobody_extends_is_released_by_itself(firm, decided):
    hold = place(firm, decided)
    firm.clock.advance(days=17)
    assert expire(firm) == 0
    firm.clock.advance(days=1)  # 11 Dec
    assert expire(firm) == 1
    assert expire(firm) == 0
    found = file(firm, hold)
    assert found.row.end_reason is HoldEnd.EXPIRED
    assert found.movements[-1].moved_by is None
    paper = firm.world.see(
        lambda s: get_statement(s, firm.owner, statement_id=found.row.statement_id)
    )
    assert paper.measures[0].end_reason is MeasureEnd.EXPIRED
    assert books(firm).is_proved


def test_an_overturned_finding_lets_everything_go_at_once(firm, decided):
    hold = place(firm, decided)
    overturn(firm, decided)
    found = file(firm, hold)
    assert (found.row.end_reason, found.row.remaining_fen) == (HoldEnd.REVERSED, 0)
    assert books(firm).accounts[Account.PAID_OUT] == 300_000


def test_a_dismissed_suspicion_lets_everything_go_at_once(firm):
    found = finding(firm)
    evidence(firm, found)
    hold = place(firm, found)
    firm.do(
        lambda s: enforcement.hear_owner(
            s, clock=firm.clock, actor=firm.world.officer, finding_id=found, statement="说明"
        )
    )
    firm.do(
        lambda s: enforcement.decide_finding(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.world.reviewer,
            finding_id=found, uphold=False, reason="比对后不近似", time_zero=lambda *_: None,
        )
    )  # fmt: skip
    assert file(firm, hold).row.end_reason is HoldEnd.REVERSED


def test_an_upheld_appeal_against_the_hold_lets_it_go_but_leaves_the_finding(firm, decided):
    world = firm.world
    hold = place(firm, decided, actor=world.deputy)
    paper = file(firm, hold).row.statement_id
    appeal = firm.do(
        lambda s: appeals.file_appeal(
            s, world.rulebook, clock=firm.clock, actor=firm.owner, statement_id=paper,
            ground=AppealGround.RULE, text="退款已经全部办完，没有争议金额了。",
        )
    )  # fmt: skip
    assert file(firm, hold).row.status is HoldStatus.RUNNING  # kept while the appeal is open
    # The deputy placed it; officer and reviewer recorded and decided the finding.
    assert not any(
        world.see(lambda s, who=who: may_decide(s, who, world.rulebook, appeal_id=appeal))
        for who in (world.deputy, world.officer, world.reviewer)
    )
    from dataclasses import replace

    second = replace(world.reviewer, account_id=77, login="reviewer2")
    firm.do(
        lambda s: appeals.decide_appeal(
            s, world.rulebook, clock=firm.clock, actor=second, appeal_id=appeal, uphold=True,
            reason="退款凭证齐全，争议已了结，予以恢复",
        )
    )  # fmt: skip
    assert file(firm, hold).row.end_reason is HoldEnd.REVERSED
    filed = world.see(lambda s: list_appeals(s, firm.owner, factory_id=firm.factory_id))
    assert filed[0].status.value == "upheld"
    assert place(firm, finding_with(firm, 2), 10_000)


def finding_with(firm: Scene, number: int) -> int:
    found = finding(firm, number=number)
    uphold(firm, found)
    return found


def test_every_step_reaches_the_owner_in_words(firm, decided):
    hold = place(firm, decided)
    release(firm, hold, 100_000)
    codes = firm.world.see(
        lambda s: set(
            s.execute(
                sa.select(Message.code).where(Message.subject == f"hold:{hold}")
            ).scalars()
        )
    )
    assert codes == {"hold_placed", "hold_released"}
    assert all(has_key(f"message.{code}") for code in codes)


def test_nobody_else_learns_of_a_hold(firm, decided):
    hold = place(firm, decided)
    rival = make_firm(firm.world, number=2).owner
    with pytest.raises(NotFound):
        file(firm, hold, actor=rival)
    assert firm.world.see(lambda s: list_holds(s, rival, clock=firm.clock)) == []
    seen = firm.world.see(lambda s: list_holds(s, firm.owner, clock=firm.clock))
    assert [h.hold_id for h in seen] == [hold]


@pytest.mark.parametrize("table", ["hold_movement", "hold_posting", "settlement_receipt"])
def test_the_books_only_grow(firm, decided, table):
    place(firm, decided)
    with pytest.raises(Exception, match="only grows"):
        firm.do(lambda s: s.execute(sa.text(f"DELETE FROM {table}")))


def test_money_is_never_held_past_the_statement(firm, decided):
    hold = place(firm, decided)
    found = file(firm, hold).row

    def unstated(session) -> None:
        session.execute(
            sa.text(
                "INSERT INTO hold_movement (program, store_id, hold_id, kind, amount_fen, "
                "receipt, reason, moved_at) VALUES (:p, :s, 999, 'hold', 1, '', '', :t)"
            ),
            {"p": PROGRAM, "s": found.store_id, "t": "2026-11-23 00:00:00+00:00"},
        )

    with pytest.raises(Exception, match="needs a statement of reasons"):
        firm.do(unstated)


def test_the_auditor_reads_every_movement(firm, decided):
    hold = place(firm, decided)
    release(firm, hold, 300_000)
    rows = firm.world.see(lambda s: list_movements(s, firm.world.auditor, program=PROGRAM))
    assert [m.kind.value for m in rows] == ["payout", "release", "hold", "takings"]


@pytest.mark.parametrize("fen", [0, -1])
def test_nothing_and_less_than_nothing_is_never_let_go(firm, decided, fen):
    """The settlement account is not even asked."""
    hold = place(firm, decided)
    assert refused(lambda: release(firm, hold, fen)) == "amount_not_positive"
    assert file(firm, hold).row.remaining_fen == 300_000
    assert books(firm).accounts[Account.HELD] == 300_000
