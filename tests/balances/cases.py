"""Small sound tables as their identities see them, for tests that plant a fault."""

from __future__ import annotations

import numpy as np
import pandas as pd

import carbonacct as ca
from carbonacct.balances.check.case import Case
from carbonacct.balances.check.identities import make_system

FUELS = ("crude_oil", "gasoline", "diesel", "kerosene", "fuel_oil")
PRODUCTS = ("raw_coal", "coke", "oil_total", *FUELS)
PARTS = ("farming", "industry", "construction", "transport")
ROUNDING = 0.005


def make_table(seed=5):
    """Return a sound table (flow x product): supply is final consumption, oil its fuels; no number stands twice."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(np.round(rng.uniform(20, 900, (len(PARTS), 8)), 2), PARTS, PRODUCTS)
    table["oil_total"] = table[list(FUELS)].sum(axis=1)
    final = table.sum()
    nothing = pd.Series(0.0, PRODUCTS)
    rows = {"primary_supply": final, "transformation": nothing, "losses": nothing}
    rows |= {"final_consumption": final, **table.T, "statistical_difference": nothing}
    return pd.DataFrame(rows).T


def make_plants():
    """Return the sound table with plants and total consumption; a refinery puts out what it takes in."""
    table = make_table()
    plants = {"thermal_power": -30.0, "heating": -7.0, "refining": 2.0}
    for k, product in enumerate(PRODUCTS[:2] + FUELS):
        for flow, number in plants.items():
            table.loc[flow, product] = number - k
    for flow in plants:
        table.loc[flow, "oil_total"] = table.loc[flow, list(FUELS)].sum()
    table.loc["transformation"] = table.loc[list(plants)].sum()
    table.loc["primary_supply"] -= table.loc["transformation"]
    inputs = table.loc[list(plants)].clip(upper=0).sum()
    table.loc["total_consumption"] = table.loc["final_consumption"] - inputs
    # Of a total of products what one plant makes of them is theirs again.
    net = table.loc["final_consumption"] - table.loc["transformation"]
    table.loc["total_consumption", "oil_total"] = net["oil_total"]
    return table


def make_case(table, *, scale=None, rows=None, columns=None):
    """Return a table as its identities see it: printed in its own order, unless another is told."""
    cells = [(*place, number) for place, number in list_numbers(table)]
    frame = pd.DataFrame(cells, columns=["flow", "product", "value"])
    balance = ca.make_balance(frame.assign(area="A", year=2019))
    numbers = balance.amounts.values.ravel()
    width = len(balance.products)
    order = {name: place for place, name in enumerate(balance.flows)}
    beside = {name: place for place, name in enumerate(balance.products)}
    units = (
        np.ones(width)
        if scale is None
        else np.array([scale.get(name, 1.0) for name in balance.products])
    )
    case = Case(
        system=make_system(balance),
        numbers=numbers,
        absent=np.isnan(numbers),
        rounding=np.full(len(numbers), ROUNDING) * np.tile(units, len(order)),
        scale=np.tile(units, len(order)),
        decimals=np.full(len(numbers), 2),
        width=width,
        rows=np.array([order[name] for name in rows or table.index if name in order]),
        columns=np.array([beside[name] for name in columns or table.columns]),
        unsigned=np.zeros(len(numbers), bool),
    )
    return case, balance


def list_numbers(table):
    """Yield the cells that hold a number, row by row, so that tables with the same labels have the same places."""
    for flow, row in table.iterrows():
        yield from (
            ((flow, product), number) for product, number in row.items() if not np.isnan(number)
        )
