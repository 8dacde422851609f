"""Entries of sources as cells for a model that can be drawn: each a sum of products, or an equation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from carbonacct.equations.backward import Derivative, pull
from carbonacct.equations.evaluation import work_out
from carbonacct.equations.source_entries import find_used, rework, scale_numbers
from carbonacct.equations.terms import Monomials, expand
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.uncertainty.computed import Computed
from carbonacct.uncertainty.distributions import compute_mean
from carbonacct.uncertainty.knowledge import CellPart
from carbonacct.uncertainty.source_inputs import SourceInputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from carbonacct.equations import Evaluation
    from carbonacct.equations.terms import Terms
    from carbonacct.inventory.record import Inventory
    from carbonacct.uncertainty.draw_model import DrawInput
    from carbonacct.uncertainty.knowledge import Knowledge

_LABELS = ("area", "year", "flow", "product", "gas", "category")
_LARGEST = 8_000_000  # numbers of an entry's equation that are drawn at once


class _Source(NamedTuple):
    """The entries of one source that are asked for."""

    evaluation: Evaluation
    block: str
    entries: pd.DataFrame


def names_of_sources(records: Iterable[Inventory]) -> set[str]:
    """Return the activities and parameters that a user's own uncertainties may name."""
    sectors = {
        source.evaluation.sector.id: source.evaluation.sector
        for record in records
        for source in _sources_of(record)
    }
    return {
        name
        for sector in sectors.values()
        for name in (
            *sector.activities,
            *sector.parameters,
            *(about.file for about in sector.parameters.values()),
        )
    }


def read_sources(
    records: Sequence[Inventory], *, gwp: str | None, knowledge: Knowledge
) -> CellPart:
    """Return the cells of entries of sources and what is uncertain about them.

    Parameters
    ----------
    records
        Inventories whose entries are those of sources that are asked for, with a number.
    gwp
        As in :func:`carbonacct.model_inventory`.

    Returns
    -------
    CellPart
        A cell for each product that an entry is a sum of; one for the entry of an equation that is
        no such sum.
    """
    inputs, monomials = SourceInputs(knowledge), Monomials()
    frames: list[pd.DataFrame] = []
    rows: list[np.ndarray] = []  # the monomial of each cell, or -1 - its place among the computed
    computed: list[Computed] = []
    count = 0
    for record in records:
        weights = np.ones(len(record.entries))
        if gwp is not None:
            weights = record.with_values(weights).co2e(gwp)
        held = record.entries.assign(weight=weights)
        for group in _by_evaluation(_sources_of(record, held)):
            evaluation = group[0].evaluation
            numbered = inputs.number(evaluation, _used(group))
            found = expand(evaluation, numbered, monomials, [one.block for one in group])
            for source in group:
                terms = found.get(source.block)
                if terms is not None:
                    frame, monomial = _of_terms(source.entries, terms)
                else:
                    kept = source.entries[source.entries["value"] != 0]
                    equation = _Equation(evaluation, source.block, numbered)
                    computed.append(equation.compute(kept["cell"].to_numpy(), inputs.inputs))
                    frame, monomial = kept, -1 - count - np.arange(len(kept))
                    count += len(kept)
                frames.append(frame.assign(value=frame["value"] * frame["weight"]))
                rows.append(monomial)
    which = np.concatenate(rows)
    uses, powers = _steps(monomials, which)
    return CellPart(
        cells=_as_cells(frames),
        inputs=inputs.inputs,
        uses=uses,
        powers=powers,
        activity_of=np.full(len(which), -1),
        computed=computed,
        computed_of=np.where(which < 0, -1 - which, -1),
        findings=list(inputs.findings()),
        exact=inputs.exact,
    )


def _sources_of(record: Inventory, entries: pd.DataFrame | None = None) -> list[_Source]:
    held = record.entries if entries is None else entries
    found = []
    for number, part in held.groupby("origin", sort=False):
        origin = record.origins[int(str(number))]
        if isinstance(origin, SourceOrigin):
            found.append(_Source(origin.evaluation, origin.block, part))
    return found


def _by_evaluation(sources: Iterable[_Source]) -> list[list[_Source]]:
    groups: dict[Evaluation, list[_Source]] = {}
    for source in sources:
        groups.setdefault(source.evaluation, []).append(source)
    return list(groups.values())


def _used(group: Sequence[_Source]) -> dict[str, np.ndarray]:
    """Return which numbers of each symbol some entry was worked out from."""
    found: dict[str, np.ndarray] = {}
    for source in group:
        entries = np.zeros(source.evaluation.values(source.block).shape, bool)
        entries.ravel()[source.entries["cell"].to_numpy()] = True
        for name, mask in find_used(source.evaluation, source.block, entries).items():
            found[name] = found[name] | mask if name in found else mask
    return found


def _of_terms(entries: pd.DataFrame, terms: Terms) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the products of entries as rows with the entry's labels, and the monomial of each."""
    cells = entries["cell"].to_numpy()
    order = np.argsort(cells)
    position = np.searchsorted(cells, terms.at, sorter=order)
    row = order[np.minimum(position, len(cells) - 1)]
    of_terms = cells[row] == terms.at
    frame = entries.iloc[row[of_terms]].assign(value=terms.value[of_terms])
    return frame, terms.monomial[of_terms]


class _Equation:
    """The equation of a source, as what is drawn moves its entries."""

    def __init__(
        self, evaluation: Evaluation, block: str, numbered: Mapping[str, np.ndarray]
    ) -> None:
        self.evaluation, self.block, self.numbered = evaluation, block, numbered

    def compute(self, cells: np.ndarray, inputs: Sequence[DrawInput]) -> Computed:
        """Return some of its entries: linear around the means of the inputs, and how they are drawn."""
        own = np.unique(np.concatenate([one[one >= 0] for one in self.numbered.values()]))
        means = np.array(
            [compute_mean(inputs[n].uncertainty) / inputs[n].uncertainty.value for n in own]
        )
        central = self._values(cells, np.ones((len(own), 1)), own)[:, 0]
        mean, gradient = self._linearise(cells, means, own)
        work = self._worker(cells, own, central)
        return Computed(own, mean / central, gradient / central[:, None], work)

    def _scaled(self, own: np.ndarray, relative: np.ndarray) -> dict[str, np.ndarray]:
        """Return what the numbers of each symbol are multiplied by (draw, ...), from inputs (input, draw)."""
        rows = np.concatenate([relative, np.ones((1, relative.shape[1]))])
        return {
            name: np.moveaxis(rows[np.where(one < 0, len(own), np.searchsorted(own, one))], -1, 0)
            for name, one in self.numbered.items()
        }

    def _values(self, cells: np.ndarray, relative: np.ndarray, own: np.ndarray) -> np.ndarray:
        found = rework(self.evaluation, self._scaled(own, relative), [self.block])[self.block]
        return np.asarray(found.reshape(relative.shape[1], -1)[:, cells].T)

    def _worker(
        self, cells: np.ndarray, own: np.ndarray, central: np.ndarray
    ) -> Callable[[np.ndarray], np.ndarray]:
        size = sum(one.size for one in self.numbered.values()) + len(cells)

        def work(relative: np.ndarray) -> np.ndarray:
            step = max(1, _LARGEST // size)
            parts = [
                self._values(cells, relative[:, first : first + step], own)
                for first in range(0, relative.shape[1], step)
            ]
            return np.asarray(np.concatenate(parts, axis=1) / central[:, None])

        return work

    def _linearise(
        self, cells: np.ndarray, means: np.ndarray, own: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the entries at the means, and what each input there adds to them (entry x input)."""
        scaled = {name: one[0] for name, one in self._scaled(own, means[:, None]).items()}
        data = scale_numbers(self.evaluation.data, scaled)
        worked = work_out(self.evaluation.sector, data, [self.block])
        values = worked[self.block].cells.values
        gradient = np.zeros((len(cells), len(own)))
        for row, cell in enumerate(cells):
            weight = np.zeros(values.shape)
            weight.ravel()[cell] = 1.0
            for name, part in pull(worked, data, self.block, weight, rule=Derivative()).items():
                numbers = self.numbered.get(name)
                if numbers is None:
                    continue
                here = numbers >= 0
                moved = (part * data.numbers[name].cells.values)[here]
                np.add.at(gradient[row], np.searchsorted(own, numbers[here]), moved)
        return np.asarray(values.ravel()[cells]), gradient


def _steps(monomials: Monomials, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs that multiply each cell, and their powers: an input to the second power stands twice."""
    listed = [
        [(one, 1 if power > 0 else -1) for one, power in powers for _ in range(abs(power))]
        for powers in monomials.powers
    ]
    width = max(map(len, listed))
    uses = np.full((len(listed), width), -1, np.int32)
    powers = np.ones((len(listed), width), np.int8)
    for row, pairs in enumerate(listed):
        for step, (one, power) in enumerate(pairs):
            uses[row, step], powers[row, step] = one, power
    own = np.maximum(which, 0)  # the first monomial has no input, as an equation has none here
    return uses[own], powers[own]


def _as_cells(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the labels and values of cells, labels as plain words."""
    columns = {
        name: np.concatenate([frame[name].to_numpy() for frame in frames])
        for name in (*_LABELS, "value", "sector")
    }
    cells = pd.DataFrame(columns)
    cells.insert(len(_LABELS), "fuel", "")
    return cells
