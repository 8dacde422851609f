"""The Word report, the official sheets and the primap2 file of all sectors hold the record's figures."""

from __future__ import annotations

import re

import docx
import openpyxl
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.inventory.record import SECTORS
from carbonacct.report.chapter import write_chapter
from carbonacct.report.inventories import write_inventory
from carbonacct.report.official_files import write_official
from carbonacct.report.uncertainty_tables import Assessment
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.source_compiling import compile_sources
from tests.report.spreadsheet import recalculate

BALANCE, ACTIVITIES = "docs/tables/chongqing_2007.csv", "docs/tables/chongqing_2007_activities.csv"
GWP = "AR5GWP100"


@pytest.fixture(scope="module")
def cube():
    """Return the energy part."""
    return ca.compile_inventory(BALANCE, method="provincial-2011", gases=["all"])


@pytest.fixture(scope="module")
def whole(cube):
    """Return an inventory of energy and three other sectors."""
    sources = compile_sources(
        read_activities([ACTIVITIES], "provincial-2011"), allow_unverified=True
    )
    return ca.join_inventories([ca.to_inventory(cube), sources])


def tables_of(path):
    """Return the tables of a document by their caption, a list for each."""
    document = docx.Document(path)
    captions = [
        one.text.split("  ", 1)[1]
        for one in document.paragraphs
        if one.style.name == "Caption" and one.text.startswith(("表", "Table"))
    ]
    grids = [
        [[cell.text for cell in row.cells] for row in one.rows]
        for one in document.tables
        if one.style.name != "Normal Table"
    ]
    found = {}
    for caption, grid in zip(captions, grids, strict=True):
        found.setdefault(caption, []).append(grid)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_word_report_is_the_record(tmp_path, whole, lang):
    """Totals by sector, the guideline's tables and each source with its equation; a sector has a chapter."""
    write_chapter(whole, tmp_path / "a.docx", lang=lang, gwp=GWP)
    tables = tables_of(tmp_path / "a.docx")
    (totals,) = tables["各部门温室气体排放" if lang == "zh" else "Emissions by sector"]
    rows = {row[0]: row[1:] for row in totals}
    gases = [head.split("\n")[0] for head in totals[0][1:]]
    by_sector = whole.by("sector").set_index(["sector", "gas"])["value"]
    name = "工业生产过程" if lang == "zh" else "industrial processes"
    assert rows[name][gases.index("CO2")] == f"{by_sector['processes', 'CO2'] / 1e4:,.2f}"
    assert totals[0][1 + gases.index("CO2")] == (
        "CO2\n（万吨）" if lang == "zh" else "CO2\n(10⁴ t)"
    )
    assert totals[0][1 + gases.index("CH4")].strip("（）()").endswith("t")
    total = whole.total(gwp=GWP)["value"].item()
    assert (
        rows["合计" if lang == "zh" else "total"][
            gases.index("CO2e" if lang == "zh" else f"CO2e ({GWP})")
        ]
        == f"{total / 1e4:,.2f}"
    )
    title, (keys,) = next(
        (one, grids) for one, grids in tables.items() if "关键类别（" in one or "ategories (" in one
    )
    assert title.endswith(f"（万吨 CO2e［{GWP}］）" if lang == "zh" else f" (10⁴ t CO2e ({GWP}))")
    cement = next(row for row in keys if row[0].startswith("2.A.1"))
    assert cement[keys[0].index("排放" if lang == "zh" else "emissions")] == "1,129.80"
    (summary,) = tables[
        "省级温室气体清单汇总表" if lang == "zh" else "Summary of a provincial inventory"
    ]
    assert summary[1][-1] == f"{total / 1e4:,.2f}"
    equations = [
        row
        for grid in tables[
            "各排放源的公式与依据"
            if lang == "zh"
            else "Equations of the sources, and the documents"
        ]
        for row in grid
    ]
    said = {
        "zh": "(clinker - 电石渣生产的熟料产量) * 水泥熟料排放因子",
        "en": "(clinker - clinker_from_carbide_slag) * clinker_factor",
    }
    assert any(said[lang] in row[1] for row in equations)
    sources = [
        row
        for grid in tables["各排放源的排放量" if lang == "zh" else "Emissions of the sources"]
        for row in grid
    ]
    assert [
        "水泥生产过程" if lang == "zh" else "Cement production",
        "",
        "2.A.1",
        "CO2",
        "11,298,000.00",
    ] in sources
    heads = [
        one.text
        for one in docx.Document(tmp_path / "a.docx").paragraphs
        if one.style.name == "Heading 1"
    ]
    assert len(heads) == 7  # the whole, energy, processes, agriculture, waste, quality, cities
    city = ca.fill_official(whole, "gpc", gwp=GWP)
    (cities,) = tables[city.layout.title_zh if lang == "zh" else city.layout.title_en]
    shown = {row[0]: row for row in cities}
    codes = [row.code for row in city.layout.rows]
    assert shown["I.1.1"][4] == f"{city.values[0, codes.index('I.1.1'), 0]:,.0f}"
    assert shown["I.4.4"][3] == ("地域" if lang == "zh" else "territorial")


def test_a_report_of_activities_alone(tmp_path, whole):
    """Without energy there is no chapter on it; every figure with digits of a table is in the record or its sums."""
    sources = whole.select(sector=["processes", "agriculture", "waste"])
    write_inventory(sources, str(tmp_path / "a.docx"), lang="en")
    heads = [
        one.text
        for one in docx.Document(tmp_path / "a.docx").paragraphs
        if one.style.name == "Heading 1"
    ]
    assert not any(head.endswith(": energy") for head in heads)
    values = {f"{value:,.2f}" for value in sources.entries["value"]}
    shown = [row[-1] for row in tables_of(tmp_path / "a.docx")["Emissions of the sources"][0][1:]]
    assert set(shown) <= values


def test_primap2_has_every_sector(tmp_path, whole):
    """Sums by category, gas and year are the record's; scope 2 is left out and said."""
    write_inventory(whole, str(tmp_path / "a.primap.csv"))
    wide = pd.read_csv(tmp_path / "a.primap.csv", keep_default_na=False)
    found = wide.groupby(["category (IPCC2006)", "entity"])["2007"].sum()
    wanted = whole.by("category").set_index(["category", "gas"])["value"]
    assert set(found.index) == set(wanted.index)
    for key, value in wanted.items():
        assert found[key] == pytest.approx(value, rel=1e-12)
    assert set(wide["unit"]) == {"t CO2 / yr", "t CH4 / yr", "t N2O / yr"}
    about = (tmp_path / "a.primap.yaml").read_text(encoding="utf-8")
    assert "Scope 1 alone" in about
    assert "第一章 能源活动; " in about
    assert "第五章 废弃物处理" in about
    io = pytest.importorskip("primap2.pm2io", reason="primap2 is not installed")
    data = io.from_interchange_format(io.read_interchange_format(tmp_path / "a.primap.yaml"))
    assert data.attrs["sec_cats"] == ["flow (carbonacct)", "fuel (carbonacct)"]
    cement = data["CO2"].loc[{"category (IPCC2006)": "2.A.1"}].sum().item()
    assert float(cement.to("t CO2 / year").magnitude) == pytest.approx(11298000)


def test_official_sheets_are_sums_of_the_workbook(tmp_path, cube, whole):
    """Numbers of the guideline's tables are formulas over entries and move with them in both programs."""
    path = tmp_path / "a.xlsx"
    write_inventory(whole, str(path), lang="en", gwp=GWP)
    plain, live = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    sheet = plain["Provincial summary"]
    table = ca.fill_official(whole, "provincial", energy=[cube], gwp=GWP)
    places = table.shown_rows(0)
    for n, place in enumerate(places):
        for column in range(len(table.columns)):
            cell = sheet.cell(5 + n, 3 + column)
            shown = table.cell(0, place, column)
            assert cell.value == (
                pytest.approx(shown, rel=1e-12) if isinstance(shown, float) else shown
            ), cell.coordinate
            formula = live["Provincial summary"].cell(5 + n, 3 + column).value
            assert str(formula).startswith("=") == isinstance(shown, float), cell.coordinate
    (line,) = (5 + n for n, place in enumerate(places) if table.layout.rows[place].code == "2.1")
    factors = live["source factors"]
    row = next(
        row
        for row in range(1, factors.max_row + 1)
        if factors.cell(row, 1).value == "clinker_factor"
    )
    column = next(c for c in range(1, 9) if factors.cell(row, c).value == pytest.approx(0.538))
    factors.cell(row, column).value = 0.6
    live.save(tmp_path / "b.xlsx")
    (book,) = recalculate(tmp_path, tmp_path / "b.xlsx")
    moved = book["Provincial summary"].cell(line, 3).value
    assert moved == pytest.approx(1129.8 * 0.6 / 0.538, rel=1e-9)


def test_a_lacking_part_stays_a_number_in_the_workbook(tmp_path, whole):
    """The cell of a sum that lacks a part is a number whose format shows the key."""
    lacking = whole.entries.assign(
        value=whole.entries["value"].where(whole.entries["product"] != "pigs"),
        notation=whole.entries["notation"]
        .astype(str)
        .where(whole.entries["product"] != "pigs", "NE")
        .astype("category"),
    )
    table = ca.fill_official(ca.Inventory(lacking), "provincial-agriculture")
    write_official([table], str(tmp_path / "a.xlsx"), lang="en")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Provincial agriculture"]
    cell = next(
        row[3]
        for row in sheet.iter_rows()
        if row[1].value and str(row[1].value).strip() == "Enteric fermentation"
    )
    assert cell.value == pytest.approx(7.469)
    assert cell.number_format == '#,##0.00##", NE"'


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_as_a_page(tmp_path, whole, lang):
    """Title, heads, rows and what is left out, in one language; every number with all its digits on hover."""
    table = ca.fill_official(whole, "gpc")
    write_official([table], str(tmp_path / "a.html"), lang=lang)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert table.layout.title_zh in page if lang == "zh" else table.layout.title_en in page
    assert re.search(rf'title="{float(table.values[0, 0, 0])!r}"', page)
    assert ("净调入的间接排放" if lang == "zh" else "scope 2 of what is brought in") in page


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet", ".nc"])
def test_tables_as_rows(tmp_path, whole, suffix):
    """Rows for programs: the frame, or one row a cell where a column holds one kind of thing."""
    table = ca.fill_official(whole, "provincial")
    write_official([table], str(tmp_path / f"a{suffix}"))
    if suffix == ".parquet":
        pd.testing.assert_frame_equal(
            pd.read_parquet(tmp_path / "a.parquet").drop(columns="table"), table.to_long()
        )
    if suffix == ".csv":
        read = pd.read_csv(tmp_path / "a.csv", dtype={"code": str})
        assert read["CO2_10kt"].iloc[0] == str(table.to_frame()["CO2_10kt"].iloc[0])
    assert (tmp_path / f"a{suffix}").stat().st_size > 1000


@pytest.mark.parametrize("suffix", [".brief.docx", ".brief.html"])
def test_the_brief_of_all_sectors_is_a_brief(tmp_path, whole, suffix):
    """The suffix of a brief gives the brief, not the chapter; only an interval of the headline stands there."""
    total = float(
        whole.total(
            gas="CO2", sector=[name for name in SECTORS if name != "land"], known_only=True
        )["value"].iloc[0]
    )
    row = {
        "area": "重庆",
        "year": 2007,
        "gas": "CO2",
        "value": total,
        "lower": 0.9 * total,
        "upper": 1.1 * total,
    }
    for value, is_shown in ((total, True), (2 * total, False)):
        path = tmp_path / f"{is_shown}{suffix}"
        assessed = Assessment(pd.DataFrame([row | {"value": value}]), pd.DataFrame(), ())
        write_inventory(whole, str(path), lang="zh", uncertainty=assessed)
        text = (
            "\n".join(one.text for one in docx.Document(path).paragraphs)
            if suffix == ".brief.docx"
            else path.read_text(encoding="utf-8")
        )
        assert "一、概述" not in text
        assert "重庆" in text
        assert ("95%" in text) == is_shown
