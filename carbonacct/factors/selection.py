"""Choose, for each cell, the row of a factor table: the most specific one of the first edition that has any."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.answers import may_keep
from carbonacct.errors import FactorDataError, UnitError
from carbonacct.factors.editions import edition_ids
from carbonacct.texts import say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from carbonacct.factors.editions import FactorRow, FactorSource


_MOST_KEPT, _MOST_TABLES = 2000, 64  # answers that a table keeps, tables that are kept


@dataclass(frozen=True)
class Selection:
    """Values of one parameter, and the row that each came from.

    Attributes
    ----------
    held_values
        float64 (area, year, flow, product) in ``units`` of the product; NaN where no edition has a
        row. Of length 1 along a dim along which it is the same.
    held_row
        Index into ``rows``, or -1; likewise.
    shape
        Of the table.
    """

    parameter: str
    held_values: np.ndarray
    held_row: np.ndarray
    rows: tuple[FactorRow, ...]
    shape: tuple[int, ...]

    @cached_property
    def values(self) -> np.ndarray:
        """`held_values` in the shape of the table: a read-only view."""
        return np.broadcast_to(self.held_values, self.shape)

    @cached_property
    def row(self) -> np.ndarray:
        """`held_row` likewise."""
        return np.broadcast_to(self.held_row, self.shape)


class FactorTable:
    """The rows of one parameter of several editions, by product, ready to be asked.

    Parameters
    ----------
    sources
        Editions in the order in which they are asked.
    parameter
        Name of the parameter.
    gas
        Rows of another gas are passed over.
    prefer
        As in :class:`carbonacct.factors.method.Method`.
    allow_unverified
        Keep rows that could not be checked.
    """

    def __init__(
        self,
        sources: Sequence[FactorSource],
        parameter: str,
        gas: str = "CO2",
        *,
        prefer: Mapping[str, str] | None = None,
        allow_unverified: bool = False,
    ) -> None:
        self.parameter = parameter
        self._by_product: dict[str, list[tuple[int, FactorRow]]] = {}
        self._fitting: dict[str, FactorTable] = {}
        self._kept: dict[tuple[object, ...], list[tuple[int | slice, FactorRow]]] = {}
        self._depends: dict[str, tuple[bool, bool]] = {}
        self.selected: dict[tuple[object, ...], Selection] = {}  # what `select` gave
        published = set(edition_ids())
        # An overlay stands before the published editions, and before the one that is preferred
        # among them.
        overlays = next(
            (position for position, source in enumerate(sources) if source.id in published), 0
        )
        first = {
            source.series: position
            for position, source in reversed(list(enumerate(sources)))
            if source.is_carried
        }
        for number, source in enumerate(sources):
            position = first[source.series] if source.is_carried else number
            for row in source.by_parameter.get(parameter, ()):
                if row.gas not in ("", gas) or math.isnan(row.value):
                    continue  # a range without a value is no number: its middle is not published
                if allow_unverified or row.status != "unverified":
                    preferred = (prefer or {}).get(row.product) == source.id
                    order = 2 * overlays - 1 if preferred else 2 * position
                    self._by_product.setdefault(row.product, []).append((order, row))

    def fitting(self, unit: str) -> FactorTable:
        """Return this table without the rows that cannot be turned into a unit: what they measure is another thing."""
        if unit not in self._fitting:
            view = FactorTable((), self.parameter)
            view._by_product = {
                product: kept
                for product, rows in self._by_product.items()
                if (kept := [(order, row) for order, row in rows if _convertible(row.unit, unit)])
            }
            self._fitting[unit] = view
        return self._fitting[unit]

    def candidates(self, product: str) -> list[tuple[int, FactorRow]]:
        """Return the rows that could serve a product: its own, and those for any product."""
        return self._by_product.get(product, []) + (self._by_product.get("", []) if product else [])

    def has_own(self, product: str) -> bool:
        """Return whether a product has a row of its own."""
        return product in self._by_product

    def choose_first(
        self, products: Sequence[str], flow: str, area: str, year: int, *, category: str
    ) -> FactorRow | None:
        """Return the row for one cell of the first product that has one of its own there.

        The last product needs none.
        """
        *before, last = products
        asked = next(
            (
                product
                for product in before
                if any(
                    _rank(row, flow, area, year, category=category) is not None
                    for _, row in self._by_product.get(product, [])
                )
            ),
            last,
        )
        return self.choose(asked, flow, area, year, category=category)

    def choose(
        self, product: str, flow: str, area: str, year: int, *, category: str | None = None
    ) -> FactorRow | None:
        """Return the row for one cell: of the first edition that has any, the most specific.

        Parameters
        ----------
        category
            IPCC category of the cell, if not that of the flow.

        Raises
        ------
        FactorDataError
            If two rows are equally specific.
        """
        if category is None:
            category = _category(flow, product)
        best: tuple[tuple[int, ...], FactorRow] | None = None
        tie: FactorRow | None = None
        for order, row in self.candidates(product):
            rank = _rank(row, flow, area, year, category=category)
            if rank is None:
                continue
            key = (-order, *_nearness(row, year), *rank)
            if best is None or key > best[0]:
                best, tie = (key, row), None
            elif key == best[0]:
                tie = row
        if best and tie:
            raise FactorDataError(
                say(
                    "{place} and {tie_place} are equally specific for {product} in {flow}, "
                    "{area} {year}",
                    place=best[1].place,
                    tie_place=tie.place,
                    product=product,
                    flow=flow,
                    area=area,
                    year=year,
                )
            )
        return best[1] if best else None

    def by_flow(
        self,
        products: Sequence[str],
        cells: Sequence[tuple[str, str]],
        area: str,
        *,
        year: int,
    ) -> list[tuple[int | slice, FactorRow]]:
        """Return the row of each flow that has one, by its flow and category; without these one for all flows.

        Tables of other years, and of other areas, ask the same where the rows do not tell them apart.
        """
        by_area, by_year = self.depends_on_any(products)
        key = (tuple(products), tuple(cells), area if by_area else "", year if by_year else 0)
        found = self._kept.get(key)
        if found is None:
            found = self._find_by_flow(products, cells, area, year=year)
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found

    def _find_by_flow(
        self,
        products: Sequence[str],
        cells: Sequence[tuple[str, str]],
        area: str,
        *,
        year: int,
    ) -> list[tuple[int | slice, FactorRow]]:
        if not cells:
            row = self.choose_first(products, "", area, year, category="")
            return [(slice(None), row)] if row else []
        chosen = {
            cell: self.choose_first(products, cell[0], area, year, category=cell[1])
            for cell in set(cells)
        }
        return [(f, row) for f, cell in enumerate(cells) if (row := chosen[cell])]

    def depends_on_any(self, products: Sequence[str]) -> tuple[bool, bool]:
        """Return whether the rows for some products differ by area, and by year."""
        flags = [self.depends_on(product) for product in products]
        return any(by_area for by_area, _ in flags), any(by_year for _, by_year in flags)

    def depends_on(self, product: str) -> tuple[bool, bool]:
        """Return whether the rows for a product differ by area, and by year."""
        if product not in self._depends:
            rows = [row for _, row in self.candidates(product)]
            by_year = any(row.first_year or row.last_year for row in rows)
            self._depends[product] = any(row.area for row in rows), by_year
        return self._depends[product]

    def years(self, product: str, area: str = "") -> list[int]:
        """Return the years for which a product (in an area) has a row with stated years."""
        rows = (row for _, row in self.candidates(product) if not area or row.area == area)
        return sorted(
            {
                year
                for row in rows
                if row.first_year
                for year in range(row.first_year, (row.last_year or row.first_year) + 1)
            }
        )


def keep_table(
    sources: Sequence[FactorSource],
    parameter: str,
    gas: str = "CO2",
    *,
    prefer: Mapping[str, str] | None = None,
    allow_unverified: bool = False,
) -> FactorTable:
    """Return a :class:`FactorTable`, the one made before where the editions are the same."""
    preferred = tuple(sorted((prefer or {}).items()))
    # By the records themselves: to compare what they hold takes longer than a table.
    key = (tuple(map(id, sources)), parameter, gas, preferred, allow_unverified)
    if (held := _TABLES.get(key)) is not None:
        return held[1]
    table = FactorTable(sources, parameter, gas, prefer=prefer, allow_unverified=allow_unverified)
    if len(_TABLES) >= _MOST_TABLES:
        _TABLES.clear()
    _TABLES[key] = (tuple(sources), table)
    return table


# Tables by what they were made of; the editions beside them, so that no other takes their place in memory.
_TABLES: dict[tuple[object, ...], tuple[tuple[FactorSource, ...], FactorTable]] = {}


def _category(flow: str, _product: str) -> str:
    return vocabulary.flows()[flow].category if flow in vocabulary.flows() else ""


def _rank(
    row: FactorRow, flow: str, area: str, year: int, *, category: str
) -> tuple[int, ...] | None:
    """Return how specific a row is for a cell (area, flow, category, years), or None if it is not for it."""
    if row.area and row.area != area:
        return None
    if abs(row.years_from(year)) > row.carried:
        return None
    depth = _depth(flow, row.flow) if row.flow else 0
    if row.flow and not depth:
        return None
    if row.category and not (category == row.category or category.startswith(row.category + ".")):
        return None
    is_dated = bool(row.first_year or row.last_year)
    return bool(row.product), bool(row.area), depth, len(row.category), is_dated


def _nearness(row: FactorRow, year: int) -> tuple[int, int]:
    """Return how near a row's years are to a year, larger for nearer; of two equally near, the earlier."""
    # Of two editions equally far the earlier one was known by then.
    gap = row.years_from(year)
    return -abs(gap), gap > 0


def _depth(flow: str, ancestor: str) -> int:
    """Return how near an ancestor is: large for the flow itself, 0 if it is not an ancestor."""
    chain = list(vocabulary.climb_flows(flow))
    return len(chain) - chain.index(ancestor) if ancestor in chain else 0


@may_keep
def _convertible(unit: str, to: str) -> bool:
    try:
        conversion_factor(unit, to)
    except UnitError:
        return False
    return True


def row_value(row: FactorRow, unit: str) -> float:
    """Return a row's value in a unit.

    Raises
    ------
    UnitError
        If the row's unit does not fit.
    """
    return row.value * conversion_factor(row.unit, unit)


def select(
    table: FactorTable,
    *,
    areas: Sequence[str],
    years: Sequence[int],
    flows: Sequence[str],
    products: Sequence[str],
    units: Mapping[str, str],
    lookup: Mapping[str, str] | None = None,
    category: Callable[[str, str], str] | None = None,
) -> Selection:
    """Choose a row for every cell of area x year x flow x product.

    Parameters
    ----------
    units
        The unit in which each product's factor is wanted.
    lookup
        The product that stands for a product in the cells for which it has no row of its own (a
        method's substitutes).
    category
        The IPCC category of a flow and product, if not that of the flow.

    Notes
    -----
    Tables of other years, and of other areas, share what was chosen where the rows do not tell them
    apart: nobody changes it.
    """
    tables = [table.fitting(units[product]) for product in products]
    asked = [find_stand_ins(product, lookup or {}) for product in products]
    depends = [fitting.depends_on_any(names) for fitting, names in zip(tables, asked, strict=True)]
    # What is the same for all areas, or all years, is held once.
    by_area, by_year = (any(one[dim] for one in depends) for dim in (0, 1))
    key = (
        tuple(areas) if by_area else len(areas),
        tuple(years) if by_year else len(years),
        tuple(flows),
        tuple((product, units[product]) for product in products),
        tuple((lookup or {}).items()),
        category,
    )
    if key not in table.selected:
        if len(table.selected) >= _MOST_TABLES:
            table.selected.clear()
        ask = category or _category
        cells = [
            _tell_apart(fitting, names, flows, ask)
            for fitting, names in zip(tables, asked, strict=True)
        ]
        shape = (len(areas) if by_area else 1, len(years) if by_year else 1)
        values = np.full((*shape, len(flows), len(products)), np.nan)
        index = np.full(values.shape, -1, np.int32)
        rows: dict[FactorRow, int] = {}
        for p, product in enumerate(products):
            area_matters, year_matters = depends[p]
            for a in range(len(areas) if area_matters else 1):
                for y in range(len(years) if year_matters else 1):
                    where = (a if area_matters else slice(None), y if year_matters else slice(None))
                    for f, row in tables[p].by_flow(asked[p], cells[p], areas[a], year=years[y]):
                        values[(*where, f, p)] = row_value(row, units[product])
                        index[(*where, f, p)] = rows.setdefault(row, len(rows))
        values.flags.writeable = index.flags.writeable = False
        table.selected[key] = Selection(
            parameter=table.parameter,
            held_values=values,
            held_row=index,
            rows=tuple(rows),
            shape=(len(areas), len(years), len(flows), len(products)),
        )
    return table.selected[key]


def _tell_apart(
    table: FactorTable,
    names: Sequence[str],
    flows: Sequence[str],
    category: Callable[[str, str], str],
) -> list[tuple[str, str]]:
    """Return the flow and the category of each flow, as far as the rows for some products differ by them.

    Nothing if they do not.
    """
    found = [row for name in names for _, row in table.candidates(name)]
    if not any(row.flow or row.category for row in found):
        return []
    by_flow = any(row.flow for row in found)
    return [(flow if by_flow else "", category(flow, names[0])) for flow in flows]


def find_stand_ins(product: str, lookup: Mapping[str, str]) -> list[str]:
    """Return a product and its substitutes, in order; a substitute may itself have one."""
    names = [product]
    while (substitute := lookup.get(names[-1])) and substitute not in names:
        names.append(substitute)
    return names
