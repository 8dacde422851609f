"""Assumptions of scenarios as a table: what changes, where, until when, how much, who says so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from carbonacct.data import read_rows, shown_name
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import AssumptionError, PanelError, did_you_mean
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from carbonacct.texts import Text

# Of each term, how its numbers may be given.
TERMS: dict[str, tuple[str, ...]] = {
    "activity": ("rate", "level"),
    "structure": ("share", "rest"),
    "efficiency": ("rate", "level"),
    "fuel_mix": ("share", "rest"),
    "grid_factor": ("rate", "level"),
    "removals": ("rate", "amount"),
}
COLUMNS = ("scenario", "sector", "term", "of", "until", "as", "value", "lower", "upper", "source")
_NEEDED = ("sector", "term", "as", "source")
_FASTEST = 0.5  # a rate a year beyond it is a percentage that lacks its sign


@shown_in_notebooks
@dataclass(frozen=True)
class Assumed:
    """A number of a driver: in the middle, and the range of it."""

    until: int
    lower: float
    middle: float
    upper: float


@shown_in_notebooks
@dataclass(frozen=True)
class Driver:
    """What is assumed of one term of one sector.

    Attributes
    ----------
    sector
        ``all``, a sector of the inventory, or a flow with all that lie in it.
    of
        Of fuel_mix the product or group of products; of structure the whole that shares are of; of
        others a name that tells several apart, such as population and income.
    form
        How the numbers are given: rate, level, share, amount, or rest.
    numbers
        By year, in order; none of a rest.
    where
        ``file:line`` of its first line.
    """

    scenario: str
    sector: str
    term: str
    of: str
    form: str
    numbers: tuple[Assumed, ...]
    source: str
    where: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is of: of one key a scenario's own stands before the one for all."""
        return self.sector, self.term, self.of


def read_assumptions(path: Path) -> dict[str, tuple[Driver, ...]]:
    """Return the drivers of each scenario, those for all scenarios among them.

    Parameters
    ----------
    path
        A CSV ``scenario,sector,term,of,until,as,value,lower,upper,source``. A line without a
        scenario is of all; a scenario's own lines of the same sector, term and ``of`` stand in its
        place. A rate or share is a fraction or has a ``%``.

    Raises
    ------
    PanelError
        If it cannot be read.
    AssumptionError
        If lines are wrong: all of them, with file and line.
    """
    name = shown_name(path)
    try:
        rows = read_rows(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PanelError(
            say("{file}: cannot be read ({reason})", file=name, reason=reason)
        ) from None
    if rows and (lacking := [one for one in _NEEDED if one not in rows[0]]):
        raise PanelError(
            say(
                "{file}:1: no column {column!r}; the columns are {columns}",
                file=name,
                column=lacking[0],
                columns=",".join(COLUMNS),
            )
        )
    faults: list[tuple[int, Text]] = []
    lines: dict[tuple[str, str, str, str], list[dict[str, str]]] = {}
    for row in rows:
        wrong = list(_find_faults(row))
        faults += [(int(row["line"]), fault) for fault in wrong]
        if not wrong:
            label = (row.get("scenario", ""), row["sector"], row["term"], row.get("of", ""))
            lines.setdefault(label, []).append(row)
    drivers = []
    for own in lines.values():
        faults += [(int(row["line"]), fault) for row, fault in _find_clashes(own)]
        drivers.append(_make_driver(name, own))
    if faults:
        texts = (
            say("{file}:{line}: {fault}", file=name, line=line, fault=fault)
            for line, fault in sorted(faults, key=itemgetter(0))
        )
        raise AssumptionError(join_texts("\n", texts))
    if not drivers:
        raise PanelError(
            say(
                "{file}: has no assumptions; the columns are {columns}",
                file=name,
                columns=",".join(COLUMNS),
            )
        )
    shared = {driver.key: driver for driver in drivers if not driver.scenario}
    names = list(dict.fromkeys(driver.scenario for driver in drivers if driver.scenario)) or [""]
    return {
        scenario: tuple(
            (shared | {one.key: one for one in drivers if one.scenario == scenario}).values()
        )
        for scenario in names
    }


def _find_faults(row: Mapping[str, str]) -> Iterator[Text]:
    """Yield what is wrong with a line, other lines aside."""
    for column in _NEEDED:
        if not row.get(column):
            yield say("{column} is missing; fill it in", column=column)
    term, form = row.get("term", ""), row.get("as", "")
    if term and term not in TERMS:
        near = did_you_mean(term, TERMS)
        known = as_typed(TERMS)
        yield say("no term {term!r}; {near} known: {known}", term=term, near=near, known=known)
    elif term and form and form not in TERMS[term]:
        forms = join_texts(", ", TERMS[term])
        yield say("{term} is given as {forms}, not as {form!r}", term=term, forms=forms, form=form)
    if term == "fuel_mix" and not row.get("of"):
        yield say("a fuel mix names the product in column {column!r}; * is all others", column="of")
    if term == "removals" and row.get("of"):
        yield say(
            "removals are of a sector as a whole; leave the column {column!r} empty", column="of"
        )
    yield from _find_wrong_cells(row, term, form)


def _find_wrong_cells(row: Mapping[str, str], term: str, form: str) -> Iterator[Text]:
    """Yield what is wrong with the year and the numbers of a line."""
    if form == "rest":
        if given := [one for one in ("until", "value", "lower", "upper") if row.get(one)]:
            yield say("a rest is what others leave; leave {column} empty", column=given[0])
        return
    until = row.get("until", "")
    if not (until.isdecimal() and len(until) == len("2030")):
        yield say("until is {text!r}, no year; write it as 2030", text=until)
    numbers = {one: row[one] for one in ("value", "lower", "upper") if row.get(one)}
    read = {column: read_number(text) for column, text in numbers.items()}
    for column, text in numbers.items():
        if math.isnan(read[column]):
            yield say(
                "{column} is {text!r}, no number; write -0.05 or -5%", column=column, text=text
            )
    if set(read) not in ({"value"}, {"lower", "upper"}, {"value", "lower", "upper"}):
        yield say("give value, or lower and upper, or all three")
    elif not any(map(math.isnan, read.values())):
        yield from _find_wrong_numbers(term, form, list(read.values()), numbers)


def _find_wrong_numbers(
    term: str, form: str, read: Sequence[float], numbers: Mapping[str, str]
) -> Iterator[Text]:
    """Yield what is wrong with the numbers of a line."""
    middle = read[0] if "value" in numbers else sum(read) / 2
    lower, upper = (read[-2], read[-1]) if "lower" in numbers else (middle, middle)
    if form == "rate" and max(map(abs, read)) >= _FASTEST:
        fast = max(read, key=abs)
        yield say(
            "{rate:.0%} a year; rates are fractions or percentages, write 5 % as 0.05 or 5%",
            rate=fast,
        )
    elif not lower <= middle <= upper:
        yield say(
            "the range {lower:g} to {upper:g} does not hold {middle:g}",
            lower=lower,
            upper=upper,
            middle=middle,
        )
    if form == "share" and not (min(read) >= 0 and max(read) <= 1):
        yield say("a share lies between 0 and 1; write 40 % as 0.4 or 40%")
    if form == "level" and min(read) <= 0:
        yield say("a level is above zero; its change since the base year is what counts")
    if term == "removals" and form == "amount" and max(read) > 0:
        yield say("removals are zero or below, as in an inventory; write -2e6")


def _find_clashes(rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[Mapping[str, str], Text]]:
    """Yield lines of one driver that do not go together."""
    seen: set[str] = set()
    for row in rows:
        if row["as"] != rows[0]["as"]:
            yield (
                row,
                say(
                    "is given as {form}, and as {other} in line {line}; give one of both",
                    form=row["as"],
                    other=rows[0]["as"],
                    line=rows[0]["line"],
                ),
            )
        elif row.get("until", "") in seen:
            yield (
                row,
                say(
                    "there are two lines of {what} until {until}; leave one out",
                    what=" ".join(filter(None, (row["sector"], row["term"], row.get("of", "")))),
                    until=row.get("until", ""),
                ),
            )
        seen.add(row.get("until", ""))


def _make_driver(name: str, rows: Sequence[Mapping[str, str]]) -> Driver:
    first = rows[0]
    numbers = () if first["as"] == "rest" else tuple(sorted(map(_read_line, rows), key=_until))
    return Driver(
        scenario=first.get("scenario", ""),
        sector=first["sector"],
        term=first["term"],
        of=first.get("of", ""),
        form=first["as"],
        numbers=numbers,
        source=join_texts("; ", dict.fromkeys(row["source"] for row in rows)),
        where=f"{name}:{first['line']}",
    )


def _until(number: Assumed) -> int:
    return number.until


def _read_line(row: Mapping[str, str]) -> Assumed:
    lower, middle, upper = (read_number(row.get(one, "")) for one in ("lower", "value", "upper"))
    if math.isnan(middle):
        middle = (lower + upper) / 2
    if math.isnan(lower):
        lower = upper = middle
    return Assumed(int(row["until"] or 0), lower, middle, upper)


def read_number(text: str) -> float:
    """Return a number that may be a percentage; NaN where the text is not a number.

    Examples
    --------
    >>> read_number("-5%"), read_number("0.4")
    (-0.05, 0.4)
    """
    number, scale = (text[:-1], 100) if text.endswith(("%", "％")) else (text, 1)
    try:
        read = float(number) / scale
    except ValueError:
        return math.nan
    return read if math.isfinite(read) else math.nan
