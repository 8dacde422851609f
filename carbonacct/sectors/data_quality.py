"""Quality of activity data and factors as the Global Protocol for cities grades it: H, M or L, or not known and why."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from carbonacct.data import data_folder, read_rows
from carbonacct.factors import edition_ids
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.inventory.official.filling import RowQuality
from carbonacct.sectors.energy.at_users import UserOrigin
from carbonacct.sectors.energy.energy_entries import EnergyOrigin
from carbonacct.texts import Both, join_clauses, join_parts, join_texts, say, tell_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from carbonacct.equations import UnfoldedStep
    from carbonacct.factors import FactorRow
    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.inventory.record import EntryOrigin
    from carbonacct.sectors.energy import EnergyInventory

GRADES = ("H", "M", "L")
_ROW = "row"  # of an equation that a compiler stated without a source
_FILE = "file"  # an entry that was read from a file
_FILLED = "filled"  # a filled year has no factor
_UNKNOWN = {
    _ROW: say("a row of activity data states no source"),
    _FILE: say("an entry was read from a file, which does not say how it came about"),
    _FILLED: say("a year is filled by a rule, not by a factor"),
}


class EntryQuality(NamedTuple):
    """Where activity data and factors of an entry come from: keys of ``data_quality.csv``, or what is not known."""

    activity: frozenset[str]
    factor: frozenset[str]


@cache
def _rules() -> Mapping[tuple[str, str], tuple[str, Both]]:
    """Return the grade and the words of each key, by what it is of."""
    rows = read_rows(data_folder() / "vocabulary" / "data_quality.csv")
    return {(row["of"], row["key"]): (row["grade"], Both(row["en"], row["zh"])) for row in rows}


def explain_grades(lang: str) -> str:
    """Return what the grades mean.

    Examples
    --------
    >>> explain_grades("en").partition(",")[0]
    'Activity: H detailed activity data'
    """
    side = 0 if lang == "zh" else 1
    heads = (("活动水平", "Activity"), ("因子", "factor"))
    parts = []
    for of, head in zip(("activity", "factor"), heads, strict=True):
        words = [_rules()[f"meaning {of}", grade][1] for grade in GRADES]
        shown = [
            f"{grade} {word.zh if lang == 'zh' else word}"
            for grade, word in zip(GRADES, words, strict=True)
        ]
        parts.append(tell_value(head[side], join_parts(lang, *shown), lang))
    return join_clauses(parts, lang)


def grade_table(table: OfficialTable) -> dict[tuple[int, int], RowQuality]:
    """Return the quality of each row of a table that holds numbers of its own, by period and row.

    Notes
    -----
    GPC 1.1, table 5.3. A row has the lowest grade of its entries, an entry the lowest of its
    numbers. Constants of chemistry have none. What is not known is blank, with the reason. Which
    source has which grade stands in ``factors/vocabulary/data_quality.csv``.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/beijing_2007.csv", method="provincial-2011")
    >>> found = grade_table(ca.fill_official(ca.to_inventory(cube), "gpc"))
    >>> found[0, 0].activity, found[0, 0].factor, found[0, 0].activity_reason
    ('H', 'M', 'a number that a table of the area prints')
    """
    held: dict[tuple[int, int], list[EntryQuality]] = {}
    placed = table.placed
    counted = (placed.row >= 0) & ~np.isnan(placed.value) & (placed.value != 0)
    rows = table.entries[["area", "year", "flow", "product", "method", "origin", "cell"]]
    for entry, row in zip(np.flatnonzero(counted), rows[counted].itertuples(), strict=True):
        key = (int(placed.period[entry]), int(placed.row[entry]))
        origin = table.origins[row.origin] if row.origin >= 0 else None
        held.setdefault(key, []).append(_of_entry(origin, row))
    return {key: _join(found) for key, found in held.items()}


def _of_entry(origin: EntryOrigin | None, row: Any) -> EntryQuality:
    """Return where the numbers of an entry come from."""
    if isinstance(origin, EnergyOrigin):
        factor = _of_chain(origin.inventory, int(row.cell), str(row.area))
        return EntryQuality(_of_balance(origin.inventory, row), factor)
    if isinstance(origin, SourceOrigin):
        return _of_step(origin.open(int(row.cell)), origin, str(row.area))
    if isinstance(origin, UserOrigin):
        one = origin.find(int(row.cell))
        activity = _of_balance(origin.inventory, row) | ({"spread"} if one.is_losses else set())
        factor = frozenset(key for step in one.steps for key in _of_row(step.row, one.area))
        return EntryQuality(activity, factor)
    technique, _, what = str(row.method).partition(" (")[0].partition(" of ")
    if ("activity", technique) in _rules():
        made = (
            _FILE if what == "factor" else technique
        )  # of a filled factor the activity is a print
        return EntryQuality(frozenset({made}), frozenset({_FILLED}))
    return EntryQuality(frozenset({_FILE}), frozenset({_FILE}))


def _of_balance(cube: EnergyInventory, row: Any) -> frozenset[str]:
    """Return how the cell of a balance came about."""
    origins = cube.balance.origins
    known = origins.find(row.area, row.year, row.flow, row.product) if origins else None
    return frozenset({known.how if known else "printed"})


def _of_chain(cube: EnergyInventory, cell: int, area: str) -> frozenset[str]:
    """Return where the factors of a cell of the cube come from."""
    place = np.unravel_index(cell, cube.emissions.shape)
    chain = cube.chain[place]
    if chain < 0:
        return frozenset()
    found = set()
    for selection in cube.chains[chain].selections:
        row = selection.row[place[:4]]
        if row >= 0:
            found |= _of_row(selection.rows[row], area)
    return frozenset(found)


def _of_step(step: UnfoldedStep, origin: SourceOrigin, area: str) -> EntryQuality:
    """Return where the numbers that an equation took come from."""
    activity, factor = set[str](), set[str]()
    for one in _leaves(step):
        if one.notation or not one.origin:
            continue
        if one.row is not None:
            factor |= _of_row(one.row, area)
            continue
        # Behind the address of a cell stands in brackets the source that its row states.
        behind = one.origin.rpartition("!")[2]
        states = " (" in behind or "（" in behind
        if one.name in origin.evaluation.sector.activities:
            activity.add("stated" if states else _ROW)
        else:
            factor.add("own" if states else _ROW)
    return EntryQuality(frozenset(activity), frozenset(factor))


def _leaves(step: UnfoldedStep) -> Iterable[UnfoldedStep]:
    """Go over the numbers that went in."""
    if not step.parts:
        yield step
    for part in step.parts:
        yield from _leaves(part)


def _of_row(row: FactorRow, area: str) -> set[str]:
    """Return which kind of source a factor row is; none for a constant."""
    if ("constant", row.parameter) in _rules():
        return set()
    if row.status == "unverified":
        return {"unverified"}
    if row.edition not in edition_ids():
        return {"own"}
    if row.edition.startswith("ipcc-"):
        return {"ipcc"}
    return {"area" if row.area == area else "national"}


def _join(found: Sequence[EntryQuality]) -> RowQuality:
    """Return the quality of a row from those of its entries."""
    activity, activity_reason = _grade("activity", [one.activity for one in found])
    factor, factor_reason = _grade("factor", [one.factor for one in found])
    return RowQuality(activity, factor, activity_reason, factor_reason)


def _grade(of: str, found: Sequence[frozenset[str]]) -> tuple[str, str]:
    """Return the lowest grade and where the numbers come from; blank where some are not known."""
    keys = frozenset[str]().union(*found)
    unknown = [text for key, text in _UNKNOWN.items() if key in keys]
    if unknown or not keys:
        return "", join_texts("; ", unknown)
    known = [_rules()[of, key] for key in sorted(keys)]  # a set has another order in each run
    known.sort(key=lambda one: GRADES.index(one[0]))
    return known[-1][0], join_texts("; ", (words for _, words in known))
