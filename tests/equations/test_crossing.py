"""The equations of one year over the activity data of another: which side each number is from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from carbonacct.equations import load_sector
from carbonacct.equations.arithmetic import MISSING, NO, NUMBER
from carbonacct.equations.crossing import _Laid, _mix_parameter, cross_evaluations
from tests.equations.building import KILN, MANURE, evaluate_rows, row, sector_of

PLACES = [(area, year) for area in "AB" for year in (2019, 2020)]
BEASTS, HOUSINGS = ("cow", "sheep"), {"stable": 0.0, "pasture": 1.0}
FACTORS = {"cow": 1.846, "sheep": 0.2}
BY_BEAST = sector_of(MANURE)
# The same sector, written with the labels in the other order.
BY_HOUSING = sector_of(
    MANURE.replace('dims = ["beast", "housing"]', 'dims = ["housing", "beast"]')
    .replace("cow,stable", "stable,cow")
    .replace("cow,pasture", "pasture,cow")
)
cells = [(*place, beast, housing) for place in PLACES for beast in BEASTS for housing in HOUSINGS]
herds = st.dictionaries(st.sampled_from(cells), st.integers(0, 10**6), min_size=1)


def manure(sector, herd, times=1.0):
    """Return the manure of heads by area, year, beast and housing, with any factors that are given."""
    places = dict.fromkeys(key[:2] for key in herd)
    rows = [
        row("heads", value, area=area, year=year, beast=beast, housing=housing)
        for (area, year, beast, housing), value in herd.items()
    ]
    for area, year in places:
        here = {"area": area, "year": year}
        rows += [
            row("grazing", part, **here, housing=housing) for housing, part in HOUSINGS.items()
        ]
        rows += [
            row("manure_factor", times * factor, **here, beast=beast)
            for beast, factor in FACTORS.items()
        ]
    return evaluate_rows(sector, *rows)


def by_place(evaluation, source):
    """Return the numbers of a source by area, year and label: those that there are."""
    axes = evaluation.data.axes
    (labels,) = evaluation.labels(source).values()
    values = evaluation.values(source)
    return {
        (area, year, label): values[a, y, n]
        for a, area in enumerate(axes.areas)
        for y, year in enumerate(axes.years)
        for n, label in enumerate(labels)
        if not np.isnan(values[a, y, n])
    }


@given(herds, herds, st.sampled_from([BY_BEAST, BY_HOUSING]))
def test_what_both_state_is_the_others(one, other, sector):
    """Over shared areas, activity data and stated parameters give the other's result in any label order."""
    areas = {key[0] for key in one} & {key[0] for key in other}
    assume(areas)
    crossed = cross_evaluations(manure(BY_BEAST, one, times=3), manure(sector, other), ["manure"])
    assert set(crossed.data.axes.areas) == areas
    assert set(crossed.data.axes.years) == {key[1] for key in (*one, *other)}
    wanted = {
        key: value
        for key, value in by_place(manure(sector, other), "manure").items()
        if key[0] in areas
    }
    found = by_place(crossed, "manure")
    assert {key: value for key, value in found.items() if value} == pytest.approx(
        {key: value for key, value in wanted.items() if value}, rel=1e-12
    )
    assert set(wanted) <= set(found)


@given(herds)
def test_over_its_own_activity_data_nothing_changes(herd):
    """Values and notation keys are those of the evaluation."""
    own = manure(BY_BEAST, herd)
    crossed = cross_evaluations(own, own, ["manure"])
    np.testing.assert_array_equal(crossed.values("manure"), own.values("manure"))
    np.testing.assert_array_equal(crossed.notation("manure"), own.notation("manure"))
    assert crossed.labels("manure") == own.labels("manure")


def test_a_label_that_the_other_does_not_name_does_not_occur_where_it_reports():
    """Beside the cows of 2019 there are no sheep; of 2020 the other says nothing of A: nothing is known."""
    whole = {("A", y, b, h): 100 for y in (2019, 2020) for b in BEASTS for h in HOUSINGS}
    rows = [
        row(name, value, area=area, year=year, **labels)
        for area, year in (("A", 2019), ("B", 2020))
        for name, value, labels in (
            ("heads", 100, {"beast": "cow", "housing": "stable"}),
            ("grazing", 0.0, {"housing": "stable"}),
            ("manure_factor", 1.846, {"beast": "cow"}),
        )
    ]
    other = evaluate_rows(BY_BEAST, *rows)
    crossed = cross_evaluations(manure(BY_BEAST, whole, times=3), other, ["manure"])
    assert crossed.notation("manure").tolist() == [[["", "NO"], ["NE", "NE"]]]
    assert crossed.values("manure")[0, 0, 0] == pytest.approx(100 * 1.846e-3)
    heads = crossed.data.numbers["heads"].cells.states
    assert heads[0, 0].tolist() == [[NUMBER, NO], [NO, NO]]
    assert (heads[0, 1] == MISSING).all()


def test_a_label_does_not_occur_where_the_other_reports_any_of_its_own():
    """An area that reports goats or cows, even as NE, has no yaks; of 2021 nothing is known."""
    own = manure(BY_BEAST, {("A", year, "yak", "stable"): 1 for year in (2019, 2020, 2021)})
    kept = {"area": "A", "housing": "stable"}
    goats = {"area": "A", "year": 2019, "beast": "goat", "notation": "NE"}
    rows = [
        *(row("heads", None, housing=housing, **goats) for housing in HOUSINGS),
        row("heads", 1, year=2019, beast="cow", **kept),
        row("heads", 1, year=2020, beast="goat", **kept),
        row("grazing", 1.0, area="A", year=2020, housing="pasture"),
    ]
    crossed = cross_evaluations(own, evaluate_rows(BY_BEAST, *rows), ["manure"])
    yak = crossed.data.axes.labels_of("beast").index("yak")
    states = crossed.data.numbers["heads"].cells.states
    heads = np.moveaxis(states, crossed.data.axes.axis("beast"), 2)[0, :, yak]
    assert [set(year.ravel().tolist()) for year in heads] == [{NO}, {NO}, {MISSING}]


def test_numbers_without_places_are_as_good_as_those_of_a_table():
    """A panel of arrays has no rows: what it holds counts as reported where there is a number."""
    own = manure(BY_BEAST, {("A", 2020, "cow", "stable"): 100})
    numbers = {
        name: replace(one, origins=None, sources=()) for name, one in own.data.numbers.items()
    }
    arrays = replace(own, data=replace(own.data, numbers=numbers))
    (crossed, same) = (cross_evaluations(one, one, ["manure"]) for one in (own, arrays))
    np.testing.assert_array_equal(same.values("manure"), crossed.values("manure"))
    for name, one in crossed.data.numbers.items():
        np.testing.assert_array_equal(same.data.numbers[name].origins, one.origins)


@pytest.mark.parametrize(
    ("mine", "theirs", "taken"),
    [
        # (state, whether it was stated in a table)
        ((NUMBER, False), (NUMBER, False), "mine"),  # two factor rows: each method has its own
        ((NUMBER, False), (NUMBER, True), "theirs"),
        ((NUMBER, True), (NUMBER, False), "theirs"),  # what was stated for another year is unknown
        ((MISSING, False), (NUMBER, False), "theirs"),
        ((NUMBER, True), (MISSING, False), "mine"),
        ((NUMBER, False), (MISSING, True), "mine"),
        ((MISSING, False), (MISSING, False), "mine"),
        ((NO, True), (NUMBER, True), "theirs"),
        ((NUMBER, False), (NO, True), "theirs"),
    ],
)
def test_whose_parameter_serves(mine, theirs, taken):
    """One's own factor row; what a table states of the other; the other's row where nothing else is known."""

    def laid(side, value):
        states, is_cell = (np.array([one]) for one in side)
        return _Laid(np.array([value]), states, is_cell, np.array([True]))

    found = _mix_parameter(laid(mine, 1.0), laid(theirs, 2.0))
    assert found.values.tolist() == [1.0 if taken == "mine" else 2.0]
    assert found.states[0] == (mine if taken == "mine" else theirs)[0]


def kiln(text=KILN, year=2020, **numbers):
    """Return a kiln's evaluation of one place."""
    return evaluate_rows(
        sector_of(text), *(row(name, value, area="A", year=year) for name, value in numbers.items())
    )


MADE = '[activity.made]\nunit = "t clinker"'
SOLD = '[activity.sold]\nunit = "t clinker"\nabsent = "zero"'
KILO = KILN.replace(MADE, MADE.replace("t clinker", "kt clinker")).replace(
    "made = 1000,", "made = 1,"
)
ALONE = (
    KILN.replace("(made - sold)", "made")
    .replace(SOLD, "")
    .replace("sold = 100, ", "")
    .replace("450", "500")
)
STATED = KILN.replace("[parameter.factor]", "[activity.factor]")


@pytest.mark.parametrize(
    ("text", "numbers", "right"),
    [
        (KILN, {"made": 2000, "sold": 100, "factor": 0.25}, 475),
        (KILN, {"made": 2000, "factor": 0.25}, 500),  # what the other does not sell is not sold
        (KILN, {"made": 2000}, 1000),  # a parameter that it does not state stays
        (
            KILO,
            {"made": 2, "factor": 0.25},
            500,
        ),
        (ALONE, {"made": 2000, "factor": 0.25}, 400),  # it does not ask for what is sold: 400 t are
        (
            STATED,
            {"made": 2000, "factor": 0.25},
            1000,
        ),  # its factor is another thing of the same name
    ],
)
def test_what_comes_from_which_side(text, numbers, right):
    """A kiln of 1000 t, 400 t sold and 0.5 t CO2/t, over the numbers of another: by hand."""
    own = kiln(made=1000, sold=400, factor=0.5)
    assert cross_evaluations(own, kiln(text, **numbers), ["kiln"]).values(
        "kiln"
    ).item() == pytest.approx(right)


def test_another_quantity_of_the_same_name_is_not_taken():
    """A factor per head or by kiln does not replace one per tonne of clinker that all kilns share."""
    own = kiln(made=1000, sold=400, factor=0.5)
    heads = KILN.replace("t clinker", "head")
    assert (
        cross_evaluations(own, kiln(heads, made=7, factor=9), ["kiln"]).values("kiln").item() == 300
    )
    dims = KILN.replace('absent = "zero"\n', 'absent = "zero"\ndims = ["kind"]\n').replace(
        "sold)", "sum(sold, kind))"
    )
    dims = dims.replace("sold = 100", "sold = { grey = 100 }")
    crossed = cross_evaluations(own, kiln(dims, made=2000, factor=0.5), ["kiln"])
    assert crossed.values("kiln").item() == (2000 - 400) * 0.5


def test_years_and_areas_of_one_alone():
    """A year that the other lacks has no number; areas that one of both lacks are left out."""
    crossed = cross_evaluations(
        kiln(made=1000, factor=0.5), kiln(year=2019, made=800, sold=100, factor=0.5), ["kiln"]
    )
    assert crossed.data.axes.years == (2019, 2020)
    assert crossed.values("kiln").ravel().tolist() == [350.0, pytest.approx(np.nan, nan_ok=True)]


@pytest.mark.parametrize(("stated", "right"), [(None, 1.154), (1.5, 1.5)])
def test_a_factor_row_stays_unless_the_other_states_the_number(stated, right):
    """Calcium carbide, guideline of 2011, table 2.3: 1.154 t CO2/t; a plant's own number precedes it."""
    sector = load_sector("provincial-2011/processes")
    (name,) = [one for one in sector.parameters if "carbide" in one and "factor" in one]
    output = {"area": "重庆", "year": 2020}
    own, other = (
        evaluate_rows(sector, *rows, factors=True)
        for rows in (
            [row("carbide_output", 1000.0, **output)],
            [row("carbide_output", 2000.0, **output)]
            + ([row(name, stated, **output)] if stated else []),
        )
    )
    assert cross_evaluations(own, other, ["calcium_carbide"]).values(
        "calcium_carbide"
    ).item() == pytest.approx(2000 * right)
    # The other way round the row of the other's table serves, because what was stated is its own.
    back = cross_evaluations(other, own, ["calcium_carbide"])
    assert back.values("calcium_carbide").item() == pytest.approx(1000 * 1.154)


def test_a_dim_of_which_one_side_names_nothing_has_the_labels_of_the_other():
    """An empty report has animals without a name; beside one with names that label is gone."""
    nobody = evaluate_rows(BY_BEAST, row("grazing", 0.0, housing="stable", area="A", year=2020))
    herd = manure(BY_BEAST, {("A", 2020, "cow", "stable"): 100})
    assert nobody.data.axes.labels["beast"] == ("",)
    for own, other, value in ((nobody, herd, 0.1846), (herd, nobody, np.nan)):
        crossed = cross_evaluations(own, other, ["manure"])
        assert crossed.labels("manure") == {"beast": ("cow", "sheep")}
        np.testing.assert_allclose(crossed.values("manure")[0, 0], [value, np.nan])
