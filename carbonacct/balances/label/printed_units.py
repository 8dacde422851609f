"""Units as a table prints them: in its title, its headers and labels, or a mapping file where it prints none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.answers import may_keep
from carbonacct.balances.amounts.conversions import fits, same_dimension, why_not
from carbonacct.balances.label.labels import take_units, unit_expression, unit_known
from carbonacct.balances.words.other_quantities import is_other_unit
from carbonacct.errors import UnitError
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say
from carbonacct.units import fold_unit, parse_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.amounts.conversions import Basis
    from carbonacct.balances.label.headers import Header
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell

_UNIT_IN_TITLE = re.compile(
    r"(?:单位|計量單位|單位|単位|단위|units?(?: of"
    r" (?:measure(?:ment)?|energy))?|einheit|unité|unidad|unidade)"
    r"\s*[:：=]\s*(.+)",
    re.IGNORECASE,
)
_MEASURE_UNIT = re.compile(r"\((实物量|标准量)\)\s*([^\s、，,()]+)")
_IN = re.compile(r"(?<![^(（,;\s])(?:(?:all )?(?:figures|values|data) )?in\s+", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:of|per|coal|oil|standard|equivalents?|sce|ce|oe)\b|[/*]", re.IGNORECASE)
_LISTED = re.compile(r"[、，,;；]")
_IN_TITLE = re.compile(  # [MWh] or (unit MWh) between its words, in MWh behind them, 2019 MWh
    r"[(\[（【](?:units?\s+)?([^()\[\]（）【】]{1,40})[)\]）】]"
    r"|\b(?:in|en|em)\s+([\w.^ ]{1,30})(?=$|[,;])|\b(?:19|20)\d\d\s+([\w.^]{1,10})$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[,，]\s*(?:19|20)\d\d年?\s*$")
_PHRASES = re.compile(r"[;；]|\s[-–—|]\s|[:.]\s")


@dataclass(frozen=True)
class Corner:
    """The units that stand in a title, for all cells, for 实物量 or 标准量 alone, or one for each kind of product.

    ``unread`` is a unit that the title prints and that is not known: then no other is assumed.
    ``basis`` is what title and notes say of energy: gross or net calorific value.
    """

    units: dict[str, str] = field(default_factory=dict, hash=False)
    is_standard: bool = False
    several: tuple[str, ...] = ()
    unread: str = ""
    basis: Basis = ""

    @property
    def says_unit(self) -> bool:
        """Whether it prints any unit, known or not."""
        return bool(self.units or self.several or self.is_standard or self.unread)

    def unit_for(self, product: str) -> str:
        """Return the one of several units that measures a product, or ""."""
        own = vocabulary.products()[product].unit
        fitting = [unit for unit in self.several if same_dimension(unit, own)]
        if same_dimension(
            own, "J"
        ):  # kWh, GJ and tce are all energy: heat is not measured in kWh by a list that has it for electricity
            fitting = [
                unit
                for unit in fitting
                if (base := unit.split()[-1])[-2:] == own[-2:] or base[-1] == own[-1] == "J"
            ]
        return fitting[0] if len(fitting) == 1 else ""


def find_unit_line(row: Sequence[Cell]) -> str:
    """Return the text of a row that holds nothing but the unit of all numbers, else "".

    Examples
    --------
    >>> find_unit_line(["", "", "单位：万吨"]), find_unit_line(["单位：万吨", "原煤"])
    ('单位：万吨', '')
    """
    held = [cell for cell in row if cell != "" and not values.is_blank(cell)]
    if len(held) != 1 or not isinstance(held[0], str):
        return ""
    return held[0] if _UNIT_IN_TITLE.match(held[0].strip().lstrip("(（")) else ""


def read_corner(title: Sequence[str], words: Mapping) -> Corner:
    """Return the units that a title prints: 单位: 万吨标准煤, or one for 实物量 and one for 标准量."""
    return words.remember(("corner", *title), partial(_read_corner, title, words))


def _read_corner(title: Sequence[str], words: Mapping) -> Corner:
    units: dict[str, str] = {}
    several: tuple[str, ...] = ()
    unread = ""
    for text in title:
        for measure, unit in _MEASURE_UNIT.findall(text):
            if unit_known(unit, words):
                units["standard" if measure == "标准量" else "physical"] = unit_expression(
                    unit, words
                )
        match = _UNIT_IN_TITLE.search(text)
        bracketed = () if match else take_units(_IN.sub("", text), words)[1]
        amounts = _list_amounts(match[1]) if match else []
        candidates = (
            _list_beginnings(amounts[0] if len(amounts) == 1 else match[1])
            if match
            else bracketed
            or [
                _IN.sub("", phrase)
                for phrase in (
                    text,
                    _YEAR.sub("", text),
                    *_PHRASES.split(text),
                    _LISTED.split(text)[-1].strip(),
                )
            ]
        )
        inside = [] if match else list(map("".join, _IN_TITLE.findall(text)))
        parts = [
            part.strip() for one in inside for part in _LISTED.split(one)
        ]  # (万吨标准煤,2018年)
        candidates = [*candidates, *inside, *parts]
        known = next((candidate for candidate in candidates if unit_known(candidate, words)), None)
        if known is not None:
            units.setdefault("", unit_expression(known, words))
        elif match or bracketed:
            unread = unread or candidates[0].strip()
        for listed in [amounts] if match else map(_list_amounts, inside):
            if len(listed) > 1 and all(unit_known(word, words) for word in listed):
                several = tuple(unit_expression(word, words) for word in listed)
    is_standard = any("标准量" in text and "实物量" not in text for text in title)
    unread = "" if units or several else unread
    return Corner({} if several else units, several=several, is_standard=is_standard, unread=unread)


def _list_amounts(text: str) -> list[str]:
    """Return the parts of a list of units that are none of other quantities: 亿千瓦时、%."""
    parts = (part.strip() for part in _LISTED.split(text))
    return [part for part in parts if not is_other_unit(part)]


def _list_beginnings(text: str) -> list[str]:
    """Return what may be the unit at the beginning of a phrase, the longest first, then its words that are not Latin.

    ``tonnes`` is no unit of ``tonnes of oil equivalent (x)``: what goes on names what is measured.
    """
    words = text.split()
    begun = [
        " ".join(words[:count]).rstrip(",;:，；。.")
        for count in range(len(words), 0, -1)
        if count == len(words) or not _GOES_ON.match(words[count])
    ]
    return [text, *begun, *(word for word in words if not word.isascii())]


def own_unit(words: Mapping, text: str, product: str | None) -> tuple[str, str]:
    """Return the unit that a mapping gives where none is printed, by header or product, and the mapping."""
    if not words.units:
        return "", ""
    names = [
        text,
        product or "",
        vocabulary.name("product", product or "", "zh"),
        vocabulary.name("product", product or ""),
    ]
    found = next((key for name in names if name and (key := fold_unit(name)) in words.units), "")
    return words.units.get(found, ""), words.unit_origins.get(found, "")


def agreed_unit(header: Header, words: Mapping) -> tuple[str, tuple[str, ...]]:
    """Return the one unit that a header prints ("" if none), and what contradicts the product beside it."""
    return words.remember(
        ("agreed unit", header.text, header.product, header.units),
        lambda: _agreed_unit(header, words),
    )


def _agreed_unit(header: Header, words: Mapping) -> tuple[str, tuple[str, ...]]:
    clear = [unit for unit in header.units if unit_known(unit, words)]
    if not clear:
        if header.units:
            unit_expression(header.units[0], words)  # raises, with what could be meant
        return "", ()
    found = {unit: unit_expression(unit, words) for unit in clear}
    doubts: tuple[str, ...] = ()
    if header.product:
        fitting = {
            unit: expression
            for unit, expression in found.items()
            if fits(header.product, expression)
        }
        if not fitting and (reason := why_not(header.product, found[clear[0]])):
            raise UnitError(
                say(
                    "unit {clear} of {product} ({text}): {reason}",
                    clear=clear[0],
                    product=header.product,
                    text=header.text,
                    reason=reason,
                )
            )
        if not fitting:
            raise UnitError(
                say(
                    "unit {clear} contradicts {product} ({text}); correct the header or the column, "
                    "or pass it over in a mapping file",
                    clear=clear[0],
                    product=header.product,
                    text=header.text,
                )
            )
        doubts = tuple(
            f"unit {unit} contradicts {header.text}, {next(iter(fitting))} is taken"
            for unit in found
            if unit not in fitting
        )
        found = fitting
    sizes = {(round(float(scale), 9), str(unit)) for scale, unit in map(_in_base, found.values())}
    if len(sizes) > 1:
        raise UnitError(
            say(
                "{text} is printed in two units, {found}; correct the header",
                text=header.text,
                found=join_texts(" and ", found),
            )
        )
    return next(iter(found.values())), doubts


@may_keep
def _in_base(expression: str) -> list[float | str]:
    scale, unit = parse_unit(expression)
    base = (1.0 * unit).to_base_units()
    return [float(f"{scale * base.magnitude:.12g}"), str(base.units)]
