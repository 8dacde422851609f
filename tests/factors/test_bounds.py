"""What a factor can be: published ranges hold every row that ships, and refuse slips of unit or parameter."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.catalogue import in_language
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import FactorDataError
from carbonacct.factors import edition_ids, load_edition
from carbonacct.factors.bounds import bound_fault, find_bounds
from carbonacct.factors.editions import read_edition
from carbonacct.factors.methods import load_method
from carbonacct.factors.row_faults import PARAMETERS
from carbonacct.units import conversion_factor
from tests.factors.building import sound, write_edition

# Rows for which no document gives a range.
WITHOUT = {
    ("coal_equivalent_coefficient", "steam_low_pressure"),
    ("net_calorific_value", "steam_low_pressure"),
    ("net_calorific_value", "electricity"),
    ("coal_equivalent_coefficient", "methanol"),
    ("net_calorific_value", "methanol"),
    ("coal_equivalent_coefficient", "hydrogen"),
    ("net_calorific_value", "hydrogen"),
}


def test_every_row_that_ships_is_inside():
    """All rows of all editions are inside the range of their parameter, and all but a known few have one."""
    rows = [row for edition in edition_ids() for row in load_edition(edition).rows]
    without = set()
    for row in rows:
        numbers = (row.lower, row.upper) if math.isnan(row.value) else (row.value,)
        assert not bound_fault(row.parameter, row.product, row.gas, row.unit, numbers=numbers), (
            row.place
        )
        if find_bounds(row.parameter, row.product, row.gas, row.unit) is None:
            without.add((row.parameter, row.product))
    assert without == WITHOUT
    assert len(rows) > 2000


def test_the_table_of_ranges_is_sound():
    """Ranges are ordered, widened by no less than 1, of known parameters and groups, with their document."""
    groups = {product.group for product in ca.vocabulary.products().values()} | {""}
    for row in read_rows(data_folder() / "vocabulary" / "factor_bounds.csv"):
        assert row["parameter"] in PARAMETERS
        assert row["group"] in groups
        assert 0 <= float(row["lower"]) <= float(row["upper"])
        assert float(row["widened"]) >= 1
        assert row["reference"]
        assert not re.search("[a-z]{4}", row["reference_zh"])
        assert re.findall(
            r"\d+", row["reference_zh"].replace("2006 年 IPCC", "IPCC 2006")
        ) == re.findall(r"\d+", row["reference"])


def test_a_range_is_said_in_plain_numbers_and_in_the_language_of_the_reader():
    """82,500 kJ/kg is no 8.25e+04, and the document has its Chinese title."""
    text = bound_fault("net_calorific_value", "raw_coal", "", "kJ/kg", numbers=(1234567.0,))
    assert text.startswith("1234570 kJ/kg is outside 3667 to 82500 kJ/kg")
    assert (
        "3667 到 82500 kJ/kg（《2006 年 IPCC 国家温室气体清单指南》第 2 卷第 1 章表 1.2"
        in in_language(text, "zh")
    )


@pytest.mark.parametrize(
    ("parameter", "changed", "message"),
    [
        (
            "carbon_content",
            {"product": "raw_coal", "value": "94.6"},
            "94.6 t C/TJ is outside 12.4 to 51 t C/TJ",
        ),
        (
            "net_calorific_value",
            {"product": "raw_coal", "value": "20908", "unit": "MJ/kg"},
            "20908 MJ/kg is outside 3.667 to 82.5 MJ/kg",
        ),
        (
            "grid_emission_factor",
            {"value": "0.8", "unit": "t CO2/kWh"},
            "0.8 t CO2/kWh is outside 0 to 0.00225 t CO2/kWh",
        ),
        (
            "carbon_to_co2",
            {"value": "12/44", "unit": "t CO2/t C", "status": "single"},
            "0.272727 t CO2/t C is outside 3.66 to 3.67",
        ),
        ("oxidation_factor", {"value": "0.098"}, "0.098 dimensionless is outside"),
        (
            "emission_factor",
            {"value": "74100", "unit": "t CO2/TJ"},
            "74100 t CO2/TJ is outside 32.13 to 172.5 t CO2/TJ",
        ),
        (
            "emission_factor",
            {"value": "2.6", "unit": "kg CO2/t", "product": "raw_coal"},
            "2.6 kg CO2/t is outside 250 to",
        ),
        (
            "emission_factor",
            {"value": "", "lower": "0.07", "upper": "0.08", "unit": "t CO2/TJ"},
            "0.07 t CO2/TJ is outside",
        ),
    ],
)
def test_an_overlay_of_another_order_is_refused(tmp_path, parameter, changed, message):
    """A wrong unit, a factor of another parameter or a fraction upside down: file, line, what it can be."""
    row = sound(parameter, **changed) if parameter != "carbon_to_co2" else changed
    folder = write_edition(tmp_path / "ours", **{parameter: [row]})
    with pytest.raises(FactorDataError) as error:
        load_method("provincial-2011", overlay=folder)
    assert str(error.value).startswith(f"ours/{parameter}.csv:2: ")
    assert message in str(error.value)


@given(
    st.sampled_from(["raw_coal", "diesel", "natural_gas", "coke", "blast_furnace_gas"]),
    st.integers(3, 9),
)
def test_a_shipped_factor_times_a_power_of_ten_is_out(product, power):
    """Carbon contents and emission factors 1,000 times too large or too small are out of bounds."""
    for edition in edition_ids():
        for row in load_edition(edition).rows:
            if (
                row.product == product
                and row.parameter in {"carbon_content", "emission_factor"}
                and row.gas in {"", "CO2"}
            ):
                for factor in (10.0**power, 10.0**-power):
                    assert bound_fault(
                        row.parameter, product, row.gas, row.unit, numbers=(row.value * factor,)
                    )


def inventory(tmp_path, table, overlay, method="provincial-2011"):
    """Return the inventory of a table of industry, with an overlay of emission factors."""
    (tmp_path / "table.csv").write_text(f"2019年重庆能源平衡表\n{table}", encoding="utf-8")
    folder = write_edition(
        tmp_path / "ours", emission_factor=[sound("emission_factor", **row) for row in overlay]
    )
    return ca.compile_inventory(tmp_path / "table.csv", method=method, overlay=folder)


TABLE = "项目,原煤(万吨),焦炭(万吨)\n工业,10,1"
STANDARD = "项目,原煤(万吨标准煤),焦炭(万吨标准煤)\n工业,10,1"
TJ = "项目,原煤(TJ),焦炭(TJ)\n工业,1000,1"


@pytest.mark.parametrize(
    ("table", "unit", "value", "expected"),
    [
        (STANDARD, "t CO2/tce", "2.66", 10e4 * 2.66),
        (TJ, "t CO2/tce", "2.66", 1000e3 / 29.3076 * 2.66),
        (TJ, "t CO2/TJ", "91", 1000 * 91),
        (TABLE, "t CO2/TJ", "91", 10e4 * 20.908e-3 * 91),
        (TABLE, "t CO2/tce", "2.66", 10e4 * 20.908 / 29.3076 * 2.66),
        (TJ.replace("TJ", "万吨标准煤"), "t CO2/TJ", "91", 1000e4 * 29.3076e-3 * 91),
        (TABLE, "t CO2/t", "1.9", 10e4 * 1.9),
    ],
)
def test_a_local_emission_factor_over_a_method_of_carbon_contents(
    tmp_path, table, unit, value, expected
):
    """It precedes the method's carbon content for its own fuel, in any unit of activity; others keep theirs."""
    own = inventory(tmp_path, table, [{"product": "raw_coal", "unit": unit, "value": value}])
    cells = own.emissions.sel(flow="industry", gas="CO2").squeeze()
    assert cells.sel(product="raw_coal").item() == pytest.approx(expected, rel=1e-4)
    plain = ca.compile_inventory(tmp_path / "table.csv", method="provincial-2011")
    assert (
        cells.sel(product="coke").item()
        == plain.emissions.sel(flow="industry", gas="CO2", product="coke").item()
    )
    assert not [finding for finding in own.findings if finding.rule == "overlay-unused"]
    trace = ca.trace(own, flow="industry", product="raw_coal")
    assert "ours/emission_factor.csv" in {step.row.file for step in trace.steps}


def test_a_local_factor_of_another_fuel_is_not_borrowed(tmp_path):
    """An emission factor of bituminous coal leaves raw coal, which has a carbon content of its own, as it is."""
    own = inventory(
        tmp_path, TABLE, [{"product": "bituminous_coal", "unit": "t CO2/TJ", "value": "91"}]
    )
    plain = ca.compile_inventory(tmp_path / "table.csv", method="provincial-2011")
    assert own.total().item() == plain.total().item()
    assert [finding.rule for finding in own.findings if finding.rule == "overlay-unused"] == [
        "overlay-unused"
    ]


def test_an_edition_with_faults_of_range_names_them_all(tmp_path):
    """Every implausible row is told of at once."""
    rows = [
        sound("carbon_content", product=product, value="94.6") for product in ("raw_coal", "diesel")
    ]
    with pytest.raises(FactorDataError) as error:
        read_edition(write_edition(tmp_path / "ours", carbon_content=rows))
    assert [line.split(": ")[0] for line in str(error.value).splitlines()] == [
        "ours/carbon_content.csv:2",
        "ours/carbon_content.csv:3",
    ]


UNITS = {"net_calorific_value": "TJ/kt", "carbon_content": "t C/TJ", "emission_factor": "t CO2/TJ"}


def test_ranges_of_the_ipcc_are_those_of_its_tables():
    """The lowest and the highest limit of each kind of fuel in tables 1.2, 1.3 and 1.4, as they ship."""
    found = {}
    for row in load_edition("ipcc-2006").rows:
        if row.parameter not in UNITS or row.gas not in {"", "CO2"} or math.isnan(row.lower):
            continue
        key = (row.parameter, ca.vocabulary.products()[row.product].group)
        scale = conversion_factor(row.unit, UNITS[row.parameter])
        lower, upper = found.get(key, (math.inf, -math.inf))
        found[key] = (min(lower, row.lower * scale), max(upper, row.upper * scale))
    checked = {}
    for row in read_rows(data_folder() / "vocabulary" / "factor_bounds.csv"):
        key = (row["parameter"], row["group"])
        if UNITS.get(key[0]) == row["unit"] and "Ch. 1, table 1." in row["reference"]:
            checked[key] = (float(row["lower"]), float(row["upper"]))
    assert len(checked) == 21
    for key, limits in checked.items():
        assert found[key] == pytest.approx(limits, rel=1e-9), key


@pytest.mark.parametrize(
    "table", ["magnitudes", "bases", "factor_bounds", "net_to_gross", "densities"]
)
def test_what_converts_or_refuses_a_number_has_been_checked(table):
    """A row that names a document says how far it was checked; one that nobody could check does not ship."""
    for row in read_rows(data_folder() / "vocabulary" / f"{table}.csv"):
        known = {"corroborated", "single", "derived", "choice"}
        assert row["status"] in (known if row.get("reference", "own") else {""})


def test_half_an_oxidation_is_none(tmp_path):
    """No published equipment leaves half of the carbon unburnt."""
    row = sound("oxidation_factor", value="0.5")
    folder = write_edition(tmp_path / "ours", oxidation_factor=[row])
    with pytest.raises(FactorDataError, match=r"is outside 0\.53 to 1 dimensionless"):
        load_method("provincial-2011", overlay=folder)


def test_the_ends_of_a_range_are_inside_and_what_lies_beyond_is_not():
    """Beyond either end of any range by 1e-8 of its upper end is refused; a blank is not."""
    for row in read_rows(data_folder() / "vocabulary" / "factor_bounds.csv"):
        product = next(
            (name for name, held in ca.vocabulary.products().items() if held.group == row["group"]),
            "",
        )
        asked = (row["parameter"], product if row["group"] else "", row["gas"], row["unit"])
        bounds = find_bounds(*asked)
        assert not bound_fault(*asked, numbers=(bounds.lower, math.nan, bounds.upper))
        for beyond in (bounds.lower - 1e-8 * bounds.upper, bounds.upper * (1 + 1e-8)):
            assert bound_fault(*asked, numbers=(beyond,))


@pytest.mark.parametrize(
    ("parameter", "product", "unit", "of"),
    [
        ("carbon_content", "raw_coal", "t C/TJ", "a carbon_content of raw_coal can be ("),
        ("grid_emission_factor", "", "t CO2/MWh", "a grid_emission_factor can be ("),
    ],
)
def test_what_is_refused_is_named_with_its_product(parameter, product, unit, of):
    """Where it is of one."""
    assert of in bound_fault(parameter, product, "", unit, numbers=(1e9,))
