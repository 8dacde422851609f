"""From tables to the inventory: read, check, find activity data and factors, multiply."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct import balances, vocabulary
from carbonacct.balances import EnergyBalance
from carbonacct.balances.check.checks import check_balance
from carbonacct.balances.check.remainders import find_remainders
from carbonacct.blocks import in_blocks
from carbonacct.errors import ChecksFailedError, MethodError, TableError, name_some
from carbonacct.factors import Method, load_method
from carbonacct.sectors.energy.activity import find_activity, has_factor, is_used
from carbonacct.sectors.energy.carbon import check_carbon
from carbonacct.sectors.energy.chain import Chain, find_factors
from carbonacct.sectors.energy.cube import EnergyInventory
from carbonacct.sectors.energy.factor_notes import note_errata, note_overlay
from carbonacct.sectors.energy.feedstock import note_feedstock
from carbonacct.sectors.energy.imported_energy import find_imported_energy
from carbonacct.sectors.energy.inventory_cache import FINDINGS, keep_piece
from carbonacct.sectors.energy.motor_fuels import note_motor_fuels, open_targets
from carbonacct.sectors.energy.product_account import note_beyond_uses, note_open
from carbonacct.sectors.energy.scope2 import stack_imported_energy
from carbonacct.sectors.energy.table_values import choose_calorific_values
from carbonacct.sectors.energy.technology import note_fluidised_beds
from carbonacct.sectors.energy.worth import value_findings
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.sectors.energy.chain import CellFactors
    from carbonacct.sectors.energy.imported_energy import Indirect


_MOST_REASONS = 5
_OF_WHAT_COUNTS = {"remainder", "consumption-as-brought-in"}  # no reasons why nothing does


def compile_inventory(
    tables: (
        EnergyBalance | pd.DataFrame | xr.DataArray | xr.Dataset | str | Path | Sequence[str | Path]
    ),
    *,
    method: str | Path | Method | None = None,
    area: str | None = None,
    year: int | None = None,
    mapping: str | Path | None = None,
    layout: str | Path | None = None,
    sheet: str | Sequence[str] | None = None,
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
        A balance; the file or files to read one from, a folder of them or a pattern; or amounts as a long
        table or a labelled array (:func:`carbonacct.balances.make_balance`).
    method
        A method's id, one of its names, a file of one's own, or a method. There is no default.
    area, year, mapping, layout, sheet
        As in :func:`carbonacct.read_balance`, for files.
    overlay
        A folder of the user's own factors, asked first.
    gases
        Of those that the method has factors for; ``["all"]`` stands for all of them. Gases are
        never added up but by :meth:`EnergyInventory.co2e`.
    grid
        Whose factor electricity from outside gets: ``"province"``, ``"region"``, ``"nation"`` or
        the name of an area.
    allow_unverified
        Also use factors that could not be checked; each leaves a finding.
    carbon_pool
        Which counts of a gas and the fuel that it is made of: ``"gas"``, ``"fuel"`` or ``"both"``,
        if not what the method says.
    calorific_values
        ``"tables"``: those that the tables in physical and in standard quantity of one area and
        year imply, instead of the published ones (:mod:`carbonacct.sectors.energy.table_values`).
    motor_fuels
        A CSV ``flow,product,share,source``: how much of the motor fuel of other rows counts in
        transport.
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
        If a table cannot be used, has no row of what burns, or nothing of it counts; or calorific
        values of the tables are asked for and a table of the pair is missing.
    FactorNotFoundError
        If an activity has no factor.
    MethodError
        If there is no such method, gas or grid, or an option is for what has been read or loaded
        already.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    >>> inventory.total().item().to("Mt CO2").magnitude > 80
    True
    """
    balance = _take_balance(
        tables, area=area, year=year, mapping=mapping, layout=layout, sheet=sheet
    )
    chosen = _take_method(
        method,
        overlay=overlay,
        allow_unverified=allow_unverified,
        carbon_pool=carbon_pool,
        motor_fuels=motor_fuels,
        feedstock_counts=feedstock_counts,
    )
    _refuse_unfit(balance, chosen)
    inventory = _compile(
        balance, chosen, _gases(chosen, gases), grid, calorific_values=calorific_values
    )
    if not (allow_empty or inventory.counted.any()):
        _refuse_empty(inventory)
    if strict and any(finding.severity == "error" for finding in inventory.findings):
        raise ChecksFailedError(
            finding for finding in inventory.findings if finding.severity == "error"
        )
    return inventory


def _take_balance(
    tables: (
        EnergyBalance | pd.DataFrame | xr.DataArray | xr.Dataset | str | Path | Sequence[str | Path]
    ),
    *,
    area: str | None,
    year: int | None,
    mapping: str | Path | None,
    layout: str | Path | None,
    sheet: str | Sequence[str] | None,
) -> EnergyBalance:
    """Return the balance that is given, or read it from what is."""
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    if isinstance(tables, (pd.DataFrame, xr.DataArray, xr.Dataset)):
        tables = balances.make_balance(tables)
    if not isinstance(tables, EnergyBalance):
        paths = (
            [tables] if isinstance(tables, str) or not hasattr(tables, "__iter__") else list(tables)
        )
        return balances.read_balance(
            *paths, area=area, year=year, mapping=mapping, layout=layout, sheet=sheet
        )
    if area or year or mapping or layout or sheet is not None:
        raise MethodError(
            say(
                "area, year, mapping, layout and sheet are for files; the balance has been read: "
                "give them to read_balance"
            )
        )
    return tables


def _take_method(
    method: str | Path | Method | None,
    *,
    overlay: str | Path | None,
    allow_unverified: bool,
    carbon_pool: str | None,
    motor_fuels: str | Path | None,
    feedstock_counts: Sequence[str],
) -> Method:
    """Return the method that is given, or load it with the choices that are made."""
    if not isinstance(method, Method):
        return load_method(
            method,
            overlay=overlay,
            allow_unverified=allow_unverified,
            carbon_pool=carbon_pool,
            motor_fuels=motor_fuels,
            feedstock_counts=feedstock_counts,
        )
    if overlay or allow_unverified or carbon_pool or motor_fuels or feedstock_counts:
        raise MethodError(
            say(
                "the method has been loaded: give overlay, allow_unverified, carbon_pool, "
                "motor_fuels and feedstock_counts to load_method"
            )
        )
    return method


def _refuse_unfit(balance: EnergyBalance, method: Method) -> None:
    """Refuse a method that makes no emissions, and a table without any fuel."""
    if method.kind != "inventory":
        raise MethodError(
            say(
                "{id} turns a table into coal equivalent, not into emissions; use "
                "carbonacct coal-equivalent",
                id=method.id,
            )
        )
    if all(
        vocabulary.products()[product].group == "total" and not has_factor(method, product)
        for product in balance.products
    ):
        raise TableError(
            say(
                "{first_address}: the table has only {products}, no fuels; total energy has "
                "no carbon content: use the table by fuel",
                first_address=balance.first_address(),
                products=join_texts(", ", balance.products),
            )
        )


def _refuse_empty(inventory: EnergyInventory) -> None:
    """Refuse a table of which nothing counts, with the reasons that the findings give."""
    balance, method = inventory.balance, inventory.method
    numbers = int(balance.amounts.count())
    of_table = set(map(str, balance.findings))  # what stands in for a name is no reason
    serious = [
        text
        for finding in inventory.findings
        if finding.severity != "info"
        and finding.rule not in _OF_WHAT_COUNTS
        and (text := str(finding)) not in of_table
    ]
    reasons = join_texts("; ", serious[:_MOST_REASONS]) or (
        say(
            "no row of {flows} burns a fuel in {id}, and no electricity or heat is imported",
            flows=name_some(balance.flows, _MOST_REASONS, say("more rows")),
            id=method.id,
        )
    )
    raise TableError(
        say(
            "{first_address}: nothing of the table counts, of {numbers} numbers: {reasons}",
            first_address=balance.first_address(),
            numbers=numbers,
            reasons=reasons,
        )
    )


def _gases(method: Method, gases: Sequence[str]) -> list[str]:
    asked = method.gases if list(gases) == ["all"] else gases
    if unknown := [gas for gas in asked if gas not in method.gases]:
        raise MethodError(
            say(
                "{id} has no factors of {unknown}; it has {gases}",
                id=method.id,
                unknown=unknown[0],
                gases=join_texts(", ", method.gases),
            )
        )
    return [gas for gas in method.gases if gas in asked]


def _compile(
    balance: EnergyBalance,
    method: Method,
    gases: list[str],
    grid: str | None,
    *,
    calorific_values: str | None,
) -> EnergyInventory:
    remainders = find_remainders(balance, scaled=method.scale_parts)
    checked = keep_piece(
        balance,
        "carbonacct.balances.check_balance",
        FINDINGS,
        lambda: check_balance(balance, remainders=remainders),
    )
    findings = [*balance.findings, *checked]
    balance = open_targets(remainders.balance, method)
    method, of_tables = choose_calorific_values(balance, method, calorific_values)
    findings += of_tables
    activity = find_activity(balance, method)
    # What burns stands in the place of the first gas until its factors are known.
    emissions = np.empty((*activity.counted.shape, len(gases)))
    counted, needed = activity.counted, activity.write_burnt(emissions[..., 0])
    findings += activity.findings
    findings += [*note_open(activity, method, remainders.apart, findings)]
    findings += note_beyond_uses(activity, method)
    factors = {gas: find_factors(balance, method, needed, gas) for gas in gases}
    for gas, found in factors.items():
        findings += found.findings
        findings += note_errata(balance, method, found, activity, needed=needed, gas=gas)
    of_co2 = factors["CO2"].factor if "CO2" in factors else None
    if of_co2 is not None:
        findings = value_findings(findings, balance, method, counted, factor=of_co2)
        findings += note_feedstock(activity, method)
    findings += note_motor_fuels(activity, method, of_co2)
    _multiply(emissions, counted, [found.held_factor for found in factors.values()])
    imported = find_imported_energy(balance, method, activity.leaf, grid=grid)
    for indirect in imported:
        column, amount = indirect.column, indirect.amount
        known = indirect.chain.held_complete[..., column]
        counted[..., column] = ~np.isnan(amount) & (known | (amount == 0))
        needed[..., column] = counted[..., column] & is_used(amount)
        findings += indirect.findings
    chains, chain = _number_chains(factors, imported, emissions.shape)
    findings += note_overlay(method, chains, chain, needed[..., None])
    findings += check_carbon(balance, method)
    biogenic = np.array(
        [vocabulary.products()[product].group == "biomass" for product in balance.products]
    )
    if biogenic.any():  # their CO2 is a memo item: see find_memo_items
        emissions[..., biogenic[:, None] & (np.array(gases) == "CO2")] = np.nan
    array = _label_emissions(emissions, balance, gases)
    made = EnergyInventory(
        emissions=array,
        indirect=stack_imported_energy(array, imported),
        balance=balance,
        method=method,
        counted=counted,
        share=_whole_array(activity.share, 1.0, counted.shape),
        deduction=_whole_array(activity.deduction, 0.0, counted.shape),
        chain=chain,
        chains=chains,
        findings=tuple(dict.fromkeys(findings)),
        moved=activity.moved,
    )
    return replace(made, findings=(*made.findings, *note_fluidised_beds(made)))


def _label_emissions(
    emissions: np.ndarray, balance: EnergyBalance, gases: Sequence[str]
) -> xr.DataArray:
    # The variables themselves, whose index need not be made again.
    labels = {name: balance.amounts.coords[name].variable for name in balance.amounts.dims}
    categories = [vocabulary.flows()[flow].category for flow in balance.flows]
    return xr.DataArray(
        emissions,
        dims=(*balance.amounts.dims, "gas"),
        coords={**labels, "gas": gases, "category": ("flow", categories)},
        name="emissions",
        attrs={"units": "t"},
    )


def _whole_array(held: np.ndarray | None, otherwise: float, shape: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(otherwise, shape) if held is None else held


def _number_chains(
    factors: Mapping[str, CellFactors], imported: Sequence[Indirect], shape: tuple[int, ...]
) -> tuple[tuple[Chain, ...], np.ndarray]:
    """Return the chains of factors that multiply activity data, and which of them each cell has (-1 is none)."""
    chains: list[Chain] = []
    numbers: dict[str, np.ndarray] = {}  # held once where all areas or years have the same
    for gas, found in factors.items():
        number = found.held_chain
        numbers[gas] = np.where(number < 0, -1, number + len(chains)).astype(np.int16)
        chains += found.chains
    for indirect in imported:
        if "CO2" in numbers:
            known = indirect.chain.held_complete[..., indirect.column]
            for dim in (0, 1):
                first = known.take([0], axis=dim)
                known = first if (known == first).all() else known
            own = known[..., None] & (np.arange(shape[3]) == indirect.column)
            numbers["CO2"] = np.where(own, np.int16(len(chains)), numbers["CO2"])
        chains.append(indirect.chain)
    stacked = np.stack(np.broadcast_arrays(*numbers.values()), axis=-1)
    return tuple(chains), np.broadcast_to(stacked, shape)


def _multiply(emissions: np.ndarray, counted: np.ndarray, factors: Sequence[np.ndarray]) -> None:
    """Multiply what burns, in the place of the first gas, by the factor of each gas.

    A cell that uses nothing emits nothing, with any factor or none.
    """
    ever = counted.any(axis=(0, 1))
    lacks = [bool((np.isnan(factor).any(axis=(0, 1)) & ever).any()) for factor in factors]

    def multiply(areas: slice) -> None:
        burnt = emissions[areas, ..., 0]
        for g in reversed(range(len(factors))):  # the first, where what burns stands, last
            factor, emitted = factors[g], emissions[areas, ..., g]
            zero = burnt == 0 if lacks[g] else None
            np.multiply(burnt, factor[areas] if len(factor) > 1 else factor, out=emitted)
            if zero is not None:
                np.copyto(emitted, 0.0, where=zero)

    in_blocks(multiply, counted.shape)
