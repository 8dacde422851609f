"""One way through the house, and habits that a reader relies on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import carbonacct
from carbonacct import vocabulary
from carbonacct.categories import categories

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "carbonacct").rglob("*.py"))


@cache
def nodes_of(path):
    """Return the nodes of a module, from the top."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def test_layers():
    """The rooms import one way, from the command line down to the errors, and every module has its place."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def imports_of(path, known):
    """Return which of some modules a module imports when it runs, within functions too."""
    types = [
        node
        for node in nodes_of(path)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    unread = {id(inner) for node in types for inner in ast.walk(node)}
    for node in nodes_of(path):
        if isinstance(node, ast.ImportFrom) and id(node) not in unread:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from {inner if inner in known else node.module} & known


def test_reports_import_one_way():
    """Within the largest room as well: each module can be understood without those that use it."""
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in MODULES
        if "report" in path.parts
    }
    order = list(
        TopologicalSorter(
            {one: imports_of(path, {*paths}) for one, path in paths.items()}
        ).static_order()
    )
    assert order.index("carbonacct.report.frames") < order.index("carbonacct.report.inventories")


def test_public_names():
    """The package offers the names of its rooms, each importable, documented and in the reference."""
    assert carbonacct.__all__ == sorted(carbonacct._HOMES)
    reference = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for name in carbonacct.__all__:
        assert getattr(carbonacct, name).__doc__
        assert f"carbonacct.{name}\n" in reference, name
    with pytest.raises(AttributeError, match="no attribute 'unicorn'"):
        _ = carbonacct.unicorn
    assert set(carbonacct.__all__) <= set(dir(carbonacct))


def test_no_public_name_is_a_room():
    """A room that was imported would stand in the place of the name."""
    rooms = {path.stem for path in (ROOT / "carbonacct").iterdir()}
    assert not rooms & set(carbonacct.__all__)


def test_importing_the_package_loads_nothing_heavy():
    """`import carbonacct` is at once; a room loads when its first name is used."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, carbonacct; print([m for m in ('numpy','pandas','xarray','pint') if m in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == "[]"


def test_modules_are_small_and_named_by_what_they_are():
    """A module has at most 560 lines and is no utils, helpers, core or common."""
    large = [str(path) for path in MODULES if path.read_text(encoding="utf-8").count("\n") > 560]
    assert large == []
    assert {path.stem for path in MODULES}.isdisjoint({"utils", "helpers", "core", "common"})


def test_no_factor_and_no_method_is_in_the_code():
    """44/12 and names of methods are data: in the code only examples and messages of docstrings name them."""
    assert [f"{path}:{line}" for path in MODULES for line in list_facts(path)] == []


def list_facts(path):
    """Yield the lines of a module that hold a factor or the name of a method."""
    docstrings = {
        id(node.body[0].value)
        for node in nodes_of(path)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes_of(path):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            is_factor = isinstance(node.value, float) and abs(node.value - 44 / 12) < 0.01
            names = isinstance(node.value, str) and re.search(
                r"\b(ceads|ipcc-2006|whitepaper-2022)\b", node.value
            )
            if is_factor or names:
                yield node.lineno
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and isinstance(node.left, ast.Constant)
            and isinstance(node.right, ast.Constant)
            and (node.left.value, node.right.value) == (44, 12)
        ):
            yield node.lineno


# What reads like a flow or a product above the sectors and is none: columns of the sheet of the reference approach, and
# the roles that a method gives to rows.
HOMONYMS = {
    "workbook_words.py": {
        "production",
        "imports",
        "exports",
        "stock_change",
        "transformation",
        "feedstock",
    }
}


def test_no_room_above_the_sectors_names_a_flow_a_product_or_a_category():
    """What is said of one of them is data, or a function of its sector; examples and prose apart."""
    codes = {code for code in categories() if "." in code}
    known = {*vocabulary.flows(), *vocabulary.products(), *codes}
    rooms = ("analysis", "cli", "indices", "projects", "report", "uncertainty", "web")
    found = []
    for path in (one for one in MODULES if one.relative_to(ROOT).parts[1] in rooms):
        prose = {id(node.value) for node in nodes_of(path) if isinstance(node, ast.Expr)}
        texts = (
            node
            for node in nodes_of(path)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        named = {text.value.strip(".") for text in texts if id(text) not in prose} & known
        found += [(str(path), name) for name in sorted(named - HOMONYMS.get(path.name, set()))]
    assert found == []


# The modules of reports that show an energy table itself; docs/convention.md says what each lacks in the record.
SHOW_TABLES = (
    "chapter/energy_chapter",
    "chapter/supporting_sections",
    "chapter/word_document",
    "doubts",
    "energy_data_files",
    "joined_inventories",
    "kaya",
    "page/approaches_section",
    "page/page_content",
    "page/reference_table",
    "page/table_parts",
    "shown",
    "workbook/annexes",
    "workbook/book",
    "workbook/plan",
    "workbook/source_sheets",
)


def test_what_stands_above_the_sectors_takes_the_record():
    """No room above the sectors reads an inventory's balance; only listed modules take energy inventories."""
    for room in ("analysis", "indices", "report", "uncertainty"):
        for path in sorted((ROOT / "carbonacct" / room).rglob("*.py")):
            asked = [
                node
                for node in nodes_of(path)
                if isinstance(node, ast.Attribute) and node.attr == "balance"
            ]
            assert not asked, f"{path}:{asked[0].lineno}"
    taking = {
        path.relative_to(ROOT / "carbonacct").with_suffix("").as_posix()
        for room in ("analysis", "report", "uncertainty")
        for path in (ROOT / "carbonacct" / room).rglob("*.py")
        if "EnergyInventory"
        in re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    }
    assert taking == {*(f"report/{name}" for name in SHOW_TABLES), "uncertainty/adapter"}


def test_nothing_is_swallowed():
    """No bare except, and no except that passes."""
    for path in MODULES:
        for node in nodes_of(path):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, path
                assert not all(isinstance(statement, ast.Pass) for statement in node.body), path


def test_the_page_of_the_reader_names_every_module_of_its_stage():
    """docs/reading.md draws the stages as they are: a module that moves, comes or goes changes the page."""
    page = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    stages = ROOT / "carbonacct" / "balances"
    for stage in (path for path in stages.iterdir() if (path / "__init__.py").exists()):
        line = re.search(
            rf"^\| {stage.name} \|.*\| ([^|]*) \|$|`{stage.name}` \(([^)]*)\)", page, re.MULTILINE
        )
        assert line, stage.name
        named = set(re.findall(r"`(\w+)`", line[1] or line[2]))
        assert named == {path.stem for path in stage.glob("*.py")} - {"__init__"}, stage.name


def test_each_module_and_each_class_has_a_name_of_its_own():
    """A name that stands twice must be read with its folder to be understood."""
    stems = Counter(path.stem for path in MODULES if not path.stem.startswith("__"))
    stems.update(path.parent.name for path in MODULES if path.stem == "__init__")
    assert [stem for stem, times in stems.items() if times > 1] == []
    classes = Counter(
        node.name for path in MODULES for node in nodes_of(path) if isinstance(node, ast.ClassDef)
    )
    assert [name for name, times in classes.items() if times > 1] == []


def test_the_formatter_lays_out_every_line():
    """No line is kept from it, and none is longer than the limit of ``pyproject.toml`` by a mark of its own."""
    written = [
        *MODULES,
        *(path for part in ("tests", "benchmarks") for path in (ROOT / part).rglob("*.py")),
    ]
    mark = re.compile(r"#\s*fmt:|#\s*noqa:.*E501")
    assert [path.name for path in written if mark.search(path.read_text(encoding="utf-8"))] == []


def test_parameters_by_position_are_few():
    """At most four are passed by position, and a record of many fields is built by keyword."""
    for path in MODULES:
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef):
                named = [
                    one.arg
                    for one in (*node.args.posonlyargs, *node.args.args)
                    if one.arg not in {"self", "cls"}
                ]
                assert len(named) <= 4, f"{path}:{node.lineno} {node.name}"
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id[0].isupper()
            ):
                assert len(node.args) < 9, f"{path}:{node.lineno} {node.func.id}"


def test_nothing_is_known_by_its_address():
    """No key is an object's ``id``; nothing is read from the strides of an array or from within a cache."""
    for path in MODULES:
        for node in nodes_of(path):
            asks = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "id"
            )
            looks = isinstance(node, ast.Attribute) and node.attr in {"strides", "__wrapped__"}
            assert not asks, f"{path}:{node.lineno}"
            assert not looks, f"{path}:{node.lineno}"
