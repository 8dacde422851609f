"""The bill of materials: what is installed and needed, and the document of every table of factors."""

import importlib.util
import shutil
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def bill():
    """Return the script that writes the bill."""
    spec = importlib.util.spec_from_file_location("bill", ROOT / ".ci" / "bill.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(bill):
    """Return the bill of this checkout."""
    return bill.make_bill(ROOT)


def test_every_dependency_is_listed_as_it_is_installed(made):
    """What pyproject.toml asks for stands there with the version that runs, and refers to what it needs itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    held = {one["name"]: one["version"] for one in made["components"] if one["type"] == "library"}
    for asked in project["dependencies"]:
        name = Requirement(asked).name.lower()
        assert held[name] == distribution(name).version
    known = {one["bom-ref"] for one in made["components"]}
    assert "carbonacct" not in known
    assert all(set(one["dependsOn"]) <= known for one in made["dependencies"])
    needs = {one["ref"].split("@")[0]: one["dependsOn"] for one in made["dependencies"]}
    assert any(one.startswith("pkg:pypi/numpy@") for one in needs["pkg:pypi/pandas"])


def test_every_edition_is_listed_with_its_document(made):
    """Each folder with a source.toml is a component of its own."""
    folders = {path.parent.name for path in (ROOT / "factors").glob("**/source.toml")}
    data = [one for one in made["components"] if one["type"] == "data"]
    assert {one["bom-ref"].split("/")[-1] for one in data} == folders
    assert all(one["name"] and len(one["hashes"][0]["content"]) == 64 for one in data)


def test_a_changed_table_changes_the_bill_and_nothing_else_does(bill, tmp_path):
    """The digest is of the tables; the place of the checkout is not in it."""
    for name in ("a", "b"):
        shutil.copytree(ROOT / "factors" / "ipcc-2006", tmp_path / name / "factors" / "ipcc-2006")
        shutil.copy(ROOT / "pyproject.toml", tmp_path / name)
    first = bill.make_bill(tmp_path / "a")
    assert bill.make_bill(tmp_path / "b") == first
    table = tmp_path / "b" / "factors" / "ipcc-2006" / "net_calorific_value.csv"
    table.write_text(table.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert bill.make_bill(tmp_path / "b")["serialNumber"] != first["serialNumber"]
