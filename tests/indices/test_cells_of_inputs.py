"""Numbers of a table of inputs: their bounds, their percentages, and what an inventory brings beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from carbonacct.errors import IndexDataError
from carbonacct.indices.index_declaration import load_index
from carbonacct.indices.index_panel import panel_from_frame
from carbonacct.indices.inventory_values import add_inventory, fold_area, name_cells
from tests.indices.building import MIN_MAX, declare

INDEX = load_index("ccni-2.0")


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, ""), (5.0, ""), (2.5, ""), (-0.1, "-0.1"), (5.1, "5.1")]
)
def test_a_number_lies_within_the_bounds_of_its_input(tmp_path, value, said):
    """The bounds themselves are within; beyond them the cell is named with both."""
    index = declare(tmp_path, 'x|unit = "points"', rules=MIN_MAX.replace("100", "5"))
    frame = pd.DataFrame({"area": ["甲"], "year": [2020], "x": [value]})
    if not said:
        assert panel_from_frame(frame, index).values.sel(input="x").item() == value
        return
    with pytest.raises(
        IndexDataError, match=rf"table!C2: x is {said}, expected .*0.*5.* points; correct the cell"
    ):
        panel_from_frame(frame, index)


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        # A whole column of parts of one; one of them among percentages; one itself.
        ([0.2, 0.9], ["C2", "C3"]),
        ([0.2, 40.0], ["C2"]),
        ([1.0, 40.0], ["C2"]),
        ([0.2, 5.0], ["C2"]),
        # Nothing, small percentages, percentages alone.
        ([0.0, 0.0], []),
        ([0.0, 40.0], []),
        ([0.9, 4.9], []),
        ([1.1, 40.0], []),
        ([-0.2, 40.0], ["C2"]),
        ([np.nan, 0.5], ["C3"]),
    ],
)
def test_a_percentage_that_looks_like_a_share_of_one(tmp_path, values, cells):
    """Each is named with what it would be; among percentages whose middle is five or more, or where all are such."""
    index = declare(tmp_path, "x")
    frame = pd.DataFrame({"area": ["甲", "乙"], "year": 2020, "x": values})
    found = [
        one for one in panel_from_frame(frame, index).findings if one.rule == "percentage-as-share"
    ]
    assert [one.where for one in found] == [f"table!{cell}" for cell in cells]
    for one in found:
        value = values[int(one.where[-1]) - 2]
        assert (
            one.message
            == f"x is {value:g}, expected a percentage; it may be the share of {100 * value:g} %"
        )
        assert one.action == f"write {100 * value:g} if so"


@pytest.mark.parametrize("unit", ["t", "points"])
def test_other_numbers_may_be_small(tmp_path, unit):
    """Half a tonne is no share."""
    index = declare(tmp_path, f'x|unit = "{unit}"')
    frame = pd.DataFrame({"area": ["甲"], "year": 2020, "x": [0.5]})
    assert not panel_from_frame(frame, index).findings


def rows(*entries):
    """Return rows of an inventory: area, year, flow, product, category, scope, gas, t."""
    names = ["area", "year", "flow", "product", "category", "scope", "gas", "value"]
    return pd.DataFrame(entries, columns=names).assign(unit="t", method="m")


def put(frame, areas=("重庆",), **given):
    """Return the panel of a table with an inventory beside it."""
    table = pd.DataFrame({"area": list(areas), "year": 2020, "gdp": 1.0} | given)
    return add_inventory(panel_from_frame(table, INDEX), frame, INDEX)


COAL = ("重庆", 2020, "industry", "raw_coal", "1.A.2", 1, "CO2", 6e7)
POWER = ("重庆", 2020, "moved_in", "electricity", "", 2, "CO2", 1e7)


def test_emissions_of_energy_are_those_of_the_index():
    """Scope 1 and 2 of fuels and electricity in 10 000 t; methane and cement are not in them."""
    others = [
        ("重庆", 2020, "cement", "", "2.A.1", 1, "CO2", 5e6),
        ("重庆", 2020, "landfill", "", "4.A", 1, "CH4", 1e6),
    ]
    panel = put(rows(COAL, POWER, *others))
    assert panel.values.sel(area="重庆", year=2020, input="co2").item() == pytest.approx(7000)
    assert panel.status.sel(area="重庆", year=2020, input="co2").item() == "inventory"
    said = [one for one in panel.findings if one.rule == "index-energy-alone"]
    assert [(one.severity, one.message) for one in said] == [
        (
            "info",
            (
                "emissions of the index are those of energy: 5,000,000 t CO2 of the other sectors of 重庆 2020 are not "
                "in them"
            ),
        )
    ]
    assert not [one for one in put(rows(COAL, POWER)).findings if one.rule == "index-energy-alone"]


@pytest.mark.parametrize(
    ("entries", "lacks"),
    [
        ((COAL,), "scope 2"),
        ((POWER,), "scope 1"),
        ((COAL, ("重庆", 2020, "moved_in", "heat", "", 2, "CO2", 1e6)), "electricity of scope 2"),
    ],
)
def test_what_an_inventory_lacks_is_said_and_not_counted_as_nothing(entries, lacks):
    """One of the scopes, or electricity where there is heat."""
    panel = put(rows(*entries))
    assert np.isnan(panel.values.sel(area="重庆", year=2020, input="co2").item())
    said = [one.message for one in panel.findings if one.rule == "inventory-incomplete"]
    assert said == [
        f"co2 of 重庆 2020 is not taken from the inventory, which has no number of {lacks}"
    ]


@pytest.mark.parametrize(
    ("given", "is_said"), [(7000.0, False), (7035.0, False), (7036.0, True), (6964.0, True)]
)
def test_a_number_of_the_table_agrees_with_the_inventory(given, is_said):
    """To half a percent; the inventory's is taken, and beyond that the cell is named with both."""
    if is_said:
        with pytest.raises(
            IndexDataError,
            match=rf"table!D2: co2 is {given:g}, the inventory gives 7000 .*; clear the",
        ):
            put(rows(COAL, POWER), co2=given)
    else:
        assert put(rows(COAL, POWER), co2=given).values.sel(input="co2").item() == pytest.approx(
            7000
        )


@pytest.mark.parametrize(
    ("area", "year", "is_used"),
    [("重庆市", 2020, True), ("四川", 2020, False), ("重庆", 2019, False)],
)
def test_an_inventory_of_another_place_or_year_is_not_used(area, year, is_used):
    """One spelling or another is one area; what has no row is said."""
    moved = [(area, year, *entry[2:]) for entry in (COAL, POWER)]
    panel = put(rows(*moved))
    assert np.isnan(panel.values.sel(input="co2").item()) is not is_used
    said = [one.message for one in panel.findings if one.rule == "inventory-not-used"]
    wanted = [f"the inventory of {area} {year} was not used: the table has no row of it"]
    assert said == ([] if is_used else wanted)
    assert (fold_area(area) == fold_area("重庆")) is (area != "四川")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([], ""),
        (["a!B2"], "a!B2"),
        (["a!B2", "", "a!B2"], "a!B2"),
        (["a!B2", "a!B3", "a!B4"], "a!B2; a!B3; a!B4"),
        (["a!B2", "a!B3", "a!B4", "a!B5"], "a!B2; a!B3; a!B4; … (4)"),
    ],
)
def test_three_cells_of_a_sum_are_named(cells, said):
    """Each once; of more it is said how many they are."""
    assert name_cells(cells) == said
