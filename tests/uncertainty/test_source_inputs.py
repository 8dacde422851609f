"""Uncertain inputs of a source: bounds of another edition, a user's own line, inputs of one source alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.equations import load_sector
from carbonacct.equations.factor_values import load_factors
from carbonacct.factors import load_edition
from carbonacct.uncertainty.energy_cells import _fit_rows, _Rows
from carbonacct.uncertainty.knowledge import Knowledge
from carbonacct.uncertainty.source_inputs import _borrow
from tests.uncertainty.test_sectors import HERD, NITROGEN, Z, made, own, total


@pytest.mark.parametrize(
    ("name", "parameter", "label", "printed"),
    [
        # IPCC 2006, Vol. 5, table 2.4: carbon of wet waste, default and range in %.
        ("waste", "degradable_carbon", "food", (15, 8, 20)),
        ("waste", "degradable_carbon", "paper", (40, 36, 45)),
        ("waste", "degradable_carbon", "wood", (43, 39, 46)),
        ("waste", "degradable_carbon", "textiles", (24, 20, 40)),
        # Vol. 4, tables 11.1 and 11.3; one row of the guidelines serves all regions.
        ("agriculture", "soil_factor", "I", (0.01, 0.003, 0.03)),
        ("agriculture", "soil_factor", "VI", (0.01, 0.003, 0.03)),
        ("agriculture", "deposition_factor", "", (0.01, 0.002, 0.05)),
        ("agriculture", "leached_share", "", (0.3, 0.1, 0.8)),
        ("agriculture", "leaching_factor", "", (0.0075, 0.0005, 0.025)),
    ],
)
def test_bounds_of_another_edition_are_parts_of_its_value(name, parameter, label, printed):
    """Of the row of the same labels, or of one for all: whatever the value that they are laid around."""
    sector = load_sector(f"provincial-2011/{name}")
    about = sector.parameters[parameter]
    rows = [row for one in load_factors(sector, about) for row in one.rows.get(about.file, ())]
    (row,) = (one for one in rows if label in ("", *(word for _, word in one.labels)))
    found = _borrow(sector, row, about, "ipcc-2006")
    value, lower, upper = printed
    assert (found.value, found.lower, found.upper) == pytest.approx(
        (1, lower / value, upper / value)
    )
    assert found.source.startswith(f"bounds of ipcc-2006/{name}/{about.file}.csv:")
    assert _borrow(sector, row, about, "ceads") is None


@pytest.mark.parametrize("line", ["heads|cow|20", "activity|cow|20", "stable||20"])
def test_one_line_of_ones_own_is_enough(tmp_path, line):
    """By its own name or as an activity, with no other line beside it; the rest stays as it is known."""
    model = ca.model_inventory(
        made(NITROGEN, HERD, "beast"), gas="N2O", inputs=own(tmp_path, line), exact=True
    )
    stated = {one.name for one in model.inputs if one.uncertainty.source == "test"}
    assert stated == {
        "activity: stable A 2020" if line.startswith("stable") else "activity: heads A 2020 cow"
    }
    assert not any(one.rule == "inputs-unused" for one in model.findings)


def test_lines_of_different_inputs_stand_beside_each_other(tmp_path):
    """Each finds its own, whatever else is stated."""
    lines = own(tmp_path, "heads|cow|20", "stable||20")
    model = ca.model_inventory(made(NITROGEN, HERD, "beast"), gas="N2O", inputs=lines, exact=True)
    stated = {one.name for one in model.inputs if one.uncertainty.source == "test"}
    assert stated == {"activity: stable A 2020", "activity: heads A 2020 cow"}


def test_a_number_that_one_source_alone_uses_is_uncertain_there(tmp_path):
    """Stables of cows beside the fields of all: the pigs' error stays in the fields, the cows' is in both."""
    inventory = made(NITROGEN, HERD, "beast")
    held = inventory.entries
    kept = held[~((held["flow"] == "stables") & (held["product"] == "pig"))].reset_index(drop=True)
    lines = own(tmp_path, "heads|cow|20", "heads|pig|20")
    model = ca.model_inventory(
        replace(inventory, entries=kept), gas="N2O", inputs=lines, exact=True
    )
    # Cows: 20 t N x 0.1 in the stable and 20 x 0.75 x 0.1 from the field; pigs: the latter alone.
    assert total(model) == pytest.approx((5, 5, 0.2 / Z * np.hypot(3.5, 1.5)))


def test_a_row_that_prints_a_range_alone_is_taken_at_its_middle():
    """Between 1 and 3 the input is 2, and says so in its name; one with a value is that value."""
    row = next(
        one for one in load_edition("ipcc-2006").rows if one.parameter == "net_calorific_value"
    )
    both = [replace(row, value=value, lower=1.0, upper=3.0) for value in (float("nan"), 2.5)]
    found, exact, _ = _fit_rows(_Rows({}, both, ["", ""]), Knowledge("default", ()))
    assert [one.uncertainty.value for one in found] == [2.0, 2.5]
    assert [one.name for one in found] == [f"{row.place} 2", f"{row.place} 2.5"]
    assert exact == 0
