"""Changes of method and edition inside a series are said once, with the years and the tonnes."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from carbonacct.catalogue import in_language
from carbonacct.errors import ProjectError
from carbonacct.factors import load_edition
from carbonacct.projects.driver_bases import DriverBasis, find_unlike_prices
from carbonacct.projects.project_declaration import Tables
from carbonacct.projects.series_consistency import find_breaks, find_uncovered, find_vintages
from tests.projects.folders import build_at, declare, make_project, states_of
from tests.projects.test_submissions import write_overlay

ENTRY = {
    "area": "A",
    "sector": "energy",
    "scope": 1,
    "kind": "emission",
    "gas": "CO2",
    "flow": "industry",
    "product": "coke",
    "category": "1.A.2",
    "method": "m",
    "status": "",
    "value": 10.0,
    "activity": 10.0 / 20.9,
    "activity_unit": "t",
}
FACTORS = "net_calorific_value 20.9 GJ/t ({}/net_calorific_value.csv:3)"


def series(*years, **change):
    """Return entries of some years, each with its method and edition."""
    rows = [
        {**ENTRY, "year": year, "method": method, "factors": FACTORS.format(edition), **change}
        for year, method, edition in years
    ]
    return pd.DataFrame(rows)


def test_a_change_is_said_once_for_all_its_series():
    """Two rows that change their edition in one year are one finding with the tonnes of both."""
    years = ((2019, "m", "ceads"), (2020, "m", "ceads"), (2021, "m", "ipcc-2006"))
    half = {"value": 5.0, "activity": 5.0 / 20.9}
    both = pd.concat([series(*years), series(*years, flow="transport", **half)])
    (finding,) = find_breaks(both)
    assert finding.rule == "series-break"
    assert finding.message == (
        "A: from 2020 to 2021 net_calorific_value goes from ceads to ipcc-2006, for 15 t of 2021"
        "; with those of 2020 2021 would be +0 t, with those of 2021 2020 +0 t"
    )


def point(year, edition, *, activity, calorific, carbon, oxidised=0.98, **more):
    """Return an entry of coke: activity times calorific value, carbon content, oxidation and 44/12."""
    factors = (
        f"net_calorific_value {calorific!r} GJ/t ({edition}/net_calorific_value.csv:3); "
        f"carbon_content {carbon!r} t C/GJ (provincial-2011/carbon_content.csv:3); "
        f"oxidation_factor {oxidised!r} (provincial-2011/oxidation_factor.csv:3); "
        f"carbon_to_co2 {44 / 12!r} t CO2/t C (ipcc-2006/carbon_to_co2.csv:2)"
    )
    value = activity * calorific * carbon * oxidised * 44 / 12
    return {**ENTRY, "year": year, "factors": factors, "activity": activity, "value": value} | more


def test_the_effect_of_an_edition_is_computed_both_ways():
    """The new year with the old calorific value, the old year with the new one; the other factors stay.

    1,000 t at 28.435 and 29.3, 0.0295 t C/GJ, 0.98: 3014.2 t; 2,000 t at 29.3: 6,211.8 t.
    """
    old = point(2020, "ceads", activity=1000.0, calorific=28.435, carbon=0.0295)
    new = point(2021, "ipcc-2006", activity=2000.0, calorific=29.3, carbon=0.0295)
    per_gj = 0.0295 * 0.98 * 44 / 12
    on_new, on_old = 2000 * (28.435 - 29.3) * per_gj, 1000 * (29.3 - 28.435) * per_gj
    (finding,) = find_breaks(pd.DataFrame([old, new]))
    assert finding.message.endswith(
        f"for {new['value']:,.0f} t of 2021; with those of 2020 2021 would be {on_new:+,.0f} t, "
        f"with those of 2021 2020 {on_old:+,.0f} t"
    )
    assert (round(on_new), round(on_old)) == (-183, 92)
    # What a carbon pool takes of an entry is in no factor: it has no effect, and its tonnes are named.
    pool = [
        point(
            year, edition, activity=1000.0, calorific=28.0, carbon=0.0295, flow="pool", value=500.0
        )
        for year, edition in ((2020, "ceads"), (2021, "ipcc-2006"))
    ]
    (finding,) = find_breaks(pd.DataFrame([old, new, *pool]))
    assert finding.message.endswith(f"2020 {on_old:+,.0f} t, 500 t aside")
    (finding,) = find_breaks(pd.DataFrame(pool))
    assert finding.message.endswith(
        "for 500 t of 2021; what it makes of them cannot be told by their factors"
    )


def test_the_effect_of_a_method_is_that_of_its_implied_factor():
    """3 t each of 100 t and 2 t each of 200 t: the new year would be 600, the old one 200."""
    old = {**ENTRY, "year": 2020, "factors": "", "method": "m", "activity": 100.0, "value": 300.0}
    new = {**ENTRY, "year": 2021, "factors": "", "method": "n", "activity": 200.0, "value": 400.0}
    (finding,) = find_breaks(pd.DataFrame([old, new]))
    assert finding.message == (
        "A: from 2020 to 2021 the method goes from m to n, for 400 t of 2021"
        "; with those of 2020 2021 would be +200 t, with those of 2021 2020 -100 t"
    )
    for change in ({"activity_unit": "m3"}, {"activity": math.nan}):
        (finding,) = find_breaks(pd.DataFrame([old, new | change]))
        assert finding.message.endswith("cannot be told by their factors")


def test_a_method_before_its_editions():
    """Another method is one change, not one for each factor."""
    (finding,) = find_breaks(series((2019, "m", "ceads"), (2020, "n", "ipcc-2006")))
    assert "the method goes from m to n" in finding.message


def test_grid_factors_of_each_year_are_one_source_of_a_level():
    """An edition a year is no break; a factor of the region after one of the province is."""
    rows = {row.area: row.place for row in load_edition("mee-grid-2022").rows}
    before = {row.area: row.place for row in load_edition("mee-grid-2021").rows}
    for area, count in (("chongqing", 0), ("grid_southwest", 1)):
        held = series((2021, "m", ""), (2022, "m", ""))
        places = [before["chongqing"], rows[area]]
        held["factors"] = [f"grid_emission_factor 0.5 t CO2/MWh ({place})" for place in places]
        found = find_breaks(held)
        assert len(found) == count
    assert "from a province factor to a grid factor" in found[0].message


def test_changes_are_told_by_area_and_year_and_a_factor_that_one_year_lacks_is_none():
    """B before C, and each in its first year; editions of one series, memos and filled rows are no change."""
    years = ((2019, "m", "yearbook-tables-2007"), (2020, "m", "yearbook-tables-2019"))
    found = find_breaks(
        pd.concat(
            [
                series(*years, (2021, "m", "ceads"), area="C"),
                series((2020, "m", "a"), (2021, "n", "a"), area="B"),
                series((2018, "m", "a"), (2019, "n", "a"), area="B", flow="transport"),
                series(*years, (2021, "m", "ceads"), area="D", kind="memo"),
                series(*years, (2021, "m", "ceads"), area="E", status="filled"),
            ]
        )
    )
    assert [str(one.message).partition(" goes")[0] for one in found] == [
        "B: from 2018 to 2019 the method",
        "B: from 2020 to 2021 the method",
        "C: from 2020 to 2021 net_calorific_value",
    ]
    both = point(2020, "ceads", activity=1.0, calorific=28.0, carbon=0.03)
    alone = {**both, "year": 2021, "factors": FACTORS.format("ceads")}
    assert find_breaks(pd.DataFrame([both, alone])) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"calorific": 28.0}, {"calorific": 29.0, "value": 1.0}),  # the new one is no product
        ({"calorific": 0.0}, {"calorific": 29.0}),  # what a factor of nothing grew by
        ({"calorific": 28.0}, {"calorific": 0.0}),  # and what made nothing has no factor back
    ],
)
def test_an_effect_without_a_ratio_of_factors_is_not_told(old, new):
    """Both entries have to be their activity times their factors, and neither factor nothing."""
    held = [
        point(year, edition, activity=1000.0, carbon=0.03, **more)
        for year, edition, more in ((2020, "ceads", old), (2021, "ipcc-2006", new))
    ]
    (finding,) = find_breaks(pd.DataFrame(held))
    assert finding.message.endswith("cannot be told by their factors")


def test_a_factor_of_one_is_a_factor():
    """From 1 to 28: the old year would be 28 times what it is."""
    one = point(2020, "ceads", activity=1000.0, carbon=0.03, calorific=1.0)
    other = point(2021, "ipcc-2006", activity=1.0, carbon=0.03, calorific=28.0)
    (finding,) = find_breaks(pd.DataFrame([one, other]))
    assert finding.message.endswith(f"2020 {27 * one['value']:+,.0f} t")


@pytest.mark.parametrize(("first", "is_told"), [(0.0, False), (1.0, True)])
def test_a_method_that_counted_nothing_has_no_implied_factor(first, is_told):
    """Of 1 t each of 1 to 3 t of 1: the old year would be 3. Of nothing there is no telling."""
    rows = [
        {**ENTRY, "year": year, "method": method, "factors": "", "activity": 1.0, "value": value}
        for year, method, value in ((2020, "m", first), (2021, "n", 3.0))
    ]
    (finding,) = find_breaks(pd.DataFrame(rows))
    assert ("2020 +2 t" in finding.message) == is_told


def test_a_filled_year_is_passed_over(tmp_path):
    """The technique of a filled year is no other method."""
    more = 'splice = [{ years = "2019", technique = "interpolation", because = "lost" }]'
    folder = make_project(tmp_path / "甲", years=(2018, 2020), more=more)
    assert [one for one in build_at(folder).findings if one.rule == "series-break"] == []


def test_a_source_that_some_years_lack_is_said():
    """With the years and its share; branches are their whole, little is nothing, and filled years say nothing."""
    years = ((2019, "m", ""), (2020, "m", ""), (2021, "m", ""))
    held = pd.concat(
        [
            series(*years, value=90.0),
            series(*years[:2], flow="households", value=10.0),
            series(years[2], flow="households_rural", value=4.0),  # a part of the same
            series(*years[1:], flow="transport", value=30.0),
            series(years[0], flow="construction", value=0.5),
            series(years[0], flow="farming", value=50.0, kind="memo"),
            series((2018, "m", ""), flow="transport", value=1.0, status="filled"),
        ]
    )
    (finding,) = find_uncovered(held)
    assert (finding.rule, finding.severity) == ("series-coverage", "warning")
    # 60 t of 130 t and 124 t
    assert (
        finding.message
        == "A: transport has no entry in 2019, and is 23.6% of the years that have it"
    )
    assert find_uncovered(series(*years)) == []


@pytest.mark.parametrize(
    ("values", "is_said"),
    [
        ((99.0, 1.0), True),  # the hundredth part
        ((99.01, 0.99), False),
        ((-99.0, -1.0), True),  # of removals as of emissions
        ((99.0, math.nan), False),  # what has no number is nothing
        ((0.0, 0.0), False),
        ((math.nan, math.nan), False),
    ],
)
def test_a_source_of_a_hundredth_is_missed(values, is_said):
    """Its share is of the years that have it, whatever the sign; 2,100 t in the other year are no matter."""
    years = ((2019, "m", ""), (2020, "m", ""))
    held = [
        series(years[0], value=values[0]),
        series(years[0], flow="transport", value=values[1]),
        series(years[1], value=2100.0),
    ]
    assert len(find_uncovered(pd.concat(held))) == is_said


def test_vintages_are_told_by_area_however_it_is_spelt():
    """Two files of one year are its two revisions; what nobody declared has no name and is a change all the same."""
    years = [
        ("北京", 2018, "a"),
        ("北京市", 2019, "a"),
        ("北京", 2020, "b"),
        ("北京", 2020, "a"),
        ("北京", 2020, ""),
        ("天津", 2020, "c"),
        ("北京", 2021, ""),
    ]
    tables = [(Tables("x", vintage=vintage), [(area, year)]) for area, year, vintage in years]
    said = [str(one.message) for one in find_vintages(tables)]
    what = "北京: from {} the vintage of the tables goes from {}"
    assert said == [
        what.format("2019 to 2020", "a to a, b"),
        what.format("2020 to 2021", "a, b to what is not declared"),
    ]


def test_the_effect_is_what_the_other_factor_makes(tmp_path):
    """Own calorific values of 2019 alone: what is said of that year is the difference of two compilations."""
    more = 'overlay = [{ folder = "own", years = "2019" }]'
    folder = make_project(tmp_path / "甲", years=(2018, 2019), more=more)
    write_overlay(folder, 23.0)
    (finding,) = [one for one in build_at(folder).findings if one.rule == "series-break"]
    own = pd.read_csv(folder / "output" / "inventory.csv")
    declare(folder)
    build_at(folder)
    plain = pd.read_csv(folder / "output" / "inventory.csv")
    totals = [
        one[(one["year"] == 2019) & (one["scope"] == 1)]["value"].sum() for one in (own, plain)
    ]
    assert f"with those of 2018 2019 would be {totals[1] - totals[0]:+,.0f} t" in finding.message
    assert abs(totals[1] - totals[0]) > 1e5


@pytest.mark.parametrize(
    ("vintages", "said"),
    [
        (("", "", ""), []),
        (("a", "a", "a"), []),
        (("a", "a", "b"), ["from 2019 to 2020 the vintage of the tables goes from a to b"]),
        (
            ("", "a", "a"),
            ["from 2018 to 2019 the vintage of the tables goes from what is not declared to a"],
        ),
        (
            ("a", "b", "a"),
            [
                "from 2018 to 2019 the vintage of the tables goes from a to b",
                "from 2019 to 2020 the",
            ],
        ),
    ],
)
def test_a_change_of_vintage_is_said(tmp_path, vintages, said):
    """Tables before and after a census are two series; what nobody declares is unsaid in all years."""
    folder = make_project(tmp_path / "甲")
    lines = ", ".join(
        f'{{ files = "tables/北京{2018 + i}.csv", vintage = "{one}" }}'
        for i, one in enumerate(vintages)
    )
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace('{ files = "tables/*.csv" }', lines)
    file.write_text(text, encoding="utf-8")
    found = [str(one) for one in build_at(folder).findings if one.rule == "series-break"]
    assert len(found) == len(said)
    assert all(text in one for text, one in zip(said, found, strict=True))


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ('prices = "constant 2015"', 'prices = "constant 2015"', []),
        (
            'prices = "constant 2015"',
            'prices = "constant 2020"',
            ["北京: from 2018 to 2019 the basis of gdp goes from constant 2015 to constant 2020"],
        ),
        (
            'tce = "equivalent"',
            'tce = "calorific"',
            ["北京: from 2018 to 2019 the basis of energy goes from equivalent to calorific"],
        ),
        (
            'tce = "calorific", prices = "current"',
            'tce = "calorific-gross"',
            [
                "北京: from 2018 to 2019 the basis of energy goes from calorific to calorific-gross",
                "the basis of gdp goes from current to what is not declared",
            ],
        ),
        ("", "", []),
    ],
)
def test_a_change_of_prices_or_of_the_definition_of_energy_is_said(tmp_path, first, second, said):
    """Files of drivers that go on from each other on another basis are two series (IPCC 2006, Vol. 1, Ch. 5, 5.2)."""
    folder = make_project(tmp_path / "甲")
    head = "area,year,gdp (亿元),energy (万吨标准煤)\n"
    (folder / "early.csv").write_text(head + "北京,2018,30000,7000\n", encoding="utf-8")
    (folder / "late.csv").write_text(
        head + "北京市,2019,31000,7100\n北京市,2020,32000,7200\n", encoding="utf-8"
    )
    file = folder / "carbonacct.toml"
    both = ", ".join(
        f'{{ file = "{name}"{", " if basis else ""}{basis} }}'
        for name, basis in (("early.csv", first), ("late.csv", second))
    )
    text = file.read_text(encoding="utf-8").replace('{ file = "drivers.csv" }', both)
    file.write_text(text, encoding="utf-8")
    found = [str(one) for one in build_at(folder).findings if one.rule == "series-break"]
    assert len(found) == len(said)
    assert all(text in one for text, one in zip(said, found, strict=True))


def test_a_target_in_other_prices_than_the_drivers_is_said(tmp_path):
    """A cut at prices of 2015 and a GDP at those of 2020: both are named with the file."""
    target = (
        '[[target]]\nid = "a"\nquantity = "co2/gdp"\nstatistic = "cut"\nbound = "at_least"\nvalue = 1\n'
        'unit = "%"\nbase = { year = 2018 }\ndue = 2020\nprices = "constant 2015"\n'
    )
    folder = make_project(tmp_path / "甲")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace(
        'file = "drivers.csv" }', 'file = "drivers.csv", prices = "constant 2020" }'
    )
    file.write_text(text + target, encoding="utf-8")
    found = [str(one) for one in build_at(folder).findings if one.rule == "price-base"]
    assert len(found) == 1
    assert "target a asks for prices constant 2015" in found[0]
    assert "in constant 2020 (drivers.csv)" in found[0]
    file.write_text(text + target.replace("2015", "2020"), encoding="utf-8")
    assert not [one for one in build_at(folder).findings if one.rule == "price-base"]


@pytest.mark.parametrize(
    ("asked", "held", "is_said"),
    [
        ("constant", "constant 2020", False),  # as plans print it: of no year
        ("constant", "current", True),
        ("2020年不变价", "constant 2020", False),
        ("2015年不变价", "constant 2020", True),
        ("当年价", "current", False),
        ("现价", "constant 2020", True),
    ],
)
def test_prices_of_targets_are_told_by_what_they_mean(asked, held, is_said):
    """Words of documents and the two that a project writes; constant prices of no year are those of any."""
    basis = DriverBasis("d.csv", prices=held)
    found = find_unlike_prices([basis], [{"id": "a", "prices": asked}])
    assert len(found) == is_said


def test_targets_of_a_file_and_of_a_document_are_compared_with_the_drivers(tmp_path):
    """Targets of the plan to 2025 are at constant prices: drivers at current prices are said in Chinese.

    Outputs that show the finding are made again.
    """
    folder = make_project(tmp_path / "甲", more='compare_targets = "carbon-peak-2021"')
    (folder / "targets.csv").write_text(
        "id,area,quantity,statistic,bound,value,unit,due,base,prices\n"
        "own,北京,co2/gdp,cut,at_least,1,%,2020,2018,constant 2018\n",
        encoding="utf-8",
    )
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace("[outputs]", "[outputs]\npage = 'page.html'")
    file.write_text('targets_file = "targets.csv"\n' + text, encoding="utf-8")
    assert states_of(build_at(folder))["page"] == "made"
    assert states_of(build_at(folder))["page"] == "current"
    text = file.read_text(encoding="utf-8").replace(
        '"drivers.csv" }', '"drivers.csv", prices = "current" }'
    )
    file.write_text(text, encoding="utf-8")
    built = build_at(folder)
    assert states_of(built)["page"] == "made"
    found = [one.message for one in built.findings if one.rule == "price-base"]
    assert [one.split()[1] for one in map(str, found)] == [
        "own",
        "energy-intensity-2025",
        "co2-intensity-2025",
        "co2-intensity-2030",
    ]
    said = in_language(found[0], "zh")
    assert "2018年可比价" in said
    assert "当年价（drivers.csv）" in said


def test_a_basis_that_is_none_is_refused(tmp_path):
    """The key, what it is, and what it may be."""
    folder = make_project(tmp_path / "甲")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8")
    for wrong, said in (
        ('prices = "2015"', "drivers.prices is '2015'; write"),
        ('tce = "calorifc"', "drivers.tce is 'calorifc'; did you mean calorific"),
    ):
        changed = text.replace('file = "drivers.csv" }', f'file = "drivers.csv", {wrong} }}')
        file.write_text(changed, encoding="utf-8")
        with pytest.raises(ProjectError) as caught:
            build_at(folder)
        assert said in str(caught.value)
