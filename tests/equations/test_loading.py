"""Faults of a sector file: every one at once, with file and block, in words that say what to do."""

from __future__ import annotations

import copy
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.equations import load_sector, parse_sector, read_sector, sector_ids
from carbonacct.equations.loading import build_sector
from carbonacct.equations.parsing import parse_equation
from carbonacct.errors import EquationError
from tests.equations.building import (
    FOREST,
    KILN,
    LANDFILL,
    MANURE,
    find_untested,
    sector_of,
    write_lines,
)

TYPO = KILN.replace("(made - sold)", "(mad - sold)")


def faults_of(text: str) -> list[str]:
    """Return the lines of the error that a file's text raises."""
    with pytest.raises(EquationError) as caught:
        sector_of(text)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("text", [KILN, MANURE, LANDFILL, FOREST])
def test_sound_files_load(text):
    """The files that the tests of this room use load, and their examples come out."""
    sector = sector_of(text)
    assert find_untested(sector) == []
    assert sector.sources


def test_scales_are_put_in_where_they_are_seen():
    """Units in kg become t by a number in the equation, never by one hidden in the arithmetic."""
    lines = sector_of(MANURE).blocks["manure"].lines
    expected = "N2O = sum(heads * (1 - grazing), housing) * manure_factor * 0.001"
    assert write_lines(lines) == expected


def test_blocks_stand_behind_what_they_use():
    """A quantity may stand anywhere; it is worked out before the sources that use it."""
    assert list(sector_of(FOREST).blocks) == ["carbon_per_volume", "growth", "stock_change"]


UNIT_FAULTS = {
    "another noun": (
        KILN.replace('made]\nunit = "t clinker"', 'made]\nunit = "t cement"').replace(
            " - sold", ""
        ),
        (
            "x.toml: kiln: CO2 is declared t CO2 (mass·CO2), but the right side is "
            "mass·CO2·cement/clinker: clinker/cement is missing"
        ),
    ),
    "terms of two kinds": (
        KILN.replace("(made - sold) * factor", "made * factor - sold"),
        (
            "x.toml: kiln: made * factor is mass·CO2, sold is mass·clinker: they cannot be added; "
            "a factor is missing on one side"
        ),
    ),
    "a sum left out": (
        MANURE.replace("sum(heads * (1 - grazing), housing)", "heads * (1 - grazing)"),
        (
            "x.toml: manure: the right side still has housing; "
            "write sum(..., housing) or add it to dims"
        ),
    ),
    "a dim that is not there": (
        KILN.replace('gas = "CO2"', 'gas = "CO2"\ndims = ["process"]'),
        "x.toml: kiln: the right side has no process; take it out of dims",
    ),
    "a sum over nothing": (
        KILN.replace("(made - sold)", "sum(made - sold, beast)"),
        "x.toml: kiln: sum(made - sold, beast) adds over beast, which made - sold does not have",
    ),
    "a total inside of a sum": (
        LANDFILL.replace(
            "sum(decomposed, kind) * to_methane - recovered",
            "sum(decomposed * to_methane - recovered, kind)",
        ),
        (
            "x.toml: landfill: decomposed * to_methane is by kind, recovered is not: "
            "it would count once for each; write sum(decomposed * to_methane, kind)"
        ),
    ),
    "a power of an amount": (
        KILN.replace("(made - sold) * factor", "(made - sold) ^ 1 * factor"),
        "x.toml: kiln: made - sold is mass·clinker: the base must be a plain number",
    ),
    "an exponential of an amount": (
        KILN.replace("(made - sold) * factor", "(made - sold) * factor * exp(made)"),
        "x.toml: kiln: made is mass·clinker: what stands in exp() must be a plain number",
    ),
    "an unknown symbol": (TYPO, "x.toml: kiln: there is no symbol mad; did you mean made?"),
    "sides that cannot be compared": (
        LANDFILL.replace('rule = "recovered <= sum', 'rule = "carbon <= sum'),
        (
            "x.toml: landfill: checks: carbon is C/waste, sum(decomposed, kind) * to_methane is "
            "mass·CH4: they cannot be compared; a factor is missing on one side"
        ),
    ),
    "a line without a unit": (
        FOREST.replace('units = { mean_density = "t dm/m3" }', ""),
        "x.toml: carbon_per_volume: the line mean_density has no unit; add it to units",
    ),
    "a unit that is none": (
        KILN.replace('made]\nunit = "t clinker"', 'made]\nunit = "t unicorn"'),
        (
            "x.toml: activity made: 't unicorn' is not a unit known here "
            "('unicorn' is not defined in the unit registry)"
        ),
    ),
}


@pytest.mark.parametrize("name", UNIT_FAULTS)
def test_units_and_labels(name):
    """What an equation measures, and the labels it keeps, are what its block declares."""
    text, expected = UNIT_FAULTS[name]
    assert faults_of(text)[0] == expected


FAULTS = {
    "an activity that nothing uses": (
        KILN.replace(" - sold", "").replace("sold = 100, ", "").replace("450", "500"),
        "activity sold: is declared but used by no source; use it or take it out",
    ),
    "a line that nothing uses": (
        KILN.replace(
            'equation = "CO2',
            'units = { twice = "t clinker" }\nequation = """\ntwice = made + made\nCO2',
        ).replace('* factor"', '* factor\n"""'),
        "kiln: the line twice is not used; take it out",
    ),
    "no example": (
        KILN[: KILN.index("[[source.example]]")],
        "kiln: has no [[source.example]]; units see no wrong sign, a worked example does",
    ),
    "no document": (
        KILN.replace('cite = "a test"\n', ""),
        "kiln: has no cite; name document, chapter and equation, or the report of your own",
    ),
    "a wrong sign": (
        KILN.replace("made - sold", "made + sold"),
        "kiln.example: gives 550, expected 450",
    ),
    "an example that lacks a number": (
        KILN.replace("made = 1000, ", ""),
        "kiln.example: gives NE, expected 450; made: no number; add it to given",
    ),
    "an example of something else": (
        KILN.replace("given = { made", "given = { output"),
        "kiln.example: there is no activity or parameter output; ",
    ),
    "a category outside the tree": (
        KILN.replace('category = "2.A.1"', 'category = "2.A.11"'),
        "kiln: 2.A.11 is no category; did you mean 2.A.1",
    ),
    "a key that is misspelt": (
        KILN.replace("equation =", "equaton ="),
        "kiln: there is no key equaton; did you mean equation?",
    ),
    "a value of another kind": (
        KILN.replace('absent = "zero"', "absent = 0"),
        "activity sold: absent is 0; expected missing or zero",
    ),
    "two things of one name": (
        KILN.replace('id = "kiln"', 'id = "made"'),
        "source made: is the name of the activity as well; names are unique",
    ),
    "the name of a gas": (
        KILN.replace("[parameter.factor]", "[parameter.CO2]"),
        "parameter CO2: is the name of a gas, which a line may have; choose another",
    ),
    "a gas that is none": (
        KILN.replace('gas = "CO2"', 'gas = "CO"').replace("CO2 =", "CO ="),
        "kiln: 'CO' is no gas; did you mean CO2?",
    ),
    "another last line": (
        KILN.replace('"CO2 = ', '"E = '),
        "kiln: the last line is E; call it CO2",
    ),
    "a category that is none": (
        KILN.replace('"2.A.1"', '"cement"'),
        "kiln: category 'cement' is not an IPCC category such as 2.A.1",
    ),
    "a range of one number": (
        LANDFILL.replace("range = [0, 1]", "range = [1, 1]"),
        "parameter oxidised: range 1 to 1 is not in order",
    ),
    "a range in disorder": (
        LANDFILL.replace("range = [0, 1]", "range = [1, 0]"),
        "parameter oxidised: range 1 to 0 is not in order",
    ),
    "no first value": (
        LANDFILL.replace("starts = { stock = 0 }", ""),
        "landfill: previous(stock) has no first value; say starts = { stock = 0 }",
    ),
    "the year before of something else": (
        LANDFILL.replace("previous(stock) * (1", "previous(deposited) * (1").replace(
            "starts = { stock = 0 }", "starts = { stock = 0, deposited = 0 }"
        ),
        "landfill: starts has deposited, which is no line; ",
    ),
    "a line used before it is worked out": (
        LANDFILL.replace("buried = deposited * carbon\n", "").replace(
            "+ buried\n", "+ buried\nburied = deposited * carbon\n"
        ),
        "landfill: the line stock uses buried, which is not worked out before it; move it up",
    ),
    "labels of a line that looks back": (
        LANDFILL.replace('keeps = { stock = ["kind"] }', ""),
        "landfill: the right side still has kind; write sum(..., kind) or add it to dims",
    ),
    "a mean over the years of itself": (
        LANDFILL.replace("stock = previous(stock)", "stock = change(stock) + previous(stock)"),
        "landfill: change looks over the years of stock itself; use previous",
    ),
    "a circle": (
        FOREST.replace(
            "mean_density * carbon_in_wood", "mean_density * carbon_in_wood * growth / growth"
        ),
        (
            "carbon_per_volume: the blocks go in a circle: "
            "carbon_per_volume -> growth -> carbon_per_volume"
        ),
    ),
    "an exclusion that is misspelt": (
        FOREST.replace('excludes = ["growth"]', 'excludes = ["grwth"]'),
        "stock_change: excludes grwth, which is no other source; did you mean growth?",
    ),
    "an exclusion that nobody has": (
        FOREST.replace('excludes = ["growth"]', 'excludes = ["nothing_of_the_kind"]'),
        (
            "stock_change: excludes nothing_of_the_kind, which is no other source; "
            "name a source of this file"
        ),
    ),
    "an edition that is none": (
        'editions = ["ipcc-2060"]' + KILN,
        "editions: there is no edition 'ipcc-2060'; did you mean ipcc-2006",
    ),
    "a partner that is none": (
        KILN.replace(
            'gas = "CO2"',
            'gas = "CO2"\npartner = { sector = "energy", quantity = "coke", both = "find" }',
        ),
        "kiln.partner: there is no quantity coke; add a [[quantity]] of that id",
    ),
    "shares over no dim": (
        MANURE.replace(
            'dims = ["beast", "housing"]\n[par', 'dims = ["beast", "housing"]\nshares = "pit"\n[par'
        ),
        "activity heads: shares is pit, which is not one of its dims",
    ),
    "groups of no key": (
        MANURE.replace('groups = { area = "regions" }', 'groups = { region = "regions" }'),
        "parameter manure_factor: groups has region, which is not one of its keys",
    ),
    "years as a key": (
        MANURE.replace('keys = ["housing"]', 'keys = ["housing", "year"]'),
        "parameter grazing: years stand in from and to; take year out of keys",
    ),
    "areas as a dim": (
        MANURE.replace('dims = ["beast", "housing"]', 'dims = ["beast", "housing", "area"]'),
        "activity heads: every number has an area; take it out of dims",
    ),
    "one number for several gases": (
        KILN.replace('gas = "CO2"', 'gas = ["CF4", "C2F6"]')
        .replace('unit = "t CO2/(t clinker)"', 'unit = "t {gas}/(t clinker)"\nkeys = ["gas"]')
        .replace("CO2 =", "E =")
        .replace("factor = 0.5", "factor = { CF4 = 0.5, C2F6 = 0.1 }"),
        "kiln.example: gives is one number for several gases; write one for each gas",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_file_may_not_hold(name):
    """Each way in which a file can be wrong has its message."""
    text, expected = FAULTS[name]
    assert f"x.toml: {expected}" in "\n".join(faults_of(text))


def test_every_fault_is_said_at_once():
    """A file is corrected in one go: faults of reading, of units and of what is declared."""
    oven = KILN[KILN.index("[[source]]") :].replace("kiln", "oven")
    text = KILN.replace("(made - sold)", "0.5 * (made - sold)") + oven.replace("made - sold", "mad")
    kiln, oven = faults_of(text + oven.replace("oven", "third").replace('"2.A.1"', '"x"'))[::2]
    assert kiln.startswith("x.toml: kiln: the number 0.5 has no source")
    assert oven == "x.toml: oven: there is no symbol mad; did you mean made?"
    assert len(faults_of(KILN.replace("unit =", "units ="))) == 6  # three unknown, three missing


def test_what_uses_a_broken_block_is_not_blamed():
    """A fault of a quantity is said once, not again for each source that uses it."""
    broken = FOREST.replace("density * volume, species)", "density * volume, specis)")
    assert len(faults_of(broken)) == 1
    assert faults_of(FOREST.replace("mean_density *", "2 * mean_density *")) == [
        (
            "x.toml: carbon_per_volume: the number 2 has no source; declare it as a parameter "
            "(only 0 and 1 may stand in an equation)"
        )
    ]


STRAY = [
    *(0, -1, 2.5, True, float("nan"), 10**400),
    *("", "x", "1", "t CO2", "kg/", "(", "made", "area", "CO2 = made", "sum(made, kind)"),
    *([], ["x"], [1], ["kind", "kind"], ["CF4", "CO2"], [{}], [[1]]),
    *({}, {"a": 1}, {"x": "y"}),
]


def break_somewhere(content, random):
    """Return the content of a file with one thing taken out, renamed or replaced."""
    content = copy.deepcopy(content)
    paths: list[list] = []

    def collect(node, path):
        of_table = node if isinstance(node, dict) else ()
        keys = range(len(node)) if isinstance(node, list) else of_table
        for key in keys:
            paths.append([*path, key])
            collect(node[key], [*path, key])

    collect(content, [])
    *above, last = random.choice(paths)
    node = content
    for key in above:
        node = node[key]
    if random.random() < 0.3:
        del node[last]
    elif random.random() < 0.3 and isinstance(node, dict):
        node[random.choice(["unit", "dims", "keys", "starts", "x"])] = node.pop(last)
    else:
        node[last] = copy.deepcopy(random.choice(STRAY))
    return content


@given(st.sampled_from([KILN, MANURE, LANDFILL, FOREST]), st.randoms())
def test_a_broken_file_says_what_is_wrong(text, random):
    """Whatever is broken in a file, it loads or says so: there is no traceback."""
    content = break_somewhere(tomllib.loads(text), random)
    assert all(line.startswith("x.toml: ") for line in faults_in(content))


def faults_in(content):
    """Return the lines of the error that a file's content raises; none where it loads."""
    try:
        build_sector(content, "made/test", "x.toml")
    except EquationError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize("identifier", sector_ids())
def test_checked_equations_read_back(identifier):
    """The canonical text of a checked equation, scales and all, reads back as the same lines."""
    for block in load_sector(identifier).blocks.values():
        assert parse_equation(write_lines(block.lines), scales=True) == block.lines


def test_files(tmp_path):
    """A file is named by its method's folder and its own name; what cannot be read says so."""
    (tmp_path / "mine").mkdir()
    path = tmp_path / "mine" / "processes.toml"
    path.write_text(KILN, encoding="utf-8")
    assert read_sector(path).id == "mine/processes"
    path.write_text("[", encoding="utf-8")
    with pytest.raises(EquationError, match=r"processes\.toml: "):
        read_sector(path)
    with pytest.raises(EquationError, match="cannot be read"):
        read_sector(tmp_path / "nothing.toml")
    with pytest.raises(EquationError, match="did you mean provincial-2011/processes"):
        load_sector("provincial-2011/proceses")


@pytest.mark.parametrize("identifier", sector_ids())
def test_files_that_ship(identifier):
    """What ships has names in both languages, a document, and an example of every symbol."""
    sector = load_sector(identifier)
    assert find_untested(sector) == []
    assert sector.title
    assert sector.title_zh
    assert sector.reference
    named = [*sector.activities, *sector.parameters, *sector.blocks]
    assert [name for name in named if sector.name_of(name, "zh") == name] == []
    assert [name for name in named if sector.name_of(name, "en") == name] == []
    assert [block.id for block in sector.sources if not block.cite] == []


@pytest.mark.parametrize("identifier", sector_ids())
def test_exclusions_name_sources_that_ship(identifier):
    """A source may exclude one of another file: it exists in some."""
    known = {block.id for name in sector_ids() for block in load_sector(name).sources}
    excluded = {name for block in load_sector(identifier).sources for name in block.excludes}
    assert excluded <= known


def test_a_source_is_one_block_in_one_file():
    """A source is added by its block alone: the same file with one more, and it is there."""
    more = """
[[source]]
id = "dust"
cite = "a test"
category = "2.A.1"
gas = "CO2"
equation = "CO2 = made * factor"
[[source.example]]
given = { made = 10, factor = 0.5 }
gives = 5
"""
    assert [block.id for block in sector_of(KILN + more).sources] == ["kiln", "dust"]
    assert parse_sector(KILN + more, "a/b").unit_of("dust") == "t CO2"
