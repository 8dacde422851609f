"""Factor rows, editions and methods made for one test."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct.factors import FactorRow, FactorSource
from carbonacct.factors.editions import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = 'title = "A list"\npublisher = "An office"\ndate = "2020"\nreference = "An office. A list, 2020."\n'

# One sound row of each parameter that the tests write.
SOUND = {
    "net_calorific_value": {
        "product": "diesel",
        "value": "42652",
        "unit": "kJ/kg",
        "status": "single",
    },
    "carbon_content": {"product": "diesel", "value": "20.2", "unit": "t C/TJ", "status": "single"},
    "oxidation_factor": {
        "product": "diesel",
        "value": "0.98",
        "unit": "dimensionless",
        "status": "single",
    },
    "emission_factor": {
        "product": "diesel",
        "gas": "CO2",
        "value": "74100",
        "unit": "kg CO2/TJ",
        "status": "single",
    },
    "grid_emission_factor": {
        "product": "electricity",
        "area": "beijing",
        "from": "2021",
        "to": "2021",
        "gas": "CO2",
        "value": "0.5688",
        "unit": "kg CO2/kWh",
        "status": "single",
    },
    "operating_margin": {
        "product": "electricity",
        "area": "grid_north",
        "gas": "CO2",
        "value": "0.9419",
        "unit": "t CO2/MWh",
        "status": "single",
    },
}


def table_text(*rows: dict[str, str]) -> str:
    """Return the text of a parameter table."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def sound(parameter: str, **changed: str) -> dict[str, str]:
    """Return the sound row of a parameter, with some cells changed."""
    return {**SOUND[parameter], **changed}


def write_edition(
    folder: Path, source: str | None = SOURCE, **tables: str | list[dict[str, str]]
) -> Path:
    """Write an edition: its source.toml, and a table (its text, or its rows) for each parameter."""
    folder.mkdir(exist_ok=True)
    if source is not None:
        (folder / "source.toml").write_text(source, encoding="utf-8")
    for parameter, table in tables.items():
        text = table if isinstance(table, str) else table_text(*table)
        (folder / f"{parameter}.csv").write_text(text, encoding="utf-8")
    return folder


def row(
    product: str = "diesel",
    value: float = 1.0,
    *,
    parameter: str = "net_calorific_value",
    unit: str = "GJ/t",
    flow: str = "",
    category: str = "",
    area: str = "",
    years: tuple[int | None, int | None] = (None, None),
    gas: str = "",
    bounds: tuple[float, float] = (math.nan, math.nan),
    status: str = "single",
    line: int = 2,
) -> FactorRow:
    """Return a factor row, as loading makes it."""
    return FactorRow(
        "made",
        parameter,
        product,
        flow,
        category,
        area,
        *years,
        gas,
        "",
        value,
        *bounds,
        unit,
        "",
        "",
        status,
        "",
        f"made/{parameter}.csv",
        line,
    )


def source(*rows: FactorRow, edition: str = "made") -> FactorSource:
    """Return an edition of these rows."""
    named = tuple(
        replace(row_, edition=edition, file=f"{edition}/{row_.parameter}.csv") for row_ in rows
    )
    return FactorSource(edition, edition, "", "", "", "2020", "", "", "", named)
