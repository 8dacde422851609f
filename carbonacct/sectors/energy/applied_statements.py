"""What a compiler states of a category beside what is there: a key stands only where no number does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonacct.errors import NotationError
from carbonacct.inventory.stated_keys import find_above
from carbonacct.sectors.energy.notation import Noted
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from carbonacct.inventory.stated_keys import StatedKey

_NOTHING = frozenset({"NO", "NA"})  # a zero agrees with them


def inherit_stated(
    code: str, stated: Mapping[str, StatedKey]
) -> tuple[Noted, tuple[str, str, str]] | None:
    """Return the key of a category without a number that the compiler speaks of, where it points to and why.

    None of another.
    """
    above = find_above(code, stated)
    if above is None:
        return None
    return Noted(keys=frozenset({above.key})), (above.included_in, above.because, above.because)


def apply_stated(
    code: str,
    noted: Noted,
    printed: frozenset[str],
    stated: Mapping[str, StatedKey],
    *,
    where: tuple[str, int, str],
) -> Noted:
    """Return what a category has beside what is stated of it; a key of ours gives way.

    Parameters
    ----------
    noted
        Its number, or its keys.
    printed
        Keys that tables state of it and of what lies below.
    where
        Area, year and gas.

    Raises
    ------
    NotationError
        If there is a number, or another key.
    """
    if code not in stated:
        return noted
    one = stated[code]
    named: dict[str, Any] = dict(zip(("area", "year", "gas"), where, strict=True))
    named |= {"code": code, "key": one.key, "because": one.because}
    if not math.isnan(noted.value):
        if one.key in noted.keys or (noted.value == 0 and one.key in _NOTHING):
            return noted
        text = (
            "{code} is stated {key} ({because}), but {area} {year} has {value:,.0f} t {gas} of it; "
            "take the statement back, or correct the table"
        )
        raise NotationError(say(text, **named, value=noted.value))
    if printed - {one.key}:
        text = (
            "{code} is stated {key} ({because}), but the tables of {area} {year} say {printed} of "
            "its {gas}; make them agree"
        )
        raise NotationError(say(text, **named, printed=join_texts(", ", sorted(printed))))
    return Noted(keys=frozenset({one.key}))


def check_pointers(
    stated: Mapping[str, StatedKey], found: Mapping[str, Noted], where: tuple[str, int, str]
) -> None:
    """Refuse IE in a category that has no number; one of another sector is for its own table to tell.

    Raises
    ------
    NotationError
        If there is one.
    """
    for code, one in stated.items():
        holder = found.get(one.included_in)
        if code in found and holder is not None and math.isnan(holder.value):
            area, year, gas = where
            text = (
                "{code} is stated IE in {holder}, but {holder} of {area} {year} has no number of "
                "{gas}; name the category that has one, or the gas"
            )
            raise NotationError(
                say(text, code=code, holder=one.included_in, area=area, year=year, gas=gas)
            )
