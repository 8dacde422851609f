"""Open an entry: the equation, each symbol of it with its number, and where that came from."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.equations import arithmetic
from carbonacct.equations.arithmetic import KEYS, NUMBER, NumbersAndStates, states_of
from carbonacct.equations.equation_text import write
from carbonacct.equations.expression_tree import Call, Symbol, Tree, parts_of
from carbonacct.equations.expressions import Expression
from carbonacct.equations.unfolded_step import UnfoldedStep
from carbonacct.errors import EquationError, did_you_mean
from carbonacct.factors.editions import FactorRow
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from carbonacct.equations.axes import Axes
    from carbonacct.equations.evaluation import Worked
    from carbonacct.equations.source_entries import Evaluation


def unfold(evaluation: Evaluation, block: str, area: str, year: int, **labels: str) -> UnfoldedStep:
    """Return how an entry was worked out, down to cells and factor rows.

    Parameters
    ----------
    labels
        Of the entry, by dim.

    Raises
    ------
    EquationError
        If there is no such entry.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.equations import arrange, choose_factors, evaluate, load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> rows = pd.DataFrame({"symbol": ["carbide_output"], "value": [2e4], "place": ["a.csv:3"]})
    >>> data = choose_factors(sector, arrange(sector, rows, years=[2020], areas=["重庆"]))
    >>> print(unfold(evaluate(sector, data), "calcium_carbide", "重庆", 2020))
    calcium_carbide = carbide_carbon * carbon_to_co2 = 23080 t CO2
      carbide_carbon = carbide_output * carbide_factor / carbon_to_co2 = 6294.54545454545 t C
        carbide_output = 20000 t carbide (a.csv:3)
        carbide_factor = 1.154 t CO2/(t carbide) (provincial-2011/processes/carbide_factor.csv:2)
        carbon_to_co2 = 3.66666666666667 t CO2/(t C) (ipcc-2006/carbon_to_co2.csv:2)
      carbon_to_co2 = 3.66666666666667 t CO2/(t C) (ipcc-2006/carbon_to_co2.csv:2)
    """
    worked = evaluation.find(block)
    here = _place(worked.axes, {"area": area, "year": year, **labels}, worked)
    return _Unfolding(evaluation).open_line(worked, worked.block.result, here)


def _place(axes: Axes, asked: Mapping[str, Any], worked: Worked) -> dict[str, int]:
    """Return the position of an entry along each axis that its block has."""
    dims = ("area", "year", *worked.block.all_dims)
    for dim in asked:
        if dim not in dims:
            raise EquationError(
                say(
                    "{id} has no {dim}; its labels: {dims}",
                    id=worked.block.id,
                    dim=dim,
                    dims=join_texts(", ", dims),
                )
            )
    here = {}
    for dim in dims:
        known = list(axes.labels_of(dim))
        if asked.get(dim) not in known:
            near = did_you_mean(str(asked.get(dim)), map(str, known)) or say(
                "known: {known}", known=known[:8]
            )
            raise EquationError(
                say(
                    "{id} has no {dim} {asked!r}; {near}",
                    id=worked.block.id,
                    dim=dim,
                    asked=asked.get(dim),
                    near=near,
                )
            )
        here[dim] = known.index(asked[dim])
    return here


class _Unfolding:
    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    def open_line(self, worked: Worked, name: str, here: Mapping[str, int]) -> UnfoldedStep:
        """Return a line of a block at a place, with all that it used."""
        block = worked.block
        line = next(line for line in block.lines if line.name == name)
        used = dict.fromkeys(
            (symbol, tuple(sorted(place.items())))
            for symbol, place in self._leaves(line.tree, dict(here), worked)
        )
        shown = block.id if name == block.result else name
        unit = block.units[name].replace("{gas}", _gas(worked.axes, here))
        return self._step(
            shown,
            worked.lines[name],
            here,
            worked.axes,
            dims=block.line_dims[name],
            unit=unit,
            formula=write(line.tree),
            parts=tuple(self._open(worked, symbol, dict(place), here) for symbol, place in used),
        )

    def _open(
        self, worked: Worked, name: str, place: Mapping[str, int], entry: Mapping[str, int]
    ) -> UnfoldedStep:
        """Return one symbol: a line and a block open further, a number says where it came from."""
        if name in worked.lines and place["year"] == entry["year"]:
            return self.open_line(worked, name, place)
        if name in worked.lines:  # the year before: it opens as an entry of its own
            year = {"year": str(worked.axes.years[place["year"]])} if place["year"] >= 0 else {}
            cells = worked.lines[name] if year else NumbersAndStates(_start(worked, name))
            dims, unit = worked.block.line_dims[name], worked.block.units[name]
            return self._step(name, cells, place, worked.axes, dims=dims, unit=unit, more=year)
        if name in self.evaluation.blocks:
            inner = self.evaluation.blocks[name]
            return self.open_line(inner, inner.block.result, place)
        sector, data = self.evaluation.sector, self.evaluation.data
        unit = sector.unit_of(name).replace("{gas}", _gas(worked.axes, place))
        numbers = data.numbers[name]
        source = None
        if numbers.origins is not None:
            at = _at(numbers.origins, data.axes, self._in_data(worked, place))
            source = numbers.sources[at] if at >= 0 else None
        origin = _say_origin(source) if source is not None else ""
        row = source if isinstance(source, FactorRow) else None
        dims = sector.dims_of(name)
        cells = worked.inputs[name]
        return self._step(
            name, cells, place, worked.axes, dims=dims, unit=unit, origin=origin, row=row
        )

    def _in_data(self, worked: Worked, place: Mapping[str, int]) -> dict[str, int]:
        """Return a place along the axes of the data: a block may have its own gases."""
        if "gas" not in place:
            return dict(place)
        gas = worked.axes.labels["gas"][place["gas"]]
        return {**place, "gas": self.evaluation.data.axes.labels["gas"].index(gas)}

    def _leaves(
        self, tree: Tree, here: dict[str, int], worked: Worked
    ) -> Iterator[tuple[str, dict[str, int]]]:
        """Go over the symbols that an expression uses at a place, each with its own place."""
        match tree:
            case Symbol(name):
                dims = self._dims_of(worked, name)
                yield name, {dim: at for dim, at in here.items() if dim in dims}
            case Call("sum", (of,), dims):
                for each in product(*(range(len(worked.axes.labels[dim])) for dim in dims)):
                    yield from self._leaves(
                        of, {**here, **dict(zip(dims, each, strict=True))}, worked
                    )
            case Call("previous", (of,)):
                yield from self._leaves(of, {**here, "year": here["year"] - 1}, worked)
            case Call("change" | "average", (of, *_)):
                for year in range(len(worked.axes.years)):
                    yield from self._leaves(of, {**here, "year": year}, worked)
            case Call("first", options):
                yield from self._leaves(self._served(options, here, worked), here, worked)
            case _:
                for part in parts_of(tree):
                    yield from self._leaves(part, here, worked)

    def _served(self, options: tuple[Tree, ...], here: Mapping[str, int], worked: Worked) -> Tree:
        names = {**worked.inputs, **worked.lines}
        expression = Expression(worked.axes, names, worked.block.starts)
        _, served = arithmetic.first([expression.work(option) for option in options])
        return options[int(_at(served, worked.axes, here))]

    def _dims_of(self, worked: Worked, name: str) -> tuple[str, ...]:
        if name in worked.lines:
            return ("area", "year", *worked.block.line_dims[name])
        return ("area", "year", *self.evaluation.sector.dims_of(name))

    def _step(
        self,
        name: str,
        cells: NumbersAndStates,
        here: Mapping[str, int],
        axes: Axes,
        *,
        dims: tuple[str, ...],
        unit: str,
        more: Mapping[str, str] | None = None,
        **shown: Any,
    ) -> UnfoldedStep:
        state = int(_at(states_of(cells), axes, here))
        return UnfoldedStep(
            name=name,
            labels={dim: str(axes.labels[dim][here[dim]]) for dim in dims} | dict(more or {}),
            value=float(_at(cells.values, axes, here)) if state == NUMBER else np.nan,
            unit=unit,
            notation=KEYS[state],
            **shown,
        )


def _start(worked: Worked, name: str) -> np.ndarray:
    return np.full((1,) * len(worked.axes.dims), worked.block.starts[name])


def _at(array: np.ndarray, axes: Axes, here: Mapping[str, int]) -> Any:
    """Return the number at a place; along an axis of length 1 there is one for all."""
    shape = np.shape(array)
    return array[
        tuple(
            here.get(dim, 0) if length > 1 else 0
            for dim, length in zip(axes.dims, shape, strict=True)
        )
    ]


def _gas(axes: Axes, here: Mapping[str, int]) -> str:
    return axes.labels["gas"][here["gas"]] if "gas" in here else "{gas}"


def _say_origin(source: Any) -> str:
    return source.place if isinstance(source, FactorRow) else str(source)
