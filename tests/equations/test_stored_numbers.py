"""An evaluation kept in an inventory's file: read back it is the same, and a damaged one is refused."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.equations import load_sector
from carbonacct.equations.stored_numbers import restore_evaluation, store_numbers
from tests.equations.building import evaluate_rows, row

ANIMALS = ("dairy_cattle", "sheep")
places = st.tuples(
    st.sampled_from(["重庆", "四川"]), st.sampled_from([2019, 2020]), st.sampled_from(ANIMALS)
)
herds = st.dictionaries(
    places, st.one_of(st.integers(0, 10**6), st.sampled_from(["NO", "NE", "IE", "C"])), min_size=1
)
SOURCES = ["enteric_fermentation", "manure_ch4"]


def through_json(held):
    """Return what a file gives back."""
    return json.loads(json.dumps(held))


def animals(herd):
    """Return an evaluation of animals by the provincial guideline, with its factor rows."""
    sector = load_sector("provincial-2011/agriculture")
    rows = []
    for (area, year, animal), value in herd.items():
        key = value if isinstance(value, str) else ""
        labels = {"area": area, "year": year, "animal": animal, "mode": "grazing"}
        rows.append(row("heads", None if key else value, notation=key, **labels))
    return evaluate_rows(sector, *rows, factors=True)


@given(herds)
def test_an_evaluation_comes_back_from_its_file(herd):
    """Numbers, notation keys, labels, and the factor rows that they came of, of any herds."""
    made = animals(herd)
    back = restore_evaluation(through_json(store_numbers(made, SOURCES)))
    for source in SOURCES:
        np.testing.assert_array_equal(back.values(source), made.values(source))
        np.testing.assert_array_equal(back.notation(source), made.notation(source))
        assert back.labels(source) == made.labels(source)
    assert store_numbers(back, SOURCES) == store_numbers(made, SOURCES)


@pytest.fixture
def held():
    """Return what is kept of one source with a stated factor."""
    sector = load_sector("provincial-2011/processes")
    here = {"area": "重庆", "year": 2020}
    rows = [row("lime_output", 1000.0, **here), row("lime_factor", 0.683, **here)]
    return through_json(store_numbers(evaluate_rows(sector, *rows), ["lime"]))


def test_what_is_kept_is_what_is_used(held):
    """The two numbers that the source uses, each in one place, and no others of the sector."""
    assert list(held["numbers"]) == ["lime_output", "lime_factor"]
    assert [one["values"] for one in held["numbers"].values()] == [[1000.0], [0.683]]
    assert [one["at"] for one in held["numbers"].values()] == [[0], [0]]
    assert "keys" not in held["numbers"]["lime_output"]
    assert restore_evaluation(held).values("lime").item() == pytest.approx(683)


def test_sources_that_the_sector_file_no_longer_has_are_left_out(held):
    """The others are worked out."""
    held["sources"].append("a_source_of_old")
    assert set(restore_evaluation(held).blocks) >= {"lime"}
    assert "a_source_of_old" not in restore_evaluation(held).blocks


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"at": [1]}, "a number stands beyond the shape"),
        ({"at": [-1]}, "a number stands beyond the shape"),
        ({"shape": [1, 1, 2]}, "numbers of the shape .* do not fit its labels"),
        ({"shape": [1]}, "numbers of the shape .* do not fit its labels"),
        ({"shape": [2, 1]}, "numbers of the shape .* do not fit its labels"),
        ({"from": [1]}, "a number comes from a row that is not there"),
        ({"keys": ["XX"]}, "no notation key 'XX'; known: NO, IE, "),
        ({"from": [0], "origins": [{"no column": 1}]}, "a factor row cannot be read"),
    ],
)
def test_numbers_that_are_none_of_an_evaluation_are_refused(held, change, fault):
    """By what is wrong with them, and never with an answer."""
    broken = copy.deepcopy(held)
    broken["numbers"]["lime_output"] |= change
    with pytest.raises(ValueError, match=fault):
        restore_evaluation(broken)


@pytest.mark.parametrize(
    "change",
    [
        {"years": list(range(10**6 + 1))},
        {"areas": ["A"] * 1001, "years": list(range(1000))},
        {"areas": ["A"] * (10**5 + 1)},
    ],
)
def test_a_file_cannot_ask_for_any_memory(held, change):
    """A million periods and a hundred thousand labels are more than any inventory has."""
    with pytest.raises(ValueError, match="its areas, years or labels are too many"):
        restore_evaluation(held | change)
