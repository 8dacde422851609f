"""From a balance to its inventory: activity data times the factors it names, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import ChecksFailedError, MethodError, TableError
from tests.factors.building import sound, write_edition
from tests.sectors.energy.made_balances import balance_of, panel_of

ROWS = {
    "industry": {"diesel": 5, "wood": 1, "raw_coal": 0},
    "households_rural": {"straw": 2, "diesel": 0},
    "moved_in": {"electricity": 3, "heat": 4},
}


@pytest.fixture(scope="module")
def panel():
    """Return the inventory of two areas, of which one has a factor of electricity, in one of three years."""
    tables = {(area, year): ROWS for area in ("重庆", "A") for year in (1990, 2012, 2020)}
    return ca.compile_inventory(panel_of(tables), method="ipcc-2006", gases=["all"])


def test_each_number_is_its_activity_times_the_factors_of_its_chain(panel):
    """Of every gas, area and year; a cell that names no chain has no number, and one with a number names one."""
    for g, gas in enumerate(panel.gases):
        for cell in np.ndindex(panel.counted.shape):
            product = panel.balance.products[cell[3]]
            indirect = product in {"electricity", "heat"}
            value = (
                panel.indirect.sel(gas=gas, product=product).values[cell[:3]]
                if indirect
                else panel.emissions.values[*cell, g]
            )
            number = panel.chain[*cell, g]
            if number >= 0:
                chain = panel.chains[number]
                assert chain.complete[cell]
                if not np.isnan(value):
                    assert value == pytest.approx(
                        panel.activity[cell] * chain.factor[cell], rel=1e-12
                    )
            else:
                assert np.isnan(value) or (value == 0 == panel.activity[cell])
            if not np.isnan(value) and panel.activity[cell]:
                assert number >= 0


def test_a_place_and_year_without_a_factor_of_electricity_has_no_number(panel):
    """The one with a factor has; heat, whose factor is of no year, has one everywhere."""
    moved = panel.indirect.sel(flow="moved_in", gas="CO2")
    assert (~np.isnan(moved.sel(product="electricity"))).values.tolist() == [
        [False, True, False],
        [False] * 3,
    ]
    assert (moved.sel(product="heat") == 4e6 * 0.11 / 100).all()
    rows = panel.chain[
        :, :, panel.balance.flows.index("moved_in"), panel.balance.products.index("electricity"), 0
    ]
    assert (rows >= 0).tolist() == [[False, True, False], [False] * 3]


def test_gases_come_in_the_order_of_the_method():
    """However they are asked for, and each once."""
    balance = balance_of({"industry": {"diesel": 5}})
    orders = [["N2O", "CO2"], ["CO2", "N2O", "CO2"]]
    assert [
        ca.compile_inventory(balance, method="ipcc-2006", gases=one).gases for one in orders
    ] == [["CO2", "N2O"]] * 2


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"area": "重庆"}, "are for files; the balance has been read"),
        ({"year": 2020}, "are for files; the balance has been read"),
        ({"mapping": "m.csv"}, "are for files; the balance has been read"),
        ({"layout": "l.csv"}, "are for files; the balance has been read"),
        ({"sheet": "1"}, "are for files; the balance has been read"),
        ({"method": ca.load_method("ipcc-2006"), "overlay": "o"}, "the method has been loaded"),
        (
            {"method": ca.load_method("ipcc-2006"), "allow_unverified": True},
            "the method has been loaded",
        ),
        (
            {"method": ca.load_method("ipcc-2006"), "carbon_pool": "gas"},
            "the method has been loaded",
        ),
        (
            {"method": ca.load_method("ipcc-2006"), "feedstock_counts": ["coke"]},
            "the method has been loaded",
        ),
        ({"gases": ["CO2", "SF6"]}, "ipcc-2006 has no factors of SF6; it has CO2, CH4, N2O"),
        ({"method": "gb-t-2589-2020"}, "turns a table into coal equivalent, not into emissions"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(options, fault):
    """What has been read or loaded takes no option; a gas or a method that gives no emissions is named."""
    with pytest.raises(MethodError, match=fault):
        ca.compile_inventory(
            balance_of({"industry": {"diesel": 5}}), **{"method": "ipcc-2006", **options}
        )


def test_a_table_of_which_nothing_counts_says_why():
    """Total energy has no carbon; rows that burn nothing; both are inventories without a number where that is asked."""
    frame = pd.DataFrame(
        [["A", 2020, "industry", "total_energy", 5.0]],
        columns=["area", "year", "flow", "product", "value"],
    )
    with pytest.raises(TableError, match="has only total_energy, no fuels"):
        ca.compile_inventory(frame, method="ipcc-2006")
    balance = balance_of({"industry": {"other_energy": 5}})
    with pytest.raises(
        TableError,
        match="nothing of the table counts, of 1 numbers: 重庆 2022: 50,000 tce of other_energy is not",
    ):
        ca.compile_inventory(balance, method="ipcc-2006")
    assert not ca.compile_inventory(balance, method="ipcc-2006", allow_empty=True).counted.any()


def test_the_reason_why_nothing_counts_is_no_note_on_what_would():
    """Power of years that no grid factor is of: the year is the reason, not that all of it would be brought in."""
    balance = balance_of(
        {"secondary_industry": {"electricity": 8}, "industry": {"electricity": 7}}, year=2016
    )
    with pytest.raises(
        TableError,
        match="nothing of the table counts, of 3 numbers: 重庆 2016: no grid_emission_factor",
    ):
        ca.compile_inventory(balance, method="provincial-2011")


def test_nothing_burnt_is_nothing_emitted_where_a_factor_is_of_another_year(tmp_path):
    """The factor of a user's own fuel holds from 2020: before, none was burnt, and that is a zero."""
    row = sound("emission_factor", product="gangue", unit="t CO2/t", value="2") | {"from": "2020"}
    overlay = write_edition(tmp_path / "own", emission_factor=[row])
    tables = {
        ("A", year): {"industry": {"gangue": amount, "diesel": 1}}
        for year, amount in ((2012, 0), (2020, 3))
    }
    made = ca.compile_inventory(panel_of(tables), method="ipcc-2006", overlay=overlay)
    assert made.emissions.sel(flow="industry", product="gangue", gas="CO2").values.tolist() == [
        [0.0, 6e4]
    ]


def test_strict_raises_errors_alone():
    """All of them at once; what is no error passes."""
    rows = {"industry": {"coke": 1, "blast_furnace_gas": 9}}
    made = balance_of(rows, units={"blast_furnace_gas": "亿立方米"})
    found = ca.compile_inventory(made, method="provincial-2011").findings
    errors = [one for one in found if one.severity == "error"]
    assert 0 < len(errors) < len(found)
    with pytest.raises(ChecksFailedError) as caught:
        ca.compile_inventory(made, method="provincial-2011", strict=True)
    assert [one.rule for one in caught.value.findings] == [one.rule for one in errors]
    whole = balance_of({"industry": {"diesel": 5}})
    assert ca.compile_inventory(whole, method="provincial-2011", strict=True).counted.any()


ROWS_OF_SUPPLY = ("losses", "stock_change", "moved_in", "recovery", "production", "imports")


@pytest.mark.parametrize(
    ("count", "more"), [(4, ""), (5, " and 1 more rows"), (6, " and 2 more rows")]
)
def test_rows_beyond_the_fifth_are_counted_where_nothing_burns(count, more):
    """A table of fuels that are moved and lost, and of heat that is used: what its rows are, and how many numbers."""
    flows = ROWS_OF_SUPPLY[:count]
    balance = balance_of({flow: {"diesel": 1} for flow in flows} | {"industry": {"heat": 1}})
    named = ", ".join([*flows, "industry"][:5])
    with pytest.raises(
        TableError,
        match=f"of {count + 1} numbers: no row of {named}{more} burns a fuel in provincial-2011",
    ):
        ca.compile_inventory(balance, method="provincial-2011")
