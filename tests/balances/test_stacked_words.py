"""Words of a header in several cells of one column: ``|`` between cells, from top to bottom."""

from __future__ import annotations

import pytest

from carbonacct.balances.path.stacked_words import is_amid_texts, join_words, mend_cut
from carbonacct.balances.words.mapping import Mapping


def stack(text):
    """Return cells with their rows; digits are numbers."""
    return [(i, float(cell) if cell.isdigit() else cell) for i, cell in enumerate(text.split("|"))]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Petrol-|koks|x", [(1, "Petrol- koks"), (2, "x")]),
        ("ab-|c-|d", [(2, "ab- c- d")]),
        ("x|Petrol-|koks", [(0, "x"), (2, "Petrol- koks")]),
        # A hyphen behind a number, a number behind a hyphen, a whole word.
        ("1-|b", [(0, "1-"), (1, "b")]),
        ("ab-|1", [(0, "ab-"), (1, 1.0)]),
        ("ab-|(1)", [(0, "ab-"), (1, "(1)")]),
        ("a|b", [(0, "a"), (1, "b")]),
    ],
)
def test_a_word_that_is_cut_to_fit_its_column_is_one(text, mended):
    """It stands where its last half stands."""
    assert list(mend_cut(stack(text))) == mended


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Other|petroleum|products", "2 Other petroleum products"),
        ("Natural|gas|Industry", "1 Natural gas / 2 Industry"),
        ("Industry|Natural|gas", "0 Industry / 2 Natural gas"),
        # Each says something by itself, or nothing together; a kind of a product above it; one sign is one word.
        ("Industry|Coal", "0 Industry / 1 Coal"),
        ("Coal|Total", "0 Coal / 1 Total"),
        ("煤|炭", "0 煤 / 1 炭"),
        ("Zzz|Yyy", "0 Zzz / 1 Yyy"),
    ],
)
def test_headings_that_make_one_word_together_are_one(text, joined):
    """The longest run of them, wherever it stands."""
    found = join_words([(i, str(cell)) for i, cell in stack(text)], Mapping())
    assert " / ".join(f"{i} {cell}" for i, cell in found) == joined


@pytest.mark.parametrize(
    ("text", "n", "is_amid"),
    [
        ("Sonstige|Energieträger|Abfälle", 1, True),
        ("Sonstige|Energieträger|Abfälle", 0, False),  # nothing above it, or below
        ("Sonstige|Energieträger|Abfälle", 2, False),
        ("sonstige|Energieträger|Abfälle", 1, False),
        ("Sonstige|Energieträger|abfälle", 1, False),
        ("Sonstige|Energieträger|7", 1, False),
        ("Unit|Energieträger|Abfälle", 1, False),  # the word for a column
    ],
)
def test_a_cell_goes_on_with_the_text_above_it(text, n, is_amid):
    """Between two texts that begin with a capital and are no words for columns."""
    assert is_amid_texts(stack(text), n, Mapping()) is is_amid
