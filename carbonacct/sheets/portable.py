"""Tables of a PDF that holds text -> sheets, one a page. What was scanned holds pictures and is refused.

The text is looked through first: how much its streams unpack to is known before the reader of the
format takes memory for them.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from carbonacct.errors import Finding, TableError
from carbonacct.sheets.raw_sheets import Sheet
from carbonacct.sheets.typeset import TextPiece, lay_out
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pypdfium2 as pdfium

_MAX_PDF = 20 * 2**20
_MAX_UNPACKED = 200 * 2**20
_MAX_PAGES = 200
_MAX_CHARACTERS = 1_000_000
_MAX_ON_PAGE = 100_000
_STREAM = re.compile(rb"stream\r?\n")
_PASSWORD = 4  # the error of the reader


def read_pdf(file: str, content: bytes) -> list[Sheet]:
    """Return the pages of a PDF that hold text.

    Raises
    ------
    TableError
        If it was scanned, is damaged, password-protected or larger than any table, or if nothing is
        installed that reads it.
    """
    if len(content) > _MAX_PDF:
        raise TableError(
            say(
                "{file}: has {megabytes} MB, more than the {most_megabytes} MB of a PDF "
                "read here; keep the pages of the table",
                file=file,
                megabytes=len(content) >> 20,
                most_megabytes=_MAX_PDF >> 20,
            )
        )
    try:
        import pypdfium2  # noqa: PLC0415 - an extra
    except ImportError:
        raise TableError(
            say(
                "{file}: is a PDF, and pypdfium2 is not installed; install carbonacct[pdf], "
                "or paste the table's text into a .txt file",
                file=file,
            )
        ) from None
    _bound_streams(file, content)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error):
            raise TableError(
                say("{file}: is password-protected; save a copy without a password", file=file)
            ) from None
        raise TableError(
            say("{file}: is damaged ({error}); print it to a PDF again", file=file, error=error)
        ) from None
    try:
        return _read_pages(file, document)
    finally:
        document.close()


def _bound_streams(file: str, content: bytes) -> None:
    """Refuse a file whose compressed streams, also twice compressed ones, unpack to more than any table."""
    left = _MAX_UNPACKED
    for found in _STREAM.finditer(content):
        data = _unpack(content[found.end() : found.end() + _MAX_PDF], left)
        left -= len(data)
        left -= len(_unpack(data, max(left, 1)))
        if left <= 0:
            raise TableError(
                say(
                    "{file}: unpacks to more than {most_megabytes} MB; keep the pages of the table",
                    file=file,
                    most_megabytes=_MAX_UNPACKED >> 20,
                )
            )


def _unpack(data: bytes, most: int) -> bytes:
    if data[:1] != b"\x78":  # the head of what is deflated
        return b""
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""


def _read_pages(file: str, document: pdfium.PdfDocument) -> list[Sheet]:
    count = len(document)
    if count > _MAX_PAGES:
        raise TableError(
            say(
                "{file}: has {count} pages, more than the {max_pages} read here; keep the "
                "pages of the table",
                file=file,
                count=count,
                max_pages=_MAX_PAGES,
            )
        )
    sheets, silent, held = [], [], 0
    for number in range(count):
        pieces = list(_read_characters(file, document[number]))
        held += len(pieces)
        if held > _MAX_CHARACTERS:
            raise TableError(
                say(
                    "{file}: has more than {max_characters} characters; keep the pages of "
                    "the table",
                    file=file,
                    max_characters=_MAX_CHARACTERS,
                )
            )
        if pieces:
            sheets.append(Sheet(file, f"page {number + 1}" if count > 1 else "", lay_out(pieces)))
        else:
            silent.append(number + 1)
    if not sheets:
        raise TableError(
            say(
                "{file}: holds pictures and no text, as a scan does; recognise the text "
                "first (ocrmypdf, or a scanner's own program), check the numbers, and read "
                "the result",
                file=file,
            )
        )
    if silent:
        pages = join_texts(", ", map(str, silent[:10]))
        found = Finding(
            "page-without-text",
            "warning",
            say(
                "{silent_count} pages hold no text ({pages}) and are not read",
                silent_count=len(silent),
                pages=pages,
            ),
            file,
            say("recognise their text if the table is on them"),
        )
        first = sheets[0]
        sheets[0] = Sheet(first.file, first.name, first.rows, first.merged, (found,))
    return sheets


def _read_characters(file: str, page: pdfium.PdfPage) -> Iterator[TextPiece]:
    """Yield the characters of a page that are to be seen."""
    from pypdfium2 import raw  # noqa: PLC0415 - an extra

    text = page.get_textpage()
    count = text.count_chars()
    if count > _MAX_ON_PAGE:
        raise TableError(
            say(
                "{file}: a page has {count} characters, more than any table; keep the pages "
                "of the table",
                file=file,
                count=count,
            )
        )
    box = raw.FS_RECTF()
    for position in range(count):
        code = raw.FPDFText_GetUnicode(text, position)
        if code <= ord(" ") or not chr(code).strip():
            continue
        if (
            raw.FPDFText_GetLooseCharBox(text, position, box)
            and box.right > box.left
            and box.top > box.bottom
        ):
            yield TextPiece(chr(code), box.left, box.right, box.bottom, box.top)
