"""Sizes, times and numbers of connections are bounded; one who waits does not stop the others."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest

from carbonacct.web import server as module
from carbonacct.web.server import MOST_FORM, Server, listen
from tests.web.sites import make_project, receive, serve_folder


@pytest.fixture
def hurried(monkeypatch, tmp_path):
    """Return a page that waits but a moment."""
    monkeypatch.setattr(module, "WAIT_FOR_HEAD", 0.6)
    monkeypatch.setattr(module, "WAIT_FOR_BODY", 0.6)
    with serve_folder(make_project(tmp_path / "p")) as site:
        site.enter()
        yield site


def write_head(site, path, length):
    """Return the head of a form of the page, whose body is so long."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{site.server.port}",
        f"Content-Length: {length}",
    ]
    lines += [f"{name}: {value}" for name, value in site.headers().items()]
    return "\r\n".join(lines) + "\r\n\r\n"


def test_half_a_head_ends(hurried):
    """A head that never ends, also one that comes letter by letter, is given up."""
    with socket.create_connection(("127.0.0.1", hurried.server.port), timeout=20) as connection:
        start = time.monotonic()
        with contextlib.suppress(ConnectionError):
            for letter in b"GET / HTTP/1.1\r\nHost: 127.0.0.1" + b"a" * 400:
                connection.sendall(bytes([letter]))
                time.sleep(0.05)
        assert receive(connection) == b""
        assert time.monotonic() - start < 15


def test_half_a_body_ends_with_a_status(hurried):
    """A body that never comes is 408."""
    answer = hurried.raw(write_head(hurried, "/jobs", 100) + "half", wait=20)
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_one_who_waits_does_not_stop_others(hurried):
    """A connection that says nothing leaves the page as quick as it was."""
    with socket.create_connection(("127.0.0.1", hurried.server.port), timeout=20):
        assert hurried.get("/findings").status == 200


@pytest.mark.parametrize(
    ("path", "length"),
    [("/jobs", MOST_FORM + 1), ("/tables", 50 * 2**20 + 1), ("/tables", 10**30), ("/jobs", 10**15)],
)
def test_what_is_too_large_is_refused_before_it_comes(site, path, length):
    """A form of more than 2 MB, and a table larger than the reader takes, are 413 and not waited for."""
    assert site.raw(write_head(site, path, length)).startswith(b"HTTP/1.1 413 ")


def test_a_stranger_sends_no_body(site):
    """Nothing is read of who was not let in: the answer comes before the body."""
    head = f"POST /tables HTTP/1.1\r\nHost: 127.0.0.1:{site.server.port}\r\nContent-Length: 50000000\r\n\r\n"
    assert site.raw(head).startswith(b"HTTP/1.1 401 ")


def test_a_body_behind_a_get_is_no_second_request(site):
    """What follows a refused request on the connection is not read as another."""
    smuggled = (
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{site.server.port}\r\nCookie: {site.cookie}\r\n\r\n"
    )
    head = (
        f"GET /findings HTTP/1.1\r\nHost: 127.0.0.1:{site.server.port}\r\nCookie: {site.cookie}\r\nContent-Length: "
        f"{len(smuggled)}\r\n\r\n"
    )
    answer = site.raw(head + smuggled)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "head",
    [
        "GET /" + "a" * 70_000 + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n" + "A: b\r\n" * 200 + "\r\n",
        "GET / HTTP/1.1\r\nA: " + "b" * 70_000 + "\r\n\r\n",
    ],
)
def test_heads_are_bounded(site, head):
    """A long line, many lines and a long value are refused."""
    assert site.raw(head).split(b" ", 2)[1] in {b"414", b"431"}


def test_connections_are_bounded(monkeypatch, tmp_path):
    """One more than there are places is closed at once; a place that is left is taken again."""
    monkeypatch.setattr(module, "_MOST_CONNECTIONS", 3)
    with serve_folder(make_project(tmp_path / "p")) as site, contextlib.ExitStack() as stack:
        port = site.server.port
        held = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            for _ in range(3)
        ]
        time.sleep(0.3)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as late:
            assert receive(late) == b""
        for connection in held:
            connection.close()
        for _ in range(100):
            with contextlib.suppress(OSError):
                site.enter()
                break
            time.sleep(0.05)
        assert site.get("/findings").status == 200


def test_a_port_that_is_taken_gives_the_next():
    """Two projects may be open: the second gets another port."""
    first = Server(0)
    try:
        second = listen(first.port)
        assert second.port != first.port
        second.server_close()
    finally:
        first.server_close()


def test_one_connection_asks_again(site):
    """A browser keeps its connection."""
    line = (
        f"GET /findings HTTP/1.1\r\nHost: 127.0.0.1:{site.server.port}\r\nCookie: {site.cookie}\r\n"
    )
    answer = site.raw(f"{line}\r\n{line}Connection: close\r\n\r\n", wait=30)
    assert answer.count(b"HTTP/1.1 200 ") == 2
