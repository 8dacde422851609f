"""The equations of sources as live cells: a row a number, a formula where it is worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.catalogue import in_language, name_unit, tell_note
from carbonacct.dim_names import name_labels
from carbonacct.equations import write_formula
from carbonacct.equations.arithmetic import KEYS, NUMBER, states_of
from carbonacct.equations.equation_text import write
from carbonacct.equations.expression_tree import Call, walk
from carbonacct.equations.expressions import Expression
from carbonacct.factors.editions import FactorRow
from carbonacct.report.workbook.table import FIRST_ROW, Formula, quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.equations import Evaluation
    from carbonacct.equations.arithmetic import NumbersAndStates
    from carbonacct.equations.evaluation import Worked

_SHEETS = {
    "activities": ("排放源活动水平", "source activities"),
    "factors": ("排放源因子", "source factors"),
}
_LONGEST = 31  # letters of a sheet's name
_NOT_IN_NAMES = str.maketrans("[]:*?/\\", "_______")


@dataclass
class LiveRows:
    """The rows of a sheet that is being collected, and where each stands."""

    sheet: str
    letter: str
    rows: list[list[Any]] = field(default_factory=list)
    places: dict[Any, str] = field(default_factory=dict)

    def reserve(self, key: Any) -> int:
        """Keep the next row for a key and return its place in the list."""
        self.rows.append([])
        self.places[key] = f"{quote(self.sheet)}!${self.letter}${FIRST_ROW + len(self.rows) - 1}"
        return len(self.rows) - 1


class LiveSources:
    """Collects the cells that entries need: each once, whatever refers to it."""

    def __init__(self, lang: str) -> None:
        side = 0 if lang == "zh" else 1
        self.lang = lang
        self.activities = LiveRows(_SHEETS["activities"][side], "F")
        self.factors = LiveRows(_SHEETS["factors"][side], "C")
        self.blocks: dict[tuple[str, str], LiveRows] = {}

    def address(self, evaluation: Evaluation, block: str, place: Mapping[str, Any]) -> str:
        """Return the cell of a block's number at a place: area, year and labels by name."""
        worked = evaluation.find(block)
        return self._line(evaluation, worked, worked.block.result, place)

    def _rows(self, evaluation: Evaluation, block: str) -> LiveRows:
        key = (evaluation.sector.id, block)
        if key not in self.blocks:
            taken = {rows.sheet for rows in self.blocks.values()}
            called = evaluation.sector.name_of(block, "zh") if self.lang == "zh" else block
            name = called.translate(_NOT_IN_NAMES)[:_LONGEST]
            if name in taken:
                name = f"{evaluation.sector.id.rpartition('/')[2]} {block}"[:_LONGEST]
            self.blocks[key] = LiveRows(name, "E")
        return self.blocks[key]

    def _line(
        self, evaluation: Evaluation, worked: Worked, name: str, place: Mapping[str, Any]
    ) -> str:
        """Return the cell of a line of a block; its formula refers to the cells that it needs."""
        dims = worked.block.line_dims[name]
        here = {dim: place[dim] for dim in ("area", "year", *dims)}
        rows = self._rows(evaluation, worked.block.id)
        key = (name, *here.values())
        if key in rows.places:
            return rows.places[key]
        at = rows.reserve(key)
        value, notation = _read(worked.lines[name], worked, here)
        tree = next(line.tree for line in worked.block.lines if line.name == name)
        unit = self._unit(worked.block.units[name], here)
        cell: Any = notation
        if not notation:
            calls = {write(part): part for part in walk(tree) if isinstance(part, Call)}

            def find(name: str, labels: Mapping[str, str], years_back: int) -> str:
                return self._symbol(
                    evaluation, worked, (name, calls.get(name)), labels, years_back=years_back
                )

            text = write_formula(tree, find, worked.axes.labels, dict(here))
            cell = Formula(f"={text}", value)
        shown = name if name != worked.block.result else worked.block.id
        labels = self._name(here, dims)
        sector = evaluation.sector
        called, spelt = (
            in_language(text, self.lang)
            for text in (sector.called(shown), sector.spell(write(tree)))
        )
        rows.rows[at] = [here["area"], here["year"], called, labels, cell, unit, spelt]
        return rows.places[key]

    def _symbol(
        self,
        evaluation: Evaluation,
        worked: Worked,
        symbol: tuple[str, Call | None],
        labels: Mapping[str, Any],
        *,
        years_back: int,
    ) -> str:
        """Return the cell of what a formula names: a line, a block, an activity or a factor."""
        name, call = symbol
        if call is not None:
            return self._looked_over(evaluation, worked, call, labels)
        if name in worked.lines:
            years = worked.axes.years
            year = years.index(labels["year"]) - years_back
            if year < 0:
                return self._start(evaluation, worked, name, labels)
            return self._line(evaluation, worked, name, {**labels, "year": years[year]})
        if name in evaluation.blocks:
            return self.address(evaluation, name, labels)
        return self._number(evaluation, worked, name, labels)

    def _looked_over(
        self, evaluation: Evaluation, worked: Worked, call: Call, labels: Mapping[str, Any]
    ) -> str:
        """Return the cell of what looks over years (a change, a mean): its value."""
        rows = self._rows(evaluation, worked.block.id)
        text = write(call)
        here = {dim: labels[dim] for dim in ("area", "year", *worked.axes.labels) if dim in labels}
        key = (text, *here.values())
        if key not in rows.places:
            at = rows.reserve(key)
            names = {**worked.inputs, **worked.lines}
            found = Expression(worked.axes, names, worked.block.starts).work(call)
            value, notation = _read(found, worked, here)
            label_text = self._name(here, [dim for dim in here if dim not in {"area", "year"}])
            rows.rows[at] = [
                here["area"],
                here["year"],
                text,
                label_text,
                notation or value,
                "",
                "",
            ]
        return rows.places[key]

    def _start(
        self, evaluation: Evaluation, worked: Worked, name: str, labels: Mapping[str, Any]
    ) -> str:
        """Return the cell of what stands before the first year."""
        rows = self._rows(evaluation, worked.block.id)
        key = (name, "before", labels["area"])
        if key not in rows.places:
            at = rows.reserve(key)
            year = worked.axes.years[0] - 1
            value = worked.block.starts[name]
            unit = self._unit(worked.block.units[name], labels)
            rows.rows[at] = [labels["area"], year, name, "", value, unit, ""]
        return rows.places[key]

    def _number(
        self, evaluation: Evaluation, worked: Worked, name: str, labels: Mapping[str, Any]
    ) -> str:
        """Return the cell of an activity, or of the factor row that serves."""
        sector, data = evaluation.sector, evaluation.data
        numbers = data.numbers[name]
        dims = sector.dims_of(name)
        here = {dim: labels[dim] for dim in ("area", "year", *dims)}
        value, notation = _read(worked.inputs[name], worked, here)
        unit = self._unit(sector.unit_of(name), here)
        source: Any = ""
        if numbers.origins is not None:
            place = int(_at(numbers.origins, data.axes.dims, _indices(here, data.axes)))
            source = numbers.sources[place] if place >= 0 else ""
        if isinstance(source, FactorRow):
            key: tuple[Any, ...] = (sector.id, name, source.file, source.line)
            if key not in self.factors.places:
                at = self.factors.reserve(key)
                where = f"{source.file}:{source.line}"
                held = {dim: label for dim, label in source.labels if label}
                label_text = self._name(held, list(held))
                self.factors.rows[at] = [
                    in_language(sector.called(name), self.lang),
                    label_text,
                    value,
                    unit,
                    in_language(source.status, self.lang),
                    where,
                    tell_note(source.note, self.lang),
                ]
            return self.factors.places[key]
        key = (sector.id, name, *here.values())
        if key not in self.activities.places:
            at = self.activities.reserve(key)
            label_text = self._name(here, dims)
            cell = None if notation in {"NO", "NE"} and not source else notation or value
            row = [
                here["area"],
                here["year"],
                in_language(sector.called(name), self.lang),
                sector.name_of(name, self.lang),
                label_text,
                cell,
                unit,
                str(source),
            ]
            self.activities.rows[at] = row
        return self.activities.places[key]

    def _unit(self, unit: str, here: Mapping[str, Any]) -> str:
        """Return a unit at a place, in the workbook's language."""
        return name_unit(unit.replace("{gas}", str(here.get("gas", "{gas}"))), self.lang)

    def _name(self, here: Mapping[str, Any], dims: Sequence[str]) -> str:
        """Return labels by their names."""
        return name_labels(",".join(str(here[dim]) for dim in dims), dims, self.lang)


def _indices(here: Mapping[str, Any], axes: Any) -> dict[str, int]:
    return {dim: list(axes.labels_of(dim)).index(label) for dim, label in here.items()}


def _at(array: np.ndarray, dims: tuple[str, ...], place: Mapping[str, int]) -> Any:
    shape = zip(dims, np.shape(array), strict=True)
    return array[tuple(place.get(dim, 0) if length > 1 else 0 for dim, length in shape)]


def _read(cells: NumbersAndStates, worked: Worked, here: Mapping[str, Any]) -> tuple[float, str]:
    """Return the number at a place, or 0 and its notation key."""
    place = _indices(here, worked.axes)
    state = int(_at(states_of(cells), worked.axes.dims, place))
    value = float(_at(np.asarray(cells.values), worked.axes.dims, place))
    return (value, "") if state == NUMBER else (0.0, KEYS[state])
