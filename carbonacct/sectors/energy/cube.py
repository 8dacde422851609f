"""The inventory: emissions of each cell, and everything needed to walk each number back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from carbonacct import dim_names
from carbonacct.balances.amounts.energy_balance import select_labels
from carbonacct.blocks import in_blocks
from carbonacct.display import legible
from carbonacct.errors import Finding, MethodError
from carbonacct.inventory.metrics import find_gwp, name_equivalent, origin_of
from carbonacct.inventory.plotting import draw_sums
from carbonacct.sectors.energy.activity import read_amounts
from carbonacct.sectors.energy.emission_totals import add_products, add_up, add_up_values
from carbonacct.sectors.energy.printed_table import view_table
from carbonacct.sectors.energy.scope2 import (
    add_imported_energy,
    drop_electricity_and_heat,
    find_lacking,
)
from carbonacct.texts import join_texts, say
from carbonacct.units import registry

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method
    from carbonacct.sectors.energy.chain import Chain
    from carbonacct.sectors.energy.printed_table import PrintedTable

_MOST_REASONS = 5
COLUMNS = ("area", "year", "flow", "product", "category", "scope", "gas", "value", "unit", "method")


@legible
@dataclass(frozen=True, repr=False, eq=False)
class EnergyInventory:
    """An inventory: area x year x flow x product x gas.

    Attributes
    ----------
    emissions
        Direct emissions (scope 1): float64 tonnes of each gas, NaN where there is no number, as in
        the columns of electricity and heat. Coordinate ``category`` (IPCC 2006, of flow). Its sum
        is the direct total.
    indirect
        Electricity and heat brought in (scope 2), likewise, of these products alone: what is sent
        out is negative, so that sums are net. Coordinate ``lacking`` (area, year, flow, product):
        something crosses the border and has no factor.
    balance, method
        What it was made from.
    counted
        Where (area, year, flow, product) a number of the table burns, or is brought in.
    share, deduction
        Activity = amount x share - deduction (area, year, flow, product), in the canonical unit of
        each product.
    chain, chains
        Which chain of factors gave it, an index into ``chains``, or -1.
    findings
        What the reader, the checks and the method noticed.
    moved
        Motor fuel that counts in another row, negative where it is printed; part of ``deduction``.
        None without shares of it.
    passed_on
        Fuel whose carbon a source of another sector counts, by its id; part of ``deduction``.
    """

    emissions: xr.DataArray
    indirect: xr.DataArray
    balance: EnergyBalance
    method: Method
    counted: np.ndarray
    share: np.ndarray
    deduction: np.ndarray
    chain: np.ndarray
    chains: tuple[Chain, ...]
    findings: tuple[Finding, ...] = field(default=())
    moved: np.ndarray | None = None
    passed_on: tuple[tuple[str, np.ndarray], ...] = ()

    @cached_property
    def table(self) -> PrintedTable:
        """The table that it was made of, as reports show it."""
        return view_table(self.balance)

    @cached_property
    def gases(self) -> list[str]:
        """The gases that it has, in their order."""
        return [str(gas) for gas in self.emissions["gas"].values]

    @cached_property
    def amount(self) -> np.ndarray:
        """What the table prints in the cells that count, inputs of plants turned positive; NaN elsewhere."""
        return read_amounts(self.balance, self.counted)

    @cached_property
    def activity(self) -> np.ndarray:
        """What burns in each cell, or is brought in: amount x share - deduction."""
        amount, activity = self.amount, np.empty(self.counted.shape)

        def write(areas: slice) -> None:
            np.multiply(amount[areas], self.share[areas], out=activity[areas])
            activity[areas] -= self.deduction[areas]

        in_blocks(write, activity.shape)
        return activity

    @cached_property
    def factor(self) -> np.ndarray:
        """Emissions = activity x factor, in t of each gas (last axis) per canonical unit of each product."""
        factor = np.full(self.chain.shape, np.nan)
        for number, chain in enumerate(self.chains):
            np.copyto(factor, chain.factor[..., None], where=self.chain == number)
        return factor

    def to_frame(self, *, gwp: str | None = None) -> pd.DataFrame:
        """Return one row per cell and gas that has a number, in the columns of the inventory CSV; value in t.

        Parameters
        ----------
        gwp
            Name of a metric: rows of the gas ``CO2e (AR5GWP100)``, with the metric in the gas,
            follow those of the gases.

        Examples
        --------
        >>> import carbonacct as ca
        >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
        >>> list(inventory.to_frame().columns)
        ['area', 'year', 'flow', 'product', 'category', 'scope', 'gas', 'value', 'unit', 'method']
        """
        if gwp not in self._frames:
            self._frames[gwp] = self._make_frame(gwp)
        return self._frames[gwp].copy()

    @cached_property
    def _frames(self) -> dict[str | None, pd.DataFrame]:
        """Flat tables by metric, of which several reports ask one."""
        return {}

    def _make_frame(self, gwp: str | None) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

        if gwp is not None:
            direct, indirect = (
                self.co2e(gwp, scope=scope).expand_dims(gas=[name_equivalent(gwp)], axis=4)
                for scope in (1, 2)
            )
            return pd.concat(
                [self.to_frame(), _frame(direct, indirect, self.method.id)], ignore_index=True
            )
        return _frame(self.emissions, self.indirect, self.method.id)

    def of_scope(self, scope: int) -> xr.DataArray:
        """Return the emissions of a scope: :attr:`emissions` or :attr:`indirect`."""
        if scope not in (1, 2):
            raise MethodError(say("no scope {scope!r}; known: 1, 2", scope=scope))
        return self.emissions if scope == 1 else self.indirect

    def in_table(self, scope: int) -> np.ndarray:
        """Return the emissions of a scope in the shape of the table, gas last.

        NaN in the columns of the other scope.
        """
        if scope == 1:
            return self.emissions.values
        whole = np.full(self.emissions.shape, np.nan)
        columns = [
            self.balance.products.index(product)
            for product in self.of_scope(scope)["product"].values
        ]
        whole[..., columns, :] = self.indirect.values
        return whole

    def find_lacking(self, area: str, year: int) -> tuple[str, ...]:
        """Return the products of scope 2 that cross the border of an area and have no factor: its total is no number.

        Examples
        --------
        >>> import carbonacct as ca
        >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
        >>> inventory.find_lacking("重庆", 2007)
        ('electricity',)
        """
        return find_lacking(self.indirect, area, year)

    def co2e(self, metric: str, *, scope: int = 1) -> xr.DataArray:
        """Return all gases weighted by a metric and added up, in t CO2-equivalent (area, year, flow, product).

        Parameters
        ----------
        metric
            A name of :func:`carbonacct.inventory.metrics.metric_ids`, such as ``"AR5GWP100"``;
            there is no default.
        scope
            1 (fuels burnt) or 2 (electricity and heat brought in, less sent out).

        Notes
        -----
        Methane of combustion takes the value without the CO2 that it becomes (``"non-fossil"``),
        because CO2 factors of fuels count all their carbon already; fugitive methane of fossil
        fuels takes the value with it.

        Examples
        --------
        >>> import carbonacct as ca
        >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006", gases=["all"])
        >>> tonnes = inventory.emissions.sel(flow="transport", product="diesel").squeeze()
        >>> weighted = tonnes.sel(gas="CO2") + 28 * tonnes.sel(gas="CH4") + 265 * tonnes.sel(gas="N2O")
        >>> bool(abs(inventory.co2e("AR5GWP100").sel(flow="transport", product="diesel").item() / weighted - 1) < 1e-12)
        True
        """
        gases, of_flows = (self.emissions[name].values.tolist() for name in ("gas", "category"))
        weights = np.array(
            [
                [find_gwp(metric, gas, origin=origin_of(gas, category)) for gas in gases]
                for category in of_flows
            ]
        )
        held = self.of_scope(scope)
        values = held.values * weights[:, None, :]
        known = ~np.isnan(values)
        sums = np.where(known.any(axis=-1), np.where(known, values, 0.0).sum(axis=-1), np.nan)
        weighted = held.isel(gas=0, drop=True).copy(data=sums).rename(None)
        return weighted.assign_attrs(units="t", gas=name_equivalent(metric))

    def sel(self, *, gas: str = "CO2", scope: int = 1, **labels: Any) -> xr.DataArray:
        """Return the emissions of one gas at some labels, pint-backed; each label by its id or any of its names.

        Raises
        ------
        MethodError
            If there is no such gas, dim or label.

        Examples
        --------
        >>> import carbonacct as ca
        >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
        >>> diesel = inventory.sel(flow="交通运输", product="柴油", area="重庆市", year=2007)
        >>> round(float(diesel.item().to("t CO2").magnitude), 1)
        5882537.9
        """
        gas = dim_names.resolve_label("gas", gas) or gas
        self._check_gas(gas)
        array = _quantify(self.of_scope(scope).sel(gas=gas, drop=True), gas)
        return select_labels(array, labels, MethodError)

    def plot(self, by: str = "flow", *, gas: str = "CO2", scope: int = 1, ax: Any = None) -> Any:
        """Draw what a dim adds up to: bars of one year, lines over several (needs matplotlib).

        Returns
        -------
        matplotlib.axes.Axes
            What was drawn on.
        """
        import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

        held = self.by(*dict.fromkeys(("year", by)), gas=gas, scope=scope)
        values = held.transpose("year", ...).data.magnitude.reshape(held.sizes["year"], -1)
        columns = [gas] if by == "year" else held[by].values.tolist()
        sums = pd.DataFrame(values, index=held["year"].values, columns=columns)
        return draw_sums(sums, unit=gas, ax=ax)

    def to_dataset(self) -> xr.Dataset:
        """Return direct emissions and those of electricity and heat as plain arrays, t, side by side."""
        return xr.Dataset({"direct": self.emissions, "indirect": self.indirect})

    def gas(self, gas: str = "CO2") -> xr.DataArray:
        """Return the direct emissions of one gas as a pint-backed array in tonnes of it."""
        gas = dim_names.resolve_label("gas", gas) or gas
        return _quantify(self.tonnes_of(gas), gas)

    def tonnes_of(self, gas: str) -> xr.DataArray:
        """Return the direct emissions of one gas as a plain array, t."""
        gas = dim_names.resolve_label("gas", gas) or gas
        self._check_gas(gas)
        return self.emissions.sel(gas=gas, drop=True)

    def _check_gas(self, gas: str) -> None:
        if gas not in self.gases:
            raise MethodError(
                say(
                    "the inventory has no {gas}; it has {gases}",
                    gas=gas,
                    gases=join_texts(", ", self.gases),
                )
            )

    @cached_property
    def _by_flow(self) -> np.ndarray:
        return add_products(self.emissions)

    def total(
        self, *, scope: int = 1, gas: str = "CO2", gwp: str | None = None, gross: bool = False
    ) -> xr.DataArray:
        """Return the total of a scope by area and year, pint-backed; scopes are never added up.

        Examples
        --------
        >>> import carbonacct as ca
        >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
        >>> round(float(inventory.total().item().to("Mt CO2").magnitude), 2)
        90.7
        """
        return self.by("area", "year", scope=scope, gas=gas, gwp=gwp, gross=gross)

    def by(
        self,
        *dims: str,
        scope: int = 1,
        gas: str = "CO2",
        gwp: str | None = None,
        gross: bool = False,
    ) -> xr.DataArray:
        """Return the emissions of a scope summed over all but the named dims, pint-backed.

        Parameters
        ----------
        dims
            Of ``area``, ``year``, ``flow``, ``product`` and ``category``.
        scope
            1 (fuels burnt) or 2 (electricity and heat brought in, less sent out).
        gas
            The gas.
        gwp
            Name of a metric instead: all gases as in :meth:`co2e`, in tonnes of a unit of that
            metric alone (``CO2e_AR5GWP100``), which nothing else can be added to.
        gross
            Of scope 2, what is brought in alone.

        Notes
        -----
        A sum over nothing is nothing: where no cell has a number, the result is NaN. So is a sum of
        scope 2 with a part that has an amount and no factor.
        """
        known = ("area", "year", "flow", "product", "category")
        if unknown := [dim for dim in dims if dim not in known]:
            raise MethodError(
                say(
                    "no dim {unknown!r}; known: {known}",
                    unknown=unknown[0],
                    known=join_texts(", ", known),
                )
            )
        cells = self.of_scope(scope)
        if gross and scope == 1:
            raise MethodError(
                say(
                    "gross=True is for scope=2: what is brought in, without taking off what "
                    "is sent out"
                )
            )
        if gwp is not None and gas != "CO2":
            raise MethodError(
                say(
                    "gwp={gwp!r} weights all gases, and gas={gas!r} asks for one: give one "
                    "of the two",
                    gwp=gwp,
                    gas=gas,
                )
            )
        if gwp is None:
            self._check_gas(gas)
        keep = ["flow" if dim == "category" else dim for dim in dims]
        if scope == 1 and gwp is None and "product" not in dims:
            values = self._by_flow[self.gases.index(gas)]
            total, left = add_up_values(
                values, known[:3], [dim for dim in known[:3] if dim not in keep]
            )
            array = xr.DataArray(
                total, dims=left, coords={dim: self.emissions.indexes[dim] for dim in left}
            )
            array = (
                array.assign_coords(category=self.emissions["category"])
                if "category" in dims
                else array
            )
        else:
            array = cells.sel(gas=gas, drop=True) if gwp is None else self.co2e(gwp, scope=scope)
            over = [str(dim) for dim in array.dims if dim not in keep]
            array = (
                add_imported_energy(array, over, gross=gross)
                if scope == 2
                else add_up(drop_electricity_and_heat(array), over)
            )
        if "category" in dims:
            named = array["category"].values != ""
            counted = named & ~np.isnan(
                array.transpose("flow", ...).values.reshape(len(named), -1)
            ).all(axis=1)
            array = (
                array.isel(flow=np.flatnonzero(counted if counted.any() else named))
                .groupby("category")
                .sum(min_count=1)
            )
        return _quantify(
            array if "category" in dims else array.drop_vars("category", errors="ignore"),
            gas if gwp is None else f"CO2e_{gwp}",
        )


def _frame(direct: xr.DataArray, indirect: xr.DataArray, method: str) -> pd.DataFrame:
    """Return the numbers of both scopes in the order of the table."""
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    cells = np.nonzero(~np.isnan(direct.values))
    values, scope = direct.values[cells], np.ones(len(cells[0]), int)
    if not np.isnan(indirect.values).all():
        own = np.nonzero(~np.isnan(indirect.values))
        columns = direct.indexes["product"].get_indexer(indirect["product"].values)
        crossing = (*own[:3], columns[own[3]], own[4])
        joined = tuple(np.concatenate(pair) for pair in zip(cells, crossing, strict=True))
        order = np.lexsort(joined[::-1])
        values = np.concatenate([values, indirect.values[own]])[order]
        scope = np.repeat([1, 2], [len(cells[0]), len(own[0])])[order]
        cells = tuple(axis[order] for axis in joined)
    a, y, f, p, g = cells
    coords = direct.coords
    columns = {
        "area": coords["area"].values[a],
        "year": coords["year"].values[y],
        "flow": coords["flow"].values[f],
        "product": coords["product"].values[p],
        "category": np.where(scope == 1, coords["category"].values[f], ""),
        "scope": scope,
        "gas": coords["gas"].values[g],
        "value": values,
        "unit": "t",
        "method": method,
    }
    return pd.DataFrame(columns, columns=list(COLUMNS))


def _quantify(array: xr.DataArray, gas: str) -> xr.DataArray:
    ureg = registry()
    if gas not in ureg:  # CO2-equivalent of a metric is a dimension of its own, as each gas is
        ureg.define(f"{gas} = [{gas}]")
    quantity = ureg.Quantity(array.values, ureg.Unit("tonne") * ureg.Unit(gas))
    # Asked for attributes that it lacks, a quantity prints its numbers into the error:
    # milliseconds.
    return xr.DataArray(quantity, dims=array.dims, coords=array.coords, name="emissions", attrs={})
