"""Sphinx configuration. The lists of ids come from the vocabulary, so that a page never lags behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import carbonacct
from carbonacct import data, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

project = "carbonacct"
author = "The carbonacct developers"
copyright = "The carbonacct developers"
version = release = carbonacct.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "From an energy balance table to a CO2 inventory", "page_width": "1080px", "fixed_sidebar": True}
html_show_sourcelink = False
autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
myst_enable_extensions = ["substitution", "dollarmath", "amsmath"]
myst_heading_anchors = 3
suppress_warnings = ["config.cache"]


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _code(word: str) -> str:
    return f"`{word}`" if word else ""


_CHECKS = data.read_rows(data.data_folder() / "vocabulary" / "checks.csv")
myst_substitutions = {
    "check_rules": _table(
        ("rule", "severity", "中文", "English", "reference"),
        ((_code(r["rule"]), r["severity"], r["what_zh"], r["what_en"], r["reference"]) for r in _CHECKS),
    ),
    "flow_ids": _table(
        ("id", "中文", "English", "part of", "IPCC category"),
        ((_code(f.id), f.name_zh, f.name_en, _code(f.parent), f.category) for f in vocabulary.flows().values()),
    ),
    "product_ids": _table(
        ("id", "中文", "English", "part of", "kept in"),
        ((_code(p.id), p.name_zh, p.name_en, _code(p.parent), p.unit) for p in vocabulary.products().values()),
    ),
    "area_ids": _table(
        ("id", "中文", "English", "level", "grid"),
        ((_code(a.id), a.name_zh, a.name_en, a.level, _code(a.grid)) for a in vocabulary.areas().values()),
    ),
}
