"""Whether a file is of activity data, and which of its names are of activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.dim_names import label_words
from carbonacct.factors.method_names import find_sources_id
from carbonacct.records.labelled_rows import tables_in
from carbonacct.records.yearbook_pages import pages_in
from carbonacct.sectors.sources.activity_names import methods_with_sectors, names_of
from carbonacct.sectors.sources.method_labels import area_partitions
from carbonacct.sectors.sources.page_numbers import is_page_of
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.sectors.sources.activity_names import Names
    from carbonacct.sheets.raw_sheets import Sheet

NEEDED = ("activity", "value", "unit")  # columns of a table of activities


def holds_activities(sheets: Sequence[Sheet], method: str = "") -> bool:
    """Return whether the sheets of a file hold activity data: a table of them, or yearbook pages that print some.

    Parameters
    ----------
    method
        Whose activities they are; of any method with equations where it is not given.
    """
    if tables_in(sheets, "activity", needed=NEEDED, faults=[]):
        return True
    printed = pages_in(sheets)
    return any(is_page_of(names_of(one), printed) for one in _methods_meant(method))


def sort_names(sheets: Sequence[Sheet], method: str = "") -> tuple[list[str], list[str]]:
    """Return the names in the long tables of a file that are of activities, and the others.

    Parameters
    ----------
    method
        Whose activities they are; of any method with equations where it is not given.
    """
    tables = tables_in(sheets, "activity", needed=NEEDED, faults=[])
    printed = dict.fromkeys(row.text("activity") for table in tables for row in table.rows())
    known = [names_of(one) for one in _methods_meant(method)]
    partitions = {name for names in known for name in partition_words(names)}
    of_activities: list[str] = []
    others: list[str] = []
    for name in printed:
        is_one = any(names.find(name) or names.why_not(name) for names in known)
        (of_activities if is_one or fold(name) in partitions else others).append(name)
    return of_activities, others


def partition_words(names: Names) -> dict[str, str]:
    """Return the partitions of areas that a method asks for by every word for them, folded."""
    asked = area_partitions(names.sectors)
    words = label_words("partition")
    return {fold(name): name for name in asked} | {
        word: name for word, name in words.items() if name in asked
    }


def _methods_meant(method: str) -> Sequence[str]:
    known = methods_with_sectors()
    method = find_sources_id(method) if method else ""
    return [method] if method in known else known
