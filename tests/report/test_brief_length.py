"""The brief is two pages, whatever it has to tell: by the rule of what is left out first, and as the files are set."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.categories import categories
from carbonacct.errors import Finding
from carbonacct.report.brief import BriefContext, write_brief
from carbonacct.report.brief.brief_content import make_briefs
from carbonacct.report.brief.brief_limits import PAGES, STEPS, fits
from carbonacct.report.brief.pdf import _PIECES, _break_lines

TARGET = {
    "zh": (
        "到2025年单位地区生产总值二氧化碳排放比2020年下降18%，2023年已下降9.2%，按现有速度可以完成，但须关注新上项目。"
    ),
    "en": "By 2025 the CO2 of a unit of GDP is to be 18 % below that of 2020; in 2023 it was 9.2 % below, on track.",
}
SECTORS = ("energy", "processes", "agriculture", "waste")
LONG_NAME = "黔西南布依族苗族自治州兴义市义龙新区"


@cache
def energy() -> ca.Inventory:
    """Return the record of a city."""
    return ca.to_inventory(
        ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    )


@cache
def make_long(sources: int, sectors: int, area: str = LONG_NAME) -> ca.Inventory:
    """Return ten years of a made-up city: all sectors, land, missing numbers, findings of many rules."""
    city = energy()
    codes = [code for code in categories() if code.count(".") == 2 and not code.startswith("3.B")][
        :sources
    ]
    year = city.entries.iloc[[0] * len(codes)].assign(
        area=area,
        category=codes,
        sector=[SECTORS[n % sectors] for n in range(len(codes))],
        value=np.linspace(1e7, 1e3, len(codes)),
        scope=1,
        gas="CO2",
        notation="",
        kind="emission",
    )
    wave = np.sin(np.arange(len(codes)))
    years = [
        year.assign(year=n, value=year["value"] * (1 + 0.01 * (n - 2009) * wave))
        for n in range(2010, 2020)
    ]
    land = year.iloc[:1].assign(sector="land", category="3.B.1", value=-1e6, year=2019)
    lacking = year.iloc[:12].assign(value=np.nan, notation="NE", year=2019)
    entries = pd.concat([*years, land, lacking], ignore_index=True)
    kinds = dict.fromkeys(("area", "category", "sector", "gas", "notation"), "category")
    rules = ("balance", "sum-of-parts", "not-closed", "missing-value")
    findings = tuple(Finding(rule, "warning", f"{rule} {n}") for rule in rules for n in range(5))
    return replace(city, entries=entries.astype(kinds), origins=(), findings=findings)


@settings(max_examples=10)
@given(
    kinds=st.sampled_from([(1, 1), (12, 1), (40, 1), (40, 4)]),
    targets=st.integers(0, 40),
    lang=st.sampled_from(["zh", "en"]),
    name=st.sampled_from(["市", LONG_NAME, "长" * 400]),
)
def test_any_brief_takes_two_pages(kinds, targets, lang, name):
    """However many sources, targets and letters there are: it fits, and its table still adds up."""
    inventory = make_long(*kinds, name)
    beside = BriefContext(targets={name: (TARGET[lang],) * targets})
    (brief,) = make_briefs(inventory, lang=lang, beside=beside)
    assert fits(brief)
    assert (
        "排放" in brief.lead and "吨" in brief.lead
    ) or "emitted" in brief.lead  # whatever the name
    *parts, whole, _, _ = (
        float(row[1].replace(",", "").replace("−", "-")) for row in brief.parts[0].table.rows
    )
    assert sum(parts) == pytest.approx(whole, abs=0.006 * (len(parts) + 1))


def test_what_is_left_out_first():
    """Small sources are added up first, then targets counted, then a chart left out; each is said."""
    area = LONG_NAME
    seen = []
    for targets in (0, 2, 20):
        beside = BriefContext(targets={area: (TARGET["zh"],) * targets} if targets else {})
        (brief,) = make_briefs(make_long(30, 1), lang="zh", beside=beside)
        told = next((part.paragraphs for part in brief.parts if part.heading == "目标进展"), ())
        rows = [row[0] for row in brief.parts[0].table.rows]
        seen.append(
            (
                len(rows) - 3,
                rows[-4],
                [part.chart.kind for part in brief.parts if part.chart],
                len(told),
            )
        )
    assert seen[0] == (12, "其他", ["bars", "changes", "line"], 0)
    assert seen[1] == (12, "其他", ["bars", "changes", "line"], 2)
    assert seen[2] == (8, "其他", ["changes", "line"], 7)
    assert told[-1] == "另有14项目标未列出。"


def test_the_steps_only_ever_take_away():
    """Each step leaves out what the one before did."""
    for one, next_one in pairwise(STEPS):
        assert next_one.sources <= one.sources
        assert next_one.targets <= one.targets
        assert next_one.columns <= one.columns
        assert set(next_one.charts) <= set(one.charts)


def write_sectors(path: Path) -> None:
    """Write ten years of all sectors with targets, as a bureau hands them in."""
    beside = BriefContext(targets={LONG_NAME: (TARGET["zh"],) * 4})
    write_brief(make_long(40, 4), path, lang="zh", beside=beside)


def write_long(lang: str, path: Path) -> None:
    """Write the longest case: more sources and targets than two pages hold."""
    beside = BriefContext(targets={LONG_NAME: (TARGET[lang],) * 20})
    write_brief(make_long(40, 1), path, lang=lang, beside=beside)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pdf_takes_two_pages(lang, tmp_path):
    """As it is set."""
    pdfium = pytest.importorskip("pypdfium2")
    write_long(lang, tmp_path / "city.brief.pdf")
    assert len(pdfium.PdfDocument(tmp_path / "city.brief.pdf")) == PAGES


def test_all_sectors_take_two_pages(tmp_path):
    """Ten years, every sector in the table, each target told."""
    pdfium = pytest.importorskip("pypdfium2")
    write_sectors(tmp_path / "city.brief.pdf")
    pages = list(pdfium.PdfDocument(tmp_path / "city.brief.pdf"))
    assert len(pages) == PAGES
    text = re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pages))
    for name in ("能源活动", "工业生产过程", "农业", "废弃物处理", "土地利用变化和林业"):
        assert name in text
    assert text.count("到2025年单位地区生产总值二氧化碳排放") == 4


def test_the_document_takes_two_pages(tmp_path):
    """As a word processor sets it, whatever fonts it has."""
    pdfium = pytest.importorskip("pypdfium2")
    pytest.importorskip("docx")
    program = shutil.which("soffice")
    if program is None or not (Path(program).resolve().parent / "libswlo.so").is_file():
        pytest.skip("LibreOffice's Writer is not installed: apt-get install libreoffice-writer")
    for lang in ("zh", "en"):
        write_long(lang, tmp_path / f"{lang}.brief.docx")
    write_sectors(tmp_path / "sectors.brief.docx")
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", tmp_path / "set"),
            *tmp_path.glob("*.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert [len(pdfium.PdfDocument(path)) for path in (tmp_path / "set").glob("*.pdf")] == [
        PAGES
    ] * 3


@settings(max_examples=40)
@given(text=st.text("煤炭排放（），。−1234.5 万吨abc", max_size=60), width=st.integers(8, 40))
def test_lines_are_the_text_and_cut_no_number(text, width):
    """No letter is lost or added, and no number stands on two lines."""
    lines = _break_lines(text, len, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    number = r"[0-9.−a-z]+"
    assert [one for line in lines for one in re.findall(number, line)] == re.findall(number, text)
    assert all(len(line) <= width or len(_PIECES.findall(line)) == 1 for line in lines)
