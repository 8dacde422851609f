"""What drove the change: a waterfall of the effects of a decomposition, and their steps from year to year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.report.page.column_charts import (
    HEIGHT,
    LEFT,
    LEGEND,
    STACKS,
    WIDTH,
    draw_axis,
    draw_legend,
    draw_stacks,
)
from carbonacct.report.page.derivations import both, join
from carbonacct.report.page.effect_traces import derive_effect, derive_rest
from carbonacct.report.page.page_content import list_groups
from carbonacct.report.page.page_words import format_mass, format_signed, mass_unit, name_term, word
from carbonacct.report.page.shared_derivations import derive_difference, find_co2
from carbonacct.report.page.svg import SvgChart, draw_chart, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from carbonacct.report.page.page_content import Content

_TOTAL, _RESIDUAL = "total", "residual"


def show_effects(content: Content, area: str, lang: str) -> list[Markup]:
    """Return the charts of an area's decomposition: a waterfall of each period, or of a whole chain and then its steps."""
    frame = content.effects
    if frame is None:
        return []
    if "area" in frame.columns:
        frame = frame[frame["area"] == area]
    totals = content.totals
    raw = {
        (int(first), int(last)): _pick_terms(part)
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


def _pick_terms(part: pd.DataFrame) -> pd.Series:
    """Return the effects by term, and what the method leaves over where that is more than rounding."""
    values: pd.Series = pd.Series(part["value"].to_numpy(), part["term"])
    values = values[values.index != _TOTAL]
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
    """Return ``value`` and what it ``opens`` of each term by its name, and what lacks to the change of the inventory: a decomposition of other data would show here."""
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
) -> SvgChart:
    """Return columns from the first year's total through each effect to the last year's."""
    first, last = period
    start = float(content.totals.loc[area, first])
    chart = SvgChart(
        f"{word('changes.effects_chart', lang, area=area, first=first, last=last)}"
        f" ({mass_unit(lang)})",
        WIDTH,
        HEIGHT,
    )
    steps = [start, *(start + terms["value"].astype(float).cumsum())]
    y = draw_axis(chart, min(0.0, *steps), max(steps), lang, right=WIDTH - 10)
    step = (WIDTH - 10 - LEFT) / (len(terms) + 2)
    columns = [
        (
            word("changes.start", lang, year=first),
            0.0,
            start,
            "total",
            content.refer_sum(area, first),
        ),
        *(
            (name, before, before + value, "rise" if value > 0 else "fall", opens)
            for (name, value, opens), before in zip(
                terms.itertuples(name=None), steps, strict=False
            )
        ),
        (
            word("changes.start", lang, year=last),
            0.0,
            steps[-1],
            "total",
            content.refer_sum(area, last),
        ),
    ]
    chart.heads = [word("changes.term", lang), mass_unit(lang)]
    rows = []
    for number, (name, low, high, kind, opens) in enumerate(columns):
        x = LEFT + step * (number + 0.14)
        shown = format_mass(high, lang) if kind == "total" else format_signed(high - low, lang)
        rows.append([name, (shown, opens)])
        chart.add(
            "rect",
            f"{name}: {shown} {mass_unit(lang)}",
            x=x,
            y=y(max(low, high)),
            width=step * 0.72,
            height=max(abs(y(low) - y(high)), 1.0),
            cls=kind,
            data_d=opens,
        )
        chart.add(
            "text", shown, x=x + step * 0.36, y=y(max(low, high)) - 4, cls="middle", data_d=opens
        )
        chart.add(
            "text",
            shorten(name, max(int(step / 6.6), 4)),
            x=x + step * 0.36,
            y=HEIGHT - 8,
            cls="middle",
        )
        if number + 1 < len(columns):
            end = y(high)
            chart.add("line", "", x1=x + step * 0.72, x2=x + step, y1=end, y2=end, cls="zero")
    chart.rows = rows
    return chart


def _draw_steps(
    content: Content, periods: Mapping[tuple[int, int], pd.DataFrame], area: str, lang: str
) -> SvgChart:
    """Return the effects of each step, stacked up and down from zero, with the change of the step as a point."""
    labels = {f"{first}–{last}": (first, last) for first, last in periods}
    table = pd.DataFrame(
        {label: periods[period]["value"].astype(float) for label, period in labels.items()}
    )
    opens = pd.DataFrame(
        {label: periods[period]["opens"] for label, period in labels.items()}, dtype=object
    ).reindex(table.index)
    chart = SvgChart(
        f"{word('changes.steps_chart', lang, area=area)} ({mass_unit(lang)})", WIDTH, HEIGHT
    )
    low, high = float(table.clip(upper=0).sum().min()), float(table.clip(lower=0).sum().max())
    y = draw_axis(chart, low, high, lang, right=STACKS)
    step = (STACKS - LEFT) / len(table.columns)
    places = {
        column: (LEFT + step * (number + 0.14), step * 0.72)
        for number, column in enumerate(table.columns)
    }
    draw_stacks(
        chart, table, places, y, lang=lang, opens=lambda column, number: opens[column].iloc[number]
    )
    net = {}
    for number, (column, (left, wide)) in enumerate(places.items()):
        change = float(table[column].sum())
        net[column] = format_signed(change, lang), _derive_change(content, area, labels[column])
        chart.add(
            "circle",
            f"{column} {word('changes.change', lang)}: {net[column][0]} {mass_unit(lang)}",
            cx=left + wide / 2,
            cy=y(change),
            r=4.5,
            cls="net",
            data_d=net[column][1],
        )
        if step > 62 or number % 2 == 0:
            chart.add(
                "text",
                column if step > 62 else column.partition("–")[2],
                x=left + wide / 2,
                y=HEIGHT - 8,
                cls="middle",
            )
    draw_legend(chart, [str(name) for name in table.index])
    at = 12.0 + LEGEND * len(table)
    chart.add("circle", "", cx=STACKS + 26, cy=at + 6, r=4.5, cls="net")
    chart.add("text", word("changes.net", lang), x=STACKS + 38, y=at + 10.5, cls="after")
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
    chart.rows = [*rows, [word("changes.net", lang), *net.values()]]
    return chart


def _derive_change(content: Content, area: str, period: tuple[int, int]) -> int | None:
    """Return the derivation of the change of a step, which the effects add up to."""
    before, after = (find_co2(content, area, year) for year in period)
    if before is None or after is None:
        return None
    return derive_difference(
        content, join(area, f"{period[0]}–{period[1]}", both("changes.net")), after, before
    )
