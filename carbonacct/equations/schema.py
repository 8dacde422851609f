"""The keys of a sector file and what each may hold: misspelt and misplaced ones are found here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.equations.sector import KINDS
from carbonacct.errors import near_or_known
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What a value of each kind is called where another stands.
_TEXT, _TEXTS, _BOOL, _TABLE, _TABLES, _PAIR = (
    "text",
    say("a list of texts"),
    say("true or false"),
    say("a table"),
    say("a list of tables"),
    say("two numbers"),
)
_NUMBERS, _NAMES, _LISTS, _YEARS = (
    say("a table of numbers"),
    say("a table of texts"),
    say("a table of lists of texts"),
    say("a list of years, one after the other"),
)
_LARGEST = 1e300
_TOP = {
    "title": _TEXT,
    "title_zh": _TEXT,
    "reference": _TEXT,
    "editions": _TEXTS,
    "activity": _TABLE,
    "parameter": _TABLE,
    "quantity": _TABLES,
    "source": _TABLES,
}
_NAMED = {"zh": _TEXT, "en": _TEXT, "unit": _TEXT, "range": _PAIR}
_ACTIVITY = _NAMED | {
    "aliases": _TEXTS,
    "printed": _TEXT,
    "dims": _TEXTS,
    "absent": ("missing", "zero"),
    "history": _BOOL,
    "shares": _TEXT,
    "at_most": _TEXT,
}
_PARAMETER = _NAMED | {
    "keys": say("a list of texts, or a table of dim and column"),
    "groups": _NAMES,
    "table": _TEXT,
    "editions": _TEXTS,
    "middle_of_range": _BOOL,
    "note": _TEXT,
}
_BLOCK = {
    "id": _TEXT,
    "zh": _TEXT,
    "en": _TEXT,
    "cite": _TEXT,
    "dims": _TEXTS,
    "equation": _TEXT,
    "units": _NAMES,
    "keeps": _LISTS,
    "starts": _NUMBERS,
    "note": _TEXT,
}
_QUANTITY = _BLOCK | {"unit": _TEXT}
_SOURCE = _BLOCK | {
    "category": _TEXT,
    "gas": say("the name of a gas, or a list of them"),
    "kind": KINDS,
    "checks": _TABLES,
    "excludes": _TEXTS,
    "partner": _TABLE,
    "example": _TABLES,
}
_CHECK = {"rule": _TEXT, "else": ("refuse", "find")}
_PARTNER = {
    "sector": _TEXT,
    "quantity": _TEXT,
    "product": _TEXT,
    "flow": _TEXT,
    "both": ("refuse", "subtract", "find"),
    "labels": _LISTS,
}
_EXAMPLE = {
    "given": _TABLE,
    "gives": say("a number, a list by year or a table by label"),
    "years": _YEARS,
}
_REQUIRED = {
    "activity": ("unit",),
    "parameter": ("unit",),
    "quantity": ("id", "unit", "equation"),
    "source": ("id", "category", "gas", "equation"),
    "check": ("rule", "else"),
    "partner": ("sector", "quantity", "both"),
    "example": ("given", "gives"),
}


def find_schema_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """Find keys that are unknown, missing or hold something else than they may."""
    yield from _check("", content, _TOP)
    for kind, schema in (("activity", _ACTIVITY), ("parameter", _PARAMETER)):
        for name, about in _items(content.get(kind)):
            yield from _check(f"{kind} {name}", about, schema, _REQUIRED[kind])
    for kind, schema in (("quantity", _QUANTITY), ("source", _SOURCE)):
        for position, about in enumerate(_list(content.get(kind)), 1):
            where = (
                str(about.get("id") or f"{kind} {position}") if isinstance(about, dict) else kind
            )
            yield from _check(where, about, schema, _REQUIRED[kind])
            if isinstance(about, dict):
                yield from _check_inside(where, about)
    if not content.get("source"):
        yield say("no [[source]]: a sector file has at least one")


def _check_inside(where: str, about: Mapping[str, Any]) -> Iterator[str]:
    for check in _list(about.get("checks")):
        yield from _check(f"{where}.checks", check, _CHECK, _REQUIRED["check"])
    if "partner" in about:
        yield from _check(f"{where}.partner", about["partner"], _PARTNER, _REQUIRED["partner"])
    for example in _list(about.get("example")):
        yield from _check(f"{where}.example", example, _EXAMPLE, _REQUIRED["example"])


def _check(
    where: str, about: Any, schema: Mapping[str, Any], required: tuple[str, ...] = ()
) -> Iterator[str]:
    before = say("{where}: ", where=where) if where else ""
    if not isinstance(about, dict):
        yield say("{before}{about!r} stands where a table is expected", before=before, about=about)
        return
    for key, value in about.items():
        if key not in schema:
            near = near_or_known(key, schema)
            yield say("{before}there is no key {key}; {near}", before=before, key=key, near=near)
        elif not _fits(schema[key], value):
            wanted = (
                schema[key] if isinstance(schema[key], str) else join_texts(" or ", schema[key])
            )
            yield say(
                "{before}{key} is {value!r}; expected {wanted}",
                before=before,
                key=key,
                value=value,
                wanted=wanted,
            )
    yield from (
        say("{before}{key} is missing", before=before, key=key)
        for key in required
        if about.get(key) in (None, "", [])
    )


def _fits(wanted: str | tuple[str, ...], value: Any) -> bool:
    if isinstance(wanted, tuple):
        return isinstance(value, str) and value in wanted
    fits = {
        _TEXT: isinstance(value, str),
        _TEXTS: _all(value, list, str),
        _BOOL: isinstance(value, bool),
        _TABLE: isinstance(value, dict),
        _TABLES: isinstance(value, list),
        _PAIR: isinstance(value, list) and len(value) == 2 and all(map(is_number, value)),
        _NUMBERS: isinstance(value, dict) and all(map(is_number, value.values())),
        _NAMES: _all(value, dict, str),
        _LISTS: isinstance(value, dict) and all(_all(one, list, str) for one in value.values()),
        _YEARS: _all(value, list, int) and value == sorted(set(value)),
        _SOURCE["gas"]: isinstance(value, str) or (_all(value, list, str) and bool(value)),
        _PARAMETER["keys"]: _all(value, list, str) or _all(value, dict, str),
    }
    return fits.get(wanted, True)


def _all(value: Any, kind: type, part: type) -> bool:
    """Return whether a value is a list (or a table) of one kind of things."""
    parts = value.values() if isinstance(value, dict) else value
    return isinstance(value, kind) and all(
        isinstance(one, part) and not isinstance(one, bool) for one in parts
    )


def is_number(value: Any) -> bool:
    """Return whether a value of TOML is a number: true, false, nan and inf are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return -_LARGEST < value < _LARGEST


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
