"""Uncertainty in the reports: one draw, the same numbers on the page, in the workbook and in the chapter."""

from __future__ import annotations

import re

import docx
import openpyxl
import pytest

import carbonacct as ca
from carbonacct.cli import main
from carbonacct.errors import OutputError
from carbonacct.report import write_inventory
from carbonacct.report.page.page_words import format_mass
from carbonacct.report.uncertainty_tables import assess_uncertainty
from tests.report.pages import SOURCE, scaled_inventories


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return two years of one city."""
    return scaled_inventories(tmp_path_factory.mktemp("city"), [("重庆", 2006), ("重庆", 2007)])


@pytest.fixture(scope="module")
def found(city):
    """Return how sure they are."""
    return assess_uncertainty(city, seed=3)


def test_the_intervals_are_those_of_simulate(city, found):
    """Totals by area and year are those of the seed; categories compare the latest year with the first."""
    expected = ca.simulate(ca.model_inventory(city), seed=3).to_frame()
    assert found.intervals[["lower", "upper", "value"]].equals(
        expected[["lower", "upper", "value"]]
    )
    assert found.intervals["level"].unique().tolist() == ["95 %"]
    table = ca.find_key_categories(
        ca.tabulate_categories(ca.model_inventory(city), latest=2007, base=2006)
    )
    assert found.categories[list(table.columns)].equals(table)
    assert found.categories["year"].unique().tolist() == [2007]
    assert "no published uncertainty" in found.findings[0].message


def test_an_inventory_without_co2_is_refused():
    """The intervals are those of CO2."""
    with pytest.raises(OutputError, match="add --gas CO2"):
        assess_uncertainty([ca.compile_inventory(SOURCE, method="provincial-2011", gases=["CH4"])])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_workbook_and_chapter_show_the_same_interval(city, found, tmp_path, lang):
    """Each holds both bounds of the last year, and says that factors without bounds count as exact."""
    for suffix in ("html", "xlsx", "docx"):
        write_inventory(city, str(tmp_path / f"a.{suffix}"), lang=lang, uncertainty=found)
    last = found.intervals.iloc[-1]
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert (
        f"{format_mass(last['lower'], lang)} {'至' if lang == 'zh' else 'to'} {format_mass(last['upper'], lang)}"
        in re.sub("</?button[^>]*>", "", page)
    )
    said = "没有公布的不确定性" if lang == "zh" else "no published uncertainty"
    assert said in page
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book["不确定性" if lang == "zh" else "uncertainty"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert [row[3:5] for row in rows] == [
        tuple(pair) for pair in found.intervals[["lower", "upper"]].to_numpy().tolist()
    ]
    assert said in sheet["A2"].value
    keys = list(
        book["关键类别" if lang == "zh" else "key categories"].iter_rows(
            min_row=5, values_only=True
        )
    )
    assert [row[-1] or "" for row in keys] == found.categories["criteria"].tolist()
    text = "\n".join(
        paragraph.text for paragraph in docx.Document(str(tmp_path / "a.docx")).paragraphs
    )
    assert f"{last['lower'] / 1e4:,.2f}" in text
    assert f"{last['upper'] / 1e4:,.2f}" in text


def test_nothing_is_drawn_unless_asked(city, tmp_path):
    """Without the option no report speaks of uncertainty."""
    for suffix in ("html", "xlsx", "docx"):
        write_inventory(city, str(tmp_path / f"a.{suffix}"))
    assert "interval" not in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "uncertainty" not in openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert "Uncertainty" not in "\n".join(
        paragraph.text for paragraph in docx.Document(str(tmp_path / "a.docx")).paragraphs
    )


def test_the_command_prints_and_writes_the_interval(tmp_path, capsys):
    """The same seed gives the same line; another kind of output is sent to the command that writes it."""
    words = [
        "inventory",
        str(SOURCE),
        "--method",
        "provincial-2011",
        "--lang",
        "en",
        "--uncertainty",
        "--seed",
        "3",
    ]
    assert main([*words, "-o", str(tmp_path / "a.html")]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if "95 % interval" in line)
    interval = assess_uncertainty(
        [ca.compile_inventory(SOURCE, method="provincial-2011")], seed=3
    ).intervals.iloc[0]
    assert (
        line
        == f"重庆 2007  CO2  direct emissions, 95 % interval  {interval['lower'] / 1e6:.4f} Mt – "
        f"{interval['upper'] / 1e6:.4f} Mt"
    )
    assert main(words) == 0
    assert line in capsys.readouterr().out
    assert main([*words, "-o", str(tmp_path / "a.csv")]) == 2
    assert "carbonacct uncertainty writes other kinds" in capsys.readouterr().err
    assert not (tmp_path / "a.csv").exists()


def test_what_can_be_written_is_written_where_the_interval_cannot_be(tmp_path, capsys):
    """Without CO2 there is no interval: that is said, the page is there, and the status is 2."""
    assert (
        main(
            [
                "inventory",
                str(SOURCE),
                "--method",
                "provincial-2011",
                "--gas",
                "CH4",
                "--uncertainty",
                "-o",
                str(tmp_path / "a.html"),
            ]
        )
        == 2
    )
    assert "add --gas CO2" in capsys.readouterr().err
    assert (tmp_path / "a.html").exists()
