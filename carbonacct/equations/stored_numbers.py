"""The numbers of an evaluation as plain data: what a file keeps of it, and the evaluation again."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.equations.arithmetic import KEYS, MISSING, NUMBER, NumbersAndStates, states_of
from carbonacct.equations.axes import Axes, Data, Numbers
from carbonacct.equations.evaluation import inputs_of, with_needs
from carbonacct.equations.loading import load_sector
from carbonacct.equations.source_entries import evaluate_sources
from carbonacct.factors.editions import FactorRow
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from carbonacct.equations.source_entries import Evaluation

# Of an inventory in a file: a few bytes of it could ask for any memory.
_MOST_CELLS, _MOST_PERIODS, _MOST_LABELS = 2**27, 10**6, 10**5


def store_numbers(evaluation: Evaluation, sources: Iterable[str]) -> dict[str, Any]:
    """Return what some sources of a sector file were worked out from, as JSON can hold it.

    Parameters
    ----------
    sources
        Ids of sources; numbers that none of them uses are left out.

    Returns
    -------
    dict
        ``sector`` (the id of the file), ``sources``, ``areas, years, labels``, and ``numbers`` by
        symbol: ``shape``, the places ``at`` which something stands (row by row), ``values``, the
        notation ``keys`` where there are some, and ``from``, places in ``origins``: addresses of
        cells, or factor rows.
    """
    sector, data = evaluation.sector, evaluation.data
    named = sorted(sources)
    used = dict.fromkeys(
        name for one in sorted(with_needs(sector, named)) for name in inputs_of(sector.blocks[one])
    )
    return {
        "sector": sector.id,
        "sources": named,
        "areas": list(data.axes.areas),
        "years": list(map(int, data.axes.years)),
        "labels": {dim: list(labels) for dim, labels in data.axes.labels.items()},
        "numbers": {name: _store(data.numbers[name]) for name in used if name in data.numbers},
    }


def restore_evaluation(held: Mapping[str, Any]) -> Evaluation:
    """Return the evaluation of :func:`store_numbers`, worked out again.

    Raises
    ------
    EquationError
        If there is no such sector file now, or it asks for other symbols.
    ValueError
        If the data are none of an evaluation.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.equations import arrange, evaluate, load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> rows = pd.DataFrame({"symbol": ["lime_output", "lime_factor"], "value": [1000.0, 0.683]})
    >>> held = store_numbers(evaluate(sector, arrange(sector, rows)), ["lime"])
    >>> list(held["numbers"]), float(restore_evaluation(held).values("lime").item())
    (['lime_output', 'lime_factor'], 683.0)
    """
    sector = load_sector(str(held["sector"]))
    labels = {str(dim): tuple(map(str, known)) for dim, known in held["labels"].items()}
    axes = Axes(tuple(map(str, held["areas"])), tuple(map(int, held["years"])), labels)
    whole = (len(axes.areas), len(axes.years), *map(len, labels.values()))
    if whole[0] * whole[1] > _MOST_PERIODS or max(whole) > _MOST_LABELS:
        raise ValueError(say("its areas, years or labels are too many"))
    nothing = no_numbers(len(whole))
    numbers = dict.fromkeys((*sector.activities, *sector.parameters), nothing)
    numbers |= {str(name): _restore(one, whole) for name, one in held["numbers"].items()}
    sources = [name for name in map(str, held["sources"]) if name in sector.blocks]
    return evaluate_sources(sector, Data(axes, numbers), sources)


def no_numbers(rank: int) -> Numbers:
    """Return the numbers of a symbol that has none."""
    states = np.full((1,) * rank, MISSING, np.int8)
    return Numbers(NumbersAndStates(np.zeros((1,) * rank), states), np.full((1,) * rank, -1))


def _store(numbers: Numbers) -> dict[str, Any]:
    values = np.asarray(numbers.cells.values, float)
    states = np.broadcast_to(states_of(numbers.cells), values.shape)
    at = np.flatnonzero(states != MISSING)
    held = {
        "shape": list(values.shape),
        "at": at.tolist(),
        "values": values.ravel()[at].tolist(),
    }
    if (states.ravel()[at] != NUMBER).any():
        held["keys"] = [KEYS[state] for state in states.ravel()[at].tolist()]
    if numbers.origins is None:
        return held
    origins = np.broadcast_to(numbers.origins, values.shape).ravel()[at]
    used, place = np.unique(origins[origins >= 0], return_inverse=True)
    come = np.full(len(at), -1)
    come[origins >= 0] = place
    rows = [_store_origin(numbers.sources[one]) for one in used.tolist()]
    return held | {"from": come.tolist(), "origins": rows}


def _store_origin(origin: Any) -> Any:
    if not isinstance(origin, FactorRow):
        return str(origin)
    none = {name: None for name, value in asdict(origin).items() if _is_nan(value)}
    return asdict(origin) | none


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _restore(held: Mapping[str, Any], whole: tuple[int, ...]) -> Numbers:
    shape = tuple(map(int, held["shape"]))
    fits = len(shape) == len(whole) and all(
        length in {1, most} for length, most in zip(shape, whole, strict=True)
    )
    if not fits or math.prod(shape) > _MOST_CELLS:
        raise ValueError(say("numbers of the shape {shape} do not fit its labels", shape=shape))
    at = np.asarray(held["at"], np.int64)
    size = math.prod(shape)
    if at.size and not 0 <= at.min() <= at.max() < size:
        raise ValueError(say("a number stands beyond the shape {shape}", shape=shape))
    values, states = np.zeros(size), np.full(size, MISSING, np.int8)
    values[at] = np.asarray(held["values"], float)
    keys = held.get("keys", [KEYS[NUMBER]] * at.size)
    if unknown := [key for key in keys if key not in KEYS]:
        raise ValueError(
            say(
                "no notation key {unknown!r}; known: {keys}",
                unknown=unknown[0],
                keys=join_texts(", ", filter(None, KEYS)),
            )
        )
    states[at] = [KEYS.index(key) for key in keys]
    cells = NumbersAndStates(
        values.reshape(shape), states.reshape(shape) if (states != NUMBER).any() else None
    )
    if "from" not in held:
        return Numbers(cells)
    origins = np.full(size, -1, np.int32)
    origins[at] = held["from"]
    sources = tuple(map(_restore_origin, held["origins"]))
    if origins.size and origins.max() >= len(sources):
        raise ValueError(say("a number comes from a row that is not there"))
    return Numbers(cells, origins.reshape(shape), sources)


def _restore_origin(held: Any) -> FactorRow | str:
    if not isinstance(held, dict):
        return str(held)
    nan = {name: math.nan for name in ("value", "lower", "upper") if held.get(name) is None}
    labels = tuple((str(dim), str(label)) for dim, label in held.get("labels", ()))
    try:
        return FactorRow(**{**held, **nan, "labels": labels})
    except TypeError as error:  # a column that no row has
        raise ValueError(say("a factor row cannot be read ({error})", error=error)) from None
