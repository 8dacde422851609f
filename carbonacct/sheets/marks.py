"""Flags that stand beside a number, and marks that stand in its place: what ``marks.csv`` lists.

A flag (``e``, ``*``, ``[note 1]``, ``①``) leaves the number as it is and is told of once; a mark
(``:``, ``[x]``, ``NO,NE``) is one of the kinds of nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from carbonacct.data import data_folder, read_rows
from carbonacct.texts import Both

# Footnotes: ①, ¹, 1), (1), [1], [note 1], [a]. Superscripts before NFKC turns them into digits.
_NOTE = (
    r"[①-⑳²³¹⁰⁴-⁹]+|\s?[(\[]\s?(?:notes?\s?)?(?:\d{1,2}|[a-z])(?:,\s?(?:note\s?)?(?:\d{1,2}|[a-z]))*\s?[)\]]"
    r"|\s\d{1,2}\)|\(\d{1,2}\)|（\d{1,2}）"
)
# A footnote without its space, 123.451) : one digit before a bracket that nothing opened.
_GLUED = re.compile(r"^[^(（\[\s]*\d(\d[)）])$")
_DIGITS = r"[\d.．](?:[\d.,．，'’\s]*[\d.．])?(?:[eE][-+]?\d{1,3}(?!\d))?"
_NUMBER = rf"(?:[(（]{_DIGITS}[)）]|[-+−﹣‐‑‒–—－]?{_DIGITS})"
_SEVERITY = ("NE", "IE", "C", "NA", "NO")  # of two keys in one cell, that which says least
_KEYS = re.compile(r"(?:NO|NE|NA|IE|C)(?:\s?[,/;]\s?(?:NO|NE|NA|IE|C))+")


@cache
def _texts(kind: str) -> dict[str, dict[str, str]]:
    rows = read_rows(data_folder() / "vocabulary" / "marks.csv")
    return {row["text"]: row for row in rows if row["kind"] == kind}


@cache
def _flagged() -> re.Pattern[str]:
    words = sorted(map(re.escape, _texts("flag")), key=len, reverse=True)
    some = f"(?:{'|'.join(words)}|{_NOTE})"
    letters = "".join(word for word in _texts("flag") if len(word) == 1 and word.isalpha())
    signs = "|".join(word for word in words if not any(map(str.isalpha, word)))  # b1 is no number
    behind = rf"(?:\s*(?:{some}|[(\[](?:{'|'.join(words)})[)\]]))+|\s*[{letters}]{{2,3}}"
    return re.compile(
        rf"(?P<before>(?:{signs}|{_NOTE})+\s*)?(?P<number>{_NUMBER})(?P<behind>{behind})?$",
        re.IGNORECASE,
    )


@lru_cache(maxsize=65536)
def split_flags(text: str) -> tuple[str, str]:
    """Return a text that is a number with flags as the number and its flags; any other text as it is.

    Examples
    --------
    >>> split_flags("*38412"), split_flags("300 e"), split_flags("12.5 [note 1]")
    (('38412', '*'), ('300', 'e'), ('12.5', '[note 1]'))
    >>> split_flags("123.451)"), split_flags("(12.5)"), split_flags("1e3"), split_flags("12 t")
    (('123.45', '1)'), ('(12.5)', ''), ('1e3', ''), ('12 t', ''))
    """
    if glued := _GLUED.match(text):
        return text[: glued.start(1)], unicodedata.normalize("NFKC", glued[1])
    match = _flagged().fullmatch(text)
    if match is None or not (match["before"] or match["behind"]):
        return text, ""
    if not any(char.isdecimal() for char in match["number"]):
        return text, ""
    flags = " ".join(part.strip() for part in (match["before"], match["behind"]) if part)
    return match["number"].strip(), re.sub(r"\s+", " ", flags)


@lru_cache(maxsize=4096)
def mark_status(text: str) -> str:
    """Return the name of the kind of nothing that a mark stands for, or an empty string.

    Examples
    --------
    >>> mark_status(":"), mark_status("[c]"), mark_status("NO,NE"), mark_status(": c")
    ('mark', 'C', 'NE', 'mark')
    """
    found = _texts("mark").get(text) or (len(text) > 1 and _texts("mark").get(text.lower()))
    if found:
        return found["status"]
    if _KEYS.fullmatch(text):
        keys = set(re.split(r"[\s,/;]+", text))
        return next(key for key in _SEVERITY if key in keys)
    mark, _, flag = text.partition(" ")
    is_flagged = mark in _texts("mark") and flag.strip().lower() in _texts("flag")
    return _texts("mark")[mark]["status"] if is_flagged else ""


def meaning(flag: str) -> str:
    """Return what a flag means, where the list says so.

    Examples
    --------
    >>> meaning("e"), meaning("[note 1]")
    ('estimated', '')
    """
    row = _texts("flag").get(flag.strip("()[]").lower())
    return Both(row["meaning_en"], row["meaning_zh"]) if row else ""
