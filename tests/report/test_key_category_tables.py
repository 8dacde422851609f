"""Key categories of all sectors: with and without land, by both approaches, alike in page, workbook and chapter."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import docx
import openpyxl
import pytest

import carbonacct as ca
from carbonacct.inventory.record import Inventory
from carbonacct.report.inventories import write_inventory
from carbonacct.report.key_category_tables import rank_key_categories
from carbonacct.report.uncertainty_tables import assess_uncertainty
from tests.sectors.sources.building import compiled

GWP = "AR5GWP100"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return two years of carbide, manure and a bamboo grove that grows more than carbide emits."""
    rows = []
    for year, carbide in ((2019, 100), (2020, 130)):
        rows.append(("电石产量", "", carbide, "t", "重庆", year))
        rows.append(("stand_change", "竹林", 100, "公顷", "重庆", year))
        rows.append(("年末存栏", "奶牛,农户饲养", 0.1, "万头", "重庆", year))
    return compiled(tmp_path_factory.mktemp("keys"), *rows, allow_unverified=True)


@pytest.fixture(scope="module")
def assessed(whole):
    """Return what is known of its uncertainty."""
    return assess_uncertainty(whole, gwp=GWP)


@pytest.fixture(scope="module")
def found(whole, assessed):
    """Return the analysis."""
    return rank_key_categories(whole, gwp=GWP, uncertainty=assessed)


def test_land_stands_in_one_of_two_analyses(whole, found):
    """IPCC 2006, Vol. 1, Ch. 4: first without land, then with it; shares are parts of all that is ranked, by size."""
    by_land = dict(list(found.table.groupby("land")))
    assert list(by_land) == ["with", "without"]
    assert "land" not in set(by_land["without"]["sector"])
    sums = whole.by("year", "category", gwp=GWP).set_index(["year", "category"])["value"]
    for land, rows in by_land.items():
        held = sums[2020].abs() if land == "with" else sums[2020].drop("3.B.1.a").abs()
        here = rows.groupby("category")["level"].sum()
        assert here["2.B.5"] == pytest.approx(held["2.B.5"] / held.sum())
        assert rows["level"].sum() == pytest.approx(1)
        assert rows["level_2"].sum() == pytest.approx(1)
    forest = by_land["with"].set_index("category").loc["3.B.1.a"]
    assert forest["latest"] < 0 < forest["level"]
    assert (forest["sector"], forest["base_year"]) == ("land", 2019)
    assert found.unit == f"t CO2e ({GWP})"


def test_each_approach_marks_its_own(found, assessed):
    """L1 and T1 are those of the analysis by size, L2 and T2 of the one weighted by uncertainty."""
    rows = found.table[found.table["land"] == "with"]
    marks = rows.set_index(["category", "gas"])["criteria"]
    weighted = ca.find_key_categories(
        assessed.categories[
            ["category", "gas", "base", "latest", "activity_uncertainty", "factor_uncertainty"]
        ],
        approach=2,
    )
    for row in weighted.to_dict("records"):
        assert ("L2" in marks[row["category"], row["gas"]]) == row["level_key"]
        assert ("T2" in marks[row["category"], row["gas"]]) == row["trend_key"]
    assert marks["2.B.5", "CO2"] == "T1, T2"
    assert found.notes == ()


def test_what_there_is_not_is_said(whole):
    """No ranking without a metric, no Approach 2 without uncertainty, no trend of one year; NE is counted."""
    nothing = rank_key_categories(whole)
    assert nothing.table.empty
    assert "none is named" in nothing.notes[0][1]
    one = whole.select(year=2020)
    entries = one.entries.assign(
        value=one.entries["value"].where(one.entries["flow"] != "calcium_carbide"),
        notation=one.entries["notation"]
        .astype(str)
        .where(one.entries["flow"] != "calcium_carbide", "NE"),
    )
    found = rank_key_categories(Inventory(entries.astype({"notation": "category"})), gwp=GWP)
    assert [text for _, text in found.notes] == [
        "重庆 has one year, and no trend",
        "重庆 has no Approach 2: its uncertainty is not assessed",
        "重庆 2020: 1 entries without a number (NE, C) are not ranked",
    ]
    assert set(found.table["criteria"]) <= {"L1", ""}


def test_a_source_that_one_year_lacks_leaves_no_trend(whole, tmp_path):
    """Carbide has no number in 2020: said by name in workbook, page and chapter, and nobody reads a fall to zero."""
    entries = whole.entries
    kept = entries[(entries["flow"] != "calcium_carbide") | (entries["year"] == 2019)]
    record = replace(whole, entries=kept.reset_index(drop=True))
    found = rank_key_categories(record, gwp=GWP)
    assert (
        "重庆 has no trend from 2019 to 2020: one of the two years has no number of 2.B.5"
        in found.notes[0][1]
    )
    assert found.table["trend"].isna().all()
    assert not found.table["criteria"].str.contains("T1").any()
    for suffix in ("html", "xlsx", "docx"):
        write_inventory(record, str(tmp_path / f"a.{suffix}"), lang="zh", gwp=GWP)
    said = "重庆 2019 年至 2020 年无趋势评估：2.B.5只有一年有数"
    assert said in (tmp_path / "a.html").read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["关键类别"]
    assert any(said in str(cell.value) for row in sheet.iter_rows() for cell in row)
    document = docx.Document(tmp_path / "a.docx")
    assert any(said in one.text for one in document.paragraphs)
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    assert "nan" not in cells


def test_without_land_no_row_is_said_to_be_of_land(tmp_path, whole):
    """The column is blank: there is one ranking."""
    entries = whole.entries
    other = replace(whole, entries=entries[~entries["category"].astype(str).str.startswith("3.B")])
    write_inventory(other, str(tmp_path / "a.xlsx"), gwp=GWP, lang="zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["关键类别"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(i for i, row in enumerate(rows) if row[3] == "土地")
    assert len(rows) > at + 1
    assert not any(row[3] for row in rows[at + 1 :])


def test_one_gas_needs_no_metric(whole):
    """Its categories are ranked in t of it."""
    found = rank_key_categories(whole.select(gas="CO2"))
    assert found.unit == "t CO2"
    assert found.table.iloc[-1]["latest"] == pytest.approx(130 * 1.154)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_workbook_and_chapter_show_the_same(tmp_path, whole, assessed, found, lang):
    """The key rows of each analysis: category, gas and criteria, and the share of the level in percent."""
    for suffix in ("html", "xlsx", "docx"):
        write_inventory(
            whole, str(tmp_path / f"a.{suffix}"), lang=lang, gwp=GWP, uncertainty=assessed
        )
    wanted = [
        (row["gas"], row["criteria"], f"{100 * row['level']:.1f}")
        for row in found.table.to_dict("records")
        if row["criteria"]
    ]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")[
        "关键类别" if lang == "zh" else "key categories"
    ]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert [(row[5], row[6], f"{row[10]:.1f}") for row in cells if row[6]] == wanted
    assert all(row[3] for row in cells)  # with land or without
    tables = docx.Document(tmp_path / "a.docx").tables
    tables = [
        one
        for one in tables
        if len(one.columns) > 8 and one.cell(0, 2).text in {"依据", "criteria"}
    ]
    heads = [cell.text for one in tables for cell in one.rows[0].cells if "%" in cell.text]
    assert all(re.search("\n[(（]%", head) for head in heads)  # a unit is not broken
    grids = [[cell.text for cell in row.cells] for one in tables for row in one.rows[1:]]
    assert [(row[1], row[2], row[6]) for row in grids] == wanted
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    section = re.search(rf'<section id="{lang}-keys".*?</section>', page, re.DOTALL)[0]
    lines = re.findall(
        r"<tr><th scope=\"row\">.*?</tr>",
        re.sub("<details>.*?</details>", "", section, flags=re.DOTALL),
    )
    shown = [
        [re.sub("<.*?>", "", cell) for cell in re.findall("<t[hd].*?</t[hd]>", line)]
        for line in lines
    ]
    plain = str.maketrans("₀₁₂₃₄", "01234")
    assert [(row[1].translate(plain), row[2], row[6]) for row in shown] == wanted


def test_an_amount_on_the_page_opens_its_entries(tmp_path, whole, assessed):
    """Methane opens its weight, and behind it the animals; carbide its equation."""
    write_inventory(whole, str(tmp_path / "a.html"), gwp=GWP, uncertainty=assessed)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    data = json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    )
    section = re.search(r'<section id="en-keys".*?</section>', page, re.DOTALL)[0]
    row = re.search(r">3\.A\.1 .*?</tr>", section)[0]
    _, last = re.findall(r"data-d=(\d+)", row)[:2]
    _, formula, parts = data["derived"][int(last)][:3]
    assert re.search(r"t CH₄ x 28 = [\d.]+ t CO₂e \(AR5GWP100\)$", formula)
    animals = data["derived"][parts[0][3]]
    assert [data["texts"][part[0]][1] for part in animals[2]] == [
        "Enteric fermentation · dairy cattle"
    ]
