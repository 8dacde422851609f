"""Findings on an evaluated source: where a check is broken, and where a second choice served."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.equations.axes import Axes
from carbonacct.equations.places import name_places
from carbonacct.errors import EquationError
from tests.equations.building import KILN, LANDFILL, evaluate_rows, row, rules_of, sector_of

CHECKED = KILN.replace(
    "[[source.example]]",
    'checks = [{ rule = "sold <= made", else = "refuse" }]\n[[source.example]]',
)
CHOICE = KILN.replace("* factor", "* first(measured, factor)").replace(
    "[parameter.factor]", '[parameter.measured]\nunit = "t CO2/(t clinker)"\n[parameter.factor]'
)


def test_a_broken_check_shows_the_place_where_it_is_furthest_from_holding():
    """By the difference of its sides, however large they are; where it holds the number stays."""
    sold = {2018: (1000, 1001), 2019: (10, 100), 2020: (1000, 1000)}
    rows = [
        row(name, value, area="A", year=year)
        for year, pair in sold.items()
        for name, value in zip(("made", "sold"), pair, strict=True)
    ]
    rows += [row("factor", 0.5, area="A", year=year) for year in sold]
    found = evaluate_rows(sector_of(CHECKED), *rows)
    (said,) = [one for one in found.findings if "does not hold" in one.message]
    assert "the left side is 100, the right side 10" in said.message
    assert said.where == "A 2018, A 2019"
    np.testing.assert_array_equal(found.values("kiln"), [[np.nan, np.nan, 0.0]])
    # What is refused holds no number: sums over it add nothing.
    assert found.find("kiln").cells.values.tolist() == [[0.0, 0.0, 0.0]]


def test_what_lacks_is_missed_only_where_something_needs_it():
    """Of an area that makes nothing neither a factor nor an activity is asked for."""
    made, none = {"area": "A", "year": 2020}, {"area": "B", "year": 2020}
    idle = [row("made", 0, **none), row("sold", 0, **none)]
    whole = [row(name, 1, area="C", year=2020) for name in ("made", "sold", "factor")]
    for more in ([], whole):  # no area has one of its own, or one has
        for rows, rule in (
            ([row("made", 10, **made)], "factor-missing"),
            ([row("sold", 1, **made), row("factor", 1, **made)], "activity-missing"),
        ):
            found = evaluate_rows(sector_of(KILN), *rows, *idle, *more)
            (said,) = [one for one in found.findings if one.rule == rule]
            assert said.where == "A 2020"


def test_a_second_choice_is_said_of_the_years_that_it_served():
    """A year with the first choice is not named."""
    rows = [
        row(name, value, area="A", year=year)
        for year in (2019, 2020)
        for name, value in (("made", 10), ("factor", 2))
    ]
    found = evaluate_rows(sector_of(CHOICE), *rows, row("measured", 3, area="A", year=2019))
    assert found.values("kiln").tolist() == [[30, 20]]
    said = [one for one in found.findings if one.where == "A 2020"]
    assert len(said) == 1
    assert "measured" in said[0].message
    whole = evaluate_rows(
        sector_of(CHOICE),
        *rows,
        *(row("measured", 3, area="A", year=year) for year in (2019, 2020)),
    )
    assert set(rules_of(found)) - set(rules_of(whole)) == {said[0].rule}


def test_a_gap_of_years_is_refused_where_one_area_alone_reports():
    """A stock that is looked back at needs each year, though another area has no landfill."""
    rows = [row("deposited", 1e5, area="A", year=year, kind="msw") for year in (2010, 2012)]
    rows += [
        row("deposited", None, notation="NO", area="B", year=year, kind="msw")
        for year in (2010, 2012)
    ]
    rows += [
        row(
            name,
            value,
            area=area,
            year=year,
            **({"kind": "msw"} if name in {"carbon", "decay"} else {}),
        )
        for area in "AB"
        for year in (2010, 2012)
        for name, value in (
            ("carbon", 0.056),
            ("decay", 0.09),
            ("to_methane", 2 / 3),
            ("oxidised", 0.1),
        )
    ]
    with pytest.raises(EquationError, match="2011"):
        evaluate_rows(sector_of(LANDFILL), *rows)


def test_what_looks_over_years_is_reported_by_any_of_them():
    """Before its first waste a landfill emits 0, which is a number; an area that never reports has none."""
    rows = [row("deposited", 1e5, area="A", year=year, kind="msw") for year in (2010, 2011)]
    rows += [row("carbon", 0.056, kind="msw"), row("decay", 0.09, kind="msw")]
    rows += [row("to_methane", 2 / 3), row("oxidised", 0.1)]
    found = evaluate_rows(sector_of(LANDFILL), *rows, years=[2009, 2010, 2011], areas=["A", "B"])
    assert found.values("landfill")[0] == pytest.approx([0, 0, 289.1912174886734])
    assert found.notation("landfill").tolist() == [["", "", ""], ["NE", "NE", "NE"]]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, ""),
        (1, "A 1"),
        (3, "A 1, A 2, A 3"),
        (4, "A 1, A 2, A 3 and 1 more"),
        (9, "A 1, A 2, A 3 and 6 more"),
    ],
)
def test_three_places_are_named(count, said):
    """And how many more there are."""
    axes = Axes(("A",), tuple(range(1, 10)))
    assert name_places(np.arange(9)[None] < count, axes) == said


def test_a_sector_of_one_gas_has_no_dim_of_gases():
    """Its entries say the gas."""
    kiln = evaluate_rows(
        sector_of(KILN), row("made", 1, area="A", year=2020), row("factor", 1, area="A", year=2020)
    )
    assert "gas" not in kiln.data.axes.labels
