"""What areas use of energy by years, each amount once: in units of quantity, or in coal equivalent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances import EnergyBalance
from carbonacct.balances.check.remainders import find_remainders
from carbonacct.errors import MethodError
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.energy.coal_equivalent import to_coal_equivalent
from carbonacct.sectors.energy.energy_entries import energy_of
from carbonacct.sectors.energy.finest_cells import find_finest_cells, find_numbers
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

EnergySource = Inventory | EnergyBalance
_TRADE = ("moved_in", "imports", "moved_out", "exports")
_POWER = "electricity"
_RATES = (0.2, 0.5)  # kgce/kWh: what a power plant can need; 300 is g, 3 is t per 10^4 kWh


@dataclass(frozen=True)
class EnergyNeed:
    """Which energy is asked for.

    Attributes
    ----------
    flows
        With all that they hold; ``-transformation`` is taken off.
    products
        All where empty.
    unit
        Of the answer.
    power
        In coal equivalent, at the rate of power plants: ``"added"``, primary electricity and that
        from outside count at it, or ``"primary"``, primary electricity alone is asked for.
    """

    flows: tuple[str, ...]
    products: tuple[str, ...]
    unit: str
    power: str = ""


@dataclass(frozen=True, eq=False)
class EnergyAmounts:
    """The amounts that answer a need, by area and year.

    Attributes
    ----------
    values
        In the unit of the need (area, year); NaN where something lacks.
    lacking
        What there is no number of (area, year); empty where there is one.
    added
        The cells that each is the sum of (area, year, flow, product), as they stand in ``balance``.
    """

    balance: EnergyBalance
    values: Array
    lacking: NDArray[np.object_]
    added: NDArray[np.bool_]

    @property
    def areas(self) -> list[str]:
        """The areas of the table."""
        return self.balance.areas

    @property
    def years(self) -> list[int]:
        """The years of the table."""
        return self.balance.years

    def list_cells(self, area: int, year: int) -> list[str]:
        """Return the cells of an amount, ``file!sheet!cell``.

        Of a remainder that of the row and column it is left of.
        """
        balance = self.balance
        flows, products = (
            [
                names.index(base) if (base := vocabulary.base_of(name)) in names else at
                for at, name in enumerate(names)
            ]
            for names in (balance.flows, balance.products)
        )
        return [
            balance.address_at(area, year, f, p)
            or balance.address_at(area, year, flows[f], products[p])
            for f, p in np.argwhere(self.added[area, year]).tolist()
        ]


@dataclass(frozen=True, eq=False)
class EnergyUse:
    """The energy of one table, each amount once.

    Attributes
    ----------
    balance
        With what a printed row or column has beyond its printed parts as rows and columns of its own.

    Examples
    --------
    >>> import carbonacct as ca
    >>> [use] = list_energy_use(ca.read_balance("docs/tables/chongqing_2007.csv"))
    >>> need = EnergyNeed(("final_consumption", "losses"), ("electricity",), "1e8 kWh")
    >>> found = use.sum_quantities(need)
    >>> round(found.values.item(), 2), found.list_cells(0, 0)[-1]
    (449.21, 'chongqing_2007.csv!V32')
    """

    balance: EnergyBalance

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """The cells that hold each amount once: the finest, without parts of a row that counts (feedstock)."""
        balance = self.balance
        counted, number = find_finest_cells(balance), find_numbers(balance.amounts.values)
        known = vocabulary.flows()
        for position, flow in enumerate(balance.flows):
            parent = vocabulary.parent_of(flow, balance.parents)
            if known[flow].part == "of" and parent in balance.flows:
                counted[:, :, position] &= ~number[:, :, balance.flows.index(parent)]
        return counted

    @cached_property
    def _power_unit(self) -> str:
        """Return the unit of electricity; nothing where there is none in units of quantity.

        A table in coal equivalent does not say at which rate electricity was turned into it, so it
        is not turned back.
        """
        units = dict(zip(self.balance.products, self.balance.units, strict=True))
        return units.get(_POWER, "").replace("tce", "")

    def sum_quantities(self, need: EnergyNeed) -> EnergyAmounts:
        """Return amounts by area and year, of columns in units of quantity."""
        units = [
            unit
            for product, unit in zip(self.balance.products, self.balance.units, strict=True)
            if product in need.products
        ]
        columns = self._find_columns(need)
        factors = np.full(len(columns), np.nan)
        factors[columns] = [
            np.nan if unit == "tce" else conversion_factor(unit, need.unit) for unit in units
        ]
        used = self._weigh(self.balance.amounts.values, need.flows, columns) * factors
        lacking = join_texts(" and ", need.products)
        if "tce" in units:
            lacking = say("{products} in physical quantity", products=lacking)
        return self._make(used, _add_known(used), lacking)

    def sum_coal_equivalent(
        self, needs: Sequence[EnergyNeed], *, method: str, power_rate: float | None = None
    ) -> list[EnergyAmounts]:
        """Return amounts in coal equivalent by area and year, for each of the needs.

        Parameters
        ----------
        method
            Of :func:`carbonacct.to_coal_equivalent`.
        power_rate
            Coal that power plants use, kgce/kWh: primary electricity and electricity from outside
            count at it (发电煤耗法). Without it electricity counts at its calorific value
            (电热当量法), and there is no number of primary electricity.

        Raises
        ------
        MethodError
            If the rate is not that of a power plant, or there is no electricity that it could turn.

        Notes
        -----
        Primary electricity is that of the area; where some comes from or goes outside, its mix is
        not known and there is no number.
        """
        if power_rate is not None and not _RATES[0] <= power_rate <= _RATES[1]:
            raise MethodError(
                say(
                    "power rate {power_rate:g} kgce/kWh, expected from {rate} to {rate_1}; "
                    "write 300 g as 0.300",
                    power_rate=power_rate,
                    rate=_RATES[0],
                    rate_1=_RATES[1],
                )
            )
        tce = self._convert(method)
        found = []
        for need in needs:
            if need.power == "primary":
                found.append(self._sum_primary(need, power_rate))
                continue
            used = self._weigh(tce, need.flows, self._find_columns(need))
            whole = _add_known(used)
            if need.power == "added" and power_rate is not None:
                whole = whole + self._revalue_power(tce, power_rate)
            found.append(self._make(used, whole * conversion_factor("tce", need.unit), "energy"))
        return found

    def _convert(self, method: str) -> Array:
        """Return all cells in tce, NaN where there is none."""
        frame, _ = to_coal_equivalent(self.balance, method=method)
        tce = np.full(self.balance.amounts.shape, np.nan)
        labels = self.balance.amounts.indexes
        at = tuple(labels[dim].get_indexer(frame[dim]) for dim in self.balance.amounts.dims)
        tce[at] = frame["value"]
        return tce

    def _find_columns(self, need: EnergyNeed) -> NDArray[np.bool_]:
        return np.array(
            [not need.products or product in need.products for product in self.balance.products]
        )

    def _weigh(
        self, values: Array, flows: Sequence[str], columns: NDArray[np.bool_] | slice = slice(None)
    ) -> Array:
        """Return what cells add to a sum over flows, NaN where nothing; a flow that two of them hold counts once."""
        balance = self.balance
        weights = np.full(values.shape[2:], np.nan)
        for position, flow in enumerate(balance.flows):
            held = [
                -1.0 if wanted.startswith("-") else 1.0
                for wanted in flows
                if balance.is_part(flow, wanted.removeprefix("-"))
            ]
            weights[position, columns] = held[0] if held else np.nan
        return np.where(self.counted, values * weights, np.nan)

    def _make(
        self, used: Array, values: Array, lacking: str | NDArray[np.object_]
    ) -> EnergyAmounts:
        reasons = np.full(
            values.shape, "", object
        )  # of texts, which an array of strings would lose
        reasons[np.isnan(values)] = (
            lacking if isinstance(lacking, str) else lacking[np.isnan(values)]
        )
        return EnergyAmounts(self.balance, values, reasons, ~np.isnan(used))

    def _weigh_power(self, flows: Sequence[str]) -> Array:
        """Return electricity in 10^3 kWh, so that kgce/kWh turns it into tce."""
        columns = np.array([product == _POWER for product in self.balance.products])
        factor = conversion_factor(self._power_unit, "1e3 kWh")
        return self._weigh(self.balance.amounts.values, flows, columns) * factor

    def _revalue_power(self, tce: Array, power_rate: float) -> Array:
        """Return what electricity counts more at the rate of power plants than at its calorific value, in tce."""
        if not self._power_unit:
            raise MethodError(
                say(
                    "power rate: {area} {year} has no electricity in physical quantity "
                    "to count at it; leave the rate out",
                    area=self.balance.areas[0],
                    year=self.balance.years[0],
                )
            )
        supply = ("production", *_TRADE)
        columns = np.array([product == _POWER for product in self.balance.products])
        supplied, calorific = (
            np.nan_to_num(_add_known(used))
            for used in (self._weigh_power(supply), self._weigh(tce, supply, columns))
        )
        return supplied * power_rate - calorific

    def _sum_primary(self, need: EnergyNeed, power_rate: float | None) -> EnergyAmounts:
        """Return primary electricity at the rate, and what lacks for it."""
        shape = self.balance.amounts.shape
        if not self._power_unit or power_rate is None:
            reason = (
                say("the power rate (kgce/kWh)")
                if self._power_unit
                else say("electricity in physical quantity")
            )
            return self._make(np.full(shape, np.nan), np.full(shape[:2], np.nan), reason)
        traded = sum(
            np.abs(np.nan_to_num(_add_known(self._weigh_power((flow,))))) for flow in _TRADE
        )
        used = self._weigh_power(("production",))
        made = np.where(traded > 0, np.nan, _add_known(used))
        lacking = np.full(made.shape, say("primary electricity"), object)
        lacking[traded > 0] = say("the mix of electricity from and to outside")
        factor = power_rate * conversion_factor("tce", need.unit)
        return self._make(used, made * factor, lacking)


def list_energy_use(source: EnergySource) -> list[EnergyUse]:
    """Return the energy of an inventory or of a balance, table by table.

    None of an inventory that was read from a file.
    """
    if isinstance(source, EnergyBalance):
        return [EnergyUse(find_remainders(source).balance)]
    return [use for cube in energy_of(source) for use in list_energy_use(cube.balance)]


def _add_known(used: Array) -> Array:
    """Return sums by area and year, NaN where no cell has a number."""
    cells = used.reshape(*used.shape[:2], -1)
    return np.where(np.isnan(cells).all(axis=2), np.nan, np.nansum(cells, axis=2))
