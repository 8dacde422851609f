"""What heads the columns and rows of a table of quantities: keys, quantities, units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from carbonacct.data import data_folder, read_rows
from carbonacct.records.activity_units import is_printed_unit
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

# The keys of a table, each with the Chinese word that asks for it.
KEYS = {"area": "地区", "year": "年份", "item": "指标", "unit": "单位", "value": "数值"}
_WITH_UNIT = re.compile(r"\s*(?P<name>.+?)\s*[(（]\s*(?P<unit>[^()（）]+?)\s*[)）]\s*")
_OVER_UNIT = re.compile(r"\s*(?P<name>[^/]*[^/\s])\s*/\s*(?P<unit>[^/\s]+)\s*")
_MONEY_OR_PEOPLE = re.compile(r"[十百千万亿]*(?:元|人|户|[Uu][Ss][Dd]|yuan|people|persons)")


@dataclass(frozen=True)
class QuantityWords:
    """What the columns of a table mean: the declaration that the reader is handed.

    Attributes
    ----------
    names
        The id of each quantity by its words, folded.
    needs_area
        Whether each row names its area.
    keeps_others
        Whether a column of another name is a quantity under that name.
    """

    names: Mapping[str, str]
    needs_area: bool = True
    keeps_others: bool = False

    def find(self, heading: str) -> tuple[str, str]:
        """Return the id of what a heading names, and the unit in its brackets; nothing where it names none.

        Examples
        --------
        >>> words = QuantityWords({"人口": "population"})
        >>> words.find("人口（万人）"), words.find("人口"), words.find("备注(1)")
        (('population', '万人'), ('population', ''), ('', ''))
        """
        if known := self.names.get(fold(heading)):  # the brackets of some belong to the name
            return known, ""
        name, unit = split_heading(heading)
        known = self.names.get(fold(name), name if self.keeps_others else "")
        return known, unit if known else ""


@dataclass(frozen=True)
class QuantityHeading:
    """What heads a column or a row of numbers.

    Attributes
    ----------
    name
        The id of the quantity; ``""`` where it is none that is asked for.
    printed, where
        The heading, and its cell.
    unit, unit_where
        As printed, ``""`` where nothing prints one, and its cell.
    """

    name: str
    printed: str
    where: str
    unit: str = ""
    unit_where: str = ""


def split_heading(heading: str) -> tuple[str, str]:
    """Return the name and the unit of what heads a column or a row.

    Examples
    --------
    >>> split_heading("人口(万人)"), split_heading("gdp"), split_heading("GDP（亿元，2020年价）")
    (('人口', '万人'), ('gdp', ''), ('GDP', '亿元，2020年价'))
    >>> split_heading("GDP/亿元"), split_heading("gdp/population")
    (('GDP', '亿元'), ('gdp/population', ''))
    """
    if found := _WITH_UNIT.fullmatch(heading):
        return found["name"].removesuffix("/").strip(), found["unit"]
    over = _OVER_UNIT.fullmatch(heading)  # a quantity over its unit (GB 3101)
    if over and (is_printed_unit(over["unit"]) or _MONEY_OR_PEOPLE.fullmatch(over["unit"])):
        return over["name"], over["unit"]
    return heading.strip(), ""


@cache
def panel_words() -> Mapping[str, str]:
    """Return the id of each known word for a column of a panel, folded: areas, years, drivers.

    Examples
    --------
    >>> panel_words()["地区"], panel_words()["常住人口"]
    ('area', 'population')
    """
    return {
        fold(name): row["id"]
        for row in read_rows(data_folder() / "vocabulary" / "panel_columns.csv")
        for name in (row["id"], row["name_zh"], row["name_en"], *row["aliases"].split("|"))
        if name
    }
