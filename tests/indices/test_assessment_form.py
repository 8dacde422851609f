"""The workbook of an assessment: a sheet for each area."""

from __future__ import annotations

import pytest

from carbonacct.indices.assessment_form import name_sheet


@pytest.mark.parametrize(
    ("areas", "names"),
    [
        ("重庆|成都", "重庆|成都"),
        ("重庆|重庆|重庆", "重庆|重庆~2|重庆~3"),
        ("Ab|aB|AB", "Ab|aB~2|AB~3"),  # a workbook does not tell capitals apart
        ("重庆~2|重庆|重庆", "重庆~2|重庆|重庆~3"),
        ("a[b]:c*d?e/f\\g", "a_b__c_d_e_f_g"),  # what stands in no name of a sheet
        ("'quoted'", "quoted"),
        ("|''", "area|area~2"),
        (f"{'长' * 28}|{'长' * 29}", f"{'长' * 28}|{'长' * 28}~2"),  # 31 letters are the most
    ],
)
def test_names_of_sheets(areas, names):
    """Each once, and each such as a workbook takes."""
    taken = set()
    found = [name_sheet(area, taken) for area in areas.split("|")]
    assert found == names.split("|")
    assert all(len(name) <= 31 for name in found)
    assert taken == {name.lower() for name in found}
