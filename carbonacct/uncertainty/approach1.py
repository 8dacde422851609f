"""Approach 1: error propagation in the columns of the IPCC's table 3.2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from carbonacct.display import legible
from carbonacct.errors import UncertaintyError, did_you_mean
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDED = ("category", "gas", "base", "latest", "activity_uncertainty", "factor_uncertainty")


@legible
@dataclass(frozen=True, repr=False, eq=False)
class ErrorPropagation:
    """Table 3.2 of an inventory.

    Attributes
    ----------
    table
        One row per category and gas. Columns A to F as given (``category``, ``gas``, ``base``,
        ``latest``, ``activity_uncertainty`` and ``factor_uncertainty`` in %), then G
        ``combined_uncertainty`` (%), H ``variance_contribution`` (%2), I ``type_a`` and J
        ``type_b`` sensitivity (% of the base total per %), K ``trend_from_factor`` and L
        ``trend_from_activity`` (percentage points), M ``trend_variance``.
    level_uncertainty
        Half the 95 % range of the latest total, in percent of it.
    trend, trend_uncertainty
        Change from the base to the latest total in percent of the base, and half its 95 % range in
        percentage points; NaN without a base.
    """

    table: pd.DataFrame
    level_uncertainty: float
    trend: float
    trend_uncertainty: float


def propagate_errors(
    table: pd.DataFrame,
    *,
    sensitivity: Literal["finite-difference", "derivative"] = "finite-difference",
    totals: tuple[float, float] | None = None,
) -> ErrorPropagation:
    """Compute the uncertainty of a total and of its trend by error propagation.

    Parameters
    ----------
    table
        Columns ``category``, ``gas``, ``base``, ``latest`` (emissions in one unit, removals below
        0; ``base`` may be NaN throughout), ``activity_uncertainty``, ``factor_uncertainty`` (half
        the 95 % range, %). Optional: ``factor_correlated`` (true unless given: the factor has one
        error in both years) and ``activity_correlated`` (false unless given).
    sensitivity
        Type A as the guidelines print it, by a difference of 1 %, or as the derivative that this
        approximates.
    totals
        Base and latest total, where the table is an excerpt of a larger inventory.

    Raises
    ------
    UncertaintyError
        If a column lacks, a number is missing, an uncertainty is negative, or a total is 0.

    Notes
    -----
    IPCC 2006, Vol. 1, Ch. 3, table 3.2 with notes A to D. G = sqrt(E^2 + F^2); H = (G D / sum D)^2;
    I = 100 ((0.01 D + sum D) / (0.01 C + sum C) - sum D / sum C), or D / sum C - C sum D / (sum
    C)^2; J = abs(D / sum C); K = I F if the factor's error is the same in both years, else J F sqrt
    2; L = J E sqrt 2 if that of the activity is not, else I E; M = K^2 + L^2. Level and trend
    uncertainty are the square roots of the sums of H and M. In the Good Practice Guidance of 2000
    (table 6.1) H and M are the square roots of these.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"category": ["coal", "gas"], "gas": "CO2", "base": [80.0, 20.0], "latest": [90.0, 40.0],
    ...                      "activity_uncertainty": [3, 4], "factor_uncertainty": [4, 3]})
    >>> found = propagate_errors(rows)
    >>> found.table["combined_uncertainty"].tolist(), found.trend
    ([5.0, 5.0], 30.0)
    """
    _check(table, totals)
    known = [
        name
        for name in table.columns
        if name in {*NEEDED, "activity_correlated", "factor_correlated"}
    ]
    out = table[known].reset_index(drop=True).copy()
    c, d, e, f = (out[name].to_numpy(dtype=float) for name in NEEDED[2:])
    base, latest = totals or (float(c.sum()), float(d.sum()))
    g = np.sqrt(e**2 + f**2)
    h = (g * d / latest) ** 2
    if sensitivity == "finite-difference":
        i = 100 * ((0.01 * d + latest) / (0.01 * c + base) - latest / base)
    elif sensitivity == "derivative":
        i = d / base - c * latest / base**2
    else:
        raise UncertaintyError(
            say(
                "no sensitivity {sensitivity!r}; {near} known: finite-difference, derivative",
                sensitivity=sensitivity,
                near=did_you_mean(sensitivity, ("finite-difference", "derivative")),
            )
        )
    j = np.abs(d / base)
    # Notes C and D: an error that is the same in both years moves the trend by what changed (I);
    # two errors that are new in each year add as squares (J, sqrt 2).
    k = np.where(_flags(out, "factor_correlated", default=True), i * f, j * f * np.sqrt(2))
    l_ = np.where(_flags(out, "activity_correlated", default=False), i * e, j * e * np.sqrt(2))
    m = k**2 + l_**2
    columns = (
        "combined_uncertainty",
        "variance_contribution",
        "type_a",
        "type_b",
        "trend_from_factor",
        "trend_from_activity",
        "trend_variance",
    )
    for name, column in zip(columns, (g, h, i, j, k, l_, m), strict=True):
        out[name] = column
    trend = 100 * (latest - base) / base
    return ErrorPropagation(out, float(np.sqrt(h.sum())), float(trend), float(np.sqrt(m.sum())))


def _flags(table: pd.DataFrame, name: str, *, default: bool) -> np.ndarray:
    return table[name].to_numpy(dtype=bool) if name in table else np.full(len(table), default)


def _check(table: pd.DataFrame, totals: Sequence[float] | None) -> None:
    if lacking := [name for name in NEEDED if name not in table.columns]:
        near = did_you_mean(lacking[0], map(str, table.columns))
        raise UncertaintyError(
            say(
                "the table has no column {lacking}; {near}",
                lacking=lacking[0],
                near=near or say("it has {columns}", columns=as_typed(map(str, table.columns))),
            )
        )
    whole = bool(table["base"].isna().all())
    for name in NEEDED[2:]:
        numbers = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float)
        bad = np.flatnonzero(~np.isfinite(numbers))
        if len(bad) and not (name == "base" and whole):
            raise UncertaintyError(
                say(
                    "{category}: {name} is {number}, not a number; give 0 for an emission "
                    "that does not occur",
                    category=table["category"].iloc[bad[0]],
                    name=name,
                    number=table[name].iloc[bad[0]],
                )
            )
        if name.endswith("uncertainty") and (numbers < 0).any():
            first = int(np.argmax(numbers < 0))
            raise UncertaintyError(
                say(
                    "{category}: {name} is {number:g} %; give half the 95 % range, 0 or more",
                    category=table["category"].iloc[first],
                    name=name,
                    number=numbers[first],
                )
            )
    base, latest = totals or (float(table["base"].sum()), float(table["latest"].sum()))
    if latest == 0 or (base == 0 and not whole):
        raise UncertaintyError(
            say("the total of the latest year is 0; percentages need a total")
            if latest == 0
            else say("the total of the base year is 0; percentages need a total")
        )
