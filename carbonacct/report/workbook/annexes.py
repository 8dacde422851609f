"""Sheets that go with an inventory that is handed in: official tables, quality, uncertainty, key categories."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.catalogue import in_language
from carbonacct.errors import CarbonacctError, NotationError
from carbonacct.report.standalone_names import name_entry, name_key_category, name_technique
from carbonacct.report.stated_texts import NOTED, STATED, describe_note, describe_stated
from carbonacct.report.target_tables import COLUMNS, show_targets
from carbonacct.report.target_tables import word as target_word
from carbonacct.report.workbook.index_sheet import add_indices
from carbonacct.report.workbook.links import link_comparison, link_guideline, link_sectoral
from carbonacct.report.workbook.reference_links import Reference, link_approaches, link_reference
from carbonacct.report.workbook.supporting_sheets import add_account
from carbonacct.report.workbook.table import SheetColumn, add_table
from carbonacct.report.workbook.workbook_words import word
from carbonacct.sectors.energy.approach_comparison import shared_approaches
from carbonacct.sectors.energy.energy_official import (
    COMPARISON,
    GUIDELINE,
    OF_CATEGORIES,
    REFERENCE,
    SECTORAL,
    fill_tables,
)
from carbonacct.sectors.energy.quality import check_quality
from carbonacct.texts import add_unit_below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.report.workbook.plan import Plan
    from carbonacct.report.workbook.table import Book
    from carbonacct.sectors.energy import EnergyInventory

_GREEN = "#4B7F52"
_KINDS = {
    "year": "year",
    "scope": "year",
    "draws": "whole",
    "seed": "year",
    **dict.fromkeys(("filled value", "filled lower", "filled upper"), "amount"),
    **dict.fromkeys(("because", "message", "note"), "wrapped"),
}
_FILLED = (
    *("area", "year", "flow", "product", "category", "scope", "gas"),
    *("filled value", "filled lower", "filled upper", "technique", "because"),
)
_NAMES = {"place": "accepted place"}  # where a name is a word of another sheet as well
_ACCEPTED = ("rule", "area", "year", "place", "because", "by", "on", "review_by")
_UNIT = re.compile(r"^(.+)_(10kt|kt)$")


def add_official(book: Book, plan: Plan, statements: Sequence[StatedKey] = ()) -> None:
    """Add the official tables of one area and year: sums of traces, and a notation key where there is no number."""
    inventory = plan.inventories[0]
    other = "en" if book.lang == "zh" else "zh"
    large = "万吨" if book.lang == "zh" else "10⁴ t"
    for name, frame in _fill(inventory, statements).items():
        linked = _link(plan, name, frame, book.lang)
        shown = linked.drop(columns=[f"name_{other}"], errors="ignore")
        if "product" in shown:  # its name stands in that column
            shown = shown.drop(columns=[f"name_{book.lang}"], errors="ignore")
        gases = {
            column: found
            for column in shown.columns
            if (found := _UNIT.match(str(column))) and found[1].isupper()
        }
        shown = shown.rename(
            columns={
                column: add_unit_below(found[1], found[2].replace("10kt", large), book.lang)
                for column, found in gases.items()
            }
        )
        add_account(book, name, [shown], [word("official note", book.lang)], units={}, color=_GREEN)


def _link(plan: Plan, name: str, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return an official table with formulas, as far as it restates the inventory or the reference approach."""
    inventory = plan.inventories[0]
    where = inventory.table.areas[0], inventory.table.years[0]
    if name == SECTORAL:
        return link_sectoral(plan, frame, where, lang)
    if name == GUIDELINE:
        return link_guideline(plan, frame, where, lang)
    if name == REFERENCE:
        names = frame.drop(columns=["name_zh", "name_en"], errors="ignore")
        return link_reference(plan, Reference(name, names), [where] * len(frame), lang)
    if name == COMPARISON:
        came_in = Reference(
            word("reference", lang), shared_approaches(inventory).reference.to_frame()
        )
        linked = link_approaches(frame, [where] * len(frame), came_in)
        return link_comparison(plan, linked, [where] * len(frame), lang)
    return frame


def _fill(inventory: EnergyInventory, statements: Sequence[StatedKey]) -> dict[str, pd.DataFrame]:
    """Return the official tables that the method can fill; why there is no reference approach stands on its sheet."""
    try:
        return fill_tables(inventory, statements=statements)
    except NotationError:
        raise
    except CarbonacctError:
        return fill_tables(inventory, tables=list(OF_CATEGORIES), statements=statements)


def add_quality(book: Book, inventories: Sequence[EnergyInventory]) -> None:
    """Add the quality checks of finished inventories, errors first."""
    names = ("severity", "rule", "where", "message", "action")
    heads = [
        SheetColumn(word(name, book.lang), "wrapped" if name in {"message", "action"} else "text")
        for name in names
    ]
    rows = (
        [in_language(getattr(finding, name), book.lang) for name in names]
        for finding in check_quality(inventories)
    )
    add_table(
        book,
        word("quality", book.lang),
        heads,
        rows,
        title=word("title quality", book.lang),
        notes=[word("quality note", book.lang)],
        color=_GREEN,
    )


def add_uncertainty(book: Book, assessment: Assessment) -> None:
    """Add the interval of each area and year, and the key categories."""
    lang = book.lang
    found = assessment.intervals
    intervals = pd.DataFrame(
        {
            "area": found["area"],
            "year": found["year"],
            "emissions": found["value"],
            "lower bound": found["lower"],
            "upper bound": found["upper"],
            "below": 100 * (found["lower"] / found["value"] - 1),
            "above": 100 * (found["upper"] / found["value"] - 1),
            **{name: found[name] for name in ("mean", "sd", "level", "draws", "seed")},
        }
    )
    found = assessment.categories
    trend = (
        {"base": found["base"], "share of trend": 100 * found["trend_contribution"]}
        if found["base"].notna().any()
        else {}
    )
    categories = pd.DataFrame(
        {
            "area": found["area"],
            "year": found["year"],
            "category": [name_key_category(category, lang) for category in found["category"]],
            "gas": found["gas"],
            "latest": found["latest"],
            "share of level": 100 * found["level"],
            "cumulative": 100 * found["level_cumulative"],
            **trend,
            **{
                name: found[name]
                for name in ("activity_uncertainty", "factor_uncertainty", "criteria")
            },
        }
    )
    notes_of = {
        is_trend: [
            in_language(str(one), lang)
            for one in assessment.findings
            if (one.rule == "trend-coverage") == is_trend
        ]
        for is_trend in (False, True)
    }
    for key, frame, notes in (
        ("uncertainty", intervals, notes_of[False]),
        ("key categories", categories, notes_of[True]),
    ):
        heads = [
            SheetColumn(
                word(str(name), lang),
                _KINDS.get(str(name), "text" if frame[name].dtype.kind == "O" else "amount"),
            )
            for name in frame.columns
        ]
        rows = frame.itertuples(index=False, name=None)
        add_table(
            book,
            word(key, lang),
            heads,
            rows,
            title=word(f"title {key}", lang),
            notes=[word(f"{key} note", lang), *notes],
            color=_GREEN,
        )


def add_beside(book: Book, beside: KnownBeside) -> None:
    """Add what rules filled, what somebody accepted, stated notation keys, notes, verdicts on targets, indices."""
    lang = book.lang
    filled = [
        (
            row.area,
            row.year,
            *name_entry(str(row.flow), str(row.product), lang),
            *(row.category, row.scope, row.gas, row.value, row.lower, row.upper),
            name_technique(str(row.method), lang),
            row.because,
        )
        for row in beside.filled.itertuples()
    ]
    accepted = [
        (*(str(getattr(one, name)) for name in _ACCEPTED), in_language(str(finding), lang))
        for one, finding in beside.accepted
    ]
    stated = [tuple(describe_stated(one, lang).values()) for one in beside.statements]
    notes = [tuple(describe_note(one, lang).values()) for one in beside.notes]
    tables: tuple[tuple[str, tuple[str, ...], Sequence[tuple[object, ...]]], ...] = (
        ("filled", _FILLED, filled),
        ("accepted", (*_ACCEPTED, "message"), accepted),
        ("stated", STATED, stated),
        ("notes", NOTED, notes),
    )
    for key, names, rows in tables:
        if rows:
            kinds = _KINDS if key == "filled" else {**_KINDS, "year": "text"}  # * is of all years
            heads = [
                SheetColumn(word(_NAMES.get(name, name), lang), kinds.get(name, "text"))
                for name in names
            ]
            title, note = word(f"title {key}", lang), word(f"{key} note", lang)
            add_table(book, word(key, lang), heads, rows, title=title, notes=[note], color=_GREEN)
    add_targets(book, beside)
    add_indices(book, beside, _GREEN)


def add_targets(book: Book, beside: KnownBeside) -> None:
    """Add how declared targets stand, or why that cannot be said."""
    lang = book.lang
    if not (len(beside.targets) or beside.untold):
        return
    rows = show_targets(beside.targets, lang, beside.units) if len(beside.targets) else []
    notes = [target_word("note", lang)]
    if beside.untold:
        notes.append(in_language(beside.untold, lang))
    add_table(
        book,
        target_word("targets", lang),
        [SheetColumn(target_word(name, lang)) for name in COLUMNS],
        ([row[name] for name in COLUMNS] for row in rows),
        title=target_word("targets", lang),
        notes=notes,
        color=_GREEN,
    )
