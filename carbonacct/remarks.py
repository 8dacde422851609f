"""Which texts of a table are notes: a source, a remark, a heading of a continued page."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from carbonacct.data import data_folder, read_rows
from carbonacct.vocabulary import fold, fold_case


@cache
def note_patterns(*meanings: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of texts that are notes and not labels (sources, remarks, 续表): of some meanings, or all."""
    return tuple(
        re.compile(row["pattern"])
        for row in read_rows(data_folder() / "vocabulary" / "notes.csv")
        if not meanings or row["meaning"] in meanings
    )


@lru_cache(maxsize=4096)  # the same labels come back in every table
def is_note(text: str) -> bool:
    """Return whether a text is a known kind of note: a source, a remark, a heading of a continued page."""
    folded = fold(text)
    return not folded or any(pattern.search(folded) for pattern in note_patterns())


@lru_cache(maxsize=4096)
def is_remark(text: str) -> bool:
    """Return whether a text is a note, a source or a date of update, which stands below a table and is no row.

    Examples
    --------
    >>> is_remark("注：2020年为快报数"), is_remark("Source: World Bank"), is_remark("2020年"), is_remark("Beijing")
    (True, True, False, False)
    """
    return _says(text, "note", "source", "update")


@lru_cache(maxsize=4096)
def is_source(text: str) -> bool:
    """Return whether a text says where numbers are from, and nothing of what they are: 资料来源：市工业和信息化局.

    Examples
    --------
    >>> is_source("资料来源：市工业和信息化局"), is_source("注：规模以上工业")
    (True, False)
    """
    return _says(text, "source")


def _says(text: str, *kinds: str) -> bool:
    folded = fold_case(text)  # the colon tells a source from a label
    return any(pattern.search(folded) for pattern in note_patterns(*kinds))
