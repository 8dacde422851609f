"""A table of industry above designated size beside one of all industry.

The first is a part of the second, not another print of it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.path.printed_labels import row_label
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.assemble.assembly import PrintedCells
    from carbonacct.balances.join.block import Block

_ABOVE_SCALE = re.compile(r"规模以上|规上|above (?:the )?designated size", re.IGNORECASE)
_WHOLE, _PART = "industry", "industry.above_scale"


def tell_above_scale(cells: PrintedCells, blocks: Sequence[Block]) -> list[Block]:
    """Return the tables; beside one of all industry, 规模以上工业 of that area and year has its own flow.

    Within one table 规模以上工业 beside 工业 is told by its labels (``homonyms.csv``).
    """
    labels = cells.arrangement.labels["flow"]
    says = [_says_above_scale(block) for block in blocks]
    if _WHOLE not in labels or all(says) or not any(says):
        return [*blocks]
    place = cells.arrangement.block
    is_it = cells.arrangement.codes["flow"] == labels.index(_WHOLE)
    is_it &= cells.status == values.NUMBER
    of_part = np.array(says)[place]
    shared = np.intersect1d(
        cells.arrangement.keys[is_it & of_part], cells.arrangement.keys[is_it & ~of_part]
    )
    parts = set(place[is_it & of_part & np.isin(cells.arrangement.keys, shared)].tolist())
    return [_as_part(block) if n in parts else block for n, block in enumerate(blocks)]


def _says_above_scale(block: Block) -> bool:
    """Return whether the title says so, or the labels of all rows of industry."""
    if _PART in block.form.flow.labels or _WHOLE not in block.form.flow.labels:
        return False
    named = [
        row_label(block.sheet, block.rows.columns, i)
        for i, key in zip(block.rows.at, block.rows.keys, strict=True)
        if key.flow == _WHOLE
    ]
    in_rows = bool(named) and all(_ABOVE_SCALE.search(text) for text in named)
    return in_rows or bool(_ABOVE_SCALE.search(block.title.text))


def _as_part(block: Block) -> Block:
    flow = block.form.flow
    named = tuple(_PART if label == _WHOLE else label for label in flow.labels)
    return replace(block, form=replace(block.form, flow=replace(flow, labels=named)))
