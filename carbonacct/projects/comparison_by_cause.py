"""Two inventories, files or submissions compared by cause."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.errors import ProjectError
from carbonacct.inventory.inventory_reader import read_inventory
from carbonacct.inventory.manifest import INVENTORY as ENTRIES
from carbonacct.inventory.record import Inventory
from carbonacct.projects.differences import Difference, compare_entries
from carbonacct.projects.entry_table import list_entries, read_entries
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
    return compare_entries(load_entries(before), load_entries(after))


def load_entries(inventory: Inventory | str | Path) -> pd.DataFrame:
    """Return the entries of an inventory, of a file, or of the folder of a submission.

    Raises
    ------
    ProjectError, TableError
        If it is none.
    """
    if isinstance(inventory, Inventory):
        return list_entries(inventory)
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
    return list_entries(read_inventory(path))
