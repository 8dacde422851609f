"""What a page shows of one table alone: made apart, kept with the table, and numbered anew in the page.

A page of ten years is ten such parts and what compares them. Where one table changed, the others are
read from where the project keeps them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carbonacct.report.page.approaches_section import list_reference
from carbonacct.report.page.derivations import list_derivations
from carbonacct.report.page.headline import list_breakdown
from carbonacct.report.page.inventory_table import list_gases, list_inventory
from carbonacct.report.page.page_content import Content
from carbonacct.report.page.page_words import LANGUAGES
from carbonacct.report.page.sankey import list_carbon, list_energy
from carbonacct.report.page.traces import list_cells
from carbonacct.sectors.energy.inventory_cache import Codec, keep_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from carbonacct.report.page.derivations import Pair
    from carbonacct.report.page.page_content import Fragment
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


@dataclass(frozen=True)
class JoinedParts:
    """The parts of all tables of a page, in its numbers.

    Attributes
    ----------
    shown
        By kind and language: area, year and markup.
    cells, derived, amounts
        As :func:`carbonacct.report.page.page_document.render_page` writes them for its script.
    factors
        Rows of factor tables by their place, with their number.
    texts
        Words in both languages, with their number.
    """

    shown: dict[tuple[str, str], list[Fragment]] = field(default_factory=dict)
    cells: list[list[Any]] = field(default_factory=list)
    derived: list[Any] = field(default_factory=list)
    amounts: list[list[Any]] = field(default_factory=list)
    factors: dict[str, tuple[int, list[Any]]] = field(default_factory=dict)
    texts: dict[Pair, int] = field(default_factory=dict)


def join_parts(content: Content) -> JoinedParts:
    """Return what a page shows of each of its tables."""
    joined = JoinedParts()
    for inventory in content.inventories:
        _add(joined, _keep_part(content, inventory), content.areas)
    return joined


def _keep_part(content: Content, inventory: EnergyInventory) -> dict[str, Any]:
    """Return the part of a table out of the store, or made."""
    own = Content(
        inventories=(inventory,),
        reference=_find_rows(content.reference, inventory),
        gwp=content.gwp,
        is_part=True,
        traced=content.detailed,
    )
    rows = [] if own.reference is None else own.reference.to_numpy().tolist()
    name = f"page {own.detailed} {own.gwp} {rows}"
    return keep_piece(inventory, name, _PART, lambda: _make_part(own))


def _find_rows(frame: pd.DataFrame | None, inventory: EnergyInventory) -> pd.DataFrame | None:
    """Return the rows of a table of areas and years that an inventory is of."""
    if frame is None:
        return None
    balance = inventory.balance
    return frame[frame["area"].isin(balance.areas) & frame["year"].isin(balance.years)]


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


def _add(joined: JoinedParts, part: dict[str, Any], areas: Sequence[str]) -> None:
    """Add the part of one more table, its numbers after those that are there."""
    cells, derived, amounts = len(joined.cells), len(joined.derived), len(joined.amounts)
    texts = [joined.texts.setdefault((zh, en), len(joined.texts)) for zh, en in part["texts"]]
    factors = [
        joined.factors.setdefault(place, (len(joined.factors), row))[0]
        for place, row in part["factors"]
    ]

    def shift(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[3]) + (cells if found[2] == 'c' else derived)}"

    for kind, by_language in part["shown"].items():
        for lang, fragments in by_language.items():
            joined.shown.setdefault((kind, lang), []).extend(
                (area, year, _OPENS.sub(shift, markup)) for area, year, markup in fragments
            )
    for *cell, used in part["cells"]:
        joined.cells.append([*cell, [factors[one] for one in used]])
    for name, value, unit, place in part["amounts"]:
        joined.amounts.append([texts[name], value, texts[unit], place])
    for row in part["derived"]:
        if isinstance(row, dict):
            joined.derived.append({**row, "a": areas.index(part["areas"][row["a"]])})
            continue
        title, formula, parts, unit, *more = row
        terms, used, note = [*more, *_ABSENT[len(more) :]]
        moved = [[texts[word] for word in title], formula]
        moved.append([_move(one, texts, derived) for one in parts])
        moved.append(texts[unit])
        more_moved = [
            [[amount + amounts, times] for amount, times in terms],
            [factors[one] for one in used],
            -1 if note == -1 else texts[note],
        ]
        joined.derived.append([*moved, *more_moved[: len(more)]])


_ABSENT: list[Any] = [[], [], -1]  # of a derivation: terms, factors and note


def _move(part: list[Any], texts: Sequence[int], derived: int) -> list[Any]:
    """Return a number of a formula with the numbers of the page."""
    name, value, unit, *more = part
    if more and more[0] >= 0:
        more = [more[0] + derived, *more[1:]]
    return [texts[name], value, texts[unit], *more]
