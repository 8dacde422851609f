"""The categories of the IPCC 2006 guidelines: one tree for all sectors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from carbonacct.data import data_folder, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Category:
    """A category (IPCC 2006 Vol. 1, Table 8.2; ``1.D`` as in the common reporting tables).

    Attributes
    ----------
    gases
        That it may emit; ``HFCs`` and ``PFCs`` stand for all of their kind.
    sector
        Of the inventory: energy, processes, agriculture, land, waste or other; ``""`` where
        several are below it.
    methane
        Origin of its methane, as metrics tell it apart: ``"fossil"`` or ``"non-fossil"``.
    """

    id: str
    parent: str
    name_zh: str
    name_en: str
    gases: tuple[str, ...]
    sector: str
    methane: str


@cache
def categories() -> Mapping[str, Category]:
    """Return the categories by id, in the order of the tree.

    Sector and methane are those of the nearest row above that says them.

    Examples
    --------
    >>> categories()["1.A.3.b"].name_en, categories()["1.B.1.a"].methane
    ('Road Transportation', 'fossil')
    >>> categories()["3.B.1.a"].sector, categories()["3.C.7"].sector
    ('land', 'agriculture')
    """
    found: dict[str, Category] = {}
    for row in read_rows(data_folder() / "vocabulary" / "categories.csv"):
        above = found.get(row["parent"])
        found[row["id"]] = Category(
            id=row["id"],
            parent=row["parent"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            gases=tuple(row["gases"].split("|")),
            sector=row["sector"] or (above.sector if above else ""),
            methane=row["methane"] or (above.methane if above else ""),
        )
    return found


@cache
def energy_categories() -> Mapping[str, Category]:
    """Return the categories of the energy sector by id, in the order of the tree.

    Examples
    --------
    >>> "1.B" in energy_categories(), "2.A" in energy_categories()
    (True, False)
    """
    return {code: one for code, one in categories().items() if one.sector == "energy"}


def may_emit(code: str, gas: str) -> bool:
    """Return whether a category may emit a gas; HFCs and PFCs stand for each of their kind.

    Examples
    --------
    >>> may_emit("3.C.7", "CH4"), may_emit("3.C.7", "N2O"), may_emit("2.B.9.a", "HFC23")
    (True, False, True)
    """
    gases = categories()[code].gases
    is_fluorinated = gas not in {"CO2", "CH4", "N2O", "SF6", "NF3"}
    return gas in gases or (is_fluorinated and not {"HFCs", "PFCs"}.isdisjoint(gases))
