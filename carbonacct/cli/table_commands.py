"""Commands on energy balance tables: inventory, check, coal-equivalent, trace."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import (
    complain,
    name_written,
    print_findings,
    print_json,
    print_rows,
    say_findings,
    say_summary,
    strict_status,
    write_all,
    write_each,
)
from carbonacct.cli.parser import add_command
from carbonacct.cli.project_commands import check_project, project_option
from carbonacct.cli.sector_commands import (
    Sorted,
    add_sectors,
    making_of,
    read_sectors,
    trace_sources,
    wants_energy,
    write_whole,
)
from carbonacct.cli.shared_options import (
    add_json,
    add_knowledge,
    factor_options,
    gas,
    grid_option,
    known_of_inputs,
    output_option,
    table_options,
)
from carbonacct.cli.speaking import note, tell
from carbonacct.cli.table_inputs import (
    LONG_LIST,
    compile_balances,
    each_with_progress,
    load_chosen,
    read_all,
    read_population,
    sort_all,
)
from carbonacct.errors import CarbonacctError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from carbonacct.cli.parser import Commands
    from carbonacct.errors import Finding
    from carbonacct.projects.differences import Difference
    from carbonacct.report.scores import Scores
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    tables, factors, grid, output = (
        table_options(),
        factor_options(),
        grid_option(),
        output_option(),
    )
    kinds = output_option("inventory")
    text = say("make the inventory of tables: CO2, and other gases if asked for")
    command = add_command(commands, "inventory", _inventory, text, tables, factors, grid, kinds)
    command.set_defaults(endings=_list_endings)  # those of the writers, which a package may add to
    command.add_argument("--method", required=True, help=say("carbonacct methods lists them"))
    command.add_argument(
        "--gas",
        type=gas,
        action="append",
        default=[],
        help=say("CO2 (default), CH4, N2O, or all; repeat for several"),
    )
    command.add_argument(
        "--gwp",
        metavar="METRIC",
        help=say("also add all gases up as CO2-equivalent, such as AR5GWP100"),
    )
    command.add_argument(
        "--drivers",
        metavar="FILE",
        help=say("for .html: a CSV area,year,population (万人),gdp (亿元), units in the header"),
    )
    command.add_argument(
        "--scores",
        metavar="FILE",
        help=say("for .html: the CSV of carbonacct index score, shown in quadrants"),
    )
    command.add_argument(
        "--quadrant",
        metavar="X,Y[,SIZE]",
        help=say(
            "with --scores: the indicators across, up and as size of a point; X=20 sets "
            "where the plane is divided"
        ),
    )
    command.add_argument(
        "--uncertainty",
        action="store_true",
        help=say(
            "for .html, .xlsx and .docx: the 95 %% interval of direct CO2, and key categories; "
            "with activity tables, of each gas"
        ),
    )
    command.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="S",
        help=say("with --uncertainty: same seed, same interval (0)"),
    )
    command.add_argument(
        "--since",
        metavar="INVENTORY",
        help=say("for .docx: an earlier inventory; what changed since stands in the report"),
    )
    add_sectors(command)
    add_knowledge(command)
    text = say("read tables and check them against themselves; in a project, its open findings")
    command = add_command(
        commands, "check", _check, text, table_options(needed=False), project_option()
    )
    add_json(command)
    text = say("turn a physical table into coal equivalent")
    add_command(
        commands, "coal-equivalent", _coal_equivalent, text, tables, factors, output
    ).add_argument("--method", required=True, help=say("carbonacct methods lists them"))
    text = say("walk one number back to its cell and its factors")
    command = add_command(commands, "trace", _trace, text, tables, factors, grid)
    command.add_argument("--method", required=True, help=say("carbonacct methods lists them"))
    command.add_argument(
        "--flow", required=True, help=say("a row of the table, or a source, by id or name")
    )
    command.add_argument(
        "--product",
        default="",
        help=say("a fuel, or the item of a source; none where a source has none"),
    )
    command.add_argument("--gas", type=gas, default="CO2", help=say("the gas (CO2)"))
    add_json(command)


def _list_endings() -> tuple[str, ...]:
    from carbonacct.report.inventories import list_endings  # noqa: PLC0415 - only where it writes

    return list_endings()


def _inventory(options: argparse.Namespace) -> int:
    if fault := _find_wrong_words(options):
        return complain(fault)
    sectors = read_sectors(options)
    drivers = read_population(options)
    scores = _read_scores(options)
    method = load_chosen(options)
    groups, tables, status = sort_all(options)
    made, failed = compile_balances(
        options, method, [balance for _, balance in groups] if wants_energy(sectors) else []
    )
    status = failed or status
    if tables or not wants_energy(sectors):
        return write_whole(
            options, Sorted(groups=groups, tables=tables, energy=made, sectors=sectors), status
        )
    if not made:
        return status
    from carbonacct.report import (  # noqa: PLC0415
        join_findings,
        join_frames,
        list_doubts,
        list_lacking,
        summarise,
        write_inventory,
    )
    from carbonacct.sectors.energy.energy_entries import describe_energy  # noqa: PLC0415

    frame, findings = join_frames(made, gwp=options.gwp), join_findings(made)
    uncertainty, failed = _assess(options, made)
    status = failed or status
    if uncertainty:
        findings += [finding for finding in uncertainty.findings if finding not in findings]
    since = _compare_since(options, made)
    written, failed = write_each(
        each_with_progress(
            print_json(options.output, frame, findings),
            os.path.basename,
            least=1 if len(made) >= LONG_LIST else LONG_LIST,
        ),
        lambda target: write_inventory(
            made,
            target,
            lang=options.lang,
            gwp=options.gwp,
            drivers=drivers,
            uncertainty=uncertainty,
            scores=scores,
            since=since,
            overwrite=options.overwrite,
            made_from=[describe_energy(one, **making_of(options, groups, one)) for one in made],
        ),
    )
    if "-" in options.output:
        say_findings(options, findings)
    else:
        note(
            summarise(
                frame,
                findings,
                lang=options.lang,
                files=written,
                intervals=uncertainty.intervals if uncertainty else None,
                lacking=list_lacking(made),
                doubts=list_doubts(made),
            )
        )
    return status or failed or strict_status(options, findings)


def _assess(
    options: argparse.Namespace, made: Sequence[EnergyInventory]
) -> tuple[Assessment | None, int]:
    """Return the intervals that --uncertainty asks for; what cannot be assessed is reported."""
    if not options.uncertainty:
        return None, 0
    from carbonacct.report.uncertainty_tables import assess_uncertainty  # noqa: PLC0415

    try:
        return assess_uncertainty(made, seed=options.seed, **known_of_inputs(options)), 0
    except CarbonacctError as error:
        return None, complain(error)


def _compare_since(
    options: argparse.Namespace, energy: Sequence[EnergyInventory]
) -> Difference | None:
    """Return what changed since the inventory that --since names."""
    if options.since is None:
        return None
    from carbonacct.projects.comparison_by_cause import compare_inventories  # noqa: PLC0415
    from carbonacct.sectors.all_sectors import join_sectors  # noqa: PLC0415
    from carbonacct.sectors.energy.energy_entries import to_inventory  # noqa: PLC0415

    return compare_inventories(options.since, join_sectors([to_inventory(one) for one in energy]))


def _find_wrong_words(options: argparse.Namespace) -> str:
    """Return what is wrong with options that do not go together, or an empty string."""
    if options.since and not any(target.lower().endswith(".docx") for target in options.output):
        return say("--since is for a report; name an output that ends in .docx")
    for name in ("drivers", "scores"):
        if getattr(options, name) and not any(
            target.lower().endswith(".html") for target in options.output
        ):
            return say("--{name} is for a page; name an output that ends in .html", name=name)
    if bool(options.scores) != (options.quadrant is not None):
        return say(
            "--scores and --quadrant belong together; write --scores scores.csv "
            "--quadrant X,Y,SIZE with the ids of indicators"
        )
    if (
        options.uncertainty
        and options.output
        and not any(
            target.lower().endswith((".html", ".xlsx", ".docx", ".pdf"))
            for target in options.output
        )
    ):
        return say(
            "--uncertainty is for .html, .xlsx and .docx; carbonacct uncertainty writes other kinds"
        )
    return ""


def _read_scores(options: argparse.Namespace) -> Scores | None:
    if not options.scores:
        return None
    from carbonacct.report.scores import read_scores  # noqa: PLC0415

    return read_scores(options.scores, options.quadrant)


def _check(options: argparse.Namespace) -> int:
    if not options.files:
        return check_project(options)
    from carbonacct.balances.check.checks import check_balance  # noqa: PLC0415
    from carbonacct.report import group_findings, list_findings  # noqa: PLC0415

    balances, status = read_all(options)
    findings: list[Finding] = []
    found: list[Finding] = []  # of tables of one area behind one another
    for number, balance in enumerate(balances):
        found += [*balance.findings, *check_balance(balance)]
        numbers = int(balance.amounts.count())
        years = (
            f"{balance.years[0]}-{balance.years[-1]}"
            if len(balance.years) > 1
            else str(balance.years[0])
        )
        tell(
            say(
                "{areas}{rest} {years}: {flow_count} flows x {product_count} products, "
                "{numbers} numbers",
                areas=join_texts(", ", balance.areas[:5]),
                rest=" ..." if len(balance.areas) > 5 else "",
                years=years,
                flow_count=len(balance.flows),
                product_count=len(balance.products),
                numbers=numbers,
            )
        )
        following = balances[number + 1].areas if number + 1 < len(balances) else None
        if following != balance.areas:
            grouped = group_findings(found)
            tell(join_texts("\n", list_findings(grouped, lang=options.lang)))
            findings += grouped
            found = []
    if options.json:
        print_findings(findings)
    return status or strict_status(options, findings)


def _coal_equivalent(options: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415

    from carbonacct.balances.check.checks import check_balance  # noqa: PLC0415
    from carbonacct.factors import load_method  # noqa: PLC0415
    from carbonacct.report import list_findings  # noqa: PLC0415
    from carbonacct.sectors.energy import to_coal_equivalent  # noqa: PLC0415

    method = load_method(
        options.method, overlay=options.overlay, allow_unverified=options.allow_unverified
    )
    balances, status = read_all(options)
    frames, findings = [], []
    for balance in balances:
        try:
            frame, found = to_coal_equivalent(balance, method=method)
        except CarbonacctError as error:
            status = complain(error)
            continue
        frames.append(frame)
        findings += [*balance.findings, *check_balance(balance), *found]
    if not frames:
        return status
    whole = pd.concat(frames, ignore_index=True)
    findings = list(dict.fromkeys(findings))
    written, failed = write_all(
        whole, options.output or ["-"], findings, "coal equivalent", overwrite=options.overwrite
    )
    if "-" in (options.output or ["-"]):
        say_findings(options, findings)
    else:
        lines = [*list_findings(findings, lang=options.lang, shown=3), *name_written(written)]
        say_summary(options, join_texts("\n", lines), findings)
    return status or failed or strict_status(options, findings)


def _trace(options: argparse.Namespace) -> int:
    from carbonacct.sectors.energy import trace  # noqa: PLC0415
    from carbonacct.vocabulary import base_of, flows  # noqa: PLC0415

    groups, tables, status = sort_all(options)
    if tables and not (groups and base_of(options.flow) in flows()):
        return (
            trace_sources(options, Sorted(groups=groups, tables=tables, energy=(), sectors=None))
            or status
        )
    if groups and not options.product:
        return complain(
            say(
                "a number of a balance has a fuel; name it (--product), such as {fuel}",
                fuel=groups[0][1].products[0],
            )
        )
    made, failed = compile_balances(
        options, load_chosen(options), [balance for _, balance in groups]
    )
    status = failed or status
    rows: list[dict[str, Any]] = []
    for inventory in made:
        for area, year in itertools.product(inventory.balance.areas, inventory.balance.years):
            try:
                found = trace(
                    inventory,
                    flow=options.flow,
                    product=options.product,
                    gas=options.gas,
                    area=area,
                    year=year,
                )
            except CarbonacctError as error:
                status = complain(error)
            else:
                tell(found.to_text(options.lang))
                rows += found.list_rows()
    print_rows(rows)
    return status
