"""What the labels of one kind in a row say: the finest counts, and what is not known is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carbonacct import remarks, vocabulary
from carbonacct.balances.label import words_in_place
from carbonacct.balances.label.headers import total_words, whole_words
from carbonacct.balances.label.labels import Label, unit_known
from carbonacct.balances.path.label_facts import read_row_label
from carbonacct.balances.path.unread import LabelColumns, UnreadLabel, repeats
from carbonacct.characters import same_script
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.balances.label.labels import Label
    from carbonacct.balances.label.siblings import Named
    from carbonacct.balances.path.above import LabelsAbove
    from carbonacct.balances.path.stub import Stub
    from carbonacct.balances.words.compounds import Compound
    from carbonacct.sheets.raw_sheets import Cell


_WHOLE_SOCIETY = "全社会"  # of all users, also in a table about one sector


class Note(NamedTuple):
    """What is to be said of a row once its file is known.

    A unit that contradicts it; ids and columns of labels that disagree; or a label that is not
    known and the known one beside it.
    """

    row: int
    doubt: str = ""
    labels: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, str] | None = None
    column: int = 0


class SectorRow(NamedTuple):
    """A row that names a flow by itself: what a label below it may lie in."""

    flow: str = ""
    text: str = ""
    has_numbers: bool = True


class LabelReader:
    """Reads the labels of one table from top to bottom; columns are counted among those of the labels.

    Attributes
    ----------
    unread
        Labels that say nothing beside one that does.
    named
        Labels that name a flow by the vocabulary alone.
    joined
        What labels say that join several things.
    notes
        What is to be said of the rows.
    left_out
        Rows that a mapping passes over.
    """

    def __init__(
        self,
        stub: Stub,
        has_numbers: Sequence[bool],
        about: str,
        above: LabelsAbove,
    ) -> None:
        self.stub, self.about, self.above = stub, about, above
        self.words, self.stubs = stub.columns.words, stub.columns.stubs
        self.start, self.cells, self.has_numbers = stub.start, stub.cells, has_numbers
        self.at, self.beside = stub.at, LabelColumns(stub.cells)
        self.contexts = {path.partition(">")[0] for path in self.words.flows if ">" in path}
        self.has_own_words = bool(
            self.words.flows or self.words.products or self.words.ignored_rows or self.words.signs
        )
        self.context = self.pending = ""
        self._context_at: tuple[tuple[Cell, ...], int] = ((), 0)
        self.unread: list[UnreadLabel] = []
        self.named: dict[int, Named] = {}
        self.joined: dict[int, Compound] = {}
        self.notes: list[Note] = []
        self.left_out: set[int] = set()
        is_of_use = about == "total_consumption" or vocabulary.is_within(about, "final_consumption")
        self._wholes = stub.wholes if about and is_of_use else {}
        self._rows_of: dict[str, set[int]] = {}
        self._section = SectorRow()
        self._known: set[tuple[int, int]] = set()  # cells that name a flow or a product

    def read(self, i: int, column: str, *, kind: str = "") -> tuple[str, int]:
        """Return the id and the sign of a row's labels of one kind; ("", 1) where they are none."""
        row, kind = self.cells[i - self.start], kind or column
        found: dict[str, tuple[int, int]] = {}
        places = [j for j in self.at[column] if row[j] in self.stub.said]
        silent = []
        beside = ""
        for j in places:
            identifier, sign = self._resolve(str(row[j]), kind, i, beside=beside)
            beside = identifier if kind == "label" else ""
            joined = self.label(str(row[j])).joined or self._wholes.get(str(row[j]))
            if joined and i not in self.left_out:
                self.joined[i] = joined
            if identifier:
                found.setdefault(identifier, (sign, j))
                self._known.add((i, j))
            elif not joined and (i, j) not in self._known:  # a flow is no unread product
                silent.append(j)
        if found:
            self._note_unread(i, silent, [j for _, j in found.values()])
        text = "".join([str(row[j]) for j in places])
        if i in self.left_out:
            self.pending = ""
            return "", 1
        if not found:
            return self._wrapped(text, kind, i)
        self.pending = (
            "" if self.has_numbers[i - self.start] else text
        )  # its second line may hold the numbers
        if len(found) > 1:
            found = self._finest(i, kind, found)
        identifier, (sign, j) = next(iter(found.items()))
        label = self.label(str(row[j]))
        if (
            kind != "product"
            and identifier == label.flow
            and label.names[0] not in self.words.flows
        ):
            self.named[i] = (self._name(str(row[j])), identifier)
        return identifier, sign

    def note_plain(self, i: int, text: str, flow: str, *, has_numbers: bool) -> None:
        """Remember a row whose only label names a flow and nothing else."""
        self._section = SectorRow(flow, text, has_numbers)
        self.pending = "" if has_numbers else text
        self.named[i] = (self._name(text), flow)

    def _name(self, text: str) -> str:
        """Return what a label is among its siblings: as set in, without the numbers of rows (10 Final (11+12))."""
        indent = text[: len(text) - len(text.lstrip())]
        return indent + self.label(text).text

    def _finest(
        self, i: int, kind: str, found: dict[str, tuple[int, int]]
    ) -> dict[str, tuple[int, int]]:
        """Return the labels that say most of several.

        Two that contradict each other are noted, and the first counts.
        """
        # 终端消费 | 工业, 煤炭 | 原煤: of a whole and a part of it, the part counts
        is_within = vocabulary.is_product_within if kind == "product" else vocabulary.is_finer
        found = {
            whole: at
            for whole, at in found.items()
            if not any(is_within(other, whole) for other in found if other != whole)
        }
        row = self.cells[i - self.start]
        if kind != "product":
            # 工业 | 合计 is all of industry.
            named = {
                identifier: at
                for identifier, at in found.items()
                if vocabulary.fold(str(row[at[1]])) not in total_words()
            }
            found = named or found
        finer = self._finer(row, [j for _, j in found.values()])
        if finer is not None:
            found = {identifier: at for identifier, at in found.items() if at[1] == finer}
        if len(found) > 1 and kind != "product":
            found = self._without_plain(i, found)
        if len(found) > 1:
            labels = tuple((identifier, self.stubs[j]) for identifier, (_, j) in found.items())
            self.notes.append(Note(i, labels=labels, column=labels[0][1]))
        return found

    def _without_plain(
        self, i: int, found: dict[str, tuple[int, int]]
    ) -> dict[str, tuple[int, int]]:
        """Return the labels without those that a layout refines in the other language: 工业 by Industry."""
        row = self.cells[i - self.start]
        plain = {
            identifier: vocabulary.resolve("flow", self.label(str(row[j])).text) or identifier
            for identifier, (_, j) in found.items()
        }
        refined = {plain[one] for one in found if plain[one] != one}
        return {one: at for one, at in found.items() if plain[one] != one or one not in refined}

    def _finer(self, row: Sequence[Cell], places: Sequence[int]) -> int | None:
        """Return the column whose labels stand beside one alone of each other column, if not the reverse."""

        def is_finer(j: int, k: int) -> bool:
            return (
                same_script(str(row[j]), str(row[k]))
                and self.beside.follows(k, j)
                and not self.beside.follows(j, k)
            )

        finer = next((j for j in places if all(k == j or is_finer(j, k) for k in places)), None)
        return self._under_spans(row, places) if finer is None else finer

    def _under_spans(self, row: Sequence[Cell], places: Sequence[int]) -> int | None:
        """Return the last column if others are blank beside some of its labels: its labels hold for several rows."""
        last = max(places)

        def is_spanned(k: int) -> bool:
            return same_script(str(row[k]), str(row[last])) and any(
                values.is_blank(each[k]) and not values.is_blank(each[last]) for each in self.cells
            )

        return last if all(k == last or is_spanned(k) for k in places) else None

    def _note_unread(self, i: int, silent: Sequence[int], found: Sequence[int]) -> None:
        """Remember labels that say nothing beside one that does.

        A row whose label in the same script is to be passed over is left out.
        """
        if not (silent or self.stub.facts.has_halves or i in self.left_out):
            return
        row = self.cells[i - self.start]
        if i in self.left_out:
            if silent and not any(
                same_script(str(row[j]), str(row[k])) for j in silent for k in found
            ):
                self.left_out.discard(i)
            return
        if not self.has_numbers[i - self.start]:
            return
        self.unread += [
            UnreadLabel(i, j, found[0])
            for j in silent
            if not (self._adds_nothing(str(row[j])) or repeats(row[j], row))
        ]
        for j in found:
            if half := self.label(str(row[j])).half:
                self.notes.append(Note(i, unread=(half, str(row[j])), column=self.stubs[j]))

    def _adds_nothing(self, text: str) -> bool:
        names = {vocabulary.fold(text), *vocabulary.split_scripts(vocabulary.fold(text))}
        return (
            not total_words().isdisjoint(names)
            or values.is_number(text)
            or unit_known(text, self.words)
            or remarks.is_note(text)
        )

    def _wrapped(self, text: str, kind: str, i: int) -> tuple[str, int]:
        """Read a label together with the line above it, which held no numbers: one label on two rows."""
        above, self.pending = self.pending, ""
        for joined in (above + text if above else "", self._with_line_below(text, kind, i)):
            if text and joined and not self._is_two(text, joined):
                identifier, sign = self._resolve(joined, kind, i)
                if identifier:
                    self.above.unknown_heading = None
                    return identifier, sign
        # Yearbooks wrap long names of branches; the second line alone may be another word (产品业).
        if text and not self.has_numbers[i - self.start]:
            self.pending = text
        return "", 1

    def _is_two(self, text: str, joined: str) -> bool:
        """Return whether a line names something by itself and joins to no one word: a sector, and its fuel below."""
        label = self.label(text)
        return bool((label.flow or label.product) and self.label(joined).joined)

    def _with_line_below(self, text: str, kind: str, i: int) -> str:
        """Return a label with numbers together with the line below it, if that holds none: its second line; else ""."""
        below = i + 1 - self.start
        column = "label" if self.at["label"] and kind != "product" else "product"
        if (
            not self.has_numbers[i - self.start]
            or below >= len(self.cells)
            or self.has_numbers[below]
        ):
            return ""
        line = "".join(
            str(self.cells[below][j])
            for j in self.at[column]
            if isinstance(self.cells[below][j], str)
        )
        folded = vocabulary.fold(line)
        is_passed = not self.words.ignored_rows.isdisjoint(
            {folded, *vocabulary.split_scripts(folded)}
        )
        return text + " " + line if line.strip() and not is_passed else ""

    def _resolve(self, text: str, kind: str, i: int, *, beside: str = "") -> tuple[str, int]:
        label = self.label(text)
        flow, product = label.flow, label.product
        words = words_in_place.scoped_words().get(label.names[0], {})
        if kind == "label" and words:
            flow = self._resolve_within(text, words, beside=beside, alone=flow) or flow
        elif kind == "product" and not product and self.about:
            product = words.get("products", "")  # 其他 among the fuels of one sector
        elif flow:
            self._section = SectorRow(flow, text, has_numbers=self.has_numbers[i - self.start])
        flow, product = self._resolve_total(label, kind, flow, product)
        if not self.has_own_words:
            return (product if kind == "product" else flow), 1
        names = label.names
        for name in names:
            self._rows_of.setdefault(name, set()).add(i)
        numbered = [f"{name}#{len(self._rows_of[name])}" for name in names]
        if self.words.ignored_rows and {*names, *numbered} & self.words.ignored_rows:
            self.left_out.add(i)
            return "", 1
        if kind == "product":
            return (
                next(
                    (self.words.products[word] for word in numbered if word in self.words.products),
                    product,
                ),
                1,
            )
        paths = [f"{self._context_of(text, i)}>{name}" for name in names]
        if opened := next((name for name in names if name in self.contexts), ""):
            self.context, self._context_at = opened, (self._areas_of(i), _indent(text))
        flow = next(
            (self.words.flows[word] for word in (*paths, *numbered) if word in self.words.flows),
            flow,
        )
        said = label.joined.sign if label.joined and label.joined.flow == flow else 1
        signs = (
            self.words.signs[word]
            for word in (*paths, *numbered, *names)
            if word in self.words.signs
        )
        sign = next(signs, said) if self.words.signs else 1
        return flow, sign

    def _resolve_total(self, label: Label, kind: str, flow: str, product: str) -> tuple[str, str]:
        """Return what a label of a total names in a table about one flow: that flow, unless others stand beside it."""
        if flow == "total_consumption" and not label.text.startswith(_WHOLE_SOCIETY):
            return (self.about if self.stub.is_all_of(self.about) else flow), product
        # A layout may name a product by the same word (Toplam), over a column.
        is_named = flow or (product and kind != "label")
        if is_named or whole_words().isdisjoint(label.names):
            return flow, product
        about = self.about if self.stub.may_be_of(self.about) else ""
        return about or self.stub.whole_flow, self.stub.whole_product

    def _context_of(self, text: str, i: int) -> str:
        """Return the row of a layout's path that a label stands below: of its area, farther left if set in."""
        if self.context:
            areas, depth = self._context_at
            if areas != self._areas_of(i) or 0 < depth >= _indent(text):
                self.context = ""
        return self.context

    def _areas_of(self, i: int) -> tuple[Cell, ...]:
        row = self.cells[i - self.start]
        return tuple([row[j] for j in self.at["area"]])

    def _resolve_within(
        self, text: str, words: Mapping[str, str], *, beside: str, alone: str
    ) -> str:
        """Return what a label names under the flow beside it, of the title or of a heading: Lighting of households.

        A heading holds no numbers, or what lies in it is indented; a word that names a flow alone
        asks no heading.
        """
        above = self._section
        depths = [vocabulary.level_of(one)[0] for one in (text, above.text)]
        is_heading = not alone and (not above.has_numbers or depths[0] > depths[1])
        for scope in (beside, above.flow if is_heading else "", self.about):
            if found := next((words[one] for one in words if _is_scope(scope, one)), ""):
                return found
        return ""

    def label(self, text: str) -> Label:
        """Return what a printed label says by itself."""
        return self.stub.said.get(text) or read_row_label(text, self.words)


def _indent(text: str) -> int:
    return vocabulary.level_of(text)[0]


def _is_scope(flow: str, scope: str) -> bool:
    return bool(flow) and vocabulary.is_within(flow, scope)
