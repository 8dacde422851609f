"""Commands on what matters most: key-categories, contributions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carbonacct.cli.draw_models import (
    all_findings,
    check_base,
    find_uneven,
    find_years,
    finish,
    make_model,
    model_options,
    put_first,
)
from carbonacct.cli.parser import Parser, add_command
from carbonacct.cli.sector_commands import has_tables, read_whole
from carbonacct.cli.shared_options import (
    analysis_output,
    factor_options,
    grid_option,
    number,
    table_options,
)
from carbonacct.cli.speaking import speak
from carbonacct.errors import UncertaintyError
from carbonacct.text_columns import fill_columns
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.uncertainty.draw_model import DrawInput

_WORDS = {
    "most": {
        "en": "what would help most (share of the variance)",
        "zh": "改进何处数据最有效（占方差比重）",
    },
    "key": {"en": "key categories", "zh": "关键类别"},
    "level": {"en": "level", "zh": "水平"},
    "activity": {"en": "activity", "zh": "活动水平"},
    "factor": {"en": "factor", "zh": "因子"},
    "interactions": {"en": "interactions", "zh": "交互作用"},
}


def add_commands(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    shared = (table_options(), factor_options(), grid_option(), model_options(), analysis_output())
    command = add_command(
        commands,
        "key-categories",
        _key_categories,
        say("find the categories that make up most of level and trend"),
        *shared,
    )
    command.add_argument(
        "--approach",
        type=int,
        choices=(1, 2),
        default=1,
        help=say("1: by size (95 %%); 2: by size and uncertainty (90 %%)"),
    )
    command.add_argument(
        "--threshold",
        type=number,
        metavar="PART",
        help=say("part of the sum that key categories make up"),
    )
    add_command(
        commands,
        "contributions",
        _contributions,
        say("rank the inputs whose uncertainty matters most"),
        *shared,
    )


def _key_categories(options: argparse.Namespace) -> int:
    from carbonacct.uncertainty import tabulate_categories  # noqa: PLC0415

    if has_tables(options) and options.approach == 1:
        return _key_categories_of_all(options)
    model, made, status = make_model(options)
    if model is None:
        return status
    latest = {area: find_years(model, area)[-1] for area in model.labels["area"]}
    tables = {
        area: tabulate_categories(model, latest=year, base=options.base, area=area)
        for area, year in latest.items()
    }
    found, lines = _rank(options, tables, latest)
    model = replace(model, findings=(*model.findings, *found.findings))
    found = replace(found, findings=all_findings(model, made))
    return finish(options, found, lines, model.findings, status=status)


def _key_categories_of_all(options: argparse.Namespace) -> int:
    """Find the key categories of all sectors: by size, all gases weighted by the metric that is named."""
    from carbonacct.uncertainty.record_categories import tabulate_entries  # noqa: PLC0415

    if not options.gwp or options.gas or options.scope != 1:
        raise UncertaintyError(
            say(
                "key categories of all sectors are found by size in CO2-equivalent of scope "
                "1; name the metric, --gwp AR5GWP100, and no --gas or --scope"
            )
        )
    options.gas = []
    _, whole, status = read_whole(options)
    if whole is None:
        return status
    check_base(options.base, sorted(map(int, whole.entries["year"].unique())))
    years = whole.entries.groupby("area", sort=False, observed=True)["year"].max()
    latest = {str(area): int(year) for area, year in years.items()}
    tables = {
        area: tabulate_entries(whole, gwp=options.gwp, area=area, latest=year, base=options.base)
        for area, year in latest.items()
    }
    found, lines = _rank(options, tables, latest, metric=options.gwp)
    found = replace(found, findings=[*whole.findings, *found.findings])
    return finish(options, found, lines, found.findings, shown=3, status=status)


def _rank(
    options: argparse.Namespace,
    tables: Mapping[str, pd.DataFrame],
    latest: Mapping[str, int],
    *,
    metric: str = "",
) -> tuple[Analysis, list[str]]:
    """Return the key categories of each area, and lines that say them; a metric adds up gases of longer names."""
    import pandas as pd  # noqa: PLC0415

    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.uncertainty import find_key_categories  # noqa: PLC0415
    from carbonacct.uncertainty.key_categories import check_trend  # noqa: PLC0415

    frames, lines, notes = [], [], []
    word, width = _WORDS["level"][options.lang], 8 if metric else 4
    for area, table in tables.items():
        year = latest[area]
        notes += check_trend(table, area=area, base=options.base, latest=year)
        found = find_key_categories(table, approach=options.approach, threshold=options.threshold)
        frames.append(found.assign(area=area, year=year))
        lines.append(f"{area} {year}  {_WORDS['key'][options.lang]}  {metric}".rstrip())
        lines += [
            f"  {row['category']:<16} {row['gas']:<{width}} {row['latest'] / 1e6:>12.4f} Mt  {word}"
            f" {100 * row['level']:5.1f} %  {100 * row['level_cumulative']:5.1f} % "
            f" {row['criteria']}".rstrip()
            for row in found[found["latest"].notna()].to_dict("records")
        ]
    frame = put_first(pd.concat(frames, ignore_index=True), "area", "year")
    return Analysis("key-categories", frame, by=("area",), findings=notes), lines


def _tell_contribution(row: Mapping[Hashable, Any], known: DrawInput | None, lang: str) -> str:
    """Return a line; an input of the model has a name in both languages, a cell its labels."""
    kind = _WORDS[row["kind"] or row["input"]][lang]
    if known is not None:
        name, item = speak(known.name), speak(known.item) if row["kind"] == "factor" else ""
    else:
        name, item = " ".join(map(speak, row["item"].split(" "))), ""
    name = name.removeprefix("activity: ")
    return f"  {100 * row['share']:5.1f} %  {fill_columns(kind, 8)} {name}  {item}".rstrip()


def _contributions(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.uncertainty import rank_contributions  # noqa: PLC0415

    model, made, status = make_model(options)
    if model is None:
        return status
    inputs = {one.name: one for one in model.inputs}
    frames, lines, notes = [], [], []
    for area in model.labels["area"]:
        latest = find_years(model, area)[-1]
        uneven = find_uneven(model, options.base, area, latest)
        notes += uneven
        if uneven:
            continue  # what moves a level is in t, and no stand-in for what moves a trend
        found = (
            rank_contributions(model, where={"area": area}, trend=(options.base, latest))
            if options.base is not None
            else rank_contributions(model, where={"area": area, "year": latest})
        )
        frames.append(found.assign(area=area, year=latest))
        lines.append(f"{area} {latest}  {_WORDS['most'][options.lang]}")
        lines += [
            _tell_contribution(row, inputs.get(row["input"]), options.lang)
            for row in found.head(12).to_dict("records")
        ]
    if not frames:
        raise UncertaintyError(join_texts("\n", map(str, notes)))
    model = replace(model, findings=(*model.findings, *notes))
    frame = put_first(pd.concat(frames, ignore_index=True), "area", "year")
    ranked = Analysis("contributions", frame, by=("area",), findings=all_findings(model, made))
    return finish(options, ranked, lines, model.findings, status=status)
