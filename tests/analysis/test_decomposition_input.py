"""Panels as people have them: what is missing, doubled or unclear is said with its row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import carbonacct as ca
from carbonacct.errors import IdentityError, MethodError, PanelError
from tests.analysis.panels import random_panel, two_years

KAYA = "co2 = population * gdp/population * energy/gdp * co2/energy"


@pytest.fixture
def panel() -> pd.DataFrame:
    """Two areas, three years, two sectors."""
    return random_panel(areas=2, years=3, sectors=2, seed=5).rename(columns={"gdp": "real_gdp"})


SECTORS = "co2 = real_gdp * energy[sector]/real_gdp * co2[sector]/energy[sector]"


def refuse(
    words: str,
    table: object,
    identity: str = SECTORS,
    error: type[Exception] = PanelError,
    **options: object,
) -> None:
    """Assert that a decomposition is refused with these words, on one line."""
    with pytest.raises(error, match=words) as caught:
        ca.decompose(table, identity, **{"by": "area", **options})
    assert "\n" not in str(caught.value)


def test_a_column_that_is_not_there(panel):
    """A missing column is named, with near names."""
    refuse(
        "the panel has no column 'energi'; did you mean energy",
        panel,
        "co2 = real_gdp * energi/real_gdp * co2/energi",
    )
    refuse("the panel has no column 'aera'; did you mean area", panel, by="aera")
    refuse("'area' is named in more than one of over, by and sum_over", panel, sum_over=["area"])
    refuse("'energy' is a label here and a number in the identity", panel, sum_over=["energy"])


def test_rows_with_the_same_labels(panel):
    """Rows that only another column tells apart are refused with that column's name."""
    refuse(
        r"rows 0, 1 have the same labels \(year=2000, area=area 0\); name sector in by or sum_over",
        panel,
        KAYA.replace("gdp", "real_gdp"),
    )
    refuse("rows 0, 0 have the same labels .*; leave one out", pd.concat([panel, panel.iloc[:1]]))
    refuse("column 'co2' is there twice", pd.concat([panel, panel["co2"]], axis=1))


def test_text_where_a_number_should_be(panel):
    """Text is refused with its row and column; marks and thousands separators are read."""
    text = panel.astype({"co2": object})
    text.loc[3, "co2"] = "about 5"
    refuse("row 3, column 'co2': 'about 5' is not a number", text)
    text.loc[3, "co2"] = "1,234.5"
    assert ca.decompose(text, SECTORS, by="area").effects.notnull().all()  # noqa: PD004 - of xarray
    text.loc[3, "co2"] = np.inf
    refuse("row 3, column 'co2'", text)
    refuse("holds truth values, not numbers", panel.assign(co2=True))


def test_a_number_on_one_side_only(panel):
    """Absent is not zero: the row and the column are named."""
    panel.loc[3, "co2"] = np.nan
    refuse("area=area 0, year=2001, sector=sector 1: no co2, which 2000 has", panel)
    refuse(
        "area=area 0, year=2001, sector=sector 1: no energy, which 2000 has; absent is not zero: give the number",
        panel.drop(index=3),
    )
    gone = panel.assign(real_gdp=panel["real_gdp"].where(panel["year"] != 2002))
    refuse("area=area 0, year=2002: no real_gdp, which 2000 has", gone.fillna({"co2": 1.0}))


def test_a_year_that_an_area_lacks(panel):
    """An area compares the years it has, and a finding says so."""
    made = ca.decompose(
        panel[(panel["area"] != "area 0") | (panel["year"] != 2001)],
        SECTORS,
        by="area",
        chained=True,
    )
    frame = made.to_frame()
    assert frame[frame["area"] == "area 0"][
        ["from", "to"]
    ].drop_duplicates().to_numpy().tolist() == [[2000, 2002]]
    assert [str(finding) for finding in made.findings] == [
        "area=area 0 has no numbers for 2001: what is there is compared; the columns from and to say with what"
    ]
    assert frame[frame["area"] == "area 1"][
        ["from", "to"]
    ].drop_duplicates().to_numpy().tolist() == [
        [2000, 2001],
        [2001, 2002],
        [2000, 2002],
    ]


def test_nothing_to_compare(panel):
    """One year, an empty table, a reference that is not there."""
    refuse(r"nothing to compare along year: 1 label \(2000\)", panel[panel["year"] == 2000])
    refuse("no rows with labels", panel.iloc[:0])
    refuse(
        "no year 1999 to compare with; mean, pairs or a label: 2000, 2001, 2002",
        panel,
        reference=1999,
    )
    refuse(
        "a chain compares each label with the one before",
        panel,
        reference=2001,
        chained=True,
        error=MethodError,
    )
    refuse("area has no order", panel, over="area", by="year", chained=True, error=MethodError)
    refuse("a panel is a pandas DataFrame or an xarray Dataset, not list", [1, 2])


def test_methods_and_forms(panel):
    """A method, a form or an identity that is not there is refused with near names."""
    refuse("no method 'lmdi-3'; did you mean lmdi-", panel, method="lmdi-3", error=MethodError)
    refuse(
        "no form 'multiplicativ'; did you mean multiplicative",
        panel,
        form="multiplicativ",
        error=MethodError,
    )
    refuse("fisher has no additive form; .* is shapley", panel, method="fisher", error=MethodError)
    refuse(
        "the factors multiply to energy, not to co2",
        panel,
        "co2 = real_gdp * energy/real_gdp",
        error=IdentityError,
    )


def test_blank_labels_and_notes_below_the_table(panel):
    """A blank label is refused; rows without any label or number are notes, left out and listed."""
    refuse("row 2: sector is blank", panel.assign(sector=panel["sector"].mask(panel.index == 2)))
    refuse("row 2: year is blank", panel.assign(year=panel["year"].mask(panel.index == 2)))
    notes = pd.concat([panel, pd.DataFrame({"remark": ["source: yearbook"]})], ignore_index=True)
    made = ca.decompose(notes, SECTORS, by="area")
    assert np.array_equal(made.effects, ca.decompose(panel, SECTORS, by="area").effects)
    assert "rows 12 (1) have no label" in str(made.findings[0])


def test_a_left_side_with_a_column_of_its_own():
    """The column must be what the factors multiply to; within the tolerance the residual holds the difference."""
    table = two_years(a=(2.0, 3.0), b=(5.0, 6.0), v=(10.0, 18.09))
    refuse(
        "year=2020: v is 18.09, the factors multiply to 18; correct a column, or give a tolerance above 0.005",
        table,
        "v = a * b",
        by=(),
    )
    for at, year in enumerate((2010, 2020)):
        lacking = table.assign(v=table["v"].mask(table.index == at))
        refuse(
            f"year={year}: has no v; give the number, or leave the column out",
            lacking,
            "v = a * b",
            by=(),
        )
    exact = two_years(a=(0.0, 3.0), b=(5.0, 6.0), v=(0.0, 18.0))
    assert ca.decompose(exact, "v = a * b", tolerance=0).total.item() == 18
    refuse(
        "year=2010: v is 1, the factors",
        exact.assign(v=[1.0, 18.0]),
        "v = a * b",
        by=(),
        tolerance=0.99,
    )
    made = ca.decompose(table, "v = a * b", tolerance=0.01)
    assert made.total.item() == pytest.approx(8.09)
    assert made.residual.item() == pytest.approx(0.09)


def test_a_left_side_of_sectors_is_held_against_their_sum():
    """A column with a number for each sector is added up; one that has the sum beside each of them is it already."""
    table = pd.DataFrame(
        {
            "year": [0, 0, 1, 1],
            "s": ["x", "y"] * 2,
            "a": [1.0, 2, 3, 4],
            "b": [5.0, 6, 7, 8],
            "v": [5.0, 12, 21, 32],
        }
    )
    for left in (table["v"], [17.0, 17, 53, 53]):
        made = ca.decompose(table.assign(v=left), "v = a * b", sum_over="s")
        assert (made.start.item(), made.end.item()) == (17, 53)
    for left, said in (
        ([5.0, 12, 21, 33], "v is 54"),
        ([17.0, 17, 54, 54], "v is 54"),
        ([None, None, 21, 32], "no v"),
    ):
        refuse(said, table.assign(v=left), "v = a * b", by=(), sum_over="s")


def test_a_ratio_of_sums_is_no_sum_of_ratios(panel):
    """A ratio on the left needs shares of one denominator; with them it is the ratio of the whole."""
    output = panel.assign(output=panel["energy"] + 1)
    words = (
        r"output differs along sector, so the sum of co2/output is not co2/output of the whole; write the shares: "
        r"output\[sector\]/output"
    )
    refuse(words, output, "co2/output = energy/output * co2/energy", sum_over="sector")
    made = ca.decompose(
        output,
        "co2/output = output[sector]/output * energy[sector]/output[sector] * co2[sector]/energy[sector]",
        by="area",
    )
    sums = output.groupby(["area", "year"])[["co2", "output"]].sum()
    ratio = (sums["co2"] / sums["output"]).unstack()  # noqa: PD010
    assert np.allclose(made.total, ratio[[2001, 2002]].sub(ratio[2000], axis=0))
    assert np.abs(made.residual).max() < 1e-15


def test_findings_about_money_totals_and_repeats(panel):
    """Prices that are not known, a printed total among the parts, and a total on every row are said."""
    plain = panel.rename(columns={"real_gdp": "gdp"})
    assert "gdp may be at current prices" in str(
        ca.decompose(plain, SECTORS.replace("real_", ""), by="area").findings[0]
    )
    nominal = panel.rename(columns={"real_gdp": "nominal_gdp"})
    assert (
        ca.decompose(nominal, SECTORS.replace("real_", "nominal_"), by="area").findings[0].severity
        == "warning"
    )
    whole = panel.groupby(["area", "year"], as_index=False).agg(
        {"population": "first", "real_gdp": "first", "energy": "sum", "co2": "sum"}
    )
    counted = ca.decompose(
        pd.concat([panel, whole.assign(sector="All")], ignore_index=True), SECTORS, by="area"
    )
    assert "sector=All is the sum of the others in every comparison" in str(counted.findings[0])
    assert counted.findings[0].severity == "error"
    shared = panel.assign(
        co2=panel.groupby(["area", "year"])["co2"].transform("sum"), energy=panel["energy"] + 1
    )
    repeated = ca.decompose(
        shared, "co2 = real_gdp * energy/real_gdp * co2/energy", by="area", sum_over="sector"
    )
    assert "co2 is one number for all of sector" in str(repeated.findings[0])
    whole = shared.assign(energy=shared.groupby(["area", "year"])["energy"].transform("sum"))
    alike = ca.decompose(
        whole, "co2 = real_gdp * energy/real_gdp * co2/energy", by="area", sum_over="sector"
    )
    assert not [
        finding for finding in alike.findings if finding.rule == "repeated"
    ]  # of nothing there are sectors


def test_a_label_that_is_called_a_total(panel):
    """Which is not the sum of the others, and is counted beside them: a warning; of two labels neither is looked at."""
    more = pd.concat(
        [panel, panel[panel["sector"] == "sector 0"].assign(sector="合计")], ignore_index=True
    )
    (found,) = (
        one
        for one in ca.decompose(more, SECTORS, by="area").findings
        if one.rule == "total-among-parts"
    )
    assert (found.severity, found.message) == (
        "warning",
        "sector=合计 may be a total of the others, and was counted beside them",
    )
    two = panel.replace({"sector": {"sector 1": "合计"}})
    assert not [
        one
        for one in ca.decompose(two, SECTORS, by="area").findings
        if one.rule == "total-among-parts"
    ]


def test_what_is_compared_along_several_dims(panel):
    """Areas and years in one name; nothing, a dim twice, and two states of one name are refused."""
    made = ca.decompose(panel, SECTORS, over=["area", "year"])
    assert made.over == "area year"
    frame = made.to_frame()
    assert frame["to"].drop_duplicates().tolist()[0] == "area 0 2000"
    refuse("over names nothing; name each column", panel, over=[], by=())
    refuse("over names area, area; name each column", panel, over=["area", "area"], by=())
    refuse("the panel has no column 'yaer'; did you mean year", panel, over=["area", "yaer"], by=())
    alike = panel.assign(
        a=panel["area"].map({"area 0": "x", "area 1": "x y"}),
        b=panel["year"].map({2000: "y z", 2001: "z", 2002: "w"}),
    )
    refuse(
        "'x y z' is the name of two states of a b; rename a label", alike, over=["a", "b"], by=()
    )


def test_equal_sectors_where_one_area_lacks_one():
    """Sectors that print the same numbers are still sectors, and an area without one of them has none."""
    rows = [
        (area, year, sector, 2.0 * year, 5.0 * year)
        for area in "xy"
        for year in (1, 2)
        for sector in "ab"
        if (area, sector) != ("y", "b")
    ]
    panel = pd.DataFrame(rows, columns=["area", "year", "sector", "energy", "co2"])
    made = ca.decompose(panel, "co2 = energy * co2/energy", by="area", sum_over="sector")
    assert made.total.values.tolist() == [[10.0], [5.0]]
    refuse(
        "area=x, year=2, sector=b: no energy, which 1 has",
        panel.drop(index=3),
        "co2 = energy * co2/energy",
        sum_over="sector",
    )
    mean = ca.decompose(
        panel[panel["area"] == "x"].assign(area="y"),
        "co2 = energy * co2/energy",
        over="year",
        sum_over="sector",
        reference="mean",
    )
    assert mean.start.values.tolist() == [15.0, 15.0]


def test_years_that_are_dates_and_numbers_that_may_be_missing():
    """Dates are refused as years; whole numbers with gaps are read as numbers."""
    panel = two_years(a=(1.0, 2.0), b=(1.0, 3.0))
    refuse(
        "give years as whole numbers",
        panel.assign(year=pd.to_datetime(["2010-01-01", "2020-01-01"])),
        "v = a * b",
        by=(),
    )
    whole = panel.astype({"a": "Int64"})
    assert ca.decompose(whole, "v = a * b").total.item() == 5
    whole.loc[1, "a"] = pd.NA
    refuse("year=2020: no a, which 2010 has", whole, "v = a * b", by=())


def test_the_mean_of_factors_is_said():
    """The mean of a product is not the product of means: areas against their mean leave a finding."""
    panel = pd.DataFrame({"area": ["x", "y"], "use": [1.0, 3.0], "factor": [2.0, 5.0]})
    made = ca.decompose(panel, "v = use * factor", over="area")
    assert "is not the mean of v" in str(made.findings[0])
    assert made.start.values.tolist() == [7.0, 7.0]


def test_limits_of_the_other_methods():
    """What a method cannot do is refused with one that can."""
    zeros = pd.DataFrame(
        {"year": [0, 0, 1, 1], "s": ["x", "y"] * 2, "a": [1.0, -1, 2, 3], "b": [1.0, 1, 1, 1]}
    )
    refuse(
        "the total goes from 0 to 5, and lmdi-2 needs a ratio; use lmdi-1 in additive form",
        zeros,
        "v = a * b",
        by=(),
        sum_over="s",
        method="lmdi-2",
    )
    through = pd.DataFrame({"year": [0, 1], "a": [1.0, -1], "b": [1.0, -3]})
    refuse(
        "every part goes through zero, so lmdi-2 has no weights; use lmdi-1",
        through,
        "v = a * b",
        by=(),
        method="lmdi-2",
    )
    refuse(
        "with one factor changed the total is zero or changes its sign",
        through,
        "v = a * b",
        by=(),
        method="fisher",
        form="multiplicative",
    )
    many = two_years(**{f"x{k}": (1.0, 2.0) for k in range(15)})
    refuse(
        "15 factors are 32768 orders to average; use lmdi-1",
        many,
        f"v = {' * '.join(many.columns[1:])}",
        by=(),
        method="shapley",
    )
    made = ca.decompose(two_years(a=(1.0, 2.0), b=(1.0, 3.0)), "v = a * b")
    with pytest.raises(PanelError, match=r"does not say which cell|is not summed over here"):
        made.attribute("area")
    with pytest.raises(PanelError, match="the panel has no dim 'draw'"):
        ca.band(made)
    drawn = pd.concat(
        [two_years(a=(1.0, 2.0), b=(1.0, 3.0)).assign(draw=draw) for draw in range(3)]
    )
    for level in (0, 1, 95, -0.5):
        with pytest.raises(
            PanelError, match=f"a level of {level} is no share; give one between 0 and 1"
        ):
            ca.band(ca.decompose(drawn, "v = a * b"), level=level)


def test_units_come_off_and_dims_stay():
    """A Dataset may carry attributes and other coordinates; the table index may hold the labels."""
    data = xr.Dataset(
        {"a": ("year", [1.0, 2.0], {"units": "t"}), "b": ("year", [3.0, 4.0])},
        coords={"year": [0, 1], "note": ("year", ["x", "y"])},
    )
    table = two_years(a=(1.0, 2.0), b=(3.0, 4.0)).set_index("year")
    assert np.array_equal(
        ca.decompose(data, "v = a * b").effects, ca.decompose(table, "v = a * b").effects
    )
    refuse("the panel has no column 'b'", data.drop_vars("b"), identity="v = a * b", by=())


def test_the_deflator_is_checked(panel):
    """A price index that is missing, not needed or not positive is refused."""
    refuse("no column 'index' for the deflator", panel, deflator={"real_gdp": "index"})
    refuse(
        "the identity has no 'population' to deflate", panel, deflator={"population": "real_gdp"}
    )
    for bad in (0.0, -1.0, None, "-"):
        refuse(
            "a price index is a positive number",
            panel.assign(index=bad),
            deflator={"real_gdp": "index"},
        )
    refuse("'dear' is not a number", panel.assign(index="dear"), deflator={"real_gdp": "index"})
    refuse(
        "'much' is not a number",
        panel.assign(index=1.0, real_gdp="much"),
        deflator={"real_gdp": "index"},
    )


def test_labels_that_would_hide_the_result(panel):
    """A label column called like a column of the result is refused."""
    refuse("a label column cannot be called 'to'", panel.rename(columns={"area": "to"}), by="to")
