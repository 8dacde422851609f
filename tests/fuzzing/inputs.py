"""The tables that ship, and the same numbers in other layouts, so that a bare clone is as strict."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.tables.sheets import Sheet, read_sheets
from tests.fuzzing.draft import UNIT, Base, load_base

if TYPE_CHECKING:
    from carbonacct.tables.sheets import Cell

TABLES = Path(__file__).resolve().parents[2] / "docs" / "tables"
SHIPPED = ("beijing_2007.csv", "chongqing_2007.csv", "qingdao_2019.csv")


@cache
def shipped_bases() -> list[Base]:
    """Return the tables that ship, and Chongqing's with products down and as a long table."""
    bases = [_load(name, read_sheets(TABLES / name)) for name in SHIPPED]
    chongqing = read_sheets(TABLES / "chongqing_2007.csv")[0].rows
    turned = {"chongqing_products_down.csv": _turn(chongqing), "chongqing_long.csv": _lengthen(chongqing)}
    return bases + [_load(name, [Sheet(name, "", rows)]) for name, rows in turned.items()]


def _load(name: str, sheets: list[Sheet]) -> Base:
    base = load_base(name, sheets)
    assert isinstance(base, Base), base
    return base


def _split(head: Cell) -> tuple[str, str]:
    """Return the name and the unit of a header such as ``原煤(万吨)``."""
    text = str(head)
    unit = UNIT.search(text)
    assert unit
    return text[: text.rindex("(")], unit[0]


def _turn(rows: list[list[Cell]]) -> list[list[Cell]]:
    title, head, *body = rows
    turned: list[list[Cell]] = [[title[0]], ["项目", "计量单位", *(row[0] for row in body)]]
    for j, name in enumerate(head[1:], start=1):
        product, unit = _split(name)
        turned.append([product, unit, *(row[j] for row in body)])
    return turned


def _lengthen(rows: list[list[Cell]]) -> list[list[Cell]]:
    _, head, *body = rows
    long: list[list[Cell]] = [["地区", "年份", "项目", "能源品种", "计量单位", "实物量"]]
    for row in body:
        for name, cell in zip(head[1:], row[1:], strict=True):
            product, unit = _split(name)
            if cell != "":
                long.append(["重庆", "2007", row[0], product, unit, cell])
    return long
