"""Charts of a decomposition: the way over the whole period, and its steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.charts import Stack, Step, draw_stacks, draw_waterfall
from carbonacct.report.analyses.analysis_words import find_scale, name_factor, word
from carbonacct.report.analyses.parts import bracket, list_groups, make_shower, pick

if TYPE_CHECKING:
    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.charts.drawing import Drawing
    from carbonacct.report.analyses.parts import Drawn

_STEPS = 30


def draw_effects(analysis: Analysis, lang: str) -> Drawn:
    """Return the waterfall of each group over its whole period, and the effects of its steps."""
    charts: list[Drawing] = []
    frame = analysis.rows
    if "term" not in frame.columns:
        return [], ""
    scale, mass = find_scale(analysis, lang)
    unit = bracket(mass, lang)
    groups, more = pick(list_groups(frame, analysis.by), lang)
    for name, part in groups:
        where = f"{name} " if name else ""
        periods = {
            (first, last): rows.set_index("term")["value"].astype(float) / scale
            for (first, last), rows in part.groupby(["from", "to"], sort=False)
        }
        whole, steps = _split_periods(list(periods))
        if whole is not None:
            said = {"where": where, "first": whole[0], "last": whole[1], "unit": unit}
            label = word("effects", lang, **said)
            charts += _draw_way(label, whole, periods[whole], analysis, named=(name, lang))
        if steps:
            label = word("steps", lang, where=where, unit=unit)
            charts.append(_draw_steps(label, {step: periods[step] for step in steps}, lang))
    return charts, more


def _split_periods(
    periods: list[tuple[Any, Any]],
) -> tuple[tuple[Any, Any] | None, list[tuple[Any, Any]]]:
    """Return the period from first to last, and the steps of a chain."""
    firsts = {first for first, _ in periods}
    if len(firsts) == 1:
        return periods[-1], []
    if not all(isinstance(first, (int, np.integer)) for first in firsts):
        return None, []
    ends = (min(firsts), max(last for _, last in periods))
    steps = [period for period in periods if period != ends]
    return (ends if ends in periods else None), steps[:_STEPS]


def _terms(effects: pd.Series) -> pd.Series:
    """Return the effects of factors, and the residual where it is more than rounding."""
    held = effects.drop("total", errors="ignore").dropna()
    if "residual" in held.index and abs(held["residual"]) <= 1e-9 * held.abs().max():
        held = held.drop("residual")
    return held


def _draw_way(
    label: str,
    period: tuple[Any, Any],
    effects: pd.Series,
    analysis: Analysis,
    *,
    named: tuple[str, str],
) -> list[Drawing]:
    """Return the waterfall; from the level of the first state where the panel has it, else from zero."""
    group, lang = named
    terms = _terms(effects)
    if terms.empty:
        return []
    start = _level(analysis, group, period[0]) / find_scale(analysis, lang)[0]
    ends = [start, *(start + terms.cumsum())]
    steps = [Step(str(period[0]), 0.0, start, is_sum=True)] if start else []
    steps += [
        Step(name_factor(str(term), lang), before, after)
        for term, before, after in zip(terms.index, ends, ends[1:], strict=False)
    ]
    last = str(period[1]) if start else word("net", lang)
    steps.append(Step(last, 0.0, ends[-1], is_sum=True))
    return [draw_waterfall(label, steps, make_shower(pd.Series([*ends, *terms])), lang=lang)]


def _level(analysis: Analysis, group: str, state: object) -> float:
    """Return the number of the left side in a state, 0 where the panel does not say it once."""
    value = analysis.words.get("value", "")
    panel = analysis.series
    if panel is None or value not in panel.columns or analysis.over not in panel.columns:
        return 0.0
    part = dict(list_groups(panel, analysis.by)).get(group)
    if part is None:
        return 0.0
    held = part.loc[part[analysis.over].astype(str) == str(state), value].astype(float).dropna()
    return float(held.iloc[0]) if len(held) == 1 else 0.0


def _draw_steps(label: str, steps: dict[tuple[Any, Any], pd.Series], lang: str) -> Drawing:
    terms = {period: _terms(effects) for period, effects in steps.items()}
    names = list(dict.fromkeys(term for held in terms.values() for term in held.index))
    short = len(steps) > 8
    return draw_stacks(
        label,
        [f"{last}" if short else f"{first}–{last}" for first, last in steps],
        [
            Stack(
                name_factor(str(term), lang),
                [float(held.get(term, math.nan)) for held in terms.values()],
            )
            for term in names
        ],
        make_shower(pd.concat(list(terms.values()))),
        signed=True,
        net=word("net", lang),
        lang=lang,
    )
