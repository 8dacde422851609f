"""A pytest plugin that tries many changes in one session, each in a process with one changed function.

Nothing is imported or collected anew for a change, so that one costs what its tests cost.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import gc
import importlib
import json
import os
import resource
import signal
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

# The environment names the file of the changes: for each the module, the line, the changed text and the tests to ask,
# and the seconds of the processor after which it never ends, and is noticed.
PLAN = "MUTATING_PLAN"
# The lines that are written for the changes, in their order.
VERDICT = "verdict: "
NOTICED, SURVIVED = f"{VERDICT}noticed", f"{VERDICT}survived"
NOT_HELD = (
    f"{VERDICT}not held"  # nothing holds the function: its change has to be written into the file
)
_PASSED, _FAILED, _UNCHANGED = 0, 1, 2  # how the process of a change ends


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try each change of the plan, and write a line for it: whether a test failed."""
    for change in json.loads(Path(os.environ[PLAN]).read_text(encoding="utf-8")):
        items = _pick(session.items, change["tests"])
        print(f"\n{_judge(session, change, items)}", flush=True)
    return True


def _pick(items: Sequence[pytest.Item], asked: Sequence[str]) -> list[pytest.Item]:
    """Return the tests that are asked for, by name or by file, in that order and each once."""
    by_name = {item.nodeid: item for item in items}
    found = {}
    for name in asked:
        named = (
            [by_name[name]]
            if name in by_name
            else [item for item in items if item.nodeid.startswith(name)]
        )
        found |= {item.nodeid: item for item in named}
    return list(found.values())


def _judge(session: pytest.Session, change: dict[str, object], items: list[pytest.Item]) -> str:
    child = os.fork()
    if not child:
        try:
            os.setsid()
            most = int(str(change["most"]))
            resource.setrlimit(resource.RLIMIT_CPU, (most, most))
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            if not exchange(
                Path(str(change["module"])), int(str(change["line"])), str(change["source"])
            ):
                os._exit(_UNCHANGED)
            for item, after in zip(items, [*items[1:], None], strict=True):
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
                if session.testsfailed:
                    os._exit(_FAILED)
            os._exit(_PASSED)
        except BaseException:  # noqa: BLE001 - whatever it is, the change shows
            os._exit(_FAILED)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):  # what a test may have left running
        os.killpg(child, signal.SIGKILL)
    by_end = {_PASSED: SURVIVED, _UNCHANGED: NOT_HELD}
    return by_end.get(os.waitstatus_to_exitcode(status), NOTICED)


def find_function(source: str, line: int) -> ast.FunctionDef | None:
    """Return the outermost function in which a line of a module stands, if it stands in one."""
    parts = ast.parse(source).body
    while part := next(
        (part for part in parts if part.lineno <= line <= (part.end_lineno or 0)), None
    ):
        if isinstance(part, ast.FunctionDef):
            return part if line >= part.body[0].lineno else None
        parts = part.body if isinstance(part, ast.ClassDef) else []
    return None


def exchange(module: Path, line: int, changed: str) -> bool:
    """Give the function in which a line stands, wherever it is held, the code that it has in the changed text.

    What was remembered of earlier calls is forgotten. Returns whether anything holds the function.
    """
    importlib.import_module(".".join(module.with_suffix("").parts).removesuffix(".__init__"))
    function = find_function(module.read_text(encoding="utf-8"), line)
    if function is None:
        return False
    first = min([function.lineno, *(part.lineno for part in function.decorator_list)])
    code = next(
        code
        for code in _list_code(compile(changed, str(module), "exec"))
        if code.co_firstlineno == first
    )
    ends = f"{os.sep}{module}"
    gc.unfreeze()  # frozen objects are not listed
    held = [
        one
        for one in gc.get_objects()
        if isinstance(one, FunctionType)
        and one.__code__.co_firstlineno == first
        and one.__code__.co_qualname == code.co_qualname
        and one.__code__.co_filename.endswith(ends)
    ]
    for one in held:
        one.__code__ = code
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper):
            one.cache_clear()
    return bool(held)


def _list_code(code: CodeType) -> Iterator[CodeType]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield part
            yield from _list_code(part)
