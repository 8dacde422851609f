"""What a project is made by: its method and years, its drivers, its targets."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.analysis.goals import BOUNDS, PATHS, STATISTICS, read_goals
from carbonacct.data import harmless, plain, read_text
from carbonacct.factors import load_method
from carbonacct.factors.method_names import find_method_id, is_own_file
from carbonacct.projects.declaration_keys import read_years
from carbonacct.projects.driver_tables import name_column
from carbonacct.projects.editing import edit_declaration
from carbonacct.projects.own_files import find_method
from carbonacct.projects.project_declaration import FILE
from carbonacct.projects.store import write_whole
from carbonacct.sheets.values import is_number, read_value
from carbonacct.texts import add_unit, join_texts
from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import find_version, hold
from carbonacct.web.project_tasks import list_methods
from carbonacct.web.project_view import find_table, open_project
from carbonacct.web.safe_names import make_id
from carbonacct.web.stated_tasks import show_statements
from carbonacct.web.web_words import has_word, word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from carbonacct.factors import Method
    from carbonacct.projects.project_declaration import Declaration

GRIDS = ("province", "region", "nation")
POOLS = ("gas", "fuel", "both")
_TARGET_FIELDS = (
    "id",
    "area",
    "quantity",
    "statistic",
    "bound",
    "value",
    "lower",
    "upper",
    "tolerance",
    "unit",
    "due",
    "base",
    "prices",
    "path",
    "source",
)
_NUMBERS = ("value", "lower", "upper", "tolerance")
_MOST_ROWS = 2000


def read_settings(progress: Callable[[str], None], *, folder: str, lang: str) -> dict[str, Any]:
    """Return what the forms of method and data show."""
    progress("")
    declaration = open_project(Path(folder))
    method = load_method(find_method(declaration.folder, declaration.method))
    own = is_own_file(declaration.method)
    return {
        "settings": {
            "area": declaration.area,
            "years": _write_years(declaration.years),
            "method": declaration.method,
            "grid": str(declaration.energy.get("grid", "")),
            "carbon_pool": str(declaration.energy.get("carbon_pool", "")),
            "calorific_values": str(declaration.energy.get("calorific_values", "")),
            "allow_unverified": bool(declaration.energy.get("allow_unverified")),
            "gases": list(declaration.gases),
            "lang": declaration.lang,
        },
        "methods": [*list_methods(lang), *([_show_own(declaration, method, lang)] if own else [])],
        "gases": list(method.gases),
        "grids": GRIDS,
        "pools": POOLS,
        "drivers": [
            shown | {"heads": [_name_head(one, lang) for one in shown["header"]]}
            for shown in (_show_drivers(declaration, file) for file in declaration.drivers)
        ],
        "activities": [
            {"id": make_id("activity", one.file), "path": one.file}
            for one in declaration.activities
        ],
        "targets": [_show_target(one) for one in declaration.targets],
        "targets_file": declaration.targets_file,
        **show_statements(declaration),
        "statistics": STATISTICS,
        "bounds": BOUNDS,
        "paths": PATHS,
        "version": find_version(declaration.folder / FILE),
    }


def _show_own(declaration: Declaration, method: Method, lang: str) -> dict[str, Any]:
    """Return the project's own method beside those that ship."""
    name = method.title_zh if lang == "zh" else method.title
    return {"id": declaration.method, "name": name, "usual": False}


def _write_years(years: Sequence[int]) -> str:
    """Return years as `read_years` reads them.

    Examples
    --------
    >>> _write_years((2015, 2016, 2017, 2020))
    '2015-2017, 2020'
    """
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)


def save_settings(
    progress: Callable[[str], None], *, folder: str, version: str, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep method, years and options in carbonacct.toml."""
    progress("")
    path = Path(folder)
    declaration = open_project(path)
    named = str(settings["method"])
    if named != declaration.method:  # a request names no file
        named = find_method_id(named)
    method = load_method(find_method(path, named))
    gases = [gas for gas in settings["gases"] if gas in method.gases]
    if not gases:
        raise WebError(422, "error.no_gas", known=join_texts(", ", method.gases))
    read_years(settings["years"])
    follows = declaration.sources == declaration.method

    def change(held: dict[str, Any]) -> None:
        project, methods = held.setdefault("project", {}), held.setdefault("methods", {})
        project |= {"years": settings["years"], "gases": gases, "lang": settings["lang"]}
        project["area"] = settings["area"].strip()
        if not project["area"]:
            del project["area"]
        methods["energy"] = named
        if "sources" in methods and follows:
            methods["sources"] = named
        energy = held.setdefault("energy", {})
        for key in ("grid", "carbon_pool", "calorific_values", "allow_unverified"):
            energy[key] = settings[key]
            if not energy[key]:
                del energy[key]
        if not energy:
            del held["energy"]

    with hold(path, version, path / FILE):
        edit_declaration(path, change)
    return {}


def declare_table(
    progress: Callable[[str], None], *, folder: str, name: str, version: str, area: str, year: str
) -> dict[str, Any]:
    """Say of which area and year a table is, over what it says itself."""
    path = Path(folder)
    declaration = open_project(path)
    table = find_table(declaration, name)
    progress(table.path)
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise WebError(422, "error.year", text=year)

    def change(held: dict[str, Any]) -> None:
        tables = held["table"] = (
            held["table"] if isinstance(held["table"], list) else [held["table"]]
        )
        own = next((one for one in tables if one.get("files") == table.path), None)
        of_area = area.strip()
        if own is None:
            pattern = tables[table.tables.entry]
            own = {**pattern, "files": table.path}
            if "{area}" in pattern["files"]:  # which stands for an area there, and not in one file
                said = {key: getattr(table.tables, key) for key in ("mapping", "layout")}
                own |= {key: value for key, value in said.items() if key in own}
                of_area = of_area or table.tables.area_id
            tables.append(own)
        for key, value in (("area", of_area), ("year", int(year) if year else "")):
            own[key] = value
            if not value:
                del own[key]

    with hold(path, version, path / FILE):
        edit_declaration(path, change)
    return {}


def _show_drivers(declaration: Declaration, file: str) -> dict[str, Any]:
    """Return a table of drivers as a form, or why it is none."""
    path = declaration.folder / file
    shown: dict[str, Any] = {"id": make_id("drivers", file), "path": file, "rows": []}
    shown |= {"header": [], "version": find_version(path), "form": False}
    try:
        header, rows = _read_table(path)
    except (OSError, ValueError, csv.Error):
        return shown
    names = [name_column(one)[0] for one in header]
    if "year" not in names or len(rows) > _MOST_ROWS:
        return shown
    at, area = names.index("year"), names.index("area") if "area" in names else None
    held = {row[at].strip() for row in rows}
    for year in map(str, declaration.years):
        if year not in held:
            row = [""] * len(header)
            row[at] = year
            if area is not None:
                row[area] = declaration.area
            rows.append(row)
    labels = [at] if area is None else [at, area]
    rows.sort(key=lambda row: ["" if area is None else row[area], row[at]])
    return shown | {"header": header, "rows": rows, "labels": labels, "form": True}


def _read_table(place: Path) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a CSV, each as wide as the header."""
    lines = [line for line in csv.reader(io.StringIO(read_text(place), newline="")) if any(line)]
    if not lines:
        raise ValueError(place.name)
    header = lines[0]
    if any(len(line) > len(header) for line in lines):
        raise ValueError(place.name)
    rows = [[plain(cell) for cell in line] + [""] * (len(header) - len(line)) for line in lines[1:]]
    return header, rows


def _name_head(header: str, lang: str) -> str:
    """Return the heading of a column of drivers in a language; the file keeps its own."""
    name, unit = name_column(header)
    key = f"driver.{name}"
    if not has_word(key):
        return header
    return add_unit(word(key, lang), unit, lang)


def save_drivers(
    progress: Callable[[str], None],
    *,
    folder: str,
    name: str,
    version: str,
    rows: Sequence[Sequence[str]],
) -> dict[str, Any]:
    """Write a table of drivers; rows without a number are left out."""
    progress("")
    declaration = open_project(Path(folder))
    file = next((one for one in declaration.drivers if make_id("drivers", one) == name), None)
    if file is None:
        raise WebError(404, "error.no_page")
    shown = _show_drivers(declaration, file)
    if not shown["form"] or any(len(row) != len(shown["header"]) for row in rows):
        raise WebError(409, "error.version")
    labels = shown["labels"]
    kept = [
        [cell.strip() for cell in row]
        for row in rows
        if any(cell.strip() for at, cell in enumerate(row) if at not in labels)
    ]
    for row in kept:
        for at, cell in enumerate(row):
            if at not in labels and cell and not is_number(cell):
                raise WebError(422, "error.number", text=cell, column=shown["header"][at])
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(shown["header"])
    writer.writerows([harmless(cell) for cell in row] for row in kept)
    path = declaration.folder / file
    with hold(declaration.folder, version, path):
        write_whole(path, held.getvalue().encode())
    return {"rows": len(kept)}


def _show_target(target: Mapping[str, Any]) -> dict[str, Any]:
    base = target.get("base", "")
    return (
        dict.fromkeys(_TARGET_FIELDS, "")
        | dict(target)
        | {
            "base": base.get("year", "") if isinstance(base, dict) else base,
            "key": _name_target(target),
        }
    )


def _name_target(target: Mapping[str, Any]) -> str:
    return make_id("target", repr(sorted(target.items())))


def add_target(
    progress: Callable[[str], None], *, folder: str, version: str, target: Mapping[str, str]
) -> dict[str, Any]:
    """Declare a target, and the table of how targets stand among the outputs."""
    progress("")
    path = Path(folder)
    open_project(path)
    row: dict[str, Any] = {key: target[key].strip() for key in _TARGET_FIELDS if target.get(key)}
    for key in [*_NUMBERS, "due", "base"]:
        if row.get(key) and not is_number(row[key]):
            raise WebError(422, "error.number", text=row[key], column=key)
    row |= {key: read_value(row[key])[0] for key in _NUMBERS if row.get(key)}
    row |= {key: int(read_value(row[key])[0]) for key in ("due",) if row.get(key)}
    if row.get("base"):
        row["base"] = {"year": int(read_value(row["base"])[0])}
    read_goals([row])

    def change(held: dict[str, Any]) -> None:
        held.setdefault("target", []).append(row)
        held.setdefault("outputs", {}).setdefault("targets", "output/targets.csv")

    with hold(path, version, path / FILE):
        edit_declaration(path, change)
    return {}


def remove_target(
    progress: Callable[[str], None], *, folder: str, version: str, picked: str
) -> dict[str, Any]:
    """Take a target out of the declaration, and the table of targets with the last of them."""
    progress("")
    path = Path(folder)
    declaration = open_project(path)

    def change(held: dict[str, Any]) -> None:
        held["target"] = [one for one in held["target"] if _name_target(one) != picked]
        if not held["target"]:
            del held["target"]
            if not declaration.targets_file:
                held.get("outputs", {}).pop("targets", None)

    if picked not in {_name_target(one) for one in declaration.targets}:
        raise WebError(409, "error.version")
    with hold(path, version, path / FILE):
        edit_declaration(path, change)
    return {}
