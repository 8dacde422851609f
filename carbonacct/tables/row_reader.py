"""What the labels of a row say of its cells, with what stands above them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import vocabulary
from carbonacct.errors import Finding, TableError, UnitError
from carbonacct.tables import values
from carbonacct.tables.headers import TOTALS, Header, take_units, unit_expression, year_of
from carbonacct.tables.of_which import ProductTree
from carbonacct.tables.printed_units import agreed_unit
from carbonacct.tables.sheets import MisreadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from carbonacct.tables.columns import Columns
    from carbonacct.tables.sheets import Cell, Sheet


class RowKey(NamedTuple):
    """What a row says; an empty string or None where it says nothing."""

    area: str = ""
    year: int | None = None
    flow: str = ""
    product: str = ""
    unit: str = ""
    sign: int = 1


# A row of shares or rates holds no amounts.
_SHARE = re.compile(r"[%％][)）]?\s*$")


@dataclass(frozen=True)
class _Label:
    """A printed label: folded, all names by which a layout may call it, its units, the ids that it names by itself, and its marks 其中 or #."""

    folded: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    flow: str
    product: str
    of_which: int


class Note(NamedTuple):
    """What is to be said of a row once its file is known: a unit that contradicts it, or (id, column) of labels that disagree."""

    row: int
    doubt: str = ""
    labels: tuple[tuple[str, int], ...] = ()

    def finding(self, sheet: Sheet) -> Finding:
        """Return the finding of a sheet that is read."""
        if self.doubt:
            return Finding("unit-contradiction", "warning", self.doubt, sheet.address(self.row), "correct the label")
        first, *others = (f"{identifier} ({sheet.address(self.row, j)})" for identifier, j in self.labels)
        return Finding("labels-disagree", "warning", f"the labels of one row disagree: {first} is taken, not {', '.join(others)}",
                       sheet.address(self.row), "correct one of them")  # fmt: skip


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
        self.notes: list[Note] = []
        self.parents: dict[str, str] = {}
        self.product_tree = ProductTree()
        self._product_scope: tuple[object, ...] = ()
        self.left_out: set[int] = set()
        self._rows_of: dict[str, set[int]] = {}

    def is_unclear(self, row: Sequence[Cell]) -> bool:
        """Return whether the labels of a row do not say by themselves what it is."""
        texts = {kind: [cell for j in self.at[kind] if isinstance(cell := row[j], str) and not values.is_blank(cell)] for kind in ("unit", "label", "product")}
        return (any(_SHARE.search(text) for kind in texts for text in texts[kind])
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
        if self.at["product"] and not product:  # among products, a row may be a flow: hydro power
            flow, sign = self._labels(i, "product", kind="flow") if not flow else (flow, sign)
            if not flow or self.at["label"]:
                return None
        if self.at["label"] and not flow:
            return None
        year = self._year(i) if self.at["year"] else None
        if not (flow or product or year) and not (self.at["area"] and self.has_numbers[i - self.start]):
            return None
        areas = [self._area(row[j], i, j) for j in self.at["area"] if not values.is_blank(row[j])]
        area = " ".join(dict.fromkeys(areas)) if areas else ""  # province and city
        unit = self._unit(i, product)
        self._note_product(row, product, (area, year, flow))
        if flow:
            self._note_section(flow)
        return RowKey(area, year, flow, product, unit, sign)

    def _note_product(self, row: Sequence[Cell], product: str, scope: tuple[object, ...]) -> None:
        """Remember of which product this one is a part: one that stands above in the same area, year and flow."""
        if scope != self._product_scope or not product:
            self._product_scope = scope
            self.product_tree.restart()
        if product:
            depths = (self._label(cell).of_which for j in self.at["product"] if isinstance(cell := row[j], str))
            self.product_tree.add(product, max(depths, default=0))

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
        if own is None and values.read_value(cell)[1] != values.UNREADABLE:
            raise self._misread(f"{text[:60]!r} is no name of an area; correct the cell or the header of its column", i, j)
        return own or text

    def _misread(self, text: str, i: int, j: int) -> MisreadError:
        return MisreadError(TableError, text, row=i, column=self.columns.stubs[j])

    def _year(self, i: int) -> int | None:
        found: int | None = None
        for j in self.at["year"]:
            cell = self.cells[i - self.start][j]
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
        printed: list[str] = [str(row[j]) for j in self.at["unit"] if not values.is_blank(row[j])]
        for j in (*self.at["product"], *self.at["label"]):
            cell = row[j]
            if isinstance(cell, str) and cell:
                printed += self._label(cell).units
        if not printed:
            return ""
        try:
            for text in printed:
                unit_expression(text, self.words)
            unit, doubts = agreed_unit(Header(_joined(row, _label_places(self.columns, range(len(row)))), product=product or None, units=tuple(printed)), self.words)
        except UnitError as error:
            raise MisreadError(UnitError, str(error), row=i) from None
        self.notes += [Note(i, doubt) for doubt in doubts]
        return unit

    def _labels(self, i: int, column: str, *, kind: str = "") -> tuple[str, int]:
        """Return the id and the sign of a row's labels of one kind; ("", 1) where they are none."""
        row, kind = self.cells[i - self.start], kind or column
        found: dict[str, tuple[int, int]] = {}
        texts = []
        for j in self.at[column]:
            cell = row[j]
            if not isinstance(cell, str) or values.is_blank(cell):
                continue
            texts.append(cell)
            identifier, sign = self._resolve(cell, kind, i)
            if identifier:
                found.setdefault(identifier, (sign, j))
        if len(found) > 1 and kind != "product":  # 终端消费 | 工业: of a block and a row within it, the row counts
            found = {flow: at for flow, at in found.items() if not any(vocabulary.is_within(other, flow) for other in found if other != flow)}
        if len(found) > 1:
            self.notes.append(Note(i, labels=tuple((identifier, self.columns.stubs[j]) for identifier, (_, j) in found.items())))
        if found:
            self.pending = "" if self.has_numbers[i - self.start] else "".join(texts)  # its second line may hold the numbers
            identifier, (sign, _) = next(iter(found.items()))
            return identifier, sign
        if i in self.left_out:
            self.pending = ""
            return "", 1
        return self._wrapped("".join(texts), kind, i)

    def _wrapped(self, text: str, kind: str, i: int) -> tuple[str, int]:
        """Read a label together with the line above it, which held no numbers: one label on two rows."""
        above, self.pending = self.pending, ""
        if text and above:
            identifier, sign = self._resolve(above + text, kind, i)
            if identifier:
                return identifier, sign
        if text and not self.has_numbers[i - self.start]:
            self.pending = text
        return "", 1

    def _resolve(self, text: str, kind: str, i: int) -> tuple[str, int]:
        label = self._label(text)
        flow = label.flow or (self.about if not TOTALS.isdisjoint(label.names) else "")  # the total of a table about one flow is that flow
        if not self.has_own_words:
            return (label.product if kind == "product" else flow), 1
        folded, names = label.folded, label.names
        rows = self._rows_of.setdefault(folded, set())
        rows.add(i)
        numbered = f"{folded}#{len(rows)}"
        if self.words.ignored_rows and {*names, *(f"{name}#{len(rows)}" for name in names)} & self.words.ignored_rows:
            self.left_out.add(i)
            return "", 1
        if kind == "product":
            return self.words.products.get(numbered) or label.product, 1
        path = f"{self.context}>{folded}"
        if folded in self.contexts:
            self.context = folded
        flow = self.words.flows.get(path) or self.words.flows.get(numbered) or flow
        sign = next((self.words.signs[word] for word in (path, numbered, folded) if word in self.words.signs), 1) if self.words.signs else 1
        return flow, sign

    def _label(self, text: str) -> _Label:
        return self.words.remember(("label", text), lambda: self._read_label(text))

    def _read_label(self, text: str) -> _Label:
        label, units = take_units(text, self.words)
        folded = vocabulary.fold(label)
        names = (folded, vocabulary.fold_case(label), *vocabulary.split_scripts(folded))
        flow = vocabulary.resolve("flow", label, self.words.flows) or ""
        return _Label(folded, names, units, flow, vocabulary.resolve("product", label, self.words.products) or "", vocabulary.of_which_depth(label))
