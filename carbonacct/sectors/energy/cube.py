"""The inventory: emissions of each cell, and everything needed to walk each number back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.balances import EnergyBalance, list_tables, make_balance, read_balance
from carbonacct.balances.checks import check_balance
from carbonacct.balances.remainders import find_remainders
from carbonacct.blocks import in_blocks
from carbonacct.display import legible
from carbonacct.errors import ChecksFailedError, Finding, MethodError, TableError
from carbonacct.factors import Method, compact, load_method
from carbonacct.inventory.metrics import find_gwp, name_equivalent
from carbonacct.sectors.energy.account import note_open
from carbonacct.sectors.energy.activity import Activity, find_activity, is_used, read_amounts
from carbonacct.sectors.energy.brought_in import find_brought_in
from carbonacct.sectors.energy.carbon import check_carbon
from carbonacct.sectors.energy.chain import Chain, find_factors, note_errata, note_overlay
from carbonacct.sectors.energy.feedstock import note_feedstock
from carbonacct.sectors.energy.motor_fuels import note_motor_fuels, open_targets
from carbonacct.sectors.energy.scope2 import add_brought_in, drop_electricity_and_heat, find_lacking, stack_brought_in
from carbonacct.sectors.energy.table_values import choose_calorific_values
from carbonacct.sectors.energy.technology import note_fluidised_beds
from carbonacct.sectors.energy.totals import add_products, add_up, add_up_values
from carbonacct.sectors.energy.worth import value_findings
from carbonacct.units import registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_MOST_REASONS = 5
COLUMNS = ("area", "year", "flow", "product", "category", "scope", "gas", "value", "unit", "method")


@legible
@dataclass(frozen=True, repr=False, eq=False)
class EnergyInventory:
    """An inventory: area x year x flow x product x gas.

    Attributes
    ----------
    emissions
        Direct emissions (scope 1): float64 tonnes of each gas, NaN where there is no number, as in the columns of
        electricity and heat. Coordinate ``category`` (IPCC 2006, of flow). Its sum is the direct total.
    indirect
        Electricity and heat brought in (scope 2), likewise, of these products alone: what is sent out is negative, so that
        sums are net. Coordinate ``lacking`` (area, year, flow, product): something crosses the border and has no factor.
    balance, method
        What it was made from.
    counted
        Where (area, year, flow, product) a number of the table burns, or is brought in.
    share, deduction
        Activity = amount x share - deduction (area, year, flow, product), in the canonical unit of each product.
    chain, chains
        Which chain of factors gave it, an index into ``chains``, or -1.
    findings
        What the reader, the checks and the method noticed.
    moved
        Motor fuel that counts in another row, negative where it is printed; part of ``deduction``. None without shares of it.
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

    @cached_property
    def amount(self) -> np.ndarray:
        """What the table prints in the cells that count, inputs of plants turned positive; NaN elsewhere."""
        return read_amounts(self.balance, self.counted)

    @cached_property
    def activity(self) -> np.ndarray:
        """What burns in each cell, or is brought in: amount x share - deduction."""
        return self.amount * self.share - self.deduction if any(self.share.strides) else self.amount

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
            Name of a metric: rows of the gas ``CO2e (AR5GWP100)``, with the metric in the gas, follow those of the gases.

        Examples
        --------
        >>> import carbonacct as ca
        >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
        >>> list(inventory.to_frame().columns)
        ['area', 'year', 'flow', 'product', 'category', 'scope', 'gas', 'value', 'unit', 'method']
        """
        import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

        if gwp is not None:
            direct, indirect = (self.co2e(gwp, scope=scope).expand_dims(gas=[name_equivalent(gwp)], axis=4) for scope in (1, 2))
            return pd.concat([self.to_frame(), _frame(direct, indirect, self.method.id)], ignore_index=True)
        return _frame(self.emissions, self.indirect, self.method.id)

    def of_scope(self, scope: int) -> xr.DataArray:
        """Return the emissions of a scope: :attr:`emissions` or :attr:`indirect`."""
        if scope not in (1, 2):
            raise MethodError(f"no scope {scope!r}; known: 1, 2")
        return self.emissions if scope == 1 else self.indirect

    def in_table(self, scope: int) -> np.ndarray:
        """Return the emissions of a scope in the shape of the table, gas last; NaN in the columns of the other scope."""
        if scope == 1:
            return self.emissions.values
        whole = np.full(self.emissions.shape, np.nan)
        columns = [self.balance.products.index(product) for product in self.of_scope(scope)["product"].values]
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
            A name of :func:`carbonacct.inventory.metrics.metric_ids`, such as ``"AR5GWP100"``; there is no default.
        scope
            1 (fuels burnt) or 2 (electricity and heat brought in, less sent out).

        Notes
        -----
        Methane of combustion takes the value without the CO2 that it becomes (``"non-fossil"``), because CO2
        factors of fuels count all their carbon already; fugitive methane of fossil fuels takes the value with it.

        Examples
        --------
        >>> import carbonacct as ca
        >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006", gases=["all"])
        >>> tonnes = inventory.emissions.sel(flow="transport", product="diesel").squeeze()
        >>> weighted = tonnes.sel(gas="CO2") + 28 * tonnes.sel(gas="CH4") + 265 * tonnes.sel(gas="N2O")
        >>> bool(abs(inventory.co2e("AR5GWP100").sel(flow="transport", product="diesel").item() / weighted - 1) < 1e-12)
        True
        """
        fugitive = np.char.startswith(self.emissions["category"].values.astype(str), "1.B")
        weights = np.array([
            [find_gwp(metric, str(gas), origin="" if gas != "CH4" else "fossil" if fossil else "non-fossil") for gas in self.emissions["gas"].values]
            for fossil in fugitive
        ])  # fmt: skip
        weight = xr.DataArray(weights, dims=("flow", "gas"), coords={dim: self.emissions[dim].values for dim in ("flow", "gas")})
        weighted = (self.of_scope(scope) * weight).sum("gas", min_count=1)
        return weighted.assign_attrs(units="t", gas=name_equivalent(metric))

    def gas(self, gas: str = "CO2") -> xr.DataArray:
        """Return the direct emissions of one gas as a pint-backed array in tonnes of it."""
        self._check_gas(gas)
        return _quantify(self.emissions.sel(gas=gas, drop=True), gas)

    def _check_gas(self, gas: str) -> None:
        if gas not in self.emissions["gas"].values:
            raise MethodError(f"the inventory has no {gas}; it has {', '.join(map(str, self.emissions['gas'].values))}")

    @cached_property
    def _by_flow(self) -> np.ndarray:
        return add_products(self.emissions)

    def total(self, *, scope: int = 1, gas: str = "CO2", gwp: str | None = None, gross: bool = False) -> xr.DataArray:
        """Return the total of a scope by area and year, pint-backed; scopes are never added up.

        Examples
        --------
        >>> import carbonacct as ca
        >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
        >>> round(float(inventory.total().item().to("Mt CO2").magnitude), 2)
        90.7
        """
        return self.by("area", "year", scope=scope, gas=gas, gwp=gwp, gross=gross)

    def by(self, *dims: str, scope: int = 1, gas: str = "CO2", gwp: str | None = None, gross: bool = False) -> xr.DataArray:
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
            Name of a metric instead: all gases as in :meth:`co2e`, in tonnes of a unit of that metric alone
            (``CO2e_AR5GWP100``), which nothing else can be added to.
        gross
            Of scope 2, what is brought in alone.

        Notes
        -----
        A sum over nothing is nothing: where no cell has a number, the result is NaN. So is a sum of scope 2 with a part
        that has an amount and no factor.
        """
        known = ("area", "year", "flow", "product", "category")
        if unknown := [dim for dim in dims if dim not in known]:
            raise MethodError(f"no dim {unknown[0]!r}; known: {', '.join(known)}")
        cells = self.of_scope(scope)
        if gross and scope == 1:
            raise MethodError("gross=True is for scope=2: what is brought in, without taking off what is sent out")
        if gwp is not None and gas != "CO2":
            raise MethodError(f"gwp={gwp!r} weights all gases, and gas={gas!r} asks for one: give one of the two")
        if gwp is None:
            self._check_gas(gas)
        keep = ["flow" if dim == "category" else dim for dim in dims]
        if scope == 1 and gwp is None and "product" not in dims:
            values = self._by_flow[self.emissions["gas"].values.tolist().index(gas)]
            total, left = add_up_values(values, known[:3], [dim for dim in known[:3] if dim not in keep])
            array = xr.DataArray(total, dims=left, coords={dim: self.emissions.indexes[dim] for dim in left})
            array = array.assign_coords(category=self.emissions["category"]) if "category" in dims else array
        else:
            array = cells.sel(gas=gas, drop=True) if gwp is None else self.co2e(gwp, scope=scope)
            over = [str(dim) for dim in array.dims if dim not in keep]
            array = add_brought_in(array, over, gross=gross) if scope == 2 else add_up(drop_electricity_and_heat(array), over)
        if "category" in dims:
            named = array["category"].values != ""
            counted = named & ~np.isnan(array.transpose("flow", ...).values.reshape(len(named), -1)).all(axis=1)
            array = array.isel(flow=np.flatnonzero(counted if counted.any() else named)).groupby("category").sum(min_count=1)
        return _quantify(array if "category" in dims else array.drop_vars("category", errors="ignore"), gas if gwp is None else f"CO2e_{gwp}")


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
        "area": coords["area"].values[a], "year": coords["year"].values[y], "flow": coords["flow"].values[f],
        "product": coords["product"].values[p], "category": np.where(scope == 1, coords["category"].values[f], ""),
        "scope": scope, "gas": coords["gas"].values[g], "value": values, "unit": "t", "method": method,
    }  # fmt: skip
    return pd.DataFrame(columns, columns=list(COLUMNS))


def _quantify(array: xr.DataArray, gas: str) -> xr.DataArray:
    ureg = registry()
    if gas not in ureg:  # CO2-equivalent of a metric is a dimension of its own, as each gas is
        ureg.define(f"{gas} = [{gas}]")
    quantity = ureg.Quantity(array.values, ureg.Unit("tonne") * ureg.Unit(gas))
    # Asked for attributes that it lacks, a quantity prints its numbers into the error: milliseconds.
    return xr.DataArray(quantity, dims=array.dims, coords=array.coords, name="emissions", attrs={})


def compile_inventory(
    tables: EnergyBalance | pd.DataFrame | xr.DataArray | xr.Dataset | str | Path | Sequence[str | Path],
    *,
    method: str | Method = "provincial-2011",
    area: str | None = None,
    year: int | None = None,
    mapping: str | Path | None = None,
    overlay: str | Path | None = None,
    gases: Sequence[str] = ("CO2",),
    grid: str | None = None,
    allow_unverified: bool = False,
    carbon_pool: str | None = None,
    calorific_values: str | None = None,
    motor_fuels: str | Path | None = None,
    feedstock_counts: Sequence[str] = (),
    allow_empty: bool = False,
    strict: bool = False,
) -> EnergyInventory:
    """Make the inventory of an energy balance (sectoral approach; scope 2 apart).

    Parameters
    ----------
    tables
        A balance; the file or files to read one from, or a folder of them; or amounts as a long table or a labelled
        array (:func:`carbonacct.balances.make_balance`).
    method
        A method's id, or a method.
    area, year, mapping
        As in :func:`carbonacct.read_balance`, for files.
    overlay
        A folder of the user's own factors, asked first.
    gases
        Of those that the method has factors for; ``["all"]`` stands for all of them. Gases are never added up
        but by :meth:`EnergyInventory.co2e`.
    grid
        Whose factor electricity from outside gets: ``"province"``, ``"region"``, ``"nation"`` or the name of an area.
    allow_unverified
        Also use factors that nobody could check; each leaves a finding.
    carbon_pool
        Which counts of a gas and the fuel that it is made of: ``"gas"``, ``"fuel"`` or ``"both"``, if not what the method says.
    calorific_values
        ``"tables"``: those that the tables in physical and in standard quantity of one area and year imply, instead of the
        published ones (:mod:`carbonacct.sectors.energy.table_values`).
    motor_fuels
        A CSV ``flow,product,share,source``: how much of the motor fuel of other rows counts in transport.
    feedstock_counts
        Products, with their kinds, whose feedstock counts as burnt.
    allow_empty
        Return an inventory without a number, of a part of a panel for example, and do not raise.
    strict
        Raise the findings of severity error, all at once.

    Returns
    -------
    EnergyInventory
        Emissions in t, with the way back to cells and factor rows.

    Raises
    ------
    TableError, UnitError
        If a table cannot be used, has no row of what burns, or nothing of it counts; or calorific values of the tables are
        asked for and a table of the pair is missing.
    FactorNotFoundError
        If an activity has no factor.
    MethodError
        If there is no such method, gas or grid, or an option is for what has been read or loaded already.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    >>> inventory.total().item().to("Mt CO2").magnitude > 80
    True
    """
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    if isinstance(tables, (pd.DataFrame, xr.DataArray, xr.Dataset)):
        tables = make_balance(tables)
    if isinstance(tables, EnergyBalance):
        if area or year or mapping:
            raise MethodError("area, year and mapping are for files; the balance has been read: give them to read_balance")
        balance = tables
    else:
        paths = [tables] if isinstance(tables, str) or not hasattr(tables, "__iter__") else list(tables)
        paths = [file for path in paths for file in (list_tables(path) if Path(path).is_dir() else [path])]
        balance = read_balance(*paths, area=area, year=year, mapping=mapping)
    if not isinstance(method, Method):
        chosen = load_method(
            method,
            overlay=overlay,
            allow_unverified=allow_unverified,
            carbon_pool=carbon_pool,
            motor_fuels=motor_fuels,
            feedstock_counts=feedstock_counts,
        )
    elif overlay or allow_unverified or carbon_pool or motor_fuels or feedstock_counts:
        raise MethodError(
            "the method has been loaded: give overlay, allow_unverified, carbon_pool, motor_fuels and feedstock_counts to load_method"
        )
    else:
        chosen = method
    if chosen.kind != "inventory":
        raise MethodError(
            f"{chosen.id} turns a table into coal equivalent, not into emissions; use carbonacct coal-equivalent"
        )
    if all(
        vocabulary.products()[product].group == "total" and not _has_factor(chosen, product)
        for product in balance.products
    ):
        raise TableError(
            f"{balance.first_address()}: the table has only {', '.join(balance.products)}, no fuels; total energy has no carbon content: use the table by fuel"
        )
    inventory = _compile(balance, chosen, _gases(chosen, gases), grid, calorific_values)
    if not (allow_empty or inventory.counted.any()):
        _refuse_empty(inventory)
    if strict and any(finding.severity == "error" for finding in inventory.findings):
        raise ChecksFailedError(finding for finding in inventory.findings if finding.severity == "error")
    return inventory


def _refuse_empty(inventory: EnergyInventory) -> None:
    """Refuse a table of which nothing counts, with the reasons that the findings give."""
    balance, method = inventory.balance, inventory.method
    numbers = int(balance.amounts.count())
    serious = [str(finding) for finding in inventory.findings if finding.severity != "info"]
    reasons = "; ".join(serious[:_MOST_REASONS]) or (
        f"no row of {', '.join(balance.flows[:_MOST_REASONS])} burns a fuel in {method.id}, and no electricity or heat is imported"
    )
    raise TableError(f"{balance.first_address()}: nothing of the table counts, of {numbers} numbers: {reasons}")


def _has_factor(method: Method, product: str) -> bool:
    return product in method.substitutes or product in method.covers


def _gases(method: Method, gases: Sequence[str]) -> list[str]:
    asked = method.gases if list(gases) == ["all"] else gases
    if unknown := [gas for gas in asked if gas not in method.gases]:
        raise MethodError(f"{method.id} has no factors of {unknown[0]}; it has {', '.join(method.gases)}")
    return [gas for gas in method.gases if gas in asked]


def _compile(balance: EnergyBalance, method: Method, gases: list[str], grid: str | None, calorific_values: str | None) -> EnergyInventory:
    remainders = find_remainders(balance, scaled=method.scale_parts)
    findings = [*balance.findings, *check_balance(balance, remainders=remainders)]
    balance = open_targets(remainders.balance, method)
    method, of_tables = choose_calorific_values(balance, method, calorific_values)
    findings += of_tables
    activity = find_activity(balance, method)
    counted, needed = activity.counted, activity.used
    findings += activity.findings
    findings += [*note_open(activity, method, remainders.apart, findings)]
    numbers: list[np.ndarray] = []  # of the chain of each cell, by gas; once where all areas and years have the same
    chains: list[Chain] = []
    factors = [find_factors(balance, method, needed, gas) for gas in gases]
    for gas, one in zip(gases, factors, strict=True):
        number = compact(one.chain)
        numbers.append(np.where(number < 0, -1, number + len(chains)).astype(np.int16))
        chains += one.chains
        findings += [*one.findings, *note_errata(balance, method, one, activity, gas)]
    if "CO2" in gases:
        findings = value_findings(findings, balance, method, counted, factors[gases.index("CO2")].factor)
        findings += note_feedstock(activity, method)
    findings += note_motor_fuels(activity, method, dict(zip(gases, factors, strict=True))["CO2"].factor if "CO2" in gases else None)
    emissions = _emit(activity, {gas: compact(one.factor) for gas, one in zip(gases, factors, strict=True)})
    brought = find_brought_in(balance, method, activity.leaf, grid=grid)
    for indirect in brought:
        p = indirect.column
        known = indirect.chain.complete[:, :, :1, p]
        counted[..., p] = ~np.isnan(indirect.amount) & (known | (indirect.amount == 0))
        needed[..., p] = counted[..., p] & is_used(indirect.amount)
        if "CO2" in gases:
            g = gases.index("CO2")
            known = known[:1, :1] if known.all() or not known.any() else known
            numbers[g] = np.where(known[..., None] & (np.arange(len(balance.products)) == p), np.int16(len(chains)), numbers[g])
        chains.append(indirect.chain)
        findings.extend(indirect.findings)
    chain = np.broadcast_to(np.stack(np.broadcast_arrays(*numbers), axis=-1), emissions.shape)
    findings.extend(note_overlay(method, chains, chain, needed[..., None]))
    findings.extend(check_carbon(balance, method))
    flows, products = balance.flows, balance.products
    coords = {
        "area": balance.areas, "year": balance.years, "flow": flows, "product": products, "gas": gases,
        "category": ("flow", [vocabulary.flows()[flow].category for flow in flows]),
    }  # fmt: skip
    biogenic = np.array([vocabulary.products()[product].group == "biomass" for product in products])
    if biogenic.any():
        emissions[..., biogenic[:, None] & (np.array(gases) == "CO2")] = np.nan  # a memo item: see find_memo_items
    array = xr.DataArray(
        emissions, dims=(*balance.amounts.dims, "gas"), coords=coords, name="emissions", attrs={"units": "t"}
    )
    made = EnergyInventory(
        emissions=array,
        indirect=stack_brought_in(array, brought, activity.share, activity.deduction),
        balance=balance,
        method=method,
        counted=counted,
        share=activity.share,
        deduction=activity.deduction,
        chain=chain,
        chains=tuple(chains),
        findings=tuple(dict.fromkeys(findings)),
        moved=activity.moved,
    )
    return replace(made, findings=(*made.findings, *note_fluidised_beds(made)))


def _emit(activity: Activity, factors: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return activity x factor of each gas; a cell that uses nothing emits nothing, whatever its factor."""
    emissions = np.empty((*activity.counted.shape, len(factors)))

    def multiply(areas: slice) -> None:
        burnt = activity.burnt(areas)
        zero = burnt == 0
        idle = zero.any()
        for g, factor in enumerate(factors.values()):
            emitted = emissions[areas, ..., g]
            np.multiply(burnt, factor[areas] if len(factor) > 1 else factor, out=emitted)
            if idle:
                emitted[zero] = burnt[zero] * 0.0

    in_blocks(multiply, activity.counted.shape)
    return emissions
