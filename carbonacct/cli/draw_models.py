"""The inventories of files with what is uncertain about them, and how results of these are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.cli.output import (
    note_written,
    say_findings,
    say_summary,
    strict_status,
    write_results,
)
from carbonacct.cli.parser import Parser
from carbonacct.cli.sector_commands import has_tables, read_whole
from carbonacct.cli.shared_options import add_knowledge, gas, known_of_inputs
from carbonacct.cli.table_inputs import compile_all
from carbonacct.errors import UncertaintyError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.errors import Finding
    from carbonacct.inventory.record import Inventory
    from carbonacct.sectors.energy import EnergyInventory
    from carbonacct.uncertainty import DrawModel


def model_options() -> Parser:
    """Return the options of commands on what is uncertain."""
    options = Parser(add_help=False)
    options.add_argument("--method", required=True, help=say("carbonacct methods lists them"))
    options.add_argument(
        "--scope",
        type=int,
        choices=(1, 2),
        default=1,
        help=say("1: fuels burnt; 2: electricity and heat brought in"),
    )
    options.add_argument("--gas", type=gas, default="", help=say("the gas (CO2)"))
    options.add_argument(
        "--gwp",
        metavar="METRIC",
        help=say("all gases added up as CO2-equivalent, such as AR5GWP100"),
    )
    options.add_argument(
        "--base", type=int, metavar="YEAR", help=say("base year of a trend, one of the tables")
    )
    add_knowledge(options)
    return options


def make_model(
    options: argparse.Namespace,
) -> tuple[DrawModel | None, list[EnergyInventory | Inventory], int]:
    """Return the model of the files, None where there is nothing to model; its inventories; and the exit status."""
    options.gas = options.gas or ([] if options.gwp else "CO2")
    made: list[EnergyInventory | Inventory]
    if has_tables(options):
        _, whole, status = read_whole(options)
        made = [] if whole is None else [whole]
    else:
        energy, status = compile_all(options)
        made = list(energy)
    if not made:
        return None, made, status
    from carbonacct.inventory.metrics import (  # noqa: PLC0415 - a command loads what it needs
        name_equivalent,
    )
    from carbonacct.uncertainty import model_inventory  # noqa: PLC0415

    model = model_inventory(
        made,
        scope=options.scope,
        gas=options.gas,
        gwp=options.gwp,
        **known_of_inputs(options),
    )
    check_base(options.base, sorted(map(int, model.labels["year"])))
    options.gas = options.gas if not options.gwp else name_equivalent(options.gwp)
    return model, made, status


def check_base(base: int | None, years: Sequence[int]) -> None:
    """Refuse a base year that the tables do not have, or that has no later year."""
    listed = join_texts(", ", map(str, years))
    if base is not None and base not in years:
        raise UncertaintyError(
            say(
                "the base year {base} is not in the data, which have {listed}; give its "
                "table as well, or another --base",
                base=base,
                listed=listed,
            )
        )
    if base is not None and base == years[-1]:
        raise UncertaintyError(
            say(
                "the base year {base} is the latest in the data, which have {listed}; a "
                "trend needs the table of a later year",
                base=base,
                listed=listed,
            )
        )


def finish(
    options: argparse.Namespace,
    made: Analysis,
    lines: Sequence[str],
    told: Sequence[Finding],
    *,
    shown: int | None = None,
    status: int,
) -> int:
    """Write the results, say them unless they go to standard output, and return the exit status.

    The summary lists the findings that are told, of each rule so many as are shown; those of the
    inventories themselves are in the files.
    """
    from carbonacct.report import list_findings  # noqa: PLC0415

    written, failed = write_results(options.output, made, overwrite=options.overwrite)
    if "-" in options.output:
        say_findings(options, made.findings)
    else:
        listed = list_findings(told, lang=options.lang, shown=shown)
        say_summary(options, join_texts("\n", [*lines, *listed]), told)
        note_written(written)
    return status or failed or strict_status(options, made.findings)


def all_findings(model: DrawModel, made: Sequence[EnergyInventory | Inventory]) -> list[Finding]:
    """Return the findings of a model and of its inventories, each once."""
    return list(
        dict.fromkeys([*model.findings, *(found for one in made for found in one.findings)])
    )


def put_first(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a table with some columns before the others."""
    return frame[[*columns, *(name for name in frame.columns if name not in columns)]]


def find_years(model: DrawModel, area: str) -> list[int]:
    """Return the years in which an area has numbers."""
    from carbonacct.uncertainty.draw_model import select_cells  # noqa: PLC0415

    years = model.labels["year"][model.codes["year"][select_cells(model, "area", area)]]
    return sorted(set(map(int, years)))


def find_uneven(model: DrawModel, base: int | None, area: str, latest: int) -> list[Finding]:
    """Return why the totals of two years do not compare; of a total no category is too small."""
    from carbonacct.uncertainty import tabulate_categories  # noqa: PLC0415
    from carbonacct.uncertainty.key_categories import check_trend  # noqa: PLC0415

    if base is None:
        return []
    table = tabulate_categories(model, latest=latest, base=base, area=area)
    return check_trend(table, area=area, base=base, latest=latest, least=0.0)
