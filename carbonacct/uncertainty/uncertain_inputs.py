"""What is known of the inputs of an inventory: published bounds, coefficients of variation, a user's own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from carbonacct.data import data_folder, read_rows, shown_name
from carbonacct.errors import (
    Finding,
    TableError,
    UncertaintyError,
    did_you_mean,
    name_some,
    near_or_known,
)
from carbonacct.factors import load_edition
from carbonacct.records.labelled_rows import read_tables
from carbonacct.texts import join_texts, say
from carbonacct.uncertainty.distributions import KINDS, Uncertainty
from carbonacct.uncertainty.fitting import fit_bounds, fit_cv, fit_percent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from carbonacct.factors import FactorRow

COLUMNS = (
    "input",
    "area",
    "flow",
    "product",
    "category",
    "gas",
    "percent",
    "cv",
    "lower",
    "upper",
    "kind",
    "source",
)
_KEYS = ("area", "flow", "product", "category", "gas")


@dataclass(frozen=True)
class Override:
    """A user's own uncertainty of an activity or of a parameter, in percent of the value; empty keys mean any."""

    input: str
    keys: Mapping[str, str]
    uncertainty: Uncertainty
    place: str


@dataclass(frozen=True)
class ActivitySource:
    """The uncertainty of activity data of one kind of source: half the 95 % range lies between two percentages."""

    group: str
    categories: tuple[str, ...]
    fuel: str
    system: str
    basis: str
    lower: float
    upper: float
    status: str
    reference: str


def read_overrides(path: str | Path, names: Collection[str] = ()) -> tuple[Override, ...]:
    """Read a user's own uncertainties from a table.

    Parameters
    ----------
    path
        A CSV or workbook with the columns, in Chinese or English,
        ``input,area,flow,product,category,gas,percent,cv,lower,upper,kind,source``. ``input`` is
        ``activity`` or a parameter such as ``net_calorific_value``. The next five say for what;
        empty means any. Then one of: ``percent`` (half the 95 % range), ``cv``, or ``lower`` and
        ``upper`` (below and above the value, such as -10 and 25), all in percent of the value.
        ``kind`` is a distribution, for bounds and coefficients of variation.
    names
        Activities and parameters of sources other than fuels, which ``input`` may name as well.

    Raises
    ------
    UncertaintyError
        Every fault of the file in one message, each with its cell.
    """
    faults: list[str] = []
    try:
        tables = read_tables(path, "uncertainty", needed=["input"], faults=faults)
    except TableError as error:
        raise UncertaintyError(
            say("{error}; give a table {columns}", error=error, columns=",".join(COLUMNS))
        ) from None
    if faults:
        raise UncertaintyError(join_texts("; ", faults))
    overrides = []
    for line in (line for table in tables for line in table.rows()):
        place = line.address("input")
        row = {column: line.text(column) for column in COLUMNS}
        try:
            keys = {key: row[key] for key in _KEYS if row[key]}
            overrides.append(
                Override(_input_name(row, place, names), keys, _relative(row, place), place)
            )
        except UncertaintyError as error:
            faults.append(str(error))
    if faults:
        raise UncertaintyError(join_texts("; ", faults))
    if not overrides:
        raise UncertaintyError(
            say(
                "{path}: holds no row; give a table {columns}",
                path=shown_name(path),
                columns=",".join(COLUMNS),
            )
        )
    return tuple(overrides)


def _input_name(row: Mapping[str, str], place: str, names: Collection[str]) -> str:
    from carbonacct.factors.row_faults import PARAMETERS  # noqa: PLC0415 - the list of known words

    if row.get("input") not in {"activity", *PARAMETERS, *names}:
        near = did_you_mean(row.get("input", ""), ("activity", *PARAMETERS, *names))
        raise UncertaintyError(
            say(
                "{place}: no input {input!r}; {near}",
                place=place,
                input=row.get("input", ""),
                near=near
                or say("known: activity, {parameters}", parameters=join_texts(", ", PARAMETERS)),
            )
        )
    return str(row["input"])


def _relative(row: Mapping[str, str], place: str) -> Uncertainty:
    """Return a line's uncertainty around 1."""
    numbers = {}
    for key in ("percent", "cv", "lower", "upper"):
        if row.get(key):
            try:
                numbers[key] = float(row[key]) / 100
            except ValueError:
                raise UncertaintyError(
                    say(
                        "{place}: {key} {row!r} is not a number", place=place, key=key, row=row[key]
                    )
                ) from None
    kind, source = row.get("kind", ""), row.get("source") or place
    if kind and kind not in KINDS:
        raise UncertaintyError(
            say(
                "{place}: no distribution {kind!r}; {near}",
                place=place,
                kind=kind,
                near=near_or_known(kind, KINDS),
            )
        )
    match sorted(numbers):
        case ["percent"] if not kind:
            return fit_percent(1.0, 100 * numbers["percent"], source=source, what=place)
        case ["cv"]:
            return fit_cv(1.0, numbers["cv"], kind=kind, source=source, what=place)
        case ["lower", "upper"]:
            if numbers["lower"] < -1:
                raise UncertaintyError(
                    say(
                        "{place}: lower {percent:g} % makes the value negative; give -100 or more",
                        place=place,
                        percent=100 * numbers["lower"],
                    )
                )
            return fit_bounds(
                1.0,
                1 + numbers["lower"],
                1 + numbers["upper"],
                kind=kind,
                source=source,
                what=place,
            )
    raise UncertaintyError(
        say(
            "{place}: give percent (without kind), or cv, or lower and upper; seen: "
            "{numbers} with kind",
            place=place,
            numbers=join_texts(", ", sorted(numbers)) or say("none"),
        )
        if kind
        else say(
            "{place}: give percent (without kind), or cv, or lower and upper; seen: {numbers}",
            place=place,
            numbers=join_texts(", ", sorted(numbers)) or say("none"),
        )
    )


def match_override(
    overrides: Sequence[Override], name: str, keys: Mapping[str, str]
) -> Override | None:
    """Return the line that is for an input, the one with most keys; a category stands for those below it.

    Raises
    ------
    UncertaintyError
        If two lines are equally specific.
    """
    best: tuple[tuple[int, int], Override] | None = None
    for one in overrides:
        if one.input != name or not all(
            _matches(key, wanted, keys.get(key, "")) for key, wanted in one.keys.items()
        ):
            continue
        rank = (len(one.keys), len(one.keys.get("category", "")))
        if best and rank == best[0]:
            raise UncertaintyError(
                say(
                    "{place} and {one_place} are equally specific for {name} of {keys}; "
                    "fill one more column",
                    place=best[1].place,
                    one_place=one.place,
                    name=name,
                    keys=" ".join(filter(None, keys.values())),
                )
            )
        if best is None or rank > best[0]:
            best = (rank, one)
    return best[1] if best else None


def _matches(key: str, wanted: str, seen: str) -> bool:
    return seen == wanted or (key == "category" and seen.startswith(wanted + "."))


@cache
def list_activity_sources() -> tuple[ActivitySource, ...]:
    """Return the published uncertainties of activity data by kind of source."""
    return tuple(
        ActivitySource(
            group=row["group"],
            categories=tuple(row["categories"].split("|")),
            fuel=row["fuel"],
            system=row["system"],
            basis=row["basis"],
            lower=float(row["lower"]),
            upper=float(row["upper"]),
            status=row["status"],
            reference=f"{row['reference']}, {'table ' if row['table'][0].isdigit() else ''}{row['table']}",
        )
        for row in read_rows(data_folder() / "uncertainty" / "activity.csv")
    )


def choose_activity_sources(
    statistics: str, *, allow_unverified: bool = False
) -> tuple[ActivitySource, ...]:
    """Return the uncertainties of a kind of statistics, and the default for what it does not list.

    Parameters
    ----------
    statistics
        ``default``, or system and basis such as ``less-developed surveys``.
    allow_unverified
        Also use numbers that nobody could check against the document.

    Raises
    ------
    UncertaintyError
        If there is no such kind, or its numbers are unverified and not allowed.
    """
    sources = list_activity_sources()
    default = tuple(
        one
        for one in sources
        if not one.system and (allow_unverified or one.status != "unverified")
    )
    if statistics == "default":
        return default
    chosen = tuple(one for one in sources if f"{one.system} {one.basis}" == statistics)
    known = list(dict.fromkeys(f"{one.system} {one.basis}" for one in sources if one.system))
    if not chosen:
        raise UncertaintyError(
            say(
                "no kind of statistics {statistics!r}; {near}",
                statistics=statistics,
                near=did_you_mean(statistics, known)
                or say("known: default, {known}", known=join_texts(", ", known)),
            )
        )
    if not allow_unverified and any(one.status == "unverified" for one in chosen):
        raise UncertaintyError(
            say(
                "{reference} could not be checked against the document; allow unverified "
                "numbers (--allow-unverified) or state your own (--inputs)",
                reference=chosen[0].reference,
            )
        )
    return chosen + default


def find_activity_source(
    sources: Sequence[ActivitySource], category: str, fuel: str
) -> ActivitySource:
    """Return the kind of source that the activity data of a category are of."""
    best, length = sources[-1], -1  # the default of what nothing more is known of stands last
    for one in sources:
        for prefix in one.categories:
            inside = category == prefix or category.startswith(prefix + ".")
            rank = len(prefix) + (10 if one.fuel else 0)
            if inside and one.fuel in ("", fuel) and rank > length:
                best, length = one, rank
    return best


def find_activity_uncertainty(
    sources: Sequence[ActivitySource], category: str, fuel: str
) -> Uncertainty:
    """Return the uncertainty of an activity around 1: the upper end of the published range of its kind of source."""
    best = find_activity_source(sources, category, fuel)
    return fit_percent(1.0, best.upper, source=f"{best.reference}: {best.group}")


def find_own_uncertainty(row: FactorRow, overrides: Sequence[Override]) -> Override | None:
    """Return the user's line that is for a factor row."""
    keys = {
        "area": row.area,
        "flow": row.flow,
        "product": row.product,
        "category": row.category,
        "gas": row.gas,
    }
    return match_override(overrides, row.parameter, keys)


def find_factor_uncertainty(
    row: FactorRow, value: float, *, product: str = "", bounds_from: str = ""
) -> Uncertainty | None:
    """Return the published uncertainty of a factor row: its bounds, its variation, or another edition's bounds.

    Parameters
    ----------
    row, value
        The row, and its value as used (the middle of a range, if it is one).
    product
        The product for which another edition is asked (a method's substitute).
    bounds_from
        An edition whose bounds, in percent of its own value, are taken for a row that has none.

    Returns
    -------
    Uncertainty, or None where nothing is published.
    """
    what = say("{place}: {what}", place=row.place, what=describe_row(row))
    if not math.isnan(row.lower) and not math.isnan(row.upper):
        kind = "uniform" if math.isnan(row.value) else ""
        return fit_bounds(value, row.lower, row.upper, kind=kind, source=row.place, what=what)
    for line in read_rows(data_folder() / "uncertainty" / "coefficients_of_variation.csv"):
        category = line["category"]
        if (
            line["parameter"] == row.parameter
            and line["edition"] in ("", row.edition)
            and line["product"] in ("", row.product)
            and line["gas"] in ("", row.gas)
            and (not category or _matches("category", category, row.category))
        ):
            return fit_cv(
                value,
                float(line["cv"]) / 100,
                source=f"{line['reference']}: cv {line['cv']} %",
                what=what,
            )
    return borrow_bounds(row, value, product, bounds_from) if bounds_from else None


def borrow_bounds(row: FactorRow, value: float, product: str, edition: str) -> Uncertainty | None:
    """Return the bounds of another edition's row for the product, in percent of its value, or None."""
    others = [
        other
        for other in load_edition(edition).rows
        if other.parameter == row.parameter
        and other.product in (row.product, product)
        and other.product
        and other.gas in ("", row.gas or "CO2")
        and not math.isnan(other.lower)
        and other.value > 0
        and other.category in ("", row.category)
    ]
    if not others:
        return None
    best = max(others, key=lambda other: (other.product == row.product, len(other.category)))
    what = say("{place}: {what}", place=row.place, what=describe_row(row))
    return scale(
        fit_bounds(
            1.0,
            best.lower / best.value,
            best.upper / best.value,
            source=f"bounds of {best.place}",
            what=what,
        ),
        value,
    )


def scale(relative: Uncertainty, value: float) -> Uncertainty:
    """Return an uncertainty around 1 as one around another value."""
    shape = relative.shape
    if relative.kind == "lognormal":
        shape = (shape[0] + math.log(value), shape[1])
    elif relative.kind == "beta":
        shape = (*shape[:2], shape[2] * value, shape[3] * value)
    else:
        shape = tuple(number * value for number in shape)
    return Uncertainty(
        relative.kind,
        value,
        relative.lower * value,
        relative.upper * value,
        shape,
        relative.level,
        relative.source,
        relative.findings,
    )


def describe_row(row: FactorRow) -> str:
    """Return what a row is a value of, in a few words."""
    item = row.item or row.product or ",".join(word for _, word in row.labels if word)
    if not item:
        return row.parameter
    return say("{parameter} of {item}", parameter=row.parameter, item=item)


def note_exact(rows: Sequence[FactorRow], edition: str) -> Finding:
    """Say which factor rows count as exact because nothing is published of their uncertainty."""
    listed = name_some(
        [say("{what} ({edition})", what=describe_row(row), edition=row.edition) for row in rows],
        3,
    )
    action = (
        say("state their uncertainty (--inputs)")
        if edition
        else say(
            "state their uncertainty (--inputs), or take the bounds of another edition "
            "(--bounds-from)"
        )
    )
    return Finding(
        "no-uncertainty",
        "warning",
        say(
            "{row_count} factor rows have no published uncertainty and count as exact, so "
            "intervals are too narrow: {listed}",
            row_count=len(rows),
            listed=listed,
        ),
        rows[0].place,
        action,
    )
