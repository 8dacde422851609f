"""Another unit over the same numbers, or other numbers under the same unit."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from carbonacct.sheets import values
from carbonacct.units import conversion_factor, read_unit
from tests.fuzzing.kinds import hidden, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzzing.base import Spot
    from tests.fuzzing.draft import Draft

_SCALE = "every identity holds at any scale; only a plausible range shows it"
_COAL = {1e4: "万吨", 1e3: "千吨", 1e6: "百万吨", 1.0: "吨", 1e8: "亿吨"}
_VOLUME = {1e8: "亿立方米", 1e4: "万立方米", 1.0: "立方米"}
_POWER = {1e8: "亿千瓦时", 1e4: "万千瓦时", 1.0: "千瓦时"}
_EQUIVALENT = {1e4: "万吨标准煤", 1.0: "吨标准煤", 1e3: "ktce"}
_HEAT = {1e4: "百亿千焦", 1.0: "吉焦", 1e3: "TJ"}
_NAMES = {"t": _COAL, "m3": _VOLUME, "kWh": _POWER, "tce": _EQUIVALENT, "GJ": _HEAT}
_CHINESE = re.compile(r"[一-鿿]")


_KINDS = {
    "tce": re.compile(r"标准?煤|tce|sce|standardcoal|coalequivalent", re.IGNORECASE),
    "toe": re.compile(r"油当量|toe", re.IGNORECASE),
    "kWh": re.compile(r"瓦|w[•·.-]?h|度", re.IGNORECASE),
    "GJ": re.compile(r"焦|j", re.IGNORECASE),
    "m3": re.compile(r"米|m3|cu", re.IGNORECASE),
    "t": re.compile(r"吨|t|kg", re.IGNORECASE),
}


@cache
def size_of(unit: str) -> tuple[str, float] | None:
    """Return what a unit measures (in a canonical unit), and how many of that it is."""
    word = re.sub(r"\s", "", unit)
    kept = next((kept for kept, pattern in _KINDS.items() if pattern.search(word)), "")
    return (kept, float(conversion_factor(read_unit(unit), kept))) if kept in _NAMES else None


def change_unit(
    draft: Draft,
    kinds: set[str],
    choose: Callable[[str, float], str | None],
    *,
    alone: bool | None = None,
) -> str | None:
    """Print another unit for one product; ``alone`` asks for one that stands in no total."""

    def fits(spot: Spot) -> bool:
        found = draft.base.units[spot.place]
        size = size_of(found[0][1]) if found else None
        if size is None or size[0] not in kinds:
            return False
        return alone is None or draft.base.in_total(spot) != alone

    spot = draft.pick(fits)
    if spot is None:
        return None
    found = draft.base.units[spot.place]
    size = size_of(found[0][1])
    assert size is not None
    unit = choose(*size)
    return draft.print_unit(found, unit) if unit else None


def _other_scale(draft: Draft) -> Callable[[str, float], str | None]:
    def choose(kept: str, size: float) -> str | None:
        others = [name for other, name in _NAMES[kept].items() if abs(other / size - 1) > 1e-6]
        return draft.chance.choice(others)

    return choose


@shown
def scale_of_part(draft: Draft) -> str | None:
    """Change the scale (10^4 t, Mt, kt, t; 10^4, 10^8 m3) of a product in a printed total."""
    return change_unit(draft, set(_NAMES), _other_scale(draft), alone=False)


@hidden(f"the product stands in no printed total: {_SCALE}")
def scale_of_lone(draft: Draft) -> str | None:
    """Change the scale of a product that stands in no printed total."""
    return change_unit(draft, set(_NAMES), _other_scale(draft), alone=True)


@shown
def tce_as_toe(draft: Draft) -> str | None:
    """Print tonnes of oil equivalent for tonnes of coal equivalent, with one product."""
    return change_unit(draft, {"tce"}, _oil)


def _oil(_: str, size: float) -> str:
    return "万吨油当量" if size >= 1e4 else "toe"


@shown
def physical_as_tce(draft: Draft) -> str | None:
    """Print coal equivalent for a physical unit, with a product in a printed total."""
    return change_unit(draft, {"t", "m3", "kWh"}, _coal_equivalent, alone=False)


@hidden(f"the product stands in no printed total: {_SCALE}")
def lone_physical_as_tce(draft: Draft) -> str | None:
    """Print coal equivalent for a physical unit, with a product in no printed total."""
    return change_unit(draft, {"t", "m3", "kWh"}, _coal_equivalent, alone=True)


def _coal_equivalent(_: str, size: float) -> str:
    return "万吨标准煤" if size > 1 else "吨标准煤"


@shown
def tce_as_physical(draft: Draft) -> str | None:
    """Print tonnes for tonnes of coal equivalent."""
    return change_unit(draft, {"tce"}, lambda _, size: "万吨" if size > 1 else "吨")


@shown
def unit_of_another_kind(draft: Draft) -> str | None:
    """Print cubic metres for tonnes, kilowatt-hours for joules."""
    others = {"t": "亿立方米", "m3": "万吨", "kWh": "百亿千焦", "GJ": "亿千瓦时", "tce": "亿千瓦时"}
    return change_unit(draft, set(_NAMES), lambda kept, _: others[kept])


@shown
def unit_in_one_language(draft: Draft) -> str | None:
    """Print another unit in one of the two languages that print it."""
    spot = draft.pick(lambda spot: len(draft.base.units[spot.place]) > 1)
    if spot is None:
        return None
    found = draft.base.units[spot.place]
    size = size_of(found[0][1])
    if size is None:
        return None
    unit = _other_scale(draft)(*size)
    return draft.print_unit(found[:1], unit) if unit else None


@shown
def unit_dropped(draft: Draft) -> str | None:
    """Print no unit."""
    spot = draft.pick(lambda spot: bool(draft.base.units[spot.place]))
    return draft.print_unit(draft.base.units[spot.place], "") if spot else None


@shown
def unit_misspelt(draft: Draft) -> str | None:
    """Print a unit with a letter too few."""

    def cut(_: str, __: float) -> str | None:
        return draft.chance.choice(["万", "吨米", "亿立方", "千瓦", "tonn", "10 tn", "百亿千"])

    return change_unit(draft, set(_NAMES), cut)


@shown
def exponent_lost(draft: Draft) -> str | None:
    """Lose a superscript, as a scan does: 104 for 10^4, or 10."""
    spot = draft.pick(
        lambda spot: any(re.search(r"10\^?\d", word) for _, word in draft.base.units[spot.place])
    )
    if spot is None:
        return None
    found = draft.base.units[spot.place]
    done = []
    for place, word in found:
        if re.search(r"10\^?\d", word):
            new = re.sub(
                r"10\^?\d", lambda _: draft.chance.choice(["10", "103", "105", "108", "104"]), word
            )
            done.append(draft.put(place, str(draft.get(place)).replace(word, new)))
    return "; ".join(done)


def _scale_spots(draft: Draft, spots: list[Spot], factor: float) -> str | None:
    done = []
    for spot in spots:
        number, _ = values.read_value(draft.get(spot.place))
        was_text = isinstance(draft.get(spot.place), str)
        new = float(f"{number * factor:.10g}")
        done.append(draft.put(spot.place, f"{new:.10g}" if was_text else new))
    return f"{len(done)} numbers x {factor:g}, {done[0]}" if done else None


def _scale_column(draft: Draft, *, alone: bool) -> str | None:
    spot = draft.pick(lambda spot: draft.base.in_total(spot) != alone)
    if spot is None:
        return None
    same = [
        each
        for each in draft.base.spots
        if (each.sheet, each.product) == (spot.sheet, spot.product)
    ]
    return _scale_spots(draft, same, draft.chance.choice([0.01, 0.1, 10, 100, 1000]))


@shown
def product_scaled(draft: Draft) -> str | None:
    """Scale all numbers of a product that stands in a printed total."""
    return _scale_column(draft, alone=False)


@hidden(f"the product stands in no printed total: {_SCALE}")
def lone_product_scaled(draft: Draft) -> str | None:
    """Scale all numbers of a product that stands in no printed total."""
    return _scale_column(draft, alone=True)


@shown
def row_scaled(draft: Draft) -> str | None:
    """Scale all numbers of a row."""
    spot = draft.pick()
    if spot is None:
        return None
    same = [each for each in draft.base.spots if (each.sheet, each.row) == (spot.sheet, spot.row)]
    return _scale_spots(draft, same, draft.chance.choice([0.01, 0.1, 10, 100]))


@hidden(_SCALE)
def table_scaled(draft: Draft) -> str | None:
    """Scale all numbers of a table."""
    return _scale_spots(
        draft, list(draft.base.spots), draft.chance.choice([0.01, 0.1, 10, 100, 1e4])
    )


def _change_table_unit(draft: Draft, choose: Callable[[str, float], str | None]) -> str | None:
    spot = draft.pick(lambda spot: bool(draft.base.table_units[spot.sheet]))
    if spot is None:
        return None
    found = draft.base.table_units[spot.sheet]
    size = size_of(found[0][1])
    unit = choose(*size) if size else None
    return draft.print_unit(found, unit) if unit else None


@hidden(_SCALE)
def table_tce_as_toe(draft: Draft) -> str | None:
    """Print tonnes of oil equivalent for tonnes of coal equivalent, over a whole table."""
    return _change_table_unit(draft, lambda kept, size: _oil(kept, size) if kept == "tce" else None)


@hidden(_SCALE)
def table_as_another_energy(draft: Draft) -> str | None:
    """Print coal equivalent for tonnes, or joules for kilowatt-hours, over a whole table."""
    units = {
        "t": ["万吨标准煤"],
        "tce": ["百亿千焦", "亿千瓦时", "万吨"],
        "GJ": ["万吨标准煤", "GWh"],
        "kWh": ["TJ"],
    }
    return _change_table_unit(draft, lambda kept, _: draft.chance.choice(units.get(kept, [""])))


@hidden(_SCALE)
def table_in_another_scale(draft: Draft) -> str | None:
    """Print another scale of the same unit, over a whole table."""
    return _change_table_unit(draft, _other_scale(draft))


@hidden(_SCALE)
def all_units_in_another_scale(draft: Draft) -> str | None:
    """Print another scale with every unit of a table: 10^4 t and 10^4 m3 for t and m3."""
    factor = draft.chance.choice([0.1, 0.01, 1e-4, 10.0, 1e4])
    done = []
    for spot in {(spot.sheet, spot.product): spot for spot in draft.base.spots}.values():
        found = draft.base.units[spot.place]
        size = size_of(found[0][1]) if found else None
        names = _NAMES[size[0]].items() if size else ()
        near = [name for other, name in names if size and abs(other / size[1] / factor - 1) < 1e-6]
        if near:
            done.append(draft.print_unit(found, near[0]))
    return f"{len(done)} units, {done[0]}" if done else None


@shown
def physical_title_of_standard_quantity(draft: Draft) -> str | None:
    """Call a physical table one of standard quantity, or the other way about."""
    pairs = {
        "实物量": "标准量",
        "标准量": "实物量",
        "PHYSICAL QUANTITY": "STANDARD QUANTITY",
        "Physical Quantity": "Standard Quantity",
    }
    done = []
    for number, sheet in enumerate(draft.sheets):
        for i, row in enumerate(sheet.rows[:12]):
            for j, cell in enumerate(row):
                if isinstance(cell, str) and (
                    word := next((word for word in pairs if word in cell), None)
                ):
                    done.append(draft.put((number, i, j), cell.replace(word, pairs[word])))
    return "; ".join(done) or None
