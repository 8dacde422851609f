"""Sphinx configuration. The lists of ids come from the vocabulary, so that a page never lags behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import carbonacct
from carbonacct import data, vocabulary
from carbonacct.indices.index_declaration import index_ids, load_index
from carbonacct.projects.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.indices.index_declaration import Index, Indicator, ScoreRule
    from carbonacct.projects.rules import FindingRule as Check

project = "carbonacct"
author = "The carbonacct developers"
copyright = "The carbonacct developers"
version = release = carbonacct.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "carbonacct"
html_static_path = ["_static"]
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


def _value(index: Index, leaf: Indicator) -> str:
    """Return what a leaf is computed from, in words."""
    of = " / ".join(index.inputs[name].zh for name in leaf.of)
    words = {
        "column": "as given",
        "ratio": of,
        "trend": f"Mann-Kendall z of {of}",
        "decoupling": f"elasticity of {of}",
        "change": f"change of {of}",
        "cut": f"cut of {of}",
        "change-completion": f"change of {of}, of its target",
        "cut-completion": f"cut of {of}, of its target",
    }
    span = f", {leaf.span} years" if leaf.span > 1 else ""
    return words[leaf.op] + span


def _rule(rule: ScoreRule) -> str:
    """Return how a rule scores, in words."""
    steps = "; ".join(f"up to {bound:.4g}: {score:g}" for bound, score in rule.steps)
    return {
        "min-max": f"{rule.minimum:g} to {rule.maximum:g}" + (", logarithms" if rule.transform else ""),
        "group-min-max": f"worst to best of the {rule.over}",
        "percentile": f"percentile in the {rule.over}",
        "ratio": f"ratio to {rule.reference:g}",
        "steps": f"{steps}; above: {rule.beyond:g}",
        "grades": "; ".join(f"{grade.zh} {grade.score:g}" for grade in rule.grades),
        "states": "; ".join(f"{grade.zh} {grade.score:g}" for grade in rule.grades),
    }[rule.kind]


def _index_tree(index: Index) -> str:
    """Return the tree of an index as a table, from its declaration."""
    rows = []
    for node in index.indicators:
        weight = (
            "" if index.kind == "form" else f"{node.weight:.4g}" + (" (ours)" if node.weight_choice == "ours" else "")
        )
        depth = "&emsp;" * (node.level - 1 if index.kind == "index" else int(node.leaf))
        better = {"more": "↑", "less": "↓", "": ""}[node.direction]
        rows.append(
            (
                depth + node.zh,
                node.en,
                _code(node.id),
                weight,
                node.unit_zh or node.unit,
                better,
                _value(index, node) if node.leaf else "",
                _code(node.rule),
            )
        )
    return _table(("中文", "English", "id", "weight", "unit", "better", "computed from", "rule"), rows)


def _index_choices(index: Index) -> str:
    """Return the rules and every choice that is ours, from the declaration."""
    rules = [(_code(rule.name), _rule(rule), rule.choice, rule.reason or rule.source) for rule in index.rules.values()]
    choices = [("weights", "", "ours", index.weights_reason)] if index.weights_reason else []
    choices += [(about, "", "ours", reason) for about, reason in index.choices]
    notes = [("source", "", "note", note) for note in index.notes]
    return _table(("subject", "what", "whose", "reason or place"), [*rules, *choices, *notes])


def _page_of(check: Check) -> str:
    """Return the page of a rule of findings, in both languages."""
    lines = [
        f"# {check.id}",
        f"{check.what['zh']}。",
        f"{check.what['en']}.",
        f"Severity: {', '.join(check.severities)}. Reference: {check.reference}.",
    ]
    for head, said in (("为什么重要 · Why it matters", check.why), ("怎么办 · What to do", check.action)):
        if said["zh"]:
            lines += [f"## {head}", said["zh"], said["en"]]
    lines += [
        (
            f"`carbonacct explain {check.id}` prints this page; "
            f"`carbonacct accept {check.id} --because ...` keeps a finding with its reason."
        ),
    ]
    return "\n\n".join(lines) + "\n"


def _write_rules(folder: Path) -> None:
    """Write a page for each rule of the register, and the page that lists them."""
    folder.mkdir(exist_ok=True)
    rules = load_rules()
    for check in rules.values():
        (folder / f"{check.id}.md").write_text(_page_of(check), encoding="utf-8")
    listed = _table(
        ("rule", "中文", "English"),
        ((f"[{check.id}]({check.id}.md)", check.what["zh"], check.what["en"]) for check in rules.values()),
    )
    tree = "```{toctree}\n:hidden:\n:glob:\n\n*\n```"
    (folder / "index.md").write_text(f"# Findings, rule by rule\n\n{listed}\n\n{tree}\n", encoding="utf-8")


_write_rules(Path(__file__).parent / "rules")
_CHECKS = data.read_rows(data.data_folder() / "vocabulary" / "checks.csv")
myst_substitutions = {
    **{f"tree_{name.replace('-', '_').replace('.', '_')}": _index_tree(load_index(name)) for name in index_ids()},
    **{f"choices_{name.replace('-', '_').replace('.', '_')}": _index_choices(load_index(name)) for name in index_ids()},
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
