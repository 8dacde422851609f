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
    "thermal_power", "heating", "losses", "farming", "construction", "transport", "wholesale_retail", "other_services",
    "households_urban", "households_rural",
)  # fmt: skip
FUELS = (
    "raw_coal", "cleaned_coal", "briquettes", "coke", "crude_oil", "gasoline", "kerosene", "diesel", "fuel_oil", "lpg",
    "natural_gas", "heat", "electricity",
)  # fmt: skip
INDICATORS = {
    "va_primary": "亿元", "va_secondary": "亿元", "va_tertiary": "亿元", "gdp": "亿元", "population": "万人",
    "population_urban": "万人", "population_rural": "万人", "electricity": "亿千瓦时",
    "thermal_generation": "亿千瓦时", "heat_supply": "百万吉焦",
}  # fmt: skip


def make_province(years: int = YEARS) -> ca.EnergyBalance:
    """Return a balance with 40 branches of industry, every cell filled."""
    branches = [name for name, flow in vocabulary.flows().items() if flow.parent == "industry" and flow.part == "sum"]
    rows = [*ROWS, *(name for name in branches if not name.endswith(".remainder"))][:50]
    random = np.random.default_rng(1)
    cells = [
        ("某省", 2000 + year, flow, fuel, (-1 if flow in ROWS[:2] else 1) * random.uniform(1, 100))
        for year in range(years) for flow in rows for fuel in FUELS
    ]  # fmt: skip
    return ca.make_balance(pd.DataFrame(cells, columns=["area", "year", "flow", "product", "value"]))


def make_indicators(cities: int = CITIES, years: int = YEARS) -> pd.DataFrame:
    """Return every indicator of the province and its cities, which have equal shares."""
    rows = [
        (area, 2000 + year, "*", name, value, unit, "benchmark")
        for year in range(years)
        for area, value in (("某省", float(cities)), *((f"city {n}", 1.0) for n in range(cities)))
        for name, unit in INDICATORS.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["area", "year", "row", "indicator", "value", "unit", "source"])


def measure(repeat: int) -> list[tuple[str, float, None]]:
    """Return the time to make the balances."""
    province, indicators = make_province(), make_indicators()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        ca.build_city_balance(province=province, indicators=indicators)
        times.append(time.perf_counter() - start)
    return [(f"balances of {CITIES} cities x {YEARS} years from their province's", median(times), None)]


if __name__ == "__main__":
    for row in measure(3):
        print(row)
