"""The energy balances of all cities of a province over years, from one table of indicators."""

from __future__ import annotations

import time
from statistics import median

import numpy as np
import pandas as pd

import carbonacct as ca
from carbonacct import vocabulary

CITIES, YEARS = 20, 20
ROWS = (
    "thermal_power",
    "heating",
    "losses",
    "farming",
    "construction",
    "transport",
    "wholesale_retail",
    "other_services",
    "households_urban",
    "households_rural",
)
FUELS = (
    "raw_coal",
    "cleaned_coal",
    "briquettes",
    "coke",
    "crude_oil",
    "gasoline",
    "kerosene",
    "diesel",
    "fuel_oil",
    "lpg",
    "natural_gas",
    "heat",
    "electricity",
)
INDICATORS = {
    "va_primary": "亿元",
    "va_secondary": "亿元",
    "va_tertiary": "亿元",
    "gdp": "亿元",
    "population": "万人",
    "population_urban": "万人",
    "population_rural": "万人",
    "electricity": "亿千瓦时",
    "thermal_generation": "亿千瓦时",
    "heat_supply": "百万吉焦",
}


def make_province(years: int = YEARS) -> ca.EnergyBalance:
    """Return a balance with 40 branches of industry, every cell filled."""
    branches = [
        name
        for name, flow in vocabulary.flows().items()
        if flow.parent == "industry" and flow.part == "sum" and vocabulary.base_of(name) == name
    ]
    rows = [*ROWS, *branches][:50]
    random = np.random.default_rng(1)
    cells = [
        ("某省", year, flow, fuel, random.uniform(1, 100) * (-1 if flow in ROWS[:2] else 1))
        for year in range(2000, 2000 + years)
        for flow in rows
        for fuel in FUELS
    ]
    columns = ["area", "year", "flow", "product", "value"]
    return ca.make_balance(pd.DataFrame(cells, columns=columns))


def make_indicators(cities: int = CITIES, years: int = YEARS) -> pd.DataFrame:
    """Return every indicator of the province and its cities, which have equal shares."""
    rows = [
        (area, 2000 + year, "*", name, value, unit, "benchmark")
        for year in range(years)
        for area, value in (("某省", float(cities)), *((f"city {n}", 1.0) for n in range(cities)))
        for name, unit in INDICATORS.items()
    ]
    columns = ["area", "year", "row", "indicator", "value", "unit", "source"]
    return pd.DataFrame(rows, columns=columns)


def measure(repeat: int) -> list[tuple[str, float, None]]:
    """Return the time to make the balances."""
    province, indicators = make_province(), make_indicators()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        ca.build_city_balance(province=province, indicators=indicators)
        times.append(time.perf_counter() - start)
    what = f"balances of {CITIES} cities x {YEARS} years from their province's"
    return [(what, median(times), None)]


if __name__ == "__main__":
    for row in measure(3):
        print(row)
