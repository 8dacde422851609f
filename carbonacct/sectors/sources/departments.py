"""Which department of a city holds a number, and who has not answered."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from carbonacct import dim_names
from carbonacct.data import data_folder, read_rows
from carbonacct.equations.evaluation import with_needs
from carbonacct.equations.expression_tree import Call, Symbol, names_in, parts_of
from carbonacct.errors import Finding, name_some
from carbonacct.sectors.sources.activity_names import read_items
from carbonacct.texts import Both, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from carbonacct.equations import Sector
    from carbonacct.equations.expression_tree import Tree
    from carbonacct.records.labelled_rows import LabelledRow
    from carbonacct.sectors.sources.activities import Activities
    from carbonacct.sectors.sources.activity_list import AskedInput
    from carbonacct.sectors.sources.activity_names import Names
    from carbonacct.sectors.sources.activity_numbers import ActivityNumber


@dataclass(frozen=True)
class Department:
    """A department, and how it fills its form.

    Attributes
    ----------
    printed
        What of the places where a number is printed is its own.
    sectors, labels
        Of which sectors, and of which labels of dims, it holds what nothing prints.
    """

    id: str
    zh: str
    en: str
    note_zh: str
    note_en: str
    printed: re.Pattern[str]
    sectors: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """Its name in both languages, as forms bear it."""
        return f"{self.zh} {self.en}"


@dataclass(frozen=True)
class Unanswered:
    """A number that a form asks a department for, and that nobody gives."""

    department: str
    symbol: str
    labels: tuple[tuple[str, str], ...]

    def called(self, names: Names) -> Both:
        """Return what a message calls it."""
        english = " ".join((self.symbol, *(label for _, label in self.labels)))
        sector = names.using(self.symbol)[0]
        labels = [dim_names.dim_labels(dim).get(word, (word,))[0] for dim, word in self.labels]
        return Both(english, " ".join((sector.name_of(self.symbol, "zh"), *labels)))


@cache
def departments() -> tuple[Department, ...]:
    """Return the departments, in the order of their forms.

    Examples
    --------
    >>> [department.id for department in departments()][:2]
    ['statistics', 'industry']
    """
    return tuple(
        Department(
            id=row["id"],
            zh=row["name_zh"],
            en=row["name_en"],
            note_zh=row["note_zh"],
            note_en=row["note_en"],
            printed=re.compile(row["printed"]),
            sectors=tuple(filter(None, row["sectors"].split("|"))),
            labels=tuple(_read_labels(row["labels"])),
        )
        for row in read_rows(data_folder() / "vocabulary" / "departments.csv")
    )


def _read_labels(text: str) -> Iterator[tuple[str, str]]:
    dim, _, labels = text.partition("=")
    for label in filter(None, labels.split("|")):
        yield dim, label


def find_department(asked: AskedInput, labels: Mapping[str, str]) -> Department:
    """Return who holds a number: by its labels, by the place that prints it, which is named first, or by its sector.

    Examples
    --------
    >>> from carbonacct.sectors.sources.activity_list import list_asked
    >>> asked = {one.about.id: one for one in list_asked("provincial-2011")}
    >>> [find_department(asked[name], {}).id for name in ("cement_output", "msw_landfilled", "growth_rate")]
    ['statistics', 'housing', 'forestry']
    >>> find_department(asked["waste_incinerated"], {"burnt_waste": "hazardous"}).id
    'ecology'
    """
    for department in departments():
        if set(department.labels) & set(labels.items()):
            return department
    printed = getattr(asked.about, "printed", "")
    found = [
        (match.start(), position, department)
        for position, department in enumerate(departments())
        if (match := department.printed.search(printed))
    ]
    if found:
        return min(found)[2]
    return next(department for department in departments() if asked.sector in department.sectors)


class Forms:
    """What the forms of departments ask for, row by row."""

    def __init__(self) -> None:
        self._asked: dict[Unanswered, None] = {}

    def note(self, row: LabelledRow, names: Names) -> None:
        """Take in a row, if it says which department holds its number."""
        department = row.text("department")
        found = names.find(row.text("activity")) if department else ()
        if len(found) == 1:
            labels, _ = read_items(names.about(found[0].symbol), row.text("item"))
            all_labels = tuple(sorted({**dict(found[0].labels), **labels}.items()))
            self._asked[Unanswered(department, found[0].symbol, all_labels)] = None

    def count(self) -> dict[str, int]:
        """Return how many numbers each department is asked for."""
        return dict(Counter(one.department for one in self._asked))

    def list_unanswered(self, numbers: Iterable[ActivityNumber]) -> list[Unanswered]:
        """Return what is asked for and not given, in any form, table or page."""
        given = {(number.symbol, tuple(sorted(number.labels))) for number in numbers}
        return [one for one in self._asked if (one.symbol, one.labels) not in given]


def find_silent(
    names: Names, asked: Mapping[str, int], unanswered: Sequence[Unanswered]
) -> Iterator[Finding]:
    """Find departments that have not answered, and what those that have leave open.

    Parameters
    ----------
    names
        What a method calls its activities.
    asked
        How many numbers the forms ask each department for.
    """
    for department, count in asked.items():
        lacking = [one.called(names) for one in unanswered if one.department == department]
        if len(lacking) == count:
            text = say(
                "{department} has not answered: none of its {count} numbers is given",
                department=department,
                count=count,
            )
            action = say("ask for its form; what does not occur is NO")
            yield Finding("department-silent", "warning", text, "", action)
        elif lacking:
            text = say(
                "{department} has given {given} of {count} numbers; open are {names}",
                department=department,
                given=count - len(lacking),
                count=count,
                names=name_some(lacking, 6),
            )
            yield Finding("department-open", "info", text)


def find_worth(names: Names, activities: Activities, entries: pd.DataFrame) -> Iterator[Finding]:
    """Find what sources are worth that are estimated without a number that a department has not given."""
    held: dict[tuple[str, str], float] = {}
    for flow, gas, value in zip(entries["flow"], entries["gas"], entries["value"], strict=True):
        if value == value and value:  # noqa: PLR0124 - NaN is not itself
            held[flow, gas] = held.get((flow, gas), 0.0) + value
    given = frozenset(activities.rows["symbol"])
    asked = {one.symbol: one.department for one in activities.unanswered if one.symbol not in given}
    for symbol, department in asked.items():
        users = {
            block.id: sector
            for sector in names.using(symbol)
            for block in sector.sources
            if symbol in _wanted_by(sector, block.id, frozenset(asked))
        }
        for (flow, gas), value in held.items():
            if sector := users.get(flow):
                text = say(
                    "{department} has not given {symbol}; {source} is estimated without it: "
                    "{value:,.0f} t {gas}",
                    department=department,
                    symbol=sector.called(symbol),
                    source=sector.called(flow),
                    value=value,
                    gas=gas,
                )
                yield Finding("answer-worth", "info", text)


def _wanted_by(sector: Sector, source: str, open_still: frozenset[str]) -> set[str]:
    """Return the symbols that a source would use: of alternatives, those up to one that nothing lacks."""
    blocks = [sector.blocks[name] for name in with_needs(sector, [source])]
    return {
        name for block in blocks for line in block.lines for name in _wanted(line.tree, open_still)
    }


def _wanted(tree: Tree, open_still: frozenset[str]) -> Iterator[str]:
    alternatives = isinstance(tree, Call) and tree.function == "first"
    if isinstance(tree, Symbol):
        yield tree.name
    for part in parts_of(tree):
        yield from _wanted(part, open_still)
        if alternatives and not open_still & set(names_in(part)):
            return
