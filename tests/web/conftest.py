"""A page that is served, for the tests of a module."""

from __future__ import annotations

import sys
from multiprocessing import get_context

import pytest

from carbonacct.web import workers
from tests.web.sites import make_project, serve_folder


@pytest.fixture(scope="session", autouse=True)
def _loaded_once():
    """Have each process beside a page begin as a copy of one that has loaded what its work needs."""
    workers._find_context()
    if sys.platform == "linux":
        get_context("forkserver").set_forkserver_preload(["tests.web.preloaded"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a page of a small project, and a browser that was let in."""
    with serve_folder(make_project(tmp_path_factory.mktemp("web") / "p")) as site:
        site.enter()
        yield site
