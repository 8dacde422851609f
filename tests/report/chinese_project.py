"""A project whose outputs are all in Chinese, and what a person reads in each kind of file."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl

from tests.report.pages import write_scaled

ACTIVITIES = Path("docs/tables/chongqing_2007_activities.csv")
_REPORTS = ("html", "docx", "xlsx", "brief.html", "brief.docx")
_ANALYSES = ("targets", "trend", "peak", "decoupling", "decompose", "assessment")
_SCENARIOS = ("scenarios", "scenario_sectors", "scenario_peaks", "scenario_envelope")
_ANALYSIS_KINDS = ("html", "docx", "xlsx")
_TOML = """schema = 1
project.name = "重庆"
project.area = "重庆"
project.lang = "zh"
project.years = "2007-2009"
project.gases = ["CO2", "CH4", "N2O"]
project.metric = "AR5GWP100"
methods = { energy = "provincial-2011" }
energy = { allow_unverified = true, grid = "nation" }
table = [{ files = "tables/*" }]
activity = [{ file = "activities.csv" }]
drivers = [{ file = "drivers.csv" }]
uncertainty = { seed = 1, draws = 100 }
scenario = { file = "scenarios.csv", base = 2007, draws = 20, gas = "CO2" }
analysis.trend = ["co2"]
analysis.decoupling = ["co2/gdp"]
analysis.peak = ["co2"]
analysis.decompose = ["co2 = population * gdp/population * co2/gdp"]
splice = [{ years = "2009", technique = "surrogate", surrogate = "gdp", because = "年鉴未出" }]

[[target]]
id = "强度"
quantity = "co2/gdp"
statistic = "cut"
bound = "at_least"
value = 18
unit = "%"
base = { year = 2007 }
due = 2012
prices = "constant 2007"

[[target]]
id = "总量"
quantity = "co2"
statistic = "level"
bound = "at_most"
value = 10000
unit = "万吨"
due = 2010

[outputs]
"""
_MORE = (  # of every sector, what is left out and what has no value of its own
    ("stand_change", "竹林", 100, "公顷"),
    ("废弃井工煤矿数量", "", 3, "个"),
    ("abandoned_factor", "", 1000, "m3/mine"),
    ("domestic_cod", "treated", 1000, "t"),
    ("gas_consumed", "", 1e8, "m3"),
    ("电解铝产量", "pfpb", 10, "万吨"),
)
_ASSUMED = """scenario,sector,term,of,until,as,value,lower,upper,source
基准,land,removals,,2035,rate,0%,,,示例
基准,all,activity,,2020,rate,3%,2%,4%,示例
基准,all,activity,,2035,rate,-3%,-4%,-2%,示例
"""
_FOR_PROGRAMS = {"inventory", "entries", "data"}
_CODES = {"规则", "id"}  # columns of ids that are typed or looked up
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SAID = {f"{_WORD}t", f"{_WORD}br"}  # a text, and the end of a line
_SEEN = ("title", "aria-label", "alt", "placeholder")


def write_project(folder: Path) -> Path:
    """Write two years of five sectors with a filled year, a refused table, intervals, targets and scenarios."""
    outputs = {f"whole_{kind.replace('.', '_')}": f"output/whole.{kind}" for kind in _REPORTS}
    for number, name in enumerate((*_ANALYSES, *_SCENARIOS)):
        outputs[name] = f"output/{name}.{_ANALYSIS_KINDS[number % len(_ANALYSIS_KINDS)]}"
    (folder / "tables").mkdir(parents=True)
    listed = "".join(f'{name} = "{path}"\n' for name, path in outputs.items())
    (folder / "carbonacct.toml").write_text(_TOML + listed, encoding="utf-8")
    for times, year in ((1.0, 2007), (1.07, 2008)):
        write_scaled(folder / "tables" / f"chongqing_{year}.csv", times, year=year)
    (folder / "tables" / "不全.csv").write_text(
        "重庆能源平衡表（实物量）-2010\n项目,原煤(万吨),柴油(万吨)\n工业,100,5\n楼宇经济,3,4\n",
        encoding="utf-8",
    )
    with ACTIVITIES.open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    with (folder / "activities.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        for year in (2007, 2008):
            writer.writerows([area, year, *rest[:-2], "统计年鉴", ""] for area, _, *rest in rows)
            writer.writerows(["重庆", year, *row, "统计年鉴", ""] for row in _MORE)
    drivers = [f"重庆,{2007 + n},{2800 + 10 * n},{4676 * 1.1**n:.1f}" for n in range(3)]
    text = '地区,年份,常住人口（万人）,"地区生产总值（亿元, 2007年价）"\n'
    (folder / "drivers.csv").write_text(text + "\n".join(drivers) + "\n", encoding="utf-8")
    (folder / "scenarios.csv").write_text(_ASSUMED, encoding="utf-8")
    return folder


class _Visible(HTMLParser):
    """Collects what a page shows in Chinese: texts, names for who does not see, tips."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.hidden, self.texts = "zh", False, []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Follow which body it is, and leave scripts out."""
        held = dict(attrs)
        self.hidden = tag in {"script", "style"}
        self.body = held.get("data-body") or self.body
        if self.body == "zh":
            self.texts += [text for name in _SEEN if (text := held.get(name))]

    def handle_endtag(self, tag: str) -> None:
        """Leave a script."""
        self.hidden = self.hidden and tag not in {"script", "style"}

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if self.body == "zh" and not self.hidden and data.strip():
            self.texts.append(" ".join(data.split()))


def read_html(text: str) -> list[str]:
    """Return what a page shows, and what its numbers open."""
    parser = _Visible()
    parser.feed(text)
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return parser.texts + (_read_data(json.loads(found[1])) if found else [])


def _read_data(data: dict) -> list[str]:
    """Return the Chinese of what the script of the page writes."""
    texts = [zh for zh, _ in data["texts"]] + [
        name for part in ("flows", "products") for _, name, *_ in data[part]
    ]
    for _, published, item, title, _, edition, table, page, _, notes, _ in data["factors"]:
        texts += [published[0], item[0], title, edition[0], table, page, *notes[:1]]
    for table in data["official"]:
        texts += [*table["heads"][0], *(row[1] for row in table["rows"])]
        for period in table["periods"]:
            texts.append(period["title"][0])
            texts += [text for what, _, _, why in period["rest"][0] for text in (what, why)]
            cells = [cell for _, line in period["lines"] for cell in line if isinstance(cell, list)]
            texts += [cell[0] for cell in cells if isinstance(cell[0], str)]
    return list(filter(None, texts))


def read_word(path: Path) -> list[str]:
    """Return paragraphs, heads and feet, and what pictures are called."""
    texts = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.match(r"word/(document|header\d*|footer\d*)\.xml", name):
                root = ET.fromstring(archive.read(name))  # noqa: S314 - our own
                lines = (
                    [part for part in one.iter() if part.tag in _SAID]
                    for one in root.iter(f"{_WORD}p")
                )
                texts += ["".join(part.text or " " for part in line) for line in lines]
                texts += [one.get("descr") or "" for one in root.iter()]
    return list(filter(str.strip, texts))


def read_book(path: Path) -> list[str]:
    """Return names of sheets and their texts, but for columns of ids, and the heads of charts."""
    texts = []
    for sheet in openpyxl.load_workbook(path):
        if sheet.title in _FOR_PROGRAMS:
            continue
        texts.append(sheet.title)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        codes = {column for row in rows[:5] for column, text in enumerate(row) if text in _CODES}
        texts += [text for row in rows for column, text in enumerate(row) if column not in codes]
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/charts/chart"):
                root = ET.fromstring(archive.read(name))  # noqa: S314 - our own
                texts += [one.text for one in root.iter() if one.tag.endswith("}t")]
    return [text for text in texts if isinstance(text, str) and not text.startswith("=")]


def read_output(path: Path) -> list[str]:
    """Return what a person reads in a file."""
    if path.suffix == ".html":
        return read_html(path.read_text(encoding="utf-8"))
    return read_word(path) if path.suffix == ".docx" else read_book(path)
