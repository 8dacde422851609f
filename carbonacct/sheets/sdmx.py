"""Data messages of SDMX -> a sheet with a row for each observation: its dims, what is said of it, its value.

JSON of version 1 and 2 (:func:`read_message`) and XML (:mod:`carbonacct.sheets.sdmx_markup`) end in
the same sheet. A multiplier of units goes into the units, in tables of CSV as well.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from carbonacct.data import MAX_CELLS
from carbonacct.errors import Finding, TableError, name_some
from carbonacct.sheets.raw_sheets import Cell, Sheet
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

VALUE = "OBS_VALUE"
_UNITS = frozenset({"unit", "unit_measure", "unit of measure", "uom"})
_MULTIPLIERS = frozenset(
    {"unit_mult", "unit multiplier", "powercode", "powercode code", "scalar_factor"}
)
_STATUS = frozenset({"obs_status", "obs_flag", "conf_status"})
_WORDS = {"units": 0, "hundreds": 2, "thousands": 3, "millions": 6, "billions": 9, "trillions": 12}
_MOST_NAMED = 5


def keeps(attribute: str) -> bool:
    """Return whether an attribute of an observation is read: its unit, the multiplier of that, its status."""
    return attribute.lower() in _UNITS | _MULTIPLIERS | _STATUS


def multiply_units(rows: Sequence[list[Cell]]) -> list[list[Cell]]:
    """Return a table whose first row is a header, the multipliers of a column of their own put into its units.

    A table without such columns, or where they do not say one power of ten, is returned as it is.

    Examples
    --------
    >>> multiply_units([["UNIT_MEASURE", "UNIT_MULT", "OBS_VALUE"], ["TJ", "3", "12.5"], ["t", "0", "7"]])
    [['UNIT_MEASURE', '', 'OBS_VALUE'], ['10^3 TJ', '', '12.5'], ['t', '', '7']]
    """
    header = [str(cell).strip().lower() for cell in rows[0]] if rows else []
    columns = [j for j, name in enumerate(header) if name in _MULTIPLIERS]
    units = [j for j, name in enumerate(header) if name in _UNITS]
    if not columns or not units:
        return list(rows)
    exponents = [{_exponent(row[j]) for j in columns if j < len(row)} - {-1} for row in rows[1:]]
    if any(len(found) != 1 for row, found in zip(rows[1:], exponents, strict=True) if row):
        return list(rows)
    multiplied = [list(row) for row in rows]
    for row, found in zip(multiplied[1:], exponents, strict=True):
        exponent = next(iter(found), 0)
        for j in units:
            if exponent and j < len(row) and row[j] != "":
                row[j] = f"10^{exponent} {row[j]}"
    for row in multiplied:
        for j in columns:
            if j < len(row):
                row[j] = ""
    return multiplied


def _exponent(cell: Cell) -> int:
    """Return the power of ten that a multiplier names, 0 for a blank, -1 where it is none."""
    text = str(cell).strip().lower()
    return int(text) if text.isdecimal() and len(text) < 3 else _WORDS.get(text or "units", -1)


def lay_out(file: str, name: str, rows: list[list[Cell]], left: Sequence[str]) -> Sheet:
    """Return the sheet of a message; ``left`` are the attributes that it has and that are not read."""
    findings: tuple[Finding, ...] = ()
    if left:
        text = say(
            "{count} attributes of the observations are not read: {names}",
            count=len(left),
            names=name_some(sorted(left), _MOST_NAMED),
        )
        findings = (Finding("unused-texts", "info", text, file),)
    return Sheet(file, name, multiply_units(rows), findings=findings)


def bound(file: str, rows: int, columns: int) -> None:
    """Refuse a message of more cells than any table has."""
    if rows * columns > MAX_CELLS:
        raise TableError(
            say(
                "{file}: has more than {most} cells; ask for fewer values",
                file=file,
                most=MAX_CELLS,
            )
        )


def is_message(content: object) -> bool:
    """Return whether what a file of JSON holds is a data message of SDMX."""
    data = content.get("data", content) if isinstance(content, dict) else None
    return isinstance(data, dict) and isinstance(data.get("dataSets"), list)


def read_message(file: str, content: Mapping[str, Any]) -> list[Sheet]:
    """Return the data sets of a message in SDMX-JSON, a sheet each.

    Parameters
    ----------
    file
        Its name.
    content
        What it holds; see :func:`is_message`.

    Raises
    ------
    TableError
        If it holds more than any table.
    ValueError, TypeError, KeyError, AttributeError, IndexError
        If it is no such message.
    """
    data = content.get("data", content)
    structures = data.get("structures") or [data.get("structure") or content["structure"]]
    several = len(data["dataSets"]) > 1
    return [
        _read_data_set(file, str(number + 1) if several else "", found, structures)
        for number, found in enumerate(data["dataSets"])
    ]


def _read_data_set(
    file: str, name: str, found: Mapping[str, Any], structures: Sequence[Mapping[str, Any]]
) -> Sheet:
    place = found.get("structure", 0)
    structure = structures[place if isinstance(place, int) else 0]
    dims = structure["dimensions"]
    attributes = structure.get("attributes") or {}
    whole, of_series, of_value = (
        [_Concept(one) for one in dims.get(level) or ()]
        for level in ("dataSet", "series", "observation")
    )
    attributes_of = {
        level: [_Concept(one) for one in attributes.get(level) or ()]
        for level in ("dataSet", "series", "observation")
    }
    left = {one.id for group in attributes_of.values() for one in group if not keeps(one.id)}
    left |= {_Concept(one).id for one in attributes.get("dimensionGroup") or ()}
    concepts = [*whole, *of_series, *of_value]
    concepts += [one for group in attributes_of.values() for one in group if keeps(one.id)]
    rows: list[list[Cell]] = [[*(head for one in concepts for head in one.heads), VALUE]]
    fixed = [cell for one in whole for cell in one.cells(0)]
    of_set = list(_say(attributes_of["dataSet"], found.get("attributes") or ()))
    series = found.get("series")
    for key, entry in (series or {"": found}).items():
        keyed = [*fixed, *_locate(of_series, key)]
        shared = [
            *of_set,
            *_say(attributes_of["series"], (entry.get("attributes") or ()) if series else ()),
        ]
        for place, held in (entry.get("observations") or {}).items():
            if held[0] is None:
                continue
            bound(file, len(rows), len(rows[0]))
            own = _say(attributes_of["observation"], held[1:])
            rows.append([*keyed, *_locate(of_value, place), *shared, *own, _show(held[0])])
    return lay_out(file, name, rows, sorted(left))


class _Concept:
    """A dim or an attribute: its columns, of codes and, where they differ, of labels, and their texts."""

    def __init__(self, concept: Mapping[str, Any]) -> None:
        self.id = str(concept["id"])
        held = [
            one if isinstance(one, dict) else {"id": one} for one in concept.get("values") or ()
        ]
        labels = [_label(one) for one in held]
        codes = [
            str(one.get("id", one.get("value", label)))
            for one, label in zip(held, labels, strict=True)
        ]
        self._texts = [codes] if codes == labels else [codes, labels]
        label = _label({"id": self.id, **{k: v for k, v in concept.items() if k != "value"}})
        self.heads = [self.id, label if label != self.id else f"{self.id} (label)"]
        self.heads = self.heads[: len(self._texts)]

    def cells(self, place: object) -> list[Cell]:
        """Return what stands in its columns, at a place in its list or as said in words."""
        if place is None:
            return [""] * len(self.heads)
        if isinstance(place, str):
            return [place] * len(self.heads)
        if not isinstance(place, int) or place < 0:
            raise ValueError(say("no place in a list"))
        return [texts[place] for texts in self._texts]


def _label(entry: Mapping[str, Any]) -> str:
    """Return the English name of an entry, or any, or its code."""
    names = entry.get("names") or {}
    name = names.get("en") or entry.get("name") or next(iter(names.values()), None)
    if isinstance(name, dict):
        name = name.get("en") or next(iter(name.values()), None)
    return str(name or entry.get("id", entry.get("value", "")))


def _locate(concepts: Sequence[_Concept], key: str) -> Iterator[Cell]:
    """Yield the cells of a key such as ``0:3:1``."""
    places = [int(part) for part in key.split(":")] if key else []
    for concept, place in zip(concepts, places, strict=True):
        yield from concept.cells(place)


def _say(concepts: Sequence[_Concept], places: Sequence[object]) -> Iterator[Cell]:
    """Yield the cells of attributes; one that is not said is blank."""
    for number, concept in enumerate(concepts):
        if keeps(concept.id):
            yield from concept.cells(places[number] if number < len(places) else None)


def _show(value: object) -> Cell:
    """Return a value as a cell: a number, or the text that stands where one would."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return str(value)[:100]
