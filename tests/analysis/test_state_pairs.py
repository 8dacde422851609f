"""Which states are compared: with the first, the one before, a reference, the mean or each other."""

from __future__ import annotations

import pandas as pd
import pytest

from carbonacct.analysis.identity import parse_identity
from carbonacct.analysis.panel_cells import read_cells
from carbonacct.analysis.state_pairs import list_pairs, report_gaps
from carbonacct.errors import MethodError, PanelError

IDENTITY = parse_identity("a = a")


def pairs(states, *, over="year", by=("area",), chained=False, reference=None):
    """Return (group, before, after) of each pair, from {area: places}, and the findings."""
    rows = [(area, place, 1.0) for area, places in states.items() for place in places]
    table = pd.DataFrame(rows, columns=["area", over, "a"])
    cells = read_cells(table, ["a"], over=over, by=list(by), sum_over=[])
    found = list_pairs(cells, IDENTITY, chained=chained, reference=reference)
    labels = [*cells.places.tolist(), "mean"]
    groups = [label for (label,) in cells.groups.tolist()] if by else [""]
    listed = [
        (groups[group], labels[first], labels[last])
        for group, first, last in zip(*(axis.tolist() for axis in found.indices), strict=True)
    ]
    assert [found.periods[at] for at in found.period.tolist()] == [
        (first, last) for _, first, last in listed
    ]
    assert len(set(found.periods)) == len(found.periods)
    return listed, found.findings


BOTH = {"A": [2010, 2015, 2020], "B": [2015, 2020]}


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, [("A", 2010, 2015), ("A", 2010, 2020), ("B", 2015, 2020)]),
        ({"chained": True}, [("A", 2010, 2015), ("A", 2015, 2020), ("B", 2015, 2020)]),
        ({"reference": 2015}, [("A", 2015, 2010), ("A", 2015, 2020), ("B", 2015, 2020)]),
        ({"reference": "2020"}, [("A", 2020, 2010), ("A", 2020, 2015), ("B", 2020, 2015)]),
        ({"reference": "mean"}, [(a, "mean", y) for a, years in BOTH.items() for y in years]),
        (
            {"reference": "pairs"},
            [("A", 2010, 2015), ("A", 2010, 2020), ("A", 2015, 2020), ("B", 2015, 2020)],
        ),
    ],
)
def test_years_that_are_compared(options, found):
    """Each area with the years that it has; one that it lacks is said."""
    listed, findings = pairs(BOTH, **options)
    assert listed == found
    assert [str(one).split(";")[0] for one in findings] == [
        "area=B has no numbers for 2010: what is there is compared"
    ]


def test_labels_without_an_order_are_compared_with_their_mean():
    """Unless a reference is named, or every pair asked for; nothing is said of what lacks."""
    states = {"s": ["x", "y", "z"]}
    assert pairs(states, over="city")[0] == [("s", "mean", one) for one in "xyz"]
    assert pairs(states, over="city", reference="y")[0] == [("s", "y", "x"), ("s", "y", "z")]
    assert pairs(states, over="city", reference="pairs")[0] == [
        ("s", "x", "y"),
        ("s", "x", "z"),
        ("s", "y", "z"),
    ]
    assert pairs({"s": ["x", "y"], "t": ["x"]}, over="city")[1] == ()


@pytest.mark.parametrize(
    ("states", "options", "error", "message"),
    [
        (
            BOTH,
            {"reference": 2010},
            PanelError,
            "area=B: 2010 has no numbers to compare with; choose another",
        ),
        (BOTH, {"reference": 2016}, PanelError, "no year 2016 to compare with; did you mean 201"),
        (
            BOTH,
            {"reference": "zzz"},
            PanelError,
            "no year 'zzz' to compare with; mean, pairs or a label: 2010, 2015, 2020",
        ),
        ({"A": range(7)}, {"reference": "zz"}, PanelError, r"a label: 0, 1, 2, 3, 4 \.\.\."),
        (
            BOTH,
            {"reference": 2015, "chained": True},
            MethodError,
            "a chain compares each label with the one before",
        ),
        (
            {"A": ["x", "y"]},
            {"over": "city", "chained": True},
            MethodError,
            "city has no order; leave chained",
        ),
        (
            {"A": [2010]},
            {},
            PanelError,
            r"nothing to compare along year: 1 label \(2010\); give at least two",
        ),
        (
            {"A": [2010], "B": [2020]},
            {},
            PanelError,
            r"nothing to compare along year: 2 labels \(2010, 2020\)",
        ),
    ],
)
def test_what_cannot_be_compared(states, options, error, message):
    """Named, with what there is."""
    with pytest.raises(error, match=message):
        pairs(states, **options)


def test_a_state_is_there_with_any_number_of_its_own():
    """Of any of its columns, in any of its cells; a total that is printed in each cell says nothing of a state."""
    rows = [
        (2010, "x", 1.0, 2.0),
        (2010, "y", 1.5, 3.0),
        (2015, "x", 1.0, None),
        (2015, "y", None, None),
        (2020, "x", None, 4.0),
    ]
    table = pd.DataFrame(rows, columns=["year", "sector", "a", "b"])
    cells = read_cells(table, ["a", "b"], over="year", by=[], sum_over=["sector"])
    found = list_pairs(cells, parse_identity("v = a * b"), chained=False, reference=None)
    assert found.periods == ((2010, 2015), (2010, 2020))
    empty = pd.concat([table, pd.DataFrame({"year": [2025], "sector": ["x"]})])
    cells = read_cells(empty, ["a", "b"], over="year", by=[], sum_over=["sector"])
    again = list_pairs(cells, parse_identity("v = a * b"), chained=False, reference=None)
    assert again.periods == found.periods
    assert "no numbers for 2025" in str(again.findings[0])


def test_gaps_are_told_of_each_group():
    """Which places lack, at most five by name, and whether anything is left to compare."""
    there = pd.DataFrame([[1] * 8, [0] * 7 + [1], [1, 0, 1, 1, 1, 1, 1, 1]]).to_numpy(bool)
    found = report_gaps(there, range(2000, 2008), "g{}".format)
    assert [finding.rule for finding in found] == ["no-numbers", "no-numbers"]
    assert str(found[0]).startswith("g1 has no numbers for 2000, 2001, 2002, 2003, 2004")
    assert "there is nothing to compare" in str(found[0])
    assert str(found[1]).startswith("g2 has no numbers for 2001: what is there is compared")
    assert report_gaps(there[:1], range(8), str) == []
