"""Footnotes that a workbook glues to a number: ``123.45`` and a raised ``1`` are ``123.451``.

Rich text is kept as runs. A run that is raised behind a number is its footnote, and the cell reads
``123.45 [1]``.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carbonacct.sheets.raw_sheets import Cell

_RAISED = b'"superscript"'
_NUMBER = re.compile(r"\s*[-+−(]?\d[\d.,\s]*\)?\s*")
_FOOTNOTE = re.compile(r"\s*[(\[]?(\d{1,2}|[A-Za-z*†])[)\]]?\s*")
_WORD = re.compile(r"[^\W\d_]{4}\)?$")  # m and CO have an exponent or an index
_LONGEST = 2000


def find_footnotes(shared_strings: bytes) -> dict[str, str]:
    """Return the texts that are a number and a raised footnote, each with the footnote set apart.

    Examples
    --------
    >>> runs = b'<si><r><t>123.45</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1)</t></r></si>'
    >>> find_footnotes(runs)
    {'123.451)': '123.45 [1]'}
    """
    if _RAISED not in shared_strings:
        return {}
    found: dict[str, str] = {}
    items = shared_strings.split(b"</si>")
    for item in items:
        if _RAISED not in item or len(item) > _LONGEST:
            continue
        runs = [(_RAISED in run, _text(run)) for run in item.split(b"</r>")]
        plain = "".join(text for is_raised, text in runs if not is_raised)
        raised = "".join(text for is_raised, text in runs if is_raised)
        last_plain = max(
            (n for n, (is_raised, text) in enumerate(runs) if text and not is_raised), default=-1
        )
        first_raised = next(n for n, (is_raised, _) in enumerate(runs) if is_raised)
        footnote = _FOOTNOTE.fullmatch(raised)
        if footnote and first_raised > last_plain and _NUMBER.fullmatch(plain):
            found[plain + raised] = f"{plain.strip()} [{footnote[1]}]"
    return found


def join_raised(plain: str, raised: str, behind: str = "") -> str:
    """Return a text with what is raised behind it: the footnote of a number or of a word set apart, an exponent not.

    Parameters
    ----------
    plain, raised
        The text, and what is raised behind it.
    behind
        What follows. A number before words is a power of ten (10⁴ t) and has no footnote.

    Examples
    --------
    >>> join_raised("123", "2"), join_raised("Electricity", "a", " (GWh)")
    ('123 [2]', 'Electricity [a]')
    >>> join_raised("10", "4", " t"), join_raised("(万m", "3", ")")
    ('104', '(万m3')
    """
    footnote = _FOOTNOTE.fullmatch(raised)
    is_amount = _NUMBER.fullmatch(plain) and not behind.strip()
    if footnote and (is_amount or _WORD.search(plain)):
        return f"{plain.rstrip()} [{footnote[1]}]"
    return plain + raised


def _text(run: bytes) -> str:
    """Return the text of a run."""
    start = run.find(b"<t")
    start = run.find(b">", start) + 1 if start >= 0 else 0
    end = run.find(b"</t>", start)
    return html.unescape(run[start:end].decode("utf-8", "replace")) if 0 < start <= end else ""


def set_apart(rows: list[list[Cell]], footnotes: dict[str, str]) -> None:
    """Put the texts with their footnotes set apart into the cells that hold them."""
    for row in rows:
        for j, cell in enumerate(row):
            if isinstance(cell, str) and cell in footnotes:
                row[j] = footnotes[cell]
