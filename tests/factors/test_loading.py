"""What loading says of editions and methods with faults: one broken one for each way they can be wrong."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.errors import FactorDataError, MethodError
from carbonacct.factors import (
    edition_ids,
    editions,
    load_edition,
    load_method,
    method_ids,
    read_edition,
)
from carbonacct.factors.editions import COLUMNS
from carbonacct.factors.row_faults import PARAMETERS, bound_faults
from tests.factors.building import SOUND, SOURCE, row, sound, table_text, write_edition

NCV = "net_calorific_value"


def faults_of(folder):
    """Return the faults that reading an edition reports, one a line."""
    with pytest.raises(FactorDataError) as caught:
        read_edition(folder)
    return str(caught.value).splitlines()


def only_fault(folder):
    """Return the one fault that reading an edition reports."""
    found = faults_of(folder)
    assert len(found) == 1, found
    return found[0]


def test_a_sound_edition_is_read_as_it_stands(tmp_path):
    """Source, keys, value, unit, file and line come through; a table of a rate beside the average is read as well."""
    edition = read_edition(
        write_edition(tmp_path / "ours", **{name: [row] for name, row in SOUND.items()})
    )
    assert (edition.id, edition.title, edition.publisher, edition.date) == (
        "ours",
        "A list",
        "An office",
        "2020",
    )
    assert len(edition.rows) == len(SOUND)
    found = next(row for row in edition.rows if row.parameter == "grid_emission_factor")
    assert (found.product, found.area, found.first_year, found.last_year, found.gas) == (
        "electricity",
        "beijing",
        2021,
        2021,
        "CO2",
    )
    assert (found.value, found.unit, found.status) == (0.5688, "kg CO2/kWh", "single")
    assert math.isnan(found.lower)
    assert math.isnan(found.upper)
    assert (found.place, found.file, found.line) == (
        "ours/grid_emission_factor.csv:2",
        "ours/grid_emission_factor.csv",
        2,
    )


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path):
    """Spreadsheet programs and editors put one before the first letter of UTF-8."""
    folder = write_edition(
        tmp_path / "ours", "\ufeff" + SOURCE, net_calorific_value="\ufeff" + table_text(sound(NCV))
    )
    assert read_edition(folder).rows[0].value == 42652


def test_a_folder_is_named_by_where_it_is(tmp_path, monkeypatch):
    """The folder that one stands in has its own name, not a full stop."""
    monkeypatch.chdir(write_edition(tmp_path / "ours", net_calorific_value=[sound(NCV)]))
    assert read_edition(".").id == "ours"


SPANS = st.tuples(*[st.one_of(st.none(), st.integers(2000, 2009))] * 2).filter(
    lambda span: None in span or span[0] <= span[1]
)


@given(SPANS, SPANS)
def test_years_that_two_rows_share(span, other_span):
    """A row without a first or a last year reaches as far as there are years; the order of the two changes nothing."""
    one, other = row(years=span), row(years=other_span)
    (first, last), (other_first, other_last) = span, other_span
    both = [
        year
        for year in range(1999, 2011)
        if (first or 0) <= year <= (last or 3000)
        and (other_first or 0) <= year <= (other_last or 3000)
    ]
    assert one.shares_years(other) == other.shares_years(one) == bool(both)


# --- source.toml


def test_missing_source_file(tmp_path):
    """An edition without source.toml says that it needs one."""
    folder = write_edition(tmp_path / "ours", None, net_calorific_value=[sound(NCV)])
    assert (
        only_fault(folder)
        == f"{folder / 'source.toml'}: cannot be opened (No such file or directory); an edition is a folder with "
        f"a source.toml"
    )


def test_a_folder_that_is_not_there(tmp_path):
    """A folder that does not exist is a fault, not a traceback."""
    assert only_fault(tmp_path / "nowhere").endswith(
        "cannot be opened (No such file or directory); an edition is a folder with a source.toml"
    )


@pytest.mark.parametrize("key", ["title", "publisher", "date", "reference"])
def test_missing_key_of_the_source(tmp_path, key):
    """Title, publisher, date and reference are needed; an empty one is missing."""
    for broken in (
        re.sub(rf"{key} = .*\n", "", SOURCE),
        re.sub(rf"{key} = .*\n", f'{key} = ""\n', SOURCE),
    ):
        assert (
            only_fault(write_edition(tmp_path / "ours", broken, net_calorific_value=[sound(NCV)]))
            == f"ours/source.toml: {key} is missing"
        )


@pytest.mark.parametrize("date", ["May 2020", "20", "2020-5", "2020/05/01", "05-2020"])
def test_bad_date_of_the_source(tmp_path, date):
    """A date is a year, a month or a day of the calendar, largest unit first."""
    folder = write_edition(
        tmp_path / "ours", SOURCE.replace("2020", date, 1), net_calorific_value=[sound(NCV)]
    )
    assert (
        only_fault(folder) == f"ours/source.toml: date {date!r} is not YYYY, YYYY-MM or YYYY-MM-DD"
    )


@pytest.mark.parametrize("date", ['"2020"', '"2020-05"', '"2020-05-31"', "2020-05-31"])
def test_good_date_of_the_source(tmp_path, date):
    """A year, a month and a day are dates, in quotes or as TOML's own."""
    folder = write_edition(
        tmp_path / "ours", SOURCE.replace('"2020"', date, 1), net_calorific_value=[sound(NCV)]
    )
    assert read_edition(folder).date == date.strip('"')


def test_source_that_is_no_toml(tmp_path):
    """A source.toml that cannot be parsed is named, with the parser's line."""
    fault = only_fault(
        write_edition(tmp_path / "ours", "title = A list\n", net_calorific_value=[sound(NCV)])
    )
    assert fault.startswith("ours/source.toml: ")
    assert "line 1" in fault


# --- the tables of an edition


def test_edition_without_tables(tmp_path):
    """A source alone is no edition; the message says how a table is named."""
    fault = only_fault(write_edition(tmp_path / "ours"))
    assert (
        fault
        == "ours: no parameter tables; a table is named after its parameter, such as net_calorific_value.csv"
    )


def test_unknown_parameter_file_with_a_near_name(tmp_path):
    """A table named nearly like a parameter gets the name that was probably meant."""
    fault = only_fault(write_edition(tmp_path / "ours", net_calorific_values=[sound(NCV)]))
    assert (
        fault == "ours/net_calorific_values.csv: not a parameter; did you mean net_calorific_value?"
    )


def test_unknown_parameter_file_without_a_near_name(tmp_path):
    """A table named like no parameter gets the list of those that exist."""
    fault = only_fault(write_edition(tmp_path / "ours", prices=[sound(NCV)]))
    assert fault == f"ours/prices.csv: not a parameter; known: {', '.join(PARAMETERS)}"


@pytest.mark.parametrize(
    "header",
    [
        ",".join(COLUMNS[:-1]),
        ",".join(COLUMNS).replace("product", "fuel"),
        ",".join(reversed(COLUMNS)),
        "",
    ],
    ids=["one less", "another name", "another order", "none"],
)
def test_wrong_header(tmp_path, header):
    """The header is exactly the columns, in their order; the message shows both sides."""
    fault = only_fault(write_edition(tmp_path / "ours", net_calorific_value=f"{header}\n"))
    assert (
        fault
        == f"ours/net_calorific_value.csv:1: the header is {header}; expected {','.join(COLUMNS)}"
    )


def test_table_in_another_encoding(tmp_path):
    """A table that a Chinese spreadsheet saved as GBK is a fault that says how to save it."""
    folder = write_edition(tmp_path / "ours", oxidation_factor=[sound("oxidation_factor")])
    (folder / "net_calorific_value.csv").write_bytes(
        table_text(sound(NCV, item="柴油")).encode("gbk")
    )
    fault = only_fault(folder)
    assert fault.startswith("ours/net_calorific_value.csv: cannot be read as a CSV in UTF-8")
    assert fault.endswith("save it as CSV UTF-8")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"product": "deisel"}, "product 'deisel' does not exist; did you mean diesel,"),
        ({"product": "柴油"}, "product '柴油' does not exist; see factors/vocabulary"),
        ({"flow": "industri"}, "flow 'industri' does not exist; did you mean industry"),
        ({"area": "bejing"}, "area 'bejing' does not exist; did you mean beijing,"),
        ({"category": "1A1a"}, "category '1A1a' is not an IPCC category such as 1.A.1.a"),
        ({"category": "6.A"}, "category '6.A' is not an IPCC category such as 1.A.1.a"),
        ({"category": "1.A."}, "category '1.A.' is not an IPCC category such as 1.A.1.a"),
        ({"gas": "C02"}, "gas 'C02' is not one of CO2, CH4, N2O"),
        ({"gas": "SF6"}, "gas 'SF6' is not one of CO2, CH4, N2O"),
        ({"from": "05"}, "from '05' is not a year"),
        ({"to": "2010.0"}, "to '2010.0' is not a year"),
        ({"to": "3010"}, "to '3010' is not a year"),
        ({"from": "2011", "to": "2010"}, "valid from 2011 to 2010"),
        (
            {"status": "official"},
            "status 'official' is not one of corroborated, single, derived, erratum, unverified",
        ),
        (
            {"status": ""},
            "status '' is not one of corroborated, single, derived, erratum, unverified",
        ),
        ({"value": "42,652"}, "value '42,652' is not a number"),
        ({"value": "about 42652"}, "value 'about 42652' is not a number"),
        ({"value": "44/0"}, "value '44/0' is not a number"),
        ({"value": "44/"}, "value '44/' is not a number"),
        ({"value": "nan"}, "value 'nan' is not a number"),
        ({"lower": "-"}, "lower '-' is not a number"),
        ({"upper": "?"}, "upper '?' is not a number"),
        ({"value": "inf"}, "value is infinite"),
        ({"value": "1e999"}, "value is infinite"),
        ({"upper": "Infinity"}, "upper is infinite"),
        ({"value": ""}, "neither a value nor a range"),
        ({"value": "", "lower": "40000"}, "neither a value nor a range"),
        ({"value": "", "upper": "44000"}, "neither a value nor a range"),
        ({"value": "-42652"}, "value -42652 is negative"),
        ({"value": "", "lower": "-1", "upper": "1"}, "lower -1 is negative"),
        (
            {"lower": "44000", "upper": "45000"},
            "lower 44000, value 42652, upper 45000 are not in order",
        ),
        (
            {"lower": "40000", "upper": "42000"},
            "lower 40000, value 42652, upper 42000 are not in order",
        ),
        ({"lower": "43000"}, "lower 43000, value 42652, upper nan are not in order"),
        ({"value": "", "lower": "3", "upper": "2"}, "lower 3, value nan, upper 2 are not in order"),
        ({"unit": "kJ"}, "unit 'kJ' does not measure net_calorific_value"),
        ({"unit": "t C/TJ"}, "unit 't C/TJ' does not measure net_calorific_value"),
        ({"unit": "kg/kJ"}, "unit 'kg/kJ' does not measure net_calorific_value"),
        ({"unit": ""}, "unit is empty"),
        ({"unit": "dimensionless"}, "unit 'dimensionless' does not measure net_calorific_value"),
        ({"unit": "percent"}, "unit 'percent' does not measure net_calorific_value"),
        ({"unit": "kJ/bag"}, "'kJ/bag' is not a unit known here"),
    ],
)
def test_a_row_with_one_fault(tmp_path, changed, message):
    """Each fault of a row is said in words that name the cell, with file and line, and nothing else is said."""
    fault = only_fault(
        write_edition(
            tmp_path / "ours",
            net_calorific_value=[sound(NCV, product="coke"), sound(NCV, **changed)],
        )
    )
    assert fault.startswith(f"ours/net_calorific_value.csv:3: {message}")


@pytest.mark.parametrize(
    ("parameter", "changed", "message"),
    [
        ("carbon_content", {"unit": "t CO2/TJ"}, "unit 't CO2/TJ' does not measure carbon_content"),
        ("carbon_content", {"unit": "t/TJ"}, "unit 't/TJ' does not measure carbon_content"),
        ("oxidation_factor", {"unit": "t"}, "unit 't' does not measure oxidation_factor"),
        (
            "emission_factor",
            {"gas": "CH4"},
            "unit 'kg CO2/TJ' does not measure emission_factor of CH4",
        ),
        (
            "emission_factor",
            {"unit": "kg C/TJ"},
            "unit 'kg C/TJ' does not measure emission_factor of CO2",
        ),
        (
            "grid_emission_factor",
            {"unit": "kg CO2/t"},
            "unit 'kg CO2/t' does not measure grid_emission_factor of CO2",
        ),
        (
            "operating_margin",
            {"unit": "kWh"},
            "unit 'kWh' does not measure operating_margin of CO2",
        ),
    ],
)
def test_a_unit_that_does_not_measure_the_parameter(tmp_path, parameter, changed, message):
    """Carbon is not CO2, a gas is its own, energy is not mass."""
    fault = only_fault(
        write_edition(tmp_path / "ours", **{parameter: [sound(parameter, **changed)]})
    )
    assert fault == f"ours/{parameter}.csv:2: {message}"


@pytest.mark.parametrize(
    ("parameter", "value", "unit"),
    [
        (NCV, "42.652", "GJ/t"),
        (NCV, "35000", "kJ/m3"),
        (NCV, "350", "GJ/(1e4 m3)"),
        (NCV, "3600", "kJ/kWh"),
        ("emission_factor", "3.1", "t CO2/t"),
        ("emission_factor", "2.2", "t CO2/tce"),
        ("emission_factor", "21", "t CO2/(1e4 m3)"),
        ("oxidation_factor", "98", "percent"),
        ("grid_emission_factor", "0.5688", "t CO2/MWh"),
        ("operating_margin", "0.9419", "kg CO2/kWh"),
    ],
)
def test_units_that_measure_a_parameter(tmp_path, parameter, value, unit):
    """Per mass, volume or energy, in any of the registry's units."""
    row = sound(parameter, value=value, unit=unit)
    assert read_edition(write_edition(tmp_path / "ours", **{parameter: [row]})).rows[0].unit == unit


@pytest.mark.parametrize("parameter", ["oxidation_factor", "stored_carbon_fraction"])
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": "1.02"}, "1.02 dimensionless"),
        ({"value": "98"}, "98 dimensionless"),
        ({"value": "", "lower": "0.9", "upper": "1.1"}, "1.1 dimensionless"),
        ({"value": "0.98", "upper": "98"}, "98 dimensionless"),
        ({"value": "100.5", "unit": "percent"}, "100.5 percent"),
        ({"value": "1"}, ""),
        ({"value": "100", "unit": "percent"}, ""),
    ],
)
def test_a_fraction_is_at_most_one(tmp_path, parameter, changed, said):
    """98 for 0.98, or a bound above the whole, is a fault when the edition is loaded; one and 100 per cent are not."""
    folder = write_edition(tmp_path / "ours", **{parameter: [sound("oxidation_factor", **changed)]})
    if said == "":
        assert len(read_edition(folder).rows) == 1
        return
    with pytest.raises(FactorDataError) as caught:
        read_edition(folder)
    expected = (
        f"{said} is more than the whole: a fraction is at most 1, a percentage (unit %) at most 100"
    )
    assert f"ours/{parameter}.csv:2: {expected}" in str(caught.value).splitlines()


def test_more_cells_than_columns(tmp_path):
    """A note with an unquoted comma makes a cell too many: it is said, not cut off."""
    text = table_text(sound(NCV)).rstrip("\n") + "first,second\n"
    fault = only_fault(write_edition(tmp_path / "ours", net_calorific_value=text))
    assert fault == "ours/net_calorific_value.csv:2: more cells than columns"


@pytest.mark.parametrize(
    ("numbers", "faults"),
    [
        ((1, 1, 1), []),  # a range of nothing, and its ends
        ((1, 1, 2), []),
        ((2, 1, 2), []),
        ((0, 0, 0), []),
        ((math.nan, 0, 0), []),
        ((0, math.nan, math.nan), []),
        ((-1e-9, math.nan, math.nan), ["value -1e-09 is negative"]),
        ((1, 2, 3), ["lower 2, value 1, upper 3 are not in order"]),
        ((4, 2, 3), ["lower 2, value 4, upper 3 are not in order"]),
        ((math.nan, math.nan, 1), ["neither a value nor a range"]),
        ((-1, -2, 0), ["value -1 is negative", "lower -2 is negative"]),
    ],
)
def test_a_value_and_its_range(numbers, faults):
    """In order, not negative, and one of both there; equal numbers are in order."""
    assert list(bound_faults(*numbers)) == faults


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"value": "42000", "unit": "kJ/kg", "status": "corroborated"}),
        ({"from": "2005", "to": "2010"}, {"from": "2010", "to": "2015"}),
        ({"from": "2005"}, {"from": "2010", "to": "2015"}),
        ({"to": "2005"}, {"from": "1990", "to": "1990"}),
        ({"from": "2005"}, {"to": "2005"}),
        (
            {"area": "beijing", "flow": "industry", "category": "1.A.2"},
            {"area": "beijing", "flow": "industry", "category": "1.A.2"},
        ),
    ],
)
def test_two_rows_that_say_the_same_cell(tmp_path, first, second):
    """Rows with equal keys whose years overlap are equally specific: an edition may not hold both."""
    folder = write_edition(
        tmp_path / "ours", net_calorific_value=[sound(NCV, **first), sound(NCV, **second)]
    )
    assert (
        only_fault(folder)
        == "ours/net_calorific_value.csv:3: says what line 2 says (same keys, overlapping years)"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"from": "2005", "to": "2009"}, {"from": "2010", "to": "2015"}),
        ({"to": "2009"}, {"from": "2010"}),
        ({}, {"from": "2010", "to": "2010"}),
        ({}, {"from": "2010"}),
        ({"to": "2010"}, {}),
        ({}, {"area": "beijing"}),
        ({}, {"flow": "industry"}),
        ({}, {"category": "1.A.2"}),
        ({}, {"product": "coke"}),
    ],
)
def test_two_rows_of_which_one_is_more_specific(tmp_path, first, second):
    """Other years, or a key more, and both rows may stand."""
    folder = write_edition(
        tmp_path / "ours", net_calorific_value=[sound(NCV, **first), sound(NCV, **second)]
    )
    assert len(read_edition(folder).rows) == 2


def test_several_faults_at_once(tmp_path):
    """All faults of all files come in one message, one a line, each with its file and line."""
    folder = write_edition(
        tmp_path / "ours",
        SOURCE.replace('reference = "An office. A list, 2020."\n', ""),
        net_calorific_value=[
            sound(NCV),
            sound(NCV, product="deisel", status="official"),
            sound(NCV, product="coke", value="-1"),
        ],
        carbon_content=[sound("carbon_content", unit="t CO2/TJ")],
        prices=[sound(NCV)],
    )
    assert [fault.split(": ")[0] for fault in faults_of(folder)] == [
        "ours/source.toml",
        "ours/carbon_content.csv:2",
        "ours/net_calorific_value.csv:3",
        "ours/net_calorific_value.csv:3",
        "ours/net_calorific_value.csv:4",
        "ours/prices.csv",
    ]


# --- errata


def test_an_erratum_goes_before_the_row_it_corrects(tmp_path):
    """The corrected row is used, the printed one stays in the file."""
    rows = [
        sound(NCV),
        sound(NCV, value="42652000", status="erratum", unit="J/kg", note="unit slip"),
    ]
    edition = read_edition(write_edition(tmp_path / "ours", net_calorific_value=rows))
    assert [(row.value, row.status, row.line) for row in edition.rows] == [(42652000, "erratum", 3)]


def test_the_printed_row_behind_an_erratum_can_be_had():
    """Chart 11 of the white paper of 2022 prints 2.492 t CO2 per t; the erratum has it per tce."""
    edition = load_edition("whitepaper-2022")
    assert [(row.product, row.value, row.unit, row.status) for row in edition.corrected] == [
        ("raw_coal", 2.492, "t CO2/t", "single"),
        ("crude_oil", 2.104, "t CO2/t", "single"),
    ]
    assert {row.status for row in edition.rows} == {"erratum"}


def test_an_erratum_without_the_row_it_corrects(tmp_path):
    """An erratum corrects a row with the same keys; without one it is a value of somebody else."""
    rows = [sound(NCV), sound(NCV, area="beijing", status="erratum", note="typo")]
    fault = only_fault(write_edition(tmp_path / "ours", net_calorific_value=rows))
    assert fault == "ours/net_calorific_value.csv:3: an erratum without the row it corrects"


def test_an_erratum_without_a_reason(tmp_path):
    """A correction says why."""
    fault = only_fault(
        write_edition(
            tmp_path / "ours",
            net_calorific_value=[sound(NCV), sound(NCV, value="42653", status="erratum")],
        )
    )
    assert fault == "ours/net_calorific_value.csv:3: an erratum gives its reason in the note"


def test_two_errata_of_one_row(tmp_path):
    """Two corrections of one row contradict each other."""
    rows = [
        sound(NCV),
        *(sound(NCV, value=value, status="erratum", note="typo") for value in ("42653", "42654")),
    ]
    fault = only_fault(write_edition(tmp_path / "ours", net_calorific_value=rows))
    assert (
        fault
        == "ours/net_calorific_value.csv:4: says what line 3 says (same keys, overlapping years)"
    )


# --- editions and overlays by name


def test_unknown_edition_with_a_near_name():
    """A mistyped edition gets the names that come near, or all of them."""
    with pytest.raises(
        FactorDataError, match=r"no factor edition 'ipcc-2007'; did you mean ipcc-2006"
    ):
        load_edition("ipcc-2007")
    with pytest.raises(
        FactorDataError,
        match=re.escape(f"no factor edition 'zzz'; known: {', '.join(edition_ids())}"),
    ):
        load_edition("zzz")


@pytest.mark.parametrize("name", ["vocabulary", "layouts", "methods"])
def test_folders_that_are_no_editions(name):
    """The vocabulary, the layouts and the methods lie beside the editions and are none."""
    with pytest.raises(FactorDataError, match="no factor edition"):
        load_edition(name)


def test_overlay_that_is_no_folder(tmp_path):
    """A path that does not exist, or a file, cannot be laid over a method."""
    (tmp_path / "ours.csv").write_text(table_text(sound(NCV)), encoding="utf-8")
    for path in (tmp_path / "nowhere", tmp_path / "ours.csv"):
        with pytest.raises(FactorDataError) as caught:
            load_method("ipcc-2006", overlay=path)
        assert (
            str(caught.value)
            == f"{path}: an overlay is a folder with a source.toml and parameter tables"
        )


def test_overlay_with_faults(tmp_path):
    """An overlay is checked as a published edition is."""
    with pytest.raises(
        FactorDataError,
        match=r"^ours/net_calorific_value.csv:2: product 'deisel' does not exist; did you mean diesel",
    ):
        load_method(
            "ipcc-2006",
            overlay=write_edition(
                tmp_path / "ours", net_calorific_value=[sound(NCV, product="deisel")]
            ),
        )


def test_overlay_named_as_a_published_edition(tmp_path):
    """A trace names a row by its edition: two editions of one name would hide each other."""
    folder = write_edition(tmp_path / "ipcc-2006", net_calorific_value=[sound(NCV)])
    with pytest.raises(FactorDataError) as caught:
        load_method("ceads", overlay=folder)
    assert (
        str(caught.value)
        == f"{folder}: an overlay cannot have the name of a published edition; rename the folder"
    )


# --- methods

METHOD = """
title = "A way"
reference = "An office. A way, 2020."
editions = ["ipcc-2006", "gb-t-2589-2008"]

[chains]
CO2 = [["net_calorific_value", "emission_factor"]]

[options]
standard_quantity = ["yearbook-2010"]
covers = ["diesel"]
scale_parts = ["industry"]

[prefer]
natural_gas = "gb-t-2589-2008"

[feedstock]
taken_from = ["industry.chemicals"]

[roles]
final_consumption = "combustion"
feedstock = "feedstock"

[imported_energy.electricity]
flows = ["imports"]
parameter = "grid_emission_factor"
editions = ["mee-grid-2021"]

[[exclude]]
products = ["bitumen"]
flows = ["construction"]
reason = "not burnt"

[[substitute]]
product = "raw_coal"
use = "bituminous_coal"
reason = "not listed"

[[factor_categories]]
flow = "transport"
products = ["diesel"]
category = "1.A.3.b"
reason = "on the road"
"""


@pytest.fixture
def read_method(tmp_path, monkeypatch):
    """Return a reader of a method's text from a file of one's own."""
    monkeypatch.chdir(tmp_path)

    def read(text, name="made"):
        Path(f"{name}.toml").write_text(text, encoding="utf-8")
        return load_method(f"{name}.toml")

    return read


def test_a_sound_method_is_read_as_it_stands(read_method):
    """Every table of the file comes through."""
    method = read_method(METHOD)
    assert (method.id, method.title, method.title_zh, method.kind) == (
        "made",
        "A way",
        "A way",
        "inventory",
    )
    assert [edition.id for edition in method.sources] == ["ipcc-2006", "gb-t-2589-2008"]
    assert method.chains == {"CO2": (("net_calorific_value", "emission_factor"),)}
    assert (method.gases, method.factor_categories[0].category) == (("CO2",), "1.A.3.b")
    assert [method.category("transport", product) for product in ("diesel", "coke")] == [
        "1.A.3.b",
        "1.A.3",
    ]
    assert method.prefer == {"natural_gas": "gb-t-2589-2008"}
    assert method.feedstock_from == ("industry.chemicals",)
    assert method.substitutes["raw_coal"].use == "bituminous_coal"
    assert method.exclusions[0].flows == ("construction",)
    assert method.imported_energy[0].editions == ("mee-grid-2021",)
    assert (method.standard_quantity, method.covers, method.scale_parts) == (
        ("yearbook-2010",),
        ("diesel",),
        ("industry",),
    )
    assert method.role("industry.chemicals") == "combustion"
    assert method.role("statistical_difference") == ""  # it gives it none


@pytest.mark.parametrize(("parts", "of_rail"), [(False, "1.A.3.c"), (True, "1.A.3.b")])
def test_a_factor_category_holds_below_its_flow_where_it_says_so(read_method, parts, of_rail):
    """What a flow leaves beside its parts is the flow itself; a part has its own category."""
    method = read_method(METHOD)
    entry = dataclasses.replace(
        method.factor_categories[0], products=("gasoline", "diesel"), parts=parts
    )
    method = dataclasses.replace(method, factor_categories=(entry,))
    flows = ("transport", "transport.remainder", "transport.rail", "industry")
    assert [method.category(flow, "diesel") for flow in flows] == [
        "1.A.3.b",
        "1.A.3.b",
        of_rail,
        "1.A.2",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "A way"\n', "", "title is missing"),
        ('reference = "An office. A way, 2020."\n', "", "reference is missing"),
        ('[chains]\nCO2 = [["net_calorific_value", "emission_factor"]]\n', "", "chains is missing"),
        ('category = "1.A.3.b"\n', "", "factor_categories without category"),
        (
            'flow = "transport"',
            'flow = "transports"',
            "flow 'transports' does not exist; did you mean transport",
        ),
        (
            '["ipcc-2006", "gb-t-2589-2008"]',
            '["ipcc-2006", "gb-t-2589-2008", "ipcc-2007"]',
            "edition 'ipcc-2007' does not exist; did you mean ipcc-2006",
        ),
        (
            '["mee-grid-2021"]',
            '["mee-grid-2031"]',
            "edition 'mee-grid-2031' does not exist; did you mean mee-grid-20",
        ),
        (
            '"yearbook-2010"',
            '"yearbook-2099"',
            "edition 'yearbook-2099' does not exist; did you mean yearbook-20",
        ),
        (
            '"net_calorific_value", "emission',
            '"ncv", "emission',
            "chain names 'ncv', not a parameter",
        ),
        (
            '"grid_emission_factor"',
            '"grid_factor"',
            "imported_energy names 'grid_factor', not a parameter",
        ),
        (
            '= "combustion"',
            '= "burnt"',
            (
                "role 'burnt' of final_consumption is not one of combustion, transformation, feedstock, supply, "
                "loss, memo, total"
            ),
        ),
        (
            "final_consumption =",
            "final_consumtion =",
            "flow 'final_consumtion' does not exist; did you mean final_consumption,",
        ),
        (
            '["industry.chemicals"]',
            '["industry.chemical"]',
            "flow 'industry.chemical' does not exist; did you mean industry.chemical",
        ),
        (
            "[[substitute]]",
            (
                '[[transformed]]\nflow = "refinery"\nproducts = ["crude_oil"]\ncounts = false\nreason = "made"\n\n'
                "[[substitute]]"
            ),
            "flow 'refinery' does not exist",
        ),
        ('["industry"]', '["industries"]', "flow 'industries' does not exist; did you mean "),
        ('["construction"]', '["builders"]', "flow 'builders' does not exist"),
        ('["imports"]', '["import"]', "flow 'import' does not exist; did you mean imports,"),
        ('products = ["bitumen"]', 'products = ["asphalt"]', "product 'asphalt' does not exist"),
        (
            'covers = ["diesel"]',
            'covers = ["deisel"]',
            "product 'deisel' does not exist; did you mean diesel,",
        ),
        (
            "natural_gas =",
            "natural_gass =",
            "product 'natural_gass' does not exist; did you mean natural_gas",
        ),
        (
            "[imported_energy.electricity]",
            "[imported_energy.power]",
            "product 'power' does not exist",
        ),
        (
            'use = "bituminous_coal"',
            'use = "bituminous"',
            "product 'bituminous' does not exist; did you mean bituminous_coal,",
        ),
        (
            'natural_gas = "gb-t-2589-2008"',
            'natural_gas = "gb-t-2589-2020"',
            "prefer names 'gb-t-2589-2020', not an edition of the method",
        ),
        ('reason = "not burnt"\n', "", "exclude without reason"),
        ('reason = "not burnt"', 'reason = ""', "exclude without reason"),
        ('reason = "not listed"\n', "", "substitute without reason"),
        ('use = "bituminous_coal"\n', "", "substitute without use"),
        ('products = ["bitumen"]\n', "", "exclude without products"),
        ('flows = ["imports"]\n', "", "imported_energy without flows"),
    ],
)
def test_a_method_with_one_fault(read_method, old, new, message):
    """Each fault of a method is said in words that name the entry and the file, and nothing else is said."""
    assert METHOD.count(old) == 1
    with pytest.raises(FactorDataError) as caught:
        read_method(METHOD.replace(old, new))
    found = str(caught.value).splitlines()
    assert len(found) == 1, found
    assert found[0].startswith(f"made.toml: {message}")


def test_a_method_without_editions(read_method):
    """A method names its editions; an edition it prefers is then none of its own."""
    with pytest.raises(FactorDataError) as caught:
        read_method(METHOD.replace('editions = ["ipcc-2006", "gb-t-2589-2008"]\n', "", 1))
    assert str(caught.value).splitlines() == [
        "made.toml: editions is missing",
        "made.toml: prefer names 'gb-t-2589-2008', not an edition of the method",
    ]


def test_a_method_that_is_no_toml(read_method):
    """A file that cannot be parsed is named, with the parser's line."""
    with pytest.raises(FactorDataError, match=r"^made.toml: .*line 1") as caught:
        read_method("title = A way\n")
    assert "\n" not in str(caught.value)


def test_all_faults_of_a_method_at_once(read_method):
    """One message holds them all."""
    broken = (
        METHOD.replace('= "combustion"', '= "burnt"')
        .replace("deisel", "diesel")
        .replace('["imports"]', '["import"]')
        .replace('title = "A way"\n', "")
    )
    with pytest.raises(FactorDataError) as caught:
        read_method(broken)
    assert [line.split(": ")[1].split()[0] for line in str(caught.value).splitlines()] == [
        "title",
        "role",
        "flow",
    ]


def test_a_method_of_an_edition_with_faults_says_the_editions_faults(
    read_method, tmp_path, monkeypatch
):
    """What is wrong in an edition is said when a method needs it."""
    ours = {**editions._edition_folders(), "ours": tmp_path / "ours"}
    monkeypatch.setattr(editions, "_edition_folders", lambda: ours)
    write_edition(tmp_path / "ours", net_calorific_value=[sound(NCV, value="-1")])
    with pytest.raises(
        FactorDataError, match=r"^ours/net_calorific_value.csv:2: value -1 is negative$"
    ):
        read_method(
            'title = "A way"\nreference = "R"\neditions = ["ours"]\n[chains]\nCO2 = [["net_calorific_value"]]\n'
        )


def test_unknown_method_with_a_near_name():
    """A mistyped method gets the name that comes near, and all that exist."""
    with pytest.raises(MethodError) as caught:
        load_method("provincial-2012")
    assert (
        str(caught.value)
        == f"no method 'provincial-2012'; did you mean provincial-2011? known: {', '.join(method_ids())}"
    )


def test_unknown_method_without_a_near_name():
    """A word that is near to no method gets the list alone."""
    with pytest.raises(MethodError) as caught:
        load_method("zzz")
    assert str(caught.value) == f"no method 'zzz'; known: {', '.join(method_ids())}"


@pytest.mark.parametrize("name", method_ids())
def test_every_method_that_ships_is_sound(name):
    """It loads, and names a title in both languages and a document."""
    method = load_method(name)
    assert method.id == name
    assert method.title
    assert method.title_zh
    assert method.reference
    assert method.sources
