"""Tables of a web page: as a browser shows them, whatever the page forgets to close."""

from __future__ import annotations

import re

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import webpage
from carbonacct.sheets.webpage import read_html

ROW = "<tr><td>Coal</td><td>1</td></tr>"


def rows(page: str) -> list[list[object]]:
    """Return the cells of the only table of a page."""
    (sheet,) = read_html("a.html", page)
    return sheet.rows


@pytest.mark.parametrize(
    "page",
    [
        f"<table>{ROW}</table>",
        "<TABLE><TR><TD>Coal<TD>1</TABLE>",  # nothing closed but the table
        "<table><tr><th>Coal</th><td>1</td>",
        "<table><td>Coal<td>1",  # no row opened
        "<table><tr><td>Co<!-- <td>x</td> -->al</td><td>1</td></tr></table>",
        "<table><tr><td>Coal<script>if (a < b) '<td>9</td>'</script></td><td>1<style>td {}</style></td></tr></table>",
        "<table><tr><td><p>Coal</p></td><td> 1\n</td></tr></table>",
        "<table><tr><td title='a > b'>Coal</td><td class=x>1</td></tr></table>",
        "<table><tr><td>Coal</td><template><td>7</td></template><td>1</td></tr></table>",
        "<table><tr><td>Coal</td><td>&#49;</td></tr></table> 9 <td>8",
        f"<!DOCTYPE html><?php x ?></ x>{'<table>' + ROW}</table></style>",
        f"<table><tr><td><table>{ROW}</table></td></tr></table>",  # a frame
        f"<table><tr><td>frame<table>{ROW}</table>behind</td></tr></table>",
    ],
)
def test_what_a_browser_shows_is_read(page):
    """One table of one row, Coal and 1."""
    assert rows(page) == [["Coal", "1"]]


def test_pieces_of_a_cell_are_one_text():
    """A line break is a blank, other marks are none; a footnote is set apart, an exponent is not."""
    page = (
        "<table><tr><td>Raw<br>coal</td><td>Gas<b>oline</b></td><td>12.5<sup>1</sup></td><td>10<sup>4</sup> t</td>"
        "<td>Coke<sup>a</sup> (kt)</td><td>CO<sup>2</sup></td><td>7</td></tr></table>"
    )
    assert rows(page) == [
        ["Raw coal", "Gasoline", "12.5 [1]", "104 t", "Coke [a] (kt)", "CO2", "7"]
    ]


def test_the_nearest_three_captions_stand_above_a_table():
    """A heading begins anew, paragraphs follow it; the table's own caption replaces them."""
    page = (
        f"<p>old</p><h2>Balance</h2><p>2015</p><p> </p><table>{ROW}</table>"
        f"<p>kt</p><p>draft</p><p>x</p><table>{ROW}</table>"
    )
    first, second = read_html("a.html", page)
    assert [first.name, second.name] == ["table 1", "table 2"]
    assert first.rows[:-1] == [["Balance"], ["2015"]]
    assert second.rows[:-1] == [["kt"], ["draft"], ["x"]]
    assert rows(f"<h1>a</h1><table><caption>Own</caption>{ROW}</table>") == [["Own"], ["Coal", "1"]]
    assert rows(f"<title>T &lt; <b></title><table>{ROW}</table>")[0] == ["T < <b>"]
    assert rows(f"<p>{'a' * 400}</p><table>{ROW}</table>")[0] == ["a" * 300]
    assert rows(f"<p>cut<table>{ROW}</table>") == [["Coal", "1"]]


@pytest.mark.parametrize(
    ("attributes", "merged"),
    [
        ("colspan=2 rowspan=3", ((0, 0), (2, 1))),
        ("COLSPAN='2' rowspan = \"3\"", ((0, 0), (2, 1))),
        ("colspan=2 rowspan=3 colspan=5", ((0, 0), (2, 1))),  # the first counts
        ("colspan=0 rowspan=3", ((0, 0), (2, 0))),
        ("data-x=1 colspan=2", ((0, 0), (0, 1))),
        ("colspan=1000", ((0, 0), (0, 299))),
        ("colspan=12345678901 rowspan=2", ((0, 0), (1, 0))),  # no number that a browser takes
    ],
)
def test_spans(attributes, merged):
    """Of any spelling; none reaches further than 300."""
    (sheet,) = read_html("a.html", f"<table><tr><td {attributes}>a</td></tr></table>")
    assert sheet.merged == (merged,)


def test_a_tag_closes_itself():
    """As XHTML writes empty cells."""
    assert rows("<table><tr><td/><td>1</td></tr></table>") == [["", "1"]]


@pytest.mark.parametrize(
    ("name", "most", "page", "message"),
    [
        (
            "_MAX_PAGE",
            60,
            lambda more: f"<table>{ROW}</table>".ljust(60 + more),
            "million characters",
        ),
        ("_MAX_TABLES", 2, lambda more: f"<table>{ROW}</table>" * (2 + more), "has 3 tables"),
        (
            "_MAX_PAGE_CELLS",
            6,
            lambda more: f"<table>{'<td colspan=2>a' * (3 + more)}",
            "more than 6 cells",
        ),
    ],
)
def test_a_page_is_read_up_to_a_limit_and_refused_beyond(monkeypatch, name, most, page, message):
    """As much as any table has; one more is refused with what to do."""
    monkeypatch.setattr(webpage, name, most)
    assert read_html("a.html", page(0))
    with pytest.raises(
        TableError, match=rf"a\.html: .*{re.escape(message)}.*keep the energy balance alone"
    ):
        read_html("a.html", page(1))


@pytest.mark.parametrize("page", ["<p>none</p>", "<table></table>", "</table><td>1</td>"])
def test_a_page_without_a_table_is_refused(page):
    """With what to do instead."""
    with pytest.raises(
        TableError,
        match=r"a\.html: the page holds no <table>; paste the table's text into a \.txt file",
    ):
        read_html("a.html", page)
