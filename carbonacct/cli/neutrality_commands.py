"""Gross emissions, removals and net emissions of inventories, and when they meet: neutrality."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import (
    name_written,
    say_findings,
    say_summary,
    strict_status,
    write_results,
)
from carbonacct.cli.parser import add_command, add_language
from carbonacct.cli.shared_options import add_strict, analysis_output
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    import pandas as pd

    from carbonacct.cli.parser import Commands

WORDS = {
    "zh": {
        "held": "{area} {year}  总排放 {gross} Mt  清除 {removals} Mt  净排放 {net} Mt  {gas}",
        "void": "{area} {year}  无数据：缺 {notation}；--known-only 只计有数据的部分",
        "year": "{area}：{year} 年起净排放为零或以下",
        "never": "{area}：至 {last} 年未达到，尚余 {gap} Mt",
    },
    "en": {
        "held": "{area} {year}  gross {gross} Mt  removals {removals} Mt  net {net} Mt  {gas}",
        "void": "{area} {year}  no number: lacks {notation}; --known-only adds up what has one",
        "year": "{area}: net emissions are zero or below from {year} on",
        "never": "{area}: not reached by {last}; {gap} Mt are left",
    },
}


def add_commands(commands: Commands) -> None:
    """Add the command of this module."""
    text = say("say gross emissions, removals and net emissions, and the year in which they meet")
    command = add_command(commands, "neutrality", _neutrality, text, analysis_output())
    command.add_argument("files", nargs="+", metavar="INVENTORY", help=".csv .json .parquet .nc")
    command.add_argument("--gas", help=say("one gas, such as CO2"))
    command.add_argument(
        "--gwp", metavar="METRIC", help=say("all gases by a metric, such as AR5GWP100")
    )
    command.add_argument(
        "--known-only",
        action="store_true",
        help=say("add up what has a number, whatever lacks one"),
    )
    add_strict(command)
    add_language(command)


def _neutrality(options: argparse.Namespace) -> int:
    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.analysis.neutrality import (  # noqa: PLC0415 - a command loads what it needs
        tabulate_neutrality,
    )
    from carbonacct.inventory.inventory_reader import read_inventory  # noqa: PLC0415
    from carbonacct.inventory.joining import join_inventories  # noqa: PLC0415

    whole = join_inventories([read_inventory(file) for file in options.files])
    table = tabulate_neutrality(
        whole, gwp=options.gwp, gas=options.gas, known_only=options.known_only
    )
    lines, status = [], 0
    for area, held in table.groupby("area", sort=False):
        lines += [_say_year(row, options.lang) for row in held.to_dict("records")]
        if not held["net"].isna().any():
            lines.append(_say_meeting(str(area), held, options.lang))
    findings = list(whole.findings)
    if options.output or options.json:
        analysis = Analysis("neutrality", table, by=("area",), findings=findings)
        written, failed = write_results(options.output, analysis, overwrite=options.overwrite)
        status = failed
        lines += name_written(written)
    if "-" in options.output:
        say_findings(options, findings)
    else:
        say_summary(options, join_texts("\n", lines), findings)
    return status or strict_status(options, findings)


def _say_year(row: Mapping[Any, Any], lang: str) -> str:
    """Return the line of an area and year."""
    words = WORDS[lang]
    if math.isnan(row["net"]):
        return words["void"].format(**row)
    shown = {name: f"{row[name] / 1e6:,.4f}" for name in ("gross", "removals", "net")}
    return words["held"].format(**{**row, **shown})


def _say_meeting(area: str, path: pd.DataFrame, lang: str) -> str:
    """Return the line of the year in which an area becomes neutral."""
    from carbonacct.analysis.neutrality import find_neutral_year  # noqa: PLC0415

    words = WORDS[lang]
    found = find_neutral_year(path)
    if found.year is None:
        return words["never"].format(area=area, last=found.last, gap=f"{found.gap / 1e6:,.4f}")
    return words["year"].format(area=area, year=found.year)
