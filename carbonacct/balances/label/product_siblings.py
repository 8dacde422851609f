"""Words that name a product by what stands beside them in the sheet: Gas beside electricity is natural gas."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import vocabulary
from carbonacct.balances.label.labels import read_label
from carbonacct.data import data_folder, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.balances.words.mapping import Mapping


class SiblingWord(NamedTuple):
    """A word, the product that must stand beside it, the products of which none may, and what it then names."""

    word: str
    beside: str
    unless: frozenset[str]
    product: str


@cache
def _list_words() -> tuple[SiblingWord, ...]:
    rows = read_rows(data_folder() / "vocabulary" / "product_homonyms.csv")
    return tuple(
        SiblingWord(word, row["beside"], frozenset(row["unless"].split("|")), row["id"])
        for row in rows
        for word in row["words"].split("|")
    )


@cache
def _any_word() -> re.Pattern[str]:
    words = "|".join(re.escape(one.word) for one in _list_words())
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


def find_sibling_words(joined: str, texts: Iterable[object], words: Mapping) -> dict[str, str]:
    """Return the words of a sheet that name a product by those beside them, folded, with that product.

    Parameters
    ----------
    joined
        All texts of the sheet, one a line.
    texts
        The same, one by one.
    words
        The words of the sheet.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> texts = ["Sector", "Electricity (MWh)", "Gas (therms)"]
    >>> find_sibling_words(chr(10).join(texts), texts, Mapping())
    {'gas': 'natural_gas'}
    >>> texts = ["Gas (TJ)", "Natural gas (TJ)", "Electricity (TJ)"]
    >>> find_sibling_words(chr(10).join(texts), texts, Mapping())
    {}
    """
    there = {vocabulary.fold(word) for word in _any_word().findall(joined)}
    if not there:
        return {}
    labels = [read_label(text, words) for text in dict.fromkeys(texts) if isinstance(text, str)]
    products = {label.product or (label.joined.product if label.joined else "") for label in labels}
    groups = {vocabulary.products()[product].group for product in products if product}
    found = {}
    for one in _list_words():
        word = vocabulary.fold(one.word)
        is_open = (
            word in there
            and word not in words.products
            and word not in vocabulary.words_of("product")
        )
        if is_open and one.beside in products and not one.unless & (products | groups):
            found[word] = one.product
    return found
