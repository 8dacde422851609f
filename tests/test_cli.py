"""The command line contract: words, outputs, one-line errors, exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.analysis.analysis_result import Analysis
from carbonacct.cli import main
from carbonacct.cli.output_endings import ENDINGS
from carbonacct.errors import OutputError
from carbonacct.report.analyses.analysis_files import write_analysis
from carbonacct.report.frames import write_frame, write_mapping
from carbonacct.report.inventories import write_inventory
from carbonacct.report.official_files import write_official

CHONGQING = "docs/tables/chongqing_2007.csv"
BEIJING = "docs/tables/beijing_2007.csv"
INVENTORY_COLUMNS = [
    "area",
    "year",
    "flow",
    "product",
    "category",
    "scope",
    "gas",
    "value",
    "unit",
    "method",
]


def run(capsys, *words: str) -> tuple[int, str, str]:
    """Run the command line in this process."""
    try:
        status = main(words)
    except SystemExit as stop:
        status = int(stop.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


def test_inventory_csv_on_standard_output(capsys):
    """`-o -` is CSV in the contract's columns, and the numbers read back as the same floats."""
    status, out, _ = run(capsys, "inventory", CHONGQING, "--method", "provincial-2011", "-o", "-")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert list(rows[0]) == INVENTORY_COLUMNS
    inventory = ca.compile_inventory(CHONGQING, method="provincial-2011")
    assert [float(row["value"]) for row in rows] == inventory.to_frame()["value"].tolist()
    assert {row["area"] for row in rows} == {"重庆"}
    assert {row["unit"] for row in rows} == {"t"}
    assert {row["method"] for row in rows} == {"provincial-2011"}


@pytest.mark.parametrize(
    "words",
    [
        ("inventory", "--method", "ceads", "-o", "-"),
        ("coal-equivalent", "--method", "yearbook-2008"),
        ("compare",),
        ("reference", "--method", "ipcc-2006"),
        ("reference", "--method", "ipcc-2006", "-o", "{}/out.csv"),
    ],
    ids=" ".join,
)
def test_warnings_beside_data_are_said(capsys, tmp_path, words):
    """Standard error has errors as they are, up to five warnings of each rule, no notes, and the count of the rest."""
    table = tmp_path / "chongqing_2007.csv"
    text = (
        Path(CHONGQING).read_text(encoding="utf-8").replace("1794.27,1599.12,", "1794.27,1600.12,")
    )
    for number in (
        "0.13",
        "86.46",
        "27.01",
        "234.11",
        "7.84",
        "10.15",
        "449.21",
    ):  # of total consumption
        head, total, rest = text.rpartition("六.消费量合计")
        text = head + total + rest.replace(f",{number},", f",9{number},", 1)
    table.write_text(text, encoding="utf-8")
    status, out, err = run(
        capsys, words[0], str(table), *(word.format(tmp_path) for word in words[1:])
    )
    lines = err.splitlines()
    assert status == 0, err
    assert [
        line.startswith("warning: ") for line in lines if "of total_consumption is" in line
    ] == [True] * 5
    assert [line.split(":")[0] for line in lines[:-1] if not line.startswith("warning: ")] == [
        "chongqing_2007.csv!C23"
    ]
    assert re.fullmatch(
        r"and 2 warning(, \d info)? not shown; a .json or .xlsx output lists them", lines[-1]
    )
    assert "warning: " not in out


def test_notes_alone_are_no_news(capsys):
    """A command whose findings are all of severity info says nothing."""
    assert (
        run(
            capsys,
            "decompose",
            "docs/tables/countries_1990_2016.csv",
            "--identity",
            "kaya",
            "--by",
            "area",
        )[2]
        == ""
    )


@pytest.mark.parametrize(
    "words",
    [
        ("inventory", "--gas", "all"),
        ("uncertainty", "--draws", "100"),
        ("uncertainty", "--approach", "1"),
    ],
    ids=" ".join,
)
def test_a_metric_is_in_the_gas_and_the_unit_is_tonnes(capsys, words):
    """Rows of CO2-equivalent name the metric in `gas`; every row of emissions is in t."""
    status, out, _ = run(
        capsys,
        words[0],
        CHONGQING,
        "--method",
        "provincial-2011",
        "--gwp",
        "AR5GWP100",
        *words[1:],
        "-o",
        "-",
    )
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert "CO2e (AR5GWP100)" in {row["gas"] for row in rows}
    assert {row.get("unit", "t") for row in rows} == {"t"}


def test_summary_and_files(capsys, tmp_path):
    """Without `-` a summary is printed, with the totals and where the files are."""
    targets = [
        tmp_path / f"out{suffix}"
        for suffix in (".csv", ".xlsx", ".html", ".json", ".nc", ".parquet")
    ]
    status, out, _ = run(
        capsys,
        "inventory",
        CHONGQING,
        "--method",
        "ceads",
        *(word for target in targets for word in ("-o", str(target))),
        "--lang",
        "en",
    )
    assert status == 0
    assert "direct emissions (scope 1)" in out
    assert all(target.stat().st_size > 500 for target in targets)
    assert all(str(target) in out for target in targets)


def test_an_output_that_fails_does_not_stop_the_others(capsys, tmp_path):
    """What can be written is written, what cannot is said, and the status is 2."""
    good = tmp_path / "ok.csv"
    status, out, err = run(
        capsys,
        "inventory",
        CHONGQING,
        "--method",
        "ceads",
        "-o",
        str(tmp_path / "nowhere" / "x.csv"),
        "-o",
        str(good),
        "--lang",
        "en",
    )
    assert status == 2
    assert len(err.strip().splitlines()) == 1
    assert f"written: {good}" in out
    assert good.stat().st_size > 1000


def test_chinese_summary(capsys):
    """`--lang zh` changes what people read; ids stay as they are."""
    _, out, _ = run(capsys, "inventory", CHONGQING, "--method", "ceads", "--lang", "zh")
    assert "直接排放" in out
    assert "交通运输、仓储和邮政业" in out


def test_several_files_make_one_inventory_past_a_bad_one(capsys, tmp_path):
    """A bad file is one line and status 2; the others are done and written."""
    bad = tmp_path / "bad.csv"
    bad.write_text("nothing,here\nat,all\n", encoding="utf-8")
    out_file = tmp_path / "out.csv"
    status, _, err = run(
        capsys,
        "inventory",
        CHONGQING,
        str(bad),
        BEIJING,
        str(tmp_path / "absent.xlsx"),
        "--method",
        "ceads",
        "-o",
        str(out_file),
    )
    assert status == 2
    assert len(err.strip().splitlines()) == 2
    assert "bad.csv: no energy balance found" in err
    assert "absent.xlsx: cannot be opened" in err
    with out_file.open(encoding="utf-8") as stream:
        assert {row["area"] for row in csv.DictReader(stream)} == {"重庆", "北京"}


def test_check_names_defects(capsys, tmp_path):
    """Check prints findings with cell, both sides and difference; --strict makes errors status 1."""
    broken = tmp_path / "broken.csv"
    broken.write_text(
        Path(CHONGQING).read_text(encoding="utf-8").replace("1355.53", "1356.53"), encoding="utf-8"
    )
    status, out, _ = run(capsys, "check", str(broken), "--lang", "en")
    assert status == 0
    assert "broken.csv!B25" in out
    status, _, err = run(capsys, "check", str(broken), "--strict")
    assert status == 1
    assert "difference" in err


def test_coal_equivalent(capsys):
    """coal-equivalent writes area,year,flow,product,value,unit with unit tce."""
    status, out, _ = run(
        capsys, "coal-equivalent", CHONGQING, "--method", "yearbook-2008", "-o", "-"
    )
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert list(rows[0]) == ["area", "year", "flow", "product", "value", "unit"]
    cell = next(row for row in rows if (row["flow"], row["product"]) == ("coking", "coke"))
    assert float(cell["value"]) == pytest.approx(2829600 * 0.9714)


def test_trace(capsys):
    """Trace prints value, formula, cell and documents."""
    status, out, _ = run(
        capsys,
        "trace",
        CHONGQING,
        "--method",
        "provincial-2011",
        "--flow",
        "transport",
        "--product",
        "diesel",
        "--lang",
        "en",
    )
    assert status == 0
    assert "chongqing_2007.csv!N28" in out
    assert "1900100 t x 42.652 GJ/t x 0.0202 t C/GJ x 0.98 x 3.66666666666667 t CO2/t C" in out


def test_methods_and_factors(capsys):
    """Methods lists all; factors is CSV with document and status."""
    status, out, _ = run(capsys, "methods")
    assert status == 0
    assert all(name in out for name in ca.method_ids())
    status, out, _ = run(capsys, "factors", "--method", "ipcc-2006", "--product", "diesel")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["product"] for row in rows} <= {"diesel", ""}
    assert any(
        row["parameter"] == "emission_factor"
        and row["value"] == "74100.0"
        and row["lower"] == "72600.0"
        for row in rows
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("inventry", CHONGQING), "did you mean inventory"),
        (("inventory", CHONGQING), "--method"),
        (("inventory", CHONGQING, "--method", "provincal-2011"), "did you mean provincial-2011"),
        (
            ("inventory", CHONGQING, "--method", "ceads", "--year", "2008"),
            "the table says 2007 and the option says 2008",
        ),
        (
            ("inventory", CHONGQING, "--method", "ceads", "--mapping", "nowhere.csv"),
            "nowhere.csv: mapping file cannot be opened",
        ),
        (
            ("inventory", CHONGQING, "--method", "ceads", "--overlay", "nowhere"),
            "an overlay is a folder",
        ),
        (
            ("inventory", CHONGQING, "--method", "ceads", "-o", "out.pdf"),
            "known: .csv .xlsx .docx .html .nc .parquet .json .primap.csv",
        ),
        (
            ("inventory", CHONGQING, "--method", "ceads", "-o", "nowhere/out.csv"),
            "does not exist; make it first",
        ),
        (("inventory", CHONGQING, "--method", "ceads", "-o", "docs"), "is a folder"),
        (("inventory", "factors/methods", "--method", "ceads"), "the folder holds no table"),
        (("inventory", CHONGQING, "--method", "gb-t-2589-2008"), "use carbonacct coal-equivalent"),
        (
            ("trace", CHONGQING, "--method", "ceads", "--flow", "transprt", "--product", "diesel"),
            "did you mean transport",
        ),
        (("factors", "--product", "diesl"), "did you mean diesel"),
        (("factors", "--product", "zzzqqq"), "no product 'zzzqqq'; give an id such as raw_coal"),
        (
            ("inventory", CHONGQING, "--method", "ceads", "--grid", "Atlantis"),
            "no grid or area 'Atlantis'",
        ),
        (
            ("uncertainty", CHONGQING, "--method", "ceads", "--approach", "3"),
            "no --approach '3'; known: 1, 2;",
        ),
        (
            ("trend", "docs/tables/countries_1990_2016.csv", "--value", "co2"),
            "name the column that tells them apart (by, on the command line --by)",
        ),
    ],
)
def test_a_wrong_word_is_one_line_and_status_2(capsys, words, said):
    """What cannot be used is said in one line on standard error."""
    status, _, err = run(capsys, *words)
    assert status == 2
    assert len(err.strip().splitlines()) == 1
    assert said in err
    assert "Traceback" not in err


def test_the_year_of_the_title_may_be_repeated(capsys):
    """An option that agrees with the title is no contradiction."""
    assert (
        run(capsys, "inventory", CHONGQING, "--method", "ceads", "--year", "2007", "-o", "-")[0]
        == 0
    )


def test_area_option_names_the_area(capsys):
    """--area overrides the title's name."""
    _, out, _ = run(capsys, "inventory", CHONGQING, "--method", "ceads", "--area", "渝", "-o", "-")
    assert {row["area"] for row in csv.DictReader(io.StringIO(out))} == {"渝"}


def test_json_holds_rows_and_findings(capsys, tmp_path):
    """JSON keeps the findings beside the rows."""
    target = tmp_path / "out.json"
    run(capsys, "inventory", CHONGQING, "--method", "ceads", "-o", str(target))
    content = json.loads(target.read_text(encoding="utf-8"))
    assert list(content["rows"][0])[: len(INVENTORY_COLUMNS)] == INVENTORY_COLUMNS
    assert any(finding["rule"] == "no-grid-factor" for finding in content["findings"])


def test_results_are_replaced_only_with_overwrite(capsys, tmp_path):
    """A second run is refused in one line with status 2; --overwrite replaces the file.

    The other files that were asked for are written.
    """
    first, second = tmp_path / "a.CSV", tmp_path / "b.json"
    words = ("inventory", CHONGQING, "--method", "ceads", "-o", str(first), "-o", str(second))
    first.write_text("old", encoding="utf-8")
    status, out, err = run(capsys, *words)
    assert (status, err) == (
        2,
        f"{first}: exists already; replace it with --overwrite, or name another file\n",
    )
    assert out.endswith(f"written: {second}\n")
    assert first.read_text(encoding="utf-8") == "old"
    status, out, err = run(capsys, *words, "--overwrite")
    assert (status, err) == (0, "")
    assert out.endswith(f"written: {first}, {second}\n")
    assert first.read_text(encoding="utf-8").startswith("area,year,")
    status, _, err = run(
        capsys, "coal-equivalent", CHONGQING, "--method", "yearbook-2008", "-o", str(first)
    )
    assert status == 2
    assert "exists already" in err


def test_a_closed_pipe_and_a_module_call():
    """`python -m carbonacct ... | head` ends quietly."""
    command = f"{sys.executable} -m carbonacct factors | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("edition,parameter,")
    assert done.stderr == ""


def test_a_closed_pipe_keeps_the_status():
    """What could not be written is in the exit status even when the reader of the totals has gone."""
    words = (
        f"{sys.executable} -m carbonacct inventory {CHONGQING} --method ceads -o no/such/folder.csv | true; exit "
        f"${{PIPESTATUS[0]}}"
    )
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["bash", "-c", words], capture_output=True, text=True, check=False, env=buffered
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_what_is_printed_and_what_is_said_of_it_stand_in_order(tmp_path):
    """In one file for both streams the findings come before the complaint, however the output is buffered."""
    table = tmp_path / "slip.csv"
    table.write_text(
        "2015年某省能源平衡表,\n项目,原煤(万吨)\n终端消费量,55\n农业,40\n工业,50\n",
        encoding="utf-8",
    )
    words = [sys.executable, "-m", "carbonacct", "check", str(table), "--strict"]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=buffered,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("slip 2015: ")
    assert done.stdout.splitlines()[-1].startswith("slip.csv!B3: ")


def test_a_package_that_is_missing_is_named_by_its_extra(capsys, tmp_path, monkeypatch):
    """Without an extra, writing and reading its kind of file says in one line which extra to install."""

    def miss(*_given: object, **_options: object) -> None:
        raise ImportError("without a name, as pandas raises it")

    monkeypatch.setitem(sys.modules, "h5netcdf", None)
    monkeypatch.setitem(sys.modules, "docx", None)
    for name, package, extra in (("a.nc", "h5netcdf", "netcdf"), ("a.docx", "docx", "word")):
        status, _, err = run(
            capsys, "inventory", CHONGQING, "--method", "ceads", "-o", str(tmp_path / name)
        )
        assert (status, err) == (
            2,
            (
                f"{tmp_path / name}: needs the package {package}, which is not installed; "
                f"pip install 'carbonacct[{extra}]'\n"
            ),
        )
    monkeypatch.setattr("xarray.open_dataset", miss)
    monkeypatch.setattr("pyarrow.parquet.ParquetFile", miss)
    for name, extra in (("p.nc", "netcdf"), ("p.parquet", "parquet")):
        (tmp_path / name).write_bytes(b"PAR1")
        status, _, err = run(capsys, "trend", str(tmp_path / name), "--value", "co2")
        assert (status, err) == (
            2,
            f"{name}: needs a package that is not installed; pip install 'carbonacct[{extra}]'\n",
        )


def test_nothing_written_is_not_called_written(capsys, tmp_path):
    """Where the one output of coal-equivalent cannot be written, no line says `written`."""
    status, out, _ = run(
        capsys,
        "coal-equivalent",
        CHONGQING,
        "--method",
        "gb-t-2589-2020",
        "-o",
        str(tmp_path / "a.pdf"),
    )
    assert status == 2
    assert "written" not in out


def test_help_needs_no_numbers():
    """--help loads neither numpy nor pandas, so that it answers at once."""
    code = (
        "import sys\nfrom carbonacct.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy','pandas','pint','xarray'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_errors_are_said_beside_data_on_standard_output(capsys, tmp_path):
    """A sum that does not hold goes to standard error, so that a pipe does not hide it; the data stays clean."""
    path = tmp_path / "broken.csv"
    path.write_text(
        "重庆能源消费量 2012\n项目,煤合计(万吨),原煤(万吨),洗精煤(万吨)\n工业,100,60,20\n",
        encoding="utf-8",
    )
    status, out, err = run(capsys, "inventory", str(path), "--method", "provincial-2011", "-o", "-")
    assert status == 0
    assert out.startswith("area,year,flow,")
    assert "broken.csv!B3: coal_total of industry is 100" in err


def test_trace_goes_on_past_a_table_without_the_cell(capsys, tmp_path):
    """One of two tables has no diesel: it is said, and the other is traced."""
    for name, area, fuel in (("one.csv", "重庆", "原煤"), ("two.csv", "四川", "柴油")):
        (tmp_path / name).write_text(
            f"{area}能源消费量 2012\n项目,{fuel}(万吨)\n工业,10\n", encoding="utf-8"
        )
    files = [str(tmp_path / name) for name in ("one.csv", "two.csv")]
    status, out, err = run(
        capsys,
        "trace",
        *files,
        "--method",
        "provincial-2011",
        "--flow",
        "industry",
        "--product",
        "diesel",
    )
    assert status == 2
    assert "two.csv" in out
    assert "diesel" in err


@pytest.mark.parametrize(
    "locale",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["ascii", "C"],
)
def test_a_locale_without_chinese(tmp_path, locale):
    """Where the terminal cannot show Chinese, it is escaped for people, UTF-8 in data, and never a traceback."""
    table = tmp_path / "甲.csv"
    table.write_bytes(Path(BEIJING).read_bytes())
    table.with_name("乙.csv").write_text("x", encoding="utf-8")

    def carbonacct(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "carbonacct", *words],
            capture_output=True,
            env={**os.environ, **locale},
            encoding="utf-8",
            check=False,
        )

    done = carbonacct("check", str(table), "--lang", "zh")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(r"\u5317\u4eac 2007\uff1a33 ")
    data = carbonacct("inventory", str(table), "--method", "ceads", "-o", "-")
    assert data.returncode == 0
    assert data.stderr.startswith(r"warning: \u7532.csv!B3: ")
    assert {row["area"] for row in csv.DictReader(io.StringIO(data.stdout))} == {"北京"}
    refused = carbonacct("check", str(table.with_name("乙.csv")))
    assert refused.returncode == 2
    assert refused.stderr.startswith(r"\u4e59.csv: ")
    assert refused.stderr.count("\n") == 1
    assert carbonacct("--help").returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("uncertainty", CHONGQING, "--method", "ceads"),
        ("index", "sensitivity", "tai-2001", "docs/tables/tai_23_countries.csv"),
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize(
    ("level", "remedy"),
    [
        ("90", "write 0.9 for 90 %"),
        ("99.5", "write 0.995 for 99.5 %"),
        ("1", "write a number between 0 and 1, such as 0.9"),
        ("0", "write a number between 0 and 1"),
        ("950", "write a number between 0 and 1"),
        ("x", "write a number between 0 and 1"),
    ],
)
def test_a_level_is_a_fraction(capsys, words, level, remedy):
    """Every command takes a level as a fraction, and says how to write what was meant as percent."""
    status, out, err = run(capsys, *words, "--level", level)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"argument --level: {level!r} is no fraction; {remedy}" in err


def test_ranks_take_the_level_as_it_is(capsys):
    """A wider level gives intervals of ranks that hold those of a narrower one."""
    shared = (
        "index",
        "sensitivity",
        "tai-2001",
        "docs/tables/tai_23_countries.csv",
        "--draws",
        "200",
        "-o",
        "-",
    )
    unless_given, same, narrow = (
        list(csv.DictReader(io.StringIO(run(capsys, *shared, *words)[1])))
        for words in ((), ("--level", "0.9"), ("--level", "0.2"))
    )
    assert unless_given == same
    assert all(
        float(one["rank_low"]) <= float(other["rank_low"])
        for one, other in zip(same, narrow, strict=True)
    )
    assert same != narrow


def test_the_program_does_not_load_dask():
    """As a program it keeps pint and xarray from loading dask; as a library it does not."""
    table = "docs/tables/chongqing_2007.csv"
    code = (
        f"import sys; sys.argv = ['carbonacct', 'check', '{table}']; from carbonacct.cli import main; main(); "
        f"print([name for name in sys.modules if name.startswith('dask.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "xarray" in sys.modules
    assert sys.modules.get("dask", "not loaded") is not None


def test_bare_call_shows_help_with_examples(capsys):
    """Who types the name alone is told what there is, with examples; that is no failure."""
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "carbonacct inventory 表.xls --method provincial-2011" in said
    assert "trace" in said


def test_version_names_the_editions(capsys):
    """The version alone does not say with which factors a number was made."""
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert not stopped.value.code
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"carbonacct {ca.__version__}"
    assert {"provincial-2011", "ipcc-2006"} <= set(second.removeprefix("editions: ").split(", "))


def test_a_missing_method_lists_them(capsys):
    """The words that are known stand in the complaint."""
    with pytest.raises(SystemExit):
        main(["inventory", BEIJING])
    said = capsys.readouterr().err
    assert "--method" in said
    assert "provincial-2011" in said
    assert "ipcc-2006" in said


@pytest.mark.parametrize("name", ["省级指南", "省级", "Provincial-2011", "provincial 2011"])
def test_methods_have_the_names_that_people_use(name):
    """Case, signs between words and Chinese names lead to one method."""
    assert ca.load_method(name).id == "provincial-2011"


def test_no_method_has_the_name_of_another():
    """Each name leads to one method."""
    for identifier in ca.method_ids():
        method = ca.load_method(identifier)
        assert ca.load_method(method.title).id == ca.load_method(method.title_zh).id == identifier
    with pytest.raises(ca.CarbonacctError, match="did you mean 省级指南"):
        ca.load_method("省级指导")


def test_trace_takes_the_names_that_tables_print(capsys):
    """Chinese names of flow, product and method; an unknown one gets near names."""
    words = ["trace", BEIJING, "--method", "省级指南", "--product", "柴油"]
    assert main([*words, "--flow", "交通运输业"]) == 0
    assert "diesel" in capsys.readouterr().out.casefold()
    assert main([*words, "--flow", "交通运"]) == 2
    said = capsys.readouterr().err
    assert "did you mean 交通运输" in said
    assert main(["trace", BEIJING, "--method", "省级指南", "--flow", "交通运输"]) == 2
    assert "has a fuel; name it (--product)" in capsys.readouterr().err


def test_a_chinese_word_finds_commands_and_rules(capsys, monkeypatch):
    """A word that is no command names those whose help has it, as they are typed; a rule is found by what it says."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    for words, near in ((["追溯"], "是否指 trace？"), (["citi"], "是否指 city？")):
        with pytest.raises(SystemExit):
            main(words)
        assert near in capsys.readouterr().err
    assert main(["explain", "行与其分项之和"]) == 0
    assert capsys.readouterr().out.startswith("sum-of-parts")
    assert main(["explain", "分项"]) == 2
    assert "sum-of-parts、" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["inventory", CHONGQING, "--metod", "ceads"],
            "carbonacct inventory: no option --metod; did you mean --method?",
        ),
        (
            ["inventory", CHONGQING, "-m", "ceads"],
            "no option -m; did you mean --mapping, --motor-fuels, --method?",
        ),
        (
            ["inventory", CHONGQING, "--years", "2007", "--method", "ceads"],
            "no option --years; did you mean --year?",
        ),
        (
            ["factors", "--zzz"],
            "carbonacct factors: no option --zzz; carbonacct factors --help says more",
        ),
        (["-v"], "carbonacct: no option -v; did you mean --version?"),
        (["invntory"], "no command 'invntory'; did you mean inventory?"),
        (["zzz"], "carbonacct: no command 'zzz'; carbonacct --help says more"),
        (
            ["serve", "--port", "70000"],
            "'70000' is no port; write a number from 1024 to 65535, or 0",
        ),
    ],
)
def test_words_typed_otherwise_get_their_near_names(words, said, capsys):
    """An option or command that is not known is named, by its own command, with the near names alone."""
    with suppress(SystemExit):
        assert main(words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["help", "check"], ["帮助", "check"]])
def test_help_and_version_are_words_as_well(words, capsys):
    """`help COMMAND` and `version` are what the options are."""
    with pytest.raises(SystemExit, match="0"):
        main(words)
    assert "carbonacct check" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="0"):
        main(["version"])
    assert capsys.readouterr().out.startswith("carbonacct ")


@pytest.mark.parametrize("word", ["中文", "cn", "zh_CN.UTF-8", "zh-Hans"])
def test_a_language_has_more_names_than_one(word, capsys):
    """Chinese by any of its names."""
    with pytest.raises(SystemExit, match="0"):
        main(["check", "--lang", word, "--help"])
    assert capsys.readouterr().out.startswith("用法")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("x.pdf", "did you mean .brief.pdf?"),
        ("x", "follows its suffix"),
        ("none/x.csv", "does not exist"),
    ],
)
def test_what_nobody_writes_is_refused_before_the_work(target, said, tmp_path, capsys, monkeypatch):
    """An ending that a command does not write stops it before it reads a table."""
    monkeypatch.setattr("carbonacct.cli.table_commands._inventory", pytest.fail)
    assert (
        main(["inventory", "nothing.csv", "--method", "ceads", "-o", str(tmp_path / target)]) == 2
    )
    captured = capsys.readouterr()
    assert said in captured.err
    assert "nothing.csv" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("command", "ending"), [("map", ".xlsx"), ("peak", ".doc"), ("panel", ".docx")]
)
def test_each_command_refuses_by_the_endings_that_its_help_names(command, ending, tmp_path, capsys):
    """The help is the list of what is written."""
    given = ["--value", "co2"] if command == "peak" else []
    assert main([command, "nothing.csv", *given, "-o", str(tmp_path / f"x{ending}")]) == 2
    assert "the kind of an output follows its suffix" in capsys.readouterr().err


def record_of_chongqing():
    """Return the record of a city."""
    return ca.to_inventory(ca.compile_inventory(CHONGQING, method="ceads"))


@pytest.mark.parametrize(
    ("kind", "write"),
    [
        ("table", lambda target: write_frame(pd.DataFrame(), target)),
        ("inventory", lambda target: write_inventory(record_of_chongqing(), target)),
        (
            "official",
            lambda target: write_official(
                [ca.fill_official(record_of_chongqing(), "provincial")], target
            ),
        ),
        ("mapping", lambda target: write_mapping(pd.DataFrame(), target)),
        ("analysis", lambda target: write_analysis(Analysis("panel", pd.DataFrame()), target)),
    ],
)
def test_the_endings_of_a_command_are_those_that_its_writer_knows(kind, write, tmp_path):
    """What is refused before the work is what the writer would refuse after it."""
    with pytest.raises(OutputError, match="the kind of an output follows its suffix") as refused:
        write(str(tmp_path / "x.none"))
    known = str(refused.value).rpartition("known: ")[2].split()
    assert sorted(known) == sorted(ENDINGS[kind].all)


def test_the_largest_contributions_are_named_in_chinese(capsys):
    """What flows and products are called, and not their ids."""
    assert main(["contributions", CHONGQING, "--method", "provincial-2011", "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "重庆 2007 火力发电 原煤" in told
    assert "raw_coal" not in told
