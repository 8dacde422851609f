"""Carbon is neither made nor lost: what a transformation puts out against what went in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import CarbonacctError, Finding
from carbonacct.sectors.energy.chain import build_chain
from carbonacct.sectors.energy.reference_approach import find_fuel_group
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method

# Rows that belong together: what is put in again is printed beside the process.
_PASSING_ON = (
    ("coal_washing",),
    ("coking",),
    ("refining", "coal_to_liquids", "oil_reinput"),
    ("gas_works", "coke_reinput"),
    ("briquette_making",),
    ("gas_liquefaction",),
)
_CARBON = {"coal", "coal_gas", "oil", "gas"}
_EXCESS = 0.02  # calorific values and carbon contents of inputs and outputs are not from one sample
_LEAST = 1.0  # t CO2: less is rounding
_WASTE = ("coal_washing",)  # what is lost there is washed off with the stones
COLUMNS = (
    "area",
    "year",
    "process",
    "carbon_in",
    "carbon_out",
    "rest",
    "rest_percent",
    "rest_solid",
    "rest_liquid",
    "rest_gaseous",
)


def find_carbon(balance: EnergyBalance, method: Method, products: Sequence[str]) -> np.ndarray:
    """Return the carbon of a unit of some products, in t CO2 before oxidation.

    Parameters
    ----------
    balance, method
        The table, and the method whose first complete CO2 chain counts.
    products
        Of the table.

    Returns
    -------
    ndarray
        (area or 1, year or 1, flow, product); NaN where the method knows none.
    """
    columns = [balance.products.index(product) for product in products]
    per_unit = np.full((1, 1, len(balance.flows), len(columns)), np.nan)
    for parameters in method.chains["CO2"]:
        steps = [
            name for name in parameters if name != "oxidation_factor"
        ]  # the carbon is there, burnt or not
        chain = build_chain(balance, method, steps, products, gas="CO2")
        per_unit = np.where(np.isnan(per_unit), chain.held_factor[..., columns], per_unit)
    return per_unit


@dataclass(frozen=True)
class CarbonConversion:
    """The carbon of one transformation, in t CO2 before oxidation (area, year, product).

    Attributes
    ----------
    flow
        The process; rows that are printed beside it (what is put in again) belong to it.
    row
        Its position among the flows.
    columns
        The positions of the products that hold carbon.
    net
        What each product brings out, negative where it goes in.
    """

    flow: str
    row: int
    columns: list[int]
    net: np.ndarray

    @property
    def out(self) -> np.ndarray:
        """Carbon put out (area, year)."""
        out: np.ndarray = np.maximum(self.net, 0).sum(axis=2)
        return out

    @property
    def into(self) -> np.ndarray:
        """Carbon taken in (area, year)."""
        into: np.ndarray = np.maximum(-self.net, 0).sum(axis=2)
        return into


def find_conversions(balance: EnergyBalance, method: Method) -> list[CarbonConversion]:
    """Return the carbon that each transformation takes in and puts out.

    Parameters
    ----------
    balance
        The table.
    method
        Its carbon per unit of product; a product without one is left out.

    Raises
    ------
    CarbonacctError
        If the factors of the method cannot be used with the table.
    """
    groups = [
        rows
        for process in _PASSING_ON
        if (rows := [balance.flows.index(flow) for flow in process if flow in balance.flows])
    ]
    columns = [
        i for i, p in enumerate(balance.products) if vocabulary.products()[p].group in _CARBON
    ]
    if not groups or not columns or method.covers:
        return []
    per_unit = find_carbon(balance, method, [balance.products[i] for i in columns])
    amounts = balance.amounts.values[..., columns]
    return [
        CarbonConversion(
            flow=balance.flows[rows[0]],
            row=rows[0],
            columns=columns,
            net=np.nansum(amounts[:, :, rows] * per_unit[:, :, rows], axis=2),
        )
        for rows in groups
    ]


def tabulate_carbon(balance: EnergyBalance, method: Method) -> pd.DataFrame:
    """Return the carbon that each transformation takes in and puts out, and the rest.

    Returns
    -------
    DataFrame
        One row per area, year and process: ``carbon_in``, ``carbon_out`` and ``rest`` = out - in,
        in t CO2 before oxidation (negative: lost, and counted nowhere); ``rest_percent`` of what
        goes in; and the rest by the fuel group of the products, ``rest_solid``, ``rest_liquid``,
        ``rest_gaseous``: coal that became oil is negative in solid.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/beijing_2007.csv")
    >>> found = tabulate_carbon(balance, ca.load_method("provincial-2011")).set_index("process")
    >>> found.loc["gas_works", ["carbon_in", "carbon_out", "rest"]].astype(float).round(-4).tolist()
    [3650000.0, 2370000.0, -1280000.0]
    """
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    groups = ("solid", "liquid", "gaseous")
    rows = []
    for made in find_conversions(balance, method):
        kinds = [find_fuel_group(balance.products[p]) for p in made.columns]
        of_group = {name: np.array([kind == name for kind in kinds]) for name in groups}
        out, into = made.out, made.into
        for a, y in np.argwhere((out > 0) | (into > 0)).tolist():
            rest = out[a, y] - into[a, y]
            rows.append(
                {
                    "area": balance.areas[a],
                    "year": balance.years[y],
                    "process": made.flow,
                    "carbon_in": into[a, y],
                    "carbon_out": out[a, y],
                    "rest": rest,
                    "rest_percent": rest / into[a, y] * 100 if into[a, y] else np.nan,
                    **{f"rest_{name}": made.net[a, y, own].sum() for name, own in of_group.items()},
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def check_carbon(balance: EnergyBalance, method: Method) -> list[Finding]:
    """Compare the carbon that each transformation puts out with the carbon that goes in.

    Parameters
    ----------
    balance
        The table.
    method
        Its carbon per unit of product; a product without one is left out of the comparison.

    Returns
    -------
    list of Finding
        One for each transformation, area and year whose outputs are more than 2 % above its inputs
        or below them.
    """
    try:
        found = find_conversions(balance, method)
    except CarbonacctError:
        return []
    findings = []
    for made in found:
        out, into = made.out, made.into
        for a, y in np.argwhere(np.abs(out - into) > into * _EXCESS + _LEAST).tolist():
            findings.append(_say(balance, made, (a, y), (float(out[a, y]), float(into[a, y]))))
    return findings


def _say(
    balance: EnergyBalance, made: CarbonConversion, at: tuple[int, int], carbon: tuple[float, float]
) -> Finding:
    out, into = carbon
    text = say(
        "{flow} puts out carbon for {out:,.0f} t CO2 and takes in carbon for {into:,.0f}: ",
        flow=made.flow,
        out=out,
        into=into,
    )
    largest = made.columns[int(np.argmax(made.net[at] if out > into else -made.net[at]))]
    where = balance.locate(*at, made.row, largest)
    if out > into:
        action = say("an input may be missing, or printed under another row")
        return Finding(
            "carbon-made",
            "warning",
            say("{text}{difference:,.0f} more", text=text, difference=out - into),
            where,
            action,
        )
    waste = made.flow in _WASTE
    action = (
        say("waste that is not burnt")
        if waste
        else say("what burns in the process is counted nowhere")
    )
    text += say(
        "{lost:,.0f} less ({share_lost:.1%})", lost=into - out, share_lost=(into - out) / into
    )
    return Finding("carbon-lost", "info" if waste else "warning", text, where, action)
