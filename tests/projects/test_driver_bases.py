"""What drivers are measured by: a change inside a series, by hand."""

from __future__ import annotations

import pytest

from carbonacct.catalogue import in_language
from carbonacct.projects.driver_bases import DriverBasis, find_bases, read_basis

HEAD = "area,year,gdp (亿元),energy (万吨标准煤),population (万人)\n"
A, B = DriverBasis("a.csv", prices="current"), DriverBasis("b.csv", prices="constant 2020")


def find(folder, first, second, bases=(A, B), area=""):
    """Return what is said of two files of drivers."""
    for name, text in (("a.csv", first), ("b.csv", second)):
        (folder / name).write_text(text, encoding="utf-8")
    return [one.message for one in find_bases(bases, folder, area)]


SAID = "北京: from 2018 to 2019 the basis of gdp goes from current to constant 2020"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("北京,2018,1,1,1\n", "北京,2019,1,1,1\n", [SAID]),
        ("北京,2018,1,1,1\n", "北京市,2019,1,1,1\n", [SAID]),  # one area, as it was spelt first
        ("北京,2018,1,1,1\n", "天津,2019,1,1,1\n", []),
        ("北京,2018,1,1,1\n", "北京,2019,,1,1\n", []),  # no number, no basis
        (
            "北京,2019,1,1,1\n",
            "北京,2018,1,1,1\n",
            ["北京: from 2018 to 2019 the basis of gdp goes from constant 2020 to current"],
        ),
        # A year that both files have is of both; the next one of the second alone brings nothing new.
        ("北京,2018,1,1,1\n", "北京,2018,1,1,1\n北京,2019,1,1,1\n", []),
        (
            "北京,2018,1,1,1\n北京,2019,1,1,1\n",
            "北京,2019,1,1,1\n",
            [
                "北京: from 2018 to 2019 the basis of gdp goes from current to constant 2020, current"
            ],
        ),
    ],
)
def test_a_series_has_one_basis(tmp_path, first, second, said):
    """Money by its prices, year by year; population is measured by neither."""
    assert find(tmp_path, HEAD + first, HEAD + second) == said


def test_coal_equivalent_has_a_definition_and_money_none(tmp_path):
    """Each column by its unit alone; what one file does not declare is said so."""
    bases = (DriverBasis("a.csv", tce="equivalent"), DriverBasis("b.csv"))
    found = find(tmp_path, HEAD + "北京,2018,1,1,1\n", HEAD + "北京,2019,1,1,1\n", bases)
    assert found == [
        "北京: from 2018 to 2019 the basis of energy goes from equivalent to what is not declared"
    ]
    plain = (DriverBasis("a.csv"), DriverBasis("b.csv"))
    assert find(tmp_path, HEAD + "北京,2018,1,1,1\n", HEAD + "北京,2019,1,1,1\n", plain) == []


def test_bases_have_plain_chinese_names(tmp_path):
    """Prices as yearbooks print them, definitions of energy as the vocabulary has them."""
    bases = (
        DriverBasis("a.csv", prices="constant 2015", tce="equivalent"),
        DriverBasis("b.csv", prices="current"),
    )
    found = find(tmp_path, HEAD + "北京,2018,1,1,1\n", HEAD + "北京,2019,1,1,1\n", bases)
    said = [in_language(one, "zh") for one in found]
    assert "2015年可比价" in said[1]
    assert "当年价" in said[1]
    assert "equivalent" not in said[0]


def test_rows_without_an_area_are_of_the_one_that_is_named(tmp_path):
    """They are one series with those that name it."""
    bare = "year,gdp (亿元)\n2018,1\n"
    assert find(tmp_path, bare, HEAD + "北京,2019,1,1,1\n", area="北京") == [SAID]
    assert find(tmp_path, bare, HEAD + "北京,2019,1,1,1\n", area="天津") == []


def test_one_file_is_not_read(tmp_path):
    """Nothing can change where there is one."""
    assert find_bases([DriverBasis("none.csv", prices="current")], tmp_path) == []


@pytest.mark.parametrize("prices", ["", "current", "constant 1990", "constant 2020"])
def test_a_basis_is_read_as_it_is_declared(prices):
    """With or without prices, and a definition that is known."""
    found = read_basis({"file": "a.csv", "prices": prices, "tce": "calorific"})
    assert found == DriverBasis("a.csv", prices=prices, tce="calorific")
