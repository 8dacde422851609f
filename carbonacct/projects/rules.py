"""What each rule of the register of findings says, why it matters, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from carbonacct.data import data_folder, read_rows
from carbonacct.errors import ProjectError, ask, did_you_mean
from carbonacct.texts import say

_NEAR = 5  # rules that some words may mean


@dataclass(frozen=True)
class FindingRule:
    """A rule of the register, in Chinese and English.

    Attributes
    ----------
    id
        As findings name it.
    severities
        What its findings may be.
    what, why, action
        What it says, why it matters and what to do, by language.
    reference
        The document or paragraph that it follows.
    """

    id: str
    severities: tuple[str, ...]
    what: dict[str, str]
    why: dict[str, str]
    action: dict[str, str]
    reference: str


def explain_rule(rule: str) -> FindingRule:
    """Return a rule of the register with its explanation.

    Parameters
    ----------
    rule
        Its id, or what it says in Chinese or English, or some words of that if no other rule has them.

    Raises
    ------
    ProjectError
        If there is no such rule.

    Examples
    --------
    >>> explain_rule("missing-value").what["en"]
    'an indicator without a number'
    >>> explain_rule("行与其分项之和").id
    'sum-of-parts'
    """
    known = load_rules()
    if rule not in known:
        said = {one.id: one.what.values() for one in known.values()}
        equal = [name for name, texts in said.items() if rule in texts]
        near_by = equal or [
            name for name, texts in said.items() if any(rule in text for text in texts)
        ]
        if len(near_by) == 1:
            return known[near_by[0]]
        near = (
            did_you_mean(rule, known) or ask(near_by[:_NEAR]) or say("carbonacct explain lists all")
        )
        raise ProjectError(say("no rule {rule!r}; {near}", rule=rule, near=near))
    return known[rule]


@cache
def load_rules() -> dict[str, FindingRule]:
    """Return every rule by its id, in the order of the register."""
    folder = data_folder() / "vocabulary"
    texts = {row["rule"]: row for row in read_rows(folder / "explanations.csv")}
    rules = {}
    for row in read_rows(folder / "checks.csv"):
        text = texts.get(row["rule"], {})
        rules[row["rule"]] = FindingRule(
            id=row["rule"],
            severities=tuple(row["severity"].split("|")),
            what={lang: row[f"what_{lang}"] for lang in ("zh", "en")},
            why={lang: text.get(f"why_{lang}", "") for lang in ("zh", "en")},
            action={lang: text.get(f"do_{lang}", "") for lang in ("zh", "en")},
            reference=row["reference"],
        )
    return rules


def find_rule_version(rule: str) -> int:
    """Return the version of a rule: 1 until it asks something else under the same name.

    An acceptance ends with it: ``factors/vocabulary/rule_versions.csv`` says what is asked since.

    Examples
    --------
    >>> find_rule_version("sum-of-parts")
    1
    """
    return _read_versions().get(rule, 1)


@cache
def _read_versions() -> dict[str, int]:
    rows = read_rows(data_folder() / "vocabulary" / "rule_versions.csv")
    return {row["rule"]: int(row["version"]) for row in rows}
