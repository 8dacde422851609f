"""Inventories of fuels and of other sources as one model: what is in it, and how their uncertainties join."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.sectors.all_sectors import compile_sectors
from carbonacct.uncertainty import approximate, simulate
from tests.sectors.energy.building import write_table as write_balance
from tests.sectors.sources.building import write_table

ROWS = {
    "moved_in": {"electricity": 10},
    "industry": {"raw_coal": 70, "diesel": 5, "coke": 20, "wood": 1},
    "transport": {"diesel": 8, "kerosene": 2},
}
ACTIVITIES = [
    ("clinker_output", "", 100, "万吨", "河北", 2021),
    ("steel_by_furnace", "转炉", 1, "万吨", "河北", 2021),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return fuels and processes of a made-up Hebei in one record."""
    folder = tmp_path_factory.mktemp("rows")
    table = write_balance(folder / "balance.csv", ROWS, title="河北能源平衡表(实物量)-2021")
    return compile_sectors(table, write_table(folder, *ACTIVITIES), method="ipcc-2006")


def of(record, **labels):
    """Return the entries that count in a sum of CO2, with some labels."""
    held = record.entries
    held = held[(held["kind"] != "memo") & (held["gas"] == "CO2") & held["value"].notna()]
    for name, label in labels.items():
        held = held[held[name] == label]
    return held


@pytest.mark.parametrize("scope", [1, 2])
def test_the_model_has_the_entries_of_its_scope(whole, scope):
    """Neither memo items nor the other scope: the sum is the inventory's."""
    model = ca.model_inventory(whole, scope=scope)
    wanted = of(whole, scope=scope)
    assert len(wanted)
    assert float(model.value.sum()) == pytest.approx(wanted["value"].sum(), rel=1e-12)
    assert (whole.entries["kind"] == "memo").any()


def test_uncertainties_of_parts_that_share_nothing_join_as_squares(whole):
    """Of fuels and of processes, each by itself and together (IPCC 2006 Vol. 1, equation 3.2); the value adds."""
    parts = [ca.model_inventory(whole.select(sector=name)) for name in ("energy", "processes")]
    tables = [approximate(model, by=["area", "year"]).table for model in (*parts, ca.model_inventory(whole))]
    values, spreads = ([float(table[name].item()) for table in tables] for name in ("value", "sd"))
    assert values[2] == pytest.approx(values[0] + values[1], rel=1e-12)
    assert spreads[2] ** 2 == pytest.approx(spreads[0] ** 2 + spreads[1] ** 2, rel=0.02)
    assert min(spreads) > 0


def test_draws_agree_with_what_is_exact(whole):
    """The drawn mean and spread of the whole lie by those worked out."""
    model = ca.model_inventory(whole)
    exact = approximate(model, by=["area", "year"]).table
    drawn = simulate(model, by=["area", "year"], draws=20_000, seed=1).table
    assert float(drawn["mean"].item()) == pytest.approx(float(exact["mean"].item()), rel=5e-3)
    assert np.isclose(float(drawn["sd"].item()), float(exact["sd"].item()), rtol=0.05)
