"""Activities that go together over one dim: those alike in all others, each group by itself."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty.correlation import correlate_activities

LABELS = {
    "area": np.array(["A", "B"]),
    "year": np.array([2019, 2020, 2021]),
    "gas": np.array(["CO2", "CH4"]),
}


def groups(cells, stated=0.5, dim="year", own=None):
    """Return the groups of inputs of cells, each a label number of area, year and gas."""
    codes = {
        name: np.array(column)
        for name, column in zip(LABELS, zip(*cells, strict=True), strict=True)
    }
    own = np.arange(len(cells)) if own is None else np.array(own)
    return correlate_activities(codes, LABELS, own, {dim: stated})


def matrix(factor):
    """Return the matrix that a factor is of."""
    return np.round(factor @ factor.T, 12).tolist()


EVERY = [(area, year, 0) for area in (0, 1) for year in (0, 1, 2)]


def test_each_area_has_a_group_of_its_years_and_each_year_one_of_its_areas():
    """Whatever the order of the cells: of six the years of each area, or the areas of each year."""
    for order in (range(6), [5, 3, 1, 0, 2, 4]):
        found = groups([EVERY[at] for at in order], own=list(order))
        assert sorted(sorted(inputs.tolist()) for inputs, _ in found) == [[0, 1, 2], [3, 4, 5]]
        across = groups([EVERY[at] for at in order], dim="area", own=list(order))
        assert sorted(sorted(inputs.tolist()) for inputs, _ in across) == [[0, 3], [1, 4], [2, 5]]


def test_three_dims_are_told_apart():
    """Cells that differ in two dims are of two groups, whichever numbers their labels have."""
    labels = {name: np.arange(3) for name in ("a", "b", "c")}
    cells = np.array([(a, b, c) for a in range(3) for b in range(3) for c in range(3)])
    codes = dict(zip(labels, cells.T, strict=True))
    found = correlate_activities(codes, labels, np.arange(27), {"c": 0.2})
    assert [cells[inputs][:, :2].tolist() for inputs, _ in found] == [
        [[a, b]] * 3 for a in range(3) for b in range(3)
    ]


def test_the_gases_of_one_activity_are_one_and_what_is_certain_is_none():
    """Two cells of one input count once; one alone, and one without an input (-1), go with none."""
    cells = [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 2, 0), (1, 0, 0)]
    ((inputs, factor),) = groups(cells, own=[0, 0, 1, 1, -1, 2])
    assert inputs.tolist() == [0, 1]
    assert matrix(factor) == [[1.0, 0.5], [0.5, 1.0]]


@pytest.mark.parametrize("stated", [-1.0, 0.0, 1.0])
def test_a_number_stands_for_every_pair(stated):
    """From wholly against each other to wholly together: L L' is the matrix."""
    ((_, factor),) = groups([(0, 0, 0), (0, 2, 0)], stated)
    assert matrix(factor) == [[1.0, stated], [stated, 1.0]]


@pytest.mark.parametrize(
    ("cells", "stated", "said"),
    [
        ([(0, 0, 0), (1, 1, 0)], 0.5, "no two uncertain activities differ in year alone"),
        ([(0, 0, 0), (0, 0, 0)], 0.5, "alike in all dims but year, and in year as well"),
        ([(0, 0, 0), (0, 1, 0)], 1.01, "it lies between -1 and 1"),
        ([(0, 0, 0), (0, 1, 0), (0, 2, 0)], -0.51, "contradicts itself"),  # three have -1/2 at most
    ],
)
def test_what_cannot_be_correlated_says_why(cells, stated, said):
    """Too few, twice the same, out of range, or against each other."""
    with pytest.raises(UncertaintyError, match=said):
        groups(cells, stated)
    if "contradicts" in said:
        ((inputs, _),) = groups(cells, -0.5)
        assert len(inputs) == 3
