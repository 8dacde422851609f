"""The reference approach: what carbon came in and stayed, from the supply rows alone.

Which rows make which column, and which fuels are primary, stands in
``factors/vocabulary/reference_approach.toml``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.balances.check.remainders import find_remainders
from carbonacct.data import data_folder
from carbonacct.display import legible
from carbonacct.errors import Finding, MethodError, TableError
from carbonacct.factors import FactorTable, Method, load_method, row_value
from carbonacct.records.area_names import area_id
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from carbonacct.sectors.energy.reference_factors import find_reference_factors
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from carbonacct.balances import EnergyBalance
    from carbonacct.sectors.energy.reference_factors import ReferenceFactors

# The columns of reporting table 1.A(b), with their units; "unit" stands for the unit of the
# product.
COLUMNS = {
    "production": "unit",
    "imports": "unit",
    "exports": "unit",
    "international_bunkers": "unit",
    "stock_change": "unit",
    "apparent_consumption": "unit",
    "net_calorific_value": "GJ/unit",
    "apparent_energy": "GJ",
    "carbon_content": "t C/GJ",
    "total_carbon": "t C",
    "excluded_amount": "unit",
    "excluded_fraction": "dimensionless",
    "excluded_carbon": "t C",
    "net_carbon": "t C",
    "oxidation_factor": "dimensionless",
    "emission_factor": "t CO2/unit",
    "emissions": "t CO2",
}

PER_UNIT = frozenset(
    {"net_calorific_value", "carbon_content", "oxidation_factor", "emission_factor"}
)


@legible
@dataclass(frozen=True, repr=False, eq=False)
class ReferenceApproach:
    """CO2 by the reference approach, with every column of its table.

    Attributes
    ----------
    table
        Dataset (area, year, product); the variables are those of :data:`COLUMNS`, each with its
        ``units``; coordinates ``unit`` and ``fuel_group`` (liquid, solid, gaseous, other, peat).
    method
        Whose factors.
    findings
        What the rows do not tell, and what cannot be.
    """

    table: xr.Dataset
    method: Method
    findings: tuple[Finding, ...]

    def by_group(self) -> xr.Dataset:
        """Return apparent energy (GJ), excluded and net carbon (t C) and emissions (t CO2) by fuel group."""
        names = ["apparent_energy", "total_carbon", "excluded_carbon", "net_carbon", "emissions"]
        return self.table[names].groupby("fuel_group").sum("product", min_count=1)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per area, year and product that has an apparent consumption."""
        frame = self.table.to_dataframe().reset_index()
        frame = frame[frame["apparent_consumption"].notna()]
        return frame[["area", "year", "fuel_group", "product", "unit", *COLUMNS]].reset_index(
            drop=True
        )


@cache
def read_rules() -> dict[str, Any]:
    """Return the rules of the reference approach."""
    path = data_folder() / "vocabulary" / "reference_approach.toml"
    rules: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return rules


def find_fuel_group(product: str) -> str:
    """Return the fuel group of a product, or an empty string if it is no fossil fuel.

    Examples
    --------
    >>> [find_fuel_group(product) for product in ("coke", "diesel", "lng", "electricity")]
    ['solid', 'liquid', 'gaseous', '']
    """
    rules = read_rules()
    group: str = rules["totals"].get(vocabulary.base_of(product)) or rules["groups"].get(
        vocabulary.products()[product].group, ""
    )
    return group


def _is_primary(product: str) -> bool:
    """Return whether the carbon of a fuel comes from the ground, not from another fuel."""
    return vocabulary.base_of(product) in read_rules()["fuels"]["primary"]


def compile_reference(
    balance: EnergyBalance, *, method: str | Method | None = None
) -> ReferenceApproach:
    """Make the CO2 emissions of a balance from its supply rows.

    Parameters
    ----------
    balance
        A table with supply rows.
    method
        A method's id, or a method: its CO2 chain gives calorific values, carbon and oxidation.

    Raises
    ------
    TableError
        If the table has no supply rows, or no fossil fuel.
    FactorNotFoundError
        If a fuel with apparent consumption has no factor.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 2, Ch. 6, eq. 6.1 and 6.2::

        apparent consumption = production + imports - exports - international bunkers - stock change
        CO2 = (apparent consumption x NCV x carbon content - excluded carbon) x oxidation x 44/12

    Excluded carbon is that of feedstock and other non-energy use, and of all deliveries of products
    that are never fuels (without rows of use, of what came in), times the fraction stored: 1
    (section 6.6.2), or the method's ``stored_carbon_fraction``.

    Examples
    --------
    >>> import carbonacct as ca
    >>> found = compile_reference(ca.read_balance("docs/tables/chongqing_2007.csv"), method="ipcc-2006")
    >>> found.by_group()["emissions"].sel(fuel_group="gaseous").item() > 8e6
    True
    """
    chosen = method if isinstance(method, Method) else load_method(method)
    if chosen.kind != "inventory":
        raise MethodError(
            say("{id} turns a table into coal equivalent, not into emissions", id=chosen.id)
        )
    remainders = find_remainders(balance, scaled=chosen.scale_parts)
    balance, findings = remainders.balance, list(remainders.findings)
    printed = np.where(find_finest_cells(balance), balance.amounts.values, np.nan)
    columns, counted = _read_columns(balance, printed)
    apparent = columns["production"] + columns["imports"] - columns["exports"]
    apparent = apparent - columns["international_bunkers"] - columns["stock_change"]
    kept = _keep_fuels(balance, chosen, apparent, findings)
    if not kept.any():
        raise TableError(
            say(
                "{first_address}: none of {products} is a fossil fuel that {id} counts, and "
                "the reference approach is made of them",
                first_address=balance.first_address(),
                products=join_texts(", ", balance.products),
                id=chosen.id,
            )
        )
    _check_bunkers(balance, printed, columns, kept, findings=findings)
    excluded, fraction = _find_excluded(balance, printed, chosen, apparent, kept=kept)
    # What is stored is shown without a row of supply as well: its carbon came in with another fuel.
    counted |= excluded != 0
    needed = ((apparent != 0) | (excluded != 0)) & kept
    counting = [p for p, keep in zip(balance.products, kept, strict=True) if keep]
    factors = find_reference_factors(
        balance, chosen, needed, counting, row=find_supply_row(balance)
    )
    supply = columns | {
        "apparent_consumption": apparent,
        "excluded_amount": excluded,
        "excluded_fraction": fraction,
    }
    # Where nothing came in, nothing is emitted, with any factor or none.
    idle = np.isnan(factors.factor) & ~needed
    filled = supply | _fill_columns(supply, factors, idle)
    printed_columns = {
        name: np.broadcast_to(column, apparent.shape)
        if name in PER_UNIT
        else np.where(counted, column, np.nan)
        for name, column in filled.items()
    }
    table = _make_table(balance, printed_columns).isel(product=np.flatnonzero(kept))
    _check_excluded(table, findings)
    return ReferenceApproach(table, chosen, tuple(findings))


def _fill_columns(
    supply: Mapping[str, np.ndarray], factors: ReferenceFactors, idle: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the columns of energy, carbon and emissions, from amounts and factors."""
    apparent = supply["apparent_consumption"]
    stored = supply["excluded_amount"] * supply["excluded_fraction"]
    carbon = np.where(idle, 0.0, factors.carbon)
    return {
        "net_calorific_value": factors.energy,
        "apparent_energy": apparent * np.where(idle, 0.0, factors.energy),
        "carbon_content": factors.carbon / factors.energy,
        "total_carbon": apparent * carbon,
        "excluded_carbon": stored * carbon,
        "net_carbon": (apparent - stored) * carbon,
        "oxidation_factor": factors.oxidation,
        "emission_factor": factors.factor,
        "emissions": (apparent - stored) * np.where(idle, 0.0, factors.factor),
    }


def _make_table(balance: EnergyBalance, columns: Mapping[str, np.ndarray]) -> xr.Dataset:
    """Return the columns of reporting table 1.A(b) as a labelled table."""
    groups = [find_fuel_group(product) for product in balance.products]
    coords = {
        "area": balance.areas,
        "year": balance.years,
        "product": balance.products,
        "unit": ("product", [str(unit) for unit in balance.amounts["unit"].values]),
        "fuel_group": ("product", groups),
    }
    dims = ("area", "year", "product")
    variables = {name: (dims, columns[name], {"units": unit}) for name, unit in COLUMNS.items()}
    return xr.Dataset(variables, coords=coords)


def _read_columns(
    balance: EnergyBalance, amounts: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return the columns of supply (area, year, product), and where any of their rows has a number."""
    rules = read_rules()
    primary = np.array([_is_primary(product) for product in balance.products])
    columns = {}
    counted = np.zeros((len(balance.areas), len(balance.years), len(balance.products)), bool)
    for column in rules["column"]:
        printed = amounts[:, :, _find_rows(balance, column["flows"])]
        if column.get("fuels") == "primary":
            printed = np.where(primary, printed, np.nan)
        columns[column["name"]] = (
            np.nansum(printed, axis=2) * (1 if column["sign"] == "+" else -1) + 0.0
        )
        counted |= ~np.isnan(printed).all(axis=2)
    if not counted.any():
        raise TableError(
            say(
                "{first_address}: the table has no supply rows (production, imports, "
                "exports, stock change), and the reference approach is made of them",
                first_address=balance.first_address(),
            )
        )
    return columns, counted


def _keep_fuels(
    balance: EnergyBalance, method: Method, apparent: np.ndarray, findings: list[Finding]
) -> np.ndarray:
    """Return which products count: fossil fuels that the method has factors for."""
    left_out = {
        product: item.reason
        for item in method.exclusions
        if not item.flows
        for product in item.products
    }
    if method.covers:
        left_out |= {
            kind: method.covers_reason
            for kind in map(vocabulary.base_of, balance.products)
            if kind not in method.covers
        }
    kept = []
    for p, product in enumerate(balance.products):
        kind = vocabulary.base_of(product)
        kept.append(bool(find_fuel_group(product)) and kind not in left_out)
        size = np.abs(apparent[..., p])
        amount = float(np.nansum(size))
        if find_fuel_group(product) and kind in left_out and amount:
            findings.append(
                Finding(
                    "left-out",
                    "warning",
                    say(
                        "{amount:,.0f} {value} of {product} is not in the reference approach "
                        "of {id}: {left_out}",
                        amount=amount,
                        value=balance.amounts["unit"].values[p],
                        product=product,
                        id=method.id,
                        left_out=left_out[kind],
                    ),
                    _locate_largest(balance, size, p),
                )
            )
    return np.array(kept)


def _locate_largest(balance: EnergyBalance, size: np.ndarray, product: int) -> str:
    """Return the largest cell of supply where a product's apparent consumption (area, year) is largest."""
    a, y = (int(at) for at in np.unravel_index(np.nanargmax(size), size.shape))
    rows = [f for column in read_rules()["column"] for f in _find_rows(balance, column["flows"])]
    held = np.nan_to_num(np.abs(balance.amounts.values[a, y, :, product]))
    return balance.locate(a, y, max(rows, key=lambda f: held[f]), product)


def _check_bunkers(
    balance: EnergyBalance,
    amounts: np.ndarray,
    columns: dict[str, np.ndarray],
    kept: np.ndarray,
    *,
    findings: list[Finding],
) -> None:
    """Report where ships and planes took more than was produced, made and brought in."""
    bunkers = columns["international_bunkers"]
    supply = columns["production"] + columns["imports"] - np.minimum(columns["stock_change"], 0)
    primary = np.array([_is_primary(product) for product in balance.products])
    plants, wells = (
        amounts[:, :, _find_rows(balance, flows)]
        for flows in (["transformation"], ["production", "gross_output"])
    )
    made = np.nansum(np.maximum(plants, 0), axis=2) + np.nansum(wells, axis=2)
    is_printed = primary | bool(
        (~np.isnan(plants)).any()
    )  # without these rows it is not known what was made
    supply = supply + np.where(primary, 0.0, made)
    for a, y, p in np.argwhere((bunkers > supply * (1 + 1e-9)) & kept & is_printed):
        area, year, product, unit = (
            balance.areas[a],
            balance.years[y],
            balance.products[p],
            balance.amounts["unit"].values[p],
        )
        findings.append(
            Finding(
                "bunkers-exceed-supply",
                "error",
                say(
                    "bunkers of {product} of {area} {year} are {bunker:,.0f} {unit}, more "
                    "than the {supply:,.0f} produced, made and brought in",
                    product=product,
                    area=area,
                    year=year,
                    bunker=bunkers[a, y, p],
                    unit=unit,
                    supply=supply[a, y, p],
                ),
                balance.address(area, year, "bunkers_home", product),
                say("check the row of foreign ships and planes"),
            )
        )


def _find_excluded(
    balance: EnergyBalance,
    printed: np.ndarray,
    method: Method,
    apparent: np.ndarray,
    *,
    kept: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the amount whose carbon is not burnt, and the fraction of it that is stored."""
    rules = read_rules()["excluded"]
    rows = np.array(_find_rows(balance, rules["flows"]), int)
    taken = np.nan_to_num(printed[:, :, rows])
    counts = [method.counts_feedstock(product) for product in balance.products]
    of_industry = [method.role(balance.flows[row], balance.parents) == "feedstock" for row in rows]
    burnt = np.array(of_industry, bool)[:, None] & np.array(counts)
    taken[:, :, burnt] = 0.0  # it counts by the sectoral approach too
    amount = taken.sum(axis=2)
    used = [
        row
        for row in _find_rows(balance, rules["deliveries"])
        if vocabulary.flows()[balance.flows[row]].part != "of"
    ]
    areas = [*map(area_id, balance.areas)]
    fraction = np.ones_like(amount)
    table = FactorTable(
        method.sources, "stored_carbon_fraction", allow_unverified=method.allow_unverified
    )
    for p, product in enumerate(balance.products):
        if vocabulary.base_of(product) in rules["products"]:
            delivered = printed[:, :, used, p]
            amount[..., p] = np.where(
                np.isnan(delivered).all(axis=2),
                np.maximum(apparent[..., p], 0.0),
                np.nansum(delivered, axis=2),
            )
        for a, y in np.ndindex(*amount.shape[:2]) if kept[p] and table.candidates(product) else ():
            if row := table.choose(product, "", areas[a], balance.years[y]):
                fraction[a, y, p] = row_value(row, "dimensionless")
    return amount, fraction


def _find_rows(balance: EnergyBalance, ancestors: list[str]) -> list[int]:
    """Return the positions of some flows and of their parts."""
    return [
        i
        for i, flow in enumerate(balance.flows)
        if any(balance.is_part(flow, ancestor) for ancestor in ancestors)
    ]


def find_supply_row(balance: EnergyBalance) -> int:
    """Return the place of a row of supply: it has no sector, so that no factor for a sector is taken in it."""
    return next(
        i for i, flow in enumerate(balance.flows) if balance.is_part(flow, "primary_supply")
    )


def _check_excluded(table: xr.Dataset, findings: list[Finding]) -> None:
    """Report where more carbon is stored than came in.

    Of a primary fuel, or of a whole group, in which one fuel is made from another.
    """
    products, groups = (table[name].values.astype(str) for name in ("product", "fuel_group"))
    primary = [product for product in products if _is_primary(product)]
    # In numpy: grouped sums of xarray took half of the time of the whole approach.
    columns = [
        table[name].transpose("area", "year", "product").values
        for name in ("excluded_carbon", "total_carbon")
    ]
    for labels, names in ((groups, sorted(set(groups))), (products, primary)):
        if not names:
            continue
        excluded, total = (
            np.stack([_sum_known(values[..., labels == name]) for name in names], axis=-1)
            for values in columns
        )
        with np.errstate(invalid="ignore"):
            above = np.argwhere((excluded > total * (1 + 1e-9) + 1e-6) & (total >= 0))
        for a, y, i in above:
            name = say("{name} fuels", name=names[i]) if labels is groups else names[i]
            findings.append(
                Finding(
                    "stored-exceeds-content",
                    "error",
                    say(
                        "{excluded:,.0f} t C of {name} of {area} {year} are not burnt, more "
                        "than the {total:,.0f} t C that came in",
                        excluded=excluded[a, y, i],
                        name=name,
                        area=table["area"].values[a],
                        year=table["year"].values[y],
                        total=total[a, y, i],
                    ),
                    "",
                    say("check the rows of non-energy use and of supply"),
                )
            )


def _sum_known(values: np.ndarray) -> np.ndarray:
    """Return sums over the last axis; NaN where there is no number."""
    return np.where(np.isnan(values).all(axis=-1), np.nan, np.nansum(values, axis=-1))
