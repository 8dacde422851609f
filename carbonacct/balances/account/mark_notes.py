"""What is to be said of flags beside numbers, and of numbers that are merged over several rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.errors import Finding
from carbonacct.sheets import values
from carbonacct.sheets.marks import meaning
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from carbonacct.balances.join.block import Block
    from carbonacct.balances.split.grid import Grid


def note_flags(block: Block, grid: Grid, own: Mapping[str, str]) -> Iterator[Finding]:
    """Say once for each flag how many numbers carry it; ``own`` are flags of a mapping file."""
    if not grid.flags:
        return
    rows, columns = (frozenset(at.tolist()) for at in (block.form.rows, block.form.columns))
    width = grid.blank.shape[1]
    found: dict[str, list[int]] = {}
    for k, flag in grid.flags.items():
        i, j = divmod(k, width)
        if i in rows and j in columns:
            found.setdefault(flag, []).append(k)
    for flag, places in found.items():
        text = own.get(flag) or meaning(flag)
        flag_text = say(" ({text})", text=text) if text else ""
        message = say(
            "{place_count} numbers carry the flag {flag!r}{flag_text} and are used"
            if len(places) > 1
            else "{place_count} number carries the flag {flag!r}{flag_text} and is used",
            place_count=len(places),
            flag=flag,
            flag_text=flag_text,
        )
        where = block.sheet.address(*divmod(places[0], width))
        yield Finding("flagged-number", "info", message, where)


def note_merged(block: Block) -> Iterator[Finding]:
    """Say where one number is merged over several rows of a table: it stands in the first alone."""
    rows, columns = block.form.rows.tolist(), block.form.columns.tolist()
    for (top, left), (bottom, _) in block.sheet.merged:
        if top not in rows or left not in columns or sum(top <= row <= bottom for row in rows) < 2:
            continue
        if block.status[rows.index(top), columns.index(left)] == values.NUMBER:
            rest = say("it is taken for the first, and the others are blank")
            message = say(
                "one number is merged over {row_count} rows: {rest}",
                row_count=bottom - top + 1,
                rest=rest,
            )
            where = block.sheet.address(top, left)
            yield Finding(
                "merged-number", "warning", message, where, say("print what belongs to each row")
            )
