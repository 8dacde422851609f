"""What entries of the inventory of all sectors open: their equation, or the cells of the fuels burnt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct import dim_names, vocabulary
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.report.page.derivations import (
    Derivation,
    FormulaPart,
    InventoryCells,
    Pair,
    both,
    in_both,
    join,
    write,
)
from carbonacct.report.page.page_words import LANGUAGES, show_gas
from carbonacct.report.page.traces import list_factors
from carbonacct.report.standalone_names import name_flow
from carbonacct.sectors.energy.at_users import UserOrigin
from carbonacct.sectors.energy.energy_entries import EnergyOrigin
from carbonacct.texts import add_unit, join_names, tell_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.equations import Sector, UnfoldedStep
    from carbonacct.inventory.record import Inventory
    from carbonacct.report.page.page_content import Content
    from carbonacct.sectors.energy.at_users import UserCell

_MOST = 1500  # entries of equations that open; a page of more would be too large to mail


def describe_entry(content: Content, whole: Inventory, row: Any) -> dict[str, Any]:
    """Return an entry of an equation with its names in both languages and what it opens."""
    return content.keep(("entry", row.origin, row.cell), lambda: _describe(content, whole, row))


def _describe(content: Content, whole: Inventory, row: Any) -> dict[str, Any]:
    origin = whole.origins[row.origin]
    assert isinstance(origin, SourceOrigin)  # noqa: S101 - the caller lists such alone
    sector = origin.evaluation.sector
    opens = None
    if not row.notation and count_sources(content, whole) <= _MOST:
        step = origin.open(int(row.cell))
        opens = _refer_step(content, sector, step, (row.area, row.year))
    return {
        "name": in_both(lambda lang: sector.name_of(row.flow, lang)),
        "item": _name_item(origin, row),
        "sector": row.sector,
        "category": row.category,
        "gas": row.gas,
        "value": row.value,
        "notation": row.notation,
        "opens": opens,
    }


def count_sources(content: Content, whole: Inventory) -> int:
    """Return how many entries came from equations."""

    def count() -> int:
        kinds = [isinstance(one, SourceOrigin) for one in whole.origins]
        numbers = whole.entries["origin"].to_numpy()
        return sum(int((numbers == at).sum()) for at, is_source in enumerate(kinds) if is_source)

    return content.keep(("count of sources",), count)


def name_beside(one: dict[str, Any]) -> Pair:
    """Return the name of a source with its item."""
    pairs = zip(one["name"], one["item"], strict=True)
    zh, en = (" · ".join(filter(None, pair)) for pair in pairs)
    return zh, en


def list_parts(content: Content, whole: Inventory, rows: Iterable[Any]) -> list[FormulaPart]:
    """Return entries of one area, year, gas and scope as parts of a sum, in t of the gas.

    Fuels are put together by the flow that burns them, and open its cells; an entry of an equation
    opens its equation, and electricity or heat at its users what they take and the grid's factor.
    Entries without a number are left out.
    """
    parts: list[FormulaPart] = []
    burnt: dict[tuple[str, int, int, str, str], list[Any]] = {}
    for row in rows:
        if row.notation or row.value != row.value:
            continue
        origin = whole.origins[row.origin] if row.origin >= 0 else None
        unit = f"t {show_gas(row.gas)}"
        if isinstance(origin, SourceOrigin):
            one = describe_entry(content, whole, row)
            parts.append(FormulaPart(name_beside(one), row.value, unit, one["opens"]))
        elif isinstance(origin, UserOrigin):
            opens = _refer_user(content, origin.find(row.cell))
            parts.append(FormulaPart(_name_fuel(row), row.value, unit, opens))
        elif isinstance(origin, EnergyOrigin) and (row.area, row.year) in content.keys:
            key = (row.area, row.year, row.scope, row.gas, row.flow)
            burnt.setdefault(key, []).append(row)
        else:
            parts.append(FormulaPart(_name_fuel(row), row.value, unit))
    return [*(_sum_flow(content, *pair) for pair in burnt.items()), *parts]


def _sum_flow(
    content: Content, key: tuple[str, int, int, str, str], rows: list[Any]
) -> FormulaPart:
    """Return what a flow burns, all of it or some products, with what opens its cells."""
    area, year, scope, gas, flow = key
    products = sorted({row.product for row in rows})
    where: list[tuple[str, Any]] = [("a", content.areas.index(area)), ("y", int(year))]
    where += [("s", int(scope)), ("g", gas), ("f", flow)]
    if len(products) < len(_products_of(content).get(key, ())):
        where.append(("p", products[0] if len(products) == 1 else tuple(products)))
    return FormulaPart(
        in_both(lambda lang: name_flow(flow, lang)),
        float(sum(row.value for row in rows)),
        f"t {show_gas(gas)}",
        content.refer(InventoryCells(tuple(where))),
    )


def _refer_user(content: Content, one: UserCell) -> int | None:
    """Return the number by which the page opens what a user takes of electricity or heat."""
    parts = [FormulaPart(both("trace.use"), one.use, one.unit, place=one.where)]
    amount = f"{write(one.use)} {one.unit}"
    if one.is_losses:
        parts += [
            FormulaPart(both("trace.all_use"), one.whole, one.unit),
            FormulaPart(both("trace.losses"), one.lost, one.unit, place=one.where_lost),
        ]
        amount += f" / {write(one.whole)} {one.unit} x {write(one.lost)} {one.unit}"
    rates = "".join(f" {'/' if s.divides else 'x'} {write(s.value)} {s.unit}" for s in one.steps)
    title = join(
        *(one.area, one.year),
        in_both(lambda lang: name_flow(one.flow, lang)),
        in_both(lambda lang: vocabulary.name("product", one.product, lang)),
    )
    return content.refer(
        Derivation(
            title,
            f"{amount}{rates} = {write(one.value)} {show_gas('t CO2')}",
            tuple(parts),
            factors=list_factors(content, one.steps),
        )
    )


def _products_of(content: Content) -> dict[tuple[str, int, int, str, str], set[str]]:
    """Return the products of each area, year, scope, gas and flow of the page's cells."""

    def find() -> dict[tuple[str, int, int, str, str], set[str]]:
        names = ("area", "year", "scope", "gas", "flow", "product")
        held: dict[tuple[str, int, int, str, str], set[str]] = {}
        columns = (content.cells[name].tolist() for name in names)
        for area, year, scope, gas, flow, product in zip(*columns, strict=True):
            held.setdefault((area, year, scope, gas, flow), set()).add(product)
        return held

    return content.keep(("products of flows",), find)


def _name_fuel(row: Any) -> Pair:
    """Return the name of a flow with its product."""

    def name(lang: str) -> str:
        product = vocabulary.name("product", row.product, lang) if row.product else ""
        return " · ".join(filter(None, (name_flow(row.flow, lang), product)))

    return in_both(name)


def _name_item(origin: SourceOrigin, row: Any) -> Pair:
    """Return the labels of an entry by name."""
    dims = [dim for dim in origin.evaluation.labels(row.flow) if dim != "gas"]
    labels = str(row.product).split(",") if dims else []
    return in_both(
        lambda lang: join_names(
            (
                dim_names.dim_labels(dim).get(label, (label, label))[LANGUAGES.index(lang)]
                for dim, label in zip(dims, labels, strict=False)
            ),
            lang,
        )
    )


def _refer_step(
    content: Content, sector: Sector, step: UnfoldedStep, period: tuple[str, int]
) -> int | None:
    """Return the number by which the page opens a step; its parts open further."""
    parts = tuple(
        FormulaPart(
            _name_step(sector, part),
            part.value if not part.notation else 0.0,
            part.notation or part.unit.removeprefix("1"),
            _refer_step(content, sector, part, period) if part.parts else None,
            part.origin,
        )
        for part in step.parts
    )
    formula = f"{step.name} = {step.formula} = {step.value:.12g} {step.unit.removeprefix('1')}"
    title = join(*period, _name_step(sector, step))
    return content.refer(Derivation(title, formula=formula.strip(), parts=parts))


def _name_step(sector: Sector, step: UnfoldedStep) -> Pair:
    """Return the name of a symbol with its labels."""

    def name(lang: str) -> str:
        side = LANGUAGES.index(lang)
        labels = [
            dim_names.dim_labels(dim).get(label, (label, label))[side]
            for dim, label in step.labels.items()
        ]
        shown = sector.name_of(step.name, lang)
        symbol = add_unit(shown, step.name, lang) if shown != step.name else shown
        if not labels:
            return symbol
        of = join_names(labels, lang)
        return tell_value(symbol, of, lang) if lang == "zh" else f"{symbol} [{of}]"

    return in_both(name)
