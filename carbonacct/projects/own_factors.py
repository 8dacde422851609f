"""Another value for a factor of a project: what it would move, and its row among the project's own factors.

A factor row that is used is replaced by a row of the same keys in the project's overlay. It is tried
first in a folder of the store: nothing of the project changes, and what is compiled is in the store
when the row is kept.
"""

from __future__ import annotations

import csv
import io
import math
import secrets
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from carbonacct.data import harmless, read_rows
from carbonacct.errors import ProjectError
from carbonacct.factors import edition_ids, load_edition, read_edition, row_value
from carbonacct.factors.editions import COLUMNS
from carbonacct.projects.build import open_workshop
from carbonacct.projects.differences import compare_entries
from carbonacct.projects.editing import edit_declaration
from carbonacct.projects.project_declaration import Overlay
from carbonacct.projects.store import FOLDER as STORE
from carbonacct.projects.store import write_whole
from carbonacct.projects.stored import gather_entries
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from carbonacct.factors import FactorRow, FactorSource
    from carbonacct.projects.differences import Difference
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.runs import Workshop

FOLDER = "own_factors"
_CONSTANT = "carbon_to_co2"  # a ratio of molecular weights: nothing to measure
_KEYS = ("product", "flow", "category", "area", "from", "to", "gas")
_SOURCE = """\
title = "Own factors of {name}"
title_zh = "{name}自有因子"
publisher = "{name}"
edition = "1"
date = "{date}"
reference = "as the note of each row says"
"""


@dataclass(frozen=True)
class UsedFactor:
    """A factor row that entries of a project use.

    Attributes
    ----------
    row, source
        The row, and the edition that it is of.
    worth
        Emissions whose factor it is a part of, by gas, t.
    """

    row: FactorRow
    source: FactorSource
    worth: Mapping[str, float]


@dataclass(frozen=True)
class NewFactor:
    """A value for a factor row that is used, and why.

    Attributes
    ----------
    place
        Of the row that it stands for.
    value, unit
        The value.
    item, table, page
        What the document that it is of says of it.
    note
        The reason, who gives it, and the day.
    """

    place: str
    value: float
    unit: str
    note: str
    item: str = ""
    table: str = ""
    page: str = ""


def list_used(workshop: Workshop) -> list[UsedFactor]:
    """Return the factor rows that the entries of energy name, the one that most emissions hang on first."""
    entries, _ = gather_entries(workshop)
    worth: dict[str, dict[str, float]] = {}
    for factors, gas, value in zip(
        entries["factors"], entries["gas"], entries["value"], strict=True
    ):
        if value != value:  # noqa: PLR0124 - no number
            continue
        for part in filter(None, factors.split("; ")):
            place = part.rpartition(" (")[2].removesuffix(")")
            by_gas = worth.setdefault(place, {})
            by_gas[str(gas)] = by_gas.get(str(gas), 0.0) + abs(float(value))
    rows = dict(_list_rows(workshop, {place.partition("/")[0] for place in worth}))
    found = [UsedFactor(*rows[place], worth[place]) for place in worth if place in rows]
    return sorted(found, key=lambda one: (-max(one.worth.values()), one.row.place))


def _list_rows(
    workshop: Workshop, editions: set[str]
) -> Iterator[tuple[str, tuple[FactorRow, FactorSource]]]:
    declaration = workshop.declaration
    sources = [load_edition(one) for one in sorted(editions) if one in edition_ids()]
    folders = dict.fromkeys(overlay.folder for overlay in declaration.overlays)
    sources += [read_edition(declaration.folder / folder) for folder in folders]
    for source in sources:
        for row in source.rows:
            if not row.labels and row.parameter != _CONSTANT:
                yield row.place, (row, source)


def find_used(workshop: Workshop, place: str) -> UsedFactor:
    """Return a factor row that is used, by its place.

    Raises
    ------
    ProjectError
        If no entry uses it.
    """
    for one in list_used(workshop):
        if one.row.place == place:
            return one
    raise ProjectError(say("{place}: no entry uses this factor now; choose again", place=place))


def list_others(used: UsedFactor) -> list[tuple[FactorRow, FactorSource, float]]:
    """Return what other editions say of the same thing, with the value in the unit of the row that is used."""
    own, found = used.row, []
    for identifier in edition_ids():
        source = load_edition(identifier)
        for row in source.rows if identifier != used.source.id else ():
            alike = (row.parameter, row.product, row.flow, row.category, row.area) == (
                own.parameter,
                own.product,
                own.flow,
                own.category,
                own.area,
            )
            if alike and (row.gas or "CO2") == (own.gas or "CO2") and not math.isnan(row.value):
                value = _in_unit(row, own.unit)
                if value is not None:
                    found.append((row, source, value))
    return found


def _in_unit(row: FactorRow, unit: str) -> float | None:
    """Return the value of a row in a unit, None of another kind of unit."""
    try:
        return row.value if row.unit == unit else row_value(row, unit)
    except ValueError:
        return None


def try_factor(workshop: Workshop, new: NewFactor) -> Difference:
    """Return what a value for a factor would move; the project stays as it is.

    Raises
    ------
    ProjectError, FactorDataError
        If the row is not used, the project has several overlays, or the value is no such factor.
    """
    declaration = workshop.declaration
    overlay = _find_overlay(declaration)
    trial = f"{STORE}/trial-{secrets.token_hex(8)}/{(overlay or FOLDER).rpartition('/')[2]}"
    path = declaration.folder / trial
    try:
        if overlay:
            shutil.copytree(declaration.folder / overlay, path)
        _write(path, declaration, find_used(workshop, new.place).row, new)
        tried = replace(declaration, overlays=(Overlay(trial),))
        again = open_workshop(tried, progress=workshop.progress, program=workshop.program)
        after, _ = gather_entries(again)
        if refused := [run.refused for run in again.all_runs() if run.refused]:
            raise ProjectError(join_texts("; ", refused))
        before, _ = gather_entries(workshop)
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)
    return compare_entries(before, after)


def keep_factor(workshop: Workshop, new: NewFactor) -> str:
    """Keep a value as a row of the project's own factors; return the file, relative to the project.

    Raises
    ------
    ProjectError, FactorDataError
        As :func:`try_factor`.
    """
    declaration = workshop.declaration
    overlay = _find_overlay(declaration)
    row = find_used(workshop, new.place).row
    folder = overlay or FOLDER
    _write(declaration.folder / folder, declaration, row, new)
    if not overlay:
        edit_declaration(declaration.folder, lambda held: held.update(overlay=[{"folder": FOLDER}]))
    return f"{folder}/{row.parameter}.csv"


def find_factor_file(declaration: Declaration, row: FactorRow) -> str:
    """Return the file that a kept value of a row goes to, relative to the project."""
    return f"{_find_overlay(declaration) or FOLDER}/{row.parameter}.csv"


def _find_overlay(declaration: Declaration) -> str:
    """Return the folder of own factors that a row goes to, "" where there is none yet."""
    overlays = declaration.overlays
    if len(overlays) > 1 or any(one.areas or one.years for one in overlays):
        raise ProjectError(
            say(
                "the project has own factors for some areas or years alone ({folders}); "
                "write the row into the folder that it is for",
                folders=join_texts(", ", (one.folder for one in overlays)),
            )
        )
    return overlays[0].folder if overlays else ""


def _write(folder: Path, declaration: Declaration, row: FactorRow, new: NewFactor) -> None:
    """Write a row into a folder of own factors, in the place of one with the same keys.

    What it held stays if it is wrong.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    about = folder / "source.toml"
    if not about.is_file():
        text = _SOURCE.format(name=declaration.name, date=datetime.now(UTC).date().isoformat())
        write_whole(about, text.encode())
    path = folder / f"{row.parameter}.csv"
    before = path.read_bytes() if path.is_file() else None
    keys = dict(zip(_KEYS, _keys_of(row), strict=True))
    rows = [one for one in (read_rows(path) if before else []) if not _has(one, keys)]
    made: dict[str, Any] = {
        **keys,
        "item": new.item,
        "value": repr(new.value),
        "unit": new.unit,
        "table": new.table,
        "page": new.page,
        "status": "single",
        "note": harmless(new.note),
    }
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, made])
    write_whole(path, held.getvalue().encode())
    # The whole edition is read as a method reads it; a row that spoils it is taken out again.
    try:
        read_edition(folder)
    except BaseException:
        if is_new:
            shutil.rmtree(folder)
        elif before is None:
            path.unlink()
        else:
            write_whole(path, before)
        raise


def _keys_of(row: FactorRow) -> tuple[str, ...]:
    years = (row.first_year or "", row.last_year or "")
    return (row.product, row.flow, row.category, row.area, *map(str, years), row.gas)


def _has(one: Mapping[str, str], keys: Mapping[str, str]) -> bool:
    return all(one.get(key, "") == value for key, value in keys.items())
