"""What is said of the factor rows that cells use."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.sectors.energy.factor_notes import used_rows
from tests.factors.building import sound, write_edition
from tests.sectors.energy.made_balances import inventory_of, panel_of

STANDARD = 0.7143  # tce per t of raw coal: GB/T 2589-2020, table A.1
PRINTED = 2.492  # white paper 2022: t CO2 per tce, printed as per t


def findings_of(rows, method, rule):
    """Return the findings of a rule on (area, flow, product, number in t)."""
    frame = pd.DataFrame(rows, columns=["area", "flow", "product", "value"]).assign(year=2019)
    inventory = ca.compile_inventory(frame, method=method)
    return [finding for finding in inventory.findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("rows", "burnt"),
    [
        ([("A", "industry", "raw_coal", 1_000.0)], 1_000),
        (
            [("A", "industry", "raw_coal", 1_000.0), ("A", "thermal_power", "raw_coal", -500.0)],
            1_500,
        ),
        ([("A", "industry", "raw_coal", 1_000.0), ("B", "construction", "raw_coal", 200.0)], 1_200),
        ([("A", "industry", "raw_coal", 1_000.0), ("A", "industry", "crude_oil", 0.0)], 1_000),
    ],
)
def test_a_corrected_number_says_what_the_print_would_give(rows, burnt):
    """Over all cells that use it: tonnes times the printed number, and what is given instead."""
    (finding,) = findings_of(rows, "whitepaper-2022", "erratum")
    assert finding.severity == "warning"
    assert finding.message.startswith(
        "emission_factor of 原煤 is used as 2.492 t CO2/tce; the document prints 2.492 t"
    )
    given = burnt * STANDARD * PRINTED
    assert (
        f"which would give {burnt * PRINTED:,.0f} t CO2 instead of {given:,.0f}" in finding.message
    )
    assert finding.where == "whitepaper-2022/emission_factor.csv:3"


def test_a_corrected_number_that_no_cell_uses_is_not_told():
    """Crude oil alone names its own row; where nothing burns that has one, nothing is said."""
    (finding,) = findings_of([("A", "transport", "crude_oil", 10.0)], "whitepaper-2022", "erratum")
    assert "原油" in finding.message
    assert findings_of([("A", "industry", "raw_coal", 10.0)], "provincial-2011", "erratum") == []


@pytest.mark.parametrize(
    ("product", "use"),
    [("raw_coal", "bituminous_coal"), ("coke", None), ("diesel", None)],
)
def test_a_fuel_that_takes_the_factors_of_another_is_told(product, use):
    """The guideline of 2011 has no raw coal; what it lists stands for itself."""
    found = findings_of([("A", "industry", product, 10.0)], "provincial-2011", "substitute")
    assert [finding.message.split(" where ")[0] for finding in found] == (
        [f"{product} takes factors of {use}"] if use else []
    )
    assert {finding.severity for finding in found} <= {"info"}


def said(inventory, rule):
    """Return where and what of the findings of a rule."""
    return [
        (finding.where, finding.message) for finding in inventory.findings if finding.rule == rule
    ]


DIESEL, COKE = sound("carbon_content"), sound("carbon_content", product="coke", value="29.0")


@pytest.mark.parametrize(
    ("rows", "idle"),
    [
        ([DIESEL], []),
        ([DIESEL, COKE], [3]),
        ([COKE, DIESEL, sound("carbon_content", product="lpg")], [2, 4]),
        ([{**DIESEL, "from": "2019", "to": "2019"}], []),
        ([{**DIESEL, "from": "2020", "to": "2020"}], [2]),  # the table is of 2019
        (
            [DIESEL, {**DIESEL, "flow": "industry", "value": "20.3"}],
            [],
        ),  # each row of its own cells
        ([DIESEL, {**DIESEL, "flow": "transport", "value": "20.3"}], [3]),
        ([DIESEL, {**DIESEL, "area": "beijing", "value": "20.3"}], [3]),
    ],
)
def test_a_row_of_an_overlay_that_no_cell_uses_is_named(tmp_path, rows, idle):
    """Another product, year, flow or area than the table has: it may be a slip, and changes nothing."""
    overlay = write_edition(tmp_path / "ours", carbon_content=rows)
    table = {"industry": {"diesel": 5}, "farming": {"diesel": 1}, "transport": {"coke": 0}}
    found = said(
        inventory_of(table, method="provincial-2011", year=2019, overlay=overlay), "overlay-unused"
    )
    if not idle:
        assert found == []
        return
    places = [f"ours/carbon_content.csv:{line}" for line in idle]
    assert found == [
        (places[0], f"{len(idle)} rows of the overlay are used by no cell: {', '.join(places)}")
    ]


@pytest.mark.parametrize(
    ("flow", "value"), [("thermal_power", 26.18), ("industry", None), ("households", 25.77)]
)
def test_a_factor_that_nobody_could_check_is_named_where_it_is_used(flow, value):
    """Guideline 2011, table 1.5: carbon of bituminous coal by sector; unless asked for, that of all serves."""
    table = {flow: {"bituminous_coal": -1 if flow == "thermal_power" else 1}}
    plain, asked = (
        inventory_of(table, method="provincial-2011", allow_unverified=allowed)
        for allowed in (False, True)
    )
    assert said(plain, "unverified-factor") == []
    assert [message for _, message in said(asked, "unverified-factor")] == (
        [f"carbon_content of 烟煤, {value:g} t C/TJ, could not be checked"] if value else []
    )
    used = plain.emissions.sum().item() / 26.1
    assert asked.emissions.sum().item() == pytest.approx(used * (value or 26.1))


TCE = {"diesel": "万吨标准煤", "coke": "万吨标准煤"}


@pytest.mark.parametrize(
    ("years", "others"),
    [((2019,), None), ((2022,), "2022"), ((2019, 2022), "2022"), ((2020, 2022), "2020, 2022")],
)
def test_coefficients_of_another_year_are_named_with_the_years_that_they_serve(years, others):
    """Tables of 2019 turn coal equivalent of other years back into tonnes; their own year says nothing."""
    tables = {
        ("重庆", year): {"industry": {"diesel": 5, "coke": 1}, "transport": {"diesel": 2}}
        for year in years
    }
    found = said(
        ca.compile_inventory(panel_of(tables, units=TCE), method="provincial-2011"), "other-edition"
    )
    text = (
        "coal_equivalent_coefficient of diesel, coke in {} is that of yearbook-tables-2019: "
        "no tables of the year give one"
    )
    assert [message for _, message in found] == ([text.format(others)] if others else [])


def test_rows_are_counted_by_the_cells_that_use_them():
    """One number for diesel of three rows and two years; nothing of a cell that has no amount."""
    tables = {
        ("重庆", 2019): {
            "industry": {"diesel": 5},
            "farming": {"diesel": 1},
            "transport": {"diesel": 0},
        },
        ("重庆", 2020): {"industry": {"diesel": 5}, "transport": {"gasoline": 2}},
    }
    made = ca.compile_inventory(panel_of(tables), method="ipcc-2006")
    counts = {
        (row.parameter, row.product): count
        for row, count in used_rows(made.chains, made.chain, made.emissions.values > 0)
    }
    assert counts == {
        (parameter, product): count
        for parameter in ("net_calorific_value", "emission_factor")
        for product, count in (("diesel", 3), ("gasoline", 1))
    }


FUELS = (
    *(
        "diesel",
        "gasoline",
        "coke",
        "cleaned_coal",
        "natural_gas",
        "lpg",
        "fuel_oil",
        "kerosene",
        "refinery_gas",
    ),
    *("coke_oven_gas", "bitumen", "petroleum_coke"),
)


@pytest.mark.parametrize(("count", "more"), [(10, ""), (11, " and 1 more"), (12, " and 2 more")])
def test_products_beyond_the_tenth_are_counted(count, more):
    """Those that coefficients of another year turn back into tonnes."""
    fuels = FUELS[:count]
    made = inventory_of(
        {"industry": dict.fromkeys(fuels, 1)},
        method="provincial-2011",
        units=dict.fromkeys(fuels, "万吨标准煤"),
    )
    ((_, text),) = said(made, "other-edition")
    assert f" of {', '.join(FUELS[:10])}{more} in 2022 is that of " in text
