"""Rates of change that somebody states, as a table: term, until which year, how much a year."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonacct.data import read_rows, shown_name
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from carbonacct.analysis.scenario import Rate

NEEDED = ("term", "until", "lower")


def read_rates(path: Path, terms: Sequence[str]) -> dict[str, dict[str, dict[int, Rate]]]:
    """Return the rates of each area, term and year until which they hold.

    Parameters
    ----------
    path
        A CSV ``area,term,until,lower,upper``: a rate a year as a fraction or with ``%``. Without
        ``upper`` it is one number; rows without ``area`` are of all areas, under ``""``.
    terms
        That may be named.

    Raises
    ------
    PanelError
        If it cannot be read, or rows are wrong, all at once.
    """
    name = shown_name(path)
    try:
        rows = read_rows(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PanelError(
            say("{file}: cannot be read ({reason})", file=name, reason=reason)
        ) from None
    found: dict[str, dict[str, dict[int, Rate]]] = {}
    faults: list[str] = []
    for row in rows:
        where = f"{name}:{row['line']}"
        wrong = list(_find_faults(row, terms))
        faults += [say("{where}: {fault}", where=where, fault=fault) for fault in wrong]
        if not wrong:
            lower, upper = (_read_rate(row.get(key, "")) for key in ("lower", "upper"))
            held = found.setdefault(row.get("area", ""), {}).setdefault(row["term"], {})
            held[int(row["until"])] = lower if math.isnan(upper) else (lower, upper)
    if faults or not found:
        nothing = say(
            "{file}: has no rates; its columns are area,term,until,lower,upper", file=name
        )
        raise PanelError(join_texts("; ", faults) if faults else nothing)
    return found


def _find_faults(row: Mapping[str, str], terms: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with a row."""
    for key in NEEDED:
        if not row.get(key):
            yield say("{column} is missing", column=key)
    if row.get("term") and row["term"] not in terms:
        yield say(
            "no term {term!r}; {near} known: {known}",
            term=row["term"],
            near=did_you_mean(row["term"], terms),
            known=join_texts(", ", terms),
        )
    if row.get("until") and not row["until"].isdigit():
        yield say("until is {text!r}, no year", text=row["until"])
    for key in ("lower", "upper"):
        if row.get(key) and math.isnan(_read_rate(row[key])):
            yield say(
                "{column} is {text!r}, no rate; write -0.05 or -5%", column=key, text=row[key]
            )


def _read_rate(text: str) -> float:
    """Return a rate; NaN where it is none."""
    number, scale = (text[:-1], 100) if text.endswith(("%", "％")) else (text, 1)
    try:
        return float(number) / scale
    except ValueError:
        return math.nan
