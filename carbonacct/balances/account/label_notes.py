"""What is to be said of the labels of rows: units that contradict them, labels that disagree or are not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.balances.path.unread import one_line
from carbonacct.errors import Finding
from carbonacct.sheets.raw_sheets import cell_name
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.path.label_reader import Note
    from carbonacct.sheets.raw_sheets import Sheet

_MOST_NAMED = 12


def note_labels(sheet: Sheet, notes: Sequence[Note]) -> list[Finding]:
    """Return the findings of a sheet that is read: one of all labels that are not known."""
    unread = [note for note in notes if note.unread]
    found = [_to_finding(sheet, note) for note in notes if not note.unread]
    if unread:
        texts = (
            say(
                "{unread!r} beside {unread_1!r} ({cell_name})",
                unread=one_line(note.unread[0]),
                unread_1=one_line(note.unread[1]),
                cell_name=cell_name(note.row, note.column),
            )
            for note in unread
            if note.unread
        )
        named = list(dict.fromkeys(texts))
        more = (
            say(" and {count} more", count=len(named) - _MOST_NAMED)
            if len(named) > _MOST_NAMED
            else ""
        )
        where = sheet.address(unread[0].row, unread[0].column)
        found.append(
            Finding(
                "label-unread",
                "warning",
                say(
                    "labels that are not known stand beside known ones: {named}{more}",
                    named=join_texts(", ", named[:_MOST_NAMED]),
                    more=more,
                ),
                where,
                say("check that they say the same; give one that does not an id in a mapping file"),
            )
        )
    return found


def _to_finding(sheet: Sheet, note: Note) -> Finding:
    """Return the finding of a sheet that is read."""
    where = sheet.address(note.row, note.column)
    if note.doubt:
        return Finding("unit-contradiction", "warning", note.doubt, where, say("correct the label"))
    first, *others = (
        say("{name} ({cell})", name=identifier, cell=sheet.address(note.row, j))
        for identifier, j in note.labels
    )
    return Finding(
        "labels-disagree",
        "warning",
        say(
            "the labels of one row disagree: {first} is taken, not {others}",
            first=first,
            others=join_texts(", ", others),
        ),
        where,
        say("correct one of them"),
    )
