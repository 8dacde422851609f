"""The two approaches side by side, by hand: each term of their difference, fuel groups, and what is said of a gap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import MethodError, TableError
from carbonacct.sectors.energy.approach_comparison import (
    TERMS,
    _read_comparison,
    _write_comparison,
    compare_approaches,
    shared_approaches,
)
from carbonacct.sectors.energy.reference_approach import COLUMNS, compile_reference, find_supply_row
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

# IPCC 2006, Vol. 2, tables 1.2 to 1.4: t CO2 per t of coke and diesel; per t of raw coal at 20.908 GJ/t (GB/T 2589).
COKE, DIESEL, COAL = 28.2 * 107e-3, 43.0 * 74.1e-3, 20.908 * 94.6e-3
CITY = {
    "moved_in": {"diesel": 100, "raw_coal": 200},
    "final_consumption": {"diesel": 100, "raw_coal": 200},
    "industry": {"diesel": 60, "raw_coal": 200},
    "transport": {"diesel": 40},
}


def compare(rows, **options):
    """Return the comparison of a made-up city."""
    return compare_approaches(inventory_of(rows, **options))


def terms(rows, product="diesel", **options):
    """Return the terms of a product that are not zero, in 10^4 of its unit."""
    frame = compare(rows, **options).products.set_index("product")
    held = {term: frame.loc[product, term] / 1e4 for term in TERMS if term != "factors"}
    gap = frame.loc[product, "amount_reference"] - frame.loc[product, "amount_sectoral"]
    assert sum(held.values()) * 1e4 == pytest.approx(gap, abs=1e-3)
    return {term: pytest.approx(value) for term, value in held.items() if abs(value) > 1e-9}


def changed(**rows):
    """Return the city with other rows of diesel."""
    made = {flow: dict(cells) for flow, cells in CITY.items()}
    for flow, amount in rows.items():
        made.setdefault(flow, {})["diesel"] = amount
    return made


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (changed(), {}),
        (changed(losses=7, moved_in=107), {"losses": 7}),
        (changed(statistical_difference=-3, moved_in=97), {"statistical_difference": -3}),
        (changed(coking=-5, moved_in=105), {"transformation": 5}),  # whatever goes into a process
        (changed(refining=5, moved_in=95), {"transformation": -5}),
        (
            changed(stock_change=-10),
            {"not_closed": -10},
        ),  # the balance does not print where it went
        (changed(moved_in=90), {"not_closed": -10}),
        (
            changed(primary_supply=112),
            {"supply_rows": -12, "not_closed": 12},
        ),  # printed supply beyond its rows
        (changed(feedstock=6), {}),  # taken out of both sides
        (changed(non_energy_use=6, moved_in=106), {}),
    ],
)
def test_each_term_is_what_was_put_there(rows, expected):
    """One difference at a time, in 10^4 t of diesel; together they are the gap."""
    assert terms(rows) == expected


def test_fuel_groups_in_terajoules_and_kilotonnes():
    """Reporting table 1.A(c): energy of both approaches, CO2, and their difference in percent of the sectoral one."""
    groups = compare(changed(moved_in=110)).by_group().set_index("fuel_group")
    assert sorted(groups.index[:-1]) == ["liquid", "solid"]
    assert groups.index[-1] == "total"
    liquid, solid, whole = (groups.loc[name] for name in ("liquid", "solid", "total"))
    assert liquid["energy_reference_tj"] == pytest.approx(110e4 * 43.0 / 1e3)
    assert liquid["energy_sectoral_tj"] == pytest.approx(100e4 * 43.0 / 1e3)
    assert liquid["co2_reference_kt"] == pytest.approx(110e4 * DIESEL / 1e3)
    assert liquid["co2_sectoral_kt"] == pytest.approx(100e4 * DIESEL / 1e3)
    assert liquid["co2_difference_percent"] == pytest.approx(10)
    assert liquid["energy_difference_percent"] == pytest.approx(10)
    assert solid["co2_difference_percent"] == pytest.approx(0, abs=1e-9)
    for name in ("energy_reference_tj", "co2_reference_kt", "co2_sectoral_kt"):
        assert whole[name] == pytest.approx(liquid[name] + solid[name])
    wanted = 100 * (whole["co2_reference_kt"] / whole["co2_sectoral_kt"] - 1)
    assert whole["co2_difference_percent"] == pytest.approx(wanted)


def test_areas_and_years_have_groups_of_their_own():
    """Each with its total, in their order; a group of which nothing burnt has no percentage."""
    tables = {
        ("重庆", 2020): CITY,
        ("重庆", 2021): {"moved_in": {"diesel": 5}, "industry": {"diesel": 4}},
        ("四川", 2021): {
            "moved_in": {"raw_coal": 7},
            "losses": {"raw_coal": 7},
            "industry": {"diesel": 1},
        },
    }
    made = ca.compile_inventory(panel_of(tables), method="ipcc-2006")
    groups = compare_approaches(made).by_group()
    assert not groups[["area", "year", "fuel_group"]].duplicated().any()
    for (area, year), part in groups.groupby(["area", "year"]):
        assert part["fuel_group"].iloc[-1] == "total"
        rest = part[part["fuel_group"] != "total"]
        assert part["co2_sectoral_kt"].iloc[-1] == pytest.approx(rest["co2_sectoral_kt"].sum()), (
            area,
            year,
        )
    sichuan = groups[(groups["area"] == "四川")].set_index("fuel_group")
    assert np.isnan(sichuan.loc["solid", "co2_difference_percent"])
    assert sichuan.loc["solid", "co2_reference_kt"] == pytest.approx(7e4 * COAL / 1e3)


@pytest.mark.parametrize(
    ("moved_in", "groups"), [(104.9, []), (105.1, ["liquid"]), (94.9, ["liquid"]), (95.1, [])]
)
def test_a_gap_of_more_than_five_percent_is_said(moved_in, groups):
    """IPCC 2006, Vol. 2, Ch. 6, 6.8: of a fuel group, in either direction."""
    found = [
        one
        for one in compare(changed(moved_in=moved_in)).findings
        if one.rule == "approaches-apart"
    ]
    assert [one.message.split(" ")[0] for one in found] == groups
    if found:
        reference, sectoral = (amount * 1e4 * DIESEL / 1e3 for amount in (moved_in, 100))
        assert found[0].message == (
            f"liquid fuels of 重庆 2022: {reference:,.1f} kt CO2 by the reference approach, {sectoral:,.1f} by the"
            f" sectoral: {100 * (moved_in / 100 - 1):+.1f} %"
        )


def test_processes_are_listed_with_their_carbon():
    """What coking took in and put out, each with the factor of its product; what burns in plants is no process."""
    rows = {
        "moved_in": {"raw_coal": 200},
        "thermal_power": {"raw_coal": -50},
        "coking": {"raw_coal": -100, "coke": 70},
        "industry": {"raw_coal": 50, "coke": 70},
    }
    plants = compare(rows).plants.set_index(["flow", "product"])
    assert set(plants.index) == {("coking", "raw_coal"), ("coking", "coke")}
    assert plants.loc[("coking", "raw_coal"), "co2"] == pytest.approx(100e4 * COAL)
    assert plants.loc[("coking", "coke"), "co2"] == pytest.approx(-70e4 * COKE)
    assert plants.loc[("coking", "coke"), "fuel_group"] == "solid"


def test_two_factors_of_one_fuel_are_a_term():
    """CEADs has an oxidation for each sector: fuel burnt by the area's factor, less what it emitted."""
    made = inventory_of(
        {"moved_in": {"diesel": 10}, "industry": {"diesel": 4}, "transport": {"diesel": 6}},
        method="provincial-2011",
    )
    frame = compare_approaches(made).products.set_index("product").loc["diesel"]
    assert frame["co2_factors"] == pytest.approx(
        frame["co2_reference"] - frame["co2_sectoral"], abs=1e-6
    )


def test_a_comparison_is_kept_as_it_is():
    """Written as a piece of a project and read again it is equal; asked for twice it is one record."""
    made = inventory_of(changed(moved_in=120, losses=3))
    found = compare_approaches(made)
    again = _read_comparison(_write_comparison(found), made)
    pd.testing.assert_frame_equal(again.products, found.products, check_dtype=False)
    pd.testing.assert_frame_equal(again.plants, found.plants, check_dtype=False)
    assert again.findings == found.findings
    assert again.reference.findings == found.reference.findings
    assert again.reference.table.equals(found.reference.table)
    assert shared_approaches(made) is shared_approaches(made)


# --- the table of the reference approach


def column(rows, name, product="diesel", **options):
    """Return one number of the table of the reference approach."""
    return float(
        compile_reference(balance_of(rows), method="ipcc-2006", **options)
        .table[name]
        .sel(product=product)
        .item()
    )


@pytest.mark.parametrize(
    ("rows", "name", "amount"),
    [
        ({"imports": {"diesel": 5}, "moved_in": {"diesel": 2}}, "imports", 7),
        ({"exports": {"diesel": -5}, "moved_out": {"diesel": -2}}, "exports", 7),
        ({"bunkers_home": {"diesel": -3}, "imports": {"diesel": 9}}, "international_bunkers", 3),
        (
            {"stock_change": {"diesel": -4}},
            "stock_change",
            4,
        ),  # what goes into stock is positive in the table
        ({"opening_stock": {"diesel": 9}, "closing_stock": {"diesel": -6}}, "stock_change", -3),
        (
            {"imports": {"diesel": 9}, "exports": {"diesel": -2}, "stock_change": {"diesel": 1}},
            "apparent_consumption",
            8,
        ),
    ],
)
def test_the_columns_of_supply(rows, name, amount):
    """Eq. 6.2, with the signs of reporting table 1.A(b)."""
    assert column(rows | {"industry": {"diesel": 1}}, name) == pytest.approx(amount * 1e4)


def test_the_production_of_a_primary_fuel_counts():
    """Coal from the ground; coke is made of it."""
    rows = {"production": {"raw_coal": 10, "coke": 4}, "industry": {"raw_coal": 1, "coke": 1}}
    assert column(rows, "production", "raw_coal") == 10e4
    assert np.isnan(column(rows, "production", "coke"))  # no row of supply of it counts


def test_per_unit_columns_have_values_where_no_amount_is_printed():
    """A fuel without a row of supply in one year has its calorific value, and no amount."""
    tables = {
        ("重庆", 2020): {"imports": {"diesel": 5}, "industry": {"diesel": 5}},
        ("重庆", 2021): {"imports": {"raw_coal": 5}, "industry": {"diesel": 5, "raw_coal": 5}},
    }
    table = compile_reference(panel_of(tables), method="ipcc-2006").table.sel(
        area="重庆", product="diesel"
    )
    assert table["net_calorific_value"].values.tolist() == pytest.approx([43.0, 43.0])
    assert table["apparent_consumption"].values[0] == 5e4
    assert np.isnan(table["apparent_consumption"].values[1])
    assert set(table.data_vars) == set(COLUMNS)


@pytest.mark.parametrize(
    ("rows", "is_said"),
    [
        (
            {"imports": {"diesel": 20}, "bunkers_home": {"diesel": -25}, "refining": {"diesel": 1}},
            True,
        ),
        (
            {"imports": {"diesel": 20}, "bunkers_home": {"diesel": -20}, "refining": {"diesel": 1}},
            False,
        ),
        (
            {"imports": {"diesel": 20}, "bunkers_home": {"diesel": -25}, "refining": {"diesel": 6}},
            False,
        ),
        (
            {
                "imports": {"diesel": 20},
                "bunkers_home": {"diesel": -25},
                "stock_change": {"diesel": 6},
                "refining": {"diesel": 0},
            },
            False,
        ),
        (
            {
                "imports": {"diesel": 20},
                "bunkers_home": {"diesel": -25},
                "stock_change": {"diesel": -6},
                "refining": {"diesel": 0},
            },
            True,
        ),
        # Without rows of transformation nobody knows what the area's refineries made.
        ({"imports": {"diesel": 20}, "bunkers_home": {"diesel": -25}}, False),
        ({"imports": {"crude_oil": 20}, "bunkers_home": {"crude_oil": -25}}, True),
    ],
)
def test_ships_take_no_more_than_there_is(rows, is_said):
    """Brought in, produced, made, or drawn from stock."""
    found = compile_reference(
        balance_of(rows | {"industry": {"raw_coal": 1}, "production": {"raw_coal": 1}}),
        method="ipcc-2006",
    ).findings
    assert [one.rule for one in found if one.rule == "bunkers-exceed-supply"] == [
        "bunkers-exceed-supply"
    ] * is_said


def test_a_sum_of_groups_knows_what_it_lacks():
    """By group: sums of what has a number; energy and carbon of coke and coal together."""
    rows = {"imports": {"raw_coal": 10, "coke": 2, "diesel": 3}, "industry": {"raw_coal": 1}}
    groups = compile_reference(balance_of(rows), method="ipcc-2006").by_group()
    assert groups["apparent_energy"].sel(fuel_group="solid").item() == pytest.approx(
        10e4 * 20.908 + 2e4 * 28.2
    )
    assert groups["emissions"].sel(fuel_group="solid").item() == pytest.approx(
        10e4 * COAL + 2e4 * COKE
    )
    assert groups["emissions"].sel(fuel_group="liquid").item() == pytest.approx(3e4 * DIESEL)


def test_what_has_no_reference_approach_is_refused():
    """A table without supply, one without fossil fuels, a method of coal equivalent."""
    with pytest.raises(TableError, match="has no supply rows"):
        compile_reference(balance_of({"industry": {"diesel": 1}}), method="ipcc-2006")
    with pytest.raises(
        TableError, match="none of wood, electricity is a fossil fuel that ipcc-2006 counts"
    ):
        compile_reference(
            balance_of({"imports": {"wood": 1, "electricity": 1}}), method="ipcc-2006"
        )
    with pytest.raises(MethodError, match="turns a table into coal equivalent, not into emissions"):
        compile_reference(balance_of({"imports": {"diesel": 1}}), method="gb-t-2589-2020")


def test_a_fuel_that_a_method_leaves_out_is_said_with_its_amount():
    """The white paper names raw coal and crude oil only: 3 x 10^4 t of diesel that came in count nowhere."""
    balance = balance_of(
        {
            "imports": {"raw_coal": 10, "diesel": 3, "coke": 0},
            "industry": {"raw_coal": 10, "diesel": 3},
        }
    )
    found = compile_reference(balance, method="whitepaper-2022")
    assert list(found.table["product"].values) == ["raw_coal"]
    [said] = [one for one in found.findings if one.rule == "left-out"]
    assert said.message.startswith(
        "30,000 t of diesel is not in the reference approach of whitepaper-2022: "
    )


def test_what_the_reference_approach_leaves_out_leads_to_its_largest_cell():
    """Other energy of Chongqing 2007: 3.31 x 10^4 tce went into stock, W12; what is recovered is no supply."""
    found = compile_reference(
        ca.read_balance("docs/tables/chongqing_2007.csv"), method="provincial-2011"
    )
    [said] = [one for one in found.findings if one.rule == "left-out"]
    assert said.message.startswith("33,100 tce of other_energy")
    assert said.where == "chongqing_2007.csv!W12"


def test_the_row_of_supply():
    """Its factors are those of the area as a whole."""
    balance = balance_of(
        {"industry": {"diesel": 1}, "moved_in": {"diesel": 1}, "imports": {"diesel": 1}}
    )
    assert balance.flows[find_supply_row(balance)] == "moved_in"


def test_groups_of_fuel_stand_as_in_the_balance_and_their_total_behind_them():
    """By area and year; each total is the sum of its groups."""
    city = {
        flow: dict(sorted(cells.items(), reverse=True)) for flow, cells in CITY.items()
    }  # coal first
    panel = panel_of({(area, year): city for area in ("乙", "甲") for year in (2021, 2020)})
    found = compare_approaches(ca.compile_inventory(panel, method="ipcc-2006"))
    table = found.by_group()
    wanted = [
        (area, year, group)
        for (area, year), rows in found.products.groupby(["area", "year"])
        for group in (*dict.fromkeys(rows["fuel_group"]), "total")
    ]
    assert table["fuel_group"].tolist() == ["solid", "liquid", "total"] * 4
    assert list(table[["area", "year", "fuel_group"]].itertuples(index=False, name=None)) == wanted
    numbers = ["energy_reference_tj", "energy_sectoral_tj", "co2_reference_kt", "co2_sectoral_kt"]
    for _, rows in table.groupby(["area", "year"]):
        parts, total = rows[rows["fuel_group"] != "total"], rows[rows["fuel_group"] == "total"]
        np.testing.assert_allclose(parts[numbers].sum(), total[numbers].iloc[0], rtol=1e-12)
