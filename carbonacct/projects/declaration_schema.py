"""The JSON Schema of carbonacct.toml, for editors: the keys and words that the reader knows, nothing written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.analysis.goals import BOUNDS, PATHS, STATISTICS
from carbonacct.analysis.sharing import RULES
from carbonacct.categories import categories
from carbonacct.inventory.metrics import metric_ids
from carbonacct.inventory.stated_keys import KEYS as NOTATION_KEYS
from carbonacct.projects.declaration_keys import KEYS, LANGUAGES, NEEDED, NUMBERS, SEVERAL
from carbonacct.projects.declared_indices import INDEX_SOURCES
from carbonacct.projects.driver_bases import list_bases_of_energy
from carbonacct.projects.filled_series import FORMS
from carbonacct.projects.project_declaration import SCHEMA
from carbonacct.projects.splice_rules import LEVELS, TECHNIQUES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_NAMES = {"anyOf": [_TEXT, _TEXTS]}
_YEAR = {"type": "integer"}
_YEARS = {"anyOf": [_TEXT, _YEAR, {"type": "array", "items": {"anyOf": [_TEXT, _YEAR]}}]}


def make_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a declaration.

    Notes
    -----
    It holds the keys of each table, those that are needed, and the words of keys that know some.
    What it lets pass may still be refused, such as a file that is not there: the reader has the
    last word.

    Examples
    --------
    >>> schema = make_schema()
    >>> schema["required"], "notation" in schema["properties"]
    (['schema', 'project', 'methods'], True)
    >>> schema["properties"]["project"]["properties"]["lang"]
    {'enum': ['zh', 'en']}
    """
    tables = {name: _describe_table(name) for name in KEYS if name}
    plain = {key: _TEXT for key in KEYS[""] if key not in tables}
    outputs = {"type": "object", "additionalProperties": _TEXT}
    held = plain | tables | {"schema": {"const": SCHEMA}, "outputs": outputs}
    held["compare_targets"] = _NAMES
    return {
        "$schema": _DIALECT,
        "title": "carbonacct.toml",
        **_describe_keys("", {key: held[key] for key in KEYS[""]}),
    }


def _describe_table(name: str) -> dict[str, Any]:
    values = _list_values()
    table = _describe_keys(name, {key: values.get(f"{name}.{key}", {}) for key in KEYS[name]})
    return {"anyOf": [table, {"type": "array", "items": table}]} if name in SEVERAL else table


def _describe_keys(name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(NEEDED.get(name, ())),
        "additionalProperties": False,
    }


def _list_values() -> dict[str, dict[str, Any]]:
    """Return what the values of keys may be, as far as that is known; of another any."""
    words: dict[str, Sequence[str]] = {
        "project.lang": LANGUAGES,
        "project.metric": metric_ids(),
        "notation.category": list(categories()),
        "notation.in": list(categories()),
        "notation.key": NOTATION_KEYS,
        "note.category": list(categories()),
        "drivers.tce": list_bases_of_energy(),
        "energy.tce": list_bases_of_energy(),
        "splice.technique": TECHNIQUES,
        "splice.level": LEVELS,
        "splice.form": FORMS,
        "target.statistic": STATISTICS,
        "target.bound": BOUNDS,
        "target.path": PATHS,
        "share.rule": RULES,
    }
    kinds = {int: {"type": "integer"}, float: {"type": "number"}}
    texts = ("note.text", "notation.because", "splice.because", "drivers.file", "activity.file")
    return {
        **{key: {"enum": list(known)} for key, known in words.items()},
        **{f"scenario.{key}": kinds[kind] for key, kind in NUMBERS.items()},
        **dict.fromkeys((f"{table}.years" for table in KEYS if "years" in KEYS[table]), _YEARS),
        **dict.fromkeys(texts, _TEXT),
        "project.gases": _TEXTS,
        "notation.gas": _NAMES,
        "table.files": _TEXT,
        "table.year": _YEAR,
        "overlay.folder": _TEXT,
        "scenario.file": _TEXT,
        **dict.fromkeys(("index.id", "index.file", "index.coal_equivalent"), _TEXT),
        **dict.fromkeys(("index.sheet", "drivers.sheet", "energy.coal_equivalent"), _TEXT),
        **dict.fromkeys(("index.power_rate", "energy.power_rate"), kinds[float]),
        "table.sheet": _NAMES,
        "index.sources": {"type": "array", "items": {"enum": list(INDEX_SOURCES)}},
        "drivers.prices": _TEXT,
        **{f"analysis.{key}": _TEXTS for key in KEYS["analysis"]},
    }
