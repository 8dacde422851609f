"""Every rule of the register explains itself, in both languages."""

from __future__ import annotations

import csv

import pytest

from carbonacct.catalogue import in_language
from carbonacct.cli.main import main
from carbonacct.data import data_folder
from carbonacct.errors import ProjectError
from carbonacct.projects.rules import explain_rule, load_rules


def test_every_rule_is_explained():
    """No rule lacks a reason or a remedy in either language, no explanation lacks its rule."""
    rules = load_rules()
    lacking = [
        (rule.id, lang)
        for rule in rules.values()
        for lang in ("zh", "en")
        if not (rule.why[lang] and rule.action[lang])
    ]
    assert lacking == []
    with (data_folder() / "vocabulary" / "explanations.csv").open(encoding="utf-8") as lines:
        names = [row["rule"] for row in csv.DictReader(lines)]
    assert sorted(names) == sorted(rules)


def test_texts_are_sentences_of_their_language():
    """English texts are ASCII sentences; Chinese ones hold Chinese and end in a full stop."""
    for rule in load_rules().values():
        for text in (rule.why, rule.action):
            assert text["en"].endswith("."), rule.id
            assert text["zh"].endswith("。"), rule.id
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text["zh"]), rule.id
            assert not any("\u3000" <= letter <= "\u303f" for letter in text["en"]), rule.id


def test_what_a_rule_follows_is_said_in_chinese(capsys):
    """Every document has its Chinese name; pages of the documentation go by their path."""
    plain = {
        rule.reference
        for rule in load_rules().values()
        if in_language(rule.reference, "zh") == rule.reference
    }
    assert {one for one in plain if not one.startswith("docs/")} == set()
    assert main(["explain", "sum-of-parts", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "依据：docs/convention.md 第 4 条"


def test_an_unknown_rule_has_near_names():
    """A misspelt rule is answered with what it may be."""
    with pytest.raises(ProjectError, match="did you mean sum-of-parts"):
        explain_rule("sum-of-part")


@pytest.mark.parametrize(("lang", "words"), [("en", "what to do"), ("zh", "处理")])
def test_the_command_explains(capsys, lang, words):
    """`explain RULE` says what, why and what to do; without a rule it lists them."""
    assert main(["explain", "no-grid-factor", "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert words in said
    assert load_rules()["no-grid-factor"].why[lang] in said
    assert main(["explain", "--lang", lang]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(load_rules())
    assert main(["explain", "no-grid"]) == 2
    assert "did you mean no-grid-factor" in capsys.readouterr().err
