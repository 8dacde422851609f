"""Each number that a report prints is the record's, with its unit, in both languages.

The record is the flat table of an inventory. What a report prints is read back from the finished file: the sheets with
every formula worked out anew, the tables of page, chapter and brief by their captions and heads.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import docx
import pandas as pd
import pytest
from docx.table import Table
from hypothesis import HealthCheck, given, settings

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.product_groups import product_groups
from carbonacct.report.brief.brief_content import make_briefs
from carbonacct.report.chapter import write_chapter
from carbonacct.report.inventories import write_inventory
from carbonacct.report.page import render_page
from carbonacct.report.workbook import write_workbook
from tests.report.formulas import Formulas
from tests.strategies_balances import balances

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GWP = "AR5GWP100"
LANGUAGES = ("zh", "en")
TONNES = {"t": 1.0, "吨": 1.0, "kt": 1e3, "10⁴ t": 1e4, "万吨": 1e4, "Mt": 1e6}
TOTAL = {"total", "Total", "合计"}
NO_CATEGORY = {"no category", "未分类别"}
FLAT = ["area", "year", "flow", "product", "category", "scope", "gas"]
FEW = settings(max_examples=5, suppress_health_check=list(HealthCheck))
SHEETS = {
    "zh": ("汇总", "历年排放", "部门与品种", "IPCC类别", "计算过程"),
    "en": ("summary", "years", "flow by product", "IPCC categories", "trace"),
}


@cache
def cities() -> ca.EnergyInventory:
    """Return two cities and three years, one missing; all numbers differ, and one cell has none."""
    amounts = ca.read_balance("docs/tables/chongqing_2007.csv").amounts
    cells = amounts.to_dataframe("value").dropna().reset_index().drop(columns=["area", "year"])
    number = cells["product"].map({name: n for n, name in enumerate(cells["product"].unique())})
    years = [("重庆", 2021), ("重庆", 2022), ("重庆", 2023), ("北京", 2022), ("北京", 2023)]
    tables = [
        cells.assign(
            area=area,
            year=year,
            value=cells["value"] * (1 + 0.17 * n) * (1 + 0.03 * n * (number - 4)),
        )
        for n, (area, year) in enumerate(years, start=1)
    ]
    table = pd.concat(tables, ignore_index=True)
    is_lost = (
        (table["year"] == 2022) & (table["flow"] == "transport") & (table["product"] == "diesel")
    )
    return ca.compile_inventory(
        ca.make_balance(table[~is_lost]), method="provincial-2011", gases=["all"]
    )


def record_of(inventory: ca.EnergyInventory) -> pd.DataFrame:
    """Return the flat table, with the names of flows and products in both languages."""
    frame = inventory.to_frame(gwp=GWP)
    for lang in LANGUAGES:
        # Urban is nobody's name without Residential: workbook, page and chapter say both.
        frame[f"flow_{lang}"] = [vocabulary.name_alone(label, lang) for label in frame["flow"]]
        frame[f"product_{lang}"] = [
            vocabulary.name("product", label, lang) for label in frame["product"]
        ]
    known = vocabulary.products()
    groups = [
        product_groups().get(known[one].group) if one in known else None for one in frame["product"]
    ]
    return frame.assign(kind=[group.summed_as if group else "" for group in groups])


def add_up(frame: pd.DataFrame, *columns: str) -> dict[Any, float]:
    """Return the direct emissions by some columns; a sum over nothing is not there."""
    direct = frame[frame["scope"] == 1]
    sums = direct.groupby(list(columns), observed=True)["value"].sum(min_count=1)
    return sums.dropna().to_dict()


def add_up_each(
    frame: pd.DataFrame, keys: list[str], rows: str, columns: str
) -> dict[tuple[str, ...], dict[Any, float]]:
    """Return the sums of each cell of a table, of its rows, of its columns, and of all, by their labels."""
    return {
        named: add_up(frame, *keys, *named) for named in ((), (rows,), (columns,), (rows, columns))
    }


def unit_of(head: str) -> float:
    """Return the tonnes in the unit that the head of a column, or a caption, names in its last brackets."""
    (*_, unit) = re.findall(r"[(（]([^()（）]+)[)）]", re.sub(r"[(（［]AR5GWP100[)）］]", "", head))
    words = [word for word in TONNES if re.match(rf"{re.escape(word)}(?: |$)", unit)]
    assert len(words) == 1, head
    return TONNES[words[0]]


# --- The workbook ---------------------------------------------------------------------------


def check_formulas(book: Formulas) -> int:
    """Fail unless every formula gives the value written with it; return how many there are."""
    count = 0
    for sheet, place in book.cells():
        value, stored = book.value(sheet, place), book.stored[sheet][place].value
        said = (sheet, place, book.live[sheet][place].value)
        if isinstance(value, int | float) and isinstance(stored, int | float):
            assert value == pytest.approx(stored, rel=1e-9, abs=1e-6), said
        else:
            assert value == stored, said
        count += 1
    return count


def check_workbook(book: Formulas, frame: pd.DataFrame, lang: str) -> None:
    """Fail unless the sheets that sum the record hold its sums, each area, year and gas in its own place."""
    flat = book.rows("inventory", first=2)
    assert [row[:7] for row in flat] == frame[FLAT].to_numpy(dtype=object).tolist()
    assert [row[7] for row in flat] == pytest.approx(frame["value"].tolist(), rel=1e-12)
    summary, years, flows, categories, trace = SHEETS[lang]
    _check_summary(*_table(book, summary), frame)
    if years in book.live.sheetnames:
        _check_years(*_table(book, years), frame, lang)
    _check_matrix(*_table(book, flows), frame, lang)
    _check_categories(*_table(book, categories), frame)
    rows, heads = _table(book, trace)
    emissions = heads.index({"zh": "排放量\n（t）", "en": "emissions\n(t)"}[lang])
    traced = {(*row[:3], *row[5:7]): row[emissions] for row in rows}
    told = frame.set_index(["area", "year", "gas", f"flow_{lang}", f"product_{lang}"])[
        "value"
    ].to_dict()
    assert traced == {key: pytest.approx(value, rel=1e-9, abs=1e-9) for key, value in told.items()}


def _check_summary(rows: list[list[Any]], heads: list[str], frame: pd.DataFrame) -> None:
    """Check totals, their kinds of fuel, and what is brought in."""
    by_gas, by_kind = (add_up(frame, "area", "year", "gas", *more) for more in ((), ("kind",)))
    assert {tuple(row[:3]) for row in rows if isinstance(row[3], int | float)} == set(by_gas)
    bought = (
        frame[frame["scope"] == 2]
        .groupby(["area", "year", "gas", "product"])["value"]
        .sum(min_count=1)
        .to_dict()
    )
    for row in rows:
        key = tuple(row[:3])
        _is_sum(row[3], unit_of(heads[3]), by_gas.get(key))
        for column, kind in enumerate(("coal", "oil", "gas", "other"), start=4):
            _is_sum(row[column], unit_of(heads[column]), by_kind.get((*key, kind)))
        for column, product in enumerate(("electricity", "heat"), start=8):
            if isinstance(
                row[column], int | float
            ):  # a part without a factor is no number, and said
                _is_sum(row[column], unit_of(heads[column]), bought.pop((*key, product)))
    assert not any(bought.values())


def _check_years(rows: list[list[Any]], heads: list[str], frame: pd.DataFrame, lang: str) -> None:
    """Check flows by years; each that emits has its row."""
    by_gas, by_flow = (
        add_up(frame, "area", "year", "gas", *more) for more in ((), (f"flow_{lang}",))
    )
    seen = set()
    for area, gas, flow, *values in rows:
        for head, value in zip(heads[3:], values, strict=True):
            if year := re.match(r"\d{4}(?=\n)", head):
                key = (area, int(year[0]), gas)
                _is_sum(
                    value,
                    unit_of(head),
                    by_gas.get(key) if flow in TOTAL else by_flow.get((*key, flow)),
                )
                seen.add((*key, flow))
    assert {key for key, value in by_flow.items() if value} <= seen


def _check_matrix(rows: list[list[Any]], heads: list[str], frame: pd.DataFrame, lang: str) -> None:
    """Check flows by products; each cell of the record has its place."""
    seen = set()
    sums = add_up_each(frame, ["area", "year", "gas"], f"flow_{lang}", f"product_{lang}")
    for area, year, gas, flow, *values in rows:
        for head, value in zip(heads[4:], values, strict=True):
            labels = {f"flow_{lang}": flow, f"product_{lang}": head.rpartition("\n")[0]}
            named = {column: label for column, label in labels.items() if label not in TOTAL}
            place = (area, year, gas, *named.values())
            _is_sum(value, unit_of(head), sums[tuple(named)].get(place))
            seen.add(place)
    assert set(sums[f"flow_{lang}", f"product_{lang}"]) <= seen


def _check_categories(rows: list[list[Any]], heads: list[str], frame: pd.DataFrame) -> None:
    """Check categories; one that names no flows is the sum of those below it."""
    by_category = add_up(frame, "area", "year", "gas", "category")
    for *key, named, flows, value in rows:
        category = "" if named in NO_CATEGORY else named
        parts = [
            number
            for (*place, label), number in by_category.items()
            if place == key
            and (
                category in TOTAL
                or label == category
                or (not flows and label.startswith(f"{category}."))
            )
        ]
        _is_sum(value, unit_of(heads[5]), sum(parts) if parts else None)


def _table(book: Formulas, sheet: str) -> tuple[list[list[Any]], list[str]]:
    heads = [cell.value for cell in book.live[sheet][4]]
    return [row for row in book.rows(sheet) if row[0] is not None], heads


def _is_sum(value: Any, unit: float, expected: float | None) -> None:
    """Fail unless a cell is a sum of the record; where there is no such sum, it says no number."""
    if expected is None:
        assert not isinstance(value, int | float) or value == 0, value
    else:
        assert isinstance(value, int | float), (value, expected)
        assert value * unit == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_is_the_record(tmp_path, lang):
    """Two cities and three years with all gases and a metric: sums of each area, year and gas, none of another."""
    write_workbook([cities()], tmp_path / "a.xlsx", lang=lang, gwp=GWP)
    book = Formulas.of(tmp_path / "a.xlsx")
    assert check_formulas(book) > 10_000
    check_workbook(book, record_of(cities()), lang)


@FEW
@given(balance=balances("ipcc-2006"))
def test_every_sheet_of_any_inventory_is_the_record(balance, tmp_path_factory):
    """The same of any balance: remainders, zeros, parents beside parts, one area or two."""
    inventory = ca.compile_inventory(balance, method="ipcc-2006", gases=["all"])
    folder = tmp_path_factory.mktemp("drawn")
    for lang in LANGUAGES:
        write_workbook([inventory], folder / f"{lang}.xlsx", lang=lang, gwp=GWP)
        book = Formulas.of(folder / f"{lang}.xlsx")
        check_formulas(book)
        check_workbook(book, record_of(inventory), lang)


# --- The page -------------------------------------------------------------------------------


class PageTables(HTMLParser):
    """Collects the tables and the facts that a page shows in one language, pictures left out."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang, self.shows = lang, False
        self.hidden, self.into = 0, None
        self.tables: list[tuple[str, list[list[str]]]] = []
        self.facts: list[tuple[str, list[list[str]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open what holds texts."""
        if body := dict(attrs).get("data-body"):
            self.shows = body == self.lang
        self.hidden += tag in {"svg", "script", "style"}
        if not self.shows or self.hidden:
            return
        if tag == "table":
            self.tables.append(("", []))
        elif tag == "h3":
            self.facts.append(("", []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag == "dt":
            self.facts[-1][1].append([])
        if tag in {"caption", "h3"}:
            self.into = tag
        elif tag in {"td", "th", "dt", "dd"}:
            self.into = tag
            (self.tables if tag[0] == "t" else self.facts)[-1][1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """Close what held texts."""
        self.hidden -= tag in {"svg", "script", "style"}
        if tag == self.into:
            self.into = None

    def handle_data(self, data: str) -> None:
        """Keep a text where it belongs."""
        if not self.shows or self.hidden or self.into is None:
            return
        held = self.facts if self.into in {"h3", "dt", "dd"} else self.tables
        if self.into in {"caption", "h3"}:
            held[-1] = (held[-1][0] + data, held[-1][1])
        else:
            held[-1][1][-1][-1] += data


def is_printed(text: str, value: float | None) -> bool:
    """Return whether a text is a number to the digits that it shows; no text is no number."""
    if value is None or not text:
        return value is None and text in {"", "0", "0.00"}
    plain = text.replace(",", "").replace("−", "-").removesuffix("%").strip()
    number, _, power = plain.partition("e")
    half = 0.5 * 10.0 ** (int(power or 0) - len(number.partition(".")[2]))
    return abs(float(plain) - value) <= half * (1 + 1e-6) + 1e-9 * abs(value)


def gas_of(text: str) -> str:
    """Return the gas that a caption, a head or a unit names last."""
    plain = text.translate(str.maketrans("₂₄", "24"))
    named = re.findall(r"CO2e[ \n]?[(（［]?AR5GWP100|CO2|CH4|N2O", plain)[-1]
    return "CO2e (AR5GWP100)" if named.startswith("CO2e") else named


def period_of(text: str) -> tuple[str, int]:
    """Return the area and the year that a caption names."""
    (area,) = set(re.findall("重庆|北京", text))
    return area, int((re.findall(r"20\d\d", text) or ["0"])[-1])


def check_page(parser: PageTables, frame: pd.DataFrame, lang: str) -> set[str]:
    """Fail unless the tables are the record's sums to the digits shown; return the kinds of table seen."""
    seen, area = set(), ""
    for caption, rows in parser.tables:
        place = period_of(caption) if re.search("重庆|北京", caption) else (area, 0)
        area = place[0]  # a table of changes stands below the chart of its area
        for kind, pattern in _CAPTIONS.items():
            if re.search(pattern, caption):
                _CHECKS[kind](caption, rows, frame, place, lang)
                seen.add(kind)
    return seen


def _check_cells(
    caption: str, rows: list[list[str]], frame: pd.DataFrame, place: tuple[str, int], lang: str
) -> None:
    """Check flows by products of one gas and scope."""
    scope = int(re.findall(r"(?:scope |范围)(\d)", caption)[0])
    own, key = frame[frame["scope"] == scope].assign(scope=1), (*place, gas_of(caption))
    sums = add_up_each(own, ["area", "year", "gas"], f"flow_{lang}", f"product_{lang}")
    heads, *body = rows
    for name, *cells in body:
        for product, text in zip(heads[1:], cells, strict=True):
            labels = {f"flow_{lang}": name, f"product_{lang}": product}
            named = {column: label for column, label in labels.items() if label not in TOTAL}
            expected = sums[tuple(named)].get((*key, *named.values()))
            _is_shown(text, expected, caption, (name, product))


def _check_gases(
    caption: str, rows: list[list[str]], frame: pd.DataFrame, place: tuple[str, int], lang: str
) -> None:
    """Check flows by gases."""
    heads, *body = rows
    by_flow, by_gas = (
        add_up(frame, "area", "year", "gas", *more) for more in ((f"flow_{lang}",), ())
    )
    for name, *cells in body:
        for head, text in zip(heads[1:], cells, strict=True):
            key = (*place, gas_of(head))
            expected = by_gas.get(key) if name in TOTAL else by_flow.get((*key, name))
            _is_shown(text, expected, f"({head})", (caption, name))


def _check_shares(
    caption: str, rows: list[list[str]], frame: pd.DataFrame, place: tuple[str, int], lang: str
) -> None:
    """Check categories, or fuels, with their shares; none of the record is left out."""
    is_fuel = bool(re.search("By fuel|按能源品种", caption))
    sums = add_up(frame, "area", "year", "gas", f"product_{lang}" if is_fuel else "category")
    own = {key[3]: value for key, value in sums.items() if key[:3] == (*place, "CO2")}
    shown = {}
    for name, _, text, share in rows[1:-1]:
        label = name if is_fuel else name.partition(" ")[0]
        _is_shown(text, own[label], caption, name)
        assert is_printed(share, 100 * own[label] / sum(own.values())), (caption, name)
        shown[label] = text
    assert set(shown) == set(own)
    _is_shown(rows[-1][2], sum(own.values()), caption, "total")


def _check_changes(
    caption: str, rows: list[list[str]], frame: pd.DataFrame, place: tuple[str, int], lang: str
) -> None:
    """Check categories in two years, the difference, and that in percent."""
    del lang
    years = list(map(int, re.findall(r"20\d\d", caption)))
    assert rows[0][1:3] == list(map(str, years))
    sums = add_up(frame, "area", "year", "gas", "category")
    named = {row[0].partition(" ")[0] for row in rows[1:]}
    for name, *cells, relative in rows[1:]:
        ends = []
        for year in years:
            own = {
                key[3]: value for key, value in sums.items() if key[:3] == (place[0], year, "CO2")
            }
            others = sum(value for label, value in own.items() if label not in named)
            whole = {
                "Other categories": others,
                "其他类别": others,
                **dict.fromkeys(TOTAL, sum(own.values())),
            }
            ends.append(whole.get(name, own.get(name.partition(" ")[0])))
        moved = None if None in ends else ends[1] - ends[0]
        for text, value in zip(cells, (*ends, moved), strict=True):
            _is_shown(text, value, caption, name)
        assert is_printed(relative, None if moved is None else 100 * moved / ends[0]), (
            caption,
            name,
        )


def _is_shown(text: str, expected: float | None, unit: str, where: object) -> None:
    """Fail unless a text shows tonnes in the unit that a caption or a head names."""
    scaled = None if expected is None else expected / unit_of(unit)
    assert is_printed(text, scaled), (unit, where, text, scaled)


_CAPTIONS = {
    "cells": r"scope \d|范围\d",
    "gases": "each gas|各种气体",
    "shares": "By IPCC category|By fuel|按 IPCC 类别|按能源品种",
    "changes": "What changed|^变化",
}
_CHECKS = {
    "cells": _check_cells,
    "gases": _check_gases,
    "shares": _check_shares,
    "changes": _check_changes,
}


def check_facts(parser: PageTables, frame: pd.DataFrame) -> int:
    """Fail unless the headline of each area and year has its own totals, and the change since the year before."""
    sums, count = add_up(frame, "area", "year", "gas"), 0
    for title, facts in parser.facts:
        if not re.fullmatch(r"(重庆|北京) 20\d\d", title):
            continue
        area, year = period_of(title)
        for name, said in facts:
            if not re.search("scope 1|范围一|all gases|各种气体", name):
                continue
            found = re.match(
                r"([\d,.]+) ((?:kt|t|万吨) (?:CO₂e ?[(（]AR5GWP100[)）]|CO₂|CH₄|N₂O))", said
            )
            assert found, (title, said)
            number, unit = found.groups()
            gas = gas_of(unit)
            assert is_printed(number, sums[(area, year, gas)] / unit_of(f"({unit})")), (title, said)
            if change := re.search(r"([+−][\d.]+) % .*?(20\d\d)", said):
                assert int(change[2]) == year - 1
                ratio = sums[(area, year, gas)] / sums[(area, year - 1, gas)]
                assert is_printed(change[1].lstrip("+"), 100 * (ratio - 1)), (title, said)
                count += 1
            count += 1
    return count


def test_the_page_is_the_record():
    """Every table of the page has the sums of its own area, year, gas and scope, in both languages."""
    page = render_page([cities()], gwp=GWP)
    shapes = []
    for lang in LANGUAGES:
        parser = PageTables(lang)
        parser.feed(page)
        seen = check_page(parser, record_of(cities()), lang)
        assert seen == set(_CHECKS)
        assert check_facts(parser, record_of(cities())) == 5 * 4 + 3
        shapes.append([[[bool(cell) for cell in row] for row in rows] for _, rows in parser.tables])
        shares = [
            [cell for row in rows for cell in row if "%" in cell] for _, rows in parser.tables
        ]
        shapes[-1].append(shares)
    assert shapes[0] == shapes[1]


# --- The chapter ----------------------------------------------------------------------------


def read_chapter(path: Path) -> Iterator[tuple[str, str, list[list[str]]]]:
    """Return the tables of a document, each below the headings of its area and under its caption."""
    document = docx.Document(str(path))
    area = caption = ""
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            if part.style.name != "Normal Table":
                yield area, caption, [[cell.text for cell in row.cells] for row in part.rows]
        elif part.style.name == "Heading 1":
            (area,) = set(re.findall("重庆|北京", part.text))
        elif part.style.name == "Caption":
            caption = part.text


def check_chapter(path: Path, frame: pd.DataFrame, lang: str) -> int:
    """Fail unless totals by year and by flow and fuel are the area's; return how many numbers there are."""
    by_gas = add_up(frame, "area", "year", "gas")
    last = frame[frame["year"] == frame["year"].max()].assign(
        kind_name=frame["kind"].map(KINDS[lang])
    )
    sums = add_up_each(last, ["area", "gas"], f"flow_{lang}", "kind_name")
    count = 0
    for area, caption, (heads, *rows) in read_chapter(path):
        if re.search("by year|各年", caption):
            assert [int(row[0]) for row in rows] == sorted(
                {key[1] for key in by_gas if key[0] == area}
            )
            for year, *cells in rows:
                for head, text in zip(heads[1:], cells, strict=True):
                    expected = by_gas[(area, int(year), gas_of(head))]
                    _is_shown(text, expected, head.replace("\n", " "), (area, year))
                    count += 1
        elif re.search(r"by sector \(|各部门.*排放（", caption):
            for name, *cells in rows:
                for kind, text in zip(heads[1:], cells, strict=True):
                    labels = {f"flow_{lang}": name, "kind_name": kind}
                    named = {
                        column: label for column, label in labels.items() if label not in TOTAL
                    }
                    expected = sums[tuple(named)].get((area, gas_of(caption), *named.values()))
                    _is_shown(text, expected, caption, (area, name, kind))
                    count += 1
    return count


KINDS = {
    "zh": {"coal": "煤", "oil": "油品", "gas": "天然气", "other": "其他"},
    "en": {"coal": "coal", "oil": "oil products", "gas": "natural gas", "other": "other"},
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapter_is_the_record(tmp_path, lang):
    """Each city has its own years and its own flows, in the unit of each gas."""
    write_chapter([cities()], tmp_path / "a.docx", lang=lang, gwp=GWP)
    assert check_chapter(tmp_path / "a.docx", record_of(cities()), lang) > 400


# --- A table in standard quantity -----------------------------------------------------------


@cache
def standard_city() -> ca.EnergyInventory:
    """Return a city in tonnes of coal equivalent: the chain of a fuel divides by its coefficient."""
    cells = (
        ca.read_balance("docs/tables/chongqing_2007.csv")
        .amounts.to_dataframe("value")
        .dropna()
        .reset_index()
    )
    table = cells.assign(
        unit="万吨标准煤", value=cells["value"].abs() + 1.0, area="重庆", year=2022
    )
    fuels = ["raw_coal", "coke", "gasoline", "diesel", "natural_gas", "electricity"]
    kept = table[
        table["product"].isin(fuels)
        & table["flow"].isin(["industry", "transport", "households_urban"])
    ]
    return ca.compile_inventory(ca.make_balance(kept), method="provincial-2011", gases=["all"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_of_a_table_in_standard_quantity_is_the_record(tmp_path, lang):
    """The live formulas divide where the chain does, and every sheet has the sums of the record."""
    write_workbook([standard_city()], tmp_path / "a.xlsx", lang=lang, gwp=GWP)
    book = Formulas.of(tmp_path / "a.xlsx")
    assert check_formulas(book) > 100
    trace = book.live[SHEETS[lang][4]]
    formulas = [
        cell.value for row in trace.iter_rows() for cell in row if str(cell.value).startswith("=")
    ]
    assert any("/" in formula for formula in formulas)
    check_workbook(book, record_of(standard_city()), lang)


# --- The brief ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_is_the_record(lang):
    """The table of each city is its last year by category of the third level, and its total is the sum."""
    record = record_of(cities())
    for brief, area in zip(
        make_briefs(ca.to_inventory(cities()), lang=lang), ("重庆", "北京"), strict=True
    ):
        own = record[(record["area"] == area) & (record["year"] == 2023) & (record["gas"] == "CO2")]
        levels = own.assign(level=[".".join(code.split(".")[:3]) for code in own["category"]])
        sums = sorted((value for value in add_up(levels, "level").values() if value), reverse=True)
        assert area in brief.title
        *rows, total = brief.parts[0].table.rows
        unit = unit_of(brief.parts[0].table.header[1])
        assert len(rows) == len(sums)
        for (_, text, share), value in zip(rows, sums, strict=True):
            assert is_printed(text, value / unit), (area, text, value)
            assert is_printed(share, 100 * value / sum(sums)), (area, share, value)
        assert is_printed(total[1], sum(sums) / unit)


# --- Data files of all sectors --------------------------------------------------------------


def test_data_files_of_all_sectors_agree(tmp_path):
    """CSV, Parquet, JSON, NetCDF and the flat sheet hold the same entries, to the last digit."""
    whole = ca.compile_sectors(
        "docs/tables/chongqing_2007.csv",
        "docs/tables/chongqing_2007_activities.csv",
        method="provincial-2011",
    )
    columns = [*FLAT, "value"]
    expected = whole.to_frame()[columns].reset_index(drop=True)
    assert set(expected["category"].str[:1]) >= {"1", "2", "3", "4"}
    for suffix in ("csv", "parquet", "json", "nc", "xlsx"):
        write_inventory(whole, str(tmp_path / f"a.{suffix}"), lang="en")
    for suffix in ("csv", "parquet", "json", "nc"):
        found = (
            ca.read_inventory(tmp_path / f"a.{suffix}").to_frame()[columns].reset_index(drop=True)
        )
        pd.testing.assert_frame_equal(
            found, expected, check_dtype=False, check_exact=True, check_categorical=False
        )
    book = Formulas.of(tmp_path / "a.xlsx")
    rows = [row for sheet in ("inventory", "entries") for row in book.rows(sheet, first=2)]
    shown = [row for row in rows if isinstance(row[7], int | float)]
    assert [row[7] for row in rows if row not in shown] == [
        "NE"
    ] * 3  # the flat table leaves them out
    assert [[cell or "" for cell in row[:7]] for row in shown] == expected[FLAT].to_numpy(
        dtype=object
    ).tolist()
    assert [row[7] for row in shown] == pytest.approx(expected["value"].tolist(), rel=1e-12)
