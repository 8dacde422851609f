"""Labels that name a product and no use, or a use and no product: which lack the other, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from carbonacct.balances.label.headers import column_word
from carbonacct.balances.label.labels import BRACKETS, read_label, take_units
from carbonacct.balances.path.printed_labels import label_places
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import Unknown
from carbonacct.texts import Text, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.balances.account.guess import Frame
    from carbonacct.balances.join.block import Block
    from carbonacct.balances.words.mapping import Mapping

_Dim = Literal["flow", "product"]
_BOTH = "{flow} + {product}"
AMOUNTS = frozenset({"physical", "value", "data"})  # what heads them: 数量, 数值, Value
_ANY_FLOW, _ANY_PRODUCT = "total_consumption", "natural_gas"  # of an example


class HalfNamed(NamedTuple):
    """What a label names of flow and product, where it names one of them.

    Both are "" where it names neither, or both.
    """

    flow: str = ""
    product: str = ""

    @property
    def example(self) -> str:
        """An id that names both."""
        return _BOTH.format(flow=self.flow or _ANY_FLOW, product=self.product or _ANY_PRODUCT)


def read_half(text: str, words: Mapping) -> HalfNamed:
    """Return the flow or the product that a label names, where it names no other.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> read_half("天然气", Mapping()), read_half("工业", Mapping()).example
    (HalfNamed(flow='', product='natural_gas'), 'industry + natural_gas')
    >>> read_half("工业用电量", Mapping()), read_half("佚名", Mapping())
    (HalfNamed(flow='', product=''), HalfNamed(flow='', product=''))
    """
    label = read_label(text, words)
    joined = label.joined
    flow, product = (
        (joined.flow or joined.weak, joined.product) if joined else (label.flow, label.product)
    )
    return HalfNamed() if bool(flow) == bool(product) else HalfNamed(flow, product)


def say_half(
    address: str, name: str, text: str, half: HalfNamed, *, crossed: bool, more: str
) -> Text:
    """Return what is wrong with a label that names a product or a use alone, and what to do.

    Parameters
    ----------
    address, name, text
        Where it stands, whether it is a row or a column, and its text.
    half
        What it names.
    crossed
        Whether the other axis names products, so that its numbers would be of two.
    more
        The labels behind it of which the same is true.
    """
    if half.product and crossed:
        return say(
            "{address}: {name} {text!r} names a product, beside labels that name uses, and the other labels of "
            "its numbers name products too{more}; name whose use it is, or pass it over in a mapping file",
            address=address,
            name=name,
            text=text,
            more=more,
        )
    if half.product:
        return say(
            "{address}: {name} {text!r} names a product and no use, beside labels that name uses{more}; say "
            "whose use it is in the label, or give it both ids in a mapping file (flow,{text},{example})",
            address=address,
            name=name,
            text=text,
            more=more,
            example=half.example,
        )
    return say(
        "{address}: {name} {text!r} names a use and no product, beside labels that name products{more}; say "
        "of which product it is in the label, or give it both ids in a mapping file "
        "(product,{text},{example})",
        address=address,
        name=name,
        text=text,
        more=more,
        example=half.example,
    )


def list_lacking(block: Block, cells: np.ndarray, dim: _Dim) -> tuple[Unknown, ...]:
    """Return the labels that a line of a mapping file may give what some cells lack.

    A column of which all numbers lack it is asked by its header, others by the labels of their rows.

    Parameters
    ----------
    block
        The cells of a table.
    cells
        Which of them lack it (rows x columns).
    dim
        What they lack.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    numbers = block.status == values.NUMBER
    whole = cells.any(axis=0) & ~(numbers & ~cells).any(axis=0)
    for j in np.flatnonzero(whole).tolist():
        text = _without_brackets(block.form.heads[j].header.text, block.rows.columns.words)
        if not text:
            whole[j] = False
            continue
        place = (int(block.form.rows[0]) - 1, int(block.form.columns[j]))
        found.setdefault(text, []).append(place)
    for i in np.flatnonzero(cells[:, ~whole].any(axis=1)).tolist():
        row = int(block.form.rows[i])
        columns = block.rows.columns
        for j in label_places(columns, columns.stubs)[::-1]:
            cell = block.sheet.rows[row][j]
            if isinstance(cell, str) and cell.strip():
                text = take_units(cell, columns.words)[0]
                found.setdefault(text, []).append((row, j))
                break
    return tuple(Unknown(dim, text, tuple(places)) for text, places in found.items())


def _without_brackets(text: str, words: Mapping) -> str:
    """Return a header without its unit and brackets that say nothing of flow and product: 家庭用量(万立方米)(全市)."""
    bare = BRACKETS.sub("", take_units(text, words)[0]).strip()
    same = (HalfNamed(), read_half(bare, words))
    return bare if bare and read_half(text, words) in same else text


def list_without(dim: _Dim, frame: Frame, words: Mapping) -> Iterator[Unknown]:
    """Yield the labels to ask where nothing of a sheet says the flow (or the product) of its numbers.

    These are the headers of amounts (数量), or else the labels that name products (or flows).
    """
    heads = {cell: head for cell, head in frame.heads.items() if cell[1] in frame.data}
    plain = {cell: head for cell, head in heads.items() if column_word(head.text) in AMOUNTS}
    other = "product" if dim == "flow" else "flow"
    named = {
        cell: head
        for of in (heads, frame.labels)
        for cell, head in of.items()
        if getattr(read_half(head.text, words), other)
    }
    for cell, head in (plain or named).items():
        yield Unknown(dim, take_units(head.text, words)[0], (cell,))
