"""Factor tables with a column for each key that their parameter declares: animal, process, region ...

``factors/<edition>/<sector>/<parameter>.csv`` has the declared keys, then
``from,to,value,lower,upper,unit,table,page,status,note``. A cell of a key is a label, a group of a
partition that the same edition prints (``partitions.csv``), or blank: any.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonacct import dim_names, vocabulary
from carbonacct.data import read_rows
from carbonacct.errors import did_you_mean, near_or_known
from carbonacct.factors.editions import FactorRow, apply_errata, make_row, read_source
from carbonacct.factors.row_faults import STATUSES, bound_faults, read_number, year_faults
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    UnitCheck = Callable[[str, str], str]

FIXED = ("from", "to", "value", "lower", "upper", "unit", "table", "page", "status", "note")


@dataclass(frozen=True)
class Parameter:
    """A factor that equations use, and how its table is asked.

    Attributes
    ----------
    unit
        In which its values enter; ``{gas}`` stands for the gas of the row.
    keys
        Dims that tell its rows apart, most important first, each with the column of the table that
        holds it: the same, unless a table is asked twice (a land use before and after).
    groups
        Of a column: the partition whose groups may stand there beside labels.
    minimum, maximum
        Bounds outside which a value is a mistake.
    table
        Name of the table, if not that of the parameter.
    editions
        Where it is looked for, if not in those of the sector file.
    middle
        Whether the middle of a range that is printed without a value counts.
    """

    id: str
    unit: str
    zh: str = ""
    en: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    minimum: float = 0.0
    maximum: float = float("inf")
    table: str = ""
    editions: tuple[str, ...] = ()
    middle: bool = False

    @property
    def dims(self) -> tuple[str, ...]:
        """The dims that its values have, beside area and year."""
        return tuple(dim for dim, _ in self.keys if dim != "area")

    @property
    def file(self) -> str:
        """Name of its table, without the suffix."""
        return self.table or self.id


@dataclass(frozen=True, eq=False)
class KeyedEdition:
    """The tables of one edition for one sector: rows by table, and by partition the group of each member."""

    id: str
    rows: Mapping[str, tuple[FactorRow, ...]]
    partitions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_keyed(
    folder: Path,
    parameters: Iterable[Parameter],
    check_unit: UnitCheck,
    faults: list[str],
    *,
    others: Collection[str] = (),
) -> KeyedEdition:
    """Return the tables of ``factors/<edition>/<sector>``; what is wrong goes to the list of faults.

    Parameters
    ----------
    check_unit
        Says what is wrong with a row's unit, given the row's and the parameter's; empty if nothing.
    others
        Tables that other methods use: passed over. Any other table is a fault.
    """
    tables = {parameter.file: parameter for parameter in parameters}
    edition = folder.parent.name
    if not folder.is_dir():
        faults.append(
            say(
                "{edition}/{name}: there is no such folder of factor tables",
                edition=edition,
                name=folder.name,
            )
        )
        return KeyedEdition(edition, {})
    read_source(folder.parent, faults)
    partitions = _read_partitions(folder, faults)
    rows: dict[str, tuple[FactorRow, ...]] = {}
    for path in sorted(folder.glob("*.csv")):
        parameter = tables.get(path.stem)
        if parameter:
            found = list(_read_table(path, parameter, partitions, check_unit, faults=faults))
            kept, _ = apply_errata(found, faults)
            _check_alike(kept, faults)
            rows[path.stem] = tuple(kept)
        elif path.stem != "partitions" and path.stem not in others:
            near = near_or_known(path.stem, tables, listed=sorted(tables))
            faults.append(
                say(
                    "{edition}/{name}/{path_name}: no parameter of the sector; {near}",
                    edition=edition,
                    name=folder.name,
                    path_name=path.name,
                    near=near,
                )
            )
    return KeyedEdition(edition, rows, partitions)


def _read_partitions(folder: Path, faults: list[str]) -> dict[str, dict[str, str]]:
    path = folder / "partitions.csv"
    partitions: dict[str, dict[str, str]] = {}
    for row in read_rows(path) if path.is_file() else []:
        groups = partitions.setdefault(row["partition"], {})
        # A group without members is one whose members a project says: climate zones.
        known = groups.setdefault(row["member"] or row["group"], row["group"])
        where = f"{folder.parent.name}/{folder.name}/partitions.csv:{row['line']}"
        if known != row["group"]:
            faults.append(
                say(
                    "{where}: {member} is in {known} and in {group}",
                    where=where,
                    member=row["member"],
                    known=known,
                    group=row["group"],
                )
            )
        if row["member"]:
            faults += [
                say("{where}: {fault}", where=where, fault=fault)
                for fault in _unknown(row["dim"], row["member"])
            ]
    return partitions


def _read_table(
    path: Path,
    parameter: Parameter,
    partitions: Mapping[str, Mapping[str, str]],
    check_unit: UnitCheck,
    *,
    faults: list[str],
) -> Iterator[FactorRow]:
    columns = tuple(column for _, column in parameter.keys)
    file = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        header = tuple(reader.fieldnames or ())
        if header != columns + FIXED:
            wanted = ",".join(columns + FIXED)
            faults.append(
                say(
                    "{file}:1: the header is {header}; expected {wanted}",
                    file=file,
                    header=",".join(header),
                    wanted=wanted,
                )
            )
            return
        for cells in reader:
            row = {key: (value or "").strip() for key, value in cells.items() if key}
            found = [*_row_faults(row, parameter, check_unit)]
            found += _label_faults(row, parameter, partitions)
            faults += [
                say("{file}:{line_num}: {fault}", file=file, line_num=reader.line_num, fault=fault)
                for fault in found
            ]
            if not found:
                yield make_row(row, file, reader.line_num, columns)


def _row_faults(
    row: Mapping[str, str], parameter: Parameter, check_unit: UnitCheck
) -> Iterator[str]:
    yield from year_faults(row)
    if row["status"] not in STATUSES:
        yield say(
            "status {status!r} is not one of {statuses}",
            status=row["status"],
            statuses=join_texts(", ", STATUSES),
        )
    wanted = parameter.unit.replace("{gas}", row.get("gas") or "{gas}")
    if fault := check_unit(row["unit"], wanted):
        yield fault
    try:
        value, lower, upper = (read_number(row[key]) for key in ("value", "lower", "upper"))
    except (ValueError, ZeroDivisionError):
        yield say(
            "{value!r}, {lower!r}, {upper!r}: one of them is not a number",
            value=row["value"],
            lower=row["lower"],
            upper=row["upper"],
        )
        return
    yield from bound_faults(value, lower, upper)


def _label_faults(
    row: Mapping[str, str], parameter: Parameter, partitions: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Find cells that are neither a label nor a group: such a row would never serve."""
    for dim, column in parameter.keys:
        partition = dict(parameter.groups).get(column, "")
        if partition and partition not in partitions:
            near = did_you_mean(partition, partitions)
            yield say(
                "{column} {row!r}: partitions.csv has no {partition}; {near}",
                column=column,
                row=row[column],
                partition=partition,
                near=near or say("add it"),
            )
            continue
        groups = set(partitions[partition].values()) if partition else set()
        if row[column] and row[column] not in groups:
            yield from _unknown(dim, row[column], groups)


def _unknown(dim: str, label: str, more: Collection[str] = ()) -> Iterator[str]:
    """Find a label that the vocabulary lists not, of a dim that it lists."""
    known = vocabulary.areas() if dim == "area" else dim_names.dim_labels(dim)
    if known and label not in known:
        words = [*known, *more]
        yield (
            say(
                "{dim} {label!r} does not exist; {near}",
                dim=dim,
                label=label,
                near=did_you_mean(label, words) or say("see factors/vocabulary"),
            )
        )


def _check_alike(rows: Iterable[FactorRow], faults: list[str]) -> None:
    """Find rows that could both serve one cell: same keys, years that overlap, both dated or not."""
    seen: dict[object, list[FactorRow]] = {}
    for row in rows:
        dated = bool(row.first_year or row.last_year)
        alike = seen.setdefault((row.labels, dated), [])
        faults += [
            say(
                "{file}:{line}: says what line {other_line} says (same keys, overlapping years)",
                file=row.file,
                line=row.line,
                other_line=other.line,
            )
            for other in alike
            if row.shares_years(other)
        ]
        alike.append(row)
