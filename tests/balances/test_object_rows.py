"""Rows that are single buildings or enterprises, where a mapping says whose use they are."""

from __future__ import annotations

import pytest

from carbonacct.balances.split.object_rows import name_objects
from carbonacct.balances.words.mapping import make_mapping
from carbonacct.errors import TableError
from carbonacct.sheets.raw_sheets import Sheet

BUILDINGS = make_mapping([{"kind": "column", "name": "建筑名称", "id": "other_services"}])
ENTERPRISES = make_mapping([{"kind": "column", "name": "企业名称", "id": "sum"}])


def name(text, own):
    """Return the flow of each object: ``/`` between rows, ``|`` between cells."""
    rows = [
        [float(c) if c.isdigit() and len(c) < 3 else c for c in line.split("|")]
        for line in text.split("/")
    ]
    return name_objects(Sheet("a.csv", "", rows), own)


@pytest.mark.parametrize(
    ("text", "own", "flows"),
    [
        # All of one use: totals, blanks and numbers in the column are no objects.
        (
            "建筑名称|电力/甲楼|1/乙楼|2/合计|3/|4/1234|5/7|1",
            BUILDINGS,
            {"甲楼": "other_services", "乙楼": "other_services"},
        ),
        (
            "标题/电力|建筑名称/1|甲楼/2",
            BUILDINGS,
            {"甲楼": "other_services"},
        ),  # a row may end before the column
        # Of the branch beside each, blanks apart; one whose branch is not known is asked as any label.
        (
            "行业|企业名称|原煤/纺织业|甲厂|1/化学原料和化学制品制造业|乙  厂|1/怪业|丙厂|1",
            ENTERPRISES,
            {"甲厂": "industry.textile", "乙厂": "industry.chemicals"},
        ),
        ("企业名称|行业/甲厂|纺织业/甲厂|纺织业", ENTERPRISES, {"甲厂": "industry.textile"}),
        (
            "企业名称|注|行业/纺织业||农业",
            ENTERPRISES,
            {"纺织业": "farming"},
        ),  # its own name says nothing
    ],
)
def test_each_object_has_the_flow_that_the_mapping_says(text, own, flows):
    """And its column becomes one of labels."""
    named = name(text, own)
    assert named.flows == flows
    assert named.columns == dict.fromkeys(own.objects, "label")
    assert named.objects == own.objects


@pytest.mark.parametrize(
    "own", [None, make_mapping([{"kind": "flow", "name": "x", "id": "industry"}]), BUILDINGS]
)
def test_a_sheet_without_such_a_column_changes_no_words(own):
    """Nor does a mapping that speaks of none."""
    assert name("行业|企业名称/纺织业|甲厂", own) is own


def test_an_object_of_two_branches_is_refused_by_its_cell():
    """Its name does not say which is meant."""
    with pytest.raises(
        TableError, match=r"a.csv!A4: '甲 厂' stands in two branches, industry.textile and farming"
    ):
        name("企业名称|行业/甲 厂|纺织业/乙厂|农业/甲  厂|农业", ENTERPRISES)
