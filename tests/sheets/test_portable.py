"""Pages of a PDF, written by hand: those with text become sheets, and nothing larger than a table is unpacked."""

from __future__ import annotations

import zlib

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import portable
from carbonacct.sheets.portable import read_pdf

pytest.importorskip("pypdfium2")


def pdf(*pages: str, deflated: int = 1) -> bytes:
    """Return a PDF of pages of one line each; the text is deflated so often."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
    ]
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for n, text in enumerate(pages):
        stream = f"BT /F1 10 Tf 30 700 Td ({text}) Tj ET".encode() if text else b""
        for _ in range(deflated):
            stream = zlib.compress(stream)
        names = b"[" + b"/FlateDecode" * deflated + b"]"
        page = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {5 + 2 * n} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects += [
            page.encode(),
            b"<</Filter%b/Length %d>>stream\n%b\nendstream" % (names, len(stream), stream),
        ]
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            len(content),
        )
    )


def test_each_page_with_text_is_a_sheet():
    """Of one page it has no name; of several it is numbered as in the file."""
    (one,) = read_pdf("a.pdf", pdf("Coal balance"))
    assert (one.name, one.rows, one.findings) == ("", [["Coal balance"]], ())
    first, third = read_pdf("a.pdf", pdf("Coal", "", "Gas"))
    assert [(sheet.name, sheet.rows) for sheet in (first, third)] == [
        ("page 1", [["Coal"]]),
        ("page 3", [["Gas"]]),
    ]
    assert third.findings == ()
    (found,) = first.findings
    assert (found.rule, found.message) == (
        "page-without-text",
        "1 pages hold no text (2) and are not read",
    )
    assert [sheet.findings for sheet in read_pdf("a.pdf", pdf("Coal", "Gas"))] == [(), ()]


def test_the_first_ten_pages_without_text_are_named():
    """All are counted."""
    sheet = read_pdf("a.pdf", pdf("Coal", *[""] * 11))[0]
    assert (
        sheet.findings[0].message
        == "11 pages hold no text (2, 3, 4, 5, 6, 7, 8, 9, 10, 11) and are not read"
    )


@pytest.mark.parametrize(
    ("limit", "most", "content", "message"),
    [
        ("_MAX_PAGES", 2, lambda more: pdf(*["a"] * (2 + more)), "has 3 pages, more than the 2"),
        (
            "_MAX_CHARACTERS",
            4,
            lambda more: pdf("ab", "cd" + "e" * more),
            "has more than 4 characters",
        ),
        ("_MAX_ON_PAGE", 4, lambda more: pdf("abcd" + "e" * more), "a page has 5 characters"),
        (
            "_MAX_PDF",
            len(pdf("ab")),
            lambda more: pdf("ab") + b"\n" * more,
            "more than the 0 MB of a PDF",
        ),
    ],
)
def test_a_pdf_is_read_up_to_a_limit_and_refused_beyond(monkeypatch, limit, most, content, message):
    """As much as any table; more is refused with what to do."""
    monkeypatch.setattr(portable, limit, most)
    assert read_pdf("a.pdf", content(0))
    with pytest.raises(TableError, match=rf"a\.pdf: .*{message}.*; keep the pages of the table"):
        read_pdf("a.pdf", content(1))


@pytest.mark.parametrize("deflated", [1, 2])
def test_what_unpacks_to_more_is_refused_before_it_is_read(monkeypatch, deflated):
    """All streams together, and what is deflated twice."""
    content = pdf("a" * 400, "b" * 400, deflated=deflated)
    unpacked = sum(len(f"BT /F1 10 Tf 30 700 Td ({'a' * 400}) Tj ET") for _ in range(2))
    once = (
        2 * len(zlib.compress(b"BT /F1 10 Tf 30 700 Td (" + b"a" * 400 + b") Tj ET"))
        if deflated == 2
        else 0
    )
    monkeypatch.setattr(portable, "_MAX_UNPACKED", unpacked + once + 1)
    assert len(read_pdf("a.pdf", content)) == 2
    monkeypatch.setattr(portable, "_MAX_UNPACKED", unpacked + once)
    with pytest.raises(TableError, match="unpacks to more than 0 MB"):
        read_pdf("a.pdf", content)


def test_pictures_and_damage_are_told_apart():
    """A scan says what to use, what is broken says so."""
    with pytest.raises(TableError, match="holds pictures and no text"):
        read_pdf("a.pdf", pdf(""))
    with pytest.raises(TableError, match=r"a\.pdf: is damaged .*print it to a PDF again"):
        read_pdf("a.pdf", b"%PDF-1.4 broken")
