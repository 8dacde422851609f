"""Completeness over all sectors: every category of the IPCC tree with a number or a notation key."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.categories import categories, energy_categories, may_emit
from carbonacct.inventory.stated_keys import select_stated
from carbonacct.sectors.energy.applied_statements import (
    apply_stated,
    check_pointers,
    inherit_stated,
)
from carbonacct.sectors.energy.completeness import COLUMNS, find_completeness
from carbonacct.sectors.energy.energy_entries import energy_of
from carbonacct.sectors.energy.notation import Noted, add_noted
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from carbonacct.categories import Category
    from carbonacct.inventory.record import Inventory
    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.sectors.energy import EnergyInventory

_REASONS = {
    "absent": (
        "没有给出活动水平，或方法没有公式",
        "no activity is given, or the method has no equation",
    ),
    "no balance": (
        "没有给出该年的能源平衡表",
        "no energy balance of the year is given",
    ),
    "above": ("与上级类别合为一个数", "it is one number with the category above"),
    "lacking": ("缺少因子或数据，见 findings", "a factor or a number lacks; see the findings"),
    "stated": ("编制者给出", "as the activity table states it"),
    "refused": ("活动水平表被拒绝：{files}", "the activity table is refused: {files}"),
}
REFUSED = "activity-refused"  # the rule of a finding, whose place names the files

# What a balance tells: fuels burnt, and no leaks of mines and wells, which are activities.
_BURNT = {code for code in energy_categories() if not code.startswith("1.B")}


@dataclass(frozen=True)
class _Blank:
    """What is known of an area, year and gas without a number.

    Of ``unread`` no balance tells, nor do the files that were ``refused`` of any.
    """

    unread: Collection[str]
    refused: str
    stated: Mapping[str, StatedKey]


def find_coverage(
    inventory: Inventory,
    energy: Sequence[EnergyInventory] | None = None,
    *,
    statements: Sequence[StatedKey] = (),
) -> pd.DataFrame:
    """Return every category of all sectors with its number or its notation key.

    Parameters
    ----------
    inventory
        The inventory of all sectors.
    energy
        The energy inventories whose tables judge their categories: its own, unless given.
    statements
        The compiler's own, of any areas, years and gases.

    Returns
    -------
    DataFrame
        The columns of :func:`carbonacct.find_completeness`, one row per area, year, gas and
        category that may emit it. A category is the sum of those below it; a part that is not
        estimated stays beside the number as NE.

    Notes
    -----
    A category of which no activity is given is NE: nothing says that it does not occur but a
    statement.

    Raises
    ------
    NotationError
        As :func:`carbonacct.find_completeness`.

    Examples
    --------
    >>> import carbonacct as ca
    >>> record = ca.compile_sectors("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> find_coverage(record).set_index("category").loc[["1.A.1.a.i", "2.A.1"], "key"].to_list()
    ['', 'NE']
    """
    held = inventory.entries[inventory.entries["kind"] != "memo"]
    gases = list(dict.fromkeys(map(str, held["gas"])))
    periods = held[["area", "year"]].drop_duplicates()
    cubes = energy_of(inventory) if energy is None else energy
    frames = [_select(_of_energy(inventory, one, statements), periods, gases) for one in cubes]
    balanced = {period for one in cubes for period in one.table.periods}
    done = {(area, year, gas) for frame in frames for area, year, gas in _keys_of(frame)}
    refused = ", ".join(one.where for one in inventory.findings if one.rule == REFUSED)
    rows: list[tuple[Any, ...]] = []
    for area, year in periods.to_records(index=False):
        here = held[(held["area"] == area) & (held["year"] == year) & (held["scope"] == 1)]
        for gas in gases:
            own = _read_own(here[here["gas"] == gas])
            judged = (area, int(year), gas) in done
            tree = {
                code: one
                for code, one in categories().items()
                if may_emit(code, gas) and not (judged and code in energy_categories())
            }
            unread = set() if (area, int(year)) in balanced else _BURNT & tree.keys()
            where = (str(area), int(year), gas)
            told = _Blank(unread, refused, select_stated(statements, *where))
            rows += _describe(own, tree, told, where)
    frames.append(pd.DataFrame(rows, columns=list(COLUMNS)))
    return pd.concat(frames, ignore_index=True)


def _of_energy(
    inventory: Inventory, one: EnergyInventory, statements: Sequence[StatedKey]
) -> pd.DataFrame:
    """Return the rows of an energy inventory, with what leaks from mines and wells."""
    held = inventory.entries
    leaks = held[
        (held["sector"] == "energy") & (held["category"].astype(str).str.startswith("1.B"))
    ]
    extra = leaks[leaks["value"].notna()][["area", "year", "category", "gas", "value"]]
    typed = extra.astype({"category": object, "gas": object})
    return find_completeness(one, extra=typed, statements=statements)


def _select(frame: pd.DataFrame, periods: pd.DataFrame, gases: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the areas, years and gases of an inventory, which may be a selection.

    A gas without a number is none that it left.
    """
    here = pd.MultiIndex.from_frame(frame[["area", "year"]]).isin(pd.MultiIndex.from_frame(periods))
    numbers = frame.groupby("gas")["value"].transform("count")
    return frame[here & (frame["gas"].isin(gases) | (numbers == 0))]


def _keys_of(frame: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    keys = frame[["area", "year", "gas"]].drop_duplicates()
    return keys.itertuples(index=False, name=None)


def _read_own(entries: pd.DataFrame) -> dict[str, Noted]:
    """Return what the entries of each category hold themselves."""
    found: dict[str, list[Noted]] = {}
    columns = (entries["category"], entries["value"], entries["notation"])
    for category, value, key in zip(*columns, strict=True):
        noted = Noted(keys=frozenset({key})) if key else Noted(float(value))
        found.setdefault(category, []).append(noted)
    return {category: add_noted(parts) for category, parts in found.items()}


def _describe(
    own: Mapping[str, Noted],
    tree: Mapping[str, Category],
    told: _Blank,
    where: tuple[str, int, str],
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an area, year and gas; a category is the sum of those below it."""
    area, year, gas = where
    found: dict[str, Noted] = {}
    held_in: dict[str, str] = {}
    below_it: dict[str, list[str]] = {}
    for code, category in tree.items():
        below_it.setdefault(category.parent, []).append(code)
    for code in reversed(list(tree)):
        parts = [found[child] for child in below_it.get(code, ())]
        parts += [own[code]] if code in own else []
        spoken = inherit_stated(code, told.stated)
        if not parts and spoken is None and (above := _find_above(code, own, tree)):
            held_in[code] = above
        silent = Noted(keys=frozenset({"IE" if code in held_in else "NE"}))
        noted = add_noted(parts or [spoken[0] if spoken else silent])
        is_number = not math.isnan(noted.value)  # then what is elsewhere is in it, or in another
        noted = Noted(noted.value, noted.keys - {"IE"}) if is_number else noted
        if code in told.stated:
            below = (one.keys for other, one in own.items() if f"{other}.".startswith(f"{code}."))
            printed = frozenset[str]().union(*below)
            noted = apply_stated(code, noted, printed, told.stated, where=where)
        found[code] = noted
    check_pointers(told.stated, found, where)
    for code, category in tree.items():
        noted = found[code]
        complete = not math.isnan(noted.value) and noted.complete
        reason = _find_reason(code, own, held_in)
        if reason == "absent" and code in told.unread:
            reason = "no balance"
        elif reason == "absent" and told.refused:
            reason = "refused"
        zh, en = (text.format(files=told.refused) for text in _REASONS[reason])
        pointer = held_in.get(code, "")
        if code not in own and (spoken := inherit_stated(code, told.stated)):
            pointer, zh, en = spoken[1]
        if not noted.keys:
            pointer, zh, en = "", "", ""
        key = ",".join(sorted(noted.keys))
        names = (category.name_zh, category.name_en)
        yield (area, year, code, *names, gas, noted.value, "t", key, complete, pointer, zh, en)


def _find_above(code: str, own: Mapping[str, Noted], tree: Mapping[str, Category]) -> str:
    """Return the category above that holds a number of its own, or an empty string."""
    above = climb(tree[code].parent, lambda one: tree[one].parent if one in tree else "")
    return next((one for one in above if one in own and not math.isnan(own[one].value)), "")


def _find_reason(code: str, own: Mapping[str, Noted], held_in: Mapping[str, str]) -> str:
    if code in held_in:
        return "above"
    if code in own and own[code].keys:
        return "lacking" if "NE" in own[code].keys else "stated"
    return "absent"
