"""The sheets beside the inventory: reference approach, the two approaches compared, memo items, completeness."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct import vocabulary
from carbonacct.errors import CarbonacctError
from carbonacct.report.standalone_names import name_fuel_group
from carbonacct.report.workbook.links import link_comparison, link_completeness
from carbonacct.report.workbook.reference_links import Reference, link_approaches, link_reference
from carbonacct.report.workbook.table import Keyed, add_frame
from carbonacct.report.workbook.workbook_words import WORDS, word
from carbonacct.sectors.energy.approach_comparison import shared_approaches
from carbonacct.sectors.energy.completeness import judge_completeness
from carbonacct.sectors.energy.memo import shared_memo_items
from carbonacct.texts import add_unit_below

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.report.workbook.plan import Plan
    from carbonacct.report.workbook.table import Book

_PURPLE = "#7A5C99"


def add_accounts(book: Book, plan: Plan, statements: Sequence[StatedKey] = ()) -> None:
    """Add what the tables say beside the sectoral approach.

    What restates it is a sum of traces, the rest are values.
    """
    inventories = plan.inventories
    made, notes = [], []
    for inventory in inventories:
        try:
            made.append(shared_approaches(inventory))
        except (
            CarbonacctError
        ) as error:  # a table of consumption has no supply rows, and the sheet says so
            notes.append(str(error))
    if made:
        units = {
            str(name): str(column.attrs.get("units", ""))
            for name, column in made[0].reference.table.data_vars.items()
        }
        came_in = Reference(
            word("reference", book.lang),
            pd.concat([one.reference.to_frame() for one in made], ignore_index=True),
        )
        linked = link_reference(plan, came_in, _periods(came_in.frame), book.lang)
        add_account(book, "reference", [linked], notes, units=units)
        groups = pd.concat([one.by_group() for one in made], ignore_index=True)
        periods = _periods(groups)
        groups = link_approaches(groups, periods, came_in)
        add_account(
            book, "approaches", [link_comparison(plan, groups, periods, book.lang)], notes, units={}
        )
    else:
        add_account(book, "reference", [pd.DataFrame({"reason": notes})], [], units={})
    memo = [
        frame.drop(columns=["unit", "method"])
        for frame in map(shared_memo_items, inventories)
        if len(frame)
    ]
    if memo:
        add_account(book, "memo", memo, [], units={"value": "t"})
    other = "en" if book.lang == "zh" else "zh"
    found = pd.concat(
        [judge_completeness(inventory, statements) for inventory in inventories], ignore_index=True
    )
    found = link_completeness(plan, found, book.lang)
    found = found.drop(columns=[f"name_{other}", f"reason_{other}", "unit"])
    found = found.assign(complete=found["complete"].map({True: "✓", False: ""}))
    years = sorted(set(found["year"]))
    if found.duplicated(["area", "category", "gas"]).any():  # an area has several years
        found = _spread_years(found, years)
    units = {"value": "t"} | {str(year): "t" for year in years}
    add_account(book, "completeness", [found], [], units=units)


def _spread_years(found: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Return a column for each year, its number or its key; what the years say of a category stands once."""
    pairs = zip(found["value"].tolist(), found["key"].tolist(), strict=True)
    found = found.assign(cell=pd.Series([_join_key(*pair) for pair in pairs], dtype=object))
    names = list(map(str, found.columns))
    others = [name for name in names if name not in {"year", "value", "key", "cell"}]
    parts: dict[tuple[str, ...], list[dict[Any, Any]]] = {}
    for values in zip(*(found[name].tolist() for name in names), strict=True):
        row = dict(zip(names, values, strict=True))
        parts.setdefault((row["area"], row["category"], row["gas"]), []).append(row)
    rows = []
    for part in parts.values():
        held = {row["year"]: row["cell"] for row in part}
        said = {
            name: "; ".join(dict.fromkeys(str(row[name]) for row in part if row[name]))
            for name in others
            if name != "complete"
        }
        rows.append(
            {
                **said,
                **{str(year): held.get(year, "") for year in years},
                "complete": "✓" if all(row["complete"] == "✓" for row in part) else "",
            }
        )
    return pd.DataFrame(rows)


def _join_key(value: Any, key: str) -> Any:
    """Return a number, a key, or a number that lacks a part with the key of that."""
    if isinstance(value, float) and math.isnan(value):
        return key
    return Keyed(value, key) if key else value


def _periods(frame: pd.DataFrame) -> list[tuple[str, int]]:
    return list(zip(frame["area"].tolist(), frame["year"].tolist(), strict=True))


def add_account(
    book: Book,
    key: str,
    frames: Sequence[pd.DataFrame],
    notes: Sequence[str],
    *,
    units: Mapping[str, str],
    color: str = _PURPLE,
) -> None:
    """Add a table under its words: columns with their units, products and flows by their names."""
    lang = book.lang
    frame = pd.concat(frames, ignore_index=True)
    for kind in ("flow", "product"):
        if kind in frame.columns:
            frame[kind] = frame[kind].map(
                lambda identifier, kind=kind: vocabulary.name(kind, identifier, lang)
            )
    if "fuel_group" in frame.columns:
        frame["fuel_group"] = frame["fuel_group"].map(lambda group: name_fuel_group(group, lang))
    frame.columns = pd.Index(
        [_heading(str(name), units.get(str(name), ""), lang) for name in frame.columns]
    )
    add_frame(
        book,
        word(key, lang),
        frame,
        title=word(f"title {key}", lang),
        notes=[
            *([word(f"{key} note", lang)] if f"{key} note" in WORDS else []),
            *dict.fromkeys(notes),
        ],
        color=color,
    )


def _heading(name: str, unit: str, lang: str) -> str:
    shown = word("emissions" if name == "value" else name.removesuffix(f"_{lang}"), lang).replace(
        "_", " "
    )
    if not unit or unit == "dimensionless":
        return shown
    named = unit.replace("unit", word("its unit", lang))  # each row has its own
    return add_unit_below(shown.splitlines()[0], named, lang)
