"""Methods, layouts and indices that a user or another package brings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import FactorDataError, MethodError, TableError
from carbonacct.factors.method_names import find_sources_id

TABLE = "docs/tables/chongqing_2007.csv"
OWN = """extends = "provincial-2011"
title = "The guideline, without town gas"
title_zh = "省级指南，不计城市煤气"
reference = "a test"

[[exclude]]
products = ["diesel"]
flows = ["transport"]
reason = "a test"
"""


@pytest.fixture
def method(tmp_path):
    """Return a method file that extends the guideline."""
    path = tmp_path / "ours-2024.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_method_file_is_the_method_it_extends_and_what_it_says(method):
    """What it leaves out is what the inventory lacks, to the gram; its name is that of the file, its file is hashed."""
    base = ca.compile_inventory(TABLE, method="provincial-2011")
    found = ca.compile_inventory(TABLE, method=method)
    assert (found.method.id, found.method.title) == ("ours-2024", "The guideline, without town gas")
    lost = base.emissions.sel(flow="transport", product="diesel").item()
    assert lost > 5e6
    assert float(base.emissions.sum() - found.emissions.sum()) == pytest.approx(lost, rel=1e-12)
    made = ca.to_inventory(found, files=[TABLE]).made_from[0]
    assert made.method == "ours-2024"
    assert [name for name, _ in made.files] == ["chongqing_2007.csv", "ours-2024.toml"]
    again = method.with_name("again.toml")
    again.write_text('extends = "ours-2024.toml"\ntitle = "T"\nreference = "R"\n', encoding="utf-8")
    assert ca.compile_inventory(TABLE, method=str(again)).emissions.equals(found.emissions)
    assert [Path(one).name for one in ca.load_method(again).files] == [
        "again.toml",
        "ours-2024.toml",
    ]


def test_the_shell_takes_the_file_and_says_where_it_is_wrong(method, capsys):
    """One option for ids, names and files; a slip is named with the file and the nearest key."""
    assert main(["inventory", TABLE, "--method", str(method), "--lang", "en"]) == 0
    assert "ours-2024" in capsys.readouterr().out
    method.write_text(OWN.replace("[[exclude]]", "[[exlude]]"), encoding="utf-8")
    assert main(["inventory", TABLE, "--method", str(method)]) == 2
    assert f"{method}: no key 'exlude'; did you mean exclude?" in capsys.readouterr().err
    assert main(["inventory", TABLE, "--method", "absent.toml"]) == 2
    assert (
        "absent.toml: cannot be opened (No such file or directory); name a method or"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('title = "T"\nreference = "R"\nextends = "x.toml"\n', "cannot be opened"),
        ('title = "T"\nreference = "R"\nextends = "ours-2024.toml"\n', "extends itself"),
        ('title = "T"\nextends = "ceads"\n', "reference is missing"),
        ('title = ["T"]\nreference = "R"\nextends = "ceads"\n', "title: write a text in quotes"),
        (OWN + "flows = 3\n", "Cannot overwrite a value"),
        (
            OWN.replace('["diesel"]', '"diesel"'),
            "exclude.products: write a list of words in quotes",
        ),
        ('exclude = "diesel"\n' + OWN.partition("[[")[0], r"exclude: write it as \[\[exclude\]\]"),
        ('roles = "burn"\n' + OWN, "roles: write a table of words"),
        ("options = 1\n" + OWN, r"options: write it as a table \[options\]"),
        (
            OWN + '[chains]\nCO2 = ["net_calorific_value"]\n',
            "chains: write a table of lists of lists",
        ),
        (
            OWN + '[imported_energy]\nelectricity = "grid"\n',
            r"imported_energy.electricity: write it as a table",
        ),
        (OWN + "[carbon_pool]\ntaken_from = 1\n", r"carbon_pool.taken_from: write it as \[\["),
        (OWN + '[carbon_pool]\nsource = "x"\n', "no key 'carbon_pool.source'"),
    ],
)
def test_faults_of_a_method_file_are_one_line_each(method, text, fault):
    """Wrong kinds of values are said as faults of the file, never as a failure of the program."""
    method.write_text(text, encoding="utf-8")
    with pytest.raises(FactorDataError, match=fault) as caught:
        ca.load_method(method)
    assert all(str(method.parent) in line for line in str(caught.value).splitlines())


def test_names_of_methods_that_ship_are_taken(method):
    """A file named like a method that ships would be taken for it in every report."""
    taken = method.rename(method.with_name("ceads.toml"))
    with pytest.raises(MethodError, match="ceads is the name of a method that ships"):
        ca.load_method(taken)


def test_equations_of_other_sectors_are_those_of_the_extended_method(method, tmp_path):
    """A method of energy alone says so where other sectors are asked for."""
    assert find_sources_id(str(method)) == "provincial-2011"
    activities = "docs/tables/chongqing_2007_activities.csv"
    made = [
        ca.compile_sectors(activities, method=one).entries
        for one in (str(method), "provincial-2011")
    ]
    assert made[0].equals(made[1])
    alone = tmp_path / "alone.toml"
    alone.write_text(OWN.replace("provincial-2011", "guideline"), encoding="utf-8")
    with pytest.raises(MethodError, match="extends no method"):
        find_sources_id(str(alone))


def test_a_folder_of_layouts_gives_words_to_the_tables_that_they_match(tmp_path):
    """Words hold in sheets with the title of their layout alone, and a mapping stands before them."""
    folder = tmp_path / "layouts"
    folder.mkdir()
    words = "kind,name,id\nmatch,甲市能源简表,\nflow,楼宇经济,construction\n"
    (folder / "county.csv").write_text(words, encoding="utf-8")
    mine, other = tmp_path / "mine.csv", tmp_path / "other.csv"
    table = "{}能源简表 2015\n项目,原煤（万吨）\n终端消费量,60\n工业,20\n楼宇经济,40\n"
    mine.write_text(table.format("甲市"), encoding="utf-8")
    other.write_text(table.format("乙市"), encoding="utf-8")
    assert ca.read_balance(mine, area="甲市", layout=folder).flows == [
        "final_consumption",
        "industry",
        "construction",
    ]
    assert (
        ca.compile_inventory(mine, area="甲市", layout=folder, method="ceads")
        .total()
        .item()
        .magnitude
        > 0
    )
    with pytest.raises(TableError, match="楼宇经济"):
        ca.read_balance(other, area="乙市", layout=folder)
    mapping = tmp_path / "words.csv"
    mapping.write_text("kind,name,id\nflow,楼宇经济,buildings\n", encoding="utf-8")
    assert "buildings" in ca.read_balance(mine, area="甲市", layout=folder, mapping=mapping).flows
    assert len(ca.propose_mapping(mine, area="甲市", layout=folder)) == 0
    assert main(["check", str(mine), "--area", "甲市", "--layout", str(folder)]) == 0
    (folder / "county.csv").write_text(
        "kind,name,id\nflow,楼宇经济,construction\n", encoding="utf-8"
    )
    with pytest.raises(TableError, match=r"county.csv: a layout needs a line match,TEXT"):
        ca.read_balance(mine, layout=folder)
    with pytest.raises(TableError, match="is no folder of layouts"):
        ca.read_balance(mine, layout=tmp_path / "absent")


_USE = """
import carbonacct as ca
from carbonacct.equations.loading import load_sector
from carbonacct.factors import edition_ids

assert "city-2024" in ca.method_ids() and "city-factors" in edition_ids() and "city-index" in ca.index_ids()
assert ca.load_method("城市方法").sources[0].id == "city-factors"
found = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="city-2024")
row = ca.trace(found, flow="transport", product="diesel").steps[0].row
assert (row.place, row.value) == ("city-factors/net_calorific_value.csv:2", 43000.0)
assert load_sector("city-2024/waste").blocks.keys() == load_sector("provincial-2011/waste").blocks.keys()
assert ca.load_index("city-index").leaves
assert ca.read_balance("TABLE", area="甲市").flows[-1] == "construction"
print("brought")
"""


@pytest.fixture
def package(tmp_path):
    """Return a folder with a package that brings data, as an installer leaves it."""
    data = tmp_path / "city_data"
    for name in ("methods/city-2024", "city-factors", "layouts", "indices"):
        (data / name).mkdir(parents=True)
    (data / "__init__.py").touch()
    shipped = Path("factors")
    shipping = (
        '"provincial-2011", "gb-t-2589-2008", "gb-t-32151-2024", "enterprise-2024", "ipcc-2006"'
    )
    editions = f'["city-factors", {shipping}]'
    text = (
        'extends = "provincial-2011"\ntitle = "City"\nnames = ["城市方法"]\nreference = "R"\n'
        f"editions = {editions}\n"
    )
    (data / "methods/city-2024.toml").write_text(text, encoding="utf-8")
    waste = (shipped / "methods/provincial-2011/waste.toml").read_text(encoding="utf-8")
    (data / "methods/city-2024/waste.toml").write_text(waste, encoding="utf-8")
    source = 'title = "City factors"\npublisher = "City"\ndate = "2024"\nreference = "R"\n'
    (data / "city-factors/source.toml").write_text(source, encoding="utf-8")
    head = (
        (shipped / "gb-t-2589-2008/net_calorific_value.csv")
        .read_text(encoding="utf-8")
        .splitlines()[0]
    )
    row = dict.fromkeys(head.split(","), "") | {
        "product": "diesel",
        "value": "43000",
        "unit": "kJ/kg",
        "status": "single",
    }
    (data / "city-factors/net_calorific_value.csv").write_text(
        f"{head}\n{','.join(row.values())}\n", encoding="utf-8"
    )
    (data / "layouts/city.csv").write_text(
        "kind,name,id\nmatch,甲市能源简表,\nflow,楼宇经济,construction\n", encoding="utf-8"
    )
    index = (shipped / "indices/tai-2001.toml").read_text(encoding="utf-8")
    (data / "indices/city-index.toml").write_text(index, encoding="utf-8")
    about = tmp_path / "city_data-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: city-data\nVersion: 1.0\n", encoding="utf-8"
    )
    (about / "entry_points.txt").write_text(
        "[carbonacct.data]\ncity = city_data\n", encoding="utf-8"
    )
    return tmp_path


def run(package, script):
    """Run Python with a package on its path; return what it printed and the fault."""
    words = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(package)!r})\n{script}"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout.strip(), done.stderr.strip()


def test_a_package_brings_editions_methods_sectors_layouts_and_indices(package):
    """All of them are found by name as those that ship, and its factors are named in the trace."""
    table = package / "mine.csv"
    table.write_text(
        "甲市能源简表 2015\n项目,原煤（万吨）\n终端消费量,60\n工业,20\n楼宇经济,40\n",
        encoding="utf-8",
    )
    assert run(package, _USE.replace("TABLE", str(table))) == ("brought", "")


def test_two_of_one_name_and_a_package_that_is_none_are_said(package):
    """Nothing is shadowed in silence."""
    use = "from carbonacct.cli.main import main; main(['methods', '--lang', 'en'])"
    (package / "city_data/methods/ceads.toml").write_text("", encoding="utf-8")
    assert "ceads.toml has the same name; rename it, or remove its package" in run(package, use)[1]
    (package / "city_data-1.0.dist-info/entry_points.txt").write_text(
        "[carbonacct.data]\ncity = absent\n", encoding="utf-8"
    )
    assert (
        "the entry point city of carbonacct.data names absent, which is no package"
        in run(package, use)[1]
    )
