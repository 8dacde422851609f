"""Requests -> answers: which address is answered by what, and what is refused before."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from carbonacct.errors import CarbonacctError
from carbonacct.web import (
    activity_pages,
    factor_pages,
    finding_pages,
    handing_pages,
    project_pages,
    setting_pages,
    table_pages,
)
from carbonacct.web.exchange import Response, WebError, send_page, send_record
from carbonacct.web.guard import list_headers
from carbonacct.web.page_rendering import list_static, render
from carbonacct.web.server import MOST_FILE, MOST_FORM
from carbonacct.web.web_words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.web.desk import Desk
    from carbonacct.web.exchange import WebRequest
    from carbonacct.web.guard import Guard, Session

    Page = Callable[..., Response]

_LOG = logging.getLogger(__name__)
# Parts of an address in braces are ids: letters and digits that are looked up, never a path.
_ROUTES: tuple[tuple[str, str, Page], ...] = (
    *project_pages.ROUTES,
    *table_pages.ROUTES,
    *finding_pages.ROUTES,
    *setting_pages.ROUTES,
    *handing_pages.ROUTES,
    *activity_pages.ROUTES,
    *factor_pages.ROUTES,
)
_FILES = frozenset({"/tables", "/activity/files"})


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[0-9a-zA-Z_-]{1,64})", pattern))


_COMPILED = [(method, _compile(pattern), page) for method, pattern, page in _ROUTES]


@dataclass
class App:
    """The page of one project.

    Attributes
    ----------
    guard
        Who may come in.
    desk
        The project and the processes that work on it.
    call
        Is told of an address, for the person at the terminal to open.
    lang
        The language that whoever started it asked for, before those of the project and the browser.
    """

    guard: Guard
    desk: Desk
    call: Callable[[str], None] = field(default=lambda _: None)
    lang: str = ""

    def admit(self, request: WebRequest) -> int | Response:
        """Return how many bytes may follow the head of a request, or why none may."""
        try:
            self.guard.check_request(request)
            if request.path == "/start" or request.path in list_static():
                return 0
            self.guard.check_site(request)
            session = self.guard.find_session(request)
            if session is None:
                return self._send_away(request)
            if request.method == "POST":
                self.guard.check_write(request, session)
        except WebError as error:
            return self._refuse(request, error)
        return MOST_FILE if request.path in _FILES else MOST_FORM

    def answer(self, request: WebRequest) -> Response:
        """Return the answer to a request that was admitted."""
        try:
            response = self._answer(request)
        except WebError as error:
            response = self._refuse(request, error)
        except CarbonacctError as error:
            response = self._refuse(request, WebError(422, "error.said", said=str(error)))
        except Exception as error:  # noqa: BLE001 - said as a fault of the program
            _LOG.exception("%s failed", request.path)
            kind = type(error).__name__
            response = self._refuse(request, WebError(500, "error.ours", kind=kind))
        return replace(response, headers={**list_headers(), **response.headers})

    def _answer(self, request: WebRequest) -> Response:
        path = request.path
        if path == "/start":
            return self._start(request)
        if path in list_static():
            kind, content = list_static()[path]
            return Response(content, kind=kind, headers={"Cache-Control": "max-age=86400"})
        session = self.guard.find_session(request)
        if session is None:
            return self._send_away(request)
        if path == "/language" and request.method == "POST":
            return self._speak(request)
        session = replace(session, lang=self._language(request, session))
        method = "GET" if request.method == "HEAD" else request.method
        for known, pattern, page in _COMPILED:
            if known == method and (found := pattern.fullmatch(path)):
                return page(self.desk, request, session, **found.groupdict())
        raise WebError(404, "error.no_page")

    def _start(self, request: WebRequest) -> Response:
        """Let a browser in; it goes on by itself, so that no address of its history holds a token."""
        cookie = self.guard.enter(request.query.get("token", ""))
        if cookie is None:
            return self._send_away(request)
        page = render("start.html", self._language(request, None))
        return Response(page.encode(), headers={"Set-Cookie": cookie})

    def _speak(self, request: WebRequest) -> Response:
        lang = request.form.get("lang", "")
        if lang not in LANGUAGES:
            raise WebError(400, "error.form")
        self.guard.speak(request, lang)
        return send_record({"go": ""})

    def _language(self, request: WebRequest, session: Session | None) -> str:
        """Return the language of a page: the chosen one, that of the start, the project's, or the browser's."""
        if session is not None and session.lang:
            return session.lang
        wanted = (request.headers.get("Accept-Language") or "zh").lower()
        return self.lang or self.desk.lang or ("zh" if wanted.startswith("zh") else "en")

    def _send_away(self, request: WebRequest) -> Response:
        """Say how to come in; the terminal shows a new address."""
        self.call(self.guard.make_address())
        return self._refuse(request, WebError(401, "error.session"))

    def _refuse(self, request: WebRequest, error: WebError) -> Response:
        lang = self._language(
            request, self.guard.find_session(request) if error.status != 400 else None
        )
        text = error.say(lang)
        if request.method == "POST" or request.headers.get("X-Carbonacct"):
            response = send_record({"message": text}, error.status)
        else:
            response = send_page(render("error.html", lang, text=text), error.status)
        return replace(response, headers=list_headers())
