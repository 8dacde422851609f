"""Rows named after what plants put out that hold what goes into them."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.assemble.generation import is_fuel, tell_plants
from carbonacct.errors import TableError


def make(rows, unit="TJ"):
    """Return a balance of (year, flow, product, number[, unit])."""
    full = [(*row, unit)[:5] for row in rows]
    frame = pd.DataFrame(full, columns=["year", "flow", "product", "value", "unit"])
    return ca.make_balance(frame.assign(area="A"))


def told(balance):
    """Return the findings about plants."""
    return [finding for finding in balance.findings if finding.rule == "generation-of-plants"]


@pytest.mark.parametrize(
    ("output", "plants", "product"),
    [
        ("generation", "electricity_generation_total", "electricity"),
        ("heat_generation", "heating", "heat"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1], ids=["as a balance", "as a use"])
def test_fuels_that_go_in_make_it_a_row_of_plants(output, plants, product, sign):
    """Whatever the sign of the row: fuels go in and electricity or heat comes out, and the finding says so."""
    rows = [
        (2019, output, "raw_coal", -100 * sign),
        (2019, output, product, 40 * sign),
        (2019, "industry", product, 40),
    ]
    balance = tell_plants(make(rows))
    assert set(balance.flows) == {plants, "industry"}
    row = balance.amounts.sel(flow=plants, area="A", year=2019) / 1e3
    assert (row.sel(product="raw_coal").item() < 0, row.sel(product=product).item() > 0) == (
        True,
        True,
    )
    (finding,) = told(balance)
    assert ("with the other sign" in finding.message) is (sign < 0)
    if sign < 0:
        assert balance.amounts.sel(flow="industry", product=product).item() > 0


def test_a_table_that_prints_the_plants_keeps_its_row():
    """The row of the plants is there already, and two rows of one name are none."""
    rows = [
        (2019, "generation", "raw_coal", -100),
        (2019, "electricity_generation_total", "raw_coal", -100),
    ]
    balance = tell_plants(make(rows))
    assert set(balance.flows) == {"generation", "electricity_generation_total"}
    assert not told(balance)


@pytest.mark.parametrize("fuel", [0, float("nan")])
def test_a_row_without_fuels_is_of_output(fuel):
    """Electricity alone is generated."""
    balance = tell_plants(
        make([(2019, "generation", "raw_coal", fuel), (2019, "generation", "electricity", 40)])
    )
    assert balance.flows == ["generation"]


@pytest.mark.parametrize(
    "rows",
    [
        [("raw_coal", 100), ("electricity", 40)],  # both positive: in or out?
        [("raw_coal", 100), ("electricity", float("nan"))],  # fuel alone
        [("raw_coal", 100), ("electricity", 0)],
        [("raw_coal", 100), ("natural_gas", -5), ("electricity", -40)],  # fuels of both signs
    ],
)
def test_positive_fuels_without_negative_electricity_are_asked(rows):
    """Nothing says whether they went in; the fuel and its row are named."""
    with pytest.raises(
        TableError, match="generation holds raw_coal, and nothing says whether that went into the"
    ):
        tell_plants(make([(2019, "generation", *row) for row in rows]))


def test_each_year_must_be_printed_as_a_use():
    """A year without numbers says nothing; one with fuel and no electricity does not bear the other sign out."""
    use = [(2019, "generation", "raw_coal", 100), (2019, "generation", "electricity", -40)]
    silent = [(2018, "industry", "raw_coal", 5)]
    assert told(tell_plants(make([*use, *silent])))
    other = [(2018, "generation", "raw_coal", 90)]
    with pytest.raises(TableError, match="nothing says whether"):
        tell_plants(make([*use, *other]))


@pytest.mark.parametrize(
    ("rows", "is_output"),
    [
        (["Electricity generation,GWh,120,120"], True),
        (["Electricity generation,GWh,120,120", "核能发电量,GWh,30,30"], True),
        (["Electricity generation,GWh,120,120", "Industry,GWh,,90"], True),  # a blank is in no unit
        (
            ["Electricity generation,GWh,120,120", "Industry,GWh,30,90"],
            False,
        ),  # gas is sold in watt hours
        (["Electricity generation,TJ,120,120"], False),
    ],
)
def test_fuels_in_watt_hours_are_electricity_by_source(tmp_path, rows, is_output):
    """120 GWh under gas are what was generated of it, unless gas itself is told in watt hours."""
    path = tmp_path / "t.csv"
    path.write_text(
        "\n".join(
            ["Energy balance of Norway 2019", "Flow,Unit,Natural gas,Electricity", *rows, ""]
        ),
        encoding="utf-8",
    )
    if is_output:
        assert "generation" in ca.read_balance(path).flows
    else:
        with pytest.raises(TableError, match="generation holds natural_gas"):
            ca.read_balance(path)


@pytest.mark.parametrize(
    ("product", "burns"),
    [
        ("diesel", True),
        ("coal_total", True),
        ("electricity", False),
        ("heat", False),
        ("total_energy", False),
    ],
)
def test_what_is_a_fuel(product, burns):
    """What burns and totals of it; electricity, heat and all energy do not go into plants as fuels."""
    assert is_fuel(product) is burns


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_a_use_of_plants_is_one_whatever_its_size(size):
    """Coal 100 and electricity -40, and a millionth of both: what goes in and what comes out."""
    rows = [
        (2019, "generation", "raw_coal", 100.0 * size),
        (2019, "generation", "electricity", -40.0 * size),
    ]
    balance = tell_plants(make(rows))
    assert balance.flows == ["electricity_generation_total"]
    assert (
        balance.amounts.sel(product="raw_coal").item()
        < 0
        < balance.amounts.sel(product="electricity").item()
    )


@pytest.mark.parametrize(("taken", "is_output"), [(-100, True), (-40, True), (-39, False)])
def test_fuels_that_other_rows_take_in_are_told_by_source(taken, is_output):
    """Eurostat's Gross electricity production by fuel, in TJ, is an output beside Transformation input.

    It is no more than what goes in.
    """
    rows = [
        (2019, "thermal_power.input", "raw_coal", taken),
        (2019, "generation", "raw_coal", 40),
        (2019, "generation", "electricity", 40),
    ]
    if is_output:
        assert (
            tell_plants(make(rows)).amounts.sel(flow="generation", product="raw_coal").item()
            == 40e3
        )
    else:
        with pytest.raises(TableError, match="nothing says whether that went into"):
            tell_plants(make(rows))
