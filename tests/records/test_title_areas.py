"""Rows of the area as a whole, and of parts of it, in tables of an area."""

from __future__ import annotations

import pytest

from carbonacct.records.title_areas import list_around, mark_label, name_area, takes_title


@pytest.mark.parametrize(
    ("label", "area", "expected"),
    [
        ("", "西安市", "西安市"),
        ("宝鸡市", "西安市", "宝鸡市"),
        ("+市辖区", "西安市", "西安市市辖区"),
        ("+全省", "西安市", "陕西"),
        ("+全省", "陕西省", "陕西省"),
        ("+全省", "庐阳区", "安徽"),
        ("+全市", "西安市", "西安市"),
        ("+全市", "重庆市", "重庆市"),
        ("+全市", "庐阳区", "合肥"),
        ("+全市", "渝中区", "重庆"),
        ("+全市市辖区", "西安市", "西安市市辖区"),
        ("+全省", "某市", "某市"),  # nobody knows in which province
        ("+全市", "鼓楼区", "鼓楼区"),  # of four cities
    ],
)
def test_a_whole_is_of_its_own_rank(label, area, expected):
    """全省 in a table of a city is the province around it, and 全市 in one of a district its city."""
    assert name_area(label, area) == expected


def test_words_of_no_rank_are_the_area_of_the_title():
    """A total says nothing of its rank, and takes the title's area as it is."""
    assert [mark_label(word) for word in ("全省", "全省总计", "全市", "合计", "全县")] == [
        "+全省",
        "+全省",
        "+全市",
        "",
        "",
    ]
    assert [takes_title(label) for label in ("", "+全省", "西安市")] == [True, True, False]
    assert list_around("鼓楼区") == []
