"""The cells that name the rows of a table, and what each of their labels says by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.label import words_in_place
from carbonacct.balances.label.headers import subtotal_words, whole_words
from carbonacct.balances.label.labels import unit_expression, unit_known
from carbonacct.balances.label.siblings import find_whole
from carbonacct.balances.path.label_facts import SHARE, LabelFacts, find_facts
from carbonacct.balances.path.uses_below import find_wholes
from carbonacct.characters import same_script
from carbonacct.sheets import values
from carbonacct.units import measures_energy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.label.labels import Label
    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.words.compounds import Compound
    from carbonacct.sheets.raw_sheets import Cell


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
        """The places of the areas, without those that say what an area to their left lies in: Country | Region."""
        # Panels of the world print Country | Region; joined, they would name an area nobody knows.
        places = self.at["area"]
        found = places[:1]
        for j in places[1:]:
            pairs = {(row[found[-1]], row[j]) for row in self.cells}
            inner, outer = ({pair[side] for pair in pairs} for side in (0, 1))
            if not len(pairs) == len(inner) > len(outer):
                found.append(j)
        return found

    @cached_property
    def facts(self) -> LabelFacts:
        """What the labels say in whatever order they are printed."""
        kinds = tuple([self.columns.each[j].kind for j in self.columns.stubs])
        labels, units = (frozenset(self._texts(*of)) for of in (("label", "product"), ("unit",)))
        return find_facts(self.columns.words, kinds, labels, units)

    @cached_property
    def said(self) -> dict[str, Label]:
        """What each label says by itself."""
        return self.facts.said

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
    def wholes(self) -> dict[str, Compound]:
        """The products over uses of theirs in one column, and what each is in a table of consumption."""
        places = [*self.at["label"], *self.at["product"]]
        if len(places) != 1:
            return {}
        (j,) = places
        texts = [text for row in self.cells if (text := row[j]) in self.said]
        return find_wholes([str(text) for text in texts], self.said)

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
        """Return whether a total of consumption is that of one sector: others name products and parts alone.

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
        """The product of which a row of 合计, or 小计 in each sector, is the total; else ""."""
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
        """Whether each sum of products stands before or behind them all in its section, which a label begins.

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
    def undecided(self) -> np.ndarray:
        """Rows that are read in one way with numbers and in another without.

        A label that names nothing may be the first half of the next row's, or the second of that
        above. In a table with a column of areas or years these are all its rows.
        """
        unclear = np.array([False, *map(self.is_unclear, self.cells), False], bool)
        beside = unclear[:-2] | unclear[1:-1] | unclear[2:]
        found: np.ndarray = beside | bool(self.at["area"] or self.at["year"])
        return found

    def is_unclear(self, row: Sequence[Cell]) -> bool:
        """Return whether the labels of a row do not say by themselves what it is."""
        known = self.facts.unclear_rows.get(tuple(row))
        return self._is_unclear(row) if known is None else known

    def _is_unclear(self, row: Sequence[Cell]) -> bool:
        has_any = False
        for kind in ("label", "product"):
            unclear = self.facts.unclear.get(kind, {})
            for j in self.at[kind]:
                is_unclear = unclear.get(row[j])  # type: ignore[call-overload]
                if is_unclear:
                    return True
                has_any |= is_unclear is not None
        units = (row[j] for j in self.at["unit"])
        return not has_any or any(isinstance(unit, str) and SHARE.search(unit) for unit in units)

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
        """Return the flow of the nearest label to the left, which may span its row; "" without one in its script."""
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
        found, depths = 0, self.facts.depths
        for j in self.at[kind] if depths else ():
            found = max(found, depths.get(row[j], 0))  # type: ignore[call-overload]
        return found


def _is_in(flow: str, whole: str) -> bool:
    """Return whether a flow is another or a part of it.

    Of a subtotal its members are (化学原料和化学制品制造业 of 六大高耗能行业).
    """
    members = vocabulary.flows()[whole].members
    return any(vocabulary.is_within(flow, one) for one in (whole, *members))
