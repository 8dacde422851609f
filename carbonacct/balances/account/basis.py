"""Physical or standard quantity: what the title says, against the units of the cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import same_dimension
from carbonacct.balances.path.unread import one_line
from carbonacct.errors import Finding
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from carbonacct.balances.join.block import Block

_PHYSICAL = re.compile(r"实物量|physical\s+(?:quantity|volume|units?)", re.IGNORECASE)
_STANDARD = re.compile(r"标准量|standard\s+(?:quantity|volume)", re.IGNORECASE)


def note_basis(block: Block) -> list[Finding]:
    """Return the finding of a title that says one kind of quantity, over cells in units of the other.

    Parameters
    ----------
    block
        A table.

    Notes
    -----
    Tonnes and cubic metres are physical quantities; coal equivalent and joules of a product that is
    measured in tonnes or cubic metres are standard ones. A title that says both kinds says neither.
    """
    is_physical, is_standard = (
        bool(pattern.search(block.title.text)) for pattern in (_PHYSICAL, _STANDARD)
    )
    if is_physical == is_standard:
        return []
    form = block.form
    places = {}
    for product, unit in form.measured:
        if unit and _is_energy(unit) == is_physical and _is_material(product):
            cells = (form.product.codes == form.product.labels.index(product)) & (
                form.unit.codes == form.unit.labels.index(unit)
            )
            cells = cells & (block.status == values.NUMBER) & ~form.standard
            if cells.any():
                places[product, unit] = np.argwhere(cells)[0]
    if not places:
        return []
    kind, wanted = ("physical", "standard") if is_physical else ("standard", "physical")
    named = join_texts(
        ", ",
        (
            say(
                "{product} in {unit} ({address})",
                product=product,
                unit=unit,
                address=block.address(*place),
            )
            for (product, unit), place in places.items()
        ),
    )
    beside = join_texts(
        ", ",
        dict.fromkeys(unit for pair in form.measured if pair not in places and (unit := pair[1])),
    )
    message = say(
        "the title says {kind} quantity and the units are of {wanted} quantity: {named}{beside}",
        kind=kind,
        wanted=wanted,
        named=named,
        beside=say("; beside units {beside}", beside=beside) if beside else "",
    )
    return [
        Finding(
            "basis-contradiction",
            "error",
            say("{message}; title: {text}", message=message, text=one_line(block.title.text)),
            block.address(*next(iter(places.values()))),
            say("correct the unit or the title"),
        )
    ]


def _is_energy(unit: str) -> bool:
    return same_dimension(unit, "J")


def _is_material(product: str) -> bool:
    """Return whether a product is measured by mass or volume."""
    return not _is_energy(vocabulary.products()[product].unit)
