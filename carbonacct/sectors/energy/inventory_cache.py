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

import numpy as np
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


_NUMBERS = frozenset({"float64", "int64", "bool"})  # kinds of columns
_SHELF = "carbonacct.shelf"  # what is kept of a record stands among its own attributes


def put_on_shelf(record: object, shelf: Shelf) -> None:
    """Keep the pieces of a record on a shelf as long as it lives."""
    vars(record)[_SHELF] = shelf


def keep_piece(record: R | None, name: str, codec: Codec[R, T], make: Callable[[], T]) -> T:
    """Return a piece of a record from its shelf, where it is kept unless it is there; of no record it is made.

    Examples
    --------
    >>> class Record:
    ...     pass
    >>> class Memory(dict):
    ...     find, put = dict.get, dict.__setitem__
    >>> one, shelf = Record(), Memory()
    >>> put_on_shelf(one, shelf)
    >>> codec = Codec(write=lambda piece: piece, read=lambda held, _: held)
    >>> keep_piece(one, "total", codec, lambda: [0.1]), keep_piece(one, "total", codec, list), shelf["total"]
    ([0.1], [0.1], b'[0.1]')
    """
    shelf = None if record is None else vars(record).get(_SHELF)
    if record is None or shelf is None:
        return make()
    content = shelf.find(name)
    if content is None:
        content = json.dumps(codec.write(make()), ensure_ascii=False).encode()
        shelf.put(name, content)
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
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def remembered(record: R) -> T:
        held = vars(record)
        if name not in held:
            held[name] = (
                work(record)
                if codec is None
                else keep_piece(record, name, codec, lambda: work(record))
            )
        known: T = held[name]
        return known

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
    return pd.DataFrame({name: _read_column(*column) for name, column in held.items()})


def _read_column(kind: str, rows: list[Any]) -> Any:
    """Return a column: of the usual kinds as an array, a quarter of the time that a series takes."""
    if kind in _NUMBERS:
        return np.array(rows, dtype=kind)
    return pd.array(rows, dtype="str") if kind == "str" else pd.Series(rows, dtype=kind)


FINDINGS: Codec[Any, list[Finding]] = Codec(write_findings, lambda held, _: read_findings(held))
FRAME: Codec[Any, pd.DataFrame] = Codec(write_frame, lambda held, _: read_frame(held))
