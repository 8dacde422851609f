"""The section on declared targets in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.catalogue import in_language
from carbonacct.report.target_tables import COLUMNS, show_targets, word

if TYPE_CHECKING:
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.chapter.word_document import Chapter


def write_targets(chapter: Chapter, beside: KnownBeside | None, area: str) -> None:
    """Write how the targets of an area stand, or why that cannot be said; nothing where none are declared."""
    if beside is None:
        return
    lang = chapter.lang
    judged = beside.targets
    own = judged[judged["area"] == area] if len(judged) else judged
    if not (len(own) or beside.untold):
        return
    chapter.heading("targets")
    if beside.untold:
        chapter.plain_text(in_language(beside.untold, lang))
    if len(own):
        chapter.plain_text(word("note", lang))
        shown = show_targets(own, lang, beside.units)
        columns = [name for name in COLUMNS[2:] if any(row[name] for row in shown)]
        chapter.set_table(
            f"{area} {word('targets', lang)}",
            [word(name, lang) for name in columns],
            [[row[name] for name in columns] for row in shown],
            weights=[2.6 if name in {"what", "reason"} else 1.0 for name in columns],
        )
