"""What stands above a table and holds for all its numbers: its title, its units, and what it goes on with.

Rows of two cells say one thing each: ``TIME | 2019``, ``UNIT | ktoe``, ``SIEC | Natural gas``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import vocabulary
from carbonacct.balances.label.headers import column_word, year_of
from carbonacct.balances.label.printed_units import read_corner
from carbonacct.balances.label.titles import Title, is_continued, read_title
from carbonacct.balances.label.topics import says_one_product
from carbonacct.sheets import values
from carbonacct.units import is_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.label.printed_units import Corner
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell, Sheet


class Pair(NamedTuple):
    """What a row of two cells says: the kind of column that its first cell would head, and the second's value or id."""

    kind: str
    value: str


def read_pair(row: Sequence[Cell], words: Mapping) -> Pair | None:
    """Return what a row says of all numbers below it, or None if it is no such row.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> read_pair(["TIME", "", "2019"], Mapping()), read_pair(["Product", "Natural gas"], Mapping())
    (Pair(kind='year', value='2019'), Pair(kind='product', value='natural_gas'))
    >>> read_pair(["Item", "Coal", "Oil"], Mapping()), read_pair(["Industry", "5"], Mapping())
    (None, None)
    """
    cells = [cell for cell in row if not values.is_blank(cell)]
    if len(cells) != 2:
        return None
    key, value = cells
    if not isinstance(key, str):
        return None
    kind = column_word(key) or ""
    found: str | None = None
    if kind == "year":
        found = str(year_of(value) or "")
    elif not isinstance(value, str):
        return None
    elif kind == "unit":
        found = value if is_unit(value) else ""
    elif kind == "area":
        found = value if vocabulary.resolve("area", value, words.areas) else ""
    elif kind == "product":
        found = vocabulary.resolve("product", value, words.products)
    elif kind == "label":
        found = vocabulary.resolve("flow", value, words.flows)
    return Pair(kind, found) if found else None


def _find_about(rows: Iterable[Sequence[Cell]], words: Mapping) -> tuple[str, str]:
    """Return the flow and the product that rows above a table say it is about; "" where they say none."""
    pairs = {found.kind: found.value for row in rows if (found := read_pair(row, words))}
    return pairs.get("label", ""), pairs.get("product", "")


@dataclass(frozen=True)
class Context:
    """What holds for each cell of a table that its row and column say nothing else of.

    ``file`` is where it stands.
    """

    title: Title
    corner: Corner
    file: str = ""


class RowsAbove(NamedTuple):
    """The rows above a header, and their texts with the headings of the columns of labels."""

    rows: Sequence[Sequence[Cell]]
    texts: Sequence[str]


def read_context(
    sheet: Sheet,
    above: RowsAbove,
    words: Mapping,
    *,
    area: str | None = None,
    own: Context | None = None,
    before: Context | None = None,
) -> Context:
    """Return what stands above a table, with what it takes over from a table that it goes on with.

    Parameters
    ----------
    sheet
        Its name and the file's may say what the title leaves out.
    above
        Where the title stands.
    words
        The table's own words.
    area
        The option, over what the title says.
    own, before
        What was read of this sheet, and of the sheet before it. A table goes on with the first of
        its sheet, and a continued page (续表) with the page before; another sheet of the file gives
        its area alone.
    """
    is_next = is_continued(above.texts)
    goes_on = own is not None or is_next
    if before and not is_next and before.file != sheet.file:
        before = None
    earlier = own or before
    taken = _take_over(earlier.title, goes_on=goes_on) if earlier else None
    if taken and not is_next and says_one_product("\n".join(above.texts)):
        taken = replace(taken, product="")  # Gas Distribution, below Electricity Distribution
    has_rows = any(not values.is_blank(cell) for row in above.rows for cell in row)
    title = read_title(sheet, above.texts, words, area, before=taken, has_rows=has_rows)
    flow, product = _find_about(above.rows, words)
    if flow or product:
        title = replace(title, flow=flow or title.flow, product=product or title.product)
    corner = read_corner(above.texts, words)
    if not (has_rows or corner.says_unit):
        corner = read_corner([sheet.name], words)
    if earlier and goes_on and not corner.says_unit:
        corner = earlier.corner
    elif earlier and goes_on:
        corner = replace(corner, basis=earlier.corner.basis)
    return Context(title, corner, sheet.file)


def _take_over(title: Title, *, goes_on: bool) -> Title | None:
    """Return what a table takes over: all of the table it goes on with, only the area of another sheet of the file."""
    if goes_on:
        return title
    is_said = title.area_from in {"title", "option"}
    return Title(title.area, title.area_from) if is_said else None
