"""The layouts of official tables: rows with the categories that each takes, one file a table."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct.categories import categories
from carbonacct.data import data_folder, read_toml
from carbonacct.errors import FactorDataError, MethodError, did_you_mean
from carbonacct.inventory.metrics import name_gas_above
from carbonacct.texts import add_unit_below, as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

KINDS = ("direct", "scope2", "scope3", "memo")
FUELS = ("", "fossil", "biomass")
SCALES = {"t": 1.0, "kt": 1e-3, "10kt": 1e-4}
UNITS = {"t": ("t", "t"), "kt": ("kt", "kt"), "10kt": ("万吨", "10⁴ t")}
_SELECTORS = ("of", "sources", "items", "fuel", "kind")
_TITLES = ("title_zh", "title_en", "sheet_zh", "sheet_en")
_NEEDED = (*_TITLES, "reference", "status", "unit", "gases")
_LISTS = ("gases", "sectors", "notes_zh", "notes_en")
_LAYOUT = (
    *_NEEDED,
    "sectors",
    "notes_zh",
    "notes_en",
    "each_gas",
    "at_users",
    "renames",
    "states_quality",
)
_OF_ROW = ("code", "level", "zh", "en", "sum", "optional", "part_of", "keys", "also", "extra")
_ROW = (*_OF_ROW, *_SELECTORS)


@dataclass(frozen=True)
class OfficialColumn:
    """A column of a table: a gas, a kind of gases or all of them, its unit; CO2e, or a mass."""

    gas: str
    unit: str
    is_equivalent: bool = False

    @property
    def name(self) -> str:
        """Return the name of the column in a table for programs."""
        return f"{self.gas}_{self.unit}"

    def heading(self, lang: str) -> str:
        """Return what people read above it."""
        return add_unit_below(
            name_gas_above(self.gas, lang), UNITS[self.unit][0 if lang == "zh" else 1], lang
        )


@dataclass(frozen=True)
class Selector:
    """Which entries a row takes, if no other row is nearer to them.

    Attributes
    ----------
    of
        Categories: an entry of one of them, or below it.
    sources, items
        Flows and products of entries; any where there are none.
    fuel
        ``"fossil"`` or ``"biomass"``, or any.
    kind
        ``"direct"`` (emissions and removals), ``"scope2"``, ``"scope3"`` or ``"memo"``.
    """

    of: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    fuel: str = ""
    kind: str = "direct"

    @property
    def takes_any(self) -> bool:
        """Return whether it names nothing: such a row takes no entry of its own."""
        return not (self.of or self.sources or self.items) and self.kind == "direct"


@dataclass(frozen=True)
class Row:
    """A row of an official table.

    Attributes
    ----------
    level
        A row holds those below it that have a higher level, down to the next of its own.
    selectors
        What it takes itself.
    sums
        Codes of the rows that it adds up instead.
    optional
        Left out where it holds no entry.
    part_of
        Code of the row that holds its part where it has no number: IE then, if that one has.
    keys
        Notation keys of the table itself, by gas: what stands where there is no number.
    extra
        Cells of more columns of the table, such as the scope.
    """

    code: str
    zh: str
    en: str
    level: int = 0
    selectors: tuple[Selector, ...] = ()
    sums: tuple[str, ...] = ()
    optional: bool = False
    part_of: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OfficialLayout:
    """An official table: its title, unit and rows.

    Attributes
    ----------
    sheet_zh, sheet_en
        Short names, of sheets.
    unit
        Of its masses: ``"t"``, ``"kt"`` or ``"10kt"``.
    gases
        Its columns; ``HFCs`` and ``PFCs`` are kinds, whose gases only a metric adds up.
    each_gas
        Whether each fluorinated gas has a column of its own, even where a metric is named.
    sectors
        Its sectors; all where none is named.
    notes_zh, notes_en
        What people should know of it.
    at_users
        Whether electricity and heat are counted where they are used.
    renames
        Notation keys that the table does not know, and what it has for them.
    states_quality
        Whether rows state the quality of activity data and factors.
    """

    id: str
    title_zh: str
    title_en: str
    sheet_zh: str
    sheet_en: str
    reference: str
    status: str
    unit: str
    gases: tuple[str, ...]
    rows: tuple[Row, ...]
    each_gas: bool = False
    sectors: tuple[str, ...] = ()
    notes_zh: tuple[str, ...] = ()
    notes_en: tuple[str, ...] = ()
    at_users: bool = False
    renames: Mapping[str, str] = field(default_factory=dict)
    states_quality: bool = False

    def within(self, place: int) -> list[int]:
        """Return the places of the rows that a row adds up, itself first."""
        row = self.rows[place]
        if row.sums:
            codes = [one.code for one in self.rows]
            return [inner for code in row.sums for inner in self.within(codes.index(code))]
        found = [place]
        for below in range(place + 1, len(self.rows)):
            if self.rows[below].level <= row.level or self.rows[below].sums:
                break
            found.append(below)
        return found

    def above(self, place: int) -> int:
        """Return the place of the row that holds a row, or -1."""
        level = self.rows[place].level
        for place_above in range(place - 1, -1, -1):
            if self.rows[place_above].level < level and not self.rows[place_above].sums:
                return place_above
        return -1


@cache
def official_ids() -> tuple[str, ...]:
    """Return the ids of the official tables that a record of all sectors fills.

    Examples
    --------
    >>> {"provincial", "provincial-energy", "provincial-waste"} <= set(official_ids())
    True
    """
    return tuple(sorted(path.stem for path in (data_folder() / "reports").glob("*.toml")))


@cache
def load_layout(table: str) -> OfficialLayout:
    """Return the layout of an official table.

    Parameters
    ----------
    table
        One of :func:`official_ids`.

    Raises
    ------
    MethodError
        If there is no such table.
    FactorDataError
        If its file is wrong, all faults at once.

    Examples
    --------
    >>> load_layout("provincial").rows[0].en
    'Total with land use change and forestry'
    """
    if table not in official_ids():
        raise MethodError(
            say(
                "no table {table!r}; {near} known: {known}",
                table=table,
                near=did_you_mean(table, official_ids()),
                known=as_typed(official_ids()),
            )
        )
    return read_layout(data_folder() / "reports" / f"{table}.toml")


def read_layout(path: Path) -> OfficialLayout:
    """Return the layout that a file holds.

    Raises
    ------
    FactorDataError
        If it is wrong, all faults at once.
    """
    try:
        content = read_toml(path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FactorDataError(say("{file}: {reason}", file=path.name, reason=str(error))) from None
    faults = list(_find_faults(content))
    if faults:
        lines = [say("{file}: {fault}", file=path.name, fault=fault) for fault in faults]
        raise FactorDataError(join_texts("\n", lines))
    named = {name: content[name] for name in _LAYOUT if name in content}
    for name in _LISTS:
        named[name] = tuple(named.get(name, ()))
    return OfficialLayout(id=path.stem, rows=tuple(map(_make_row, content["rows"])), **named)


def _make_row(row: Mapping[str, Any]) -> Row:
    selectors = [_make_selector(row), *([_make_selector(row["also"])] if "also" in row else [])]
    return Row(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        level=row.get("level", 0),
        selectors=tuple(one for one in selectors if not one.takes_any),
        sums=tuple(row.get("sum", ())),
        optional=row.get("optional", False),
        part_of=row.get("part_of", ""),
        keys=row.get("keys", {}),
        extra=row.get("extra", {}),
    )


def _make_selector(row: Mapping[str, Any]) -> Selector:
    return Selector(
        of=tuple(row.get("of", ())),
        sources=tuple(row.get("sources", ())),
        items=tuple(row.get("items", ())),
        fuel=row.get("fuel", ""),
        kind=row.get("kind", "direct"),
    )


def _find_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the content of a file."""
    for name in sorted({*_NEEDED, "rows"} - set(content)):
        yield say("{key} is missing", key=name)
    yield from _find_unknown(content, (*_LAYOUT, "rows"))
    if content.get("unit", "t") not in SCALES:
        yield say(
            "unit is {unit!r}; known: {known}", unit=content["unit"], known=join_texts(", ", SCALES)
        )
    rows = content.get("rows", [])
    codes = [row.get("code", "") for row in rows]
    for row in rows:
        code = row.get("code", "?")
        yield from (
            say("row {code}: {fault}", code=code, fault=fault) for fault in _find_in_row(row, codes)
        )
    yield from _find_shared(rows)
    yield from _find_circles(rows)


def _find_unknown(content: Mapping[str, Any], known: Sequence[str]) -> Iterator[str]:
    for name in sorted(set(content) - set(known)):
        near = did_you_mean(name, known)
        yield say("{key!r} is not one of its keys; {near}", key=name, near=near)


def _find_in_row(row: Mapping[str, Any], codes: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with one row."""
    for name in ("code", "zh", "en"):
        if not row.get(name):
            yield say("{key} is missing", key=name)
    yield from _find_unknown(row, _ROW)
    if codes.count(row.get("code", "")) > 1:
        yield say("is there twice")
    for code in (*row.get("sum", ()), *([row["part_of"]] if "part_of" in row else [])):
        if code not in codes:
            yield say("names {code}, which is no row", code=code)
    for selector in (row, row.get("also", {})):
        yield from _find_wrong(selector)


def _find_shared(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what two rows take alike: an entry stands in one row."""
    taken: dict[tuple[Any, ...], str] = {}
    for row in rows:
        code = row.get("code", "?")
        for selector in (row, row.get("also", {})):
            others = tuple(str(selector.get(name)) for name in _SELECTORS[1:])
            for category in selector.get("of", ()):
                first = taken.setdefault((category, *others), code)
                if first != code:
                    yield say(
                        "row {code}: takes {category}, which row {first} takes already",
                        code=code,
                        category=category,
                        first=first,
                    )


def _find_circles(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the rows that add up one another: neither has a number of its own."""
    sums = {row.get("code", "?"): tuple(row.get("sum", ())) for row in rows}
    told = set[str]()
    for start in sums:
        path = _find_way(start, sums)
        if path and not told & set(path):
            told |= set(path)
            ways = join_texts(" -> ", [*path, start])
            yield say(
                "rows {path} add up one another; name in sum rows that do not lead back", path=ways
            )


def _find_way(start: str, sums: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the rows from one by its sums back to itself, or none."""
    seen = set[str]()
    waiting = [[start]]
    while waiting:
        path = waiting.pop()
        for code in sums.get(path[-1], ()):
            if code == start:
                return path
            if code not in seen:
                seen.add(code)
                waiting.append([*path, code])
    return []


def _find_wrong(selector: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the words that select entries."""
    for code in selector.get("of", ()):
        if code not in categories():
            near = did_you_mean(code, categories())
            yield say("{code} is no category; {near}", code=code, near=near)
    for name, known in (("fuel", FUELS), ("kind", KINDS)):
        if selector.get(name, known[0]) not in known:
            shown = ", ".join(filter(None, known))
            yield say(
                "{key} is {word!r}; known: {known}", key=name, word=selector[name], known=shown
            )
