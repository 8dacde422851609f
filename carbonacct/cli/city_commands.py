"""The command city: an energy balance for a city that prints none, or for all of a province."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import (
    complain,
    note_written,
    say_findings,
    strict_status,
    write_all,
)
from carbonacct.cli.parser import add_command, add_language
from carbonacct.cli.shared_options import add_own_words, add_strict, label, output_option
from carbonacct.cli.speaking import tell
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse

    from carbonacct.balances import EnergyBalance
    from carbonacct.cli.parser import Commands

_SHOWN = 12  # lines of products that are printed
_HELP = {
    "files": say("the city's own tables: industry by fuel, electricity by use, gas supply, totals"),
    "area": say("the city; repeat for several; all areas of the indicators unless given"),
    "year": say("the year; repeat for several"),
    "province": say("energy balance of the larger area, allocated where the city prints nothing"),
    "indicators": say("a CSV area,row,indicator,value,unit,source of the city and the larger area"),
    "index": say("one indicator for all rows, to see how far the answers are apart"),
    "outside": say("fuel in the city's totals and outside its boundary, such as an airline's"),
    "against_province": say("also write the cities' sum against the larger area, row by row"),
}


def add_commands(commands: Commands) -> None:
    """Add the command of this module."""
    text = say(
        "make the energy balance of a city that prints none; each cell says how it came about"
    )
    output = output_option("balance")
    city = add_command(commands, "city", _city, text, output)
    city.add_argument("files", nargs="*", metavar="TABLE", help=_HELP["files"])
    for name, kind, word in (
        ("area", label, "NAME"),
        ("year", int, "YEAR"),
        ("outside", str, "LABEL"),
        ("against_province", str, "OUT"),
    ):
        option = f"--{name.replace('_', '-')}"
        given: dict[str, Any] = {"type": kind, "metavar": word, "help": _HELP[name]}
        city.add_argument(option, action="append", default=[], **given)
    add_own_words(city)
    city.add_argument("--province", metavar="BALANCE", help=_HELP["province"])
    city.add_argument("--indicators", metavar="FILE", help=_HELP["indicators"])
    city.add_argument("--index", default="", metavar="INDICATOR", help=_HELP["index"])
    add_strict(city)
    add_language(city)


def _city(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415 - a command loads what it needs

    from carbonacct.balances import read_balance  # noqa: PLC0415
    from carbonacct.balances.write import list_columns, list_rows  # noqa: PLC0415
    from carbonacct.cities import build_city_balance  # noqa: PLC0415

    province = read_balance(options.province, mapping=options.mapping) if options.province else None
    balance = build_city_balance(
        *options.files,
        area=options.area,
        year=options.year,
        province=province,
        indicators=options.indicators,
        index=options.index,
        outside=options.outside,
        mapping=options.mapping,
        sheet=options.sheet,
    )
    frame = pd.DataFrame(list_rows(balance), columns=list_columns(balance))
    findings = list(balance.findings)
    targets = options.output or ["-"]
    written, status = write_all(frame, targets, findings, "city", overwrite=options.overwrite)
    if options.against_province:
        status = _write_comparison(options, balance, province) or status
    if "-" not in targets:
        _print_summary(balance)
        note_written(written)
    say_findings(options, findings)
    return status or strict_status(options, findings)


def _write_comparison(
    options: argparse.Namespace,
    balance: EnergyBalance,
    province: EnergyBalance | None,
) -> int:
    from carbonacct.cities import compare_with_province  # noqa: PLC0415

    if province is None:
        return complain(
            say("--against-province: there is nothing to compare with; pass --province")
        )
    compared, targets = compare_with_province(balance, province), options.against_province
    return write_all(compared, targets, [], "against province", overwrite=options.overwrite)[1]


def _print_summary(balance: EnergyBalance) -> None:
    """Print in which ways the cells came about, and each product with its spread over indices."""
    from carbonacct.cities import tabulate_origins, tabulate_spread  # noqa: PLC0415

    cells = tabulate_origins(balance)
    counts = Counter(zip(cells["how"], cells["case"], strict=True))
    ways = [
        say("{count} cells {how} ({case})", count=count, how=how, case=case)
        for (how, case), count in counts.items()
    ]
    tell(join_texts(", ", ways))
    spread = tabulate_spread(balance)
    for row in spread.head(_SHOWN).to_dict("records"):
        use = say(
            "{area} {year} {product}: {value:.6g} {unit}",
            area=row["area"],
            year=row["year"],
            product=row["product"],
            value=row["value"],
            unit=row["unit"],
        )
        between = say(
            " ({low:.6g} to {high:.6g} by other indices)", low=row["low"], high=row["high"]
        )
        tell(use + (between if row["low"] != row["high"] else ""))
    if len(spread) > _SHOWN:
        tell(say("and {count} more products", count=len(spread) - _SHOWN))
