"""What is worked out of a record once: by its shelf, and as long as it lives."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.errors import Finding, Gap
from carbonacct.sectors.energy.inventory_cache import (
    FINDINGS,
    FRAME,
    Codec,
    keep_per_record,
    keep_piece,
    put_on_shelf,
)

SQUARES = Codec(
    write=lambda piece: [number * number for number in piece],
    read=lambda held, record: [*held, record],
)


class Record:
    """Anything that has attributes."""


class Memory(dict):
    """A shelf in memory."""

    find, put = dict.get, dict.__setitem__


def test_a_piece_is_read_from_its_text_also_where_it_was_just_made():
    """So that a report shows the same, whatever was built before; the record is there to read it."""
    one, shelf = Record(), Memory()
    put_on_shelf(one, shelf)
    first = keep_piece(one, "a", SQUARES, lambda: [2, 3])
    assert first == keep_piece(one, "a", SQUARES, pytest.fail) == [4, 9, one]
    assert keep_piece(one, "b", SQUARES, lambda: [5]) == [25, one]
    assert shelf == {"a": b"[4, 9]", "b": b"[25]"}


def test_letters_are_kept_as_they_are():
    """As UTF-8."""
    one, shelf = Record(), Memory()
    put_on_shelf(one, shelf)
    keep_piece(one, "a", Codec(write=str, read=lambda held, _: held), lambda: "煤")
    assert shelf["a"].decode() == '"煤"'


@pytest.mark.parametrize("record", [None, Record()])
def test_without_a_shelf_a_piece_is_what_was_made(record):
    """As it is, each time."""
    assert keep_piece(record, "a", SQUARES, lambda: [2]) == [2]
    assert keep_piece(record, "a", SQUARES, lambda: [3]) == [3]


def test_work_is_done_once_for_each_record():
    """Nothing of one record is said of another, nor of another work."""
    seen = []

    @keep_per_record
    def list_seen(record):
        """Say what was asked."""
        seen.append(record)
        return len(seen)

    one, other = Record(), Record()
    assert [list_seen(record) for record in (one, one, other, one)] == [1, 1, 2, 1]
    assert seen == [one, other]
    assert list_seen.__doc__ == "Say what was asked."
    assert keep_per_record(type)(one) is Record


def test_with_a_codec_the_shelf_has_it_too():
    """A second record of the same shelf reads what the first one made."""

    def work(record):
        return [record.number]

    kept, shelf = keep_per_record(work, SQUARES), Memory()
    one, other = Record(), Record()
    one.number, other.number = 2, 3
    for record in (one, other):
        put_on_shelf(record, shelf)
    assert kept(one) == [4, one]
    assert kept(other) == [4, other]
    assert kept(one) is kept(one)


COLUMNS = st.fixed_dictionaries(
    {
        "year": st.integers(1900, 2100),
        "value": st.floats(allow_infinity=False),
        "key": st.sampled_from(["NE", "", "煤"]),
        "complete": st.booleans(),
    }
)


@given(st.lists(COLUMNS, max_size=4))
def test_a_table_comes_back_to_the_last_bit(rows):
    """Kinds of columns as well, of an empty one too."""
    kinds = {"year": "int64", "value": "float64", "key": "object", "complete": "bool"}
    table = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)
    back = FRAME.read(json.loads(json.dumps(FRAME.write(table))), None)
    pd.testing.assert_frame_equal(back, table, check_exact=True)


@pytest.mark.parametrize("worth", [None, 12.5, math.nan])
def test_a_finding_comes_back_with_its_gaps(worth):
    """A worth that is not known is none."""
    gap = Gap("甲", 2020, "industry", "coke", 1.5)
    one = Finding(
        "identity", "error", "a differs", "f!s!B2", "correct it", gaps=(gap,), worth=worth
    )
    (back,) = FINDINGS.read(json.loads(json.dumps(FINDINGS.write([one]))), None)
    assert (back.rule, back.severity, back.where, back.gaps) == (
        "identity",
        "error",
        "f!s!B2",
        (gap,),
    )
    assert back.worth == (12.5 if worth == 12.5 else None)
