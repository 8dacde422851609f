"""Tables of activity data -> numbers of a method's activities, all faults of a file at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct import dim_names
from carbonacct.catalogue import name_unit
from carbonacct.data import shown_name
from carbonacct.dim_names import called_label, resolve_label
from carbonacct.equations.dimensions import scale_of
from carbonacct.equations.sector import AskedActivity
from carbonacct.errors import (
    ActivityDataError,
    CarbonacctError,
    Finding,
    UnitError,
    did_you_mean,
    name_some,
)
from carbonacct.factors.method_names import find_sources_id
from carbonacct.records.counted_topics import why_no_activity
from carbonacct.records.labelled_rows import tables_in
from carbonacct.records.yearbook_pages import pages_in
from carbonacct.sectors.sources.activity_names import (
    ALL,
    UNSPECIFIED,
    names_of,
    read_items,
)
from carbonacct.sectors.sources.activity_numbers import (
    ActivityNumber,
    AreasAndYears,
    NumberOrigin,
    find_bound_fault,
    find_labels_left_out,
    find_share_faults,
    keep_sectors,
    overruled,
    twice_printed,
)
from carbonacct.sectors.sources.activity_recognition import NEEDED, partition_words
from carbonacct.sectors.sources.activity_totals import find_wholes_of_kinds, settle_wholes
from carbonacct.sectors.sources.departments import Forms, find_silent
from carbonacct.sectors.sources.magnitudes import check_magnitudes
from carbonacct.sectors.sources.method_labels import area_partitions, groups_of, usable_labels
from carbonacct.sectors.sources.page_numbers import is_page_of, read_page_numbers
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.sheets.values import BLANK, MARK, NUMBER, STATUS_NAMES, read_value
from carbonacct.texts import Both, add_unit, join_texts, say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from carbonacct.factors.keyed import Parameter
    from carbonacct.records.labelled_rows import LabelledRow, LabelledTable
    from carbonacct.sectors.sources.activity_names import NameMeaning, Names
    from carbonacct.sectors.sources.departments import Unanswered
    from carbonacct.sectors.sources.page_numbers import PageNumbers

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
    unanswered
        What the forms of departments ask for and nobody gives.
    """

    method: str
    rows: pd.DataFrame
    files: tuple[Path, ...] = ()
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = field(default=())
    unanswered: tuple[Unanswered, ...] = ()


def read_activities(
    paths: Iterable[Path],
    method: str,
    *,
    area: str | None = None,
    year: int | None = None,
    sectors: Sequence[str] | None = None,
    areas: Sequence[str] = (),
    years: Collection[int] = (),
) -> Activities:
    """Read activity data: long tables, templates that were filled in, pages of yearbooks.

    Parameters
    ----------
    area, year
        Of rows that name none; of a page of many years, the year to take.
    sectors
        Rows that only other sectors use are passed over, with a finding.
    areas
        Areas of the balances beside them, whose spelling is kept; pages of others are passed over.
    years
        Years of the balances: pages count for these alone, but for what looks back.

    Raises
    ------
    ActivityDataError
        Every fault of the files, one a line: ``file!sheet!cell: what is wrong; what to do``.
    TableError
        If a file cannot be read.
    """
    method = find_sources_id(method)
    names = names_of(method)
    reader = _ActivityReader(names, AreasAndYears(area, year, areas))
    files = tuple(paths)
    pages = []
    for path in files:
        sheets = read_sheets(path)
        tables = tables_in(sheets, "activity", needed=NEEDED, faults=reader.faults)
        for table in tables:
            reader.read(table)
        held = {(table.sheet.file, table.sheet.name) for table in tables}
        printed = pages_in(one for one in sheets if (one.file, one.name) not in held)
        if is_page_of(names, printed):
            wanted = years or ({year} if year else ())
            pages.append(read_page_numbers(names, printed, reader.places, years=wanted))
        elif not tables:
            reader.faults.append(
                say(
                    "{path}: has no table of activity data; its head is "
                    "area,year,activity,item,value,unit,source,note",
                    path=shown_name(path),
                )
            )
    reader.join(pages)
    reader.faults += find_share_faults(names, reader.found)
    if reader.faults:
        raise ActivityDataError(join_texts("\n", dict.fromkeys(reader.faults)))
    found, passed = keep_sectors(names, reader.found, sectors)
    unanswered = reader.forms.list_unanswered(found)
    rows = _to_frame(names, found)
    return Activities(
        method=method,
        rows=rows,
        files=files,
        groups=reader.groups,
        findings=(
            *reader.findings,
            *passed,
            *find_labels_left_out(names, found),
            *check_magnitudes(names, rows),
            *find_silent(names, reader.forms.count(), unanswered),
        ),
        unanswered=tuple(unanswered),
    )


def is_unfilled(path: Path) -> bool:
    """Return whether a file is a table of activity data in which nothing is filled in yet.

    A group of the area (a climate) alone makes no number. A form of a department is an answer even
    where it is empty. What cannot be read, or is no such table, is for :func:`read_activities`
    to tell.
    """
    faults: list[str] = []
    try:
        sheets = read_sheets(path)
        tables = tables_in(sheets, "activity", needed=NEEDED, faults=faults)
    except CarbonacctError:
        return False
    held = {table.sheet.name for table in tables}
    is_page = any(pages_in(one for one in sheets if one.name not in held))
    filled = (
        row
        for table in tables
        for row in table.rows()
        if read_value(row.cell("value"))[1] != BLANK or row.text("department")
    )
    return bool(tables) and not (faults or is_page or any(True for _ in filled))


class _ActivityReader:
    """Goes over the rows of tables and keeps what is understood and what is wrong."""

    def __init__(self, names: Names, places: AreasAndYears) -> None:
        self.names, self.places = names, places
        self.faults: list[str] = []
        self.findings: list[Finding] = []
        self.found: dict[tuple[Any, ...], ActivityNumber] = {}
        self.groups: dict[str, dict[str, str]] = {}
        self.forms = Forms()
        self._partitions = area_partitions(names.sectors)
        self._partition_words = partition_words(names)

    def read(self, table: LabelledTable) -> None:
        """Read the rows of a table in which a value stands."""
        for row in table.rows():
            if partition := self._partition_words.get(fold(row.text("activity"))):
                self._read_group(row, partition)
                continue
            self.forms.note(row, self.names)
            if read_value(row.cell("value"))[1] == BLANK:
                continue
            before = len(self.faults)
            number = self._read_row(row)
            if number is None or len(self.faults) > before:
                continue
            other = self.found.setdefault(number.key, number)
            if other is not number:
                self.faults.append(twice_printed(number, other))

    def join(self, pages: Sequence[PageNumbers]) -> None:
        """Take in what pages print: a table stands before it, and parts before their total, of tables too."""
        for page in pages:
            self.faults += page.faults
            self.findings += page.findings
        for number in (number for page in pages for number in page.numbers):
            self._take_printed(number)
        wholes = [whole for page in pages for whole in page.wholes]
        for whole in find_wholes_of_kinds(self.found.values()):
            del self.found[whole.number.key]
            wholes.append(whole)
        made, findings = settle_wholes(wholes, self.found.values())
        self.findings += findings
        for number in made:
            self._take_printed(number)

    def _take_printed(self, number: ActivityNumber) -> None:
        other = self.found.setdefault(number.key, number)
        if other is number or number.agrees_with(other):
            if number.origin.rounding < other.origin.rounding:
                self.found[number.key] = number  # the same with more digits
        elif other.origin.is_page:
            self.faults.append(twice_printed(number, other))
        else:
            self.findings.append(overruled(number, other))

    def _read_group(self, row: LabelledRow, partition: str) -> None:
        """Read which group of a partition an area is in; a row that names none is not filled in."""
        group = row.text("item").removesuffix(".0")
        if not group:
            return
        group = resolve_label(partition, group) or group
        known = groups_of(partition, self._partitions[partition])
        area = self.places.spell(row.text("area"))
        if group not in known:
            near = did_you_mean(group, known) or say("known: {known}", known=name_some(known, 12))
            self._fault(
                row,
                "item",
                say(
                    "{partition} has no group {group!r}; {near}",
                    partition=called_label("partition", partition),
                    group=group,
                    near=near,
                ),
            )
        elif not area:
            self._fault(
                row,
                "area",
                say(
                    "{partition} has no area; write whose group it is",
                    partition=called_label("partition", partition),
                ),
            )
        elif self.groups.setdefault(partition, {}).setdefault(area, group) != group:
            self._fault(
                row,
                "item",
                say(
                    "{area} is in two groups of {partition}; keep one",
                    area=area,
                    partition=called_label("partition", partition),
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
            self.findings.append(_mark_finding(row, self.names.called(meaning.symbol)))
            return None
        area = self.places.spell(row.text("area"))
        if isinstance(about, AskedActivity):  # a factor that is stated may hold for all
            for column, given in (("area", area), ("year", year)):
                if not given and not row.text(column):
                    text = say(
                        "{id} has no {column}; write it in the column {column}",
                        id=self.names.called(about.id),
                        column=column,
                    )
                    self._fault(
                        row,
                        column,
                        say("{text}, or give {option}", text=text, option=f"--{column}"),
                    )
        return ActivityNumber(
            symbol=meaning.symbol,
            called=self.names.called(meaning.symbol),
            area=area,
            year=year,
            labels=labels,
            value=value,
            notation=notation,
            origin=NumberOrigin(
                where=row.address("value"),
                item=row.address("item"),
                printed=f"{row.text('value')} {row.text('unit')}",
                source=row.text("source"),
            ),
        )

    def _fault(self, row: LabelledRow, column: str, text: str) -> None:
        self.faults.append(say("{address}: {text}", address=row.address(column), text=text))

    def _read_name(self, row: LabelledRow) -> NameMeaning | None:
        name = row.text("activity")
        if not name:
            self._fault(row, "activity", say("the row names no activity; write its id or its name"))
            return None
        found = self.names.find(name)
        if len(found) == 1:
            return found[0]
        if found:
            symbols = join_texts(", ", (self.names.called(one.symbol) for one in found))
            self._fault(
                row,
                "activity",
                say(
                    "{name!r} may be {meaning}; write the id that is meant",
                    name=name,
                    meaning=symbols,
                ),
            )
            return None
        if why := self.names.why_not(name) or why_no_activity(name):
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
            return self.places.year
        found = _YEAR.fullmatch(text)
        if found is None:
            self._fault(row, "year", say("{text!r} is no year; write four digits", text=text))
            return 0
        return int(found[1])

    def _read_labels(
        self, row: LabelledRow, about: AskedActivity | Parameter, meaning: NameMeaning
    ) -> tuple[tuple[str, str], ...]:
        text = row.text("item")
        found, left = read_items(about, text)
        labels = dict(meaning.labels)
        if left:
            self._fault(
                row,
                "item",
                say(
                    "{id} has no item {left!r}; {known_items}",
                    id=self.names.called(about.id),
                    left=left,
                    known_items=_known_items(about, left),
                ),
            )
            return ()
        for dim in labels.keys() & found.keys():
            if labels[dim] != found[dim]:
                text = say(
                    "{text!r} says {meaning}, the item {found}",
                    text=row.text("activity"),
                    meaning=dim_names.called_label(dim, labels[dim]),
                    found=dim_names.called_label(dim, found[dim]),
                )
                self._fault(row, "item", say("{text}; make them agree", text=text))
        found = {**labels, **found}
        for dim in about.dims:
            if dim in found:
                continue
            known = dim_names.dim_labels(dim)
            if not known or UNSPECIFIED in known:
                found[dim] = UNSPECIFIED if known else ALL
            else:
                usable = [
                    dim_names.called_label(dim, label)
                    for label in usable_labels(self.names.using(about.id)[0], about.id, dim)
                ]
                known_text = say(": {known}", known=name_some(usable, 12)) if usable else ""
                self._fault(
                    row,
                    "item",
                    say(
                        "{id} is split by {dim}; say which{known_text}",
                        id=self.names.called(about.id),
                        dim=Both(dim, "类别"),
                        known_text=known_text,
                    ),
                )
        return tuple((dim, found[dim]) for dim in about.dims if dim in found)

    def _read_amount(
        self, row: LabelledRow, about: AskedActivity | Parameter, labels: Mapping[str, str]
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
                say(
                    "{id} has no unit; write {declared}",
                    id=self.names.called(about.id),
                    declared=Both(declared, name_unit(declared, "zh")),
                ),
            )
            return value, ""
        try:
            value *= scale_of(unit or "1", declared)
        except UnitError as error:
            text = say(
                "{id} is measured in {declared}: {error}; correct the unit",
                id=self.names.called(about.id),
                declared=Both(declared, name_unit(declared, "zh")),
                error=error,
            )
            self._fault(row, "unit", text)
            return value, ""
        if fault := find_bound_fault(self.names, about, value, declared):
            self._fault(row, "value", fault)
        return value, ""


def _known_items(about: AskedActivity | Parameter, word: str) -> str:
    if not about.dims:
        return say("it is not split by items: leave the item blank")
    known = [(dim, label) for dim in about.dims for label in dim_names.dim_labels(dim)]
    words = [word for dim, label in known for word in (label, *dim_names.dim_labels(dim)[label])]
    listed = [dim_names.called_label(dim, label) for dim, label in known]
    return did_you_mean(word, words) or say("known: {known}", known=name_some(listed, 12))


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
        source = number.origin.source
        language = "en" if source.isascii() else "zh"  # one place in both: brackets of its source
        places.append(add_unit(number.origin.where, source, language))
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
