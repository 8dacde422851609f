"""The Chinese screens of the local page: no half-width mark beside Chinese, no Latin word that nobody allowed."""

from __future__ import annotations

import re

import pytest

from tests.report.chinese_project import read_html
from tests.report.test_chinese_outputs import find_faults
from tests.web.sites import make_project, serve_folder

# Cells as somebody printed them, and lists of ids beside their names.
_CELLS = re.compile(
    r"<table class=\"grid-sheet\".*?</table>|<datalist .*?</datalist>|<small>[\w.]+</small>",
    re.DOTALL,
)
UNKNOWN = "重庆能源平衡表（实物量）-2010\n项目,原煤(万吨),柴油(万吨)\n工业,100,5\n楼宇经济,3,4\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a page of a project with a table that reads and one that is asked, and a browser that was let in."""
    folder = make_project(tmp_path_factory.mktemp("web") / "p", lang="zh")
    (folder / "tables" / "不全.csv").write_text(UNKNOWN, encoding="utf-8")
    with serve_folder(folder) as site:
        site.enter()
        site.get("/", **{"Accept-Language": "zh"})
        yield site


def read_screen(site, path):
    """Return what a screen shows, without the cells of tables, which are as somebody printed them."""
    answer = site.get(path, **{"Accept-Language": "zh"})
    assert answer.status == 200, path
    return read_html(_CELLS.sub("", answer.text))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/method",
        "/activity",
        "/activity?sector=waste",
        "/activity?sector=agriculture",
        "/findings",
        "/factors",
        "/inventory",
        "/handing-in",
    ],
)
def test_a_screen_is_punctuated_in_chinese(site, path):
    """Each place that the head of the page leads to."""
    texts = read_screen(site, path)
    assert len(texts) > 5
    assert find_faults(texts) == []


def test_screens_of_tables_are_punctuated_in_chinese(site):
    """A table that was read, and one with a question."""
    paths = set(re.findall(r'href="(/tables/[^"#]+)"', site.get("/").text))
    assert len(paths) == 2
    for path in sorted(paths):
        assert find_faults(read_screen(site, path)) == []


def test_the_language_asked_for_at_the_start_is_that_of_the_page(tmp_path):
    """``carbonacct --lang zh serve`` shows Chinese whatever the project and the browser prefer, and one year as one."""
    folder = make_project(tmp_path / "p", lang="en")
    with serve_folder(folder, lang="zh") as site:
        site.enter()
        shown = read_html(site.get("/", **{"Accept-Language": "en"}).text)
    assert "放入表格" in shown
    assert re.search(r"(\d{4}) 至 \1 年", " ".join(shown)) is None
