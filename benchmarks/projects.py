"""Years of work: ten years of a city with every output, one cell changed, and the status of a province."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.cold_start import run_process

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.timing import Row

YEARS = 10
AREAS, AREA_YEARS = 300, 20
CITY = """\
schema = 1
project = { name = "city", area = "重庆", years = "2007-2016", gases = ["CO2", "CH4", "N2O"], metric = "AR5GWP100" }
methods = { energy = "provincial-2011" }
table = [{ files = "tables/*" }]
drivers = [{ file = "drivers.csv" }]
[analysis]
trend = ["co2"]
peak = ["co2"]
decoupling = ["co2/gdp"]
decompose = ["co2 = population * gdp/population * co2/gdp"]
[[target]]
id = "t"
quantity = "co2/gdp"
statistic = "cut"
bound = "at_least"
value = 17
unit = "%"
due = 2012
base = { year = 2007 }
prices = "constant 2007"

[outputs]
page = "output/city.html"
workbook = "output/city.xlsx"
chapter = "output/city.docx"
data = "output/city.csv"
record = "output/city.json"
table = "output/city.parquet"
cube = "output/city.nc"
panel = "output/panel.csv"
targets = "output/targets.csv"
trend = "output/trend.csv"
peak = "output/peak.csv"
decoupling = "output/decoupling.csv"
decompose = "output/decompose.csv"
"""
PROVINCE = """\
schema = 1
project = {{ name = "province", areas = "areas.csv", years = "{first}-{last}" }}
methods = {{ energy = "provincial-2011" }}
table = [{{ files = "areas/{{area}}/tables/*" }}]
outputs = {{ data = "output/all.csv", each = "output/{{area}}.csv" }}
"""
SMALL = "{area}能源平衡表(实物量)-{year}\n项目,原煤(万吨),柴油(万吨)\n工业,{coal},5.5\n建筑业,1.5,2.25\n"
FIRST_AREA = 900_000  # ids that no area has


def make_city(source: Path, folder: Path) -> Path:
    """Write a project of ten years: the table of 2007 under ten titles, each with another number of coal."""
    (folder / "tables").mkdir(parents=True)
    text = source.read_text(encoding="utf-8")
    drivers = ["area,year,population (万人),gdp (亿元)"]
    for number in range(YEARS):
        year = 2007 + number
        held = text.replace("2007", str(year)).replace(
            ",1176.38,", f",{1176.38 + 2.5 * number:.2f},", 1
        )
        (folder / "tables" / f"city_{year}.csv").write_text(held, encoding="utf-8")
        drivers.append(f"重庆,{year},{2816 + 20 * number},{4676.13 * 1.1**number:.2f}")
    (folder / "drivers.csv").write_text("\n".join(drivers) + "\n", encoding="utf-8")
    (folder / "carbonacct.toml").write_text(CITY, encoding="utf-8")
    return folder


def make_province(folder: Path, areas: int, years: int) -> Path:
    """Write a project of many areas with a small table for each year."""
    first, last = 2025 - years, 2024
    lines = ["id,name,parent,level,from,to,successor"]
    for number in range(areas):
        tables = folder / "areas" / str(FIRST_AREA + number) / "tables"
        tables.mkdir(parents=True)
        lines.append(f"{FIRST_AREA + number},第{number}市,,city,,,")
        for year in range(first, last + 1):
            held = SMALL.format(area=f"第{number}市", year=year, coal=100 + number + year / 100)
            (tables / f"{year}.csv").write_text(held, encoding="utf-8")
    (folder / "areas.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "carbonacct.toml").write_text(
        PROVINCE.format(first=first, last=last), encoding="utf-8"
    )
    return folder


def measure(source: Path, folder: Path, repeat: int, areas: int = AREAS) -> list[Row]:
    """Return wall seconds of a cold build, of one after a cell changed, and wall and processor seconds of a status."""
    command = [sys.executable, "-m", "carbonacct"]
    city = make_city(source, folder / "city")
    build = [*command, "build", "--project", str(city)]
    cold, warm = [], []
    table = city / "tables" / "city_2010.csv"
    for number in range(repeat):
        shutil.rmtree(city / ".carbonacct", ignore_errors=True)
        shutil.rmtree(city / "output", ignore_errors=True)
        cold.append(_run(build))
        text = table.read_text(encoding="utf-8")
        table.write_text(
            text.replace(f",{1183.88 + number:.2f},", f",{1184.88 + number:.2f},", 1),
            encoding="utf-8",
        )
        warm.append(_run(build))
    rows: list[Row] = [
        (f"build {YEARS} years of a city, 13 outputs, cold", statistics.median(cold), None),
        ("the same when one cell changed", statistics.median(warm), None),
    ]
    province = make_province(folder / "province", areas, AREA_YEARS)
    subprocess.run(
        [*command, "build", "--project", str(province)], check=True, stdout=subprocess.DEVNULL
    )
    wall, processor = run_process([*command, "status", "--project", str(province)], repeat)
    name = f"status of {areas} areas x {AREA_YEARS} years"
    return [*rows, (f"{name}: wall", wall, None), (f"{name}: CPU", processor, None)]


def _run(words: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
