"""Printed totals beside their parts: they add nothing, they are the one part that lacks, or they are refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.sectors.sources.activity_names import names_of
from carbonacct.sectors.sources.activity_totals import (
    Whole,
    find_wholes_of_kinds,
    settle_wholes,
    whole_of,
)
from tests.sectors.sources.made_numbers import number

NAMES = names_of("provincial-2011")
ANIMALS = ("sheep", "goats")


def of_animals(value, **options):
    """Return a printed total of sheep and goats (羊)."""
    return Whole(number(value, mode="household", **options), "羊", "animal", ANIMALS)


def part(animal, value, **options):
    """Return the number of one animal, kept by households."""
    return number(value, **{"animal": animal, "mode": "household", **options})


def settle(whole, *parts):
    """Return what a total adds, by labels and value, and the rules of what is said."""
    made, findings = settle_wholes([whole], parts)
    return [(dict(one.labels), one.value) for one in made], [one.rule for one in findings]


@pytest.mark.parametrize(
    ("total", "parts", "made", "rules"),
    [
        # 100 of both, 60 sheep: goats are the 40 that are left.
        (of_animals(100.0), [part("sheep", 60.0)], [("goats", 40.0)], ["activity-rest"]),
        (of_animals(100.0), [part("goats", 60.0)], [("sheep", 40.0)], ["activity-rest"]),
        # Both parts are printed and explain the total.
        (of_animals(100.0), [part("sheep", 60.0), part("goats", 40.0)], [], []),
        # They do not: nobody knows which of the three is wrong, and the parts count.
        (of_animals(100.0), [part("sheep", 60.0), part("goats", 41.0)], [], ["activity-sum"]),
        (of_animals(100.0), [part("sheep", 60.0), part("goats", 39.0)], [], ["activity-sum"]),
        # More sheep than of both.
        (of_animals(100.0), [part("sheep", 101.0)], [], ["activity-sum"]),
        # One part alone is the whole: the other is nothing, and is not said.
        (of_animals(100.0), [part("sheep", 100.0)], [], []),
        # Neither part is given: how the total splits is not known.
        (of_animals(100.0), [], [], ["activity-unsplit"]),
        # Nothing to split, and a key is no number.
        (of_animals(0.0), [], [], []),
        (of_animals(math.nan, notation="NE"), [], [], []),
        (of_animals(100.0), [part("sheep", math.nan, notation="NO")], [], ["activity-unsplit"]),
        # Parts of another year, area, activity or way of keeping are none of this total.
        (of_animals(100.0), [part("sheep", 60.0, year=2019)], [], ["activity-unsplit"]),
        (of_animals(100.0), [part("sheep", 60.0, area="四川")], [], ["activity-unsplit"]),
        (of_animals(100.0), [part("sheep", 60.0, symbol="pasture")], [], ["activity-unsplit"]),
        (of_animals(100.0), [part("sheep", 60.0, mode="grazing")], [], ["activity-unsplit"]),
        (of_animals(100.0), [part("pigs", 60.0)], [], ["activity-unsplit"]),
    ],
)
def test_a_total_counts_what_its_parts_leave_or_is_refused(total, parts, made, rules):
    """Nothing is counted twice, nothing is guessed: one part that lacks is the rest, two are a question."""
    assert settle(total, *parts) == (
        [({"animal": animal, "mode": "household"}, pytest.approx(value)) for animal, value in made],
        rules,
    )


@pytest.mark.parametrize(("rest", "rules"), [(1.4, []), (1.5, []), (1.6, ["activity-sum"])])
def test_the_rounding_of_all_prints_may_stand_between_a_total_and_its_parts(rest, rules):
    """Three numbers rounded to the nearest head leave one and a half."""
    parts = [part("sheep", 60.0, rounding=0.5), part("goats", 40.0, rounding=0.5)]
    assert settle(of_animals(100.0 + rest, rounding=0.5), *parts) == ([], rules)


@given(st.floats(1, 1e9), st.floats(0.01, 0.99))
def test_a_total_with_its_rest_adds_up(value, share):
    """What is made and what is printed are the total, whatever is printed."""
    (made,), _ = settle_wholes([of_animals(value)], [part("sheep", value * share)])
    assert made.value + value * share == pytest.approx(value, rel=1e-12)


def test_the_rest_says_where_it_comes_from_and_how_far_it_is_rounded():
    """Its place is the difference of the cells; its rounding is that of both."""
    total = of_animals(100.0, where="p.csv!B2", rounding=0.5)
    (made,), (said,) = settle_wholes(
        [total], [part("sheep", 60.0, where="p.csv!B3", rounding=0.25)]
    )
    assert made.origin.where == "p.csv!B2 - p.csv!B3"
    assert made.origin.rounding == 0.75
    assert made.labels == (("animal", "goats"), ("mode", "household"))  # in the order of the part's
    assert (said.rule, said.severity, said.where) == ("activity-rest", "info", "p.csv!B2")
    assert said.message.startswith("heads goats household 重庆 2020 is what 羊 leaves beside")
    assert said.message.endswith(": 40")


def test_what_is_refused_says_both_sides_and_what_to_give():
    """The sum of the parts beside the total; or the row that would split it."""
    (said,) = settle_wholes([of_animals(100.0)], [part("sheep", 60.0), part("goats", 41.0)])[1]
    assert said.severity == "error"
    assert said.message.startswith("羊 is 100, its parts add to 101: heads sheep")
    (said,) = settle_wholes([of_animals(100.0)], [])[1]
    assert said.severity == "error"
    assert (
        said.message
        == "羊 of 重庆 2020 is not counted: how much of it is sheep, goats is not given"
    )
    assert said.action == "give the parts in an activity table, such as 重庆,2020,heads,sheep,..."


def test_what_a_smaller_total_leaves_open_a_larger_one_is_not_asked():
    """牛 of which neither kind is known lies within 大牲畜: one question, not two."""
    cattle = Whole(number(80.0), "牛", "animal", ("dairy_cattle", "non_dairy_cattle"))
    large = Whole(number(100.0), "大牲畜", "animal", ("dairy_cattle", "non_dairy_cattle", "horses"))
    made, findings = settle_wholes([large, cattle], [])
    assert not made
    assert [one.message.split(" ")[0] for one in findings] == ["牛"]
    elsewhere = Whole(number(80.0, area="四川"), "牛", "animal", cattle.parts)
    assert len(settle_wholes([large, elsewhere], [])[1]) == 2
    same = Whole(number(100.0), "大牲畜", "animal", cattle.parts)
    assert (
        len(settle_wholes([same, cattle], [])[1]) == 2
    )  # of the same parts neither lies within the other


def test_a_smaller_total_is_settled_before_a_larger_one():
    """Non-dairy cattle are what 牛 leaves beside dairy cattle; with them 大牲畜 leaves the horses."""
    cattle = Whole(number(80.0), "牛", "animal", ("dairy_cattle", "non_dairy_cattle"))
    large = Whole(number(100.0), "大牲畜", "animal", ("dairy_cattle", "non_dairy_cattle", "horses"))
    made, findings = settle_wholes([large, cattle], [number(30.0, animal="dairy_cattle")])
    assert [(dict(one.labels)["animal"], one.value) for one in made] == [
        ("non_dairy_cattle", 50.0),
        ("horses", 20.0),
    ]
    assert [one.rule for one in findings] == ["activity-rest", "activity-rest"]


BARE = Whole(
    number(100.0, animal="pigs", mode="unspecified"),
    "猪",
    "mode",
    ("large_scale", "household", "unspecified"),
)


@pytest.mark.parametrize(
    ("held", "made"),
    [
        ([], 100.0),  # pigs however they are kept: the tables have a factor for that
        ([60.0], None),  # beside those of households: how the other 40 are kept is not known
    ],
)
def test_a_total_that_may_count_as_it_stands_does_so_where_no_part_is_given(held, made):
    """Heads whose way of keeping nobody says are counted with the factor of all."""
    parts = [number(value, animal="pigs", mode="household") for value in held]
    found, findings = settle_wholes([BARE], parts)
    assert [one.value for one in found] == ([made] if made else [])
    assert [one.rule for one in findings] == ([] if made else ["activity-unsplit"])


def test_what_counts_as_it_stands_is_settled_first():
    """Sheep however they are kept are a part of 羊, and count before it: the goats are what is left."""
    sheep = number(60.0, animal="sheep", mode="unspecified")
    kinds = Whole(sheep, "绵羊", "mode", ("large_scale", "household", "grazing", "unspecified"))
    both = Whole(number(100.0, mode="unspecified"), "羊", "animal", ANIMALS)
    made, findings = settle_wholes([both, kinds], [])
    assert [(dict(one.labels)["animal"], one.value) for one in made] == [
        ("sheep", 60.0),
        ("goats", 40.0),
    ]
    assert [one.rule for one in findings] == ["activity-rest"]


def test_what_a_conversion_of_units_leaves_is_no_rest():
    """A billion head and its parts may differ in the ninth digit; ten of them may not."""
    total, goats = of_animals(1e9), part("goats", 4e8)
    assert settle(total, part("sheep", 6e8 + 0.5), goats) == ([], [])
    assert settle(total, part("sheep", 6e8 + 10.0), goats) == ([], ["activity-sum"])


def test_totals_of_activities_add_nothing_and_are_used_by_none():
    """化肥 is nitrogen, phosphate and more: where one of them is given the total says nothing, else it is not used."""
    total = Whole(
        number(50.0, "nitrogen_fertiliser"),
        "化肥",
        "",
        ("nitrogen_fertiliser", "compound_fertiliser"),
        "why",
    )
    assert settle_wholes([total], [number(20.0, "compound_fertiliser")]) == ([], [])
    made, (said,) = settle_wholes([total], [number(20.0, "heads")])
    assert not made
    assert (said.rule, said.severity, said.message) == (
        "activity-not-used",
        "warning",
        "化肥 is not used: why",
    )


def test_kinds_and_all_of_them_are_parts_and_whole():
    """Forest of all species beside that of fir; pigs however kept beside those of households."""
    all_species, fir = (
        number(9.0, "tree_volume", species="all"),
        number(4.0, "tree_volume", species="杉木"),
    )
    (found,) = find_wholes_of_kinds([all_species, fir])
    assert (found.number, found.dim, found.parts) == (all_species, "species", ("杉木", "all"))
    assert settle(found, fir) == ([({"species": "all"}, 5.0)], ["activity-rest"])
    pigs = number(9.0, animal="pigs", mode="unspecified")
    kept = number(4.0, animal="pigs", mode="household")
    (found,) = find_wholes_of_kinds([pigs, kept])
    assert (found.number, found.dim, found.parts) == (pigs, "mode", ("household", "unspecified"))


@pytest.mark.parametrize(
    "numbers",
    [
        [number(9.0, "tree_volume", species="all")],  # alone it is an amount of its own
        [number(9.0, "tree_volume", species="杉木"), number(4.0, "tree_volume", species="马尾松")],
        [
            number(9.0, "tree_volume", species="all"),
            number(4.0, "tree_volume", species="杉木", year=2021),
        ],
        [
            number(9.0, "tree_volume", species="all"),
            number(4.0, "tree_volume", species="杉木", area="四川"),
        ],
        [number(9.0, "tree_volume", species="all"), number(4.0, "forest_volume", species="杉木")],
        [
            number(9.0, "tree_volume", species="all"),
            number(math.nan, "tree_volume", notation="NO", species="杉木"),
        ],
        [
            number(9.0, animal="pigs", mode="unspecified"),
            number(4.0, animal="goats", mode="household"),
        ],
        [
            number(9.0, animal="pigs"),
            number(4.0, animal="goats"),
        ],  # animals are a list: none of them is all
    ],
)
def test_other_numbers_are_no_parts_of_all_kinds(numbers):
    """Another year, area, activity or item; a key; kinds beside kinds."""
    assert not find_wholes_of_kinds(numbers)


def test_a_page_s_number_is_a_whole_where_it_lacks_a_label():
    """Words of the vocabulary say the parts; a dim that is not said has those that the method tells apart."""
    sheep = number(9.0)
    found = whole_of(NAMES, sheep, "羊", parts="heads animal=sheep|goats", why="both")
    assert (found.dim, found.parts, found.why) == ("animal", ANIMALS, "both")
    found = whole_of(NAMES, sheep, "化肥", parts="nitrogen_fertiliser|compound_fertiliser")
    assert (found.dim, found.parts) == ("", ("nitrogen_fertiliser", "compound_fertiliser"))
    bare = whole_of(NAMES, number(9.0, animal="pigs"), "猪")
    assert bare.dim == "mode"
    assert "household" in bare.parts
    assert "unspecified" not in bare.parts
    smelters = whole_of(NAMES, number(9.0, "aluminium_output"), "原铝")
    assert smelters.parts == ("pfpb", "hss")  # the guideline has factors for these two alone
    assert whole_of(NAMES, number(9.0, animal="pigs", mode="household"), "猪") is None
    assert whole_of(NAMES, number(9.0, "clinker_output"), "水泥熟料") is None
