"""What a page shows of one table alone: made apart, kept with the table, and numbered anew in the page.

A page of ten years is ten such parts and what compares them. Where one table changed, the others are
read from where the project keeps them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from carbonacct.report.page.approaches_section import list_reference
from carbonacct.report.page.derivations import list_derivations
from carbonacct.report.page.headline import list_breakdown
from carbonacct.report.page.inventory_table import list_gases, list_inventory
from carbonacct.report.page.joined_parts import JoinedParts
from carbonacct.report.page.page_content import DETAILS, Content, collect_content
from carbonacct.report.page.page_words import LANGUAGES
from carbonacct.report.page.reference_table import collect_reference
from carbonacct.report.page.sankey import list_carbon, list_energy
from carbonacct.report.page.traces import list_cells
from carbonacct.sectors.energy.inventory_cache import Codec, keep_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from carbonacct.report.page.joined_parts import Fragment
    from carbonacct.sectors.energy import EnergyInventory

    Lister = Callable[[Content, str], Sequence[Fragment]]

_COMPARED: dict[str, Lister] = {"reference": list_reference}  # also on a page without traces
_LISTED: dict[str, Lister] = {
    "energy": list_energy,
    "carbon": list_carbon,
    "breakdown": list_breakdown,
    **_COMPARED,
    "gases": list_gases,
    "inventory": list_inventory,
}
# As the templates write what opens a number. No text of a table can look so: they escape < and ".
_OPENS = re.compile(r'(<button data-(c|d)=| data-d=")(\d+)')
_PART: Codec[EnergyInventory, dict[str, Any]] = Codec(
    write=lambda part: part, read=lambda held, _: held
)


def add_parts(content: Content) -> Content:
    """Return the content of a page with what it shows of each of its tables; nothing may be derived of it before."""
    joined = JoinedParts()
    for inventory in content.inventories:
        _add(joined, _keep_part(content, inventory), content.areas)
    return replace(content, parts=joined)


def begin_part(inventory: EnergyInventory, tables: int, gwp: str | None) -> None:
    """Make the part of a table before the page of so many tables that shows it; it stays in the store."""
    if tables <= DETAILS:
        reference, _ = collect_reference([inventory])
        _keep_part(collect_content([inventory], reference=reference, gwp=gwp), inventory)


def _keep_part(content: Content, inventory: EnergyInventory) -> dict[str, Any]:
    """Return the part of a table out of the store, or made."""
    own = Content(
        inventories=(inventory,),
        reference=_find_rows(content.reference, inventory),
        gwp=content.gwp,
        traced=content.detailed,
    )
    rows = [] if own.reference is None else own.reference.to_numpy().tolist()
    name = f"page {own.detailed} {own.gwp} {rows}"
    return keep_piece(inventory, name, _PART, lambda: _make_part(own))


def _find_rows(frame: pd.DataFrame | None, inventory: EnergyInventory) -> pd.DataFrame | None:
    """Return the rows of a table of areas and years that an inventory is of."""
    if frame is None:
        return None
    table = inventory.table
    return frame[frame["area"].isin(table.areas) & frame["year"].isin(table.years)]


def _make_part(own: Content) -> dict[str, Any]:
    """Return what a page shows of a table, in numbers of its own, as JSON can hold it."""
    cells = list_cells(own) if own.detailed else []
    shown = {
        kind: {lang: list(fragments(own, lang)) for lang in LANGUAGES}
        for kind, fragments in (_LISTED if own.detailed else _COMPARED).items()
    }
    amounts = [amount for _, amount in own.amounts.values()]
    return {
        "areas": own.areas,
        "shown": shown,
        "cells": cells,
        "factors": [[place, row] for place, (_, row) in own.factors.items()],
        **list_derivations(own.derived, amounts, {}),
    }


@dataclass(frozen=True)
class _PageNumbers:
    """The numbers that the page has for those of a part: one by one, or from where its own begin."""

    texts: list[int]
    factors: list[int]
    cells: int
    derived: int
    amounts: int

    def move_markup(self, markup: str) -> str:
        """Return markup whose numbers open what they opened."""
        return _OPENS.sub(
            lambda found: (
                f"{found[1]}{int(found[3]) + (self.cells if found[2] == 'c' else self.derived)}"
            ),
            markup,
        )

    def move_derivation(self, row: list[Any]) -> list[Any]:
        """Return a derivation as :func:`carbonacct.report.page.derivations.list_derivations` writes it."""
        title, formula, parts, unit, *more = row
        moved = [[self.texts[word] for word in title], formula]
        moved += [[self._move_part(*part) for part in parts], self.texts[unit]]
        if more:
            moved.append([[amount + self.amounts, times] for amount, times in more[0]])
        if len(more) > 1:
            moved.append([self.factors[one] for one in more[1]])
        if len(more) > 2:
            moved.append(self.texts[more[2]])
        return moved

    def _move_part(self, name: int, value: float, unit: int, *more: Any) -> list[Any]:
        """Return a number of a formula; what follows it is what it opens (-1 for nothing), and its place."""
        if more and more[0] >= 0:
            more = (more[0] + self.derived, *more[1:])
        return [self.texts[name], value, self.texts[unit], *more]


def _add(joined: JoinedParts, part: dict[str, Any], areas: Sequence[str]) -> None:
    """Add the part of one more table, its numbers after those that are there."""
    texts, factors = joined.texts, joined.factors
    page = _PageNumbers(
        texts=[texts.setdefault((zh, en), len(texts)) for zh, en in part["texts"]],
        factors=[
            factors.setdefault(place, (len(factors), row))[0] for place, row in part["factors"]
        ],
        cells=len(joined.cells),
        derived=len(joined.derived),
        amounts=len(joined.amounts),
    )
    for kind, by_language in part["shown"].items():
        for lang, fragments in by_language.items():
            joined.shown.setdefault((kind, lang), []).extend(
                (area, year, page.move_markup(markup)) for area, year, markup in fragments
            )
    for *cell, used in part["cells"]:
        joined.cells.append([*cell, [page.factors[one] for one in used]])
    for name, value, unit, place in part["amounts"]:
        joined.amounts.append([page.texts[name], value, page.texts[unit], place])
    for row in part["derived"]:
        if isinstance(row, dict):  # the cells that a sum is of
            joined.derived.append({**row, "a": areas.index(part["areas"][row["a"]])})
        else:
            joined.derived.append(page.move_derivation(row))
