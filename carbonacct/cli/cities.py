"""The command city: an energy balance for a city that prints none, or for all cities of a province."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.cli.output import complain, say_findings, strict_status, write_all
from carbonacct.cli.parser import add_command, add_language, add_strict, label, output_option

if TYPE_CHECKING:
    import argparse

    from carbonacct.balances import EnergyBalance
    from carbonacct.cli.parser import Commands

_SHOWN = 12  # lines of each table that is printed


def add_commands(commands: Commands) -> None:
    """Add the command of this module."""
    text = "make the energy balance of a city that prints none; each cell says how it came about"
    output = output_option(".csv or .xlsx that every command reads as a balance; - is CSV on standard output")
    command = add_command(commands, "city", _city, text, output)
    command.add_argument("files", nargs="*", metavar="TABLE", help="the city's own tables: industry by fuel, electricity by use, gas supply, totals")
    command.add_argument("--area", action="append", type=label, default=[], metavar="NAME", help="the city; repeat for several; all areas of the indicators unless given")
    command.add_argument("--year", action="append", type=int, default=[], help="the year; repeat for several")
    command.add_argument("--province", metavar="BALANCE", help="energy balance of the province: its rows are allocated where the city prints nothing")
    command.add_argument("--indicators", metavar="FILE", help="a CSV area,row,indicator,value,unit,source of the city and its province")
    command.add_argument("--index", default="", metavar="INDICATOR", help="one indicator for all rows, to see how far the answers are apart")
    command.add_argument("--outside", action="append", default=[], metavar="LABEL", help="fuel in the city's totals and outside its boundary, such as an airline's")
    command.add_argument("--against-province", action="append", default=[], metavar="OUT", help="also write the cities' sum against the province, row by row")
    add_strict(command)
    add_language(command)


def _city(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415 - a command loads what it needs

    from carbonacct.balances import read_balance  # noqa: PLC0415
    from carbonacct.balances.write import list_columns, list_rows  # noqa: PLC0415
    from carbonacct.cities import build_city_balance  # noqa: PLC0415

    province = read_balance(options.province) if options.province else None
    balance = build_city_balance(
        *options.files,
        area=options.area,
        year=options.year,
        province=province,
        indicators=options.indicators,
        index=options.index,
        outside=options.outside,
    )
    frame = pd.DataFrame(list_rows(balance), columns=list_columns(balance))
    findings = list(balance.findings)
    targets = options.output or ["-"]
    written, status = write_all(frame, targets, findings, "city", overwrite=options.overwrite)
    if options.against_province:
        status = _write_comparison(options, balance, province) or status
    if "-" not in targets:
        _print_summary(balance)
        if written:
            print(f"written: {', '.join(written)}")
    say_findings(options, findings)
    return status or strict_status(options, findings)


def _write_comparison(options: argparse.Namespace, balance: EnergyBalance, province: EnergyBalance | None) -> int:
    from carbonacct.cities import compare_with_province  # noqa: PLC0415

    if province is None:
        return complain("--against-province: there is no province to compare with; pass --province")
    compared = compare_with_province(balance, province)
    return write_all(compared, options.against_province, [], "cities against province", overwrite=options.overwrite)[1]


def _print_summary(balance: EnergyBalance) -> None:
    """Print how many cells came about in which way, and the use of each product with its spread over indices."""
    from carbonacct.cities import tabulate_origins, tabulate_spread  # noqa: PLC0415

    cells = tabulate_origins(balance)
    counts = cells.groupby(["how", "case"], sort=False).size()
    print(", ".join(f"{count} cells {how} ({case})" for (how, case), count in counts.items()))
    spread = tabulate_spread(balance)
    for row in spread.head(_SHOWN).to_dict("records"):
        spreads = "" if row["low"] == row["high"] else f" ({row['low']:.6g} to {row['high']:.6g} by other indices)"
        print(f"{row['area']} {row['year']} {row['product']}: {row['value']:.6g} {row['unit']}{spreads}")
    if len(spread) > _SHOWN:
        print(f"and {len(spread) - _SHOWN} more products")
