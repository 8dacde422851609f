"""Another unit over the same numbers, or other numbers under the same unit."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.tables import values
from carbonacct.units import conversion_factor, read_unit
from tests.fuzzing.draft import UNIT, place_of
from tests.fuzzing.kinds import hidden, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzzing.draft import Draft, Spot

_SCALE = "every identity holds at any scale; only a plausible range shows it"
_COAL = {1e4: "万吨", 1e3: "千吨", 1e6: "百万吨", 1.0: "吨", 1e8: "亿吨"}
_VOLUME = {1e8: "亿立方米", 1e4: "万立方米", 1.0: "立方米"}
_POWER = {1e8: "亿千瓦时", 1e4: "万千瓦时", 1.0: "千瓦时"}
_EQUIVALENT = {1e4: "万吨标准煤", 1.0: "吨标准煤", 1e3: "ktce"}
_HEAT = {1e4: "百亿千焦", 1.0: "吉焦", 1e3: "TJ"}
_NAMES = {"t": _COAL, "m3": _VOLUME, "kWh": _POWER, "tce": _EQUIVALENT, "GJ": _HEAT}
_CHINESE = re.compile(r"[一-鿿]")


@cache
def size_of(unit: str) -> tuple[str, float] | None:
    """Return what a unit measures (in a canonical unit), and how many of that it is."""
    for kept in _NAMES:
        try:
            return kept, float(conversion_factor(read_unit(unit), kept))
        except Exception:  # noqa: BLE001, S112 - not of this kind
            continue
    return None


def in_total(draft: Draft, spot: Spot) -> bool:
    """Return whether the table prints a total of products that a product is part of."""
    products = {each.product for each in draft.base.spots}
    parent = vocabulary.products()[spot.product].parent
    children = {each for each in products if vocabulary.products()[each].parent == spot.product}
    return bool(parent in products or children)


def change_unit(
    draft: Draft, kinds: set[str], choose: Callable[[str, float], str | None], *, alone: bool | None = None
) -> str | None:
    """Print another unit with one column, row or corner; ``alone`` asks for products in no total."""

    def fits(spot: Spot) -> bool:
        found = draft.units(spot)
        size = size_of(found[0][1]) if found else None
        if size is None or size[0] not in kinds or (alone is not None and in_total(draft, spot) == alone):
            return False
        return True

    spot = draft.pick(fits)
    if spot is None:
        return None
    found = draft.units(spot)
    size = size_of(found[0][1])
    assert size is not None
    unit = choose(*size)
    return draft.replace_unit(found, unit) if unit else None


def _other_scale(draft: Draft) -> Callable[[str, float], str | None]:
    def choose(kept: str, size: float) -> str | None:
        others = [name for other, name in _NAMES[kept].items() if abs(other / size - 1) > 1e-6]
        return draft.chance.choice(others)

    return choose


@shown
def scale_of_part(draft: Draft) -> str | None:
    """10^4 t for Mt, kt, t, or 10^4 for 10^8, with a product that stands in a printed total."""
    return change_unit(draft, set(_NAMES), _other_scale(draft), alone=False)


@hidden(f"the product stands in no printed total: {_SCALE}")
def scale_of_lone(draft: Draft) -> str | None:
    """The same with a product that stands in no printed total."""
    return change_unit(draft, set(_NAMES), _other_scale(draft), alone=True)


@shown
def tce_as_toe(draft: Draft) -> str | None:
    """Tonnes of oil equivalent for tonnes of coal equivalent."""
    return change_unit(draft, {"tce"}, lambda _, size: "万吨油当量" if size >= 1e4 else "toe")


@shown
def physical_as_tce(draft: Draft) -> str | None:
    """Coal equivalent for a physical unit."""
    return change_unit(draft, {"t", "m3", "kWh"}, lambda _, size: "万吨标准煤" if size > 1 else "吨标准煤")


@shown
def tce_as_physical(draft: Draft) -> str | None:
    """Tonnes for tonnes of coal equivalent."""
    return change_unit(draft, {"tce"}, lambda _, size: "万吨" if size > 1 else "吨")


@shown
def unit_of_another_kind(draft: Draft) -> str | None:
    """Cubic metres for tonnes, kilowatt-hours for joules."""
    others = {"t": "亿立方米", "m3": "万吨", "kWh": "百亿千焦", "GJ": "亿千瓦时", "tce": "亿千瓦时"}
    return change_unit(draft, set(_NAMES), lambda kept, _: others[kept])


@shown
def unit_in_one_language(draft: Draft) -> str | None:
    """Another unit in one of the two languages that print it."""
    spot = draft.pick(lambda spot: len(draft.units(spot)) > 1)
    if spot is None:
        return None
    found = draft.units(spot)
    size = size_of(found[0][1])
    if size is None:
        return None
    unit = _other_scale(draft)(*size)
    return draft.replace_unit(found[:1], unit) if unit else None


@shown
def unit_dropped(draft: Draft) -> str | None:
    """A unit that is not printed."""
    spot = draft.pick(lambda spot: bool(draft.units(spot)))
    return draft.replace_unit(draft.units(spot), "") if spot else None


@shown
def unit_misspelt(draft: Draft) -> str | None:
    """A unit with a letter too few."""

    def cut(_: str, __: float) -> str | None:
        return draft.chance.choice(["万", "吨米", "亿立方", "千瓦", "tonn", "10 tn", "百亿千"])

    return change_unit(draft, set(_NAMES), cut)


@shown
def exponent_lost(draft: Draft) -> str | None:
    """A superscript that a scan set flat, or lost: 104 for 10^4, 10 for 10^4."""
    spot = draft.pick(lambda spot: any(re.search(r"10\^?\d", word) for _, word in draft.units(spot)))
    if spot is None:
        return None
    found = draft.units(spot)
    done = []
    for place, word in found:
        if re.search(r"10\^?\d", word):
            new = re.sub(r"10\^?\d", lambda _: draft.chance.choice(["10", "103", "105", "108", "104"]), word)
            done.append(draft.put(place, str(draft.get(place)).replace(word, new)))
    return "; ".join(done)


def _scale_spots(draft: Draft, spots: list[Spot], factor: float) -> str | None:
    done = []
    for spot in spots:
        number, _ = values.read_value(draft.get(place_of(spot)))
        was_text = isinstance(draft.get(place_of(spot)), str)
        new = float(f"{number * factor:.10g}")
        done.append(draft.put(place_of(spot), f"{new:.10g}" if was_text else new))
    return f"{len(done)} numbers x {factor:g}, {done[0]}" if done else None


def _scale_column(draft: Draft, *, alone: bool) -> str | None:
    spot = draft.pick(lambda spot: in_total(draft, spot) != alone)
    if spot is None:
        return None
    same = [each for each in draft.base.spots if (each.sheet, each.product) == (spot.sheet, spot.product)]
    return _scale_spots(draft, same, draft.chance.choice([0.01, 0.1, 10, 100, 1000]))


@shown
def product_scaled(draft: Draft) -> str | None:
    """All numbers of a product that stands in a printed total, scaled."""
    return _scale_column(draft, alone=False)


@hidden(f"the product stands in no printed total: {_SCALE}")
def lone_product_scaled(draft: Draft) -> str | None:
    """All numbers of a product that stands in no printed total, scaled."""
    return _scale_column(draft, alone=True)


@shown
def row_scaled(draft: Draft) -> str | None:
    """All numbers of a row, scaled."""
    spot = draft.pick()
    if spot is None:
        return None
    same = [each for each in draft.base.spots if (each.sheet, each.row) == (spot.sheet, spot.row)]
    return _scale_spots(draft, same, draft.chance.choice([0.01, 0.1, 10, 100]))


@hidden(_SCALE)
def table_scaled(draft: Draft) -> str | None:
    """All numbers of a table, scaled."""
    return _scale_spots(draft, list(draft.base.spots), draft.chance.choice([0.01, 0.1, 10, 100, 1e4]))


@hidden(_SCALE)
def table_in_another_scale(draft: Draft) -> str | None:
    """Another scale with every unit of a table: 10^4 t and 10^4 m3 for t and m3."""
    factor = draft.chance.choice([0.1, 0.01, 1e-4, 10.0, 1e4])
    done = []
    for number, sheet in enumerate(draft.sheets):
        for i, row in enumerate(sheet.rows[: draft.first_row(number)] if number in draft.base.data_rows else []):
            for j, cell in enumerate(row):
                word = UNIT.search(cell) if isinstance(cell, str) else None
                size = size_of(word[0]) if word else None
                names = _NAMES[size[0]] if size else {}
                near = [name for other, name in names.items() if size and abs(other / size[1] / factor - 1) < 1e-6]
                if near:
                    done.append(draft.put((number, i, j), UNIT.sub(near[0], str(cell))))
    return f"{len(done)} units, {done[0]}" if done else None


@shown
def physical_title_of_standard_quantity(draft: Draft) -> str | None:
    """The title says standard quantity of a physical table, or the other way about."""
    pairs = {"实物量": "标准量", "标准量": "实物量", "PHYSICAL QUANTITY": "STANDARD QUANTITY", "Physical Quantity": "Standard Quantity"}
    done = []
    for number, sheet in enumerate(draft.sheets):
        for i, row in enumerate(sheet.rows[:12]):
            for j, cell in enumerate(row):
                if isinstance(cell, str) and (word := next((word for word in pairs if word in cell), None)):
                    done.append(draft.put((number, i, j), cell.replace(word, pairs[word])))
    return "; ".join(done) or None
