"""What would help most: how much of the variance of a total, or of a trend, each input brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import UncertaintyError
from carbonacct.texts import join_texts, say
from carbonacct.uncertainty.category_uncertainty import find_level
from carbonacct.uncertainty.computed import gradient_of
from carbonacct.uncertainty.distributions import compute_mean, compute_sd
from carbonacct.uncertainty.draw_model import select_cells
from carbonacct.uncertainty.moments import combination_moments, compute_totals
from carbonacct.uncertainty.uncertain_totals import sum_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.uncertainty.draw_model import DrawModel


def rank_contributions(
    model: DrawModel,
    *,
    where: Mapping[str, object] | None = None,
    trend: tuple[int, int] | None = None,
) -> pd.DataFrame:
    """Return the contribution of each factor row and each activity cell to the variance of a total, largest first.

    Parameters
    ----------
    model
        Cells and what is uncertain about them.
    where
        The total: one label of some dims, such as ``{"area": "重庆", "year": 2007}``; by default all
        cells.
    trend
        Two years: the variance of the change between them, in percent of the first, instead of that
        of the total.

    Returns
    -------
    pandas.DataFrame
        ``kind`` (factor or activity), ``input``, ``parameter``, ``item``, ``cells`` (how many use
        it), ``sd`` (what it alone does to the total in t, or to the trend in percentage points),
        ``share`` of the variance, and ``cumulative``.

    Raises
    ------
    UncertaintyError
        If there is no such label, nothing is uncertain, or one of the two years of a trend has no
        number of a category that the other has: absent is not zero.

    Notes
    -----
    First-order effects: sd_k^2 = Var E[total | input k], the variance that would go if input k were
    known. Their sum is the total's variance but for interactions, which products of uncertain
    numbers have; what the effects leave is the row ``interactions``. A trend is linearised: 100 (D
    / C - 1) changes by 100 / C dD - 100 D / C^2 dC.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> ranked = ca.rank_contributions(ca.model_inventory(inventory))
    >>> round(float(ranked["share"].sum()), 9)
    1.0
    """
    weights = _weigh(model, where or {}, trend)
    total = float(compute_totals(model, sum_cells(model, [], weights))[1][0]) ** 2
    mean_of, _ = combination_moments(model)
    amount = model.value * weights
    central = amount * model.activity_mean * mean_of[model.combination]
    if not total > 0:
        raise UncertaintyError(
            say("nothing here is uncertain: the cells have no bounds and no uncertain activity")
        )
    rows: list[tuple[str, str, str, str, int, float]] = []
    used = np.flatnonzero(amount)
    spent = np.bincount(model.combination, amount * model.activity_mean, len(model.uses))
    for number, one in enumerate(model.inputs):
        gradient = gradient_of(model, number)
        power = ((model.uses == number) * model.powers).sum(axis=1)
        times, over = (power > 0)[model.combination], (power < 0)[model.combination]
        weighted = central * np.abs(power)[model.combination]
        relative = compute_sd(one.uncertainty) / abs(compute_mean(one.uncertainty))
        # An input that divides moves the total the other way; for the small spread of a divisor as
        # far.
        moved = weighted[times].sum() - weighted[over].sum() + spent @ gradient
        here = times | over | (gradient != 0)[model.combination]
        kind = "activity" if one.parameter == "activity" else "factor"
        rows.append(
            (kind, one.name, one.parameter, one.item, int(here[used].sum()), abs(moved) * relative)
        )
    effects = np.bincount(model.activity, amount * model.activity_sd * mean_of[model.combination])
    cells = np.bincount(model.activity[used], minlength=len(effects))
    _, one_of = np.unique(model.activity, return_index=True)
    for one_activity in np.flatnonzero(effects):
        place = name_place(model, int(one_of[one_activity]))
        rows.append(
            (
                "activity",
                f"activity: {place}",
                "activity",
                place,
                int(cells[one_activity]),
                abs(float(effects[one_activity])),
            )
        )
    frame = pd.DataFrame(rows, columns=["kind", "input", "parameter", "item", "cells", "sd"])
    frame = frame[frame["sd"] > 0].sort_values("sd", ascending=False, kind="stable")
    frame["share"] = frame["sd"] ** 2 / total
    rest = float(1 - frame["share"].sum())
    left = {
        "kind": "",
        "input": "interactions",
        "parameter": "",
        "item": "",
        "cells": 0,
        "sd": float(np.sqrt(max(rest, 0) * total)),
        "share": rest,
    }
    frame = pd.concat([frame, pd.DataFrame([left])], ignore_index=True)
    frame["cumulative"] = frame["share"].cumsum()
    return frame


def name_place(model: DrawModel, cell: int) -> str:
    """Return the labels of the activity of a cell; the gases of one fuel have one activity."""
    return " ".join(
        str(model.labels[dim][code[cell]])
        for dim, code in model.codes.items()
        if dim != "gas" or len(model.labels[dim]) == 1
    )


def _weigh(
    model: DrawModel, where: Mapping[str, object], trend: tuple[int, int] | None
) -> np.ndarray:
    weights = np.ones(len(model.value))
    for dim, label in where.items():
        weights *= select_cells(model, dim, label)
    if trend:
        first, last = (weights * select_cells(model, "year", year) for year in trend)
        _check_same(model, trend, first, last)
        base = float(model.value @ first)
        if base == 0:
            raise UncertaintyError(
                say("the total of {trend} is 0; a trend in percent needs a base", trend=trend[0])
            )
        weights = 100 * last / base - 100 * first * float(model.value @ last) / base**2
    return weights


def _check_same(
    model: DrawModel, trend: tuple[int, int], first: np.ndarray, last: np.ndarray
) -> None:
    """Refuse a trend between years that do not cover the same categories of the same areas."""
    if not {"area", "category", "fuel", "gas"} <= model.codes.keys():
        return  # cells of another make have no categories
    held = pd.DataFrame({dim: model.labels[dim][model.codes[dim]] for dim in model.codes})
    held = held.assign(first=(first != 0), last=(last != 0), size=np.abs(model.value))
    known = held[held["first"] | held["last"]].astype({"area": str})
    known = known.assign(
        level=[
            find_level(str(category), str(fuel))
            for category, fuel in zip(known["category"], known["fuel"], strict=True)
        ]
    )
    sums = known.groupby(["area", "level", "gas"], observed=True)
    sides = sums[["first", "last"]].any().assign(size=sums["size"].sum())
    lacking = sides[(sides["first"] != sides["last"]) & (sides["size"] > 0)].reset_index()
    if len(lacking):
        names = list(dict.fromkeys(lacking["level"]))
        raise UncertaintyError(
            say(
                "{area} has no trend from {base} to {latest}: {reason}",
                area=join_texts(", ", dict.fromkeys(lacking["area"])),
                base=trend[0],
                latest=trend[1],
                reason=say(
                    "one of the two years has no number of {names}", names=join_texts(", ", names)
                ),
            )
        )
