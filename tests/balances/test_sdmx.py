"""Data messages of SDMX: JSON of both versions, XML generic and specific to its structure, multipliers of units."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import TableError
from carbonacct.sheets.raw_sheets import read_content
from carbonacct.sheets.sdmx import multiply_units
from tests.balances.test_layout import amount, rules

INDUSTRY = "Final consumption - industry sector - energy use"
HOUSEHOLDS = "Final consumption - other sectors - households - energy use"


def concept(identifier, label, values):
    """Return a dim or an attribute as messages list it."""
    return {
        "id": identifier,
        "name": label,
        "values": [{"id": code, "name": name} for code, name in values],
    }


def message(*, version=2, multiplier="0", flat=False):
    """Return gas of two sectors and two years, the second of households without a number."""
    flows = concept(
        "nrg_bal", "Energy balance", [("FC_IND_E", INDUSTRY), ("FC_OTH_HH_E", HOUSEHOLDS)]
    )
    series = [
        concept("freq", "Time frequency", [("A", "Annual")]),
        flows,
        concept("siec", "SIEC", [("G3000", "Natural gas")]),
        concept("unit", "Unit of measure", [("TJ", "Terajoule")]),
        concept("geo", "Geopolitical entity (reporting)", [("AT", "Austria")]),
    ]
    years = [concept("TIME_PERIOD", "Time", [("2020", "2020"), ("2021", "2021")])]
    said = {
        "series": [concept("UNIT_MULT", "Unit multiplier", [(multiplier, "as said")])],
        "observation": [
            concept("OBS_FLAG", "Flag", [("p", "provisional")]),
            concept("COMMENT", "Comment", [("x", "x")]),
        ],
    }
    numbers = {("0", "0"): [100.5, 0], ("0", "1"): [110.5], ("1", "0"): [50], ("1", "1"): [None]}
    if flat:
        dims = {"observation": [*series, *years]}
        held = {
            "observations": {
                f"0:{flow}:0:0:0:{year}": value for (flow, year), value in numbers.items()
            }
        }
    else:
        dims = {"series": series, "observation": years}
        of = {
            flow: {year: value for (one, year), value in numbers.items() if one == flow}
            for flow in "01"
        }
        held = {
            "series": {
                f"0:{flow}:0:0:0": {"attributes": [0], "observations": of[flow]} for flow in "01"
            }
        }
    structure = {"dimensions": dims, "attributes": said}
    if version == 1:
        return {"header": {}, "dataSets": [held], "structure": structure}
    return {"meta": {}, "data": {"dataSets": [held], "structures": [structure]}}


@pytest.mark.parametrize("options", [{}, {"version": 1}, {"flat": True}])
def test_json(tmp_path, options):
    """Codes and labels are columns; without a number there is no row; unread attributes are named."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(message(**options)), encoding="utf-8")
    balance = ca.read_balance(path)
    assert (balance.areas, balance.years) == (["AT"], [2020, 2021])
    assert amount(balance, "industry", "natural_gas", year=2021) == 110_500
    assert amount(balance, "households", "natural_gas", year=2020) == 50_000
    assert "COMMENT" in next(one.message for one in balance.findings if one.rule == "unused-texts")


def test_a_multiplier_goes_into_the_unit(tmp_path):
    """1000 TJ of a message that counts in thousands are a thousand times as much."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(message(multiplier="3")), encoding="utf-8")
    assert amount(ca.read_balance(path), "industry", "natural_gas", year=2021) == 110_500_000


GENERIC = """<?xml version="1.0" encoding="UTF-8"?>
<m:GenericData xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" xmlns:g="http://www.sdmx.org/generic">
<m:Header><m:ID>X</m:ID></m:Header><m:DataSet><g:Series>
<g:SeriesKey><g:Value id="nrg_bal" value="FC_IND_E"/><g:Value id="siec" value="G3000"/>
<g:Value id="geo" value="AT"/></g:SeriesKey>
<g:Attributes><g:Value id="unit" value="TJ"/><g:Value id="UNIT_MULT" value="3"/>
<g:Value id="TITLE" value="Gas"/></g:Attributes>
<g:Obs><g:ObsDimension value="2020"/><g:ObsValue value="100.5"/></g:Obs>
<g:Obs><g:ObsDimension value="2021"/><g:ObsValue value="NaN"/></g:Obs>
</g:Series></m:DataSet></m:GenericData>
"""
SPECIFIC = """<?xml version="1.0" encoding="UTF-8"?>
<m:StructureSpecificData xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><m:DataSet xsi:type="x">
<Group geo="AT" unit="TJ" UNIT_MULT="3"/>
<Series nrg_bal="FC_IND_E" siec="G3000" geo="AT"><Obs TIME_PERIOD="2020" OBS_VALUE="100.5"/>
<Obs TIME_PERIOD="2021" OBS_VALUE="NaN"/></Series>
</m:DataSet></m:StructureSpecificData>
"""


@pytest.mark.parametrize("text", [GENERIC, SPECIFIC], ids=["generic", "specific"])
def test_xml(tmp_path, text):
    """What a series, a group or an observation says is one row; the multiplier goes into the unit."""
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    balance = ca.read_balance(path)
    assert (balance.areas, balance.years) == (["AT"], [2020])
    assert amount(balance, "industry", "natural_gas") == 100_500_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SPECIFIC.replace("</m:DataSet>", ""), "damaged XML"),
        (
            SPECIFIC.replace("<m:Str", '<!DOCTYPE x [<!ENTITY a "b">]><m:Str', 1),
            "declares a document type",
        ),
        (SPECIFIC.replace("<Obs ", "<Bos "), "no observation"),
        (
            '{"dataSets": [{"series": {"0:0": {"observations": {"0": [1]}}}}], "structure": {"dimensions": {}}}',
            "SDMX-JSON",
        ),
        ('{"data": {"dataSets": [1]}}', "SDMX-JSON"),
    ],
)
def test_messages_with_faults(content, words):
    """Said in one line."""
    with pytest.raises(TableError, match=words):
        read_content("a", content.encode())


@given(st.integers(0, 12), st.sampled_from(["TJ", "kWh", "t"]))
def test_a_unit_takes_its_multiplier(exponent, unit):
    """Of numerals and of words; a multiplier that is none leaves the table as it is, to be asked about."""
    rows = [["unit", "UNIT_MULT", "OBS_VALUE"], [unit, str(exponent), "7"]]
    assert multiply_units(rows)[1] == [f"10^{exponent} {unit}" if exponent else unit, "", "7"]
    odd = [rows[0], [unit, "many", "7"]]
    assert multiply_units(odd) == odd


def test_a_table_of_csv_with_multipliers(tmp_path):
    """The same columns, saved as text."""
    path = tmp_path / "a.csv"
    path.write_text(
        "REF_AREA,nrg_bal,siec,TIME_PERIOD,UNIT_MEASURE,UNIT_MULT,OBS_VALUE\nAT,FC_IND_E,G3000,2020,TJ,3,2\n"
        "AT,FC_OTH_HH_E,G3000,2020,TJ,0,5\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(path)
    assert amount(balance, "industry", "natural_gas") == 2_000_000
    assert amount(balance, "households", "natural_gas") == 5_000
    assert "unit-assumed" not in rules(balance)
