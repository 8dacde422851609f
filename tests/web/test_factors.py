"""A factor changed over the wire: what moves is seen first, what is kept has a reason, and stale pages keep nothing."""

from __future__ import annotations

import re
import shutil

import pytest

from carbonacct.factors import read_edition
from tests.web.sites import field, make_project, serve_folder
from tests.web.test_handing import run_job


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the page of a project that was built."""
    with serve_folder(make_project(tmp_path_factory.mktemp("factors") / "p")) as site:
        site.enter()
        assert run_job(site, site.post("/jobs"))["state"] == "done"
        yield site


def find_diesel(site):
    """Return the address of the calorific value of diesel."""
    page = site.get("/factors").text
    found = re.search(
        r'<a href="(/factors/\w+)">Diesel</a></th><td class="text">Net calorific value', page
    )
    assert found, page
    return found[1]


def try_value(site, address, **fields):
    """Return the page of a trial."""
    name = address.rpartition("/")[2]
    job = run_job(
        site, site.post("/factors/trials", {"name": name, "chosen": "", "value": "", **fields})
    )
    assert (job["state"], job["error"]) == ("done", ""), job
    return site.get(job["go"]).text


def test_what_moves_is_seen_before_it_is_kept(built):
    """Another edition in its place: the change by year, the row with reason and name, a stale output."""
    page = built.get(find_diesel(built)).text
    other = re.search(r'value="(\w+)"> 43000 kJ/kg [^<]*(?:IPCC|2006)', page)
    assert other, page
    trial = try_value(built, find_diesel(built), chosen=other[1])
    assert re.search(r"重庆 2007 CO2 scope 1</th><td>\+59,\d\d\d", trial), trial
    assert not (built.folder / "own_factors").exists()
    fields = {key: field(trial, key) for key in ("version", "name", "chosen", "value")}
    assert built.post("/factors", fields).status == 422
    answer = built.post("/factors", fields | {"because": "=own survey", "by": "王"})
    assert (answer.status, answer.record) == (200, {"go": "/inventory"})
    (row,) = read_edition(built.folder / "own_factors").rows
    assert (row.value, row.unit) == (43000.0, "kJ/kg")
    assert re.fullmatch(r"'=own survey \(王, \d{4}-\d\d-\d\d\); ipcc-2006", row.note)
    assert 'folder = "own_factors"' in (built.folder / "carbonacct.toml").read_text(
        encoding="utf-8"
    )
    assert built.post("/factors", fields | {"because": "x", "by": "y"}).status in {404, 409}
    assert run_job(built, built.post("/jobs"))["state"] == "done"
    assert "Own factors of 重庆" in built.get("/factors").text
    shutil.rmtree(built.folder / "own_factors")
    toml = built.folder / "carbonacct.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('[[overlay]]\nfolder = "own_factors"\n', ""),
        encoding="utf-8",
    )


def test_what_is_no_value_is_said(built):
    """A text, nothing, a value out of range and a factor that is not there are refused in words."""
    name = find_diesel(built).rpartition("/")[2]
    for value, said in (
        ("abc", "is no number"),
        ("", "is no number"),
        ("nan", "is no number"),
        ("1_000", "is no number"),
        ("42652000", "net_calorific_value.csv:2"),
    ):
        job = run_job(
            built, built.post("/factors/trials", {"name": name, "chosen": "", "value": value})
        )
        assert job["state"] == "failed"
        assert said in job["error"]
    assert built.get("/factors/0123456789").status == 404
    assert built.get("/factors/trials/0123456789").status == 404
    assert not (built.folder / "own_factors").exists()
