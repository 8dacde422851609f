"""The report of all sectors as a Word document: a summary, energy's chapter, and a chapter a sector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.catalogue import in_language
from carbonacct.dim_names import name_labels
from carbonacct.errors import OutputError
from carbonacct.inventory.entry_columns import SECTORS
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.inventory.metrics import name_gas_above
from carbonacct.inventory.official.layouts import official_ids
from carbonacct.report.chapter.chapter_words import say
from carbonacct.report.chapter.declared_targets import write_targets
from carbonacct.report.chapter.declared_texts import write_declared_texts
from carbonacct.report.chapter.energy_chapter import (
    ChapterContext,
    join_areas,
    write_area,
    write_energy_chapter,
    write_findings,
)
from carbonacct.report.chapter.interval_section import write_inputs
from carbonacct.report.chapter.key_categories_of_all import write_key_categories
from carbonacct.report.chapter.supporting_sections import write_recalculation
from carbonacct.report.chapter.word_document import Chapter, set_up
from carbonacct.report.files import save_archive
from carbonacct.report.joined_inventories import join_frames
from carbonacct.report.key_category_tables import rank_key_categories
from carbonacct.report.official_rows import (
    headings,
    notes_of,
    rest_of,
    rows_of,
    show_number,
    word,
)
from carbonacct.report.page.page_content import list_rows
from carbonacct.report.sector_totals import SECTOR_NAMES, name_row, total_rows
from carbonacct.report.shown import show
from carbonacct.sectors.sector_official import fill_official_tables
from carbonacct.texts import add_unit_below
from carbonacct.texts import say as say_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.projects.differences import Difference
    from carbonacct.report.shown import Showable
    from carbonacct.report.uncertainty_tables import Assessment

    _TotalRow = tuple[str, Mapping[str, float]]


_THOUSAND = 1000.0
_LARGE = 1e4  # tonnes in the unit of the official tables
_BETWEEN = {"zh": "；", "en": " ; "}  # the lines of an equation


def write_chapter(
    inventories: Showable,
    path: str | Path,
    *,
    lang: str = "zh",
    gwp: str | None = None,
    uncertainty: Assessment | None = None,
    since: Difference | None = None,
    beside: KnownBeside | None = None,
) -> None:
    """Write the report of each area: summary of all sectors, a chapter for each, recalculation, quality.

    Of energy alone its chapter.

    Parameters
    ----------
    inventories
        Of all sectors, or energy inventories. The tables are those of the latest year of an area.
    path
        A .docx.
    lang
        ``"zh"`` or ``"en"``.
    gwp
        Name of a metric: tables get a column of CO2-equivalents.
    uncertainty
        From :func:`carbonacct.report.uncertainty_tables.assess_uncertainty`, below totals and
        categories.
    since
        What changed since an earlier inventory, from
        :func:`carbonacct.projects.comparison_by_cause.compare_inventories`; without it there is no
        section on recalculation.
    beside
        Verdicts on the targets of a project.

    Raises
    ------
    OutputError
        If there is no number to write, or there are two inventories of one area and year.

    Notes
    -----
    Tables are the official ones of the provincial guideline (``factors/reports/``); every figure is
    a sum of entries.
    """
    shown = show(inventories)
    if shown.is_energy_alone:
        context = ChapterContext(uncertainty=uncertainty, since=since, known=beside)
        write_energy_chapter(shown.energy, path, lang=lang, gwp=gwp, beside=context)
        return
    import docx  # noqa: PLC0415 - an extra

    inventory, energy = shown.record, shown.energy
    stated = beside.statements if beside else ()
    if not inventory.entries["value"].notna().any():
        raise OutputError(say_text("the inventory has no number to write"))
    document: Any = docx.Document()
    ranked = rank_key_categories(inventory, gwp=gwp, uncertainty=uncertainty)
    areas = list(dict.fromkeys(map(str, inventory.entries["area"])))
    last = int(inventory.entries["year"].max())
    named = say("report title", lang, area=join_areas(areas, lang), year=last)
    set_up(document, lang, title=named)
    for number, area in enumerate(areas):
        if number:
            document.add_page_break()
        held = inventory.select(area=area)
        year = int(held.entries["year"].max())
        here = held.select(year=year)
        own = [one for one in energy if area in one.table.areas and year in one.table.years]
        sectors = set(here.entries["sector"].unique()) - {"energy"}
        others = [one for one in SECTORS if one in sectors]
        printed = [one for one in map(_name_table, others) if one in official_ids()]
        filled = fill_official_tables(
            here, ["provincial", *printed, "gpc"], energy=own, gwp=gwp, statements=stated
        )
        tables = {table.layout.id: table for table in filled}
        chapter = Chapter(document, lang)
        chapter.heading("report title", 1, area=area, year=year)
        unit = _write_summary(chapter, here, (gwp, uncertainty), tables["provincial"])
        write_key_categories(chapter, ranked.select(area), unit=unit)
        write_inputs(chapter, uncertainty, held, year)
        write_targets(chapter, beside, area)
        write_declared_texts(chapter, beside, area)
        if own:
            frame = join_frames(energy, gwp=gwp)
            write_area(chapter, energy, frame[frame["area"] == area], area, statements=stated)
        for sector in others:
            _write_sector(chapter, here, sector, tables.get(_name_table(sector)))
        leaks = here.entries[(here.entries["sector"] == "energy") & _is_source(here)]
        if len(leaks):
            chapter.start("energy sources", area=area, year=year)
            _write_sources(chapter, here, leaks)
        chapter.start("report quality", area=area, year=year)
        if since is not None:
            write_recalculation(chapter, since, area)
            chapter.heading("quality")
        write_findings(chapter, inventory.findings)
        chapter.start("report cities", area=area, year=year)
        _write_cities(chapter, tables["gpc"])
    save_archive(document.save, path)


def _name_table(sector: str) -> str:
    """Return the id of the guideline's table of a sector, which not every sector has."""
    return f"provincial-{sector}"


def _choose_unit(rows: Sequence[_TotalRow], lang: str) -> tuple[float, str]:
    """Return the tonnes in the unit of CO2 and its equivalent, and its name.

    It is that of the official tables beside, and t where no total reaches one of these.
    """
    sizes = [values[gas] for _, values in rows for gas in values if gas.startswith("CO2")]
    is_large = any(size is not None and abs(size) >= _LARGE for size in sizes)
    return (_LARGE, say("large", lang)) if is_large else (1.0, "t")


def _write_summary(
    chapter: Chapter,
    here: Inventory,
    shown: tuple[str | None, Assessment | None],
    table: OfficialTable,
) -> tuple[float, str]:
    """Write totals by sector, and the guideline's summary of all sectors; return the unit of CO2."""
    lang, (gwp, assessment) = chapter.lang, shown
    intervals = assessment.intervals if assessment else None
    rows = total_rows(here, gwp=gwp, intervals=intervals)
    unit = _choose_unit(rows, lang)
    gases = list(dict.fromkeys(gas for _, values in rows for gas in values))
    units = {gas: unit if gas.startswith("CO2") else (1.0, "t") for gas in gases}
    chapter.heading("summary")
    chapter.table(
        "sector totals",
        [
            say("sector", lang),
            *(add_unit_below(name_gas_above(gas, lang), units[gas][1], lang) for gas in gases),
        ],
        [
            [
                name_row(name, lang).strip(),
                *(_show(values.get(gas), lang, scale=units[gas][0]) for gas in gases),
            ]
            for name, values in rows
        ],
        bold=frozenset(n for n, (name, _) in enumerate(rows) if name not in SECTOR_NAMES),
    )
    if bars := _list_sectors(rows):
        gas, values = bars
        named = [(name_row(name, lang).strip(), value / unit[0]) for name, value in values]
        chapter.bars("sector bars", named, gas=gas, unit=unit[1])
    chapter.text("report notes")
    _write_table(chapter, table)
    return unit


def _list_sectors(
    rows: Sequence[_TotalRow],
) -> tuple[str, list[tuple[str, float]]] | None:
    """Return the last gas that sectors have numbers of, CO2-equivalent where there is one, and these."""
    gases = list(dict.fromkeys(gas for _, values in rows for gas in values))
    for gas in reversed(gases):
        held = [
            (name, values[gas])
            for name, values in rows
            if name in SECTOR_NAMES and values.get(gas) is not None and np.isfinite(values[gas])
        ]
        if gas.startswith("CO2") and len(held) > 1:
            return gas, held
    return None


def _write_sector(
    chapter: Chapter,
    here: Inventory,
    sector: str,
    table: OfficialTable | None,
) -> None:
    """Write the chapter of a sector: its official table, its sources and their equations."""
    area, year = here.entries[["area", "year"]].iloc[0]
    name = SECTOR_NAMES[sector][0 if chapter.lang == "zh" else 1]
    chapter.start("sector title", area=area, year=int(year), sector=name)
    if table is not None:
        chapter.heading("sector results")
        _write_table(chapter, table)
    _write_sources(chapter, here, here.entries[here.entries["sector"] == sector])


def _write_cities(chapter: Chapter, table: OfficialTable) -> None:
    """Write the table of cities: gases of which a row has a number, the grades without their reasons."""
    lang, extra = chapter.lang, len(table.layout.rows[0].extra)
    gases = [
        column
        for column in range(len(table.columns))
        if np.isfinite(table.values[0, :, column]).any()
    ]
    last = 2 + extra + len(table.columns)
    kept = [*range(2 + extra), *(2 + extra + column for column in gases), last, last + 1]
    shown = rows_of(table, 0, lang)
    rows = [[_show_tonnes(cells[at]) for at in kept] for _, cells in shown]
    heads = headings(table, lang)
    for note in notes_of(table, lang):
        chapter.plain_text(note)
    title = table.layout.title_zh if lang == "zh" else table.layout.title_en
    chapter.table(
        "official",
        [heads[at] for at in kept],
        rows,
        bold=frozenset(at for at, (level, _) in enumerate(shown) if level == 0),
        weights=[0.9, 2.4, 0.6, 0.9, *[1.25] * len(gases), 0.7, 0.7],
        title=title,
    )
    _write_rest(chapter, table, title)


def _show_tonnes(cell: float | str) -> str:
    """Return a cell; of thousands of tonnes no hundredths, with a notation key behind them or without."""
    if isinstance(cell, float) and abs(cell) >= _THOUSAND:
        return f"{cell:,.0f}"
    number, between, key = str(cell).rpartition(", ")
    if isinstance(cell, str) and between and number.replace(",", "").replace(".", "").isdigit():
        return f"{_show_tonnes(float(number.replace(',', '')))}{between}{key}"
    return _show_text(cell)


def _show_text(cell: float | str) -> str:
    return cell if isinstance(cell, str) else show_number(cell)


def _write_table(chapter: Chapter, table: OfficialTable) -> None:
    """Write an official table, and what it leaves out."""
    lang = chapter.lang
    shown = rows_of(table, 0, lang)
    rows = [[_show_text(cell) for cell in cells[1:]] for _, cells in shown]
    title = table.layout.title_zh if lang == "zh" else table.layout.title_en
    chapter.table(
        "official",
        headings(table, lang)[1:],
        rows,
        bold=frozenset(n for n, (level, _) in enumerate(shown) if level == 0),
        title=title,
    )
    _write_rest(chapter, table, title)


def _write_rest(chapter: Chapter, table: OfficialTable, title: str) -> None:
    """Write what an official table leaves out."""
    lang = chapter.lang
    if rest := rest_of(table, 0, lang):
        chapter.table(
            "left out",
            [word(name, lang) for name in ("category", "flow", "gas", "value", "reason")],
            [[_show_text(cell) for cell in cells] for cells in rest],
            weights=[0.8, 1.8, 0.7, 1.2, 2.6],
            title=title,
        )


def _is_source(here: Inventory) -> np.ndarray:
    """Return which entries came from an equation."""
    kinds = np.array([isinstance(one, SourceOrigin) for one in here.origins] + [False])
    return np.asarray(kinds[here.entries["origin"].to_numpy()])


def _write_sources(chapter: Chapter, here: Inventory, entries: pd.DataFrame) -> None:
    """Write the equation and the document of each source, and its entries."""
    lang = chapter.lang
    chapter.heading("sector sources")
    described, rows = {}, []
    for row in list_rows(entries):
        origin = here.origins[row.origin] if row.origin >= 0 else None
        name, item = str(row.flow), str(row.product)
        if isinstance(origin, SourceOrigin):
            sector = origin.evaluation.sector
            block = sector.blocks[origin.block]
            name = sector.name_of(origin.block, lang)
            dims = [dim for dim in block.dims if dim != "gas"]
            item = name_labels(item, dims, lang)
            lines = _BETWEEN[lang].join(map(str.strip, block.text.strip().splitlines()))
            spelt = in_language(sector.spell(lines), lang)
            described[name] = [name, spelt, block.cite or sector.reference]
        value = str(row.notation) or show_number(float(row.value))
        rows.append([name, item, str(row.category), str(row.gas), value])
    if described:
        chapter.table(
            "equations",
            [say(key, lang) for key in ("source", "equation", "cite")],
            list(described.values()),
            weights=[1.6, 3.4, 2.6],
        )
    chapter.table(
        "entries",
        [say(key, lang) for key in ("source", "item", "category", "gas column", "tonnes")],
        rows,
        weights=[2.6, 2.0, 1.0, 0.9, 1.4],
    )


def _show(value: float | None, lang: str, *, scale: float) -> str:
    """Return tonnes in a unit; a sum that lacks a part says that it is no number."""
    if value is None:
        return ""
    return say("none", lang) if np.isnan(value) else show_number(value / scale)
