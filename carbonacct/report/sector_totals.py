"""What a command prints of an inventory of all sectors: totals by sector, and what they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.dim_names import name_labels
from carbonacct.inventory.entry_columns import SECTORS
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.report.grouping import group_findings
from carbonacct.report.standalone_names import name_flow
from carbonacct.report.terminal import list_files, list_findings
from carbonacct.report.word_tables import WordTable
from carbonacct.text_columns import count_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from carbonacct.inventory.record import Inventory

SECTOR_NAMES = {
    "energy": ("能源活动", "energy"),
    "processes": ("工业生产过程", "industrial processes"),
    "agriculture": ("农业", "agriculture"),
    "land": ("土地利用变化和林业", "land use and forestry"),
    "waste": ("废弃物处理", "waste"),
    "other": ("其他", "other"),
}
_word = WordTable(
    {
        "without": ("合计（不含土地利用变化和林业）", "total without land"),
        "with": ("合计（含土地利用变化和林业）", "total with land"),
        "total": ("合计", "total"),
        "known": ("  其中有数据的部分", "  of what has a number"),
        "lower": ("  95 % 区间下限", "  lower end (95 %)"),
        "upper": ("  95 % 区间上限", "  upper end (95 %)"),
        "scope2": ("净调入电力与热力（范围二）", "electricity and heat brought in, net (scope 2)"),
        "none": ("无数据", "no number"),
        "lacks": ("  ! 无数据：{names}", "  ! no number: {names}"),
        "more": (" 等 {count} 个", " and {count} more"),
    }
)
_IN_FULL = 4  # areas and years that are shown sector by sector
_SHOWN = 3  # findings of one rule
_NAMED = 6  # entries without a number


def summarise_sectors(
    inventory: Inventory,
    *,
    lang: str = "en",
    gwp: str | None = None,
    files: Iterable[str] = (),
    intervals: pd.DataFrame | None = None,
) -> str:
    """Return totals by sector and gas, with and without land, scope 2 apart; findings; files.

    Parameters
    ----------
    gwp
        Name of a metric: a column of all gases as CO2-equivalent.
    files
        Where the results are.
    intervals
        Of the totals: those of :func:`carbonacct.report.uncertainty_tables.assess_uncertainty`.

    Notes
    -----
    A sum that lacks a part is no number: the line below it says what the rest adds up to, and the
    entries that lack are named.
    """
    periods = inventory.total()[["area", "year"]].drop_duplicates().to_records(index=False)
    several = len(periods) > _IN_FULL
    lines: list[str] = []
    for area, year in periods:
        here = inventory.select(area=str(area), year=int(year))
        method = ", ".join(dict.fromkeys(map(str, here.entries["method"].unique())))
        lines += [
            f"{area} {year}  {method}",
            *_table(here, lang, (gwp, intervals), short=several),
            "",
        ]
    lines += list_findings(group_findings(inventory.findings), lang=lang, shown=_SHOWN)
    lines += list_files(files, lang=lang)
    return "\n".join(lines)


def total_rows(
    inventory: Inventory, *, gwp: str | None = None, intervals: pd.DataFrame | None = None
) -> list[tuple[str, dict[str, float]]]:
    """Return the rows of a table of totals: each sector, the totals, what has a number, scope 2.

    Parameters
    ----------
    inventory
        Of one area and year.
    intervals
        Of the totals: those of :func:`carbonacct.report.uncertainty_tables.assess_uncertainty`.

    Returns
    -------
    list of (str, dict)
        Id of the row (a sector, ``without``, ``with`` or ``total``, ``known`` behind a total that
        is no number, ``lower`` and ``upper``, ``scope2``), and t by gas; NaN is no number.
    """
    found = [name for name in SECTORS if name in set(inventory.entries["sector"].unique())]
    direct = _sum_sectors(inventory, gwp)
    rows = [(name, direct[name]) for name in found if name in direct]
    rest = [name for name in found if name != "land"]
    totals = [("without", rest), ("with", found)] if "land" in found else [("total", found)]
    for name, sectors in totals:
        if not sectors:
            continue
        whole = _sum(inventory, gwp, sector=sectors)
        rows.append((name, whole))
        if any(np.isnan(value) for value in whole.values()):
            rows.append(("known", _sum(inventory, gwp, sector=sectors, known_only=True)))
    if intervals is not None:
        place = inventory.entries[["area", "year"]].iloc[0]
        own = intervals[(intervals["area"] == place["area"]) & (intervals["year"] == place["year"])]
        rows += [
            (end, dict(zip(own["gas"], own[end].astype(float), strict=True)))
            for end in ("lower", "upper")
        ]
    indirect = _sum(inventory, gwp, scope=2)
    return [*rows, ("scope2", indirect)] if indirect else rows


def _sum(inventory: Inventory, gwp: str | None, **options: object) -> dict[str, float]:
    """Return t by gas, and as CO2-equivalent where a metric is named."""
    return {gas: value for _, gas, value in _list_sums(inventory, gwp, **options)}


def _sum_sectors(inventory: Inventory, gwp: str | None) -> dict[str, dict[str, float]]:
    """Return the sums of each sector that has one."""
    found: dict[str, dict[str, float]] = {}
    for sector, gas, value in _list_sums(inventory, gwp, "sector"):
        found.setdefault(sector, {})[gas] = value
    return found


def _list_sums(
    inventory: Inventory, gwp: str | None, *dims: str, **options: object
) -> Iterator[tuple[str, str, float]]:
    """Yield sector (of all of them, ``""``), gas and t of what occurs and is counted here."""
    for metric in (None, gwp) if gwp else (None,):
        frame = inventory.by(*dims, gwp=metric, **options)  # type: ignore[arg-type]
        kept = frame[~frame["notation"].isin(["NO", "IE"])]
        sectors = kept["sector"] if dims else [""] * len(kept)
        yield from zip(sectors, kept["gas"], kept["value"].astype(float), strict=True)


def _table(
    inventory: Inventory,
    lang: str,
    shown: tuple[str | None, pd.DataFrame | None],
    *,
    short: bool,
) -> list[str]:
    """Return the totals of an area and year as aligned lines: sectors down, gases across."""
    gwp, intervals = shown
    rows = total_rows(inventory, gwp=gwp, intervals=intervals)
    if short:
        rows = [row for row in rows if row[0] not in SECTOR_NAMES]
    found = dict.fromkeys(gas for _, values in rows for gas in values)
    first = {gas: number for number, gas in enumerate(vocabulary.GASES, -len(vocabulary.GASES))}
    gases = sorted(found, key=lambda gas: (gas.startswith("CO2e"), first.get(gas, 0)))
    heads = [f"{gas} {'Mt' if _is_large(gas) else 't'}" for gas in gases]
    labels = [name_row(name, lang) for name, _ in rows]
    cells = [[_cell(values.get(gas), gas, lang) for gas in gases] for _, values in rows]
    room = max(map(count_columns, labels)) + 2
    columns = [max(map(count_columns, column)) for column in zip(heads, *cells, strict=True)]
    lines = [_line("", room, heads, columns)]
    lines += [_line(name, room, row, columns) for name, row in zip(labels, cells, strict=True)]
    lacking = inventory.entries[inventory.entries["notation"].isin(["NE", "C"])]
    lacking = lacking[lacking["kind"] != "memo"]
    return (
        [*lines, _word("lacks", lang, names=_name_some(inventory, lacking, lang))]
        if len(lacking)
        else lines
    )


def _name_some(inventory: Inventory, entries: pd.DataFrame, lang: str) -> str:
    rows = entries.head(_NAMED).to_dict("records")
    names = [" ".join(filter(None, _name_entry(inventory, row, lang))) for row in rows]
    more = _word("more", lang, count=len(entries) - _NAMED) if len(entries) > _NAMED else ""
    return ("、" if lang == "zh" else ", ").join(names) + more


def _name_entry(inventory: Inventory, row: Mapping[Any, Any], lang: str) -> tuple[str, str, str]:
    """Return source, item and gas of an entry: ids in English, as files have them, names in Chinese."""
    flow, item, gas = str(row["flow"]), str(row["product"]), str(row["gas"])
    if lang == "en":
        return flow, item, gas
    origin = inventory.origins[row["origin"]] if row["origin"] >= 0 else None
    if isinstance(origin, SourceOrigin):
        sector = origin.evaluation.sector
        dims = [dim for dim in sector.blocks[origin.block].dims if dim != "gas"]
        return sector.name_of(origin.block, lang), name_labels(item, dims, lang), gas
    return name_flow(flow, lang), vocabulary.name("product", item, lang) or item, gas


def _line(name: str, first: int, cells: Sequence[str], columns: Sequence[int]) -> str:
    aligned = [
        " " * (room - count_columns(cell)) + cell for cell, room in zip(cells, columns, strict=True)
    ]
    return (name + " " * (first - count_columns(name)) + "  ".join(aligned)).rstrip()


def name_row(row: str, lang: str) -> str:
    """Return what people call a row of :func:`total_rows`."""
    if row in SECTOR_NAMES:
        return f"  {SECTOR_NAMES[row][0 if lang == 'zh' else 1]}"
    return _word(row, lang)


def _cell(value: float | None, gas: str, lang: str) -> str:
    """Return an amount; one that is not zero never looks like zero."""
    if value is None:
        return ""
    if np.isnan(value):
        return _word("none", lang)
    shown, digits = (value / 1e6, 4) if _is_large(gas) else (value, 1)
    return f"{shown:.2g}" if 0 < abs(shown) < 0.5 * 10**-digits else f"{shown:,.{digits}f}"


def _is_large(gas: str) -> bool:
    """Return whether a gas is said in Mt: CO2, and all gases as its equivalent."""
    return gas.startswith("CO2")
