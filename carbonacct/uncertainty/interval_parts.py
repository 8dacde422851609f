"""What makes an interval: the factor rows and activities with the most of its variance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.uncertainty.contributions import name_place, rank_contributions
from carbonacct.uncertainty.distributions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.uncertainty.draw_model import DrawInput, DrawModel

COLUMNS = (
    *("area", "year", "gas", "kind", "symbol", "item", "flow", "product", "place"),
    *("half_width", "cells", "sd", "share"),
)
_MOST = 60  # areas and years
_SHOWN = 6  # parts of an interval that are named
_ACTIVITY = "activity: "


def list_all_parts(model: DrawModel, intervals: pd.DataFrame, gas: str) -> pd.DataFrame:
    """Return the parts of the interval of each area and year; none where there are too many."""
    if len(intervals) > _MOST:
        return pd.DataFrame(columns=list(COLUMNS))
    frames = [
        list_parts(model, str(area), int(year)).assign(area=area, year=year, gas=gas)
        for area, year, lower, upper in zip(
            *(intervals[name] for name in ("area", "year", "lower", "upper")), strict=True
        )
        if upper > lower
    ]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return whole.reindex(columns=list(COLUMNS))


def list_parts(model: DrawModel, area: str, year: int) -> pd.DataFrame:
    """Return the inputs with the most of the variance of a total, and the rest as one.

    Returns
    -------
    DataFrame
        ``kind`` (factor, activity, rest), ``symbol`` (the parameter, or the activity of a source),
        ``item``, ``flow`` and ``product`` of an activity of a balance, ``place`` (the factor row),
        ``half_width`` (half the 95 % range of the input, in percent of it), ``cells`` (how many
        share its one error), ``sd`` (what it alone does to the total, t) and ``share`` of the
        variance.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> found = list_parts(ca.model_inventory(cube), "重庆", 2007)
    >>> round(float(found["share"].sum()), 9), found["kind"].iloc[-1]
    (1.0, 'rest')
    """
    ranked = rank_contributions(model, where={"area": area, "year": year})
    inputs = {one.name: one for one in model.inputs}
    own = np.flatnonzero(model.activity_sd)
    summed = {f"{_ACTIVITY}{name_place(model, int(cell))}": int(cell) for cell in own}
    named = ranked[ranked["input"] != "interactions"].head(_SHOWN)
    rows = [_describe(model, row, inputs.get(str(row.input)), summed) for row in named.itertuples()]
    share = 1 - float(named["share"].sum())
    spread = float(np.sqrt(max(share, 0.0) / named["share"].iloc[0])) * float(named["sd"].iloc[0])
    rows.append({"kind": "rest", "sd": spread, "share": share})
    texts = dict.fromkeys(("symbol", "item", "flow", "product", "place"), "")
    return pd.DataFrame([{**texts, "half_width": np.nan, "cells": 0, **row} for row in rows])


def _describe(
    model: DrawModel, row: Any, known: DrawInput | None, summed: Mapping[str, int]
) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": row.kind,
        "cells": row.cells,
        "sd": row.sd,
        "share": row.share,
    }
    if known is None:  # an activity of a balance: its error is summed and not drawn
        cell = summed[row.input]
        labels = {
            dim: str(model.labels[dim][model.codes[dim][cell]]) for dim in ("flow", "product")
        }
        half = 100 * normal_quantile(0.975) * float(model.activity_sd[cell])
        return {**found, **labels, "half_width": half}
    bounds = known.uncertainty
    half = 100 * (bounds.upper - bounds.lower) / 2 / abs(bounds.value)
    if row.kind == "activity":
        symbol = known.name.removeprefix(_ACTIVITY).partition(" ")[0]
        return {**found, "symbol": symbol, "item": known.item, "half_width": half}
    place = known.name.rpartition(" ")[0]
    factor = {"symbol": known.parameter, "item": known.item, "place": place}
    return {**found, **factor, "half_width": half}
