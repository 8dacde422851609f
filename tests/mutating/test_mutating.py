"""The mutation test is itself tested: each mutant is one change, and killed ones are told from survivors."""

from __future__ import annotations

import ast
import csv
import inspect
import json
import shutil

import pytest
from coverage import CoverageData

from carbonacct.analysis import logarithmic_mean, theil_sen
from carbonacct.balances.check import counting
from tests.mutating import reach
from tests.mutating.__main__ import (
    NO_DIFFERENCE,
    ROOMS,
    ROOT,
    list_nearest,
    list_room,
    read_no_difference,
    record,
    run_tests,
    try_mutants,
)
from tests.mutating.mutants import list_mutants

SOURCE = '''"""A module."""
def cap(value, most=3):
    """Return a value, at most so much."""
    if value > most:
        raise ValueError(f"{value + 1} is too much")
    return value * 2
'''


def test_the_changes_of_a_small_module():
    """A comparison and an operator and its number change; the message of an error and a docstring do not."""
    changes = [(mutant.before, mutant.after) for mutant in list_mutants("m.py", SOURCE)]
    assert changes == [("value > most", "value >= most"), ("value * 2", "value / 2"), ("2", "3")]


def test_a_guard_of_lengths_is_no_change_to_look_for():
    """That zip is strict never shows in a run that is right; another truth value does."""
    changes = [
        mutant.before for mutant in list_mutants("m.py", "dict(zip(a, b, strict=True), wide=False)")
    ]
    assert changes == ["False"]


def test_a_law_that_fails_is_not_tried_smaller(tmp_path):
    """Of a law that fails from the first example on, few are asked: the first failure is the answer."""
    test = (
        "from hypothesis import given, settings, strategies as st\n\n"
        "@settings(max_examples=50)\n@given(st.lists(st.integers()))\n"
        "def test_it(numbers):\n    open('asked', 'a').write('1')\n    assert False\n"
    )
    (tmp_path / "test_m.py").write_text(test, encoding="utf-8")
    _copy_measure(tmp_path)
    assert run_tests(tmp_path, ["test_m.py"]) == 1
    assert len((tmp_path / "asked").read_text(encoding="utf-8")) <= 3


@pytest.mark.parametrize("module", [logarithmic_mean, theil_sen, counting])
def test_each_change_is_code_that_differs(module):
    """What is written is Python, and not what stood there."""
    source = inspect.getsource(module)
    tree = ast.dump(ast.parse(source))
    mutants = list(list_mutants("m.py", source))
    assert len(mutants) > 10
    some = mutants[:: max(1, len(mutants) // 12)]
    assert all(ast.dump(ast.parse(mutant.apply(source))) != tree for mutant in some)


def _copy_measure(folder):
    """Put the measure into a checkout, as a package of its own: a folder alone gives way to one that is installed."""
    shutil.copytree(ROOT / "tests" / "mutating", folder / "tests" / "mutating")
    (folder / "tests" / "__init__.py").touch()


def test_a_test_that_looks_notices_and_one_that_does_not_lets_pass(tmp_path):
    """In a checkout with one test, a change of what it asserts is noticed; all other changes survive."""
    source = SOURCE.replace("value > most", "value > most + MORE") + "MORE = 1\nLESS = 2\n"
    (tmp_path / "m.py").write_text(source, encoding="utf-8")
    test = "import m\n\ndef test_it():\n    assert m.cap(1) == 2\n    assert m.LESS == 2\n"
    (tmp_path / "test_m.py").write_text(test, encoding="utf-8")
    _copy_measure(tmp_path)
    asked = [(mutant, ["test_m.py"]) for mutant in list_mutants("m.py", source)]
    verdicts = [(mutant.before, is_noticed) for mutant, is_noticed in try_mutants(tmp_path, asked)]
    assert verdicts == [
        ("value > most + MORE", False),
        ("most + MORE", False),
        ("value * 2", True),
        ("2", True),
        ("1", False),
        ("2", True),
    ]
    assert (tmp_path / "m.py").read_text(encoding="utf-8") == source


@pytest.mark.parametrize("later", ["gc.freeze()", "del m.cap"])
def test_a_function_that_is_hidden_is_changed_all_the_same(tmp_path, later):
    """One that the collector of garbage does not list, and one that nothing holds when its change is tried."""
    source = "def cap(value):\n    return max(value + 1, 2)\n\nMOST = cap(2)\n"
    (tmp_path / "m.py").write_text(source, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(f"import gc, m\n{later}\n", encoding="utf-8")
    test = "import m\n\ndef test_it():\n    assert m.MOST == 3\n    assert not hasattr(m, 'cap') or m.cap(2) == 3\n"
    (tmp_path / "test_m.py").write_text(test, encoding="utf-8")
    _copy_measure(tmp_path)
    asked = [
        (mutant, ["test_m.py"])
        for mutant in list_mutants("m.py", source)
        if mutant.before in {"1", "2"}
    ][:2]
    verdicts = [(mutant.before, is_noticed) for mutant, is_noticed in try_mutants(tmp_path, asked)]
    assert verdicts == [("1", True), ("2", False)]


def test_a_condition_is_turned_and_a_reduction_is_another():
    """What decides is decided the other way round; any is not all."""
    source = "def f(a):\n    if a.any():\n        return [x for x in a if x]\n"
    changes = [(mutant.before, mutant.after) for mutant in list_mutants("m.py", source)]
    assert changes == [("a.any()", "not a.any()"), ("a.any()", "a.all()"), ("x", "not x")]


def test_what_makes_no_difference_is_still_there():
    """Each change that is passed over is one of the code, and says why."""
    with NO_DIFFERENCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {mutant.key for room in ROOMS for mutant in list_room(ROOT, room)}
    assert read_no_difference() <= known
    assert all(row["why"] for row in rows)


def test_the_tests_that_run_a_line_are_asked_the_quickest_first(tmp_path):
    """Of a recording those that ran the line, in turn from each file, then others, then near files as far as they fit.

    Of a module that is another since then, those that ran any line of it; of a file of tests that is, all.
    """
    (tmp_path / "carbonacct").mkdir()
    (tmp_path / "tests").mkdir()
    near = [tmp_path / "tests" / name for name in ("same.py", "other.py", "t.py", "u.py")]
    for file in near:
        file.write_text("", encoding="utf-8")
    module = tmp_path / "carbonacct" / "m.py"
    module.write_text(SOURCE, encoding="utf-8")
    recording = tmp_path / "recording"
    reach.recording_arguments(tmp_path, recording)
    data = CoverageData(recording / reach.LINES)
    ran = {
        "tests/t.py::slow": [4, 6],
        "tests/t.py::quick": [6],
        "tests/t.py::third": [6],
        "tests/u.py::last": [6],
        "tests/t.py::huge": [6],
        "tests/u.py::other": [4],
    }
    for test, lines in ran.items():
        data.set_context(f"{test}|run")
        data.add_lines({str(module): lines})
    data.write()
    times = recording / reach.TIMES
    seconds = {
        "tests/t.py::slow": 2.0,
        "tests/t.py::quick": 1.0,
        "tests/t.py::third": 1.5,
        "tests/u.py::last": 1.8,
        "tests/u.py::other": 0.1,
        "tests/t.py::huge": 9.0,
        "tests/same.py::quick": 3.0,
        "tests/same.py::slow": 3.0,
        "tests/other.py::quick": 1.0,
    }
    times.write_text(
        json.dumps(json.loads(times.read_text(encoding="utf-8")) | {"seconds": seconds}),
        encoding="utf-8",
    )
    mutant = next(mutant for mutant in list_mutants("carbonacct/m.py", SOURCE) if mutant.line == 6)
    running = ["tests/t.py::quick", "tests/u.py::last", "tests/t.py::third", "tests/u.py::other"]
    nearest = ["tests/same.py", "tests/other.py", "tests/new.py"]
    near[1].write_text("# another test", encoding="utf-8")
    chosen = reach.choose_tests(recording, tmp_path, mutant, 5, nearest)
    assert chosen == [*running, "tests/other.py", "tests/new.py", "tests/same.py::quick"]
    reach._digest_of.cache_clear()
    module.write_text(SOURCE + "\n", encoding="utf-8")
    assert reach.choose_tests(recording, tmp_path, mutant, 5) == [
        "tests/u.py::other",
        "tests/t.py::quick",
        "tests/t.py::third",
        "tests/u.py::last",
    ]


def test_a_test_that_would_never_fit_is_left_while_recording(tmp_path):
    """One that takes too long is no failure and is not recorded; one that is skipped neither."""
    (tmp_path / "carbonacct").mkdir()
    (tmp_path / "carbonacct" / "__init__.py").write_text(
        "def double(a):\n    return 2 * a\n", encoding="utf-8"
    )
    test = (
        "import pytest, carbonacct\n\ndef test_quick():\n    assert carbonacct.double(1) == 2\n\n"
        "def test_endless():\n    while carbonacct.double(1):\n        pass\n\n"
        "def test_skipped():\n    pytest.skip('no tables')\n"
    )
    _copy_measure(tmp_path)
    (tmp_path / "tests" / "test_m.py").write_text(test, encoding="utf-8")
    record(tmp_path, tmp_path / "recording", ["tests/test_m.py"], longest=0.2)
    seconds = json.loads((tmp_path / "recording" / reach.TIMES).read_text(encoding="utf-8"))[
        "seconds"
    ]
    assert list(seconds) == ["tests/test_m.py::test_quick"]
    mutant = next(list_mutants("carbonacct/__init__.py", "def double(a):\n    return 2 * a\n"))
    assert reach.choose_tests(tmp_path / "recording", tmp_path, mutant, 2) == [
        "tests/test_m.py::test_quick"
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_changes_and_tests(room):
    """The rooms that are measured are there, and so are their tests."""
    assert list_room(ROOT, room)
    assert all((ROOT / path).exists() for path in ROOMS[room])


def test_the_tests_of_a_module_are_asked_first():
    """One that is called as the module comes before those that import it; the others of the room are not named."""
    nearest = list_nearest(ROOT, "carbonacct/analysis/logarithmic_mean.py", ROOMS["analysis"])
    assert nearest == [
        "tests/analysis/test_logarithmic_mean.py",
        "tests/analysis/test_decomposition_limits.py",
    ]
    beside = list_nearest(ROOT, "carbonacct/sheets/archive.py", ROOMS["sheets"])
    assert {"tests/sheets/test_packed.py", "tests/sheets/test_workbook_files.py"} <= set(
        beside
    )  # from sheets import archive
    assert (
        list_nearest(ROOT, "carbonacct/analysis/theil_sen.py", ROOMS["analysis"])[0]
        == "tests/analysis/test_theil_sen.py"
    )
