"""Inventories put together: the order of entries, their ways back, and sources that count the same."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from carbonacct.errors import Finding, MethodError
from carbonacct.inventory.joining import join_inventories, name_making, stack_entries
from carbonacct.inventory.record import MadeFrom
from tests.inventory.entries import Way, make

BALANCE = ("landfills", "4.A", "CH4", 30)
DECAY = ("landfills_decay", "4.A", "CH4", 20)
CEMENT = ("cement", "2.A.1", "CO2", 10)


def test_ways_back_move_with_their_entries():
    """An entry of the second inventory opens by its own way, one that has none keeps none."""
    first = make(
        CEMENT,
        ("lime", "2.A.2", "CO2", 5),
        ways=[Way()],
        origin=np.array([0, -1]),
        cell=np.array([3, -1]),
    )
    second = make(
        BALANCE, DECAY, ways=[Way(), Way(("x",))], origin=np.array([1, 0]), cell=np.array([7, 8])
    )
    joined = join_inventories([first, second])
    assert joined.entries["origin"].tolist() == [0, -1, 2, 1]
    assert joined.entries["flow"].tolist() == ["cement", "lime", "landfills", "landfills_decay"]
    assert (joined.trace(0), joined.trace(2)) == ("step 3", "step 7")
    assert joined.entries.index.tolist() == [0, 1, 2, 3]


def test_what_belongs_to_several_is_there_once():
    """Findings and makings in their order, each once."""
    one, two = Finding("jump", "warning", "a"), Finding("jump", "warning", "b")
    made = MadeFrom("1", "m"), MadeFrom("1", "n")
    joined = join_inventories(
        [
            make(CEMENT, findings=[one, two], made_from=made[:1]),
            make(BALANCE, findings=[two], made_from=made),
        ]
    )
    assert joined.findings == (one, two)
    assert joined.made_from == made


def excluded(*inventories):
    """Return the values of the joined inventory by flow and area, and its findings."""
    joined = join_inventories(inventories)
    held = joined.entries
    values = {(row.flow, row.area, row.year): row.value for row in held.itertuples()}
    return values, held, joined.findings


@pytest.mark.parametrize("turned", [False, True])
def test_two_sources_of_one_series_do_not_both_count(turned):
    """The one that says so has no number (NE), whichever comes first; a finding names both and the area."""
    balance = make(BALANCE)
    decay = make(DECAY, ways=[Way(("landfills",))], origin=0, cell=0)
    values, held, (finding,) = excluded(*([decay, balance] if turned else [balance, decay]))
    assert values["landfills", "甲", 2020] == 30
    assert math.isnan(values["landfills_decay", "甲", 2020])
    assert held.set_index("flow")["notation"].to_dict() == {
        "landfills": "",
        "landfills_decay": "NE",
    }
    assert (finding.rule, finding.severity, finding.where) == ("counted-twice", "error", "甲")
    assert finding.message == "landfills_decay and landfills both count the same in one series"
    assert finding.action == "take the activity data of one out; landfills_decay has no number"


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        ({"flow": np.array(["flares"], object)}, True),  # another source counts something else
        ({"area": "乙"}, True),  # another area has a series of its own
        ({"year": 2019}, False),  # another year is of the same series
        ({"value": np.array([0.0])}, True),  # what counts nothing counts nothing twice
        ({"value": np.array([np.nan])}, True),
        ({"value": np.array([-4.0])}, False),
    ],
)
def test_where_both_would_count(other, counts):
    """In one area, in any of its years, and where both have an amount."""
    decay = make(DECAY, ways=[Way(("landfills",))], origin=0, cell=0)
    values, _, findings = excluded(make(BALANCE, **other), decay)
    assert (values["landfills_decay", "甲", 2020] == 20) is counts
    assert len(findings) == (0 if counts else 1)


def test_an_area_without_the_other_source_keeps_its_number():
    """Of two areas only the one that has both loses a number; entries without one keep their key."""
    decay = make(
        DECAY,
        DECAY,
        ("landfills_decay", "4.A", "CH4", "NO"),
        area=np.array(["甲", "乙", "丙"], object),
        ways=[Way(("landfills", "landfill_gas"))],
        origin=0,
        cell=np.arange(3),
    )
    values, held, (finding,) = excluded(make(BALANCE), decay)
    assert values["landfills_decay", "乙", 2020] == 20
    assert held["notation"].tolist() == ["", "NE", "", "NO"]
    assert finding.where == "甲"
    again, _, found = excluded(make(BALANCE, ("landfill_gas", "4.A", "CH4", 2)), decay)
    assert math.isnan(again["landfills_decay", "甲", 2020])
    assert len(found) == 1  # by the time the second is asked it counts no more


def test_each_area_is_asked_for_each_source():
    """The landfills of one area and the gas of another: decay counts in neither."""
    areas = np.array(["甲", "乙"], object)
    decay = make(
        DECAY,
        DECAY,
        area=areas,
        ways=[Way(("landfills", "landfill_gas"))],
        origin=0,
        cell=np.arange(2),
    )
    both = make(BALANCE, ("landfill_gas", "4.A", "CH4", 2), area=areas)
    values, _, findings = excluded(decay, both)
    assert math.isnan(values["landfills_decay", "甲", 2020])
    assert math.isnan(values["landfills_decay", "乙", 2020])
    assert [finding.where for finding in findings] == ["甲", "乙"]


def test_an_entry_twice_is_named_with_both_places():
    """Number or key, and the file of each; area, year, source and gas say which entry it is."""
    one = make(BALANCE, CEMENT, made_from=[MadeFrom("1", "m", files=(("a.csv", "0"),))])
    other = make(("cement", "2.A.1", "CO2", "NE"), made_from=[MadeFrom("1", "n")])
    with pytest.raises(
        MethodError, match=r"landfills CH4 is there twice: .*, and 1 more; leave one of them out"
    ):
        join_inventories([one, one])
    with pytest.raises(MethodError) as caught:
        join_inventories([one, other])
    assert (
        str(caught.value)
        == "甲 2020 cement CO2 is there twice: 10.0 t (a.csv) and NE (n); leave one of them out"
    )
    for label in (
        {"area": "乙"},
        {"year": 2021},
        {"scope": 2},
        {"kind": "memo"},
        {"product": "clinker"},
    ):
        assert len(join_inventories([one, make(CEMENT, **label)])) == 3


def test_entries_below_each_other_keep_their_words():
    """Of no frames there are no entries; a frame without rows adds none."""
    empty = make().entries
    assert len(stack_entries([])) == len(stack_entries([empty, empty])) == 0
    assert list(stack_entries([]).columns) == list(empty.columns)
    one, other = make(CEMENT).entries, make(BALANCE, CEMENT, area="乙").entries
    both = stack_entries([one, empty, other])
    assert both["flow"].tolist() == ["cement", "landfills", "cement"]
    assert both["area"].tolist() == ["甲", "乙", "乙"]
    assert both["flow"].cat.categories.tolist() == ["cement", "landfills"]
    assert both["value"].dtype == np.float64
    assert isinstance(both, pd.DataFrame)


def test_a_making_is_named_in_a_few_words():
    """By its files, at most three, else by its methods; of nothing there is no name."""
    files = [MadeFrom("1", "m", files=((f"{name}.csv", "0"),)) for name in "abcd"]
    assert name_making(files) == "a.csv, b.csv, c.csv"
    assert name_making([MadeFrom("1", "m"), files[0]]) == "a.csv"
    assert name_making([]) == ""
