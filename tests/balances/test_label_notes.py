"""What is said of the labels of rows, once their sheet is known."""

from __future__ import annotations

import pytest

from carbonacct.balances.account.label_notes import note_labels
from carbonacct.balances.path.label_reader import Note
from carbonacct.sheets.raw_sheets import Sheet

SHEET = Sheet("a.csv", "表", [["x"]])


def test_a_unit_that_contradicts_its_label():
    """At its cell."""
    (one,) = note_labels(SHEET, [Note(4, doubt="电力 in 吨", column=2)])
    assert (one.rule, one.severity, one.message, one.where) == (
        "unit-contradiction",
        "warning",
        "电力 in 吨",
        "a.csv!表!C5",
    )
    assert one.action == "correct the label"


def test_labels_of_one_row_that_disagree():
    """The first counts, and each other is named with its cell."""
    (one,) = note_labels(
        SHEET, [Note(1, labels=(("industry", 0), ("transport", 2), ("farming", 3)), column=0)]
    )
    assert (one.rule, one.where) == ("labels-disagree", "a.csv!表!A2")
    assert one.message == (
        "the labels of one row disagree: industry (a.csv!表!A2) is taken, "
        "not transport (a.csv!表!C2), farming (a.csv!表!D2)"
    )


@pytest.mark.parametrize(
    ("count", "more"), [(1, ""), (12, ""), (13, " and 1 more"), (20, " and 8 more")]
)
def test_labels_that_are_not_known_are_one_finding(count, more):
    """Twelve of them by name, at the first; one that is printed twice in one cell is one."""
    notes = [Note(n, unread=(f"u{n}", f"k{n}"), column=1) for n in range(count)]
    (one,) = note_labels(SHEET, [*notes, notes[0]])
    assert (one.rule, one.severity, one.where) == ("label-unread", "warning", "a.csv!表!B1")
    named = ", ".join(f"'u{n}' beside 'k{n}' (B{n + 1})" for n in range(min(count, 12)))
    assert one.message == f"labels that are not known stand beside known ones: {named}{more}"


def test_other_notes_stand_before_those_of_unknown_labels():
    """Nothing is said of no note."""
    assert note_labels(SHEET, []) == []
    found = note_labels(SHEET, [Note(0, unread=("u", "k")), Note(1, doubt="d")])
    assert [one.rule for one in found] == ["unit-contradiction", "label-unread"]
