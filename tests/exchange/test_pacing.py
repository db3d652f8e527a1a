"""Units of an import are as long as others may wait, and take rows of one store together."""

from __future__ import annotations

from marketplace.exchange.importing.pacing import Pace, in_order_of_taking, portions
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.reading import RowReading


def rows(*numbers):
    return [RowReading(n, {"store_no": no}, (), None, ()) for n, no in enumerate(numbers, 2)]


def test_a_unit_takes_as_many_rows_as_last_a_fifth_of_a_second():
    pace = Pace(most=500)
    assert pace.rows == 50
    pace.took(50, 0.05)  # 1 ms a row would be 200 rows, but it grows twofold at most
    assert pace.rows == 100
    pace.took(100, 0.1)
    assert pace.rows == 200
    pace.took(200, 0.25)  # 200 x 0.2 / 0.25
    assert pace.rows == 160
    pace.took(160, 8.0)  # one slow turn of the disk halves it
    assert pace.rows == 80
    pace.took(80, 8.0)
    assert pace.rows == 50  # its own costs make a smaller unit no shorter
    for _ in range(9):
        pace.took(pace.rows, 0.001)
    assert pace.rows == 500


def test_portions_follow_the_pace_and_miss_no_row():
    pace = Pace(most=3)
    taken = [len(some) for some in portions(rows(*"abcdefgh"), pace)]
    assert taken == [3, 3, 2]


def test_months_are_taken_store_by_store_in_the_order_of_the_file():
    file = rows("200", "100", "200", "100")
    assert [r.row for r in in_order_of_taking(ImportKind.EXPOSURE, file)] == [3, 5, 2, 4]
    assert [r.row for r in in_order_of_taking(ImportKind.STORES, file)] == [2, 3, 4, 5]
