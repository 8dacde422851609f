"""Who may ask for what: the rules that keep other pages and other machines out.

Each rule has a test of its name in ``tests/web/test_guard.py``; docs/serve.md gives the reasons.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from carbonacct.web.exchange import WebError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.web.exchange import WebRequest

HOST = "127.0.0.1"
# None: a browser that does not say. Its forms still need the page's origin and mark.
_OWN_SITES = (None, "same-origin", "none")
_MOST_SESSIONS = 50
# The page runs no script and loads nothing that does not come from this program.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
# An inventory page has its script and style in itself: it gets an origin of its own, and no cookie.
_FRAMED_POLICY = (
    "sandbox allow-scripts allow-downloads allow-modals; default-src 'none'; script-src"
    " 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def list_headers(*, framed: bool = False) -> Mapping[str, str]:
    """Return the headers that every answer has; ``framed`` for a page that is shown in a frame."""
    return _HEADERS | {"Content-Security-Policy": _FRAMED_POLICY if framed else _POLICY}


@dataclass(frozen=True)
class Session:
    """A browser that was let in; ``mark`` stands in its pages and comes back with each form."""

    mark: str
    lang: str = ""


@dataclass
class Guard:
    """The door: which port it stands at, who has been let in, and the tokens that let in once."""

    port: int
    _sessions: dict[str, Session] = field(default_factory=dict)
    _tokens: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def origin(self) -> str:
        """The one origin of the page."""
        return f"http://{HOST}:{self.port}"

    @property
    def cookie(self) -> str:
        """The name of the cookie: cookies know no port, and two projects may be open."""
        return f"carbonacct_{self.port}"

    def make_address(self) -> str:
        """Return an address that lets one browser in, once; those made before it end."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens = {token}
        return f"{self.origin}/start?token={token}"

    def check_request(self, request: WebRequest) -> None:
        """Refuse what is not asked of this very address, whoever asks.

        Raises
        ------
        WebError
            400 for an absolute or doubtful request, 421 for another host: a name that leads here
            (DNS rebinding) makes another page's script no part of this one.
        """
        if not request.target.startswith("/"):
            raise WebError(400, "error.request")
        host = request.header("Host")
        if host is None:
            raise WebError(400, "error.request")
        if host != f"{HOST}:{self.port}":
            raise WebError(421, "error.host", origin=self.origin)

    def check_site(self, request: WebRequest) -> None:
        """Refuse what another page asks for, one of another port of this machine included.

        Raises
        ------
        WebError
            403, and how to come in.
        """
        if request.header("Sec-Fetch-Site") not in _OWN_SITES:
            raise WebError(403, "error.site", origin=self.origin)

    def check_write(self, request: WebRequest, session: Session) -> None:
        """Refuse a form that no page of this session sent.

        Raises
        ------
        WebError
            403 without the page's own origin and mark: a cookie alone is not enough.
        """
        origin, mark = request.header("Origin"), request.header("X-Carbonacct") or ""
        # As bytes: a text beyond ASCII, which a header may hold, would raise.
        if origin != self.origin or not secrets.compare_digest(
            mark.encode(), session.mark.encode()
        ):
            raise WebError(403, "error.write")

    def find_session(self, request: WebRequest) -> Session | None:
        """Return the session of a request, None where it has none."""
        return self._sessions.get(self._read_cookie(request))

    def enter(self, token: str) -> str | None:
        """Return the cookie of a new session, None where the token is used or was never given."""
        with self._lock:
            if token not in self._tokens:
                return None
            self._tokens.discard(token)
            name = secrets.token_urlsafe(32)
            while len(self._sessions) >= _MOST_SESSIONS:
                self._sessions.pop(next(iter(self._sessions)))
            self._sessions[name] = Session(secrets.token_urlsafe(32))
        return f"{self.cookie}={name}; HttpOnly; SameSite=Strict; Path=/"

    def speak(self, request: WebRequest, lang: str) -> None:
        """Keep the language that a session has chosen."""
        with self._lock:
            name = self._read_cookie(request)
            if name in self._sessions:
                self._sessions[name] = Session(self._sessions[name].mark, lang)

    def _read_cookie(self, request: WebRequest) -> str:
        try:
            held = SimpleCookie(request.header("Cookie") or "")
        except CookieError:
            return ""
        return held[self.cookie].value if self.cookie in held else ""
