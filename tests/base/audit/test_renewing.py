"""Anchors come by themselves, and only where the trail has moved on."""

from __future__ import annotations

import pytest

from marketplace.base import audit
from marketplace.base.audit.verifier import Trouble
from tests.base.audit.conftest import Trail
from tests.base.audit.test_verifier import tampered


def renew(trail: Trail, *, once_a_day: bool = False) -> audit.Anchor | None:
    return audit.renew_anchor(
        trail.store, clock=trail.clock, path=trail.anchors, once_a_day=once_a_day
    )


def test_an_empty_trail_needs_no_anchor(trail: Trail):
    assert renew(trail) is None
    assert not trail.anchors.exists()


def test_the_same_end_is_signed_once(trail: Trail):
    trail.append(3)
    assert renew(trail).seq == 3
    assert renew(trail) is None
    trail.append()
    assert renew(trail).seq == 4


def test_one_a_day_of_putian_is_enough(trail: Trail):
    trail.append()  # 2026-03-02 09:30 in Shanghai
    assert renew(trail, once_a_day=True).seq == 1
    trail.clock.advance(hours=14)  # 23:30, the same day there and in UTC
    trail.append()
    assert renew(trail, once_a_day=True) is None
    trail.clock.advance(hours=1)  # past midnight there, still the same day in UTC
    assert renew(trail, once_a_day=True).seq == 2


@pytest.mark.parametrize("line", ["", '{"seq": 9', '{"seq": 9, "mac": "a", "size": 9, '])
def test_a_line_that_is_not_ours_counts_for_nothing(trail: Trail, line: str):
    trail.append()
    trail.anchors.parent.mkdir()
    forged = (
        '"at": "2026-03-02T01:31:00+00:00", "signature": "b"}' if line.endswith(", ") else ""
    )
    trail.anchors.write_text(line + forged)
    assert renew(trail, once_a_day=True).seq == 1


def test_a_cut_end_is_found_although_nobody_asked_for_an_anchor(trail: Trail):
    trail.append(20)
    renew(trail, once_a_day=True)

    def cut(connection):
        connection.execute("DELETE FROM audit_entry WHERE seq > 15")
        connection.execute("DELETE FROM audit_anchor")
        connection.execute(
            "UPDATE audit_head SET (seq, mac) = (SELECT seq, mac FROM audit_entry WHERE seq = 15)"
        )

    tampered(trail, cut)
    report = audit.verify(trail.store, trail.anchors)
    assert [(f.trouble, f.seq, f.until_seq) for f in report.findings] == [(Trouble.CUT, 16, 20)]
    assert audit.verify(trail.store).is_intact  # nothing else would tell


def test_what_a_verification_lacked_is_said(trail: Trail):
    trail.append()
    path = trail.anchors
    assert audit.lacking_anchors(audit.verify(trail.store, path), path) == "anchors_none"
    renew(trail)
    assert audit.lacking_anchors(audit.verify(trail.store, path), path) is None
    path.unlink()
    assert audit.lacking_anchors(audit.verify(trail.store, path), path) == "anchors_inside"
