"""The width of a column of a sheet: that of its widest number."""

from __future__ import annotations

from io import BytesIO

import hypothesis.strategies as st
import pandas as pd
from hypothesis import given, settings
from xlsxwriter import Workbook

from carbonacct.report.workbook.table import _SHOWN, Book, _kind, _Pen, _shown

NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(
    lambda value: value + 0.0
)  # no minus zero


@settings(max_examples=40)
@given(
    kind=st.sampled_from([*_SHOWN, "large", "factor"]),
    numbers=st.lists(NUMBERS, min_size=1, max_size=9),
)
def test_a_column_is_as_wide_as_its_widest_number(kind, numbers):
    """Numbers between two that were measured are not measured again, and none of them is wider."""
    pen = _Pen(Book(Workbook(BytesIO()), "en"), kind, {})
    for number in numbers:
        pen._measure(number)
    assert pen.widest == max(_shown(number, kind) for number in numbers)


def test_a_number_with_a_key_has_room_for_the_key():
    """A format of its own shows four decimals and the key: a cell less wide shows ### in place of the number."""
    pen = _Pen(Book(Workbook(BytesIO()), "en"), "large", {})
    pen._measure(11082.2009)
    bare = pen.widest
    pen._measure(11082.2009, "NE")
    assert bare < len("11,082.2009, NE") < pen.widest


def test_percentages_have_two_decimals():
    """A small difference in per cent is no factor, whose digits are all shown."""
    assert [_kind(head, pd.Series([-0.0777])) for head in ("差异\n（%）", "因子")] == [
        "amount",
        "factor",
    ]
