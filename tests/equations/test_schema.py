"""What is wrong with the keys of a sector file, and by which name its part is called."""

from __future__ import annotations

import pytest

from carbonacct.equations.schema import find_schema_faults

WHOLE = {"id": "kiln", "category": "2.A.1", "gas": "CO2", "equation": "CO2 = made"}


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (WHOLE, []),
        ({name: word for name, word in WHOLE.items() if name != "id"}, ["source 2: id is missing"]),
        ({**WHOLE, "gas": ""}, ["kiln: gas is missing"]),
        ({name: word for name, word in WHOLE.items() if name != "gas"}, ["kiln: gas is missing"]),
        ("x", ["source: 'x' stands where a table is expected"]),
    ],
)
def test_a_source_is_named_by_its_id_or_by_its_place(source, named):
    """An entry is named by its id, else by its number in the file; what is no table has neither."""
    assert list(find_schema_faults({"source": [WHOLE, source]})) == named


def test_all_faults_of_a_file_are_listed():
    """Activities, quantities, sources, in this order, each with what it lacks; no source is a fault too."""
    content = {"activity": {"made": {}}, "quantity": [{"id": "q", "unit": "t"}, {}]}
    assert list(find_schema_faults(content)) == [
        "activity made: unit is missing",
        "q: equation is missing",
        "quantity 2: id is missing",
        "quantity 2: unit is missing",
        "quantity 2: equation is missing",
        "no [[source]]: a sector file has at least one",
    ]
