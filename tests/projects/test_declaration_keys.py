"""Keys, years, paths and words of a declaration: what they may be, and what a slip of the pen is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.errors import ProjectError
from carbonacct.projects.declaration_keys import (
    KEYS,
    NEEDED,
    OF_AREAS,
    SEVERAL,
    check_keys,
    read_years,
    take_choice,
    take_file,
    take_one,
    take_path,
    take_several,
)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2019-2021", (2019, 2020, 2021)),
        ("2019至2020", (2019, 2020)),
        ("2019~2020, 2015", (2015, 2019, 2020)),
        ("2012，2015", (2012, 2015)),
        ([2020, "2018-2019", 2019], (2018, 2019, 2020)),  # each once, in order
        (2020, (2020,)),
        (" 2020 - 2020 ", (2020,)),
        ("1900-2199", tuple(range(1900, 2200))),  # three hundred, and no more
    ],
)
def test_years_are_spans_and_lists(text, years):
    """In either language, each once and in order."""
    assert read_years(text) == years


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2021-2019", "'2021-2019' run backwards or too far"),
        ("1900-2200", "'1900-2200' run backwards or too far"),
        ("20-21", "'20-21' are not years"),
        ("2020-", "'2020-' are not years"),
        ("", "'' are not years"),
        ("2020,", "'' are not years"),
        (None, "'None' are not years"),
        (["2020", "x"], "'x' are not years"),
    ],
)
def test_years_that_are_none_are_named(text, said):
    """The word that is meant, and how years are written."""
    with pytest.raises(ProjectError, match=f"years {said}"):
        read_years(text)


@given(st.sets(st.integers(1900, 2100), min_size=1))
def test_years_read_back_however_they_are_listed(years):
    """A list, a text of them, and the same list turned."""
    expected = tuple(sorted(years))
    assert read_years(list(years)) == read_years(", ".join(map(str, years))) == expected
    assert read_years(sorted(years, reverse=True)) == expected


@pytest.mark.parametrize(
    "path", ["a.csv", "tables/a.csv", "表/a b.csv", "..a/b", "a..b/c..", "~a"[1:]]
)
def test_a_path_stays_in_the_folder(path):
    """Written with strokes of either kind."""
    assert take_path("table.files", path) == path
    assert take_path("table.files", path.replace("/", "\\")) == path


@pytest.mark.parametrize(
    "path", ["/a", "~/a", "~", "../a", "a/../b", "a\\..\\b", "C:/a", "c:a", "\\\\host\\a"]
)
def test_a_path_that_leaves_the_folder_is_refused(path):
    """A project moves as one."""
    with pytest.raises(
        ProjectError, match=r"table\.files is .*; name a path inside the project's folder"
    ):
        take_path("table.files", path)


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ("", "projct", "no key 'projct'; did you mean project"),
        ("table", "mappings", "no key 'table.mappings'; did you mean mapping"),
        ("project", "grid", "no key 'project.grid'; it is a key of energy"),
        ("drivers", "because", "no key 'drivers.because'; it is a key of splice, notation"),
        ("methods", "xyz", "no key 'methods.xyz'; known: energy, sources"),
    ],
)
def test_a_key_that_is_not_known_says_where_it_belongs(table, key, said):
    """The nearest of its table, else the tables that have it, else what there is."""
    with pytest.raises(ProjectError, match=said):
        check_keys(table, {key: 1})


def test_every_table_of_the_file_has_its_keys():
    """What is needed and what an area may say are keys; a table stands at the top."""
    for table, needed in NEEDED.items():
        assert set(needed) <= set(KEYS[table])
    for table, keys in OF_AREAS.items():
        assert set(keys) <= set(KEYS[table])
    assert {*KEYS, *SEVERAL} - {""} <= set(KEYS[""])
    for table, keys in KEYS.items():
        check_keys(table, dict.fromkeys(keys))


def test_a_table_may_be_absent_and_a_word_is_none():
    """One table, or several; one of several is a list of one."""
    assert take_one({}, "energy") == {}
    assert take_one({"energy": {"grid": "east"}}, "energy") == {"grid": "east"}
    with pytest.raises(ProjectError, match=r"energy is no table; write \[energy\]"):
        take_one({"energy": "east"}, "energy")
    assert take_several({}, "table") == []
    one = {"files": "a.csv"}
    assert take_several({"table": one}, "table") == take_several({"table": [one]}, "table") == [one]
    with pytest.raises(ProjectError, match=r"table is no list of tables; write \[\[table\]\]"):
        take_several({"table": [one, "b.csv"]}, "table")
    with pytest.raises(ProjectError, match=r"no key 'table\.file'; did you mean files"):
        take_several({"table": [one, {"file": "b.csv"}]}, "table")


def test_a_file_is_named_and_a_word_is_one_of_those_known():
    """Each says what it is asked for."""
    assert take_file({"file": "a.csv"}, "drivers", "file") == "a.csv"
    with pytest.raises(
        ProjectError, match="drivers has no file; name it, relative to the project's folder"
    ):
        take_file({}, "drivers", "file")
    assert take_choice("project.lang", "zh", ("zh", "en")) == "zh"
    with pytest.raises(ProjectError, match=r"project\.lang is 'de'"):
        take_choice("project.lang", "de", ("zh", "en"))
