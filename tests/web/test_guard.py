"""Who is let in and who is not: each rule of the door by itself."""

from __future__ import annotations

import shutil
import socket
import subprocess

import pytest

from carbonacct.web.serving import open_browser
from tests.web.sites import TABLE, field, make_project, serve_folder

FOREIGN = [
    "evil.example",
    "localhost",
    "localhost:{port}",
    "127.0.0.1",
    "127.0.0.1:1",
    "[::1]:{port}",
    "0.0.0.0:{port}",
    "127.0.0.1:{port}.evil.example",
    "2130706433:{port}",
    "127.1:{port}",
    " 127.0.0.1:{port}x",
    "127.0.0.1:0{port}",
]


def test_it_listens_on_this_machine_alone(site):
    """No other address of the machine is answered at."""
    assert site.server.socket.getsockname()[0] == "127.0.0.1"
    command = shutil.which("hostname")
    named = (
        subprocess.run([command, "-I"], capture_output=True, text=True, check=False).stdout
        if command
        else ""
    )
    for address in named.split():
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as other:
            other.settimeout(2)
            assert other.connect_ex((address, site.server.port)) != 0


@pytest.mark.parametrize("host", FOREIGN)
def test_another_host_is_refused(site, host):
    """A name that leads here (DNS rebinding) is not this page, for reads, writes and the address that lets in."""
    host = host.format(port=site.server.port)
    token = site.app.guard.make_address().removeprefix(site.origin)
    for method, path in (("GET", "/"), ("POST", "/jobs"), ("GET", token)):
        answer = site.ask(method, path, b"" if method == "POST" else None, site.headers(Host=host))
        assert answer.status == 421
        assert "mark" not in answer.text
        assert answer.headers["Set-Cookie"] is None


@pytest.mark.parametrize(
    "head",
    [
        "GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n",
        "GET /\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
        (
            "POST /jobs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nOrigin: {origin}\r\n"
            "X-Carbonacct: {mark}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "POST /jobs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nOrigin: {origin}\r\n"
            "X-Carbonacct: {mark}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
        ),
        (
            "POST /jobs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nOrigin: {origin}\r\n"
            "X-Carbonacct: {mark}\r\nContent-Length: -1\r\n\r\n"
        ),
        (
            "POST /jobs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nOrigin: {origin}\r\n"
            "X-Carbonacct: {mark}\r\n\r\n"
        ),
        "BREW / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    ],
)
def test_a_request_that_can_be_understood_in_two_ways_is_refused(site, head):
    """An absolute address, two hosts or none, an old version, a body whose length is doubtful."""
    text = head.format(
        port=site.server.port, cookie=site.cookie, mark=site.mark, origin=site.origin
    )
    answer = site.raw(text)
    status = answer.removeprefix(b"HTTP/1.1 ")[:3]  # the oldest version has no head
    assert status[:1] in {b"4", b"5"}
    assert b"mark" not in answer
    assert answer.count(b"HTTP/1.1 ") <= 1


@pytest.mark.parametrize(
    "change",
    [
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost:{port}"},
        {"X-Carbonacct": None},
        {"X-Carbonacct": "wrong"},
        {"X-Carbonacct": "标"},
        {"Cookie": None},
        {"Cookie": "carbonacct_{port}=wrong"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_write_needs_the_page_itself(site, change):
    """A form counts with the page's own origin, its mark and its cookie: none of them alone is enough."""
    ((name, value),) = change.items()
    headers = site.headers()
    headers.pop(name, None)
    if value is not None:
        headers[name] = value.format(port=site.server.port).encode().decode("latin-1")
    before = (site.folder / "carbonacct.toml").read_bytes()
    answer = site.ask("POST", "/method", b"years=1990", headers)
    assert answer.status in {401, 403}
    assert answer.record["message"]
    assert (site.folder / "carbonacct.toml").read_bytes() == before


@pytest.mark.parametrize("where", ["cross-site", "same-site"])
def test_a_read_that_another_page_asks_for_is_refused_with_a_way_in(site, where):
    """A page at another port is same-site, which the cookie does not stop."""
    answer = site.get("/", **{"Sec-Fetch-Site": where})
    assert answer.status == 403
    assert site.origin in answer.text
    assert site.get("/", **{"Sec-Fetch-Site": "same-origin"}).status == 200
    assert site.get("/", **{"Sec-Fetch-Site": "none"}).status == 200


def test_an_address_lets_one_browser_in_once(site):
    """The token ends with its first use, and with the next address; the page goes on without it."""
    path = site.app.guard.make_address().removeprefix(site.origin)
    first = site.ask(
        "GET", path, headers={"Sec-Fetch-Site": "cross-site"}
    )  # from a file that leads here
    assert first.status == 200
    assert "url=/" in first.text
    cookie = first.headers["Set-Cookie"]
    assert cookie.startswith(f"carbonacct_{site.server.port}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert site.ask("GET", path).status == 401
    old = site.app.guard.make_address().removeprefix(site.origin)
    site.app.guard.make_address()
    assert site.ask("GET", old).status == 401


def test_who_has_no_session_is_told_how_to_come_in(site):
    """A page that is asked for without one says to look at the terminal, which shows a new address."""
    site.said.clear()
    answer = site.ask("GET", "/")
    assert answer.status == 401
    assert "address" in answer.text
    assert site.said
    assert site.said[-1].startswith(f"{site.origin}/start?token=")
    assert site.said[-1].rpartition("=")[2] not in answer.text


def test_two_projects_do_not_share_a_session(site, tmp_path):
    """Cookies know no port: the name of each holds its own, and none opens the other's page."""
    with serve_folder(make_project(tmp_path / "q")) as other:
        other.enter()
        both = f"{site.cookie}; {other.cookie}"
        assert site.get("/", Cookie=both).status == other.get("/", Cookie=both).status == 200
        assert other.get("/", Cookie=site.cookie).status == 401
        value = site.cookie.partition("=")[2]
        assert other.get("/", Cookie=f"carbonacct_{other.server.port}={value}").status == 401


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/start", "/tables/none", "/findings", "/method", "/handing-in"]
)
def test_every_answer_keeps_others_out(site, path):
    """No script but the page's own, no frame around it, no copy, no guess of the kind, no address told."""
    answer = site.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (
        answer.headers["Cross-Origin-Opener-Policy"]
        == answer.headers["Cross-Origin-Resource-Policy"]
        == "same-origin"
    )
    assert "carbonacct/" not in (answer.headers["Server"] or "")


@pytest.mark.parametrize(
    "path",
    [
        "/files/../carbonacct.toml",
        "/files/%2e%2e/carbonacct.toml",
        "/tables/../carbonacct.toml",
        "/tables/%2e%2e%2fcarbonacct.toml",
        "/outputs/carbonacct.toml",
        "/outputs/..%2fcarbonacct.toml",
        "/tables/tables/chongqing_2007.csv",
        "//etc/passwd",
        "/outputs/%00",
        "/jobs/../../etc/passwd",
        "/outputs/" + "a" * 300,
        "/changes/x",
    ],
)
def test_no_address_is_a_path(site, path):
    """What an address names is looked up among what the server listed; nothing else is there."""
    answer = site.get(path)
    assert answer.status == 404
    assert b"schema" not in answer.body
    assert b"root:" not in answer.body


def test_a_get_changes_no_file_of_the_project(site):
    """Looking at every page leaves all files but the store as they are."""

    def held():
        return {
            path: path.read_bytes()
            for path in site.folder.rglob("*")
            if path.is_file() and ".carbonacct" not in path.parts
        }

    before = held()
    pages = [
        "/",
        "/findings",
        "/method",
        "/activity",
        "/inventory",
        "/handing-in",
        "/activity/template",
    ]
    pages += [
        f"/tables/{one}" for one in [site.get("/").text.split("/tables/")[1].partition('"')[0]]
    ]
    for page in pages:
        assert site.get(page).status == 200, page
    assert held() == before


def test_files_that_lead_out_of_the_project_are_not_read(tmp_path):
    """A link to elsewhere among the tables or in a path of carbonacct.toml is refused by its name."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a secret", encoding="utf-8")
    folder = make_project(tmp_path / "p")
    (folder / "tables" / "leak.csv").symlink_to(secret)
    with serve_folder(folder) as site:
        first = site.ask("GET", site.app.guard.make_address().removeprefix(site.origin))
        site.cookie = first.headers["Set-Cookie"].partition(";")[0]
        answer = site.get("/")
        assert answer.status == 422
        assert "tables/leak.csv" in answer.text
        assert "secret" not in answer.text.replace("leak.csv", "")
        (folder / "tables" / "leak.csv").unlink()
        (folder / "drivers.csv").unlink()
        (folder / "drivers.csv").symlink_to(secret)
        assert site.get("/method").status == 422
        (folder / "drivers.csv").unlink()
        toml = folder / "carbonacct.toml"
        toml.write_text(
            toml.read_text(encoding="utf-8").replace("drivers.csv", "../secret.csv"),
            encoding="utf-8",
        )
        answer = site.get("/method")
        assert answer.status == 422
        assert str(tmp_path) not in answer.text


def test_an_error_shows_no_place_of_this_machine(site, monkeypatch):
    """A fault of the program is said by its kind: no path, no traceback."""

    def fail(*_arguments, **_options):
        raise RuntimeError(f"secret of {site.folder}")

    monkeypatch.setattr(site.app.desk, "ask", fail)
    for answer in (site.get("/"), site.post("/findings")):
        assert answer.status == 500
        assert "RuntimeError" in answer.text
        assert "secret" not in answer.text
        assert str(site.folder) not in answer.text


def test_a_stale_form_overwrites_nothing(site):
    """Two tabs: the second save of what the first changed meanwhile is refused, and its change is not lost."""
    page = site.get("/method").text
    fields = {
        "version": field(page, "version"),
        "area": "重庆",
        "years": "2007",
        "method": "provincial-2011",
        "lang": "en",
        "gas-CO2": "on",
        "grid": "nation",
    }
    assert site.post("/method", fields).status == 200
    answer = site.post("/method", fields | {"grid": "region"})
    assert answer.status == 409
    assert 'grid = "nation"' in (site.folder / "carbonacct.toml").read_text(encoding="utf-8")


def test_the_browser_is_opened_without_a_token_on_a_command_line(monkeypatch, tmp_path):
    """Others see command lines: the browser gets a file that this user alone can read."""
    opened = []
    monkeypatch.setattr("carbonacct.web.serving.webbrowser.open", opened.append)
    monkeypatch.setattr("carbonacct.web.serving.tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(
        "carbonacct.web.serving.threading.Timer",
        lambda *_a, **_k: type("T", (), {"start": lambda _: None})(),
    )
    open_browser("http://127.0.0.1:1/start?token=abc")
    (file,) = tmp_path.iterdir()
    assert opened == [file.as_uri()]
    assert "abc" not in opened[0]
    assert file.stat().st_mode & 0o077 == 0
    assert "token=abc" in file.read_text(encoding="utf-8")


def test_hostile_texts_are_texts(tmp_path):
    """Tags, quotes and templates in cells, names of sheets, files and areas are shown as they are."""
    folder = make_project(tmp_path / "p", tables=False)
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}" onload="x'
    text = (
        TABLE.read_text(encoding="utf-8")
        .replace("1.火力发电", evil.replace('"', '""').join('""'))
        .replace("重庆", "<b>重庆</b>")
    )
    with serve_folder(folder) as site:
        site.enter()
        answer = site.drop("<img src=x>{{ 7*7 }}.csv", text.encode())
        assert answer.status == 200
        pages = [
            site.get(answer.record["go"]),
            site.get("/"),
            site.get(f"{answer.record['go']}/summary"),
        ]
        for page in pages:
            assert page.status == 200
            for sign in ("<script>alert", "<img src=x", "49.csv", "<b>重庆"):
                assert sign not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[0].text
