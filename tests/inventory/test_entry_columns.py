"""Columns of entries: one value for all rows, words kept once, groups by equal words, sums that lack nothing unsaid."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.inventory.entry_columns import (
    COLUMNS,
    ENTRY,
    IDENTITY,
    NUMBERS,
    WORDS,
    add_up_groups,
    make_entries,
    make_words,
    name_entry,
    number_groups,
    plain_columns,
    sector_of,
)
from tests.inventory.entries import make

GASES = ["CO2", "CH4", "N2O"]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["甲", "乙"]),
        st.integers(2019, 2021),
        st.sampled_from([*GASES, ""]),
        st.one_of(st.none(), st.integers(-9, 9)),
    ),
    max_size=12,
)


def entries_of(rows):
    """Return entries of rows (area, year, gas, value or None)."""
    areas, years, gases, values = (
        (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    )
    numbers = [np.nan if value is None else float(value) for value in values]
    words = {"area": np.array(areas, object), "gas": np.array(gases, object)}
    return make_entries({**words, "year": np.array(years, int), "value": np.array(numbers, float)})


def test_columns_that_lack_are_empty():
    """An entry with its area alone: one direct emission of no year, no number, no activity and no way back."""
    frame = make_entries({"area": "甲"})
    assert tuple(frame.columns) == ENTRY
    assert len(frame) == 1
    held = plain_columns(frame).iloc[0].to_dict()
    assert {name: held[name] for name in ("area", "year", "scope", "kind", "origin", "cell")} == {
        "area": "甲",
        "year": 0,
        "scope": 1,
        "kind": "emission",
        "origin": -1,
        "cell": -1,
    }
    assert np.isnan(held["value"])
    assert np.isnan(held["activity"])
    assert [
        held[name]
        for name in ("sector", "flow", "product", "category", "gas", "notation", "method")
    ] == [""] * 7


def test_every_column_is_of_words_or_of_numbers():
    """None lacks of both kinds; what tells entries apart is among them, and what a CSV prints but for its unit."""
    assert set(WORDS) | set(NUMBERS) == set(ENTRY)
    assert not set(WORDS) & set(NUMBERS)
    assert set(IDENTITY) < set(ENTRY)
    assert set(COLUMNS) - set(ENTRY) == {"unit"}


@given(ROWS)
def test_one_value_holds_for_all_rows(rows):
    """A column that is one word or one number is that of each row, however many there are; none is a frame of none."""
    areas = np.array([row[0] for row in rows], object)
    frame = make_entries({"area": areas, "year": 2020, "method": "m", "value": 1.5, "scope": 2})
    assert frame["area"].astype(object).tolist() == areas.tolist()
    for name, value in (("year", 2020), ("method", "m"), ("value", 1.5), ("scope", 2)):
        assert frame[name].tolist() == [value] * len(rows)
    for name, kind in NUMBERS.items():
        assert frame[name].dtype == kind
    for name in WORDS:
        assert isinstance(frame[name].dtype, pd.CategoricalDtype)
        assert len(set(frame[name].cat.categories)) == len(frame[name].cat.categories)


@given(ROWS)
def test_words_are_texts_as_a_file_holds_them(rows):
    """Plain columns have the same cells as the words that were put in, and numbers of their own kind."""
    plain = plain_columns(entries_of(rows))
    assert [tuple(row) for row in plain[["area", "year", "gas"]].to_numpy().tolist()] == [
        row[:3] for row in rows
    ]
    assert not any(isinstance(kind, pd.CategoricalDtype) for kind in plain.dtypes)
    assert plain["scope"].dtype == np.int64


@given(
    ROWS, st.lists(st.sampled_from(["area", "year", "gas"]), min_size=1, max_size=3, unique=True)
)
def test_a_group_is_of_entries_with_equal_labels(rows, names):
    """Two entries are in one group just when all of the labels are equal; groups count up as they come."""
    entries = entries_of(rows)
    group, first = number_groups(entries, names)
    labels = [tuple(row) for row in plain_columns(entries)[names].to_numpy().tolist()]
    seen = list(dict.fromkeys(labels))
    assert group.tolist() == [seen.index(label) for label in labels]
    assert [labels[place] for place in first] == seen
    # A column of plain words has the groups of one of words that are kept once.
    assert number_groups(plain_columns(entries), names)[0].tolist() == group.tolist()


def test_without_labels_all_entries_are_one_group():
    """And of no entries there is no group."""
    group, first = number_groups(entries_of([("甲", 2020, "CO2", 1), ("乙", 2021, "CH4", 2)]), [])
    assert (group.tolist(), first.tolist()) == ([0, 0], [0])
    group, first = number_groups(entries_of([]), ["area"])
    assert (group.tolist(), first.tolist()) == ([], [])


def test_many_groups_of_few_words_stay_apart():
    """Five years of each of two gases are ten groups, in whatever order they are named."""
    rows = [("甲", year, gas, 1) for year in range(2016, 2021) for gas in ("CO2", "CH4")]
    for names in (["year", "gas"], ["gas", "year"]):
        assert number_groups(entries_of(rows), names)[0].tolist() == list(range(10))


def test_what_is_blank_is_a_group_of_its_own():
    """A word that lacks is no word: neither the first one nor the last."""
    words = pd.DataFrame(
        {"gas": pd.Categorical.from_codes([0, -1, 1, -1], ["a", "b"]), "year": [1, 1, 1, 2]}
    )
    assert number_groups(words, ["gas"])[0].tolist() == [0, 1, 2, 1]
    assert number_groups(words, ["gas", "year"])[0].tolist() == [0, 1, 2, 3]
    assert plain_columns(words)["gas"].fillna("none").tolist() == ["a", "none", "b", "none"]


@given(ROWS)
def test_sums_of_groups_are_the_whole(rows):
    """A group without a number has none, and all groups together are the sum of what has a number."""
    entries = entries_of(rows)
    group, first = number_groups(entries, ["area", "gas"])
    sums = add_up_groups(entries, group)
    assert len(sums) == len(first)
    for place, total in enumerate(sums):
        values = [
            row[3]
            for row, own in zip(rows, group, strict=True)
            if own == place and row[3] is not None
        ]
        assert total == sum(values) if values else np.isnan(total)
    assert np.nansum(sums) == sum(row[3] or 0 for row in rows)


@pytest.mark.parametrize(
    ("category", "sector"),
    [
        ("", "energy"),
        ("1", "energy"),
        ("1.A.2.f", "energy"),
        ("1.A.2.f.x.y", "energy"),
        ("2.A.1", "processes"),
        ("3.A.1", "agriculture"),
        ("3.C.7", "agriculture"),
        ("3.B.1.a", "land"),
        ("3.B.1.a.z", "land"),
        ("4.A", "waste"),
        ("7.A", "other"),
        ("x", "other"),
    ],
)
def test_the_sector_of_a_category(category, sector):
    """IPCC 2006, Vol. 1, table 8.2; a code that is finer than the tree is of what lies above it."""
    assert sector_of(category) == sector


def test_an_entry_is_named_by_what_it_has():
    """Area, year, source, item and gas; without an item nothing stands in its place."""
    rows = plain_columns(
        make(("cement", "2.A.1", "CO2", 5.0), ("rice", "3.C.7", "CH4", 1.0)).entries
    )
    assert name_entry(rows.iloc[0]) == "甲 2020 cement CO2"
    assert name_entry(rows.assign(product="late").iloc[1]) == "甲 2020 rice late CH4"


def test_words_by_their_places():
    """A place below 0 is no word; words that are no texts become texts."""
    made = make_words(np.array([1, 0, -1, 1], np.int8), [2019, "CO2"])
    assert made.tolist()[:2] == ["CO2", "2019"]
    assert pd.isna(made.tolist()[2])
    assert made.tolist()[3] == "CO2"
