"""The sectoral beside the reference approach, and how each of its numbers came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.report.page.derivations import Derivation, FormulaPart, both, in_both, join, write
from carbonacct.report.page.page_content import (
    find_approach,
    list_groups,
    list_rows,
)
from carbonacct.report.page.page_words import (
    format_change,
    format_mass,
    format_signed,
    mass_unit,
    section,
    word,
)
from carbonacct.report.page.shared_derivations import (
    CO2,
    derive_difference,
    derive_given,
    derive_relative,
    derive_sum,
)
from carbonacct.report.page.svg import fill_template
from carbonacct.report.page.traces import list_factors
from carbonacct.sectors.energy.inventory_cache import keep_per_record
from carbonacct.sectors.energy.reference_approach import read_rules
from carbonacct.sectors.energy.table_facts import find_leaves, find_supply
from carbonacct.sectors.energy.tracing import list_steps

if TYPE_CHECKING:
    from markupsafe import Markup

    from carbonacct.report.page.derivations import Pair
    from carbonacct.report.page.joined_parts import Fragment
    from carbonacct.report.page.page_content import Content
    from carbonacct.sectors.energy import EnergyInventory
    from carbonacct.sectors.energy.tracing import FactorStep

_CLOSE = 1e-9  # up to which two ways of adding the same numbers up may differ


def show_reference(content: Content, lang: str) -> Markup | str:
    """Return the sectoral beside the reference approach, where the latter is given."""
    if content.reference is None or content.reference.empty:
        return ""
    return fill_template(
        "reference.html",
        words=section("reference", lang),
        parts=content.parts.shown.get(("reference", lang), ()),
        content=content,
    )


def list_reference(content: Content, lang: str) -> list[Fragment]:
    """Return the table of both approaches of each area and year that has one."""
    if content.reference is None:
        return []
    fragments: list[Fragment] = []
    for (area, year), part in list_groups(content.reference, ["area", "year"]):
        if (area, year) not in content.keys:
            continue
        table = fill_template(
            "reference_table.html",
            lang=lang,
            words=section("reference", lang),
            fuel=section("bars", lang)["fuel"],
            relative=word("changes.relative", lang),
            area=area,
            year=year,
            rows=[_row(content, str(area), int(year), row, lang=lang) for row in list_rows(part)],
            unit=mass_unit(lang),
        )
        fragments.append((str(area), int(year), table))
    return fragments


def _row(content: Content, area: str, year: int, row: Any, *, lang: str) -> list[Any]:
    """Return the name of a fuel group, and its numbers with what they open."""
    fuel = str(row.fuel)
    key = ("reference", area, year, fuel)
    if key not in content.kept:
        content.kept[key] = _derive_row(content, area, year, fuel, row=row)
    name, sectoral, reference, difference, relative = content.kept[key]
    return [
        name[0 if lang == "zh" else 1],
        (format_mass(row.sectoral, lang), sectoral),
        (format_mass(row.reference, lang), reference),
        (format_signed(row.reference - row.sectoral, lang), difference),
        (format_change(row.reference, row.sectoral), relative),
    ]


def _derive_row(content: Content, area: str, year: int, fuel: str, *, row: Any) -> tuple[Any, ...]:
    """Return the name of a fuel group, and what its four numbers open."""
    name = in_both(
        lambda one: section("groups", one).get(fuel) or vocabulary.name("product", fuel, one)
    )
    sectoral = FormulaPart(
        both("reference.sectoral"),
        float(row.sectoral),
        CO2,
        _derive_sectoral(content, area, year, fuel, value=float(row.sectoral), name=name),
    )
    reference = FormulaPart(
        both("reference.reference_approach"),
        float(row.reference),
        CO2,
        _derive_reference(content, area, year, fuel, value=float(row.reference), name=name),
    )
    title = join(area, year, name)
    difference = derive_difference(
        content, join(title, both("reference.difference")), reference, sectoral
    )
    return (
        name,
        sectoral.opens,
        reference.opens,
        difference,
        derive_relative(content, join(title, both("changes.relative")), reference, sectoral),
    )


def _name(product: str) -> Pair:
    return in_both(lambda lang: vocabulary.name("product", product, lang))


def _find_fuels(content: Content, area: str, year: int, fuel: str) -> dict[str, dict[str, Any]]:
    """Return the columns of the reference approach of each product of a fuel group, or of all groups."""
    rows, _ = find_approach(content.keys[area, year])
    return {
        product: row
        for (one, when, product), row in rows.items()
        if (one, when) == (area, year) and fuel in {"total", row["fuel_group"]}
    }


def _derive_sectoral(
    content: Content, area: str, year: int, fuel: str, *, value: float, name: Pair
) -> int | None:
    """Return the sum of the cells of a group; a number that the inventory does not give was given to the page."""
    products = tuple(_find_fuels(content, area, year, fuel))
    sums = content.keep(("products", area, year), lambda: _add_products(content, area, year))
    given = sum(sums.get(product, 0.0) for product in products)
    if products and abs(given - value) <= _CLOSE * abs(value):
        return content.refer_sum(area, year, p=products)
    return derive_given(content, join(area, year, name, both("reference.sectoral")), value, CO2)


def _add_products(content: Content, area: str, year: int) -> dict[str, float]:
    """Return direct CO2 by product."""
    cells = content.of_period[area, year]
    columns = (cells[name].tolist() for name in ("scope", "gas", "product", "value"))
    sums: dict[str, float] = {}
    for scope, gas, product, value in zip(*columns, strict=True):
        if scope == 1 and gas == "CO2":
            sums[product] = sums.get(product, 0.0) + value
    return sums


def _derive_reference(
    content: Content, area: str, year: int, fuel: str, *, value: float, name: Pair
) -> int | None:
    """Return the sum of the fuels of a group, each from its supply rows."""
    parts = [
        FormulaPart(
            _name(product), row["emissions"], CO2, _derive_fuel(content, (area, year, product), row)
        )
        for product, row in _find_fuels(content, area, year, fuel).items()
        if row["emissions"] and not np.isnan(row["emissions"])
    ]
    title = join(area, year, name, both("reference.reference_approach"))
    if not parts or abs(sum(part.value for part in parts) - value) > _CLOSE * abs(value):
        return derive_given(content, title, value, CO2)
    return derive_sum(content, title, parts)


def _derive_fuel(content: Content, key: tuple[str, int, str], row: dict[str, Any]) -> int | None:
    """Return the formula of one fuel: what came in, less what is not burnt, times its factors."""
    if not content.detailed:
        return None
    area, year, product = key
    inventory = content.keys[area, year]
    apparent, excluded, fraction, value = (
        float(row[name])
        for name in ("apparent_consumption", "excluded_amount", "excluded_fraction", "emissions")
    )
    unit = str(row["unit"])
    steps = _find_steps(inventory, key)
    taken = (
        f"({write(apparent)} {unit} - {write(excluded)} {unit} x {write(fraction)})"
        if excluded
        else f"{write(apparent)} {unit}"
    )
    factors = "".join(
        f" {'/' if step.divides else 'x'} {write(step.value)}"
        f" {'' if step.unit == 'dimensionless' else step.unit}".rstrip()
        for step in steps
    )
    parts = [
        FormulaPart(
            both("reference.apparent"),
            apparent,
            unit,
            _derive_apparent(content, inventory, key, apparent, unit=unit),
        )
    ]
    if excluded:
        parts.append(
            FormulaPart(
                both("reference.excluded"),
                excluded,
                unit,
                _derive_excluded(content, inventory, key, excluded, unit=unit),
            )
        )
    title = join(area, year, _name(product), both("reference.reference_approach"))
    return content.refer(
        Derivation(
            title,
            f"{taken}{factors} = {write(value)} {CO2}",
            tuple(parts),
            factors=list_factors(content, steps),
        )
    )


def _find_steps(inventory: EnergyInventory, key: tuple[str, int, str]) -> tuple[FactorStep, ...]:
    """Return the factors of the first chain that is complete for a fuel in the rows of supply."""
    area, year, product = key
    table = inventory.table
    cell = (
        table.areas.index(area),
        table.years.index(year),
        find_supply(inventory),
        table.products.index(product),
    )
    for chain in find_approach(inventory)[1]:
        if chain.complete[cell]:
            return list_steps(chain, inventory.method, product, cell)
    return ()


def _derive_apparent(
    content: Content,
    inventory: EnergyInventory,
    key: tuple[str, int, str],
    value: float,
    *,
    unit: str,
) -> int | None:
    """Return apparent consumption as the sum of its rows: what leaves the area is negative in the table."""
    rules = read_rules()
    flows = [
        flow
        for column in rules["column"]
        if column.get("fuels") != "primary" or key[2] in rules["fuels"]["primary"]
        for flow in column["flows"]
    ]
    return _derive_rows(
        content, inventory, key, flows, value=value, what=(unit, both("reference.apparent"))
    )


def _derive_excluded(
    content: Content,
    inventory: EnergyInventory,
    key: tuple[str, int, str],
    value: float,
    *,
    unit: str,
) -> int | None:
    """Return what is not burnt as the sum of its rows: of a product that is never a fuel, all deliveries."""
    rules = read_rules()["excluded"]
    never = key[2] in rules["products"]
    return _derive_rows(
        content,
        inventory,
        key,
        rules["deliveries"] if never else rules["flows"],
        value=value,
        what=(unit, both("reference.excluded")),
        parts_of=not never,
    )


@keep_per_record
def _find_rows(_: EnergyInventory) -> dict[tuple[str | bool, ...], list[int]]:
    """Return the rows of flows that were looked up: each is asked for every product."""
    return {}


def _derive_rows(
    content: Content,
    inventory: EnergyInventory,
    key: tuple[str, int, str],
    flows: list[str],
    *,
    value: float,
    what: tuple[str, Pair],
    parts_of: bool = True,
) -> int | None:
    """Return a sum of rows of the table, with the cell of each."""
    area, year, product = key
    table = inventory.table
    a, y, p = table.areas.index(area), table.years.index(year), table.products.index(product)
    amounts = np.where(find_leaves(inventory), table.amounts, np.nan)[a, y, :, p]
    held = _find_rows(inventory)
    if (*flows, parts_of) not in held:
        held[*flows, parts_of] = [
            f
            for f, flow in enumerate(table.flows)
            if any(table.is_part(flow, one) for one in flows)
            and (parts_of or vocabulary.flows()[flow].part != "of")
        ]
    rows = [f for f in held[*flows, parts_of] if amounts[f] and not np.isnan(amounts[f])]
    title = join(area, year, _name(product), what[1])
    if abs(float(amounts[rows].sum()) - value) > _CLOSE * abs(value):
        return derive_given(content, title, value, what[0])
    terms = tuple(
        (content.put_amount(inventory, (a, y, f, p), float(amounts[f])), 1.0) for f in rows
    )
    return content.refer(Derivation(title, terms=terms, unit=what[0]))
