"""The line that stands alone right above a header: a use (Residential), or a name that is not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.balances.label.headers import column_word
from carbonacct.balances.label.labels import read_label
from carbonacct.balances.label.printed_units import read_corner
from carbonacct.balances.label.topics import find_product
from carbonacct.records.area_names import find_area
from carbonacct.records.title_areas import mark_label
from carbonacct.remarks import is_note, is_remark
from carbonacct.sheets import values
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell

_LONGEST = 20
# What titles have and names of uses have not: a number, 表, what a table is of, how it is parted.
_OF_TITLES = re.compile(
    r"\d|表|能源|消费|情况|续|^[按分各]|\b(?:energy|balance|consumption|table|by|continued)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]{2}")


class LoneLine(NamedTuple):
    """The one text of the last line above a header.

    Attributes
    ----------
    text, place
        The text, and its row among those above and column.
    flow
        The flow that it is as a whole, or "".
    """

    text: str
    place: tuple[int, int]
    flow: str


def find_lone_line(rows: Sequence[Sequence[Cell]], words: Mapping) -> LoneLine | None:
    """Return the last line of some rows if it holds one text alone that is no remark, else None.

    Parameters
    ----------
    rows
        The rows above a header.
    words
        The table's own words.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> find_lone_line([["Energy use"], ["", "Residential"], [""]], Mapping())
    LoneLine(text='Residential', place=(1, 1), flow='households')
    >>> find_lone_line([["来源：工业"]], Mapping()), find_lone_line([["工业", "2019"]], Mapping())
    (None, None)
    """
    for i in range(len(rows) - 1, -1, -1):
        held = [j for j, cell in enumerate(rows[i]) if not values.is_blank(cell)]
        if not held:
            continue
        text = rows[i][held[0]]
        if len(held) > 1 or not isinstance(text, str) or is_remark(text):
            return None
        label = read_label(text, words)
        own = words.flows.get(fold(label.text), "")  # beside a row of that name
        return LoneLine(
            text.strip(), (i, held[0]), own or (label.flow if not label.product else "")
        )
    return None


def names_unknown(text: str, words: Mapping) -> bool:
    """Return whether a line is a short name that says nothing known: no title, unit, note, area, year, product or use.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> [names_unknown(text, Mapping()) for text in ("发电", "某厂", "单位：万吨", "天然气", "西安市", "续表")]
    [True, True, False, False, False, False]
    """
    if len(text) > _LONGEST or not _LETTERS.search(text) or _OF_TITLES.search(text):
        return False
    label = read_label(text, words)
    says = label.flow or label.product or label.joined or label.half or label.units
    is_about = is_note(text) or column_word(text) or mark_label(fold(text)) is not None
    return not (
        says
        or is_about
        or find_product(text)
        or find_area([text], last=True)
        or read_corner([text], words).says_unit
    )
