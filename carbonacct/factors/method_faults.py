"""What a method's file names that does not exist, and what its entries lack, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.errors import did_you_mean
from carbonacct.factors.edition_series import series_ids
from carbonacct.factors.editions import edition_ids
from carbonacct.factors.method import POOL_COUNTS, ROLES
from carbonacct.factors.method_names import ENTRY_KEYS
from carbonacct.factors.row_faults import PARAMETERS
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Content = Mapping[str, Any]


def find_method_faults(content: Content) -> list[str]:
    """Return every fault of what a method's file says, by kind of fault.

    Examples
    --------
    >>> find_method_faults({"editions": ["ipcc-2006"], "chains": {}, "prefer": {"coke": "nir-1999"}})
    ["prefer names 'nir-1999', not an edition of the method"]
    """
    return [
        *(say("{key} is missing", key=key) for key in ("editions", "chains") if key not in content),
        *_find_incomplete_entries(content),
        *_find_unknown("edition", _named_editions(content), [*edition_ids(), *series_ids()]),
        *(
            say("{where} names {name!r}, not a parameter", where=where, name=name)
            for where, name in _named_parameters(content)
            if name not in PARAMETERS
        ),
        *_find_wrong_roles(content),
        *_find_pool_faults(content.get("carbon_pool", {})),
        *(
            say("prefer names {edition!r}, not an edition of the method", edition=edition)
            for edition in content.get("prefer", {}).values()
            if edition not in content.get("editions", ())
        ),
        *_find_unknown("flow", _named_flows(content), vocabulary.flows()),
        *_find_unknown("product", _named_products(content), vocabulary.products()),
    ]


def say_unknown(kind: str, word: str, known: Iterable[str]) -> str:
    """Return that a word of a kind does not exist, with those near it."""
    near = did_you_mean(word, known)
    return (
        say("{kind} {word!r} does not exist; {near}", kind=kind, word=word, near=near)
        if near
        else say("{kind} {word!r} does not exist", kind=kind, word=word)
    )


def _find_unknown(kind: str, words: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    known = list(known)
    return (say_unknown(kind, word, known) for word in words if word not in known)


def _find_incomplete_entries(content: Content) -> Iterator[str]:
    for kind in ("exclude", "substitute", "imported_energy", "factor_categories", "transformed"):
        for item in _entries(content, kind):
            for key in ENTRY_KEYS[kind]:
                if not item.get(key):
                    yield say("{kind} without {key}", kind=kind, key=key)


def _find_wrong_roles(content: Content) -> Iterator[str]:
    roles = content.get("roles", {})
    for flow, role in roles.items():
        if role not in ROLES:
            yield say(
                "role {role!r} of {flow} is not one of {roles}",
                role=role,
                flow=flow,
                roles=join_texts(", ", ROLES),
            )
    for flow in content.get("assumed", {}):
        if roles.get(flow) != "combustion":
            yield say("assumed names {flow}, whose role is not combustion", flow=flow)
    for item in _entries(content, "transformed"):
        if not isinstance(item.get("counts"), bool):
            yield say(
                "transformed {flow} does not say whether it counts (true or false)",
                flow=item.get("flow"),
            )


def _find_pool_faults(pool: Content) -> Iterator[str]:
    if not pool:
        return
    for key in ("count", "reason", "gases"):
        if not pool.get(key):
            yield say("carbon_pool without {key}", key=key)
    if pool.get("count") not in POOL_COUNTS:
        yield say(
            "carbon_pool counts {count!r}, not one of {pool_counts}",
            count=pool.get("count"),
            pool_counts=join_texts(", ", POOL_COUNTS),
        )
    if pool.get("count") == "gas" and not pool.get("taken_from"):
        yield say("carbon_pool counts the gas and names no fuel that bears it (taken_from)")


def _entries(content: Content, kind: str) -> Iterable[Content]:
    """Return the entries of a kind: those of a list, or those of a table by product."""
    entries: Any = content.get(kind, ())
    listed: Iterable[Content] = entries.values() if isinstance(entries, dict) else entries
    return listed


def _pool_sources(content: Content) -> Iterable[Content]:
    sources: Iterable[Content] = content.get("carbon_pool", {}).get("taken_from", ())
    return sources


def _named_editions(content: Content) -> Iterator[str]:
    yield from content.get("editions", ())
    for item in _entries(content, "imported_energy"):
        yield from item.get("editions", ())
    yield from content.get("options", {}).get("standard_quantity", ())


def _named_parameters(content: Content) -> Iterator[tuple[str, str]]:
    for chains in content.get("chains", {}).values():
        for chain in chains:
            yield from (("chain", name) for name in chain)
    for item in _entries(content, "imported_energy"):
        if "parameter" in item:
            yield "imported_energy", item["parameter"]


def _named_flows(content: Content) -> Iterator[str]:
    yield from content.get("roles", {})
    yield from content.get("assumed", {})
    for item in (*_entries(content, "transformed"), *_pool_sources(content)):
        if "flow" in item:
            yield item["flow"]
    yield from content.get("feedstock", {}).get("taken_from", ())
    if bunkers := content.get("bunkers", {}).get("taken_from"):
        yield bunkers
    yield from content.get("options", {}).get("scale_parts", ())
    for item in (*_entries(content, "exclude"), *_entries(content, "imported_energy")):
        yield from item.get("flows", ())
    for item in _entries(content, "factor_categories"):
        if "flow" in item:
            yield item["flow"]


def _named_products(content: Content) -> Iterator[str]:
    yield from content.get("prefer", {})
    yield from content.get("feedstock", {}).get("counts", ())
    yield from content.get("options", {}).get("covers", ())
    for kind in ("exclude", "factor_categories", "transformed"):
        for item in _entries(content, kind):
            yield from item.get("products", ())
    pool = content.get("carbon_pool", {})
    for item in _pool_sources(content):
        yield from item.get("products", ())
    yield from pool.get("gases", ())
    yield from pool.get("recovered", ())
    for item in _entries(content, "substitute"):
        yield from (item[key] for key in ("product", "use") if key in item)
    yield from content.get("imported_energy", {})
