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
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.data import data_folder, open_csv, read_toml
from carbonacct.display import legible
from carbonacct.errors import FactorDataError, UnitError, did_you_mean
from carbonacct.factors.bounds import bound_fault
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor, parse_unit, registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
STATUSES = ("corroborated", "single", "derived", "erratum", "unverified")
NOT_EDITIONS = frozenset(
    {
        "vocabulary",
        "layouts",
        "methods",
        "metrics",
        "identities",
        "indices",
        "published",
        "uncertainty",
        "reports",
    }
)

# What each parameter measures: the dimensions its unit may have. G stands for the gas of the row.
_MASS, _VOLUME, _ENERGY = "[mass]", "[length]**3", "[mass]*[length]**2/[time]**2"
_PER_AMOUNT = (_MASS, _VOLUME, _ENERGY)
_DIMENSIONS: dict[str, tuple[str, ...]] = {
    "net_calorific_value": tuple(f"{_ENERGY}/({amount})" for amount in _PER_AMOUNT),
    "carbon_content": (f"[carbon]*[mass]/({_ENERGY})",),
    "oxidation_factor": ("[]",),
    "stored_carbon_fraction": ("[]",),
    "carbon_to_co2": ("[CO2]/[carbon]",),
    "coal_equivalent_coefficient": tuple(f"{_ENERGY}/({amount})" for amount in _PER_AMOUNT),
    "emission_factor": tuple(f"G*[mass]/({amount})" for amount in _PER_AMOUNT),
    "coal_mine_methane": (f"{_VOLUME}/({_MASS})",),
    "methane_density": (f"{_MASS}/({_VOLUME})",),
    "grid_emission_factor": (f"G*[mass]/({_ENERGY})",),
}
# Published beside the average grid factor, never used for it.
_OTHER_GRID = (
    "residual_grid_emission_factor",
    "fossil_power_emission_factor",
    "operating_margin",
    "build_margin",
    "life_cycle_electricity_factor",
    "reporting_grid_factor",
)
_DIMENSIONS |= dict.fromkeys(_OTHER_GRID, _DIMENSIONS["grid_emission_factor"])
PARAMETERS = tuple(_DIMENSIONS)
GASES = ("CO2", "CH4", "N2O")
_CATEGORY = re.compile(r"[1-5](?:\.[A-Za-z0-9]+)*")


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
        if self.first_year and year < self.first_year:
            return year - self.first_year
        return max(year - self.last_year, 0) if self.last_year else 0

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
        return self.origin or f"{self.edition}/{self.parameter}.csv:{self.line}"


@legible
@dataclass(frozen=True, repr=False, eq=False)
class FactorSource:
    """A published edition: its document, its rows, and the rows as printed that its errata correct.

    Attributes
    ----------
    series
        What editions of one document for one data year each have in common
        (:mod:`carbonacct.factors.series`).
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


def edition_ids() -> list[str]:
    """Return the ids of the editions that ship with the package.

    Examples
    --------
    >>> "ipcc-2006" in edition_ids()
    True
    """
    return list(_list_editions(data_folder()))


@cache
def _list_editions(folder: Path) -> tuple[str, ...]:
    return tuple(
        sorted(
            path.name
            for path in folder.iterdir()
            if path.is_dir() and path.name not in NOT_EDITIONS
        )
    )


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
    if identifier not in edition_ids():
        raise FactorDataError(
            say(
                "no factor edition {identifier!r}; {near}",
                identifier=identifier,
                near=did_you_mean(identifier, edition_ids())
                or say("known: {edition_ids}", edition_ids=join_texts(", ", edition_ids())),
            )
        )
    return read_edition(data_folder() / identifier)


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
                    near=did_you_mean(path.stem, PARAMETERS)
                    or say("known: {parameters}", parameters=join_texts(", ", PARAMETERS)),
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
        folder.name,
        about.get("title", ""),
        about.get("title_zh", ""),
        about.get("publisher", ""),
        about.get("edition", ""),
        about.get("date", ""),
        about.get("reference", ""),
        about.get("changes", ""),
        about.get("note", ""),
        tuple(rows),
        tuple(corrected),
        about.get("series", ""),
    )


def _bound_fault(row: FactorRow) -> str:
    """Return what is implausible about a row: its value, or where it has none its range."""
    numbers = (row.lower, row.upper) if math.isnan(row.value) else (row.value,)
    return bound_fault(row.parameter, row.product, row.gas, row.unit, numbers)


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
                for fault in _row_faults(path.stem, row)
            ]
            if None in cells:
                found.append(say("{where}: more cells than columns", where=where))
            faults.extend(found)
            if not found:
                yield FactorRow(
                    edition,
                    path.stem,
                    row["product"],
                    row["flow"],
                    row["category"],
                    row["area"],
                    int(row["from"]) if row["from"] else None,
                    int(row["to"]) if row["to"] else None,
                    row["gas"],
                    row["item"],
                    read_number(row["value"]),
                    read_number(row["lower"]),
                    read_number(row["upper"]),
                    row["unit"],
                    row["table"],
                    row["page"],
                    row["status"],
                    row["note"],
                    f"{edition}/{path.name}",
                    reader.line_num,
                )


def read_number(text: str) -> float:
    """Return a number or a fraction such as 44/12; NaN for nothing."""
    if not text:
        return math.nan
    above, slash, below = text.partition("/")
    number = float(above) / float(below) if slash else float(above)
    if math.isnan(number):  # "nan" is a word, not an empty cell
        raise ValueError(text)
    return number


def _row_faults(parameter: str, row: Mapping[str, str]) -> Iterable[str]:
    yield from _key_faults(row)
    if row["status"] not in STATUSES:
        yield say(
            "status {status!r} is not one of {statuses}",
            status=row["status"],
            statuses=join_texts(", ", STATUSES),
        )
    numbers = {}
    for key in ("value", "lower", "upper"):
        try:
            numbers[key] = read_number(row[key])
        except (ValueError, ZeroDivisionError):
            yield say("{key} {row!r} is not a number", key=key, row=row[key])
        else:
            if math.isinf(numbers[key]):
                yield say("{key} is infinite", key=key)
    if len(numbers) == 3:
        yield from bound_faults(numbers["value"], numbers["lower"], numbers["upper"])
        if _DIMENSIONS.get(parameter) == ("[]",) and not _unit_faults(
            parameter, row["unit"], row["gas"]
        ):
            largest = max(number for number in (0.0, *numbers.values()) if not math.isnan(number))
            if largest * conversion_factor(row["unit"], "dimensionless") > 1 + 1e-12:
                yield (
                    say(
                        "{largest:g} {unit} is more than the whole: a fraction is at most "
                        "1, a percentage (unit %) at most 100",
                        largest=largest,
                        unit=row["unit"],
                    )
                )
    yield from _unit_faults(parameter, row["unit"], row["gas"])


def _key_faults(row: Mapping[str, str]) -> Iterable[str]:
    for key, known in (
        ("product", vocabulary.products()),
        ("flow", vocabulary.flows()),
        ("area", vocabulary.areas()),
    ):
        if row[key] and row[key] not in known:
            yield (
                say(
                    "{key} {row!r} does not exist; {near}",
                    key=key,
                    row=row[key],
                    near=did_you_mean(row[key], known) or say("see factors/vocabulary"),
                )
            )
    if row["gas"] and row["gas"] not in GASES:
        yield say(
            "gas {gas!r} is not one of {gases}", gas=row["gas"], gases=join_texts(", ", GASES)
        )
    if row["category"] and not _CATEGORY.fullmatch(row["category"]):
        yield say(
            "category {category!r} is not an IPCC category such as 1.A.1.a",
            category=row["category"],
        )
    yield from year_faults(row)


def year_faults(row: Mapping[str, str]) -> Iterable[str]:
    """Find what is wrong with the years for which a row holds."""
    for key in ("from", "to"):
        if row[key] and not re.fullmatch(r"(19|20)\d\d", row[key]):
            yield say("{key} {row!r} is not a year", key=key, row=row[key])
    if row["from"] and row["to"] and row["from"] > row["to"]:
        yield say("valid from {start} to {to}", start=row["from"], to=row["to"])


def bound_faults(value: float, lower: float, upper: float) -> Iterable[str]:
    """Find what is wrong with a published value and its range."""
    if math.isnan(value) and (math.isnan(lower) or math.isnan(upper)):
        yield "neither a value nor a range"
    yield from (
        say("{key} {number:g} is negative", key=key, number=number)
        for key, number in (("value", value), ("lower", lower))
        if number < 0
    )
    if lower > upper or value < lower or value > upper:
        yield say(
            "lower {lower:g}, value {value:g}, upper {upper:g} are not in order",
            lower=lower,
            value=value,
            upper=upper,
        )


@cache
def _unit_faults(parameter: str, unit: str, gas: str) -> tuple[str, ...]:
    if gas and gas not in GASES:
        return ()
    try:
        dimensionality = parse_unit(unit)[1].dimensionality
    except UnitError as error:
        return (str(error),)
    if not unit:
        return ("unit is empty",)
    ratio = "/" in unit or _DIMENSIONS[parameter] == (
        "[]",
    )  # energy per energy has no dimension, but two units
    for pattern in _DIMENSIONS[parameter] if ratio else ():
        wanted = pattern.replace("G", f"[{gas or 'CO2'}]")
        if dimensionality == _dimensionality(wanted):
            return ()
    return (
        say("unit {unit!r} does not measure {parameter}", unit=unit, parameter=parameter)
        + (say(" of {gas}", gas=gas) if gas else ""),
    )


@cache
def _dimensionality(expression: str) -> object:
    """Return the dimensionality of an expression of base dimensions, by way of their base units."""
    ureg = registry()
    bases = {
        "[mass]": "g",
        "[length]": "m",
        "[time]": "s",
        "[carbon]": "C",
        "[CO2]": "CO2",
        "[CH4]": "CH4",
        "[N2O]": "N2O",
        "[]": "m/m",
    }
    for dimension, unit in bases.items():
        expression = expression.replace(dimension, f"({unit})")
    return ureg.Quantity(ureg.parse_expression(expression)).dimensionality


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
            if (row.first_year or 0) <= (other.last_year or 9999) and (other.first_year or 0) <= (
                row.last_year or 9999
            ):
                same = say(
                    "says what line {line} says (same keys, overlapping years)", line=other.line
                )
                faults += [say("{file}:{line}: {same}", file=row.file, line=row.line, same=same)]
        seen[key].append(row)
