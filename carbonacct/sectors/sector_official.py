"""Official tables of an inventory of all sectors, with the notation keys of its completeness."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.inventory.joining import stack_inventories
from carbonacct.inventory.official.filling import OfficialTable, fill_layout
from carbonacct.inventory.official.layouts import load_layout
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.coverage import find_coverage
from carbonacct.sectors.data_quality import grade_table
from carbonacct.sectors.energy.at_users import count_at_users
from carbonacct.sectors.energy.energy_entries import energy_of
from carbonacct.sectors.energy.energy_official import cover

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.inventory.official.layouts import OfficialLayout
    from carbonacct.inventory.official.notation_keys import Coverage
    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.sectors.energy import EnergyInventory


def fill_official(
    inventory: Inventory,
    table: str,
    *,
    energy: Sequence[EnergyInventory] | None = None,
    gwp: str | None = None,
    grid: str | None = None,
    statements: Sequence[StatedKey] = (),
) -> OfficialTable:
    """Return an official table of an inventory of all sectors.

    Parameters
    ----------
    inventory
        Of any areas and years; the table has a block of rows for each.
    table
        One of :func:`carbonacct.official_ids`, such as ``"provincial"``.
    energy
        The energy inventories whose tables give empty cells of energy their keys: its own, unless
        given.
    gwp
        Name of a metric: HFCs and PFCs are one column each, and all gases one more. Without it
        each fluorinated gas has a column in t.
    grid
        Of a table that counts electricity and heat where they are used (``"gpc"``): which factor
        of the grid, as in :func:`carbonacct.compile_inventory`; by default the one that the
        inventory was made with.
    statements
        Notation keys of categories without a number, as the compiler states them.

    Raises
    ------
    MethodError
        If there is no such table or metric.
    NotationError
        If a statement contradicts a number or another key.

    Notes
    -----
    Every number is a sum of entries; the totals of the table and what it lists as left out are
    the inventory.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_sectors(
    ...     "docs/tables/chongqing_2007.csv",
    ...     "docs/tables/chongqing_2007_activities.csv",
    ...     method="provincial-2011",
    ... )
    >>> frame = fill_official(inventory, "provincial").to_frame().set_index("code")
    >>> round(frame.loc["2.1", "CO2_10kt"], 1), frame.loc["2.2", "CO2_10kt"]
    (1129.8, 'NE')
    """
    more = {"energy": energy, "gwp": gwp, "grid": grid, "statements": statements}
    (filled,) = fill_official_tables(inventory, [table], **more)  # type: ignore[arg-type]
    return filled


def fill_official_tables(
    inventory: Inventory,
    tables: Iterable[str],
    *,
    energy: Sequence[EnergyInventory] | None = None,
    gwp: str | None = None,
    grid: str | None = None,
    statements: Sequence[StatedKey] = (),
) -> list[OfficialTable]:
    """Return some official tables of one inventory: what its categories have is found once for all.

    Parameters
    ----------
    tables
        Each one of :func:`carbonacct.official_ids`; the rest as in :func:`fill_official`.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    >>> [table.layout.id for table in fill_official_tables(ca.to_inventory(cube), ["provincial", "gpc"])]
    ['provincial', 'gpc']
    """
    layouts = [load_layout(table) for table in tables]
    cubes = energy_of(inventory) if energy is None else energy
    coverage = read_coverage(inventory, cubes, statements=statements)
    return [
        _fill(
            _count_users(inventory, cubes, grid) if one.at_users else inventory, one, coverage, gwp
        )
        for one in layouts
    ]


def _count_users(
    inventory: Inventory, cubes: Sequence[EnergyInventory], grid: str | None
) -> Inventory:
    """Return an inventory with electricity and heat where they are used."""
    chosen = grid or _grid_of(inventory)
    places = set(zip(inventory.entries["area"], inventory.entries["year"], strict=True))
    users = [_within(count_at_users(one, grid=chosen), places) for one in cubes]
    entries, origins = stack_inventories([inventory, *users])
    return Inventory(entries, origins=origins)


def _fill(
    inventory: Inventory, layout: OfficialLayout, coverage: Coverage, gwp: str | None
) -> OfficialTable:
    filled = fill_layout(inventory, layout, coverage=coverage, gwp=gwp)
    return replace(filled, quality=grade_table(filled)) if layout.states_quality else filled


def _within(users: Inventory, places: set[tuple[str, int]]) -> Inventory:
    """Return what is of some areas and years."""
    pairs = zip(users.entries["area"], users.entries["year"], strict=True)
    kept = users.entries.loc[np.fromiter((pair in places for pair in pairs), dtype=bool)]
    return replace(users, entries=kept.reset_index(drop=True))


def _grid_of(inventory: Inventory) -> str | None:
    """Return the level of the grid that an inventory was made with, if it was chosen."""
    options = (option for made in inventory.made_from for option in made.options)
    return next((value for name, value in options if name == "grid"), None)


def read_coverage(
    inventory: Inventory,
    energy: Sequence[EnergyInventory] | None = None,
    *,
    statements: Sequence[StatedKey] = (),
) -> Coverage:
    """Return what each category has: whether a number, and its notation keys."""
    return cover(find_coverage(inventory, energy, statements=statements), statements)
