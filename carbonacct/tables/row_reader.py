"""What the labels of a row say of its cells, with what stands above them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import vocabulary
from carbonacct.errors import Finding, TableError, UnitError
from carbonacct.tables import values
from carbonacct.tables.above import Above
from carbonacct.tables.conversions import find_bases, on_basis
from carbonacct.tables.headers import TOTALS, Header, take_units, unit_expression, unit_known, year_of
from carbonacct.tables.of_which import Ladder, join
from carbonacct.tables.printed_units import agreed_unit
from carbonacct.tables.sheets import MisreadError, cell_name
from carbonacct.tables.siblings import read_by_siblings
from carbonacct.tables.unread import Unread, is_function, one_line, refuse, same_script, sort_unread

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from carbonacct.tables.columns import Columns
    from carbonacct.tables.sheets import Cell, Sheet
    from carbonacct.tables.siblings import Named


class RowKey(NamedTuple):
    """What a row says; an empty string or None where it says nothing."""

    area: str = ""
    year: int | None = None
    flow: str = ""
    product: str = ""
    unit: str = ""
    sign: int = 1


# What stands in a column of areas and names none.
_NO_NAMES = frozenset({values.NUMBER, values.BLANK, values.MARK})
# A row of shares or rates holds no amounts.
_SHARE = re.compile(r"[%％][)）]?\s*$")


@dataclass(frozen=True)
class _Label:
    """A printed label: folded, all names by which a layout may call it, its units, the ids that it names by itself, its marks 其中 or #, and a translation that is not known."""

    folded: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    flow: str
    product: str
    of_which: int
    unread: str


class Note(NamedTuple):
    """What is to be said of a row once its file is known: a unit that contradicts it, (id, column) of labels that disagree, or a label, the known one beside it, and its column."""

    row: int
    doubt: str = ""
    labels: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, str] | None = None
    column: int = 0

    def finding(self, sheet: Sheet) -> Finding:
        """Return the finding of a sheet that is read."""
        where = sheet.address(self.row, self.column)
        if self.doubt:
            return Finding("unit-contradiction", "warning", self.doubt, where, "correct the label")
        if self.unread:
            label, known = map(one_line, self.unread)
            return Finding("label-unread", "warning", f"label {label!r} is not known beside {known!r}", where,
                           "check that it says the same; give it an id in a mapping file if it does not")
        first, *others = (f"{identifier} ({sheet.address(self.row, j)})" for identifier, j in self.labels)
        return Finding("labels-disagree", "warning", f"the labels of one row disagree: {first} is taken, not {', '.join(others)}",
                       where, "correct one of them")  # fmt: skip


def row_label(sheet: Sheet, columns: Columns, i: int) -> str:
    """Return the printed label of a row."""
    return _joined(sheet.rows[i], _label_places(columns, columns.stubs))


def _label_places(columns: Columns, places: Sequence[int]) -> list[int]:
    """Return the places of labels, those of flows before those of products."""
    kinds = [columns.each[j].kind for j in columns.stubs]
    return [place for wanted in ("label", "product") for place, kind in zip(places, kinds, strict=True) if kind == wanted]


def _joined(row: Sequence[Cell], places: Sequence[int]) -> str:
    return " ".join(str(row[j]).strip() for j in places if isinstance(row[j], str) and row[j]).strip()


class RowReader:
    """Reads the labels of one table from top to bottom; columns are counted among those of the labels."""

    def __init__(self, columns: Columns, start: int, cells: Sequence[Sequence[Cell]], has_numbers: np.ndarray, about: str) -> None:
        self.columns, self.words, self.about = columns, columns.words, about
        self.start, self.cells, self.has_numbers = start, cells, has_numbers
        self.at: dict[str, list[int]] = {kind: [] for kind in ("label", "product", "area", "year", "unit")}
        for place, j in enumerate(columns.stubs):
            self.at[columns.each[j].kind].append(place)
        self.contexts = {path.partition(">")[0] for path in self.words.flows if ">" in path}
        self.has_own_words = bool(self.words.flows or self.words.products or self.words.ignored_rows)
        self.context = self.section = self.pending = ""
        self.above = Above(cells, (*self.at["area"], *self.at["year"]))
        self.unread: list[Unread] = []
        self.named: dict[int, Named] = {}
        self.notes: list[Note] = []
        self.parents: dict[str, str] = {}
        self.product_parents: dict[str, str] = {}
        self._products, self._flows = Ladder(), Ladder()
        self.own_parts: set[int] = set()
        self._product_scope: tuple[object, ...] = ()
        self.left_out: set[int] = set()
        self._rows_of: dict[str, set[int]] = {}

    def is_unclear(self, row: Sequence[Cell]) -> bool:
        """Return whether the labels of a row do not say by themselves what it is."""
        texts = {kind: [cell for j in self.at[kind] if isinstance(cell := row[j], str) and not values.is_blank(cell)] for kind in ("unit", "label", "product")}
        return (any(_SHARE.search(text) for kind in texts for text in texts[kind])
                or any(self._label(text).unread for kind in ("label", "product") for text in texts[kind])
                or (bool(texts["label"]) and not any(self._label(text).flow for text in texts["label"]))
                or (bool(texts["product"]) and not any(self._label(text).product for text in texts["product"])))  # fmt: skip

    def read(self, i: int) -> RowKey | None:
        """Return what a row says of its cells, or None if its labels say nothing."""
        row = self.cells[i - self.start]
        texts = (row[j] for j in (*self.at["unit"], *self.at["label"], *self.at["product"]))
        if any(isinstance(text, str) and _SHARE.search(text) for text in texts):
            self.left_out.add(i)
            return None
        flow, sign = self._labels(i, "label") if self.at["label"] else ("", 1)
        product, _ = self._labels(i, "product") if self.at["product"] else ("", 1)
        if i in self.left_out:
            return None
        if self.at["product"] and not product and not flow:  # among products, a row may be a flow: hydro power
            flow, sign = self._labels(i, "product", kind="flow")
        if product and not flow:
            flow, sign = self._flow_above(row, i)
        else:
            self._open_section(row, i, flow, sign, is_heading=not (product or self.has_numbers[i - self.start]))
        if (self.at["label"] and not flow) or (self.at["product"] and not product and (not flow or self.at["label"])):
            return None
        if flow or product or any(not values.is_blank(row[j]) for j in (*self.at["area"], *self.at["year"])):
            row = self._fill_down(row, i)
        year = self._year(row, i) if self.at["year"] else None
        if not (flow or product or year) and not (self.at["area"] and self.has_numbers[i - self.start]):
            return None
        areas = [self._area(row[j], i, j) for j in self.at["area"] if not values.is_blank(row[j])]
        area = " ".join(dict.fromkeys(areas)) if areas else ""  # province and city
        unit = self._unit(i, product)
        if flow:
            self._note_section(flow)
        key = RowKey(area, year, flow, product, unit, sign)
        self._note_parts(i, row, key)
        return key

    def _flow_above(self, row: Sequence[Cell], i: int) -> tuple[str, int]:
        """Return the flow that the label or heading above gives to a product that has none beside it."""
        if any(not values.is_blank(row[j]) for j in self.at["label"]):
            return "", 1
        if self.above.unknown_heading is not None:
            self.above.under_unknown.setdefault(self.above.unknown_heading, i)
        return self.above.flow

    def _open_section(self, row: Sequence[Cell], i: int, flow: str, sign: int, *, is_heading: bool) -> None:
        """Remember a label or heading for the products below it."""
        if flow and (is_heading or self.at["label"]):
            self.above.flow = ("", 1) if flow == "total_consumption" and self.about else (flow, sign)
            self.above.unknown_heading = None
            self.above.has_headings |= is_heading
        elif is_heading and not flow:
            texts = (cell for j in self.at["product"] if isinstance(cell := row[j], str) and not values.is_blank(cell))
            if any(not (vocabulary.is_note(text) or unit_known(text, self.words)) for text in texts):
                self.above.unknown_heading = i

    def _fill_down(self, row: Sequence[Cell], i: int) -> Sequence[Cell]:
        """Give blank cells of areas and years the label above them; a blank with nothing above it is refused."""
        row = self.above.fill(row, self.at["area"], self.at["year"])
        for kind in ("area", "year"):
            places = self.at[kind]
            if self.has_numbers[i - self.start] and self.above.is_lacking(row, places):
                raise self._misread(f"no {kind} stands here or above; write it into the cell", i, places[0])
        return row

    def finish(self, keys: dict[int, RowKey]) -> None:
        """Settle what only the whole table can tell: labels that are read by their siblings, and labels finer than what is known of their rows.

        Raises
        ------
        MisreadError
            If there are such labels, or products stand below a heading that is not known.
        """
        meant = read_by_siblings(label for i, label in self.named.items() if i in keys)
        for i, label in self.named.items():
            if label in meant and i in keys:
                keys[i] = keys[i]._replace(flow=meant[label])
        finer, translated = sort_unread((each for each in self.unread if each.row in keys), self.cells, self.start)
        columns = [(j, self.columns.each[j].kind) for j in self.columns.stubs]
        if finer:
            raise refuse(finer, self.cells, self.start, columns)
        if self.above.has_headings and self.above.under_unknown:
            heading, below = next(iter(self.above.under_unknown.items()))
            text = one_line(_joined(self.cells[heading - self.start], self.at["product"]))
            raise MisreadError(TableError, f"heading {text!r} is not known, and {cell_name(below, 0)} stands below it; give it an id in a mapping file (flow,{text},...)",
                               row=heading, column=columns[self.at["product"][0]][0])
        for each in translated:
            text, known = (str(self.cells[each.row - self.start][j]).strip() for j in (each.column, each.known))
            self.notes.append(Note(each.row, unread=(text, known), column=columns[each.column][0]))

    def _note_parts(self, i: int, row: Sequence[Cell], key: RowKey) -> None:
        """Remember of which flow or product above this row is a part; of products only within one area, year and flow."""
        if key.flow and self._flows.add(key.flow, self._depth(row, "label" if self.at["label"] else "product")) == key.flow:
            self.own_parts.add(i)
        scope = (key.area, key.year, key.flow)
        if scope != self._product_scope or not key.product:
            self._product_scope = scope
            self._products.restart()
        if key.product:
            parent = self._products.add(key.product, self._depth(row, "product"))
            join(self.product_parents, key.product, parent)
            if parent == key.product:
                self.own_parts.add(i)

    def _depth(self, row: Sequence[Cell], column: str) -> int:
        return max((self._label(cell).of_which for j in self.at[column] if isinstance(cell := row[j], str)), default=0)

    def _note_section(self, flow: str) -> None:
        """Remember under which part of the balance a flow stands, where that is not what the vocabulary says."""
        parent = vocabulary.flows()[flow].parent
        if not parent:
            self.section = flow
        elif flow == "recovery" and self.section and self.section != parent:
            self.parents[flow] = self.section

    def _area(self, cell: Cell, i: int, j: int) -> str:
        text = values.printed(cell)
        own = self.words.areas.get(vocabulary.fold(text))
        if own is None and values.read_value(cell)[1] in _NO_NAMES:  # NO and IE are codes of areas, too
            raise self._misread(f"{text[:60]!r} is no name of an area; correct the cell or the header of its column", i, j)
        return own or text

    def _misread(self, text: str, i: int, j: int) -> MisreadError:
        return MisreadError(TableError, text, row=i, column=self.columns.stubs[j])

    def _year(self, row: Sequence[Cell], i: int) -> int | None:
        found: int | None = None
        for j in self.at["year"]:
            cell = row[j]
            if values.is_blank(cell):
                continue
            year = year_of(cell)
            if year is None:
                raise self._misread(f"{values.printed(cell)[:60]!r} is not a year; write it as 2019", i, j)
            if found not in (None, year):
                raise self._misread(f"the row says {found} and {year}; correct one of them", i, j)
            found = year
        return found

    def _unit(self, i: int, product: str) -> str:
        """Return the unit of a row, from its unit column and from its label (柴油(万吨)); two must say the same."""
        row = self.cells[i - self.start]
        printed = {str(row[j]): j for j in self.at["unit"] if not values.is_blank(row[j])}
        for j in (*self.at["product"], *self.at["label"]):
            cell = row[j]
            if isinstance(cell, str) and cell:
                printed |= dict.fromkeys(self._label(cell).units, j)
        if not printed:
            return self.above.unit_for(product) if self.at["unit"] else ""
        column = next(iter(printed.values()))
        try:
            for text, j in printed.items():
                column = j
                unit_expression(text, self.words)
            unit, doubts = agreed_unit(Header(_joined(row, _label_places(self.columns, range(len(row)))), product=product or None, units=tuple(printed)), self.words)
        except UnitError as error:
            raise MisreadError(UnitError, str(error), row=i, column=self.columns.stubs[column]) from None
        self.notes += [Note(i, doubt, column=self.columns.stubs[column]) for doubt in doubts]
        places = (*self.at["unit"], *self.at["product"], *self.at["label"])
        bases = find_bases(cell for j in places if isinstance(cell := row[j], str))
        if product and bases:
            unit = on_basis(product, unit, next(iter(bases)))
        self.above.unit = (unit, product)
        return unit

    def _labels(self, i: int, column: str, *, kind: str = "") -> tuple[str, int]:
        """Return the id and the sign of a row's labels of one kind; ("", 1) where they are none."""
        row, kind = self.cells[i - self.start], kind or column
        found: dict[str, tuple[int, int]] = {}
        texts, silent = [], []
        for j in self.at[column]:
            cell = row[j]
            if not isinstance(cell, str) or values.is_blank(cell):
                continue
            texts.append(cell)
            identifier, sign = self._resolve(cell, kind, i)
            if identifier:
                found.setdefault(identifier, (sign, j))
                if (half := self._label(cell).unread) and self.has_numbers[i - self.start]:
                    self.notes.append(Note(i, unread=(half, cell.strip()), column=self.columns.stubs[j]))
            else:
                silent.append(j)
        if found and silent:
            self._note_unread(i, silent, [j for _, j in found.values()])
        if len(found) > 1:  # 终端消费 | 工业, 煤炭 | 原煤: of a whole and a part of it, the part counts
            is_within = vocabulary.is_product_within if kind == "product" else vocabulary.is_within
            found = {whole: at for whole, at in found.items() if not any(is_within(other, whole) for other in found if other != whole)}
        if len(found) > 1 and (finer := self._finer(row, [j for _, j in found.values()])) is not None:
            found = {identifier: at for identifier, at in found.items() if at[1] == finer}
        if len(found) > 1:
            labels = tuple((identifier, self.columns.stubs[j]) for identifier, (_, j) in found.items())
            self.notes.append(Note(i, labels=labels, column=labels[0][1]))
        if found and i not in self.left_out:
            self.pending = "" if self.has_numbers[i - self.start] else "".join(texts)  # its second line may hold the numbers
            identifier, (sign, j) = next(iter(found.items()))
            if kind != "product" and identifier == self._label(str(row[j])).flow and vocabulary.fold(str(row[j])) not in self.words.flows:
                self.named[i] = (str(row[j]), identifier)
            return identifier, sign
        if i in self.left_out:
            self.pending = ""
            return "", 1
        return self._wrapped("".join(texts), kind, i)

    def _finer(self, row: Sequence[Cell], places: Sequence[int]) -> int | None:
        """Return the column whose labels stand beside one label alone of each other column, if that is not so the other way round."""
        def is_finer(j: int, k: int) -> bool:
            return same_script(str(row[j]), str(row[k])) and is_function(self.cells, j, k) and not is_function(self.cells, k, j)
        return next((j for j in places if all(k == j or is_finer(j, k) for k in places)), None)

    def _note_unread(self, i: int, silent: Sequence[int], found: Sequence[int]) -> None:
        """Remember labels that say nothing beside one that does; a row whose label in the same script is to be passed over is left out."""
        row = self.cells[i - self.start]
        if i in self.left_out:
            if not any(same_script(str(row[j]), str(row[k])) for j in silent for k in found):
                self.left_out.discard(i)
            return
        self.unread += [Unread(i, j, found[0]) for j in silent if not self._adds_nothing(str(row[j]))]

    def _adds_nothing(self, text: str) -> bool:
        names = {vocabulary.fold(text), *vocabulary.split_scripts(vocabulary.fold(text))}
        return not TOTALS.isdisjoint(names) or values.is_number(text) or unit_known(text, self.words) or vocabulary.is_note(text)

    def _wrapped(self, text: str, kind: str, i: int) -> tuple[str, int]:
        """Read a label together with the line above it, which held no numbers: one label on two rows."""
        above, self.pending = self.pending, ""
        if text and above:
            identifier, sign = self._resolve(above + text, kind, i)
            if identifier:
                self.above.unknown_heading = None
                return identifier, sign
        if text and not self.has_numbers[i - self.start]:
            self.pending = text
        return "", 1

    def _resolve(self, text: str, kind: str, i: int) -> tuple[str, int]:
        label = self._label(text)
        flow = label.flow or (self.about if not TOTALS.isdisjoint(label.names) else "")  # the total of a table about one flow is that flow
        if not self.has_own_words:
            return (label.product if kind == "product" else flow), 1
        names = label.names
        rows = self._rows_of.setdefault(label.folded, set())
        rows.add(i)
        numbered = [f"{name}#{len(rows)}" for name in names]
        if self.words.ignored_rows and {*names, *numbered} & self.words.ignored_rows:
            self.left_out.add(i)
            return "", 1
        if kind == "product":
            return next((self.words.products[word] for word in numbered if word in self.words.products), label.product), 1
        paths = [f"{self.context}>{name}" for name in names]
        self.context = next((name for name in names if name in self.contexts), self.context)
        flow = next((self.words.flows[word] for word in (*paths, *numbered) if word in self.words.flows), flow)
        sign = next((self.words.signs[word] for word in (*paths, *numbered, *names) if word in self.words.signs), 1) if self.words.signs else 1
        return flow, sign

    def _label(self, text: str) -> _Label:
        return self.words.remember(("label", text), lambda: self._read_label(text))

    def _read_label(self, text: str) -> _Label:
        label, units = take_units(text, self.words)
        folded = vocabulary.fold(label)
        names = (folded, vocabulary.fold_case(label), *vocabulary.split_scripts(folded))
        depth, half = vocabulary.of_which_depth(label), vocabulary.unread_half(label, self.words.flows, self.words.products)
        if half and not same_script(half, "a") and folded not in self.words.ignored_rows:  # LNG 公交: more than LNG
            return _Label(folded, names, units, "", "", depth, "")
        flow = vocabulary.resolve("flow", label, self.words.flows) or ""
        return _Label(folded, names, units, flow, vocabulary.resolve("product", label, self.words.products) or "", depth, half)
