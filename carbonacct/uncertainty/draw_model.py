"""The structure of an uncertain inventory: cells, and the inputs that they share.

A cell is its value times the relative error of its activity times the relative errors of the factor
rows that it uses. A row that is used by many cells, of whatever flow, area or year, is one input:
it is drawn once for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from carbonacct.display import legible, shown_in_notebooks
from carbonacct.errors import UncertaintyError, did_you_mean, near_or_known
from carbonacct.texts import join_texts, say
from carbonacct.uncertainty.computed import Computed, renumber
from carbonacct.uncertainty.correlation import correlate_activities
from carbonacct.uncertainty.distributions import compute_mean, compute_quantiles, compute_sd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.errors import Finding
    from carbonacct.uncertainty.distributions import Uncertainty

# Where one draw in ten million lies: of a normal, 5.2 standard deviations from its mean.
_ENDS = np.array([1e-7, 1 - 1e-7])
_NEARLY_0 = 0.01  # of the central value


@shown_in_notebooks
@dataclass(frozen=True)
class DrawInput:
    """One uncertain input: its name (unique in the model), what it is, and its distribution."""

    name: str
    parameter: str
    item: str
    uncertainty: Uncertainty


@legible
@dataclass(frozen=True, repr=False, eq=False)
class DrawModel:
    """Cells of an inventory with what is uncertain about them.

    Attributes
    ----------
    labels, codes
        Labels of each dim, and for each cell the position of its label.
    value
        Value of each cell, t.
    activity_mean, activity_sd
        Mean and standard deviation of the relative error of a cell's activity where it is an
        independent normal: it is summed, not drawn.
    activity
        Number of the activity of each cell: the gases of one fuel burnt in one place have one
        activity, and its error.
    combination
        For each cell the row of ``uses``: the set of inputs that multiply it.
    uses, powers
        Inputs of each combination (-1 for none) and their powers (1, or -1 for an input that
        divides).
    inputs
        What is drawn.
    correlated
        Groups of inputs whose normal scores are correlated, each with a factor L of its matrix, L
        L' = matrix.
    shares
        Groups of inputs that are shares of one whole: drawn as gammas and divided by their sum.
    findings
        What could not be taken as it was.
    exact
        How many factor rows count as exact because nothing is published of their uncertainty:
        intervals are too narrow.
    computed
        Equations that work the last combinations out, instead of a product.
    """

    labels: dict[str, np.ndarray]
    codes: dict[str, np.ndarray]
    value: np.ndarray
    activity_mean: np.ndarray
    activity_sd: np.ndarray
    activity: np.ndarray
    combination: np.ndarray
    uses: np.ndarray
    powers: np.ndarray
    inputs: tuple[DrawInput, ...]
    correlated: tuple[tuple[np.ndarray, np.ndarray], ...] = ()
    shares: tuple[np.ndarray, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    exact: int = 0
    computed: tuple[Computed, ...] = ()


def build_model(
    cells: pd.DataFrame,
    inputs: Sequence[DrawInput],
    uses: np.ndarray,
    *,
    powers: np.ndarray | None = None,
    activity: Sequence[Uncertainty] = (),
    activity_of: np.ndarray | None = None,
    correlation: Mapping[str, float | pd.DataFrame] | None = None,
    shares: Sequence[Sequence[str]] = (),
    computed: Sequence[Computed] = (),
    computed_of: np.ndarray | None = None,
    findings: Sequence[Finding] = (),
) -> DrawModel:
    """Put cells, factor inputs and activity uncertainties together.

    Parameters
    ----------
    cells
        One row per cell: its labels, and ``value`` in t. Cells that differ in ``gas`` alone have
        one activity.
    inputs, uses, powers
        Factor rows; for each cell the positions of those that multiply it (cell x step, -1 for
        none), and their powers.
    activity, activity_of
        Uncertainties of activities, and for each cell the position of its own (-1 or left out:
        exact).
    correlation
        Of activities: for one dim, a number (the same between all its labels) or a matrix over its
        labels. Cells that are alike in all other dims are correlated by it; others are independent.
    shares
        Names of inputs that are the parts of one whole
        (:func:`carbonacct.uncertainty.distributions.dirichlet_parts`).
    computed, computed_of
        Equations that are no product, and for each cell the place of its entry among all of theirs
        (-1 or left out: none).

    Raises
    ------
    UncertaintyError
        If lengths differ, a name stands for two inputs, or the matrix is not a correlation matrix.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from carbonacct.uncertainty.fitting import fit_percent
    >>> cells = pd.DataFrame({"area": ["A", "B"], "value": [100.0, 50.0]})
    >>> coal = DrawInput("coal", "emission_factor", "coal", fit_percent(94.6, 5))
    >>> build_model(cells, [coal], np.array([[0], [0]])).combination
    array([0, 0], dtype=int32)
    """
    dims = [str(name) for name in cells.columns if name != "value"]
    uses = np.asarray(uses, dtype=np.int32)
    powers = np.ones_like(uses, dtype=np.int8) if powers is None else np.asarray(powers, np.int8)
    _check_cells(cells, uses, powers)
    _check_inputs(inputs)
    _check_divisors(inputs, uses, powers)
    codes, labels = {}, {}
    for dim in dims:
        codes[dim], labels[dim] = _encode(cells[dim])
    numbers = _number_activities(codes, labels)
    mean, sd, extra, own = _split_activity(
        cells, numbers, activity, activity_of, everything=bool(correlation)
    )
    everything = [*inputs, *extra]
    own = np.where(own < 0, -1, own + len(inputs))
    if extra:
        uses = np.column_stack([uses, own])
        powers = np.column_stack([powers, np.ones(len(cells), np.int8)])
    final, position = _order_inputs(everything)
    combination = _combine(position[uses], powers)
    if computed and computed_of is not None:
        combination = _append_computed(combination, computed, computed_of)
    correlated = (
        correlate_activities(codes, labels, position[own], correlation) if correlation else ()
    )
    return DrawModel(
        labels=labels,
        codes=codes,
        value=cells["value"].to_numpy(dtype=float),
        activity_mean=mean,
        activity_sd=sd,
        activity=numbers,
        combination=combination.of_cell,
        uses=combination.uses,
        powers=combination.powers,
        inputs=final,
        correlated=correlated,
        shares=_find_shares(shares, final),
        findings=tuple(findings),
        computed=renumber(computed, position),
    )


def _check_cells(cells: pd.DataFrame, uses: np.ndarray, powers: np.ndarray) -> None:
    """Refuse cells without a number, and uses or powers that are not one row for each cell."""
    if uses.ndim != 2 or len(uses) != len(cells):
        raise UncertaintyError(
            say(
                "{cell_count} cells, uses of shape {shape}: one row for each cell",
                cell_count=len(cells),
                shape=uses.shape,
            )
        )
    if powers.shape != uses.shape:
        raise UncertaintyError(
            say(
                "uses are {shape}, powers {powers_shape}: one power for each use",
                shape=uses.shape,
                powers_shape=powers.shape,
            )
        )
    known = np.isfinite(cells["value"].to_numpy(dtype=float))
    if not known.all():
        raise UncertaintyError(
            say(
                "{cell_count} cells have no number; leave out cells without a number",
                cell_count=int((~known).sum()),
            )
        )


def _check_inputs(inputs: Sequence[DrawInput]) -> None:
    """Refuse a name that stands for two inputs, and a factor of 0 that is not exact."""
    names = [one.name for one in inputs]
    if len(set(names)) < len(names):
        raise UncertaintyError(
            say(
                "{name}: one name stands for two inputs",
                name=next(name for name in names if names.count(name) > 1),
            )
        )
    for one in inputs:
        if one.uncertainty.value == 0 and one.uncertainty.kind != "exact":
            raise UncertaintyError(
                say(
                    "{name}: a factor of 0 has no relative uncertainty; state it as exact, "
                    "or leave out its cells",
                    name=one.name,
                )
            )


def _check_divisors(inputs: Sequence[DrawInput], uses: np.ndarray, powers: np.ndarray) -> None:
    """Refuse an input that divides and may be nearly 0: its reciprocal has no mean, or none that draws settle on."""
    for number in np.unique(uses[(powers < 0) & (uses >= 0)]).tolist():
        one = inputs[number]
        known = one.uncertainty
        if known.kind in {"exact", "lognormal"}:  # all their powers have a mean
            continue
        if np.min(compute_quantiles(known, _ENDS) / known.value) < _NEARLY_0:
            raise UncertaintyError(
                say(
                    "{name}: divides, and its distribution ({kind}) comes near 0, where its "
                    "reciprocal has no bounds; state it as lognormal, or with narrower bounds",
                    name=one.name,
                    kind=known.kind,
                )
            )


def _order_inputs(everything: Sequence[DrawInput]) -> tuple[tuple[DrawInput, ...], np.ndarray]:
    """Return the inputs that are drawn, and the place of each among them (-1: exact, or none).

    By name, not by first use, so that a part of a panel is added up in the order of the whole.
    """
    keep = [i for i, one in enumerate(everything) if one.uncertainty.kind != "exact"]
    keep.sort(key=lambda i: everything[i].name)
    position = np.full(len(everything) + 1, -1, np.int32)
    position[keep] = np.arange(len(keep))
    return tuple(everything[i] for i in keep), position


def _append_computed(
    combination: _Combination, computed: Sequence[Computed], computed_of: np.ndarray
) -> _Combination:
    """Return combinations with one more, of no input, for each entry that an equation computes."""
    more = ((0, sum(len(one.mean) for one in computed)), (0, 0))
    return _Combination(
        np.where(computed_of < 0, combination.of_cell, len(combination.uses) + computed_of),
        np.pad(combination.uses, more, constant_values=-1),
        np.pad(combination.powers, more, constant_values=1),
    )


def _find_shares(
    shares: Sequence[Sequence[str]], inputs: Sequence[DrawInput]
) -> tuple[np.ndarray, ...]:
    """Return the places of inputs that are parts of one whole."""
    index = {one.name: i for i, one in enumerate(inputs)}
    if unknown := [name for group in shares for name in group if name not in index]:
        raise UncertaintyError(
            say(
                "no input {unknown!r} to be a share; {near}",
                unknown=unknown[0],
                near=did_you_mean(unknown[0], index),
            )
        )
    return tuple(np.array([index[name] for name in group]) for group in shares)


def _encode(column: pd.Series[Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return the position of each label, and the labels that occur in order."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        found, different = pd.factorize(column.to_numpy(), sort=True)
        return found.astype(np.int32), np.asarray(different)
    codes, categories = column.cat.codes.to_numpy(), column.cat.categories.to_numpy()
    occurs = np.flatnonzero(np.bincount(codes, minlength=len(categories)))
    occurs = occurs[np.argsort(categories[occurs])]
    position = np.zeros(len(categories), np.int32)
    position[occurs] = np.arange(len(occurs))
    return position[codes], categories[occurs]


def _number_activities(
    codes: Mapping[str, np.ndarray], labels: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Return one number for the cells that are alike in all dims but the gas."""
    if "gas" not in labels or len(labels["gas"]) < 2:
        return np.arange(len(next(iter(codes.values()), ())))
    number = np.zeros(len(codes["gas"]), np.int64)
    for dim, code in codes.items():
        if dim != "gas":
            number = number * len(labels[dim]) + code
    return np.asarray(pd.factorize(number)[0])


def _split_activity(
    cells: pd.DataFrame,
    numbers: np.ndarray,
    activity: Sequence[Uncertainty],
    activity_of: np.ndarray | None,
    *,
    everything: bool,
) -> tuple[np.ndarray, np.ndarray, list[DrawInput], np.ndarray]:
    """Return mean and sd of what can be summed, and an input for each activity that must be drawn."""
    count = len(cells)
    if activity_of is None or not activity:
        return np.ones(count), np.zeros(count), [], np.full(count, -1, np.int32)
    activity_of = np.asarray(activity_of)
    if activity_of.shape != (count,):
        raise UncertaintyError(
            say(
                "{count} cells, {size} activity uncertainties: one for each cell",
                count=count,
                size=activity_of.size,
            )
        )
    summed = np.array(
        [
            one.kind in {"exact", "normal"} and not (everything and one.kind == "normal")
            for one in activity
        ]
        + [True]
    )
    means = np.array(
        [1.0 if one.kind == "exact" else compute_mean(one) / one.value for one in activity] + [1.0]
    )
    sds = np.array(
        [0.0 if one.kind == "exact" else compute_sd(one) / abs(one.value) for one in activity]
        + [0.0]
    )
    drawn = np.flatnonzero(~summed[activity_of])
    own = np.full(count, -1, np.int32)
    _, first, own[drawn] = np.unique(numbers[drawn], return_index=True, return_inverse=True)
    drawn = drawn[first]
    dims = [name for name in cells.columns if name not in {"value", "gas"}]
    place = (
        cells.iloc[drawn][dims].astype(str).agg(", ".join, axis=1).tolist() if len(drawn) else []
    )
    extra = [
        DrawInput(f"activity: {name}", "activity", name, activity[activity_of[i]])
        for name, i in zip(place, drawn, strict=True)
    ]
    here = summed[activity_of]
    return (
        np.where(here, means[activity_of], 1.0),
        np.where(here, sds[activity_of], 0.0),
        extra,
        own,
    )


class _Combination(NamedTuple):
    """For each cell the number of its combination of inputs, and the inputs and powers of each."""

    of_cell: np.ndarray
    uses: np.ndarray
    powers: np.ndarray


def _combine(steps: np.ndarray, powers: np.ndarray) -> _Combination:
    """Return the combinations of inputs of cells, in order."""
    if not steps.size:
        uses = np.full((min(1, len(steps)), 1), -1, np.int32)
        return _Combination(np.zeros(len(steps), np.int32), uses, np.ones_like(uses, np.int8))
    signed = np.where(steps < 0, 0, (steps + 1) * powers.astype(np.int32))
    code = np.zeros(len(steps), np.int64)
    for column in signed.T:
        code = pd.factorize(code * (2 * (int(np.abs(signed).max()) + 1)) + column)[0].astype(
            np.int64
        )
    _, first = np.unique(code, return_index=True)
    rows = signed[first]
    order = np.lexsort(rows.T[::-1])
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rows = rows[order]
    return _Combination(
        rank[code],
        (np.abs(rows) - 1).astype(np.int32),
        np.where(rows < 0, -1, 1).astype(np.int8),
    )


def hash_name(name: str) -> int:
    """Return 64 bits of a name: the same on every machine, whatever else is in the model."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def select_cells(model: DrawModel, dim: str, label: object) -> np.ndarray:
    """Return which cells have a label; all of them for None where the dim has only one.

    Raises
    ------
    UncertaintyError
        If the model has no such dim or label, or several where one is to be named.
    """
    if dim not in model.labels:
        raise UncertaintyError(
            say(
                "no dim {dim!r}; {near}",
                dim=dim,
                near=near_or_known(dim, model.labels),
            )
        )
    labels = model.labels[dim]
    listed = join_texts(", ", map(str, labels[:20]))
    if label is None:
        if len(labels) > 1:
            raise UncertaintyError(
                say(
                    "the model has {label_count} {dim}s; name one of {listed}",
                    label_count=len(labels),
                    dim=dim,
                    listed=listed,
                )
            )
        return np.ones(len(model.value), bool)
    found = np.flatnonzero(labels == label)
    if not len(found):
        raise UncertaintyError(
            say(
                "no {dim} {label!r} in the model; it has {listed}",
                dim=dim,
                label=label,
                listed=listed,
            )
        )
    return np.asarray(model.codes[dim] == found[0])
