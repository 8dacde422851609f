"""Words of a header that stand in several cells of one column: cut to fit it, or one name over another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from carbonacct.balances.label.headers import read_header
from carbonacct.balances.label.labels import read_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell

_CUT = re.compile(r"[^\W\d_][-‐‑]$")  # the first half of a word that is cut to fit its column
_CJK = re.compile(r"[\u3400-\u9fff]")  # names of one sign stand over others of their own
_CUT_REST = re.compile(r"[^\W\d_]")


def mend_cut(pieces: Sequence[tuple[int, Cell]]) -> Sequence[tuple[int, Cell]]:
    """Return header cells with those that are the halves of one word as one: Petrol- over koks is no coke."""
    whole: list[tuple[int, Cell]] = []
    for i, piece in pieces:
        above = whole[-1][1] if whole else ""
        are_texts = isinstance(above, str) and isinstance(piece, str)
        if are_texts and _CUT.search(f"{above}".strip()) and _CUT_REST.match(f"{piece}".strip()):
            whole[-1] = (i, f"{above} {piece}")
        else:
            whole.append((i, piece))
    return whole


def join_words(texts: Sequence[tuple[int, str]], words: Mapping) -> Sequence[tuple[int, str]]:
    """Return stacked headings.

    Those that make one word together, and say less apart, are one: Consumo final over No
    energético.
    """
    for count in range(len(texts), 1, -1):
        for end in range(len(texts), count - 1, -1):
            run = texts[end - count : end]
            if _is_one_word([text for _, text in run], words):
                joined = (run[-1][0], " ".join(text for _, text in run))
                return [
                    *join_words(texts[: end - count], words),
                    joined,
                    *join_words(texts[end:], words),
                ]
    return texts


def _is_one_word(texts: Sequence[str], words: Mapping) -> bool:
    """Return whether texts are one word of the vocabulary together, and no product over its user."""
    label = read_label(" ".join(texts), words)
    if not (label.flow or label.product) or any(map(_CJK.search, texts)):
        return False
    apart = [read_header(text, words) for text in texts]
    first, last = apart[0], apart[-1]
    if (
        last.is_whole and not label.flow
    ):  # Coal over Total: what of is told by the columns beside it
        return False
    if label.flow and (first.flow or first.weak) and last.product and not last.flow:
        return True  # Consumo final over No energético
    return not all(one.product or one.flow or one.weak for one in apart)


def is_amid_texts(pieces: Sequence[tuple[int, Cell]], n: int, words: Mapping) -> bool:
    """Return whether a header cell goes on with the text above it, over a finer one: Sonstige, Energieträger."""
    if not 0 < n < len(pieces) - 1:
        return False
    above, below = (pieces[k][1] for k in (n - 1, n + 1))
    return all(
        isinstance(text, str) and text[:1].isupper() and not read_header(text, words).word
        for text in (above, below)
    )
