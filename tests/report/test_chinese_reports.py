"""Chinese page, chapter, brief and workbook of all sectors: no English sentence, no id without its name."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import docx
import openpyxl
import pytest

import carbonacct as ca
from carbonacct.report.inventories import write_inventory
from carbonacct.report.uncertainty_tables import assess_uncertainty
from carbonacct.sectors.partners import find_partners
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.source_compiling import compile_sources
from tests.sectors.sources.building import compiled

BALANCE, ACTIVITIES = "docs/tables/chongqing_2007.csv", "docs/tables/chongqing_2007_activities.csv"
GOOD = re.compile(r"\bt [a-z][a-z_]+")
# Behind its name in brackets, in a path or in the name of an option an id is what a person types or looks up.
ID = re.compile(r"(?<![（(\w./-])[a-z]+(?:_[a-z0-9]+)+(?![\w]*\.csv)")
SENTENCE = re.compile(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b")
# As their documents print them.
FOR_PROGRAMS = ("inventory", "entries")
TITLES = ("low-mileage light-duty vehicle", "catalyst", "IPCC Guidelines", "Guidelines for")


class VisibleText(HTMLParser):
    """Collects what a page shows in Chinese."""

    def __init__(self):
        super().__init__()
        self.shows, self.hidden, self.texts = False, False, []

    def handle_starttag(self, tag, attrs):
        """Follow which body it is, and leave scripts out."""
        self.hidden = tag in {"script", "style"}
        if body := dict(attrs).get("data-body"):
            self.shows = body == "zh"

    def handle_endtag(self, tag):
        """Leave a script."""
        self.hidden = self.hidden and tag not in {"script", "style"}

    def handle_data(self, data):
        """Keep a text."""
        if self.shows and not self.hidden and data.strip():
            self.texts.append(data.strip())


def read_page(path):
    """Return the Chinese texts of a page, and what its numbers open: formulas stand there with their symbols."""
    text = path.read_text(encoding="utf-8")
    parser = VisibleText()
    parser.feed(text)
    data = json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]
    )
    notes = [factor[9][0] for factor in data["factors"] if factor[9]]
    assert notes
    return parser.texts, notes + [zh for zh, _ in data["texts"]]


def read_chapter(path):
    """Return paragraphs and cells; an equation is a formula."""
    document = docx.Document(path)
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    return [one.text for one in document.paragraphs] + [
        text for text in cells if " = " not in text
    ], []


def read_workbook(path):
    """Return the texts of the sheets that people read first, and those of all that are not for programs."""
    book = openpyxl.load_workbook(path)
    first = [book[name] for name in ("关键类别", "区间", "区间分项", "质量核对")]
    others = [sheet for sheet in book if sheet.title not in FOR_PROGRAMS]
    said = [row[column].value for row in book["检查发现"].iter_rows() for column in (0, 3, 4)]
    texts = [
        [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
        for sheets in (first, others)
    ]
    read, held = (
        [text for text in one if isinstance(text, str) and not text.startswith("=")]
        for one in texts
    )
    return read + said, held + [sheet.title for sheet in others]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the reports of five sectors, whose findings are of many kinds."""
    home = tmp_path_factory.mktemp("chinese")
    cube = ca.compile_inventory(BALANCE, method="provincial-2011")
    sources = compile_sources(
        read_activities([ACTIVITIES], "provincial-2011"), allow_unverified=True
    )
    forest = compiled(
        home,
        ("stand_change", "竹林", 100, "公顷", "重庆", 2007),
        ("waste_share", "food", 30, "%", "重庆", 2007),
    )
    whole = ca.join_inventories([ca.to_inventory(cube), sources, forest])
    assessed = assess_uncertainty(whole)
    whole = whole.with_findings([*find_partners(whole), *assessed.findings])
    for suffix in ("html", "docx", "xlsx", "brief.docx"):
        write_inventory(whole, str(home / f"a.{suffix}"), lang="zh", uncertainty=assessed)
    return home


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("a.html", read_page),
        ("a.docx", read_chapter),
        ("a.xlsx", read_workbook),
        ("a.brief.docx", read_chapter),
    ],
)
def test_no_english_sentence_and_no_bare_id_is_left(folder, name, read):
    """What is Latin are units, gases, formulas, names of documents, options, and ids behind what people call them."""
    texts, more = read(folder / name)
    assert len(texts) > 10
    assert [
        text
        for text in texts + more
        if SENTENCE.search(text) and not any(one in text for one in TITLES)
    ] == []
    assert [text for text in texts if ID.search(text)] == []
    assert [text for text in texts + more if GOOD.search(text)] == []


@pytest.mark.parametrize(("name", "read"), [("a.docx", read_chapter), ("a.xlsx", read_workbook)])
def test_activities_and_items_are_joined_in_chinese(folder, name, read):
    """活动水平：工业 · 原煤, and 猪、农户饲养."""
    texts = "\n".join(text for part in read(folder / name) for text in part)
    assert "活动水平：" in texts
    assert "猪、农户饲养" in texts
    assert not re.search("活动水平: [火工农]|[猪牛], 农户", texts)
