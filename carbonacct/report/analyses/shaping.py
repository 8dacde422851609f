"""From an analysis to its section: columns with names and units, ids by their names, charts by their recipes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.catalogue import in_language
from carbonacct.report.analyses.analysis_words import (
    LANGUAGES,
    find_row,
    find_scale,
    find_unit,
    kind_of,
    name_asked,
    name_evidence,
    name_factor,
    name_input,
    name_quantity,
    name_sector,
    names_of,
    word,
)
from carbonacct.report.analyses.recipes import RECIPES
from carbonacct.report.analyses.section import Column, Section, Table, find_digits
from carbonacct.report.brief.brief_wording import unit_of
from carbonacct.report.page.page_words import show_gas
from carbonacct.report.standalone_names import name_key_category
from carbonacct.texts import Both

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from carbonacct.analysis.analysis_result import Analysis

_MOST_FINDINGS = 20
_ROUNDING = 1e-9  # of the largest effect: what a method leaves below it is no number of its own
_SEVERITIES = ("error", "warning", "info")
# Words of an analysis that name columns of a panel, or ratios of them.
_QUANTITIES = frozenset({"value", "pressure", "driver", "ratio"})


def make_section(analysis: Analysis, lang: str) -> Section:
    """Return the section that people read of an analysis.

    Parameters
    ----------
    analysis
        Of a kind that ``factors/analyses/analyses.toml`` has.
    lang
        ``"zh"`` or ``"en"``.
    """
    if analysis.parts:
        return _join_sections(analysis, lang)
    kind, place = kind_of(analysis.kind), LANGUAGES.index(lang)
    said = name_words(analysis, lang)
    charts: list[Any] = []
    notes = [note[place].format(**said) for note in kind["notes"]]
    for name in kind["charts"]:
        drawn, more = RECIPES[name](analysis, lang)
        charts += drawn
        notes += [more] if more and more not in notes else []
    return Section(
        title=kind["title"][place].format(**said),
        lang=lang,
        tables=tuple(_make_tables(analysis, kind, said, lang)),
        charts=tuple(charts),
        notes=tuple(notes),
        findings=tuple(_tell_findings(analysis, lang)),
        sources=tuple(source.format(**said) for source in kind["sources"]),
        made=tuple(_tell_made(analysis, lang)),
    )


def _join_sections(analysis: Analysis, lang: str) -> Section:
    """Return one section of the analyses of several quantities: a table each, all charts."""
    made = [
        make_section(replace(part, units=analysis.units, series=analysis.series), lang)
        for part in analysis.parts
    ]
    kind, place = kind_of(analysis.kind), LANGUAGES.index(lang)
    parts = [name_words(part, lang) for part in analysis.parts]
    if len(made) > 1:
        captions = [kind.get("caption", kind["title"])[place].format(**words) for words in parts]
        made = [
            replace(one, tables=tuple(replace(table, caption=caption) for table in one.tables))
            for one, caption in zip(made, captions, strict=True)
        ]
    said: dict[str, list[str]] = {}
    for words in parts:
        for key, name in words.items():
            said.setdefault(key, []).append(name)
    comma = "、" if lang == "zh" else ", "
    return Section(
        title=kind["title"][place].format(
            **{key: comma.join(dict.fromkeys(names)) for key, names in said.items()}
        ),
        lang=lang,
        tables=tuple(table for one in made for table in one.tables),
        charts=tuple(chart for one in made for chart in one.charts),
        notes=tuple(dict.fromkeys(note for one in made for note in one.notes)),
        findings=tuple(_tell_findings(analysis, lang)),
        sources=tuple(dict.fromkeys(source for one in made for source in one.sources)),
        made=tuple(_tell_made(analysis, lang)),
    )


def name_words(analysis: Analysis, lang: str) -> dict[str, str]:
    """Return what was asked for as a title says it."""
    return {
        key: name_quantity(value, lang)
        if key in _QUANTITIES
        else show_gas(value)
        if key == "gas"
        else in_language(value, lang)
        if isinstance(value, Both)
        else value
        for key, value in analysis.words.items()
    }


def _tell_findings(analysis: Analysis, lang: str) -> list[tuple[str, str]]:
    found = sorted(analysis.findings, key=lambda one: _SEVERITIES.index(one.severity))
    told = [(one.severity, in_language(str(one), lang)) for one in found[:_MOST_FINDINGS]]
    return list(dict.fromkeys(told))


def _tell_made(analysis: Analysis, lang: str) -> list[tuple[str, str]]:
    made = analysis.made
    if not made:
        return []
    files = [
        (word("input", lang), f"{one['name']} (sha256 {one['sha256'][:16]})")
        for one in made["inputs"]
    ]
    return [
        (word("program", lang), made["program"]),
        (word("command", lang), made["command"]),
        *files,
    ]


def _make_tables(
    analysis: Analysis, kind: Mapping[str, Any], said: Mapping[str, str], lang: str
) -> list[Table]:
    """Return the tables: one, or one a label of the column that units stand apart by."""
    frame, apart = analysis.frame, kind.get("apart")
    if apart is None or apart not in frame.columns:
        return [_make_table(analysis, frame, kind, said, lang=lang)]
    return [
        _make_table(analysis, part, kind, {**said, "apart": str(label)}, lang=lang)
        for label, part in frame.groupby(apart, sort=False)
    ]


def _make_table(
    analysis: Analysis,
    frame: pd.DataFrame,
    kind: Mapping[str, Any],
    said: Mapping[str, str],
    *,
    lang: str,
) -> Table:
    spread: tuple[str, ...] = ()
    places = pd.DataFrame(dict.fromkeys(frame.columns, frame.index))
    wanted = [name for entry in kind["columns"] for name in _match_columns(entry, frame)]
    keys = [name for name in analysis.by if name in frame.columns and name not in wanted]
    if (pivot := kind.get("pivot")) and set(pivot.values()) <= set(frame.columns):
        wanted = [name for name in wanted if name != pivot["values"]]
        frame, places, spread = _spread(frame, [*keys, *wanted], pivot)
    numbers = pd.concat([frame[name] for name in spread]) if spread else pd.Series(dtype=float)
    scale, unit = find_scale(analysis, lang)
    digits, least = find_digits(numbers / scale), _ROUNDING * numbers.abs().max()
    spread = tuple(n for n in spread if n != "residual" or (frame[n].abs() > least).any())
    order = [name for name in [*keys, *wanted, *spread] if frame[name].notna().any()]
    columns, held = [], {}
    for name in order:
        column, values = _make_column(analysis, frame, name, said, lang=lang)
        if pivot and name in spread and column.digits is not None:
            column = replace(
                column, source=pivot["values"], unit=unit, digits=digits, factor=1.0 / scale
            )
            values = frame[name].astype(float) / scale
        elif column.digits is not None:
            column = replace(column, source=name)
        columns.append(column)
        held[name] = values
    caption = said.get("apart", "") or word("table", lang)
    caption = names_of("quantity", lang).get(caption, caption)
    return Table(
        caption=caption,
        columns=tuple(columns),
        frame=pd.DataFrame(held),
        places=places[order],
    )


def _match_columns(entry: str, frame: pd.DataFrame) -> list[str]:
    """Return the columns that an entry names: itself, or with a star those that end in a year."""
    names = list(map(str, frame.columns))
    if not entry.endswith("*"):
        return [entry] if entry in names else []
    return [name for name in names if name[:-4] == entry[:-1] and name[-4:].isdigit()]


def _spread(
    frame: pd.DataFrame, keys: list[str], pivot: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Return a column for each name of the pivot in the order of the rows, and the rows that they are of."""
    names = tuple(str(name) for name in dict.fromkeys(frame[pivot["names"]]))
    group = frame.groupby(keys, sort=False, dropna=False).ngroup().rename("group")
    labels = frame[keys].groupby(group).first()
    rows = frame.index.to_series()
    wide, places = (
        held.groupby([group, frame[pivot["names"]]]).first().unstack().rename(columns=str)  # noqa: PD010 - a label each
        for held in (frame[pivot["values"]], rows)
    )
    firsts = rows.groupby(group).first()
    return labels.join(wide), places.assign(**dict.fromkeys(keys, firsts)), names


def _make_column(
    analysis: Analysis, frame: pd.DataFrame, name: str, said: Mapping[str, str], *, lang: str
) -> tuple[Column, pd.Series]:
    """Return a column and its cells: ids by their names, numbers in the unit of the column."""
    row, year = find_row(analysis.kind, name)
    heading = (
        row[lang].format(**{**said, "year": year}) if row else _name_column(analysis, name, lang)
    )
    unit, factor = _find_unit(analysis, frame, row, name, lang=lang)
    values = frame[name].infer_objects()
    if values.dtype.kind in "iuf" or str(values.dtype) in {"Int64", "Float64"}:
        numbers = values.astype(float) * factor
        told = (row or {}).get("digits") or ""
        is_year = told == "year"
        digits = 0 if is_year else int(told) if told else find_digits(numbers)
        column = Column(
            name, heading, unit, digits=digits, factor=factor, is_year=is_year, lang=lang
        )
        return column, numbers
    return Column(name, heading, unit, lang=lang), _name_cells(analysis, frame[name], lang)


def _find_unit(
    analysis: Analysis,
    frame: pd.DataFrame,
    row: Mapping[str, str] | None,
    name: str,
    *,
    lang: str,
) -> tuple[str, float]:
    """Return the unit of a column, and by what its numbers are multiplied: tonnes become the mass of reports."""
    if row is None:
        return analysis.units.get(name, ""), 1.0
    own = set(frame["unit"]) if "unit" in frame.columns else set()
    value = own.pop() if len(own) == 1 else find_unit(analysis)
    scale, mass = unit_of(lang)
    is_mass = "{mass}" in row["unit"] or (value == "t" and "{value}" in row["unit"])
    unit = row["unit"].format(value=mass if is_mass else value, mass=mass)
    factor = 1.0 / scale if is_mass else float(row["scale"] or 1.0)
    return "" if unit.startswith("/") else unit, factor


def _name_column(analysis: Analysis, name: str, lang: str) -> str:
    """Return the heading of a column that the data bring: a factor, an indicator, a dim."""
    return analysis.names.get(name) or name_factor(name, lang)


_NAMERS: dict[str, Callable[[str, str], str]] = {
    "term": name_factor,
    "category": name_key_category,
    "quantity": name_quantity,
    "sector": name_sector,
    "gas": lambda gas, _: show_gas(gas),
    "item": name_input,
    "asked": name_asked,
    "evidence": name_evidence,
}


def _name_cells(analysis: Analysis, values: pd.Series, lang: str) -> pd.Series:
    column = str(values.name)
    known = {**names_of(column, lang), **analysis.names}

    def name(value: object) -> object:
        if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN is not itself
            return ""
        text = str(value)
        if text == "total":
            return word("sum", lang)
        if column in _NAMERS:
            return _NAMERS[column](text, lang)
        return in_language(known.get(text) or text, lang)

    return values.map(name)
