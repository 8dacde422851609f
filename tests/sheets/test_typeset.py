"""Characters on a page become rows of cells, by where they stand alone.

Letters are five points wide and twelve high here: two blanks end a cell. The gaps between them are what a test says.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.sheets.typeset import TextPiece, lay_out


def letters(text: str, left: float, bottom: float, *, pitch: float = 5) -> list[TextPiece]:
    """Return the letters of a text; a blank is a gap."""
    return [
        TextPiece(letter, left + pitch * n, left + pitch * n + 5, bottom, bottom + 12)
        for n, letter in enumerate(text)
        if letter != " "
    ]


def page(*lines: str, height: float = 20) -> list[TextPiece]:
    """Return a page as a typewriter prints it: each letter takes five points, each line twenty, from the top."""
    return [piece for n, line in enumerate(lines) for piece in letters(line, 0, 1000 - height * n)]


BALANCE = (
    "                 Coal     Gas",
    "Industry          1.5   2,000",
    "    Steel          -       12",
    "Transport        (3)      4.5",
)
CELLS = [
    ["", "Coal", "Gas"],
    ["Industry", "1.5", "2,000"],
    [" Steel", "-", "12"],  # half of what it is set in, in letters' heights
    ["Transport", "(3)", "4.5"],
]


def test_numbers_under_one_another_are_a_column_below_its_heading():
    """A dash and a bracketed number stand in the column too; a label keeps its indent."""
    assert lay_out(page(*BALANCE)) == CELLS


@given(
    st.randoms(use_true_random=False),
    st.floats(0.25, 4),
    st.floats(-500, 500),
    st.floats(-500, 500),
)
def test_order_size_and_place_of_the_letters_change_nothing(random, scale, right, up):
    """A page may list its letters in any order, in any size, anywhere."""
    pieces = [
        TextPiece(
            text,
            *(scale * place + right for place in across),
            *(scale * place + up for place in along),
        )
        for text, *ends in page(*BALANCE)
        for across, along in [(ends[:2], ends[2:])]
    ]
    random.shuffle(pieces)
    assert lay_out(pieces) == CELLS


@pytest.mark.parametrize(("drop", "lines"), [(0, 1), (4, 1), (6, 1), (7, 2), (12, 2)])
def test_letters_of_one_line_differ_by_half_their_height_at_most(drop, lines):
    """A raised or lowered letter belongs to its line; what stands lower begins another."""
    pieces = [*letters("Coal", 0, 100), *letters("Gas", 40, 100 - drop)]
    assert len(lay_out(pieces)) == lines


@pytest.mark.parametrize(
    ("gap", "text"),
    [(0, "ab"), (1, "ab"), (1.5, "a b"), (4.9, "a b"), (5, "a   b"), (30, "a   b"), (-2, "ab")],
)
def test_a_gap_is_nothing_a_blank_or_the_end_of_a_cell(gap, text):
    """Below a tenth of the height no gap, from half of it on the end of a cell, else a blank.

    Cells of a page without columns are three blanks apart.
    """
    pieces = [TextPiece("a", 0, 5, 0, 10), TextPiece("b", 5 + gap, 10 + gap, 0, 10)]
    assert lay_out(pieces) == [[text]]


@pytest.mark.parametrize(
    ("first", "second", "text"), [("原", "煤", "原煤"), ("原", "b", "原 b"), ("a", "煤", "a 煤")]
)
def test_chinese_has_no_blanks(first, second, text):
    """Its letters may be set apart; a blank stands between them and letters of another script."""
    pieces = [TextPiece(first, 0, 5, 0, 10), TextPiece(second, 8, 13, 0, 10)]
    assert lay_out(pieces) == [[text]]


def test_a_heading_belongs_to_the_column_that_it_overlaps_most():
    """One that overlaps none belongs to the first column on its right, as numbers are set flush right."""
    assert lay_out(
        page(
            "Item          Raw coal  Gas",
            "Industry           1.5          2",
            "Transport          3.5          4",
        )
    ) == [["Item", "Raw coal", "Gas"], ["Industry", "1.5", "2"], ["Transport", "3.5", "4"]]


def test_a_heading_without_numbers_is_a_column_all_the_same():
    """One that is blank keeps those behind it in their places."""
    assert lay_out(
        page(
            "Item        Coal     Oil     Gas",
            "Industry     1.5               2",
            "Transport    3.5               4",
        )
    ) == [
        ["Item", "Coal", "Oil", "Gas"],
        ["Industry", "1.5", "", "2"],
        ["Transport", "3.5", "", "4"],
    ]


def test_a_second_column_of_labels_stays_below_its_heading():
    """Codes, units or names in another language beside the label."""
    assert lay_out(
        page(
            "Item       Unit       2018      2019",
            "Coal       kt           12        13",
            "Gas        million m3    4         5",
        )
    ) == [
        ["Item", "Unit", "2018", "2019"],
        ["Coal", "kt", "12", "13"],
        ["Gas", "million m3", "4", "5"],
    ]


def test_years_are_headings_though_they_are_numbers():
    """A line of labels and years stands above the numbers."""
    assert lay_out(
        page("Item          2018   2019", "Industry       1.5      2", "Transport      3.5      4")
    )[0] == [
        "Item",
        "2018",
        "2019",
    ]


def test_one_column_of_numbers_is_a_table_under_two_headings_alone():
    """Where most lines below end in a number; else each line is one cell."""
    assert lay_out(page("Item      Coal", "Industry   1.5", "Transport    2")) == [
        ["Item", "Coal"],
        ["Industry", "1.5"],
        ["Transport", "2"],
    ]
    assert lay_out(page("Coal of 2018", "Industry   1.5", "Transport    2")) == [
        ["Coal of 2018"],
        ["Industry   1.5"],
        ["Transport   2"],
    ]
    assert lay_out(
        page("Item      Coal", "Industry   1.5", "Transport", "Services    ", "Farming")
    ) == [
        ["Item   Coal"],
        ["Industry   1.5"],
        ["Transport"],
        ["Services"],
        ["Farming"],
    ]


def test_a_title_and_a_note_are_labels():
    """What stands above or below the numbers over their columns is text of the first column."""
    rows = lay_out(page("Energy of a town", *BALANCE, "Source: town"))
    assert rows[0] == ["Energy of a town", "", ""]
    assert rows[1:-1] == CELLS
    assert rows[-1] == ["Source: town", "", ""]


def test_two_parts_of_one_cell_are_one_text():
    """A label that is set wide stays one, and so do two texts of one column."""
    assert lay_out(
        page("            Coal      Gas", "Steel mills    1        2", "Food   etc     3        4")
    )[2] == [
        "Food etc",
        "3",
        "4",
    ]
