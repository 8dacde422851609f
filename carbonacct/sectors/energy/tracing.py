"""The way back from a number: the cells of the table and the rows of the factor tables that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.check.counting import TOTAL, find_uses
from carbonacct.catalogue import in_language, name_unit, tell_note
from carbonacct.display import legible
from carbonacct.errors import CellNotFoundError, did_you_mean
from carbonacct.factors import edition_ids, load_edition, row_value
from carbonacct.near_words import near_names
from carbonacct.sectors.energy.deductions import find_taken_out
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from carbonacct.sectors.energy.inventory_cache import keep_per_record
from carbonacct.sectors.energy.motor_fuels import find_move
from carbonacct.texts import add_unit, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.balances.amounts.origins import CellOrigin
    from carbonacct.factors import FactorRow, FactorSource, Method
    from carbonacct.sectors.energy.chain import Chain
    from carbonacct.sectors.energy.cube import EnergyInventory


@dataclass(frozen=True)
class FactorStep:
    """One factor of the formula.

    Attributes
    ----------
    value, unit
        As multiplied (converted to the unit of the formula).
    row, source
        The published row, and its document.
    divides
        Whether the formula divides by it.
    """

    parameter: str
    value: float
    unit: str
    row: FactorRow
    source: FactorSource
    divides: bool = False


@legible
@dataclass(frozen=True, repr=False, eq=False)
class Trace:
    """How one cell of an inventory came about.

    Attributes
    ----------
    value
        Emissions in t.
    amount, share, deduction
        Activity = amount x share - deduction, in ``unit``.
    printed
        The number as the table prints it, with its unit.
    where
        ``file!sheet!cell`` of the amount, and of the feedstock or refuelling abroad that was taken
        out.
    steps
        The factors, in the order in which they are multiplied.
    passed_on
        What counts in a source of another sector, by its id; part of ``deduction``.
    moved, moved_by
        Motor fuel that counts in another row (negative) or is counted here (part of ``deduction``),
        and where that stands.
    origin
        How the amount came about, where no table simply prints it.
    """

    area: str
    year: int
    flow: str
    product: str
    gas: str
    method: str
    value: float
    amount: float
    share: float
    deduction: float
    unit: str
    printed: str
    where: tuple[str, ...]
    steps: tuple[FactorStep, ...]
    moved: float = 0.0
    moved_by: str = ""
    passed_on: tuple[tuple[str, float], ...] = ()
    origin: CellOrigin | None = None

    @property
    def activity(self) -> float:
        """What burns in the cell, or is brought in: amount x share - deduction."""
        return self.amount * self.share - self.deduction

    def recompute(self) -> float:
        """Return the value from the parts of the trace alone: the same float."""
        factor = 1.0
        for step in self.steps:
            factor = factor / step.value if step.divides else factor * step.value
        return self.activity * factor

    def formula(self) -> str:
        """Return the formula with numbers and units."""
        activity = f"{self.amount:.15g} {self.unit}"
        if self.share != 1:
            activity += f" x {self.share:.15g}"
        if self.deduction:
            activity = (
                f"({activity} {'-' if self.deduction > 0 else '+'} {abs(self.deduction):.15g}"
                f" {self.unit})"
            )
        factors = "".join(
            f" {'/' if step.divides else 'x'} {step.value:.15g}"
            f" {step.unit if step.unit != 'dimensionless' else ''}".rstrip()
            for step in self.steps
        )
        return f"{activity}{factors} = {self.value:.15g} t {self.gas}"

    def list_rows(self) -> list[dict[str, Any]]:
        """Return the trace as rows: the emissions, what was activity data, and each factor.

        ``depth`` is 0 of the result and 1 of what it is made of; ``value`` and ``unit`` are as
        multiplied, ``origin`` is the cell or the row of a factor table, ``document`` its source.
        """
        keys = {name: getattr(self, name) for name in ("area", "year", "flow", "product", "gas")}

        def row(name: str, value: float, unit: str, **found: object) -> dict[str, Any]:
            empty = {"formula": "", "origin": "", "document": ""}
            return {
                **keys,
                "depth": 1,
                "name": name,
                "value": value,
                "unit": unit,
                **empty,
                **found,
            }

        rows = [
            row("emissions", self.value, f"t {self.gas}", depth=0, formula=self.formula()),
            row("amount", self.amount, self.unit, origin=self.where[0]),
            row("share", self.share, "1"),
            row("deduction", self.deduction, self.unit, origin="; ".join(self.where[1:])),
        ]
        for step in self.steps:
            parts = (step.source.title, step.source.edition, step.row.table, step.row.page)
            document = ", ".join(filter(None, map(str, parts)))
            name = f"1/{step.parameter}" if step.divides else step.parameter
            rows.append(row(name, step.value, step.unit, origin=step.row.place, document=document))
        return rows

    def to_text(self, lang: str = "en") -> str:
        """Return the trace as lines for a person, in Chinese (``"zh"``) or English."""
        zh = lang == "zh"
        colon, comma, semicolon = ("：", "，", "；") if zh else (": ", ", ", "; ")
        lines = [
            (
                f"{self.area} {self.year} · {vocabulary.name('flow', self.flow, lang)} ·"
                f" {vocabulary.name('product', self.product, lang)} · {self.method}"
            ),
            f"{'排放' if zh else 'emissions'}{colon}{self.value:.15g} t {self.gas}",
            f"{'公式' if zh else 'formula'}{colon}{self.formula()}",
            f"{'活动水平' if zh else 'activity'}{colon}{self.printed}"
            + (f"  [{self.where[0]}]" if self.where[0] else ""),
        ]
        if self.origin:
            origin = in_language(self.origin.to_text(), lang)
            lines.append(f"{'数据由来' if zh else 'came about'}{colon}{origin}")
        for other, amount in self.passed_on:
            counts = f"计入{other}" if zh else f"counts in {other}"
            lines.append(f"{counts}{colon}{amount:.15g} {self.unit}")
        if taken := self.deduction + self.moved - sum(amount for _, amount in self.passed_on):
            places = "; ".join(self.where[1:])
            lines.append(
                f"{'扣除' if zh else 'taken out'}{colon}{taken:.15g} {self.unit}  [{places}]"
            )
        if self.moved:
            words = (
                ("计入交通运输", "并入机动车用油")
                if zh
                else ("counts in transport", "motor fuel of other rows")
            )
            lines.append(
                f"{words[self.moved > 0]}{colon}{abs(self.moved):.15g} {self.unit}  [{self.moved_by}]"
            )
        for step in self.steps:
            row, source = step.row, step.source
            title = source.title_zh if zh and source.title_zh else source.title
            table = f"{comma}{row.table}" if row.table else ""
            page = f"{comma}{f'第 {row.page} 页' if zh else f'p. {row.page}'}" if row.page else ""
            value = (
                f"{row.value:.15g}" if not np.isnan(row.value) else f"{row.lower:g}..{row.upper:g}"
            )
            printed = f"{value} {name_unit(row.unit, lang)}"
            told = (
                f"{tell_note(row.item, lang)}{semicolon}{title}{comma}{in_language(source.edition, lang)}"
                f"{table}{page}{semicolon}{in_language(row.status, lang)}"
            )
            shown = add_unit(printed, told, lang) if zh else f"{printed}  ({told})"
            lines.append(f"{in_language(step.parameter, lang)}{colon}{shown}  [{row.place}]")
            if row.note:
                lines.append(f"    {tell_note(row.note, lang)}")
        return "\n".join(lines)


def trace(
    inventory: EnergyInventory,
    *,
    flow: str,
    product: str,
    gas: str = "CO2",
    area: str | None = None,
    year: int | None = None,
) -> Trace:
    """Return the way back from one cell of an inventory.

    Parameters
    ----------
    flow, product, gas
        The cell: ids, or names as tables print them.
    area, year
        May be left out where the inventory has only one.

    Raises
    ------
    CellNotFoundError
        If there is no such cell, or it has no number.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    >>> found = ca.trace(inventory, flow="transport", product="diesel")
    >>> found.recompute() == found.value
    True
    >>> print(found.formula())
    1900100 t x 42.652 GJ/t x 0.0202 t C/GJ x 0.98 x 3.66666666666667 t CO2/t C = 5882537.90189707 t CO2
    """
    balance = inventory.balance
    area = vocabulary.find_name("area", str(_only(area, balance.areas, "area")), balance.areas)
    year = int(str(_only(year, balance.years, "year")))
    flow = vocabulary.find_name("flow", flow, balance.flows)
    product = vocabulary.find_name("product", product, balance.products)
    asked = {
        "area": (area, balance.areas),
        "year": (str(year), list(map(str, balance.years))),
        "flow": (flow, balance.flows),
        "product": (product, balance.products),
        "gas": (gas, inventory.gases),
    }
    for name, (word, known) in asked.items():
        if word not in known:
            near = did_you_mean(word, known)
            for kind in vocabulary.KINDS:
                near = near or (near_names(kind, word) if kind == name else "")
            raise CellNotFoundError(
                say(
                    "the inventory has no {name} {word!r}; {near}",
                    name=name,
                    word=word,
                    near=near or say("it has {known}", known=join_texts(", ", known[:40])),
                )
            )
    cell = (
        balance.areas.index(area),
        balance.years.index(year),
        balance.flows.index(flow),
        balance.products.index(product),
    )
    return trace_cell(inventory, (*cell, inventory.gases.index(gas)))


@keep_per_record
def _hold_traces(_inventory: EnergyInventory) -> dict[tuple[str, int, str, str, str], Trace]:
    """Return the traces that reports have asked for so far, by area, year, flow, product and gas."""
    return {}


def shared_trace(
    inventory: EnergyInventory, *, area: str, year: int, flow: str, product: str, gas: str
) -> Trace:
    """Return the way back from one cell, as `trace`, by its ids: for reports, several of which ask for it."""
    held, key = _hold_traces(inventory), (area, year, flow, product, gas)
    if key not in held:
        cell = inventory.table.find(area, year, flow, product)
        held[key] = trace_cell(inventory, (*cell, inventory.gases.index(gas)))
    return held[key]


def trace_cell(inventory: EnergyInventory, number: tuple[int, int, int, int, int]) -> Trace:
    """Return the way back from a place in the cube (area, year, flow, product, gas), as `trace`."""
    balance = inventory.balance
    cell = number[:4]
    area, year = balance.areas[cell[0]], balance.years[cell[1]]
    flow, product = balance.flows[cell[2]], balance.products[cell[3]]
    gas = inventory.gases[number[4]]
    value = _read_value(inventory, product, number)
    if np.isnan(value):
        raise CellNotFoundError(
            say(
                "{flow} x {product} of {area} {year} has no number in the inventory: {why_not}",
                flow=flow,
                product=product,
                area=area,
                year=year,
                why_not=_why_not(inventory, number),
            )
        )
    place = int(balance.place.values[cell])
    canonical = balance.units[cell[3]]
    amount, unit = float(balance.amounts.values[cell]), canonical
    if place >= 0:
        amount, unit = (
            float(balance.places.printed[place]),
            balance.places.units[int(balance.places.unit[place])],
        )
    printed = f"{amount:.15g} {unit}"
    where = [_find_difference(balance, cell) or balance.address_at(*cell)]
    deduction = float(inventory.deduction[cell])
    moved, moved_by = find_move(inventory, cell)
    if deduction + moved:
        where += [
            balance.address(balance.areas[cell[0]], balance.years[cell[1]], other, product)
            for other, taken_from in find_taken_out(balance, inventory.method).items()
            if balance.is_part(flow, taken_from)
        ]
        where += _find_pool_gas(inventory, cell)
        # The own cell stays the first, also where it stands in no file.
        where[1:] = dict.fromkeys(place for place in where[1:] if place and place != where[0])
    return Trace(
        area=area,
        year=year,
        flow=flow,
        product=product,
        gas=gas,
        method=inventory.method.id,
        value=value,
        amount=float(inventory.amount[cell]),
        share=float(inventory.share[cell]),
        deduction=deduction,
        unit=canonical,
        printed=printed,
        where=tuple(where),
        steps=_steps(inventory, number),
        passed_on=tuple(
            (source, float(amount[cell])) for source, amount in inventory.passed_on if amount[cell]
        ),
        moved=moved,
        moved_by=moved_by,
        origin=balance.origins.find(area, year, flow, product) if balance.origins else None,
    )


def _find_difference(balance: EnergyBalance, cell: tuple[int, int, int, int]) -> str:
    """Return the cells that a remainder is the difference of, as "parent - part - part"; "" for a printed number."""
    area, year, f, p = cell
    flow, product = balance.flows[f], balance.products[p]
    if vocabulary.base_of(flow) == flow and vocabulary.base_of(product) == product:
        return ""
    whole = (
        balance.flows.index(vocabulary.base_of(flow)),
        balance.products.index(vocabulary.base_of(product)),
    )
    counted = find_finest_cells(balance)[area, year]
    uses = find_uses(balance) if vocabulary.base_of(flow) == TOTAL else []
    parts = [
        (i, j)
        for i, j in np.argwhere(counted).tolist()
        if (i, j) != (f, p)
        and (i in uses or balance.is_part(balance.flows[i], balance.flows[whole[0]]))
        and vocabulary.is_product_within(
            balance.products[j], balance.products[whole[1]], balance.product_parents
        )
    ]
    found = [whole, *parts]
    return " - ".join(
        balance.address_at(area, year, i, j) or f"{balance.flows[i]} of {balance.products[j]}"
        for i, j in found
    )


def _find_pool_gas(inventory: EnergyInventory, cell: tuple[int, int, int, int]) -> list[str]:
    """Return the cells of the gas whose carbon is taken out of a fuel."""
    pool, balance = inventory.method.pool, inventory.balance
    fuels = (
        {name for source in pool.sources for name in source.products}
        if pool and pool.count == "gas"
        else set()
    )
    if pool is None or not any(
        vocabulary.is_product_within(balance.products[cell[3]], fuel) for fuel in fuels
    ):
        return []
    columns = [
        p
        for p, product in enumerate(balance.products)
        if vocabulary.base_of(product) in (*pool.gases, *pool.recovered)
    ]
    held = inventory.counted[cell[0], cell[1]][:, columns]
    return [
        balance.address_at(cell[0], cell[1], f, columns[p]) for f, p in np.argwhere(held).tolist()
    ]


def _read_value(
    inventory: EnergyInventory, product: str, number: tuple[int, int, int, int, int]
) -> float:
    """Return the emissions of a cell, of scope 2 where it is electricity or heat brought in, in t."""
    if vocabulary.is_electricity_or_heat(product):
        held = inventory.indirect["product"].values.tolist()
        return float(inventory.indirect.values[*number[:3], held.index(product), number[4]])
    return float(inventory.emissions.values[number])


def _only(value: object, known: Sequence[object], name: str) -> object:
    if value is None:
        if len(known) > 1:
            raise CellNotFoundError(
                say(
                    "the inventory has {known_count} {name}s; name one of {known}",
                    known_count=len(known),
                    name=name,
                    known=join_texts(", ", map(str, known[:20])),
                )
            )
        return known[0]
    return value


def _why_not(inventory: EnergyInventory, number: tuple[int, int, int, int, int]) -> str:
    *cell, gas = number
    flow = inventory.balance.flows[cell[2]]
    role = inventory.method.role(flow, inventory.balance.parents)
    if np.isnan(inventory.balance.amounts.values[tuple(cell)]):
        return say("the table has no number there")
    product = inventory.balance.products[cell[3]]
    if vocabulary.is_electricity_or_heat(product):
        return say(
            "{product} counts where it is brought in, with a factor of its grid and "
            "year (see the findings)",
            product=product,
        )
    if role != "combustion":
        return say("its role in {id} is {role}", id=inventory.method.id, role=role)
    if not np.isnan(inventory.amount[tuple(cell)]):
        named = str(inventory.emissions["gas"].values[gas])
        if vocabulary.products()[product].group == "biomass" and named == "CO2":
            return say("CO2 of biomass is a memo item and not in the total")
        return say("{id} has no factor of {named} for it", id=inventory.method.id, named=named)
    return say(
        "it is the total of cells that have numbers, or {id} leaves it out (see the findings)",
        id=inventory.method.id,
    )


def _steps(
    inventory: EnergyInventory, number: tuple[int, int, int, int, int]
) -> tuple[FactorStep, ...]:
    if inventory.chain[number] < 0:
        return ()
    return list_steps(
        inventory.chains[int(inventory.chain[number])],
        inventory.method,
        inventory.balance.products[number[3]],
        number[:-1],
    )


def list_steps(
    chain: Chain, method: Method, product: str, cell: tuple[int, int, int, int]
) -> tuple[FactorStep, ...]:
    """Return the factors of one cell (area, year, flow, product) of a chain, in the order of multiplication."""
    held = _hold_steps(chain)
    key = (product, *(int(selection.row[cell]) for selection in chain.selections))
    if key not in held:
        held[key] = _list_steps(chain, method, product, cell)
    return held[key]


@keep_per_record
def _hold_steps(_chain: Chain) -> dict[tuple[object, ...], tuple[FactorStep, ...]]:
    """Return the factors of cells that were asked for so far, by product and the row of each parameter."""
    return {}


def _list_steps(
    chain: Chain, method: Method, product: str, cell: tuple[int, int, int, int]
) -> tuple[FactorStep, ...]:
    sources = {source.id: source for source in method.sources}
    steps = []
    for parameter, units, selection, divides in zip(
        chain.parameters, chain.units, chain.selections, chain.divided, strict=True
    ):
        index = int(selection.row[cell])
        if index < 0 or product not in units:
            continue
        row = selection.rows[index]
        source = sources.get(row.edition) or (
            load_edition(row.edition) if row.edition in edition_ids() else method.sources[0]
        )
        steps.append(
            FactorStep(
                parameter, row_value(row, units[product]), units[product], row, source, divides
            )
        )
    return tuple(steps)
