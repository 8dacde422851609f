"""The parts of the chapter beside the inventory's own tables: reference approach, completeness, uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.catalogue import in_language
from carbonacct.charts import ChartLine
from carbonacct.errors import CarbonacctError
from carbonacct.projects.differences import CAUSES
from carbonacct.report.chapter.chapter_words import say
from carbonacct.report.standalone_names import name_fuel_group, name_key_category
from carbonacct.report.workbook.workbook_words import word
from carbonacct.sectors.energy.approach_comparison import shared_approaches
from carbonacct.sectors.energy.completeness import judge_completeness
from carbonacct.texts import add_unit, add_unit_below, join_clauses
from carbonacct.uncertainty.key_categories import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.projects.differences import Difference
    from carbonacct.report.chapter.word_document import Chapter
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory

_SCALE = 1e4  # t in the unit of the tables
_GRAMS = 1e6 * _SCALE
_LEVELS = 3  # of the category tree, such as 1.A.2
_GUIDELINES = {
    "zh": "2006 年 IPCC 指南第 1 卷第 {} 章",
    "en": "2006 IPCC Guidelines, Vol. 1, Ch. {}",
}


def write_reference(chapter: Chapter, inventory: EnergyInventory, area: str, year: int) -> None:
    """Write the reference approach beside the sectoral one, by kind of fuel, or why there is none."""
    lang = chapter.lang
    chapter.heading("reference")
    try:
        groups = shared_approaches(inventory).by_group()
    except CarbonacctError as error:
        chapter.text("no reference", reason=in_language(str(error), lang))
        return
    groups = groups[(groups["area"] == area) & (groups["year"] == year)]
    rows = [
        [
            name_fuel_group(row["fuel_group"], lang),
            *(_show(row[name]) for name in ("energy_reference_tj", "energy_sectoral_tj")),
            *(_show(row[name] / 10) for name in ("co2_reference_kt", "co2_sectoral_kt")),
            _show(row["co2_difference_percent"], sign="+"),
        ]
        for row in groups.to_dict("records")
    ]
    whole = groups[groups["fuel_group"] == "total"]["co2_difference_percent"].item()
    chapter.text("reference text", difference=_show(whole, sign="+"))
    heads = [
        say("fuel group", lang),
        *(
            add_unit_below(say(what, lang), unit, lang)
            for unit in ("TJ", say("large", lang))
            for what in ("by reference", "by sectors")
        ),
        add_unit_below(say("difference", lang), "%", lang),
    ]
    chapter.table("reference table", heads, rows, bold=frozenset({len(rows) - 1}))


def write_completeness(
    chapter: Chapter,
    inventory: EnergyInventory,
    area: str,
    year: int,
    *,
    statements: Sequence[StatedKey] = (),
) -> None:
    """Write the categories of the upper levels with their number or key, and the reason where there is no number."""
    lang = chapter.lang
    chapter.heading("completeness")
    found = judge_completeness(inventory, statements)
    found = found[
        (found["area"] == area)
        & (found["year"] == year)
        & (found["category"].str.count(r"\.") < _LEVELS)
    ]
    rows = [
        [
            f"{row['category']} {row[f'name_{lang}']}",
            row["gas"],
            f"{row['value']:,.0f}" if row["value"] == row["value"] else row["key"],
            join_clauses((row["included_in"], row[f"reason_{lang}"]), lang),
        ]
        for row in found.to_dict("records")
    ]
    chapter.text("keys")
    chapter.table(
        "completeness table",
        [
            say("category", lang),
            say("gas column", lang),
            add_unit_below(say("emissions", lang), "t", lang),
            say("reason", lang),
        ],
        rows,
        weights=[3.6, 0.7, 1.6, 4.0],
    )


def write_uncertainty(chapter: Chapter, assessment: Assessment, area: str, year: int) -> None:
    """Write the interval of direct CO2 and the key categories."""
    lang = chapter.lang
    chapter.heading("uncertainty")
    intervals = assessment.intervals[assessment.intervals["area"] == area]
    for row in intervals[intervals["year"] == year].to_dict("records"):
        shown = {name: _show(row[name] / 1e4) for name in ("value", "lower", "upper")}
        apart = {
            name: _show(100 * (row[bound] / row["value"] - 1), sign="+")
            for name, bound in (("below", "lower"), ("above", "upper"))
        }
        chapter.text(
            "interval",
            year=year,
            level=row["level"],
            **shown,
            **apart,
            draws=f"{row['draws']:,}",
            reference=_GUIDELINES[lang].format(3),
        )
    if len(intervals) > 1:
        rows = [
            [str(row["year"]), *(_show(row[name] / 1e4) for name in ("value", "lower", "upper"))]
            for row in intervals.to_dict("records")
        ]
        chapter.table(
            "intervals",
            [
                word("year", lang),
                *(
                    add_unit_below(say(name, lang), say("large", lang), lang)
                    for name in ("emissions", "lower", "upper")
                ),
            ],
            rows,
        )
        chapter.lines(
            add_unit(say("intervals", lang), say("large", lang), lang), [_range(intervals)]
        )
    for finding in assessment.findings:
        chapter.text("note", text=in_language(finding.message, lang))
    _write_key_categories(chapter, assessment.categories[assessment.categories["area"] == area])


def _range(intervals: pd.DataFrame) -> ChartLine:
    """Return the emissions of the years with what they range over."""
    held = {name: tuple(intervals[name] / _SCALE) for name in ("value", "lower", "upper")}
    return ChartLine(
        "CO₂",
        tuple(map(int, intervals["year"])),
        held["value"],
        lower=held["lower"],
        upper=held["upper"],
    )


def write_recalculation(chapter: Chapter, since: Difference, area: str) -> None:
    """Write what changed since an earlier inventory by year, gas and cause, in 10⁴ t.

    Causes of nothing are left out.
    """
    lang = chapter.lang
    chapter.heading("recalculation")
    sums = since.by("area", "year", "gas", "scope")
    sums = sums[(sums["area"] == area) & (sums["change"] != 0)]
    if sums.empty:
        chapter.text("not recalculated")
        return
    years = sorted(set(sums["year"]))
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    chapter.text("recalculated", years=span, change=_show(sums["change"].sum() / _GRAMS, sign="+"))
    causes = [cause for cause in CAUSES if sums[cause].any()]
    numbers = ("before", "after", "change", *causes)
    rows = [
        [
            str(row["year"]),
            str(row["gas"]),
            str(row["scope"]),
            *(
                _show(row[name] / _GRAMS, sign="" if name in numbers[:2] else "+")
                for name in numbers
            ),
        ]
        for row in sums.to_dict("records")
    ]
    heads = [say("before", lang), say("after", lang), say("change", lang)]
    heads += [say(f"cause {cause}", lang) for cause in causes]
    chapter.table(
        "recalculation table",
        [
            word("year", lang),
            say("gas column", lang),
            word("scope", lang),
            *(add_unit_below(head, say("large", lang), lang) for head in heads),
        ],
        rows,
        weights=[0.7, 0.7, 0.6, *[1.3] * len(heads)],
    )


def _write_key_categories(chapter: Chapter, found: pd.DataFrame) -> None:
    lang = chapter.lang
    keys = found[found["criteria"] != ""]
    rows = [
        [
            name_key_category(row["category"], lang),
            row["gas"],
            _show(row["latest"] / 1e4),
            *(f"{100 * row[name]:.1f}" for name in ("level", "level_cumulative")),
            row["criteria"],
        ]
        for row in keys.to_dict("records")
    ]
    units = {"emissions": say("large", lang), "share": "%", "cumulative": "%"}
    heads = [
        add_unit_below(say(name, lang), units.get(name, ""), lang)
        for name in ("category", "gas column", *units, "criteria")
    ]
    chapter.table("key categories", heads, rows, weights=[3.4, 0.6, 1.3, 1.0, 1.0, 0.9])
    chapter.text(
        "key text",
        level="L1",
        trend="T1",
        part=f"{100 * THRESHOLDS[1]:g}",
        reference=_GUIDELINES[lang].format(4),
    )


def _show(value: float, sign: str = "") -> str:
    """Return a number with two decimals, or nothing."""
    return "" if value != value else f"{value:{sign},.2f}".replace("-", "−")  # noqa: PLR0124 - NaN is not itself
