"""Words that name a thing by what stands beside them in the sheet.

Gas beside electricity is natural gas, 发电 beside 供热 the fuel of power plants.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from carbonacct import vocabulary
from carbonacct.balances.label.labels import read_label
from carbonacct.data import data_folder, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.balances.label.labels import Label
    from carbonacct.balances.words.mapping import Mapping


class SiblingWord(NamedTuple):
    """A word, all that must stand beside it, of what nothing may (ids, or groups of products), and what it then names.

    What must stand beside it are ids or groups, and of ``near`` one word of the language in which it has that meaning.
    """

    kind: Literal["flow", "product"]
    word: str
    beside: frozenset[str]
    unless: frozenset[str]
    meaning: str
    near: str = ""


@cache
def _list_words() -> tuple[SiblingWord, ...]:
    rows = read_rows(data_folder() / "vocabulary" / "sibling_words.csv")
    return tuple(
        SiblingWord(
            row["kind"],  # type: ignore[arg-type]
            word,
            frozenset(filter(None, row["beside"].split("|"))),
            frozenset(row["unless"].split("|")),
            row["id"],
            row["near"],
        )
        for row in rows
        for word in row["words"].split("|")
    )


@cache
def _any_word() -> re.Pattern[str]:
    words = "|".join(re.escape(one.word) for one in _list_words())
    return re.compile(rf"(?<![^\W_])(?:{words})(?=[1-9]?(?![^\W_]))", re.IGNORECASE)


@lru_cache(maxsize=65536)
def _has_word(text: str) -> bool:
    return _any_word().search(text) is not None


def find_sibling_words(
    joined: str, texts: Iterable[object], words: Mapping
) -> dict[str, SiblingWord]:
    """Return the words of a sheet that name something by those beside them, folded.

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
    >>> find_sibling_words(chr(10).join(texts), texts, Mapping())["gas"].meaning
    'natural_gas'
    >>> texts = ["Gas (TJ)", "Natural gas (TJ)", "Electricity (TJ)"]
    >>> find_sibling_words(chr(10).join(texts), texts, Mapping())
    {}
    """
    once = [text for text in dict.fromkeys(texts) if isinstance(text, str)]
    if not any(map(_has_word, once)):
        return {}
    there = {word for text in once for word in _list_open(text, words)}
    if not there:
        return {}
    labels = [read_label(text, words) for text in once]
    found: dict[str, SiblingWord] = {}
    for one in _list_words():
        word = vocabulary.fold(one.word)
        own = words.products if one.kind == "product" else words.flows
        is_own = word in own or any(path.endswith(f">{word}") for path in own)
        if word in there and not is_own:
            others = _list_named(one.kind, (each for each in labels if each.names[0] != word))
            near = _find_near(one.near, joined) if one.near else ""
            is_beside = one.beside <= others and bool(near) == bool(one.near)
            if is_beside and not one.unless & others:
                found.setdefault(
                    word, one._replace(beside=frozenset({near}) if near else one.beside)
                )
    return found


def _find_near(words: str, joined: str) -> str:
    """Return the first of some words that stands in the texts of a sheet, as whole words."""
    either = "|".join(map(re.escape, words.split("|")))
    found = re.search(rf"(?<!\w)(?:{either})(?!\w)", joined, re.IGNORECASE)
    return found[0] if found else ""


def _list_named(kind: str, labels: Iterable[Label]) -> set[str]:
    """Return the flows that labels name, or the products and their groups."""
    if kind == "flow":
        return {_flow_of(label) for label in labels} - {""}
    products = {_product_of(label) for label in labels} - {""}
    return products | {vocabulary.products()[product].group for product in products}


def _list_open(text: str, words: Mapping) -> frozenset[str]:
    """Return the words, folded, in a text which says nothing without them: of Gas (therms), not of Natural gas."""
    return words.remember(("open words", text), lambda: _find_open(text, words))


def _find_open(text: str, words: Mapping) -> frozenset[str]:
    found = frozenset(map(vocabulary.fold, _any_word().findall(text)))
    label = read_label(text, words) if found else None
    if label and (label.flow or label.product or label.joined):
        return found & {label.names[0]}  # which alone is known as something else
    return found


def _product_of(label: Label) -> str:
    return label.product or (label.joined.product if label.joined else "")


def _flow_of(label: Label) -> str:
    return label.flow or (label.joined.flow if label.joined else "")
