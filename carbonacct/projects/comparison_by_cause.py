"""Two inventories, files or submissions compared by cause."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.errors import ProjectError
from carbonacct.inventory.inventory_reader import read_inventory
from carbonacct.inventory.manifest import INVENTORY as ENTRIES
from carbonacct.inventory.record import Inventory
from carbonacct.projects.crossed_entries import cross_entries
from carbonacct.projects.differences import Difference, compare_entries
from carbonacct.projects.entry_table import list_entries, read_entries
from carbonacct.projects.freezing import INPUTS
from carbonacct.projects.moved_bases import Judging, find_moved_bases
from carbonacct.projects.project_declaration import FILE, read_declaration
from carbonacct.texts import say

if TYPE_CHECKING:
    import pandas as pd


def compare_inventories(
    before: Inventory | str | Path, after: Inventory | str | Path
) -> Difference:
    """Return what changed between two inventories, by cause, in whole grams.

    Parameters
    ----------
    before, after
        Inventories; files of inventories (.csv, .json, .parquet, .nc); or folders of submissions.

    Returns
    -------
    Difference
        One row for each pair of entries that changed; the causes add up to the change.

    Raises
    ------
    ProjectError, TableError
        If a file is no inventory.

    Examples
    --------
    >>> import carbonacct as ca
    >>> table = "docs/tables/chongqing_2007.csv"
    >>> old, new = (ca.to_inventory(ca.compile_inventory(table, method=method))
    ...             for method in ("ceads", "provincial-2011"))
    >>> total = compare_inventories(old, new).by()
    >>> bool((total["method"] == total["change"]).all())
    True
    """
    sides = [_load(before), _load(after)]
    entries = [list_entries(one) if isinstance(one, Inventory) else one for one in sides]
    one, other = sides
    if isinstance(one, Inventory) and isinstance(other, Inventory):
        entries[0] = entries[0].assign(crossed=cross_entries(one, other))
        entries[1] = entries[1].assign(crossed=cross_entries(other, one))
    found = compare_entries(*entries)
    judging = [_open_targets(one, held) for one, held in zip((before, after), entries, strict=True)]
    if judging[0] is None or judging[1] is None:
        return found
    moved = find_moved_bases(judging[0], judging[1])
    return replace(found, findings=(*found.findings, *moved))


def _open_targets(side: Inventory | str | Path, entries: pd.DataFrame) -> Judging | None:
    """Return the entries of a submission with its targets; None of what is no submission."""
    if isinstance(side, Inventory) or not (Path(side) / INPUTS / FILE).is_file():
        return None
    return Judging(entries, read_declaration(Path(side) / INPUTS))


def _load(inventory: Inventory | str | Path) -> Inventory | pd.DataFrame:
    """Return an inventory, read if it is a file; of a submission its entries."""
    if isinstance(inventory, Inventory):
        return inventory
    path = Path(inventory)
    if path.is_dir():
        if not (path / ENTRIES).is_file():
            raise ProjectError(
                say(
                    "{path}: is no submission: it holds no {entries}; name an inventory",
                    path=path,
                    entries=ENTRIES,
                )
            )
        return read_entries(path / ENTRIES)
    return read_inventory(path)
