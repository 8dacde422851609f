"""Writes that fail: one line, nothing left behind, and what was there before is still there."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from carbonacct.catalogue import in_language
from carbonacct.errors import OutputError
from carbonacct.report.files import place_file

TABLE = "docs/tables/chongqing_2007.csv"
INVENTORY = ("inventory", TABLE, "--method", "ceads")
FULL = {"FSIZE": 4000}  # more than is printed, less than the smallest output
KINDS = (".csv", ".xlsx", ".html", ".json", ".nc", ".parquet", ".docx", ".primap.csv")
pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="limits and devices are those of Linux"
)


def start(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell."""
    command = [shutil.which("bash") or "bash", "-c", line]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def listed(folder: Path) -> list[str]:
    """Return the names in a folder."""
    return [path.name for path in folder.iterdir()]


def assert_said(done: subprocess.CompletedProcess[str], target: object) -> None:
    """Assert that a failure is one line that names the target, and status 2."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"{target}: cannot be written"), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_cannot_grow(program, tmp_path, kind):
    """A kind of output that does not fit leaves the folder as it was."""
    target = tmp_path / f"out{kind}"
    target.write_text("as it was", encoding="utf-8")
    done = program.run(*INVENTORY, "--overwrite", "-o", str(target), limits=FULL)
    assert_said(done, target)
    assert target.read_text(encoding="utf-8") == "as it was"
    assert listed(tmp_path) == [target.name]


def test_an_index_template_that_cannot_grow(program, tmp_path):
    """The workbooks of indices go through the same door."""
    target = tmp_path / "out.xlsx"
    assert_said(
        program.run("index", "template", "ccni-2.0", "-o", str(target), limits=FULL), target
    )
    assert listed(tmp_path) == []


def test_a_balance_that_cannot_grow(tmp_path):
    """The CSV of a balance is whole or not there."""
    code = (
        f"import resource, sys; import carbonacct as ca; balance = ca.read_balance({TABLE!r})\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\ntry:\n    ca.write_balance(balance, sys.argv[1])\n"
        "except ca.CarbonacctError as error:\n    sys.exit(str(error))"
    )
    target = tmp_path / "out.csv"
    target.write_text("as it was", encoding="utf-8")
    done = start(code, str(target))
    assert (done.returncode, "cannot be written" in done.stderr) == (1, True)
    assert target.read_text(encoding="utf-8") == "as it was"
    assert listed(tmp_path) == [target.name]


@pytest.fixture
def tiny_disk(tmp_path):
    """Return a folder on a disk of 64 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a disk can be mounted here by nobody, or by root alone")
    yield folder
    subprocess.run([shutil.which("umount") or "umount", str(folder)], check=True)


@pytest.mark.parametrize("kind", [".xlsx", ".html", ".nc", ".docx"])
def test_a_full_disk(program, tiny_disk, kind):
    """A disk that is full is said to be."""
    (tiny_disk / "rest").write_bytes(bytes(56 * 1024))
    target = tiny_disk / f"out{kind}"
    assert_said(program.run(*INVENTORY, "-o", str(target)), target)
    assert listed(tiny_disk) == ["rest"]


@pytest.mark.parametrize("kind", [".xlsx", ".nc", ".docx"])
def test_a_full_place_for_temporary_files_does_no_harm(program, tiny_disk, tmp_path, kind):
    """What is needed on the way lies beside the target."""
    (tiny_disk / "rest").write_bytes(bytes(64 * 1024))
    temporary = {**os.environ, "TMPDIR": str(tiny_disk)}
    done = program.run(*INVENTORY, "-o", str(tmp_path / f"out{kind}"), environment=temporary)
    assert (done.returncode, (tmp_path / f"out{kind}").is_file()) == (0, True), done.stderr
    assert listed(tiny_disk) == ["rest"]


@pytest.mark.parametrize("name", ["x" * 252 + ".csv", "名" * 90 + ".xlsx"])
def test_a_name_that_is_too_long(program, tmp_path, name):
    """No system has such a name."""
    assert_said(program.run(*INVENTORY, "-o", str(tmp_path / name)), tmp_path / name)


@pytest.mark.parametrize("code", [5, 32])
def test_a_file_that_another_program_has_open(tmp_path, monkeypatch, code):
    """Windows errors 5 and 32 are said with their likely cause, in both languages; the old file stays."""
    target = tmp_path / "a.csv"
    target.write_text("as it was", encoding="utf-8")
    refused = PermissionError(13, "Permission denied")
    refused.winerror = code

    def refuse(*_paths):
        raise refused

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        patch.setattr(os, "replace", refuse)
        with pytest.raises(
            OutputError, match="another program such as Excel may have it open"
        ) as caught:
            place_file(
                str(target), lambda path: path.write_text("new", encoding="utf-8"), overwrite=True
            )
    assert "可能正在其他程序（如 Excel）中打开：请先在那里关闭" in in_language(
        caught.value.args[0], "zh"
    )
    assert listed(tmp_path) == ["a.csv"]
    assert target.read_text(encoding="utf-8") == "as it was"


def test_names_at_the_limit(program, tmp_path):
    """The longest name there can be is written: what is made on the way has a short one."""
    target = tmp_path / ("x" * 251 + ".csv")
    assert program.run(*INVENTORY, "-o", str(target)).returncode == 0
    assert target.is_file()


@pytest.mark.parametrize(
    "words",
    [
        ("inventory", TABLE, "--method", "ceads", "-o", "-"),
        ("check", TABLE),
        ("methods",),
        ("factors",),
        ("--help",),
        ("--version",),
    ],
)
def test_standard_output_that_is_full_or_closed(words):
    """What cannot be said is an error, once."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "carbonacct", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert "standard output: cannot be written (No space left on device)\n" in done.stderr
    assert done.returncode == 2
    closed = shell(f"{sys.executable} -m carbonacct {shlex.join(words)} >&-")
    assert "standard output: cannot be written (Bad file descriptor)\n" in closed.stderr
    assert closed.returncode == 2


def test_standard_error_that_is_closed_changes_nothing():
    """A complaint that nobody can hear is still a status; nothing of it reaches standard output."""
    for streams in ("2>&-", "2>/dev/full", "<&- 2>&-"):
        done = shell(f"{sys.executable} -m carbonacct check no.csv {streams}")
        assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
    done = shell(f"{sys.executable} -m carbonacct methods <&- 2>&-")
    assert done.returncode == 0
    assert "ceads" in done.stdout


def test_a_reader_that_goes_away():
    """``| head`` is no failure."""
    done = shell(f"{sys.executable} -m carbonacct factors | head -1; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 1, "")


# A module that interrupts the process when something is imported, or a function runs.
INTERRUPT = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.argv = ["carbonacct", *sys.argv[1:]]
from carbonacct.__main__ import run
sys.exit(run())
"""


@pytest.mark.parametrize(
    "module",
    [
        "carbonacct.cli",
        "carbonacct.cli.trend_commands",
        "argparse",
        "numpy",
        "pandas",
        "xarray",
        "carbonacct.report.workbook",
        "xlsxwriter",
    ],
)
def test_an_interrupt(tmp_path, module):
    """Control-C is one line and status 130, also while modules are loaded; no file is left."""
    done = start(INTERRUPT.format(module=module), *INVENTORY, "-o", str(tmp_path / "out.xlsx"))
    assert (done.returncode, done.stderr) == (130, "carbonacct: interrupted\n")
    assert listed(tmp_path) == []
