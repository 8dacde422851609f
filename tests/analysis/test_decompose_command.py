"""The command `decompose`: the contract's columns, every kind of file, one line for every problem."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import carbonacct as ca
from carbonacct.cli import main
from tests.analysis.panels import random_panel

IDENTITY = "co2 = gdp * energy[sector]/gdp * co2[sector]/energy[sector]"


@pytest.fixture
def panel(tmp_path):
    """Write a panel as a CSV file, whose areas are codes with zeros in front."""
    table = random_panel(areas=2, years=3, sectors=3)
    table["area"] = table["area"].str.replace("area ", "00")
    path = tmp_path / "panel.csv"
    table.to_csv(path, index=False)
    return path, table


def run(capsys, *words) -> tuple[int, str, str]:
    """Run the command; return its status, what it printed and what it complained of."""
    status = main(["decompose", *map(str, words)])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_columns_and_rows_of_the_contract(panel, capsys):
    """The by columns, from, to, term, value; factors as written, then total and residual; numbers read back equal."""
    path, table = panel
    status, out, err = run(
        capsys, path, "--identity", IDENTITY, "--sum-over", "sector", "--by", "area", "--chained"
    )
    assert (status, err) == (0, "")
    rows = pd.read_csv(io.StringIO(out), dtype={"area": str})
    assert list(rows.columns) == ["area", "from", "to", "term", "value"]
    terms = ["gdp", "energy[sector]/gdp", "co2[sector]/energy[sector]", "total", "residual"]
    assert rows["term"].tolist() == terms * 6
    assert rows[rows["term"] == "gdp"][["area", "from", "to"]].to_numpy().tolist() == [
        [a, *p] for a in ("000", "001") for p in ([2000, 2001], [2001, 2002], [2000, 2002])
    ]
    made = ca.decompose(table, IDENTITY, by="area", chained=True).to_frame()
    assert rows["value"].tolist() == made["value"].tolist()


def test_base_year_and_multiplicative(panel, capsys):
    """Without --chained each year is compared with the first; ratios have a residual of 1."""
    path, _ = panel
    _, out, _ = run(
        capsys, path, "--identity", IDENTITY, "--by", "area", "--form", "multiplicative"
    )
    rows = pd.read_csv(io.StringIO(out))
    assert rows[["from", "to"]].drop_duplicates().to_numpy().tolist() == [
        [2000, 2001],
        [2000, 2002],
    ]
    assert rows[rows["term"] == "residual"]["value"].to_numpy() == pytest.approx(1, abs=1e-14)


def test_every_kind_of_file_in_and_out(panel, capsys, tmp_path):
    """The same panel as .csv, .xlsx, .parquet and .nc gives the same rows; so does each kind of output."""
    path, table = panel
    table.to_excel(tmp_path / "panel.xlsx", index=False)
    table.to_parquet(tmp_path / "panel.parquet")
    (tmp_path / "gb.csv").write_bytes(
        table.to_csv(index=False).replace("sector ", "部门").encode("gb18030")
    )
    data = table.set_index(["area", "year", "sector"])[["energy", "co2"]].to_xarray()
    data["gdp"] = (
        table.drop_duplicates(["area", "year"]).set_index(["area", "year"])["gdp"].to_xarray()
    )
    data.to_netcdf(tmp_path / "panel.nc", engine="h5netcdf")
    _, expected, _ = run(capsys, path, "--identity", IDENTITY, "--by", "area")
    for name in ("panel.xlsx", "panel.parquet", "panel.nc", "gb.csv"):
        status, out, err = run(capsys, tmp_path / name, "--identity", IDENTITY, "--by", "area")
        assert (status, err) == (0, "")
        if name == "panel.xlsx":  # a workbook keeps sixteen digits
            assert pd.read_csv(io.StringIO(out))["value"].to_numpy() == pytest.approx(
                pd.read_csv(io.StringIO(expected))["value"].to_numpy(), abs=1e-14
            )
        else:
            assert out == expected, name
    outputs = [
        str(tmp_path / f"out{suffix}")
        for suffix in (".csv", ".xlsx", ".json", ".html", ".parquet", ".nc")
    ]
    status, out, _ = run(
        capsys,
        path,
        "--identity",
        IDENTITY,
        "--by",
        "area",
        *(word for name in outputs for word in ("-o", name)),
    )
    assert (status, out) == (0, f"written: {', '.join(outputs)}\n")
    assert (tmp_path / "out.csv").read_text() == expected
    values = pd.read_csv(io.StringIO(expected))["value"].tolist()
    assert pd.read_excel(tmp_path / "out.xlsx", engine="calamine")[
        "value"
    ].to_numpy() == pytest.approx(values, abs=1e-14)
    assert [
        row["value"] for row in json.loads((tmp_path / "out.json").read_text())["rows"]
    ] == values
    assert pd.read_parquet(tmp_path / "out.parquet")["value"].tolist() == values
    with xr.open_dataset(tmp_path / "out.nc", engine="h5netcdf") as data:
        held = data["value"].values
        assert sorted(held[~np.isnan(held)].tolist()) == sorted(values)


def test_presets_prices_space_and_draws(panel, capsys, tmp_path):
    """A preset's id, a price index, areas against their mean, and draws with their band."""
    path, table = panel
    table["prices"] = 1.0 + (table["year"] - 2000) / 10
    table.to_csv(path, index=False)
    status, out, _ = run(
        capsys,
        path,
        "--identity",
        "co2 = gdp * energy[sector]/gdp * co2[sector]/energy[sector]",
        "--by",
        "area",
        "--deflator",
        "gdp=prices",
    )
    assert status == 0
    real = table.assign(gdp=table["gdp"] / table["prices"])
    assert pd.read_csv(io.StringIO(out))["value"].to_numpy() == pytest.approx(
        ca.decompose(real, IDENTITY, by="area").to_frame()["value"].to_numpy()
    )
    status, out, _ = run(
        capsys, path, "--identity", "kaya", "--sum-over", "sector", "--over", "area", "--by", "year"
    )
    assert status == 0
    assert set(pd.read_csv(io.StringIO(out))["from"]) == {"mean"}
    draws = pd.concat(
        [table.assign(draw=number, co2=table["co2"] * (1 + number / 10)) for number in range(5)]
    )
    draws.to_csv(tmp_path / "draws.csv", index=False)
    status, out, _ = run(capsys, tmp_path / "draws.csv", "--identity", IDENTITY, "--by", "area")
    rows = pd.read_csv(io.StringIO(out))
    assert list(rows.columns) == ["area", "from", "to", "term", "value", "lower", "upper"]
    assert ((rows["lower"] <= rows["value"]) & (rows["value"] <= rows["upper"])).all()


def test_strict_and_findings(panel, capsys):
    """A printed total among the sectors is an error: said, and status 1 under --strict."""
    path, table = panel
    whole = table.groupby(["area", "year"], as_index=False).agg(
        {"population": "first", "gdp": "first", "energy": "sum", "co2": "sum"}
    )
    pd.concat([table, whole.assign(sector="total")]).to_csv(path, index=False)
    status, _, err = run(capsys, path, "--identity", IDENTITY, "--by", "area")
    assert (status, err.count("\n")) == (0, 1)
    assert err.startswith("sector=total is the sum of the others")
    status, _, err = run(capsys, path, "--identity", IDENTITY, "--by", "area", "--strict")
    assert (status, err.count("\n")) == (1, 1)


def test_what_can_be_done_is_done(panel, capsys):
    """An area with a hole is said, the others are written, and the status says that one was not."""
    path, table = panel
    table.loc[0, "co2"] = float("nan")
    table.to_csv(path, index=False)
    status, out, err = run(capsys, path, "--identity", IDENTITY, "--by", "area")
    assert status == 2
    assert set(pd.read_csv(io.StringIO(out), dtype={"area": str})["area"]) == {"001"}
    assert err.count("\n") == 1
    assert "area=000, year=2000, sector=sector 0: no co2, which 2001 has" in err


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["--chained"], [(2000, 2001), (2003, 2004)]),
        ([], [(2000, 2001), (2000, 2003), (2000, 2004)]),
        (["--reference", "2001"], [(2001, 2000), (2001, 2003), (2001, 2004)]),
    ],
)
def test_a_year_with_a_hole_leaves_the_others(words, left, capsys, tmp_path):
    """A year without a number leaves its changes out and says so; the other years are decomposed."""
    table = pd.DataFrame(
        {"year": range(2000, 2005), "gdp": [1.0, 2, 3, 4, 5], "co2": [3.0, 5, 6, 7, 7]}
    )
    path = tmp_path / "panel.csv"
    table.assign(gdp=table["gdp"].where(table["year"] != 2002)).to_csv(path, index=False)
    status, out, err = run(capsys, path, "--identity", "co2 = gdp * co2/gdp", *words)
    rows = pd.read_csv(io.StringIO(out))
    assert status == 2
    assert list(dict.fromkeys(zip(rows["from"], rows["to"], strict=True))) == left
    assert err.count("year=2002: no gdp") == err.count("\n") - ("--chained" in words)
    assert ("there is no chain from 2000 to 2004: a step is missing" in err) == (
        "--chained" in words
    )
    for first, last in left:
        alone = ca.decompose(
            table[table["year"].isin((first, last))], "co2 = gdp * co2/gdp", reference=str(first)
        ).to_frame()
        assert (
            rows[(rows["from"] == first) & (rows["to"] == last)]["value"].tolist()
            == alone["value"].tolist()
        )


@pytest.mark.parametrize(
    ("content", "words", "message"),
    [
        (
            "year,gdp,co2\n2010,1,2\n2011,x1,3\n",
            ["--identity", "co2 = gdp * co2/gdp"],
            "row 3, column 'gdp': 'x1' is not a number; correct the cell",
        ),
        (
            "year,gdp,co2\n2010,1,2\n\n2011,y,3\n",
            ["--identity", "co2 = gdp * co2/gdp"],
            "row 4, column 'gdp': 'y' is not a number; correct the cell",
        ),
        (
            "year,gdp,co2\n2010,1,2\n2011,,3\n",
            ["--identity", "co2 = gdp * co2/gdp"],
            "year=2011: no gdp, which 2010 has; absent is not zero",
        ),
        (
            "year,gdp,gdp\n2010,1,2\n",
            ["--identity", "co2 = gdp * co2/gdp"],
            "the column 'gdp' is there twice; rename one",
        ),
        (
            "year,gdp,co2\n2010,1,2,9\n2011,1,2\n",
            ["--identity", "co2 = gdp * co2/gdp"],
            "row 2 has more cells than the header, which has 3; quote texts that hold a comma, or name the column",
        ),
        (
            "表1 各地区排放\nyear,gdp,co2\n2010,1,2\n",
            ["--identity", "co2 = gdp * co2/gdp"],
            "row 1 (表1 各地区排放) is a title; take it out",
        ),
        ("", ["--identity", "kaya"], "has no header in its first row"),
        (
            "year,gdp,co2\n2010,1,2\n2011,1,3\n",
            ["--identity", "kaya"],
            "the panel has no column 'population'",
        ),
        (
            "year,gdp,co2\n2010,1,2\n2011,1,3\n",
            ["--identity", "co2 = gdp"],
            "the factors multiply to gdp, not to co2: a factor is missing; add co2/gdp, or write gdp on the left",
        ),
        (
            "year,gdp,co2\n2010,1,2\n2011,1,3\n",
            ["--identity", "co2 = gdp * co2/gdp", "--deflator", "gdp"],
            "--deflator 'gdp' is not NAME=COLUMN",
        ),
        (
            "year,gdp,co2\n2010,1,2\n2011,1,3\n",
            ["--identity", "co2 = gdp * co2/gdp", "--method", "lmdi"],
            "no method 'lmdi'; did you mean lmdi-2, lmdi-1",
        ),
        (
            "year,gdp,co2\nMay,1,2\n2011,1,3\n",
            ["--identity", "co2 = gdp * co2/gdp", "--chained"],
            "year has no order; leave chained or reference out",
        ),
    ],
)
def test_every_problem_is_one_line(content, words, message, tmp_path, capsys):
    """Status 2 and one line that says where, what and what to do."""
    path = tmp_path / "panel.csv"
    path.write_text(content)
    status, out, err = run(capsys, path, *words)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_files_that_are_none(tmp_path, capsys):
    """A missing file, another suffix, and a broken workbook are one line each."""
    (tmp_path / "broken.xlsx").write_bytes(b"PK nothing")
    for name, message in (
        ("none.csv", "cannot be opened"),
        ("panel.doc", "the kind of a panel follows its suffix"),
        ("broken.xlsx", "broken.xlsx: is damaged"),
    ):
        status, _, err = run(capsys, tmp_path / name, "--identity", "kaya")
        assert status == 2
        assert message in err
        assert err.count("\n") == 1


def test_every_area_and_year_against_one_mean(panel, capsys):
    """Two columns to compare along: each area and year stands against one mean or one state."""
    path, table = panel
    words = (path, "--identity", IDENTITY, "--over", "area", "--over", "year")
    status, out, err = run(capsys, *words)
    assert (status, err) == (0, "")
    rows = pd.read_csv(io.StringIO(out))
    assert list(rows.columns) == ["from", "to", "term", "value"]
    assert rows["to"].unique().tolist() == [
        f"{area} {year}" for area in ("000", "001") for year in (2000, 2001, 2002)
    ]
    assert set(rows["from"]) == {"mean"}
    totals = rows[rows["term"] == "total"].set_index("to")["value"]
    emitted = table.groupby(["area", "year"])["co2"].sum()
    assert totals["001 2002"] == pytest.approx(emitted["001", 2002] - emitted.mean())
    _, out, _ = run(capsys, *words, "--reference", "001 2001")
    assert set(pd.read_csv(io.StringIO(out))["from"]) == {"001 2001"}
    status, _, err = run(capsys, *words, "--chained")
    assert status == 2
    assert "area year has no order" in err
    table.loc[0, "co2"] = float("nan")
    table.to_csv(path, index=False)
    status, out, err = run(capsys, *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "sector=sector 0: no co2" in err


@pytest.mark.parametrize("form", ["additive", "multiplicative"])
def test_attribution_at_a_level(panel, capsys, form):
    """What the labels of a level contribute adds up (multiplies up) to each effect, step by step and over the chain."""
    path, _ = panel
    words = (
        path,
        "--identity",
        IDENTITY,
        "--sum-over",
        "sector",
        "--by",
        "area",
        "--chained",
        "--form",
        form,
    )
    _, out, _ = run(capsys, *words)
    effects = (
        pd.read_csv(io.StringIO(out))
        .set_index(["area", "from", "to", "term"])["value"]
        .drop("residual", level="term")
    )
    status, out, err = run(capsys, *words, "--attribute", "sector")
    assert (status, err) == (0, "")
    rows = pd.read_csv(io.StringIO(out))
    assert list(rows.columns) == ["area", "sector", "from", "to", "term", "value"]
    groups = rows.groupby(["area", "from", "to", "term"])["value"]
    joined = groups.sum() if form == "additive" else groups.prod()
    pd.testing.assert_series_equal(joined.sort_index(), effects.sort_index(), rtol=1e-10)
    status, _, err = run(capsys, *words, "--attribute", "sectr")
    assert (status, "'sectr' is not summed over" in err) == (2, True)
