"""Sheets that LEAP exports, read back as assumptions of scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from carbonacct.analysis.assumptions import COLUMNS as ASSUMPTION
from carbonacct.analysis.assumptions import TERMS
from carbonacct.analysis.leap import ACCOUNTS, LABELS, NAMES, ROOT, SEPARATOR, TONNE
from carbonacct.analysis.leap_expressions import (
    KNOWN,
    LeapStart,
    evaluate,
    read_expression,
    write_number,
)
from carbonacct.data import shown_name
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import CarbonacctError, PanelError, did_you_mean
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.analysis.leap_expressions import LeapExpression
    from carbonacct.sheets.raw_sheets import Sheet

_SCALES = {
    "": 1.0,
    "%": 0.01,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_TONNES = {TONNE.lower(), "metric tonnes", "tonne", "tonnes", "t"}
_PLACES = {name: of for of, name in NAMES.items()}
_NEEDED = ("Branch Path", "Variable", "Scenario", "Region", "Expression")
_TEXTS = (".csv", ".tsv", ".txt")
_HEADER_ROWS, _HEAD = 20, 2**14  # rows and bytes in which the columns stand
_SHOWN = 10


class LeapRow(NamedTuple):
    """A row of a sheet, and the cell of its expression."""

    branch: str
    variable: str
    scenario: str
    region: str
    scale: str
    unit: str
    per: str
    expression: str
    where: str

    @property
    def measure(self) -> str:
        """Scale and unit."""
        return " ".join(filter(None, (self.scale, self.unit)))


@shown_in_notebooks
@dataclass(frozen=True)
class LeapSpan:
    """What a sheet of LEAP does not hold: the year before the first one of scenarios, and the last."""

    base: int
    until: int


def is_leap(path: str | Path) -> bool:
    """Return whether a file is a sheet of LEAP: it has the columns of one. Of a text its head alone is read."""
    path = Path(path)
    try:
        if path.suffix.lower() in _TEXTS:
            with path.open("rb") as stream:
                head = stream.read(_HEAD)
            return all(label.encode() in head for label in _NEEDED)
        return any(_find_header(sheet) is not None for sheet in _read_sheets(path))
    except (OSError, CarbonacctError):
        return False  # whoever reads the file says why it cannot be read


def read_leap(path: str | Path) -> pd.DataFrame:
    """Return ``branch, variable, scenario, region, scale, unit, per, expression, where`` of a sheet.

    Parameters
    ----------
    path
        A workbook as LEAP exports it (rows of titles, then the columns), or its rows as .csv.

    Raises
    ------
    PanelError
        If no sheet has the columns, or two rows are of one branch, variable, scenario and region.
    TableError
        If it cannot be read.
    """
    path = Path(path)
    for sheet in _read_sheets(path):
        header = _find_header(sheet)
        if header is None:
            continue
        row, columns = header
        rows = []
        for number in range(row + 1, len(sheet.rows)):
            cells = sheet.rows[number]
            words = [_word(cells, columns.get(label)) for label in LABELS]
            if words[0]:
                rows.append([*words, sheet.address(number, columns["Expression"])])
        table = pd.DataFrame(rows, columns=list(LeapRow._fields))
        if (first := find_repeated(table, list(LeapRow._fields[:4]))) is not None:
            raise PanelError(
                say(
                    "{where}: {branch} of {scenario} is there twice; leave one out",
                    where=first["where"],
                    branch=first["branch"],
                    scenario=first["scenario"],
                )
            )
        return table
    raise PanelError(
        say(
            "{file}: no sheet of LEAP; it has the columns {columns}",
            file=shown_name(path),
            columns=as_typed(LABELS),
        )
    )


def _read_sheets(path: Path) -> Sequence[Sheet]:
    from carbonacct.sheets.raw_sheets import read_sheets  # noqa: PLC0415 - reads workbooks

    return read_sheets(path)


def _find_header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Return the row of the columns of LEAP, and where each stands."""
    for number, cells in enumerate(sheet.rows[:_HEADER_ROWS]):
        columns = {str(label).strip(): position for position, label in enumerate(cells)}
        if set(_NEEDED) <= set(columns):
            return number, columns
    return None


def _word(cells: Sequence[object], column: int | None) -> str:
    cell = cells[column] if column is not None and column < len(cells) else ""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return write_number(float(cell))
    return str(cell).strip()


@shown_in_notebooks
@dataclass(frozen=True)
class Driven:
    """What the numbers of a branch drive, as :class:`carbonacct.Driver` has it."""

    sector: str = "all"
    term: str = "activity"
    of: str = ""


def take_leap(
    table: pd.DataFrame,
    span: LeapSpan,
    *,
    region: str = "",
    branch: str = "",
    variable: str = "",
    driven: Driven | None = None,
) -> pd.DataFrame:
    r"""Return rows of a sheet of LEAP as assumptions: rates of Growth, levels, shares or amounts of others.

    Parameters
    ----------
    table
        From :func:`read_leap`.
    span
        The year before the first one of scenarios, from which Growth grows, and the last.
    region
        The one of the sheet, unless it has several.
    branch, variable
        A path, such as ``Key Assumptions\\GDP``, and its variable where it has several. Without a branch
        those that :func:`carbonacct.to_leap` writes.
    driven
        What the branch drives; named by the last part of its path unless it says otherwise.

    Raises
    ------
    PanelError
        If there is no such region, branch or variable, or an expression is of what only LEAP knows.

    Examples
    --------
    >>> named = {"branch": r"Key Assumptions\GDP", "variable": "Key Assumption", "region": "China"}
    >>> table = pd.DataFrame({**named, "scenario": [ACCOUNTS, "Plan"], "expression": ["100", "Interp(2030, 150)"]})
    >>> table = table.reindex(columns=list(LeapRow._fields), fill_value="")
    >>> taken = take_leap(table, LeapSpan(2020, 2030), branch=named["branch"])
    >>> print(taken.drop(columns=["lower", "upper"]).to_csv(index=False).rstrip())
    scenario,sector,term,of,until,as,value,source
    Plan,all,activity,GDP,2020,level,100.0,LEAP Plan Key Assumptions\GDP:Key Assumption
    Plan,all,activity,GDP,2030,level,150.0,LEAP Plan Key Assumptions\GDP:Key Assumption
    """
    if span.until <= span.base:
        raise PanelError(
            say(
                "scenarios go on from {base} until {until}, which is no year after it; name a later one",
                base=span.base,
                until=span.until,
            )
        )
    region = _choose(table, "region", region)
    own = table[table["region"] == region]
    if branch:
        branch = _choose(own, "branch", branch)
        own = own[own["branch"] == branch]
        own = own[own["variable"] == _choose(own, "variable", variable)]
        driven = driven or Driven()
        if driven.term not in TERMS:
            near, known = did_you_mean(driven.term, TERMS), as_typed(TERMS)
            raise PanelError(
                say(
                    "no term {term!r}; {near} known: {known}",
                    term=driven.term,
                    near=near,
                    known=known,
                )
            )
        of = driven.of or branch.rpartition(SEPARATOR)[2]
        chosen = {branch: Driven(driven.sector, driven.term, of)}
    else:
        chosen = {name: found for name in dict.fromkeys(own["branch"]) if (found := _parse(name))}
    lines = [
        line
        for name, one in chosen.items()
        for line in _take_branch(own[own["branch"] == name], one, span)
    ]
    if not lines:
        raise PanelError(
            say(
                "no branch of scenarios to take; name one of {branches}",
                branches=join_texts(", ", list(dict.fromkeys(table["branch"]))[:_SHOWN]),
            )
        )
    return pd.DataFrame(lines, columns=list(ASSUMPTION))


def _choose(table: pd.DataFrame, column: str, label: str) -> str:
    """Return a label of a column as the sheet spells it; the only one where none is asked for."""
    known = list(dict.fromkeys(table[column]))
    found = [one for one in known if one.lower() == label.lower()] if label else known
    if len(found) == 1:
        return str(found[0])
    raise PanelError(
        say(
            "no {column} {label!r}; {near}",
            column=column,
            label=label,
            near=did_you_mean(label, known)
            or say("it has {known}", known=join_texts(", ", known[:_SHOWN])),
        )
    )


def _parse(branch: str) -> Driven | None:
    """Return what a branch drives that was written here; None for any other."""
    match branch.split(SEPARATOR):
        case [root, "structure" as term, of, sector] if root == ROOT:
            return Driven(sector, term, _PLACES.get(of, of))
        case [root, term, sector, of] if root == ROOT and term in TERMS:
            return Driven(sector, term, _PLACES.get(of, of))
    return None


def _take_branch(
    rows: pd.DataFrame, driven: Driven, span: LeapSpan
) -> Iterator[tuple[object, ...]]:
    """Yield the lines of assumptions of the scenarios of a branch."""
    accounts = rows["scenario"].str.lower() == ACCOUNTS.lower()
    start, measure = None, None
    for row in map(LeapRow._make, rows[accounts].itertuples(index=False)):
        start, measure = _read_start(row, span) if row.expression else None, row.measure
    for row in map(LeapRow._make, rows[~accounts].itertuples(index=False)):
        if measure not in {None, row.measure}:
            raise PanelError(
                say(
                    "{where}: is in {unit}, and Current Accounts in {other}; give both in one unit",
                    where=row.where,
                    unit=row.measure or "-",
                    other=measure or "-",
                )
            )
        source = f"LEAP {row.scenario} {row.branch}:{row.variable}"
        source += f" ({row.measure})" if row.measure else ""
        what = (row.scenario, driven.sector, driven.term, driven.of)
        for number in _list_numbers(row, start, driven.term, span):
            yield (*what, *number, "", "", source)


def _read(row: LeapRow) -> LeapExpression:
    """Return the expression of a row."""
    if not row.expression:
        raise PanelError(
            say(
                "{where}: an expression is inherited, and the sheet does not say from which scenario; "
                "write it into the cell",
                where=row.where,
            )
        )
    expression = read_expression(row.expression)
    if expression is None:
        raise _not_read(row)
    return expression


def _not_read(row: LeapRow) -> PanelError:
    return PanelError(
        say(
            "{where}: {expression!r} cannot be evaluated from the sheet; known are a number and {known} "
            "of years and numbers, so write its values as Interp",
            where=row.where,
            expression=row.expression,
            known=join_texts(", ", KNOWN),
        )
    )


def _read_start(row: LeapRow, span: LeapSpan) -> LeapStart | None:
    """Return what Current Accounts hold."""
    expression = _read(row)
    if expression.function == "Remainder":
        return None
    first = min(expression.years) or span.base
    path = evaluate(expression, None, range(first, span.base + 1)) if first <= span.base else None
    if path is None:
        raise PanelError(
            say(
                "{where}: Current Accounts have no value of {year}, the year before the first one of "
                "scenarios; add it, or name another year",
                where=row.where,
                year=span.base,
            )
        )
    return LeapStart(first_year=first, first=path[first], year=span.base, value=path[span.base])


def _list_numbers(
    row: LeapRow, start: LeapStart | None, term: str, span: LeapSpan
) -> Iterator[tuple[int | str, str, float | str]]:
    """Yield ``until, as, value`` of an expression."""
    expression, scale, forms = _read(row), _find_scale(row), TERMS[term]
    if expression.function == "Remainder" and "rest" in forms:
        if expression.values[0] * scale != 1:
            raise _not_read(row)
        yield "", "rest", ""
        return
    if expression.function == "Growth" and "rate" in forms:
        yield from ((until, "rate", rate) for until, rate in _list_rates(expression, span))
        return
    path = evaluate(expression, start, range(span.base, span.until + 1))
    if expression.function == "Remainder" or path is None:
        raise _not_read(row)
    form = next(one for one in forms if one not in {"rate", "rest"})
    if form == "amount":
        path.pop(span.base)  # the inventory has it
        if row.unit.lower() not in _TONNES:
            raise PanelError(
                say(
                    "{where}: is in {unit!r}; removals are in {known}",
                    where=row.where,
                    unit=row.unit,
                    known=TONNE,
                )
            )
    yield from ((year, form, value * scale) for year, value in path.items())


def _list_rates(expression: LeapExpression, span: LeapSpan) -> Iterator[tuple[int, float]]:
    """Yield the rates of Growth, and until when each holds."""
    ends = [*(year - 1 for year in expression.years[1:]), span.until]
    for begin, end, rate in zip(expression.years, ends, expression.values, strict=True):
        if end > span.base and begin <= span.until:
            yield min(end, span.until), rate


def _find_scale(row: LeapRow) -> float:
    scale = _SCALES.get(row.scale.lower())
    if scale is None:
        raise PanelError(
            say(
                "{where}: the scale {scale!r} is not known; known: {known}",
                where=row.where,
                scale=row.scale,
                known=join_texts(", ", filter(None, _SCALES)),
            )
        )
    return scale
