"""Runs that are refused: the file is told by its path where several bear its name."""

from __future__ import annotations

import pytest

from carbonacct.projects.run_record import list_refused, refuse_run
from carbonacct.projects.scanning import Source


def refused(*paths, reason="{name}!A1: no row"):
    """Return the run of some files that cannot be used, for what stands in the first."""
    name = paths[0].rpartition("/")[2]
    return refuse_run("key", [Source(path, "") for path in paths], reason.format(name=name))


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ([["a/x.csv"], ["b/y.csv"]], ["x.csv!A1: no row", "y.csv!A1: no row"]),
        ([["a/x.csv"], ["b/x.csv"]], ["a/x.csv: x.csv!A1: no row", "b/x.csv: x.csv!A1: no row"]),
        (
            [["a/x.csv", "a/y.csv"], ["b/x.csv"]],
            ["a/x.csv: x.csv!A1: no row", "b/x.csv: x.csv!A1: no row"],
        ),
        ([["a/x.csv", "b/x.csv"]], ["a/x.csv, b/x.csv: x.csv!A1: no row"]),
    ],
)
def test_the_path_is_said_where_a_name_is_not_enough(runs, said):
    """Of the files whose name another file bears, in any run."""
    made = [refused(*paths) for paths in runs]
    assert [str(reason) for _, reason in list_refused(made)] == said
    assert [one for one, _ in list_refused(made)] == made


def test_what_is_of_no_file_is_one_reason():
    """A method that is not there is said once, and not of each table."""
    made = [refused(path, reason="no method") for path in ("a/x.csv", "b/x.csv", "b/y.csv")]
    assert {str(reason) for _, reason in list_refused(made)} == {"no method"}
