"""What the labels of the rows say by themselves, one by one and all together, in whatever order they are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.cache_limits import KEPT, MOST_LABELS
from carbonacct.balances.label import words_in_place
from carbonacct.balances.label.labels import Label, read_label
from carbonacct.balances.words.compounds import Compound, list_pieces
from carbonacct.balances.words.other_quantities import is_other_unit, is_planned, name_quantity

if TYPE_CHECKING:
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell

# The digit of a footnote that has lost its height.
_FOOTNOTE_DIGIT = re.compile(r"(?<=[\u4e00-\u9fff])\d$|(?<=[^\W\d_]{3})\d$")
# The translation in the same cell: 储气能力(吨) Storage Capacity (ton).
_BEHIND_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff)）])\s+[A-Za-z][\x20-\x7e]*$")
# A row of shares or rates holds no amounts.
SHARE = re.compile(r"[%％][)）]?\s*$")


def read_row_label(text: str, words: Mapping) -> Label:
    """Return what a label of a row says: nothing if its Chinese half is unknown; without the digit of a footnote."""
    return words.remember(("row label", text), lambda: _read_row_label(text, words))


def _read_row_label(text: str, words: Mapping) -> Label:
    label = read_label(text, words)
    if label.is_half_known and label.names[0] not in words.ignored_rows:
        return replace(label, flow="", product="", half="", joined=None)
    if label.joined:
        return replace(label, flow=label.joined.flow, product=label.joined.product)
    bare = _FOOTNOTE_DIGIT.sub("", label.text)
    if not (label.flow or label.product) and bare != label.text:  # 第一产业4, Other1
        return replace(_read_row_label(bare, words), units=label.units)
    piece = None if label.flow or label.product else list_pieces()[0].get(label.names[0])
    if piece and piece.weak and not piece.product:  # Consumption, below the heading of a product
        return replace(label, joined=Compound(weak=piece.weak))
    return label


@dataclass(frozen=True, eq=False)
class LabelFacts:
    """What follows from the labels of a table as a set: found once for all tables with these labels.

    Attributes
    ----------
    words
        Under which they are read.
    kinds
        What the columns of labels hold, in their order.
    labels, units
        The texts of labels and products, and those of columns of units.
    """

    words: Mapping
    kinds: tuple[str, ...]
    labels: frozenset[str]
    units: frozenset[str]

    @cached_property
    def said(self) -> dict[str, Label]:
        """What each label says by itself."""
        return {text: read_row_label(text, self.words) for text in self.labels}

    @cached_property
    def depths(self) -> dict[str, int]:
        """How deep those labels stand that are parts behind 其中 or #."""
        return {text: label.of_which for text, label in self.said.items() if label.of_which}

    @cached_property
    def has_halves(self) -> bool:
        """Whether a half of some label is not known."""
        return any(label.half for label in self.said.values())

    @cached_property
    def has_units(self) -> bool:
        """Whether labels, or a column of its own, print units."""
        return "unit" in self.kinds or any(label.units for label in self.said.values())

    @cached_property
    def has_unit_headings(self) -> bool:
        """Whether a label that names nothing prints a unit, or shares: Energy use by source (PJ)."""
        return any(
            not (label.flow or label.product) and (label.units or text in self.no_amounts)
            for text, label in self.said.items()
        )

    @cached_property
    def has_plants(self) -> bool:
        """Whether a label names a plant, or what goes into plants or comes out."""
        return any(
            vocabulary.is_within(label.flow, "transformation")
            or (label.joined and label.joined.direction)
            for label in self.said.values()
        )

    @cached_property
    def has_final(self) -> bool:
        """Whether a label names final consumption, which may be that of industry alone."""
        return any(label.flow == "final_consumption" for label in self.said.values())

    @cached_property
    def no_amounts(self) -> frozenset[str]:
        """Labels and units of shares, or of what is no energy: people, money, water."""
        words, units = self.words, self.units
        return frozenset(
            text
            for text in self.labels | units
            if words.remember(
                ("no amount", text, text in units),
                partial(_is_no_amount, text, words, is_unit=text in units),
            )
        )

    @cached_property
    def plain(self) -> dict[str, str]:
        """The flow of each label that leaves nothing to title and rows, where nothing but labels names the rows.

        A total of consumption may be that of the sector of the title.
        """
        words = self.words
        has_own_words = words.flows or words.products or words.ignored_rows or words.signs
        if self.kinds != ("label",) or has_own_words or self.has_units or self.has_unit_headings:
            return {}
        return {
            text: label.flow
            for text, label in self.said.items()
            if label.flow not in {"", "total_consumption"}
            and not (label.joined or label.half or label.of_which or text in self.no_amounts)
            and label.names[0] not in words_in_place.scoped_words()
        }

    @cached_property
    def unclear(self) -> dict[str, dict[str, bool]]:
        """Whether each label names nothing as one of flows, and of products."""
        remember = self.words.remember
        return {
            kind: {
                text: remember(("unclear", kind, text), partial(_is_unclear, text, label, kind))
                for text, label in self.said.items()
            }
            for kind in ("label", "product")
            if kind in self.kinds
        }

    @cached_property
    def unclear_rows(self) -> dict[tuple[Cell, ...], bool]:
        """Whether each label does not say by itself what its row is, where one column names the rows."""
        if len(self.kinds) != 1:
            return {}
        (texts,) = self.unclear.values() or ({},)
        return {(text,): is_unclear for text, is_unclear in texts.items()}


def find_facts(
    words: Mapping, kinds: tuple[str, ...], labels: frozenset[str], units: frozenset[str]
) -> LabelFacts:
    """Return what the labels of a table say in whatever order: kept, where they are few."""
    if len(labels) + len(units) > MOST_LABELS:
        return LabelFacts(words, kinds, labels, units)
    keep = words.remember(
        ("labels in any order",), lambda: lru_cache(maxsize=KEPT)(partial(LabelFacts, words))
    )
    return keep(kinds, labels, units)


def _is_unclear(text: str, label: Label, kind: str) -> bool:
    is_named = bool(label.flow if kind == "label" else label.product)
    # 发电用煤 among products: with a number it is a line of its own, without one it heads those below it.
    names_use = kind == "product" and bool(label.flow or (label.joined and label.joined.flow))
    return bool(label.half) or not is_named or names_use or SHARE.search(text) is not None


def _is_no_amount(text: str, words: Mapping, *, is_unit: bool) -> bool:
    """Return whether a label or unit is of shares, or names nothing but what is no amount of energy."""
    if SHARE.search(text):
        return True
    if is_unit:
        return is_other_unit(text)
    label = read_row_label(text, words)
    own = {*label.names} & (words.flows.keys() | words.products.keys())
    if is_planned(text):
        return not own
    known = label.flow or label.product or label.joined or own
    return not known and bool(name_quantity(text) or name_quantity(_BEHIND_CHINESE.sub("", text)))
