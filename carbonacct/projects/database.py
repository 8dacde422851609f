"""Inventories in a database: SQLite, DuckDB or PostgreSQL, and back equal.

Two tables: ``carbonacct_entries`` (one row an entry, value in t) and ``carbonacct_inventories``
(findings and what each was made from, as JSON); any dashboard reads them.
The statements are those that the three databases share, over Python's own interface to each.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.errors import ProjectError, near_or_known, read_finding
from carbonacct.inventory.joining import refuse_twice
from carbonacct.inventory.record import Inventory, MadeFrom, make_entries, plain_columns
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_COLUMNS = {
    "area": "TEXT NOT NULL",
    "year": "INTEGER NOT NULL",
    "sector": "TEXT NOT NULL",
    "flow": "TEXT NOT NULL",
    "product": "TEXT NOT NULL",
    "category": "TEXT NOT NULL",
    "scope": "INTEGER NOT NULL",
    "kind": "TEXT NOT NULL",
    "gas": "TEXT NOT NULL",
    "value": "DOUBLE PRECISION",
    "notation": "TEXT NOT NULL",
    "activity": "DOUBLE PRECISION",
    "activity_unit": "TEXT NOT NULL",
    "method": "TEXT NOT NULL",
}
_IDENTITY = "area, year, flow, product, category, scope, kind, gas"
_NAMES = ", ".join(_COLUMNS)
_MAKE = (
    (
        "CREATE TABLE IF NOT EXISTS carbonacct_inventories "
        "(number INTEGER PRIMARY KEY, about TEXT NOT NULL)"
    ),
    " ".join(
        [
            "CREATE TABLE IF NOT EXISTS carbonacct_entries",
            "(inventory INTEGER NOT NULL, place INTEGER NOT NULL,",
            ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items()),
            f", PRIMARY KEY ({_IDENTITY}))",
        ]
    ),
)
_INSERT = " ".join(
    [
        "INSERT INTO carbonacct_entries (inventory, place,",
        _NAMES,
        f") VALUES ({', '.join('?' * (len(_COLUMNS) + 2))})",
    ]
)
_SELECT = f"SELECT {_NAMES} FROM carbonacct_entries ORDER BY inventory, place"  # noqa: S608 - our own names
_COUNT = "SELECT COUNT(*) FROM carbonacct_entries WHERE area = ? AND year = ?"
_DELETE = "DELETE FROM carbonacct_entries WHERE area = ? AND year = ?"
_SWEEP = (
    "DELETE FROM carbonacct_inventories "
    "WHERE number NOT IN (SELECT inventory FROM carbonacct_entries)"
)
_NEXT = "SELECT COALESCE(MAX(number), 0) + 1 FROM carbonacct_inventories"
_LONGEST = 200  # letters of a reason
_PASSWORD = re.compile(r"(?<=:)[^:@/]+(?=@)")


def export_inventory(inventory: Inventory, url: str, *, overwrite: bool = False) -> int:
    """Write an inventory into a database, all of it or nothing, and return the number of entries.

    Parameters
    ----------
    url
        ``sqlite:///file.db``, ``duckdb:///file.duckdb``, ``postgresql://user:password@host/name``.
    overwrite
        Whether an area and year that the database has is replaced.

    Raises
    ------
    ProjectError
        If the database cannot be used, or has an area and year of the inventory already.

    Examples
    --------
    >>> import carbonacct as ca, tempfile, pathlib
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     url = f"sqlite:///{pathlib.Path(folder).as_posix()}/province.db"
    ...     count = export_inventory(ca.to_inventory(cube), url)
    ...     read_database(url).equals(ca.to_inventory(cube)), count
    (True, 71)
    """
    rows = plain_columns(inventory.entries)[list(_COLUMNS)].astype(object)
    rows = rows.where(rows.notna(), None)
    places = list(dict.fromkeys(zip(rows["area"], rows["year"].map(int), strict=True)))
    with _open(url) as database:
        for statement in _MAKE:
            database.run(statement)
        _clear(database, places, overwrite=overwrite)
        number = int(database.run(_NEXT)[0][0])
        about = json.dumps(_describe(inventory), ensure_ascii=False)
        database.run("INSERT INTO carbonacct_inventories VALUES (?, ?)", number, about)
        values = [
            (number, position, *map(_plain, row))
            for position, row in enumerate(rows.itertuples(index=False, name=None))
        ]
        database.run_many(_INSERT, values)
    return len(rows)


def read_database(url: str) -> Inventory:
    """Return all inventories of a database as one; entries have no way back to cells.

    Raises
    ------
    ProjectError
        If the database cannot be used or holds no inventory.
    """
    with _open(url) as database:
        rows = database.run(_SELECT)
        abouts = database.run("SELECT about FROM carbonacct_inventories ORDER BY number")
    held = [json.loads(about) for (about,) in abouts]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    columns = {name: table[name].to_numpy() for name in _COLUMNS}
    for name in ("value", "activity"):
        columns[name] = pd.to_numeric(table[name]).to_numpy(np.float64, na_value=np.nan)
    entries = make_entries(columns)
    refuse_twice(entries, [_mask(url)], [entries])
    findings = [read_finding(finding) for one in held for finding in one["findings"]]
    makings = [_to_making(made) for one in held for made in one["made_from"]]
    return Inventory(
        entries=entries,
        findings=tuple(dict.fromkeys(findings)),
        made_from=tuple(dict.fromkeys(makings)),
    )


def _plain(value: Any) -> Any:
    """Return a number as Python's own, which every driver takes."""
    return value.item() if isinstance(value, np.generic) else value


def _describe(inventory: Inventory) -> dict[str, Any]:
    shown = ("rule", "severity", "message", "where", "action")
    return {
        "findings": [{name: getattr(one, name) for name in shown} for one in inventory.findings],
        "made_from": [asdict(one) for one in inventory.made_from],
    }


def _to_making(held: Mapping[str, Any]) -> MadeFrom:
    pairs = {name: tuple(map(tuple, held[name])) for name in ("options", "files")}
    return MadeFrom(**{**held, "editions": tuple(held["editions"]), **pairs})


def _clear(database: _Database, places: Sequence[tuple[str, int]], *, overwrite: bool) -> None:
    """Take out what is to be replaced, or refuse to."""
    for area, year in places:
        if not database.run(_COUNT, area, year)[0][0]:
            continue
        if not overwrite:
            raise ProjectError(
                say(
                    "the database has {area} {year}; replace it with --overwrite",
                    area=area,
                    year=year,
                )
            )
        database.run(_DELETE, area, year)
    database.run(_SWEEP)


@dataclass(frozen=True)
class _Database:
    """An open database, and how it marks a parameter."""

    cursor: Any
    mark: str

    def run(self, statement: str, *values: Any) -> list[Any]:
        """Run a statement and return its rows."""
        self.cursor.execute(statement.replace("?", self.mark), values)
        return list(self.cursor.fetchall()) if self.cursor.description else []

    def run_many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a statement for each row."""
        if rows:
            self.cursor.executemany(statement.replace("?", self.mark), rows)


@contextlib.contextmanager
def _open(url: str) -> Iterator[_Database]:
    """Lend a database: all that is done is kept at the end, or nothing of it."""
    name, _, rest = url.partition("://")
    if name not in _KINDS or not rest:
        near = near_or_known(name, _KINDS)
        raise ProjectError(
            say(
                "{mask}: is no database; {near}; write sqlite:///province.db",
                mask=_mask(url),
                near=near,
            )
        )
    connect, mark = _KINDS[name]
    try:
        connection = connect(url if name == "postgresql" else rest.removeprefix("/"))
        try:
            cursor = connection.cursor()
            if name == "duckdb":  # which keeps each statement at once unless it is told
                cursor.execute("BEGIN TRANSACTION")
            yield _Database(cursor, mark)
            if name == "duckdb":
                cursor.execute("COMMIT")
            else:
                connection.commit()
        finally:
            connection.close()
    except ImportError as error:
        raise ProjectError(
            say(
                "{name}: needs the package {error_name}; pip install 'carbonacct[database]'",
                name=name,
                error_name=error.name,
            )
        ) from None
    except Exception as error:
        if not _is_of_database(error):
            raise
        reason = " ".join(str(error).split())[:_LONGEST]
        raise ProjectError(
            say(
                "{mask}: cannot be used ({mask_of_reason})",
                mask=_mask(url),
                mask_of_reason=_mask(reason),
            )
        ) from None


def _is_of_database(error: Exception) -> bool:
    """Return whether a driver raised it: each has exceptions of its own."""
    return type(error).__module__.split(".")[0] in {"sqlite3", "duckdb", "_duckdb", "psycopg"}


def _mask(text: str) -> str:
    """Return a text without the password of an address."""
    return _PASSWORD.sub("***", text)


def _sqlite(path: str) -> Any:
    import sqlite3  # noqa: PLC0415 - each driver loads where it is asked for

    folder = Path(path).parent
    if not folder.is_dir():
        raise ProjectError(
            say(
                "{path}: the folder {folder} does not exist; make it first",
                path=path,
                folder=folder,
            )
        )
    return sqlite3.connect(path)


def _duckdb(path: str) -> Any:
    import duckdb  # noqa: PLC0415 - an extra

    return duckdb.connect(path)


def _postgresql(url: str) -> Any:
    import psycopg  # noqa: PLC0415 - an extra

    return psycopg.connect(url)


_KINDS: dict[str, tuple[Callable[[str], Any], str]] = {
    "sqlite": (_sqlite, "?"),
    "duckdb": (_duckdb, "?"),
    "postgresql": (_postgresql, "%s"),
}
