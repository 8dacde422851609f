"""carbonacct.toml written by the program: what is wanted is there, and what a person wrote stays."""

from __future__ import annotations

import copy
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.errors import ProjectError
from carbonacct.projects.editing import edit_declaration, write_declaration
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.projects.starting import start_project

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_VALUES = st.one_of(
    _TEXTS,
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False, allow_infinity=False),
)
_TABLES = st.dictionaries(
    st.sampled_from(["files", "year", "a b", "名", "x"]),
    st.one_of(
        _VALUES,
        st.lists(_VALUES, max_size=3),
        st.dictionaries(st.sampled_from(["year", "q"]), _VALUES, max_size=2),
    ),
    max_size=4,
)
_FILES = st.dictionaries(
    st.sampled_from(["schema", "project", "table", "target", "outputs"]),
    st.one_of(_VALUES, _TABLES, st.lists(_TABLES, max_size=3)),
    max_size=4,
)


@given(held=_FILES, wanted=_FILES)
def test_what_is_wanted_is_what_is_read(held, wanted):
    """Whatever stood there, and in whatever form: the new text reads as what was wanted."""
    text = write_declaration("", held)
    assert tomllib.loads(text) == held
    assert tomllib.loads(write_declaration(text, wanted)) == wanted
    assert write_declaration(text, held) == text


@given(st.data())
def test_lines_that_do_not_change_stay(data):
    """A key that changes is one line that changes, comments stay, and back is back."""
    text = (
        'schema = 1  # of keys\n# what we count\n[project]\nname = "甲"\nyears = "2015"  # so far\n\n[[table]]\n'
        'files = "a"\n\n[[table]]\nfiles = "b" # the second\n'
    )
    value = data.draw(_TEXTS)
    wanted = tomllib.loads(text)
    wanted["table"][1]["area"] = value
    made = write_declaration(text, wanted)
    assert made.startswith(text.rstrip("\n"))
    assert write_declaration(made, tomllib.loads(text)) == text


@pytest.mark.parametrize(("taken", "left"), [("table", "# first\n"), ("target", "# third\n")])
def test_what_is_taken_out_leaves_the_comments_of_others(taken, left):
    """All tables of a name go, with their own lines alone."""
    text = (
        '[project]\nname = "甲"  # ours\n\n[[table]]\nfiles = "a"\n# first\n\n[[table]]\nfiles = "b"\n\n'
        '[target]\nid = "x"\n# third\n\n[outputs]\ndata = "d.csv"  # out\n'
    )
    wanted = {key: value for key, value in tomllib.loads(text).items() if key != taken}
    made = write_declaration(text, wanted)
    assert tomllib.loads(made) == wanted
    kept = {"  # ours\n", "  # out\n", "# first\n", "# third\n"} - {left}
    assert all(comment in made for comment in kept)


@pytest.mark.parametrize(
    "layout",
    [
        'project = { name = "甲", years = "2015" }\n',
        '[project]\nname = """甲"""\nyears = """\n2015"""\n',
        '"project" = {name="甲"}\n[table]\nfiles = "a"\n',
        '[ project ]\nname = "甲"\n[project.more]\nx = 1\n',
    ],
)
def test_other_layouts_are_written_anew(layout):
    """A table on one line, a text over several, a name in quotes: the result is right, the first comment stays."""
    text = "# mine\n# and yours\n" + layout
    wanted = copy.deepcopy(tomllib.loads(text))
    wanted["project"]["years"] = "2016-2017"
    wanted["target"] = [{"id": "g", "base": {"year": 2015}}]
    made = write_declaration(text, wanted)
    assert tomllib.loads(made) == wanted
    assert made.startswith("# mine\n# and yours\n")


def test_a_declaration_that_would_be_none_is_not_written(tmp_path):
    """What the reader would refuse leaves the file as it was."""
    start_project(tmp_path, name="甲", method="provincial-2011", years="2015", lang="zh")
    before = (tmp_path / "carbonacct.toml").read_bytes()
    with pytest.raises(ProjectError, match="unicorn"):
        edit_declaration(tmp_path, lambda held: held["project"].update(unicorn=1))
    assert (tmp_path / "carbonacct.toml").read_bytes() == before
    edit_declaration(tmp_path, lambda held: held["project"].update(years="2016"))
    assert read_declaration(tmp_path).years == (2016,)
