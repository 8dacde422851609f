"""Common reporting tables: a published national inventory adds up in them, and their JSON reads back."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.cli import main
from carbonacct.errors import OutputError, TableError
from carbonacct.inventory.entry_columns import make_entries, sector_of
from carbonacct.inventory.official.filling import fill_layout
from carbonacct.inventory.official.layouts import load_layout
from carbonacct.inventory.record import Inventory
from carbonacct.report.crt_json import CRT_TABLES, read_crt_json, read_variables, write_crt_json

BEIJING = "docs/tables/beijing_2007.csv"
# The People's Republic of China, Second Biennial Update Report on Climate Change, 2018: inventory of 2014,
# CO2, CH4 and N2O in 10^4 t as printed; the category that each line is.
CHINA_2014 = """
1.A.1 399534.4 5 22.3
1.A.2 342350.6 32.4 6.5
1.A.3 81974 7.9 2.1
1.A.4 62317.8 77.7 0.7
1.A.5 6316.1 138.4 5.1
1.B.1 - 2101.5 -
1.B.2 - 112.7 -
2.A 91520.2 - -
2.B 14196.3 NA 31.1
2.C 27270.2 0.6 NA
3.A.1 - 985.6 -
3.A.2 - 315.5 23.3
3.C.7 - 891.1 -
3.C.4 - NA 93
3.C.1.b - 32.3 0.7
3.B.1 -83973 - -
3.B.2 -4946 IE IE
3.B.3 -10916 IE IE
3.B.4 -4454 172 NE
3.B.5 253 - -
3.B.6 0 - -
3.D.1 -11055 - -
4.A 2005.5 384.2 0.9
4.D - 272.1 11
"""
PRINTED = {  # row of the table -> CO2, CH4, N2O in 10^4 t
    ("crt-1", "1"): (892492.9, 2475.7, 36.7),
    ("crt-1", "1.A"): (892492.9, 261.4, 36.7),
    ("crt-1", "1.B"): (None, 2214.2, None),
    ("crt-2", "2"): (132986.6, 0.6, 31.1),
    ("crt-3", "3"): (None, 2224.5, 117),
    ("crt-4", "4"): (-115091, 172, None),
    ("crt-5", "5"): (2005.5, 656.4, 12),
    ("crt-summary", "total"): (912394, 5529.2, 196.7),
}


def china(year=2014):
    """Return the printed inventory as a record, in t."""
    rows = []
    for line in CHINA_2014.split("\n")[1:-1]:
        code, *cells = line.split()
        for gas, text in zip(("CO2", "CH4", "N2O"), cells, strict=True):
            if text != "-":
                is_key = text in {"NA", "IE", "NE"}
                rows.append(
                    (code, gas, math.nan if is_key else float(text) * 1e4, text if is_key else "")
                )
    codes, gases, values, keys = map(list, zip(*rows, strict=True))
    columns = {
        "category": np.array(codes, object),
        "gas": np.array(gases, object),
        "value": np.array(values),
    }
    columns |= {
        "notation": np.array(keys, object),
        "sector": np.array([sector_of(code) for code in codes], object),
    }
    return Inventory(make_entries({**columns, "area": "中国", "year": year, "flow": "printed"}))


@pytest.mark.parametrize(("table", "code"), PRINTED)
def test_the_national_inventory_of_2014_adds_up_as_printed(table, code):
    """Sums of sectors and of the whole are the printed ones within the rounding of their parts."""
    filled = fill_layout(china(), load_layout(table))
    row = [one.code for one in filled.layout.rows].index(code)
    for column, printed in enumerate(PRINTED[table, code]):
        value = filled.values[0, row, column] / 10
        if printed is None:
            assert not value > 0
        else:
            assert value == pytest.approx(printed, abs=0.3)


def test_keys_of_the_national_inventory_stay():
    """What is printed IE, NE or NA stands as that, and the sum of land lacks N2O of wetlands."""
    frame = fill_layout(china(), load_layout("crt-4")).to_frame().set_index("code")
    assert frame.loc[["4.B", "4.C", "4.D"], "N2O_kt"].tolist() == ["IE", "IE", "NE"]
    assert frame.loc["4.D.1", "CH4_kt"] == "IE"  # wetlands are one number
    assert (
        fill_layout(china(), load_layout("crt-2")).to_frame().set_index("code").loc["2.B", "CH4_kt"]
        == "NA"
    )


def test_the_tables_of_sectors_make_the_summary():
    """Every entry stands in one of tables 1 to 5, and their totals are the summary's."""
    inventory = china()
    tables = [
        fill_layout(inventory, load_layout(name))
        for name in CRT_TABLES
        if name != "crt-2-fluorinated"
    ]
    placed = np.stack([table.placed.row >= 0 for table in tables])
    assert (placed.sum(axis=0) == 1).all()
    summary = fill_layout(inventory, load_layout("crt-summary"))
    for column in range(3):
        assert np.nansum([table.values[0, 0, column] for table in tables]) == pytest.approx(
            summary.values[0, 0, column], rel=1e-12
        )
    lacking = summary.to_frame().set_index("code").loc[["total", "without"], "N2O_kt"].tolist()
    assert lacking[0].endswith(",NE")
    assert lacking[1] == pytest.approx(1967, abs=1)


def tables_of(inventory, gwp=None):
    """Return tables 1 to 5 of an inventory."""
    return [fill_layout(inventory, load_layout(name), gwp=gwp) for name in CRT_TABLES]


@pytest.mark.parametrize("gwp", [None, "AR5GWP100"])
def test_the_json_reads_back(tmp_path, gwp):
    """Each cell with its number to the last digits printed, and its keys; of two years too."""
    both = ca.join_inventories([china(2014), china(2015)])
    tables = tables_of(both, gwp)
    assert write_crt_json(tables, tmp_path / "a.crt.json") == []
    read = read_crt_json(tmp_path / "a.crt.json").set_index(["year", "code", "gas"]).sort_index()
    wanted = pd.concat([table.to_long() for table in tables])
    wanted = wanted[~wanted["gas"].str.startswith("CO2e")].drop_duplicates(["year", "code", "gas"])
    wanted = wanted.set_index(["year", "code", "gas"]).sort_index()
    pd.testing.assert_frame_equal(read, wanted)


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(
        st.floats(-1e12, 1e12, allow_nan=False).map(lambda value: round(value, 3)),
        min_size=3,
        max_size=3,
    ),
    key=st.sampled_from(["NE", "NO", "IE", "C"]),
)
def test_any_numbers_and_keys_read_back(tmp_path_factory, values, key):
    """A whole number with a part that lacks reads back as both."""
    folder = tmp_path_factory.mktemp("crt")
    columns = {
        "category": np.array(["2.A.1", "2.A.2", "2.A.3", "2.B.1"], object),
        "value": np.array([*values, np.nan]),
    }
    columns |= {
        "notation": np.array(["", "", "", key], object),
        "sector": "processes",
        "gas": "CO2",
        "area": "甲",
        "year": 2020,
        "flow": "a",
    }
    tables = tables_of(Inventory(make_entries(columns)))
    write_crt_json(tables, folder / "a.crt.json")
    read = read_crt_json(folder / "a.crt.json")
    wanted = (
        pd.concat([table.to_long() for table in tables])
        .drop_duplicates(["code", "gas"])
        .reset_index(drop=True)
    )
    assert read["value"].to_numpy() == pytest.approx(
        wanted["value"].to_numpy(), nan_ok=True, rel=1e-14
    )
    assert read["notation"].tolist() == wanted["notation"].tolist()


def test_the_definitions_give_identifiers(tmp_path, capsys):
    """Only variables of the reporting tool are written then; the others are found."""
    name = "[1. Energy][no classification][Emissions][CO₂][no parameter][kt]"
    definitions = tmp_path / "metadata.json"
    uid = "3665c27e-d055-47d7-8393-5f934f3ced9d"
    definitions.write_text(
        json.dumps({"Metadata": [{"variable": [{"uid": uid, "name": name}]}]}), encoding="utf-8"
    )
    assert read_variables(definitions) == {name: uid}
    words = [
        "official",
        BEIJING,
        "--method",
        "ipcc-2006",
        "--table",
        "crt-1",
        "-o",
        str(tmp_path / "a.crt.json"),
    ]
    assert main([*words, "--crt-definitions", str(definitions)]) == 0
    content = json.loads((tmp_path / "a.crt.json").read_text(encoding="utf-8"))
    (inventory,) = content["data"]["values"]
    assert inventory["inventory_year"] == "2007"
    (record,) = inventory["values"]
    assert (record["variable_uid"], record["variable"]) == (uid, name)
    total = ca.compile_inventory(BEIJING, method="ipcc-2006").total().item().magnitude
    assert record["value"] == pytest.approx(total / 1e3, rel=1e-12)
    assert "146 cells have no variable in the definitions: [1. Energy]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "a.crt.json: is no CRT JSON"),
        ("[1", "a.crt.json: cannot be read"),
        (
            (
                '{"country_specific_data": {}, "data": {"values": [{"inventory_year": "2020", "values": '
                '[{"variable_uid": "x", "value": 1}]}]}}'
            ),
            "a.crt.json: variable x of 2020 has no name that says row and gas; write the file with names",
        ),
        (
            '{"country_specific_data": {}, "data": {"values": [{"inventory_year": "y", "values": []}]}}',
            "a.crt.json: is no CRT JSON",
        ),
    ],
)
def test_what_is_no_crt_json_is_said(tmp_path, content, message):
    """One line with the file."""
    path = tmp_path / "a.crt.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_crt_json(path)
    assert str(caught.value).startswith(message)
    with pytest.raises(TableError, match=r"^a\.crt\.json: "):
        read_variables(path)


def test_one_file_is_of_one_area(tmp_path):
    """Two areas are refused by name."""
    entries = china().entries
    other = Inventory(entries.assign(area=pd.Categorical(["乙"] * len(entries))))
    with pytest.raises(
        OutputError, match="holds one area, and the tables are of 中国, 乙; write one at a time"
    ):
        write_crt_json(tables_of(ca.join_inventories([china(), other])), tmp_path / "a.crt.json")


# Lines of the printed tables of agriculture and land, and the category of the record that each is.
LINES = {
    "3.A": "3.A.1",
    "3.B": "3.A.2",
    "3.C": "3.C.7",
    "3.D": "3.C.4",
    "3.F": "3.C.1.b",
    "4.A": "3.B.1",
    "4.B": "3.B.2",
    "4.C": "3.B.3",
    "4.D": "3.B.4",
    "4.E": "3.B.5",
    "4.F": "3.B.6",
    "4.G": "3.D.1",
    "4.H": "3.D.2",
}


def test_agriculture_and_land_of_six_national_inventories(real_tables):
    """2005 to 2021: each line is in its row, and rows add up to the printed sectors within rounding."""
    path = (
        real_tables / "china_inventory" / "china_agri_lulucf_2005_2010_2017_2018_2020_2021_10kt.csv"
    )
    lines = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()]
    years = [int(text[:4]) for text in lines[0][1:] if text]
    printed = {re.match(r"[\dA-Z.]+", line[0])[0].rstrip("."): line[1:] for line in lines[2:]}
    for n, year in enumerate(years):
        cells = {code: row[3 * n : 3 * n + 3] for code, row in printed.items()}
        rows = [
            (
                LINES[code],
                gas,
                math.nan if text.isalpha() else float(text) * 1e4,
                text if text.isalpha() else "",
            )
            for code, row in cells.items()
            if code in LINES
            for gas, text in zip(("CO2", "CH4", "N2O"), row, strict=True)
            if text
        ]
        codes, gases, values, keys = map(list, zip(*rows, strict=True))
        columns = {
            "category": np.array(codes, object),
            "gas": np.array(gases, object),
            "value": np.array(values),
            "notation": np.array(keys, object),
        }
        columns |= {
            "sector": np.array([sector_of(code) for code in codes], object),
            "area": "中国",
            "year": year,
            "flow": "printed",
        }
        inventory = Inventory(make_entries(columns))
        for sector in ("3", "4"):
            table = fill_layout(inventory, load_layout(f"crt-{sector}"))
            assert not len(table.listed[table.listed["reason"] != -1])
            places = {row.code: place for place, row in enumerate(table.layout.rows)}
            for code, row in cells.items():
                if not code.startswith(sector):
                    continue
                for column, text in enumerate(row):
                    value = table.values[0, places[code], column] / 10
                    if text and not text.isalpha():
                        assert value == pytest.approx(
                            float(text), abs=0.35 if code == sector else 1e-9
                        ), (
                            year,
                            code,
                            column,
                        )
