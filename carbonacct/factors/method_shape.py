"""Which keys a method's file may have, and of which kind each is: what is not here is a slip of the pen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.errors import near_or_known
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TEXT, _WORDS, _FLAG, _PAIRS, _CHAINS = "text", "words", "flag", "pairs", "chains"
_KINDS = {
    _TEXT: say("a text in quotes"),
    _WORDS: say("a list of words in quotes"),
    _FLAG: say("true or false"),
    _PAIRS: say('a table of words, such as coke = "gb-t-2589-2008"'),
    _CHAINS: say("a table of lists of lists of parameters, one for each gas"),
}
# Kind of each key.
_TOP = {
    **dict.fromkeys(("extends", "title", "title_zh", "kind", "reference"), _TEXT),
    **dict.fromkeys(("names", "editions"), _WORDS),
    **dict.fromkeys(("roles", "assumed", "prefer"), _PAIRS),
    "chains": _CHAINS,
}
# Keys of tables, and of lists of tables.
_TABLES = {
    "options": {
        "covers": _WORDS,
        "covers_reason": _TEXT,
        "scale_parts": _WORDS,
        "standard_quantity": _WORDS,
    },
    "feedstock": {"taken_from": _WORDS, "counts": _WORDS, "rest": _TEXT},
    "bunkers": {"taken_from": _TEXT},
    "carbon_pool": {"count": _TEXT, "reason": _TEXT, "gases": _WORDS, "recovered": _WORDS},
}
_POOL_SOURCE = {"flow": _TEXT, "products": _WORDS}
_LISTS = {
    "substitute": {"product": _TEXT, "use": _TEXT, "reason": _TEXT},
    "exclude": {"products": _WORDS, "flows": _WORDS, "reason": _TEXT},
    "factor_categories": {
        "flow": _TEXT,
        "products": _WORDS,
        "category": _TEXT,
        "reason": _TEXT,
        "parts": _FLAG,
    },
    "transformed": {"flow": _TEXT, "products": _WORDS, "counts": _FLAG, "reason": _TEXT},
}
_BROUGHT_IN = {"flows": _WORDS, "parameter": _TEXT, "editions": _WORDS, "levels": _WORDS}


def find_shape_faults(content: Mapping[str, Any]) -> list[str]:
    """Return every key of a method's file that is not known, or of another kind than it should be.

    Examples
    --------
    >>> print(*find_shape_faults({"title": 1, "editons": []}), sep="; ")
    title: write a text in quotes; no key 'editons'; did you mean editions, options, extends?
    """
    pool = content.get("carbon_pool", {})
    taken_from = pool.get("taken_from", []) if isinstance(pool, dict) else []
    if isinstance(pool, dict):
        content = {
            **content,
            "carbon_pool": {key: held for key, held in pool.items() if key != "taken_from"},
        }
    parts = {**_TABLES, **_LISTS, "imported_energy": {}}
    faults = list(_check("", content, {**_TOP, **dict.fromkeys(parts, "")}))
    for name, known in _TABLES.items():
        faults += _check(name, content.get(name, {}), known)
    lists = {
        **{name: content.get(name, []) for name in _LISTS},
        "carbon_pool.taken_from": taken_from,
    }
    for name, entries in lists.items():
        known = _LISTS.get(name, _POOL_SOURCE)
        if isinstance(entries, list):
            faults += [fault for entry in entries for fault in _check(name, entry, known)]
        else:
            faults.append(say("{key}: write it as [[{key}]], once for each entry", key=name))
    imported_energy = content.get("imported_energy", {})
    if isinstance(imported_energy, dict):
        for product, held in imported_energy.items():
            faults += _check(f"imported_energy.{product}", held, _BROUGHT_IN)
    else:
        faults.append(say("{key}: write it as a table [{key}]", key="imported_energy"))
    return faults


def _check(where: str, held: Any, known: Mapping[str, str]) -> Iterator[str]:
    """Find keys of a table that are not known, and values of another kind."""
    if not isinstance(held, dict):
        yield say("{key}: write it as a table [{key}]", key=where)
        return
    for key, value in held.items():
        name = f"{where}.{key}".lstrip(".")
        if key not in known:
            near = near_or_known(key, known, listed=sorted(known))
            yield say("no key {key!r}; {near}", key=name, near=near)
        elif known[key] and not _is_of_kind(value, known[key]):
            yield say("{key}: write {kind}", key=name, kind=_KINDS[known[key]])


def _is_of_kind(value: Any, kind: str) -> bool:
    if kind == _FLAG:
        return isinstance(value, bool)
    if kind == _TEXT:
        return isinstance(value, str)
    if kind == _WORDS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if kind == _PAIRS:
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    return isinstance(value, dict) and all(
        isinstance(chains, list) and all(_is_of_kind(chain, _WORDS) for chain in chains)
        for chains in value.values()
    )
