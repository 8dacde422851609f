"""Key categories: those that make up most of an inventory's level, of its trend, or of their uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from carbonacct.errors import Finding, UncertaintyError
from carbonacct.texts import join_texts, say
from carbonacct.uncertainty.approach1 import propagate_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

THRESHOLDS = {1: 0.95, 2: 0.90}
# Of a total: a smaller category without a number may be none, as in the checks of series.
LEAST = 0.01


def find_key_categories(
    table: pd.DataFrame,
    *,
    approach: Literal[1, 2] = 1,
    threshold: float | None = None,
    qualitative: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the level and trend assessment of each category and gas, largest level first.

    Parameters
    ----------
    table
        Columns ``category``, ``gas``, ``base`` and ``latest``, in one unit, NaN where a category has
        no number (``base`` throughout where there is no base year); for approach 2
        ``activity_uncertainty`` and ``factor_uncertainty``
        (half the 95 % range, %) as well.
    approach
        1: by size; 2: by size times uncertainty.
    threshold
        Part of the sum that the key categories make up: 0.95 for approach 1, 0.90 for approach 2
        unless given.
    qualitative
        Categories that are key for another reason, and the reason.

    Returns
    -------
    pandas.DataFrame
        The columns of the table, then ``level``, ``level_cumulative``, ``level_key``, ``trend``,
        ``trend_contribution``, ``trend_cumulative``, ``trend_key``, ``qualitative`` and
        ``criteria`` (such as ``L1, T1``; empty where not key). What has no number in the latest year
        has no level, and what has none in one of the years no trend; nothing has a trend where such
        a category is large (:func:`find_uneven`).

    Raises
    ------
    UncertaintyError
        If a column or a number lacks, a total is 0, or a name in ``qualitative`` is no category.

    Notes
    -----
    IPCC 2006, Vol. 1, Ch. 4. Level, eq. 4.1: L_x = abs(E_xt) / sum abs(E_yt). Trend, eq. 4.2:
    T_x = abs(E_x0) / sum abs(E_y0) x abs((E_xt - E_x0) / abs(E_x0) - (sum E_t - sum E_0) / abs(sum
    E_0)); for a category that was 0 in the base year, eq. 4.3: T_x = abs(E_xt) / sum abs(E_y0).
    Approach 2 (eq. 4.4 and 4.5) multiplies both by the combined uncertainty. Sorted in descending
    order, the key categories are those up to and with the one at which the cumulative sum reaches
    the threshold.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"category": ["a", "b", "c"], "gas": "CO2"})
    >>> rows = rows.assign(base=[50.0, 45.0, 5.0], latest=[60.0, 37.0, 3.0])
    >>> find_key_categories(rows)["criteria"].tolist()
    ['L1, T1', 'L1, T1', 'T1']
    """
    if approach not in THRESHOLDS:
        raise UncertaintyError(say("no approach {approach!r}; known: 1, 2", approach=approach))
    part = THRESHOLDS[approach] if threshold is None else threshold
    if not 0 < part <= 1:
        raise UncertaintyError(
            say("threshold {part:g} is not a part between 0 and 1 (0.95 for 95 %)", part=part)
        )
    given = (
        table if approach == 2 else table.assign(activity_uncertainty=0.0, factor_uncertainty=0.0)
    )
    given = _fill_checked(given)
    combined = (
        propagate_errors(given).table["combined_uncertainty"].to_numpy() if approach == 2 else 1.0
    )
    if approach == 1:
        propagate_errors(given)  # the same columns and numbers are needed
    out = table.reset_index(drop=True).copy()
    base, latest = out["base"].to_numpy(dtype=float), out["latest"].to_numpy(dtype=float)
    level = np.abs(latest) / np.nansum(np.abs(latest)) * combined
    out["level"] = level / np.nansum(level) if np.nansum(level) else level
    out["level_cumulative"], out["level_key"] = _accumulate(out["level"].to_numpy(), part)
    is_even = not find_uneven(out)
    trend = (_assess_trend(base, latest) if is_even else np.full(len(base), np.nan)) * combined
    out["trend"] = trend
    out["trend_contribution"] = trend / np.nansum(trend) if np.nansum(trend) > 0 else trend
    out["trend_cumulative"], out["trend_key"] = _accumulate(
        out["trend_contribution"].to_numpy(), part
    )
    reasons = dict(qualitative or {})
    if unknown := [name for name in reasons if name not in set(out["category"])]:
        raise UncertaintyError(
            say(
                "no category {unknown!r} to be key by other criteria; the table has {categories}",
                unknown=unknown[0],
                categories=join_texts(", ", map(str, out["category"].unique()[:30])),
            )
        )
    out["qualitative"] = [reasons.get(name, "") for name in out["category"]]
    marks = {
        f"L{approach}": out["level_key"],
        f"T{approach}": out["trend_key"],
        "Q": out["qualitative"] != "",
    }
    out["criteria"] = [
        ", ".join(mark for mark, key in marks.items() if key.iloc[i]) for i in range(len(out))
    ]
    return out.sort_values("level", ascending=False, kind="stable").reset_index(drop=True)


def find_uneven(table: pd.DataFrame, *, least: float = LEAST) -> list[str]:
    """Return the categories with a number in one of the two years alone, too large to be left out of a trend.

    Parameters
    ----------
    table
        As of :func:`find_key_categories`.
    least
        The part of the larger total up to which a category is small.

    Notes
    -----
    Absent is not zero: years that do not cover the same are not compared. A small category is left
    out of both years.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"category": ["a", "b", "c"], "base": [50.0, None, 0.1], "latest": [60.0, 3.0, None]})
    >>> find_uneven(rows)
    ['b']
    """
    base, latest = (table[name].to_numpy(dtype=float) for name in ("base", "latest"))
    if np.isnan(base).all():
        return []
    size = np.abs(np.where(np.isnan(latest), base, latest))
    most = max(abs(np.nansum(base)), abs(np.nansum(latest)))
    is_uneven = (np.isnan(base) != np.isnan(latest)) & (size > least * most)
    return list(dict.fromkeys(map(str, table["category"][is_uneven])))


def check_trend(
    table: pd.DataFrame, *, area: str, base: int | None, latest: int, least: float = LEAST
) -> list[Finding]:
    """Return why the two years of an area have no trend; nothing where they have one or there is no base year.

    Parameters
    ----------
    table
        As of :func:`find_key_categories`, of the area.
    base, latest
        Its years.
    least
        As of :func:`find_uneven`.
    """
    names = find_uneven(table, least=least)
    if base == latest:
        reason = say("{base} is its latest year", base=base)
    elif base is not None and table["base"].isna().all():
        reason = say("{base} has no number", base=base)
    elif names:
        reason = say("one of the two years has no number of {names}", names=join_texts(", ", names))
    else:
        return []
    return [
        Finding(
            "trend-coverage",
            "warning",
            say(
                "{area} has no trend from {base} to {latest}: {reason}",
                area=area,
                base=base,
                latest=latest,
                reason=reason,
            ),
            "",
            say("give the number, or 0 where it does not occur"),
        )
    ]


def _fill_checked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table for checks that know no absent number, zero in its place."""
    if not {"base", "latest"} <= set(table.columns) or table["base"].isna().all():
        return table
    return table.fillna({"base": 0.0, "latest": 0.0})


def _assess_trend(base: np.ndarray, latest: np.ndarray) -> np.ndarray:
    """Return the trend of what has a number in both years."""
    if np.isnan(base).all():
        return np.full(len(base), np.nan)
    lacks = np.isnan(base) | np.isnan(latest)
    base, latest = np.where(lacks, np.nan, base), np.where(lacks, np.nan, latest)
    all_base = np.nansum(np.abs(base))
    whole = (np.nansum(latest) - np.nansum(base)) / abs(np.nansum(base))
    size = np.where(base == 0, 1.0, np.abs(base))
    changed = size / all_base * np.abs((latest - base) / size - whole)
    return np.asarray(np.where(base == 0, np.abs(latest / all_base), changed))


def _accumulate(shares: np.ndarray, part: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the cumulative sum in descending order, in the places of the shares, and which reach a part."""
    cumulative, key = np.full(len(shares), np.nan), np.zeros(len(shares), bool)
    order = np.argsort(-shares, kind="stable")[: np.isfinite(shares).sum()]  # NaN stands last
    summed = np.cumsum(shares[order])
    cumulative[order] = summed
    # The category at which the sum reaches the part is key; rounding must not add the next.
    # The one that reaches the part is key too; shares add up to it but for the last bits.
    key[order] = (summed - shares[order] < part - 1e-12) & (shares[order] > 0)
    return cumulative, key
