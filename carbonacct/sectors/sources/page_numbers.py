"""Pages of yearbooks -> numbers of a method's activities; what else stands there is listed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonacct.dim_names import dim_labels
from carbonacct.equations.dimensions import scale_of
from carbonacct.errors import Finding, UnitError, name_some
from carbonacct.sectors.sources.activity_names import ALL, UNSPECIFIED, sector_name
from carbonacct.sectors.sources.activity_numbers import (
    ActivityNumber,
    NumberOrigin,
    find_bound_fault,
)
from carbonacct.sectors.sources.activity_totals import Whole, whole_of
from carbonacct.sectors.sources.page_meaning import PageMeaning, find_page_meaning
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from carbonacct.records.yearbook_pages import PrintedNumber
    from carbonacct.sectors.sources.activity_names import Names
    from carbonacct.sectors.sources.activity_numbers import AreasAndYears

_MOST_NAMED = 12
_DECIMALS = re.compile(r"\.(\d+)")


@dataclass
class PageNumbers:
    """What the pages of some files say of a method's activities.

    Attributes
    ----------
    numbers
        Those that say all labels of their activity.
    wholes
        Numbers of several parts (牛 beside 奶牛), which count where parts do not explain them.
    """

    numbers: list[ActivityNumber] = field(default_factory=list)
    wholes: list[Whole] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def is_page_of(names: Names, printed: Sequence[PrintedNumber]) -> bool:
    """Return whether some numbers of pages are activities of a method, or may be.

    What only energy asks for is no sign: tables of fuels print the gas that is consumed too.
    """
    symbols = {
        found.symbol
        for one in printed
        if (found := find_page_meaning(names, one)).kind in {"activity", "asked"} and found.symbol
    }
    return any(sector_name(one.id) != "energy" for symbol in symbols for one in names.using(symbol))


def read_page_numbers(
    names: Names,
    printed: Sequence[PrintedNumber],
    places: AreasAndYears,
    *,
    years: Collection[int] = (),
) -> PageNumbers:
    """Return what the pages of a file say of a method's activities.

    Parameters
    ----------
    printed
        Of :func:`carbonacct.records.yearbook_pages.pages_in`.
    places
        The area and year of numbers that name none; where it knows the areas of balances, others are passed over.
    years
        Those of the balances beside it, if any: other years are passed over, but of what looks back over years.
    """
    reader = _PageReader(names, places, set(years))
    for one in printed:
        reader.read(one)
    made = reader.made
    made.findings += reader.list_passed()
    made.faults += reader.list_asked()
    return made


class _PageReader:
    def __init__(self, names: Names, places: AreasAndYears, years: set[int]) -> None:
        self.names, self.places, self.years = names, places, years
        self.made = PageNumbers()
        self._passed: dict[tuple[str, str], dict[str, list[PrintedNumber]]] = {}
        self._asked: dict[str, list[PrintedNumber]] = {}

    def read(self, one: PrintedNumber) -> None:
        """Sort a number by what it means."""
        found = find_page_meaning(self.names, one)
        shown = " ".join(dict.fromkeys((*one.row_labels[:1], *one.column_labels[:2]))) or one.text
        year = (one.year or self.places.year) - found.years_back
        area = self.places.spell(one.area or found.area or one.context.area)
        parts = self.names.parts_of(found.name)
        if found.kind == "asked":
            self._asked.setdefault(
                say("{label}: {question}", label=shown, question=found.why), []
            ).append(one)
        elif found.kind == "refused" and not parts:
            self._pass("refused", found.why, shown, one)
        elif found.kind in {"unknown", "rate", "other"}:
            self._pass(found.kind, found.why, shown, one)
        elif not area:
            question = say("no area is named; write it into the title or a column, or give --area")
            self._asked.setdefault(question, []).append(one)
        elif year <= 0:
            question = say(
                "no year is named, or several; write one into the title or a column, or give --year"
            )
            self._asked.setdefault(question, []).append(one)
        elif self.places.is_elsewhere(area):
            self._pass("area", "", area, one)
        elif self.years and year not in self.years and found.symbol not in self.names.looking_back:
            self._pass("year", "", str(year), one)
        elif number := self._measure(one, found, area, year):
            self._keep(number, whole_of(self.names, number, shown, parts=parts, why=found.why))

    def _keep(self, number: ActivityNumber, whole: Whole | None) -> None:
        if whole is None:
            self.made.numbers.append(number)
        else:
            self.made.wholes.append(whole)

    def _measure(
        self, one: PrintedNumber, found: PageMeaning, area: str, year: int
    ) -> ActivityNumber | None:
        """Return a number in the declared unit; None where it has a fault."""
        symbol = found.symbol or self.names.parts_of(found.name).partition(" ")[0].partition("|")[0]
        about = self.names.about(symbol)
        labels = dict(found.labels)
        for dim in about.dims:
            if dim not in labels and UNSPECIFIED in dim_labels(dim):
                labels[dim] = UNSPECIFIED
            elif dim not in labels and not dim_labels(dim):
                labels[dim] = ALL
        value, notation = one.value
        declared = about.unit.replace("{gas}", labels.get("gas", "{gas}"))
        unit, scale = "", 1.0
        if not notation:
            try:
                unit, scale = _choose_unit(one.units, declared)
            except UnitError as error:
                self.made.faults.append(say("{where}: {fault}", where=one.where, fault=error))
                return None
            value *= scale
            if fault := find_bound_fault(self.names, about, value, declared):
                self.made.faults.append(say("{where}: {fault}", where=one.where, fault=fault))
                return None
        decimals = _DECIMALS.search(one.text)
        return ActivityNumber(
            symbol=symbol,
            called=self.names.called(symbol),
            area=area,
            year=year,
            labels=tuple((dim, labels[dim]) for dim in about.dims if dim in labels),
            value=value,
            notation=notation,
            origin=NumberOrigin(
                where=one.where,
                item=one.where,
                printed=f"{one.text} {unit}".strip(),
                rounding=0.5 * 10.0 ** -(len(decimals[1]) if decimals else 0) * scale,
                is_page=True,
            ),
        )

    def _pass(self, kind: str, why: str, shown: str, one: PrintedNumber) -> None:
        self._passed.setdefault((kind, why), {}).setdefault(shown, []).append(one)

    def list_asked(self) -> Iterator[str]:
        """Yield each question once, with the first cell that it is about."""
        for question, numbers in self._asked.items():
            yield say("{where}: {fault}", where=numbers[0].where, fault=question)

    def list_passed(self) -> Iterator[Finding]:
        """Yield what the pages print besides activities, one finding a reason."""
        method = self.names.method
        for (kind, why), labels in self._passed.items():
            first = next(iter(labels.values()))[0]
            count = sum(map(len, labels.values()))
            listed = name_some(list(labels), _MOST_NAMED)
            severity = "warning" if kind == "refused" else "info"
            texts = {
                "unknown": say(
                    "{count} numbers of labels that are no activity of {method} are passed over: {labels}",
                    count=count,
                    method=method,
                    labels=listed,
                ),
                "rate": say(
                    "{count} rates and shares are passed over: {labels}", count=count, labels=listed
                ),
                "area": say(
                    "{count} numbers of other areas are passed over: {labels}",
                    count=count,
                    labels=listed,
                ),
                "refused": say("{labels}: not used: {why}", labels=listed, why=why),
                "year": say(
                    "{count} numbers of other years are passed over: {labels}",
                    count=count,
                    labels=listed,
                ),
            }
            text = texts.get(kind) or say("{labels}: {why}", labels=listed, why=why)
            yield Finding(
                "activity-not-used" if kind == "refused" else "activity-passed",
                "warning" if severity == "warning" else "info",
                text,
                first.where,
                say("give what is missing in an activity table")
                if kind in {"refused", "other"}
                else "",
            )


def _choose_unit(printed: Sequence[Sequence[str]], declared: str) -> tuple[str, float]:
    """Return the unit that the nearest place prints for an activity, and its scale.

    Of a list, the one that measures it.
    """
    for place in printed:
        found: dict[str, float] = {}
        for unit in place:
            try:
                found[unit] = scale_of(unit, declared)
            except UnitError:
                continue
        if len(set(found.values())) > 1:
            raise UnitError(
                say(
                    "{units} both measure {declared}; write one of them beside the number",
                    units=join_texts(", ", found),
                    declared=declared,
                )
            )
        if found:
            return next(iter(found.items()))
        if place and place is not printed[-1]:
            raise UnitError(
                say(
                    "the unit is {unit}, and {declared} is wanted; correct the unit",
                    unit=join_texts(", ", place),
                    declared=declared,
                )
            )
    if declared == "1":
        return "", 1.0
    seen = join_texts(", ", (unit for place in printed for unit in place))
    if seen:
        raise UnitError(
            say(
                "the unit is {unit}, and {declared} is wanted; correct the unit",
                unit=seen,
                declared=declared,
            )
        )
    raise UnitError(
        say(
            "no unit is printed; write {declared} beside the number or into the title",
            declared=declared,
        )
    )
