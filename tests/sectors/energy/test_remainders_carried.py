"""Every way out of a table carries what its printed numbers have beyond their parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.sectors.energy.coal_equivalent import to_coal_equivalent
from carbonacct.sectors.energy.energy_panel import fold_remainders
from carbonacct.sectors.energy.reference_approach import compile_reference
from tests.balances.test_remainders import frame, make

WHOLE = {
    "final_consumption": {"diesel": 90_000, "kerosene": 50_000, "jet_kerosene": 0},
    "industry": {"diesel": 60_000},
    "industry.chemicals": {"diesel": 20_000},
    "transport": {"diesel": 30_000, "kerosene": 50_000, "jet_kerosene": 0},
}


def test_a_trace_names_the_cells_that_it_is_the_difference_of(tmp_path):
    """Parent less parts, each with its cell; the factors are those of the parent."""
    path = tmp_path / "table.csv"
    path.write_text(
        "某市能源平衡表 2019\n项目,原煤(万吨),柴油(万吨)\n工业,100,50\n化学原料和化学制品制造业,30,10\n",
        encoding="utf-8",
    )
    inventory = ca.compile_inventory(path, method="provincial-2011")
    trace = ca.trace(inventory, flow="industry.remainder", product="diesel")
    assert trace.value == pytest.approx(40e4 * 3.09590964)
    assert trace.where == ("table.csv!C3 - table.csv!C4",)


def test_other_doors_carry_them():
    """Coal equivalent and the reference approach see the whole of a table."""
    rows = {
        "primary_supply": {"kerosene": 50_000, "jet_kerosene": 0},
        "imports": {"kerosene": 50_000, "jet_kerosene": 0},
        "transport": {"kerosene": 50_000, "jet_kerosene": 0},
    }
    balance = make(rows)
    equivalent, _ = to_coal_equivalent(balance, method="gb-t-2589-2020")
    by_flow = equivalent.groupby("flow")["value"].sum()
    assert by_flow["transport"] == pytest.approx(50_000 * 1.4714, rel=1e-6)
    found = compile_reference(balance, method="provincial-2011")
    apparent = found.table["apparent_consumption"]
    assert float(apparent.sum().item()) == pytest.approx(50_000)


def test_a_panel_in_chunks_folds_them_into_their_parents():
    """Areas with and without a remainder: each its own total, under the labels of the table."""
    whole, closed = frame(WHOLE, area="A"), frame(WHOLE, area="B")
    closed.loc[closed["flow"] == "industry.chemicals", "value"] = 60_000
    both = pd.concat([whole, closed])
    together = ca.compile_inventory(both, method="provincial-2011")
    alone = [ca.compile_inventory(each, method="provincial-2011") for each in (whole, closed)]
    sums = together.emissions.sum(["year", "flow", "product", "gas"]).values
    expected = [np.nansum(each.emissions.values) for each in alone]
    np.testing.assert_allclose(sums, expected)
    folded = fold_remainders(together.emissions)
    assert set(folded["flow"].values) == set(WHOLE)
    assert set(folded["product"].values) == {"diesel", "kerosene", "jet_kerosene"}
    np.testing.assert_allclose(folded.sum(["year", "flow", "product", "gas"]), expected)
