"""Data sets in JSON-stat (json-stat.org, format 2.0): each value that is there becomes a row."""

from __future__ import annotations

import json

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import jsonstat
from carbonacct.sheets.jsonstat import read_jsonstat


def dataset(**changed):
    """Return a data set of two fuels in three years."""
    found = {
        "id": ["fuel", "year"],
        "size": [2, 3],
        "dimension": {
            "fuel": {
                "label": "Fuel",
                "category": {"index": {"G": 1, "C": 0}, "label": {"C": "Coal", "G": "Gas"}},
            },
            "year": {"label": "Year", "category": {"index": ["2017", "2018", "2019"]}},
        },
        "value": [1, 2.5, None, 4, None, 6],
        "status": {"4": "c", "5": "e"},
    } | changed
    return {key: value for key, value in found.items() if value is not None}


def rows(content):
    """Return the cells of a data set."""
    (sheet,) = read_jsonstat("a.json", json.dumps(content))
    return sheet.rows


ROWS = [
    ["fuel", "Fuel", "year", "OBS_VALUE"],
    ["C", "Coal", "2017", 1.0],
    ["C", "Coal", "2018", 2.5],
    ["G", "Gas", "2017", 4.0],
    ["G", "Gas", "2018", ": c"],
    ["G", "Gas", "2019", "6 e"],
]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"value": {"0": 1, "1": 2.5, "3": 4, "5": 6, "4": None}},
        {"status": [None, None, None, None, "c", "e"]},
        {
            "id": None,
            "size": None,
            "dimension": dataset()["dimension"] | {"id": ["fuel", "year"], "size": [2, 3]},
        },  # version 1
    ],
)
def test_values_stand_in_the_order_of_the_last_dim(changed):
    """By place or by number; codes and, where they differ, labels; a flag beside its number, or in its place."""
    found = rows(dataset(**changed))
    assert found[0] == ROWS[0]
    assert sorted(map(str, found[1:])) == sorted(map(str, ROWS[1:]))
    assert rows({"dataset": dataset(**changed)}) == found


def test_without_flags_and_labels():
    """Codes alone are one column; a dim without a label of its own has its id; other kinds of values are texts."""
    plain = dataset(status=None, value=[1, "x", True, None, 0, -2])
    plain["dimension"]["fuel"] = {"category": {"label": {"C": "Coal", "G": "Gas"}}}
    found = rows(plain)
    assert found[0] == ["fuel", "fuel", "year", "OBS_VALUE"]
    assert [row[-1] for row in found[1:]] == [1.0, "x", "True", 0.0, -2.0]
    assert rows(dataset(value=["y" * 200]))[1][-1] == "y" * 100


@pytest.mark.parametrize(
    "changed",
    [
        {"size": [2, 2]},
        {"size": [2]},
        {"size": [2, 0]},
        {"size": []},
        {"id": ["fuel", "place"]},
        {"value": None},
        {"value": {"x": 1}},
        {"size": [2, 10**9]},
    ],
)
def test_what_is_no_data_set_is_refused(changed):
    """Sizes that are not those of its dims, a dim or values that are not there."""
    with pytest.raises(TableError, match=r"a\.json: is JSON and no data set"):
        rows(dataset(**changed))


@pytest.mark.parametrize(
    ("limit", "most", "content", "message"),
    [
        (
            "MAX_CELLS",
            4 * 5,
            lambda more: dataset(value=[1] * (5 + more), status=None),
            "has more than 20 cells",
        ),
        (
            "_MAX_JSON",
            len(json.dumps(dataset())),
            lambda more: dataset(note="x" * more) if more else dataset(),
            "million characters",
        ),
        (
            "_MAX_PLACES",
            6,
            lambda more: dataset() if not more else dataset(size=[2, 4]),
            "no data set",
        ),
    ],
)
def test_a_data_set_is_read_up_to_a_limit_and_refused_beyond(
    monkeypatch, limit, most, content, message
):
    """As many values as a table has cells."""
    monkeypatch.setattr(jsonstat, limit, most)
    assert rows(content(0))
    with pytest.raises(TableError, match=rf"a\.json: .*{message}"):
        rows(content(1))
