"""Key categories: how much of the level, or of the trend, the largest make up together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import PanelError
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.report.charts.style import FALL, INK, LEVEL, figure_style
from carbonacct.report.standalone_names import name_key_category
from carbonacct.texts import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_WORDS = {
    "en": {
        "level": "share of the level (%)",
        "trend": "share of the trend (%)",
        "sum": "cumulative",
        "key": "key category",
        "not": "not key",
    },
    "zh": {
        "level": "占排放水平的比重（%）",
        "trend": "占排放趋势的比重（%）",
        "sum": "累计",
        "key": "关键类别",
        "not": "非关键类别",
    },
}


def draw_key_categories(
    found: pd.DataFrame, *, by: str = "level", title: str = "", lang: str = "en"
) -> Figure:
    """Return a figure of the share of each category, the largest first, with their cumulative sum.

    Parameters
    ----------
    found
        From :func:`carbonacct.find_key_categories`, of one area.
    by
        ``"level"`` or ``"trend"``.
    title, lang
        Heading; ``"en"`` or ``"zh"``: language of names and words.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    PanelError
        If a column lacks, or there is no base year and so no trend.
    OutputError
        If matplotlib or a font for the labels is not installed.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 1, Ch. 4, figure 4.2 and tables 4.2 and 4.3.
    """
    columns = {
        "level": ("level", "level_cumulative", "level_key"),
        "trend": ("trend_contribution", "trend_cumulative", "trend_key"),
    }
    if by not in columns:
        raise PanelError(say("no key categories by {by!r}; known: level, trend", by=by))
    share, cumulative, key = columns[by]
    if lacking := [
        name for name in ("category", "gas", share, cumulative, key) if name not in found.columns
    ]:
        raise PanelError(
            say("no column {lacking!r}; give the table of find_key_categories", lacking=lacking[0])
        )
    if found[share].isna().any():
        raise PanelError(
            say(
                "the categories have no {by}; give find_key_categories a base year for a trend",
                by=by,
            )
        )
    if (twice := find_repeated(found, ["category", "gas"])) is not None:
        raise PanelError(
            say(
                "{category} is there twice; draw one area at a time",
                category=twice["category"],
            )
        )
    rows = found.sort_values(share, ascending=False, kind="stable")
    several = len(set(rows["gas"])) > 1
    names = [
        name_key_category(category, lang) + (f"  {gas}" if several else "")
        for category, gas in zip(rows["category"], rows["gas"], strict=True)
    ]
    words = _WORDS[lang]
    with figure_style([*names, *words.values(), title]):
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415 - an extra
        from matplotlib.patches import Patch  # noqa: PLC0415

        figure = Canvas(figsize=(8.4, 1.9 + 0.34 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        places, shares, sums, keys = (
            np.arange(len(rows)),
            100 * rows[share].to_numpy(dtype=float),
            100 * rows[cumulative].to_numpy(dtype=float),
            rows[key].to_numpy(dtype=bool),
        )
        axes.barh(places, shares, height=0.66, color=np.where(keys, FALL, LEVEL), zorder=2)
        axes.plot(sums, places, color=INK, linewidth=1.1, marker="o", markersize=4, zorder=3)
        for place in places:
            axes.annotate(
                f"{sums[place]:.1f}",
                (sums[place], place),
                xytext=(7, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
                color=INK,
            )
        if keys.any() and not keys.all():
            axes.axhline(
                keys.sum() - 0.5, color=INK, linewidth=0.8, linestyle=(0, (5, 3)), zorder=1
            )
        axes.set_yticks(places, names)
        axes.set(xlim=(0, 108), xticks=range(0, 101, 20), xlabel=words[by])
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_title(title)
        figure.legend(
            handles=[
                Patch(color=FALL, label=words["key"]),
                Patch(color=LEVEL, label=words["not"]),
                axes.lines[0],
            ],
            labels=[words["key"], words["not"], words["sum"]],
            loc="outside lower center",
            ncols=3,
            fontsize=9,
            handlelength=1.2,
        )
    return figure
