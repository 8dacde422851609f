"""What reading stops at, all at once: labels that are not known, and what contradicts itself."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carbonacct.balances.usual_units import is_chinese, show_units
from carbonacct.errors import CarbonacctError, StoppedError, TableError, UnitError, name_some
from carbonacct.sheets.raw_sheets import Unknown
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from carbonacct.sheets.raw_sheets import Answer, MisreadError, Sheet
    from carbonacct.texts import Text

_MOST_NAMED = 16


class AnswerableError(TableError):
    """A contradiction within one table that a line of a mapping file settles."""

    def __init__(
        self, message: str, sheet: Sheet | None = None, answers: tuple[Answer, ...] = ()
    ) -> None:
        super().__init__(message)
        self.sheet, self.answers = sheet, answers

    def __reduce__(self) -> tuple[type[TableError], tuple[object, ...]]:
        """Travel between processes without the sheet."""
        return type(self), self.args


class OpenFlowError(TableError):
    """A row whose flow is known and may be either of two things, which a line of a mapping file says."""

    def __init__(self, message: str, flow: str = "", ids: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.flow, self.ids = flow, ids

    def __reduce__(self) -> tuple[type[TableError], tuple[object, ...]]:
        """Travel between processes."""
        return type(self), (*self.args, self.flow, self.ids)


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
        The labels that a line of a mapping file would settle; none where the table contradicts
        itself.
    cells
        Where it stands (row, column): the cells of the labels, or those that contradict each other.
    unitless
        The products without a unit, if that is what stops.
    answers
        Labels that are known, of which a line of a mapping file would settle what contradicts itself.
    """

    error: CarbonacctError
    sheet: Sheet
    unknown: tuple[Unknown, ...] = ()
    cells: tuple[tuple[int, int], ...] = ()
    unitless: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def askable(self) -> tuple[Unknown, ...]:
        """The labels that have a text: a line of a mapping file cannot name a blank."""
        return tuple(each for each in self.unknown if each.text.strip())


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
            error = type(error)(
                say(
                    "{error} (and in {other_count} more cells)",
                    error=error,
                    other_count=len(others),
                )
            )
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
        cells += [cell for each in (first, *others) for cell in each.below]
        answers = tuple(answer for each in (first, *others) for answer in each.answers)
        stops.append(Stop(error, sheet, tuple(unknown), tuple(cells), answers=answers))
    return stops


def ask_units(sheet: Sheet, unitless: Mapping[str, tuple[tuple[int, int], ...]]) -> Stop:
    """Return the stop of products that print no unit; their cells are given."""
    unknown = tuple(Unknown("unit", product, cells) for product, cells in unitless.items())
    cells = tuple(cell for each in unknown for cell in each.cells)
    return Stop(_say_unitless(sheet, cells[0], [*unitless]), sheet, unknown, cells, tuple(unitless))


def _say_unitless(sheet: Sheet, cell: tuple[int, int], products: Sequence[str]) -> UnitError:
    first, *others = products
    header_unit, unit, common_unit = show_units(first, in_chinese=is_chinese(sheet))
    more = say(" (nor has {others})", others=name_some(others, _MOST_NAMED)) if others else ""
    return UnitError(
        say(
            "{where}: {first} has no unit{more}; print it in the header or the corner ({header_unit}), "
            "or give it in a mapping file (unit,{first},{unit} or unit,*,{common_unit})",
            where=sheet.address(*cell),
            first=first,
            more=more,
            header_unit=header_unit,
            unit=unit,
            common_unit=common_unit,
        )
    )


def merge_unitless(stops: Sequence[Stop]) -> list[Stop]:
    """Say once which products of a file have no unit."""
    lacking = [stop for stop in stops if stop.unitless]
    if not lacking:
        return list(stops)
    first = lacking[0]
    products = list(dict.fromkeys(product for stop in lacking for product in stop.unitless))
    error = _say_unitless(first.sheet, first.cells[0], products)
    merged = replace(first, error=error, unitless=tuple(products))
    return [
        merged if stop is first else stop for stop in stops if stop is first or not stop.unitless
    ]


def join_stops(stops: Sequence[Stop]) -> CarbonacctError:
    """Return one error that says all stops, and the command that proposes ids for labels that are not known."""
    errors = list({str(stop.error): stop.error for stop in stops}.values())
    files = list(dict.fromkeys(stop.sheet.file for stop in stops if stop.unknown or stop.answers))
    if files:
        last = errors[-1]
        errors[-1] = type(last)(say("{last}; {command}", last=last, command=name_command(files)))
    return errors[0] if len(errors) == 1 else StoppedError(errors)


def name_command(files: Iterable[str]) -> str:
    """Return the words that propose a mapping file for some files.

    Examples
    --------
    >>> name_command(["a.xls", "table of 2007.csv"])
    "propose ids with: carbonacct map a.xls 'table of 2007.csv' -o mapping.csv"
    """
    return say("propose ids with: {command}", command=map_command(files))


def map_command(files: Iterable[str]) -> Text:
    """Return the command that proposes a mapping file for some files."""
    return say("carbonacct map {files} -o mapping.csv", files=shlex.join(files))
