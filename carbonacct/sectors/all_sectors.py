"""One inventory of all sectors: energy balances and tables of activity data, sorted by content."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from carbonacct import balances
from carbonacct.categories import categories
from carbonacct.data import shown_name
from carbonacct.errors import ActivityDataError, CarbonacctError, Finding, MethodError
from carbonacct.factors import load_method
from carbonacct.factors.method_names import find_sources_id
from carbonacct.inventory.joining import join_inventories
from carbonacct.processes import count_workers
from carbonacct.sectors.coverage import REFUSED
from carbonacct.sectors.energy import compile_inventory
from carbonacct.sectors.energy.energy_entries import energy_of, to_inventory
from carbonacct.sectors.partners import find_partners, subtract_partners
from carbonacct.sheets.folders import find_files
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from carbonacct.balances import EnergyBalance
    from carbonacct.inventory.record import Inventory
    from carbonacct.sheets.raw_sheets import Sheet
    from carbonacct.texts import Text

_FLOWS_OF_BALANCES, _PRODUCTS_OF_BALANCES = 3, 2
_MOST_REASONS = 5  # why nothing counts


def is_activity_table(path: str | Path, method: str = "") -> bool:
    """Return whether a file that does not read as a balance is a table of activity data.

    A long table may be either (指标, 数值, 单位). It is one of energy if its names name more flows and
    products than activities.
    So is a page whose labels name three flows and two products: it prints who uses what.

    Parameters
    ----------
    method
        Whose activities they are; of any method with equations where it is not given.

    Raises
    ------
    TableError
        If the file cannot be read.
    """
    return _are_of_activities(read_sheets(path), method)


def _are_of_activities(sheets: Sequence[Sheet], method: str) -> bool:
    from carbonacct.records.yearbook_pages import pages_in  # noqa: PLC0415 - as below
    from carbonacct.sectors.sources.activity_recognition import (  # noqa: PLC0415 - energy needs none
        holds_activities,
        sort_names,
    )

    if not holds_activities(sheets, method):
        return False
    of_activities, others = sort_names(sheets, method)
    if of_activities or others:
        return sum(balances.count_energy_names(others)) <= len(of_activities)
    pages = pages_in(sheets)
    flows, products = balances.count_energy_names(
        {label for number in pages for label in (*number.row_labels, *number.column_labels)}
    )
    return flows < _FLOWS_OF_BALANCES or products < _PRODUCTS_OF_BALANCES


def say_other_methods(path: str | Path, method: str) -> Text | None:
    """Return what a file is whose activity data other methods use, and this one does not."""
    from carbonacct.sectors.sources.activity_names import (  # noqa: PLC0415 - as above
        methods_with_sectors,
    )

    own, sheets = find_sources_id(method), read_sheets(path)
    others = [
        one for one in methods_with_sectors() if one != own and _are_of_activities(sheets, one)
    ]
    if not others:
        return None
    return say(
        "{file}: holds activity data of which {method} uses none, and {others} some; "
        "carbonacct activities --method {method} lists what it uses",
        file=shown_name(path),
        method=method,
        others=join_texts(", ", others),
    )


def compile_sectors(
    *files: str | Path,
    method: str,
    sectors: Sequence[str] | None = None,
    area: str | None = None,
    year: int | None = None,
    overlay: str | Path | None = None,
    allow_unverified: bool = False,
    partitions: Mapping[str, Mapping[str, str]] | None = None,
    **energy: Any,
) -> Inventory:
    """Make one inventory of energy balances and tables of activity data.

    Parameters
    ----------
    files
        Balances and activity tables in any order: they are told apart by what they hold.
    method
        A method's id.
    sectors
        Only these; all that the files have data for where not given.
    area, year
        Of what names none.
    overlay, allow_unverified
        As in :func:`carbonacct.compile_inventory`; ``<overlay>/<sector>/`` holds factors of sources
        other than fuels.
    partitions
        Members of groups that factor tables print: ``{"climate_zones": {"重庆": "warm_wet"}}``.
    energy
        Other options of :func:`carbonacct.compile_inventory`, such as ``gases`` and ``grid``.

    Returns
    -------
    Inventory
        Entries in the order of the sectors; every source of which activities are given.

    Raises
    ------
    ActivityDataError, TableError, FactorDataError, MethodError
        Whatever is wrong with the files, the factors or the words.

    Examples
    --------
    >>> inventory = compile_sectors(
    ...     "docs/tables/chongqing_2007.csv",
    ...     "docs/tables/chongqing_2007_activities.csv",
    ...     method="provincial-2011",
    ... )
    >>> inventory.by("sector", gas="CO2", known_only=True)["sector"].to_list()
    ['energy', 'processes']
    """
    check_sectors(method, sectors)
    of_energy: list[tuple[Path, EnergyBalance]] = []
    tables: list[Path] = []
    paths = find_files(files)
    workers = count_workers(len(paths))
    with closing(balances.read_each(paths, area=area, year=year, workers=workers)) as reads:
        for path, read in zip(paths, reads, strict=True):
            if not isinstance(read, CarbonacctError):
                of_energy.append((path, read))
            elif is_activity_table(path, method):
                tables.append(path)
            elif said := say_other_methods(path, method):
                raise ActivityDataError(said)
            else:
                raise read
    made = []
    if wants_energy(sectors):
        options = {"allow_unverified": allow_unverified, **energy}
        loaded = load_method(method, overlay=overlay, allow_unverified=allow_unverified)
        made = [
            to_inventory(
                compile_inventory(balance, method=loaded, **energy),
                files=[path, *([overlay] if overlay else [])],
                options=options,
            )
            for path, balance in of_energy
        ]
    if tables:
        from carbonacct.sectors.sources.activities import (  # noqa: PLC0415 - as above
            read_activities,
        )
        from carbonacct.sectors.sources.source_compiling import compile_sources  # noqa: PLC0415

        known = [balance for _, balance in of_energy]
        activities = read_activities(
            tables,
            method,
            area=area or only([name for balance in known for name in balance.areas]),
            year=year or only([one for balance in known for one in balance.years]),
            sectors=sectors,
            areas=[name for balance in known for name in balance.areas],
            years=[one for balance in known for one in balance.years],
        )
        # Of the sectors asked for a file may hold nothing, where a balance holds the rest.
        if not (made and sectors is not None and activities.rows.empty):
            made.append(
                compile_sources(
                    activities,
                    sectors=sectors,
                    overlay=overlay,
                    partitions=partitions,
                    allow_unverified=allow_unverified,
                )
            )
    return join_sectors(made)


def join_sectors(inventories: Sequence[Inventory]) -> Inventory:
    """Return inventories of sectors as one, with what two of them could both count taken out or said.

    Raises
    ------
    ActivityDataError
        If there is nothing to join, with what the inventories say why.
    """
    if not any(map(len, inventories)):
        findings = [finding for one in inventories for finding in one.findings]
        why = [str(one) for one in findings if one.severity != "info"] or list(map(str, findings))
        nothing = say("nothing to count: no entry of any sector comes of the files")
        raise ActivityDataError(join_texts("\n", [nothing, *why[:_MOST_REASONS]]))
    joined = subtract_partners(join_inventories(inventories))
    return joined.with_findings([*find_partners(joined), *_find_gases(joined)])


def _find_gases(inventory: Inventory) -> Iterator[Finding]:
    """Find gases that other sectors have and that energy is not compiled for."""
    of_energy = {str(gas) for cube in energy_of(inventory) for gas in cube.emissions["gas"].values}
    known = {gas for code in ("1.A", "1.B") for gas in categories()[code].gases}
    held = inventory.entries
    others = dict.fromkeys(map(str, held.loc[held["sector"] != "energy", "gas"]))
    lacking = [gas for gas in others if gas in known and gas not in of_energy]
    if of_energy and lacking:
        names = join_texts(" and ", lacking)
        yield Finding(
            "gas-left-out",
            "info",
            say(
                "{names} of fuels is in no total: energy is compiled for {of_energy} alone",
                names=names,
                of_energy=join_texts(", ", of_energy),
            ),
            "",
            say("name the gases of energy as well, such as --gas all"),
        )


def check_sectors(method: str, sectors: Sequence[str] | None) -> None:
    """Refuse sectors that are none, or that a method has no equations for.

    Raises
    ------
    MethodError
        With near names, and the methods that have them.
    """
    from carbonacct.sectors.sources.activity_names import (  # noqa: PLC0415 - as above
        list_sectors,
        methods_with_sectors,
    )

    for name in sectors or ():
        if name != "energy" and not list_sectors(method, [name]):
            others = [other for other in methods_with_sectors() if list_sectors(other, [name])]
            known = (
                say("{others} have it", others=join_texts(", ", others))
                if others
                else say("no method has it")
            )
            raise MethodError(
                say(
                    "{method} has no equations of {name}; {known}",
                    method=method,
                    name=name,
                    known=known,
                )
            )


def wants_energy(sectors: Sequence[str] | None) -> bool:
    """Return whether balances are asked for."""
    return sectors is None or "energy" in sectors


def only(values: Sequence[Any]) -> Any:
    """Return the one value that all have, or None."""
    return values[0] if len(set(values)) == 1 else None


def passed_balances(count: int) -> Finding:
    """Return the finding of balances that are not counted, because energy is not asked for."""
    return Finding(
        "activity-passed",
        "info",
        say(
            "{count} energy balances are passed over: energy is none of the sectors asked for",
            count=count,
        ),
        "",
        say("name energy among the sectors, or leave --sectors out"),
    )


def refused_tables(files: Sequence[str | Path]) -> Finding:
    """Return the finding of activity tables that were refused, so that their sectors are missing."""
    return Finding(
        REFUSED,
        "error",
        say(
            "energy alone is counted: the activity data of other sectors are refused, and no total "
            "holds them"
        ),
        join_texts(", ", map(shown_name, files)),
        say("correct the file by the messages, and make the inventory again"),
    )
