"""All files of a city -> facts of its years: months added up, coal named, totals compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.cities.city_files import Yearbook, read_file
from carbonacct.errors import Finding
from carbonacct.records.periods import YEAR, missing_months, tile_year
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from carbonacct.balances import Mapping
    from carbonacct.cities.meaning import Fact

_STEADY = 0.05  # a mix of coals changes so much from year to year


def read_yearbook(
    paths: Sequence[str | Path], area: str, years: Sequence[int], own: Mapping | None = None
) -> Yearbook:
    """Read the files of a city: balances, industry by fuel, and pages of labelled numbers.

    Parameters
    ----------
    paths
        Files.
    area
        The city.
    years
        The years that are wanted, or none for all; a page that names none is of the first, if it
        is the only one.
    own
        The user's own words for balances and tables of industry, and the sheets that are read.

    Raises
    ------
    TableError, UnitError
        If a file is neither a balance nor a page of labelled numbers, or a unit is not known.
    """
    only = years[0] if len(years) == 1 else None
    parts = [read_file(path, area, only, own) for path in paths]
    years = years or sorted({fact.statement.year for part in parts for fact in part.facts})
    facts = _sum_months(
        [fact for part in parts for fact in part.facts if fact.statement.year in years]
    )
    return Yearbook(
        facts=tuple(_name_coal(facts[0])),
        unmeasured=tuple(one for part in parts for one in part.unmeasured),
        values=tuple(value for part in parts for value in part.values if value.year in years),
        findings=(
            *(note for part in parts for note in part.findings),
            *facts[1],
            *check_coefficients([fact for part in parts for fact in part.facts], years),
        ),
    )


def check_coefficients(facts: Sequence[Fact], years: Sequence[int]) -> list[Finding]:
    """Report where a total's tonnes and tce imply another coefficient than in other years.

    One of the two is then wrong, and what the total leaves is as wrong as it is.
    """
    held: dict[str, dict[int, dict[bool, Fact]]] = {}
    for fact in facts:
        if fact.meaning.kind == "total":
            of_year = held.setdefault(fact.meaning.product, {}).setdefault(fact.statement.year, {})
            of_year.setdefault(fact.unit == "tce", fact)
    notes = []
    for product, by_year in held.items():
        ratios = {
            year: both[True].value / both[False].value
            for year, both in by_year.items()
            if len(both) == 2 and both[False].value > 0
        }
        usual = float(np.median(list(ratios.values()))) if len(ratios) > 2 else 0.0
        for year in (year for year in years if year in ratios and usual):
            if abs(ratios[year] / usual - 1) <= _STEADY:
                continue
            fact = by_year[year][False]
            message = say(
                "{product} of {year} is {value:.6g} {unit} and {ratio:.4g} tce each, in "
                "other years {usual:.4g}: one of its two totals is doubtful",
                product=product,
                year=year,
                value=fact.value,
                unit=fact.unit,
                ratio=ratios[year],
                usual=usual,
            )
            action = say("check both; what the total leaves is as doubtful")
            where = fact.statement.where
            notes.append(Finding("city-coefficient", "warning", message, where, action))
    return notes


def _sum_months(facts: Iterable[Fact]) -> tuple[list[Fact], list[Finding]]:
    """Add months and quarters up to years where all of them are there; refuse the others."""
    groups: dict[tuple[object, ...], dict[tuple[int, int], Fact]] = {}
    kept: list[Fact] = []
    for fact in facts:
        one = fact.statement
        if one.months == YEAR:
            kept.append(fact)
            continue
        key = (fact.meaning, one.labels, one.sector, one.year, fact.unit)
        groups.setdefault(key, {})[one.months] = fact
    whole: set[tuple[object, ...]] = {
        (fact.meaning, fact.statement.labels, fact.statement.sector, fact.statement.year)
        for fact in kept
    }
    lacking: dict[tuple[int, ...], Fact] = {}
    for of_what, months in groups.items():
        if of_what[:4] in whole:
            continue  # the year itself is printed
        tiles = tile_year(months)
        if tiles is None:
            lacking.setdefault(tuple(missing_months(months)), next(iter(months.values())))
            continue
        parts = [months[tile] for tile in tiles]
        where = "; ".join(part.statement.where for part in parts)
        total = replace(
            parts[0].statement, months=YEAR, value=sum(part.value for part in parts), source=where
        )
        kept.append(
            replace(
                parts[0],
                statement=total,
                value=total.value,
                converted=f"sum of {len(parts)} periods",
            )
        )
    notes = [
        Finding(
            "city-months",
            "error",
            say(
                "the year lacks {months}: a year is the sum of all its months, and no "
                "number is made",
                months=_name_months(gone),
            ),
            fact.statement.where,
            say("give the months that are missing, or the table of the year"),
        )
        for gone, fact in lacking.items()
    ]
    return kept, notes


def _name_months(gone: Sequence[int]) -> str:
    if not gone:
        return say("periods that do not overlap")
    return say("month {gone}", gone=join_texts(", ", map(str, gone)))


def _name_coal(facts: list[Fact]) -> list[Fact]:
    """Take coal beside coal products in a table of industry as raw coal: it holds none of them.

    In a balance coal is the sum of its kinds. In the table of industry above designated size
    branches have coal products and no coal, so that coal does not hold them.
    """
    kinds: dict[tuple[str, str], set[str]] = {}
    for fact in facts:
        if fact.meaning.kind in {"branch", "branch_whole"}:
            kinds.setdefault(fact.statement.sheet, set()).add(fact.meaning.product)
    split = {
        sheet
        for sheet, products in kinds.items()
        if {"coal_total", "briquettes"} <= products and "raw_coal" not in products
    }
    return [
        (
            replace(fact, meaning=replace(fact.meaning, product="raw_coal"))
            if fact.meaning.product == "coal_total"
            and fact.statement.sheet in split
            and fact.meaning.kind in {"branch", "branch_whole"}
            else fact
        )
        for fact in facts
    ]
