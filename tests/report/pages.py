"""Inventories of several years and areas for the tests of pages: one yearbook table, scaled and given other titles."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import carbonacct as ca

if TYPE_CHECKING:
    from collections.abc import Iterable

SOURCE = Path(__file__).resolve().parents[2] / "docs" / "tables" / "chongqing_2007.csv"
HOSTILE = "<script>alert(1)</script>\"'</script><img src=x onerror=alert(2)>&amp;"


def write_scaled(path: Path, times: float, *, area: str = "重庆", year: int = 2007) -> Path:
    """Write the balance of Chongqing 2007 times a number, under the title of another area and year."""
    with SOURCE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))

    def scale(cell: str) -> str:
        try:
            return f"{float(cell) * times:.6f}"
        except ValueError:
            return cell

    rows = [
        [rows[0][0].replace("重庆", area).replace("2007", str(year))],
        *([row[0], *map(scale, row[1:])] for row in rows[1:]),
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def scaled_inventories(folder: Path, keys: Iterable[tuple[str, int]]) -> list[ca.EnergyInventory]:
    """Return an inventory for each area and year, each 7 % above the one before."""
    method = ca.load_method("provincial-2011")
    return [
        ca.compile_inventory(
            write_scaled(folder / f"{number}.csv", 1.07**number, area=area, year=year),
            method=method,
        )
        for number, (area, year) in enumerate(keys)
    ]


def hostile_inventory(folder: Path, year: int = 2007) -> ca.EnergyInventory:
    """Return an inventory whose area and file are named to do harm."""
    path = write_scaled(folder / f"<img src=x onerror=alert({year})>.csv", year - 2006, year=year)
    return ca.compile_inventory(ca.read_balance(path, area=HOSTILE), method="provincial-2011")


def write_drivers(path: Path, keys: Iterable[tuple[str, int]]) -> Path:
    """Write population and GDP of areas and years, no two alike, with the nation beside them."""
    lines = ['area,year,population (万人),"gdp (亿元, 2005年价)",co2 (万吨)']
    lines += [
        f'"{area}",{year},{2000 + 10 * number},{5000 * 1.08**number:.1f},'
        for number, (area, year) in enumerate(keys)
    ]
    lines += [f"全国,{year},132129,270000,600000" for year in sorted({year for _, year in keys})]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_scores(path: Path, areas: Iterable[str]) -> Path:
    """Write scores of an index of three parts as the command does; the second part is a leaf."""
    rows = [
        ["area", "indicator", "level", "value", "unit", "score", "weight", "weighted", "status"]
    ]
    for number, area in enumerate(areas):
        parts = [("aim", 40.0 + number), ("state", 20.0 + 5 * number), ("trend", 60.0 - 7 * number)]
        rows.append(
            [area, "mine", 0, "", "", sum(score for _, score in parts) / 3, 1.0, "", "complete"]
        )
        for name, score in parts:
            rows.append(
                [
                    area,
                    name,
                    1,
                    "" if name != "state" else 1.5 * score,
                    "" if name != "state" else "t",
                    score,
                    1 / 3,
                    score / 3,
                    "complete",
                ]
            )
            if name != "state":
                rows.append(
                    [area, f"{name}_leaf", 2, 2 * score, "%", score, 1 / 3, score / 3, "supplied"]
                )
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path
