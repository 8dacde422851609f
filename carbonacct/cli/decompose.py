"""The command on panels with an identity: decompose."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from carbonacct.cli.output import strict_status, write_all
from carbonacct.cli.parser import add_command, add_strict, output_option

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from carbonacct.analysis.decomposition import Decomposition
    from carbonacct.cli.parser import Commands


def add_commands(commands: Commands) -> None:
    """Add the command of this module."""
    text = "say what each factor of an identity contributes to a change"
    command = add_command(commands, "decompose", _decompose, text, output_option())
    command.add_argument("panel", metavar="PANEL", help="a long table: .csv .xlsx .parquet .nc")
    command.add_argument("--identity", required=True, help='"co2 = gdp * energy/gdp * co2/energy", or the id of a preset: kaya, sector-structure, fuel-mix ...')
    command.add_argument("--sum-over", action="append", default=[], metavar="DIM", help="the left side is the sum over this column, such as sector")
    command.add_argument("--by", action="append", default=[], metavar="DIM", help="a column whose labels are kept apart, such as area")
    command.add_argument("--over", default="year", metavar="DIM", help="the column along which to compare (default year)")
    command.add_argument("--chained", action="store_true", help="compare each year with the one before, and add the whole chain")
    command.add_argument("--reference", metavar="LABEL", help="compare with this label, with the mean, or in pairs (default: the first year, the mean of areas)")
    command.add_argument("--form", default="additive", help="additive (default) or multiplicative")
    command.add_argument("--method", default="lmdi-1", help="lmdi-1 (default), lmdi-2, shapley, fisher, laspeyres, marshall-edgeworth")
    command.add_argument("--deflator", action="append", default=[], metavar="NAME=COLUMN", help="divide a column of money by a price index")
    command.add_argument("--tolerance", type=float, default=1e-6, metavar="SHARE", help="how far the factors may miss a left side that is a column of its own (default 1e-6)")
    add_strict(command)


def _decompose(options: argparse.Namespace) -> int:
    from carbonacct.analysis.decomposition import decompose  # noqa: PLC0415 - a command loads what it needs
    from carbonacct.analysis.identity import parse_identity  # noqa: PLC0415
    from carbonacct.analysis.long_table import read_long_table  # noqa: PLC0415
    from carbonacct.errors import PanelError  # noqa: PLC0415

    deflator = dict(_parse_deflator(text) for text in options.deflator)
    labels = {options.over, *options.by, *options.sum_over, *_tags(options.identity)}
    panel = read_long_table(options.panel, labels=labels)
    try:
        made = decompose(
            panel, parse_identity(options.identity, columns=map(str, list(panel))), over=options.over, by=options.by, sum_over=options.sum_over,
            chained=options.chained, form=options.form, method=options.method, reference=options.reference, deflator=deflator, tolerance=options.tolerance,
        )  # fmt: skip
    except PanelError as error:
        raise PanelError(f"{options.panel}: {error}") from None
    targets = options.output or ["-"]
    written, failed = write_all(_rows(made), targets, made.findings, "decomposition")
    for finding in made.findings:
        if finding.severity != "info" and not (options.strict and finding.severity == "error"):
            print(f"{finding.severity}: {finding}", file=sys.stderr)
    if written and "-" not in targets:
        print(f"written: {', '.join(written)}")
    return failed or strict_status(options, made.findings)


def _rows(made: Decomposition) -> pd.DataFrame:
    """Return the rows to write: those of the decomposition, or the mean and the band where the panel has draws."""
    from carbonacct.analysis.decomposition import DRAW, band  # noqa: PLC0415

    if DRAW not in made.by:
        return made.to_frame()
    rows = band(made).to_dataframe().reset_index().dropna(subset="mean").rename(columns={"mean": "value"})
    return rows[[*(dim for dim in made.by if dim != DRAW), "from", "to", "term", "value", "lower", "upper"]]


def _tags(identity: str) -> tuple[str, ...]:
    from carbonacct.analysis.identity import parse_identity  # noqa: PLC0415
    from carbonacct.errors import IdentityError  # noqa: PLC0415

    try:
        return parse_identity(identity).dims
    except IdentityError:  # said again below, when the columns are known
        return ()


def _parse_deflator(text: str) -> tuple[str, str]:
    from carbonacct.errors import MethodError  # noqa: PLC0415

    name, sign, column = (part.strip() for part in text.partition("="))
    if not (name and sign and column):
        raise MethodError(f"--deflator {text!r} is not NAME=COLUMN; write it as gdp=gdp_deflator")
    return name, column
