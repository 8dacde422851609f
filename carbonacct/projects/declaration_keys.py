"""The keys of carbonacct.toml and of an area's own file: what is not here is a slip of the pen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.errors import ProjectError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

# The keys of each table of the file: what is not here is a slip of the pen.
KEYS: Mapping[str, tuple[str, ...]] = {
    "": (
        "schema",
        "project",
        "methods",
        "energy",
        "table",
        "activity",
        "overlay",
        "drivers",
        "splice",
        "target",
        "targets_file",
        "uncertainty",
        "share",
        "scenario",
        "analysis",
        "accepted",
        "corrections",
        "outputs",
    ),
    "project": (
        "area",
        "name",
        "lang",
        "years",
        "gases",
        "metric",
        "areas",
        "own",
        "compare_sum_of",
    ),
    "methods": ("energy", "sources"),
    "energy": ("grid", "carbon_pool", "calorific_values", "allow_unverified"),
    "table": ("files", "mapping", "layout", "area", "year", "supersedes"),
    "activity": ("file",),
    "overlay": ("folder", "areas", "years"),
    "drivers": ("file",),
    "splice": (
        "flow",
        "product",
        "years",
        "technique",
        "surrogate",
        "percent",
        "longest",
        "because",
    ),
    "target": (
        "id",
        "area",
        "quantity",
        "statistic",
        "bound",
        "value",
        "lower",
        "upper",
        "unit",
        "due",
        "base",
        "prices",
        "path",
        "tolerance",
        "source",
        "firmness",
        "scope",
        "boundary",
        "subset",
    ),
    "share": (
        "target",
        "over",
        "rule",
        "column",
        "weights",
        "year",
        "base_year",
        "by_year",
        "floor",
        "reserve",
        "growth",
    ),
    "uncertainty": ("activity", "statistics", "bounds_from", "seed", "draws"),
    "scenario": (
        "file",
        "area",
        "base",
        "gas",
        "scope",
        "base_error",
        "draws",
        "seed",
        "peak_by",
        "budget",
        "model",
    ),
    "analysis": ("trend", "decoupling", "peak", "decompose"),
}
# What the numbers of a scenario are.
NUMBERS: Mapping[str, type[int | float]] = {
    **dict.fromkeys(("base", "draws", "seed", "peak_by"), int),
    **dict.fromkeys(("base_error", "budget"), float),
}
# What areas/<id>/area.toml may say otherwise for its area.
OF_AREAS: Mapping[str, tuple[str, ...]] = {
    "": ("project", "methods", "energy"),
    "project": ("gases",),
    "methods": KEYS["methods"],
    "energy": KEYS["energy"],
}


def check_keys(
    table: str, held: Mapping[str, Any], known: Mapping[str, tuple[str, ...]] = KEYS
) -> None:
    """Refuse a key of a table that is not known, with the nearest name.

    Raises
    ------
    ProjectError
        If there is one.
    """
    for key in held:
        if key not in known[table]:
            near = did_you_mean(key, known[table]) or say(
                "known: {key}", key=join_texts(", ", known[table])
            )
            raise ProjectError(
                say("no key {key!r}; {near}", key=f"{table}.{key}".lstrip("."), near=near)
            )
