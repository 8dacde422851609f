"""Years filled by rules of a project: emissions, or activity with the factors of the year; each entry once."""

from __future__ import annotations

import math

import pytest

from carbonacct.errors import ProjectError
from carbonacct.projects import driver_tables
from carbonacct.projects.filled_rows import FILLED, read_fill
from carbonacct.projects.stored import gather_entries, take_prints
from tests.projects.folders import ROWS, build_at, make_project, open_at, outputs_of, write_table

HEAD = "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
SOURCE = (
    'title = "Own"\ntitle_zh = "自测"\npublisher = "lab"\nedition = "1"\ndate = "2020"\n'
    'reference = "lab report 1"\n'
)
ACTIVITY = 'splice = [{{ years = "{years}", level = "activity", because = "table lost", {rest} }}]'
COAL = {2018: 100.0, 2020: 200.0}
FACTORS = {2018: 1.0, 2019: 2.0, 2020: 2.0}


def splice(rest, years="2019"):
    """Return the declaration of a rule for activity."""
    return ACTIVITY.format(years=years, rest=rest)


def make(folder, more, coal=COAL, factors=None):
    """Write a project with the coal of industry by year, and its own factor of coal by year (t CO2/t)."""
    if factors:
        more += '\noverlay = [{ folder = "own" }]'
    make_project(folder, years=(), more=more)
    for year, amount in coal.items():
        write_table(folder, year, coal=amount)
    drivers = "area,year,gdp (亿元),early coal (万t)\n"
    drivers += "".join(
        f"北京,{year},{50 + year - 2015},{year - 1918}\n" for year in range(2015, 2022)
    )
    (folder / "drivers.csv").write_text(drivers, encoding="utf-8")
    if factors:
        (folder / "own").mkdir()
        (folder / "own" / "source.toml").write_text(SOURCE, encoding="utf-8")
        rows = "".join(
            f"raw_coal,,,,{year},{year},CO2,own,{value},,,t CO2/t,1,1,single,\n"
            for year, value in factors.items()
        )
        (folder / "own" / "emission_factor.csv").write_text(HEAD + rows, encoding="utf-8")
    return folder


def fill(folder):
    """Return the filled entries of a project, and its findings."""
    entries, findings = gather_entries(open_at(folder))
    return entries[entries["status"] == FILLED], findings


def coal_of(filled):
    """Return the filled entry of coal in industry."""
    (row,) = filled[(filled["flow"] == "industry") & (filled["product"] == "raw_coal")].to_dict(
        "records"
    )
    return row


def test_activity_takes_the_factor_of_its_year(tmp_path):
    """Half way between 100 and 200 at a factor of 2 are 300; emissions of 100 and 400 would give 250."""
    rest = 'technique = "interpolation", percent = 5'
    coal, factors = {2016: 80.0, **COAL}, {2016: 1.0, **FACTORS}
    folder = make(tmp_path / "甲", splice(rest), coal, factors)
    filled, findings = fill(folder)
    row = coal_of(filled)
    assert (row["value"], row["activity"], row["activity_unit"]) == (300e4, 150e4, "t")
    assert row["method"] == "interpolation of activity (2018, 2020)"
    assert row["factors"] == "emission_factor 2.0 t CO2/t"
    lower, upper, because = read_fill(row["where"])
    # Without 2018 its place on the line is 140, 40 off: t(1) = 12.7062; and 5 % of the largest print.
    half = 2 * math.hypot(12.7062047 * 40e4, 0.05 * 200e4)
    assert (row["value"] - lower, upper - row["value"]) == (pytest.approx(half),) * 2
    assert because == "table lost"
    (said,) = [one for one in findings if one.rule == "filled"]
    assert (
        "9 entries of 2019 are filled by interpolation of the activity: table lost" in said.message
    )
    emissions = make(tmp_path / "乙", splice(rest).replace("activity", "emission"), factors=FACTORS)
    assert coal_of(fill(emissions)[0])["value"] == 250e4
    write_table(folder, 2019, coal=120.0)
    assert fill(folder)[0].empty


def test_a_factor_of_the_filled_year_makes_outputs_stale(tmp_path):
    """A row of own factors that only the filled year uses is in the key of what shows that year."""
    folder = make(tmp_path / "甲", splice('technique = "interpolation"'), factors=FACTORS)
    build_at(folder)
    before = outputs_of(folder)["inventory.csv"]
    file = folder / "own" / "emission_factor.csv"
    changed = file.read_text(encoding="utf-8").replace("2019,CO2,own,2.0", "2019,CO2,own,3.0")
    file.write_text(changed, encoding="utf-8")
    build_at(folder)
    after = outputs_of(folder)["inventory.csv"].decode()
    assert after.encode() != before
    assert ",4500000.0," in after


@pytest.mark.parametrize(
    ("rest", "years", "coal", "right"),
    [
        ('technique = "surrogate", surrogate = "gdp"', "2021", {2019: 108.0, 2020: 110.0}, 112.0),
        (
            'technique = "overlap", previous = "early coal", form = "mean_of_ratios"',
            "2018",
            {2019: 202.0, 2020: 204.0},
            200.0,
        ),
        (
            'technique = "extrapolation"',
            "2020",
            {year: float(year - 1900) for year in range(2016, 2020)},
            120.0,
        ),
    ],
)
def test_each_technique_fills_activity(tmp_path, rest, years, coal, right):
    """With factors that are the same in all years the emissions are those of the filled activity."""
    folder = make(tmp_path / "甲", splice(rest, years), coal, dict.fromkeys(range(2015, 2022), 3.0))
    row = coal_of(fill(folder)[0])
    assert row["activity"] == pytest.approx(right * 1e4, rel=1e-12)
    assert row["value"] == pytest.approx(right * 3e4, rel=1e-12)


def test_an_entry_is_filled_once_by_activity_first(tmp_path):
    """A rule of emissions fills what a rule of activity leaves; together they fill the year as a whole."""
    more = (
        'splice = [{ years = "2019", technique = "interpolation", because = "rest" },'
        ' { years = "2019", technique = "interpolation", level = "activity", product = "raw_coal",'
        ' because = "coal" }]'
    )
    folder = make(tmp_path / "甲", more, factors=FACTORS)
    filled, _ = fill(folder)
    assert len(filled) == 9
    coal = filled["product"] == "raw_coal"
    assert set(filled.loc[coal, "method"]) == {"interpolation of activity (2018, 2020)"}
    assert set(filled.loc[~coal, "method"]) == {"interpolation (2018, 2020)"}


@pytest.mark.parametrize("level", ["activity", "emission"])
def test_what_prints_do_not_estimate_is_no_number_in_a_filled_year(tmp_path, level):
    """Electricity that has no factor in the print beside is NE in the filled year: its sum is no number there."""
    rule = splice('technique = "interpolation"').replace('"activity"', f'"{level}"')
    folder = make(tmp_path / "甲", rule)
    for year, coal in COAL.items():
        path = write_table(folder, year, coal=coal, rows=(("外省(区、市)调入量", 5, 1, 1), *ROWS))
        text = path.read_text(encoding="utf-8").replace("天然气(亿立方米)", "电力(亿千瓦小时)")
        path.write_text(text, encoding="utf-8")
    filled, _ = fill(folder)
    (power,) = filled[filled["scope"] == 2].to_dict("records")
    assert (power["notation"], power["where"], power["year"]) == ("NE", "NE in 2018", 2019)
    assert math.isnan(power["value"])


@pytest.mark.parametrize("level", ["activity", "emission"])
def test_a_rule_that_finds_no_series_is_said(tmp_path, level):
    """A flow that the inventory does not have fills nothing, and not in silence."""
    rest = 'technique = "interpolation", flow = "industri"'
    folder = make(tmp_path / "甲", splice(rest).replace('"activity"', f'"{level}"'))
    filled, (said,) = fill(folder)
    assert filled.empty
    assert (said.rule, "for flow industri and product * finds no series" in said.message) == (
        "splice-refused",
        True,
    )


def test_a_rule_says_what_it_lacks(tmp_path):
    """An overlap names the earlier series and its form; a level that is none is named."""
    for rest, said in (
        ('technique = "overlap", form = "ratio_of_sums"', "a splice by overlap needs previous"),
        ('technique = "surrogate"', "a splice by surrogate needs surrogate"),
        ('technique = "overlap", previous = "gdp", form = "mean"', "splice.form is 'mean'"),
    ):
        folder = make(tmp_path / rest[13:17] / said[-4:], splice(rest))
        with pytest.raises(ProjectError, match=said):
            open_at(folder)
    folder = make(
        tmp_path / "甲", splice('technique = "interpolation"').replace('"activity"', '"factors"')
    )
    with pytest.raises(ProjectError, match=r"splice\.level is 'factors'"):
        open_at(folder)


@pytest.mark.parametrize("level", ["activity", "emission"])
@pytest.mark.parametrize(
    ("coal", "severity", "said"),
    [
        # GDP goes 52 to 55: r = 30 / sqrt(5 * 500), and the same turned round.
        (
            [100.0, 90.0, 120.0, 110.0],
            "info",
            "n = 4 printed years; their correlation is 0.60 to 0.60",
        ),
        (
            [110.0, 120.0, 90.0, 100.0],
            "warning",
            "n = 4 printed years; their correlation is -0.60 to -0.60",
        ),
        (
            [100.0, 90.0],
            "warning",
            "n = 2 printed years; so few years, or numbers that do not move, show no correlation",
        ),
        ([100.0, 100.0, 100.0], "warning", "n = 3 printed years; so few years"),
    ],
)
def test_a_surrogate_says_how_well_it_goes_with_what_it_fills(
    tmp_path, level, coal, severity, said
):
    """Pearson's correlation over the printed years, with their number; of series that do not move there is none."""
    rule = splice('technique = "surrogate", surrogate = "gdp"', "2021").replace(
        '"activity"', f'"{level}"'
    )
    years = range(2021 - len(coal), 2021)
    made = make(
        tmp_path / "甲",
        rule,
        dict(zip(years, coal, strict=True)),
        dict.fromkeys(range(2015, 2022), 3.0),
    )
    (found,) = [one for one in fill(made)[1] if one.rule == "splice-correlation"]
    assert found.severity == severity
    assert found.message.startswith("北京: gdp fills 9 series, with ")
    assert said in found.message


def test_an_overlap_of_one_year_is_allowed_by_name(tmp_path):
    """204 beside an earlier 102 is a ratio of 2: 101 of 2019 are 202, within the percent that is stated."""
    rest = 'technique = "overlap", previous = "early coal", form = "mean_of_ratios", percent = 10'
    factors = dict.fromkeys(range(2015, 2022), 3.0)
    refused = make(tmp_path / "甲", splice(rest), {2020: 204.0}, factors)
    assert fill(refused)[0].empty
    allowed = make(tmp_path / "乙", splice(f"{rest}, single_year = true"), {2020: 204.0}, factors)
    row = coal_of(fill(allowed)[0])
    assert row["activity"] == pytest.approx(202e4, rel=1e-12)
    assert read_fill(row["where"])[:2] == pytest.approx((0.9 * 606e4, 1.1 * 606e4), rel=1e-12)
    unsure = make(
        tmp_path / "丙", splice(f"{rest[:-14]}, single_year = true"), {2020: 204.0}, factors
    )
    assert fill(unsure)[0].empty
    for wrong in (
        f'{rest}, single_year = "yes"',
        'technique = "interpolation", single_year = true',
    ):
        with pytest.raises(
            ProjectError, match=r"splice\.single_year is .*; write true in a splice by overlap"
        ):
            open_at(make(tmp_path / wrong[13:17] / "丁", splice(wrong)))


POWER = (("外省(区、市)调入量", 5, 1, 1), ("本省(区、市)调出量(-)", 5, 1, -0.5), *ROWS)
GRID = 'splice = [{{ years = "2013-2020", level = "{level}", because = "no grid factor", {rest} }}]'


def make_power(folder, rest, level="factor", years=(2012, 2015, 2021)):
    """Write a project with electricity brought in and sent out, in years with and without a grid factor."""
    make(folder, GRID.format(level=level, rest=rest), coal={})
    for year in years:
        path = write_table(folder, year, rows=POWER)
        text = path.read_text(encoding="utf-8").replace("天然气(亿立方米)", "电力(亿千瓦小时)")
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_factor_is_filled_for_a_printed_activity(tmp_path):
    """Between 0.8843 kg/kWh of 2012 and 0.5688 of 2021, three ninths on, lie 0.7791: 1e8 kWh in and half of it out."""
    folder = make_power(tmp_path / "甲", 'technique = "interpolation", longest = 9')
    filled, findings = fill(folder)
    rows = {row["flow"]: row for row in filled.to_dict("records")}
    factor = 0.8843 + (0.5688 - 0.8843) * 3 / 9
    assert {flow: row["value"] for flow, row in rows.items()} == pytest.approx(
        {"moved_in": factor * 1e5, "moved_out": -factor * 5e4}, rel=1e-12
    )
    assert {row["year"] for row in rows.values()} == {2015}
    assert {row["method"] for row in rows.values()} == {"interpolation of factor (2012, 2021)"}
    assert (rows["moved_in"]["activity"], rows["moved_in"]["notation"]) == (1e8, "")
    assert rows["moved_in"]["factors"].startswith("emission_factor 0.00077913")
    (said,) = [one for one in findings if one.rule == "filled"]
    assert "are filled by interpolation of the factor: no grid factor" in said.message
    assert not [one for one in findings if one.rule == "splice-refused"]


def test_a_factor_that_is_too_far_stays_away(tmp_path):
    """A gap of nine years is not interpolated unless the rule says so, and a rule of emissions leaves NE."""
    folder = make_power(tmp_path / "甲", 'technique = "interpolation"')
    filled, findings = fill(folder)
    assert filled.empty
    assert [one for one in findings if "moved_in electricity" in one.message]
    emission = make_power(tmp_path / "乙", 'technique = "interpolation", longest = 9', "emission")
    assert not (fill(emission)[0]["year"] == 2015).any()


def test_prints_alone_have_no_number_where_a_rule_completes_a_year(tmp_path):
    """What is filled beside a table is NE where tests and verdicts look, and the panel calls the year filled."""
    folder = make_power(tmp_path / "甲", 'technique = "interpolation", longest = 9')
    entries, _ = gather_entries(open_at(folder))
    printed = take_prints(entries)
    own = printed[(printed["year"] == 2015) & (printed["scope"] == 2)]
    assert own["notation"].tolist() == ["NE", "NE"]
    assert own["value"].isna().all()
    assert len(printed) == len(entries)
    build_at(folder)
    lines = outputs_of(folder)["panel.csv"].decode().splitlines()
    status = {line.split(",")[1]: line.rsplit(",", 1)[1] for line in lines[1:]}
    assert status == {"2012": "printed", "2015": "filled", "2021": "printed"}


def test_drivers_are_read_once_for_all_series(tmp_path, monkeypatch):
    """However many series go with a driver, its file is read once."""
    read = []
    kept = driver_tables.read_driver_table
    monkeypatch.setattr(
        driver_tables,
        "read_driver_table",
        lambda path, sheet: (read.append(path), kept(path, sheet))[1],
    )
    folder = make(tmp_path / "甲", splice('technique = "surrogate", surrogate = "gdp"'))
    assert len(fill(folder)[0]) == 9
    assert len(read) == 1
