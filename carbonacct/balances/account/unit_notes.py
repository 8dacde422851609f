"""What is to be said of units: assumed ones, and what was converted by a published number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import convert, same_dimension
from carbonacct.balances.cache_limits import KEPT
from carbonacct.balances.path.column_units import note_assumed
from carbonacct.balances.stops import Stop
from carbonacct.balances.usual_units import is_chinese
from carbonacct.errors import Finding, UnitError, name_some
from carbonacct.sheets import values
from carbonacct.texts import say
from carbonacct.units import read_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from carbonacct.balances.join.block import Block

_MOST_NAMED = 6
# (all figures in thousands), ('000), 以千计: a number of units that the columns print
_MULTIPLIER = re.compile(
    r"\bin (?:thousands|millions|billions)(?=\s*(?:$|[)\].,;]))"
    r"|\((?:thousands|millions|['’]?000s?|[x×] ?1[, ]?000)\)"
    r"|以[千百万亿]+(?:计|为单位)",
    re.IGNORECASE,
)
_NUMERALS = re.compile(r"[十百千万亿]+")
_BRITISH_CODE = re.compile(r"[EKNSW]\d{8}")  # of the Office for National Statistics: S12000033
_OF_FUELS = frozenset({"t", "m3"})  # in which they are kept
_RULES = {
    "gross-energy": say("gross calorific energy is turned into net by"),
    "volume-to-mass": say("volume is turned into mass by"),
}


def say_unread(unread: str, where: str) -> UnitError:
    """Return the error of numbers whose unit the table prints in words that are not known."""
    try:
        read_unit(unread)
    except UnitError as error:
        return UnitError(
            say("{where}: the table prints its unit: {error}", where=where, error=error)
        )
    return UnitError(
        say(
            "{where}: the table prints its unit as {unread!r}; say it in a mapping file",
            where=where,
            unread=unread,
        )
    )


def stop_at_fuels_in_watt_hours(block: Block) -> Iterator[Stop]:
    """Stop at a fuel in watt hours in a Chinese table of tonnes and cubic metres: they measure power and heat."""
    fuels = [
        (product, unit)
        for product, unit in block.form.measured
        if unit and product and vocabulary.products()[product].unit in _OF_FUELS
    ]
    in_watt_hours = {one for one in fuels if one[1].endswith("Wh")}
    others = (one for one in fuels if one not in in_watt_hours)
    is_own = (same_dimension(unit, vocabulary.products()[one].unit) for one, unit in others)
    if not in_watt_hours or not any(is_own) or not is_chinese(block.sheet):
        return
    products, units = block.form.product, block.form.unit
    for product, unit in sorted(in_watt_hours):
        cells = (products.codes == products.labels.index(product)) & (
            units.codes == units.labels.index(unit)
        )
        cells = np.broadcast_to(cells, block.status.shape) & (block.status == values.NUMBER)
        if cells.any():
            message = say(
                "{where}: unit {unit} is of electricity and heat, and other fuels beside {product} are in "
                "tonnes or cubic metres; correct the unit or the label",
                where=block.address(*np.argwhere(cells)[0]),
                unit=unit,
                product=product,
            )
            yield Stop(UnitError(message), block.sheet, cells=block.cells_of(cells))


def note_units_of(block: Block) -> list[Finding]:
    """Return the findings of one table: its assumed units, its gross energy, its volumes, gas of meters."""
    return [
        *_note_assumed(block),
        *note_conversions(_converted(block)),
        *_note_multiplier(block),
        *_note_meters(block),
    ]


def _note_meters(block: Block) -> Iterator[Finding]:
    """Say that gas of British areas in watt hours may be gross, where the table says no basis: so meters bill it."""
    if block.rows.columns.words.basis or block.rows.columns.corner.basis:
        return
    if not any(label and _BRITISH_CODE.fullmatch(label) for label in block.form.area.labels):
        return
    products, units = block.form.product, block.form.unit
    for product, unit in block.form.measured:
        if product != "natural_gas" or not unit.endswith("Wh"):
            continue
        cells = products.codes == products.labels.index(product)
        cells &= (units.codes == units.labels.index(unit)) & (block.status == values.NUMBER)
        if cells.any():
            yield Finding(
                "basis-unsaid",
                "error",
                say(
                    "gas of British areas in {unit} is taken as net, and nothing says whether it is: "
                    "meters bill it gross, of which nine tenths are net",
                    unit=unit,
                ),
                block.address(*np.argwhere(cells)[0]),
                say("say which in a mapping file (basis,gross or basis,net)"),
            )


def _note_multiplier(block: Block) -> Iterator[Finding]:
    """Say that a title multiplies all numbers, which no unit of the columns does."""
    columns = block.rows.columns
    found = _MULTIPLIER.search(block.title.text) or _NUMERALS.fullmatch(columns.corner.unread)
    if found is None or columns.words.units:
        return
    has_number = np.argwhere(block.status == values.NUMBER)
    if not has_number.size:
        return
    yield Finding(
        "multiplier-unread",
        "error",
        say(
            "the title says {text!r}, and the units that the columns print are taken as they stand",
            text=found[0],
        ),
        block.address(*has_number[0]),
        say("say what a number is of in a mapping file (unit,MWh,1e3 MWh, or unit,MWh,MWh)"),
    )


def _note_assumed(block: Block) -> Iterator[Finding]:
    if not block.form.assumed:
        return
    has_number = block.status == values.NUMBER
    seen: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], str] = {}
    for each in block.form.assumed:
        if (place := each.cells & has_number).any():
            key = each.unit, each.origin
            seen.setdefault(key, []).append(each.product)
            first.setdefault(key, block.address(*np.argwhere(place)[0]))
    for (unit, origin), products in seen.items():
        what = say("the numbers of {products}", products=name_some(products, _MOST_NAMED))
        yield note_assumed(unit, origin, what, first[unit, origin])


def note_conversions(converted: Iterable[tuple[str, str, str, str]]) -> Iterator[Finding]:
    """Return a finding for each published number by which (unit, source, product, address) is converted."""
    products: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], str] = {}
    for unit, source, product, where in converted:
        key = _rule_of(unit), source
        first.setdefault(key, where)
        if product not in products.setdefault(key, []):
            products[key].append(product)
    for (rule, source), named in products.items():
        message = say(
            "{named}: {rule} {source}",
            named=name_some(named, _MOST_NAMED),
            rule=_RULES[rule],
            source=source,
        )
        action = say("give net energy, or tonnes, if you have them")
        yield Finding(rule, "warning", message, first[rule, source], action)


def _converted(block: Block) -> Iterator[tuple[str, str, str, str]]:
    products, units = block.form.product, block.form.unit
    for product, unit, source in _list_sources(block.form.measured):
        place = products.codes == products.labels.index(product)
        place &= (units.codes == units.labels.index(unit)) & (block.status == values.NUMBER)
        if place.any():
            yield unit, source, product, block.address(*np.argwhere(place)[0])


@lru_cache(maxsize=KEPT)
def _list_sources(measured: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    """Return which products in which units are converted by a published number, and by which."""
    ways = (
        (product, unit, convert(product, unit))
        for product, unit in measured
        if product and unit and _rule_of(unit)
    )
    return tuple((product, unit, way.source) for product, unit, way in ways if way and way.source)


def _rule_of(unit: str) -> str:
    """Return which conversion a unit may need."""
    if unit.endswith(" GCV"):
        return "gross-energy"
    own_kinds = ("t", "ce", "oe", "Wh", "J", "cal", "Btu")
    return "" if unit.endswith(own_kinds) else "volume-to-mass"
