"""What reading stops at, and how it is said."""

from __future__ import annotations

import pickle

import pytest

from carbonacct.balances.stops import (
    AnswerableError,
    OpenFlowError,
    Stop,
    ask_units,
    join_stops,
    merge_unitless,
)
from carbonacct.errors import StoppedError, TableError, UnitError
from carbonacct.sheets.raw_sheets import Answer, Sheet, Unknown


@pytest.mark.parametrize(
    ("count", "others"),
    [
        (1, ""),
        (2, " (nor has p1)"),
        (17, ", p16)"),
        (18, ", p16 and 1 more)"),
        (30, ", p16 and 13 more)"),
    ],
)
def test_products_without_a_unit_are_asked_in_one_sentence(count, others):
    """It names seventeen of them, and stands at all their cells."""
    products = [f"p{number}" for number in range(count)]
    stop = ask_units(
        Sheet("t.csv", "", [["x"]]), {name: ((0, n), (2, n)) for n, name in enumerate(products)}
    )
    said = str(stop.error)
    assert said.startswith("t.csv!A1: p0 has no unit")
    assert f"{others}; print it in the header" in said
    assert stop.unitless == tuple(products)
    assert stop.cells == tuple((i, n) for n in range(count) for i in (0, 2))
    assert [(one.kind, one.text) for one in stop.unknown] == [("unit", name) for name in products]


def test_what_stops_reading_travels_between_processes():
    """A contradiction arrives without the sheet that it stands in, an open flow with what it may be."""
    one, other = (
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
        for error in (
            AnswerableError("two rows", Sheet("t.csv", "", [["x"]]), ()),
            OpenFlowError("either", "coking", ("coking.input", "coking.output")),
        )
    )
    assert (type(one), str(one), one.sheet, one.answers) == (AnswerableError, "two rows", None, ())
    assert (type(other), str(other), other.flow) == (OpenFlowError, "either", "coking")
    assert other.ids == ("coking.input", "coking.output")


ONE, OTHER = (Sheet(name, "", [["x"]]) for name in ("a.csv", "b c.csv"))
ASKED = (Unknown("flow", "胡言", ((0, 0),)),)
ANSWERED = (Answer(ASKED[0], ("industry",), "why"),)


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        ([Stop(TableError("x"), ONE)], "x"),
        (
            [Stop(TableError("x"), ONE, ASKED)],
            "x; propose ids with: carbonacct map a.csv -o mapping.csv",
        ),
        (
            [Stop(TableError("x"), ONE, answers=ANSWERED)],
            "x; propose ids with: carbonacct map a.csv -o mapping.csv",
        ),
        ([Stop(TableError("x"), ONE), Stop(TableError("x"), ONE)], "x"),  # once
        (
            [
                Stop(TableError("x"), ONE, ASKED),
                Stop(TableError("y"), OTHER, ASKED),
                Stop(TableError("z"), ONE, ASKED),
            ],
            "x; y; z; propose ids with: carbonacct map a.csv 'b c.csv' -o mapping.csv",
        ),
        (
            [Stop(TableError("x"), ONE), Stop(UnitError("y"), OTHER, ASKED)],
            "x; y; propose ids with: carbonacct map 'b c.csv' -o mapping.csv",
        ),
    ],
)
def test_all_stops_are_one_error(stops, said):
    """Each once; behind the last the command that proposes ids, for the files that a mapping helps."""
    error = join_stops(stops)
    assert str(error).replace("\n", "; ") == said
    assert isinstance(
        error, TableError if len({str(one.error) for one in stops}) == 1 else StoppedError
    )


def test_products_without_a_unit_are_said_once_for_all_sheets():
    """In the place of the first of them; other stops stay where they are."""
    first = ask_units(ONE, {"原煤": ((0, 1),)})
    second = ask_units(OTHER, {"焦炭": ((0, 1),), "原煤": ((0, 2),)})
    other = Stop(TableError("x"), ONE)
    assert merge_unitless([other]) == [other]
    found = merge_unitless([other, first, second])
    assert found[0] is other
    (merged,) = found[1:]
    assert merged.unitless == ("原煤", "焦炭")
    assert str(merged.error).startswith("a.csv!B1: 原煤 has no unit (nor has 焦炭)")


def test_labels_without_a_text_cannot_be_asked():
    """A line of a mapping file cannot name a blank."""
    blank = Unknown("flow", " ", ((1, 0),))
    assert Stop(TableError("x"), ONE, (*ASKED, blank)).askable == ASKED
