"""The command on panels with an identity: decompose."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from carbonacct.cli.output import (
    complain,
    note_written,
    say_findings,
    strict_status,
    write_results,
)
from carbonacct.cli.parser import add_command
from carbonacct.cli.shared_options import add_strict, analysis_output, number
from carbonacct.cli.trend_commands import PANEL_HELP, add_driver_options
from carbonacct.texts import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    import pandas as pd
    import xarray as xr

    from carbonacct.analysis.decomposition import Decomposition
    from carbonacct.analysis.identity import Identity
    from carbonacct.cli.parser import Commands
    from carbonacct.errors import Finding, PanelError


def add_commands(commands: Commands) -> None:
    """Add the command of this module."""
    text = say("say what each factor of an identity contributes to a change")
    command = add_command(commands, "decompose", _decompose, text, analysis_output())
    command.add_argument("panel", metavar="PANEL", help=PANEL_HELP)
    command.add_argument(
        "--identity",
        required=True,
        help=say(
            '"co2 = gdp * energy/gdp * co2/energy", or the id of a preset: kaya, '
            "sector-structure, fuel-mix ..."
        ),
    )
    command.add_argument(
        "--sum-over",
        action="append",
        default=[],
        metavar="DIM",
        help=say("the left side is the sum over this column, such as sector"),
    )
    command.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="DIM",
        help=say("a column whose labels are kept apart, such as area"),
    )
    command.add_argument(
        "--over",
        action="append",
        metavar="DIM",
        help=say(
            "the column along which to compare (default year); area and year together "
            "compare every area and year"
        ),
    )
    command.add_argument(
        "--attribute",
        action="append",
        default=[],
        metavar="DIM",
        help=say(
            "list what each label of a summed column, such as sector, contributes to every effect"
        ),
    )
    command.add_argument(
        "--chained",
        action="store_true",
        help=say("compare each year with the one before, and add the whole chain"),
    )
    command.add_argument(
        "--reference",
        metavar="LABEL",
        help=say(
            "compare with this label, with the mean, or in pairs (default: the first "
            "year, the mean of areas)"
        ),
    )
    command.add_argument(
        "--form", default="additive", help=say("additive (default) or multiplicative")
    )
    command.add_argument(
        "--method",
        default="lmdi-1",
        help=say("lmdi-1 (default), lmdi-2, shapley, fisher, laspeyres, marshall-edgeworth"),
    )
    command.add_argument(
        "--deflator",
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help=say("divide a column of money by a price index"),
    )
    command.add_argument(
        "--tolerance",
        type=number,
        default=1e-6,
        metavar="SHARE",
        help=say(
            "how far the factors may miss a left side that is a column of its own (default 1e-6)"
        ),
    )
    add_driver_options(command)
    add_strict(command)


def _decompose(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415 - a command loads what it needs

    from carbonacct.analysis.analysis_result import Analysis  # noqa: PLC0415
    from carbonacct.analysis.decomposition import DRAW, decompose  # noqa: PLC0415
    from carbonacct.analysis.identity import parse_identity  # noqa: PLC0415
    from carbonacct.analysis.panel_inputs import to_table  # noqa: PLC0415
    from carbonacct.analysis.wide_table import melt_years  # noqa: PLC0415
    from carbonacct.errors import PanelError  # noqa: PLC0415
    from carbonacct.projects.project_panel import read_panel  # noqa: PLC0415

    deflator = dict(_parse_deflator(text) for text in options.deflator)
    over = options.over = options.over or ["year"]
    labels = {*over, *options.by, *options.sum_over, *_read_identity(options.identity, "dims")}
    names = [*_read_identity(options.identity, "names"), *deflator.values()]
    panel, read = read_panel(
        options.panel,
        labels=labels,
        wanted=names,
        drivers=options.drivers,
        scope=options.scope,
        sheet=options.sheet,
    )
    units = panel.attrs.get("units", {})
    melted: list[Finding] = []
    if isinstance(panel, pd.DataFrame) and len(over) == 1:
        try:
            panel, melted = melt_years(panel, names, labels=labels, over=over[0])
        except PanelError as error:
            raise PanelError(say("{panel}: {error}", panel=options.panel, error=error)) from None
    identity = parse_identity(options.identity, columns=map(str, list(panel)))

    def compute(part: pd.DataFrame | xr.Dataset) -> Decomposition:
        return decompose(
            part,
            identity,
            over=options.over,
            by=options.by,
            sum_over=options.sum_over,
            chained=options.chained,
            form=options.form,
            method=options.method,
            reference=options.reference,
            deflator=deflator,
            tolerance=options.tolerance,
        )

    faults: list[str] = []
    try:
        made = [compute(panel)]
    except PanelError as error:
        made, faults = _compute_apart(panel, identity, options, compute, error=error)
    for fault in faults:
        complain(say("{panel}: {fault}", panel=options.panel, fault=fault))
    if not made:
        return 2
    targets = options.output or ["-"]
    findings = [*read, *melted, *dict.fromkeys(finding for one in made for finding in one.findings)]
    analysis = Analysis(
        "decompose" if made[0].form == "additive" else "decompose-ratio",
        pd.concat([_rows(one, options.attribute) for one in made], ignore_index=True),
        by=(*(dim for dim in made[0].by if dim != DRAW), *options.attribute),
        over=made[0].over,
        findings=findings,
        words={"value": identity.left.text, "identity": identity.text},
        units=units,
        series=to_table(panel),
    )
    written, failed = write_results(targets, analysis, overwrite=options.overwrite)
    say_findings(options, findings)
    if "-" not in targets:
        note_written(written)
    return (2 if faults else 0) or failed or strict_status(options, findings)


def _compute_apart(
    panel: pd.DataFrame | xr.Dataset,
    identity: Identity,
    options: argparse.Namespace,
    compute: Callable[[pd.DataFrame], Decomposition],
    *,
    error: PanelError,
) -> tuple[list[Decomposition], list[str]]:
    """Decompose each group on its own; return what could be done, and what was wrong with the others, once each."""
    from carbonacct.analysis.panel_inputs import to_table  # noqa: PLC0415
    from carbonacct.errors import PanelError  # noqa: PLC0415

    table = to_table(panel)
    if not {*options.by, *options.over} <= set(table.columns):
        return [], [str(error)]
    made, faults = [], []
    for part in (
        [part for _, part in table.groupby(options.by, sort=False, dropna=False)]
        if options.by
        else [table]
    ):
        try:
            made.append(compute(part))
        except PanelError as fault:
            steps, notes = _compute_steps(part, identity, options, compute)
            made += steps
            faults += notes if steps else [str(fault)]
    return made, list(dict.fromkeys(faults)) or [str(error)]


def _compute_steps(
    part: pd.DataFrame,
    identity: Identity,
    options: argparse.Namespace,
    compute: Callable[[pd.DataFrame], Decomposition],
) -> tuple[list[Decomposition], list[str]]:
    """Decompose each change between two years on its own.

    Return those that could be done, and what was wrong with the others.
    """
    import pandas as pd  # noqa: PLC0415

    from carbonacct.errors import PanelError  # noqa: PLC0415

    if len(options.over) > 1:  # areas and years against one mean: a fault of one is a fault of all
        return [], []
    at = pd.to_numeric(part[options.over[0]], errors="coerce")
    with_numbers = at[
        part[[name for name in identity.names if name in part.columns]].notna().any(axis=1)
    ]
    years = [] if with_numbers.isna().any() else sorted(with_numbers.unique())
    if options.reference is None:
        links = (
            list(pairwise(years)) if options.chained else [(years[0], year) for year in years[1:]]
        )
    else:  # the mean is of all years: a fault of one is a fault of all
        links = [
            (one, year)
            for one in years
            if str(one) == options.reference
            for year in years
            if year != one
        ]
    made: list[Decomposition] = []
    faults: list[str] = []

    def halve(some: list[tuple[float, float]]) -> None:
        try:
            made.append(
                replace(
                    compute(part[at.isin({year for link in some for year in link})]), chain=None
                )
            )
        except PanelError as fault:
            if len(some) == 1:
                faults.append(str(fault))
            else:
                halve(some[: len(some) // 2])
                halve(some[len(some) // 2 :])

    if links:
        halve(links)
    if options.chained and faults:
        faults.append(
            say(
                "there is no chain from {year} to {years_value}: a step is missing",
                year=years[0],
                years_value=years[-1],
            )
        )
    return made, faults


def _rows(made: Decomposition, level: list[str]) -> pd.DataFrame:
    """Return the rows to write: of the decomposition or a level of it, or mean and band where the panel has draws."""
    from carbonacct.analysis.attribution import list_contributions  # noqa: PLC0415
    from carbonacct.analysis.decomposition import DRAW, band  # noqa: PLC0415
    from carbonacct.errors import MethodError  # noqa: PLC0415

    if level and DRAW in made.by:
        raise MethodError(
            say(
                "--attribute is not given for draws; decompose the panel without them, or "
                "leave --attribute out"
            )
        )
    if level:
        return list_contributions(made, *level)
    if DRAW not in made.by:
        return made.to_frame()
    rows = (
        band(made)
        .to_dataframe()
        .reset_index()
        .dropna(subset="mean")
        .rename(columns={"mean": "value"})
    )
    return rows[
        [*(dim for dim in made.by if dim != DRAW), "from", "to", "term", "value", "lower", "upper"]
    ]


def _read_identity(identity: str, what: Literal["names", "dims"]) -> tuple[str, ...]:
    """Return the columns that an identity needs, or the dims of its tags; none of what cannot be read."""
    from carbonacct.analysis.identity import parse_identity  # noqa: PLC0415
    from carbonacct.errors import IdentityError  # noqa: PLC0415

    try:
        parsed = parse_identity(identity)
    except IdentityError:  # said again when the columns are known
        return ()
    return parsed.names if what == "names" else parsed.dims


def _parse_deflator(text: str) -> tuple[str, str]:
    from carbonacct.errors import MethodError  # noqa: PLC0415

    name, sign, column = (part.strip() for part in text.partition("="))
    if not (name and sign and column):
        raise MethodError(
            say("--deflator {text!r} is not NAME=COLUMN; write it as gdp=gdp_deflator", text=text)
        )
    return name, column
