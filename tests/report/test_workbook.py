"""The workbook: live formulas that a spreadsheet program recalculates to our floats, and text that stays text."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from xlsxwriter.utility import xl_col_to_name

import carbonacct as ca
from carbonacct.errors import Finding, OutputError
from carbonacct.factors.editions import COLUMNS
from carbonacct.report.workbook import add_frame, write_workbook
from carbonacct.sectors.energy.approach_comparison import compare_approaches
from carbonacct.sectors.energy.completeness import find_completeness
from carbonacct.sectors.energy.memo import find_memo_items
from carbonacct.text_columns import count_columns
from tests.report.spreadsheet import recalculate
from tests.sectors.energy.building import table

TABLES = ["docs/tables/chongqing_2007.csv", "docs/tables/beijing_2007.csv"]
EXACT = 1e-12


def _by_name(sheet, header=4):
    """Return the rows of a table below its title."""
    rows = list(sheet.iter_rows(min_row=header, values_only=True))
    return [
        dict(zip(rows[0], row, strict=True))
        for row in rows[1:]
        if any(cell is not None for cell in row)
    ]


def _feedstock_table(folder):
    """Return a table with feedstock, scaled sub-sectors, a negative input, imported power, a notation key."""
    rows = {
        "primary_supply": {"raw_coal": 900, "natural_gas": 30, "electricity": 50},
        "moved_in": {"raw_coal": 500, "electricity": 70, "heat": 3},
        "moved_out": {"raw_coal": 20},
        "transformation": {"raw_coal": -400},
        "thermal_power": {"raw_coal": -300, "natural_gas": -7.3, "diesel": 0},
        "heating": {"raw_coal": -100},
        "final_consumption": {"raw_coal": 480.7, "natural_gas": 22.7, "diesel": 91.2},
        "farming": {"raw_coal": 1.1, "diesel": 5.2},
        "industry": {"raw_coal": 400.6, "natural_gas": 12.7, "diesel": 6},
        "feedstock": {"raw_coal": 33.3, "natural_gas": 2.9},
        "transport": {"raw_coal": "NE", "diesel": 80, "natural_gas": 10},
        "households_urban": {"raw_coal": 79, "natural_gas": "-"},
    }
    return table(folder, rows)


@pytest.fixture(scope="module")
def overlay(tmp_path_factory):
    """Return a folder with one other number: the calorific value of raw coal."""
    folder = tmp_path_factory.mktemp("own") / "own"
    folder.mkdir()
    (folder / "source.toml").write_text(
        'title = "own"\npublisher = "own"\ndate = "2024"\nreference = "own"\n', encoding="utf-8"
    )
    with (folder / "net_calorific_value.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerow(
            ["raw_coal", *[""] * 6, "raw coal", 21500, "", "", "kJ/kg", "", "", "single", ""]
        )
    return folder


def test_recalculated_values_are_our_floats_and_a_changed_factor_moves_the_total(tmp_path, overlay):
    """LibreOffice recalculates every formula to 1e-12 without an error cell.

    A changed factor gives the inventory with that factor.
    """
    given = {"docs": TABLES, "made": [_feedstock_table(tmp_path)]}
    made, paths = {}, []
    for name, tables in given.items():
        made[name] = [ca.compile_inventory(one, method="provincial-2011") for one in tables]
        paths.append(tmp_path / f"{name}.xlsx")
        write_workbook(made[name], paths[-1], lang="zh" if name == "docs" else "en")
    book = openpyxl.load_workbook(paths[1])
    sheet = book["published factors"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    changed = [
        row
        for row in range(5, sheet.max_row + 1)
        if (sheet.cell(row, heads["published value"]).value, sheet.cell(row, heads["unit"]).value)
        == (20908, "kJ/kg")
    ]
    assert len(changed) == 1  # each published number stands once
    sheet.cell(changed[0], heads["published value"]).value = 21500
    paths.append(tmp_path / "changed.xlsx")
    book.save(paths[-1])

    one, two, three = recalculate(tmp_path / "calc", *paths)
    for again in (one, two, three):
        assert not [
            (sheet.title, cell.coordinate, cell.value)
            for sheet in again
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "e"
        ]
    overlaid = [
        ca.compile_inventory(_feedstock_table(tmp_path), method="provincial-2011", overlay=overlay)
    ]
    for again, inventories in ((one, made["docs"]), (two, made["made"]), (three, overlaid)):
        _compare(again, inventories)
    for again, inventory in ((two, made["made"][0]), (three, overlaid[0])):
        _compare_restated(again, inventory)
    assert overlaid[0].total().item() > made["made"][0].total().item() * 1.01
    for again, verdict in (
        (two, "agree"),
        (three, "changed: sheets of values are old"),
    ):  # what is restated as values says so at once
        assert [row[-1] for row in again["summary"].iter_rows(min_row=5, values_only=True)] == [
            verdict
        ]
        assert [row[-1] for row in again["consistency"].iter_rows(min_row=5, values_only=True)] == [
            verdict
        ]
    live, restated, apart = next(three["consistency"].iter_rows(min_row=5, values_only=True))[3:6]
    assert (live * 1e3, restated * 1e3) == pytest.approx(
        (
            float(overlaid[0].total().item().magnitude),
            float(made["made"][0].total().item().magnitude),
        ),
        rel=EXACT,
    )
    assert apart == pytest.approx(live - restated)


def _compare(book, inventories):
    """Compare a recalculated workbook with inventories: cells, totals, categories, scope 2."""
    frame = pd.concat([inventory.to_frame() for inventory in inventories], ignore_index=True)
    chinese = "汇总" in book.sheetnames
    scale = 1e4 if chinese else 1e3
    flat = [row["value"] for row in _by_name(book["inventory"], header=1)]
    np.testing.assert_allclose(flat, frame["value"], rtol=EXACT, atol=0)
    summary = list(book["汇总" if chinese else "summary"].iter_rows(min_row=5, values_only=True))
    flows = [
        row
        for row in book["部门与品种" if chinese else "flow by product"].iter_rows(
            min_row=5, values_only=True
        )
        if row[3] in {"合计", "total"}
    ]
    categories = [
        row
        for row in book["IPCC类别" if chinese else "IPCC categories"].iter_rows(
            min_row=5, values_only=True
        )
        if row[3] in {"合计", "total"}
    ]
    single = [
        row
        for row in book["IPCC类别" if chinese else "IPCC categories"].iter_rows(
            min_row=5, values_only=True
        )
        if row[4]
    ]
    for n, inventory in enumerate(inventories):
        total = float(inventory.total().item().magnitude)
        assert [
            summary[n][3] * scale,
            flows[n][-1] * scale,
            categories[n][-1] * scale,
        ] == pytest.approx([total] * 3, rel=EXACT)
        assert sum(
            row[-1] for row in single if row[0] == inventory.balance.areas[0]
        ) * scale == pytest.approx(total, rel=EXACT)
        assert sum(
            cell for cell in summary[n][4:8] if isinstance(cell, float | int)
        ) * scale == pytest.approx(total, rel=EXACT)
        indirect = inventory.total(scope=2).item().magnitude
        if not np.isnan(indirect):
            assert sum(
                cell for cell in summary[n][8:10] if isinstance(cell, float | int)
            ) * scale == pytest.approx(float(indirect), rel=EXACT)


def _compare_restated(book, inventory):
    """Compare what the tables beside the inventory restate with those of an inventory, place by place."""
    filled = ca.fill_tables(inventory)
    sheets = {
        "1.A(a)": "1.A(a)",
        "1.A(b)": "1.A(b)",
        "1.A(c)": "1.A(c)",
        "guideline": "guideline summary",
    }
    for name, sheet in sheets.items():
        numbers = filled[name].select_dtypes(exclude="number").columns
        expected = filled[name].drop(
            columns=[one for one in numbers if not one.endswith(("_kt", "_tj", "_10kt"))]
        )
        rows = [
            row[-len(expected.columns) :]
            for row in book[sheet].iter_rows(min_row=5, values_only=True)
        ]
        assert len(rows) == len(expected)
        for row, own in zip(rows, expected.to_numpy(dtype=object).tolist(), strict=True):
            for cell, value in zip(row, own, strict=True):
                if not isinstance(value, float):
                    assert cell == value
                elif not np.isnan(value):
                    assert cell == pytest.approx(value, rel=1e-9, abs=1e-9)
    found = find_completeness(inventory)
    for row, value in zip(_by_name(book["completeness"]), found["value"], strict=True):
        if not np.isnan(value):
            assert row["emissions\n(t)"] == pytest.approx(value, rel=EXACT)
    compared = compare_approaches(inventory).by_group()
    shown = _by_name(book["two approaches"])
    assert [row["CO2, reference\n(kt)"] for row in shown] == pytest.approx(
        compared["co2_reference_kt"].tolist(), rel=1e-9
    )


HOSTILE = [
    "=1+1",
    "+1",
    "-1+cmd()",
    "@SUM(A1)",
    "\tx",
    "http://example.org/",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "<script>",
    "'quoted",
    "a" * 40_000,
    "_x0041_",
]


def _renamed(inventory, area):
    """Return an inventory of the same table under another name."""
    held = {
        name: getattr(inventory.balance, name).assign_coords(area=[area])
        for name in ("amounts", "status", "place")
    }
    finding = Finding(area[:50], "warning", area[:50], area[:50], area[:50])
    return replace(
        inventory,
        emissions=inventory.emissions.assign_coords(area=[area]),
        indirect=inventory.indirect.assign_coords(area=[area]),
        balance=replace(inventory.balance, **held),
        findings=(finding,),
    )


def test_text_of_the_input_is_never_a_formula_or_a_link(tmp_path):
    """Whatever an area is called, its cells hold text that stays text when edited; no link, no relationship to one."""
    inventory = ca.compile_inventory(TABLES[0], method="ceads")
    write_workbook([_renamed(inventory, area) for area in HOSTILE], tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    seen = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "f":
                    assert (
                        cell.value.startswith(("='", "=SUM(", "=MAX(", "=MIN(", "=IF("))
                        or cell.value[1:2].isalpha()
                    ), cell.value
                    assert "cmd" not in cell.value
                elif isinstance(cell.value, str) and cell.value.startswith(
                    ("=", "+", "-", "@", "\t")
                ):
                    assert (cell.data_type, cell.quotePrefix) == ("s", True)
                    seen.add(cell.value)
    assert seen >= {"=1+1", "+1", "-1+cmd()", "@SUM(A1)", "\tx"}
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert not [name for name in archive.namelist() if name.startswith("xl/externalLinks")]
        assert not any(
            b"hyperlink" in archive.read(name) or b"External" in archive.read(name)
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
        )


def test_the_first_sheet_is_the_flat_table(tmp_path):
    """The first sheet has the contract's columns for pandas, to the same floats; the summary opens first."""
    inventories = [
        ca.compile_inventory(table_, method="provincial-2011", gases=["all"]) for table_ in TABLES
    ]
    write_workbook(inventories, tmp_path / "a.xlsx", gwp="AR5GWP100")
    frame = pd.concat(
        [inventory.to_frame(gwp="AR5GWP100") for inventory in inventories], ignore_index=True
    )
    for engine in ("openpyxl", "calamine"):
        read = pd.read_excel(tmp_path / "a.xlsx", engine=engine, keep_default_na=False)
        pd.testing.assert_frame_equal(read, frame, check_dtype=False, check_exact=True)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert (book.sheetnames[0], book.active.title, book.sheetnames[-1]) == (
        "inventory",
        "summary",
        "findings",
    )


def test_gases_and_their_equivalents_are_formulas(tmp_path):
    """CH4, N2O and the metric's sum recalculate to our floats; CO2-equivalent follows a changed weight."""
    inventory = ca.compile_inventory(TABLES[1], method="ipcc-2006", gases=["all"])
    write_workbook([inventory], tmp_path / "a.xlsx", gwp="AR5GWP100")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book["metric"]
    row = next(row for row in range(5, 9) if sheet.cell(row, 2).value == "CH4")
    assert sheet.cell(row, 4).value == 28
    sheet.cell(row, 4).value = 25
    book.save(tmp_path / "b.xlsx")
    one, two = recalculate(tmp_path / "calc", tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    frame = inventory.to_frame(gwp="AR5GWP100")
    np.testing.assert_allclose(
        [row["value"] for row in _by_name(one["inventory"], header=1)],
        frame["value"],
        rtol=EXACT,
        atol=0,
    )
    methane = frame[frame["gas"] == "CH4"].set_index(["flow", "product"])["value"]
    changed = (
        frame[frame["gas"] == "CO2e (AR5GWP100)"].set_index(["flow", "product"])["value"]
        - 3 * methane
    )
    seen = {
        (row["flow"], row["product"]): row["value"]
        for row in _by_name(two["inventory"], header=1)
        if row["gas"] == "CO2e (AR5GWP100)"
    }
    np.testing.assert_allclose([seen[cell] for cell in changed.index], changed, rtol=EXACT, atol=0)


def test_a_large_inventory_is_values_and_says_so(tmp_path, monkeypatch):
    """Above the limit of formulas there are values on several sheets, a row per year, and a note."""
    inventories = [ca.compile_inventory(table_, method="ceads") for table_ in TABLES]
    frame = pd.concat([inventory.to_frame() for inventory in inventories], ignore_index=True)
    monkeypatch.setattr("carbonacct.report.workbook.book.LIVE_NUMBERS", 100)
    monkeypatch.setattr("carbonacct.report.workbook.flat.MOST_ROWS", 60)
    write_workbook([_renamed(inventories[0], "=1+1"), inventories[1]], tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["inventory", "inventory 2", "inventory 3", "summary", "findings"]
    parts = [
        pd.read_excel(tmp_path / "a.xlsx", sheet_name=name, engine="openpyxl")
        for name in book.sheetnames[:3]
    ]
    assert pd.concat(parts)["value"].tolist() == frame["value"].tolist()
    assert book["inventory"]["A2"].quotePrefix
    assert "more than 100" in book["summary"]["A2"].value
    assert "inventory 2, inventory 3" in book["summary"]["A2"].value
    totals = [row[3] for row in book["summary"].iter_rows(min_row=5, values_only=True)]
    assert totals == pytest.approx(
        [float(inventory.total().item().magnitude) / 1e3 for inventory in inventories], rel=EXACT
    )
    assert not [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sheet_is_set_up_for_print(tmp_path, lang):
    """A4, one page wide, upright if long, header frozen and repeated; columns of tonnes name their unit."""
    write_workbook(
        [ca.compile_inventory(TABLES[0], method="ceads")], tmp_path / "a.xlsx", lang=lang
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 19
    for sheet in book:
        header = 1 if sheet.title in {"inventory", "findings", "检查发现"} else 4
        one_page = sheet.title in {"汇总", "summary"}  # with its chart
        upright = sheet.page_setup.orientation == "portrait"
        assert not upright or sheet.max_row > 60
        assert (
            sheet.page_setup.orientation,
            int(sheet.page_setup.paperSize),
            sheet.page_setup.fitToHeight,
        ) == (
            "portrait" if upright else "landscape",
            9,
            None if one_page else 0,
        )
        assert sheet.freeze_panes == f"A{header + 1}"
        assert sheet.print_title_rows == f"${header}:${header}"
        chinese = any(
            "\u4e00" <= letter <= "\u9fff" for cell in sheet[header] for letter in str(cell.value)
        )
        assert chinese == (lang == "zh" and sheet.title != "inventory")
        if header == 4 and sheet.title not in {"汇总", "summary"}:
            assert all(len(str(cell.value)) < 60 for cell in sheet[header])
    unit = {"zh": "（万吨）", "en": "(kt)"}[lang]
    assert all(
        str(cell.value).endswith(unit)
        for cell in book["汇总" if lang == "zh" else "summary"][4][3:-1]
    )


def test_widths_fit_chinese_names(tmp_path):
    """A column is as wide as its longest name, a Chinese character counting double."""
    write_workbook(
        [ca.compile_inventory(TABLES[0], method="ceads")], tmp_path / "a.xlsx", lang="zh"
    )
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["计算过程"]
    column = next(cell.column for cell in sheet[4] if cell.value == "活动")
    longest = max(
        count_columns(sheet.cell(row, column).value) for row in range(5, sheet.max_row + 1)
    )
    assert sheet.column_dimensions[xl_col_to_name(column - 1)].width > longest


def test_what_has_no_number_says_so(tmp_path):
    """Electricity without a grid factor has an amount and no number; keys and marks are listed with cells."""
    inventories = [
        ca.compile_inventory(_feedstock_table(tmp_path), method="provincial-2011"),
        ca.compile_inventory(TABLES[0], method="provincial-2011"),
    ]
    write_workbook(inventories, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    rows = [row for row in _by_name(book["scope 2"]) if row["emissions\n(t)"] == "no number"]
    assert [(row["product"], row["year"], row["amount"]) for row in rows] == [
        ("Electricity", 2007, 14613000000),
        ("Electricity", 2007, -5190000000),
    ]
    nothing = {
        (row["flow"], row["product"]): (row["kind"], row["source cell"])
        for row in _by_name(book["cells without a number"])
    }
    assert nothing == {
        ("Transport, storage and post", "Raw coal"): ("NE", "table.csv!B13"),
        ("Residential, urban", "Natural gas"): ("mark", "table.csv!C14"),
    }


def test_a_sheet_is_added_by_one_function(tmp_path):
    """A table, its title and its notes become a sheet behind the others, before the findings."""
    extra = pd.DataFrame(
        {
            "fuel": ["coal", "=2"],
            "apparent consumption (TJ)": [1.5, np.nan],
            "year": [2019, 2020],
            "ratio": [np.inf, 1.0],
        }
    )
    sheets = [lambda book: add_frame(book, "fuels", extra, title="Fuels", notes=["a note"])]
    write_workbook(
        [ca.compile_inventory(TABLES[0], method="ceads")], tmp_path / "a.xlsx", sheets=sheets
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames[-2:] == ["fuels", "findings"]
    sheet = book["fuels"]
    assert [
        sheet["A1"].value,
        sheet["A2"].value,
        sheet["B4"].value,
        sheet["B5"].value,
        sheet["B6"].value,
    ] == [
        "Fuels",
        "a note",
        "apparent consumption (TJ)",
        1.5,
        None,
    ]
    assert (sheet["A6"].data_type, sheet["D5"].value) == ("s", "inf")


def test_the_accounts_beside_the_inventory(tmp_path):
    """Reference approach, comparison, memo items and completeness are the package's; missing supply is said."""
    inventories = [
        ca.compile_inventory(table_, method="provincial-2011")
        for table_ in (TABLES[1], "docs/tables/qingdao_2019.csv")
    ]
    write_workbook(inventories, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    compared = compare_approaches(inventories[0])
    reference = _by_name(book["reference approach"])
    assert [row["emissions\n(t CO2)"] for row in reference] == compared.reference.to_frame()[
        "emissions"
    ].tolist()
    assert [
        row["CO2, sectoral\n(kt)"] for row in _by_name(book["two approaches"])
    ] == compared.by_group()["co2_sectoral_kt"].tolist()
    assert sum(row["emissions\n(t)"] for row in _by_name(book["memo items"])) == pytest.approx(
        find_memo_items(inventories[0])["value"].sum()
    )
    found = find_completeness(inventories[1])
    rows = [row for row in _by_name(book["completeness"]) if row["area"] == "青岛市"]
    assert [row["notation key"] or "" for row in rows] == found["key"].tolist()
    assert (
        "qingdao_2019.csv!C3: the table has no supply rows"
        in book["reference approach"]["A2"].value
    )


def test_what_is_no_workbook(tmp_path):
    """An inventory without a number is refused, and one area and year twice: its amounts would count double."""
    inventory = ca.compile_inventory(TABLES[0], method="ceads")
    with pytest.raises(OutputError, match="no number to write"):
        write_workbook(
            [
                replace(
                    inventory,
                    emissions=inventory.emissions * np.nan,
                    indirect=inventory.indirect * np.nan,
                )
            ],
            tmp_path / "a.xlsx",
        )
    with pytest.raises(OutputError, match="two inventories of 重庆 2007"):
        write_workbook([inventory, inventory], tmp_path / "a.xlsx")


def test_contents_and_years(tmp_path):
    """Contents link to every sheet with a table; years stand side by side with change and share in percent."""
    rows = {"industry": {"raw_coal": 10, "diesel": 2}, "transport": {"raw_coal": 1, "diesel": 5}}
    made = []
    for year, scale in ((2020, 1), (2021, 2)):
        (tmp_path / str(year)).mkdir()
        held = {
            flow: {product: amount * scale for product, amount in cells.items()}
            for flow, cells in rows.items()
        }
        made.append(
            ca.compile_inventory(
                table(tmp_path / str(year), held, title=f"重庆能源平衡表(实物量)-{year}"),
                method="provincial-2011",
            )
        )
    write_workbook(made, tmp_path / "a.xlsx", lang="zh")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    links = [row[0].value for row in book["目录"].iter_rows(min_row=5) if row[0].value]
    assert links == [
        f'=HYPERLINK("#\'{name}\'!A1","{name}")' for name in book.sheetnames if name != "目录"
    ]
    sheet = book["历年排放"]
    assert [cell.value for cell in sheet[4]] == [
        "地区",
        "气体",
        "活动",
        "2020\n（万吨）",
        "2021\n（万吨）",
        "较上年",
        "占比",
    ]
    assert sheet["D5"].value.startswith("=SUM('计算过程'!")
    assert (sheet["F5"].value, sheet["F5"].number_format) == ("=E5/D5-1", "0.0%")
    shown = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["历年排放"]
    body = [[cell.value for cell in row] for row in shown.iter_rows(min_row=5)]
    assert body[-1][2] == "合计"
    assert [row[5] for row in body] == pytest.approx([1.0] * len(body))
    assert sum(row[6] for row in body[:-1]) == pytest.approx(1.0) == body[-1][6]
    assert body[-1][3] == pytest.approx(float(made[0].total().item().magnitude) / 1e4)
    held = book["完整性"]
    assert [cell.value for cell in held[4]][-3:-1] == ["2020\n（t）", "2021\n（t）"]
    assert (
        len({(row[0].value, row[1].value, row[3].value) for row in held.iter_rows(min_row=5)})
        == held.max_row - 4
    )
