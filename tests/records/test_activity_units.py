"""Units of activities as yearbooks print them: each word, numerals and powers before it, quotients, nouns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.data import data_folder, read_rows
from carbonacct.records.activity_units import is_printed_unit, read_printed
from carbonacct.units import conversion_factor, nouns, parse_unit

COUNTED = {
    row["word"]: row["unit"]
    for row in read_rows(data_folder() / "vocabulary" / "counted_units.csv")
}
NUMERALS = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "亿": 1e8}


@given(st.sampled_from(sorted(COUNTED)), st.sampled_from(["", *NUMERALS]))
def test_each_word_with_each_numeral(word, numeral):
    """Reads as that many of its unit; every unit is one of the registry."""
    if numeral + word in COUNTED or (numeral and word[0] in "十百千万亿"):
        return
    unit = read_printed(numeral + word)
    assert is_printed_unit(numeral + word)
    assert conversion_factor(unit, COUNTED[word]) == NUMERALS.get(numeral, 1)


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("万头", "1e4 head"),
        ("10 000 heads", "1e4 head"),
        ("10^4 heads", "1e4 head"),
        ("104 heads", "1e4 head"),
        ("10³ ha", "1e3 ha"),
        ("1,000 ha", "1e3 ha"),
        ("1000 ha", "1e3 ha"),
        ("10头", "1e1 head"),
        ("千公顷 (1 000 hectares)", "1e3 ha"),
        ("吨氮", "t N"),
        ("t N", "t N"),
        ("kt N", "1e3 t N"),
        ("吨水泥熟料", "t clinker"),
        ("万吨标准煤", "1e4 tce"),
        ("%", "%"),
        ("‰", "1e-3"),
        ("千克/人", "(kg)/(person)"),
        ("万吨/公顷", "(1e4 t)/(ha)"),
        ("吨/个/年", "(t)/(piece)/(yr)"),
    ],
)
def test_units_as_printed(printed, unit):
    """Numerals, powers that lost their superscript, both languages, nouns, quotients."""
    assert read_printed(printed) == unit
    assert is_printed_unit(printed)


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "x",
        "万",
        "头/",
        "/头",
        "1头",
        "万辆次",
        "千公顷 (公顷)",
        "10^1 ha",
        "水泥",
        "吨水泥熟料石",
        "头 头",
    ],
)
def test_what_is_no_unit_stays_as_it_is_printed(printed):
    """It is refused by whoever needs one, with what was printed."""
    assert read_printed(printed) == printed
    assert not is_printed_unit(printed)


def test_a_mass_of_each_noun():
    """By its id or its Chinese name; beings and counters are counted, and have no mass."""
    for row in read_rows(data_folder() / "vocabulary" / "nouns.csv"):
        noun = row["id"]
        if row["kind"] in {"placeholder", "being", "counter", "time"}:
            continue
        assert parse_unit(read_printed(f"kt {noun}")) == parse_unit(f"1e3 t {noun}"), noun
        assert nouns()[noun] == row["kind"]
