"""What people who work in notebooks and shells expect of any package, tried on the public names."""

from __future__ import annotations

import contextlib
import inspect
import logging

import matplotlib as mpl
import numpy as np
import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import MethodError, TableError
from carbonacct.inventory.metrics import find_gwp

mpl.use("agg")
TABLE = "docs/tables/chongqing_2007.csv"


@pytest.fixture(scope="module")
def inventory():
    """Return the inventory of a real table."""
    return ca.compile_inventory(TABLE, method="省级指南")


@pytest.fixture(scope="module")
def record(inventory):
    """Return the same as a record of entries."""
    return ca.to_inventory(inventory, files=[TABLE])


def test_every_public_class_has_a_table_for_notebooks():
    """No object of the package is shown by half a million characters, or as an address in memory."""
    classes = [getattr(ca, name) for name in ca.__all__ if inspect.isclass(getattr(ca, name))]
    records = [one for one in classes if not issubclass(one, Exception)]
    assert len(records) > 25
    assert [one.__name__ for one in records if not hasattr(one, "_repr_html_")] == []


def test_what_a_notebook_shows_is_short_and_harmless(inventory, record):
    """A line and a table; a name that is markup is a text."""
    for one in (
        inventory,
        record,
        inventory.balance,
        inventory.method,
        ca.read_tables(TABLE),
        *inventory.findings[:2],
    ):
        assert len(repr(one)) < 1000
        assert 20 < len(one._repr_html_()) < 20_000
    hostile = ca.Finding("r", "info", "<script>alert(1)</script>")
    assert "<script>" not in hostile._repr_html_()


def test_labels_are_found_by_any_of_their_names(inventory, record):
    """An area with its kind, a flow and a product in Chinese or English: the same number as by ids."""
    wanted = inventory.emissions.sel(flow="transport", product="diesel", gas="CO2").item()
    for flow, product, area in (
        ("transport", "diesel", "重庆"),
        ("交通运输", "柴油", "重庆市"),
        ("Transport", "Diesel oil", "Chongqing"),
    ):
        found = inventory.sel(
            flow=flow, product=product, area=area, year=2007, gas="二氧化碳"
        ).item()
        assert (found.magnitude, f"{found.units:~}") == (wanted, "t * CO2")
        entries = record.sel(flow=flow, product=product, area=area).entries
        assert entries["value"].tolist() == [wanted]
        assert (
            inventory.balance.sel(product=product, flow=flow, area=area).item().magnitude == 1900100
        )
        assert inventory.balance.address(area, 2007, flow, product) == "chongqing_2007.csv!N28"
        assert ca.trace(inventory, flow=flow, product=product, area=area).value == wanted
    several = inventory.sel(flow=["交通运输", "industry"], product="柴油")
    assert several.sizes["flow"] == 2
    assert inventory.gas("二氧化碳").identical(inventory.gas("CO2"))


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({"flow": "unicorn"}, "there is no flow 'unicorn'; it has"),
        ({"flwo": "transport"}, "no dim 'flwo'; known: area, year"),
        ({"year": 2008}, "there is no year 2008"),
    ],
)
def test_a_label_that_is_not_there_is_said(inventory, labels, said):
    """Never an empty result, and never the fault of another package."""
    with pytest.raises(MethodError, match=said):
        inventory.sel(**labels)
    with pytest.raises(TableError, match=said):
        inventory.balance.sel(product="diesel", **labels)


def test_a_plot_draws_the_sums(inventory, record):
    """Bars of one year are the sums by the dim, largest on top; lines over several years."""
    axes = inventory.plot()
    sums = inventory.by("flow").data.magnitude / 1e6
    drawn = sorted(bar.get_width() for bar in axes.patches)
    assert np.allclose(drawn, sorted(sums[np.nan_to_num(sums) > 0]))
    assert axes.get_xlabel() == "Mt CO2"
    assert record.plot("sector").patches[0].get_width() == pytest.approx(
        inventory.total().item().magnitude / 1e6
    )
    whole = inventory.plot("year").patches
    assert [bar.get_width() for bar in whole] == pytest.approx(
        [inventory.total().item().magnitude / 1e6]
    )
    years = ca.join_inventories([record, ca.Inventory(record.entries.assign(year=2008))])
    assert [line.get_xdata().tolist() for line in years.plot("year").lines] == [[2007, 2008]]
    gases = ca.to_inventory(ca.compile_inventory(TABLE, method="ipcc-2006", gases=["all"]))
    with pytest.raises(MethodError, match="there are CH4, CO2, N2O; name one gas, or a metric"):
        gases.plot()
    assert gases.plot(gwp="AR5GWP100").patches


def test_a_dataset_of_primap2_holds_all_of_scope_1(record):
    """Sums by category, with the attributes by which that package finds its dims; nothing of scope 2."""
    gases = ca.to_inventory(ca.compile_inventory(TABLE, method="ipcc-2006", gases=["all"]))
    dataset = gases.to_primap2()
    assert dataset.attrs["area"] in dataset.dims
    assert dataset.attrs["cat"] in dataset.dims
    assert {name: one.attrs["units"] for name, one in dataset.items()} == {
        gas: f"t {gas} / year" for gas in ("CH4", "CO2", "N2O")
    }
    totals = gases.total().set_index("gas")["value"]
    for gas, one in dataset.items():
        assert float(one.sum()) == pytest.approx(totals[gas], rel=1e-12)
    assert np.issubdtype(dataset["time"].dtype, np.datetime64)
    assert record.to_primap2()["CO2"].sizes["source"] == 1


def test_folders_and_patterns_name_their_files(tmp_path):
    """Where a shell does not know patterns, and in Python."""
    two = ca.read_balance("docs/tables/*_2007.csv")
    assert two == ca.read_balance("docs/tables/beijing_2007.csv", TABLE)
    for name in ("beijing_2007.csv", "chongqing_2007.csv"):
        with open(f"docs/tables/{name}", "rb") as table:  # noqa: PTH123 - one line
            (tmp_path / name).write_bytes(table.read())
    assert ca.read_balance(tmp_path) == two
    assert ca.compile_inventory(f"{tmp_path}/*.csv", method="ceads") == ca.compile_inventory(
        two, method="ceads"
    )
    assert main(["check", f"{tmp_path}/*.csv"]) == 0
    with pytest.raises(TableError, match="no file fits; check the pattern"):
        ca.read_balance(f"{tmp_path}/*.xls")
    odd = tmp_path / "a[1].csv"
    (tmp_path / "chongqing_2007.csv").rename(odd)
    assert ca.read_balance(odd).areas == ["重庆"]


def test_equality_is_an_answer(inventory, record):
    """Never an error, whatever stands on the other side."""
    again = ca.compile_inventory(TABLE, method="provincial-2011")
    other = ca.compile_inventory(TABLE, method="ceads")
    assert again == inventory
    assert other != inventory
    assert ca.to_inventory(again, files=[TABLE]) == record
    assert len({record, ca.to_inventory(again, files=[TABLE])}) == 1
    for one in (inventory, record, inventory.balance, inventory.method):
        assert one != 1
        assert one is not None


def test_a_method_is_named_in_python_as_in_the_shell(capsys):
    """No method is better than another unasked: both ask, and list them."""
    with pytest.raises(
        MethodError,
        match=r"no method is named; write method= and one of ceads, .*or a file of your own",
    ):
        ca.compile_inventory(TABLE)
    with pytest.raises(SystemExit):
        main(["inventory", TABLE, "--lang", "en"])
    assert "--method (one of ceads," in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [5, None, b"x"])
def test_what_is_no_path_is_said(wrong):
    """With what is wanted."""
    with pytest.raises(
        TypeError, match=r"a table is named by its path \(a text or a Path\), not by"
    ):
        ca.read_balance(wrong)


def test_what_is_read_is_logged_for_who_asks(caplog, capsys):
    """Nothing is printed by the package itself."""
    with caplog.at_level(logging.DEBUG, logger="carbonacct"):
        ca.read_balance(TABLE)
    assert "reading chongqing_2007.csv" in caplog.text
    assert capsys.readouterr() == ("", "")
    assert any(
        isinstance(one, logging.NullHandler) for one in logging.getLogger("carbonacct").handlers
    )


@pytest.mark.parametrize(
    "words", [["check", TABLE], ["methods"], ["--version"], ["inventory", TABLE]]
)
def test_nothing_is_coloured(words, capsys):
    """There is nothing that NO_COLOR would have to turn off."""
    with contextlib.suppress(SystemExit):
        main(words)
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err


def test_the_version_names_the_editions_in_both_languages(capsys):
    """The program's version, and each edition of factors that comes with it."""
    for lang, word in (("en", "editions:"), ("zh", "因子版本：")):
        with pytest.raises(SystemExit):
            main(["--version", "--lang", lang])
        out = capsys.readouterr().out
        assert out.startswith(f"carbonacct {ca.__version__}\n")
        assert word in out
        assert "ipcc-2006" in out


def test_tables_may_stand_in_a_list():
    """A list of paths is the paths in it, as compile_inventory takes it."""
    tables = ["docs/tables/chongqing_2007.csv", "docs/tables/beijing_2007.csv"]
    assert ca.read_balance(tables).areas == ca.read_balance(*tables).areas
    one, other = (
        ca.compile_sectors(*given, method="ceads") for given in ([tables[:1]], tables[:1])
    )
    assert one.total(gas="CO2").equals(other.total(gas="CO2"))
    with pytest.raises(TypeError, match="a table is named by its path"):
        ca.compile_sectors([TABLE, 5], method="ceads")


def test_a_report_of_gwp_is_asked_for_its_hundred_years():
    """Who writes AR5 is asked for AR5GWP100 first, in any case."""
    for word in ("AR5", "ar5", "AR5GWP"):
        with pytest.raises(
            MethodError,
            match=r"did you mean AR5GWP100, AR5CCFGWP100|did you mean AR5GWP100, AR5GWP20",
        ):
            find_gwp(word, "CH4")
