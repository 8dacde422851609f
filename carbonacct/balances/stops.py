"""What reading stops at, all at once: labels that are not known, and what contradicts itself."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.errors import CarbonacctError, StoppedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.sheets.sheets import MisreadError, Sheet, Unknown


@dataclass(frozen=True)
class Stop:
    """One thing that reading stops at.

    Attributes
    ----------
    error
        What is wrong, where, and what to do.
    sheet
        The sheet it stands in.
    unknown
        The labels that a line of a mapping file would settle; none where the table contradicts itself.
    cells
        Where it stands (row, column): the cells of the labels, or those that contradict each other.
    """

    error: CarbonacctError
    sheet: Sheet
    unknown: tuple[Unknown, ...] = ()
    cells: tuple[tuple[int, int], ...] = ()


def stop_at(sheet: Sheet, misread: Iterable[MisreadError], row: int = 0) -> list[Stop]:
    """Return the stops of what cannot be read in a sheet; what several cells have in common is said once.

    Parameters
    ----------
    sheet
        The sheet that is read.
    misread
        What cannot be read.
    row
        Where a column is spoken of.
    """
    groups: dict[str, list[MisreadError]] = {}
    for each in misread:
        groups.setdefault(each.text, []).append(each)
    stops = []
    for first, *others in groups.values():
        error = first.at(sheet, row)
        if others:
            error = type(error)(f"{error} (and in {len(others)} more cells)")
        places = [
            (each.row if each.row is not None else row, each.column or 0)
            for each in (first, *others)
        ]
        unknown = [
            one if one.cells else one._replace(cells=(place,))
            for each, place in zip((first, *others), places, strict=True)
            for one in each.unknown
        ]
        cells = [cell for one in unknown for cell in one.cells] or places
        stops.append(Stop(error, sheet, tuple(unknown), tuple(cells)))
    return stops


def join_stops(stops: Sequence[Stop]) -> CarbonacctError:
    """Return one error that says all stops, and the command that proposes ids for labels that are not known."""
    errors = list({str(stop.error): stop.error for stop in stops}.values())
    files = list(dict.fromkeys(stop.sheet.file for stop in stops if stop.unknown))
    if files:
        last = errors[-1]
        errors[-1] = type(last)(f"{last}; {name_command(files)}")
    return errors[0] if len(errors) == 1 else StoppedError(errors)


def name_command(files: Iterable[str]) -> str:
    """Return the words that propose a mapping file for some files.

    Examples
    --------
    >>> name_command(["a.xls", "table of 2007.csv"])
    "propose ids with: carbonacct map a.xls 'table of 2007.csv' -o mapping.csv"
    """
    return f"propose ids with: carbonacct map {shlex.join(files)} -o mapping.csv"
