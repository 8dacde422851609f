"""Paths from assumptions (scenario), of the past (backcast), and drivers of others (levels)."""

from __future__ import annotations

import argparse
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import (
    name_written,
    note_written,
    say_findings,
    say_summary,
    write_results,
)
from carbonacct.cli.parser import add_command, add_language
from carbonacct.cli.shared_options import add_sheet, analysis_output, label
from carbonacct.data import shown_name
from carbonacct.errors import PanelError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.cli.parser import Commands
    from carbonacct.texts import Text

_SHOWN = ("paths", "sectors", "peaks", "envelope", "iamc", "leap")
_MT = 1e6


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    output = analysis_output()
    text = say("follow declared assumptions from an inventory on: peak, budget and neutral year")
    command = add_command(commands, "scenario", _scenario, text, output)
    command.add_argument("files", nargs="+", metavar="INVENTORY", help=".csv .json .parquet .nc")
    command.add_argument(
        "--assumptions",
        required=True,
        metavar="FILE",
        help=say("a CSV scenario,sector,term,of,until,as,value,lower,upper,source"),
    )
    command.add_argument("--gas", default="", help=say("one gas, such as CO2"))
    command.add_argument(
        "--gwp", default="", metavar="METRIC", help=say("all gases by a metric, such as AR5GWP100")
    )
    command.add_argument(
        "--area", default="", type=label, help=say("of the inventory, where it has several")
    )
    command.add_argument(
        "--base", type=int, default=0, metavar="YEAR", help=say("start (default: the last year)")
    )
    command.add_argument(
        "--scope",
        action="append",
        type=int,
        choices=(1, 2),
        help=say("1, direct emissions (default), or 2 beside it; may be repeated"),
    )
    command.add_argument(
        "--base-error",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help=say("half of the 95 %% interval of the base year, such as 5%%"),
    )
    _add_draws(command)
    command.add_argument(
        "--peak-by",
        type=int,
        metavar="YEAR",
        help=say("the chance that the peak is then or before"),
    )
    command.add_argument(
        "--budget",
        type=_tonnes,
        metavar="TONNES",
        help=say("the chance that the years after the start add up to no more"),
    )
    command.add_argument(
        "--show",
        choices=_SHOWN,
        default="paths",
        help=say("the table to write (default paths)"),
    )
    command.add_argument(
        "--model", default="carbonacct", type=label, help=say("its name in the table iamc")
    )
    add_language(command)
    text = say("say how well paths from past years would have done against what came")
    command = add_command(commands, "backcast", _backcast, text, output)
    command.add_argument(
        "panel", metavar="PANEL", help=say("area, year and the columns of the identity")
    )
    command.add_argument(
        "--identity",
        help=say("(default co2 = population * gdp/population * energy/gdp * co2/energy)"),
    )
    command.add_argument(
        "--window", type=int, default=10, help=say("years before that give the rates (default 10)")
    )
    command.add_argument("--horizon", type=int, default=10, help=say("years ahead (default 10)"))
    _add_draws(command)
    add_sheet(command)
    command.add_argument(
        "--each", action="store_true", help=say("a row for each path and year, not their means")
    )
    text = say("take a variable of a file in the IAMC format, or a sheet of LEAP, as assumptions")
    command = add_command(commands, "levels", _levels, text, output)
    command.add_argument("file", metavar="FILE", help=".csv .xlsx")
    command.add_argument("--variable", default="", help=say("such as GDP|PPP"))
    command.add_argument("--region", default="", help=say("as the file names it"))
    command.add_argument("--sector", default="all", help=say("that it drives (default all)"))
    command.add_argument("--term", default="activity", help=say("(default activity)"))
    command.add_argument(
        "--of", default="", help=say("a name of it, such as population, or the product of a mix")
    )
    command.add_argument(
        "--branch",
        default="",
        metavar="PATH",
        help=say("of LEAP; those that scenario --show leap writes, unless given"),
    )
    command.add_argument(
        "--base", type=int, metavar="YEAR", help=say("of LEAP, the year before its scenarios begin")
    )
    command.add_argument("--until", type=int, metavar="YEAR", help=say("of LEAP, its last year"))


def _add_draws(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--draws", type=int, default=1000, help=say("paths over the ranges (default 1000)")
    )
    command.add_argument("--seed", type=int, default=0, help=say("of the draws (default 0)"))


def _share(text: str) -> float:
    """Return a share that may be a percentage."""
    from carbonacct.analysis.assumptions import read_number  # noqa: PLC0415

    share = read_number(text)
    if not 0 <= share < 1:
        raise argparse.ArgumentTypeError(say("{text!r} is no share; write 5% or 0.05", text=text))
    return share


def _tonnes(text: str) -> float:
    from carbonacct.analysis.assumptions import read_number  # noqa: PLC0415

    tonnes = read_number(text)
    if math.isnan(tonnes):
        raise argparse.ArgumentTypeError(say("{text!r} is no amount; write 3e9", text=text))
    return tonnes


def _scenario(options: argparse.Namespace) -> int:
    from carbonacct.analysis.assumptions import read_assumptions  # noqa: PLC0415
    from carbonacct.analysis.drivers import Basis  # noqa: PLC0415
    from carbonacct.analysis.scenario import project_scenarios  # noqa: PLC0415
    from carbonacct.analysis.scenario_results import (  # noqa: PLC0415
        Asked,
        analyse_paths,
        summarise_paths,
    )
    from carbonacct.inventory.inventory_reader import read_inventory  # noqa: PLC0415
    from carbonacct.inventory.joining import join_inventories  # noqa: PLC0415

    whole = join_inventories([read_inventory(file) for file in options.files])
    basis = Basis(
        area=options.area,
        year=options.base,
        gas=options.gas,
        gwp=options.gwp,
        scopes=tuple(sorted({1, *(options.scope or ())})),
        error=options.base_error,
        draws=options.draws,
        seed=options.seed,
    )
    paths = project_scenarios(whole, read_assumptions(Path(options.assumptions)), basis)
    asked = Asked(peak_by=options.peak_by, budget=options.budget)
    lines: list[Text | str] = []
    for row, path in zip(summarise_paths(paths, asked).to_dict("records"), paths, strict=True):
        lines += _say_path(row, (int(path.years[0]), int(path.years[-1])), options.peak_by)
    analysis = analyse_paths(options.show, paths, asked, model=options.model)
    analysis = replace(analysis, findings=whole.findings)
    written, status = write_results(options.output, analysis, overwrite=options.overwrite)
    lines += name_written(written)
    if "-" in options.output:
        say_findings(options, whole.findings)
    else:
        say_summary(options, join_texts("\n", lines), whole.findings)
    return status


def _say_path(
    row: Mapping[Any, Any], years: tuple[int, int], peak_by: int | None
) -> Iterator[Text]:
    """Yield what the summary of a scenario says, a sentence a line."""
    name, (base, last) = row["scenario"] or row["area"], years
    peak = {one: row[f"peak{one}"] / _MT for one in ("", "_lower", "_upper")}
    if row["peak_state"] == "passed":
        yield say(
            "{name}: peak in {year:.0f} ({lower:.0f} to {upper:.0f}) at {peak:,.2f} Mt ({least:,.2f} to "
            "{most:,.2f}); {chance:.0%} of draws fall before {last}",
            name=name,
            year=row["peak_year"],
            lower=row["peak_year_lower"],
            upper=row["peak_year_upper"],
            peak=peak[""],
            least=peak["_lower"],
            most=peak["_upper"],
            chance=row["chance_passed"],
            last=last,
        )
    elif row["peak_state"] == "rising":
        yield say(
            "{name}: highest in {last}, the last year ({peak:,.2f} Mt); a peak lies behind it, or "
            "nowhere",
            name=name,
            last=last,
            peak=peak[""],
        )
    elif row["peak_state"] == "base":
        yield say(
            "{name}: highest in {base}, the start ({peak:,.2f} Mt)",
            name=name,
            base=base,
            peak=peak[""],
        )
    else:
        yield say(
            "{name}: stays below what was emitted before {base} (then {year:.0f} with {peak:,.2f} Mt)",
            name=name,
            base=base,
            year=row["peak_year"],
            peak=peak[""],
        )
    if peak_by is not None:
        yield say(
            "{name}: the peak is in {year} or before in {chance:.0%} of draws",
            name=name,
            year=peak_by,
            chance=row[f"chance_by_{peak_by}"],
        )
    yield say(
        "{name}: {first} to {last} add up to {total:,.1f} Mt ({lower:,.1f} to {upper:,.1f})",
        name=name,
        first=base + 1,
        last=last,
        total=row["cumulative"] / _MT,
        lower=row["cumulative_lower"] / _MT,
        upper=row["cumulative_upper"] / _MT,
    )
    if "budget" in row:
        yield say(
            "{name}: within {budget:,.1f} Mt in {chance:.0%} of draws",
            name=name,
            budget=row["budget"] / _MT,
            chance=row["chance_budget"],
        )
    if row["chance_neutral"] > 0 or not math.isnan(row["neutral_year"]):
        yield say(
            "{name}: net emissions are zero or below to the end in {chance:.0%} of draws; in the middle "
            "from {year}",
            name=name,
            chance=row["chance_neutral"],
            year="-" if math.isnan(row["neutral_year"]) else int(row["neutral_year"]),
        )


def _backcast(options: argparse.Namespace) -> int:
    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.analysis.backcast import (  # noqa: PLC0415
        KAYA,
        Setting,
        backcast,
        summarise_backcast,
    )
    from carbonacct.projects.project_panel import read_panel  # noqa: PLC0415

    panel, findings = read_panel(options.panel, labels=["area"], sheet=options.sheet)
    setting = Setting(options.window, options.horizon, options.draws, options.seed)
    table: Any = panel
    identity = options.identity or KAYA
    found = backcast(table, identity, setting)
    analysis = Analysis(
        "backcast-paths" if options.each else "backcast",
        found if options.each else summarise_backcast(found),
        findings=findings,
        words={
            "value": identity.partition("=")[0].strip(),
            "identity": identity,
            "window": str(options.window),
        },
        units=panel.attrs.get("units", {}),
        series=found,
    )
    return _write(options, analysis)


def _levels(options: argparse.Namespace) -> int:
    from carbonacct.analysis.leap_reader import is_leap  # noqa: PLC0415

    analysis = _take_branch(options) if is_leap(options.file) else _take_variable(options)
    return _write(options, analysis)


def _take_variable(options: argparse.Namespace) -> Analysis:
    """Return a variable of a file in the IAMC format as assumptions."""
    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.analysis.iamc import read_iamc, to_assumptions  # noqa: PLC0415

    table = read_iamc(options.file)
    found = to_assumptions(
        table,
        variable=options.variable,
        region=options.region,
        sector=options.sector,
        term=options.term,
        of=options.of,
    )
    units = set(table.loc[table["variable"] == options.variable, "unit"])
    return Analysis(
        "assumptions",
        found,
        words={"of": options.variable, "value": "value"},
        units={"value": units.pop()} if len(units) == 1 else {},
    )


def _take_branch(options: argparse.Namespace) -> Analysis:
    """Return branches of a sheet of LEAP as assumptions."""
    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.analysis.leap_reader import Driven, LeapSpan, read_leap, take_leap  # noqa: PLC0415

    if options.base is None or options.until is None or options.base >= options.until:
        raise PanelError(
            say(
                "{file}: a sheet of LEAP does not hold its years; give --base, the year before its "
                "scenarios begin, and --until, its last",
                file=shown_name(options.file),
            )
        )
    found = take_leap(
        read_leap(options.file),
        LeapSpan(options.base, options.until),
        region=options.region,
        branch=options.branch,
        variable=options.variable,
        driven=Driven(options.sector, options.term, options.of),
    )
    return Analysis("assumptions", found, words={"of": options.branch, "value": "value"})


def _write(options: argparse.Namespace, analysis: Analysis) -> int:
    targets = options.output or ["-"]
    written, status = write_results(targets, analysis, overwrite=options.overwrite)
    if "-" not in targets:
        note_written(written)
    return status
