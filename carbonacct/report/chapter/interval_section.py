"""What makes the interval of the totals of all sectors, in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.report.chapter.chapter_words import say
from carbonacct.report.page.interval_derivations import name_part
from carbonacct.report.page.page_content import list_rows

if TYPE_CHECKING:
    from carbonacct.inventory.record import Inventory
    from carbonacct.report.chapter.word_document import Chapter
    from carbonacct.report.uncertainty_tables import Assessment


def write_inputs(
    chapter: Chapter, assessment: Assessment | None, whole: Inventory, year: int
) -> None:
    """Write the inputs with the most of the variance of a year, a table a gas; nothing where there is no assessment.

    Parameters
    ----------
    whole
        The inventory of one area.
    """
    if assessment is None or assessment.parts.empty:
        return
    lang = chapter.lang
    area = str(whole.entries["area"].iloc[0])
    parts = assessment.parts
    here = parts[(parts["area"] == area) & (parts["year"] == year)]
    for gas, rows in here.groupby("gas", sort=False):
        chapter.table(
            "interval inputs",
            [say(key, lang) for key in ("input", "half width", "shared by", "of variance")],
            [
                [
                    name_part(row, whole, lang),
                    f"{row.half_width:.1f}" if row.cells else "",
                    str(row.cells or ""),
                    f"{100 * row.share:.1f}",
                ]
                for row in list_rows(rows)
            ],
            weights=[3.6, 1.2, 1.2, 1.2],
            gas=gas,
        )
