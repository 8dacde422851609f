"""What is said of units: of those that are not known, and of what a published number converts."""

from __future__ import annotations

import pytest

from carbonacct.balances.account.unit_notes import note_conversions, say_unread


@pytest.mark.parametrize(
    ("unread", "words"),
    [
        (
            "万箱",
            "a.csv!B2: the table prints its unit: ",
        ),  # what nobody knows: the registry says why
        ("t", "a.csv!B2: the table prints its unit as 't'; say it in a mapping file"),
    ],
)
def test_a_unit_that_a_table_prints_and_that_is_not_read(unread, words):
    """The place, what is printed, and what is wrong with it."""
    assert str(say_unread(unread, "a.csv!B2")).startswith(words)


def test_each_published_number_is_said_once():
    """With the products that it converts, each once, at the first of them; gross energy and volumes are two rules."""
    found = list(
        note_conversions(
            [
                ("MWh GCV", "table 1", "natural_gas", "B2"),
                ("kL", "table 2", "ethanol", "C2"),
                ("MWh GCV", "table 1", "natural_gas", "B3"),
                ("GJ GCV", "table 1", "lpg", "D2"),
                ("MWh GCV", "table 3", "lpg", "E2"),
            ]
        )
    )
    assert [(one.rule, one.where, one.severity) for one in found] == [
        ("gross-energy", "B2", "warning"),
        ("volume-to-mass", "C2", "warning"),
        ("gross-energy", "E2", "warning"),
    ]
    assert [one.message for one in found] == [
        "natural_gas, lpg: gross calorific energy is turned into net by table 1",
        "ethanol: volume is turned into mass by table 2",
        "lpg: gross calorific energy is turned into net by table 3",
    ]


def test_no_more_than_six_products_are_named():
    """The others are counted."""
    products = [f"p{number}" for number in range(8)]
    (one,) = note_conversions([("kL", "s", product, "A1") for product in products])
    assert one.message.startswith("p0, p1, p2, p3, p4, p5 and 2 more: ")
