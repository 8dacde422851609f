"""Effects of a decomposition: a waterfall from one state to another, and a stack over periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.errors import PanelError
from carbonacct.report.figures.style import (
    FALL,
    INK,
    LEVEL,
    QUIET,
    RISE,
    SERIES,
    figure_style,
    mark_zero,
    number,
    thousands,
)
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from matplotlib.figure import Figure

    from carbonacct.analysis.decomposition import Decomposition

_WORDS = {
    "en": {
        "residual": "residual",
        "total": "total change",
        "step": "change since the label before",
        "since": "change since {}",
    },
    "zh": {
        "residual": "残差",
        "total": "总变化",
        "step": "与上一期相比",
        "since": "与{}相比的变化",
    },
}


def draw_waterfall(
    decomposition: Decomposition,
    *,
    at: Mapping[str, Any] | None = None,
    labels: Mapping[str, str] | None = None,
    title: str = "",
    unit: str = "",
    lang: str = "en",
) -> Figure:
    """Return a figure of the way from the state before to the state after, one bar a factor.

    Parameters
    ----------
    decomposition
        In additive form.
    at
        Label of each ``by`` dim, and of ``period`` where there are several: ``{"area": "北京",
        "period": "2010-2020"}``.
    labels
        What to call a factor, for the factors as written.
    title, unit
        Heading, and unit of the numbers.
    lang
        ``"en"`` or ``"zh"``: language of the words that the figure adds.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    PanelError
        If the decomposition is multiplicative, or ``at`` leaves several states.
    OutputError
        If matplotlib or a font for the labels is not installed.
    """
    effects, start, end, residual = (
        _select(decomposition, array, at or {})
        for array in (
            decomposition.effects,
            decomposition.start,
            decomposition.end,
            decomposition.residual,
        )
    )
    terms = [*effects["term"].values.tolist()]
    steps = effects.values.tolist()
    if abs(float(residual)) > 1e-9 * max(abs(float(start)), abs(float(end))):
        terms, steps = [*terms, "residual"], [*steps, float(residual)]
    called = {**_WORDS[lang], **(labels or {})}
    names = [
        str(start["from"].item()),
        *(called.get(term, term) for term in terms),
        str(start["to"].item()),
    ]
    with figure_style([*names, title, unit]):
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415 - an extra

        figure = Canvas(figsize=(7.4, 1.4 + 0.48 * len(names)), layout="constrained")
        axes = figure.add_subplot()
        ends = np.cumsum([float(start), *steps])
        lefts = [0.0, *ends[:-1], 0.0]
        widths = [float(start), *steps, float(end)]
        colors = [LEVEL, *(RISE if step > 0 else FALL for step in steps), LEVEL]
        axes.barh(range(len(names)), widths, left=lefts, color=colors, height=0.62, zorder=3)
        for row, reach in enumerate(ends):
            axes.plot(
                [reach, reach], [row + 0.31, row + 0.69], color=QUIET, linewidth=0.8, zorder=2
            )
        span = max(np.abs([*ends, float(end)]).max(), 1e-300)
        for row, (left, width) in enumerate(zip(lefts, widths, strict=True)):
            text = number(width) if row in {0, len(names) - 1} or width < 0 else f"+{number(width)}"
            axes.text(
                max(left, left + width) + 0.012 * span,
                row,
                text,
                va="center",
                fontsize=9,
                color=INK,
            )
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        low, high = min(*ends, 0.0, float(end)), max(*ends, 0.0, float(end))
        axes.set_xlim(low - 0.12 * (high - low) if low < 0 else 0, high + 0.14 * (high - low))
        axes.xaxis.set_major_formatter(thousands)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        mark_zero(axes, across=False)
        axes.set_title(title)
        axes.set_xlabel(unit)
    return figure


def draw_effects(
    decomposition: Decomposition,
    *,
    at: Mapping[str, Any] | None = None,
    labels: Mapping[str, str] | None = None,
    title: str = "",
    unit: str = "",
    lang: str = "en",
) -> Figure:
    """Return a figure of the effects of each period, stacked up from zero and down from it, with the total change.

    Parameters
    ----------
    decomposition, at, labels, title, unit, lang
        As for `draw_waterfall`; all periods of one state of the ``by`` dims are shown.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    PanelError
        If the decomposition is multiplicative, or ``at`` leaves several states.
    OutputError
        If matplotlib or a font for the labels is not installed.
    """
    effects = _select(decomposition, decomposition.effects, at or {}, several=True).dropna(
        "period", how="all"
    )
    total = _select(decomposition, decomposition.total, at or {}, several=True).sel(
        period=effects["period"]
    )
    called = {**_WORDS[lang], **(labels or {})}
    names = [called.get(term, term) for term in effects["term"].values.tolist()]
    since = set(effects["from"].values.tolist())
    periods = [str(label) for label in effects["to"].values]
    compared = called["since"].format(*since) if len(since) == 1 else called["step"]
    with figure_style([*names, called["total"], *periods, compared, title, unit]):
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415 - an extra

        figure = Canvas(figsize=(7.4, 4.4), layout="constrained")
        axes = figure.add_subplot()
        places = np.arange(len(periods))
        up, down = np.zeros(len(periods)), np.zeros(len(periods))
        for term, name in enumerate(names):
            values = effects.values[:, term]
            base = np.where(values > 0, up, down)
            axes.bar(
                places,
                values,
                bottom=base,
                width=0.74,
                label=name,
                color=SERIES[term % len(SERIES)],
                edgecolor="white",
                linewidth=0.6,
                zorder=3,
            )
            up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
        axes.plot(
            places,
            total.values,
            color=INK,
            linewidth=1.2,
            marker="o",
            markersize=4.5,
            markerfacecolor="white",
            markeredgewidth=1.4,
            label=called["total"],
            zorder=4,
        )
        shown = places[:: max(1, -(-len(places) // 14))]
        axes.set_xticks(shown, [periods[place] for place in shown])
        axes.set_xlabel(compared)
        axes.yaxis.set_major_formatter(thousands)
        axes.tick_params(axis="x", length=0)
        axes.grid(axis="y")
        axes.spines["bottom"].set_visible(False)
        mark_zero(axes, across=True)
        axes.set_title(title)
        axes.set_ylabel(unit)
        handles, called_names = axes.get_legend_handles_labels()
        figure.legend(
            [*handles[1:], handles[0]],
            [*called_names[1:], called_names[0]],
            loc="outside lower center",
            ncols=min(5, len(names) + 1),
            fontsize=9,
            handlelength=1.2,
        )
    return figure


def _select(
    decomposition: Decomposition,
    array: xr.DataArray,
    at: Mapping[str, Any],
    *,
    several: bool = False,
) -> xr.DataArray:
    """Return one state of an array by its labels; a dim with one label needs none."""
    if decomposition.form != "additive":
        raise PanelError(
            say(
                "a figure of effects shows differences, and these are ratios; decompose "
                "with form='additive'"
            )
        )
    for dim in (*decomposition.by, *(() if several else ("period",))):
        labels = array[dim].values.tolist()
        if dim not in at and len(labels) > 1:
            raise PanelError(
                say(
                    "the decomposition has {label_count} labels of {dim}; say which one: "
                    "at={{{dim!r}: {label!r}}}",
                    label_count=len(labels),
                    dim=dim,
                    label=labels[0],
                )
            )
        label = at.get(dim, labels[0])
        if label not in labels:
            raise PanelError(
                say(
                    "the decomposition has no {dim} {label!r}; labels: {labels}",
                    dim=dim,
                    label=label,
                    labels=join_texts(", ", map(str, labels[:6])),
                )
            )
        array = array.sel({dim: label})
    return array
