"""The key categories of an inventory of all sectors, with and without land, as page, workbook and chapter show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import CarbonacctError
from carbonacct.inventory.entry_columns import sector_of
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report.sector_totals import SECTOR_NAMES
from carbonacct.report.standalone_names import name_key_category
from carbonacct.report.word_tables import WordTable
from carbonacct.texts import add_unit, say
from carbonacct.uncertainty.key_categories import check_trend, find_key_categories
from carbonacct.uncertainty.record_categories import tabulate_entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.inventory.record import Inventory
    from carbonacct.report.uncertainty_tables import Assessment

COLUMNS = (
    *("area", "year", "base_year", "land", "category", "gas", "criteria", "sector"),
    *("base", "latest", "level", "level_cumulative", "trend", "trend_cumulative"),
    *("level_2", "level_cumulative_2", "trend_2", "trend_cumulative_2"),
)
SHARES = COLUMNS[-8:]
_BY_ANOTHER = tuple(name for name in SHARES[2:] if "cumulative" in name)  # of another order
_UNCERTAIN = ["activity_uncertainty", "factor_uncertainty"]
word = WordTable(
    {
        "key": ("关键类别", "Key categories"),
        "all": ("关键类别", "Key categories"),
        "without": ("关键类别，不含土地利用变化和林业", "Key categories without land"),
        "with": ("关键类别，含土地利用变化和林业", "Key categories with land"),
        "note": (
            (
                "IPCC 2006 指南第 1 卷第 4 章：方法 1 累计达 95 % 的类别（L1 水平，T1 趋势）；"
                "方法 2 以不确定性加权，累计达 90 %（L2、T2）。清除按绝对值计。"
            ),
            (
                "2006 IPCC Guidelines, Vol. 1, Ch. 4: the categories that make up 95 % by Approach 1"
                " (L1 level, T1 trend), and 90 % weighted by uncertainty, by Approach 2 (L2, T2)."
                " Removals count by their size."
            ),
        ),
        "area": ("地区", "area"),
        "year": ("年份", "year"),
        "base_year": ("基年", "base year"),
        "land": ("土地", "land"),
        "sector": ("部门", "sector"),
        "category": ("类别", "category"),
        "gas": ("气体", "gas"),
        "base": ("基年排放", "base year"),
        "latest": ("排放", "emissions"),
        "level": ("水平占比", "share of level"),
        "level_cumulative": ("水平累计", "cumulative level"),
        "trend": ("趋势占比", "share of trend"),
        "trend_cumulative": ("趋势累计", "cumulative trend"),
        "level_2": ("水平占比，方法 2", "share of level, Approach 2"),
        "level_cumulative_2": ("水平累计，方法 2", "cumulative level, Approach 2"),
        "trend_2": ("趋势占比，方法 2", "share of trend, Approach 2"),
        "trend_cumulative_2": ("趋势累计，方法 2", "cumulative trend, Approach 2"),
        "criteria": ("依据", "criteria"),
    }
)


@dataclass(frozen=True)
class KeyCategories:
    """The key category analysis of the latest year of each area.

    Attributes
    ----------
    table
        One row a category and gas, largest level first: ``area, year, base_year`` (NaN without
        one), ``land`` (``without``, ``with``, or ``all`` where nothing is of land), ``category,
        gas, criteria`` (such as ``L1, T2``; empty where not key), ``sector``, ``base, latest`` in
        ``unit``, shares of level and trend by Approach 1 and 2 (NaN where there is none).
    unit
        Of emissions: ``t CO2``, or ``t CO2e AR5GWP100``.
    notes
        Area, and what is not there of it, and why.
    """

    table: pd.DataFrame
    unit: str
    notes: tuple[tuple[str, str], ...]

    def cases(self) -> list[tuple[str, int, str, pd.DataFrame]]:
        """Return area, year, land and the rows of each analysis."""
        found = []
        for labels, rows in self.table.groupby(["area", "year", "land"], sort=False):
            area, year, land = map(str, labels)
            found.append((area, int(year), land, rows))
        return found

    def select(self, area: str) -> KeyCategories:
        """Return the analyses of an area."""
        notes = tuple(note for note in self.notes if note[0] == area)
        return KeyCategories(self.table[self.table["area"] == area], self.unit, notes)


def rank_key_categories(
    inventory: Inventory, *, gwp: str | None = None, uncertainty: Assessment | None = None
) -> KeyCategories:
    """Return the key categories of all sectors by level and trend, with and without land.

    Parameters
    ----------
    gwp
        Name of a metric by which gases are ranked; without one only an inventory of one gas is.
    uncertainty
        Of :func:`carbonacct.report.uncertainty_tables.assess_uncertainty` by the same metric:
        Approach 2 as well.

    Notes
    -----
    IPCC 2006, Vol. 1, Ch. 4: first without land use, then with it. The base year of an area is its
    first; an area of one year has no trend.

    Examples
    --------
    >>> import carbonacct as ca
    >>> made = ca.compile_sectors(
    ...     "docs/tables/chongqing_2007.csv",
    ...     "docs/tables/chongqing_2007_activities.csv",
    ...     method="provincial-2011",
    ... )
    >>> found = rank_key_categories(made, gwp="AR5GWP100")
    >>> found.table[["category", "gas", "criteria"]].values.tolist()[0]
    ['1.A.2 solid', 'CO2', 'L1']
    """
    held = inventory.entries
    direct = held[(held["scope"] == 1) & (held["kind"] != "memo")]
    numbered = direct[direct["value"].notna()]
    unit = f"t {name_equivalent(gwp)}" if gwp else f"t {next(iter(numbered['gas'].unique()), '')}"
    frames: list[pd.DataFrame] = []
    notes = list[tuple[str, str]]()
    for area, own in numbered.groupby("area", sort=False, observed=True):
        texts = list[str]()
        latest, first = int(own["year"].max()), int(own["year"].min())
        base = first if first < latest else None
        try:
            table = tabulate_entries(inventory, gwp=gwp, area=str(area), latest=latest, base=base)
            sectors = [sector_of(category.partition(" ")[0]) for category in table["category"]]
            table = table.assign(sector=sectors)
            known = _find_uncertain(table, str(area), uncertainty)
            cases = {"without": table["sector"] != "land", "with": table["sector"] != ""}
            if cases["without"].all():
                cases = {"all": cases["with"]}
            for land, rows in cases.items():
                if rows.any():
                    ranked = _rank(table[rows], known)
                    frames.append(
                        ranked.assign(
                            area=str(area), year=latest, base_year=base or np.nan, land=land
                        )
                    )
        except CarbonacctError as error:
            text = say("{area} has no key categories: {reason}", area=area, reason=error)
            notes.append((str(area), text))
            continue
        uneven = check_trend(table, area=str(area), base=base, latest=latest)
        texts += [one.message for one in uneven]
        if base is None:
            texts.append(say("{area} has one year, and no trend", area=area))
        if known is None:
            texts.append(
                say("{area} has no Approach 2: its uncertainty is not assessed", area=area)
            )
        here = direct[(direct["area"] == area) & (direct["year"] == latest)]
        if lacking := int(here["notation"].isin(["NE", "C"]).sum()):
            texts.append(
                say(
                    "{area} {year}: {count} entries without a number (NE, C) are not ranked",
                    area=area,
                    year=latest,
                    count=lacking,
                )
            )
        notes += [(str(area), text) for text in texts]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return KeyCategories(whole.reindex(columns=list(COLUMNS)), unit, tuple(notes))


def _find_uncertain(
    table: pd.DataFrame, area: str, uncertainty: Assessment | None
) -> pd.DataFrame | None:
    """Return the uncertainty of each category of an area; None where one has none."""
    if uncertainty is None or uncertainty.categories.empty:
        return None
    found = uncertainty.categories
    found = found.loc[found["area"] == area, ["category", "gas", *_UNCERTAIN]]
    joined = table.merge(found, on=["category", "gas"], how="left")
    is_zero = (joined["latest"] == 0) & (joined["base"].fillna(0.0) == 0)
    joined.loc[is_zero, _UNCERTAIN] = joined.loc[is_zero, _UNCERTAIN].fillna(0.0)
    known = joined[["category", "gas", *_UNCERTAIN]]
    return None if known.isna().any(axis=None) else known


def _rank(table: pd.DataFrame, known: pd.DataFrame | None) -> pd.DataFrame:
    """Return the ranks of some categories by Approach 1, and by Approach 2 where their uncertainty is known."""
    ranked = find_key_categories(table).drop(columns=["trend"])
    ranked = ranked.rename(columns={"trend_contribution": "trend"})
    if known is None:
        return ranked
    keys = ["category", "gas"]
    weighted = find_key_categories(table.merge(known, on=keys), approach=2)
    weighted = weighted.drop(columns=["trend"]).rename(columns={"trend_contribution": "trend"})
    both = ranked.merge(
        weighted[[*keys, "level", "level_cumulative", "trend", "trend_cumulative", "criteria"]],
        on=keys,
        suffixes=("", "_2"),
    )
    pairs = zip(both["criteria"], both["criteria_2"], strict=True)
    return both.assign(criteria=[", ".join(filter(None, pair)) for pair in pairs])


def name_shown(table: pd.DataFrame, *, brief: bool = False) -> list[str]:
    """Return the columns of an analysis that hold something, after area, year and land.

    Parameters
    ----------
    brief
        Without what is added up in another order than that of the rows.
    """
    numbers = [name for name in ("base", "latest", *SHARES) if table[name].notna().any()]
    if brief:
        numbers = [name for name in numbers if name not in _BY_ANOTHER]
    return ["category", "gas", "criteria", "sector", *numbers]


def name_cell(column: str, value: object, lang: str) -> str:
    """Return what people read for a sector, a category or another label."""
    if column == "sector":
        return SECTOR_NAMES[str(value)][lang == "en"]
    return name_key_category(str(value), lang) if column == "category" else str(value)


def title_of(case: tuple[str, int, str], lang: str, base_year: float = np.nan) -> str:
    """Return the title of an analysis, with its base year where there is one."""
    area, year, land = case
    years = str(year) if np.isnan(base_year) else f"{base_year:.0f}–{year}"
    return f"{area} {years} {word(land, lang)}"


def heading_of(
    column: str, unit: str, lang: str, add: Callable[[str, str, str], str] = add_unit
) -> str:
    """Return the head of a column with its unit, which is added behind the name unless said."""
    name = word(column, lang)
    if column in SHARES:
        return add(name, "%", lang)
    return add(name, unit, lang) if column in {"base", "latest"} else name
