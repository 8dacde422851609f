"""The entries of a sector: what comes out of its equations, and what was found on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations.arithmetic import KEYS, NUMBER, numbers_or_nan, states_of
from carbonacct.equations.backward import Derivative, Use, pull
from carbonacct.equations.evaluation import with_needs, work_block, work_out
from carbonacct.equations.factor_values import draw_rows
from carbonacct.equations.judging import (
    fill_absent,
    find_excluded,
    judge,
    leave_unreported,
    take_out,
)
from carbonacct.equations.missing_reasons import find_reasons
from carbonacct.errors import EquationError, near_or_known
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from carbonacct.equations.axes import Data
    from carbonacct.equations.evaluation import Worked
    from carbonacct.equations.judging import Filled
    from carbonacct.equations.sector import Sector
    from carbonacct.errors import Finding


@dataclass(frozen=True, repr=False, eq=False)
class Evaluation:
    """The equations of a sector worked out over areas, years and labels.

    Attributes
    ----------
    data
        The numbers that went in, with the gaps filled that the sector file fills.
    blocks
        Sources and quantities with the cells of each line; parts stay arrays.
    findings
        What a compiler should know; where one is an error, the entry has no number.
    """

    sector: Sector
    data: Data
    blocks: Mapping[str, Worked]
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        """Return the size in one line."""
        areas, years = len(self.data.axes.areas), len(self.data.axes.years)
        size = f"{areas} areas, {years} years, {len(self.findings)} findings"
        return f"<Evaluation of {self.sector.id}: {size}>"

    def values(self, block: str) -> np.ndarray:
        """Return the entries of a block, float64 (area, year, *labels); NaN without a number."""
        return self.squeeze(block, numbers_or_nan(self.find(block).cells))

    def notation(self, block: str) -> np.ndarray:
        """Return the notation key of each entry (``""`` for a number), of the same shape."""
        return self.squeeze(block, np.array(KEYS)[states_of(self.find(block).cells)])

    def labels(self, block: str) -> dict[str, tuple[str, ...]]:
        """Return the labels of a block's entries by dim, in the order of the axes."""
        worked = self.find(block)
        return {
            dim: worked.axes.labels[dim]
            for dim in worked.axes.labels
            if dim in worked.block.all_dims
        }

    def find(self, block: str) -> Worked:
        """Return a source or quantity with the cells of its lines.

        Raises
        ------
        EquationError
            If there is none of that name.
        """
        if block not in self.blocks:
            near = near_or_known(block, self.blocks)
            raise EquationError(
                say(
                    "{id} has no source or quantity {block!r}; {near}",
                    id=self.sector.id,
                    block=block,
                    near=near,
                )
            )
        return self.blocks[block]

    def squeeze(self, block: str, array: np.ndarray) -> np.ndarray:
        """Return an array of a block's entries without the axes that the block does not have."""
        worked = self.find(block)
        gone = [dim for dim in worked.axes.labels if dim not in worked.block.all_dims]
        return array.squeeze(axis=tuple(worked.axes.axis(dim) for dim in gone))


def evaluate(sector: Sector, data: Data) -> Evaluation:
    """Return the entries of every source of a sector.

    Parameters
    ----------
    data
        Numbers of activities (:func:`carbonacct.equations.arrange`) and of parameters
        (:func:`carbonacct.equations.choose_factors`).

    Raises
    ------
    EquationError
        If a source looks back over years and one is missing from the axes.

    Notes
    -----
    A source or a quantity that a check refuses has no number, and what is worked out from it
    neither.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.equations import arrange, choose_factors, load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> rows = pd.DataFrame({"symbol": ["carbide_output"], "value": [2.0], "unit": ["万吨"]})
    >>> data = choose_factors(sector, arrange(sector, rows, years=[2020], areas=["重庆"]))
    >>> float(evaluate(sector, data).values("calcium_carbide")[0, 0])
    23080.0
    """
    filled = fill_absent(sector, data)
    done, findings = _work_and_judge(sector, filled, sector.blocks)
    findings = [*filled.data.findings, *findings, *find_reasons(sector, filled, done)]
    return Evaluation(sector, filled.data, done, tuple(findings))


def evaluate_sources(sector: Sector, data: Data, sources: Iterable[str]) -> Evaluation:
    """Return the entries of some sources: those of :func:`evaluate`, without the reasons of what lacks.

    Parameters
    ----------
    data
        As for :func:`evaluate`; parameters that these sources do not use may be left out.
    sources
        Ids of sources.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.equations import arrange, load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> rows = pd.DataFrame({"symbol": ["lime_output", "lime_factor"], "value": [1000.0, 0.683]})
    >>> found = evaluate_sources(sector, arrange(sector, rows), ["lime"])
    >>> list(found.blocks), float(found.values("lime").item())
    (['lime'], 683.0)
    """
    filled = fill_absent(sector, data)
    done, findings = _work_and_judge(sector, filled, with_needs(sector, sources))
    return Evaluation(sector, filled.data, done, tuple(findings))


def _work_and_judge(
    sector: Sector, filled: Filled, wanted: Container[str]
) -> tuple[dict[str, Worked], list[Finding]]:
    """Return blocks worked out, without the numbers that checks and other sources refuse."""
    done: dict[str, Worked] = {}
    findings: list[Finding] = []
    for block in sector.blocks.values():
        if block.id not in wanted:
            continue
        worked, found = judge(work_block(block, filled.data, done), sector)
        done[block.id] = leave_unreported(worked, sector, filled) if block.is_source else worked
        findings += found
    for block, both, finding in find_excluded(sector, done):
        done[block.id] = take_out(done[block.id], both)
        findings.append(finding)
    return done, findings


def differentiate(
    evaluation: Evaluation, block: str, weights: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Return the derivative of a weighted sum of a block's entries by every number that went in.

    Parameters
    ----------
    weights
        Of each entry, of the shape of :meth:`Evaluation.values`; 1 for all where not given.

    Returns
    -------
    dict
        By activity and parameter, in t (or the block's unit) per declared unit, of the shape of the
        symbol's numbers (full rank). Numbers that are the same for all areas have the derivative of
        the whole.

    Notes
    -----
    Exact, by the chain rule from the result down (reverse mode): one pass for any number of
    symbols. Entries without a number have no derivative. Uncertainty of a factor row is its error
    times the sum of the derivatives of the cells that use it (IPCC 2006, Vol. 1, eq. 3.2, with what
    shares a row correlated).

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.equations import arrange, load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> rows = pd.DataFrame({"symbol": ["lime_output", "lime_factor"], "value": [1000.0, 0.683]})
    >>> found = differentiate(evaluate(sector, arrange(sector, rows)), "lime")
    >>> float(found["lime_output"].sum()), float(found["lime_factor"].sum())
    (0.683, 1000.0)
    """
    worked = evaluation.find(block)
    there = states_of(worked.cells) == NUMBER
    given = np.ones(there.shape) if weights is None else np.reshape(weights, there.shape)
    return pull(evaluation.blocks, evaluation.data, block, given * there, rule=Derivative())


def find_used(evaluation: Evaluation, block: str, entries: np.ndarray) -> dict[str, np.ndarray]:
    """Return which numbers some entries of a block were worked out from.

    Parameters
    ----------
    entries
        Mask of entries, of the shape of :meth:`Evaluation.values`.

    Returns
    -------
    dict
        By activity and parameter a mask of the shape of the symbol's numbers. An option of
        ``first`` that did not serve, and a factor that was multiplied with zero, were not used. Of
        an entry without a number: what it would have needed.
    """
    worked = evaluation.find(block)
    weight = np.reshape(entries, np.shape(worked.cells.values)).astype(float)
    return {
        name: part > 0
        for name, part in pull(
            evaluation.blocks, evaluation.data, block, weight, rule=Use()
        ).items()
    }


def redraw(evaluation: Evaluation, drawn: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the entries of every source with other values for factor rows: one set, or many draws.

    A row that serves many cells has one value in all of them: what shares a row stays correlated.

    Parameters
    ----------
    drawn
        By parameter float64 (row,) or (draw, row), in its unit, in the order of its ``sources``.

    Returns
    -------
    dict
        By source float64 (draw, area, year, *labels); NaN where the evaluation has no number.

    Raises
    ------
    EquationError
        If a parameter has not as many values as rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.equations import arrange, choose_factors, load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> rows = pd.DataFrame({"symbol": ["carbide_output"], "value": [1000.0]})
    >>> found = evaluate(sector, choose_factors(sector, arrange(sector, rows)))
    >>> drawn = redraw(found, {"carbide_factor": np.array([[1.0], [1.2]])})
    >>> drawn["calcium_carbide"].ravel().tolist()
    [1000.0, 1200.0]
    """
    data, sector = evaluation.data, evaluation.sector
    numbers = dict(data.numbers)
    for name, values in drawn.items():
        numbers[name] = draw_rows(sector.parameters[name], numbers[name], values)
    worked = work_out(sector, replace(data, numbers=numbers))
    return {
        block.id: evaluation.squeeze(
            block.id,
            np.where(
                states_of(evaluation.blocks[block.id].cells) == NUMBER,
                worked[block.id].cells.values,
                np.nan,
            ),
        )
        for block in sector.sources
    }


def rework(
    evaluation: Evaluation, scaled: Mapping[str, np.ndarray], blocks: Iterable[str]
) -> dict[str, np.ndarray]:
    """Return the entries of some blocks with numbers multiplied: once, or in many draws.

    Parameters
    ----------
    scaled
        By activity and parameter what each of its numbers is multiplied by: float64 of the shape of
        the numbers, draws before it.

    Returns
    -------
    dict
        By block float64 (..., area, year, dims), of full rank; 0 where there is no number.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.equations import arrange, load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> rows = pd.DataFrame({"symbol": ["lime_output", "lime_factor"], "value": [1000.0, 0.683]})
    >>> found = evaluate(sector, arrange(sector, rows))
    >>> shape = (2, *(1 for _ in found.data.axes.dims))
    >>> draws = {"lime_factor": np.array([1.0, 1.1]).reshape(shape)}
    >>> rework(found, draws, ["lime"])["lime"].ravel().round(6).tolist()
    [683.0, 751.3]
    """
    worked = work_out(evaluation.sector, scale_numbers(evaluation.data, scaled), blocks)
    return {name: worked[name].cells.values for name in blocks}


def scale_numbers(data: Data, scaled: Mapping[str, np.ndarray]) -> Data:
    """Return data with numbers multiplied; parameters as of :func:`rework`."""
    numbers = dict(data.numbers)
    for name, factor in scaled.items():
        cells = numbers[name].cells
        numbers[name] = replace(numbers[name], cells=cells._replace(values=cells.values * factor))
    return replace(data, numbers=numbers)
