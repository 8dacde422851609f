"""Activities of other sectors filled by rules of a project, with the factors of the year; gone when a print arrives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct.projects.filled_rows import FILLED, read_fill
from carbonacct.projects.series_consistency import find_uncovered
from carbonacct.projects.stored import gather_entries
from tests.projects.folders import build_at, make_project, open_at, outputs_of

RULE = (
    'activity = [{{ file = "activity.csv" }}]\n'
    'splice = [{{ years = "{years}", level = "activity", because = "lost", {rest} }}]'
)
HEAD = "area,year,activity,item,value,unit\n"
CLINKER = {2016: 100.0, 2017: 120.0, 2018: 130.0, 2020: 150.0}


def make(folder, rest, gap="2019", clinker=None, more="", **options):
    """Write a project with energy tables and clinker by year, in 10,000 t."""
    make_project(folder, more=RULE.format(years=gap, rest=rest), **options)
    rows = "".join(
        f"北京,{year},水泥熟料产量,,{amount},万吨\n"
        for year, amount in (clinker or CLINKER).items()
    )
    (folder / "activity.csv").write_text(HEAD + rows + more, encoding="utf-8")
    return folder


def gather(folder, **options):
    """Return the entries of a project, and what was found in filling them."""
    return gather_entries(open_at(folder, **options))


def fill(folder, **options):
    """Return the filled entries of a project, and its findings."""
    entries, findings = gather(folder, **options)
    return entries[entries["status"] == FILLED], findings


@pytest.mark.parametrize("flow", ["*", "cement"])
def test_an_activity_is_filled_between_two_prints(tmp_path, flow):
    """Half way between 1.3 and 1.5 Mt of clinker are 1.4 Mt, at 0.538 t CO2/t of the provincial guideline."""
    folder = make(tmp_path / "甲", f'technique = "interpolation", percent = 2, flow = "{flow}"')
    filled, findings = fill(folder)
    (row,) = filled.to_dict("records")
    assert (row["flow"], row["year"], row["gas"], row["sector"]) == (
        "cement",
        2019,
        "CO2",
        "processes",
    )
    assert row["value"] == pytest.approx(140e4 * 0.538, rel=1e-12)
    assert row["method"] == "interpolation of activity (2018, 2020)"
    assert row["factors"].startswith("clinker_factor 0.538 t CO2/")
    lower, upper, because = read_fill(row["where"])
    # 2017 is 5 off the line of its neighbours, 2018 0: t(2) = 4.3027; and 2 % of the largest print.
    half = ((4.30265273 * (25 / 2) ** 0.5) ** 2 + 3.0**2) ** 0.5
    assert (row["value"] - lower, upper - row["value"]) == (pytest.approx(half * 5380),) * 2
    assert because == "lost"
    assert [one.rule for one in findings] == ["filled"]


def test_a_fill_goes_when_the_print_arrives(tmp_path):
    """The rule stays declared; the number of the table is the one that counts, and outputs follow."""
    folder = make(tmp_path / "甲", 'technique = "interpolation"')
    build_at(folder)
    before = outputs_of(folder)["inventory.csv"].decode()
    assert f"cement,,2.A.1,1,CO2,{140e4 * 0.538!r}" in before
    make(folder, 'technique = "interpolation"', clinker=CLINKER | {2019: 141.0})
    assert fill(folder)[0].empty
    build_at(folder)
    assert f"cement,,2.A.1,1,CO2,{141e4 * 0.538!r}" in outputs_of(folder)["inventory.csv"].decode()


def test_a_key_is_no_gap(tmp_path):
    """Clinker that does not occur in a year is not filled there."""
    folder = make(
        tmp_path / "甲", 'technique = "interpolation"', more="北京,2019,水泥熟料产量,,NO,万吨\n"
    )
    assert fill(folder)[0].empty


def test_a_status_compiles_nothing(tmp_path):
    """What the store does not have is not made; what a build left there is found."""
    folder = make(tmp_path / "甲", 'technique = "interpolation"')
    build_at(folder)
    assert len(fill(folder, making=False)[0]) == 1
    make(folder, 'technique = "interpolation", percent = 1')
    assert fill(folder, making=False)[0].empty


@pytest.mark.parametrize(
    ("rest", "clinker", "right"),
    [
        ('technique = "surrogate", surrogate = "gdp"', CLINKER, 31 * (130 / 30 + 150 / 32) / 2),
        # Least squares through 100, 120, 130 and 150 rise by 16 a year, from the last print on.
        (
            'technique = "extrapolation"',
            {2015: 100.0, 2016: 120.0, 2017: 130.0, 2018: 150.0},
            150.0 + 16.0,
        ),
    ],
)
def test_techniques_fill_activities(tmp_path, rest, clinker, right):
    """A surrogate blends both ends; a trend goes on from the last print along the slope of least squares."""
    folder = make(tmp_path / "甲", rest, clinker=clinker)
    (row,) = fill(folder)[0].to_dict("records")
    assert row["value"] == pytest.approx(right * 5380, rel=1e-12)


def test_a_rate_is_not_scaled(tmp_path):
    """Heads grow with GDP, what one of them eats does not: their source is not filled, and a finding says why."""
    more = "".join(
        f"北京,{year},population,,2000,万人\n北京,{year},protein,,30,kg protein/person\n"
        f"北京,{year},sludge_nitrogen,,0,t N\n"
        for year in (2018, 2020)
    )
    more += ",,unconsumed_protein,,1.1,1\n"
    folder = make(tmp_path / "甲", 'technique = "surrogate", surrogate = "gdp"', more=more)
    filled, findings = fill(folder)
    assert set(filled["flow"]) == {"cement"}
    (said,) = [one.message for one in findings if one.rule == "splice-refused"]
    assert said.startswith("北京 protein: surrogate fills nothing: a share or a rate is not scaled")
    folder = make(tmp_path / "乙", 'technique = "interpolation"', more=more)
    assert set(fill(folder)[0]["flow"]) == {"cement", "wastewater_n2o"}


@pytest.mark.parametrize("level", ["activity", "emission"])
def test_carbon_of_fuels_does_not_count_twice(tmp_path, level):
    """What carbide gives off is taken out of coke that burns; a filled one would be in both, so it is refused."""
    carbide = "".join(f"北京,{year},carbide_output,,10,万吨\n" for year in (2018, 2020))
    rest, methods = (
        'technique = "interpolation", flow = "calcium_carbide"',
        'provincial-2011", sources = "ipcc-2006',
    )
    folder = make(tmp_path / "甲", rest, more=carbide, method=methods)
    toml = folder / "carbonacct.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('"activity", because', f'"{level}", because'),
        "utf-8",
    )
    filled, findings = fill(folder)
    assert filled.empty
    (said,) = [one.message for one in findings if one.rule == "splice-refused"]
    assert "calcium_carbide is not filled" in said
    assert "count twice" in said


def test_emissions_of_a_year_without_a_table_count_once(tmp_path):
    """Where no energy table of the year counts the coke, what the prints beside it leave is filled with the carbide."""
    carbide = "".join(f"北京,{year},carbide_output,,10,万吨\n" for year in (2018, 2020))
    rest, methods = 'technique = "interpolation"', 'provincial-2011", sources = "ipcc-2006'
    folder = make(tmp_path / "甲", rest, more=carbide, method=methods, years=(2018, 2020))
    toml = folder / "carbonacct.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('"activity", because', '"emission", because'),
        "utf-8",
    )
    filled, _ = fill(folder)
    assert "calcium_carbide" in set(filled.loc[filled["year"] == 2019, "flow"])


def test_a_source_that_a_rule_fills_is_not_lacking(tmp_path):
    """Clinker of 2019 is filled beside the table of the year: nothing says that it has no entry there."""
    said = []
    for name, rest in (
        ("甲", 'technique = "interpolation"'),
        ("乙", 'technique = "interpolation", flow = "lime"'),
    ):
        entries, _ = gather(make(tmp_path / name, rest, clinker={2018: 1300.0, 2020: 1500.0}))
        said.append([one.message for one in find_uncovered(entries)])
    assert said[0] == []
    assert "cement has no entry in 2019" in said[1][0]


def test_what_looks_back_has_its_number_in_later_years(tmp_path):
    """A gap in what was landfilled voids decay from there on; filled, decay is that of the whole series."""
    stated = ",,decay_rate,food,0.185,1\n"
    rows = [
        f"北京,{y},deposited,food,100,万吨\n北京,{y},site_share,managed,1,1\n"
        for y in range(2015, 2019)
    ]
    methods = 'provincial-2011", sources = "ipcc-2006'
    made = {}
    for name, held in (("whole", rows), ("gap", [*rows[:1], *rows[2:]])):
        rest = 'technique = "interpolation", flow = "landfill_decay"'
        more = "".join(held) + stated
        folder = make(
            tmp_path / name, rest, "2016", more=more, years=range(2015, 2020), method=methods
        )
        entries, _ = gather(folder)
        made[name] = entries[entries["flow"] == "landfill_decay"].set_index("year")
    assert made["gap"]["value"].to_dict() == pytest.approx(
        made["whole"]["value"].to_dict(), nan_ok=True
    )
    assert made["gap"].loc[2018, "value"] > 0
    assert (made["gap"]["status"] == FILLED).to_dict() == {
        2015: False,
        2016: True,
        2017: True,
        2018: True,
    }


@settings(max_examples=5, deadline=None)
@given(start=st.integers(1, 500), step=st.integers(0, 50))
def test_a_straight_series_gives_back_its_line(tmp_path_factory, start, step):
    """An activity that rises by the same each year is filled with the number that was taken out."""
    folder = tmp_path_factory.mktemp("line") / "甲"
    whole = {year: float(start + step * (year - 2018)) for year in range(2018, 2022)}
    folder = make(
        folder, 'technique = "interpolation"', clinker={y: v for y, v in whole.items() if y != 2019}
    )
    (row,) = fill(folder)[0].to_dict("records")
    assert row["value"] == pytest.approx(whole[2019] * 5380, rel=1e-12)


def test_a_surrogate_of_an_activity_says_its_correlation(tmp_path):
    """Clinker of four years beside GDP: Pearson's r by hand, and the number of printed years, as for energy."""
    folder = make(tmp_path / "甲", 'technique = "surrogate", surrogate = "gdp", flow = "cement"')
    gdp = {2016: 10.0, 2017: 11.0, 2018: 13.0, 2019: 14.0, 2020: 14.0}
    rows = "".join(f"北京,{year},{amount}\n" for year, amount in gdp.items())
    (folder / "drivers.csv").write_text("area,year,gdp (亿元)\n" + rows, encoding="utf-8")
    _, findings = fill(folder)
    (found,) = [one for one in findings if one.rule == "splice-correlation"]
    # Deviations of clinker -25, -5, 5, 25 and of GDP -2, -1, 1, 2: 110 over the root of 1300 x 10.
    assert "with n = 4 printed years; their correlation is 0.96 to 0.96" in found.message
    assert (found.severity, round(110 / 13000**0.5, 2)) == ("info", 0.96)
