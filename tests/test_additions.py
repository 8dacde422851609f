"""An addition touches one place: one of each kind, put into a copy of the tree, is found by itself."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EDITION = (
    "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
)

START = """
from pathlib import Path

import pandas as pd

import carbonacct as ca

def put(name, *lines):
    Path(name).write_text("\\n".join(lines), encoding="utf-8")
"""


@dataclass(frozen=True)
class Addition:
    """One place, what is put at its end (or the files of a new folder), what shows it and what that prints."""

    kind: str
    place: str
    added: str | dict[str, str]
    shown: str
    answer: str


ADDITIONS = (
    Addition(
        kind="edition",
        place="factors/own-edition",
        added={
            "source.toml": (
                'title = "Own"\n'
                'title_zh = "自有"\n'
                'publisher = "a test"\n'
                'edition = "1"\n'
                'date = "2020"\n'
                'reference = "none"\n'
                'changes = ""\n'
            ),
            "net_calorific_value.csv": (
                "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
                "raw_coal,,,,,,,原煤,20000,,,kJ/kg,1,1,single,\n"
            ),
        },
        shown='print(ca.load_edition("own-edition").rows[0].value)',
        answer="20000.0",
    ),
    Addition(
        kind="method",
        place="factors/methods/own.toml",
        added=(
            'extends = "guideline"\n'
            'title = "Own"\n'
            'reference = "none"\n'
            'editions = ["provincial-2011", "gb-t-2589-2008"]\n'
            "[chains]\n"
            'CO2 = [["net_calorific_value", "carbon_content", "oxidation_factor", "carbon_to_co2"]]\n'
        ),
        shown='print("own" in ca.method_ids(), ca.load_method("own").gases)',
        answer="True ('CO2',)",
    ),
    Addition(
        kind="layout",
        place="factors/layouts/own.csv",
        added=(
            "kind,name,id,sign,note\n"
            "match,Own yearbook,,,\n"
            "flow,Mills and forges,industry,,\n"
            "product,Black stones,raw_coal,,\n"
        ),
        shown=(
            'put("own.csv", "Own yearbook 北京 2019,,", ",Black stones (10^4 t),Diesel (10^4 t)",'
            ' "Mills and forges,7,1", "Transport,1,2")\n'
            'print(ca.read_balance("own.csv").amounts.sel(flow="industry", product="raw_coal").item())'
        ),
        answer="70000.0",
    ),
    Addition(
        kind="source of a sector",
        place="factors/methods/provincial-2011/processes.toml",
        added=(
            "\n"
            "[activity.own_vent]\n"
            'zh = "自有排空"\n'
            'en = "Own vent"\n'
            'unit = "t CO2"\n'
            'printed = "a test"\n'
            "\n"
            "[[source]]\n"
            'id = "own"\n'
            'zh = "自有"\n'
            'en = "Own"\n'
            'category = "2.H"\n'
            'gas = "CO2"\n'
            'cite = "a test"\n'
            'equation = "CO2 = own_vent"\n'
            "\n"
            "[[source.example]]\n"
            "given = { own_vent = 5 }\n"
            "gives = 5\n"
        ),
        shown=(
            'put("own_activities.csv", "area,year,activity,value,unit", "北京,2019,自有排空,5,t CO2")\n'
            'print(ca.compile_sectors("own_activities.csv", method="provincial-2011").entries["value"].sum())'
        ),
        answer="5.0",
    ),
    Addition(
        kind="index",
        place="factors/indices/own.toml",
        added=(
            'title = "Own"\n'
            'title_zh = "自有"\n'
            'publisher = "a test"\n'
            'date = "2020"\n'
            'reference = "none"\n'
            "scale = 1\n"
            'missing = "absent"\n'
            "[rule.own]\n"
            'kind = "min-max"\n'
            "minimum = 0\n"
            "maximum = 10\n"
            'source = "none"\n'
            "[[indicator]]\n"
            'id = "own"\n'
            'zh = "自有"\n'
            'en = "Own"\n'
            "weight = 1\n"
            'unit = "number"\n'
            'unit_zh = "个"\n'
            'direction = "more"\n'
            'from = "column"\n'
            'rule = "own"\n'
            'place = "none"\n'
        ),
        shown='print("own" in ca.index_ids(), [leaf.id for leaf in ca.load_index("own").leaves])',
        answer="True ['own']",
    ),
    Addition(
        kind="kind of output",
        place="carbonacct/report/inventories.py",
        added=(
            '\n\n_WRITERS[".own"] = lambda shown, path, _: path.write_text(f"{len(shown.energy)} own")\n'
        ),
        shown=(
            "from carbonacct.cli import main\n"
            'words = "inventory docs/tables/chongqing_2007.csv --method ceads -o x.own"\n'
            "assert main(words.split()) == 0\n"
            'print(open("x.own").read())'
        ),
        answer="1 own",
    ),
    Addition(
        kind="country",
        place="factors/vocabulary/areas.csv",
        added="XX,country,,,自有国,Ownland,Ownia,,made up\n",
        shown=(
            'put("land.csv", "Ownia 2019 (10^4 t),,", ",Raw coal,Diesel", "Industry,7,1", "Transport,1,2")\n'
            'print(*ca.read_balance("land.csv").areas)'
        ),
        answer="Ownland",
    ),
    Addition(
        kind="command",
        place="carbonacct/cli/own_commands.py",
        added=(
            "def add_commands(commands):\n"
            '    commands.add_parser("own", help="an addition").set_defaults(run=lambda options: print("ran") or 0)\n'
        ),
        shown=('from carbonacct.cli import main\nassert main(["own"]) == 0'),
        answer="ran",
    ),
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Return what each addition answers, all of them in one copy of the tree."""
    tree = tmp_path_factory.mktemp("tree")
    for part in ("carbonacct", "factors", "docs/tables"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    for one in ADDITIONS:
        if isinstance(one.added, str):
            with (tree / one.place).open("a", encoding="utf-8") as file:
                file.write(one.added)
        else:
            (tree / one.place).mkdir()
            for name, text in one.added.items():
                (tree / one.place / name).write_text(text, encoding="utf-8")
    asked = "\n".join(f"print({'@' + one.kind!r})\n{one.shown}" for one in ADDITIONS)
    done = subprocess.run(
        [sys.executable, "-c", f"{START}\n{asked}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
    )
    assert done.returncode == 0, done.stderr
    parts = done.stdout.strip().removeprefix("@").split("\n@")
    return {lines[0]: lines[-1] for lines in (part.split("\n") for part in parts)}


@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda one: one.kind)
def test_an_addition_in_one_place_is_found(answers, addition):
    """Nothing else has to know it."""
    assert answers[addition.kind] == addition.answer
