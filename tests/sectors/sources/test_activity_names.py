"""What activity tables call activities: names, items, near words; and which labels a method can use."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.dim_names import label_words
from carbonacct.equations import load_sector, sector_ids
from carbonacct.equations.factor_values import load_factors
from carbonacct.errors import MethodError
from carbonacct.sectors.sources import activity_list
from carbonacct.sectors.sources.activity_list import list_activities, list_asked, list_open_groups
from carbonacct.sectors.sources.activity_names import (
    NameMeaning,
    _known_parts,
    list_sectors,
    methods_with_sectors,
    names_of,
    read_items,
    sector_name,
)
from carbonacct.sectors.sources.method_labels import (
    area_partitions,
    find_users,
    groups_of,
    usable_labels,
)
from tests.equations.building import KILN, sector_of

NAMES = names_of("provincial-2011")


@pytest.mark.parametrize(
    ("name", "meanings"),
    [
        ("heads", [("heads", {})]),
        (" heads ", [("heads", {})]),  # an id means itself alone
        ("HEADS", [("heads", {})]),
        ("年末存栏", [("heads", {})]),
        ("年末存栏 猪", [("heads", {"animal": "pigs"})]),
        ("猪 年末存栏", [("heads", {"animal": "pigs"})]),
        ("早稻播种面积", [("rice_area", {"rice": "early"})]),
        ("恐龙存栏", []),
    ],
)
def test_what_a_name_means(name, meanings):
    """An id, a name, a yearbook's word, alone or with a label beside it."""
    assert list(NAMES.find(name)) == [
        NameMeaning(symbol, tuple(labels.items())) for symbol, labels in meanings
    ]


def test_words_that_are_none_say_why_and_of_what_they_are_the_whole():
    """Pig iron that is made; sheep and goats as one; a word that nobody knows says nothing."""
    assert NAMES.why_not("生铁产量").startswith("steel loses the carbon of the pig iron")
    assert NAMES.why_not("水泥产量") == NAMES.why_not("恐龙") == ""
    assert NAMES.parts_of("生铁产量") == "pig_iron_to_steel"
    assert NAMES.parts_of("水泥产量") == ""
    assert NAMES.knows("水泥产量")
    assert NAMES.knows("生铁产量")
    assert not NAMES.knows("恐龙")


@pytest.mark.parametrize(
    ("parts", "known", "kept"),
    [
        ("heads animal=sheep|goats", {"heads"}, "heads animal=sheep|goats"),
        ("heads animal=sheep|goats", {"others"}, ""),
        ("nitrogen|phosphate|potash", {"nitrogen", "potash"}, "nitrogen|potash"),
        ("nitrogen|phosphate", set(), ""),
    ],
)
def test_the_parts_of_a_total_are_activities_of_the_method(parts, known, kept):
    """A method that has none of them has no such total."""
    assert _known_parts(parts, known) == kept


@pytest.mark.parametrize("word", ["水泥熟粒产量", "clinker_outptu"])
def test_near_names_are_asked(word):
    """A slip of the pen; what is near to nothing asks nothing."""
    assert "did you mean" in NAMES.near(word)
    assert NAMES.near("qqqqqqq") == ""


def test_one_symbol_may_serve_several_sectors():
    """Its files in the order of the sectors; what it is, and what a message calls it."""
    assert [sector.id for sector in NAMES.using("clinker_output")] == ["provincial-2011/processes"]
    assert NAMES.using("nothing") == ()
    assert NAMES.about("clinker_output").unit == "t clinker"
    assert str(NAMES.called("clinker_output")) == "clinker_output"


def test_sectors_of_a_method_in_their_order():
    """Fugitive emissions and biomass are energy's; a sector that is none is refused with those that there are."""
    found = [sector_name(sector.id) for sector in list_sectors("provincial-2011")]
    assert found == sorted(
        found, key=["energy", "processes", "agriculture", "land", "waste", "other"].index
    )
    assert {sector_name(sector.id) for sector in list_sectors("provincial-2011", ["energy"])} == {
        "energy"
    }
    assert list_sectors("provincial-2011", []) == ()
    with pytest.raises(MethodError, match="no sector 'agricultur'; did you mean agriculture"):
        list_sectors("provincial-2011", ["agricultur"])
    with pytest.raises(
        MethodError,
        match="no sector 'xyz'; known: all, energy, processes, agriculture, land, waste",
    ):
        list_sectors("provincial-2011", ["xyz"])
    assert set(methods_with_sectors()) == {
        identifier.partition("/")[0] for identifier in sector_ids()
    }


HEADS, TREES = NAMES.about("heads"), NAMES.about("tree_volume")


@pytest.mark.parametrize(
    ("about", "text", "labels", "left"),
    [
        (HEADS, "", {}, ""),
        (HEADS, "  ", {}, ""),
        (HEADS, "猪", {"animal": "pigs"}, ""),
        (HEADS, "猪,规模化饲养", {"animal": "pigs", "mode": "large_scale"}, ""),
        (HEADS, "规模化饲养 / pigs", {"animal": "pigs", "mode": "large_scale"}, ""),
        (HEADS, "pigs;household", {"animal": "pigs", "mode": "household"}, ""),
        (HEADS, "猪,山羊", {}, "山羊"),  # two labels of one dim: the second is understood by none
        (HEADS, "猪,独角兽", {}, "独角兽"),
        (HEADS, "独角兽", {}, "独角兽"),
        (TREES, "杉木", {"species": "杉木"}, ""),  # a dim that takes any label
        (TREES, "合计", {"species": "all"}, ""),
        (TREES, "all", {"species": "all"}, ""),
    ],
)
def test_the_labels_that_an_item_says(about, text, labels, left):
    """Whole first, then piece by piece, each to the first dim that knows it."""
    found, rest = read_items(about, text)
    assert rest == left
    if not left:
        assert found == labels


@given(
    st.sampled_from(sorted(label_words("animal"))),
    st.sampled_from(sorted(label_words("mode"))),
    st.sampled_from([",", "，", " / ", "; ", " "]),
    st.booleans(),
)
def test_items_have_no_order(animal, mode, between, turned):
    """Any two words with any sign between them."""
    words = (mode, animal) if turned else (animal, mode)
    found, left = read_items(HEADS, between.join(words))
    if not left and " " not in animal + mode:
        assert found == {"animal": label_words("animal")[animal], "mode": label_words("mode")[mode]}


# --- labels that a method can use


@pytest.mark.parametrize(
    ("sector", "symbol", "dim", "labels"),
    [
        ("provincial-2011/processes", "aluminium_output", "smelter", ["pfpb", "hss"]),
        (
            "ipcc-2006/processes",
            "aluminium_output",
            "smelter",
            ["pfpb", "hss", "cwpb", "swpb", "vss"],
        ),
        ("provincial-2011/land", "tree_volume", "species", []),  # any label
    ],
)
def test_labels_are_those_that_tables_tell_apart(sector, symbol, dim, labels):
    """Of the smelters, those that the document has a factor for."""
    assert usable_labels(load_sector(sector), symbol, dim) == labels


def test_gases_of_an_activity_are_those_of_its_sources():
    """Whatever tables of factors hold."""
    sector = load_sector("ipcc-2006/processes")
    assert set(usable_labels(sector, "foam_gas", "gas")) == set(sector.blocks["foams"].gases)


def test_the_sources_that_need_a_symbol():
    """Directly, or by way of a shared quantity; a symbol that is none serves nothing."""
    sector = load_sector("provincial-2011/agriculture")
    users = [block.id for block in find_users(sector, "heads")]
    assert {"enteric_fermentation", "manure_ch4", "manure_n2o"} <= set(users)
    assert len(users) == len(set(users))
    assert list(find_users(sector, "nothing")) == []


def test_groups_of_areas_that_tables_print():
    """Which provinces are in a region the guideline says; in which climate a city lies nobody does."""
    waste = [load_sector("ipcc-2006/waste")]
    found = area_partitions(waste)
    assert "climate_zones" in found
    assert groups_of("climate_zones", found["climate_zones"]) == [
        "temperate_dry",
        "temperate_wet",
        "tropical_dry",
        "tropical_wet",
    ]
    open_ = {
        partition: (sector, groups) for partition, sector, groups in list_open_groups("ipcc-2006")
    }
    assert open_["climate_zones"][0] == "waste"
    assert not any(
        partition == "wastewater_regions" for partition, _, _ in list_open_groups("provincial-2011")
    )


def test_what_a_compiler_is_asked_for():
    """Each number once, with its sources and labels; a factor without an edition is asked like an activity."""
    asked = list_asked("provincial-2011")
    names = [one.about.id for one in asked]
    assert len(names) == len(set(names))
    heads = next(one for one in asked if one.about.id == "heads")
    assert heads.sector == "agriculture"
    assert "enteric_fermentation" in heads.used_for
    items = list(heads.items())
    assert len(items) == len(heads.labels["animal"]) * len(heads.labels["mode"])
    assert {"animal": "pigs", "mode": "household"} in items
    trees = next(one for one in asked if one.about.id == "tree_volume")
    assert list(trees.items()) == [{"species": ""}]
    with pytest.raises(
        MethodError, match=r"whitepaper-2022 has no equations of sectors other than energy; .* have"
    ):
        list_asked("whitepaper-2022")
    table = list_activities("provincial-2011", ["land"]).set_index("id")
    assert table.loc["tree_volume", "labels"] == "species: any"
    assert set(table["sector"]) == {"land"}


@pytest.mark.parametrize("method", methods_with_sectors())
def test_what_is_asked_for_names_every_source_that_needs_it(method):
    """Once, whichever sectors need it; a factor is asked for where no edition holds a number of it."""
    users, held = {}, set()
    for sector in list_sectors(method):
        for name in (*sector.activities, *sector.parameters):
            users.setdefault(name, set()).update(block.id for block in find_users(sector, name))
        for name, parameter in sector.parameters.items():
            if any(edition.rows.get(parameter.file) for edition in load_factors(sector, parameter)):
                held.add(name)
    asked = list_asked(method)
    assert {one.about.id: set(one.used_for) for one in asked} == {
        name: found for name, found in users.items() if name not in held
    }
    assert len({one.about.id for one in asked}) == len(asked)


def test_a_number_that_two_sectors_need_is_asked_for_once(monkeypatch):
    """With the sources of both behind it, in their order and each once."""
    sectors = [sector_of(text) for text in (KILN, KILN.replace('id = "kiln"', 'id = "shaft"'))]
    monkeypatch.setattr(activity_list, "list_sectors", lambda *_: sectors)
    asked = {one.about.id: one.used_for for one in list_asked("any")}
    assert asked == dict.fromkeys(("made", "sold", "factor"), ("kiln", "shaft"))


def test_a_factor_that_one_edition_holds_is_not_asked_for(monkeypatch):
    """Whatever other editions lack it; one that none holds is asked for as an activity is."""
    sector = sector_of(KILN)
    file = sector.parameters["factor"].file
    monkeypatch.setattr(activity_list, "list_sectors", lambda *_: [sector])
    for rows, asked in (([{}, {file: [1]}], {"made", "sold"}), ([{}], {"made", "sold", "factor"})):
        editions = [SimpleNamespace(rows=held) for held in rows]
        monkeypatch.setattr(activity_list, "load_factors", lambda *_, editions=editions: editions)
        assert {one.about.id for one in list_asked("any")} == asked
