"""The JSON Schema of carbonacct.toml agrees with its reader."""

from __future__ import annotations

import json
import tomllib

import pytest

from carbonacct.cli import main
from carbonacct.errors import ProjectError
from carbonacct.projects.declaration_keys import KEYS, NEEDED, SEVERAL
from carbonacct.projects.declaration_schema import make_schema
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.projects.starting import start_project

KINDS = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float)}
START = {
    "schema": "schema = 1\n",
    "project": 'project = { years = "2018" }\n',
    "methods": 'methods = { energy = "provincial-2011" }\n',
}
# A table of each kind that has keys it needs.
FULL = {
    "table": {"files": "tables/*"},
    "activity": {"file": "a.csv"},
    "overlay": {"folder": "own"},
    "drivers": {"file": "d.csv"},
    "splice": {"years": "2018", "technique": "interpolation", "because": "x"},
    "notation": {"category": "2.C", "key": "NO", "because": "x"},
    "note": {"text": "x"},
    "scenario": {"file": "s.csv"},
    "index": {"id": "ccni-2.0"},
}


def fits(schema, value):
    """Return whether a value fits a schema of the words that ours uses."""
    known = {"$schema", "title", "type", "properties", "required", "additionalProperties"}
    assert set(schema) <= known | {"items", "anyOf", "enum", "const"}, schema
    met = [
        "anyOf" not in schema or any(fits(one, value) for one in schema["anyOf"]),
        "enum" not in schema or value in schema["enum"],
        "const" not in schema or value == schema["const"],
        "type" not in schema or isinstance(value, KINDS[schema["type"]]),
    ]
    if isinstance(value, list):
        met += [fits(schema.get("items", {}), one) for one in value]
    if isinstance(value, dict):
        own, other = schema.get("properties", {}), schema.get("additionalProperties", {})
        met.append(set(schema.get("required", ())) <= set(value))
        for key, one in value.items():
            inner = own.get(key, other)
            met.append(inner is not False and fits(inner, one))
    return all(met)


def write(folder, parts):
    """Write a declaration of some parts and return it as TOML holds it."""
    text = "".join(parts)
    (folder / "carbonacct.toml").write_text(text, encoding="utf-8")
    return tomllib.loads(text)


def test_the_command_prints_it(capsys):
    """As JSON, of the draft that it names, with every key of the reader."""
    assert main(["schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == make_schema()
    assert list(printed["properties"]) == list(KEYS[""])
    for name in filter(None, KEYS):
        table = printed["properties"][name]
        table = table["anyOf"][0] if "anyOf" in table else table
        assert tuple(table["properties"]) == KEYS[name]


def test_a_new_project_fits(tmp_path):
    """What init writes fits, and no longer with a key that the reader refuses."""
    start_project(
        tmp_path, name="甲", method="provincial-2011", years="2015", lang="zh", template=b"x"
    )
    held = tomllib.loads((tmp_path / "carbonacct.toml").read_text(encoding="utf-8"))
    assert fits(make_schema(), held)
    for fault in ({"notes": []}, {"project": {"yeers": "2015"}}, {"outputs": {"page": 1}}):
        assert not fits(make_schema(), {**held, **fault})


def inline(name, values):
    """Return a table on one line."""
    cells = ", ".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
    return f"{name} = [{{ {cells} }}]\n" if name in SEVERAL else f"{name} = {{ {cells} }}\n"


@pytest.mark.parametrize("name", FULL)
def test_needed_keys_are_those_of_the_reader(tmp_path, name):
    """With all of them both take a table; without one of them neither does."""
    assert set(FULL[name]) == set(NEEDED[name])
    assert fits(make_schema(), write(tmp_path, [*START.values(), inline(name, FULL[name])]))
    read_declaration(tmp_path)
    for lacking in FULL[name]:
        values = {key: value for key, value in FULL[name].items() if key != lacking}
        if name == "scenario" and not values:
            continue  # an empty one asks for nothing
        held = write(tmp_path, [*START.values(), inline(name, values)])
        assert not fits(make_schema(), held)
        with pytest.raises(ProjectError):
            read_declaration(tmp_path)


@pytest.mark.parametrize("lacking", START)
def test_a_declaration_needs_its_head(tmp_path, lacking):
    """Schema, project and methods."""
    held = write(tmp_path, [text for key, text in START.items() if key != lacking])
    assert not fits(make_schema(), held)
    with pytest.raises(ProjectError):
        read_declaration(tmp_path)


@pytest.mark.parametrize("name", [name for name in KEYS if name])
def test_lists_are_those_of_the_reader(tmp_path, name):
    """A table that may stand once is no list for both."""
    head = [text for key, text in START.items() if key != name]
    held = write(tmp_path, [*head, f"[[{name}]]\n"])
    if name in SEVERAL:
        assert "anyOf" in make_schema()["properties"][name]
        return
    assert not fits(make_schema(), held)
    with pytest.raises(ProjectError, match="is no table"):
        read_declaration(tmp_path)
