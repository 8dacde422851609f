"""What comes out: numbers, notation keys, what looks over years, and what a compiler is told."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.equations import arrange, evaluate
from carbonacct.equations.arithmetic import MISSING, NumbersAndStates
from carbonacct.equations.expressions import over_years
from carbonacct.equations.line_by_line import find_loop
from carbonacct.errors import EquationError
from tests.equations.building import (
    FOREST,
    KILN,
    LANDFILL,
    MANURE,
    evaluate_rows,
    row,
    rows_of,
    rules_of,
    sector_of,
)

KEPT = [row("grazing", 0, housing="stable"), row("grazing", 1, housing="pasture")]


def test_areas_and_years_stand_beside_each_other():
    """One equation gives all areas and years; a row without area or year holds for all."""
    found = evaluate_rows(
        sector_of(KILN),
        row("made", 10, area="甲", year=2019),
        row("made", 20, area="乙", year=2019),
        row("made", 30, area="乙", year=2020, unit="kt"),
        row("factor", 0.5),
    )
    assert found.values("kiln")[:, 0].tolist() == [5, 10]
    assert np.isnan(found.values("kiln")[0, 1])
    assert found.values("kiln")[1, 1] == 15000
    assert found.notation("kiln").tolist() == [["", "NE"], ["", ""]]
    assert repr(found) == "<Evaluation of made/test: 2 areas, 2 years, 1 findings>"


def test_what_counts_as_zero_is_said():
    """An activity that is absent and counts as zero gives a finding where it mattered."""
    rows = [row("made", 10, area="甲"), row("factor", 0.5)]
    found = evaluate_rows(sector_of(KILN), *rows)
    assert [str(finding) for finding in found.findings] == [
        "甲: kiln: sold is not reported and counts as zero; report it, or write 0"
    ]
    assert evaluate_rows(sector_of(KILN), *rows, row("sold", 0)).findings == ()
    assert evaluate_rows(sector_of(KILN), row("factor", 0.5)).findings == ()


def test_notation_keys_go_through():
    """A key in place of a number goes through; what is not known has no number."""
    sector = sector_of(KILN)
    for key, expected in (("NO", "NO"), ("NA", "NO"), ("IE", "IE"), ("NE", "NE"), ("C", "C")):
        rows = [row("made", None, notation=key), row("sold", None, notation="NO")]
        found = evaluate_rows(sector, *rows, row("factor", 0.5))
        assert found.notation("kiln")[0, 0] == expected
        assert np.isnan(found.values("kiln")[0, 0])


def test_labels_that_nobody_names_do_not_occur():
    """A combination that an area does not name, beside others that it names, does not occur."""
    rows = [
        row("heads", 100, area="甲", beast="cow", housing="stable"),
        row("heads", 40, area="甲", beast="sheep", housing="pasture"),
        row("heads", 50, area="乙", beast="cow", housing="stable"),
        *(row("manure_factor", 2, beast=animal) for animal in ("cow", "sheep")),
        *KEPT,
    ]
    found = evaluate_rows(sector_of(MANURE), *rows)
    assert found.labels("manure") == {"beast": ("cow", "sheep")}
    assert found.values("manure")[0, 0].tolist() == [0.2, 0]
    assert found.values("manure")[1, 0, 0] == 0.1
    # 乙 reports cows and no sheep: it has none, whatever 甲 reports.
    assert found.notation("manure").tolist() == [[["", ""]], [["", "NO"]]]


def test_a_factor_without_animals_is_not_needed():
    """No factor for a combination that has no animals leaves the others' sum a number."""
    rows = [
        row("heads", 100, beast="cow", housing="stable"),
        row("heads", 0, beast="goat", housing="stable"),
        row("manure_factor", 2, beast="cow"),
    ]
    found = evaluate_rows(sector_of(MANURE), *rows, *KEPT)
    assert found.values("manure")[0, 0].tolist() == [0.2, 0]


def test_a_check_refuses():
    """More recovered than generated gives no number, and both sides are named."""
    rows = [
        *(row("deposited", 1000, kind="msw", year=year) for year in (2010, 2011, 2012)),
        row("carbon", 0.1, kind="msw"),
        row("decay", 0.1, kind="msw"),
        row("to_methane", 0.5),
        row("oxidised", 0),
        row("recovered", 1, year=2011),
        row("recovered", 50, year=2012),
    ]
    found = evaluate_rows(sector_of(LANDFILL), *rows)
    assert found.notation("landfill").tolist() == [["", "", "NE"]]
    error = next(finding for finding in found.findings if finding.severity == "error")
    assert str(error) == (
        "2012: landfill: recovered <= sum(decomposed, kind) * to_methane does not hold: "
        "the left side is 50, the right side 9.06346; "
        "correct the activity data; the entry has no number"
    )


def test_decay_is_the_sum_of_its_deposits():
    """One deposit decays as IPCC 2006 Vol. 5, eq. 3.2-3.6 say."""
    years = list(range(2000, 2021))
    rows = [row("deposited", 100 if year == 2000 else 0, kind="msw", year=year) for year in years]
    rows += [
        row("carbon", 0.075, kind="msw"),
        row("decay", 0.185, kind="msw"),
        row("to_methane", 2 / 3),
        row("oxidised", 0),
    ]
    found = evaluate_rows(sector_of(LANDFILL), *rows)
    stock = found.blocks["landfill"].lines["stock"].values.ravel()
    assert stock == pytest.approx([7.5 * np.exp(-0.185 * (year - 2000)) for year in years])
    decomposed = found.blocks["landfill"].lines["decomposed"].values.ravel()
    assert decomposed.sum() + stock[-1] == pytest.approx(7.5)
    assert found.values("landfill")[0] == pytest.approx(decomposed * 2 / 3)
    # The first year after a deposit, as worked in the guidelines' sheet for one deposit of 7.5 Gg.
    assert found.values("landfill")[0, 1] == pytest.approx(0.8444785807393718)
    assert found.values("landfill")[0, 20] == pytest.approx(0.02512138241879078)


def test_a_bank_that_feeds_a_bank():
    """Lines that look back, one feeding the other by a line between them, go year by year."""
    text = """
[activity.filled]
unit = "t SF6"
[parameter.leak]
unit = "1"
[[source]]
id = "banks"
cite = "a test"
category = "2.G.1"
gas = "SF6"
equation = \"\"\"
first_bank = previous(first_bank) * (1 - leak) + filled
moved = previous(first_bank) * leak
second_bank = previous(second_bank) * (1 - leak) + moved
SF6 = previous(second_bank) * leak
\"\"\"
units = { first_bank = "t SF6", moved = "t SF6", second_bank = "t SF6" }
starts = { first_bank = 0, second_bank = 0 }
[[source.example]]
years = [2018, 2019, 2020, 2021]
given = { filled = [100, 0, 0, 0], leak = 0.5 }
gives = [0, 0, 25, 25]
"""
    banks = sector_of(text).blocks["banks"]
    assert find_loop(banks.lines) == {"first_bank", "second_bank", "moved"}


def test_years_before_the_first_are_zero_and_gaps_are_not():
    """A history begins with its first number; a year without one behind it stops the decay."""
    rows = [
        row("carbon", 0.1, kind="msw"),
        row("decay", 0.1, kind="msw"),
        row("to_methane", 0.5),
        row("oxidised", 0),
    ]
    later = [row("deposited", 10, kind="msw", year=year) for year in (2011, 2012)]
    found = evaluate_rows(sector_of(LANDFILL), *later, *rows, years=[2010, 2011, 2012])
    assert found.notation("landfill").tolist() == [["", "", ""]]
    assert "history-start" in rules_of(found)
    gap = [row("deposited", 10, kind="msw", year=year) for year in (2010, 2012)]
    found = evaluate_rows(sector_of(LANDFILL), *gap, *rows, years=[2010, 2011, 2012])
    assert found.notation("landfill").tolist() == [["", "", "NE"]]
    assert "history-gap" in rules_of(found)
    with pytest.raises(
        EquationError, match="looks back over the years 2010 to 2012, and 2011 is missing"
    ):
        evaluate_rows(sector_of(LANDFILL), *gap, *rows)


def test_the_change_between_surveys():
    """(x2 - x1)/(t2 - t1) holds in the years after one survey up to the next, and nowhere else."""
    rows = [
        *(
            row("volume", value, species="pine", year=year)
            for year, value in ((2010, 100), (2015, 200), (2018, 140))
        ),
        row("density", 1, species="pine"),
        row("carbon_in_wood", 1),
        row("carbon_to_co2", 1),
    ]
    found = evaluate_rows(sector_of(FOREST), *rows, years=list(range(2008, 2021)))
    expected = [np.nan] * 3 + [-20.0] * 5 + [20.0] * 3 + [np.nan] * 2
    carbon = found.blocks["carbon_per_volume"].cells
    known = np.where(carbon.values.ravel() > 0, carbon.values.ravel(), np.nan)
    # Where no survey is, the density is not known either; the change of the sum itself is.
    assert found.values("stock_change")[0].tolist()[2:3] != [0]
    both = [one if not np.isnan(two) else np.nan for one, two in zip(expected, known, strict=True)]
    np.testing.assert_array_equal(found.values("stock_change")[0], both)


def test_a_change_in_one_of_several_lines_is_known_between_the_surveys():
    """Years between two surveys are known in the area that has those surveys, and only there."""
    text = """
[activity.volume]
unit = "m3"
[parameter.content]
unit = "t CO2/m3"
[[source]]
id = "stock"
cite = "a test"
category = "3.B.1.a"
gas = "CO2"
kind = "net"
equation = '''
grown = change(volume)
CO2 = -grown * content
'''
units = { grown = "m3" }
[[source.example]]
years = [2015, 2020]
given = { volume = [1000, 2000], content = 0.5 }
gives = ["NE", -100]
"""
    rows = [
        row("volume", value, area="甲", year=year) for year, value in ((2010, 100), (2013, 160))
    ]
    found = evaluate_rows(
        sector_of(text), *rows, row("content", 1), years=list(range(2010, 2015)), areas=["甲", "乙"]
    )
    np.testing.assert_array_equal(found.values("stock")[0], [np.nan, -20, -20, -20, np.nan])
    assert np.isnan(found.values("stock")[1]).all()


def test_the_mean_of_years():
    """The mean of a window of years, where all of them have a number; the window is a parameter."""
    text = """
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
years = [2018, 2019, 2020]
given = { area_lost = [1, 2, 6], window = 2, stock = 10 }
gives = ["NE", 15, 40]
"""
    sector = sector_of(text)
    rows = [row("area_lost", value, year=year) for year, value in ((2018, 1), (2019, 2), (2020, 6))]
    found = evaluate_rows(sector, *rows, row("window", 4), row("stock", 1))
    assert found.notation("loss").tolist() == [["NE", "NE", "NE"]]
    with pytest.raises(
        EquationError, match=r"the number of years of a mean is 2\.5; give one whole number"
    ):
        evaluate_rows(sector, *rows, row("window", 2.5), row("stock", 1))
    missing = evaluate_rows(sector, *rows, row("stock", 1))
    assert missing.notation("loss").tolist() == [["NE", "NE", "NE"]]


def test_a_removal_is_not_above_zero():
    """What a forest takes up is negative; a positive number is refused by name."""
    rows = [
        row("volume", 100, species="pine"),
        row("density", 1, species="pine"),
        row("carbon_in_wood", 1),
        row("carbon_to_co2", 1),
    ]
    found = evaluate_rows(sector_of(FOREST), *rows, row("growth_rate", 0.1))
    assert found.values("growth")[0, 0] == -10
    flipped = FOREST.replace(
        "CO2 = -sum(volume, species) * growth", "CO2 = sum(volume, species) * growth"
    )
    found = evaluate_rows(
        sector_of(
            flipped.replace("gives = -44", "gives = 44").replace('kind = "removal"', 'kind = "net"')
        ),
        *rows,
        row("growth_rate", 0.1),
    )
    assert found.values("growth")[0, 0] == 10


def test_an_emission_is_not_below_zero():
    """More sold than made is no emission: refused, with the number."""
    found = evaluate_rows(sector_of(KILN), row("made", 10), row("sold", 20), row("factor", 0.5))
    assert found.notation("kiln")[0, 0] == "NE"
    assert rules_of(found)[0] == "wrong-sign"
    assert str(found.findings[0]) == (
        "kiln is -5 t CO2, below zero: no emission; "
        "check the activity data; the entry has no number"
    )


def test_two_sources_of_the_same_are_not_counted_both():
    """Growth and change of stock count one carbon: where both have numbers, one is taken out."""
    rows = [
        row("volume", 100, species="pine", year=2010, area="甲"),
        row("volume", 90, species="pine", year=2015, area="甲"),
        row("growth_rate", 0.1),
        row("density", 1, species="pine"),
        row("carbon_in_wood", 1),
        row("carbon_to_co2", 1),
    ]
    found = evaluate_rows(sector_of(FOREST), *rows)
    assert found.notation("stock_change").tolist() == [["NE", "NE"]]
    assert found.notation("growth").tolist() == [["", ""]]
    error = next(finding for finding in found.findings if finding.rule == "counted-twice")
    assert str(error).startswith("甲: stock_change and growth both count the same in one series")


SHARES = """
[activity.waste]
unit = "t waste"
[activity.site_share]
unit = "1"
dims = ["pit"]
shares = "pit"
[parameter.factor]
unit = "t CH4/(t waste)"
keys = ["pit"]
[[source]]
id = "sites"
cite = "a test"
category = "4.A"
gas = "CH4"
equation = "CH4 = waste * sum(site_share * factor, pit)"
[[source.example]]
given.waste = 100
given.site_share = { deep = 0.75, shallow = 0.25 }
given.factor = { deep = 0.04, shallow = 0.02 }
gives = 3.5
"""


@pytest.mark.parametrize(
    ("key", "shares", "refused"),
    [
        ("shares", (0.7, 0.297), False),
        ("shares", (0.7, 0.2), True),
        ("shares", (0.7, 0.4), True),
        ("at_most", (0.6, 0.133), False),
        ("at_most", (0.7, 0.4), True),
    ],
)
def test_shares_add_to_one(key, shares, refused):
    """Shares that miss 1 by more than rounding give no number; parts of a whole may be less."""
    sector = sector_of(SHARES.replace('shares = "pit"', f'{key} = "pit"'))
    found = evaluate_rows(
        sector,
        row("waste", 100),
        *(
            row("site_share", share, pit=site)
            for share, site in zip(shares, ("deep", "shallow"), strict=True)
        ),
        *(row("factor", 0.05, pit=site) for site in ("deep", "shallow")),
    )
    assert (found.notation("sites")[0, 0] == "NE") is refused
    assert ("shares" in rules_of(found)) is refused


def test_what_lacks_is_named():
    """An entry without a number says what it needs, where anything was handed in."""
    found = evaluate_rows(sector_of(KILN), row("made", 10, area="甲", year=2020))
    assert [finding.rule for finding in found.findings] == ["factor-missing"]
    assert "甲 2020: kiln has no number: factor has no table in " in str(found.findings[0])
    rows = [row("sold", 1, area="甲"), row("factor", 0.5)]
    found = evaluate_rows(sector_of(KILN), *rows)
    assert str(found.findings[0]).startswith("甲: kiln has no number: made is not reported")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row("mde", 1)], "made/test has no activity 'mde'; did you mean made?"),
        ([row("made", 1, unit="t cement")], "made: t cement cannot be turned into t clinker"),
        ([row("made", 1, unit="ton")], "made: 'ton' has more than one meaning"),
        (
            [row("made", -1, place="a.xlsx!S!B2")],
            r"a\.xlsx!S!B2: made: -1 is not between 0 and inf",
        ),
        ([row("made", float("nan"))], "made: is no number; write one, or a notation key"),
        ([row("made", 1, notation="NO")], "made: has a number and a notation key; keep one"),
        ([row("made", None, notation="N.A.")], "made: 'N.A.' is no notation key"),
        (
            [row("made", 1, area="甲"), row("made", 2, area="甲")],
            "made 甲: stands there twice; keep one row",
        ),
        ([row("made", 1, area="甲"), row("made", 2)], "made: stands there twice; keep one row"),
    ],
)
def test_rows_that_cannot_be_used(rows, message):
    """A row that is not one number of one thing stops with its place."""
    with pytest.raises(EquationError, match=message):
        arrange(sector_of(KILN), rows_of(*rows))


def test_labels_that_cannot_be_used():
    """A number by labels says all of them, and no others."""
    sector = sector_of(MANURE)
    with pytest.raises(EquationError, match="heads: has no housing; say which"):
        arrange(sector, rows_of(row("heads", 1, beast="cow")))
    with pytest.raises(EquationError, match="grazing: has a beast, which it is not split by"):
        arrange(sector, rows_of(row("grazing", 1, beast="cow", housing="stable")))
    with pytest.raises(EquationError, match="the rows have no column value; add it"):
        arrange(sector, rows_of({"symbol": "heads"}))


def test_what_is_not_there():
    """A block, and an entry, that do not exist are named with near ones."""
    found = evaluate_rows(sector_of(KILN), row("made", 1), row("factor", 1))
    with pytest.raises(EquationError, match="did you mean kiln"):
        found.values("klin")


def test_nobody_reports_a_dim():
    """A sector of which nobody reports anything by labels has no numbers, and does not stumble."""
    found = evaluate_rows(sector_of(MANURE), row("grazing", 0, housing="stable"))
    assert found.notation("manure").tolist() == [[["NE"]]]


def test_numbers_come_in_any_order():
    """The order of rows, areas and years asked for changes only the order of the result."""
    rows = [row("made", value, area=area, year=2020) for value, area in ((1, "甲"), (2, "乙"))]
    sector = sector_of(KILN)
    data = arrange(sector, rows_of(*rows, row("factor", 1)), areas=["乙", "甲"], years=[2020])
    assert evaluate(sector, data).values("kiln").tolist() == [[2], [1]]


def test_rows_of_other_areas_and_years_are_passed_over():
    """Rows of areas and years that are not asked for change nothing and give no number."""
    asked = {"areas": ["甲", "乙", "丁"], "years": [2019, 2020]}
    own = [row("made", 1, area="甲", year=2019), row("made", 2, area="乙", year=2020)]
    others = [row("made", 7, area="丙", year=2020), row("made", 9, area="甲", year=2021)]
    sector, factor = sector_of(KILN), row("factor", 1)
    alone, beside = (
        evaluate_rows(sector, *rows, factor, **asked) for rows in (own, [*own, *others])
    )
    np.testing.assert_array_equal(beside.values("kiln"), alone.values("kiln"))
    np.testing.assert_array_equal(beside.notation("kiln"), alone.notation("kiln"))
    assert alone.values("kiln")[[0, 1], [0, 1]].tolist() == [1, 2]
    assert np.isnan(alone.values("kiln")).sum() == 4


@pytest.mark.parametrize(("made", "named"), [(0, False), (1, True), (2, True)])
def test_a_factor_is_missed_where_something_is_made(made, named):
    """Nothing times an unknown factor is nothing; one tonne is as much a report as two."""
    found = evaluate_rows(sector_of(KILN), row("made", made), row("sold", 0))
    assert ("factor-missing" in rules_of(found)) == named
    assert found.notation("kiln")[0, 0] == ("NE" if named else "")


def test_a_source_that_nobody_reports_has_no_entry():
    """An absent activity counts as zero only where its area and year report something else."""
    zero = '[activity.made]\nunit = "t clinker"\nabsent = "zero"'
    text = KILN.replace('[activity.made]\nunit = "t clinker"', zero).replace(
        "made - sold", "made + sold"
    )
    rows = [
        row("made", 10, area="A", year=2020),
        row("sold", 4, area="B", year=2021),
        row("factor", 0.5),
    ]
    found = evaluate_rows(sector_of(text.replace("gives = 450", "gives = 550")), *rows)
    assert found.notation("kiln").tolist() == [["", "NE"], ["NE", ""]]
    assert found.values("kiln")[[0, 1], [0, 1]].tolist() == [5, 2]


def test_what_is_the_same_in_all_years_keeps_its_states():
    """A number and a gap that years share are a number and a gap of each year."""
    axes = evaluate_rows(
        sector_of(KILN), row("made", 1), row("factor", 1), years=[2019, 2020, 2021]
    ).data.axes
    cells = NumbersAndStates(np.array([[3.0]]), np.array([[MISSING]], np.int8))
    found = over_years(cells, axes)
    assert found.values.tolist() == [[3.0] * 3]
    assert found.states.tolist() == [[MISSING] * 3]
    assert over_years(cells._replace(states=None), axes).states is None
