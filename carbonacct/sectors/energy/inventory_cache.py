"""Results that belong to one record: worked out once however many reports ask, and kept on its shelf.

A shelf is where a project keeps pieces: what was worked out of one record alone, such as the table of a year, under the
key of all that the record is made of. A piece is always read from its text, also where it was just
made: what a report shows does not depend on what was built before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from weakref import ref

import pandas as pd

from carbonacct.errors import Finding, read_finding
from carbonacct.inventory.plain_findings import write_finding

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R")
T = TypeVar("T")


class Shelf(Protocol):
    """Where the pieces of one record are kept, by name."""

    def find(self, name: str) -> bytes | None:
        """Return the text of a piece, None where it is not there."""

    def put(self, name: str, content: bytes) -> None:
        """Keep the text of a piece."""


@dataclass(frozen=True)
class Codec(Generic[R, T]):
    """How a piece becomes text and is read again; both are given the record that it is of.

    Attributes
    ----------
    write
        Returns what JSON can hold; a float is read back to the last bit.
    read
        Returns the piece from what was written.
    """

    write: Callable[[T], Any]
    read: Callable[[Any, R], T]


_SHELVES: dict[int, tuple[ref[Any], Shelf]] = {}  # by identity: records compare by value


def put_on_shelf(record: object, shelf: Shelf) -> None:
    """Keep the pieces of a record on a shelf as long as it lives."""
    key, shelves = id(record), _SHELVES  # at the end of a program its names go before its records
    shelves[key] = ref(record, lambda _: shelves.pop(key, None)), shelf


def keep_piece(record: R, name: str, codec: Codec[R, T], make: Callable[[], T]) -> T:
    """Return a piece of a record from its shelf, where it is kept unless it is there.

    Examples
    --------
    >>> class Record(dict):
    ...     find, put = dict.get, dict.__setitem__
    >>> one = Record()
    >>> put_on_shelf(one, one)
    >>> codec = Codec(write=lambda piece: piece, read=lambda held, _: held)
    >>> keep_piece(one, "total", codec, lambda: [0.1]), keep_piece(one, "total", codec, list), one["total"]
    ([0.1], [0.1], b'[0.1]')
    """
    held = _SHELVES.get(id(record))
    if held is None or held[0]() is not record:
        return make()
    content = held[1].find(name)
    if content is None:
        content = json.dumps(codec.write(make()), ensure_ascii=False).encode()
        held[1].put(name, content)
    return codec.read(json.loads(content), record)


def keep_per_record(work: Callable[[R], T], codec: Codec[R, T] | None = None) -> Callable[[R], T]:
    """Return a function that remembers what it made of a frozen record, as long as that lives.

    With a codec it is a piece as well, which the shelf of the record keeps. Whoever calls it shares the
    result with others and must not change it.

    Examples
    --------
    >>> class Record:
    ...     pass
    >>> @keep_per_record
    ... def work(record):
    ...     print("working")
    ...     return 1
    >>> one = Record()
    >>> work(one) + work(one)
    working
    2
    """
    # By identity: records compare by value, which would read all their arrays.
    held: dict[int, tuple[ref[Any], T]] = {}
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def remembered(record: R) -> T:
        key = id(record)
        known = held.get(key)
        if known is None or known[0]() is not record:
            made = (
                work(record)
                if codec is None
                else keep_piece(record, name, codec, lambda: work(record))
            )
            known = ref(record, lambda _: held.pop(key, None)), made
            held[key] = known
        return known[1]

    return remembered


def write_findings(findings: list[Finding]) -> list[dict[str, Any]]:
    """Return findings as JSON can hold them."""
    return [write_finding(finding) for finding in findings]


def read_findings(held: list[dict[str, Any]]) -> list[Finding]:
    """Return the findings that :func:`write_findings` wrote."""
    return [read_finding(one) for one in held]


def write_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a table with a plain index as JSON can hold it."""
    return {str(name): [str(frame[name].dtype), frame[name].tolist()] for name in frame.columns}


def read_frame(held: dict[str, Any]) -> pd.DataFrame:
    """Return the table that :func:`write_frame` wrote.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2020], "value": [float("nan")], "key": ["NE"], "complete": [True]})
    >>> read_frame(json.loads(json.dumps(write_frame(table)))).equals(table)
    True
    """
    return pd.DataFrame({name: pd.Series(rows, dtype=kind) for name, (kind, rows) in held.items()})


FINDINGS: Codec[Any, list[Finding]] = Codec(write_findings, lambda held, _: read_findings(held))
FRAME: Codec[Any, pd.DataFrame] = Codec(write_frame, lambda held, _: read_frame(held))
