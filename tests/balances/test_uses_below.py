"""Products over their uses: which of them are what all uses take, and where the labels do not say so."""

from __future__ import annotations

import pytest

from carbonacct.balances.path.label_facts import read_row_label
from carbonacct.balances.path.uses_below import find_wholes
from carbonacct.balances.words.mapping import Mapping


@pytest.mark.parametrize(
    ("labels", "wholes"),
    [
        ("煤炭|  工业|  居民生活|天然气|  工业", "煤炭|天然气"),
        ("煤炭|#工业|居民生活|天然气|#工业", "煤炭|天然气"),
        ("煤炭|  工业|电力", "煤炭|电力"),  # whose uses are not printed
        ("煤炭|工业|居民生活", ""),  # on one level
        ("工业|  煤炭|  电力|居民生活", ""),  # a sector and its fuels
        ("煤炭|  工业|煤炭|电力", ""),  # once over uses, once without
        ("煤炭|  工业|发电|电力", "煤炭"),  # a plant is no use: no list of uses alone
        ("  煤炭|    工业|建筑业|电力", "  煤炭"),  # a use farther out lies in no product
        ("工业|煤炭|  居民生活|电力", "煤炭"),
        ("", ""),
    ],
)
def test_products_over_uses_are_what_these_use(labels, wholes):
    """A product is the whole of the uses that are marked or set in below it."""
    texts = [text for text in labels.split("|") if text]
    said = {text: read_row_label(text, Mapping()) for text in texts}
    found = find_wholes(texts, said)
    assert "|".join(found) == wholes
    assert {one.weak for one in found.values()} <= {"total_consumption"}
    assert all(one.product == said[text].product for text, one in found.items())
