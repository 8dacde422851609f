"""What changed over the years of each area: by category, and by driver where a decomposition is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.charts import Range, Stack, draw_stacks
from carbonacct.report.page.derivations import FormulaPart, both, in_both, join
from carbonacct.report.page.effects_section import show_effects
from carbonacct.report.page.page_content import list_rows
from carbonacct.report.page.page_words import (
    format_change,
    format_mass,
    format_signed,
    mass_scale,
    mass_unit,
    name_category,
    section,
    word,
)
from carbonacct.report.page.shared_derivations import (
    CO2,
    derive_difference,
    derive_interval,
    derive_relative,
)
from carbonacct.report.page.svg import draw_chart, fill_sentence, fill_template, show_number
from carbonacct.texts import add_unit

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from carbonacct.charts import Drawing
    from carbonacct.charts.drawing import Shown
    from carbonacct.report.page.page_content import Content

_SHOWN = 7  # categories with a colour of their own; the rest are one


def show_changes(content: Content, lang: str) -> Markup | str:
    """Return, for each area with several years, a chart and a table of its direct CO2 by category, and its drivers."""
    parts: list[dict[str, Any]] = []
    for area in content.areas:
        years = [
            year for year in content.years_of(area) if not np.isnan(content.totals.loc[area, year])
        ]
        if len(years) < 2 or not content.detailed:
            continue
        table, groups = _by_category(content, area, years, lang)
        label = add_unit(word("changes.changes_chart", lang, area=area), mass_unit(lang), lang)
        first, last = years[0], years[-1]
        names = [str(name) for name in table.index]
        compared = [
            _compare(
                content, area, (first, last), (float(before), float(after)), group=group, lang=lang
            )
            for before, after, group in zip(table[first], table[last], groups, strict=True)
        ]
        total = _compare(
            content,
            area,
            (first, last),
            (float(table[first].sum()), float(table[last].sum())),
            group=(),
            lang=lang,
        )
        before, after = (
            show_number(text, opens, unit=mass_unit(lang)) for text, opens in total[:2]
        )
        changes = (table[last].fillna(0.0) - table[first].fillna(0.0)).abs().to_numpy()
        moved = int(changes.argmax())
        largest = show_number(*compared[moved][2], unit=mass_unit(lang))
        parts.append(
            {
                "pick": str(content.areas.index(area)),
                "first": first,
                "last": last,
                "rows": list(zip(names, compared, strict=True)),
                "total": total,
                "text": fill_sentence(
                    "changes.changes_text",
                    lang,
                    first=first,
                    last=last,
                    change=show_number(*total[3]),
                    before=before,
                    after=after,
                ),
                "largest": (
                    fill_sentence("changes.largest_change", lang, name=names[moved], change=largest)
                    if compared[moved][2][0] and changes[moved]
                    else ""
                ),
                "chart": draw_chart(
                    _draw_years(content, area, table, groups, label=label, lang=lang),
                    summary=word("page.numbers_of_chart", lang),
                ),
                "effects": show_effects(content, area, lang),
                "kaya": content.effects is not None and "identity" in content.effects.attrs,
            }
        )
    if not parts:
        return ""
    return fill_template(
        "changes.html",
        lang=lang,
        words=section("changes", lang),
        page=section("page", lang),
        parts=parts,
        unit=mass_unit(lang),
    )


def _by_category(
    content: Content, area: str, years: list[int], lang: str
) -> tuple[pd.DataFrame, list[tuple[str, ...]]]:
    """Return direct CO2 in t, category x year, the largest first and small ones together.

    And the categories of each row.
    """
    cells = content.cells
    cells = cells[
        (cells["area"] == area)
        & (cells["scope"] == 1)
        & (cells["gas"] == "CO2")
        & cells["year"].isin(years)
    ]
    table = cells.pivot_table(
        index="category", columns="year", values="value", aggfunc="sum"
    ).reindex(columns=years)
    table = table.loc[table.sum(axis=1).sort_values(ascending=False).index]
    groups: list[tuple[str, ...]] = [(str(category),) for category in table.index]
    table.index = [name_category(str(category), lang) for category in table.index]
    if len(table) > _SHOWN + 1:
        rest = table.iloc[_SHOWN:].sum(min_count=1)
        table = table.iloc[:_SHOWN].copy()
        table.loc[word("changes.others", lang)] = rest
        groups = [*groups[:_SHOWN], tuple(group[0] for group in groups[_SHOWN:])]
    return table, groups


def _compare(
    content: Content,
    area: str,
    years: tuple[int, int],
    values: tuple[float, float],
    *,
    group: tuple[str, ...],
    lang: str,
) -> list[Shown]:
    """Return the numbers of two years of some categories (all if none is named), their difference, and in percent."""
    name = in_both(
        lambda one: (
            word("page.total", one)
            if not group
            else name_category(group[0], one)
            if len(group) == 1
            else word("changes.others", one)
        )
    )
    before, after = (
        FormulaPart((str(year), str(year)), value, CO2, find_group(content, area, year, group))
        for year, value in zip(years, values, strict=True)
    )
    title = join(area, f"{years[0]}–{years[1]}", name)
    known = not np.isnan(before.value) and not np.isnan(after.value)
    return [
        *((format_mass(part.value, lang), part.opens) for part in (before, after)),
        (
            format_signed(after.value - before.value, lang),
            derive_difference(content, title, after, before) if known else None,
        ),
        (
            format_change(after.value, before.value),
            (
                derive_relative(content, join(title, both("changes.relative")), after, before)
                if known
                else None
            ),
        ),
    ]


def find_group(content: Content, area: str, year: int, group: tuple[str, ...]) -> int | None:
    """Return the number by which the page opens the direct CO2 of some categories, or of all where none is named."""
    return content.refer_sum(area, year, t=group[0] if len(group) == 1 else group)


def _draw_years(
    content: Content,
    area: str,
    table: pd.DataFrame,
    groups: list[tuple[str, ...]],
    *,
    label: str,
    lang: str,
) -> Drawing:
    """Return stacked columns by year, with the interval of each total where one is given."""
    years = list(range(int(table.columns[0]), int(table.columns[-1]) + 1))
    scale = mass_scale(lang)
    wide = table.reindex(columns=years)
    ranges = dict.fromkeys(years, None) | _find_ranges(content, area, scale)
    chart = draw_stacks(
        label,
        list(map(str, years)),
        [
            Stack(
                str(name),
                [value / scale for value in row],
                [
                    find_group(content, area, year, group) if year in table else None
                    for year in years
                ],
            )
            for (name, row), group in zip(wide.iterrows(), groups, strict=True)
        ],
        lambda value: f"{format_mass(value * scale, lang)} {mass_unit(lang)}",
        ranges=[ranges[year] for year in years],
        lang=lang,
    )
    chart.heads = [word("changes.category", lang), *map(str, table.columns)]
    chart.rows = [
        [
            str(name),
            *(
                (format_mass(float(row[year]), lang), find_group(content, area, int(year), group))
                for year in table.columns
            ),
        ]
        for (name, row), group in zip(table.iterrows(), groups, strict=True)
    ]
    chart.rows = [
        *chart.rows,
        [
            word("page.total", lang),
            *(
                (format_mass(float(table[year].sum()), lang), content.refer_sum(area, int(year)))
                for year in table.columns
            ),
        ],
    ]
    return chart


def _find_ranges(content: Content, area: str, scale: float) -> dict[int, Range | None]:
    """Return the interval of the total of each year that has one."""
    bands = content.uncertainty
    if bands is None:
        return {}
    return {
        int(row.year): Range(row.lower / scale, row.upper / scale, derive_interval(content, row))
        for row in list_rows(bands[bands["area"] == area])
    }
