"""Uncertainty of all sectors: what fuels alone give, what is shared, what an equation does with it."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.catalogue import in_language
from carbonacct.cli.main import main
from carbonacct.equations import arrange, choose_factors, evaluate
from carbonacct.errors import UncertaintyError
from carbonacct.sectors.all_sectors import compile_sectors
from carbonacct.sectors.sources.source_compiling import _to_inventory
from tests.equations.building import rows_of, sector_of
from tests.sectors.sources.building import compiled, write_table

if TYPE_CHECKING:
    from carbonacct.inventory.record import Inventory

TABLE, ACTIVITIES = "docs/tables/chongqing_2007.csv", "docs/tables/chongqing_2007_activities.csv"
HEADER = "input,area,flow,product,category,gas,percent,cv,lower,upper,kind,source\n"
DRAWS, Z = 100_000, 1.959963984540054
# Nitrogen of two animals, which gives N2O in the stable and, as what is left of it, from the field.
NITROGEN = """
[activity.heads]
unit = "head"
dims = ["beast"]
[parameter.excretion]
unit = "t N/head"
keys = ["beast"]
[parameter.stable]
unit = "t N2O/(t N)"
[parameter.lost]
unit = "1"
[parameter.field]
unit = "t N2O/(t N)"

[[quantity]]
id = "nitrogen"
unit = "t N"
dims = ["beast"]
equation = "nitrogen = heads * excretion"

[[source]]
id = "stables"
cite = "a test"
category = "3.A.2"
gas = "N2O"
dims = ["beast"]
equation = "N2O = nitrogen * stable"
[[source.example]]
given = { heads = { cow = 10, pig = 20 }, excretion = { cow = 2, pig = 1 }, stable = 0.1 }
gives = { cow = 2, pig = 2 }

[[source]]
id = "fields"
cite = "a test"
category = "3.C.4"
gas = "N2O"
equation = "N2O = sum(nitrogen, beast) * (1 - lost) * field"
[[source.example]]
given = { heads = { cow = 10, pig = 20 }, excretion = { cow = 2, pig = 1 }, lost = 0.25, field = 0.1 }
gives = 3
"""
HERD = {
    "heads,cow": 10.0,
    "heads,pig": 20.0,
    "excretion,cow": 2.0,
    "excretion,pig": 1.0,
    "stable": 0.1,
    "lost": 0.25,
    "field": 0.1,
}


def made(text: str, numbers: dict[str, float], dim: str = "") -> Inventory:
    """Return the inventory of a sector file made for the test, from numbers by symbol and label."""
    sector = sector_of(text)
    rows = [
        {
            "symbol": key.partition(",")[0],
            "value": value,
            **({dim: key.partition(",")[2]} if dim else {}),
            "area": "A",
            "year": 2020,
        }
        for key, value in numbers.items()
    ]
    return _to_inventory(
        sector, evaluate(sector, choose_factors(sector, arrange(sector, rows_of(*rows))))
    )


def own(folder, *lines: str):
    """Write a file of a user's own uncertainties: input, product and percent of each line."""
    path = folder / "own.csv"
    text = [
        f"{name},,,{product},,,{percent},,,,,test"
        for name, product, percent in (line.split("|") for line in lines)
    ]
    path.write_text(HEADER + "\n".join(text) + "\n", encoding="utf-8")
    return path


def total(model, by=()):
    """Return value, mean and standard deviation of a model's total by closed moments."""
    table = ca.approximate(model, by=list(by)).table
    return tuple(float(table[name]) for name in ("value", "mean", "sd")) if not by else table


@pytest.fixture(scope="module")
def whole():
    """Return the inventory of Chongqing 2007 with energy and activities."""
    return compile_sectors(
        TABLE,
        ACTIVITIES,
        method="provincial-2011",
        allow_unverified=True,
        gases=["CO2", "CH4", "N2O"],
    )


@pytest.mark.parametrize("method", ["ipcc-2006", "provincial-2011"])
@pytest.mark.parametrize("kind", [{}, {"scope": 2}, {"gwp": "AR5GWP100"}])
def test_fuels_alone_have_the_numbers_of_their_cube(method, kind):
    """A record of fuels alone is the model of its cube, to the last bit."""
    gases = ["CO2", "CH4", "N2O"] if "gwp" in kind and method == "ipcc-2006" else ["CO2"]
    grid = {"grid": "nation"} if "scope" in kind else {}
    cube = ca.compile_inventory(
        "docs/tables/qingdao_2019.csv" if grid else TABLE, method=method, gases=gases, **grid
    )
    of_cube, of_record = (ca.model_inventory(one, **kind) for one in (cube, ca.to_inventory(cube)))
    for one, other in zip(
        (ca.simulate(of_cube, draws=4096).table, ca.approximate(of_cube).table),
        (ca.simulate(of_record, draws=4096).table, ca.approximate(of_record).table),
        strict=True,
    ):
        assert one.identical(other)
    assert ca.rank_contributions(of_cube).equals(ca.rank_contributions(of_record))
    assert ca.tabulate_categories(of_cube).equals(ca.tabulate_categories(of_record))
    said = tuple(
        one for one in of_record.findings if one.rule != "interval-in-part"
    )  # which a cube cannot tell
    assert said == of_cube.findings


def test_values_are_those_of_the_record(whole):
    """Totals by sector and gas are the record's own, and removals lower them."""
    for kind in ({"gas": "CH4"}, {"gas": "N2O"}, {"gwp": "AR5GWP100"}):
        model = ca.model_inventory(whole, **kind)
        sums = whole.by("sector", known_only=True, **kind).set_index("sector")["value"]
        found = ca.approximate(model, by=["sector"]).table["value"].to_series()
        assert found.to_dict() == pytest.approx(sums.to_dict(), rel=1e-12)


def test_the_variance_of_parts_that_share_nothing_adds_up(whole):
    """Fuels and processes of CO2 share no row that is uncertain."""
    model = ca.model_inventory(whole)
    parts = ca.approximate(model, by=["sector"]).table["sd"].to_series()
    assert total(model)[2] == pytest.approx(np.sqrt((parts**2).sum()), rel=1e-9)
    energy = ca.model_inventory(whole.select(sector="energy"))
    assert parts["energy"] == pytest.approx(total(energy)[2], rel=1e-12)


@pytest.mark.parametrize("kind", [{"gas": "CO2"}, {"gas": "CH4"}, {"gwp": "AR5GWP100"}])
def test_draws_agree_with_closed_moments(whole, kind):
    """Of all sectors together, within four standard errors of 100,000 draws."""
    model = ca.model_inventory(whole, allow_unverified=True, **kind)
    drawn = ca.simulate(model, by=[], draws=DRAWS).table
    _, mean, sd = total(model)
    assert float(drawn["mean"]) == pytest.approx(mean, abs=4 * sd / np.sqrt(DRAWS))
    assert float(drawn["sd"]) == pytest.approx(sd, rel=4 * 1.5 / np.sqrt(2 * DRAWS))


def test_a_linear_equation_has_the_range_of_approach_1(tmp_path):
    """Activities alone are uncertain, each serves once: table 3.2 is exact, and so is the closed form."""
    inventory = compiled(
        tmp_path,
        ("clinker_output", "", 2000, "万吨"),
        ("carbide_output", "", 40, "万吨"),
        ("nitric_acid_output", "中压法", 3, "万吨"),
    )
    model = ca.model_inventory(
        inventory, exact=True, inputs=own(tmp_path, "clinker_output||3", "carbide_output||8")
    )
    value, mean, sd = total(model)
    parts = [0.03 * 2e7 * 0.538, 0.08 * 4e5 * 1.154]
    assert sd == pytest.approx(np.hypot(*parts) / Z, rel=1e-9)
    assert mean == value
    found = ca.propagate_errors(ca.tabulate_categories(model))
    assert found.level_uncertainty == pytest.approx(100 * np.hypot(*parts) / value, rel=1e-9)
    assert found.table.set_index("category").loc[
        "2.A.1", ["activity_uncertainty", "factor_uncertainty"]
    ].tolist() == pytest.approx([3, 0])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(1, 25), min_size=4, max_size=4), st.floats(0.1, 0.9), st.floats(1, 1e6))
def test_what_sources_share_stays_correlated(percents, lost, heads):
    """Of heads and both factors the variance is that of the sum worked out by hand (Goodman 1960)."""
    inventory = made(NITROGEN, HERD | {"heads,cow": heads, "lost": lost}, "beast")
    names = ("heads|cow", "heads|pig", "stable|", "field|")
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"{name}|{percent}" for name, percent in zip(names, percents, strict=True)]
        model = ca.model_inventory(
            inventory, gas="N2O", inputs=own(Path(folder), *lines), exact=True
        )
    cow, pig, stable, field = ((one / 100 / Z) ** 2 for one in percents)
    n_cow, n_pig = heads * 2.0, 20.0
    factor, factor_var = 0.1 + (1 - lost) * 0.1, 0.01 * stable + ((1 - lost) * 0.1) ** 2 * field
    herd_var = n_cow**2 * cow + n_pig**2 * pig
    expected = herd_var * factor**2 + (n_cow + n_pig) ** 2 * factor_var + herd_var * factor_var
    value, mean, sd = total(model)
    assert mean == pytest.approx(value, rel=1e-12)
    assert sd**2 == pytest.approx(expected, rel=1e-9)


def test_totals_of_one_herd_move_together(tmp_path):
    """Only the heads of cows are uncertain: nitrogen in stables and on fields moves as one in every draw."""
    model = ca.model_inventory(
        made(NITROGEN, HERD, "beast"),
        gas="N2O",
        inputs=own(tmp_path, "heads|cow|20", "heads|pig|0"),
        exact=True,
    )
    ratio = ca.propagate(
        model,
        lambda sums: sums.sel(flow="fields") / sums.sel(flow="stables"),
        by=["flow"],
        draws=4096,
    ).table
    assert float(ratio["lower"]) == pytest.approx(0.75, rel=1e-9)
    assert float(ratio["upper"]) == pytest.approx(0.75, rel=1e-9)


DECAY = [("deposited", "food", 1e5 + 4e3 * n, "t", "重庆", 2000 + n) for n in range(12)]


@pytest.fixture(scope="module")
def landfill(tmp_path_factory):
    """Return methane of twelve years of waste by decay."""
    rows = [*DECAY, *(("site_share", "managed", 100, "%", "重庆", 2000 + n) for n in range(12))]
    inventory = compiled(
        tmp_path_factory.mktemp("waste"),
        *rows,
        method="ipcc-2006",
        partitions={"climate_zones": {"重庆": "temperate_wet"}},
    )
    return inventory.select(flow="landfill_decay")


def test_decay_is_drawn_by_its_equation(landfill, tmp_path):
    """A rate of decay that is uncertain has no product: draws work the equation out, moments are linear."""
    lines = own(tmp_path, "decay_rate|food|10", "deposited||6")
    model = ca.model_inventory(landfill, gas="CH4", inputs=lines, exact=True)
    assert len(model.computed) == 1
    drawn, closed = ca.simulate(model, draws=DRAWS).table, ca.approximate(model).table
    assert drawn["value"].values == pytest.approx(
        landfill.entries["value"][landfill.entries["value"] > 0].to_numpy()[None], rel=1e-12
    )
    assert drawn["mean"].values == pytest.approx(closed["mean"].values, rel=2e-3)
    assert drawn["sd"].values == pytest.approx(closed["sd"].values, rel=0.03)


def test_equations_beside_each_other_and_beside_products(landfill, tmp_path_factory):
    """Two landfills by decay and a kiln in one model: each is what it is by itself."""
    rows = [(*row[:4], "成都", row[5]) for row in DECAY]
    rows += [("site_share", "managed", 100, "%", "成都", 2000 + n) for n in range(12)]
    rows += [("水泥熟料产量", "", 10, "万吨", "成都", 2000 + n) for n in range(12)]
    zones = {"climate_zones": {"成都": "tropical_wet"}}
    other = compiled(tmp_path_factory.mktemp("other"), *rows, method="ipcc-2006", partitions=zones)
    options, by = {"gwp": "AR5GWP100", "exact": True}, ["area", "year", "flow"]
    alone = [landfill, other.select(flow="landfill_decay"), other.select(flow="cement")]
    model = ca.model_inventory([landfill, other], **options)
    assert len(model.computed) == 2
    joined = ca.approximate(model, by=by).table.to_dataframe().dropna()
    for part in alone:
        own = (
            ca.approximate(ca.model_inventory(part, **options), by=by).table.to_dataframe().dropna()
        )
        assert len(own) > 1
        for name in ("value", "mean", "sd"):
            assert joined.loc[own.index, name].to_numpy() == pytest.approx(
                own[name].to_numpy(), rel=1e-9
            )
    drawn = ca.simulate(model, by=by, draws=20_000).table.to_dataframe().dropna()
    assert drawn["mean"].to_numpy() == pytest.approx(joined["mean"].to_numpy(), rel=0.02)


def test_decay_with_certain_rates_is_linear_in_the_waste(landfill, tmp_path):
    """Only deposits are uncertain: the standard deviation is that of a weighted sum, by hand."""
    model = ca.model_inventory(
        landfill,
        gas="CH4",
        inputs=own(tmp_path, "deposited||6", "degradable_carbon|food|0", "site_share||0"),
        exact=True,
    )
    k, base = 0.185, 0.15 * 0.5 * 0.5 * 4 / 3 * 0.9
    years = np.arange(12)
    for year in (3, 11):
        weights = [
            np.exp(-k * (year - one - 1)) * (1 - np.exp(-k)) * base if one < year else 0
            for one in years
        ]
        deposits = 1e5 + 4e3 * years
        sd = np.sqrt(((0.06 / Z * deposits * weights) ** 2).sum())
        found = ca.approximate(model).table.sel(year=2000 + year)
        assert float(found["value"].item()) == pytest.approx(float(deposits @ weights), rel=1e-9)
        assert float(found["sd"].item()) == pytest.approx(sd, rel=1e-6)


def test_ranges_are_those_of_the_tables(whole):
    """A row has its printed bounds; one without takes those of the 2006 Guidelines, or a percentage of its kind."""
    model = ca.model_inventory(whole, gwp="AR5GWP100")
    known = {
        one.parameter: one.uncertainty
        for one in model.inputs
        if one.name.startswith("provincial-2011/")
    }
    rice = known["rice_factor"]
    assert (rice.value, rice.lower, rice.upper) == (156.2, 75.0, 246.5)
    enteric = known["enteric_factor"]
    assert enteric.lower / enteric.value == pytest.approx(0.5)
    assert "section 10.3.4" in enteric.source
    rules = [finding.rule for finding in model.findings]
    assert rules.count("default-range") >= 2
    exact = ca.model_inventory(whole, gwp="AR5GWP100", exact=True)
    assert exact.exact > model.exact


def test_activities_take_the_range_of_their_kind_only_when_that_could_be_checked(tmp_path):
    """Heads have the default of 5 % with a finding, and 20 % where unverified ranges are allowed."""
    inventory = compiled(tmp_path, ("heads", "dairy_cattle,household", 3, "万头")).select(
        flow="enteric_fermentation"
    )
    heads = {}
    for allowed in (False, True):
        model = ca.model_inventory(inventory, gas="CH4", allow_unverified=allowed)
        heads[allowed] = next(
            one for one in model.inputs if one.parameter == "activity"
        ).uncertainty
        rules = {finding.rule for finding in model.findings}
        assert ("unverified-uncertainty" in rules) == allowed
    assert (heads[False].upper, heads[True].upper) == pytest.approx((1.05, 1.2))


def test_shares_of_a_whole_count_as_exact_and_are_named(whole):
    """Shares that add to 1 cannot each be moved: a finding names them, and the user may state them."""
    model = ca.model_inventory(whole, gas="CH4")
    (said,) = (finding for finding in model.findings if "shares of a whole" in finding.message)
    assert "waste_share" in said.message
    assert not any("share" in one.name for one in model.inputs if one.parameter == "activity")


PART = """
[activity.tonnes]
unit = "t waste"
[activity.part]
unit = "1"
range = [0, 1]
[parameter.factor]
unit = "t CH4/(t waste)"

[[source]]
id = "pits"
cite = "a test"
category = "4.A"
gas = "CH4"
equation = "CH4 = tonnes * part * factor"
[[source.example]]
given = { tonnes = 10, part = 0.5, factor = 0.1 }
gives = 0.5
"""


@pytest.mark.parametrize(
    ("part", "bounds"),
    [(0.5, (0.95, 1.05)), (0.95, (0.95, 1.05)), (0.98, (0.95, 1 / 0.98)), (1.0, None)],
)
def test_a_part_reaches_to_the_whole_and_no_further(part, bounds):
    """The default of 5 % to both sides, cut at 1; a part that is the whole counts as exact and is named."""
    model = ca.model_inventory(made(PART, {"tonnes": 10.0, "part": part, "factor": 0.1}), gas="CH4")
    found = {one.name.split()[1]: one.uncertainty for one in model.inputs}
    said = [one.message for one in model.findings if "shares of a whole" in one.message]
    assert (found["tonnes"].lower, found["tonnes"].upper) == pytest.approx((0.95, 1.05))
    if bounds is None:
        assert list(found) == ["tonnes"]
        assert said == ["shares of a whole count as exact: activity: part A 2020"]
    else:
        assert (found["part"].lower, found["part"].upper) == pytest.approx(bounds)
        assert said == []


MEAN = """
[activity.area_lost]
unit = "ha"
[parameter.window]
unit = "1"
[parameter.stock]
unit = "t CO2/ha"

[[source]]
id = "loss"
cite = "a test"
category = "3.B.1.b"
gas = "CO2"
equation = "CO2 = average(area_lost, window) * stock"
[[source.example]]
years = [2019, 2020]
given = { area_lost = [1, 3], window = 2, stock = 10 }
gives = ["NE", 20]
"""


def test_a_number_of_years_is_certain(tmp_path):
    """The window of a mean is whole: it is no input, and a line of one's own for it serves nothing."""
    rows = [
        {"symbol": symbol, "value": value, "area": "A", "year": year}
        for year, area in ((2019, 1.0), (2020, 3.0))
        for symbol, value in (("area_lost", area), ("window", 2.0), ("stock", 10.0))
    ]
    sector = sector_of(MEAN)
    inventory = _to_inventory(sector, evaluate(sector, arrange(sector, rows_of(*rows))))
    lines = own(tmp_path, "window||10", "stock||10", "area_lost||20")
    model = ca.model_inventory(inventory, inputs=lines)
    assert sorted({one.name.split()[1] for one in model.inputs}) == ["area_lost", "stock"]
    (idle,) = (finding for finding in model.findings if finding.rule == "inputs-unused")
    assert "own.csv!A2" in idle.message
    # Linear around the means: 5 t CO2 by the hectare of either year, and 2 ha of the mean.
    assert total(model) == pytest.approx(
        (20, 20, np.sqrt((5 * 0.2) ** 2 + (15 * 0.2) ** 2 + (20 * 0.1) ** 2) / Z)
    )


def test_lines_of_ones_own_reach_sources_by_name_item_and_category(whole, tmp_path):
    """A line may name the activity, its item, or the category of a source; one that nothing uses is found."""
    text = (
        HEADER
        + 'heads,,,"pigs,household",,,12,,,,,\nactivity,,,,2.A,,1,,,,,\nclinker_factor,,,,,,4,,,,,\nheads,,,'
        "horses,,,9,,,,,\n"
    )
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    model = ca.model_inventory(whole, gwp="AR5GWP100", inputs=path)
    known = {one.name: one.uncertainty.upper / one.uncertainty.value for one in model.inputs}
    assert known["activity: heads 重庆 2007 pigs,household"] == pytest.approx(1.12)
    assert known["activity: clinker_output 重庆 2007"] == pytest.approx(1.01)
    (clinker,) = (one.uncertainty for one in model.inputs if one.parameter == "clinker_factor")
    assert clinker.upper == pytest.approx(1.04)
    (idle,) = (finding for finding in model.findings if finding.rule == "inputs-unused")
    assert "own.csv!A5" in idle.message
    path.write_text(HEADER + "clinker_facter,,,,,,4,,,,,\n", encoding="utf-8")
    with pytest.raises(UncertaintyError, match="did you mean clinker_factor"):
        ca.model_inventory(whole, inputs=path)


def test_what_has_no_number_is_said():
    """Rice without a factor that was checked is in no interval, and the model says so."""
    strict = compile_sectors(TABLE, ACTIVITIES, method="provincial-2011")
    (said,) = (
        one
        for one in ca.model_inventory(strict, gas="CH4").findings
        if one.rule == "interval-in-part"
    )
    assert "rice single CH4" in said.message
    assert "重庆 2007 稻田甲烷 单季稻 CH4" in in_language(said.message, "zh")
    assert not any(
        one.rule == "interval-in-part" for one in ca.model_inventory(strict, gas="N2O").findings
    )


def test_an_inventory_from_a_file_has_nothing_to_draw(whole, tmp_path):
    """A file holds entries and no factors."""
    path = tmp_path / "whole.csv"
    whole.to_frame().to_csv(path, index=False)
    with pytest.raises(UncertaintyError, match="was read from a file, which holds no factors"):
        ca.model_inventory(ca.read_inventory(path))


def test_part_of_a_record_is_modelled_as_part(whole):
    """What is selected is what is drawn, with the interval that it has in the whole."""
    model = ca.model_inventory(whole, gwp="AR5GWP100")
    part = ca.model_inventory(whole.select(sector=["waste", "energy"]), gwp="AR5GWP100")
    one, other = (
        ca.approximate(each, by=["sector"]).table["sd"].to_series() for each in (model, part)
    )
    assert other.to_dict() == pytest.approx(one.loc[["energy", "waste"]].to_dict(), rel=1e-12)


def test_part_of_a_source_is_modelled_as_part(tmp_path):
    """Each one of several items has the value and the spread that it has beside the others."""
    rows = [
        ("heads", f"{animal},household", 3 + n, "万头")
        for n, animal in enumerate(("pigs", "goats", "horses"))
    ]
    herd = compiled(tmp_path, *rows).select(flow="enteric_fermentation")
    table = ca.approximate(ca.model_inventory(herd, gas="CH4"), by=["product"]).table
    assert len(table["product"]) == 3
    for product in table["product"].values:
        alone = total(ca.model_inventory(herd.select(product=str(product)), gas="CH4"))
        assert alone == pytest.approx(
            [float(table[name].sel(product=product)) for name in ("value", "mean", "sd")]
        )


def test_two_records_of_one_method_share_their_rows(tmp_path):
    """Clinker of two cities has one factor: their sum is less sure than of independent ones."""
    cities = [
        compiled(tmp_path, ("clinker_output", "", 1000, "万吨", area, 2020))
        for area in ("重庆", "北京")
    ]
    path = own(tmp_path, "clinker_factor||10", "clinker_output||0")
    alone = [total(ca.model_inventory(one, inputs=path))[2] for one in cities]
    both = total(ca.model_inventory(cities, inputs=path))[2]
    assert both == pytest.approx(sum(alone), rel=1e-9)


def test_correlation_over_years_is_of_fuels_alone(whole):
    """It is refused for other sources rather than passed over."""
    with pytest.raises(UncertaintyError, match="model energy by itself"):
        ca.model_inventory(whole, correlation={"year": 0.5})


COMMON = [TABLE, ACTIVITIES, "--method", "provincial-2011", "--lang", "en"]


def test_commands_take_activity_tables_beside_balances(capsys):
    """Both approaches, key categories by both, contributions: each names sources of several sectors."""
    assert (
        main(["uncertainty", *COMMON, "--gwp", "AR5GWP100", "--by", "sector", "--draws", "4096"])
        == 0
    )
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:4]] == [
        "agriculture",
        "energy",
        "processes",
        "waste",
    ]
    assert main(["uncertainty", *COMMON, "--gwp", "AR5GWP100", "--approach", "1", "-o", "-"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out)).set_index(["category", "gas"])
    assert {"1.A.1 solid", "2.A.1", "3.A.1", "4.A"} <= set(table.index.get_level_values("category"))
    assert main(["key-categories", *COMMON, "--gwp", "AR5GWP100", "--approach", "2"]) == 0
    assert "3.A.1            CH4" in capsys.readouterr().out
    assert main(["contributions", *COMMON, "--gas", "CH4"]) == 0
    assert "activity: heads 重庆 2007 pigs,household" in capsys.readouterr().out


def test_a_trend_of_all_sectors(tmp_path, capsys):
    """Two years of clinker with one factor: its error leaves the trend, that of the activities stays."""
    path = write_table(
        tmp_path,
        ("clinker_output", "", 1000, "万吨", "重庆", 2015),
        ("clinker_output", "", 1300, "万吨"),
    )
    own(tmp_path, "clinker_factor||30", "clinker_output||2")
    words = [
        "uncertainty",
        str(path),
        "--method",
        "provincial-2011",
        "--inputs",
        str(tmp_path / "own.csv"),
        "--base",
        "2015",
    ]
    assert main([*words, "--approach", "1", "-o", "-"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out)).set_index("category")
    half = 130 * np.sqrt(2) * 0.02 * np.hypot(1, 0.3 / Z)  # with what both errors do together
    assert table.loc["total", "trend_variance"] == pytest.approx(half**2, rel=1e-6)
    assert table.loc["2.A.1", "factor_uncertainty"] == pytest.approx(30)
    assert main([*words, "--draws", "65536", "-o", "-"]) == 0
    drawn = pd.read_csv(io.StringIO(capsys.readouterr().out)).query("unit == '%'").iloc[0]
    assert (drawn["value"], drawn["upper"] - drawn["lower"]) == pytest.approx(
        (30, 2 * 130 * 0.02 * np.sqrt(2)), rel=0.02
    )
