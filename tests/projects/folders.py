"""Small projects to build in tests: a city of three products and five rows."""

from __future__ import annotations

from pathlib import Path

from carbonacct.projects.build import build, open_workshop
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.report.outputs import make_renderers

HEAD = "{area}能源平衡表(实物量)-{year}\n项目,原煤(万吨),柴油(万吨),天然气(亿立方米)\n"
ROWS = (
    ("工业", 100.0, 5.5, 2.0),
    ("建筑业", 1.5, 2.25, 0.5),
    ("交通运输、仓储和邮政业", 0.5, 40.0, 0.25),
)
TOML = """\
schema = 1
project = {{ name = "甲", years = "2018-2020", lang = "en" }}
methods = {{ energy = "{method}" }}
table = [{{ files = "tables/*.csv"{mapping} }}]
drivers = [{{ file = "drivers.csv" }}]
{more}
[outputs]
data = "output/inventory.csv"
record = "output/inventory.json"
panel = "output/panel.csv"
"""


def write_table(folder, year, *, area="北京", coal=100.0, name=None, rows=ROWS):
    """Write the table of a year and return its path."""
    changed = [(label, coal if label == "工业" else first, *rest) for label, first, *rest in rows]
    lines = [",".join(map(str, row)) for row in changed]
    path = Path(folder) / "tables" / (name or f"{area}{year}.csv")
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD.format(area=area, year=year) + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def declare(folder, *, method="provincial-2011", more="", mapping=""):
    """Write the declaration of a project."""
    text = TOML.format(method=method, more=more, mapping=mapping)
    (Path(folder) / "carbonacct.toml").write_text(text, encoding="utf-8")


def make_project(folder, years=(2018, 2019, 2020), **options):
    """Write a project with a table for each year."""
    Path(folder).mkdir(exist_ok=True, parents=True)
    declare(folder, **options)
    drivers = "area,year,population (万人),gdp (亿元)\n"
    drivers += "".join(f"北京,{year},2154,{30000 + 1000 * (year - 2018)}\n" for year in years)
    (Path(folder) / "drivers.csv").write_text(drivers, encoding="utf-8")
    for year in years:
        write_table(folder, year, coal=100.0 + year - 2018)
    return Path(folder)


def open_at(folder, **options):
    """Return the workshop of the project in a folder."""
    return open_workshop(read_declaration(Path(folder)), program="the program", **options)


def build_at(folder, **options):
    """Build the project in a folder."""
    return build(open_at(folder), make_renderers(), **options)


def outputs_of(folder):
    """Return the bytes of every output by name."""
    files = (Path(folder) / "output").rglob("*")
    return {file.name: file.read_bytes() for file in files if file.is_file()}


def states_of(built):
    """Return what became of each output."""
    return {output.name: output.state for output in built.outputs}
