"""The two-page brief: its sentences and table are the inventory's numbers, the same in each kind of file."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.charts.fonts import find_fonts
from carbonacct.cli import main
from carbonacct.errors import Finding, OutputError
from carbonacct.report.brief import BriefContext, write_brief
from carbonacct.report.brief.brief_content import make_briefs
from carbonacct.report.brief.brief_wording import _phrases, amount, percent
from carbonacct.sectors.all_sectors import join_sectors
from carbonacct.texts import say

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "docs/tables/chongqing_2007.csv"
KINDS = ("html", "docx", "pdf")


@cache
def compile_once() -> ca.EnergyInventory:
    """Return the energy of Chongqing 2007."""
    return ca.compile_inventory(TABLE, method="provincial-2011")


@pytest.fixture(scope="module")
def city() -> ca.Inventory:
    """Return the record of Chongqing 2007."""
    return ca.to_inventory(compile_once())


def with_years(inventory: ca.Inventory, factors: dict[int, float]) -> ca.Inventory:
    """Return an inventory of several years, each its entries times a number."""
    entries = inventory.entries
    parts = [
        entries.assign(year=year, value=entries["value"] * factor)
        for year, factor in factors.items()
    ]
    return replace(inventory, entries=pd.concat(parts, ignore_index=True), origins=())


def in_words(path: Path) -> str:
    """Return the text of a brief without blanks."""
    if path.suffix == ".html":
        text = re.sub(
            r"<style.*?</style>|<[^>]+>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
    elif path.suffix == ".docx":
        docx = pytest.importorskip("docx")
        document = docx.Document(str(path))
        tables = [
            cell.text for table in document.tables for row in table.rows for cell in row.cells
        ]
        text = "".join([*(part.text for part in document.paragraphs), *tables])
    else:
        pdfium = pytest.importorskip("pypdfium2")
        document = pdfium.PdfDocument(path)
        text = "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s|\ufffe", "", text)


def write(inventory: ca.Inventory, folder: Path, kind: str, **options: object) -> Path:
    """Write a brief of a kind and return its path."""
    path = folder / f"city.brief.{kind}"
    write_brief(inventory, path, **options)
    return path


@settings(max_examples=25)
@given(values=st.lists(st.floats(1e3, 1e9), min_size=1, max_size=12), land=st.floats(-1e9, 1e9))
def test_the_table_adds_up_to_the_headline(values, land):
    """The rows of the table are the sources, their sum is the total, and land stands apart with the net below."""
    city = ca.to_inventory(compile_once())
    entries = city.entries.iloc[: len(values)].assign(
        value=values, kind="emission", scope=1, gas="CO2", notation=""
    )
    codes = [f"1.A.{1 + n % 5}" for n in range(len(values))]
    forest = entries.iloc[:1].assign(value=land, sector="land", category="3.B.1")
    direct = entries.assign(category=codes, sector="energy")
    record = replace(
        city, entries=pd.concat([direct, forest], ignore_index=True), origins=(), findings=()
    )
    record = replace(
        record,
        entries=record.entries.astype(
            {
                "category": "category",
                "sector": "category",
                "gas": "category",
                "notation": "category",
            }
        ),
    )
    (brief,) = make_briefs(record, lang="en")
    table = brief.parts[0].table
    numbers = [float(row[1].replace(",", "").replace("−", "-")) for row in table.rows]
    *sources, whole, forests, net = numbers
    assert whole == pytest.approx(sum(values) / 1e3, abs=0.006)
    assert sum(sources) == pytest.approx(whole, abs=0.006 * (len(sources) + 1))
    assert forests == pytest.approx(land / 1e3, abs=0.006)
    assert net == pytest.approx((sum(values) + land) / 1e3, abs=0.006)


@given(tonnes=st.floats(-1e3, 1e3), lang=st.sampled_from(["zh", "en"]), signed=st.booleans())
def test_what_is_rounded_to_zero_has_no_sign(tonnes, lang, signed):
    """Neither fell nor rose what is printed as 0.00; any other change keeps its sign."""
    for text in (amount(tonnes, lang, signed=signed), percent(tonnes / 1e4, signed=signed)):
        is_zero = not re.search("[1-9]", text)
        assert text.startswith("−") == (tonnes < 0 and not is_zero)
        assert text.startswith("+") == (signed and tonnes > 0 and not is_zero)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_says_the_same(kind, city, tmp_path):
    """The headline, each sentence and each number of the table stand in the page, the document and the PDF."""
    years = with_years(city, {2005: 0.9, 2006: 1.1, 2007: 1.0})
    path = write(years, tmp_path, kind, lang="en")
    (brief,) = make_briefs(years, lang="en")
    text = in_words(path)
    said = [brief.title, brief.lead, brief.made]
    for part in brief.parts:
        said += [part.heading, *part.paragraphs]
        said += [cell for row in (part.table.rows if part.table else ()) for cell in row]
    for sentence in said:
        assert re.sub(r"\s", "", sentence) in text


def test_the_headline_is_the_total_and_its_change(city):
    """Chongqing 2007 by the inventory itself, a tenth below an invented year before."""
    total = city.total(gas="CO2")["value"].item()
    (brief,) = make_briefs(with_years(city, {2006: 1 / 0.9, 2007: 1.0}), lang="zh")
    assert f"直接排放{total / 1e4:,.2f}万吨，比2006年减少" in brief.lead
    assert "（−10.0%）" in brief.lead
    (alone,) = make_briefs(city, lang="zh")
    assert alone.lead == f"2007年重庆二氧化碳直接排放{total / 1e4:,.2f}万吨。"
    assert alone.parts[1].paragraphs == (
        "只有一年的清单，尚不能说明变化；把往年的能源平衡表一并编入即可比较。",
    )


@pytest.mark.parametrize(
    ("factors", "word"),
    [
        ({2003: 1.0, 2004: 1.1, 2005: 1.2}, "未见峰值"),
        ({2000: 1.0, 2001: 2.0, **{2002 + n: 1.5 - 0.05 * n for n in range(6)}}, "已达峰"),
        ({2003: 1.0, 2004: 1.2, 2005: 1.1}, "还需观察"),
        ({2003: 1.0, 2004: 1.2}, "需要三年以上"),
    ],
)
def test_what_it_says_of_the_peak(city, factors, word):
    """The verdict is that of :func:`carbonacct.find_peak`, and too few years have none."""
    (brief,) = make_briefs(with_years(city, factors), lang="zh")
    assert word in brief.parts[2].paragraphs[0]


def test_beside_stand_intervals_effects_and_targets(city):
    """What is given beside the inventory is told: the interval, the four effects, the targets."""
    total = city.total(gas="CO2")["value"].tolist()
    intervals = pd.DataFrame(
        {"area": ["重庆"], "year": [2007], "value": total, "lower": [8e7], "upper": [9.9e7]}
    )
    terms = ["population", "gdp/population", "energy/gdp", "co2/energy"]
    effects = pd.DataFrame(
        {
            "area": "重庆",
            "from": 2006,
            "to": 2007,
            "term": [*terms, "total"],
            "value": [1e6, 2e6, -3e6, 5e5, 5e5],
        }
    )
    beside = BriefContext(
        intervals=intervals, effects=effects, targets={"重庆": ("一项目标已达到。",)}
    )
    (brief,) = make_briefs(with_years(city, {2006: 0.9, 2007: 1.0}), lang="zh", beside=beside)
    assert "（95%置信区间8,000.00万吨至9,900.00万吨）" in brief.lead
    assert (
        "人口使排放增加100.00万吨，人均地区生产总值使排放增加200.00万吨，能源强度使排放减少300.00万吨"
        in brief.parts[1].paragraphs[-1]
    )
    assert [part.heading for part in brief.parts][3] == "目标进展"


def test_an_interval_is_in_the_unit_of_its_total(city):
    """1.05 亿吨 ranges from 0.90 亿吨, not from 9,000.00 万吨; in English brackets stand apart from the word before."""
    years = with_years(city, {2007: 1.1})
    total = years.total(gas="CO2")["value"].tolist()
    intervals = pd.DataFrame(
        {"area": ["重庆"], "year": [2007], "value": total, "lower": [9e7], "upper": [1.2e8]}
    )
    beside = BriefContext(intervals=intervals)
    (chinese,), (english,) = (make_briefs(years, lang=lang, beside=beside) for lang in ("zh", "en"))
    assert chinese.lead == "2007年重庆二氧化碳直接排放1.05亿吨（95%置信区间0.90亿吨至1.20亿吨）。"
    assert (
        english.lead
        == "In 2007 重庆 emitted 104.62 Mt of CO2 directly (95% interval 90.00 Mt to 120.00 Mt)."
    )


def test_what_has_no_number_is_named(city):
    """Entries that are not estimated are counted and named, and the totals are said to be of the others."""
    entries = city.entries.copy()
    row = int(np.flatnonzero(entries["category"] == "1.A.1.a.i")[0])
    entries.loc[row, ["value", "notation"]] = [np.nan, "NE"]
    (brief,) = make_briefs(replace(city, entries=entries, origins=()), lang="zh")
    lacking, names = brief.parts[-1].paragraphs[-2:]
    assert "（1项尚无数据，未计入）" in brief.lead
    assert lacking == "清单有1项尚无数据，以上合计只含有数的部分。"
    assert names == "尚无数据的有：净调入电力与热力、能源工业。"


def test_electricity_brought_in_is_no_part_of_the_direct_emissions(city):
    """What lacks a number in scope 2 is named, and the direct total is not said to be one of a part."""
    held = city.entries
    assert set(held.loc[held["notation"] == "NE", "scope"]) == {2}
    (brief,) = make_briefs(city, lang="zh")
    assert "尚无数据" not in brief.lead
    *_, before, names = brief.parts[-1].paragraphs
    assert names == "尚无数据的有：净调入电力与热力。"
    assert "以上合计" not in before


@pytest.mark.parametrize(
    ("changed", "in_lead", "in_quality"),
    [
        ({}, True, True),
        ({"gas": "CH4"}, False, False),
        ({"kind": "memo"}, False, False),
        ({"sector": "land", "category": "3.B.1.a"}, False, True),
    ],
)
def test_a_gap_of_another_sum_does_not_make_the_headline_one_of_a_part(
    city, changed, in_lead, in_quality
):
    """The headline is of CO2 without land and memo items: what these lack is not in it anyway."""
    entries = city.entries
    row = int(np.flatnonzero(entries["category"] == "1.A.1.a.i")[0])
    gap = entries.iloc[[row]].assign(value=np.nan, notation="NE", flow="other", **changed)
    coded = dict.fromkeys(entries.select_dtypes("category").columns, "category")
    whole = pd.concat([entries, gap], ignore_index=True).astype(coded)
    (brief,) = make_briefs(replace(city, entries=whole, origins=()), lang="zh")
    assert ("尚无数据，未计入" in brief.lead) == in_lead
    assert (
        any("以上合计只含有数的部分" in text for text in brief.parts[-1].paragraphs) == in_quality
    )


@pytest.mark.parametrize("kind", KINDS)
def test_equal_briefs_are_equal_bytes(kind, city, tmp_path):
    """Nothing of the clock is in a file."""
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        write(city, folder, kind, lang="en")
    assert (one / f"city.brief.{kind}").read_bytes() == (other / f"city.brief.{kind}").read_bytes()


def test_the_pdf_holds_its_letters(city, tmp_path):
    """A Chinese PDF has its font in it, or, where no font has the letters, the error says what to install."""
    try:
        find_fonts(["简报"])
    except OutputError:
        with pytest.raises(OutputError, match="fonts-noto-cjk"):
            write(city, tmp_path, "pdf", lang="zh")
        return
    content = write(city, tmp_path, "pdf", lang="zh").read_bytes()
    assert b"FontFile2" in content or b"FontFile3" in content
    assert len(content) < 1_000_000


def test_a_name_with_markup_stays_a_name(city, tmp_path):
    """An area's name from a hostile table is text in the page, which loads nothing."""
    entries = city.entries.assign(area="<script>alert(1)</script>")
    page = write(replace(city, entries=entries, origins=()), tmp_path, "html", lang="zh").read_text(
        encoding="utf-8"
    )
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_an_inventory_without_carbon_dioxide_is_refused(city):
    """Without a metric the brief is of CO2."""
    with pytest.raises(OutputError, match="没有可写入简报的排放量"):
        make_briefs(
            city.select(gas="CH4")
            if "CH4" in set(city.entries["gas"])
            else replace(city, entries=city.entries.iloc[:0]),
            lang="zh",
        )


def test_every_sentence_has_both_languages_and_the_same_places():
    """What one language fills in, the other fills in too."""
    for key, said in _phrases().items():
        assert all(said.values()), key
        assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in said.values()}) == 1, key


def test_the_command_writes_it(tmp_path):
    """``-o city.brief.html`` is a kind of output of one sector and of all."""
    target = tmp_path / "city.brief.html"
    assert (
        main(["inventory", TABLE, "--method", "provincial-2011", "--lang", "zh", "-o", str(target)])
        == 0
    )
    assert "排放构成" in target.read_text(encoding="utf-8")
    whole = tmp_path / "whole.brief.html"
    activities = "docs/tables/chongqing_2007_activities.csv"
    assert (
        main(
            [
                "inventory",
                TABLE,
                activities,
                "--method",
                "provincial-2011",
                "--gwp",
                "AR5GWP100",
                "-o",
                str(whole),
            ]
        )
        == 0
    )
    assert "Emissions by sector" in whole.read_text(
        encoding="utf-8"
    ) or "industrial processes" in whole.read_text(encoding="utf-8")


def test_years_of_one_area_are_one_brief(city):
    """Inventories that are joined give one brief for each area, of its latest year."""
    other = replace(
        city, entries=city.entries.assign(area=pd.Categorical(["成都"] * len(city))), origins=()
    )
    briefs = make_briefs(join_sectors([city, other]), lang="zh")
    assert [brief.title for brief in briefs] == [
        "重庆2007年温室气体排放简报",
        "成都2007年温室气体排放简报",
    ]


def test_what_lacks_a_factor_is_no_number_of_the_text(city):
    """Electricity without a factor is told as lacking, never as a number that is none."""
    for lang in ("zh", "en"):
        (brief,) = make_briefs(city, lang=lang)
        assert "nan" not in " ".join(text for part in brief.parts for text in part.paragraphs)


@pytest.mark.parametrize("lacking", [2006, 2007])
def test_years_that_do_not_cover_the_same_are_not_compared(city, lacking):
    """A sector that one of two years has no number of is neither a fall nor a rise, and the headline says so."""
    years = with_years(city, {2006: 0.9, 2007: 1.0})
    other = years.entries[years.entries["category"] == "1.A.3"].assign(
        sector="processes", category="2.A.1"
    )
    both = pd.concat([years.entries, other[other["year"] != lacking]], ignore_index=True)
    labels = dict.fromkeys(["sector", "category"], "category")
    (brief,) = make_briefs(replace(years, entries=both.astype(labels)), lang="en")
    assert brief.lead.endswith(
        ": not compared with 2006, as one of the two years has no number of industrial processes."
    )
    told = " ".join(brief.parts[1].paragraphs)
    assert "energy (+" in told
    assert "industrial processes" not in told
    (alone,) = make_briefs(years, lang="en")
    assert "(+11.1%)" in alone.lead


def test_totals_that_do_not_cover_the_same_call_no_peak(city):
    """Where sources have numbers in some years only, a fall is no peak, and the brief says why."""
    years = with_years(city, {2000: 1.0, 2001: 2.0, **{2002 + n: 1.5 - 0.05 * n for n in range(6)}})
    said = {"source": "cement", "lacking": "2002", "share": 0.1}
    template = (
        "{area}: {source} has no entry in {lacking}, and is {share:.1%} of the years that have it"
    )
    for area, told in (("重庆", True), ("北京", False)):
        finding = Finding("series-coverage", "warning", say(template, area=area, **said))
        (brief,) = make_briefs(replace(years, findings=(*years.findings, finding)), lang="zh")
        words = "".join(brief.parts[2].paragraphs)
        assert ("已达峰" in words) is not told
        assert ("有1类排放源只在部分年份有数" in words) is told


def test_an_accepted_finding_is_counted_and_not_to_be_checked(city):
    """The brief says that it was accepted; it is no error any more."""
    error = Finding("sum-of-parts", "error", "a total is not its parts", "a.csv!C13")
    held = replace(city, findings=(error,))
    (before,) = make_briefs(held, lang="zh")
    (after,) = make_briefs(held, lang="zh", beside=BriefContext(accepted=(error,)))
    assert "核对发现：错误1条" in before.parts[-1].paragraphs[0]
    assert after.parts[-1].paragraphs[:2] == ("核对未发现问题。", "1条发现已说明理由后接受。")
