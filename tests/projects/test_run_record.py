"""Runs that are refused: the file is told by its path where several bear its name."""

from __future__ import annotations

import pytest

from carbonacct.projects.run_record import list_refused, refuse_run
from carbonacct.projects.scanning import Source


def refused(*paths):
    """Return the run of some files that cannot be used."""
    return refuse_run("key", [Source(path, "") for path in paths], "no row")


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ([["a/x.csv"], ["b/y.csv"]], ["no row", "no row"]),
        ([["a/x.csv"], ["b/x.csv"]], ["a/x.csv: no row", "b/x.csv: no row"]),
        ([["a/x.csv", "a/y.csv"], ["b/x.csv"]], ["a/x.csv: no row", "b/x.csv: no row"]),
        ([["a/x.csv", "b/x.csv"]], ["a/x.csv, b/x.csv: no row"]),
    ],
)
def test_the_path_is_said_where_a_name_is_not_enough(runs, said):
    """Of the files whose name another file bears, in any run."""
    made = [refused(*paths) for paths in runs]
    assert [str(reason) for _, reason in list_refused(made)] == said
    assert [one for one, _ in list_refused(made)] == made
