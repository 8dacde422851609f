"""Published factor editions: a folder of tables each, validated when they are loaded.

``factors/<edition>/source.toml`` says what the document is; ``factors/<edition>/<parameter>.csv``
holds one published value a row. Loading reports every fault at once, with file and line.
"""

from __future__ import annotations

import csv
import math
import os
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.data import list_data, open_csv, read_toml
from carbonacct.display import legible
from carbonacct.errors import FactorDataError, near_or_known
from carbonacct.factors.bounds import bound_fault
from carbonacct.factors.row_faults import PARAMETERS, read_number, row_faults
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COLUMNS = (
    "product",
    "flow",
    "category",
    "area",
    "from",
    "to",
    "gas",
    "item",
    "value",
    "lower",
    "upper",
    "unit",
    "table",
    "page",
    "status",
    "note",
)
NOT_EDITIONS = frozenset(
    {
        "vocabulary",
        "analyses",
        "layouts",
        "messages",
        "methods",
        "metrics",
        "identities",
        "indices",
        "published",
        "uncertainty",
        "reports",
    }
)


@dataclass(frozen=True)
class FactorRow:
    """One published value, with the keys that say what it is for and the place where it is printed.

    Attributes
    ----------
    value
        As published, in ``unit``; NaN where the document gives only a range.
    lower, upper
        Published bounds (95 % for IPCC), NaN where there are none.
    file, line
        Where the row stands in this package.
    carried
        For how many years before and after its own it serves too, where no edition of its series is
        nearer to them.
    origin
        Where the value comes from, if from no file of this package.
    labels
        Keys that its table declares for itself (animal, process, region ...), each with what the
        row says of it.
    """

    edition: str
    parameter: str
    product: str
    flow: str
    category: str
    area: str
    first_year: int | None
    last_year: int | None
    gas: str
    item: str
    value: float
    lower: float
    upper: float
    unit: str
    table: str
    page: str
    status: str
    note: str
    file: str
    line: int
    carried: int = 0
    labels: tuple[tuple[str, str], ...] = ()
    origin: str = ""

    def years_from(self, year: int) -> int:
        """Return how many years the row's own are from a year: 0 within them, negative before them."""
        before = min(year - (self.first_year or year), 0)
        return before + max(year - (self.last_year or year), 0)

    def shares_years(self, other: FactorRow) -> bool:
        """Return whether a year lies within the years of both rows; no bound reaches for ever."""
        first, last = self.first_year or -math.inf, self.last_year or math.inf
        return first <= (other.last_year or math.inf) and (other.first_year or -math.inf) <= last

    @property
    def keys(self) -> tuple[object, ...]:
        """What the row is for: two rows of one edition with equal keys contradict each other."""
        return (
            self.parameter,
            self.product,
            self.flow,
            self.category,
            self.area,
            self.first_year,
            self.last_year,
            self.gas,
            self.labels,
        )

    @property
    def place(self) -> str:
        """Edition, file and line of the row, or where else it comes from."""
        return self.origin or f"{self.file}:{self.line}"


@legible
@dataclass(frozen=True, repr=False, eq=False)
class FactorSource:
    """A published edition: its document, its rows, and the rows as printed that its errata correct.

    Attributes
    ----------
    series
        What editions of one document for one data year each have in common
        (:mod:`carbonacct.factors.edition_series`).
    """

    id: str
    title: str
    title_zh: str
    publisher: str
    edition: str
    date: str
    reference: str
    changes: str
    note: str
    rows: tuple[FactorRow, ...]
    corrected: tuple[FactorRow, ...] = ()
    series: str = ""

    @cached_property
    def by_parameter(self) -> dict[str, list[FactorRow]]:
        """The rows of each parameter, in order."""
        found: dict[str, list[FactorRow]] = {}
        for row in self.rows:
            found.setdefault(row.parameter, []).append(row)
        return found

    @cached_property
    def is_carried(self) -> bool:
        """Whether it is one of a series whose rows serve years beside their own."""
        return any(row.carried for row in self.rows)


def edition_ids() -> list[str]:
    """Return the ids of the editions that ship with the package, and those that other packages bring.

    Examples
    --------
    >>> "ipcc-2006" in edition_ids()
    True
    """
    return sorted(_edition_folders())


@cache
def _edition_folders() -> Mapping[str, Path]:
    """Return the folder of each edition."""
    folders = (path.parent for path in list_data("*/source.toml").values())
    return {folder.name: folder for folder in folders if folder.name not in NOT_EDITIONS}


def find_edition(identifier: str) -> Path:
    """Return the folder of a published edition.

    Raises
    ------
    FactorDataError
        If it does not exist.
    """
    folders = _edition_folders()
    if identifier not in folders:
        raise FactorDataError(
            say(
                "no factor edition {identifier!r}; {near}",
                identifier=identifier,
                near=near_or_known(identifier, folders, listed=sorted(folders)),
            )
        )
    return folders[identifier]


@cache
def load_edition(identifier: str) -> FactorSource:
    """Return a published edition by its id.

    Raises
    ------
    FactorDataError
        If it does not exist, or its tables have faults: all of them, with file and line.

    Examples
    --------
    >>> source = load_edition("gb-t-2589-2008")
    >>> next(row.value for row in source.rows if row.product == "raw_coal" and row.parameter == "net_calorific_value")
    20908.0
    """
    return read_edition(find_edition(identifier))


def read_edition(folder: str | Path) -> FactorSource:
    """Read an edition from a folder of the same shape: ``source.toml`` and one CSV a parameter.

    Raises
    ------
    FactorDataError
        Every fault of the folder, one a line, with file and line.
    """
    folder = Path(os.path.realpath(folder))  # of a loop of links as well
    faults: list[str] = []
    about = read_source(folder, faults)
    rows: list[FactorRow] = []
    paths = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    if folder.is_dir() and not paths and not any(folder.glob("*/*.csv")):
        faults.append(
            say(
                "{name}: no parameter tables; a table is named after its parameter, such as "
                "net_calorific_value.csv",
                name=folder.name,
            )
        )
    for path in paths:
        if path.stem not in PARAMETERS:
            faults.append(
                say(
                    "{name}/{path_name}: not a parameter; {near}",
                    name=folder.name,
                    path_name=path.name,
                    near=near_or_known(path.stem, PARAMETERS),
                )
            )
            continue
        try:
            rows.extend(_read_table(folder.name, path, faults))
        except OSError as error:
            faults.append(
                say(
                    "{name}/{path_name}: cannot be opened ({strerror})",
                    name=folder.name,
                    path_name=path.name,
                    strerror=error.strerror,
                )
            )
        except (UnicodeDecodeError, csv.Error) as error:
            faults.append(
                say(
                    "{name}/{path_name}: cannot be read as a CSV in UTF-8 ({error}); save "
                    "it as CSV UTF-8",
                    name=folder.name,
                    path_name=path.name,
                    error=error,
                )
            )
    rows, corrected = apply_errata(rows, faults)
    _check_duplicates(rows, faults)
    faults.extend(
        say("{file}:{line}: {fault}", file=row.file, line=row.line, fault=fault)
        for row in rows
        if (fault := _bound_fault(row))
    )
    if faults:
        raise FactorDataError(join_texts("\n", faults))
    return FactorSource(
        id=folder.name,
        title=about.get("title", ""),
        title_zh=about.get("title_zh", ""),
        publisher=about.get("publisher", ""),
        edition=about.get("edition", ""),
        date=about.get("date", ""),
        reference=about.get("reference", ""),
        changes=about.get("changes", ""),
        note=about.get("note", ""),
        rows=tuple(rows),
        corrected=tuple(corrected),
        series=about.get("series", ""),
    )


def _bound_fault(row: FactorRow) -> str:
    """Return what is implausible about a row: its value, or where it has none its range."""
    numbers = (row.lower, row.upper) if math.isnan(row.value) else (row.value,)
    return bound_fault(row.parameter, row.product, row.gas, row.unit, numbers=numbers)


def read_source(folder: Path, faults: list[str]) -> Mapping[str, str]:
    """Return what an edition's source.toml says; its faults go to the list."""
    path = folder / "source.toml"
    try:
        about = read_toml(path)
    except OSError as error:
        faults.append(
            say(
                "{path}: cannot be opened ({strerror}); an edition is a folder with a source.toml",
                path=path,
                strerror=error.strerror,
            )
        )
        return {}
    except ValueError as error:
        faults.append(say("{name}/source.toml: {error}", name=folder.name, error=error))
        return {}
    faults.extend(
        say("{name}/source.toml: {key} is missing", name=folder.name, key=key)
        for key in ("title", "publisher", "date", "reference")
        if not about.get(key)
    )
    if about.get("date") and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", str(about["date"])):
        faults.append(
            say(
                "{name}/source.toml: date {date!r} is not YYYY, YYYY-MM or YYYY-MM-DD",
                name=folder.name,
                date=about["date"],
            )
        )
    return {key: str(value) for key, value in about.items()}


def _read_table(edition: str, path: Path, faults: list[str]) -> Iterable[FactorRow]:
    with open_csv(path) as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            faults.append(
                say(
                    "{edition}/{name}:1: the header is {fieldnames}; expected {columns}",
                    edition=edition,
                    name=path.name,
                    fieldnames=",".join(reader.fieldnames or ()),
                    columns=",".join(COLUMNS),
                )
            )
            return
        for cells in reader:
            where = f"{edition}/{path.name}:{reader.line_num}"
            row = {key: (cells.get(key) or "").strip() for key in COLUMNS}
            found = [
                say("{where}: {fault}", where=where, fault=fault)
                for fault in row_faults(path.stem, row)
            ]
            if None in cells:
                found.append(say("{where}: more cells than columns", where=where))
            faults.extend(found)
            if not found:
                yield make_row(row, f"{edition}/{path.name}", reader.line_num)


def make_row(
    cells: Mapping[str, str], file: str, line: int, columns: Sequence[str] | None = None
) -> FactorRow:
    """Return the factor row that a line of a table says.

    Parameters
    ----------
    cells
        By column, without space around them; its faults were found before.
    file
        ``edition/parameter.csv``, or ``edition/sector/parameter.csv``.
    columns
        The keys that the table declares for itself; those of fuels unless given.
    """
    places = file.removesuffix(".csv").split("/")
    own = cells if columns is None else {}
    return FactorRow(
        edition=places[0],
        parameter=places[-1],
        product=own.get("product", ""),
        flow=own.get("flow", ""),
        category=own.get("category", ""),
        area=own.get("area", ""),
        gas=own.get("gas", ""),
        item=own.get("item", ""),
        first_year=int(cells["from"]) if cells["from"] else None,
        last_year=int(cells["to"]) if cells["to"] else None,
        value=read_number(cells["value"]),
        lower=read_number(cells["lower"]),
        upper=read_number(cells["upper"]),
        unit=cells["unit"],
        table=cells["table"],
        page=cells["page"],
        status=cells["status"],
        note=cells["note"],
        file=file,
        line=line,
        labels=tuple((column, cells[column]) for column in columns or ()),
    )


def apply_errata(
    rows: list[FactorRow], faults: list[str]
) -> tuple[list[FactorRow], list[FactorRow]]:
    """Lay the errata over the rows they correct; return the rows that hold, and those as printed that are corrected."""
    errata = {row.keys: row for row in rows if row.status == "erratum"}
    printed = {row.keys for row in rows if row.status != "erratum"}
    faults.extend(
        say("{file}:{line}: an erratum without the row it corrects", file=row.file, line=row.line)
        for keys, row in errata.items()
        if keys not in printed
    )
    faults.extend(
        say("{file}:{line}: an erratum gives its reason in the note", file=row.file, line=row.line)
        for row in errata.values()
        if not row.note
    )
    corrected = [row for row in rows if row.status != "erratum" and row.keys in errata]
    return [row for row in rows if row not in corrected], corrected


def _check_duplicates(rows: Iterable[FactorRow], faults: list[str]) -> None:
    """Find rows that are equally specific for a cell: a row with years is more specific than one without."""
    seen: dict[tuple[object, ...], list[FactorRow]] = {}
    for row in rows:
        dated = bool(row.first_year or row.last_year)
        key = (row.parameter, row.product, row.flow, row.category, row.area, row.gas, dated)
        for other in seen.setdefault(key, []):
            if row.shares_years(other):
                same = say(
                    "says what line {line} says (same keys, overlapping years)", line=other.line
                )
                faults += [say("{file}:{line}: {same}", file=row.file, line=row.line, same=same)]
        seen[key].append(row)
