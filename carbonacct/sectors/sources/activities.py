"""Tables of activity data -> numbers of a method's activities, all faults of a file at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct import vocabulary
from carbonacct.data import shown_name
from carbonacct.equations.dimensions import scale_of
from carbonacct.equations.sector import Activity
from carbonacct.errors import ActivityDataError, Finding, UnitError, did_you_mean, name_some
from carbonacct.factors.method_names import find_method_id
from carbonacct.records.rows import read_tables
from carbonacct.sectors.sources.activity_numbers import (
    ActivityNumber,
    find_labels_left_out,
    find_share_faults,
    keep_sectors,
)
from carbonacct.sectors.sources.labels import area_partitions, groups_of, usable_labels
from carbonacct.sectors.sources.names import UNSPECIFIED, names_of, read_items
from carbonacct.sheets.values import BLANK, MARK, NUMBER, STATUS_NAMES, read_value
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from carbonacct.factors.keyed import Parameter
    from carbonacct.records.rows import LabelledRow, LabelledTable
    from carbonacct.sectors.sources.names import Meaning, Names

_NEEDED = ("activity", "value", "unit")
_YEAR = re.compile(r"\s*((?:19|20|21)\d{2})(?:\.0)?\s*年?\s*")


@dataclass(frozen=True)
class Activities:
    """What tables say of a method's activities, and of factors that a compiler states.

    Attributes
    ----------
    rows
        ``symbol, area, year`` (0 for all years), ``labels`` (pairs of dim and label), ``value`` in
        the declared ``unit`` or NaN with a ``notation`` key, ``place`` (address of the cell, with
        the source that the row states).
    files
        What was read.
    groups
        By partition, the group that each area is said to be in: its climate, its temperature.
    """

    method: str
    rows: pd.DataFrame
    files: tuple[Path, ...] = ()
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = field(default=())


def holds_activities(path: str | Path) -> bool:
    """Return whether a file is a table of activity data: a sheet of it has such a head.

    Raises
    ------
    TableError
        If the file cannot be read.
    """
    return bool(read_tables(path, "activity", needed=_NEEDED, faults=[]))


def read_activities(
    paths: Iterable[Path],
    method: str,
    *,
    area: str | None = None,
    year: int | None = None,
    sectors: Sequence[str] | None = None,
    areas: Sequence[str] = (),
) -> Activities:
    """Read tables of activity data: long tables, or templates that were filled in.

    Parameters
    ----------
    area, year
        Of rows that name none.
    sectors
        Rows that only other sectors use are passed over, with a finding.
    areas
        Areas of the balances beside them, whose spelling is kept.

    Raises
    ------
    ActivityDataError
        Every fault of the files, one a line: ``file!sheet!cell: what is wrong; what to do``.
    TableError
        If a file cannot be read.
    """
    method = find_method_id(method)
    reader = _Reader(names_of(method), area, year, areas)
    files = tuple(paths)
    for path in files:
        tables = read_tables(path, "activity", needed=_NEEDED, faults=reader.faults)
        if not tables:
            reader.faults.append(
                say(
                    "{path}: has no table of activity data; its head is "
                    "area,year,activity,item,value,unit,source,note",
                    path=shown_name(path),
                )
            )
        for table in tables:
            reader.read(table)
    reader.faults += find_share_faults(reader.names, reader.found)
    if reader.faults:
        raise ActivityDataError(join_texts("\n", reader.faults))
    found, passed = keep_sectors(reader.names, reader.found, sectors)
    return Activities(
        method=method,
        rows=_to_frame(reader.names, found),
        files=files,
        groups=reader.groups,
        findings=(*reader.findings, *passed, *find_labels_left_out(found)),
    )


class _Reader:
    """Goes over the rows of tables and keeps what is understood and what is wrong."""

    def __init__(
        self, names: Names, area: str | None, year: int | None, areas: Sequence[str]
    ) -> None:
        self.names, self.area, self.year = names, area, year
        self.faults: list[str] = []
        self.findings: list[Finding] = []
        self.found: dict[tuple[Any, ...], ActivityNumber] = {}
        self.groups: dict[str, dict[str, str]] = {}
        self._partitions = area_partitions(names.sectors)
        self._spelled = {vocabulary.resolve("area", name) or name: name for name in areas}

    def read(self, table: LabelledTable) -> None:
        """Read the rows of a table in which a value stands."""
        for row in table.rows():
            if row.text("activity") in self._partitions:
                self._read_group(row)
                continue
            if read_value(row.cell("value"))[1] == BLANK:
                continue
            before = len(self.faults)
            number = self._read_row(row)
            if number is None or len(self.faults) > before:
                continue
            other = self.found.setdefault(number.key, number)
            if other is not number:
                self.faults.append(
                    say(
                        "{address}: {name} is {value} {unit} here and {other_value} "
                        "{other_unit} in {other_address}; keep one",
                        address=row.address("value"),
                        name=number.name,
                        value=row.text("value"),
                        unit=row.text("unit"),
                        other_value=other.row.text("value"),
                        other_unit=other.row.text("unit"),
                        other_address=other.row.address("value"),
                    )
                )

    def _read_group(self, row: LabelledRow) -> None:
        """Read which group of a partition an area is in; a row that names none is not filled in."""
        partition, group = row.text("activity"), row.text("item").removesuffix(".0")
        if not group:
            return
        known = groups_of(partition, self._partitions[partition])
        area = self._read_area(row)
        if group not in known:
            near = did_you_mean(group, known) or say("known: {known}", known=name_some(known, 12))
            self._fault(
                row,
                "item",
                say(
                    "{partition} has no group {group!r}; {near}",
                    partition=partition,
                    group=group,
                    near=near,
                ),
            )
        elif not area:
            self._fault(
                row,
                "area",
                say("{partition} has no area; write whose group it is", partition=partition),
            )
        elif self.groups.setdefault(partition, {}).setdefault(area, group) != group:
            self._fault(
                row,
                "item",
                say(
                    "{area} is in two groups of {partition}; keep one",
                    area=area,
                    partition=partition,
                ),
            )

    def _read_row(self, row: LabelledRow) -> ActivityNumber | None:
        meaning = self._read_name(row)
        year = self._read_year(row)
        if meaning is None:
            return None
        about = self.names.about(meaning.symbol)
        labels = self._read_labels(row, about, meaning)
        value, notation = self._read_amount(row, about, dict(labels))
        if notation == STATUS_NAMES[MARK]:
            self.findings.append(_mark_finding(row, meaning.symbol))
            return None
        area = self._read_area(row)
        if isinstance(about, Activity):  # a factor that is stated may hold for all
            for column, said in (("area", area), ("year", year)):
                if not said and not row.text(column):
                    text = say(
                        "{id} has no {column}; write it in the column {column}",
                        id=about.id,
                        column=column,
                    )
                    self._fault(
                        row, column, say("{text}, or give --{column}", text=text, column=column)
                    )
        return ActivityNumber(
            symbol=meaning.symbol,
            area=area,
            year=year,
            labels=labels,
            value=value,
            notation=notation,
            row=row,
        )

    def _fault(self, row: LabelledRow, column: str, text: str) -> None:
        self.faults.append(say("{address}: {text}", address=row.address(column), text=text))

    def _read_name(self, row: LabelledRow) -> Meaning | None:
        name = row.text("activity")
        if not name:
            self._fault(row, "activity", say("the row names no activity; write its id or its name"))
            return None
        found = self.names.find(name)
        if len(found) == 1:
            return found[0]
        if found:
            said = join_texts(", ", (meaning.symbol for meaning in found))
            self._fault(
                row,
                "activity",
                say("{name!r} may be {said}; write the id that is meant", name=name, said=said),
            )
            return None
        if why := self.names.why_not(name):
            self._fault(
                row,
                "activity",
                say(
                    "{name!r} is no activity of {method}: {why}",
                    name=name,
                    method=self.names.method,
                    why=why,
                ),
            )
            return None
        near = self.names.near(name) or say(
            "carbonacct activities --method {method} lists them", method=self.names.method
        )
        self._fault(
            row,
            "activity",
            say(
                "{method} has no activity {name!r}; {near}",
                method=self.names.method,
                name=name,
                near=near,
            ),
        )
        return None

    def _read_year(self, row: LabelledRow) -> int:
        text = row.text("year")
        if not text:
            return self.year or 0
        found = _YEAR.fullmatch(text)
        if found is None:
            self._fault(row, "year", say("{text!r} is no year; write four digits", text=text))
            return 0
        return int(found[1])

    def _read_area(self, row: LabelledRow) -> str:
        """Return the area as the balances spell it, or as it was first spelled."""
        name = row.text("area") or self.area or ""
        return self._spelled.setdefault(vocabulary.resolve("area", name) or name, name)

    def _read_labels(
        self, row: LabelledRow, about: Activity | Parameter, meaning: Meaning
    ) -> tuple[tuple[str, str], ...]:
        text = row.text("item")
        found, left = read_items(about, text)
        said = dict(meaning.labels)
        if left:
            self._fault(
                row,
                "item",
                say(
                    "{id} has no item {left!r}; {known_items}",
                    id=about.id,
                    left=left,
                    known_items=_known_items(about, left),
                ),
            )
            return ()
        for dim in said.keys() & found.keys():
            if said[dim] != found[dim]:
                text = say(
                    "{text!r} says {said}, the item {found}",
                    text=row.text("activity"),
                    said=said[dim],
                    found=found[dim],
                )
                self._fault(row, "item", say("{text}; make them agree", text=text))
        found = {**said, **found}
        for dim in about.dims:
            if dim in found:
                continue
            if UNSPECIFIED in vocabulary.dim_labels(dim):
                found[dim] = UNSPECIFIED
            else:
                known = usable_labels(self.names.using(about.id)[0], about.id, dim)
                known_text = say(": {known}", known=name_some(known, 12)) if known else ""
                self._fault(
                    row,
                    "item",
                    say(
                        "{id} is split by {dim}; say which{known_text}",
                        id=about.id,
                        dim=dim,
                        known_text=known_text,
                    ),
                )
        return tuple((dim, found[dim]) for dim in about.dims if dim in found)

    def _read_amount(
        self, row: LabelledRow, about: Activity | Parameter, labels: Mapping[str, str]
    ) -> tuple[float, str]:
        """Return the value in the declared unit, or NaN and a notation key or the word mark."""
        value, status = read_value(row.cell("value"))
        if status != NUMBER:
            key = STATUS_NAMES[status]
            if key == "unreadable":
                text = say(
                    "{value!r} is no number; write one, or NO, NE, IE or C", value=row.text("value")
                )
                self._fault(row, "value", text)
            return math.nan, key
        declared = about.unit.replace("{gas}", labels.get("gas", "{gas}"))
        unit = row.text("unit")
        if not unit and declared != "1":
            self._fault(
                row,
                "unit",
                say("{id} has no unit; write {declared}", id=about.id, declared=declared),
            )
            return value, ""
        try:
            value *= scale_of(unit or "1", declared)
        except UnitError as error:
            text = say(
                "{id} is measured in {declared}: {error}; correct the unit",
                id=about.id,
                declared=declared,
                error=error,
            )
            self._fault(row, "unit", text)
            return value, ""
        if not math.isfinite(value) or not about.minimum <= value <= about.maximum:
            bounds = _bounds(about)
            shown = f"{value:g} {declared}".removesuffix(" 1")
            self._fault(
                row,
                "value",
                say("{id} is {shown}; {bounds}", id=about.id, shown=shown, bounds=bounds),
            )
        return value, ""


def _bounds(about: Activity | Parameter) -> str:
    if about.maximum == math.inf:
        return say("it cannot be below {minimum:g}; correct it", minimum=about.minimum)
    hint = say("; a percentage has the unit %") if about.maximum == 1 else say("; correct it")
    return say(
        "it lies between {minimum:g} and {maximum:g}{hint}",
        minimum=about.minimum,
        maximum=about.maximum,
        hint=hint,
    )


def _known_items(about: Activity | Parameter, word: str) -> str:
    if not about.dims:
        return say("it is not split by items: leave the item blank")
    known = [
        name
        for dim in about.dims
        for identifier, names in vocabulary.dim_labels(dim).items()
        for name in (identifier, *names)
    ]
    return did_you_mean(word, known) or say("known: {known}", known=name_some(known[::3], 12))


def _mark_finding(row: LabelledRow, symbol: str) -> Finding:
    return Finding(
        "activity-mark",
        "warning",
        say(
            "{symbol}: {text!r} is no number and is passed over",
            symbol=symbol,
            text=row.text("value"),
        ),
        row.address("value"),
        say("write 0, or a notation key (NO, NE, IE, C)"),
    )


def _to_frame(names: Names, found: Sequence[ActivityNumber]) -> pd.DataFrame:
    places = []
    for number in found:
        source = number.row.text("source")
        places.append(
            number.row.address("value") + (say(" ({source})", source=source) if source else "")
        )
    return pd.DataFrame(
        {
            "symbol": pd.Series([number.symbol for number in found], dtype=object),
            "area": pd.Series([number.area for number in found], dtype=object),
            "year": pd.Series([number.year for number in found], dtype=int),
            "labels": pd.Series([number.labels for number in found], dtype=object),
            "value": pd.Series([number.value for number in found], dtype=float),
            "unit": pd.Series([names.about(number.symbol).unit for number in found], dtype=object),
            "notation": pd.Series([number.notation for number in found], dtype=object),
            "place": pd.Series(places, dtype=object),
        }
    )
