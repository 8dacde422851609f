"""A mapping file: a table's own words, given an id. Layouts that ship with the package have the same shape.

A mapping is a CSV with the header ``kind,name,id,sign,note``. Kinds: ``flow``, ``product``,
``unit`` (id is a unit such as ``1e4 t``), ``area``, ``ignore_row``, ``ignore_column``, and
``match``: a text that must stand somewhere in the sheet for a layout to apply. A flow's name may be
``above>name``: then it holds only below a row named ``above``. A product's name may end in ``#2``:
the second column of that name. A unit's name is a printed unit, a header, or a product (by its id
or name) that prints none; a unit or area named ``*`` holds wherever the table says nothing.
``basis`` (its name is ``gross`` or ``net``) says what the table means by energy, ``decimal`` (``,``
or ``.``) how it writes decimals; a ``mark`` stands where a number would (its id is a kind of
nothing, ``mark`` if left blank), a ``flag`` beside one (its note says what it means). ``column``
names the header of a column by what it holds. ``sheet`` names a sheet of a workbook (``*`` stands
for any text; behind ``file.xlsx!`` that of one file), its id is ``read`` or ``pass over``; if any is
read, all others are passed over. The id
``pass over`` leaves a row or column out, and its note says why. Header and kinds may stand in Chinese
(类别,名称,编码,符号,备注; 项目, 品种: see
``factors/vocabulary/mapping_words.csv``). Columns behind these are for people
(:func:`carbonacct.propose_mapping` writes them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from carbonacct import vocabulary
from carbonacct.answers import may_keep
from carbonacct.balances.words.compounds import Compound
from carbonacct.balances.words.mapping_lines import name_as_id, read_mapping_lines
from carbonacct.data import list_data, shown_name
from carbonacct.errors import TableError, UnitError, did_you_mean
from carbonacct.sheets.sheet_choice import SheetLine, read_by_name, split_file
from carbonacct.sheets.values import STATUS_NAMES
from carbonacct.texts import join_texts, say
from carbonacct.units import fold_unit, parse_unit, read_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Mapping as AnyMapping

    from carbonacct.balances.amounts.conversions import Basis

_Answer = TypeVar("_Answer")
_MAX_MEMORY = 20_000
_KINDS = (
    "flow",
    "product",
    "unit",
    "area",
    "ignore_row",
    "ignore_column",
    "match",
    "basis",
    "decimal",
    "mark",
    "flag",
    "column",
    "sheet",
)
# What a column may hold, and the word for it in headers.
COLUMN_IDS = {
    "flow": "label",
    "product": "product",
    "area": "area",
    "year": "year",
    "unit": "unit",
    "value": "physical",
    "standard": "standard",
    "status": "status",
}
SUM = "sum"  # of a column of objects: each is of the branch in its row, and they add up
LEFT_OUT = say("pass over")
LEFT_OUT_ZH = "略过"
READ = say("read")
_BOTH = " + "  # farming + diesel: a label that names a flow and a product
_CODE = "="  # around a mark that is one word
_WORD = re.compile(r"[A-Za-z0-9_]+")
_CHOSEN_KINDS = frozenset({"flow", "product", "unit", "column", "sheet"})
_BASES: tuple[Basis, ...] = ("gross", "net")
_CHOICES = {"basis": _BASES, "decimal": (",", ".")}


@dataclass(frozen=True)
class Mapping:
    """Words of one table family, folded as labels are folded before they are looked up.

    Attributes
    ----------
    match
        Texts of which one must stand in a sheet for a layout to apply.
    layouts
        The user's own layouts, asked beside those that ship.
    joined
        Labels that join several things, by what they mean beside the others of their sheet.
    objects
        Headers of columns of buildings, enterprises or stations, with the flow of all of them, ""
        where the branch in its row is that of each.
    sheets
        Which sheets of a workbook are read or passed over.
    """

    flows: dict[str, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    signs: dict[str, int] = field(default_factory=dict)
    ignored_rows: frozenset[str] = frozenset()
    ignored_columns: frozenset[str] = frozenset()
    match: tuple[str, ...] = ()
    unit_origins: dict[str, str] = field(default_factory=dict)
    basis: Basis = ""
    decimal: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    layouts: tuple[Mapping, ...] = ()
    joined: dict[str, Compound] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    sheets: tuple[SheetLine, ...] = ()
    memory: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def with_words_of(self, other: Mapping) -> Mapping:
        """Return this mapping with another's words laid over it."""
        return Mapping(
            self.flows | other.flows,
            self.products | other.products,
            self.units | other.units,
            self.areas | other.areas,
            self.signs | other.signs,
            self.ignored_rows | other.ignored_rows,
            self.ignored_columns | other.ignored_columns,
            unit_origins=self.unit_origins | other.unit_origins,
            basis=other.basis or self.basis,
            decimal=other.decimal or self.decimal,
            marks=self.marks | other.marks,
            flags=self.flags | other.flags,
            columns=self.columns | other.columns,
            layouts=(*self.layouts, *other.layouts),
            joined=self.joined | other.joined,
            objects=self.objects | other.objects,
            sheets=(*self.sheets, *other.sheets),
        )

    def remember(self, key: tuple[object, ...], make: Callable[[], _Answer]) -> _Answer:
        """Return the answer to a question about a text under these words; the same labels come back in every table."""
        try:
            return self.memory[key]  # type: ignore[no-any-return]
        except KeyError:
            if len(self.memory) >= _MAX_MEMORY:
                self.memory.clear()
            answer = self.memory[key] = make()
            return answer


def _fold_path(text: str) -> str:
    above, _, below = text.rpartition(">")
    return f"{vocabulary.fold(above)}>{vocabulary.fold(below)}" if above else vocabulary.fold(below)


def read_mapping(path: str | Path, *, origin: str = "") -> Mapping:
    """Return the mapping that a file holds.

    Parameters
    ----------
    path
        A CSV with the header ``kind,name,id,sign,note``; sign and note may be left out.
    origin
        What findings call it; the name of the file if left out.

    Raises
    ------
    TableError
        If the file cannot be read, or a line names a kind or an id that does not exist; all faults
        at once.
    """
    path = Path(path)
    rows = [(_with_id(row), line) for row, line in read_mapping_lines(path)]
    settled = {_file_of(row) for row, _ in rows if row["kind"] == "sheet" and row.get("id") == READ}
    rows = [  # the sheet that is read settles the others
        (row, line)
        for row, line in rows
        if row["kind"] != "sheet" or row.get("id") or _file_of(row) not in settled
    ]
    faults = [
        say("{path}:{line}: {fault}", path=shown_name(path), line=line, fault=fault)
        for row, line in rows
        if (fault := _fault(row))
    ]
    if faults:
        raise TableError(join_texts("; ", faults))
    return make_mapping(
        (row for row, _ in rows), origin or say("the mapping file {name}", name=path.name)
    )


def make_mapping(rows: Iterable[AnyMapping[str, str]], origin: str = "") -> Mapping:
    """Return the mapping of lines without faults.

    Parameters
    ----------
    rows
        What stands in the columns ``kind, name, id, sign, note`` of each line.
    origin
        What findings call it.
    """
    of_kind: dict[str, list[AnyMapping[str, str]]] = {kind: [] for kind in _KINDS}
    joined: dict[str, Compound] = {}
    for row in rows:
        if both := _read_both(row):
            sign = -1 if row.get("sign") in {"-1", "-"} else 1
            joined[vocabulary.fold(row["name"])] = Compound(
                flow=both[0], product=both[1], sign=sign
            )
            continue
        for kind in _kinds_of(row):
            of_kind[kind].append(row)
    return Mapping(
        flows={_fold_path(row["name"]): row["id"] for row in of_kind["flow"]},
        products={vocabulary.fold(row["name"]): row["id"] for row in of_kind["product"]},
        units={fold_unit(row["name"]): _unit_id(row["id"]) for row in of_kind["unit"]},
        areas={vocabulary.fold(row["name"]) or row["name"]: row["id"] for row in of_kind["area"]},
        # Also of labels of both: they are given an id, and may add up.
        signs={name: both.sign for name, both in joined.items()}
        | {
            _fold_path(row["name"]): -1 for row in of_kind["flow"] if row.get("sign") in {"-1", "-"}
        },
        ignored_rows=frozenset(map(_fold_numbered, (row["name"] for row in of_kind["ignore_row"]))),
        ignored_columns=frozenset(vocabulary.fold(row["name"]) for row in of_kind["ignore_column"]),
        match=tuple(_fold_mark(row["name"]) for row in of_kind["match"]),
        unit_origins={fold_unit(row["name"]): origin for row in of_kind["unit"]},
        basis=next(
            (basis for basis in _BASES for row in of_kind["basis"] if row["name"] == basis), ""
        ),
        decimal=next((row.get("id") or row["name"] for row in of_kind["decimal"]), ""),
        marks={row["name"]: row.get("id") or "mark" for row in of_kind["mark"]},
        flags={row["name"]: row.get("note") or row["name"] for row in of_kind["flag"]},
        columns={
            vocabulary.fold(row["name"]): COLUMN_IDS[row["id"]]
            for row in of_kind["column"]
            if row["id"] in COLUMN_IDS
        },
        objects={
            vocabulary.fold(row["name"]): row["id"].removeprefix(SUM)
            for row in of_kind["column"]
            if row["id"] not in COLUMN_IDS
        },
        joined=joined,
        sheets=tuple(map(_read_sheet_line, of_kind["sheet"])),
    )


def _read_sheet_line(row: AnyMapping[str, str]) -> SheetLine:
    file, name = split_file(row["name"])
    return SheetLine(name, is_read=row["id"] == READ, reason=row.get("note", ""), file=file)


def _file_of(row: AnyMapping[str, str]) -> str:
    return split_file(row.get("name", ""))[0].casefold()


def _with_id(row: dict[str, str]) -> dict[str, str]:
    """Return a line whose flow or product is an id; it may stand there by any of its names."""
    named = row.get("id", "")
    row = {**row, "kind": name_as_id(row.get("kind", ""))}
    if named == LEFT_OUT_ZH:
        return {**row, "id": LEFT_OUT}
    if row["kind"] in {"column", "sheet"}:
        return {**row, "id": name_as_id(named)}
    kinds = [kind for kind in vocabulary.KINDS if kind == row.get("kind") and kind != "area"]
    if kinds and (both := _split_both(named)):
        return {**row, "id": _BOTH.join(both)}
    if not kinds or named in {"", LEFT_OUT}:
        return row
    return {**row, "id": vocabulary.resolve(kinds[0], named) or named}


def _split_both(named: str) -> tuple[str, str] | None:
    """Return the flow and the product of an id that names both, by any of their names: farming + diesel, 柴油+农业."""
    parts = [part.strip() for part in named.split(_BOTH.strip())]
    if len(parts) != 2:
        return None
    for flow, product in (parts, parts[::-1]):
        ids = vocabulary.resolve("flow", flow), vocabulary.resolve("product", product)
        if ids[0] and ids[1]:
            return ids[0], ids[1]
    return None


def _read_both(row: AnyMapping[str, str]) -> tuple[str, str] | None:
    """Return the flow and the product that a line gives to one label."""
    return _split_both(row.get("id", "")) if row["kind"] in {"flow", "product"} else None


def _unit_id(text: str) -> str:
    """Return a unit as the registry writes it, or as tables print it."""
    try:
        parse_unit(text)
    except UnitError:
        return read_unit(text)
    return text


def _fold_numbered(label: str) -> str:
    """Fold the label of a row; one that starts with its number is meant with it (7. 工业, not 4.2. 工业)."""
    numbered = vocabulary.fold_case(label)
    return numbered if numbered[:1].isdigit() else vocabulary.fold(label)


def _kinds_of(row: AnyMapping[str, str]) -> tuple[str, ...]:
    """Return the kinds of a line; a flow or a product that is passed over may stand in a row or over a column."""
    kind = row["kind"]
    if row.get("id") != LEFT_OUT or kind == "sheet":
        return (kind,)
    return ("ignore_column",) if kind == "column" else ("ignore_row", "ignore_column")


def _fault(row: dict[str, str]) -> str:
    kind, label, identifier, sign = (row.get(key, "") for key in ("kind", "name", "id", "sign"))
    if kind not in _KINDS:
        return say("kind {kind!r} is not one of {kinds}", kind=kind, kinds=join_texts(", ", _KINDS))
    if not label:
        return say("a {kind} without a name", kind=kind)
    if sign not in {"", "1", "-1", "+", "-"}:
        return say("sign {sign!r} is not 1 or -1", sign=sign)
    if kind in _CHOSEN_KINDS and identifier in {"", LEFT_OUT}:
        return _choice_fault(row)
    known: Iterable[str] = (
        {"flow": vocabulary.flows, "product": vocabulary.products}[kind]()
        if kind in {"flow", "product"} and not _read_both(row)
        else ()
    )
    if known and identifier not in known:
        return say(
            "{kind} {identifier!r} does not exist; {near}",
            kind=kind,
            identifier=identifier,
            near=did_you_mean(identifier, known)
            or say("see the list of {kind}s in the documentation", kind=kind),
        )
    return _value_fault(kind, label, identifier)


def _choice_fault(row: dict[str, str]) -> str:
    """Return what is wrong with a line that leaves out its label, or has no id yet."""
    kind, label, identifier = row["kind"], row["name"], row.get("id", "")
    if identifier and kind == "unit":
        return say("a unit cannot be passed over: give {label!r} one", label=label)
    if identifier:
        return (
            ""
            if row.get("note")
            else say(
                "{label!r} is passed over without a reason; write it into the column note",
                label=label,
            )
        )
    near = row.get("candidates") or (
        READ if kind == "sheet" else say("see the lists in the documentation")
    )
    return say(
        "{kind} {label!r} has no id yet; choose one ({near}), or write {left_out} and "
        "the reason into note",
        kind=kind,
        label=label,
        near=near,
        left_out=LEFT_OUT,
    )


def _value_fault(kind: str, label: str, identifier: str) -> str:
    """Return what is wrong with a unit, a choice, a mark or what a column holds."""
    if kind in {"column", "sheet"}:
        return _word_fault(kind, identifier)
    if kind == "unit":
        try:
            _unit_id(identifier)
        except UnitError as error:
            return str(error)
    if kind == "decimal" and label not in _CHOICES[kind]:  # a number of the table, and its mark
        if not identifier:
            return say("decimal {number} has no mark yet; write . or , into id", number=repr(label))
        label = identifier
    if kind in _CHOICES and label not in _CHOICES[kind]:
        return say(
            "{kind} {label!r} is not {choice}",
            kind=kind,
            label=label,
            choice=join_texts(" or ", _CHOICES[kind]),
        )
    if kind == "mark" and identifier and identifier not in STATUS_NAMES[1:-1]:
        return say(
            "{identifier!r} is not a kind of nothing: {status_names}",
            identifier=identifier,
            status_names=join_texts(", ", STATUS_NAMES[1:-1]),
        )
    return ""


def _word_fault(kind: str, identifier: str) -> str:
    """Return what is wrong with what a column holds, or with what becomes of a sheet."""
    of_objects = identifier == SUM or identifier in vocabulary.flows()
    if kind == "column" and identifier not in COLUMN_IDS and not of_objects:
        return say(
            "a column holds {column_ids}, or objects that add up ({sum}, or the flow of all), not {identifier!r}",
            column_ids=join_texts(", ", COLUMN_IDS),
            sum=SUM,
            identifier=identifier,
        )
    if kind == "sheet" and identifier != READ:
        return say(
            "a sheet has the id {read} or {left_out}, not {identifier!r}",
            read=READ,
            left_out=LEFT_OUT,
            identifier=identifier,
        )
    return ""


@cache
def layouts() -> tuple[Mapping, ...]:
    """Return the layouts that ship with the package or that other packages bring."""
    return tuple(map(_layout, range(len(_layout_files()))))


@cache
def _layout(number: int) -> Mapping:
    return _read_layout(_layout_files()[number])


@cache
def _layout_files() -> tuple[Path, ...]:
    return tuple(list_data("layouts/*.csv").values())


@may_keep
def _layout_marks() -> list[list[str]]:
    """Return the texts that each layout is for; the rest of it is read for a table that has one."""
    return list(map(_read_marks, _layout_files()))


def _read_marks(path: Path) -> list[str]:
    rows = [(name_as_id(row.get("kind", "")), row["name"]) for row, _ in read_mapping_lines(path)]
    if not {kind for kind, _ in rows} <= set(_KINDS):  # match, misspelt: it would be for no table
        return list(_read_layout(path).match)
    return [_fold_mark(name) for kind, name in rows if kind == "match"]


def _fold_mark(name: str) -> str:
    """Return the text by which a layout knows its sheets; a code is a word: OVENCOKE, not in Coke oven coke."""
    return f"{_CODE}{name.casefold()}{_CODE}" if _WORD.fullmatch(name) else vocabulary.fold(name)


def _read_layout(path: Path) -> Mapping:
    layout = read_mapping(path, origin=say("the layout {stem}", stem=path.stem))
    if layout.sheets:
        raise TableError(
            say(
                "{file}: a layout holds for the sheets in which its text stands, and chooses none; "
                "put the lines of sheets into a mapping file",
                file=shown_name(path),
            )
        )
    return layout


def read_words(
    mapping: str | Path | Mapping | None,
    layout: str | Path | None = None,
    sheet: str | Sequence[str] | None = None,
) -> Mapping | None:
    """Return the user's own words: a mapping, the layouts of a folder, and which sheets they are for.

    Parameters
    ----------
    mapping
        A mapping file, or what was read of one.
    layout
        A folder of files like mappings, each with a ``match`` line: a text that must stand in a
        sheet for its words to apply there.
    sheet
        The sheets that are read, whatever the mapping says of sheets.

    Raises
    ------
    TableError
        If a file has faults, there is no such folder, or a layout says of no table that it is its.
    """
    own = mapping if isinstance(mapping, Mapping) or mapping is None else read_mapping(mapping)
    if sheet is not None:
        own = replace(own or Mapping(), sheets=read_by_name(sheet))
    if layout is None:
        return own
    files = sorted(Path(layout).glob("*.csv"))
    if not files:
        raise TableError(
            say("{folder}: is no folder of layouts; put .csv files of words there", folder=layout)
        )
    found = tuple(map(_read_layout, files))
    for file, one in zip(files, found, strict=True):
        if not one.match:
            raise TableError(
                say(
                    "{file}: a layout needs a line match,TEXT: the words of the titles that it is for",
                    file=shown_name(file),
                )
            )
    return replace(own or Mapping(), layouts=found, memory={})


def words_for(texts: Iterable[str], own: Mapping | None) -> Mapping:
    """Return the words for a sheet: the layouts whose match stands in its texts, then the user's own mapping."""
    texts = tuple(texts)
    fitting = tuple(sorted(frozenset().union(*map(_layouts_for, texts))))
    keeper = own if own is not None else _no_words()
    mine = _fit([layout.match for layout in keeper.layouts], texts)
    return keeper.remember(("words", fitting, mine), lambda: _combine(fitting, mine, own))


def _fit(known: Sequence[Sequence[str]], texts: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of the layouts of whose marks one stands in some texts."""
    folded = [vocabulary.fold(text) for text in texts] if known else []
    folded += [
        f"{_CODE}{word}{_CODE}"
        for text in texts
        if known
        for word in _WORD.findall(text.casefold())
    ]
    return tuple(
        number
        for number, marks in enumerate(known)
        if any(mark in text for mark in marks for text in folded)
    )


@lru_cache(maxsize=65536)
def _layouts_for(text: str) -> frozenset[int]:
    """Return the numbers of the layouts whose match stands in a text."""
    return frozenset(_fit(_layout_marks(), [text]))


def _combine(fitting: Sequence[int], mine: Sequence[int], own: Mapping | None) -> Mapping:
    """Return the words of the layouts that fit, the user's own layouts and mapping laid over them."""
    words = Mapping()
    for number in fitting:
        words = words.with_words_of(_layout(number))
    if own is None:
        return words
    for number in mine:
        words = words.with_words_of(own.layouts[number])
    return words.with_words_of(own)


@cache
def _no_words() -> Mapping:
    """Return the keeper of the combined words of those who bring none."""
    return Mapping()
