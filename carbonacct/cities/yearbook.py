"""The files of a city -> facts: numbers whose meaning is known, each in its unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances import read_balance
from carbonacct.cities.indicators import Value, area_id, read_indicator_unit, read_prices
from carbonacct.cities.meaning import Fact, Meaning, find_meaning, is_above_size, measure
from carbonacct.cities.periods import YEAR, missing_months, read_months, tile_year
from carbonacct.cities.statements import Statement, read_statements
from carbonacct.data import shown_name
from carbonacct.errors import Finding, TableError, UnitError, name_some
from carbonacct.sheets.sheets import read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from carbonacct.balances import EnergyBalance
    from carbonacct.errors import Severity

_PART_OF_YEAR = "part-of-year"
_STEADY = 0.05  # a mix of coals changes so much from year to year


@dataclass(frozen=True)
class Yearbook:
    """What the files of a city say.

    Attributes
    ----------
    facts
        Uses, sums, totals and branches of industry; ``balance`` where a balance is printed.
    unmeasured
        Uses whose unit cannot measure the product: kilograms of gas that is kept in cubic metres.
    values
        Indicators.
    findings
        What was passed over, and what the readers noticed.
    """

    facts: tuple[Fact, ...] = ()
    unmeasured: tuple[Fact, ...] = ()
    values: tuple[Value, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_yearbook(paths: Sequence[str | Path], area: str, years: Sequence[int]) -> Yearbook:
    """Read the files of a city: balances, industry by fuel, and pages of labelled numbers.

    Parameters
    ----------
    paths
        Files.
    area
        The city.
    years
        The years that are wanted; a page that names none is of the first, if it is the only one.

    Raises
    ------
    TableError, UnitError
        If a file is neither a balance nor a page of labelled numbers, or a unit is not known.
    """
    only = years[0] if len(years) == 1 else None
    parts = [_read_file(path, area, only) for path in paths]
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
    """Say where a total's tonnes and tce imply another coefficient than in other years.

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
            message = (
                f"{product} of {year} is {fact.value:.6g} {fact.unit} and {ratios[year]:.4g} tce "
                f"each, in other years {usual:.4g}: one of its two totals is doubtful"
            )
            action = "check both; what the total leaves is as doubtful"
            where = fact.statement.where
            notes.append(Finding("city-coefficient", "warning", message, where, action))
    return notes


def _read_file(path: str | Path, area: str, year: int | None) -> Yearbook:
    try:
        balance = read_balance(path, area=area)
    except (TableError, UnitError) as error:
        return _read_page(path, area, year, error)
    return _read_table(path, balance)


def _read_table(path: str | Path, balance: EnergyBalance) -> Yearbook:
    """Return the cells of a table that the reader of balances knows."""
    title = " ".join(
        str(cell) for sheet in read_sheets(path) for row in sheet.rows[:4] for cell in row[:2]
    )
    is_industry = all(vocabulary.is_within(flow, "industry") for flow in balance.flows)
    above = is_above_size(title, shown_name(path))
    kind = ("branch" if above else "branch_whole") if is_industry else "balance"
    part = next((note for note in balance.findings if note.rule == _PART_OF_YEAR), None)
    months = read_months(part.message if part else title) or YEAR
    facts, values = [], []
    for a, y, f, p in np.argwhere(balance.status.values == 0).tolist():
        place = int(balance.place.values[a, y, f, p])
        flow, product = balance.flows[f], balance.products[p]
        statement = Statement(
            table=title.strip(),
            labels=(),
            sector=flow,
            product=product,
            unit=balance.units[p],
            year=balance.years[y],
            months=months,
            value=float(balance.amounts.values[a, y, f, p]),
            area=balance.areas[a],
            source="",
            sheet=balance.places.sheets[int(balance.places.sheet[place])],
            row=int(balance.places.row[place]),
            column=int(balance.places.column[place]),
        )
        if is_industry and product == "total_energy":
            values.append(_to_value(statement, flow, "energy_industry", statement.area))
            continue
        meaning = Meaning(kind, flow=flow, product=product)
        facts.append(Fact(statement, meaning, statement.value, statement.unit))
    kept = tuple(note for note in balance.findings if note.rule != _PART_OF_YEAR)
    return Yearbook(tuple(facts), (), tuple(values), kept)


def _to_value(statement: Statement, flow: str, indicator: str, area: str) -> Value:
    unit, scale = read_indicator_unit(indicator, statement.unit, statement.where)
    return Value(
        area=area_id(statement.area or area),
        year=statement.year,
        row=flow or "*",
        indicator=indicator,
        value=statement.value * scale,
        unit=unit,
        prices=read_prices(statement.unit, *statement.labels),
        source=statement.source,
        where=statement.where,
    )


def _read_page(path: str | Path, area: str, year: int | None, refused: Exception) -> Yearbook:
    """Return the labelled numbers of a page; where none is known, why it is no balance."""
    try:
        statements = read_statements(path, year)
    except TableError as error:
        raise TableError(f"{refused}; nor is it a page of labelled numbers: {error}") from None
    facts: list[Fact] = []
    unmeasured: list[Fact] = []
    values: list[Value] = []
    passed: dict[str, Statement] = {}
    unread: dict[str, Statement] = {}
    above = is_above_size(shown_name(path))
    for one in statements:
        meaning = find_meaning(one)
        label = one.labels[-1] if one.labels else f"{one.sector} {one.product}"
        if meaning.kind == "unread":
            unread.setdefault(label, one)
        elif meaning.kind == "pass":
            passed.setdefault(f"{label} ({meaning.note})", one)
        if meaning.indicator:
            values.append(
                _to_value(
                    one,
                    meaning.flow if meaning.kind == "indicator" else "",
                    meaning.indicator,
                    area,
                )
            )
        if meaning.kind in {"use", "sum", "total", "branch"}:
            if meaning.kind == "branch" and not (above or is_above_size(one.table)):
                meaning = replace(meaning, kind="branch_whole")
            fact = measure(one, meaning)
            (facts if fact else unmeasured).append(fact or Fact(one, meaning, one.value, ""))
    if not facts and not values:
        raise TableError(
            f"{refused}; and no label is one of a city's yearbook: {name_some(list(unread), 6)}"
        )
    findings = _note_labels(
        unread,
        "city-unread",
        "warning",
        "labels are not known and not used",
        "map the ones that matter into a table with known labels",
    )
    findings += _note_labels(passed, "city-passed-over", "info", "labels do not count", "")
    return Yearbook(tuple(facts), tuple(unmeasured), tuple(values), tuple(findings))


def _note_labels(
    labels: dict[str, Statement], rule: str, severity: Severity, what: str, action: str
) -> list[Finding]:
    if not labels:
        return []
    where = next(iter(labels.values())).where
    message = f"{len(labels)} {what}: {name_some(list(labels), 8)}"
    return [Finding(rule, severity, message, where, action)]


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
            f"the year lacks {_name_months(gone)}: a year is the sum of all its months, "
            "and no number is made",
            fact.statement.where,
            "give the months that are missing, or the table of the year",
        )
        for gone, fact in lacking.items()
    ]
    return kept, notes


def _name_months(gone: Sequence[int]) -> str:
    if not gone:
        return "periods that do not overlap"
    return f"month {', '.join(map(str, gone))}"


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
        replace(fact, meaning=replace(fact.meaning, product="raw_coal"))
        if fact.meaning.product == "coal_total"
        and fact.statement.sheet in split
        and fact.meaning.kind in {"branch", "branch_whole"}
        else fact
        for fact in facts
    ]
