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
INDUSTRY = """甲市规模以上工业企业主要能源产品消费量(2019年)
项目,综合能源消费量(吨标准煤),煤(吨),煤制品(吨),天然气(万立方米),柴油(吨)
纺织业,9000,4000,,10,100
化学原料和化学制品制造业,7000,6000,500,30,300
电力、热力生产和供应业,90000,50000,,70,20
"""
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


def scale(whole: str = "120", part: str = "100", prices: str = "当年价") -> pd.DataFrame:
    """Return value added of all industry and of industry above designated size."""
    rows = [
        ("甲市", "*", "工业增加值", whole, f"亿元({prices})", "yearbook"),
        ("甲市", "*", "规模以上工业增加值", part, "亿元(当年价)", "yearbook"),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
