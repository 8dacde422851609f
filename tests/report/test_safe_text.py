"""No text of a table becomes a formula in what is written, steers a terminal, or stops the program."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.cli import main
from carbonacct.data import RISKY, harmless, plain
from carbonacct.errors import Finding, visible
from carbonacct.report.frames import format_csv
from carbonacct.sheets.raw_sheets import read_text_sheets

TABLE = "docs/tables/chongqing_2007.csv"
texts = st.text(
    st.sampled_from("=+-@＝\t\r\n'\"a1;, 京") | st.characters(exclude_categories=["Cs"]), max_size=8
)
UNSEEN = [
    "\x00",
    "\x07",
    "\x1b[31m",
    "\x7f",
    "\x9b31m",
    "\u061c",
    "\u200e",
    "\u200f",
    "\u2028",
    "\u202e",
    "\u2066",
    "\u2069",
    "\udcb1",
]


@given(texts)
def test_a_harmless_text_gives_the_text_back(text):
    """No text that is written starts as a formula does, but for a plain number; and each reads back."""
    held = harmless(text)
    assert not held.startswith(RISKY) or held == text == text.strip()
    if held.startswith(RISKY):
        float(held)
    assert plain(held) == text


@given(
    st.lists(
        st.tuples(texts, st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=4
    )
)
def test_a_csv_reads_back(rows):
    """Labels and numbers come back as they were."""
    written = format_csv(pd.DataFrame(rows, columns=["area", "value"]))
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert [(plain(area), float(value)) for area, value in read[1:]] == rows


def test_a_carriage_return_is_part_of_its_cell():
    """It is quoted, whatever version of the language writes the CSV."""
    written = format_csv(pd.DataFrame({"area": ["x\r=1+1", "=cmd|x"], "=value": [-1.0, 2.0]}))
    assert written == "area,'=value\r\n\"x\r=1+1\",-1.0\r\n'=cmd|x,2.0\r\n"
    assert read_text_sheets("a.csv", written)[0].rows[1:] == [
        ["x\r=1+1", "-1.0"],
        ["=cmd|x", "2.0"],
    ]


@pytest.mark.parametrize("area", ["=cmd|x", "-京", "x\r=1+1", "@京", "'=京"])
def test_a_balance_with_a_risky_area_reads_back(tmp_path, area):
    """The areas of a balance are names, whatever they start with."""
    frame = pd.DataFrame(
        {
            "area": area,
            "year": 2020,
            "flow": "transport",
            "product": ["diesel", "gasoline"],
            "value": [2.0, -3.0],
        }
    )
    ca.write_balance(ca.make_balance(frame), tmp_path / "b.csv")
    with (tmp_path / "b.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert not any(row[0].startswith(RISKY) for row in rows)
    assert {plain(row[0]) for row in rows[1:]} == {area}
    assert [float(row[5]) for row in rows[1:]] == [2.0, -3.0]


@pytest.mark.parametrize("text", UNSEEN)
def test_nothing_unseen_reaches_a_terminal(tmp_path, capsys, text):
    """A control character of a label, a file's name, a word of the command is shown, not sent."""
    path = tmp_path / "a.csv"
    path.write_text(
        f"项目,原煤(万吨),焦炭(万吨)\n工业{text},1,2\n".replace("\udcb1", "\ufffd"),
        encoding="utf-8",
    )
    assert main(["check", str(path), "--year", "2015"]) in {0, 2}
    assert main(["inventory", TABLE, "--method", text]) == 2
    with pytest.raises(SystemExit):
        main(["inventory", TABLE, "--method", "ceads", "--area", f"a{text}b"])
    said = "".join(capsys.readouterr())
    assert not any(
        unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl"}
        for letter in said.replace("\n", "")
    )


def test_what_is_shown_of_a_finding_is_one_line():
    """A label with line ends in it makes no lines of its own."""
    assert str(Finding("r", "error", "row 'a\n\r\x0b\u2028b'", "f.csv")) == "f.csv: row 'a b'"


@given(st.text())
def test_visible_text_is_the_text_but_for_what_is_unseen(text):
    """Printable texts are left alone."""
    assert visible(text) == text or not text.isprintable()
    assert not any(letter in visible(text) for letter in "\x1b\x9b\x85\u202e\u2066\r\0")


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux")
def test_names_that_are_no_text(tmp_path):
    """A file may be named in GB 18030, and so may what is made of it; a name of an area may not."""
    source = os.fsencode(tmp_path) + b"/\xb1\xb1\xbe\xa9\x1b[31m.csv"
    Path(os.fsdecode(source)).write_bytes(Path(TABLE).read_bytes())
    command = [sys.executable, "-m", "carbonacct", "inventory", source, "--method", "ceads"]
    targets = [
        os.fsencode(tmp_path) + b"/\xb1" + kind
        for kind in (b"a.csv", b"a.xlsx", b"a.html", b"a.json", b"a.nc", b"a.parquet", b"a.docx")
    ]
    for locale in ("C.UTF-8", "C"):
        done = subprocess.run(
            [*command, *(word for target in targets for word in (b"-o", target)), "--overwrite"],
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": locale},
        )
        assert done.returncode == 0, done.stderr
        assert b"\x1b" not in done.stdout + done.stderr
        assert all(Path(os.fsdecode(target)).stat().st_size for target in targets)
    done = subprocess.run(
        [*command, "--area", b"\xb1\xb1\xbe\xa9"], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (2, 1, "")
    assert "holds characters that cannot be shown" in done.stderr


def test_an_old_locale():
    """Where the terminal has few letters, names are written out."""
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "carbonacct", "check", TABLE],
        capture_output=True,
        check=False,
        env=env,
    )
    assert done.returncode == 0
    assert done.stdout.startswith(rb"\u91cd\u5e86 2007")
