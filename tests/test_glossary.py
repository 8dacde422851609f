"""One thing has one name: what the glossary does not say is not said anywhere."""

from __future__ import annotations

import ast
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
LEFT = 7  # loops that still count places
TEXTS = [
    path
    for folder, pattern in (
        ("carbonacct", "*.py"),
        ("docs", "*.md"),
        ("factors", "*.csv"),
        ("factors", "*.toml"),
    )
    for path in sorted((ROOT / folder).rglob(pattern))
    if path != GLOSSARY
]


def test_every_term_has_both_languages():
    """A row has its English, its Chinese and a meaning, each English term once."""
    assert all(
        len(row) == 4 and all(row[:3]) and re.search(r"[\u4e00-\u9fff]", row[1]) for row in ROWS
    )
    assert len({row[0] for row in ROWS}) == len(ROWS) > 40


@pytest.mark.parametrize("word", [*STRANGE, *(row[3] for row in ROWS if row[3])])
def test_a_forbidden_twin_does_not_come_back(word):
    """No module, page or table of facts says it."""
    pattern = re.compile(r"\s+".join(map(re.escape, word.split())), re.IGNORECASE)
    assert [
        str(path.relative_to(ROOT))
        for path in TEXTS
        if pattern.search(path.read_text(encoding="utf-8"))
    ] == []


def _is_counted(loop: ast.For | ast.comprehension) -> bool:
    call = loop.iter
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"enumerate", "range"}
    )


def _names_of(target: ast.expr) -> set[str]:
    first = target.elts[0] if isinstance(target, ast.Tuple) else target
    return {first.id} if isinstance(first, ast.Name) else set()


def test_a_counted_position_is_no_place():
    """What counts along a row or a list is a position; a place is a file, a sheet and a cell."""
    found = [
        f"{path.relative_to(ROOT)}: {ast.unparse(loop.target)}"
        for path in sorted((ROOT / "carbonacct").rglob("*.py"))
        for loop in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(loop, (ast.For, ast.comprehension)) and _is_counted(loop)
        if _names_of(loop.target) & {"place", "places", "cell", "page", "words"}
    ]
    assert len(found) <= LEFT, found


def test_the_chinese_glossary_holds_the_same_words():
    """Both pages pair the same terms; the Chinese one gives every meaning in Chinese."""
    page = (ROOT / "docs" / "zh" / "glossary.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("| ")
    ]
    rows = [row for row in rows if row[0] not in {"中文", "---"}]
    assert sorted((row[1], row[0]) for row in rows) == sorted((row[0], row[1]) for row in ROWS)
    assert all(re.search(r"[\u4e00-\u9fff]", row[2]) for row in rows)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "zh").glob("*.md")), ids=lambda path: path.name
)
def test_chinese_pages_are_punctuated_as_chinese(path):
    """Between Chinese characters stands full-width punctuation, outside of blocks and code."""
    text = re.sub(
        r"```.*?```|`[^`]*`|\]\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert re.findall(r"[\u4e00-\u9fff][,;:!?][\u4e00-\u9fff ].*", text) == []
