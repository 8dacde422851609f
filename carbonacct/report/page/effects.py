"""What drove the change: a waterfall of the effects of a decomposition, and their steps from year to year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.report.page.columns import HEIGHT, LEFT, LEGEND, STACKS, WIDTH, draw_axis, draw_legend, draw_stacks
from carbonacct.report.page.content import list_groups
from carbonacct.report.page.drawing import Chart, draw_chart, shorten
from carbonacct.report.page.words import format_mass, format_signed, mass_unit, name_term, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from carbonacct.report.page.content import Content

_TOTAL, _RESIDUAL = "total", "residual"


def show_effects(content: Content, area: str, lang: str) -> list[Markup]:
    """Return the charts of an area's decomposition: a waterfall of each period, or of a whole chain and then its steps."""
    frame = content.effects
    if frame is None:
        return []
    if "area" in frame.columns:
        frame = frame[frame["area"] == area]
    totals = content.totals
    periods = {
        (int(first), int(last)): _close(_pick_terms(part), float(totals.loc[area, int(last)] - totals.loc[area, int(first)]), lang)
        for (first, last), part in list_groups(frame, ["from", "to"]) if {(area, int(first)), (area, int(last))} <= set(totals.index)
    }  # fmt: skip
    if not periods:
        return []
    whole = (min(first for first, _ in periods), max(last for _, last in periods))
    chained = whole in periods and len(periods) > 1
    charts = [_draw_waterfall(terms, area, period, float(totals.loc[area, period[0]]), lang) for period, terms in periods.items() if not chained or period == whole]
    if chained:
        charts.append(_draw_steps({period: terms for period, terms in periods.items() if period != whole}, area, lang))
    return [draw_chart(chart, summary=word("page.numbers_of_chart", lang)) for chart in charts]


def _pick_terms(part: pd.DataFrame) -> pd.Series:
    """Return the effects by term, and what the method leaves over where that is more than rounding."""
    values: pd.Series = pd.Series(part["value"].to_numpy(), part["term"])
    values = values[values.index != _TOTAL]
    small = abs(values.get(_RESIDUAL, 0.0)) <= 1e-9 * values.abs().max()
    return values[values.index != _RESIDUAL] if small else values


def _close(terms: pd.Series, change: float, lang: str) -> pd.Series:
    """Return the terms by their names, and what lacks to the change of the inventory: a decomposition of other data would show here."""
    named = pd.Series(terms.to_numpy(), [name_term(str(term), lang) for term in terms.index])
    rest = change - float(terms.sum())
    if abs(rest) <= 1e-6 * float(terms.abs().max()):
        return named
    named[word("changes.unexplained", lang)] = rest
    return named


def _draw_waterfall(terms: pd.Series, area: str, period: tuple[int, int], start: float, lang: str) -> Chart:
    """Return columns from the first year's total through each effect to the last year's."""
    first, last = period
    chart = Chart(f"{word('changes.effects_chart', lang, area=area, first=first, last=last)} ({mass_unit(lang)})", WIDTH, HEIGHT)
    steps = [start, *(start + terms.cumsum())]
    y = draw_axis(chart, min(0.0, *steps), max(steps), lang, right=WIDTH - 10)
    step = (WIDTH - 10 - LEFT) / (len(terms) + 2)
    columns = [(word("changes.start", lang, year=first), 0.0, start, "total"),
               *((str(term), before, before + value, "rise" if value > 0 else "fall") for (term, value), before in zip(terms.items(), steps, strict=False)),
               (word("changes.start", lang, year=last), 0.0, steps[-1], "total")]  # fmt: skip
    for number, (name, low, high, kind) in enumerate(columns):
        x = LEFT + step * (number + 0.14)
        shown = format_mass(high, lang) if kind == "total" else format_signed(high - low, lang)
        chart.add("rect", f"{name}: {shown} {mass_unit(lang)}", x=x, y=y(max(low, high)), width=step * 0.72, height=max(abs(y(low) - y(high)), 1.0), cls=kind)
        chart.add("text", shown, x=x + step * 0.36, y=y(max(low, high)) - 4, cls="middle")
        chart.add("text", shorten(name, max(int(step / 6.6), 4)), x=x + step * 0.36, y=HEIGHT - 8, cls="middle")
        if number + 1 < len(columns):
            end = y(high)
            chart.add("line", "", x1=x + step * 0.72, x2=x + step, y1=end, y2=end, cls="zero")
    chart.heads = [word("changes.term", lang), mass_unit(lang)]
    chart.rows = [[name, format_mass(high, lang) if kind == "total" else format_signed(high - low, lang)] for name, low, high, kind in columns]
    return chart


def _draw_steps(periods: Mapping[tuple[int, int], pd.Series], area: str, lang: str) -> Chart:
    """Return the effects of each step, stacked up and down from zero, with the change of the step as a point."""
    table = pd.DataFrame({f"{first}–{last}": terms for (first, last), terms in periods.items()})
    chart = Chart(f"{word('changes.steps_chart', lang, area=area)} ({mass_unit(lang)})", WIDTH, HEIGHT)
    low, high = float(table.clip(upper=0).sum().min()), float(table.clip(lower=0).sum().max())
    y = draw_axis(chart, low, high, lang, right=STACKS)
    step = (STACKS - LEFT) / len(table.columns)
    places = {column: (LEFT + step * (number + 0.14), step * 0.72) for number, column in enumerate(table.columns)}
    draw_stacks(chart, table, places, y, lang)
    for number, (column, (left, wide)) in enumerate(places.items()):
        change = float(table[column].sum())
        chart.add("circle", f"{column} {word('changes.change', lang)}: {format_signed(change, lang)} {mass_unit(lang)}", cx=left + wide / 2, cy=y(change), r=4.5, cls="net")
        if step > 62 or number % 2 == 0:
            chart.add("text", column if step > 62 else column.partition("–")[2], x=left + wide / 2, y=HEIGHT - 8, cls="middle")
    draw_legend(chart, [str(name) for name in table.index])
    at = 12.0 + LEGEND * len(table)
    chart.add("circle", "", cx=STACKS + 26, cy=at + 6, r=4.5, cls="net")
    chart.add("text", word("changes.net", lang), x=STACKS + 38, y=at + 10.5, cls="after")
    chart.heads = [word("changes.term", lang), *table.columns]
    chart.rows = [*([str(name), *("" if pd.isna(value) else format_signed(value, lang) for value in row)] for name, row in table.iterrows()),
                  [word("changes.net", lang), *(format_signed(float(table[column].sum()), lang) for column in table.columns)]]  # fmt: skip
    return chart
