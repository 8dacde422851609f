"""Inventories of several years and areas for the tests of pages: one yearbook table, scaled and given other titles."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import carbonacct as ca

if TYPE_CHECKING:
    from collections.abc import Iterable

SOURCE = Path(__file__).resolve().parents[2] / "docs" / "tables" / "chongqing_2007.csv"
HOSTILE = '<script>alert(1)</script>"\'</script><img src=x onerror=alert(2)>&amp;'


def write_scaled(path: Path, times: float, *, area: str = "重庆", year: int = 2007) -> Path:
    """Write the balance of Chongqing 2007 times a number, under the title of another area and year."""
    with SOURCE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))

    def scale(cell: str) -> str:
        try:
            return f"{float(cell) * times:.6f}"
        except ValueError:
            return cell

    rows = [[rows[0][0].replace("重庆", area).replace("2007", str(year))], *([row[0], *map(scale, row[1:])] for row in rows[1:])]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def scaled_inventories(folder: Path, keys: Iterable[tuple[str, int]]) -> list[ca.Inventory]:
    """Return an inventory for each area and year, each 7 % above the one before."""
    method = ca.load_method("provincial-2011")
    return [
        ca.compile_inventory(write_scaled(folder / f"{number}.csv", 1.07**number, area=area, year=year), method=method)
        for number, (area, year) in enumerate(keys)
    ]


def hostile_inventory(folder: Path) -> ca.Inventory:
    """Return an inventory whose area and file are named to do harm."""
    path = folder / "<img src=x onerror=alert(3)>.csv"
    path.write_bytes(SOURCE.read_bytes())
    return ca.compile_inventory(ca.read_balance(path, area=HOSTILE), method="provincial-2011")
