"""The cells that name the rows of a table, and what each of their labels says by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.label import words_in_place
from carbonacct.balances.label.headers import subtotal_words, whole_words
from carbonacct.balances.label.labels import Label, read_label, unit_expression, unit_known
from carbonacct.balances.label.siblings import find_whole
from carbonacct.balances.path.uses_below import find_wholes
from carbonacct.balances.words.compounds import Compound, list_pieces
from carbonacct.balances.words.other_quantities import is_other_unit, is_planned, name_quantity
from carbonacct.characters import same_script
from carbonacct.sheets import values
from carbonacct.units import measures_energy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell

# The digit of a footnote that has lost its height.
_FOOTNOTE_DIGIT = re.compile(r"(?<=[\u4e00-\u9fff])\d$|(?<=[^\W\d_]{3})\d$")
# The translation in the same cell: 储气能力(吨) Storage Capacity (ton).
_BEHIND_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff)）])\s+[A-Za-z][\x20-\x7e]*$")
# A row of shares or rates holds no amounts.
_SHARE = re.compile(r"[%％][)）]?\s*$")


def read_row_label(text: str, words: Mapping) -> Label:
    """Return what a label of a row says: nothing where a Chinese half is not known, and without the digit of a footnote."""
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
class Stub:
    """The cells that name the rows of a table, from row ``start`` on, and what each of their labels says by itself."""

    columns: Columns
    start: int
    cells: Sequence[Sequence[Cell]]

    @cached_property
    def at(self) -> dict[str, list[int]]:
        """The places of the labels of each kind, counted among the cells."""
        at: dict[str, list[int]] = {
            kind: [] for kind in ("label", "product", "area", "year", "unit")
        }
        for position, j in enumerate(self.columns.stubs):
            at[self.columns.each[j].kind].append(position)
        return at

    @cached_property
    def areas_at(self) -> list[int]:
        """The places of the areas, without those that say of each area to their left what it lies in: Country | Region."""
        # Panels of the world print Country | Region; joined, they would name an area nobody knows.
        places = self.at["area"]
        found = places[:1]
        for j in places[1:]:
            pairs = {(row[found[-1]], row[j]) for row in self.cells}
            inner, outer = ({pair[side] for pair in pairs} for side in (0, 1))
            if not len(pairs) == len(inner) > len(outer):
                found.append(j)
        return found

    def _texts(self, *kinds: str) -> dict[str, None]:
        places = [j for kind in kinds for j in self.at[kind]]
        return dict.fromkeys(
            [
                cell
                for row in self.cells
                for j in places
                if isinstance(cell := row[j], str) and not values.is_blank(cell)
            ]
        )

    @cached_property
    def said(self) -> dict[str, Label]:
        """What each label says by itself."""
        words = self.columns.words
        return {text: read_row_label(text, words) for text in self._texts("label", "product")}

    @cached_property
    def wholes(self) -> dict[str, Compound]:
        """The products that stand over uses of theirs, in one column of both, and what each is in a table of consumption."""
        places = [*self.at["label"], *self.at["product"]]
        if len(places) != 1:
            return {}
        (j,) = places
        texts = [text for row in self.cells if (text := row[j]) in self.said]
        return find_wholes([str(text) for text in texts], self.said)

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
        return bool(self.at["unit"]) or any(label.units for label in self.said.values())

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
    def whole_flow(self) -> str:
        """The flow that a row of 合计 is beside its parts, where one column names them; else ""."""
        return self._whole_flow() if len(self.at["label"]) == 1 else ""

    def may_be_of(self, flow: str) -> bool:
        """Return whether no label names a flow beside one: Agriculture in a table of use by industry.

        A word that means another flow in its place (其他) says nothing.
        """
        if not vocabulary.is_within(flow, "final_consumption") or len(self.at["label"]) != 1:
            return True
        labels = [self.said[text] for text in self._texts("label")]
        open_words = words_in_place.scoped_words().keys() | words_in_place.homonyms().keys()
        named = {label.flow for label in labels if open_words.isdisjoint(label.names)} - {""}
        return all(_is_in(one, flow) or vocabulary.is_within(flow, one) for one in named)

    def is_all_of(self, flow: str) -> bool:
        """Return whether a total of consumption is that of one sector: labels name nothing but products and parts of it beside it.

        能源消费总量 over 原煤 and 电力 in a table of use by industry; not over #工业 and 居民生活.
        """
        if not vocabulary.is_within(flow, "final_consumption"):
            return False
        return all(one != flow and _is_in(one, flow) for one in self._uses_said)

    @cached_property
    def _uses_said(self) -> frozenset[str]:
        """The flows that labels name, total consumption apart."""
        flows = {
            label.flow or (label.joined.flow if label.joined else "")
            for label in self.said.values()
        }
        return frozenset(flows - {"", "total_consumption"})

    @cached_property
    def whole_product(self) -> str:
        """The product that a row of 合计 is beside its parts, or 小计 in each section of a sector and its products; else ""."""
        if len(self.at["product"]) != 1 or not self._end_sections:
            return ""
        parts = [self.said[text].product for text in self._texts("product")]
        if whole := find_whole("product", parts):
            return whole
        words, (place,) = self.columns.words, self.at["product"]
        wholes = {text for text in self._texts("product") if self._is_whole(self.said[text])}
        rows = [row for row in self.cells if row[place] in wholes]
        beside = [str(row[j]) for row in rows for j in self.at["unit"]]
        if beside and all(unit_known(unit, words) for unit in beside):
            units = [unit_expression(unit, words) for unit in beside]
        else:
            units = [self.columns.each[j].unit for j in self.columns.data]
        are_energy = all(unit and measures_energy(unit.removesuffix(" GCV")) for unit in units)
        return "total_energy" if are_energy else ""

    @cached_property
    def _end_sections(self) -> bool:
        """Whether each sum of products stands before or behind them all in its section, which a label or a heading begins.

        A sum beside no label must be one of each section, and 小计 where headings begin them: at the
        end of a table 合计 may be that of all.
        """
        (place,) = self.at["product"]
        sections: list[list[tuple[bool, bool]]] = [[]]
        above: tuple[Cell, ...] = ()
        for row in self.cells:
            said = self.said.get(row[place])  # type: ignore[call-overload]
            own = tuple(row[j] for j in self.at["label"] if not values.is_blank(row[j]))
            is_heading = said is not None and bool(said.flow) and not said.product
            if is_heading or (own and own != above):
                sections.append([])
                above = own or above
            if said is None or is_heading:
                continue
            is_whole = self._is_whole(said)
            if is_whole and self._has_headings and subtotal_words().isdisjoint(said.names):
                return False
            sections[-1].append((is_whole, bool(own)))
        sections = [section for section in sections if section]
        wholes = [[k for k, (is_whole, _) in enumerate(one) if is_whole] for one in sections]
        if any({*at} - {0, len(one) - 1} for at, one in zip(wholes, sections, strict=True)):
            return False
        are_named = all(named for one in sections for is_whole, named in one if is_whole)
        return are_named or all(wholes)

    @cached_property
    def _has_headings(self) -> bool:
        """Whether sectors stand in the column of products."""
        said = [self.said[text] for text in self._texts("product")]
        return any(label.flow and not label.product for label in said)

    @staticmethod
    def _is_whole(label: Label) -> bool:
        return not whole_words().isdisjoint(label.names)

    def _whole_flow(self) -> str:
        """Return what holds all flows, where 合计 stands before or behind them."""
        labels = [self.said[text] for text in self._texts("label")]
        parts = [label.flow for label in labels]
        wholes = [i for i, label in enumerate(labels) if self._is_whole(label)]
        named = [i for i, part in enumerate(parts) if part]
        if len(wholes) != 1 or not named or min(named) < wholes[0] < max(named):
            return ""
        return find_whole("flow", parts)

    @cached_property
    def no_amounts(self) -> frozenset[str]:
        """Labels and units of shares, or of what is no energy: people, money, water."""
        words, units = self.columns.words, self._texts("unit")
        return frozenset(
            text
            for text in (self.said | units)
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
        words = self.columns.words
        has_own_words = words.flows or words.products or words.ignored_rows or words.signs
        is_alone = len(self.columns.stubs) == 1 and bool(self.at["label"])
        if not is_alone or has_own_words or self.has_units or self.has_unit_headings:
            return {}
        return {
            text: label.flow
            for text, label in self.said.items()
            if label.flow not in {"", "total_consumption"}
            and not (label.joined or label.half or label.of_which or text in self.no_amounts)
            and label.names[0] not in words_in_place.scoped_words()
        }

    @cached_property
    def undecided(self) -> np.ndarray:
        """Rows where it matters whether they hold numbers: a label that names nothing may go on in the next row, or be that of the row before."""
        unclear = np.array([False, *map(self.is_unclear, self.cells), False], bool)
        beside = unclear[:-2] | unclear[1:-1] | unclear[2:]
        found: np.ndarray = beside | bool(self.at["area"] or self.at["year"])
        return found

    @cached_property
    def _unclear(self) -> dict[str, dict[str, bool]]:
        """Whether each label names nothing as one of flows, and of products."""
        remember = self.columns.words.remember
        return {
            kind: {
                text: remember(("unclear", kind, text), partial(_is_unclear, text, label, kind))
                for text, label in self.said.items()
            }
            for kind in ("label", "product")
            if self.at[kind]
        }

    def is_unclear(self, row: Sequence[Cell]) -> bool:
        """Return whether the labels of a row do not say by themselves what it is."""
        has_any = False
        for kind in ("label", "product"):
            unclear = self._unclear.get(kind, {})
            for j in self.at[kind]:
                is_unclear = unclear.get(row[j])  # type: ignore[call-overload]
                if is_unclear:
                    return True
                has_any |= is_unclear is not None
        units = (row[j] for j in self.at["unit"])
        return not has_any or any(isinstance(unit, str) and _SHARE.search(unit) for unit in units)

    def has_label(self, row: Sequence[Cell]) -> bool:
        """Return whether a row has a label of its own beside its product."""
        return any(not values.is_blank(row[j]) for j in self.at["label"])

    def flow_beside(self, row: Sequence[Cell]) -> str:
        """Return the flow that the label of a row names by itself; "" where the words of the table pass over it."""
        labels = [self.said[row[j]] for j in self.at["label"] if row[j] in self.said]  # type: ignore[index]
        passed = self.columns.words.ignored_rows
        return next((one.flow for one in labels if one.flow and passed.isdisjoint(one.names)), "")

    def names_product(self, row: Sequence[Cell]) -> bool:
        """Return whether a label of a row in a table of flows names a product, and no flow but by a mapping."""
        labels = [self.said[row[j]] for j in self.at["label"] if row[j] in self.said]  # type: ignore[index]
        plain = (one for one in labels if not vocabulary.resolve("flow", one.text))
        return not self.at["product"] and any(one.product for one in plain)

    def flow_around(self, i: int, places: Sequence[int], column: int) -> str:
        """Return the flow of the nearest label to the left of one, which may span its row from above; "" if none is in its script."""
        own = str(self.cells[i - self.start][column])
        for k in reversed([k for k in places if k < column]):
            above = (row[k] for row in reversed(self.cells[: i - self.start + 1]))
            text = next((cell for cell in above if not values.is_blank(cell)), "")
            label = self.said.get(text)  # type: ignore[call-overload]
            if label and label.flow and same_script(str(text), own):
                flow: str = label.flow
                return flow
        return ""

    def is_part(self, row: Sequence[Cell]) -> bool:
        """Return whether a row stands behind a mark of a part."""
        return any(self.depth(row, kind) for kind in ("label", "product"))

    def indent(self, row: Sequence[Cell]) -> int:
        """Return how many blanks stand before the first label of a row."""
        texts = (row[j] for kind in ("label", "product") for j in self.at[kind])
        return next((vocabulary.level_of(one)[0] for one in texts if isinstance(one, str)), 0)

    def depth(self, row: Sequence[Cell], kind: str) -> int:
        """Return how deep the labels of one kind in a row stand by their marks."""
        found = 0
        for j in self.at[kind] if self.depths else ():
            found = max(found, self.depths.get(row[j], 0))  # type: ignore[call-overload]
        return found


def _is_in(flow: str, whole: str) -> bool:
    """Return whether a flow is another or a part of it; of a subtotal its members are (化学原料和化学制品制造业 of 六大高耗能行业)."""
    members = vocabulary.flows()[whole].members
    return any(vocabulary.is_within(flow, one) for one in (whole, *members))


def _is_unclear(text: str, label: Label, kind: str) -> bool:
    is_named = bool(label.flow if kind == "label" else label.product)
    return bool(label.half) or not is_named or _SHARE.search(text) is not None


def _is_no_amount(text: str, words: Mapping, *, is_unit: bool) -> bool:
    """Return whether a label or unit is of shares, or names nothing but what is no amount of energy."""
    if _SHARE.search(text):
        return True
    if is_unit:
        return is_other_unit(text)
    label = read_row_label(text, words)
    own = {*label.names} & (words.flows.keys() | words.products.keys())
    if is_planned(text):
        return not own
    known = label.flow or label.product or label.joined or own
    return not known and bool(name_quantity(text) or name_quantity(_BEHIND_CHINESE.sub("", text)))
