"""A target divided over districts or sectors: shares in whole units that add up to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.display import shown_in_notebooks
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RULES = ("proportional", "equal_intensity", "convergence", "capacity")


@shown_in_notebooks
@dataclass(frozen=True)
class Sharing:
    """How a target is divided.

    Attributes
    ----------
    rule
        ``proportional`` to `column`; ``equal_intensity``: the same emissions a unit of GDP;
        ``convergence``: from the own share now to that of the population by `by_year`;
        ``capacity``: by `weights` of several columns, each as a share of its sum.
    column
        What is proportional, ``co2`` unless given.
    weights
        By column; they add up to 1.
    year, base_year, by_year
        Of convergence: the year of the target, the year of the own shares, and the year in which
        shares are those of the population.
    floor
        The least share of each, as a fraction of its ``co2``.
    reserve
        What is kept back, in the unit of the target.
    """

    rule: str
    column: str = "co2"
    weights: Mapping[str, float] | None = None
    year: int = 0
    base_year: int = 0
    by_year: int = 0
    floor: float = 0.0
    reserve: float = 0.0


def share_target(total: float, parts: pd.DataFrame, how: Sharing) -> pd.DataFrame:
    """Return what each part gets of a target, in whole units.

    Parameters
    ----------
    total
        The target: an amount of the whole, in the unit that shares are whole numbers of.
    parts
        One row a part: ``area`` (or another first column of labels), ``co2`` and what the rule asks
        for: ``gdp``, ``population``. A part whose ``co2`` is negative is a sink: it keeps its own
        number and stands apart from the rule.
    how
        The rule.

    Returns
    -------
    DataFrame
        The label, ``own`` (its ``co2``), ``exact`` (what the rule gives), ``share`` (whole units)
        and ``change`` (share less own).

    Raises
    ------
    PanelError
        If a column lacks, a number is absent, weights do not add up to 1, or floors exceed it.

    Notes
    -----
    Sinks, shares and the reserve add up to the target. Rounding is by the largest remainder; where
    remainders are equal, by label. Floors are met first, and the rest is divided by the rule among
    those above theirs, again until all are.

    Examples
    --------
    >>> parts = pd.DataFrame({"area": ["a", "b", "c"], "co2": [50.0, 25.0, 25.0]})
    >>> share_target(100, parts.assign(co2=1.0), Sharing("proportional"))["share"].tolist()
    [34, 33, 33]
    """
    _check(how)
    label = str(parts.columns[0])
    if parts[label].duplicated().any():
        twice = parts.loc[parts[label].duplicated(), label].iloc[0]
        raise PanelError(say("{label} is there twice; give each part once", label=twice))
    own = _read(parts, "co2", label)
    sinks = own < 0
    kept = np.rint(own[sinks])
    left = total - how.reserve - float(kept.sum())
    if left < 0:
        raise PanelError(
            say("the reserve is more than the target and leaves {left}; lower it", left=f"{left:g}")
        )
    keys = np.where(sinks, 0.0, _weigh(parts, how, label, sinks))
    if keys.sum() <= 0:
        raise PanelError(say("nothing above zero to divide by; name another column"))
    floors = np.where(sinks, 0.0, own * how.floor)
    exact = np.where(sinks, own, fill_floors(left, keys, floors))
    whole = np.zeros(len(own), np.int64)
    whole[sinks] = kept
    whole[~sinks] = round_shares(exact[~sinks], parts[label].astype(str).to_numpy()[~sinks])
    return pd.DataFrame(
        {
            label: parts[label].to_numpy(),
            "own": own,
            "exact": exact,
            "share": whole,
            "change": whole - own,
        }
    )


def fill_floors(total: float, keys: Floats, floors: Floats) -> Floats:
    """Return a total divided by keys so that no part gets less than its floor (water filling).

    Raises
    ------
    PanelError
        If the floors together are more than the total.

    Examples
    --------
    >>> fill_floors(100, np.array([1.0, 1.0, 8.0]), np.array([20.0, 0.0, 0.0])).round(2).tolist()
    [20.0, 8.89, 71.11]
    """
    if floors.sum() > total * (1 + 1e-12):
        raise PanelError(
            say(
                "the floors add up to {floors} and the target leaves {total}; lower the floors",
                floors=f"{floors.sum():g}",
                total=f"{total:g}",
            )
        )
    held = np.zeros(len(keys), bool)
    while True:
        free = ~held
        rest = total - floors[held].sum()
        weight = keys[free].sum()
        found = np.where(held, floors, rest * keys / weight if weight > 0 else 0.0)
        # Who is below the floor is lifted to it, which leaves less for the others: asked again.
        low = free & (found < floors)
        if not low.any():
            return found
        held |= low


def round_shares(exact: Floats, labels: NDArray[Any]) -> NDArray[np.int64]:
    """Return shares in whole units that add up to the rounded sum: the largest remainders go up.

    Examples
    --------
    >>> round_shares(np.array([33.4, 33.3, 33.3]), np.array(["b", "a", "c"])).tolist()
    [34, 33, 33]
    """
    whole = np.floor(exact).astype(np.int64)
    lacking = round(float(exact.sum())) - int(whole.sum())
    order = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], labels[at]))
    whole[order[:lacking]] += 1
    return whole


def imply_whole_cut(parts: pd.DataFrame, cuts: Mapping[str, float]) -> float:
    """Return the cut of the whole's intensity that cuts of its parts make: they do not add up.

    Parameters
    ----------
    parts
        ``area, co2`` and ``gdp`` of the base year, and ``gdp_due`` of the due year, at the same
        prices.
    cuts
        Of CO2 per GDP by area, fractions.

    Raises
    ------
    PanelError
        If a part has no cut, or no GDP of the due year: without it the whole is not known.

    Notes
    -----
    1 - (sum E (1 - c) G1/G0 / sum G1) / (sum E / sum G0). Where the part of higher intensity grows
    faster, parts that all cut by 18 % make a smaller cut of the whole.

    Examples
    --------
    >>> parts = pd.DataFrame({"area": ["a", "b"], "co2": [80.0, 20.0], "gdp": [50.0, 50.0],
    ...                       "gdp_due": [75.0, 55.0]})
    >>> round(imply_whole_cut(parts, {"a": 0.18, "b": 0.18}), 3)
    0.104
    """
    label = str(parts.columns[0])
    if "gdp_due" not in parts.columns:
        raise PanelError(
            say("cuts of an intensity do not add up without the GDP of the due year; add gdp_due")
        )
    co2, before, after = (_read(parts, name, label) for name in ("co2", "gdp", "gdp_due"))
    if lacking := [str(one) for one in parts[label] if str(one) not in cuts]:
        raise PanelError(say("no cut is given for {area}; add it", area=lacking[0]))
    for area, cut in cuts.items():
        if not cut < 1:
            raise PanelError(
                say(
                    "the cut of {area} is {cut}, which leaves nothing; write 17 % as 0.17",
                    area=area,
                    cut=f"{cut:g}",
                )
            )
    if (before <= 0).any() or (after <= 0).any():
        raise PanelError(say("a GDP is not above zero; correct it"))
    kept = np.array([1 - cuts[str(one)] for one in parts[label]])
    later = float((co2 * kept * after / before).sum() / after.sum())
    return 1 - later / float(co2.sum() / before.sum())


def _check(how: Sharing) -> None:
    if how.rule not in RULES:
        near = did_you_mean(how.rule, RULES) or join_texts(", ", RULES)
        raise PanelError(say("no rule {rule}; {near}", rule=repr(how.rule), near=near))
    if not how.reserve >= 0:
        raise PanelError(
            say(
                "a reserve of {reserve} would be given out twice; write 0 or more",
                reserve=f"{how.reserve:g}",
            )
        )
    if how.rule == "capacity":
        weights = how.weights or {}
        if low := [name for name, weight in weights.items() if not weight >= 0]:
            raise PanelError(
                say("the weight of {name} is no number from 0 to 1; correct it", name=low[0])
            )
        if not weights or abs(math.fsum(weights.values()) - 1) > 1e-9:
            raise PanelError(
                say(
                    "the weights of capacity add up to {total}; let them add up to 1",
                    total=f"{math.fsum(weights.values()):g}",
                )
            )
    if how.rule == "convergence" and not how.base_year <= how.year <= how.by_year:
        raise PanelError(
            say(
                "convergence runs from {first} to {last}, and the target is of {year}; correct them",
                first=how.base_year,
                last=how.by_year,
                year=how.year,
            )
        )
    if how.rule == "convergence" and how.base_year == how.by_year:
        raise PanelError(say("convergence takes at least a year; name a later year"))


def _read(parts: pd.DataFrame, column: str, label: str) -> Floats:
    if column not in parts.columns:
        near = did_you_mean(column, map(str, parts.columns)) or say("add it")
        raise PanelError(say("the parts have no column {column}; {near}", column=column, near=near))
    values = pd.to_numeric(parts[column], errors="coerce").to_numpy(float)
    if not np.isfinite(values).all():
        at = parts[label].iloc[int(np.flatnonzero(~np.isfinite(values))[0])]
        raise PanelError(say("{area} has no number for {column}; add it", area=at, column=column))
    return values


def _weigh(parts: pd.DataFrame, how: Sharing, label: str, sinks: NDArray[np.bool_]) -> Floats:
    """Return the keys of a rule; they need not add up to 1."""

    def normed(column: str) -> Floats:
        values = np.where(sinks, 0.0, _read(parts, column, label))
        if (values < 0).any() or values.sum() <= 0:
            raise PanelError(say("{column} is negative or zero; it has no shares", column=column))
        shares: Floats = values / values.sum()
        return shares

    if how.rule == "proportional":
        return normed(how.column)
    if how.rule == "equal_intensity":
        return normed("gdp")
    if how.rule == "capacity":
        weights = how.weights or {}
        keys: Floats = np.sum([weight * normed(name) for name, weight in weights.items()], axis=0)
        return keys
    along = (how.year - how.base_year) / (how.by_year - how.base_year)
    return (1 - along) * normed("co2") + along * normed("population")
