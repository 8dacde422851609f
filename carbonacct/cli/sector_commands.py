"""All sectors on the command line: what inventory does with activity tables; template, activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import (
    complain,
    keep_what_was,
    note_written,
    print_json,
    print_rows,
    say_findings,
    strict_status,
    write_all,
    write_each,
)
from carbonacct.cli.parser import add_command, add_language
from carbonacct.cli.shared_options import known_of_inputs, label, output_option
from carbonacct.cli.speaking import note, tell
from carbonacct.cli.table_inputs import (
    compile_balances,
    is_of_activities,
    load_chosen,
    sort_all,
)
from carbonacct.errors import CarbonacctError, MethodError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.cli.parser import Commands
    from carbonacct.inventory.record import Inventory
    from carbonacct.sectors.energy import EnergyInventory

_ENERGY_ALONE = ("drivers", "scores")


@dataclass(frozen=True)
class Sorted:
    """What the files of a command are, and what became of the balances among them."""

    groups: Sequence[tuple[list[str], EnergyBalance]]
    tables: Sequence[str]
    energy: Sequence[EnergyInventory]
    sectors: Sequence[str] | None


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    text = say("make the workbook in which a compiler fills activity data in")
    kinds = output_option("template")
    command = add_command(commands, "template", _template, text, kinds)
    command.set_defaults(endings=())  # with --by it names a folder
    command.add_argument("--method", required=True, help=say("carbonacct methods lists them"))
    add_sectors(command)
    command.add_argument("--area", type=label, metavar="NAME", help=say("written into every row"))
    command.add_argument("--year", type=int, help=say("written into every row"))
    command.add_argument(
        "--by",
        choices=["department"],
        help=say(
            "department: a form for each that holds numbers, and one of all, into the folder of -o"
        ),
    )
    text = say("list the activities that a method can use, as CSV")
    command = add_command(commands, "activities", _activities, text, output_option())
    command.add_argument("--method", required=True, help=say("carbonacct methods lists them"))
    add_sectors(command)
    add_language(command)


def add_sectors(command: argparse.ArgumentParser) -> None:
    """Add the option that names sectors."""
    command.add_argument(
        "--sectors",
        metavar="SECTORS",
        help=say(
            "all (what the files have data for), or some: energy,processes,agriculture,land,waste"
        ),
    )


def read_sectors(options: argparse.Namespace) -> list[str] | None:
    """Return the sectors that the words name; None for all.

    Raises
    ------
    MethodError
        If one is none, or the method has no equations for it.
    """
    if options.sectors is None:
        return None
    from carbonacct.inventory.record import SECTORS  # noqa: PLC0415
    from carbonacct.sectors.all_sectors import check_sectors  # noqa: PLC0415
    from carbonacct.sectors.sources.activity_names import list_sectors  # noqa: PLC0415

    words = [word.strip() for word in options.sectors.replace("，", ",").split(",")]
    named = [word for word in words if word]
    if named == ["all"]:
        named = [one for one in SECTORS if one == "energy" or list_sectors(options.method, [one])]
    if not named or "all" in named:
        raise MethodError(
            say(
                "--sectors {sectors!r}: write all, or names with commas between",
                sectors=options.sectors,
            )
        )
    check_sectors(options.method, named)
    return named


def wants_energy(sectors: Sequence[str] | None) -> bool:
    """Return whether balances are asked for."""
    return sectors is None or "energy" in sectors


def write_whole(options: argparse.Namespace, sorted_files: Sorted, status: int) -> int:
    """Make one inventory of balances and activity tables, write it and say its totals."""
    for name in _ENERGY_ALONE:
        if getattr(options, name):
            return complain(
                say("--{name} is of energy alone; leave the activity tables out", name=name)
            )
    from carbonacct.projects.comparison_by_cause import compare_inventories  # noqa: PLC0415
    from carbonacct.report.inventories import write_inventory  # noqa: PLC0415
    from carbonacct.report.sector_totals import summarise_sectors  # noqa: PLC0415

    whole, failed = compile_sorted(options, sorted_files)
    status = failed or status
    if whole is None:
        return status
    findings, assessed = list(whole.findings), None
    if options.uncertainty:
        from carbonacct.report.uncertainty_tables import assess_uncertainty  # noqa: PLC0415

        try:
            assessed = assess_uncertainty(
                whole,
                gwp=options.gwp,
                seed=options.seed,
                **known_of_inputs(options),
            )
        except CarbonacctError as error:
            status = complain(error)
        else:
            whole = whole.with_findings(assessed.findings)
            findings = list(whole.findings)
    since = compare_inventories(options.since, whole) if options.since else None
    written, failed = write_each(
        print_json(options.output, whole.to_frame(gwp=options.gwp), findings),
        lambda target: write_inventory(
            whole,
            target,
            lang=options.lang,
            gwp=options.gwp,
            uncertainty=assessed,
            since=since,
            overwrite=options.overwrite,
        ),
    )
    if "-" in options.output:
        say_findings(options, findings)
    else:
        note(
            summarise_sectors(
                whole,
                lang=options.lang,
                gwp=options.gwp,
                files=written,
                intervals=assessed.intervals if assessed else None,
            )
        )
    return status or failed or strict_status(options, findings)


def has_tables(options: argparse.Namespace) -> bool:
    """Return whether a file of the words is a table of activity data; others may be anything."""
    from pathlib import Path  # noqa: PLC0415

    # The command that reads a file says what is wrong with it.
    return any(
        Path(path).is_file() and is_of_activities(path, options.method) for path in options.files
    )


def read_whole(options: argparse.Namespace) -> tuple[Sorted, Inventory | None, int]:
    """Read files and make one inventory where there are activity tables; else the energy part alone."""
    groups, tables, status = sort_all(options)
    balances = [balance for _, balance in groups]
    energy, failed = compile_balances(options, load_chosen(options), balances)
    files = Sorted(groups=groups, tables=tables, energy=energy, sectors=None)
    status = failed or status
    if not tables:
        return files, None, status
    whole, failed = compile_sorted(options, files)
    return files, whole, failed or status


def compile_sorted(options: argparse.Namespace, files: Sorted) -> tuple[Inventory | None, int]:
    """Return the inventory of all that could be compiled, and the status of what could not."""
    from carbonacct.sectors.all_sectors import (  # noqa: PLC0415
        join_sectors,
        passed_balances,
        refused_tables,
    )
    from carbonacct.sectors.energy.energy_entries import to_inventory  # noqa: PLC0415

    made = [to_inventory(one, **making_of(options, files.groups, one)) for one in files.energy]
    status, refused = 0, []
    if files.tables:
        try:
            made.append(_compile_tables(options, files))
        except CarbonacctError as error:
            status = complain(error)
            refused = [refused_tables(files.tables)]
            if made and not keep_what_was(options):
                return None, status
    if not made:
        if status == 0:
            status = complain(
                say("no file holds data of the sectors asked for; name other sectors")
            )
        return None, status
    whole = join_sectors(made).with_findings(refused)
    if files.groups and not wants_energy(files.sectors):
        whole = whole.with_findings([passed_balances(len(files.groups))])
    named = getattr(options, "gas", "")  # a command without the option looks at all gases
    asked = [named] if isinstance(named, str) else named
    gases = [gas for gas in asked if gas not in {"", "all"}]
    return (whole.select(gas=gases) if gases else whole), status


def trace_sources(options: argparse.Namespace, files: Sorted) -> int:
    """Say how the entries of a source came about, down to cells and factor rows."""
    try:
        made = _compile_tables(options, files)
    except CarbonacctError as error:
        return complain(error)
    held = made.entries
    of_flow = held[held["flow"] == options.flow]
    if not len(of_flow):
        known = join_texts(", ", dict.fromkeys(map(str, held["flow"])))
        near = did_you_mean(options.flow, held["flow"].unique()) or say(
            "it has {known}", known=known
        )
        return complain(
            say("the inventory has no source {flow!r}; {near}", flow=options.flow, near=near)
        )
    found = of_flow[(of_flow["product"] == options.product) & (of_flow["gas"] == options.gas)]
    if not len(found):
        pairs = zip(of_flow["product"], of_flow["gas"], strict=True)
        known = join_texts(", ", dict.fromkeys(" ".join(filter(None, pair)) for pair in pairs))
        asked = " ".join(filter(None, (options.product, options.gas)))
        return complain(
            say(
                "{flow} has no {asked}; it has {known}: name --product and --gas",
                flow=options.flow,
                asked=asked,
                known=known,
            )
        )
    rows: list[dict[str, Any]] = []
    keys = ["area", "year", "flow", "product", "gas"]
    for entry, row in found.iterrows():
        opened = made.trace(int(str(entry)))
        tell(f"{row['area']} {row['year']} · {opened}")
        rows += [{**row[keys], **one} for one in opened.list_rows()]
    print_rows(rows)
    return 0


def making_of(
    options: argparse.Namespace,
    groups: Sequence[tuple[list[str], EnergyBalance]],
    one: EnergyInventory,
) -> dict[str, Any]:
    """Return the files and the choices that an energy inventory was made from."""
    balances = one.balance
    paths = next(
        (
            names
            for names, balance in groups
            if (balance.areas, balance.years) == (balances.areas, balances.years)
        ),
        [],
    )
    own = [path for path in (options.overlay, getattr(options, "motor_fuels", None)) if path]
    names = ("allow_unverified", "grid", "carbon_pool", "calorific_values", "feedstock_counts")
    choices = {name: getattr(options, name, None) for name in names}
    return {"files": [*paths, *own], "options": choices}


def _compile_tables(options: argparse.Namespace, files: Sorted) -> Inventory:
    """Return the entries of the activity tables; what names no area or year has the balances'."""
    from pathlib import Path  # noqa: PLC0415

    from carbonacct.sectors.all_sectors import only  # noqa: PLC0415
    from carbonacct.sectors.sources.activities import read_activities  # noqa: PLC0415
    from carbonacct.sectors.sources.source_compiling import compile_sources  # noqa: PLC0415

    areas = [area for _, balance in files.groups for area in balance.areas]
    years = [year for _, balance in files.groups for year in balance.years]
    activities = read_activities(
        [Path(path) for path in files.tables],
        options.method,
        area=options.area or only(areas),
        year=options.year or only(years),
        sectors=files.sectors,
        areas=areas,
        years=years,
    )
    return compile_sources(
        activities,
        sectors=files.sectors,
        overlay=options.overlay,
        allow_unverified=options.allow_unverified,
    )


def _template(options: argparse.Namespace) -> int:
    from carbonacct.report.activity_template import write_template  # noqa: PLC0415

    sectors = read_sectors(options)
    if not options.output:
        return complain(say("name the workbook to write: -o activity.xlsx"))
    if options.by:
        return _forms(options, sectors)
    written, status = write_each(
        options.output,
        lambda target: write_template(
            target,
            options.method,
            sectors=sectors,
            area=options.area or "",
            year=options.year,
            overwrite=options.overwrite,
        ),
    )
    note_written(written)
    return status


def _forms(options: argparse.Namespace, sectors: list[str] | None) -> int:
    """Write the form of each department into the folders that the words name."""
    from carbonacct.report.activity_template import write_forms  # noqa: PLC0415

    for folder in options.output:
        try:
            written = write_forms(
                folder,
                options.method,
                sectors=sectors,
                area=options.area or "",
                year=options.year,
                overwrite=options.overwrite,
            )
        except CarbonacctError as error:
            return complain(error)
        for path in written:
            note_written([str(path)])
    return 0


def _activities(options: argparse.Namespace) -> int:
    from carbonacct.sectors.sources.activity_list import list_activities  # noqa: PLC0415

    frame = list_activities(options.method, read_sectors(options))
    targets = options.output or ["-"]
    written, status = write_all(frame, targets, [], "activities", overwrite=options.overwrite)
    if "-" not in targets:
        note_written(written)
    return status
