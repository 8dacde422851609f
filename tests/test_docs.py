"""The documentation does what it says: its blocks run, and its lists name what the data hold.

Blocks of a page run in order, in a folder where ``docs/`` is the documentation. A ``python`` block runs in the page's
namespace, a ``sh`` line in a shell; a ``text`` block right behind is what they print (``...`` stands for anything).
A line that ends with ``# exit status 2`` must stop with 2, any other with 0. A block with a caption is a file.

``python tests/test_docs.py`` writes what the blocks print now into the pages: read the difference before you keep it.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import doctest
import io
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import carbonacct
from carbonacct.cli import main
from carbonacct.cli.main import _build_parser
from carbonacct.data import data_folder
from carbonacct.factors import edition_ids, load_edition, load_method, method_ids, row_value
from tests.warm import WarmProgram

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [
    "../README.md",
    *sorted(
        str(path.relative_to(DOCS))
        for folder in (DOCS, DOCS / "zh")
        for path in folder.glob("*.md")
    ),
]
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_CAPTION = re.compile(r"\A(?::[a-z]+:[^\n]*\n)*:caption: (?P<name>\S+)\n(?::[a-z]+:[^\n]*\n)*\n?")
_STATUS = re.compile(r"#\s*exit status (\d+)\s*$")


@dataclass
class Block:
    """One fenced block: its language, its text, the file it stands for, and where its text is in the page."""

    kind: str
    text: str
    file: str
    span: tuple[int, int]


def read_blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    blocks = []
    for found in _FENCE.finditer(page):
        info, body = found["info"].strip(), found["body"]
        caption = _CAPTION.match(body)
        if info.startswith("{code-block}") and caption:
            blocks.append(Block("file", body[caption.end() :], caption["name"], found.span("body")))
        else:
            blocks.append(Block(info, body, "", found.span("body")))
    return blocks


def run_page(
    name: str, folder: Path, program: Path
) -> list[tuple[Block, Block | None, str, list[str]]]:
    """Run a page's blocks in a folder; return each with the block behind it, what it printed, and what went wrong.

    ``program`` is what ``carbonacct`` means there.
    """
    (folder / "docs").symlink_to(DOCS)
    blocks = read_blocks((DOCS / name).read_text(encoding="utf-8"))
    namespace: dict[str, object] = {"__name__": name}
    done = []
    with contextlib.chdir(folder):
        for number, block in enumerate(blocks):
            faults: list[str] = []
            if block.kind == "file":
                Path(block.file).parent.mkdir(parents=True, exist_ok=True)
                Path(block.file).write_text(block.text, encoding="utf-8")
                continue
            if block.kind == "python":
                printed = _run_python(block.text, f"{name} block {number}", namespace)
            elif block.kind == "sh":
                printed, faults = _run_shell(block.text, program)
            else:
                continue
            behind = (
                blocks[number + 1]
                if number + 1 < len(blocks) and blocks[number + 1].kind == "text"
                else None
            )
            done.append((block, behind, printed, faults))
    return done


def _run_python(code: str, name: str, namespace: dict[str, object]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, name, "exec"), namespace)  # noqa: S102 - the page's own code
    return printed.getvalue()


def _run_shell(text: str, program: Path) -> tuple[str, list[str]]:
    folders = os.pathsep.join(
        [str(program.parent), str(Path(sys.executable).parent), os.environ["PATH"]]
    )
    environment = {**os.environ, "PATH": folders, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    printed, faults = "", []
    for line in text.replace("\\\n", " ").splitlines():
        stated = _STATUS.search(line)
        run = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        printed += run.stdout
        expected = int(stated[1]) if stated else 0
        if run.returncode != expected:
            faults.append(f"{line}: exit status {run.returncode}, not {expected}\n{run.stdout}")
    return printed, faults


def prints(wanted: str, printed: str) -> bool:
    """Return whether a block printed what the page says."""
    return doctest.OutputChecker().check_output(
        wanted, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_and_prints_what_it_shows(
    name: str, tmp_path: Path, program: WarmProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every block of a page runs, and prints the block behind it."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for block, behind, printed, faults in run_page(name, tmp_path, program.command):
        assert not faults, "\n".join(faults)
        if behind:
            assert prints(behind.text, printed), (
                f"{name}:\n{block.text}\nshows\n{behind.text}\nand prints\n{printed}"
            )


def _method_file(name: str) -> dict[str, Any]:
    """Return the content of a method's file, with what it extends."""
    content = tomllib.loads(
        (data_folder() / "methods" / f"{name}.toml").read_text(encoding="utf-8")
    )
    while "extends" in content:
        base = tomllib.loads(
            (data_folder() / "methods" / "bases" / f"{content.pop('extends')}.toml").read_text(
                encoding="utf-8"
            )
        )
        content |= {
            key: [*content.get(key, []), *value] if isinstance(value, list) else value
            for key, value in base.items()
            if key not in content or isinstance(value, list)
        }
    return content


def _section(page: str, method: str) -> str:
    found = re.search(
        rf"^## [^\n]*`{re.escape(method)}`.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL
    )
    assert found, f"methods.md has no section with `{method}` in its heading"
    return found[0]


@pytest.mark.parametrize("method", method_ids())
def test_methods_page_names_every_choice_of_a_method(method: str) -> None:
    """The section of a method names its editions in order, its substitutes, its exclusions and its preferences."""
    page = (DOCS / "methods.md").read_text(encoding="utf-8")
    shared = page.partition("## What all inventory methods share")[2].partition("\n## ")[0]
    section = " ".join((_section(page, method) + shared).split())
    content = _method_file(method)
    listed = re.findall(
        r"`([a-z0-9-]+)`", section.partition("Editions, in order:")[2].partition(".")[0]
    )
    assert listed == list(dict.fromkeys(content["editions"]))
    for item in content.get("substitute", []):
        assert f"| `{item['product']}` | `{item['use']}` | {item['reason']} |" in section
    for item in content.get("exclude", []):
        words = ", ".join(f"`{product}`" for product in item["products"])
        where = ", ".join(f"`{flow}`" for flow in item.get("flows", [])) or "everywhere"
        assert f"| {words} | {where} | {item['reason']} |" in section
    whole = (DOCS / "methods.md").read_text(encoding="utf-8")
    for item in content.get("factor_categories", []):
        words = ", ".join(f"`{product}`" for product in item.get("products", [])) or "others"
        words += {
            "transport": "",
            "bunkers_home": " (refuelling rows)",
            "bunkers_abroad": " (refuelling rows)",
        }.get(item["flow"], f" (`{item['flow']}`)")
        assert f"| {words} | `{item['category']}` | {item['reason']} |" in whole
    for item in content.get("transformed", []):
        words = ", ".join(f"`{product}`" for product in item["products"])
        assert (
            f"| {words} | `{item['flow']}` | {'yes' if item['counts'] else 'no'} | {item['reason']} |"
            in section
        )
    for flow, reason in content.get("assumed", {}).items():
        assert f"`{flow}`" in section
        assert reason in section
    if pool := content.get("carbon_pool"):
        assert re.search(rf"\*\*`{pool['count']}`\*\* \([^)]*`{method}`", section)
        assert pool["reason"] in section
    for product, edition in content.get("prefer", {}).items():
        assert f"`{product}`" in section
        assert f"`{edition}`" in section
    for flow in content.get("options", {}).get("scale_parts", []):
        assert f"`{flow}`" in section


def test_methods_page_says_the_roles_that_all_inventory_methods_share() -> None:
    """One table of roles holds for every inventory method, or the method's section says otherwise."""
    page = (DOCS / "methods.md").read_text(encoding="utf-8")
    for method in map(load_method, method_ids()):
        for flow, role in method.roles.items():
            shared = f"| `{flow}` | {role} |" in page
            assert shared or f"`{flow}`" in _section(page, method.id), (method.id, flow, role)


def test_methods_page_gives_the_order_of_grid_factors() -> None:
    """Scope 2 asks the editions in the order on the page, in every method that counts it."""
    page = " ".join((DOCS / "methods.md").read_text(encoding="utf-8").split())
    listed = re.findall(
        r"`([a-z0-9-]+)`",
        page.partition("Grid factors are asked for in this order:")[2].partition(".")[0],
    )
    for method in map(load_method, method_ids()):
        for rule in method.imported_energy:
            if rule.product == "electricity":
                assert list(rule.editions) == listed


def test_methods_page_lists_every_edition_that_ships() -> None:
    """Each published edition stands in the list of editions."""
    page = (DOCS / "methods.md").read_text(encoding="utf-8")
    assert not [edition for edition in edition_ids() if f"`{edition}`" not in page]


def test_command_line_page_names_every_command_and_option() -> None:
    """The page shows each command with its arguments, and explains each option."""
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    tables = "\n".join(line for line in page.splitlines() if line.startswith("|"))
    for words, parser in _commands(_build_parser()):
        assert re.search(rf"^carbonacct {words}( |$)", page, re.MULTILINE), words
        options = {option for action in parser._actions for option in action.option_strings} - {
            "-h",
            "--help",
        }
        assert not [option for option in options if f"`{option}`" not in tables], words


def _commands(
    parser: argparse.ArgumentParser, words: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield each command with its parser."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield words, parser
    for name, child in (item for action in below for item in action.choices.items()):
        yield from _commands(child, f"{words} {name}".strip())


def test_carbon_content_gives_the_published_co2_factor_of_every_ipcc_fuel() -> None:
    """The accuracy page on tables 1.3 and 1.4: 53 fuels equal to three digits, oil shale furthest apart."""
    rows = [
        row
        for row in load_edition("ipcc-2006").rows
        if row.gas in ("", "CO2") and not row.category and not row.flow
    ]
    content = {
        row.product: row_value(row, "t C/TJ") * 44 / 12
        for row in rows
        if row.parameter == "carbon_content"
    }
    factor = {
        row.product: row_value(row, "t CO2/TJ")
        for row in rows
        if row.parameter == "emission_factor"
    }
    assert content.keys() == factor.keys()
    assert len(content) == 53
    apart = {product: abs(content[product] / factor[product] - 1) for product in content}
    assert all(f"{content[product]:.3g}" == f"{factor[product]:.3g}" for product in content)
    assert max(apart, key=apart.__getitem__) == "oil_shale"
    assert round(100 * apart["oil_shale"], 2) == 0.28


def test_api_page_names_every_public_name() -> None:
    """Nothing public is without a place on the page of Python names."""
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    assert not [name for name in carbonacct.__all__ if f"carbonacct.{name}\n" not in page]


def test_readme_shows_what_make_inventory_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The table of the README is the one that its first command prints."""
    main(
        [
            "inventory",
            "docs/tables/chongqing_2007.csv",
            "--method",
            "provincial-2011",
            "--lang",
            "en",
        ]
    )
    printed = capsys.readouterr().out.partition("\n\n")[0]
    assert f"```text\n{printed}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_accuracy_page_gives_the_pinned_errors_of_industrial_coal() -> None:
    """The table of provinces is the one that the tests pin."""
    page = (
        (DOCS / "accuracy.md")
        .read_text(encoding="utf-8")
        .replace("Inner Mongolia", "InnerMongolia")
    )
    with (ROOT / "tests" / "data" / "ceads_2007_industrial_coal_error.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        for row in csv.DictReader(stream):
            assert f"| {row['province']} | {float(row['error_percent']):+.2f} |" in page


def update(name: str) -> None:
    """Write what a page's blocks print into it."""
    path = DOCS / name
    page = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as there:
        program = WarmProgram(Path(there))
        done = run_page(name, Path(folder), program.command)
        program.stop()
        for _, behind, printed, faults in reversed(done):
            sys.stdout.writelines(faults)
            if behind and not faults and not prints(behind.text, printed):
                start, end = behind.span
                page = (
                    page[:start]
                    + "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
                    + page[end:]
                )
    path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    for page_name in sys.argv[1:] or PAGES:
        update(page_name)
