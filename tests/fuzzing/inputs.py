"""The tables that ship, and one of them in other layouts: a bare clone is as strict."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.sheets.raw_sheets import Sheet, read_sheets
from tests.fuzzing.base import Base, load_base
from tests.fuzzing.words import UNIT, without_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.sheets.raw_sheets import Cell

    Rows = list[list[Cell]]

TABLES = Path(__file__).resolve().parents[2] / "docs" / "tables"
SHIPPED = ("beijing_2007.csv", "chongqing_2007.csv", "qingdao_2019.csv")
_ENGLISH = {
    "万吨": "104 tn",
    "亿立方米": "108 cu.m",
    "百亿千焦": "1010 kJ",
    "亿千瓦时": "108 kWh",
    "亿千瓦小时": "108 kWh",
    "万吨标准煤": "104 tce",
    "万吨标煤": "104 tce",
}
_TITLE = "ENERGY BALANCE OF CHONGQING-2007"


@cache
def shipped_bases() -> list[Base]:
    """Return the tables that ship, and Chongqing's in the layouts below."""
    bases = [_load(name, read_sheets(TABLES / name)) for name in SHIPPED]
    rows = read_sheets(TABLES / "chongqing_2007.csv")[0].rows
    layouts: list[Callable[[Rows], Rows]] = [
        products_down,
        as_long_table,
        in_two_languages,
        in_coal_equivalent,
    ]
    for layout in layouts:
        name = f"chongqing_{layout.__name__}.csv"
        bases.append(_load(name, [Sheet(name, "", layout(rows))]))
    return bases


def _load(name: str, sheets: list[Sheet]) -> Base:
    base = load_base(name, sheets)
    assert isinstance(base, Base), base
    return base


def _split(head: Cell) -> tuple[str, str]:
    """Return the name and the unit of a header such as ``原煤(万吨)``."""
    unit = UNIT.search(str(head))
    assert unit
    return without_unit(str(head)), unit[0]


def products_down(rows: Rows) -> Rows:
    """Return a table with products as rows and their units in a column."""
    title, head, *body = rows
    turned: Rows = [[title[0]], ["项目", "计量单位", *(row[0] for row in body)]]
    for j, name in enumerate(head[1:], start=1):
        turned.append([*_split(name), *(row[j] for row in body)])
    return turned


def as_long_table(rows: Rows) -> Rows:
    """Return a table with one number a row."""
    _, head, *body = rows
    long: Rows = [["地区", "年份", "项目", "能源品种", "计量单位", "实物量"]]
    for row in body:
        numbers = zip(head[1:], row[1:], strict=True)
        long += [["重庆", "2007", row[0], *_split(name), cell] for name, cell in numbers if cell]
    return long


def in_two_languages(rows: Rows) -> Rows:
    """Return a table with names, units and title in two languages, and numbers that are no text."""
    title, head, *body = rows
    numbers = [[row[0], *(float(str(cell)) if cell else "" for cell in row[1:])] for row in body]
    columns = [_split(name) for name in head[1:]]
    ids = [str(vocabulary.resolve("product", name)) for name, _ in columns]
    english = [vocabulary.name("product", product, "en") for product in ids]
    blank = [""] * len(columns)
    return [
        [title[0], *blank],
        [_TITLE, *blank],
        ["项目", *(name for name, _ in columns)],
        ["", *(f"({unit})" for _, unit in columns)],
        ["", *english],
        ["", *(f"({_ENGLISH[unit]})" for _, unit in columns)],
        *numbers,
    ]


def in_coal_equivalent(rows: Rows) -> Rows:
    """Return the same digits as amounts of coal equivalent: every sum holds as before."""
    _, head, *body = rows
    blank = [""] * (len(head) - 1)
    return [
        ["6-22  重庆能源平衡表(标准量)-2007", *blank],
        [f"{_TITLE} (STANDARD QUANTITY)", *blank],
        ["单位:万吨标准煤", *blank],
        ["项目", *(_split(name)[0] for name in head[1:])],
        *body,
    ]
