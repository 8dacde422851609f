"""A user's own method files: what they may hold, how they extend a method, by which names they are found."""

from __future__ import annotations

import pytest

from carbonacct.errors import FactorDataError, MethodError
from carbonacct.factors import load_method, method_ids
from carbonacct.factors.method_faults import find_method_faults
from carbonacct.factors.method_names import (
    find_method_file,
    find_method_id,
    find_sources_id,
    is_own_file,
    list_method_files,
    read_method,
    shown_file,
)
from carbonacct.factors.method_shape import find_shape_faults
from tests.factors.building import sound, write_edition

HEAD = 'title = "T"\nreference = "R"\n'


def write(folder, name, text):
    """Write a method file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("ceads", "ceads"),
        ("CEADs", "ceads"),
        ("中国碳核算数据库", "ceads"),
        ("省级指南", "provincial-2011"),
        ("Provincial  Guideline", "provincial-2011"),
        ("省级温室气体清单编制指南(试行)部门法", "provincial-2011"),  # brackets of either width
        ("PROVINCIAL_2011", "provincial-2011"),
    ],
)
def test_a_method_is_found_by_its_names(word, found):
    """Its id, its titles and other names, whatever case and punctuation."""
    assert find_method_id(word) == find_sources_id(word) == found


def test_a_name_that_is_none_is_said_with_near_ones():
    """Near an id, near a name, or none."""
    for word, near in (
        ("provincal-2011", "did you mean provincial-2011"),
        ("省级指", "did you mean 省级指南"),
    ):
        with pytest.raises(MethodError, match=f"no method '{word}'; {near}"):
            find_method_id(word)
    with pytest.raises(MethodError, match="no method 'zzz'; known: ceads, "):
        find_method_id("zzz")
    assert method_ids() == sorted(method_ids())


def test_what_is_said_is_laid_over_what_is_extended(tmp_path):
    """Tables by key, lists one after the other with one's own first, a substitute in place of that of its product."""
    base = write(
        tmp_path,
        "base.toml",
        HEAD
        + 'names = ["b"]\n[roles]\nindustry = "combustion"\ntransport = "memo"\n'
        + '[[substitute]]\nproduct = "gangue"\nuse = "raw_coal"\nreason = "r"\n'
        + '[[substitute]]\nuse = "coke"\nreason = "of no product"\n'
        + '[[exclude]]\nproducts = ["coke"]\nreason = "base"\n',
    )
    own = write(
        tmp_path,
        "own.toml",
        'extends = "base.toml"\ntitle = "Own"\nnames = ["o"]\n[roles]\ntransport = "combustion"\n'
        '[[substitute]]\nproduct = "gangue"\nuse = "coke"\nreason = "own"\n'
        '[[exclude]]\nproducts = ["diesel"]\nreason = "own"\n',
    )
    held = read_method(own)
    assert (held["title"], held["reference"], held["names"]) == ("Own", "R", ["o"])
    assert held["roles"] == {"industry": "combustion", "transport": "combustion"}
    assert [(one.get("product"), one["use"]) for one in held["substitute"]] == [
        ("gangue", "coke"),
        (None, "coke"),
    ]
    assert [one["reason"] for one in held["exclude"]] == ["own", "base"]
    assert held["extended"] == [base]
    assert held["own"]["title"] == "Own"
    assert list_method_files(own) == [own, base]
    with pytest.raises(FactorDataError, match="substitute without product"):
        load_method(own)


def test_only_files_of_ones_own_are_hashed(tmp_path):
    """What ships is known by the version of the program."""
    own = write(tmp_path, "own.toml", f'extends = "ceads"\n{HEAD}')
    assert list_method_files(own) == [own]
    assert shown_file(own) == str(own)
    assert shown_file(find_method_file("ceads")) == "methods/ceads.toml"
    assert (is_own_file("own.toml"), is_own_file("ceads")) == (True, False)
    assert find_sources_id(str(own)) == "ceads"


@pytest.mark.parametrize("length", [2, 3, 10, 11])
def test_files_that_extend_each_other(tmp_path, length):
    """A chain of ten is read; one that comes back to itself, or goes on, is not."""
    for number in range(length):
        base = f"m{number + 1}.toml" if number < length - 1 else "m0.toml"
        write(tmp_path, f"m{number}.toml", f'extends = "{base}"\n{HEAD}')
    with pytest.raises(
        FactorDataError, match=r"m0\.toml: extends itself, by way of others; mend extends"
    ):
        read_method(tmp_path / "m0.toml")
    write(tmp_path, f"m{length - 1}.toml", HEAD)
    if length <= 11:
        assert len(read_method(tmp_path / "m0.toml")["extended"]) == length - 1
    write(tmp_path, "m10.toml", f'extends = "m11.toml"\n{HEAD}')
    write(tmp_path, "m11.toml", HEAD)
    if length == 11:
        with pytest.raises(FactorDataError, match="extends itself"):
            read_method(tmp_path / "m0.toml")


def test_a_base_that_is_none(tmp_path):
    """Named with what there is."""
    own = write(tmp_path, "own.toml", f'extends = "cead"\n{HEAD}')
    with pytest.raises(
        FactorDataError, match=r"own\.toml: extends 'cead', not one of ceads, energy-balance, "
    ):
        read_method(own)


SOUND = {"title": "T", "chains": {"CO2": [["net_calorific_value", "carbon_content"]]}}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({}, None),
        (SOUND, None),
        ({"title": 5}, "title: write a text in quotes"),
        ({"names": "a"}, "names: write a list of words in quotes"),
        ({"names": ["a", 5]}, "names: write a list of words in quotes"),
        ({"names": []}, None),
        ({"roles": {"industry": "combustion", "transport": 5}}, "roles: write a table of words"),
        ({"roles": ["industry"]}, "roles: write a table of words"),
        ({"chains": {"CO2": [["a"], "b"]}}, "chains: write a table of lists of lists"),
        ({"chains": {"CO2": [["a"]], "CH4": [[5]]}}, "chains: write a table of lists of lists"),
        ({"chains": {"CO2": "a"}}, "chains: write a table of lists of lists"),
        ({"chains": [["a"]]}, "chains: write a table of lists of lists"),
        ({"chains": {}}, None),
        ({"transformed": [{"counts": 1}]}, "transformed.counts: write true or false"),
        ({"transformed": [{"counts": False}]}, None),
        ({"factor_categories": [{"parts": "yes"}]}, "factor_categories.parts: write true or false"),
        ({"exclude": [{"flow": "x"}]}, "no key 'exclude.flow'; did you mean flows"),
        ({"exclude": {"products": []}}, "exclude: write it as [[exclude]], once for each entry"),
        ({"exclude": ["diesel"]}, "exclude: write it as a table [exclude]"),
        ({"options": {"cover": []}}, "no key 'options.cover'; did you mean covers"),
        ({"options": 5}, "options: write it as a table [options]"),
        ({"carbon_pool": 5}, "carbon_pool: write it as a table [carbon_pool]"),
        (
            {"carbon_pool": {"taken_from": [{"flow": 5}]}},
            "carbon_pool.taken_from.flow: write a text in quotes",
        ),
        (
            {"carbon_pool": {"taken_from": {"flow": "x"}}},
            "carbon_pool.taken_from: write it as [[carbon_pool.taken_from]]",
        ),
        ({"imported_energy": []}, "imported_energy: write it as a table [imported_energy]"),
        (
            {"imported_energy": {"heat": {"levels": "a"}}},
            "imported_energy.heat.levels: write a list of words",
        ),
        (
            {"imported_energy": {"heat": {"grid": "a"}}},
            "no key 'imported_energy.heat.grid'; known: editions, flows",
        ),
        ({"tittle": "T"}, "no key 'tittle'; did you mean title"),
    ],
)
def test_the_shape_of_a_method(content, fault):
    """Each key is known and of its kind; a slip is said once, with what to write."""
    found = find_shape_faults(content)
    assert len(found) == (fault is not None)
    assert fault is None or found[0].startswith(fault)


WHOLE = {
    "editions": ["gb-t-2589-2008"],
    "chains": {"CO2": [["net_calorific_value", "carbon_content"]]},
    "roles": {"industry": "combustion"},
}


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({}, []),
        (
            {"editions": ["gb-t-2589"]},
            ["edition 'gb-t-2589' does not exist; did you mean gb-t-2589-2"],
        ),
        ({"editions": ["yearbook-tables"]}, []),  # a series
        (
            {"chains": {"CO2": [["calorific_value"]]}},
            ["chain names 'calorific_value', not a parameter"],
        ),
        ({"roles": {"industry": "burn"}}, ["role 'burn' of industry is not one of combustion, "]),
        ({"roles": {"indstry": "memo"}}, ["flow 'indstry' does not exist; did you mean industry"]),
        ({"assumed": {"industry": "why"}}, []),
        (
            {"assumed": {"transport": "why"}},
            ["assumed names transport, whose role is not combustion"],
        ),
        ({"prefer": {"coke": "gb-t-2589-2008"}}, []),
        (
            {"prefer": {"coke": "ipcc-2006"}},
            ["prefer names 'ipcc-2006', not an edition of the method"],
        ),
        (
            {"prefer": {"cok": "gb-t-2589-2008"}},
            ["product 'cok' does not exist; did you mean coke"],
        ),
        ({"exclude": [{"products": ["coke"]}]}, ["exclude without reason"]),
        (
            {"exclude": [{"products": ["coke"], "reason": "r", "flows": ["x1"]}]},
            ["flow 'x1' does not exist"],
        ),
        ({"exclude": [{"products": [], "reason": "r"}]}, ["exclude without products"]),
        (
            {"substitute": [{"product": "coke", "use": "zz9", "reason": "r"}]},
            ["product 'zz9' does not exist"],
        ),
        (
            {
                "transformed": [
                    {"flow": "industry", "products": ["coke"], "reason": "r", "counts": False}
                ]
            },
            [],
        ),
        (
            {"transformed": [{"flow": "industry", "products": ["coke"], "reason": "r"}]},
            ["transformed industry does not say whether it counts (true or false)"],
        ),
        ({"feedstock": {"taken_from": ["x1"], "counts": ["coke"]}}, ["flow 'x1' does not exist"]),
        ({"feedstock": {"counts": ["zz9"]}}, ["product 'zz9' does not exist"]),
        ({"bunkers": {"taken_from": "x1"}}, ["flow 'x1' does not exist"]),
        ({"options": {"scale_parts": ["x1"]}}, ["flow 'x1' does not exist"]),
        ({"options": {"covers": ["zz9"]}}, ["product 'zz9' does not exist"]),
        ({"options": {"standard_quantity": ["zz9"]}}, ["edition 'zz9' does not exist"]),
        ({"carbon_pool": {"count": "fuel", "reason": "r", "gases": ["coke_oven_gas"]}}, []),
        (
            {"carbon_pool": {"count": "fuel", "gases": ["coke_oven_gas"]}},
            ["carbon_pool without reason"],
        ),
        (
            {"carbon_pool": {"count": "air", "reason": "r", "gases": ["coke_oven_gas"]}},
            ["carbon_pool counts 'air', not one of gas, fuel, both"],
        ),
        (
            {"carbon_pool": {"count": "gas", "reason": "r", "gases": ["coke_oven_gas"]}},
            ["carbon_pool counts the gas and names no fuel that bears it (taken_from)"],
        ),
        (
            {
                "carbon_pool": {
                    "count": "gas",
                    "reason": "r",
                    "gases": ["coke_oven_gas"],
                    "recovered": ["zz9"],
                    "taken_from": [{"flow": "x1", "products": ["zz8"]}],
                }
            },
            [
                "flow 'x1' does not exist",
                "product 'zz8' does not exist",
                "product 'zz9' does not exist",
            ],
        ),
        (
            {
                "imported_energy": {
                    "heat": {"flows": ["industry"], "parameter": "heat_factor", "editions": ["zz9"]}
                }
            },
            [
                "edition 'zz9' does not exist",
                "imported_energy names 'heat_factor', not a parameter",
            ],
        ),
        (
            {"imported_energy": {"heat": {}}},
            ["imported_energy without flows", "without parameter", "without editions"],
        ),
        (
            {"factor_categories": [{"flow": "industry", "category": "1.A.2"}]},
            ["factor_categories without reason"],
        ),
    ],
)
def test_what_a_method_names_exists(more, faults):
    """Editions, parameters, roles, flows and products, and what each entry needs: every fault, each once."""
    found = find_method_faults({**WHOLE, **more})
    assert len(found) == len(faults), found
    assert all(said in one for one, said in zip(found, faults, strict=True)), found


def test_a_method_needs_editions_and_chains():
    """Without them it has no numbers."""
    assert find_method_faults({}) == ["editions is missing", "chains is missing"]


def test_an_overlay_of_other_sectors_alone_changes_no_factor_of_fuels(tmp_path):
    """A folder with tables of sectors in it, and none of fuels, is no edition of fuels; an empty one is a fault."""
    folder = write_edition(tmp_path / "ours")
    with pytest.raises(FactorDataError, match="ours: no parameter tables"):
        load_method("ceads", overlay=folder)
    (folder / "waste").mkdir()
    write(folder, "waste/a.csv", "x\n")
    assert load_method("ceads", overlay=folder).sources == load_method("ceads").sources
    write_edition(folder, carbon_content=[sound("carbon_content")])
    made = load_method("ceads", overlay=folder)
    assert made.sources[0].id == "ours"
    assert (
        made.chains == load_method("ceads").chains
    )  # no emission factor stands before the method's own way
    assert made.overlay_chains == ()


def test_an_emission_factor_of_ones_own_stands_before_carbon_contents(tmp_path):
    """For its own gas, in each unit that an activity may have; one without a gas is of CO2."""
    folder = write_edition(tmp_path / "ours", emission_factor=[sound("emission_factor", gas="")])
    base, made = load_method("provincial-2011"), load_method("provincial-2011", overlay=folder)
    first = made.chains["CO2"][: len(made.overlay_chains)]
    assert first == made.overlay_chains
    assert all(chain[-1] == "emission_factor" for chain in first)
    assert made.chains["CO2"][len(first) :] == base.chains["CO2"]
    assert {gas: made.chains[gas] for gas in made.chains if gas != "CO2"} == {
        gas: base.chains[gas] for gas in base.chains if gas != "CO2"
    }
