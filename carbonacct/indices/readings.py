"""What the published indices read from scores: what moved them, quadrants, groups, rank changes, correlation.

Functions on plain tables, one row an area. Each says which rule a document states and which is
ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

_ROUNDING = 1e-12
QUADRANTS = ("upper_right", "upper_left", "lower_left", "lower_right")


def explain_score_changes(
    changes: pd.DataFrame, *, held_within: float, threshold: float = 0.5
) -> pd.DataFrame:
    """Report which sub-index moved each area's score: the one that makes more than half of the change.

    Parameters
    ----------
    changes
        One row an area, one column a sub-index: its weighted change, in points of the total.
    held_within
        A total change of at most so many points, up or down, is a score that held.
    threshold
        The share of the total change that a sub-index must exceed.

    Returns
    -------
    DataFrame
        By area: ``total`` (points), ``direction`` (``rose``, ``held``, ``fell``), ``driver`` (the
        sub-index, ``combined`` where none exceeds the threshold, missing where the score held) and
        the driver's ``share``. An area that lacks a sub-index has none of them.

    Notes
    -----
    中国城市双碳指数 2021-2022, section “全国一盘棋”城市双碳指数分年度进展分析:
    雄心引导型, 状态改进型, 减排推动型 where ambition,
    state or trend makes more than 50 % of the change of the total, 综合驱动型 where the shares are
    fairly balanced; scores that fell by the same rule. Ours: balanced is that none exceeds the
    threshold; where changes of both signs let two sub-indices exceed it, the greater share counts.
    The report does not say how small a change is one that held, so ``held_within`` has no default.

    Examples
    --------
    >>> changes = pd.DataFrame(index=["Qingdao", "Baotou", "Yancheng"])
    >>> changes[["ambition", "state", "trend"]] = [(0.1, 1.0, 9.0), (4.0, 0.5, 0.5), (3.0, 3.0, 3.0)]
    >>> explain_score_changes(changes, held_within=0.5)["driver"].to_dict()
    {'Qingdao': 'trend', 'Baotou': 'ambition', 'Yancheng': 'combined'}
    """
    if changes.columns.empty:
        raise PanelError(say("no sub-index: give one column for each"))
    if held_within < 0:
        raise PanelError(
            say("held_within is {held_within:g} points; give zero or more", held_within=held_within)
        )
    points = _numbers(changes, list(changes.columns))
    total = points.sum(axis=1, skipna=False)
    # 0.1 + 0.2 - 0.3 is not 0 in binary: what only rounding puts above a limit is not above it.
    rounding = _ROUNDING * points.abs().sum(axis=1)
    moved = total.abs() > held_within + rounding
    towards = points.mul(np.sign(total), axis=0)
    largest = pd.Series(
        changes.columns.to_numpy()[towards.fillna(-np.inf).to_numpy().argmax(axis=1)],
        index=points.index,
    )
    most = towards.max(axis=1, skipna=False)
    above = moved & (most > threshold * total.abs() + rounding)
    direction = pd.Series(
        np.select([~moved, total > 0], ["held", "rose"], "fell"), index=points.index
    ).where(total.notna())
    return pd.DataFrame(
        {
            "total": total,
            "direction": direction,
            "driver": largest.where(above, "combined").where(moved),
            "share": (most / total.abs()).where(above),
        }
    )


def place_in_quadrants(
    scores: pd.DataFrame, *, x: str, y: str, size: str, x_axis: float, y_axis: float
) -> pd.DataFrame:
    """Place each area in a quadrant of two sub-indices, with a third as the size of its mark.

    Parameters
    ----------
    scores
        One row an area, with the columns ``x``, ``y`` and ``size``.
    x_axis, y_axis
        Where the plane is divided, in the units of ``x`` and ``y``. An area on the line counts as
        right, or upper.

    Returns
    -------
    DataFrame
        By area: ``x``, ``y``, ``size`` and ``quadrant``, one of ``QUADRANTS``, missing where ``x``
        or ``y`` is.

    Notes
    -----
    中国城市双碳指数 2021-2022, figures 6 and 7: low-carbon state to the right, emission trend upwards,
    ambition as the size; upper right is 低碳发展领先区, lower left 低碳转型滞后区, the others have no name. The
    report does not print where its axes cross, so both have to be given; the rule on the line is
    ours.

    Examples
    --------
    >>> scores = pd.DataFrame(index=["Shenzhen", "Yulin"])
    >>> scores[["state", "trend", "ambition"]] = [(29.0, 25.0, 22.0), (8.0, 4.0, 3.0)]
    >>> place_in_quadrants(scores, x="state", y="trend", size="ambition", x_axis=20, y_axis=15)["quadrant"].to_dict()
    {'Shenzhen': 'upper_right', 'Yulin': 'lower_left'}
    """
    numbers = _numbers(scores, (x, y, size))
    placed = pd.DataFrame({"x": numbers[x], "y": numbers[y], "size": numbers[size]})
    right, upper = placed["x"] >= x_axis, placed["y"] >= y_axis
    quadrant = np.select(
        [right & upper, ~right & upper, ~right & ~upper], QUADRANTS[:3], QUADRANTS[3]
    )
    placed["quadrant"] = pd.Series(quadrant, index=placed.index).where(
        placed[["x", "y"]].notna().all(axis=1)
    )
    return placed


def summarise_score_groups(
    scores: pd.DataFrame, *, value: str, by: str, first: int
) -> pd.DataFrame:
    """Summarise scores by group, such as region or city tier: how many, their mean, their ranks.

    Parameters
    ----------
    scores
        One row an area. An area without a score is not counted; areas without a group form one of
        their own.
    value, by
        The columns of the score and of the group.
    first
        Areas of this rank or better are counted as among the first.

    Returns
    -------
    DataFrame
        By group: ``areas``, ``mean``, ``best_rank``, ``worst_rank``, ``among_first``,
        ``share_among_first``. Ranks are among all areas, from 1 for the highest; areas of equal
        score share the better rank.

    Notes
    -----
    中国城市双碳指数 2021-2022, section 从双碳指数看“全国一盘棋”态势, counts regions among the first ten and tiers among
    the first fifty. The mean is ours.

    Examples
    --------
    >>> scores = pd.DataFrame({"score": [76.0, 71.8, 66.7], "region": ["east", "west", "east"]})
    >>> scores.index = ["Shenzhen", "Chengdu", "Wuxi"]
    >>> summarise_score_groups(scores, value="score", by="region", first=2)["among_first"].to_dict()
    {'east': 1, 'west': 1}
    """
    if by not in scores.columns:
        raise PanelError(
            say(
                "no column '{by}' of groups; {near}",
                by=by,
                near=did_you_mean(by, map(str, scores.columns)) or say("name it with by="),
            )
        )
    values = _numbers(scores, (value,))[value].dropna()
    rank = _rank(values)
    counted = pd.DataFrame(
        {"value": values, "rank": rank, "first": (rank <= first).astype("int64")}
    )
    return counted.groupby(scores.loc[values.index, by], dropna=False).agg(
        areas=("value", "size"),
        mean=("value", "mean"),
        best_rank=("rank", "min"),
        worst_rank=("rank", "max"),
        among_first=("first", "sum"),
        share_among_first=("first", "mean"),
    )


def compare_ranks(scores: pd.DataFrame, *, before: str, after: str) -> pd.DataFrame:
    """Compare the ranks of areas between two scores, over the areas that have both.

    Parameters
    ----------
    scores
        One row an area.
    before, after
        The columns of the two scores; a higher score ranks better, equal scores share the better
        rank.

    Returns
    -------
    DataFrame
        By area: ``before``, ``after`` (ranks from 1) and ``change``, positive where the area
        climbed; missing where either score is.

    Examples
    --------
    >>> scores = pd.DataFrame({"2021": [60.0, 55.0, 50.0], "2022": [61.0, 50.0, 58.0]})
    >>> scores.index = ["Beijing", "Wuxi", "Ningbo"]
    >>> compare_ranks(scores, before="2021", after="2022")["change"].to_dict()
    {'Beijing': 0, 'Wuxi': -1, 'Ningbo': 1}
    """
    pair = _numbers(scores, (before, after)).dropna()
    ranks = pd.DataFrame({"before": _rank(pair[before]), "after": _rank(pair[after])}).reindex(
        scores.index
    )
    return ranks.assign(change=ranks["before"] - ranks["after"])


def correlate_scores(scores: pd.DataFrame, *, x: str, y: str) -> pd.Series[float]:
    """Correlate two columns over the areas that have both: Pearson's r and Spearman's rho, with two-sided p-values.

    Parameters
    ----------
    scores
        One row an area.
    x, y
        The columns, such as the trend sub-index and the fall of PM2.5.

    Returns
    -------
    Series
        ``areas``, ``pearson``, ``pearson_p``, ``spearman``, ``spearman_p``.

    Raises
    ------
    PanelError
        If fewer than three areas have both numbers, or a column has one value only.

    Notes
    -----
    中国城市双碳指数 2021-2022, section 主要挑战, compares its trend sub-index with the fall of PM2.5 and finds
    no significant correlation; it prints neither numbers nor a test, so both coefficients are ours.

    Examples
    --------
    >>> scores = pd.DataFrame({"trend": [1.0, 2.0, 3.0, 4.0], "pm25": [8.0, 6.0, 7.0, 2.0]})
    >>> correlate_scores(scores, x="trend", y="pm25").round(3).to_dict()
    {'areas': 4.0, 'pearson': -0.834, 'pearson_p': 0.166, 'spearman': -0.8, 'spearman_p': 0.2}
    """
    from scipy import stats  # noqa: PLC0415 - slow to load, and the other readings do without

    pairs = _numbers(scores, (x, y)).dropna()
    if len(pairs) < 3:
        raise PanelError(
            say(
                "{value} and {year}: {pair_count} areas have both; a correlation needs three",
                value=x,
                year=y,
                pair_count=len(pairs),
            )
        )
    for column in (x, y):
        if pairs[column].min() == pairs[column].max():
            raise PanelError(
                say(
                    "{column} is {number:g} in every area that has both; a correlation is "
                    "not defined",
                    column=column,
                    number=pairs[column].iloc[0],
                )
            )
    pearson, spearman = stats.pearsonr(pairs[x], pairs[y]), stats.spearmanr(pairs[x], pairs[y])
    return pd.Series(
        {
            "areas": len(pairs),
            "pearson": pearson.statistic,
            "pearson_p": pearson.pvalue,
            "spearman": spearman.statistic,
            "spearman_p": spearman.pvalue,
        },
        dtype="float64",
    )


def _rank(scores: pd.Series[float]) -> pd.Series[int]:
    return scores.rank(ascending=False, method="min").astype("Int64")


def _numbers(frame: pd.DataFrame, columns: Sequence[Hashable]) -> pd.DataFrame:
    for column in columns:
        if column not in frame.columns:
            known = [str(name) for name in frame.columns]
            raise PanelError(
                say(
                    "no column '{column}'; {near}",
                    column=column,
                    near=did_you_mean(str(column), known)
                    or say("there are: {known}", known=as_typed(known)),
                )
            )
    for labels, what in ((frame.index, "row an area"), (frame.columns, "column a name")):
        if not labels.is_unique:
            raise PanelError(
                say(
                    "{label} is there twice; give one {what}",
                    label=labels[labels.duplicated()][0],
                    what=what,
                )
            )
    numbers = {
        column: pd.to_numeric(frame[column], errors="coerce").astype("float64")
        for column in columns
    }
    for column, series in numbers.items():
        for area, cell in frame[column][~np.isfinite(series) & frame[column].notna()].items():
            raise PanelError(
                say(
                    "{area}: {column} is '{cell}'; give a number, or leave it out where "
                    "there is none",
                    area=area,
                    column=column,
                    cell=cell,
                )
            )
    return pd.DataFrame(numbers, index=frame.index)
