"""Cells of all kinds -> one balance, area x year x flow x product."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.balances.amounts.energy_balance import DIMS, EnergyBalance, Places
from carbonacct.balances.amounts.origins import CellOrigin, Origins
from carbonacct.balances.check.counting import TOTAL
from carbonacct.cities.allocation import BLOCKS
from carbonacct.cities.own_tables import CityCell
from carbonacct.errors import TableError
from carbonacct.sheets import values
from carbonacct.texts import say
from carbonacct.units import read_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.cities.allocation import Allocated
    from carbonacct.cities.own_tables import Cells
    from carbonacct.errors import Finding
    from carbonacct.records.statements import Statement

_SUPPLY = (
    "recovery",
    "moved_in",
    "imports",
    "moved_out",
    "exports",
    "opening_stock",
    "closing_stock",
)
_ZERO = 1e-9  # of what is used: what a balance of sums leaves by rounding


@dataclass
class Composition:
    """A balance in the making; it grows by the rows and columns that are added.

    Attributes
    ----------
    amounts, codes
        Numbers, and for each the index of its origin in ``records`` (-1: none).
    printed
        The statement that holds the number of a cell, where it is printed.
    units
        The unit of each product.
    """

    areas: list[str]
    years: list[int]
    flows: list[str]
    products: list[str]
    units: list[str]
    amounts: np.ndarray
    codes: np.ndarray
    records: list[CellOrigin]
    case: str = "gamma"
    printed: dict[tuple[int, int, int, int], Statement] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    product_parents: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def start(
        cls,
        areas: Sequence[str],
        years: Sequence[int],
        whole: EnergyBalance | None,
        allocated: Allocated | None,
    ) -> Composition:
        """Begin with what was allocated, or with nothing."""
        if whole is None or allocated is None:
            nothing = np.empty((len(areas), len(years), 0, 0))
            return cls(list(areas), list(years), [], [], [], nothing, nothing.astype(np.int32), [])
        return cls(
            list(areas),
            list(years),
            list(allocated.flows),
            list(whole.products),
            list(whole.units),
            allocated.amounts.copy(),
            allocated.origin.copy(),
            list(allocated.records),
            case="beta",
            parents=whole.parents,
            product_parents=whole.product_parents,
        )

    def held(self, area: int, year: int) -> Cells:
        """Return the cells of an area and year; one that is not estimated has no number."""
        found: Cells = {}
        for f, p in np.argwhere(self.codes[area, year] >= 0).tolist():
            found[self.flows[f], self.products[p]] = CityCell(
                value=float(self.amounts[area, year, f, p]),
                unit=self.units[p],
                origin=self.records[int(self.codes[area, year, f, p])],
            )
        return found

    def replace(self, area: int, year: int, cells: Cells) -> None:
        """Put cells in the place of all that is there of an area and year."""
        self.amounts[area, year], self.codes[area, year] = np.nan, -1
        for (flow, product), cell in cells.items():
            p = self._place(self.products, product, 3, cell.unit)
            f = self._place(self.flows, flow, 2)
            if self.units[p] != cell.unit:
                raise TableError(
                    say(
                        "{source}: {product} is in {unit} here and in {units_p} elsewhere; "
                        "give it in {units_p}",
                        source=cell.origin.source,
                        product=product,
                        unit=cell.unit,
                        units_p=self.units[p],
                    )
                )
            self.amounts[area, year, f, p] = cell.value
            self.codes[area, year, f, p] = len(self.records)
            self.records.append(cell.origin)
            if cell.printed is not None:
                self.printed[area, year, f, p] = cell.printed

    def _place(self, names: list[str], name: str, axis: int, unit: str = "") -> int:
        if name not in names:
            names.append(name)
            if axis == 3:
                self.units.append(unit)
            pad = [(0, int(n == axis)) for n in range(4)]
            self.amounts = np.pad(self.amounts, pad, constant_values=np.nan)
            self.codes = np.pad(self.codes, pad, constant_values=-1)
        return names.index(name)

    def derive_supply(self, whole: EnergyBalance | None) -> None:
        """Add what must be brought in: use + losses - transformation - production, a balancing row.

        Of the products that were allocated, where every row of their use has a number; of
        electricity and heat where it is known what is generated. What a city prints of its supply
        stays.
        """
        top = self._top_rows()
        supply = [f for f, flow in enumerate(self.flows) if flow in _SUPPLY]
        made = [f for f, flow in enumerate(self.flows) if flow == "production"]
        plants = [
            f for f in top if vocabulary.is_within(self.flows[f], "transformation", self.parents)
        ]
        signs = np.array([-1.0 if f in plants else 1.0 for f in top])
        expected = self._expect(whole)
        for p, product in enumerate(self.products[:]):
            if product.startswith("total_energy"):
                continue
            column = self.amounts[..., p].copy()
            use = column[:, :, top]
            is_allocated = (self.codes[..., p] >= 0).any(axis=2) & (whole is not None)
            if vocabulary.is_electricity_or_heat(product):
                is_allocated = self._knows_generation(
                    whole, product, column[:, :, plants], column[:, :, made]
                )
            complete = ~(np.isnan(use) & expected[None, :, top, p]).any(axis=2)
            free = np.isnan(column[:, :, supply]).all(axis=2) & ~np.isnan(use).all(axis=2)
            need = (signs * np.nan_to_num(use)).sum(axis=2) - np.nan_to_num(column[:, :, made]).sum(
                axis=2
            )
            if vocabulary.is_electricity_or_heat(product) and TOTAL in self.flows:
                total = column[:, :, self.flows.index(TOTAL)]  # its uses may be printed in part
                made_here = (signs * np.nan_to_num(use))[:, :, signs < 0].sum(axis=2)
                made_here -= np.nan_to_num(column[:, :, made]).sum(axis=2)
                need = np.where(np.isnan(total), need, total + made_here)
            need = np.where(np.abs(need) <= _ZERO * np.nansum(np.abs(use), axis=2), 0.0, need)
            for a, y in np.argwhere(is_allocated & complete & free).tolist():
                self._add_supply(a, y, p, float(need[a, y]))

    def _expect(self, whole: EnergyBalance | None) -> np.ndarray:
        """Return which cells the larger area has, year x flow x product."""
        expected = np.zeros(self.amounts.shape[1:], bool)
        if whole is None:
            return expected
        at = [whole.years.index(year) for year in self.years]
        for f, flow in enumerate(self.flows):
            for p, product in enumerate(self.products):
                if flow in whole.flows and product in whole.products:
                    cell = whole.amounts.values[
                        0, at, whole.flows.index(flow), whole.products.index(product)
                    ]
                    expected[:, f, p] = ~np.isnan(cell)
        return expected

    def _knows_generation(
        self, whole: EnergyBalance | None, product: str, plants: np.ndarray, made: np.ndarray
    ) -> np.ndarray:
        """Return where generation is known: by plants, and without fuel if the province has any."""
        by_plants = np.asarray((plants > 0).any(axis=2), bool)
        if whole is None or "production" not in whole.flows or product not in whole.products:
            return by_plants
        cell = whole.amounts.values[
            0, :, whole.flows.index("production"), whole.products.index(product)
        ]
        without_fuel = np.nan_to_num(cell)[[whole.years.index(year) for year in self.years]] > 0
        return np.asarray(by_plants & (~without_fuel[None] | ~np.isnan(made).all(axis=2)), bool)

    def _top_rows(self) -> list[int]:
        """Return the rows of use, loss and transformation that are part of no other row of the table."""
        inside = [
            f
            for f, flow in enumerate(self.flows)
            if any(vocabulary.is_within(flow, block, self.parents) for block in BLOCKS)
        ]
        return [
            f
            for f in inside
            if vocabulary.flows()[self.flows[f]].part == "sum" or self.flows[f] in BLOCKS
            if not any(
                g != f and vocabulary.is_within(self.flows[f], self.flows[g], self.parents)
                for g in inside
            )
        ]

    def _add_supply(self, area: int, year: int, product: int, need: float) -> None:
        flow = self._place(self.flows, "moved_out" if need < 0 else "moved_in", 2)
        self.amounts[area, year, flow, product] = need
        self.codes[area, year, flow, product] = len(self.records)
        how = "use + losses - transformation - production: the balancing row"
        self.records.append(CellOrigin("derived", self.case, source=how))

    def to_balance(self, findings: Sequence[Finding]) -> EnergyBalance:
        """Return the balance, its rows and columns in the order of the vocabulary."""
        flow_order = {name: n for n, name in enumerate(vocabulary.flows())}
        product_order = {name: n for n, name in enumerate(vocabulary.products())}
        rows = [
            f
            for f in np.argsort([flow_order[flow] for flow in self.flows], kind="stable").tolist()
            if (self.codes[:, :, f] >= 0).any()
        ]
        columns = [
            p
            for p in np.argsort(
                [product_order[name] for name in self.products], kind="stable"
            ).tolist()
            if (self.codes[..., p] >= 0).any()
        ]
        flows = [self.flows[f] for f in rows]
        products = [self.products[p] for p in columns]
        coords = {
            "area": self.areas,
            "year": self.years,
            "flow": flows,
            "product": products,
            "unit": ("product", [self.units[p] for p in columns]),
        }

        def lay(array: np.ndarray) -> xr.DataArray:
            return xr.DataArray(array[:, :, rows][..., columns], dims=DIMS, coords=coords)

        amounts, codes = lay(self.amounts), lay(self.codes)
        places, place = self._place_printed(rows, columns)
        nothing = np.where(codes.values >= 0, values.NE, values.ABSENT)
        known = np.where(np.isnan(amounts.values), nothing, values.NUMBER).astype(np.int8)
        status = amounts.copy(data=known)
        return EnergyBalance(
            amounts=amounts,
            status=status,
            place=amounts.copy(data=place),
            places=places,
            parents={flow: above for flow, above in self.parents.items() if flow in flows},
            findings=tuple(dict.fromkeys(findings)),
            product_parents={
                one: above for one, above in self.product_parents.items() if one in products
            },
            origins=Origins(codes, tuple(self.records)),
        )

    def _place_printed(
        self, rows: Sequence[int], columns: Sequence[int]
    ) -> tuple[Places, np.ndarray]:
        """Return where the printed cells stand."""
        shape = (len(self.areas), len(self.years), len(rows), len(columns))
        place = np.full(shape, -1, np.int32)
        held = list(self.printed.items())
        sheets = tuple(dict.fromkeys(one.sheet for _, one in held))
        printed_units = [read_unit(one.unit) for _, one in held]
        units = tuple(dict.fromkeys(printed_units))
        for n, ((a, y, f, p), _) in enumerate(held):
            place[a, y, rows.index(f), columns.index(p)] = n
        return (
            Places(
                sheets=sheets,
                sheet=np.array([sheets.index(one.sheet) for _, one in held], int),
                row=np.array([one.row for _, one in held], int),
                column=np.array([one.column for _, one in held], int),
                printed=np.array([one.value for _, one in held], float),
                units=units,
                unit=np.array([units.index(unit) for unit in printed_units], int),
            ),
            place,
        )
