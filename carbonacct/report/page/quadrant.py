"""The scores of an index: ranks, and areas in the plane of two of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.charts.plane import Point, draw_plane
from carbonacct.errors import IndexDataError
from carbonacct.indices.index_declaration import index_ids, load_index
from carbonacct.indices.readings import place_in_quadrants
from carbonacct.report.page.derivations import Derivation, FormulaPart, both, in_both, join, write
from carbonacct.report.page.page_content import list_rows
from carbonacct.report.page.page_words import format_number, section, word
from carbonacct.report.page.shared_derivations import derive_given, derive_median, derive_ranks
from carbonacct.report.page.svg import draw_chart, fill_sentence, fill_template, show_number
from carbonacct.texts import join_names, join_parts, tell_value

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from carbonacct.charts.drawing import Drawing
    from carbonacct.report.page.derivations import Pair
    from carbonacct.report.page.page_content import Content
    from carbonacct.report.scores import Scores

_LARGEST, _SMALLEST = 15.0, 4.0  # radius of a point


def show_scores(content: Content, lang: str) -> Markup | str:
    """Return the areas of an index in quadrants, with their scores and ranks, where scores are given."""
    scores = content.scores
    if scores is None:
        return ""
    columns = list(
        dict.fromkeys(filter(None, (scores.index, scores.across, scores.up, scores.size)))
    )
    table = scores.table.pivot_table(
        index="area", columns="indicator", values="score", sort=False, dropna=False
    ).reindex(columns=columns)
    there = table.dropna(subset=[scores.across, scores.up])
    title = name_indicator(scores, scores.index)[0 if lang == "zh" else 1]
    lines = [
        float(there[name].median()) if np.isnan(line) else line
        for name, line in zip((scores.across, scores.up), scores.lines, strict=True)
    ]
    lacking = [str(area) for area in table.index if area not in there.index]
    chart = _draw(content, scores, table, (lines[0], lines[1]), lang=lang) if len(there) else None
    return fill_template(
        "scores.html",
        words=section("scores", lang),
        title=title,
        chart=draw_chart(chart, summary=word("page.numbers_of_chart", lang)) if chart else "",
        text=_tell_lines(content, scores, there, lines, lang=lang) if chart else "",
        lacking=word("scores.lacking", lang, names=join_names(lacking, lang)) if lacking else "",
    )


def name_indicator(scores: Scores, indicator: str) -> Pair:
    """Return the name of an indicator, or its id where the index is not one that ships."""
    if scores.index not in index_ids():
        return indicator, indicator
    index = load_index(scores.index)
    if indicator == index.id:
        return index.title_zh, index.title
    found = next((one for one in index.indicators if one.id == indicator), None)
    return (found.zh, found.en) if found else (indicator, indicator)


def _draw(
    content: Content, scores: Scores, table: pd.DataFrame, lines: tuple[float, float], *, lang: str
) -> Drawing:
    side = 0 if lang == "zh" else 1
    names = {column: name_indicator(scores, column)[side] for column in table.columns}
    there = table.dropna(subset=[scores.across, scores.up])
    size = scores.size or scores.across
    places = place_in_quadrants(
        there, x=scores.across, y=scores.up, size=size, x_axis=lines[0], y_axis=lines[1]
    )["quadrant"]
    largest = float(there[scores.size].max()) if scores.size else np.nan
    points = []
    for area, row in there.iterrows():
        share = (
            max(row[scores.size], 0.0) / largest
            if largest > 0 and not np.isnan(row[scores.size])
            else 0.0
        )
        own = (
            f"{names[column]} {format_number(row[column], 2)}"
            for column in table.columns
            if column != scores.index
        )
        tip = tell_value(str(area), join_parts(lang, *own), lang)
        points.append(
            Point(
                str(area),
                row[scores.across],
                row[scores.up],
                tip,
                _derive_score(content, scores, str(area), scores.index),
                _SMALLEST + (_LARGEST - _SMALLEST) * share**0.5 if scores.size else 5.0,
                area in content.areas,
            )
        )
    label = word("scores.chart", lang, across=names[scores.across], up=names[scores.up])
    corners = {
        "upper_right": word("scores.both_high", lang),
        "lower_left": word("scores.both_low", lang),
    }
    chart = draw_plane(
        label,
        points,
        lines=lines,
        x_label=names[scores.across],
        y_label=names[scores.up],
        corners=corners,
        lang=lang,
    )
    ranks = {
        str(area): float(rank)
        for area, rank in (
            table[scores.index]
            .rank(ascending=False, method="min")
            .sort_values(kind="stable")
            .items()
        )
    }
    named = {str(area): str(place) for area, place in places.items()}
    order = _derive_order(content, scores, table)
    chart.heads = [
        word("page.area", lang),
        word("comparison.rank", lang),
        *names.values(),
        word("scores.quadrant", lang),
    ]
    chart.rows = [
        [
            area,
            ("" if np.isnan(rank) else f"{rank:.0f}", order),
            *(
                (
                    format_number(float(table[column][area]), 2),
                    _derive_score(content, scores, area, column),
                )
                for column in table.columns
            ),
            word(f"scores.{named[area]}", lang) if area in named else "",
        ]
        for area, rank in ranks.items()
    ]
    return chart


def _tell_lines(
    content: Content, scores: Scores, there: pd.DataFrame, lines: list[float], *, lang: str
) -> Markup:
    """Return the sentence that says what the lines are, with their numbers."""
    numbers = {}
    for key, indicator, given, line in zip(
        ("across", "up"), (scores.across, scores.up), scores.lines, lines, strict=True
    ):
        name = name_indicator(scores, indicator)
        title = join(name, both("scores.line"))
        if np.isnan(given):
            opens = derive_median(
                content,
                title,
                [
                    FormulaPart(
                        (str(area),) * 2,
                        float(value),
                        "",
                        _derive_score(content, scores, str(area), indicator),
                    )
                    for area, value in there[indicator].items()
                ],
            )
        else:
            opens = derive_given(content, title, given, "")
        numbers[key] = fill_sentence(
            "scores.median" if np.isnan(given) else "scores.given",
            lang,
            name=name[0 if lang == "zh" else 1],
            value=show_number(format_number(line, 2), opens),
        )
    text = fill_sentence("scores.lines", lang, **numbers)
    size = (
        fill_sentence(
            "scores.size", lang, name=name_indicator(scores, scores.size)[0 if lang == "zh" else 1]
        )
        if scores.size
        else ""
    )
    return text + size


def _derive_order(content: Content, scores: Scores, table: pd.DataFrame) -> int | None:
    parts = [
        FormulaPart(
            (str(area),) * 2,
            float(value),
            "",
            _derive_score(content, scores, str(area), scores.index),
        )
        for area, value in table[scores.index].items()
    ]
    return derive_ranks(
        content, join(both("comparison.rank"), name_indicator(scores, scores.index)), parts
    )


def _derive_score(content: Content, scores: Scores, area: str, indicator: str) -> int | None:
    """Return a score as the weighted mean of its parts, down to the values that were scored."""
    rows = [row for row in list_rows(scores.table) if row.area == area]
    at = next((i for i, row in enumerate(rows) if row.indicator == indicator), None)
    if at is None or np.isnan(rows[at].score):
        return None
    return _derive_node(content, scores, rows, at)


def _derive_node(content: Content, scores: Scores, rows: list[Any], at: int) -> int | None:
    row = rows[at]
    title = join(row.area, name_indicator(scores, row.indicator))
    below = []
    for i in range(at + 1, len(rows)):
        if rows[i].level <= row.level:
            break
        if rows[i].level == row.level + 1:
            below.append(i)
    parts = [
        FormulaPart(
            name_indicator(scores, rows[i].indicator),
            rows[i].score,
            "",
            _derive_node(content, scores, rows, i),
            scores.place(rows[i].line, "score"),
        )
        for i in below
        if not np.isnan(rows[i].score)
    ]
    if not below:
        value = (
            ()
            if np.isnan(row.value)
            else (
                FormulaPart(
                    both("scores.value"), row.value, row.unit, place=scores.place(row.line, "value")
                ),
            )
        )
        return content.refer(
            Derivation(
                title,
                "",
                (
                    *value,
                    FormulaPart(
                        both("scores.score"), row.score, "", place=scores.place(row.line, "score")
                    ),
                ),
                note=_tell_rule(scores, row),
            )
        )
    weights = [rows[i].weight for i in below if not np.isnan(rows[i].score)]
    mean = (
        sum(weight * part.value for weight, part in zip(weights, parts, strict=True)) / sum(weights)
        if sum(weights)
        else np.nan
    )
    if not np.isclose(mean, row.score, rtol=1e-9):  # joined by another rule than the weighted mean
        return content.refer(Derivation(title, f"{write(row.score)}", tuple(parts)))
    formula = " + ".join(
        f"{write(part.value)} x {write(weight)}"
        for weight, part in zip(weights, parts, strict=True)
    )
    return content.refer(
        Derivation(title, f"({formula}) / {write(sum(weights))} = {write(row.score)}", tuple(parts))
    )


def _tell_rule(scores: Scores, row: Any) -> Pair:
    """Return how a value became a score: the rule of the index, if it ships, and where the value is from."""
    try:
        index = load_index(scores.index)
    except IndexDataError:
        return both("scores.status", status=row.status)
    leaf = next((one for one in index.leaves if one.id == row.indicator), None)
    if leaf is None:
        return both("scores.status", status=row.status)
    rule = index.rules[leaf.rule]
    return both(
        "scores.rule",
        rule=rule.kind,
        reason=rule.reason,
        status=row.status,
        place=leaf.place,
        title=in_both(lambda lang: index.title_zh if lang == "zh" else index.title),
    )
