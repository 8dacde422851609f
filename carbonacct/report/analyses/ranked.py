"""Charts of rows beside one another: intervals, shares, progress, scores and ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.charts import Bar, ChartLine, draw_bars, draw_lines
from carbonacct.report.analyses.analysis_words import name_input, names_of, word
from carbonacct.report.analyses.parts import ALL, bracket, list_groups, make_shower, pick
from carbonacct.report.brief.brief_wording import unit_of
from carbonacct.report.standalone_names import name_key_category

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.report.analyses.parts import Drawn

_BARS = 24
_SHARES = 14


def draw_progress(analysis: Analysis, lang: str) -> Drawn:
    """Return how far each target is, the whole of it a dashed line."""
    frame = analysis.rows.dropna(subset=["progress"])
    name = "id" if "id" in frame.columns else "indicator"
    names = {**names_of(name, lang), **analysis.names}
    looks = {"met": "fall", "on_path": "fall", "behind": "rise", "missed": "rise"}
    several = len(set(frame["area"])) > 1 if "area" in frame.columns else False
    bars = [
        Bar(
            " ".join(
                filter(None, (row["area"] if several else "", names.get(row[name], row[name])))
            ),
            ALL * float(row["progress"]),
            look=looks.get(row["status"], "total"),
            line=ALL,
        )
        for row in frame.to_dict("records")
    ]
    return _draw_some(word("progress", lang), bars, lambda value: f"{value:.0f}", lang)


def draw_intervals(analysis: Analysis, lang: str) -> Drawn:
    """Return each total with its interval: bars of one year, a line over several."""
    frame = analysis.rows[analysis.rows["unit"] == "t"]
    scale, unit = unit_of(lang)
    gas = str(frame["gas"].iloc[0])
    label = f"{gas}{bracket(unit, lang)}"
    dims = [name for name in analysis.by if name in frame.columns]
    if dims == ["area", "year"] and len(set(frame["year"])) > 1:
        groups, more = pick(list_groups(frame, ["area"]), lang)
        lines = [
            ChartLine(
                name,
                tuple(map(int, part["year"])),
                tuple(part["value"] / scale),
                tuple(part["lower"] / scale),
                tuple(part["upper"] / scale),
                number=number,
            )
            for number, (name, part) in enumerate(groups)
        ]
        return [draw_lines(label, lines, lambda value: f"{value:,.1f}", lang=lang)], more
    bars = [
        Bar(
            name,
            float(row["value"]) / scale,
            lower=float(row["lower"]) / scale,
            upper=float(row["upper"]) / scale,
        )
        for name, part in list_groups(frame, dims)
        for row in part.to_dict("records")
    ]
    return _draw_some(label, bars, lambda value: f"{value:,.1f}", lang)


def make_shares(column: str, label: str, of: str) -> Callable[[Analysis, str], Drawn]:
    """Return a recipe of bars of shares, the largest first."""

    def draw(analysis: Analysis, lang: str) -> Drawn:
        frame = analysis.rows[analysis.rows[column].notna()]
        frame = frame[frame[of] != "total"].sort_values(column, ascending=False, kind="stable")
        several = len(set(frame["area"])) > 1
        whole = frame.groupby("area")[column].transform("sum")
        bars = [
            Bar(
                " ".join(filter(None, (row["area"] if several else "", _item(row, of, lang)))),
                ALL * share,
                look="bar-fill" if row.get("criteria", "x") else "total",
            )
            for row, share in zip(frame.to_dict("records"), frame[column] / whole, strict=True)
        ]
        text = names_of("heading", lang).get(label, label)
        return _draw_some(f"{text} (%)", bars[:_SHARES], lambda value: f"{value:.1f}", lang)

    return draw


def _item(row: Mapping[Any, Any], of: str, lang: str) -> str:
    if not row.get(of):
        return names_of("kind", lang).get(row["kind"], str(row["kind"]))
    if of == "category":
        return name_key_category(str(row["category"]), lang)
    parameter = names_of("parameter", lang).get(row["parameter"], str(row["parameter"]))
    words = name_input(str(row["item"]), lang)
    return words if row["kind"] == "activity" else f"{parameter} {words}"


def draw_ranking(analysis: Analysis, lang: str) -> Drawn:
    """Return the scores of areas, the best first."""
    frame = analysis.rows
    whole = frame[frame["level"] == 0].dropna(subset=["score"])
    whole = whole.sort_values("score", ascending=False, kind="stable")
    bars = [
        Bar(str(area), float(score))
        for area, score in zip(whole["area"], whole["score"], strict=True)
    ]
    return _draw_some(word("score", lang), bars, make_shower(whole["score"]), lang)


def draw_ranks(analysis: Analysis, lang: str) -> Drawn:
    """Return the rank of each area with the interval of the draws."""
    held = analysis.rows.dropna(subset=["rank", "rank_low", "rank_high"])
    bars = [
        Bar(
            str(row["area"]),
            float(row["rank"]),
            lower=float(row["rank_low"]),
            upper=float(row["rank_high"]),
        )
        for row in held.to_dict("records")
    ]
    return _draw_some(word("rank", lang), bars, lambda value: f"{value:.0f}", lang)


def _draw_some(label: str, bars: list[Bar], show: Callable[[float], str], lang: str) -> Drawn:
    if not bars:
        return [], ""
    more = word("more", lang, shown=_BARS, count=len(bars)) if len(bars) > _BARS else ""
    return [draw_bars(label, bars[:_BARS], show, lang=lang)], more
