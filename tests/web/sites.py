"""A page that is served for a test, and what a browser would ask of it."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from carbonacct.projects.starting import start_project
from carbonacct.web.app import App
from carbonacct.web.desk import Desk
from carbonacct.web.guard import Guard
from carbonacct.web.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).resolve().parents[2] / "docs" / "tables" / "chongqing_2007.csv"


class Answer:
    """A status, its headers and its text."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    @property
    def text(self) -> str:
        """What was sent, as a text."""
        return self.body.decode()

    @property
    def record(self) -> Any:
        """What was sent, as a record."""
        return json.loads(self.body)


class Site:
    """A served page and one browser that was let in."""

    def __init__(self, server: Server, app: App, said: list[str]) -> None:
        self.server, self.app, self.said = server, app, said
        self.cookie = self.mark = ""

    @property
    def folder(self) -> Path:
        """The folder that is served."""
        return self.app.desk.folder

    @property
    def origin(self) -> str:
        """Where the page is."""
        return self.app.guard.origin

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request as it is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def enter(self) -> None:
        """Come in by an address, as a browser does."""
        answer = self.ask("GET", self.app.guard.make_address().removeprefix(self.origin))
        assert answer.status == 200
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        found = re.search(r'name="mark" content="([^"]+)"', self.get("/").text)
        assert found
        self.mark = found[1]

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self.ask("GET", path, headers={"Cookie": self.cookie, **headers})

    def headers(self, **more: str) -> dict[str, str]:
        """Return what a form of the page itself is sent with."""
        return {"Cookie": self.cookie, "Origin": self.origin, "X-Carbonacct": self.mark, **more}

    def post(
        self,
        path: str,
        fields: dict[str, str] | None = None,
        body: bytes | None = None,
        **more: str,
    ) -> Answer:
        """Send a form, or a file."""
        content = urlencode(fields or {}).encode() if body is None else body
        return self.ask("POST", path, content, self.headers(**more))

    def drop(self, name: str, content: bytes) -> Answer:
        """Drop a table."""
        return self.post("/tables", body=content, **{"X-Name": quote(name)})

    def raw(self, head: str, *, wait: float = 10.0) -> bytes:
        """Send bytes and return what comes back until the connection is closed."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=wait) as connection:
            connection.sendall(head.encode("latin-1"))
            return receive(connection)


def receive(connection: socket.socket) -> bytes:
    """Return what comes until the connection is closed."""
    held = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            held += piece
    return held


def field(text: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]


@contextlib.contextmanager
def serve_folder(folder: Path, *, lang: str = "") -> Iterator[Site]:
    """Serve a folder until the test is over."""
    server = Server(0)
    said: list[str] = []
    app = App(Guard(server.port), Desk(folder), call=said.append, lang=lang)
    server.app = app
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield Site(server, app, said)
    finally:
        server.shutdown()
        server.server_close()
        app.desk.close()
        thread.join()


def make_project(
    folder: Path, *, lang: str = "en", tables: bool = True, page: bool = False
) -> Path:
    """Return the folder of a small project; its page and workbook take seconds."""
    folder.mkdir(exist_ok=True)
    start_project(folder, name="重庆", method="provincial-2011", years="2007", lang=lang)
    if not page:
        toml = folder / "carbonacct.toml"
        lines = toml.read_text(encoding="utf-8").splitlines(keepends=True)
        toml.write_text(
            "".join(one for one in lines if not one.startswith(("page", "workbook"))),
            encoding="utf-8",
        )
    if tables:
        shutil.copy(TABLE, folder / "tables" / "chongqing_2007.csv")
    return folder
