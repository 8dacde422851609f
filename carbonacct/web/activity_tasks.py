"""Activity data of sectors other than energy: a form from the template, or the workbook filled in."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.catalogue import name_unit
from carbonacct.data import harmless, plain, read_regular, read_text
from carbonacct.dim_names import name_label
from carbonacct.errors import CarbonacctError, MethodError, TableError
from carbonacct.projects.editing import edit_declaration
from carbonacct.projects.project_declaration import FILE
from carbonacct.projects.store import write_whole
from carbonacct.report.activity_template import list_rows, list_units, write_template
from carbonacct.report.sector_totals import SECTOR_NAMES
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.activity_list import list_asked, list_open_groups
from carbonacct.texts import Text
from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import find_version, hold
from carbonacct.web.project_view import open_project
from carbonacct.web.safe_names import make_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from carbonacct.projects.project_declaration import Declaration

ENTERED = "activity.csv"
_CELL = re.compile(rf"^{re.escape(ENTERED)}![A-Z]([0-9]+)$")
_COLUMNS = ("area", "year", "activity", "item", "value", "unit", "source", "note")
_FIELDS = ("value", "unit", "source", "note")


def read_form(
    progress: Callable[[str], None], *, folder: str, lang: str, sector: str, year: str
) -> dict[str, Any]:
    """Return the form of a sector and year, with what was entered before."""
    progress("")
    declaration = open_project(Path(folder))
    try:
        asked = list_asked(declaration.sources)
    except MethodError as error:
        raise WebError(422, "error.said", said=error.args[0]) from None
    sectors = list(dict.fromkeys(one.sector for one in asked))
    sector = sector if sector in sectors else sectors[0]
    years = list(map(str, declaration.years))
    year = year if year in years else years[-1]
    held = {_key(row): row for row in _read(declaration)}
    rows = []
    for row in _list_questions(declaration, sector, lang):
        key = (declaration.area, year if row["dated"] else "", row["activity"], row["item"])
        entered = held.get(key, {})
        rows.append(row | {field: entered.get(field, "") for field in _FIELDS})
    for group in _list_groups(declaration, sector, lang):
        entered = next((row for row in held.values() if row["activity"] == group["activity"]), {})
        rows.append(group | {"entered": entered.get("item", "")})
    names = {one: SECTOR_NAMES[one][0 if lang == "zh" else 1] for one in sectors}
    return {
        "sectors": names,
        "sector": sector,
        "years": years,
        "year": year,
        "area": declaration.area,
        "rows": rows,
        "version": find_version(*_list_files(declaration)),
    }


def _list_files(declaration: Declaration) -> list[Path]:
    return [declaration.folder / FILE, declaration.folder / ENTERED]


def _list_questions(declaration: Declaration, sector: str, lang: str) -> list[dict[str, Any]]:
    """Return the numbers that a sector asks for, in the order of the template."""
    rows = []
    for one in list_asked(declaration.sources, [sector]):
        units = [(unit, name_unit(unit, lang)) for unit in list_units(one, lang)]
        for row in list_rows(one, (declaration.area, None)):
            named = [str(row[f"{part}_{lang}"] or "") for part in ("name", "item")]
            rows.append(
                {
                    "activity": str(row["activity"]),
                    "item": str(row["item"]),
                    "name": " · ".join(filter(None, named)),
                    "head": named[0] if named[1] else "",
                    "label": named[1] or named[0],
                    "where": getattr(one.about, "printed", "") if lang == "zh" else "",
                    "units": units,
                    "dated": True,
                    "group": False,
                }
            )
    return rows


def _list_groups(declaration: Declaration, sector: str, lang: str) -> list[dict[str, Any]]:
    """Return the groups, such as a climate, that an area must be said to be in, by id with their names."""
    word = 0 if lang == "zh" else 1
    return [
        {
            "activity": partition,
            "item": "",
            "name": name_label("partition", partition)[word],
            "head": "",
            "label": "",
            "where": "",
            "choices": {group: name_label(partition, group)[word] for group in known},
            "group": True,
        }
        for partition, owner, known in list_open_groups(declaration.sources, [sector])
        if owner == sector
    ]


def _read(declaration: Declaration) -> list[dict[str, str]]:
    path = declaration.folder / ENTERED
    if not path.is_file():
        return []
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""))
    return [{name: plain(row.get(name) or "") for name in _COLUMNS} for row in reader]


def _key(row: Mapping[str, str]) -> tuple[str, str, str, str]:
    return row["area"], row["year"], row["activity"], row["item"]


def save_form(
    progress: Callable[[str], None],
    *,
    folder: str,
    lang: str,
    version: str,
    sector: str,
    year: str,
    entered: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Keep what was entered for a sector and year; what is blank is no number."""
    path = Path(folder)
    declaration = open_project(path)
    form = read_form(progress, folder=folder, lang=lang, sector=sector, year=year)
    area = declaration.area
    new, ours = [], set()
    for number, row in enumerate(form["rows"]):
        given = entered.get(str(number), {})
        value = given.get("value", "").strip()
        if row["group"]:
            ours.add((area, "", row["activity"]))
            if value:
                new.append({"area": area, "activity": row["activity"], "item": value})
            continue
        ours.add((area, form["year"], row["activity"]))
        if value:
            kept = {field: given.get(field, "").strip() for field in _FIELDS}
            labels = {"area": area, "year": form["year"]}
            new.append({**labels, "activity": row["activity"], "item": row["item"], **kept})
    others = [
        row for row in _read(declaration) if (row["area"], row["year"], row["activity"]) not in ours
    ]
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in [*others, *new]:
        writer.writerow({key: harmless(cell) for key, cell in row.items()})
    content = held.getvalue().encode()
    with hold(path, version, *_list_files(declaration)):
        try:
            _try(declaration, content)
        except CarbonacctError as error:
            names = {(row["activity"], row["item"]): row["name"] for row in form["rows"]}
            raise TableError(_name_rows(error.args[0], [*others, *new], names)) from None
        write_whole(path / ENTERED, content)
        _declare(path, declaration, ENTERED)
    return {"rows": len(new)}


def _name_rows(text: object, rows: Sequence[Mapping[str, str]], names: Mapping[Any, str]) -> object:
    """Return what the reader says with the names of rows for the cells of a file that nobody has seen."""
    if not isinstance(text, Text):
        return text
    values = {key: _name_rows(value, rows, names) for key, value in text.values.items()}
    found = _CELL.search(str(values.get("address", "")))
    if found and 2 <= int(found[1]) < len(rows) + 2:
        row = rows[int(found[1]) - 2]
        key = row["activity"], row["item"]
        values["address"] = names.get(key, values["address"])
    return Text(text.template, values)


def _try(declaration: Declaration, content: bytes) -> None:
    """Refuse what the reader of activity data refuses."""
    with tempfile.TemporaryDirectory(prefix="carbonacct-") as scratch:
        trial = Path(scratch) / ENTERED
        trial.write_bytes(content)
        read_activities([trial], declaration.sources, area=declaration.area or None)


def _declare(place: Path, declaration: Declaration, path: str) -> None:
    if path not in {one.file for one in declaration.activities}:
        edit_declaration(place, lambda held: held.setdefault("activity", []).append({"file": path}))


def make_template(progress: Callable[[str], None], *, folder: str) -> bytes:
    """Return the workbook in which activity data are filled in."""
    progress("")
    declaration = open_project(Path(folder))
    with tempfile.TemporaryDirectory(prefix="carbonacct-") as scratch:
        target = Path(scratch) / "activity.xlsx"
        years = declaration.years
        year = years[0] if len(years) == 1 else None
        write_template(str(target), declaration.sources, area=declaration.area, year=year)
        return read_regular(target)


def declare_file(progress: Callable[[str], None], *, folder: str, path: str) -> dict[str, Any]:
    """Take a file of activity data into the project, if it can be read."""
    progress(path)
    place = Path(folder)
    declaration = open_project(place)
    try:
        years = declaration.years
        read_activities(
            [place / path],
            declaration.sources,
            area=declaration.area or None,
            year=years[0] if len(years) == 1 else None,
        )
        _declare(place, declaration, path)
    except CarbonacctError:
        if path not in {one.file for one in declaration.activities}:
            (place / path).unlink(missing_ok=True)
        raise
    return {}


def leave_out_file(
    progress: Callable[[str], None], *, folder: str, version: str, picked: str
) -> dict[str, Any]:
    """Leave a file of activity data out of the project; the file stays."""
    progress("")
    path = Path(folder)
    open_project(path)

    def change(held: dict[str, Any]) -> None:
        kept: Sequence[dict[str, Any]] = [
            one for one in held["activity"] if make_id("activity", str(one["file"])) != picked
        ]
        held["activity"] = kept
        if not kept:
            del held["activity"]

    with hold(path, version, path / FILE):
        edit_declaration(path, change)
    return {}
