"""What drove the change: a waterfall of the effects of a decomposition, and their steps from year to year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.charts import Stack, Step, draw_stacks, draw_waterfall
from carbonacct.report.page.derivations import both, join
from carbonacct.report.page.effect_traces import derive_effect, derive_rest
from carbonacct.report.page.page_content import list_groups
from carbonacct.report.page.page_words import (
    format_mass,
    format_signed,
    mass_scale,
    mass_unit,
    name_term,
    word,
)
from carbonacct.report.page.shared_derivations import derive_difference, find_co2
from carbonacct.report.page.svg import draw_chart
from carbonacct.texts import add_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from carbonacct.charts import Drawing
    from carbonacct.report.page.page_content import Content

_TOTAL, _RESIDUAL = "total", "residual"
_ROUNDING = 1e-12  # of the emissions: some thousand times what doubles can tell apart


def show_effects(content: Content, area: str, lang: str) -> list[Markup]:
    """Return the charts of an area's decomposition: a waterfall of each period, or of a whole chain and its steps."""
    frame = content.effects
    if frame is None:
        return []
    if "area" in frame.columns:
        frame = frame[frame["area"] == area]
    totals = content.totals
    raw = {
        (int(first), int(last)): _pick_terms(
            part, max(totals.get((area, first), 0.0), totals.get((area, last), 0.0))
        )
        for (first, last), part in list_groups(frame, ["from", "to"])
        if {(area, int(first)), (area, int(last))} <= set(totals.index)
    }
    if not raw:
        return []
    whole = (min(first for first, _ in raw), max(last for _, last in raw))
    chained = whole in raw and len(raw) > 1
    steps = {period: terms for period, terms in raw.items() if period != whole} if chained else {}
    periods = {
        period: _close(content, area, period, terms, steps=steps, lang=lang)
        for period, terms in raw.items()
    }
    charts = [
        _draw_waterfall(content, terms, area, period, lang=lang)
        for period, terms in periods.items()
        if not chained or period == whole
    ]
    if chained:
        charts.append(
            _draw_steps(
                content,
                {period: terms for period, terms in periods.items() if period != whole},
                area,
                lang,
            )
        )
    return [draw_chart(chart, summary=word("page.numbers_of_chart", lang)) for chart in charts]


def _pick_terms(part: pd.DataFrame, size: float) -> pd.Series:
    """Return the effects by term, and what the method leaves over where that is more than rounding.

    Beside emissions of a size, an effect may be rounding alone: a factor that stayed has none.
    """
    values: pd.Series = pd.Series(part["value"].to_numpy(), part["term"])
    values = values[values.index != _TOTAL]
    values = values.mask(values.abs() <= _ROUNDING * abs(size), 0.0)
    small = abs(values.get(_RESIDUAL, 0.0)) <= 1e-9 * values.abs().max()
    return values[values.index != _RESIDUAL] if small else values


def _close(
    content: Content,
    area: str,
    period: tuple[int, int],
    terms: pd.Series,
    *,
    steps: Mapping[tuple[int, int], pd.Series],
    lang: str,
) -> pd.DataFrame:
    """Return ``value`` and what it ``opens`` of each term by its name, and what lacks to the inventory's change.

    A decomposition of other data would show here.
    """
    change = float(content.totals.loc[area, period[1]] - content.totals.loc[area, period[0]])
    rows = {
        name_term(str(term), lang): (
            float(value),
            derive_effect(content, area, period, str(term), value=float(value), steps=steps),
        )
        for term, value in terms.items()
    }
    rest = change - float(terms.sum())
    if abs(rest) > 1e-6 * float(terms.abs().max()):
        rows[word("changes.unexplained", lang)] = (
            rest,
            derive_rest(content, area, period, "unexplained", terms=terms, change=change),
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "opens"], dtype=object)


def _draw_waterfall(
    content: Content, terms: pd.DataFrame, area: str, period: tuple[int, int], *, lang: str
) -> Drawing:
    """Return columns from the first year's total through each effect to the last year's."""
    first, last = period
    scale = mass_scale(lang)
    start = float(content.totals.loc[area, first])
    ends = [start, *(start + terms["value"].astype(float).cumsum())]
    sums = [
        Step(
            word("changes.start", lang, year=year),
            0.0,
            end / scale,
            is_sum=True,
            opens=content.refer_sum(area, year),
        )
        for year, end in ((first, start), (last, ends[-1]))
    ]
    effects = [
        Step(name, before / scale, after / scale, opens=opens)
        for (name, _, opens), before, after in zip(
            terms.itertuples(name=None), ends, ends[1:], strict=False
        )
    ]
    label = word("changes.effects_chart", lang, area=area, first=first, last=last)
    steps = [sums[0], *effects, sums[1]]
    chart = draw_waterfall(
        add_unit(label, mass_unit(lang), lang),
        steps,
        lambda value: format_mass(value * scale, lang),
        mass_unit(lang),
        lang=lang,
    )
    chart.heads = [word("changes.term", lang), mass_unit(lang)]
    chart.rows = [
        [
            step.name,
            (
                format_mass(step.end * scale, lang)
                if step.is_sum
                else format_signed((step.end - step.start) * scale, lang),
                step.opens,
            ),
        ]
        for step in steps
    ]
    return chart


def _draw_steps(
    content: Content, periods: Mapping[tuple[int, int], pd.DataFrame], area: str, lang: str
) -> Drawing:
    """Return the effects of each step, stacked up and down from zero, with the change of the step as a point."""
    labels = {f"{first}–{last}": (first, last) for first, last in periods}
    table = pd.DataFrame(
        {label: periods[period]["value"].astype(float) for label, period in labels.items()}
    )
    opens = pd.DataFrame(
        {label: periods[period]["opens"] for label, period in labels.items()}, dtype=object
    ).reindex(table.index)
    scale = mass_scale(lang)
    changes = [_derive_change(content, area, period) for period in labels.values()]
    chart = draw_stacks(
        add_unit(word("changes.steps_chart", lang, area=area), mass_unit(lang), lang),
        list(labels),
        [
            Stack(str(name), [value / scale for value in row], list(opens.iloc[number]))
            for number, (name, row) in enumerate(table.iterrows())
        ],
        lambda value: f"{format_mass(value * scale, lang)} {mass_unit(lang)}",
        signed=True,
        net=word("changes.net", lang),
        opens=changes,
        lang=lang,
    )
    chart.heads = [word("changes.term", lang), *table.columns]
    rows = [
        [
            str(name),
            *(
                "" if pd.isna(value) else (format_signed(value, lang), refers)
                for value, refers in zip(table.iloc[i], opens.iloc[i], strict=True)
            ),
        ]
        for i, name in enumerate(table.index)
    ]
    net = [
        (format_signed(float(table[label].sum()), lang), opened)
        for label, opened in zip(labels, changes, strict=True)
    ]
    chart.rows = [*rows, [word("changes.net", lang), *net]]
    return chart


def _derive_change(content: Content, area: str, period: tuple[int, int]) -> int | None:
    """Return the derivation of the change of a step, which the effects add up to."""
    before, after = (find_co2(content, area, year) for year in period)
    if before is None or after is None:
        return None
    return derive_difference(
        content, join(area, f"{period[0]}–{period[1]}", both("changes.net")), after, before
    )
