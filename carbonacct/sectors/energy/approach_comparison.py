"""Reference approach against sectoral approach, and what the table tells of the difference."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from carbonacct import vocabulary
from carbonacct.display import legible
from carbonacct.errors import Finding
from carbonacct.sectors.energy.activity import find_activity
from carbonacct.sectors.energy.finest_cells import (
    find_finest_cells,
    find_finest_products,
    find_numbers,
)
from carbonacct.sectors.energy.inventory_cache import (
    Codec,
    keep_per_record,
    read_findings,
    read_frame,
    write_findings,
    write_frame,
)
from carbonacct.sectors.energy.reference_approach import (
    ReferenceApproach,
    compile_reference,
    read_rules,
)
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.balances import EnergyBalance
    from carbonacct.sectors.energy.cube import EnergyInventory

# What stands between what came in and what burnt, in the order in which it is told.
TERMS = (
    "carbon_pool",
    "statistical_difference",
    "transformation",
    "losses",
    "bunkers_abroad",
    "non_energy",
    "left_out",
    "supply_rows",
    "not_closed",
    "factors",
)
_FAR = 0.05  # IPCC 2006 Guidelines, Vol. 2, Ch. 6, 6.8: a gap of up to 5 % is usual


@legible
@dataclass(frozen=True, repr=False, eq=False)
class ApproachComparison:
    """The two approaches side by side.

    Attributes
    ----------
    products
        One row per area, year and product: ``amount_reference``, ``amount_sectoral`` (in ``unit``;
        what came in less what is excluded, and what burnt), the terms of their difference in the
        same unit, and ``co2_reference``, ``co2_sectoral`` with their terms as ``co2_<term>``, in t.
    plants
        The term of transformation by process: one row per area, year, product and ``flow``, with
        ``co2``, in t.
    reference
        The reference approach.
    findings
        Fuel groups that are further apart than 5 %.
    """

    products: pd.DataFrame
    plants: pd.DataFrame
    reference: ReferenceApproach
    findings: tuple[Finding, ...]

    def by_group(self) -> pd.DataFrame:
        """Return energy (TJ) and CO2 (kt) of both approaches by fuel group, with the differences in percent.

        The columns are those of reporting table 1.A(c).
        """
        labels = self.products[["area", "year", "fuel_group"]].itertuples(index=False, name=None)
        numbers = self.products[list(_SIDES)].to_numpy()
        parts: dict[tuple[str, int, str], list[np.ndarray]] = {}
        for (area, year, group), row in zip(labels, numbers, strict=True):
            parts.setdefault((area, year, group), []).append(row)
        sums = {
            key: [_add_known(column) for column in zip(*rows, strict=True)]
            for key, rows in parts.items()
        }
        for period in dict.fromkeys(key[:2] for key in parts):
            own = [row for key, row in sums.items() if key[:2] == period]
            sums[*period, "total"] = [_add_known(column) for column in zip(*own, strict=True)]
        order = sorted(sums, key=lambda key: key[:2])
        frame = pd.DataFrame(order, columns=["area", "year", "fuel_group"])
        values = np.array([sums[key] for key in order], float).reshape(-1, len(_SIDES)) / 1e3
        columns = dict(zip(_SIDES.values(), values.T, strict=True))
        for what, (reference, sectoral) in (("energy", values.T[:2]), ("co2", values.T[2:])):
            known = np.where(sectoral != 0, sectoral, np.nan)
            columns[f"{what}_difference_percent"] = (reference / known - 1) * 100
        return frame.assign(**columns)


# The columns of both approaches: as of products, and as of fuel groups.
_SIDES = {
    "energy_reference": "energy_reference_tj",
    "energy_sectoral": "energy_sectoral_tj",
    "co2_reference": "co2_reference_kt",
    "co2_sectoral": "co2_sectoral_kt",
}


def _add_known(values: Iterable[float]) -> float:
    """Return a sum of what has a number; NaN where nothing has."""
    known = [value for value in values if not math.isnan(value)]
    return math.fsum(known) if known else math.nan


def compare_approaches(inventory: EnergyInventory) -> ApproachComparison:
    """Compare an inventory with the reference approach of its own table, and explain the difference.

    Parameters
    ----------
    inventory
        A sectoral inventory with CO2.

    Notes
    -----
    For each product, with apparent consumption less excluded carbon on the left and what burnt on
    the right::

        reference - sectoral = carbon pool + statistical difference + transformation + losses +
        bunkers abroad
                               + non-energy + left out + supply rows + not closed

    *Carbon pool*: what the gas that is made of a fuel took from it, so that this carbon counts
    once. *Transformation*: what processes other than power and heat took in, less what they put
    out. *Bunkers abroad*: refuelling abroad that one side alone leaves out. *Non-energy*: feedstock
    and other non-energy use that is taken out of one side alone.
    *Left out*: what the method does not count as burnt. *Supply rows*: rows that the reference
    approach does not use (recovery, the production of a secondary fuel), and printed supply that is
    not the sum of its rows. *Not closed*: the printed balance does not close. In CO2, *factors* is
    the difference of the two factors on what burnt. The sum is exact. IPCC 2006 Guidelines, Vol. 2,
    Ch. 6, 6.8; reporting table 1.A(c).

    Examples
    --------
    >>> import carbonacct as ca
    >>> found = compare_approaches(ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006"))
    >>> [round(value, 2) for value in found.by_group()["co2_difference_percent"]]
    [-0.62, -5.84, 2.18, -0.97]
    """
    balance = inventory.balance
    reference = compile_reference(balance, method=inventory.method)
    table = reference.table
    columns = [balance.products.index(str(product)) for product in table["product"].values]
    carbon_dioxide = inventory.tonnes_of("CO2").values
    burnt = np.nansum(inventory.activity, axis=2)[..., columns]
    co2 = np.nansum(carbon_dioxide, axis=2)[..., columns]
    stored = np.nan_to_num((table["excluded_amount"] * table["excluded_fraction"]).values)
    apparent = np.nan_to_num(table["apparent_consumption"].values)
    came_in = apparent - stored
    terms = _find_terms(inventory, columns, apparent, stored)
    plants = _find_processes(inventory, columns)
    terms["transformation"] = plants.sum(axis=2)
    terms["not_closed"] = came_in - burnt - sum(terms.values())
    own = np.divide(co2, burnt, out=np.full(co2.shape, np.nan), where=burnt != 0)
    factor = np.where(
        np.isnan(table["emission_factor"].values), own, table["emission_factor"].values
    )
    factor = np.nan_to_num(factor)
    energy = table["net_calorific_value"].values
    data = {
        "amount_reference": came_in,
        "amount_sectoral": burnt,
        **{name: terms[name] for name in TERMS if name != "factors"},
        "energy_reference": came_in * energy,
        "energy_sectoral": burnt * energy,
        "co2_reference": came_in * factor,
        "co2_sectoral": co2,
        **{f"co2_{name}": terms[name] * factor for name in TERMS if name != "factors"},
        "co2_factors": burnt * factor - co2,
    }
    frame = _to_frame(table, data)
    by_plant = _list_plants(table, balance.flows, plants * factor[:, :, None])
    comparison = ApproachComparison(frame, by_plant, reference, ())
    findings = (*reference.findings, *_note_far(comparison.by_group()))
    return replace(comparison, findings=findings)


def _write_comparison(comparison: ApproachComparison) -> dict[str, Any]:
    reference = comparison.reference
    return {
        "products": write_frame(comparison.products),
        "plants": write_frame(comparison.plants),
        "reference": reference.table.to_dict(),
        "noted": write_findings(list(reference.findings)),
        "findings": write_findings(list(comparison.findings)),
    }


def _read_comparison(held: dict[str, Any], inventory: EnergyInventory) -> ApproachComparison:
    reference = ReferenceApproach(
        xr.Dataset.from_dict(held["reference"]),
        inventory.method,
        tuple(read_findings(held["noted"])),
    )
    return ApproachComparison(
        read_frame(held["products"]),
        read_frame(held["plants"]),
        reference,
        tuple(read_findings(held["findings"])),
    )


# For reports, several of which ask for it; what they get is one record.
shared_approaches = keep_per_record(
    compare_approaches, Codec(write=_write_comparison, read=_read_comparison)
)


def _find_terms(
    inventory: EnergyInventory, columns: list[int], apparent: np.ndarray, stored: np.ndarray
) -> dict[str, np.ndarray]:
    """Return what stands between apparent consumption and what burnt, but for transformation."""
    balance, method = inventory.balance, inventory.method
    within = {
        name: _find_rows(balance, flows) for name, flows in read_rules()["difference"].items()
    }
    amounts = np.where(find_finest_cells(balance), balance.amounts.values, 0.0)[..., columns]
    plants = _find_rows(balance, ["transformation"])
    roles = np.array([method.role(flow, balance.parents) for flow in balance.flows])
    counted = np.nan_to_num(inventory.amount[..., columns])
    taken = counted - np.nan_to_num(inventory.activity[..., columns])
    if inventory.moved is not None:  # to another row: no step between the approaches
        taken += inventory.moved[..., columns]
    pooled = _find_pooled(inventory)[..., columns]
    refuelled = _find_rows(balance, [method.bunkers_from] if method.bunkers_from else [])
    supply = _read_supply(balance)[..., columns]
    abroad = _add(amounts, _find_rows(balance, ["bunkers_abroad"]))
    abroad = np.where(np.isnan(supply), 0.0, abroad)  # where no supply is printed nothing holds it
    used = within["use"] & (roles != "feedstock")
    burning_plants = _add(amounts, plants & (roles == "combustion"))
    own = taken - pooled
    return {
        "carbon_pool": pooled.sum(axis=2),
        "losses": _add(amounts, within["losses"]),
        "statistical_difference": _add(amounts, within["statistical_difference"]),
        "bunkers_abroad": _add(own, refuelled) - abroad,
        "non_energy": _add(own, ~refuelled) + _add(amounts, within["non_energy"]) - stored,
        "left_out": _add(amounts, used) - counted.sum(axis=2) - burning_plants,
        "supply_rows": np.where(np.isnan(supply), 0.0, apparent - supply) + abroad,
    }


def _read_supply(balance: EnergyBalance) -> np.ndarray:
    """Return the printed supply of each product that is no total of others (area, year, product)."""
    row = _find_rows(balance, ["primary_supply"], parts=False)
    amounts = balance.amounts.values[:, :, row]
    if not row.any():
        return np.full((*amounts.shape[:2], amounts.shape[3]), np.nan)
    alone = find_finest_products(balance, find_numbers(amounts))
    supply: np.ndarray = np.where(alone, amounts, np.nan)[:, :, 0]
    return supply


def _add(amounts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the sum over some flows (area, year, product)."""
    total: np.ndarray = amounts[:, :, rows].sum(axis=2)
    return total


def _find_pooled(inventory: EnergyInventory) -> np.ndarray:
    """Return the fuel whose carbon counts as that of a gas made of it, or the gas that is left out for it."""
    pool = inventory.method.pool
    products = map(vocabulary.base_of, inventory.balance.products)
    if pool is None or not {*products} & {*pool.gases, *pool.recovered}:
        return np.zeros(inventory.counted.shape)
    apart = find_activity(inventory.balance, replace(inventory.method, pool=None))
    pooled: np.ndarray = np.nan_to_num(apart.burnt()) - np.nan_to_num(inventory.activity)
    return np.where(apart.counted, pooled, 0.0)


def _find_processes(inventory: EnergyInventory, columns: list[int]) -> np.ndarray:
    """Return what each process took in less what it put out (area, year, flow, product); zero in other flows."""
    balance, method = inventory.balance, inventory.method
    burns = np.array([method.role(flow, balance.parents) == "combustion" for flow in balance.flows])
    rows = _find_rows(balance, read_rules()["difference"]["transformation"])
    rows &= ~(burns & _find_rows(balance, ["transformation"]))
    amounts = np.where(find_finest_cells(balance), balance.amounts.values, 0.0)[..., columns]
    return -np.where(rows[:, None], amounts, 0.0)


def _list_plants(table: xr.Dataset, flows: list[str], co2: np.ndarray) -> pd.DataFrame:
    """Return one row per area, year, process and product that is not zero."""
    a, y, f, p = np.nonzero(co2)
    return pd.DataFrame(
        {
            "area": table["area"].values[a],
            "year": table["year"].values[y],
            "fuel_group": table["fuel_group"].values[p],
            "flow": np.array(flows)[f],
            "product": table["product"].values[p],
            "co2": co2[a, y, f, p],
        }
    )


def _find_rows(
    balance: EnergyBalance, ancestors: Iterable[str], *, parts: bool = True
) -> np.ndarray:
    """Return which flows are one of some flows, or (unless ``parts`` is False) a part of one."""
    ancestors = list(ancestors)
    return np.array(
        [
            flow in ancestors
            or (parts and any(balance.is_part(flow, ancestor) for ancestor in ancestors))
            for flow in balance.flows
        ]
    )


def _to_frame(table: xr.Dataset, data: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return one row per area, year and product."""
    shape = [table.sizes[dim] for dim in ("area", "year", "product")]
    index = np.indices(shape).reshape(3, -1)
    labels = {
        dim: table[dim].values[i] for dim, i in zip(("area", "year", "product"), index, strict=True)
    }
    columns = {
        "area": labels["area"],
        "year": labels["year"],
        "fuel_group": table["fuel_group"].values[index[2]],
        "product": labels["product"],
        "unit": table["unit"].values[index[2]],
        **{name: values.reshape(-1) + 0.0 for name, values in data.items()},  # no negative zero
    }
    amounts = ("amount_reference", "amount_sectoral", *(one for one in TERMS if one != "factors"))
    shown = np.any([columns[name] != 0 for name in amounts], axis=0)
    return pd.DataFrame({name: values[shown] for name, values in columns.items()})


def _note_far(groups: pd.DataFrame) -> list[Finding]:
    """Report which fuel groups are further apart than is usual."""
    far = groups[groups["co2_difference_percent"].abs() > _FAR * 100]
    return [
        Finding(
            "approaches-apart",
            "warning",
            say(
                "{fuel_group} fuels of {area} {year}: {co2_reference_kt:,.1f} kt CO2 by the "
                "reference approach, {co2_sectoral_kt:,.1f} by the sectoral: "
                "{co2_difference_percent:+.1f} %",
                fuel_group=row.fuel_group,
                area=row.area,
                year=row.year,
                co2_reference_kt=row.co2_reference_kt,
                co2_sectoral_kt=row.co2_sectoral_kt,
                co2_difference_percent=row.co2_difference_percent,
            ),
            "",
            say("the terms of the difference say where it comes from"),
        )
        for row in far.itertuples()
    ]
