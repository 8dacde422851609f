"""Small balances for tests, written as a yearbook prints them and read back."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from carbonacct import read_balance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from carbonacct import EnergyBalance

UNITS = {
    "raw_coal": "万吨",
    "cleaned_coal": "万吨",
    "coke": "万吨",
    "coal_total": "万吨",
    "crude_oil": "万吨",
    "oil_total": "万吨",
    "diesel": "万吨",
    "gasoline": "万吨",
    "natural_gas": "亿立方米",
    "electricity": "亿千瓦小时",
    "heat": "百亿千焦",
    "other_energy": "万吨标准煤",
    "anthracite": "万吨",
    "lng": "万吨",
    "other_petroleum_products": "万吨",
    "coke_oven_gas": "亿立方米",
    "kerosene": "万吨",
    "fuel_oil": "万吨",
    "wood": "万吨",
    "straw": "万吨",
}


def write_table(
    path: Path,
    rows: Mapping[str, Mapping[str, object]],
    *,
    title: str = "重庆能源平衡表(实物量)-2021",
    units: Mapping[str, str] | None = None,
) -> Path:
    """Write a table: flow id -> product id -> number, as Chinese flows x products."""
    from carbonacct import vocabulary  # noqa: PLC0415

    units = UNITS | dict(units or {})
    products = list(dict.fromkeys(product for cells in rows.values() for product in cells))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([title])
        writer.writerow(
            [
                "项目",
                *(
                    f"{vocabulary.name('product', product, 'zh')}({units[product]})"
                    for product in products
                ),
            ]
        )
        for flow, cells in rows.items():
            writer.writerow(
                [
                    vocabulary.name("flow", flow, "zh"),
                    *(cells.get(product, "") for product in products),
                ]
            )
    return path


def table(
    folder: Path, rows: Mapping[str, Mapping[str, object]], **options: object
) -> EnergyBalance:
    """Return such a table as read."""
    return read_balance(write_table(folder / "table.csv", rows, **options))  # type: ignore[arg-type]
