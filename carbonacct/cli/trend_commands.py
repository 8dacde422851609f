"""Commands on panels of years: trend, decoupling."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import write_results
from carbonacct.cli.parser import add_command
from carbonacct.cli.shared_options import add_sheet, analysis_output, fraction
from carbonacct.cli.speaking import manner, name_language, speak, tell
from carbonacct.errors import Finding, PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from carbonacct.cli.parser import Commands

PANEL_HELP = say("a long table, years as columns, or an inventory: .csv .xlsx .parquet .nc .json")
_FEW = (
    10  # years below which the normal approximation of S is rough: Gilbert (1987), section 16.4.2
)
_SHOWN = 5


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    output = analysis_output()
    trend = add_command(
        commands,
        "trend",
        _trend,
        say("test the years of a panel for a trend (Mann-Kendall) and give its slope"),
        output,
    )
    trend.add_argument("panel", metavar="PANEL", help=PANEL_HELP)
    trend.add_argument("--value", required=True, metavar="COLUMN", help=say("the numbers to test"))
    trend.add_argument(
        "--method",
        default="original",
        help=say("original, hamed-rao, yue-wang, pre-whitening, trend-free-pre-whitening"),
    )
    trend.add_argument(
        "--alpha", type=fraction, default=0.05, help=say("level of the test (default 0.05)")
    )
    trend.add_argument(
        "--band",
        type=fraction,
        metavar="CONFIDENCE",
        help=say("add the slope's confidence band, such as 0.95"),
    )
    decoupling = add_command(
        commands,
        "decoupling",
        _decoupling,
        say("say whether a pressure has come apart from its driver (Tapio)"),
        output,
    )
    decoupling.add_argument("panel", metavar="PANEL", help=PANEL_HELP)
    decoupling.add_argument("--pressure", required=True, metavar="COLUMN", help=say("such as co2"))
    decoupling.add_argument(
        "--driver", required=True, metavar="COLUMN", help=say("such as gdp, at constant prices")
    )
    decoupling.add_argument(
        "--years",
        metavar="YEARS",
        help=say("years to compare, such as 2005,2010,2015 (default: all)"),
    )
    decoupling.add_argument(
        "--chained",
        action="store_true",
        help=say("compare each year with the one before, not with the first"),
    )
    for command in (trend, decoupling):
        add_series_options(command)


def add_series_options(command: argparse.ArgumentParser) -> None:
    """Add the options that say what a series of a panel is, and the language in which results are named."""
    command.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="COLUMN",
        help=say("column that tells the series apart; may be repeated"),
    )
    command.add_argument(
        "--over", default="year", metavar="COLUMN", help=say("the column of years (default year)")
    )
    command.add_argument(
        "--lang",
        type=name_language,
        choices=("zh", "en"),
        help=say("add columns with the names of states, trends and the like"),
    )
    add_driver_options(command)


def add_driver_options(command: argparse.ArgumentParser) -> None:
    """Add the options for a panel that is an inventory: its drivers, and which scope counts."""
    text = say("population, GDP and others beside the panel: .csv .xlsx, units in headers")
    command.add_argument("--drivers", metavar="FILE", help=text)
    text = say("of an inventory: 1, direct emissions (default), or 2")
    command.add_argument("--scope", type=int, choices=(1, 2), default=1, help=text)
    add_sheet(command)


def _trend(options: argparse.Namespace) -> int:
    from carbonacct.analysis.mann_kendall import (  # noqa: PLC0415 - a command loads what it needs
        mann_kendall,
    )
    from carbonacct.analysis.theil_sen import theil_sen  # noqa: PLC0415

    def compute(panel: pd.DataFrame, **given: Any) -> Any:
        tested: Any = mann_kendall(
            panel, value=options.value, method=options.method, alpha=options.alpha, **given
        )
        if options.band is not None:
            band: Any = theil_sen(panel, value=options.value, confidence=options.band, **given)
            tested = tested.assign(slope_lower=band["lower"], slope_upper=band["upper"])
        return tested if tested["s"].isna().any() else tested.astype({"s": int})

    asked = AskedTrend("trend", {"value": options.value}, columns=[options.value])
    return run_panel(options, asked, compute, _note_few)


def _decoupling(options: argparse.Namespace) -> int:
    from carbonacct.analysis.decoupling import decouple, find_gaps  # noqa: PLC0415

    gaps: list[Finding] = []

    def compute(panel: pd.DataFrame, **given: Any) -> Any:
        columns = {"pressure": options.pressure, "driver": options.driver, **given}
        years = _years(options.years) if options.years else None
        found: Any = decouple(panel, years=years, chained=options.chained, **columns)
        gaps.extend(find_gaps(panel, **columns) if years is None else [])
        return found[[*given["by"], "from", "to", "elasticity", "state", *hidden, "reason"]]

    hidden = ("pressure_change", "driver_change")
    words = {"pressure": options.pressure, "driver": options.driver}
    asked = AskedTrend("decoupling", words, columns=list(words.values()), hidden=hidden)
    return run_panel(options, asked, compute, lambda _: gaps)


def _years(text: str) -> list[int]:
    try:
        return [int(word) for word in text.replace(",", " ").split()]
    except ValueError:
        raise PanelError(
            say("--years {text!r} is no list of years; write it as 2005,2010,2015", text=text)
        ) from None


@dataclass(frozen=True)
class AskedTrend:
    """What a command asks of a panel.

    Attributes
    ----------
    kind
        The analysis, as ``factors/analyses/analyses.toml`` calls it.
    words
        What it is of, by its part: ``{"value": "co2"}``.
    columns
        The columns of numbers that it takes, so that years may stand as columns.
    indicators
        Names of indicators as a table of targets prints them.
    reasons
        Whether the rows keep the reason of what is absent.
    hidden
        Columns that charts take and the data leave out.
    """

    kind: str
    words: Mapping[str, str] = field(default_factory=dict)
    columns: Sequence[str] = ()
    indicators: Mapping[str, str] = field(default_factory=dict)
    reasons: bool = False
    hidden: Sequence[str] = ()


def run_panel(
    options: argparse.Namespace,
    asked: AskedTrend,
    compute: Callable[..., pd.DataFrame],
    notes: Callable[[pd.DataFrame], list[Finding]] = lambda _: [],
) -> int:
    """Read the panel, compute, write the columns of the contract, say what is absent and why."""
    import pandas as pd  # noqa: PLC0415

    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.analysis.result_names import add_names  # noqa: PLC0415
    from carbonacct.analysis.wide_table import melt_years  # noqa: PLC0415
    from carbonacct.projects.project_panel import read_panel  # noqa: PLC0415

    by = list(dict.fromkeys(options.by))
    wanted = [*asked.columns, options.over]
    panel, read = read_panel(
        options.panel,
        labels=by,
        wanted=wanted,
        drivers=options.drivers,
        scope=options.scope,
        sheet=options.sheet,
    )
    if not isinstance(panel, pd.DataFrame):  # the Dataset of an .nc file
        panel = panel.to_dataframe().reset_index()
    try:
        panel, melted = melt_years(panel, asked.columns, labels=by, over=options.over)
        found = compute(panel, by=by, over=options.over)
    except PanelError as error:
        raise PanelError(say("{panel}: {error}", panel=options.panel, error=error)) from None
    findings = [*read, *melted, *_absences(found, by), *notes(found)]
    is_quiet = manner().quiet
    for finding in findings[:_SHOWN] if not is_quiet else ():
        tell(finding, file=sys.stderr)
    if len(findings) > _SHOWN and not is_quiet:
        tell(
            say(
                "and {count} more; a .json or .xlsx output lists them", count=len(findings) - _SHOWN
            ),
            file=sys.stderr,
        )
    shown = found if asked.reasons else found.drop(columns="reason")
    analysis = Analysis(
        asked.kind,
        shown.drop(columns=list(asked.hidden)),
        by=tuple(by),
        over=options.over,
        findings=findings,
        words=asked.words,
        units=panel.attrs.get("units", {}),
        series=panel,
        names=asked.indicators,
        drawn=shown,
    )
    if options.lang is not None:
        named = add_names(analysis.frame, options.lang, indicators=asked.indicators)
        if "reason" in named.columns:
            named = named.assign(reason=named["reason"].map(speak))
        analysis = replace(analysis, frame=named)
    return write_results(options.output or ["-"], analysis, overwrite=options.overwrite)[1]


def _label(row: Mapping[Any, Any], columns: Iterable[str]) -> str:
    import pandas as pd  # noqa: PLC0415

    return " ".join(str(row[column]) for column in columns if not pd.isna(row[column])) or say(
        "the series"
    )


def _absences(found: pd.DataFrame, by: list[str]) -> list[Finding]:
    parts = [
        column
        for column in ("indicator", "base_year", "year", "bound", "from", "to", "term")
        if column in found.columns
    ]
    parts = ["id"] if "id" in found.columns else parts  # which says all of it
    absent = found[found["reason"] != ""]
    return [
        Finding(
            "absent",
            "warning",
            say("{label}: {reason}", label=_label(row, [*by, *parts]), reason=row["reason"]),
        )
        for row in absent.to_dict("records")
    ]


def _note_few(found: pd.DataFrame) -> list[Finding]:
    few = int(((found["n"] < _FEW) & (found["reason"] == "")).sum())
    if not few:
        return []
    return [
        Finding(
            "few-years",
            "info",
            say(
                "{few} of {found_count} series have fewer than {few_shown} years; z and p "
                "are rough there",
                few=few,
                found_count=len(found),
                few_shown=_FEW,
            ),
        )
    ]
