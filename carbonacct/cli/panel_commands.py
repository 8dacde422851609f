"""Inventories and drivers side by side, and in a database: panel, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.cli.output import note_written, say_findings, strict_status, write_all
from carbonacct.cli.parser import add_command, add_language
from carbonacct.cli.shared_options import add_own_words, add_strict, output_option
from carbonacct.cli.speaking import note
from carbonacct.texts import say

if TYPE_CHECKING:
    import argparse

    from carbonacct.cli.parser import Commands


def add_commands(commands: Commands) -> None:
    """Add the command of this module."""
    text = say("put inventories and their drivers side by side, one row an area and year")
    command = add_command(commands, "panel", _panel, text, output_option())
    command.add_argument("files", nargs="+", metavar="INVENTORY", help=".csv .json .parquet .nc")
    command.add_argument(
        "--drivers",
        metavar="FILE",
        help=say(
            "population, GDP and others: .csv .xlsx, units in headers, years as rows or columns"
        ),
    )
    command.add_argument(
        "--gwp", metavar="METRIC", help=say("add co2e by a metric, such as AR5GWP100")
    )
    command.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="COLUMN",
        help=say(
            "beside the year: area (default), sector, flow, product, category; may be repeated"
        ),
    )
    command.add_argument(
        "--energy",
        metavar="DEFINITION",
        help=say(
            "add energy consumption in tce: equivalent, calorific, equivalent-gross, "
            "calorific-gross or printed"
        ),
    )
    command.add_argument(
        "--tables",
        nargs="+",
        default=[],
        metavar="FILE",
        help=say("energy balances, from which it is added up"),
    )
    add_own_words(command)
    add_strict(command)
    add_language(command)
    text = say("write inventories into a database, for a province and its dashboards")
    command = add_command(commands, "export", _export, text)
    command.add_argument("files", nargs="+", metavar="INVENTORY", help=".csv .json .parquet .nc")
    command.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help=say("sqlite:///x.db, duckdb:///x.duckdb or postgresql://user:password@host/name"),
    )
    command.add_argument(
        "--overwrite", action="store_true", help=say("replace areas and years in it")
    )


def _panel(options: argparse.Namespace) -> int:
    from carbonacct.projects.project_panel import make_panel, write_headers  # noqa: PLC0415

    by = list(dict.fromkeys(options.by)) or ["area"]
    panel = make_panel(
        options.files,
        options.drivers,
        by=by,
        metric=options.gwp,
        energy=options.energy,
        tables=options.tables,
        sheet=options.sheet,
        mapping=options.mapping,
    )
    findings = panel.attrs["findings"]
    targets = options.output or ["-"]
    written, status = write_all(
        write_headers(panel), targets, findings, "panel", overwrite=options.overwrite
    )
    say_findings(options, findings)
    if "-" not in targets:
        note_written(written)
    return status or strict_status(options, findings)


def _export(options: argparse.Namespace) -> int:
    from carbonacct.inventory.inventory_reader import read_inventory  # noqa: PLC0415
    from carbonacct.inventory.joining import join_inventories  # noqa: PLC0415
    from carbonacct.projects.database import export_inventory  # noqa: PLC0415

    whole = join_inventories([read_inventory(file) for file in options.files])
    count = export_inventory(whole, options.to, overwrite=options.overwrite)
    note(say("written: {count} entries", count=count))
    return 0
