"""The units in which tables print a product: what is proposed where a table prints none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from carbonacct import vocabulary

if TYPE_CHECKING:
    from carbonacct.sheets.raw_sheets import Sheet

_CHINESE_LETTER = re.compile(r"[\u4e00-\u9fff]")
_HEADS = 20  # rows of a sheet that tell its language
# By the unit in which a product is kept: as it is printed in Chinese, and as it is written here.
_CHINESE = {
    "t": ("万吨", "1e4 t", "t", "1e3 t"),
    "m3": ("亿立方米", "1e8 m3", "1e4 m3", "m3"),
    "kWh": ("亿千瓦时", "1e8 kWh", "1e4 kWh", "kWh"),
    "GJ": ("百亿千焦", "1e10 kJ", "GJ", "TJ"),
    "tce": ("万吨标准煤", "1e4 tce", "tce", "TJ"),
}
_OTHERS = {"t": "1e3 t", "m3": "1e6 m3", "kWh": "GWh", "GJ": "GJ", "tce": "Mtoe"}
_OF_BALANCES = ("TJ", "ktoe")  # one unit of energy for all products


def is_chinese(sheet: Sheet) -> bool:
    """Return whether the first rows of a sheet hold Chinese characters."""
    return any(
        isinstance(cell, str) and _CHINESE_LETTER.search(cell)
        for row in sheet.rows[:_HEADS]
        for cell in row
    )


def rank_units(product: str, *, in_chinese: bool) -> tuple[str, ...]:
    """Return units in which tables of a language print a product, the usual one first.

    Examples
    --------
    >>> rank_units("natural_gas", in_chinese=True), rank_units("natural_gas", in_chinese=False)
    (('1e8 m3', '1e4 m3', 'm3'), ('TJ', 'ktoe', '1e6 m3'))
    """
    known = vocabulary.products().get(product)
    if in_chinese:
        lists = [known.unit] if known and known.unit in _CHINESE else ["t", "tce"]
        return tuple(unit for kept in lists for unit in _CHINESE[kept][1:])
    return (*_OF_BALANCES, _OTHERS.get(known.unit if known else "t", _OTHERS["t"]))


def show_units(product: str, *, in_chinese: bool) -> tuple[str, str, str]:
    """Return what a header may print, and what a mapping file may say of a product and of all.

    Examples
    --------
    >>> show_units("natural_gas", in_chinese=True), show_units("natural_gas", in_chinese=False)
    (('单位: 亿立方米', '1e8 m3', '1e4 tce'), ('TJ', '1e6 m3', 'TJ'))
    """
    units = rank_units(product, in_chinese=in_chinese)
    if not in_chinese:
        return _OF_BALANCES[0], units[-1], _OF_BALANCES[0]
    printed = next(row[0] for row in _CHINESE.values() if row[1] == units[0])
    return f"单位: {printed}", units[0], _CHINESE["tce"][1]
