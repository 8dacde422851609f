"""What reading stops at, and how it is said."""

from __future__ import annotations

import pickle

import pytest

from carbonacct.balances.stops import AnswerableError, OpenFlowError, ask_units
from carbonacct.sheets.raw_sheets import Sheet


@pytest.mark.parametrize(
    ("count", "others"),
    [(1, ""), (2, " (nor has p1)"), (17, ", p16)"), (18, ", p16 and 1 more)"), (30, ", p16 and 13 more)")],
)
def test_products_without_a_unit_are_asked_in_one_sentence(count, others):
    """It names seventeen of them, and stands at all their cells."""
    products = [f"p{number}" for number in range(count)]
    stop = ask_units(Sheet("t.csv", "", [["x"]]), {name: ((0, n), (2, n)) for n, name in enumerate(products)})
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
