"""The commands trend and decoupling: their columns, numbers that read back, errors of one line."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pytest
import xarray as xr

from carbonacct import decouple, mann_kendall
from tests.test_cli import run

PANEL = "docs/tables/countries_1990_2016.csv"
TREND = ("trend", PANEL, "--value", "co2", "--by", "area")
DECOUPLING = ("decoupling", PANEL, "--pressure", "co2", "--driver", "gdp", "--by", "area")


def rows(out: str) -> list[dict[str, str]]:
    """Return the rows of CSV text."""
    return list(csv.DictReader(io.StringIO(out)))


def test_trend_csv(capsys):
    """The columns of the contract, and numbers that read back as those of the function."""
    status, out, err = run(capsys, *TREND)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "area,n,s,var_s,z,p,tau,slope,trend"
    expected = mann_kendall(pd.read_csv(PANEL), value="co2", by="area")
    for name in ("n", "s", "var_s", "z", "p", "tau", "slope"):
        assert [float(row[name]) for row in rows(out)] == expected[name].tolist()
    assert rows(out)[0]["s"] == "325"
    assert {row["area"]: row["trend"] for row in rows(out)} == {
        "China": "increasing",
        "Germany": "decreasing",
        "India": "increasing",
        "Japan": "increasing",
        "United Kingdom": "decreasing",
        "United States": "none",
    }


def test_trend_options(capsys):
    """A band adds two columns; the method, the level and the column of years can be named."""
    _, out, _ = run(
        capsys,
        *TREND,
        "--band",
        "0.9",
        "--method",
        "hamed-rao",
        "--alpha",
        "0.01",
        "--over",
        "year",
    )
    assert out.splitlines()[0].endswith("slope,trend,slope_lower,slope_upper")
    first = rows(out)[0]
    assert float(first["slope_lower"]) < float(first["slope"]) < float(first["slope_upper"])
    assert float(first["var_s"]) > 2301


def test_decoupling_csv(capsys):
    """Every year against the first; chained, against the one before; years, some of them."""
    table = pd.read_csv(PANEL)
    for words, options in (
        ((), {}),
        (("--chained",), {"chained": True}),
        (("--years", "2005,2010,2015"), {"years": [2005, 2010, 2015]}),
    ):
        status, out, err = run(capsys, *DECOUPLING, *words)
        assert (status, err) == (0, "")
        assert out.splitlines()[0] == "area,from,to,elasticity,state"
        expected = decouple(table, pressure="co2", driver="gdp", by="area", **options)
        found = [
            float(row["elasticity"] or "nan") for row in rows(out)
        ]  # blank where the driver did not change
        assert found == pytest.approx(expected["elasticity"].tolist(), rel=0, abs=0, nan_ok=True)
        assert [(int(row["from"]), int(row["to"]), row["state"]) for row in rows(out)] == list(
            zip(expected["from"], expected["to"], expected["state"], strict=True)
        )


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".nc"])
def test_panels_of_every_kind_and_order(capsys, tmp_path, suffix):
    """The same table as .csv, .xlsx, .parquet or .nc, rows in any order, gives the same lines for each area."""
    path = tmp_path / f"panel{suffix}"
    table = pd.read_csv(PANEL).sample(frac=1, random_state=1)
    if suffix == ".nc":
        table.set_index(["area", "year"]).to_xarray().to_netcdf(path, engine="h5netcdf")
    else:
        {".csv": table.to_csv, ".xlsx": table.to_excel, ".parquet": table.to_parquet}[suffix](
            path, index=False
        )
    for words in (TREND, DECOUPLING):
        _, wanted, _ = run(capsys, *words)
        status, out, err = run(capsys, words[0], str(path), *words[2:])
        assert (status, err) == (0, "")
        assert sorted(out.splitlines()) == sorted(wanted.splitlines())


def test_files(capsys, tmp_path):
    """Each kind of file is written; what is absent is said on standard error and in files with room for it."""
    panel = tmp_path / "panel.csv"
    panel.write_text(
        "area,year,co2\nA,2000,1\nA,2001,2\nB,2000,1\nB,2001,1\nB,2002,3\n", encoding="utf-8"
    )
    targets = [
        tmp_path / f"out{suffix}"
        for suffix in (".csv", ".xlsx", ".html", ".json", ".parquet", ".nc")
    ]
    status, out, err = run(
        capsys,
        "trend",
        str(panel),
        "--value",
        "co2",
        "--by",
        "area",
        *(word for target in targets for word in ("-o", str(target))),
    )
    assert (status, out) == (0, "")
    assert err.splitlines() == [
        "A: fewer than 3 years with a number",
        "1 of 2 series have fewer than 10 years; z and p are rough there",
    ]
    assert rows(targets[0].read_text(encoding="utf-8"))[0] == {
        "area": "A",
        "n": "2",
        "s": "",
        "var_s": "",
        "z": "",
        "p": "",
        "tau": "",
        "slope": "1.0",
        "trend": "",
    }
    written = json.loads(targets[3].read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert written["rows"][0]["z"] is None
    assert [finding["rule"] for finding in written["findings"]] == ["absent", "few-years"]
    assert pd.read_parquet(targets[4])["trend"].tolist() == ["", "none"]
    with xr.open_dataset(targets[5], engine="h5netcdf") as data:
        assert data["s"].values.tolist()[1] == 2


def test_absent_periods_are_rows_with_their_reason(capsys, tmp_path):
    """A period without numbers is a row with blanks, and its reason is said; of many, the first few."""
    panel = tmp_path / "panel.csv"
    panel.write_text(
        "area,year,co2,gdp\n" + "".join(f"A{k},2000,0,1\nA{k},2001,1,2\n" for k in range(7)),
        encoding="utf-8",
    )
    status, out, err = run(
        capsys, "decoupling", str(panel), "--pressure", "co2", "--driver", "gdp", "--by", "area"
    )
    assert status == 0
    assert rows(out)[0] == {
        "area": "A0",
        "from": "2000",
        "to": "2001",
        "elasticity": "",
        "state": "",
    }
    assert err.splitlines()[0] == "A0 2000 2001: co2 is not above zero in 2000"
    assert err.splitlines()[-1] == "and 2 more; a .json or .xlsx output lists them"


NOTES = "注：2002年为快报数,,,\n\nSource: World Bank\n"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "words",
    [
        ("trend", "--value", "co2"),
        ("decoupling", "--pressure", "co2", "--driver", "gdp"),
        ("peak",),
        ("decompose", "--identity", "co2 = gdp * co2/gdp"),
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("first", ["area", "year"])
def test_notes_below_a_panel_are_left_out_and_listed(capsys, tmp_path, words, kind, first):
    """Rows at the end with a note or source in their first cell alone are named, and are no data."""
    lines = [
        f"{area},{year},{2 + number},{year % 100 + 1}\n"
        for area in ("A", "B")
        for number, year in enumerate((2000, 2001, 2002))
    ]
    body = "area,year,co2,gdp\n" + "".join(lines)
    if first == "year":
        body = (
            "\n".join(
                ",".join((line.split(",")[1], line.split(",")[0], *line.split(",")[2:]))
                for line in body.splitlines()
            )
            + "\n"
        )
    for name, text in (("plain", body), ("noted", body + NOTES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        cells = [
            [int(cell) if cell.isdigit() else cell for cell in (*row, "", "", "", "")][:4]
            for row in csv.reader(io.StringIO(text))
        ]
        pd.DataFrame(cells).to_excel(tmp_path / f"{name}.xlsx", header=False, index=False)
    outs = {}
    for name in ("plain", "noted"):
        status, outs[name], err = run(
            capsys, words[0], str(tmp_path / f"{name}.{kind}"), *words[1:], "--by", "area"
        )
        assert status == 0, err
    assert outs["plain"] == outs["noted"]
    said = (
        f"noted.{kind}: 2 rows below the panel are notes and are left out: row 8 (注：2002年为快报数), row 10 (Source: "
        f"World Bank)"
    )
    assert said in err.splitlines()[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "area,year,co2\nA,2000,1\nSource: World Bank,,\nA,2001,2\nA,2002,2\n",
            "row 3, column 'year': a blank is not a whole year",
        ),
        (
            "year,area,co2\n2000,A,1\n注：快报数,,\n2001,A,2\n2002,A,2\n",
            "row 3, column 'year': '注：快报数' is not a number",
        ),
        (
            "area,year,co2\nA,2000,1\nA,2001,2\nB,,\n",
            "row 4, column 'year': a blank is not a whole year",
        ),
        (
            "area,year,co2\nA,2000,1\nA,2001,2\nSource: World Bank,2002,\nB,,\n",
            "row 5, column 'year': a blank is not a whole year",
        ),
    ],
)
def test_what_is_no_note_at_the_end_stays_an_error(capsys, tmp_path, text, message):
    """A note between rows of data, and a last row that is no note, are refused with their row."""
    (tmp_path / "panel.csv").write_text(text, encoding="utf-8")
    status, out, err = run(
        capsys, "trend", str(tmp_path / "panel.csv"), "--value", "co2", "--by", "area"
    )
    assert (status, out) == (2, "")
    assert message in err


def test_a_last_year_without_numbers_is_no_note(capsys, tmp_path):
    """A year alone in the last row is a row of data."""
    (tmp_path / "panel.csv").write_text(
        "year,co2\n2000,1\n2001,2\n2002,3\n2003,\n", encoding="utf-8"
    )
    status, _, err = run(capsys, "trend", str(tmp_path / "panel.csv"), "--value", "co2")
    assert (status, "note" in err) == (0, False)


@pytest.mark.parametrize(
    ("content", "words", "message"),
    [
        ("area,year,carbon\nA,2000,1\n", (), "no column 'co2'; known: area, year, carbon"),
        ("area,year,co2_t\nA,2000,1\n", (), "no column 'co2'; did you mean co2_t?"),
        (
            "area,year,co2\nA,2000,1\nA,2001,abc\n",
            (),
            "row 3, column 'co2': 'abc' is not a number; correct the cell",
        ),
        (
            "area,year,co2\nA,2000,1\nB,2000,1\nA,2000,2\n",
            (),
            "rows 2 and 4: area A, year 2000 is there twice",
        ),
        (
            "area,year,co2\nA,2000,1\nA,2001.5,1\n",
            (),
            "row 3, column 'year': 2001.5 is not a whole year; correct it",
        ),
        (
            "area,year,co2\nA,2000,1\nA,,1\n",
            (),
            "row 3, column 'year': a blank is not a whole year; correct it",
        ),
        (
            "area,year,co2\nA,2000,1\n,2001,1\n",
            (),
            "row 3: has no area; name what the row is about",
        ),
        ("area,year,co2\n", (), "the table has no rows"),
        (
            "area,year,co2\nA,2000,1\n",
            ("--method", "hamed"),
            "no Mann-Kendall method 'hamed'; did you mean hamed-rao?",
        ),
        (
            "area,year,co2\nA,2000,1\n",
            ("--alpha", "2"),
            "argument --alpha: '2' is no fraction; write 0.02 for 2 %",
        ),
        (
            "area,year,co2\nA,2000,1\n",
            ("--band", "95"),
            "argument --band: '95' is no fraction; write 0.95 for 95 %",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line(capsys, tmp_path, content, words, message):
    """A column, cell, row or word that cannot be used is one line with its place, and the status is 2."""
    panel = tmp_path / "panel.csv"
    panel.write_text(content, encoding="utf-8")
    status, out, err = run(capsys, "trend", str(panel), "--value", "co2", "--by", "area", *words)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_years_that_are_none(capsys):
    """A list of years that is none, or a year that is not there, is one line."""
    for words, message in (
        (("--years", "2005,20x"), "--years '2005,20x' is no list of years"),
        (("--years", "2005,2030"), "no year 2030; did you mean"),
    ):
        status, _, err = run(capsys, *DECOUPLING, *words)
        assert status == 2
        assert message in err
        assert err.count("\n") == 1


LONG = "area,year,co2,gdp\nB,2000,2,1\nB,2001,3,2\nB,2002,3,4\nA,2000,5,2\nA,2001,4,3\nA,2002,6,3\n"
ITEMS = "area,item,unit,2000年,2001年,2002年\nB,co2,Mt,2,3,3\nA,co2,Mt,5,4,6\nB,gdp,bn,1,2,4\nA,gdp,bn,2,3,3\n"
NAMED = "area,co2_2000,co2_2001,co2_2002,gdp_2000,gdp_2001,gdp_2002\nB,2,3,3,1,2,4\nA,5,4,6,2,3,3\n"
ONE = "area,2000,2001,2002\nB,2,3,3\nA,5,4,6\n"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("trend", "--value", "co2"), ITEMS),
        (("trend", "--value", "co2"), NAMED),
        (("trend", "--value", "co2"), ONE),
        (("peak", "--driver", "gdp"), NAMED),
        (("decoupling", "--pressure", "co2", "--driver", "gdp"), ITEMS),
        (("decoupling", "--pressure", "co2", "--driver", "gdp"), NAMED),
        (("decompose", "--identity", "co2 = gdp * co2/gdp"), ITEMS),
        (("decompose", "--identity", "co2 = gdp * co2/gdp"), NAMED),
    ],
)
def test_years_as_columns_are_read_as_rows(capsys, tmp_path, kind, words, text):
    """A panel with years as columns gives what its long form gives, and a finding says how it was read."""
    (tmp_path / "long.csv").write_text(LONG, encoding="utf-8")
    (tmp_path / "wide.csv").write_text(text, encoding="utf-8")
    pd.read_csv(io.StringIO(text)).rename(
        columns=lambda name: int(name) if name.isdigit() else name
    ).to_excel(tmp_path / "wide.xlsx", index=False)
    long, wide = (
        run(capsys, words[0], str(tmp_path / name), *words[1:], "--by", "area")
        for name in ("long.csv", f"wide.{kind}")
    )
    assert wide[:2] == long[:2]
    run(
        capsys,
        words[0],
        str(tmp_path / f"wide.{kind}"),
        *words[1:],
        "--by",
        "area",
        "-o",
        str(tmp_path / "out.json"),
    )
    findings = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["findings"]
    held = "co2" if text == ONE else "co2, gdp"
    assert [
        (finding["severity"], finding["message"])
        for finding in findings
        if finding["rule"] == "wide-panel"
    ] == [
        (
            "info",
            f"the years 2000 to 2002 stand as columns; read as one row per area year, with the columns {held}",
        )
    ]


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        (
            ITEMS.replace("gdp", "grp"),
            (),
            (
                "the years 2000年, 2001年 ... are columns, and it is not clear which numbers are co2, gdp; name them "
                "in one column, name every other"
            ),
        ),
        (
            ITEMS.replace("A,gdp", "A,co2"),
            (),
            "row 5: A co2 is there twice; leave one out, or name the column that tells them apart (--by)",
        ),
        (
            ITEMS.replace("A,gdp", ",gdp"),
            (),
            "row 5: has no area or item; name what the row is about",
        ),
        (
            ITEMS.replace("5,4,6", "5,x4,6"),
            (),
            "row 3, column '2001年': 'x4' is not a number; correct the cell",
        ),
        (
            ITEMS.replace("2001年", "2000"),
            (),
            "columns '2000年' and '2000' are one year; leave one out",
        ),
        (
            NAMED.replace("gdp", "grp"),
            (),
            "no column 'year'; did you mean area? labels that stand as columns go into rows first (pandas: melt)",
        ),
        (
            "year,b,f1,f2\n2000,x,1,2\n2001,x,1,2\n",
            ("--by", "fuel"),
            "no column 'fuel'; known: year, b, f1, f2; labels that stand as columns go into rows first (pandas: melt)",
        ),
    ],
)
def test_years_as_columns_that_are_not_clear_are_refused(capsys, tmp_path, text, words, message):
    """Where the shape leaves a choice, one line says what is not clear and how to melt."""
    (tmp_path / "wide.csv").write_text(text, encoding="utf-8")
    status, out, err = run(
        capsys,
        "decoupling",
        str(tmp_path / "wide.csv"),
        "--pressure",
        "co2",
        "--driver",
        "gdp",
        *(words or ("--by", "area")),
    )
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_rows_of_another_thing_are_not_taken_for_the_number(capsys, tmp_path):
    """Years of one thing stand for the number asked for only where no other column may say that they are another."""
    (tmp_path / "wide.csv").write_text("area,item,2000,2001,2002\nB,gdp,2,3,3\n", encoding="utf-8")
    status, out, err = run(
        capsys, "trend", str(tmp_path / "wide.csv"), "--value", "co2", "--by", "area"
    )
    assert (status, out, "not clear which numbers are co2" in err) == (2, "", True)
