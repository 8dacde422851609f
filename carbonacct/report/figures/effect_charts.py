"""Effects of a decomposition: a waterfall from one state to another, and a stack over periods."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.charts import Stack, Step, draw_stacks
from carbonacct.charts import draw_waterfall as draw_waterfall_chart
from carbonacct.charts.scales import show_three
from carbonacct.errors import PanelError
from carbonacct.texts import add_unit, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from carbonacct.analysis.decomposition import Decomposition
    from carbonacct.charts import Drawing

_ROUNDING = 1e-9  # of what is shown: a residual below it is none
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
) -> Drawing:
    """Return a chart of the way from the state before to the state after, one bar a factor.

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
    Drawing
        A notebook shows it; :func:`carbonacct.charts.save_charts` writes it.

    Raises
    ------
    PanelError
        If the decomposition is multiplicative, or ``at`` leaves several states.
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
    if abs(float(residual)) > _ROUNDING * max(abs(float(start)), abs(float(end))):
        terms, steps = [*terms, "residual"], [*steps, float(residual)]
    called = {**_WORDS[lang], **(labels or {})}
    names = [
        str(start["from"].item()),
        *(called.get(term, term) for term in terms),
        str(start["to"].item()),
    ]
    ends = np.cumsum([float(start), *steps]).tolist()
    made = [
        Step(names[0], 0.0, float(start), is_sum=True),
        *(Step(name, *pair) for name, pair in zip(names[1:-1], pairwise(ends), strict=True)),
        Step(names[-1], 0.0, float(end), is_sum=True),
    ]
    return draw_waterfall_chart(add_unit(title, unit, lang), made, show_three, lang=lang)


def draw_effects(
    decomposition: Decomposition,
    *,
    at: Mapping[str, Any] | None = None,
    labels: Mapping[str, str] | None = None,
    title: str = "",
    unit: str = "",
    lang: str = "en",
) -> Drawing:
    """Return a chart of the effects of each period, stacked up from zero and down from it, with the total change.

    Parameters
    ----------
    decomposition, at, labels, title, unit, lang
        As for `draw_waterfall`; all periods of one state of the ``by`` dims are shown.

    Returns
    -------
    Drawing
        A notebook shows it; :func:`carbonacct.charts.save_charts` writes it.

    Raises
    ------
    PanelError
        If the decomposition is multiplicative, or ``at`` leaves several states.
    """
    effects = _select(decomposition, decomposition.effects, at or {}, several=True).dropna(
        "period", how="all"
    )
    residual = _select(decomposition, decomposition.residual, at or {}, several=True).sel(
        period=effects["period"]
    )
    called = {**_WORDS[lang], **(labels or {})}
    names = [called.get(term, term) for term in effects["term"].values.tolist()]
    since = set(effects["from"].values.tolist())
    periods = [str(label) for label in effects["to"].values]
    compared = called["since"].format(*since) if len(since) == 1 else called["step"]
    stacks = [Stack(name, effects.values[:, term].tolist()) for term, name in enumerate(names)]
    if np.nanmax(np.abs(residual.values)) > _ROUNDING * np.nanmax(np.abs(effects.values)):
        stacks.append(Stack(called["residual"], residual.values.tolist()))
    heading = add_unit(title or compared, unit, lang)
    return draw_stacks(
        heading, periods, stacks, show_three, signed=True, net=called["total"], lang=lang
    )


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
