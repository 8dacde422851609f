"""Areas that labels name by the title's: 市辖区 is a part of it, 全省 all of it, or what it lies in."""

from __future__ import annotations

import re
from functools import cache

from carbonacct import vocabulary
from carbonacct.records.area_names import list_counties
from carbonacct.records.heading_roles import whole_words

PART_OF_TITLE = "+"
# 全市 | 市辖区 | 县城: a city as a whole, its urban districts, and the seats of its counties, which are
# areas of their own.
COVERAGES = {
    "全市": "",
    "全域": "",
    "totalcity": "",
    "wholecity": "",
    "市辖区": "市辖区",
    "市区": "市辖区",
    "县城": "县城",
    "districtsundercity": "市辖区",
    "urbandistricts": "市辖区",
    "totalofdistricts": "市辖区",
}
_OF_RANK = re.compile(r"全[省市]")
_WHOLE = re.compile(r"\+(全[省市])(.*)")


def mark_label(folded: str) -> str | None:
    """Return the label of a row that names an area by the title's, "" for the same, or None if it is a name of its own.

    Examples
    --------
    >>> mark_label("全省合计"), mark_label("合计"), mark_label("市区"), mark_label("宝鸡市")
    ('+全省', '', '+市辖区', None)
    """
    if folded in whole_words():
        found = _OF_RANK.match(folded)
        return f"{PART_OF_TITLE}{found[0]}" if found else ""
    return f"{PART_OF_TITLE}{part}" if (part := COVERAGES.get(folded)) else None


def takes_title(label: str) -> bool:
    """Return whether the title says of which area a label is."""
    return not label or label.startswith(PART_OF_TITLE)


def name_area(label: str, area: str) -> str:
    """Return the area of a label in a table of an area.

    Notes
    -----
    全省 in a table of a city is no city but the province around it, 全市 in one of a district the
    city. Where nothing tells what a table's area lies in, both are the area itself.

    Examples
    --------
    >>> name_area("+市辖区", "苏州市"), name_area("+全省", "陕西省"), name_area("+全省", "西安市")
    ('苏州市市辖区', '陕西省', '陕西')
    >>> name_area("+全市", "西安市"), name_area("+全市", "庐阳区"), name_area("+全省", "某市")
    ('西安市', '合肥', '某市')
    """
    if not label.startswith(PART_OF_TITLE):
        return label or area
    found = _WHOLE.fullmatch(label)
    if not found:
        return f"{area}{label.removeprefix(PART_OF_TITLE)}"
    return f"{_find_whole(area, is_province=found[1] == '全省')}{found[2]}"


def _find_whole(area: str, *, is_province: bool) -> str:
    known = vocabulary.areas()
    own = vocabulary.resolve("area", area)
    if own and not (is_province and known[own].level == "city"):
        return area
    around = vocabulary.list_above(own)[1:] if own else list_around(area)
    levels = {"province"} if is_province else {"city", "province"}
    found = next((one for one in around if known[one].level in levels), "")
    return known[found].name_zh if found else area


def list_around(county: str) -> list[str]:
    """Return what a county lies in, the nearest first; nothing where two of that name are in two places."""
    found = _find_holders().get(vocabulary.fold(county), ())
    return vocabulary.list_above(found[0]) if len(found) == 1 else []


@cache
def _find_holders() -> dict[str, tuple[str, ...]]:
    """Return the cities and provinces that hold a county of each name."""
    found: dict[str, tuple[str, ...]] = {}
    for around, county in list_counties():
        name = vocabulary.fold(county)
        found[name] = (*found.get(name, ()), around)
    return found
