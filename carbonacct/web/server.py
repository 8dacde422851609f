"""HTTP/1.1 on 127.0.0.1 alone: bounded requests, bounded times, a bounded number of connections.

The server of the standard library is used because the page must run where nothing but carbonacct is
installed. What it leaves to its user is done here: time limits of whole requests, sizes counted as
bytes arrive, one host, and no framing that two readers understand differently.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol

from carbonacct.data import MAX_FILE
from carbonacct.web.exchange import Response, WebRequest
from carbonacct.web.guard import HOST, list_headers

MOST_FILE = MAX_FILE  # bytes: the largest table that is read
MOST_FORM = 2**21
_MOST_CONNECTIONS = 64
_MOST_PORTS = 50
WAIT_FOR_HEAD = 15.0
WAIT_FOR_BODY = 60.0
_WAIT_TO_SEND = 30.0


class Answers(Protocol):
    """What answers requests."""

    def admit(self, request: WebRequest) -> int | Response:
        """Return how many bytes may follow the head of a request, or why none may."""

    def answer(self, request: WebRequest) -> Response:
        """Return the answer to a request that was admitted; nothing is raised."""


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The listening socket."""

    # The program ends when it is told to: no connection that hangs keeps it.
    daemon_threads = True
    block_on_close = False
    # On Windows this option would let another program take the same port.
    allow_reuse_address = os.name != "nt"
    request_queue_size = 64

    def __init__(self, port: int) -> None:
        self.app: Answers | None = None
        self._places = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        """Take the port for this program alone."""
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        if exclusive is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        super().server_bind()

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self.socket.getsockname()[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own, unless there are too many."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection, and give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that broke."""


def listen(port: int) -> Server:
    """Return a server at a port, or at the next one that is free; 0 is any.

    Raises
    ------
    OSError
        If none is free.
    """
    for one in range(port, min(port + _MOST_PORTS, 2**16)):
        with contextlib.suppress(OSError):
            return Server(one)
    return Server(0)


class _TimedSocket(io.RawIOBase):
    """What arrives at a socket, until a moment that is set anew for each part of a request."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection = connection
        self.until = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class _RefusedError(Exception):
    """A request that is not read to its end."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    error_content_type = "text/plain; charset=utf-8"
    error_message_format = "%(code)d %(message)s\n"

    def setup(self) -> None:
        """Read the connection with a limit of time."""
        super().setup()
        self._timed = _TimedSocket(self.connection)
        self.rfile = io.BufferedReader(self._timed)

    def handle_one_request(self) -> None:
        """Give a request as long as a head may take."""
        self._timed.until = time.monotonic() + WAIT_FOR_HEAD
        super().handle_one_request()

    def do_GET(self) -> None:
        """Answer."""
        self._serve()

    do_HEAD = do_POST = do_GET  # noqa: N815 - as the class asks for

    def _serve(self) -> None:
        app = self.server.app
        if app is None or self.request_version != "HTTP/1.1":
            self._refuse(505)
            return
        admitted = app.admit(WebRequest(self.command, self.path, self.headers))
        if isinstance(admitted, Response):
            self.close_connection = True
            self._send(admitted)
            return
        try:
            body = self._read_body(admitted)
        except _RefusedError as refusal:
            self._refuse(refusal.status)
            return
        except TimeoutError:
            self._refuse(408)
            return
        self._send(app.answer(WebRequest(self.command, self.path, self.headers, body)))

    def _read_body(self, most: int) -> bytes:
        """Return what follows the head; how long it is must be said once and plainly."""
        if self.headers.get_all("Transfer-Encoding"):
            raise _RefusedError(411)
        lengths = self.headers.get_all("Content-Length", [])
        if not lengths and self.command != "POST":
            return b""
        if len(lengths) != 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
            raise _RefusedError(411 if not lengths else 400)
        # Of thousands of digits Python makes no number, and raises.
        length = int(lengths[0]) if len(lengths[0]) < 16 else most + 1
        if length > most:
            raise _RefusedError(413)
        if length and self.command != "POST":
            raise _RefusedError(400)
        self._timed.until = time.monotonic() + WAIT_FOR_BODY
        body = self.rfile.read(length)
        if len(body) != length:
            raise _RefusedError(400)
        return body

    def _refuse(self, status: int) -> None:
        """Answer and close: what follows on the connection cannot be told apart."""
        self.close_connection = True
        text = f"{status}\n".encode()
        self._send(Response(text, status, "text/plain; charset=utf-8", list_headers()))

    def _send(self, response: Response) -> None:
        self.connection.settimeout(_WAIT_TO_SEND)
        self.send_response_only(response.status)
        headers = {
            "Content-Type": response.kind,
            "Content-Length": str(len(response.body)),
            **response.headers,
        }
        if self.close_connection:
            headers["Connection"] = "close"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is inherited
        """Say nothing of each request."""
