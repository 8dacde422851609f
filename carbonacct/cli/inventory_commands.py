"""Commands about an inventory as a whole: reference, completeness, quality, end-use, compare, official."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.cli.output import (
    complain,
    note_written,
    print_json,
    say_findings,
    say_summary,
    strict_status,
    write_all,
    write_each,
)
from carbonacct.cli.parser import add_command
from carbonacct.cli.sector_commands import compile_sorted, read_whole
from carbonacct.cli.shared_options import (
    calorific_option,
    factor_options,
    gas,
    grid_option,
    number,
    output_option,
    table_options,
)
from carbonacct.cli.table_inputs import compile_all, read_all, read_population
from carbonacct.errors import CarbonacctError, did_you_mean, name_some
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    import pandas as pd

    from carbonacct.cli.parser import Commands
    from carbonacct.errors import Finding
    from carbonacct.inventory.record import Inventory
    from carbonacct.sectors.energy import EnergyInventory


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    tables, factors, grid, output = (
        table_options(),
        factor_options(),
        grid_option(),
        output_option(),
    )
    official = output_option("official")
    texts = {
        "reference": (_reference, say("make CO2 by the reference approach, with every column")),
        "completeness": (_completeness, say("list every category with its number or notation key")),
        "end-use": (_end_use, say("count power and heat where they are used")),
        "official": (_official, say("fill an official table")),
        "quality": (_quality, say("check inventories against published bounds and each other")),
    }
    for name, (run, text) in texts.items():
        files = official if name == "official" else output
        command = add_command(commands, name, run, text, tables, factors, grid, files)
        command.add_argument("--method", required=True, help=say("carbonacct methods lists them"))
        if name in {"completeness", "official"}:
            command.add_argument(
                "--gas",
                type=gas,
                action="append",
                default=[],
                help=say("CO2 (default), CH4, N2O, or all"),
            )
        if name == "quality":
            command.add_argument(
                "--drivers",
                metavar="FILE",
                help=say(
                    "a CSV area,year,population (万人),gdp (亿元): what a head and a unit "
                    "of GDP emit and burn is checked too"
                ),
            )
        if name == "official":
            command.add_argument(
                "--table",
                required=True,
                help=say(
                    "provincial, gpc, crt-summary ... (a wrong name lists them); crt "
                    "for tables 1 to 5, all for every one; or of the balance alone "
                    "1.A(a) to 1.A(d), 1.D, guideline"
                ),
            )
            command.add_argument(
                "--gwp",
                metavar="METRIC",
                help=say("a column of all gases as CO2-equivalent, such as AR5GWP100"),
            )
            command.add_argument(
                "--crt-definitions",
                metavar="FILE",
                help=say("of .crt.json: the JSON with the variables of the reporting tool"),
            )
        if name == "reference":
            command.add_argument(
                "--table",
                choices=["columns", "bridge", "plants"],
                default="columns",
                help=say(
                    "columns (default); bridge: the steps from the sectoral approach; "
                    "plants: carbon in and out"
                ),
            )
    text = say("say an area's energy consumption in tce, by a named definition")
    command = add_command(
        commands, "energy-total", _energy_total, text, tables, factors, calorific_option(), output
    )
    command.add_argument(
        "--definition",
        required=True,
        help=say(
            "equivalent, calorific, equivalent-gross, calorific-gross, printed; all for "
            "one after another"
        ),
    )
    command.add_argument(
        "--method",
        default="gb-t-2589-2020",
        help=say("coefficients of coal equivalent (gb-t-2589-2020)"),
    )
    command.add_argument(
        "--power-rate",
        type=number,
        metavar="KGCE",
        help=say("coal of power plants, kgce/kWh; by default that of the table's thermal power"),
    )
    command = add_command(
        commands,
        "compare",
        _compare,
        say("make one table by several methods, side by side"),
        tables,
        calorific_option(),
        output,
    )
    command.add_argument(
        "--method",
        action="append",
        default=[],
        help=say("as often as wanted; all that make inventories unless given"),
    )


def _write_each(
    options: argparse.Namespace,
    make: Callable[[EnergyInventory], tuple[pd.DataFrame, list[Finding]]],
    title: str,
    *,
    made: tuple[Sequence[EnergyInventory], int] | None = None,
) -> int:
    """Make a table of each inventory and write them as one."""
    inventories, status = made or compile_all(options)
    frames, findings = [], []
    for inventory in inventories:
        try:
            frame, found = make(inventory)
        except CarbonacctError as error:
            status = complain(error)
            continue
        frames.append(frame)
        findings += [*inventory.findings, *found]
    return _write(frames, findings, options, title) or status if frames else status


def _write(
    frames: Sequence[pd.DataFrame],
    findings: Sequence[Finding],
    options: argparse.Namespace,
    title: str,
) -> int:
    """Write tables as one, say findings, and return the status."""
    import pandas as pd  # noqa: PLC0415 - a command loads what it needs

    findings = list(dict.fromkeys(findings))
    targets = options.output or ["-"]
    written, failed = write_all(
        pd.concat(frames, ignore_index=True), targets, findings, title, overwrite=options.overwrite
    )
    say_findings(options, findings)
    if "-" not in targets:
        note_written(written)
    return failed or strict_status(options, findings)


def _reference(options: argparse.Namespace) -> int:
    from carbonacct.sectors.energy.approach_comparison import compare_approaches  # noqa: PLC0415
    from carbonacct.sectors.energy.bridge import make_bridge, print_bridge  # noqa: PLC0415
    from carbonacct.sectors.energy.carbon import tabulate_carbon  # noqa: PLC0415

    def make(inventory: EnergyInventory) -> tuple[pd.DataFrame, list[Finding]]:
        if options.table == "plants":
            return tabulate_carbon(inventory.balance, inventory.method), []
        compared = compare_approaches(inventory)
        bridge = make_bridge(compared)
        if options.output and "-" not in options.output:
            say_summary(options, print_bridge(bridge))
        frame = bridge if options.table == "bridge" else compared.reference.to_frame()
        return frame, list(compared.findings)

    return _write_each(options, make, "reference approach")


def _completeness(options: argparse.Namespace) -> int:
    from carbonacct.sectors.energy.completeness import find_completeness  # noqa: PLC0415

    files, whole, status = read_whole(options)
    if not files.tables:
        return _write_each(
            options,
            lambda inventory: (find_completeness(inventory), []),
            "completeness",
            made=(files.energy, status),
        )
    if whole is None:
        return status
    from carbonacct.sectors.coverage import find_coverage  # noqa: PLC0415

    return _write([find_coverage(whole)], list(whole.findings), options, "completeness") or status


def _end_use(options: argparse.Namespace) -> int:
    from carbonacct.sectors.energy.end_use import allocate_to_users  # noqa: PLC0415

    return _write_each(options, lambda inventory: (allocate_to_users(inventory), []), "end use")


def _official(options: argparse.Namespace) -> int:
    from carbonacct.inventory.official.layouts import official_ids  # noqa: PLC0415
    from carbonacct.report.crt_json import CRT_TABLES  # noqa: PLC0415
    from carbonacct.sectors.energy.energy_official import ENERGY_TABLES, fill_tables  # noqa: PLC0415

    if options.table in ENERGY_TABLES:

        def make(inventory: EnergyInventory) -> tuple[pd.DataFrame, list[Finding]]:
            frame = fill_tables(inventory, tables=[options.table])[options.table]
            frame.insert(0, "area", inventory.balance.areas[0])
            frame.insert(1, "year", inventory.balance.years[0])
            return frame, []

        return _write_each(options, make, options.table)
    known = (*official_ids(), *ENERGY_TABLES)
    groups = {"all": official_ids(), "crt": CRT_TABLES}
    names = groups.get(options.table, (options.table,))
    for name in names:
        if name not in known:
            near = did_you_mean(name, known)
            return complain(
                say(
                    "no table {table!r}; {near} known: {known}",
                    table=name,
                    near=near,
                    known=as_typed(known),
                )
            )
    return _write_official(options, names)


def _write_official(options: argparse.Namespace, names: Sequence[str]) -> int:
    """Fill tables of all sectors and write them to one file each target."""
    import pandas as pd  # noqa: PLC0415 - a command loads what it needs

    from carbonacct.report.crt_json import read_variables  # noqa: PLC0415
    from carbonacct.report.official_files import write_official  # noqa: PLC0415
    from carbonacct.sectors.sector_official import fill_official_tables  # noqa: PLC0415

    files, whole, status = read_whole(options)
    if whole is None and files.energy:
        whole, status = compile_sorted(options, files)
    if whole is None:
        return status
    tables = fill_official_tables(whole, names, gwp=options.gwp, grid=options.grid)
    findings = [*whole.findings, *(one for table in tables for one in table.findings())]
    targets = options.output or ["-"]
    uids = read_variables(options.crt_definitions) if options.crt_definitions else None
    whole_table = pd.concat([table.to_frame().assign(table=table.layout.id) for table in tables])
    written, failed = write_each(
        print_json(targets, whole_table, findings),
        lambda target: findings.extend(
            write_official(
                tables, target, lang=options.lang, uids=uids, overwrite=options.overwrite
            )
        ),
    )
    say_findings(options, findings)
    if "-" not in targets:
        note_written(written)
    return status or failed or strict_status(options, findings)


def _energy_total(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.balances.check.checks import check_balance  # noqa: PLC0415
    from carbonacct.factors import load_method  # noqa: PLC0415
    from carbonacct.sectors.energy.energy_total import (  # noqa: PLC0415
        list_definitions,
        total_energy,
    )

    method = load_method(
        options.method, overlay=options.overlay, allow_unverified=options.allow_unverified
    )
    balances, status = read_all(options)
    several = options.definition == "all"
    frames, findings = [], []
    for balance in balances:
        findings += [*balance.findings, *check_balance(balance)]
        for definition in list_definitions() if several else [options.definition]:
            values = None if several and definition == "printed" else options.calorific_values
            try:
                frame, found = total_energy(
                    balance,
                    definition=definition,
                    method=method,
                    power_rate=options.power_rate,
                    calorific_values=values,
                )
            except CarbonacctError as error:
                status = complain(error) if not several or definition != "printed" else status
                continue
            frames.append(frame)
            findings += found
    if not frames:
        return status
    findings = list(dict.fromkeys(findings))
    failed = write_all(
        pd.concat(frames, ignore_index=True),
        options.output or ["-"],
        findings,
        "energy total",
        overwrite=options.overwrite,
    )[1]
    say_findings(options, findings)
    return status or failed or strict_status(options, findings)


def _quality(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.report import list_findings  # noqa: PLC0415
    from carbonacct.sectors.energy.quality import check_quality  # noqa: PLC0415

    files, whole, status = read_whole(options)
    made: list[EnergyInventory | Inventory] = [*files.energy] if whole is None else [whole]
    if not made or (files.tables and whole is None):
        return status
    findings = check_quality(made, drivers=_read_drivers(options, files.energy))
    listed = list_findings(findings, lang=options.lang)
    say_summary(options, join_texts("\n", [_say_checked(made), *listed]), findings)
    if options.output or options.json:
        frame = pd.DataFrame(
            [vars(finding) for finding in findings],
            columns=["rule", "severity", "message", "where", "action"],
        )
        status = (
            write_all(frame, options.output, findings, "quality", overwrite=options.overwrite)[1]
            or status
        )
    return status or strict_status(options, findings)


def _say_checked(made: Sequence[EnergyInventory | Inventory]) -> str:
    """Say which areas, years and sources were checked; of one area and year nothing is beside it."""
    from carbonacct.inventory.record import Inventory  # noqa: PLC0415
    from carbonacct.sectors.energy.energy_entries import to_inventory  # noqa: PLC0415
    from carbonacct.sectors.energy.reconciliation import list_energy  # noqa: PLC0415

    wholes = [one if isinstance(one, Inventory) else to_inventory(one) for one in made]
    columns = ("area", "year", "flow", "gas")
    held = {
        name: list(dict.fromkeys(str(value) for one in wholes for value in one.entries[name]))
        for name in columns
    }
    text = say(
        "checked: {sources} sources and flows of {areas}, {years}: {gases}",
        sources=len(held["flow"]),
        areas=name_some(held["area"], 4),
        years=name_some(held["year"], 6),
        gases=name_some(held["gas"], 6),
    )
    if list_energy(made) or len(held["area"]) * len(held["year"]) > 1:
        return text
    return say(
        "{text}; other sectors are checked against other years and areas, and there is one of each: "
        "give more, or the energy balance",
        text=text,
    )


def _read_drivers(
    options: argparse.Namespace, made: Sequence[EnergyInventory]
) -> pd.DataFrame | None:
    """Return population and, where it is in yuan, GDP in 1000 of it, under the names of the inventories' areas."""
    from carbonacct.report.population_and_gdp import spell_areas  # noqa: PLC0415

    drivers = read_population(options)
    if drivers is None:
        return None
    areas = [area for inventory in made for area in inventory.balance.areas]
    matched = spell_areas(drivers, areas)
    yuan = drivers.attrs["currency"] == "元"
    return matched.assign(gdp=matched["gdp"] / 1000) if yuan else matched.drop(columns="gdp")


def _compare(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.balances.check.checks import check_balance  # noqa: PLC0415
    from carbonacct.sectors.energy.method_comparison import compare_methods  # noqa: PLC0415

    balances, status = read_all(options)
    frames, findings = [], []
    for balance in balances:
        try:
            table, choices = compare_methods(
                balance, methods=options.method or None, calorific_values=options.calorific_values
            )
        except CarbonacctError as error:
            status = complain(error)
            continue
        frames.append(table)
        findings += [*balance.findings, *check_balance(balance)]
        for reason in choices["reason"].dropna():
            status = complain(str(reason))
    if not frames:
        return status
    failed = write_all(
        pd.concat(frames, ignore_index=True),
        options.output or ["-"],
        findings,
        "methods",
        overwrite=options.overwrite,
    )[1]
    say_findings(options, findings)
    return status or failed or strict_status(options, findings)
