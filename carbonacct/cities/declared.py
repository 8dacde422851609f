"""What is declared of cities: indicators, and which of them scales which row."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY = "*"  # every row


@dataclass(frozen=True)
class CityIndicator:
    """Something that a city and its province both print, and what sort of thing it measures."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    unit: str


@dataclass(frozen=True)
class Candidate:
    """An indicator that may scale a row; ``only`` where nothing but such declared ones may."""

    indicator: str
    only: bool
    source: str


@cache
def indicators() -> Mapping[str, CityIndicator]:
    """Return the declared indicators by id.

    Examples
    --------
    >>> indicators()["va_secondary"].name_zh
    '第二产业增加值'
    """
    rows = _rows("city_indicators")
    return {
        row["id"]: CityIndicator(
            id=row["id"],
            kind=row["kind"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            unit=row["unit"],
        )
        for row in rows
    }


@cache
def _indicator_words() -> Mapping[str, str]:
    words: dict[str, str] = {}
    for row in _rows("city_indicators"):
        for word in (row["id"], row["name_zh"], row["name_en"], *row["aliases"].split("|")):
            if word and words.setdefault(vocabulary.fold(word), row["id"]) != row["id"]:
                raise AssertionError(f"indicator {word!r} is claimed twice, last by {row['id']}")
    return words


def find_indicator(label: str) -> str | None:
    """Return the id of an indicator as a person or a yearbook names it, or None.

    Examples
    --------
    >>> find_indicator("年末常住人口"), find_indicator("GDP"), find_indicator("unicorns")
    ('population', 'gdp', None)
    """
    return _indicator_words().get(vocabulary.fold(label))


def indicator_names() -> list[str]:
    """Return every word for an indicator, for near names in a message."""
    return sorted(_indicator_words())


def spelled_unit(text: str) -> str | None:
    """Return the unit that a table prints for money, people, vehicles or areas, or None.

    Examples
    --------
    >>> spelled_unit("亿元"), spelled_unit("万吨")
    ('1e8 CNY', None)
    """
    return _spellings().get(unicodedata.normalize("NFKC", text).strip().lower())


@cache
def _spellings() -> Mapping[str, str]:
    normal = {row["spelling"]: row["unit"] for row in _rows("index_units")}
    return {unicodedata.normalize("NFKC", word).lower(): unit for word, unit in normal.items()}


@cache
def _declared() -> Mapping[tuple[str, str], tuple[Candidate, ...]]:
    """Return the candidates of each (flow, product) in their order; product "" is any."""
    found: dict[tuple[str, str], list[tuple[int, Candidate]]] = {}
    for row in _rows("city_indices"):
        one = Candidate(indicator=row["indicator"], only=row["only"] == "yes", source=row["source"])
        found.setdefault((row["flow"], row["product"]), []).append((int(row["order"]), one))
    return {key: tuple(one for _, one in sorted(rows, key=_first)) for key, rows in found.items()}


def _first(pair: tuple[int, Candidate]) -> int:
    return pair[0]


@cache
def product_classes() -> frozenset[str]:
    """Return the products for which some row has indices of its own."""
    return frozenset(product for _, product in _declared() if product)


@cache
def list_candidates(flow: str, product: str) -> tuple[Candidate, ...]:
    """Return the indicators that may scale a cell, the nearest first.

    A row takes those declared for it, then those of the row above it, then those of every row.
    Where a declaration says *only*, as of power plants and of electricity, nothing behind it may be
    used.

    Parameters
    ----------
    flow, product
        Ids of the row and the column.

    Examples
    --------
    >>> [one.indicator for one in list_candidates("construction", "diesel")][-3:]
    ['va_secondary', 'gdp', 'population']
    >>> [one.indicator for one in list_candidates("thermal_power", "raw_coal")]
    ['thermal_generation', 'power_coal']
    >>> [one.indicator for one in list_candidates("industry", "electricity")]
    ['electricity']
    """
    lineage = list(vocabulary.climb_flows(flow))
    found: list[Candidate] = []
    for level in lineage:
        here = (*_declared().get((level, product), ()), *_declared().get((level, ""), ()))
        if any(one.only for one in here):
            return _distinct([*found, *(one for one in here if one.only)])
        found += here
    everywhere = _declared().get((ANY, product), ())
    if any(one.only for one in everywhere):
        return _distinct(everywhere)
    return _distinct([*found, *everywhere, *_declared().get((ANY, ""), ())])


def is_closed(flow: str, product: str) -> bool:
    """Return whether only declared indicators may scale a cell: no value added, no heads.

    Examples
    --------
    >>> is_closed("thermal_power", "raw_coal"), is_closed("transport", "diesel")
    (True, False)
    """
    return any(one.only for one in list_candidates(flow, product))


def _distinct(candidates: list[Candidate] | tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    return tuple({one.indicator: one for one in reversed(candidates)}.values())[::-1]


@cache
def _rows(table: str) -> list[dict[str, str]]:
    return read_rows(data_folder() / "vocabulary" / f"{table}.csv")
