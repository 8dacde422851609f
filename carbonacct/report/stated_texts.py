"""Stated notation keys and notes of a project as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.categories import categories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.projects.stated_in_project import StatedNote

STATED = ("area", "category", "gas", "year", "key", "included_in", "because")
NOTED = ("area", "category", "year", "note")


def describe_stated(one: StatedKey, lang: str) -> dict[str, str]:
    """Return the cells of a stated key; an empty one is of all.

    Examples
    --------
    >>> from carbonacct.inventory.stated_keys import StatedKey
    >>> one = StatedKey("1.A.3.c", "NO", "no railway", years=(2015, 2016, 2017, 2019))
    >>> describe_stated(one, "en")["category"], describe_stated(one, "en")["year"]
    ('1.A.3.c Railways', '2015-2017, 2019')
    """
    return {
        "area": one.area,
        "category": _name(one.category, lang),
        "gas": ", ".join(one.gases),
        "year": _write_years(one.years),
        "key": one.key,
        "included_in": one.included_in,
        "because": one.because,
    }


def describe_note(one: StatedNote, lang: str) -> dict[str, str]:
    """Return the cells of a note; an empty one is of all."""
    return {
        "area": one.area,
        "category": _name(one.category, lang),
        "year": _write_years(one.years),
        "note": one.text,
    }


def _name(code: str, lang: str) -> str:
    if not code:
        return ""
    one = categories()[code]
    return f"{code} {one.name_zh if lang == 'zh' else one.name_en}"


def _write_years(years: Sequence[int]) -> str:
    """Return years as spans."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(f"{one[0]}-{one[-1]}" if len(one) > 1 else str(one[0]) for one in spans)
