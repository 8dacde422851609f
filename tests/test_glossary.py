"""One thing has one name: what the glossary does not say is not said anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| English", "| ---"))
]
# Words that the field does not know, besides those of the table.
STRANGE = ("so manyth", "equal to itself alone")
TEXTS = [
    path
    for folder, pattern in (("carbonacct", "*.py"), ("docs", "*.md"), ("factors", "*.csv"), ("factors", "*.toml"))
    for path in sorted((ROOT / folder).rglob(pattern))
    if path != GLOSSARY
]


def test_every_term_has_both_languages():
    """A row has its English, its Chinese and a meaning, each English term once."""
    assert all(len(row) == 4 and all(row[:3]) and re.search(r"[\u4e00-\u9fff]", row[1]) for row in ROWS)
    assert len({row[0] for row in ROWS}) == len(ROWS) > 40


@pytest.mark.parametrize("word", [*STRANGE, *(row[3] for row in ROWS if row[3])])
def test_a_forbidden_twin_does_not_come_back(word):
    """No module, page or table of facts says it."""
    pattern = re.compile(r"\s+".join(map(re.escape, word.split())), re.IGNORECASE)
    assert [str(path.relative_to(ROOT)) for path in TEXTS if pattern.search(path.read_text(encoding="utf-8"))] == []
