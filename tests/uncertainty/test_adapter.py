"""Inventories of fuels and of other sources as one model: what is in it, and how their uncertainties join."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import UncertaintyError
from carbonacct.sectors.all_sectors import compile_sectors
from carbonacct.uncertainty import approximate, simulate
from carbonacct.uncertainty.adapter import _name_in_both
from tests.sectors.energy.building import write_table as write_balance
from tests.sectors.sources.building import compiled, write_table

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
    tables = [
        approximate(model, by=["area", "year"]).table
        for model in (*parts, ca.model_inventory(whole))
    ]
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


def test_entries_that_nobody_asks_for_stop_nothing(whole):
    """Memo items and the other scope may come from a file without factors; what is counted may not."""
    held = whole.entries
    counted = (held["scope"] == 1) & (held["kind"] != "memo")
    beside = replace(whole, entries=held.assign(origin=held["origin"].where(counted, -1)))
    assert (beside.entries["origin"] < 0).any()
    assert float(ca.model_inventory(beside).value.sum()) == pytest.approx(
        of(whole, scope=1)["value"].sum(), rel=1e-12
    )
    first = counted & held["value"].notna() & (held["gas"] == "CO2")
    unknown = replace(whole, entries=held.assign(origin=held["origin"].where(~first, -1)))
    with pytest.raises(UncertaintyError, match="holds no factors"):
        ca.model_inventory(unknown)


def test_fuels_beside_an_equation_are_products_still(tmp_path):
    """Landfills by their equation, fuels by multiplication: each as by itself, variances added up."""
    years = range(2010, 2022)
    rows = [("deposited", "food", 1e5, "t", "河北", year) for year in years]
    rows += [("site_share", "managed", 100, "%", "河北", year) for year in years]
    tables = [
        write_balance(tmp_path / "balance.csv", ROWS, title="河北能源平衡表(实物量)-2021"),
        write_table(tmp_path, *rows),
    ]
    zones = {"climate_zones": {"河北": "temperate_wet"}}
    both = compile_sectors(*tables, method="ipcc-2006", partitions=zones)
    parts = [both.select(sector="energy"), both.select(sector="waste"), both]
    models = [ca.model_inventory(part, gwp="AR5GWP100", exact=True) for part in parts]
    assert [len(model.computed) for model in models] == [0, 1, 1]
    tables = [approximate(model, by=["area", "year"]).table.sel(year=2021) for model in models]
    for name, power in (("value", 1), ("mean", 1), ("sd", 2)):
        energy, waste, whole = (float(table[name].item()) ** power for table in tables)
        assert whole == pytest.approx(energy + waste, rel=1e-9)
        assert min(energy, waste) > 0


def test_fuels_beside_an_equation_that_is_no_product(whole, tmp_path):
    """A landfill by decay beside fuels and processes: each is what it is by itself, in moments and in draws."""
    rows = [("deposited", "food", 1e5, "t", "河北", year) for year in range(2015, 2022)]
    rows += [("site_share", "managed", 100, "%", "河北", year) for year in range(2015, 2022)]
    zones = {"climate_zones": {"河北": "temperate_wet"}}
    waste = compiled(tmp_path, *rows, method="ipcc-2006", partitions=zones).select(
        flow="landfill_decay"
    )
    options, by = {"gwp": "AR5GWP100", "exact": True}, ["sector", "year"]
    model = ca.model_inventory([whole, waste], **options)
    assert len(model.computed) == 1
    joined, drawn = (
        found.table.sel(year=2021).to_dataframe()
        for found in (approximate(model, by=by), simulate(model, by=by, draws=8192))
    )
    for sector, part in (("energy", whole), ("processes", whole), ("waste", waste)):
        own = ca.model_inventory(part.select(sector=sector), **options)
        alone = approximate(own, by=["year"]).table.sel(year=2021)
        for name in ("value", "mean", "sd"):
            assert joined.loc[sector, name] == pytest.approx(float(alone[name].item()), rel=1e-9)
        again = simulate(own, by=["year"], draws=8192).table.sel(year=2021)
        assert drawn.loc[sector, "upper"] == pytest.approx(float(again["upper"].item()), rel=0.02)


def test_an_entry_is_called_by_its_source_in_chinese(whole, tmp_path):
    """Of the first origin as of any other; fuels are called by their ids in either language."""
    own = compiled(tmp_path, ACTIVITIES[0], method="ipcc-2006")
    for held in (own, whole.select(sector="processes")):
        names = [_name_in_both(held, row) for _, row in held.entries.iterrows()]
        assert all(name.zh.startswith("河北 2021 ") and name.zh != name for name in names)
        assert any("水泥" in name.zh for name in names)
    assert own.entries["origin"].min() == 0
    _, coal = next(whole.select(sector="energy").entries.iterrows())
    assert getattr(_name_in_both(whole, coal), "zh", "") in {"", _name_in_both(whole, coal)}
