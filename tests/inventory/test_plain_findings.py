"""Findings of the store are those that were found, sentence by sentence."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from carbonacct.errors import Finding, Gap, read_finding
from carbonacct.inventory.plain_findings import write_finding
from carbonacct.texts import Text, say
from tests.projects.folders import make_project, open_at

WORDS = st.text(st.characters(blacklist_characters="{}", blacklist_categories=("Cs",)), max_size=9)
VALUES = st.one_of(
    WORDS, st.integers(), st.floats(allow_nan=False), st.builds(lambda w: say("[{w}]", w=w), WORDS)
)


@given(VALUES, WORDS, st.floats(allow_nan=False) | st.none())
def test_a_finding_comes_back(value, words, worth):
    """Template, values and words are the same after JSON, whatever stands in them."""
    gaps = (Gap("A", 2020, "industry", "coke", 1.5),)
    found = Finding(
        "absent",
        "warning",
        say("{value}: {words}", value=value, words=words),
        "a!B3",
        words,
        gaps,
        worth,
    )
    again = read_finding(json.loads(json.dumps(write_finding(found))))
    assert again == found
    assert again.message.template == "{value}: {words}"
    assert isinstance(again.message.values["value"], Text) == isinstance(value, Text)


def test_numbers_of_arrays_and_no_numbers_keep_their_words():
    """A number of an array is a number again; what JSON has no word for is said as it was."""
    one = read_finding(write_finding(Finding("a", "info", say("{n:,.1f} t", n=np.float64(1234.5)))))
    assert (str(one.message), one.message.values["n"]) == ("1,234.5 t", 1234.5)
    none = read_finding(
        write_finding(Finding("a", "info", say("{n:,.1f} t", n=float("nan")), worth=float("nan")))
    )
    assert (none.message, none.worth) == ("nan t", None)


def test_a_project_can_say_its_findings_in_chinese(tmp_path):
    """Messages that come out of the store still know what they are made of."""
    folder = make_project(tmp_path / "甲")
    open_at(folder).all_runs()
    findings = [finding for run in open_at(folder).all_runs() for finding in run.findings]
    assert any(isinstance(finding.message, Text) for finding in findings)
