"""Analyses as files for people: one section, said by page, document, workbook and picture alike."""

from __future__ import annotations

import re
import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import matplotlib as mpl
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import carbonacct as ca
from carbonacct.analysis.analysis_result import Analysis
from carbonacct.charts import Bar, draw_bars, plot_chart
from carbonacct.charts.look import look_of
from carbonacct.charts.scales import measure
from carbonacct.cli.main import main
from carbonacct.errors import OutputError
from carbonacct.report.analyses.analysis_files import SUFFIXES, plot_analysis, write_analysis
from carbonacct.report.analyses.analysis_words import column_rows, kind_of, kinds
from carbonacct.report.analyses.recipes import RECIPES
from carbonacct.report.analyses.section import Column, find_digits, show_number
from carbonacct.report.analyses.shaping import make_section

if TYPE_CHECKING:
    from pathlib import Path

mpl.use("agg")

YEARS = list(range(2010, 2020))
CO2 = [90.0, 95.5, 100.0, 97.0, 95.0, 94.0, 92.0, 91.0, 90.0, 88.0]


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """Return two areas over ten years, of which one has peaked."""
    rows = [
        {
            "area": area,
            "year": year,
            "co2": value * scale,
            "gdp": 50.0 + 5 * place,
            "energy": 40.0 + place,
        }
        for area, scale in (("甲市", 1.0), ("乙市", 2.0))
        for place, (year, value) in enumerate(zip(YEARS, CO2, strict=True))
    ]
    return pd.DataFrame(rows)


def _peak(panel: pd.DataFrame) -> Analysis:
    found = ca.find_peak(panel, value="co2", by="area").drop(columns="reason")
    units = {"co2": "Mt"}
    return Analysis("peak", found, by=("area",), words={"value": "co2"}, units=units, series=panel)


def test_every_kind_names_recipes_that_there_are() -> None:
    """Every chart, column and language that the data name is there."""
    for name in kinds():
        kind = kind_of(name)
        assert set(kind["charts"]) <= set(RECIPES)
        assert all(len(pair) == 2 for pair in [kind["title"], *kind["notes"]])
        columns = {one.removesuffix("*") for one in kind["columns"]} - {""}
        assert all((name, one) in column_rows() or ("", one) in column_rows() for one in columns), (
            name
        )
    assert {of for of, _ in column_rows()} - {""} <= set(kinds())


def test_a_section_says_names_and_units(panel: pd.DataFrame) -> None:
    """Ids are said by their names, a column has one unit, a share is percent; years have no separator."""
    section = make_section(_peak(panel), "zh")
    (table,) = section.tables
    shown = {column.full_heading: column for column in table.columns}
    assert list(shown)[:5] == ["地区", "判断", "最高年", "最高值（Mt）", "最近年"]
    first = [
        column.show(value) for column, value in zip(table.columns, table.rows()[0], strict=True)
    ]
    assert first[:6] == ["甲市", "已达峰", "2012", "100", "2019", "12.0"]
    assert section.title == "CO₂ 排放的达峰判断"
    assert "2012年" in " ".join(
        text for kind, text, _ in section.charts[0].shapes if kind == "text"
    )


def test_all_files_say_the_same(panel: pd.DataFrame, tmp_path: Path) -> None:
    """Page, document and workbook hold title and numbers; the workbook's numbers are formulas of its data."""
    made = _peak(panel)
    for suffix in (".html", ".docx", ".xlsx", ".svg", ".png"):
        write_analysis(made, str(tmp_path / f"peak{suffix}"), lang="zh")
    page = (tmp_path / "peak.html").read_text(encoding="utf-8")
    document = zipfile.ZipFile(tmp_path / "peak.docx").read("word/document.xml").decode()
    for text in ("CO₂ 排放的达峰判断", "甲市", "已达峰", "12.0", "最高值（Mt）"):
        assert text in page
        assert text in document
    book = openpyxl.load_workbook(tmp_path / "peak.xlsx")
    sheet = book.active
    assert book.sheetnames == ["data", "CO₂ 排放的达峰判断", "图", "说明", "检查发现"]
    assert sheet["A1"].value == "CO₂ 排放的达峰判断"
    row = [cell.value for cell in sheet[5]]
    assert row[:3] == ["甲市", "已达峰", "=data!$B$2"]
    assert row[5] == "=data!$E$2*100.0"
    held = pd.read_excel(tmp_path / "peak.xlsx", engine="openpyxl")
    assert held["fall"].tolist() == pytest.approx(made.frame["fall"].tolist())
    assert (tmp_path / "peak.png").read_bytes()[:4] == b"\x89PNG"
    svg = ET.fromstring((tmp_path / "peak.svg").read_text(encoding="utf-8"))  # noqa: S314 - our own
    assert "乙市" in "".join(svg.itertext())


def test_a_page_asks_for_nothing_and_escapes(tmp_path: Path) -> None:
    """What a table holds runs nowhere: tags in labels are text, and no address is asked."""
    frame = pd.DataFrame(
        {
            "area": ["<script>x</script>"],
            "from": [2015],
            "to": [2020],
            "term": ["co2/gdp"],
            "cut": [0.1],
        }
    )
    made = Analysis("cut-terms", frame, by=("area",), words={"ratio": "<b>"})
    write_analysis(made, str(tmp_path / "x.html"))
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>" not in page
    assert not re.search(r"(src|href)=", page)


def test_no_picture_of_what_has_no_chart(tmp_path: Path) -> None:
    """A picture of a table alone is refused, and no file is left."""
    frame = pd.DataFrame({"from": [2015], "to": [2020], "term": ["co2/gdp"], "cut": [0.1]})
    with pytest.raises(OutputError, match=r"no chart of this; write \.html"):
        write_analysis(Analysis("cut-terms", frame, words={"ratio": "x"}), str(tmp_path / "x.png"))
    assert not list(tmp_path.iterdir())


def test_a_decomposition_spreads_its_terms(panel: pd.DataFrame) -> None:
    """One row a period with a column a factor in one unit; the first column of the chart is the first year's level."""
    made = ca.decompose(panel, "co2 = gdp * energy/gdp * co2/energy", by=["area"], chained=True)
    words = {"value": "co2", "identity": "co2 = gdp * energy/gdp * co2/energy"}
    analysis = Analysis(
        "decompose",
        made.to_frame(),
        by=("area",),
        words=words,
        units={"co2": "Mt", "gdp": "亿元"},
        series=panel,
    )
    section = make_section(analysis, "en")
    (table,) = section.tables
    headings = [column.full_heading for column in table.columns]
    assert headings == [
        "Area",
        "From",
        "To",
        "GDP (Mt)",
        "Energy per GDP (Mt)",
        "CO₂ per energy (Mt)",
        "Total change (Mt)",
    ]
    assert len(table.frame) == 20  # nine steps and the chain of two areas
    totals = table.frame[["gdp", "energy/gdp", "co2/energy"]].sum(axis=1)
    assert totals.tolist() == pytest.approx(table.frame["total"].tolist())
    assert [text for kind, text, _ in section.charts[0].shapes if kind == "text"].count("90.0") == 1
    assert len(section.charts) == 4


@pytest.mark.parametrize(
    "words",
    [
        ["trend", "--value", "co2", "--by", "area"],
        ["decoupling", "--pressure", "co2", "--driver", "gdp", "--by", "area"],
        [
            "target",
            "--by",
            "area",
            "--ratio",
            "co2/gdp",
            "--cut",
            "20",
            "--base-year",
            "2010",
            "--target-year",
            "2020",
        ],
    ],
)
def test_commands_write_sections(words: list[str], panel: pd.DataFrame, tmp_path: Path) -> None:
    """A command writes a page and a picture in the language asked for, with its words and the digest of its input."""
    panel.to_csv(tmp_path / "panel.csv", index=False)
    page, picture = tmp_path / "out.html", tmp_path / "out.svg"
    command, *options = words
    asked = [
        command,
        str(tmp_path / "panel.csv"),
        *options,
        "-o",
        str(page),
        "-o",
        str(picture),
        "--lang",
        "zh",
    ]
    assert main(asked) == 0
    text = page.read_text(encoding="utf-8")
    assert f"carbonacct {command} panel.csv" in text
    assert str(tmp_path) not in text
    assert "sha256" in text
    assert "甲市" in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lang", "title"),
    [("zh", "技术成就指数，2001年"), ("en", "Technology Achievement Index, 2001")],
)
def test_scores_of_a_year_are_a_page(lang: str, title: str, tmp_path: Path) -> None:
    """A title that names the year of a score does not clash with columns that may name one."""
    page = tmp_path / "score.html"
    asked = [
        "index",
        "score",
        "tai-2001",
        "docs/tables/tai_23_countries.csv",
        "-o",
        str(page),
        "--lang",
        lang,
    ]
    assert main(asked) == 0
    assert f"<h1>{title}</h1>" in page.read_text(encoding="utf-8")


def test_numbers_of_an_axis_do_not_overlap() -> None:
    """Where millions stand on an axis, only as many are written as have room, and zero."""
    for largest in (3.0, 2.4e8, -2.4e8, 9.9e13):
        chart = draw_bars("t", [Bar("a", largest), Bar("b", 1.0)], "{:,.2f}".format)
        placed = [
            (float(at["x"]), text)
            for _, text, at in chart.shapes
            if at.get("class") == "middle faint"
        ]
        assert "0" in [text for _, text in placed]
        assert len(placed) > 1
        for (left, before), (right, after) in pairwise(placed):
            assert right - left > (measure(before) + measure(after)) / 2


@given(st.floats(-1e12, 1e12, allow_nan=False), st.integers(0, 6))
@settings(max_examples=30)
def test_a_number_as_shown_is_the_number(value: float, digits: int) -> None:
    """What is shown reads back to the number within half a unit of its last digit."""
    text = show_number(value, digits).replace(",", "").replace("−", "-")
    assert abs(float(text) - value) <= 0.5000001 * 10**-digits + 1e-9 * abs(value)


@given(st.lists(st.floats(1e-12, 1e9), min_size=1, max_size=5))
@settings(max_examples=30)
def test_the_largest_number_has_its_digits(values: list[float]) -> None:
    """Without a rule the largest number of a column shows at least three digits that count."""
    column = Column("x", "x", digits=find_digits(pd.Series(values)))
    digits = re.sub(r"[^0-9]", "", column.show(max(values)).partition("×")[0]).lstrip("0")
    assert len(digits) >= 3 or float(max(values)).is_integer()


def test_the_look_of_a_file_is_that_of_the_page() -> None:
    """Classes of charts have colours of the style sheet, without its variables."""
    for classes in (
        "s0",
        "grid",
        "rise",
        "fall",
        "total",
        "net",
        "level",
        "l3",
        "bar-fill",
        "zero",
        "whisker",
    ):
        look = look_of(classes)
        assert look, classes
        assert "var(" not in "".join(look.values())


def test_axes_of_a_notebook_have_the_numbers(panel: pd.DataFrame) -> None:
    """The charts of a report stand on axes in the units of their numbers; what is drawn is what the table has."""
    peaks, *_ = plot_analysis(_peak(panel))
    assert [line.get_ydata().tolist() for line in peaks.lines] == [
        CO2,
        [2 * value for value in CO2],
    ]
    assert list(peaks.lines[0].get_xdata()) == YEARS
    assert [text.get_text() for text in peaks.texts] == ["2012: 100.0", "2012: 200.0"]
    made = ca.decompose(panel, "co2 = gdp * co2/gdp", by=["area"], chained=True)
    words = {"value": "co2", "identity": "co2 = gdp * co2/gdp"}
    analysis = Analysis("decompose", made.to_frame(), by=("area",), words=words, series=panel)
    way, steps, *_ = plot_analysis(analysis)
    assert [bar.get_width() for bar in way.patches][::3] == [90.0, 88.0]
    assert steps.lines[0].get_ydata().tolist() == pytest.approx(made.total.values[0][:9].tolist())
    for axes in (peaks, way, steps):
        plt.close(axes.figure)


def test_bars_on_axes_have_their_range() -> None:
    """A bar reaches its value, its line from bound to bound; the first stands on top."""
    bars = [Bar("a", 3.0, lower=2.0, upper=4.0), Bar("b", -1.0, line=-2.0)]
    axes = plot_chart(draw_bars("CO2", bars, "{:.1f}".format))
    assert [bar.get_width() for bar in axes.patches] == [3.0, -1.0]
    assert axes.lines[0].get_xdata().tolist() == [2.0, 4.0]
    assert axes.lines[1].get_xdata().tolist() == [-2.0, -2.0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    assert axes.yaxis_inverted()
    plt.close(axes.figure)


def test_a_suffix_that_is_none_names_those_that_are(tmp_path: Path) -> None:
    """An unknown kind of file is refused with the list."""
    with pytest.raises(OutputError, match=re.escape(" ".join(SUFFIXES))):
        write_analysis(Analysis("peak", pd.DataFrame()), str(tmp_path / "x.jpg"))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["trend", "--value", "co2"], "有数字的年份少于 3 年"),
        (["peak", "--value", "co2"], "没有大于零的数"),
        (["decoupling", "--pressure", "co2", "--driver", "gdp"], "2011 年的 co2 不大于零"),
    ],
)
def test_reasons_are_said_in_the_language(
    words: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Why there is no number is said in the reader's language; the data keep their ids."""
    co2 = {
        "trend": "2011,5,5\n2012,,6\n",
        "peak": "2011,0,5\n2012,0,6\n",
        "decoupling": "2011,0,5\n2012,4,6\n",
    }
    (tmp_path / "panel.csv").write_text(f"year,co2,gdp\n{co2[words[0]]}", encoding="utf-8")
    assert main([words[0], str(tmp_path / "panel.csv"), *words[1:], "--lang", "zh"]) == 0
    said = capsys.readouterr().err
    assert reason in said, said
