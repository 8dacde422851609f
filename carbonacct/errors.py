"""The few exceptions and the Finding record.

A problem that stops the work is an exception; a problem that a reader can live with is a
:class:`Finding`, a value that travels with the result. Both say what is wrong, where, what
was seen against what was expected, and what to do.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from carbonacct.display import shown_in_notebooks
from carbonacct.texts import Text, as_typed, describe_text, join_texts, read_text, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np

Severity = Literal["error", "warning", "info"]
# What steers a terminal, turns the direction of a line or is no character: all but the tab and the
# end of a line.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LINE_ENDS = re.compile(r"[\n\v\f\r\x85\u2028\u2029]+")
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class CarbonacctError(Exception):
    """Anything this package raises on purpose: one line, readable by the person at the keyboard."""


class TableError(CarbonacctError, ValueError):
    """A file that cannot be read as an energy balance table."""


class UnitError(CarbonacctError, ValueError):
    """A unit that is unknown, has two meanings, or contradicts what it measures."""


class StoppedError(TableError, UnitError):
    """All that stops the reading of some tables, one fault a line; ``faults`` has each by itself."""

    def __init__(self, faults: Iterable[CarbonacctError]) -> None:
        self.faults = tuple(faults)
        super().__init__(join_texts("\n", map(str, self.faults)))

    def __reduce__(self) -> tuple[type[StoppedError], tuple[object], dict[str, object]]:
        """Travel between processes with each fault."""
        return type(self), (self.faults,), vars(self)


class FactorDataError(CarbonacctError, ValueError):
    """Faults in factor tables or methods, all of them, each with file and line."""


class FactorNotFoundError(CarbonacctError, LookupError):
    """A factor that an activity needs and that no edition of the method holds."""


class MethodError(CarbonacctError, ValueError):
    """A method or a choice of its options that does not exist or contradicts itself."""


class PanelError(CarbonacctError, ValueError):
    """Labelled data that an analysis cannot use: a column or dim missing, a row twice, a cell that is no number."""


class AssumptionError(PanelError):
    """Lines of assumptions that cannot be used: all of them, one a line."""


class NotationError(CarbonacctError, ValueError):
    """A notation key that is none, or that contradicts a number or another key."""


class CellNotFoundError(CarbonacctError, KeyError):
    """A cell of an inventory that was asked for and is not there."""

    def __str__(self) -> str:
        """Return the message as it was given (a KeyError would quote it)."""
        return str(self.args[0])


class IdentityError(CarbonacctError, ValueError):
    """An identity that cannot be read, or whose factors do not multiply to its left side."""


class EquationError(CarbonacctError, ValueError):
    """An equation, or a method's sector file, that cannot be read or contradicts itself.

    Or numbers that do not fit it.
    """


class UncertaintyError(CarbonacctError, ValueError):
    """An uncertainty that contradicts itself, or a calculation with uncertainties that cannot be made."""


class TableNotFoundError(CarbonacctError, LookupError):
    """A published table that was asked for and does not ship."""


class OutputError(CarbonacctError, OSError):
    """A result that cannot be written where it was asked to go."""


class ActivityDataError(CarbonacctError, ValueError):
    """Faults in tables of activity data, all of them, each with its place."""


class IndexDataError(CarbonacctError, ValueError):
    """Faults in the declaration of an index or in the table given to it, all of them, each with its place."""


class ProjectError(CarbonacctError, ValueError):
    """A project, a stored inventory or a submission that cannot be used as it stands."""


class ChecksFailedError(CarbonacctError, ValueError):
    """Findings of severity error, raised all at once because the caller asked for that."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(join_texts("\n", map(str, self.findings)))

    def __reduce__(self) -> tuple[type[ChecksFailedError], tuple[object], dict[str, object]]:
        """Travel between processes with each finding."""
        return type(self), (self.findings,), vars(self)


class Gap(NamedTuple):
    """A cell of a table and how much it is off, in its canonical unit: what is printed minus what it should be."""

    area: str
    year: int
    flow: str
    product: str
    amount: float


class Gaps(Sequence[Gap]):
    """Many cells and their amounts as arrays: a cell becomes a record when somebody looks at it.

    Parameters
    ----------
    labels
        Of the table: areas, years, flows and products.
    places
        Index of each cell into each of the labels (4, cell).
    amounts
        Of each cell.
    """

    def __init__(
        self, labels: Sequence[Sequence[Any]], places: np.ndarray, amounts: np.ndarray
    ) -> None:
        self._labels, self._places, self._amounts = labels, places, amounts

    @cached_property
    def _records(self) -> tuple[Gap, ...]:
        names = (
            map(known.__getitem__, at)
            for known, at in zip(self._labels, self._places.tolist(), strict=True)
        )
        return tuple(map(Gap, *names, self._amounts.tolist()))

    def __len__(self) -> int:
        """Return how many cells there are."""
        return len(self._amounts)

    def __getitem__(self, at: Any) -> Any:
        """Return a cell, or some."""
        return self._records[at]

    def __eq__(self, other: object) -> bool:
        """Return whether the cells are the same, in arrays or as records."""
        return isinstance(other, (tuple, Gaps)) and self._records == tuple(other)

    def __hash__(self) -> int:
        """Return what the tuple of the records has."""
        return hash(self._records)


@shown_in_notebooks
@dataclass(frozen=True)
class Finding:
    """Something a compiler or a reviewer should know about a table or a result.

    Attributes
    ----------
    rule
        Identifier of the rule that found it, such as ``"sum-of-parts"``.
    severity
        ``"error"``, ``"warning"`` or ``"info"``.
    message
        What is wrong, with both sides and the difference.
    where
        ``file!sheet!cell`` as far as it is known.
    action
        What to do, or the likely cause.
    gaps
        The cells that it is about, with the difference of each, where that is known.
    worth
        What the differences make in t CO2, once a method has valued them.

    Examples
    --------
    >>> print(Finding("sum-of-parts", "error", "16.78 printed, its parts give 69.94", "a.xls!S1!U31", "check the row"))
    a.xls!S1!U31: 16.78 printed, its parts give 69.94; check the row
    """

    rule: str
    severity: Severity
    message: str
    where: str = ""
    action: str = ""
    gaps: Sequence[Gap] = ()
    worth: float | None = None

    def __hash__(self) -> int:
        """Return a hash of what it says: its cells may be many, and not made yet."""
        return hash((self.rule, self.where, self.message))

    def __str__(self) -> str:
        """Return the finding as one line."""
        line: str = self.message
        if self.where:
            line = say("{where}: {message}", where=self.where, message=line)
        if self.action:
            line = say("{line}; {action}", line=line, action=self.action)
        return _join_lines(line) if _LINE_ENDS.search(line) else line


def _join_lines(text: str) -> str:
    """Return a text on one line, faults that it joins as clauses; one that knows its template still does."""
    if not _LINE_ENDS.search(text):
        return text
    if not isinstance(text, Text):
        return _LINE_ENDS.sub(" ", text)  # a label that is printed on two lines
    values = {
        name: _join_lines(value) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return Text(_LINE_ENDS.sub("; ", text.template), values)


def describe_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding as data that JSON holds: what it says, and of what that is made.

    Examples
    --------
    >>> describe_finding(Finding("r", "info", say("no {what}", what="year")))["said"]["message"]
    {'template': 'no {what}', 'values': {'what': 'year'}}
    """
    texts = {"message": finding.message, "action": finding.action}
    # A place is a plain address, but where it lists several areas and years.
    told = {**texts, "where": finding.where} if isinstance(finding.where, Text) else texts
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "where": finding.where,
        **texts,
        "said": {name: describe_text(text) for name, text in told.items()},
    }


def read_finding(held: Mapping[str, Any]) -> Finding:
    """Return the finding that `describe_finding` described, or one whose words alone were kept.

    Examples
    --------
    >>> found = Finding("r", "info", say("no {what}", what="year"))
    >>> read_finding(describe_finding(found)) == found
    True
    """
    values = {name: _read_said(text, held[name]) for name, text in held.get("said", {}).items()}
    rest = {name: value for name, value in held.items() if name != "said"}
    gaps = tuple(Gap(*gap) for gap in held.get("gaps", ()))
    return Finding(**{**rest, **values, "gaps": gaps})


def _read_said(described: Any, words: str) -> str:
    """Return a text by what it is made of; where that no longer says the same, the words alone."""
    try:
        made: str = read_text(described)
    except (ValueError, KeyError, IndexError, AttributeError):
        return words
    return made if made == words else words


def visible(text: str) -> str:
    r"""Return a text with its control characters written out.

    Examples
    --------
    >>> print(visible("a\x1b[31mb\u202ec"))
    a\x1b[31mb\u202ec
    """
    return text if text.isprintable() else _UNSEEN.sub(_write_out, text)


def _write_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def name_some(names: Sequence[str], most: int, kind: str = "") -> Text:
    """Return the first of some names, and how many more there are.

    Examples
    --------
    >>> name_some(["a", "b"], 2), name_some(["a", "b", "c", "d"], 2, "more areas")
    ('a, b', 'a, b and 2 more areas')
    """
    shown = join_texts(", ", names[:most])
    count = len(names) - most
    if count <= 0:
        return shown
    return say("{shown} and {count} {kind}", shown=shown, count=count, kind=kind or say("more"))


def did_you_mean(word: str, known: Iterable[str], *, count: int = 3) -> str:
    """Return near names as a clause for an error message, or an empty string.

    Examples
    --------
    >>> did_you_mean("provincial-2012", ["provincial-2011", "ceads"])
    'did you mean provincial-2011?'
    >>> did_you_mean("xyz", ["ceads"])
    ''
    """
    return ask(find_near(word, known, count=count))


def near_or_known(word: str, known: Iterable[str], *, listed: Iterable[str] | None = None) -> str:
    """Return near names as a clause for an error message, or else all names, unless others are to be listed.

    Examples
    --------
    >>> near_or_known("xyz", ["ceads", "ipcc-2006"])
    'known: ceads, ipcc-2006'
    """
    names = list(known)
    return did_you_mean(word, names) or say(
        "known: {names}", names=as_typed(names if listed is None else listed)
    )


def find_near(word: str, known: Iterable[str], *, count: int = 3) -> list[str]:
    """Return the words nearest to one, best first; of Chinese, those that begin with it before others.

    Examples
    --------
    >>> find_near("交通", ["铁路交通", "交通运输业", "农业"])
    ['交通运输业', '铁路交通']
    """
    # What is left of a flow or product is nobody's word for it.
    names = sorted({name for name in known if not name.endswith(".remainder")})
    begun = [] if word.isascii() or not word else [name for name in names if name.startswith(word)]
    close = difflib.get_close_matches(word, names, n=count, cutoff=0.5)
    return list(dict.fromkeys([*sorted(begun, key=len), *close]))[:count]


def ask(near: Iterable[str]) -> str:
    """Return words as a question, or an empty string."""
    words = as_typed(near)
    return say("did you mean {words}?", words=words) if words else ""
