"""Every Chinese output of a project: no half-width mark beside Chinese, no Latin word that nobody allowed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from carbonacct.cli import main
from tests.report.chinese_project import read_output, write_project

_CHINESE = r"\u3400-\u9fff（）《》“”、，；：。［］"
HALF_WIDTH = re.compile(
    rf"[{_CHINESE}] ?[,;:()!?\[\]]|[,;:()!?\[\]] ?[{_CHINESE}]|[\u3400-\u9fff]['\"]|['\"][\u3400-\u9fff]"
)
LATIN = re.compile(r"[A-Za-z][A-Za-z_]*[A-Za-z]")
ALLOWED = Path(__file__).parents[1] / "data" / "chinese_outputs.toml"


@cache
def allowed() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    """Return what is not asked, what is taken out, and what words may stay."""
    held = tomllib.loads(ALLOWED.read_text(encoding="utf-8"))
    whole, parts = (
        re.compile("|".join(f"(?:{one['pattern']})" for one in held[key]))
        for key in ("whole", "parts")
    )
    return whole, parts, frozenset(word for words in held["words"].values() for word in words)


def find_faults(texts: list[str]) -> list[str]:
    """Return the texts that an editor would touch, each with what is wrong in it."""
    whole, parts, words = allowed()
    faults = []
    for text in dict.fromkeys(texts):
        if whole.search(text):
            continue
        held = parts.sub("", text)
        marks = [found[0] for found in HALF_WIDTH.finditer(held)]
        latin = sorted(set(LATIN.findall(held)) - words)
        if marks or latin:
            faults.append(f"{marks + latin}: {text[:200]}")
    return faults


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a project with all its outputs; the refused table makes the build say so."""
    home = write_project(tmp_path_factory.mktemp("chinese") / "p")
    assert main(["build", "--project", str(home), "--lang", "zh"]) == 2
    return home


def test_every_output_is_there(folder):
    """The refused table stops no output."""
    kinds = {path.name.partition(".")[2] for path in (folder / "output").iterdir()}
    assert kinds >= {"html", "docx", "xlsx", "brief.html", "brief.docx"}
    assert len(list((folder / "output").glob("[!m]*.*"))) == 15


@pytest.mark.parametrize(
    "pattern", ["whole.html", "whole.docx", "whole.xlsx", "whole.brief.*", "[!wm]*.*"]
)
def test_no_mark_and_no_word_is_foreign(folder, pattern):
    """Page, chapter, workbook, brief, and analyses of each kind."""
    paths = sorted((folder / "output").glob(pattern))
    assert paths
    for path in paths:
        texts = read_output(path)
        assert len(texts) > 5, path.name
        assert find_faults(texts) == [], path.name


def test_what_the_command_line_says(folder, capsys):
    """Lines of the terminal, the refused table among them."""
    main(["status", "--project", str(folder), "--lang", "zh"])
    said = capsys.readouterr()
    lines = [
        line
        for line in (said.out + said.err).replace(str(folder), "").splitlines()
        if " = " not in line
    ]
    assert find_faults(lines) == []


def test_the_scan_sees_what_is_wrong():
    """A mark, a quote, a foreign word; what is allowed stays."""
    wrong = [
        "煤: 3",
        "排放 (万吨)",
        "煤, 油",
        "不认识行 '楼宇经济'",
        "煤 total",
        "范围二: 电力",
        "猪; 牛",
    ]
    assert len(find_faults(wrong)) == len(wrong)
    right = [
        "煤：3",
        "排放（万吨）",
        "t CO2/t 水泥熟料",
        "坏.csv!A4：不认识",
        "水泥（cement）",
        "CO2 = (甲 - 乙) * 2",
    ]
    assert find_faults(right) == []
