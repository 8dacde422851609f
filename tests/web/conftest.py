"""A page that is served, for the tests of a module."""

from __future__ import annotations

import pytest

from tests.web.sites import make_project, serve_folder


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a page of a small project, and a browser that was let in."""
    with serve_folder(make_project(tmp_path_factory.mktemp("web") / "p")) as site:
        site.enter()
        yield site
