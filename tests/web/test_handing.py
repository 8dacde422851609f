"""What is handed in, over the wire: files chosen, a job to its end, a submission, what changed, files kept."""

from __future__ import annotations

import re
import time

import pytest

from carbonacct.projects.project_declaration import read_declaration
from tests.web.sites import field, make_project, serve_folder


def run_job(site, answer):
    """Return the record of a job when it is over."""
    assert answer.status == 200, answer.text
    place = answer.record["go"]
    for _ in range(900):
        record = site.get(place, **{"X-Carbonacct": site.mark}).record
        if record["over"]:
            return record
        time.sleep(0.1)
    raise AssertionError(place)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the page of a project that was built and submitted twice."""
    with serve_folder(make_project(tmp_path_factory.mktemp("handing") / "p")) as site:
        site.enter()
        assert run_job(site, site.post("/jobs"))["state"] == "done"
        for name in ("first", "second"):
            record = run_job(site, site.post("/submissions", {"name": name}))
            assert (record["state"], record["refused"]) == ("done", [])
            toml = site.folder / "carbonacct.toml"
            toml.write_text(
                toml.read_text(encoding="utf-8").replace("provincial-2011", "ceads"),
                encoding="utf-8",
            )
        yield site


def test_files_are_sent_to_keep(built):
    """An output is a file to keep whatever it holds, byte for byte, and only under its id."""
    page = built.get("/handing-in").text
    found = dict(re.findall(r'<a href="(/outputs/\w+)" download>([^<]+)</a>', page))
    assert {
        "output/inventory.csv",
        "submissions/first/outputs/inventory.csv",
        "submissions/second/SHA256SUMS",
    } <= set(found.values())
    for address, path in found.items():
        answer = built.get(address)
        assert answer.status == 200
        assert answer.body == (built.folder / path).read_bytes()
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert answer.headers["Content-Type"] == "application/octet-stream"


def test_a_name_is_given_once(built):
    """A submission that is there stays; a name that is no folder's is refused."""
    for name in ("first", "../x", ".hidden", "a/b"):
        record = run_job(built, built.post("/submissions", {"name": name}))
        assert record["refused"], name
    assert sorted(path.name for path in (built.folder / "submissions").iterdir()) == [
        "first",
        "second",
    ]


def test_what_changed_is_said_by_cause(built):
    """Between two submissions and since one: the change of the method is all of the change."""
    for other in ("second", ""):
        job = run_job(built, built.post("/changes", {"name": "first", "other": other}))
        assert job["state"] == "done", job
        page = built.get(job["go"])
        assert page.status == 200
        causes = job["result"]["causes"]
        assert causes == ["method"], causes
        for row in job["result"]["sums"]:
            assert round(sum(row["causes"]) - row["change"], 6) == 0
        assert "first" in page.text
    assert run_job(built, built.post("/changes", {"name": "unicorn"}))["state"] == "failed"


def test_outputs_that_are_chosen_are_declared(built):
    """A tick declares a file and its absence takes it out; what a project declares beside stays."""
    page = built.get("/handing-in").text
    version = field(page, "version")
    assert (
        built.post(
            "/handing-in", {"version": version, "output-json": "on", "output-data": "on"}
        ).status
        == 200
    )
    outputs = read_declaration(built.folder).outputs
    assert set(outputs) == {"json", "data"}
    assert built.post("/handing-in", {"version": version, "output-json": "on"}).status == 409


def test_a_file_changed_by_hand_is_kept_until_asked(tmp_path):
    """A build leaves it, says so, and replaces it where the person says that."""
    with serve_folder(make_project(tmp_path / "p")) as site:
        site.enter()
        run_job(site, site.post("/jobs"))
        file = site.folder / "output" / "inventory.csv"
        made = file.read_bytes()
        file.write_bytes(b"mine")
        run_job(site, site.post("/jobs"))
        assert file.read_bytes() == b"mine"
        assert 'name="overwrite"' in site.get("/handing-in").text
        run_job(site, site.post("/jobs", {"overwrite": "1"}))
        assert file.read_bytes() == made


def test_nothing_that_can_be_used_is_said(tmp_path):
    """A build without a table fails with the reason and not with a fault of the program."""
    with serve_folder(make_project(tmp_path / "p", tables=False)) as site:
        site.enter()
        record = run_job(site, site.post("/jobs"))
        assert record["state"] == "done"
        assert record["refused"]
        assert "tables" in record["refused"][0]
