"""What each rule of the register of findings says, why it matters, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from carbonacct.data import data_folder, read_rows
from carbonacct.errors import ProjectError, did_you_mean
from carbonacct.texts import say


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

    Raises
    ------
    ProjectError
        If there is no such rule.

    Examples
    --------
    >>> explain_rule("missing-value").what["en"]
    'an indicator without a number'
    """
    known = load_rules()
    if rule not in known:
        near = did_you_mean(rule, known) or say("carbonacct explain lists all")
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
