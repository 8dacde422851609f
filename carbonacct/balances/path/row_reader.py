"""What the labels of a row say of its cells, with what stands above them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import remarks, vocabulary
from carbonacct.balances.amounts.conversions import find_bases, on_basis
from carbonacct.balances.label.headers import (
    Header,
    end_of_year,
    subtotal_words,
    total_words,
    year_of,
)
from carbonacct.balances.label.labels import unit_expression, unit_known
from carbonacct.balances.label.printed_units import agreed_unit
from carbonacct.balances.label.siblings import read_by_siblings
from carbonacct.balances.path.above import LabelsAbove, Scope
from carbonacct.balances.path.label_reader import LabelReader, Note
from carbonacct.balances.path.of_which import Ladder, join
from carbonacct.balances.path.plant_rows import place_plant_rows
from carbonacct.balances.path.plants_within import add_flow, tell_industry
from carbonacct.balances.path.printed_labels import join_labels, label_places
from carbonacct.balances.path.unread import one_line, refuse, sort_unread
from carbonacct.balances.words.compounds import Compound, finer_product
from carbonacct.balances.words.other_quantities import name_quantity
from carbonacct.errors import TableError, UnitError
from carbonacct.records.area_names import area_id, leave_outer
from carbonacct.records.title_areas import mark_label, takes_title
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import MisreadError, Unknown, cell_name
from carbonacct.texts import say
from carbonacct.units import is_ambiguous

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.path.stub import Stub
    from carbonacct.sheets.raw_sheets import Cell


class RowKey(NamedTuple):
    """What a row says; an empty string or None where it says nothing."""

    area: str = ""
    year: int | None = None
    flow: str = ""
    product: str = ""
    unit: str = ""
    sign: int = 1
    direction: str = ""


@lru_cache(maxsize=4096)
def _plain_key(flow: str, direction: str) -> RowKey:
    """Return the key of a row that names a flow alone."""
    return RowKey(flow=flow, direction=direction)


_NOTHING = Compound()
_SPACED = re.compile(r"\s*[\u4e00-\u9fff](?:\s+[\u4e00-\u9fff])+\s*")  # 合　肥
# What stands in a column of areas and names none.
_NO_NAMES = frozenset({values.NUMBER, values.BLANK, values.MARK})


class RowReader:
    """Reads the labels of one table from top to bottom; columns are counted among those of the labels."""

    def __init__(self, stub: Stub, has_numbers: Sequence[bool], about: str) -> None:
        self.stub, self.about, self.has_numbers = stub, about, has_numbers
        self.columns, self.words = stub.columns, stub.columns.words
        self.start, self.cells, self.at = stub.start, stub.cells, stub.at
        self.section = self.weak = ""
        self.waiting = ("", 1)
        self.above = LabelsAbove(self.cells, (*self.at["area"], *self.at["year"]))
        self.labels = LabelReader(stub, has_numbers, about, self.above)
        self.notes, self.left_out = self.labels.notes, self.labels.left_out
        self.parents: dict[str, str] = {}
        self.product_parents: dict[str, str] = {}
        self.has_parts = bool(stub.facts.depths)
        self.scope = Scope(has_plants=stub.facts.has_plants)
        self._products, self._flows = Ladder(), Ladder()
        self.own_parts: set[int] = set()
        self.plants: dict[int, str] = {}  # rows of plants that a mark makes parts of industry
        self.open_plants: frozenset[str] = frozenset()
        self.misread: list[MisreadError] = []
        self.under_unknown: dict[int, int] = {}  # row: the heading above it that is not known
        self.below: dict[int, int] = {}  # rows that take their flow from a row above
        self.marked: set[str] = set()
        self.in_list = False
        self._has_sections = self._begins_with_flow()
        self._product_scope: tuple[object, ...] = ()

    def _begins_with_flow(self) -> bool:
        """Return whether labels are a sector and its fuels, over and over: a flow first, with no column of its own."""
        places = self.at["product"] if not self.at["label"] else []
        texts = (
            cell
            for row in self.cells
            for j in places
            if isinstance(cell := row[j], str) and cell.strip()
        )
        first = next(
            (label for text in texts if (label := self.labels.label(text)).flow or label.product),
            None,
        )
        return first is not None and not first.product

    def read(self, i: int) -> RowKey | None:
        """Return what a row says of its cells, or None if its labels say nothing."""
        row = self.cells[i - self.start]
        plain = self.stub.facts.plain.get(row[0]) if row else None  # type: ignore[call-overload]
        if plain and not self.scope.has_whole:
            return self._read_plain(i, row, plain)
        return self._read_any(i, row)

    def _read_any(self, i: int, row: Sequence[Cell]) -> RowKey | None:
        named = None if self._holds_none(row, i) or self._is_note(row, i) else self._read_labels(i)
        if named is None or i in self.left_out:
            self._pass_over(row, i)
            return None
        flow, sign, product = named
        joined = self.labels.joined.get(i, _NOTHING)
        if joined is not _NOTHING or self.has_parts or self.scope.has_whole:
            sign = sign if flow else joined.sign
            flow, product, self.weak = (
                flow or joined.flow,
                self._product(i, row, product, joined, flow=flow),
                self.weak or joined.weak,
            )
        if product and not flow:
            flow, sign = self._flow_above(row, i, weak=joined.weak)
        else:
            has_amounts = self.has_numbers[i - self.start] and not self._has_sections
            self._open_section(
                row,
                i,
                flow,
                sign,
                is_heading=not has_amounts and (not product or bool(joined.flow)),
            )
        is_unknown = (self.at["label"] and not (flow or joined.weak)) or (
            self.at["product"] and not product and (not flow or self.at["label"])
        )
        if is_unknown or i in self.left_out:
            self._pass_keys_on(row)
            return None
        if self.above.has_blanks and (
            flow
            or product
            or any(not values.is_blank(row[j]) for j in (*self.at["area"], *self.at["year"]))
        ):
            row = self._fill_down(row, i)
        year = self._year(row, i) if self.at["year"] else None
        if not (flow or product or year) and not (
            self.at["area"] and self.has_numbers[i - self.start]
        ):
            return None
        area = (self._areas(row, i) if self.at["area"] else "") or joined.area
        unit = self._unit(i, product, flow) if self.stub.facts.has_units else ""
        if flow:
            self._note_section(flow)
        key = RowKey(
            area, year, flow, product, unit, sign, self.scope.direction_of(flow, joined.direction)
        )
        if self.has_parts:
            self._note_parts(i, row, key)
        return key

    def _read_plain(self, i: int, row: Sequence[Cell], flow: str) -> RowKey:
        """Return what a row says whose label names a flow alone, as `read` would, with what it leaves to the next."""
        has_numbers = self.has_numbers[i - self.start]
        self.labels.note_plain(i, str(row[0]), flow, has_numbers=has_numbers)
        self.waiting, self.in_list = ("", 1) if has_numbers else (flow, 1), False
        self._open_section(row, i, flow, 1, is_heading=not has_numbers)
        self._note_section(flow)
        key = _plain_key(flow, self.scope.direction_of(flow, ""))
        if self.has_parts:
            self.scope.product_of("", 0, flow=flow, is_named=False)
            self._note_parts(i, row, key)
        return key

    def read_area_and_year(self, i: int) -> tuple[str, int | None]:
        """Return what the keys of a row say that has all of them."""
        row = self.cells[i - self.start]
        return self._areas(row, i), self._year(row, i)

    def _open_units(self, row: Sequence[Cell]) -> None:
        """Take the unit of a heading that names nothing else for the rows below it: Energy use (PJ)."""
        texts = [row[j] for kind in ("label", "product") for j in self.at[kind]]
        said = [self.stub.said[text] for text in texts if text in self.stub.said]
        names_nothing = not any(label.flow or label.product for label in said)
        if said and names_nothing:
            self.above.are_shares = any(text in self.stub.facts.no_amounts for text in texts)
            units = [unit for label in said for unit in label.units if unit_known(unit, self.words)]
            self.above.section_unit = unit_expression(units[0], self.words) if units else ""

    def _holds_none(self, row: Sequence[Cell], i: int) -> bool:
        """Leave out a row whose label, unit or heading says that its numbers are no amounts; say whether it is one."""
        if not (
            self.stub.facts.no_amounts or self.stub.facts.has_unit_headings or self.above.are_shares
        ):
            return False
        if self.stub.facts.has_unit_headings and not self.has_numbers[i - self.start]:
            self._open_units(row)
        places = (j for kind in ("label", "product", "unit") for j in self.at[kind])
        texts = (row[j] for j in places if isinstance(row[j], str))
        holds_none = self.above.are_shares or not self.stub.facts.no_amounts.isdisjoint(texts)
        if holds_none:
            self.left_out.add(i)
        return holds_none

    def _is_note(self, row: Sequence[Cell], i: int) -> bool:
        """Return whether a row without numbers has texts for years: a note, or the heading of some (十二五)."""
        if self.has_numbers[i - self.start]:
            return False
        cells = [row[j] for j in self.at["year"] if not values.is_blank(row[j])]
        if not cells or any(year_of(cell) or end_of_year(cell) for cell in cells):
            return False
        self.above.are_shares = any(name_quantity(str(cell)) for cell in cells)
        return True

    def _product(
        self, i: int, row: Sequence[Cell], product: str, joined: Compound, *, flow: str
    ) -> str:
        """Return the product of a row: its own, one that its label joins to a flow, or its parent's for a part."""
        if product and joined.product:
            finer = finer_product(product, joined.product)
            if finer == "?":
                raise self._misread(
                    say(
                        "the row says {product} and {joined_product}; correct one of them",
                        product=product,
                        joined_product=joined.product,
                    ),
                    i,
                    (*self.at["product"], *self.at["label"])[0],
                )
            product = finer
        product = product or joined.product
        if not (self.at["product"] and self.at["label"]):
            depth = max(self.stub.depth(row, "label"), self.stub.depth(row, "product"))
            if depth and not (product or flow or joined is not _NOTHING):
                return ""  # what is not known has no parent's product either
            product = self.scope.kind_of(product, depth, is_joined=bool(joined.product))
            use, is_named = flow or joined.flow or joined.weak, bool(joined.product)
            indent = self.stub.indent(row)
            return self.scope.product_of(product, depth, flow=use, is_named=is_named, indent=indent)
        return product

    def _flow_above(self, row: Sequence[Cell], i: int, *, weak: str) -> tuple[str, int]:
        """Return the flow that the label or heading above gives to a product without even a weak one beside it."""
        if weak or (self.stub.has_label(row) and not self.in_list):
            return "", 1
        # Below a label that is passed over a blank one repeats that label, not the one before it.
        if self.above.is_passed:
            self.left_out.add(i)
            return "", 1
        if self.above.unknown_heading is not None:
            self.above.under_unknown.setdefault(self.above.unknown_heading, i)
            self.under_unknown[i] = self.above.unknown_heading
        self.below[i] = self.above.heading
        return self.above.flow

    def _pass_over(self, row: Sequence[Cell], i: int) -> None:
        """Remember the label or heading of a row that is passed over: the products below it are of no other above."""
        has_numbers, heading = self.has_numbers[i - self.start], self.above.heading
        # Directly below a heading a text without numbers is its second line, and no other heading.
        is_heading = heading >= 0 and any(self.has_numbers[heading - self.start : i - self.start])
        is_label = self.stub.has_label(row) if self.at["label"] else is_heading
        if i not in self.left_out or not is_label or has_numbers != bool(self.at["label"]):
            return
        flow = self.stub.flow_beside(row)
        self._open_section(row, i, flow, 1, is_heading=False)
        self.above.is_passed = not flow

    def _open_section(
        self, row: Sequence[Cell], i: int, flow: str, sign: int, *, is_heading: bool
    ) -> None:
        """Remember a label or heading for the products below it."""
        if flow and (is_heading or self.at["label"]):
            self.above.flow = (
                ("", 1) if flow == "total_consumption" and self.about else (flow, sign)
            )
            self.above.heading = i
            self.above.unknown_heading = None
            self.above.is_passed = False
            self.above.has_headings |= is_heading
        elif is_heading and not flow:
            texts = (
                cell
                for j in self.at["product"]
                if isinstance(cell := row[j], str) and not values.is_blank(cell)
            )
            if any(not (remarks.is_note(text) or unit_known(text, self.words)) for text in texts):
                self.above.unknown_heading = i
                self.above.is_passed = False

    def _pass_keys_on(self, row: Sequence[Cell]) -> None:
        """Keep area and year of a row that is not known, and is refused by its name, for blank cells below it."""
        if self.above.has_blanks:
            self.above.fill(row, self.at["area"], self.at["year"])

    def _fill_down(self, row: Sequence[Cell], i: int) -> Sequence[Cell]:
        """Give blank cells of areas and years the label above them; a blank with nothing above it is refused."""
        row = self.above.fill(row, self.at["area"], self.at["year"])
        for kind in ("area", "year"):
            places = self.at[kind]
            if self.has_numbers[i - self.start] and self.above.is_lacking(row, places):
                raise self._misread(
                    say("no {kind} stands here or above; write it into the cell", kind=kind),
                    i,
                    places[0],
                )
        return row

    def finish(self, keys: dict[int, RowKey]) -> None:
        """Settle what only the whole table can tell: labels read by their siblings, and labels finer than the known.

        Rows of the latter, and products below an unknown heading, are no rows of the table.
        """
        named = (label for i, label in self.labels.named.items() if i in keys)
        meant = read_by_siblings(named, self.about)
        for i, label in self.labels.named.items():
            if label in meant and i in keys:
                keys[i] = keys[i]._replace(flow=meant[label])
        if self.stub.facts.has_plants or self.stub.facts.has_final:
            place_plant_rows(self, keys)
        tell_industry(keys)
        finer, translated = sort_unread(
            (each for each in self.labels.unread if each.row in keys),
            self.labels.beside,
            self.start,
        )
        columns = [(j, self.columns.each[j].kind) for j in self.columns.stubs]
        # 化工原料用途 beside 工业 is no industry: falling back to the coarser label burnt what is feedstock.
        if finer:
            words = self.columns.words
            self.misread.append(refuse(finer, self.cells, self.start, columns, words=words))
            for each in finer:
                keys.pop(each.row, None)
        if self.above.has_headings and self.above.under_unknown:
            self.misread += [
                self._misread_heading(*each) for each in self.above.under_unknown.items()
            ]
            for i in self.under_unknown:
                keys.pop(i, None)
        for each in translated:
            text, known = (
                str(self.cells[each.row - self.start][j]).strip() for j in (each.column, each.known)
            )
            self.notes.append(Note(each.row, unread=(text, known), column=columns[each.column][0]))

    def _misread_heading(self, heading: int, below: int) -> MisreadError:
        """Return what is to be said of a heading that is not known, above products."""
        place = self.at["product"][0]
        text = one_line(join_labels(self.cells[heading - self.start], self.at["product"]))
        column = self.columns.stubs[place]
        return MisreadError(
            TableError,
            say(
                "heading {text!r} is not known, and {cell_name} stands below it; give it an "
                "id in a mapping file (flow,{text},...)",
                text=text,
                cell_name=cell_name(below, column),
            ),
            row=heading,
            column=column,
            unknown=(Unknown("flow", text, ((heading, column),)),),
            below=tuple((i, column) for i, above in self.under_unknown.items() if above == heading),
        )

    def _note_parts(self, i: int, row: Sequence[Cell], key: RowKey) -> None:
        """Remember of which flow, or product of its area, year and flow, above this row is a part."""
        depth = self.stub.depth(row, "label" if self.at["label"] else "product")
        if key.flow:
            flow, whole = add_flow(self._flows, key.flow, depth)
            if whole == key.flow:
                self.own_parts.add(i)
            elif flow != key.flow:
                self.plants[i] = flow
        if depth:
            self.marked.add(key.flow)
        scope = (key.area, key.year, key.flow)
        if scope != self._product_scope or not key.product:
            self._product_scope = scope
            self._products.restart()
        if key.product:
            # Naphtha below 其他石油制品, marked as its part, was added to it: 1000 t became 1400.
            parent = self._products.add(key.product, self.stub.depth(row, "product"))
            join(self.product_parents, key.product, parent)
            if parent == key.product:
                self.own_parts.add(i)

    def _note_section(self, flow: str) -> None:
        """Remember under which part of the balance a flow stands, where that is not what the vocabulary says."""
        parent = vocabulary.flows()[flow].parent
        if not parent:
            self.section = flow
        # 回收能 stands under supply in some editions of the Chinese balance, under transformation in others.
        elif flow == "recovery" and self.section and self.section != parent:
            self.parents[flow] = self.section

    def _take_waiting(self, row: Sequence[Cell], i: int, flow: str, sign: int) -> tuple[str, int]:
        """Return the flow of a row; one on two lines has its label in the first and its numbers in the second."""
        waiting, self.waiting = self.waiting, ("", 1)
        if not self.has_numbers[i - self.start]:
            self.waiting = flow, sign
        elif not flow and all(values.is_blank(cell) for cell in row):
            return waiting
        return flow, sign

    def _read_labels(self, i: int) -> tuple[str, int, str]:
        """Return the flow, its sign and the product that the labels of a row name by themselves."""
        flow, sign = self.labels.read(i, "label") if self.at["label"] else ("", 1)
        product, _ = self.labels.read(i, "product") if self.at["product"] else ("", 1)
        if self.at["product"] and not (
            product or flow or i in self.left_out
        ):  # among products, a row may be a flow: hydro power
            flow, sign = self.labels.read(i, "product", kind="flow")
        elif self._is_listed(
            i, flow
        ):  # among flows, a row may be a product: 能源消费总量, 其中: 煤炭
            product, _ = self.labels.read(i, "label", kind="product")
        if flow and not product and self._is_sum(i):
            product = self.stub.whole_product  # 合计 | blank | 200: of all products
        if not self.at["product"]:
            flow, sign = self._take_waiting(self.cells[i - self.start], i, flow, sign)
        return flow, sign, product

    def _is_listed(self, i: int, flow: str) -> bool:
        """Return whether a row of a table of flows names a product: behind 其中 below a flow, or by a mapping."""
        row = self.cells[i - self.start]
        names_product = self.stub.names_product(row) and not self.columns.name_products
        is_part = self.in_list or self.stub.depth(row, "label") > 0
        self.in_list = names_product and is_part and not flow
        return names_product and (self.in_list or bool(flow))

    def _is_sum(self, i: int) -> bool:
        """Return whether 合计 stands beside no product in a table with a column of products."""
        row = self.cells[i - self.start]
        if not (self.at["label"] and all(values.is_blank(row[j]) for j in self.at["product"])):
            return False
        said = [str(row[j]) for j in self.at["label"] if row[j] in self.stub.said]
        names = {name for text in said for name in self.labels.label(text).names}
        return bool(self.at["product"]) and not total_words().isdisjoint(names)

    def _areas(self, row: Sequence[Cell], i: int) -> str:
        """Return the area of a row: a city and not its province, or one area in two languages once."""
        places = self.stub.areas_at
        areas = [self._area(row[j], i, j) for j in places if not values.is_blank(row[j])]
        if len(areas) > 1:
            named = {area_id(name): name for name in reversed(areas)}
            areas = [name for name in reversed(named.values()) if not takes_title(name)] or areas
        return " ".join(leave_outer(areas))

    def _area(self, cell: Cell, i: int, j: int) -> str:
        text = values.printed(cell)
        if _SPACED.fullmatch(text):
            text = "".join(text.split())
        own = self.words.areas.get(vocabulary.fold(text))
        if (
            own is None and values.read_value(cell)[1] in _NO_NAMES
        ):  # NO and IE are codes of areas, too
            raise self._misread(
                say(
                    "{text!r} is no name of an area; correct the cell or the header of its column",
                    text=text[:60],
                ),
                i,
                j,
            )
        # the total of a table by areas is that of the area which its title names
        folded = vocabulary.fold(text)
        if own is None and folded in subtotal_words():
            raise self._misread(
                say("{text!r} is a sum of some of the areas; delete its row", text=text[:60]), i, j
            )
        by_title = mark_label(folded)
        return own or (text if by_title is None else by_title)

    def _misread(self, text: str, i: int, j: int) -> MisreadError:
        return MisreadError(TableError, text, row=i, column=self.columns.stubs[j])

    def _year(self, row: Sequence[Cell], i: int) -> int | None:
        found: int | None = None
        for j in self.at["year"]:
            cell = row[j]
            if values.is_blank(cell):
                continue
            year = year_of(cell) or end_of_year(cell)
            if year is None:
                raise self._misread(
                    say(
                        "{printed!r} is not a year; write it as 2019",
                        printed=values.printed(cell)[:60],
                    ),
                    i,
                    j,
                )
            if found not in (None, year):
                raise self._misread(
                    say(
                        "the row says {found} and {year}; correct one of them",
                        found=found,
                        year=year,
                    ),
                    i,
                    j,
                )
            found = year
        return found

    def _unit(self, i: int, product: str, flow: str) -> str:
        """Return the unit of a row, from its unit column and from its label (柴油(万吨)); two must say the same."""
        row = self.cells[i - self.start]
        printed = {str(row[j]): j for j in self.at["unit"] if not values.is_blank(row[j])}
        for j in (*self.at["product"], *self.at["label"]):
            if row[j] in self.stub.said:
                printed |= dict.fromkeys(self.labels.label(str(row[j])).units, j)
        if not printed:
            is_of_same = self.above.is_alike(product, flow) and not self.columns.corner.says_unit
            is_part = is_of_same or self.scope.has_part or self.stub.is_part(row)
            above = self.above.unit_for(product) if self.at["unit"] or is_part else ""
            return above or self.above.section_unit
        try:
            is_told = any(unit_known(text, self.words) for text in printed)
            for text, column in printed.items():  # noqa: B007 - where it stops is said
                if not (is_told and is_ambiguous(text)):  # ton, beside 吨
                    unit_expression(text, self.words)
            # Of a long table the product alone is named, so that its rows are said once.
            named = self.at["product"] or label_places(self.columns, range(len(row)))
            unit, doubts = agreed_unit(
                Header(
                    join_labels(row, named),
                    product=product or None,
                    units=tuple(printed),
                ),
                self.words,
            )
        except UnitError as error:
            unknown = tuple(
                Unknown("unit", text, ()) for text in printed if not unit_known(text, self.words)
            )
            if not unknown and (naming := self.at["product"] or self.at["label"]):
                j = naming[-1]  # which may be passed over
                unknown = (Unknown("product", str(row[j]), ((i, self.columns.stubs[j]),)),)
            raise MisreadError(
                UnitError, str(error), row=i, column=self.columns.stubs[column], unknown=unknown
            ) from None
        self.notes += [Note(i, doubt, column=self.columns.stubs[column]) for doubt in doubts]
        places = (*self.at["unit"], *self.at["product"], *self.at["label"])
        bases = find_bases(cell for j in places if isinstance(cell := row[j], str))
        if product and bases:
            unit = on_basis(product, unit, next(iter(bases)))
        self.above.note_unit(unit, product, flow)
        return unit
