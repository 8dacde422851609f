"""Products over their uses: 煤炭, and below it, set in or marked, 工业 and 居民生活, is what all of them use."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.words.compounds import Compound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.balances.label.labels import Label


def find_wholes(texts: Sequence[str], said: Mapping[str, Label]) -> dict[str, Compound]:
    """Return the labels of products over uses of theirs, and what each is in a table of consumption: 煤炭消费量.

    Parameters
    ----------
    texts
        The labels of a column that names products and uses, from top to bottom.
    said
        What each says by itself.
    """
    over = [
        text
        for text, below in pairwise(texts)
        if _names_product(said[text]) and _is_use_of(text, below, said)
    ]
    if any(texts.count(text) > over.count(text) for text in over):
        return {}
    # 电力 without uses, in a list of which every use lies in a product, is of the same kind.
    is_list = bool(over) and _names_product(said[texts[0]]) and _lie_in_products(texts, said)
    named = [text for text in texts if _names_product(said[text])] if is_list else over
    return {
        text: Compound(weak="total_consumption", product=said[text].product)
        for text in dict.fromkeys(named)
    }


def _lie_in_products(texts: Sequence[str], said: Mapping[str, Label]) -> bool:
    """Return whether no label but of products and of uses stands in a column, and no use farther out than a product."""
    products = [_level(text) for text in texts if _names_product(said[text])]
    others = [text for text in texts if not _names_product(said[text])]
    are_uses = all(_names_use(said[text]) for text in others)
    return are_uses and all(_level(text) >= max(products) for text in others)


def _level(text: str) -> int:
    return vocabulary.level_of(text)[0]


def _names_product(label: Label) -> bool:
    is_half = bool(label.half or label.joined or label.of_which)
    return bool(label.product) and not (label.flow or is_half)


def _is_use_of(text: str, below: str, said: Mapping[str, Label]) -> bool:
    """Return whether a label below another names a use alone, and is marked as a part or set in farther."""
    is_inside = said[below].of_which > 0 or _level(below) > _level(text)
    return is_inside and _names_use(said[below])


def _names_use(label: Label) -> bool:
    is_use = vocabulary.is_within(label.flow, "final_consumption") if label.flow else False
    return is_use and not label.product
