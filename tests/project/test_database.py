"""Inventories in a database, and back equal; a real server where its address is given."""

from __future__ import annotations

import importlib.util
import os
import sqlite3

import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import ProjectError
from carbonacct.project.database import export_inventory, read_database

TABLE = "docs/tables/chongqing_2007.csv"
# A PostgreSQL database that tests may fill and empty, such as postgresql://user@host/name.
SERVER = os.environ.get("CARBONACCT_POSTGRESQL")


@pytest.fixture(scope="module")
def inventory():
    """Return an inventory of three gases with entries that have no number."""
    cube = ca.compile_inventory(TABLE, method="ipcc-2006", gases=["all"])
    return ca.to_inventory(cube, files=[TABLE])


@pytest.fixture(params=["sqlite", "duckdb", "postgresql"])
def url(request, tmp_path):
    """Return the address of an empty database of each kind."""
    if request.param == "postgresql":
        if SERVER is None:
            pytest.skip("no server: CARBONACCT_POSTGRESQL names a database to use")
        psycopg = pytest.importorskip("psycopg")
        with psycopg.connect(SERVER) as connection:
            for table in ("entries", "inventories"):
                connection.execute(f"DROP TABLE IF EXISTS carbonacct_{table}")
        return SERVER
    if request.param == "duckdb" and importlib.util.find_spec("duckdb") is None:
        pytest.skip("duckdb is not installed: pip install 'carbonacct[database]'")
    return f"{request.param}:///{tmp_path.as_posix()}/province.db"


def later(inventory, area="重庆", times=2.0):
    """Return the same inventory of the next year."""
    entries = inventory.entries
    moved = entries.assign(year=entries["year"] + 1, value=entries["value"] * times)
    if area != "重庆":
        moved["area"] = moved["area"].cat.rename_categories({"重庆": area})
    return type(inventory)(moved, inventory.findings, inventory.made_from)


def test_what_goes_in_comes_back_equal(inventory, url):
    """Every number to the last bit, notation keys, activity, findings and what it was made from."""
    assert export_inventory(inventory, url) == len(inventory)
    assert read_database(url).equals(inventory)
    export_inventory(later(inventory), url)
    assert read_database(url).equals(ca.join_inventories([inventory, later(inventory)]))


def test_a_year_is_replaced_only_if_asked(inventory, url):
    """An area and year that are there stop the whole export; --overwrite replaces them alone."""
    export_inventory(inventory, url)
    both = ca.join_inventories([later(inventory), inventory])
    with pytest.raises(ProjectError, match="has 重庆 2007; replace it"):
        export_inventory(both, url)
    assert read_database(url).equals(inventory)
    export_inventory(both, url, overwrite=True)
    assert read_database(url).equals(both)


def test_plain_sql_reads_it(inventory, tmp_path):
    """A dashboard sums it without this program."""
    path = tmp_path / "province.db"
    export_inventory(inventory, f"sqlite:///{path}")
    select = "SELECT SUM(value) FROM carbonacct_entries WHERE gas = 'CO2' AND scope = 1 "
    with sqlite3.connect(path) as connection:
        (total,) = connection.execute(f"{select} AND kind = 'emission'").fetchone()
    connection.close()
    assert total == pytest.approx(inventory.total(gas="CO2")["value"].item(), rel=1e-12)


def test_what_cannot_be_used(inventory, tmp_path):
    """A wrong address, a missing folder and a file that is none are errors without a password."""
    cases = {
        "sqlit:///x.db": "did you mean sqlite",
        "mysql://u:secret@h/x": r"mysql://u:\*\*\*@h/x: is no database",
        f"sqlite:///{tmp_path}/no/x.db": "does not exist; make it first",
        f"sqlite:///{tmp_path}/text.db": "cannot be used",
    }
    (tmp_path / "text.db").write_text("no database, but long enough to be none" * 20)
    for address, words in cases.items():
        with pytest.raises(ProjectError, match=words) as caught:
            export_inventory(inventory, address)
        assert "secret" not in str(caught.value)
    with pytest.raises(ProjectError, match="cannot be used"):
        read_database(f"sqlite:///{tmp_path}/empty.db")


def test_the_command(inventory, tmp_path, capsys):
    """`export` writes files of inventories, and says how many entries."""
    del inventory
    path = str(tmp_path / "inventory.json")
    assert main(["inventory", TABLE, "--method", "ceads", "-o", path]) == 0
    capsys.readouterr()
    url = f"sqlite:///{tmp_path}/x.db"
    assert main(["export", path, "--to", url]) == 0
    assert "written: " in capsys.readouterr().out
    assert main(["export", path, "--to", url]) == 2
    assert "replace it with --overwrite" in capsys.readouterr().err
    assert main(["export", path, "--to", url, "--overwrite"]) == 0
