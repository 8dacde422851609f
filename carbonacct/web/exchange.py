"""A request as it came over the wire, and the answer to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from carbonacct.web.page_texts import tell
from carbonacct.web.web_words import word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

_MOST_FIELDS = 20_000


class WebError(Exception):
    """A request that is not answered as asked; the text is of `words.toml`.

    Parameters
    ----------
    status
        Of HTTP.
    key
        Of the text.
    values
        What stands in it.
    """

    def __init__(self, status: int, key: str, **values: object) -> None:
        super().__init__(key)
        self.status, self.key, self.values = status, key, values

    def say(self, lang: str) -> str:
        """Return the text in a language."""
        values = {
            name: tell(value, lang) if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return word(self.key, lang, **values)


@dataclass(frozen=True)
class WebRequest:
    """What a browser asks for.

    Attributes
    ----------
    method, target
        The first line: the verb, and path with query.
    headers
        As they were sent; a name may stand in several.
    body
        What was sent with it.
    """

    method: str
    target: str
    headers: Message
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path alone."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """What stands behind the question mark; the first of several values of one name."""
        return _parse(urlsplit(self.target).query)

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form that was sent."""
        try:
            return _parse(self.body.decode())
        except UnicodeDecodeError:
            raise WebError(400, "error.form") from None

    def header(self, name: str) -> str | None:
        """Return a header that may stand once.

        Raises
        ------
        WebError
            If it stands several times: two readers of the request may each believe another.
        """
        held = self.headers.get_all(name, [])
        if len(held) > 1:
            raise WebError(400, "error.request")
        return str(held[0]) if held else None


def _parse(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise WebError(400, "error.form") from None
    return dict(reversed(pairs))


@dataclass(frozen=True)
class Response:
    """What is sent back."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def send_page(html: str, status: int = 200) -> Response:
    """Return a page."""
    return Response(html.encode(), status)


def send_record(record: Mapping[str, Any], status: int = 200) -> Response:
    """Return a record for the script of the page."""
    text = json.dumps(record, ensure_ascii=False)
    return Response(text.encode(), status, "application/json; charset=utf-8")


def go_to(path: str) -> Response:
    """Return the answer to a form: where the page goes now."""
    return send_record({"go": path})
