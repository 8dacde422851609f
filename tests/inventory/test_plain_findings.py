"""Findings of the store are those that were found, sentence by sentence."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from carbonacct.errors import Finding, Gap, Gaps, read_finding
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


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 2), st.floats(allow_nan=False)), max_size=9
    )
)
def test_cells_held_as_arrays_are_the_same_cells(cells):
    """A finding of many cells equals the one of their records, with the same hash, also when reloaded."""
    labels = (["A", "B"], [2019, 2020, 2021], ["industry"], ["coke"])
    area, year = (np.array([cell[n] for cell in cells], int) for n in (0, 1))
    none = np.zeros(len(cells), int)
    held = Gaps(
        labels, np.stack([area, year, none, none]), np.array([cell[2] for cell in cells], float)
    )
    gaps = tuple(
        Gap(labels[0][a], labels[1][y], "industry", "coke", amount) for a, y, amount in cells
    )
    assert (len(held), tuple(held), held[:2], hash(held)) == (len(gaps), gaps, gaps[:2], hash(gaps))
    one, other = (Finding("absent", "info", "none", gaps=either) for either in (held, gaps))
    assert list(dict.fromkeys([one, other])) == [other]
    assert read_finding(json.loads(json.dumps(write_finding(one)))) == other
    assert one != Finding(
        "absent", "info", "none", gaps=(*gaps, Gap("A", 2019, "losses", "coke", 1.0))
    )
