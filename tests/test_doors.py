"""Every input of every command: no table, or one without end, is refused in plain lines with little memory."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLE = "docs/tables/chongqing_2007.csv"
MEGABYTES = 500  # of one command, the loaded program with them
# Of one command: far above what it takes, far below what it would take without its bounds.
LIMITS = {"ALARM": 20, "AS": 4 * 2**30}

# "{}" is the hostile file, "{folder}" a folder whose source.toml it is.
# Commands that read their file as others do: each door is tried, with the kinds that would never end or hold nothing.
ALIKE = (
    "check {}",
    "coal-equivalent {} --method gb-t-2589-2008",
    "trace {} --method ceads --flow agriculture --product raw_coal",
    "reference {} --method ipcc-2006",
    "completeness {} --method ipcc-2006",
    "end-use {} --method ceads",
    "official {} --method ipcc-2006 --table 1.A(b)",
    "quality {} --method ceads",
    "compare {}",
    "uncertainty {} --method ipcc-2006",
    "key-categories {} --method ipcc-2006",
    "contributions {} --method ipcc-2006",
    "decoupling {} --pressure co2 --driver gdp",
    "peak {}",
    "project {}",
    "index sensitivity ccni-2.0 {} --draws 10",
)
# Every other command: each reads its file in a way of its own, and is tried with each kind.
COMMANDS = (
    "inventory {} --method ceads",
    "decompose {} --identity kaya",
    "trend {} --value co2",
    "target {} --targets national-targets",
    "index template {toml} -o {out}",
    "index score ccni-2.0 {}",
    "index form pilot-evaluation {} -o {out}",
    "index score ccni-2.0 docs/tables/index.csv --inventory {}",
    "inventory docs/tables/chongqing_2007.csv --method ceads --mapping {}",
    "inventory docs/tables/chongqing_2007.csv --method ceads --overlay {}",
    "inventory docs/tables/chongqing_2007.csv --method ceads --overlay {folder}",
    "inventory docs/tables/chongqing_2007.csv --method ceads --drivers {} -o {html}",
    "inventory docs/tables/chongqing_2007.csv --method ceads --scores {} --quadrant state,trend -o {html}",
    "uncertainty docs/tables/chongqing_2007.csv --method ipcc-2006 --inputs {}",
    "target {} --targets {}",
)


def _link(to: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(to)


def _write(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


KINDS: dict[str, Callable[[Path], object]] = {
    "zeros without end": _link("/dev/zero"),
    "noise without end": _link("/dev/urandom"),
    "a pipe that nobody writes to": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
    "a link to itself": lambda path: path.symlink_to(path),
    "an empty file": _write(b""),
    "a megabyte of noise": _write(random.Random(1).randbytes(2**20)),
    "a text with zeros": _write("项目,原煤(万吨)\n工业,1\0\0\0\n".encode() * 50),
    "one long line": _write(b"x" * 5_000_000),
    "one long number": _write(b"1" * 5_000_000),
    "20,000 columns": _write(
        b"\n".join(b",".join(b"%d" % (i * k) for i in range(20_000)) for k in (1, 2, 3))
    ),
    "600 columns": _write(
        b"\n".join(b",".join(b"c%d" % (i * k) for i in range(600)) for k in (1, 2, 3))
    ),
    "a second row of 2,000 cells": _write(b"area,year,co2,gdp\n" + b"," * 2_000 + b"\n"),
    "a deep declaration": _write(b"a = " + b"[" * 5000 + b"]" * 5000),
    "deep tables": _write(b"[" + b"a." * 90 + b"a]\nb = 1\n"),
    "a long key": _write(b".".join([b"a"] * 200_000) + b" = 1"),
    "a long integer": _write(b"a = " + b"1" * 10_000),
    "quotes": _write(b'"' * 1_000_001),
}
ENDLESS = {
    "zeros without end",
    "noise without end",
    "a pipe that nobody writes to",
    "a folder",
    "an empty file",
}
# Hostile as declarations alone: to the readers of tables they are one short text more.
DECLARATIONS = {"a deep declaration", "deep tables", "a long key", "a long integer"}


def commands_of(kind: str, folder: Path) -> list[list[str]]:
    """Return each command with each of its files replaced by one of a folder.

    Of declarations, those that read one, and one more.
    """
    names = {
        "folder": folder / "own",
        "toml": folder / "input.toml",
        "out": folder / "out.xlsx",
        "html": folder / "out.html",
    }
    table = folder / "input.csv"
    chosen = (*COMMANDS, *ALIKE) if kind in ENDLESS else COMMANDS
    if kind in DECLARATIONS:
        chosen = (COMMANDS[0], *(one for one in COMMANDS if "{toml}" in one or "{folder}" in one))
        chosen += tuple(
            one for one in COMMANDS if one.endswith(("--targets {}", "--overlay {}", "--inputs {}"))
        )
    return [[word.format(table, **names) for word in command.split()] for command in chosen]


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there are no devices here")  # noqa: PTH110
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_input(program, kind, tmp_path):
    """Status 2, plain lines without "should not happen", bounded time and memory, for each replaced file."""
    (tmp_path / "own").mkdir()
    for name in ("input.csv", "input.toml", "own/source.toml"):
        KINDS[kind](tmp_path / name)
    commands = commands_of(kind, tmp_path)
    assert len(commands) > 5
    for words in commands:
        done = program.run(*words, limits=LIMITS)
        said = done.stdout + done.stderr
        assert done.returncode == 2, (words, done.returncode, said[:300])
        assert 0 < said.count("\n") < 110, words
        assert "should not happen" not in said, (words, said[:300])
        assert "Traceback" not in said, words
        assert max(map(len, said.splitlines())) < 2000, (words, said[:300])
        assert done.megabytes < MEGABYTES, words
    assert not list(tmp_path.glob("out*"))
