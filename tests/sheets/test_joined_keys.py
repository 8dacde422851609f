r"""Keys that share a cell, as Eurostat's files have them (``siec,geo\TIME_PERIOD``)."""

from __future__ import annotations

import pytest

from carbonacct.sheets.joined_keys import split_keys

HEAD = ["siec,geo\\TIME_PERIOD", "2018", "2019"]


def test_each_key_becomes_a_column_behind_the_last_and_numbers_keep_their_place():
    """Rows of other lengths are filled up, a blank row stays blank."""
    assert split_keys([HEAD, ["G3000,NO", "1"], [], ["E7000,DE", "2", "3"]]) == [
        ["", "2018", "2019", "siec", "geo"],
        ["", "1", "", "G3000", "NO"],
        [],
        ["", "2", "3", "E7000", "DE"],
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [HEAD],
        [["geo\\TIME_PERIOD", "2018"], ["NO", "1"]],  # one key shares nothing
        [["siec,\\TIME_PERIOD", "2018"], ["G3000,NO", "1"]],  # a key without a name
        [["siec,geo", "2018"], ["G3000,NO", "1"]],
        [HEAD, ["G3000,NO", "1"], ["G3000", "2"]],  # a row that has other keys
        [HEAD, ["G3000,NO,TJ", "1"]],
        [
            [",".join("abcdefghijklmnopqrstu") + "\\T", "1"],
            [",".join("abcdefghijklmnopqrstu"), "2"],
        ],
    ],
)
def test_other_tables_stay_as_they_are(rows):
    """Without two keys in the head and as many in each row nothing is moved."""
    assert split_keys(rows) == rows


def test_twenty_keys_are_split():
    """As many as any data set has."""
    names = list("abcdefghijklmnopqrst")
    assert split_keys([[",".join(names) + "\\T", "1"], [",".join(names), "2"]]) == [
        ["", "1", *names],
        ["", "2", *names],
    ]
