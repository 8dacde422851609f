"""Whether emissions have peaked and come apart from GDP, as seen in each year."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.analysis.decoupling import relate_changes
from carbonacct.analysis.peak import find_peak
from carbonacct.analysis.result_names import result_names
from carbonacct.charts import ChartLine, draw_lines
from carbonacct.report.page.derivations import FormulaPart, both, join
from carbonacct.report.page.page_words import (
    format_change,
    format_mass,
    format_number,
    mass_scale,
    mass_unit,
    section,
    word,
)
from carbonacct.report.page.shared_derivations import (
    derive_ratio,
    derive_relative,
    find_co2,
    find_driver,
)
from carbonacct.report.page.svg import draw_chart, fill_template
from carbonacct.texts import add_unit, tell_value

if TYPE_CHECKING:
    from markupsafe import Markup

    from carbonacct.charts.drawing import Drawing
    from carbonacct.report.page.page_content import Content

_FEWEST = 3  # years


def show_peaks(content: Content, lang: str) -> Markup | str:
    """Return, for each area with several years, its emissions with their maximum, and how it stands as of each year."""
    parts: list[dict[str, Any]] = []
    for position, area in enumerate(content.areas):
        totals = {
            year: float(content.totals.loc[area, year])
            for year in content.years_of(area)
            if not math.isnan(content.totals.loc[area, year])
        }
        if len(totals) < _FEWEST or not content.detailed:
            continue
        years = list(totals)
        parts.append(
            {
                "area": area,
                "pick": str(position),
                "chart": draw_chart(
                    _draw(content, area, totals, lang), summary=word("page.numbers_of_chart", lang)
                ),
                "views": [
                    {
                        "pick": content.pick(area, year),
                        "year": year,
                        "facts": [
                            *_judge_peak(
                                content, area, {y: totals[y] for y in years if y <= year}, lang
                            ),
                            *_judge_decoupling(content, area, (years[0], year), lang),
                        ],
                    }
                    for year in years[1:]
                ],
            }
        )
    if not parts:
        return ""
    return fill_template(
        "peaks.html", words=section("peaks", lang), parts=parts, unit=mass_unit(lang)
    )


def _draw(content: Content, area: str, totals: dict[int, float], lang: str) -> Drawing:
    """Return the line of the years; each point opens the sum that it is."""
    top = max(totals, key=lambda year: totals[year])
    scale = mass_scale(lang)
    line = ChartLine(
        area,
        tuple(totals),
        tuple(value / scale for value in totals.values()),
        marks=((top, tell_value(str(top), format_mass(totals[top], lang), lang)),),
        is_named=False,
        opens={year: content.refer_sum(area, year) for year in totals},
    )
    label = add_unit(word("peaks.chart", lang, area=area), mass_unit(lang), lang)
    chart = draw_lines(label, [line], lambda value: format_mass(value * scale, lang), lang=lang)
    chart.heads = [word("page.year", lang), mass_unit(lang)]
    chart.rows = [
        [str(year), (format_mass(value, lang), line.opens[year])] for year, value in totals.items()
    ]
    return chart


def _judge_peak(
    content: Content, area: str, totals: dict[int, float], lang: str
) -> list[dict[str, Any]]:
    """Return the maximum up to the last of some years, how far the last is below it, and what the rule calls that."""
    last = list(totals)[-1]
    top, judged = content.keep(("peak", area, last), lambda: _find(totals))
    facts = [
        _fact(
            word("peaks.maximum", lang, year=top),
            format_mass(totals[top], lang),
            content.refer_sum(area, top),
            mass_unit(lang),
        )
    ]
    if top != last:
        one, other = find_co2(content, area, last), find_co2(content, area, top)
        if one is not None and other is not None:
            title = join(area, f"{top}–{last}", both("peaks.below"))
            opens = derive_relative(content, title, one, other)
            shown = format_change(totals[last], totals[top])
            facts.append(_fact(word("peaks.below", lang), shown, opens))
    status = result_names(lang)["status"].get(judged, "")
    return [{"name": word("peaks.status", lang), "text": status}, *facts] if status else facts


def _find(totals: dict[int, float]) -> tuple[int, str]:
    """Return the year of the maximum and what the rule calls it."""
    table = pd.DataFrame({"year": list(totals), "value": list(totals.values())})
    row = find_peak(table, value="value").iloc[0]
    return int(row["peak_year"]), str(row["status"])


def _judge_decoupling(
    content: Content, area: str, period: tuple[int, int], lang: str
) -> list[dict[str, Any]]:
    """Return the changes of CO2 and GDP over a period, their elasticity, and the state of decoupling."""
    pairs = [
        (find_co2(content, area, year), find_driver(content, area, year, "gdp")) for year in period
    ]
    (first, gdp_first), (last, gdp_last) = pairs
    if first is None or last is None or gdp_first is None or gdp_last is None:
        return []
    if not first.value > 0 or not gdp_first.value > 0:
        return []
    span = f"{period[0]}–{period[1]}"
    changes = [
        FormulaPart(
            both(key),
            100 * (end.value / start.value - 1),
            "%",
            derive_relative(content, join(area, span, both(key)), end, start),
        )
        for key, end, start in (
            ("peaks.co2_change", last, first),
            ("peaks.gdp_change", gdp_last, gdp_first),
        )
    ]
    related = relate_changes(
        [np.array([first.value]), np.array([gdp_first.value])],
        [np.array([last.value]), np.array([gdp_last.value])],
    )
    facts = [
        _fact(f"{word(key, lang)} {span}", format_change(end.value, start.value), change.opens)
        for key, end, start, change in (
            ("peaks.co2_change", last, first, changes[0]),
            ("peaks.gdp_change", gdp_last, gdp_first, changes[1]),
        )
    ]
    elasticity = float(related["elasticity"][0])
    if math.isfinite(elasticity):
        title = join(area, span, both("peaks.elasticity"))
        opens = derive_ratio(content, title, changes[0], changes[1], unit="")
        facts.append(_fact(word("peaks.elasticity", lang), format_number(elasticity, 2), opens))
    state = result_names(lang)["state"].get(str(related["state"][0]), "")
    return [*facts, {"name": word("peaks.state", lang), "text": state}] if state else facts


def _fact(name: str, text: str, opens: int | None, unit: str = "") -> dict[str, Any]:
    return {"name": name, "text": text, "opens": opens, "unit": unit}
