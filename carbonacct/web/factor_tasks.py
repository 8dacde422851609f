"""Factors of a project: which are used, what another value would move, and a value that is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.catalogue import in_language, name_unit, tell_note
from carbonacct.projects.own_factors import (
    NewFactor,
    find_factor_file,
    keep_factor,
    list_others,
    list_used,
    try_factor,
)
from carbonacct.projects.project_declaration import FILE
from carbonacct.sheets.values import NUMBER, read_cell
from carbonacct.texts import join_parts
from carbonacct.web.changes import show_difference
from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import find_version, hold
from carbonacct.web.page_texts import name_parameter
from carbonacct.web.project_tasks import name_stage, open_at
from carbonacct.web.project_view import list_tables
from carbonacct.web.safe_names import make_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.factors import FactorRow, FactorSource
    from carbonacct.projects.own_factors import UsedFactor
    from carbonacct.projects.runs import Workshop

_MOST_SHOWN = 200


def list_factors(progress: Callable[[str], None], *, folder: str, lang: str) -> dict[str, Any]:
    """Return the factor rows that what was made uses, the weightiest first."""
    progress("")
    workshop = open_at(folder, making=False)
    used = list_used(workshop)
    return {
        "tables": len(list_tables(workshop.declaration)),
        "factors": [_show_used(one, lang) for one in used[:_MOST_SHOWN]],
        "more": max(len(used) - _MOST_SHOWN, 0),
    }


def read_factor(
    progress: Callable[[str], None], *, folder: str, lang: str, name: str
) -> dict[str, Any]:
    """Return a factor row that is used, and what other editions say of the same."""
    progress("")
    workshop = open_at(folder, making=False)
    used = _find(workshop, name)
    others = [
        {"id": _name(row), "value": f"{value:.6g}", **_show_source(row, source, lang)}
        for row, source, value in list_others(used)
    ]
    return {"factor": _show_used(used, lang), "others": others}


def try_value(
    progress: Callable[[str], None],
    *,
    folder: str,
    lang: str,
    name: str,
    chosen: str,
    value: str,
) -> dict[str, Any]:
    """Return what another value of a factor would move, by year, and the largest changes."""
    workshop = open_at(folder, progress=lambda text: progress(name_stage(text)))
    used = _find(workshop, name)
    new = _make_new(used, chosen, value)
    difference = try_factor(workshop, new)
    files = [FILE, find_factor_file(workshop.declaration, used.row)]
    return {
        "refused": [],
        "factor": _show_used(used, lang),
        "chosen": chosen,
        "value": f"{new.value:.10g}",
        **show_difference(difference, lang, causes=()),
        "version": find_version(*(workshop.declaration.folder / file for file in files)),
    }


def keep_value(
    progress: Callable[[str], None],
    *,
    folder: str,
    version: str,
    name: str,
    chosen: str,
    value: str,
    because: str,
    by: str,
) -> dict[str, Any]:
    """Keep another value of a factor among the project's own factors, with a reason."""
    progress("")
    if not because.strip() or not by.strip():
        raise WebError(422, "error.no_reason")
    workshop = open_at(folder, making=False)
    path = Path(folder)
    used = _find(workshop, name)
    files = [FILE, find_factor_file(workshop.declaration, used.row)]
    with hold(path, version, *(path / file for file in files)):
        on = datetime.now(UTC).date().isoformat()
        note = f"{because.strip()} ({by.strip()}, {on})"
        new = _make_new(used, chosen, value, note)
        return {"file": keep_factor(workshop, new)}


def _find(workshop: Workshop, name: str) -> UsedFactor:
    for one in list_used(workshop):
        if _name(one.row) == name:
            return one
    raise WebError(404, "error.no_page")


def _name(row: FactorRow) -> str:
    return make_id("factor", row.place)


def _make_new(used: UsedFactor, chosen: str, value: str, note: str = "") -> NewFactor:
    """Return the value that was chosen: that of another edition by its id, or a number."""
    place, unit = used.row.place, used.row.unit
    for row, source, other in list_others(used):
        if chosen == _name(row):
            text = f"{note}; {source.id}" if note else source.id
            printed = {"item": row.item, "table": row.table, "page": row.page}
            return NewFactor(place=place, value=other, unit=unit, note=text, **printed)
    number, status, flags = read_cell(value)
    if status != NUMBER or flags:
        raise WebError(422, "error.factor", text=value)
    return NewFactor(place=place, value=number, unit=unit, note=note)


def _show_used(used: UsedFactor, lang: str) -> dict[str, Any]:
    row = used.row
    gas, worth = max(used.worth.items(), key=lambda pair: pair[1])
    names = [
        vocabulary.name("product", row.product, lang) if row.product else "",
        vocabulary.name("flow", row.flow, lang) if row.flow else "",
        row.category,
        vocabulary.name("area", row.area, lang) if row.area else "",
        row.gas,
    ]
    return {
        "id": _name(row),
        "parameter": name_parameter(row.parameter, lang),
        "of": " · ".join(filter(None, names)),
        "value": f"{row.value:.10g}",
        "worth": worth,
        "gas": gas,
        **_show_source(row, used.source, lang),
    }


def _show_source(row: FactorRow, source: FactorSource, lang: str) -> dict[str, Any]:
    title = source.title_zh if lang == "zh" and source.title_zh else source.title
    years = (
        f"{row.first_year or ''}–{row.last_year or ''}" if row.first_year or row.last_year else ""
    )
    return {
        "unit": name_unit(row.unit, lang),
        "document": join_parts(lang, title, in_language(source.edition, lang), row.table),
        "item": row.item,
        "years": years,
        "place": row.place,
        "status": in_language(row.status, lang),
        "note": tell_note(row.note, lang),
    }
