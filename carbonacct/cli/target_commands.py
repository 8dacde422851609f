"""Commands on where emissions go: peak, target, project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from carbonacct.cli.parser import add_command
from carbonacct.cli.shared_options import analysis_output, number
from carbonacct.cli.trend_commands import PANEL_HELP, AskedTrend, add_series_options, run_panel
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from carbonacct.cli.parser import Commands
    from carbonacct.errors import Finding


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    output = analysis_output()
    peak = add_command(
        commands,
        "peak",
        _peak,
        say("say whether emissions have peaked, when, and the class of each area"),
        output,
    )
    peak.add_argument("panel", metavar="PANEL", help=PANEL_HELP)
    peak.add_argument(
        "--value", default="co2", metavar="COLUMN", help=say("the emissions (default co2)")
    )
    peak.add_argument(
        "--driver",
        metavar="COLUMN",
        help=say(
            "such as gdp, at constant prices: also say the class (decoupled, "
            "decoupling, awaiting, energy_base)"
        ),
    )
    peak.add_argument(
        "--energy-share",
        metavar="COLUMN",
        help=say("share of energy industries, 0 to 1, for the class energy_base"),
    )
    target = add_command(
        commands,
        "target",
        _target,
        say("say how far targets are: a table of them, or a cut of one intensity"),
        output,
    )
    target.add_argument("panel", metavar="PANEL", help=PANEL_HELP)
    target.add_argument(
        "--targets",
        metavar="TABLE",
        help=say("a table of targets, or a document that ships one: pilots-2013, national-targets"),
    )
    target.add_argument(
        "--compare",
        action="store_true",
        help=say("hold targets of a whole against each area, as far as they are no amounts"),
    )
    target.add_argument(
        "--ratio", metavar="RATIO", help=say("an intensity, such as co2/gdp, instead of a table")
    )
    target.add_argument(
        "--cut", type=number, metavar="PERCENT", help=say("the cut of the ratio, such as 17")
    )
    target.add_argument(
        "--base-year", type=int, metavar="YEAR", help=say("the cut is against this year")
    )
    target.add_argument("--target-year", type=int, metavar="YEAR", help=say("when the cut is due"))
    target.add_argument(
        "--term",
        action="append",
        default=[],
        metavar="RATIO",
        help=say("split the cut into these, such as energy/gdp and co2/energy"),
    )
    for command in (peak, target):
        add_series_options(command)


def _peak(options: argparse.Namespace) -> int:
    from carbonacct.analysis.peak import (  # noqa: PLC0415 - a command loads what it needs
        classify_areas,
        find_peak,
    )
    from carbonacct.analysis.reasons import as_column  # noqa: PLC0415

    def compute(panel: pd.DataFrame, **given: Any) -> Any:
        found: Any = find_peak(panel, value=options.value, **given)
        if options.driver is None:
            return found
        classes: Any = classify_areas(
            panel,
            pressure=options.value,
            driver=options.driver,
            energy_share=options.energy_share,
            **given,
        )
        both = [
            join_texts(" ", sorted({one, other} - {""}))
            for one, other in zip(found["reason"], classes["reason"], strict=True)
        ]
        return found.assign(
            **{name: classes[name] for name in ("from", "to", "elasticity", "state", "class")},
            reason=as_column(both),
        )

    if options.energy_share and not options.driver:
        raise PanelError(
            say(
                "--energy-share is of the class, which needs --driver; add it, such as --driver gdp"
            )
        )
    columns = [name for name in (options.value, options.driver, options.energy_share) if name]
    return run_panel(
        options, AskedTrend("peak", {"value": options.value}, columns=columns), compute
    )


def _target(options: argparse.Namespace) -> int:
    cut = {
        "--ratio": options.ratio,
        "--cut": options.cut,
        "--base-year": options.base_year,
        "--target-year": options.target_year,
    }
    given = [name for name, value in cut.items() if value is not None]
    if options.targets is not None:
        if given or options.term:
            raise PanelError(
                say(
                    "{given} is of one cut, and --targets is a table of its own; give one of them",
                    given=(given or ["--term"])[0],
                )
            )
        return _judge(options)
    if lacking := [name for name in cut if name not in given]:
        raise PanelError(
            say(
                "no {lacking}; give --targets TABLE, or --ratio, --cut, --base-year and "
                "--target-year",
                lacking=join_texts(", ", lacking),
            )
        )
    if not 1 <= options.cut < 100:
        raise PanelError(
            say(
                "--cut is {cut:g} %, expected from 1 to below 100; write 17 for a cut by 17 %",
                cut=options.cut,
            )
        )
    from carbonacct.analysis.targets import split_cut, track_cut  # noqa: PLC0415

    def compute(panel: pd.DataFrame, **labels: Any) -> Any:
        asked = {
            "ratio": options.ratio,
            "cut": options.cut / 100,
            "base_year": options.base_year,
            "year": options.target_year,
            **labels,
        }
        return (
            split_cut(panel, terms=options.term, **asked)
            if options.term
            else track_cut(panel, **asked)
        )

    names = [name.strip() for ratio in (options.ratio, *options.term) for name in ratio.split("/")]
    kind = "cut-terms" if options.term else "cut"
    asked_of = AskedTrend(kind, {"ratio": options.ratio}, columns=list(dict.fromkeys(names)))
    return run_panel(options, asked_of, compute)


def _judge(options: argparse.Namespace) -> int:
    from carbonacct.analysis.target_table import judge_targets  # noqa: PLC0415

    by = list(dict.fromkeys(options.by)) or ["area"]
    if len(by) > 1:
        raise PanelError(
            say(
                "a target belongs to one label, not to {by}; name one column in --by",
                by=join_texts(" and ", by),
            )
        )
    targets, read = _read_targets(options.targets)
    if "quantity" in targets.columns:
        return _judge_goals(options, targets, read, by[0])
    names = (
        {}
        if options.lang is None or f"name_{options.lang}" not in targets.columns
        else dict(zip(targets["indicator"], targets[f"name_{options.lang}"], strict=True))
    )

    def compute(panel: pd.DataFrame, *, over: str, **_: Any) -> Any:
        if by[0] not in panel.columns:
            raise PanelError(
                say(
                    "no column {by!r}; {near}",
                    by=by[0],
                    near=did_you_mean(by[0], map(str, panel.columns))
                    or say("name the areas with --by"),
                )
            )
        known = panel[by[0]].unique()
        if not len(own_targets := targets[targets[by[0]].isin(known)]):
            raise PanelError(
                say(
                    "no target of {known} in {targets}; it has {labels} ...",
                    known=join_texts(", ", map(str, known[:5])),
                    targets=options.targets,
                    labels=join_texts(", ", map(str, targets[by[0]].unique()[:5])),
                )
            )
        return judge_targets(panel, own_targets, by=by[0], over=over)

    options.by = by
    return run_panel(
        options, AskedTrend("target", indicators=names, reasons=True), compute, lambda _: read
    )


def _judge_goals(
    options: argparse.Namespace, targets: pd.DataFrame, read: list[Finding], by: str
) -> int:
    """Judge a table of targets that says quantity, statistic and bound of each."""
    from carbonacct.analysis.goal_verdicts import compare_goals, judge_goals  # noqa: PLC0415
    from carbonacct.analysis.goals import read_goals  # noqa: PLC0415

    rows = targets.to_dict("records")
    goals = read_goals([{str(name): value for name, value in row.items()} for row in rows])
    names = list(dict.fromkeys(name for goal in goals for name in goal.quantity.split("/")))

    def compute(panel: pd.DataFrame, *, over: str, **_: Any) -> Any:
        if by not in panel.columns:
            near = did_you_mean(by, map(str, panel.columns)) or say("name the areas with --by")
            raise PanelError(say("no column {by!r}; {near}", by=by, near=near))
        judge = compare_goals if options.compare else judge_goals
        return judge(panel.rename(columns={by: "area"}), goals, over=over)

    options.by = [by]
    return run_panel(
        options, AskedTrend("target", columns=names, reasons=True), compute, lambda _: read
    )


def _read_targets(name: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Return a table of targets from a file with what the reader left out, or the one of a published document."""
    from carbonacct.analysis.long_table import read_long_table  # noqa: PLC0415
    from carbonacct.published import load_published  # noqa: PLC0415

    published = not Path(name).suffix and not Path(name).exists()
    if published:
        return load_published(name, "targets"), []
    return cast("tuple[pd.DataFrame, list[Finding]]", read_long_table(name, labels=["area"]))
