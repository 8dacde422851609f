"""The facts of a city in one year -> the cells that are printed, each number once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.amounts.origins import CellOrigin
from carbonacct.errors import Finding, TableError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.cities.meaning import Fact
    from carbonacct.records.statements import Statement

POWER_BRANCH = "industry.power_heat_supply"
POWER_ROW = "thermal_power"
_PLANTS = ("chp", "heating", "industry.power_heat_supply")
_SAME = 1e-6
_NEAR = 5e-3  # two offices' sums of one thing

Key = tuple[str, str]  # flow, product


@dataclass(frozen=True)
class CityCell:
    """A cell of the city's balance.

    Attributes
    ----------
    value, unit
        Signed as in a balance: what goes into a plant is negative.
    printed
        The statement that holds the number as it is, or None.
    is_part
        The row may hold more: only a part of it is printed.
    covers
        Other rows whose use it holds.
    """

    value: float
    unit: str
    origin: CellOrigin
    printed: Statement | None = None
    is_part: bool = False
    covers: tuple[str, ...] = ()


Cells = dict[Key, CityCell]


@dataclass(frozen=True)
class Carried:
    """Fuel that follows the seat of a company: an airline's, a shipping line's."""

    label: str
    carrier: str
    flow: str
    product: str
    value: float
    unit: str
    where: str
    is_outside: bool = False


def choose_cells(
    facts: Sequence[Fact], unmeasured: Sequence[Fact], outside: Sequence[str] = ()
) -> tuple[Cells, list[Carried], list[Finding]]:
    """Return the cells that a city's tables print, the fuel of carriers, and what was not used.

    Parameters
    ----------
    facts, unmeasured
        Of one area and year.
    outside
        Labels of fuel that is outside the boundary: it makes no cell.

    Raises
    ------
    TableError
        If two numbers of one meaning differ.
    """
    notes: list[Finding] = []
    uses = [fact for fact in facts if fact.meaning.kind in {"use", "sum"}]
    uses = _drop_spellings(uses, notes)
    uses = _drop_alternatives(uses, outside, notes)
    uses = _drop_sums(uses, unmeasured, notes)
    left_out = {vocabulary.fold(label) for label in outside}
    carried = [
        Carried(
            label=fact.label,
            carrier=fact.meaning.carrier or "named",
            flow=fact.meaning.flow,
            product=fact.meaning.product,
            value=fact.value,
            unit=fact.unit,
            where=fact.statement.where,
            is_outside=vocabulary.fold(fact.label) in left_out,
        )
        for fact in uses
        if fact.meaning.carrier or vocabulary.fold(fact.label) in left_out
    ]
    cells: Cells = {}
    for key, own in _by_cell(
        fact for fact in uses if vocabulary.fold(fact.label) not in left_out
    ).items():
        cells[key] = _add_up(own)
    for fact in facts:
        if fact.meaning.kind == "balance":
            cells[fact.meaning.flow, fact.meaning.product] = _print(fact, fact.value, "alpha")
    return cells, carried, notes


def add_power(facts: Iterable[Fact], cells: Cells) -> list[Key]:
    """Add the power and heat branch: its fuel goes into plants, its power and heat is own use.

    Returns
    -------
    list of Key
        Uses that its table leaves blank: plants that the table holds burn none of it.
    """
    branches = [fact for fact in facts if fact.meaning.kind in {"branch", "branch_whole"}]
    own = [fact for fact in branches if fact.meaning.flow == POWER_BRANCH]
    for fact in own:
        own_use = vocabulary.is_electricity_or_heat(fact.meaning.product)
        key = (POWER_BRANCH if own_use else POWER_ROW, fact.meaning.product)
        cell = _print(fact, fact.value if own_use else -fact.value, "gamma")
        cells.setdefault(key, cell if own_use else replace(cell, covers=_PLANTS))
    products = {fact.meaning.product for fact in branches} if own else set()
    products |= {"coal_total"} if {"raw_coal", "briquettes"} <= products else set()
    return [
        (flow, product)
        for product in products
        if not vocabulary.is_electricity_or_heat(product)
        for flow in (POWER_ROW, *_PLANTS)
    ]


def _print(fact: Fact, value: float, case: str) -> CityCell:
    sources = (fact.statement.where, fact.statement.source, fact.converted)
    how = "derived" if fact.converted.startswith("sum of") else "printed"
    return CityCell(
        value=value + 0.0,
        unit=fact.unit,
        origin=CellOrigin(how, case, source="; ".join(filter(None, sources))),
        printed=fact.statement if how == "printed" else None,
        is_part=fact.meaning.is_part,
        covers=tuple(filter(None, (fact.meaning.covers,))),
    )


def print_cell(fact: Fact, case: str = "gamma") -> CityCell:
    """Return the cell of a number that is taken for its row unchanged."""
    return _print(fact, fact.value, case)


def _by_cell(facts: Iterable[Fact]) -> dict[Key, list[Fact]]:
    found: dict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.meaning.flow, fact.meaning.product].append(fact)
    return found


def _add_up(facts: Sequence[Fact]) -> CityCell:
    """Return the cell of a row: the one number that is printed, or the sum of its parts."""
    whole = [fact for fact in facts if not fact.meaning.is_part]
    first = whole[0] if whole else facts[0]
    differing = (one for one in whole if abs(one.value - first.value) > _SAME * abs(first.value))
    if other := next(differing, None):
        raise TableError(
            say(
                "{where}: {product} of {flow} is {value:.15g} {unit} here and "
                "{first_value:.15g} in {statement_where}; keep one",
                where=other.statement.where,
                product=other.meaning.product,
                flow=other.meaning.flow,
                value=other.value,
                unit=other.unit,
                first_value=first.value,
                statement_where=first.statement.where,
            )
        )
    chosen = whole[:1] or facts
    if len(chosen) == 1:
        return _print(chosen[0], chosen[0].value, "gamma")
    units = {fact.unit for fact in chosen}
    if len(units) > 1:
        where = chosen[0].statement.where
        raise TableError(
            say(
                "{where}: the parts of {flow} are in {units}; give them in one unit",
                where=where,
                flow=chosen[0].meaning.flow,
                units=join_texts(" and ", sorted(units)),
            )
        )
    places = "; ".join(f"{fact.label} {fact.statement.where}" for fact in chosen)
    origin = CellOrigin("derived", "gamma", source=f"sum of {places}")
    return CityCell(sum(fact.value for fact in chosen), chosen[0].unit, origin, None, is_part=True)


def _drop_spellings(facts: Sequence[Fact], notes: list[Finding]) -> list[Fact]:
    """Keep one of several numbers of one label: the one whose unit measures the product.

    Raises
    ------
    TableError
        If two in one unit differ.
    """
    found: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        key = (fact.label, fact.meaning)
        other = found.setdefault(key, fact)
        if other is fact:
            continue
        kept, left = (fact, other) if _rank_unit(fact) < _rank_unit(other) else (other, fact)
        if _rank_unit(kept) == _rank_unit(left) and abs(kept.value - left.value) > _SAME * abs(
            kept.value
        ):
            raise TableError(
                say(
                    "{where}: {label} is {value:.15g} {unit} here and {kept_value:.15g} in "
                    "{statement_where}; keep one",
                    where=left.statement.where,
                    label=left.label,
                    value=left.value,
                    unit=left.unit,
                    kept_value=kept.value,
                    statement_where=kept.statement.where,
                )
            )
        found[key] = kept
        message = say(
            "{label} stands here in {unit} and in {where} in {statement_unit}, which counts",
            label=left.label,
            unit=left.statement.unit,
            where=kept.statement.where,
            statement_unit=kept.statement.unit,
        )
        notes.append(Finding("city-alternative", "info", message, left.statement.where))
    return list(found.values())


def _rank_unit(fact: Fact) -> tuple[bool, bool]:
    return fact.unit != vocabulary.products()[fact.meaning.product].unit, bool(fact.converted)


def _drop_alternatives(
    facts: Sequence[Fact], outside: Sequence[str], notes: list[Finding]
) -> list[Fact]:
    """Of several offices' numbers of one thing keep the one that is declared first."""
    left_out = {vocabulary.fold(label) for label in outside}
    first: dict[Key, Fact] = {}
    for fact in facts:
        if fact.meaning.rank:
            key = (fact.meaning.group, fact.meaning.product)
            if key not in first or fact.meaning.rank < first[key].meaning.rank:
                first[key] = fact
    kept = []
    for fact in facts:
        best = first.get((fact.meaning.group, fact.meaning.product)) if fact.meaning.rank else None
        if best is None or fact is best or vocabulary.fold(fact.label) in left_out:
            kept.append(fact)
            continue
        message = say(
            "{label} prints {value:.6g} {unit} and {best_label} {best_value:.6g} "
            "{best_unit} ({where}): the second counts",
            label=fact.label,
            value=fact.value,
            unit=fact.unit,
            best_label=best.label,
            best_value=best.value,
            best_unit=best.unit,
            where=best.statement.where,
        )
        notes.append(
            Finding(
                "city-alternative",
                "warning",
                message,
                fact.statement.where,
                say("leave out the table that is not to count"),
            )
        )
    return kept


def _drop_sums(
    facts: Sequence[Fact], unmeasured: Sequence[Fact], notes: list[Finding]
) -> list[Fact]:
    """Count the parts of a sum, or the sum where a part has no number."""
    named = {(one.meaning.group, one.meaning.product, one.label) for one in facts}
    lost = {
        (one.meaning.group, one.meaning.product)
        for one in unmeasured
        if (one.meaning.group, one.meaning.product, one.label) not in named
    }
    groups: dict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.meaning.group and not fact.meaning.rank:
            groups[fact.meaning.group, fact.meaning.product].append(fact)
    dropped: set[Fact] = set()
    for key, own in groups.items():
        sums = [fact for fact in own if fact.meaning.kind == "sum"]
        parts = [fact for fact in own if fact.meaning.kind == "use"]
        if not sums or not parts:
            continue
        if key in lost:
            dropped |= set(parts)
            continue
        total = sum(fact.value for fact in parts)
        same_row = all(fact.meaning.flow == sums[0].meaning.flow for fact in parts)
        dropped |= set(sums) if same_row else set()
        if abs(total - sums[0].value) > _NEAR * abs(sums[0].value):
            counts = say("the parts count") if same_row else say("both are kept")
            message = say(
                "{label} is {value:.6g} {unit}, its parts give {total:.6g}: {counts}",
                label=sums[0].label,
                value=sums[0].value,
                unit=sums[0].unit,
                total=total,
                counts=counts,
            )
            notes.append(
                Finding(
                    "city-sum",
                    "warning",
                    message,
                    sums[0].statement.where,
                    say("check whether both are of one source"),
                )
            )
    return [_as_use(fact) for fact in facts if fact not in dropped]


def _as_use(fact: Fact) -> Fact:
    return replace(fact, meaning=replace(fact.meaning, kind="use"))
