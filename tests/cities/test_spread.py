"""How far the answers of indices are apart: ranges by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.amounts.origins import CellOrigin, Origins
from carbonacct.cities.spread import note_single_indices, tabulate_origins, tabulate_spread

CELLS = {
    ("industry", "diesel"): 100.0,
    ("industry.chemicals", "diesel"): 30.0,
    ("transport", "diesel"): 40.0,
    ("production", "diesel"): 7.0,
    ("thermal_power", "diesel"): -20.0,
    ("refining", "diesel"): 60.0,
    ("transport", "coke"): 8.0,
}
SHARED = CellOrigin("allocated", "beta", "gdp", 1.0, 4.0, "t", 0.25, 0.2, 0.5)
ORIGINS = {
    ("transport", "diesel"): SHARED,
    ("thermal_power", "diesel"): SHARED,
    ("transport", "coke"): CellOrigin("allocated", "beta", "population", 1.0, 4.0, "t", 0.25),
    ("industry.chemicals", "diesel"): CellOrigin("printed", "gamma", source="x"),
    ("production", "diesel"): CellOrigin("allocated", "beta", "gdp", 0.0, 4.0, "t", 0.0, 0.0, 0.5),
}


@pytest.fixture
def city():
    """Return a balance of a few cells and how they came about."""
    rows = [(flow, product, number) for (flow, product), number in CELLS.items()]
    frame = pd.DataFrame(rows, columns=["flow", "product", "value"])
    balance = ca.make_balance(frame.assign(area="A", year=2019))
    records = tuple(dict.fromkeys(ORIGINS.values()))
    codes = np.full(balance.place.shape, -1, np.int32)
    for (flow, product), origin in ORIGINS.items():
        codes[0, 0, balance.flows.index(flow), balance.products.index(product)] = records.index(
            origin
        )
    return replace(balance, origins=Origins(balance.place.copy(data=codes), records))


def test_each_cell_has_its_range(city):
    """Low and high are the value at the lowest and highest share: 40 at 1/4 is 32 at 1/5 and 80 at 1/2."""
    frame = tabulate_origins(city).set_index(["flow", "product"])
    assert len(frame) == len(CELLS)
    assert frame["value"].to_dict() == CELLS
    ranges = {place: (row["low"], row["high"]) for place, row in frame.iterrows()}
    assert ranges == {place: (number, number) for place, number in CELLS.items()} | {
        ("transport", "diesel"): (32.0, 80.0),
        ("thermal_power", "diesel"): (-16.0, -40.0),
    }
    assert frame.loc[("transport", "diesel"), ["how", "case", "index"]].tolist() == [
        "allocated",
        "beta",
        "gdp",
    ]
    assert frame.loc[("industry", "diesel"), ["how", "case", "index"]].tolist() == [
        "printed",
        "alpha",
        "",
    ]
    assert set(frame.index[~frame["leaf"]]) == {("industry", "diesel")}  # of which a part is there
    assert set(frame["unit"]) == {"t"}


def test_a_balance_as_printed_has_one_way(city):
    """Without origins each number is printed and has no range."""
    frame = tabulate_origins(replace(city, origins=None))
    assert (frame["how"] == "printed").all()
    assert (frame["low"] == frame["value"]).all()
    assert (frame["high"] == frame["value"]).all()
    assert frame["share"].isna().all()


def test_the_use_of_a_product_adds_up_with_its_range(city):
    """Final uses without parts, and inputs of plants: diesel 30 + 40 + 20, at least 30 + 32 + 16."""
    table = tabulate_spread(city).set_index("product")[["value", "low", "high", "allocated"]]
    assert table.T.to_dict("list") == {
        "diesel": [90.0, 78.0, 150.0, 60.0],
        "coke": [8.0, 8.0, 8.0, 8.0],
    }
    assert note_single_indices(replace(city, origins=None)) == []


def test_rows_of_one_index_are_named(city):
    """Coke of transport by population alone: what another index would say is not known."""
    (finding,) = note_single_indices(city)
    assert (finding.rule, finding.severity) == ("city-one-index", "warning")
    assert finding.message.startswith("one index alone allocates transport (population): ")
    without = {
        place: SHARED if origin.index == "population" else origin
        for place, origin in ORIGINS.items()
    }
    records = tuple(dict.fromkeys(without.values()))
    cells = city.origins.cells
    codes = np.full(cells.shape, -1, np.int32)
    for (flow, product), origin in without.items():
        codes[0, 0, city.flows.index(flow), city.products.index(product)] = records.index(origin)
    assert (
        note_single_indices(replace(city, origins=Origins(cells.copy(data=codes), records))) == []
    )
