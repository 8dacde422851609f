"""What is written twice for other installers is the same as in pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from carbonacct.version import __version__

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_citation_is_of_this_version():
    """Version, licence and name are those of the package."""
    held = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    said = dict(re.findall(r"^([a-z-]+): (.+)$", held, re.MULTILINE))
    assert (said["version"], PROJECT["version"], __version__) == (__version__,) * 3
    assert said["license"] == PROJECT["license"]
    assert said["cff-version"] == "1.2.0"
    assert (
        said["title"].strip('"')
        == f"{PROJECT['name']}: {PROJECT['description'][0].lower()}{PROJECT['description'][1:]}"
    )


def test_the_conda_recipe_asks_for_the_same():
    """Each requirement stands in it with the same lowest version, and nothing else."""
    recipe = (ROOT / "packaging" / "conda" / "meta.yaml").read_text(encoding="utf-8")
    run = recipe.partition("  run:\n")[2].partition("\n\n")[0]
    listed = sorted(line.strip("- ").replace(" ", "") for line in run.splitlines())
    assert listed == sorted(
        [*(one.lower() for one in PROJECT["dependencies"]), f"python{PROJECT['requires-python']}"]
    )
    assert f"version: {PROJECT['version']}\n" in recipe
    assert f"carbonacct = {PROJECT['scripts']['carbonacct']}" in recipe


@pytest.mark.parametrize("page", ["README.md", "docs/portable.md", "docs/zh/README.md"])
def test_installing_is_one_line_for_all_systems(page):
    """The line for every system stands on the page before any other way."""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert text.index("uv tool install .") < text.index("pipx install .")
    assert "make " not in text[: text.index("uv tool install .")]
