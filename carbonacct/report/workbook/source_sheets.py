"""Sheets of the sectors other than energy: totals, entries, a sheet a source, its data, its factors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.inventory.entry_columns import COLUMNS, plain_columns
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.inventory.official.layouts import official_ids
from carbonacct.report.joined_inventories import join_frames
from carbonacct.report.key_category_tables import rank_key_categories
from carbonacct.report.sector_totals import SECTOR_NAMES, name_row, total_rows
from carbonacct.report.word_tables import WordTable
from carbonacct.report.workbook.flat import add_flat_values
from carbonacct.report.workbook.interval_sheets import add_intervals
from carbonacct.report.workbook.key_category_sheet import add_key_categories
from carbonacct.report.workbook.live_sources import LiveSources
from carbonacct.report.workbook.official_sheets import add_official_table
from carbonacct.report.workbook.plan import LIVE_NUMBERS
from carbonacct.report.workbook.table import (
    FIRST_ROW,
    Editable,
    Formula,
    SheetColumn,
    add_table,
)
from carbonacct.report.workbook.user_sheet import add_users
from carbonacct.sectors.sector_official import fill_official_tables
from carbonacct.texts import add_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.inventory.record import Inventory
    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.report.shown import Shown
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.report.workbook.table import Book
    from carbonacct.sectors.energy import EnergyInventory

ENTRIES = "entries"  # as programs know it
_SECTORS = ("各部门", "sectors")
# Columns of the flat tables that hold area, year and gas, and those of the totals.
_SAME = (("A", "A"), ("B", "B"), ("G", "C"))
LIVE_ENTRIES = 5_000  # beyond that the workbook holds values
_word = WordTable(
    {
        "sectors": ("各部门合计", "Totals by sector"),
        "live": (
            "各数由公式算出：改动活动水平或因子，合计随之变化。",
            "Numbers are formulas: change an activity or a factor, and the totals follow.",
        ),
        "void": (
            "无数据的合计缺少一项，原因见“检查发现”表。",
            "A total without a number lacks a part; findings says why.",
        ),
        "activities": ("各源的活动水平", "Activity data of the sources"),
        "factors": ("各源的因子，每行一次", "Factors of the sources, each row once"),
        "values": ("条目过多，只写数值", "Too many entries for formulas: values"),
    }
)
_head_word = WordTable(
    {
        "area": ("地区", "area"),
        "year": ("年份", "year"),
        "gas": ("气体", "gas"),
        "sector": ("部门", "sector"),
        "value": ("数值（t）", "value (t)"),
        "line": ("符号", "symbol"),
        "labels": ("品种", "labels"),
        "number": ("数值", "value"),
        "worked": ("数值", "value"),
        "unit": ("单位", "unit"),
        "formula": ("公式", "formula"),
        "name": ("名称", "name"),
        "place": ("出处", "where from"),
        "status": ("状态", "status"),
        "note": ("备注", "note"),
    }
)


def add_sectors(
    book: Book,
    shown: Shown,
    *,
    gwp: str | None = None,
    assessment: Assessment | None = None,
    statements: Sequence[StatedKey] = (),
) -> None:
    """Add the sheets of all sectors to a workbook.

    Parameters
    ----------
    shown
        With energy inventories, whose sheets the workbook holds: its totals then refer to them.
    gwp
        Name of a metric: the official tables have a column of CO2-equivalent.
    assessment
        What is known of the uncertainty of totals and categories
        (:func:`carbonacct.report.uncertainty_tables.assess_uncertainty`).
    statements
        Notation keys of categories without a number, as the compiler states them.
    """
    inventory, energy = shown.record, shown.energy
    held = inventory.entries
    is_own = (held["origin"] >= 0).to_numpy() & _is_source(inventory)
    own = held[is_own].reset_index(drop=True)
    live = len(own) <= LIVE_ENTRIES
    collected = LiveSources(book.lang)
    frame = plain_columns(own)
    values = [_live_value(inventory, collected, row) for row in own.itertuples()] if live else None
    _add_totals(book, inventory, live=live, with_energy=bool(energy))
    if assessment is not None:
        add_intervals(book, assessment, inventory)
    add_key_categories(book, rank_key_categories(inventory, gwp=gwp, uncertainty=assessment))
    _add_entries(book, frame, values)
    if live:
        _add_blocks(book, collected)
    if len(set(held["area"])) == 1:
        flat = join_frames(energy, gwp=gwp) if energy else None
        live &= flat is None or len(flat) <= LIVE_NUMBERS
        cells = _list_addresses(inventory, is_own, flat) if live else None
        _add_official(book, inventory, energy, gwp=gwp, cells=cells, statements=statements)


def _list_addresses(
    inventory: Inventory, is_own: np.ndarray, flat: pd.DataFrame | None
) -> list[str]:
    """Return the cell of each entry: in the table of entries, or in energy's flat table."""
    cells = np.full(len(inventory), "", dtype=object)
    cells[is_own] = [f"{ENTRIES}!H{line}" for line in range(2, 2 + int(is_own.sum()))]
    if flat is not None:
        names = ["area", "year", "flow", "product", "category", "scope", "gas"]
        keys = flat[names].itertuples(index=False, name=None)
        lines = {tuple(map(str, key)): line for line, key in enumerate(keys, start=2)}
        held = inventory.entries[names].itertuples(index=False, name=None)
        places = [lines.get(tuple(map(str, key))) for key in held]
        counted = ~is_own & (inventory.entries["kind"] != "memo").to_numpy()
        for entry in np.flatnonzero(counted):
            if places[entry]:
                cells[entry] = f"inventory!H{places[entry]}"
    return [str(cell) for cell in cells]


def _add_official(
    book: Book,
    inventory: Inventory,
    energy: Sequence[EnergyInventory],
    *,
    gwp: str | None,
    cells: Sequence[str] | None,
    statements: Sequence[StatedKey],
) -> None:
    """Add the tables of the provincial guideline, and of cities, of the latest year."""
    years = inventory.entries["year"]
    latest = years == years.max()
    here = inventory.select(year=int(years.max()))
    own = None if cells is None else [cells[at] for at in np.flatnonzero(latest).tolist()]
    names = (*(one for one in official_ids() if one.startswith("provincial")), "gpc")
    for table in fill_official_tables(here, names, energy=energy, gwp=gwp, statements=statements):
        more = table.entries.iloc[len(here) :]
        if len(more) and own is not None:  # what the table alone counts
            places = add_users(book, table, book.plan)
            keys = zip(more["origin"], more["cell"], strict=True)
            add_official_table(book, table, [*own, *(places[key] for key in keys)])
        else:
            add_official_table(book, table, own)


def _is_source(inventory: Inventory) -> np.ndarray:
    """Return which entries came from an equation."""
    kinds = np.array([isinstance(one, SourceOrigin) for one in inventory.origins] + [False])
    return np.asarray(kinds[inventory.entries["origin"].to_numpy()])


def _live_value(inventory: Inventory, collected: LiveSources, row: Any) -> Any:
    """Return the formula that refers to the entry's own cell, or its notation key."""
    if row.notation:
        return row.notation
    origin = inventory.origins[row.origin]
    assert isinstance(origin, SourceOrigin)  # noqa: S101 - only such entries are listed
    labels = origin.evaluation.labels(origin.block)
    place = np.unravel_index(row.cell, origin.evaluation.values(origin.block).shape)
    here = {dim: known[at] for (dim, known), at in zip(labels.items(), place[2:], strict=True)}
    address = collected.address(
        origin.evaluation, origin.block, {"area": row.area, "year": int(row.year), **here}
    )
    return Formula(f"={address}", row.value)


def _add_entries(book: Book, frame: pd.DataFrame, values: Sequence[Any] | None) -> None:
    """Add the flat table of entries, under the names that programs know."""
    frame = frame.assign(unit="t")[[*COLUMNS, "sector", "kind", "notation"]]
    if values is None:
        add_flat_values(book, frame, ENTRIES)
        return
    heads = [
        SheetColumn(name, {"value": "amount", "year": "year", "scope": "year"}.get(name, "text"))
        for name in frame.columns
    ]
    at = list(frame.columns).index("value")
    rows = (
        [*row[:at], value, *row[at + 1 :]]
        for row, value in zip(frame.itertuples(index=False, name=None), values, strict=True)
    )
    add_table(book, ENTRIES, heads, rows)


def _add_totals(book: Book, inventory: Inventory, *, live: bool, with_energy: bool) -> None:
    """Add totals by sector and gas, with and without land; those of parts are sums of cells."""
    rows: list[list[Any]] = []
    totals = set()
    periods = inventory.total()[["area", "year"]].drop_duplicates().to_records(index=False)
    for area, year in periods:
        table = total_rows(inventory.select(area=str(area), year=int(year)))
        for gas in dict.fromkeys(gas for _, values in table for gas in values):
            places: dict[str, str] = {}  # of the sectors that have a number
            for (name, values), (before, _) in zip(table, [("", {}), *table], strict=False):
                if gas not in values or name == "scope2":
                    continue
                line = FIRST_ROW + len(rows)
                cell: Any = values[gas]
                if np.isnan(cell):
                    cell = "NE"
                elif live:
                    text = _total_formula(name, before, (line, places), with_energy=with_energy)
                    cell = Formula(text, cell)
                if name in SECTOR_NAMES:
                    places[name] = f"E{line}"
                else:
                    totals.add(len(rows))
                identifier = name if name in SECTOR_NAMES else ""
                label = name_row(name, book.lang).strip()
                rows.append([str(area), int(year), gas, label, cell, identifier])
    heads = [_head(book, name) for name in ("area", "year", "gas", "sector", "value")]
    add_table(
        book,
        _SECTORS[0 if book.lang == "zh" else 1],
        [*heads, SheetColumn("id")],
        rows,
        title=_word("sectors", book.lang),
        notes=[_word("live" if live else "values", book.lang), _word("void", book.lang)],
        totals=frozenset(totals),
        color="#15803D",
    )


def _total_formula(
    name: str, before: str, where: tuple[int, dict[str, str]], *, with_energy: bool
) -> str:
    """Return the formula of a total: of a sector its entries, of a whole the cells of its sectors.

    What has a number of a whole that lacks a part is added up from the entries themselves.
    """
    line, places = where
    if name not in SECTOR_NAMES and name != "known":
        chosen = [cell for sector, cell in places.items() if name != "without" or sector != "land"]
        return f"=SUM({','.join(chosen)})"
    parts = [_sum_of(ENTRIES, line, '$L:$L,"<>memo"')]
    if name in SECTOR_NAMES:
        parts = [_sum_of(ENTRIES, line, f'$L:$L,"<>memo",{ENTRIES}!$K:$K,F{line}')]
    elif before == "without":
        parts = [_sum_of(ENTRIES, line, f'$L:$L,"<>memo",{ENTRIES}!$K:$K,"<>land"')]
    if with_energy and name in {"energy", "known"}:
        parts.append(_sum_of("inventory", line, "$F:$F,1"))
    return f"={'+'.join(parts)}"


def _sum_of(sheet: str, line: int, condition: str) -> str:
    """Return the sum of a flat table's values of the area, year and gas of a line."""
    same = ",".join(f"{sheet}!${letter}:${letter},{letter2}{line}" for letter, letter2 in _SAME)
    return f"SUMIFS({sheet}!$H:$H,{same},{sheet}!{condition})"


def _add_blocks(book: Book, collected: LiveSources) -> None:
    heads = [
        _head(book, name)
        for name in ("area", "year", "line", "labels", "worked", "unit", "formula")
    ]
    for (sector, block), rows in collected.blocks.items():
        title = block if rows.sheet == block else add_unit(rows.sheet, block, book.lang)
        add_table(book, rows.sheet, heads, rows.rows, title=title, notes=[sector], color="#9CA3AF")
    names = ("area", "year", "line", "name", "labels", "number", "unit", "place")
    add_table(
        book,
        collected.activities.sheet,
        [_head(book, name) for name in names],
        (_editable(row, 5) for row in collected.activities.rows),
        title=_word("activities", book.lang),
        notes=[_word("live", book.lang)],
        color="#1D4ED8",
    )
    columns = ("line", "labels", "number", "unit", "status", "place", "note")
    add_table(
        book,
        collected.factors.sheet,
        [_head(book, name) for name in columns],
        (_editable(row, 2) for row in collected.factors.rows),
        title=_word("factors", book.lang),
        notes=[_word("live", book.lang)],
        color="#1D4ED8",
    )


def _editable(row: Sequence[Any], at: int) -> list[Any]:
    value = row[at]
    return [*row[:at], Editable(value) if isinstance(value, float) else value, *row[at + 1 :]]


def _head(book: Book, name: str) -> SheetColumn:
    kinds = {"year": "year", "value": "amount", "number": "factor", "worked": "worked"}
    kind = kinds.get(name, "text")
    return SheetColumn(_head_word(name, book.lang), kind)
