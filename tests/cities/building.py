"""Provinces, cities and indicators for tests, and the pages of a yearbook."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import carbonacct as ca
from carbonacct.sheets import values

COLUMNS = ["area", "row", "indicator", "value", "unit", "source"]
# One value of each indicator that the rows of a balance ask for.
UNITS = {
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
    "crude_processed": "万吨",
    "coke_output": "万吨",
}
TABLES = Path("docs/tables/city")
PAGES = tuple(f"{TABLES}/{name}_2019.csv" for name in ("industry", "electricity", "gas", "totals"))


def make_province(cells: dict[tuple[str, str], float], year: int = 2019) -> ca.EnergyBalance:
    """Return the balance of a province from its cells (flow, product)."""
    rows = [("某省", year, flow, product, value) for (flow, product), value in cells.items()]
    return ca.make_balance(pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value"]))


def make_indicators(values: dict[str, dict[str, float]], **units: str) -> pd.DataFrame:
    """Return a table of indicators: area -> indicator -> value."""
    rows = [
        (area, "*", name, value, (UNITS | units)[name], "test")
        for area, held in values.items()
        for name, value in held.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def write_page(folder: Path, name: str, text: str) -> str:
    """Write a page of a yearbook and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def rules(balance: ca.EnergyBalance, *severities: str) -> list[str]:
    """Return the rules of the findings of a city, those of some severities."""
    return [
        note.rule
        for note in balance.findings
        if note.rule.startswith("city-") and note.severity in (severities or ("error", "warning"))
    ]


def amount(balance: ca.EnergyBalance, flow: str, product: str) -> float:
    """Return a cell of a balance of one area and year."""
    return float(balance.amounts.sel(flow=flow, product=product).item())


def origin(balance: ca.EnergyBalance, flow: str, product: str):
    """Return how a cell of a balance of one area and year came about."""
    return balance.origins.find(balance.areas[0], balance.years[0], flow, product)


def is_not_estimated(balance: ca.EnergyBalance, flow: str, product: str) -> bool:
    """Return whether a cell has no number, the key NE and an origin that says why."""
    status = int(balance.status.sel(flow=flow, product=product).values.ravel()[0])
    found = balance.origins.find(balance.areas[0], balance.years[0], flow, product)
    return status == values.NE and found.source.startswith("not estimated: no index; give")
