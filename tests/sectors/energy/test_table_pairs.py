"""What a pair of tables of one year implies: planted coefficients come back, and the guards see what is wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import TableError
from carbonacct.sectors.energy.table_pairs import (
    OUTCOMES,
    _find_constant,
    _half_digit,
    implied_values,
)
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import panel_of

USES = (
    "thermal_power",
    "heating",
    "farming",
    "industry",
    "construction",
    "transport",
    "households",
)
RAW_COAL = dict(zip(USES, (0.6647, 0.6256, 0.7909, 0.7876, 0.8667, 0.784, 0.7853), strict=True))
ONE_VALUE = {"coke": 0.9714, "diesel": 1.4571, "gasoline": 1.4714, "natural_gas": 12.7612}
TCE = dict.fromkeys(("raw_coal", *ONE_VALUE), "万吨标准煤")


def make_pair(tmp_path, scale=1234.56, change=None):
    """Return a physical table, and the standard one made with known coefficients; cells (flow, product) changed."""
    amounts = {
        flow: {product: round(scale * (1 + i + j / 7), 2) for j, product in enumerate(TCE)}
        for i, flow in enumerate(USES)
    }
    standard = {
        flow: {
            product: round(value * ({"raw_coal": RAW_COAL[flow]} | ONE_VALUE)[product], 2)
            for product, value in cells.items()
        }
        for flow, cells in amounts.items()
    }
    for (flow, product), value in (change or {}).items():
        standard[flow][product] = value
    for rows in (amounts, standard):
        for flow in ("thermal_power", "heating"):
            rows[flow] = {product: -value for product, value in rows[flow].items()}
    folders = [tmp_path / name for name in ("physical", "standard")]
    for folder in folders:
        folder.mkdir(exist_ok=True)
    return table(folders[0], amounts), table(
        folders[1], standard, units=TCE, title="重庆能源平衡表(标准量)-2021"
    )


def value_of(found, flow, product):
    """Return a value in kgce a unit in print."""
    unit = 1e4 if product == "natural_gas" else 1.0
    return found.values.sel(flow=flow, product=product).item() * unit


def outcome_of(found, flow, product):
    """Return what the guards say of a cell."""
    return OUTCOMES[int(found.outcome.sel(flow=flow, product=product).item())]


@given(
    st.integers(20, 99999).map(lambda whole: whole + 0.37)
)  # a table of whole numbers prints no decimals
def test_planted_coefficients_come_back(tmp_path_factory, scale):
    """Whatever the size of the numbers, from two decimals: to the digit for one value, within print for raw coal."""
    found = implied_values(*make_pair(tmp_path_factory.mktemp("pair"), scale))
    for product, value in ONE_VALUE.items():
        low, high = (value_of(found, flow, product) for flow in ("thermal_power", "households"))
        assert low == high == pytest.approx(value, rel=2e-4)
    for flow, value in RAW_COAL.items():
        assert value_of(found, flow, "raw_coal") == pytest.approx(value, rel=0.01 / scale)
    assert not found.findings


@pytest.mark.parametrize(
    ("physical", "standard", "outcome"),
    [
        (0.01, 0.0, "few digits"),  # 0.005 to 0.015 t, up to 0.005 tce: up to 1 tce/t
        (0.02, 0.01, "few digits"),
        (1000.0, 0.0, "far"),
        (1000.0, 0.01, "far"),  # no digit that is not printed makes 0.97 of it
        (0.01, 3.0, "far"),
    ],
)
def test_few_digits_excuse_what_they_may_hide(tmp_path, physical, standard, outcome):
    """Of two decimals half a hundredth either way: a coefficient that may lie in its band is not judged, another is."""
    tables = make_pair(tmp_path, change={("industry", "coke"): standard})
    amounts = tables[0].amounts.copy()
    amounts.loc[{"flow": "industry", "product": "coke"}] = physical * 1e4
    places = tables[0].places
    printed = places.printed.copy()
    cell = tuple(
        labels.index(label)
        for labels, label in ((tables[0].flows, "industry"), (tables[0].products, "coke"))
    )
    printed[tables[0].place.values[0, 0, *cell]] = physical
    first = replace(tables[0], amounts=amounts, places=replace(places, printed=printed))
    assert outcome in outcome_of(implied_values(first, tables[1]), "industry", "coke")


def test_values_are_traced_to_both_cells(tmp_path):
    """Raw coal to its own two cells; a product with one value to all that allow it; GJ with 29.3076 GJ/tce."""
    physical, standard = make_pair(tmp_path)
    found = implied_values(physical, standard)
    where = (0, 0, physical.flows.index("industry"), physical.products.index("raw_coal"))
    assert found.trace(*where) == [("table.csv!B6", "table.csv!B6")]
    assert len(found.trace(*where[:3], physical.products.index("coke"))) == len(USES)
    assert found.calorific_values().sel(
        flow="industry", product="raw_coal"
    ).item() == pytest.approx(23.08, abs=0.005)


def test_a_misprint_is_an_outlier_and_not_a_value(tmp_path):
    """Cells count once, whatever their tonnes: the largest cell with a lost point moves nothing."""
    change = {("households", "coke"): 6799.8 * 100}
    found = implied_values(*make_pair(tmp_path, change=change))
    assert value_of(found, "households", "coke") == 0.9714
    [finding] = found.findings
    assert (finding.rule, finding.where) == ("pair-outlier", "table.csv!C9")
    assert (
        "coke of 重庆 2021 has 0.9714 kgce a unit in both tables, but not in households"
        in finding.message
    )


def test_guards(tmp_path):
    """Another sign and what no published coefficient comes near are no evidence, each with its word."""
    change = {
        ("farming", "raw_coal"): -2000.0,
        ("construction", "raw_coal"): 100.0,
        ("farming", "coke"): 0.01,
    }
    physical, standard = make_pair(tmp_path, change=change)
    found = implied_values(physical, standard)
    assert [
        outcome_of(found, flow, "raw_coal") for flow in ("farming", "construction", "industry")
    ] == [
        "other sign",
        "far",
        "used",
    ]
    assert outcome_of(found, "farming", "coke") == "far"
    assert np.isnan(found.values.sel(flow=["farming", "construction"], product="raw_coal")).all()


def test_rows_that_mix_uses_are_left_out_and_parts_take_their_parent(tmp_path):
    """Final consumption is no evidence; a branch without a cell takes industry's, never a plant's."""
    folders = [tmp_path / name for name in ("physical", "standard")]
    for folder in folders:
        folder.mkdir()
    rows = {
        "thermal_power": -1000,
        "final_consumption": 900,
        "industry": 900,
        "industry.chemicals": 300,
        "households": 0,
    }
    tce = {"thermal_power": -665, "final_consumption": 700, "industry": 709, "households": 0}
    physical = table(
        folders[0], {flow: {"raw_coal": value, "coke": 1} for flow, value in rows.items()}
    )
    standard = table(
        folders[1], {flow: {"raw_coal": value, "coke": 1} for flow, value in tce.items()}, units=TCE
    )
    found = implied_values(physical, standard)
    assert outcome_of(found, "final_consumption", "raw_coal") == "left out"
    assert value_of(found, "industry.chemicals", "raw_coal") == pytest.approx(709 / 900)
    assert np.isnan(value_of(found, "final_consumption", "raw_coal"))
    assert np.isnan(
        value_of(found, "households", "raw_coal")
    )  # no plant's value, and no other use's


def test_two_vintages_are_refused(tmp_path):
    """Tables that agree in fewer than 95 % of their cells are not of one yearbook: no value at all."""
    physical, _ = make_pair(tmp_path)
    change = {
        (flow, product): 1.03
        * ONE_VALUE[product]
        * physical.amounts.sel(flow=flow, product=product).item()
        / 1e4
        for product in ("coke", "diesel")
        for flow in ("industry", "farming", "transport")
    }
    found = implied_values(*make_pair(tmp_path, change=change))
    assert found.findings[-1].rule == "pair-vintage"
    assert np.isnan(found.values).all()
    assert np.isnan(found.constants).all()


def test_a_computed_table_says_nothing_of_raw_coal(tmp_path):
    """One coefficient of raw coal for all uses is the table-maker's, not the coal's; the others hold."""
    physical, _ = make_pair(tmp_path)
    amounts = {
        flow: physical.amounts.sel(flow=flow, product="raw_coal").item() / 1e4 * 0.7143
        for flow in USES
    }
    change = {(flow, "raw_coal"): round(abs(value), 2) for flow, value in amounts.items()}
    found = implied_values(*make_pair(tmp_path, change=change))
    assert [finding.rule for finding in found.findings] == ["pair-computed"]
    assert np.isnan(found.values.sel(product="raw_coal")).all()
    assert value_of(found, "industry", "coke") == 0.9714


def test_what_is_no_pair_is_said(tmp_path):
    """Two physical tables, and two of different areas."""
    physical, standard = make_pair(tmp_path)
    with pytest.raises(TableError, match="the second table is not in coal equivalent but in t, m3"):
        implied_values(physical, physical)
    other = table(
        tmp_path, {"industry": {"coke": 5}}, title="北京能源平衡表(标准量)-2021", units=TCE
    )
    with pytest.raises(TableError, match="have no area in common: 重庆 and 北京"):
        implied_values(physical, other)
    earlier = table(
        tmp_path, {"industry": {"coke": 5}}, title="重庆能源平衡表(标准量)-2019", units=TCE
    )
    with pytest.raises(TableError, match="have no year in common"):
        implied_values(physical, earlier)
    assert implied_values(physical, standard).values.dims == ("area", "year", "flow", "product")


def test_one_area_alone_is_a_pair_under_any_two_names(tmp_path):
    """A county that nobody knows, printed under two names, is one area."""
    pair = make_pair(tmp_path)
    renamed = [
        replace(
            one,
            **{
                part: getattr(one, part).assign_coords(area=[name])
                for part in ("amounts", "status", "place")
            },
        )
        for one, name in zip(pair, ("某某县", "某县合计"), strict=True)
    ]
    np.testing.assert_array_equal(implied_values(*renamed).values, implied_values(*pair).values)
    other = replace(pair[1], amounts=pair[1].amounts.assign_coords(area=["北京"]))
    with pytest.raises(TableError, match="have no area in common: 重庆 and 北京"):
        implied_values(pair[0], other)


@pytest.mark.parametrize(
    ("physical", "standard", "known"),
    [
        (["重庆"], ["某县"], ["重庆"]),  # one of two tables of one area names it
        (["某县"], ["重庆"], ["某县"]),
        (["某县", "重庆"], ["重庆"], ["重庆"]),  # of several areas each is the one of its name
        (["重庆", "某县"], ["某县"], ["某县"]),
        (["重庆"], ["某县", "重庆"], ["重庆"]),
        (["重庆", "四川"], ["四川", "重庆"], ["重庆", "四川"]),
        (["重庆"], ["重庆市"], ["重庆"]),
    ],
)
def test_areas_of_a_pair_meet_by_their_names(physical, standard, known):
    """Two tables of one area need not both name it; tables of several do."""
    amounts, tce = (
        {(area, 2021): {"industry": {"coke": factor * 1000}} for area in areas}
        for areas, factor in ((physical, 1.0), (standard, 0.9714))
    )
    found = implied_values(panel_of(amounts), panel_of(tce, units={"coke": "万吨标准煤"}))
    held = found.values.sel(product="coke", flow="industry", year=2021)
    assert held["area"].values[~np.isnan(held.values)].tolist() == known
    if len(physical) == 1 and "某县" not in (*physical, *standard):
        assert held.item() == pytest.approx(0.9714)


def test_a_value_is_written_with_the_fewest_digits_in_print(tmp_path):
    """Gas at 1.27612 kgce/m3 as it is printed, not in tce per m3; coke at 0.9714 kgce/kg. To the last bit of either."""
    found = implied_values(*make_pair(tmp_path))
    assert [
        float(found.constants.sel(product=name).item()) for name in ("natural_gas", "coke")
    ] == [
        1.27612 / 1e3,
        0.9714,
    ]


@pytest.mark.parametrize(
    ("lower", "upper", "scale", "published", "value", "agree"),
    [
        # Three intervals meet between 0.97 and 0.98: the middle with one digit is 1, with two 0.98 (or 0.97).
        ([0.9, 0.96, 0.97], [1.0, 0.98, 0.99], 1.0, (), 0.97, [1, 1, 1]),
        # One apart from two that agree is left out; two of four are no majority.
        ([0.9, 0.9, 1.5], [1.0, 1.0, 1.6], 1.0, (), 0.9, [1, 1, 0]),
        ([0.9, 0.9, 1.5, 1.5], [1.0, 1.0, 1.6, 1.6], 1.0, (), np.nan, [1, 1, 0, 0]),
        # A published value precedes a shorter one, of several the nearest to the middle; none that is not allowed.
        ([0.9, 0.9], [1.0, 1.0], 1.0, (0.9714,), 0.9714, [1, 1]),
        ([0.9, 0.9], [1.0, 1.0], 1.0, (1.0286, 0.9714, 0.94), 0.94, [1, 1]),
        ([0.9, 0.9], [1.0, 1.0], 1.0, (1.0286,), 0.9, [1, 1]),
        # Ends belong to an interval.
        ([0.5, 0.7], [0.7, 0.9], 1.0, (), 0.7, [1, 1]),
        ([0.5, 0.71], [0.7, 0.9], 1.0, (), np.nan, [1, 0]),
        # Digits are counted in print: 1.276 kgce/m3 is 0.001276 tce/m3.
        ([0.0012755, 0.0012756], [0.0012765, 0.0012764], 1e3, (), 1.276 / 1e3, [1, 1]),
        ([0.0012, 0.0013], [0.0014, 0.0014], 1e3, (0.00133,), 0.00133, [1, 1]),
    ],
)
def test_the_one_value_of_intervals(lower, upper, scale, published, value, agree):
    """What most cells allow, each counting once; a published value, or the one with the fewest digits."""
    found, allowed = _find_constant(np.array(lower), np.array(upper), scale, published)
    assert allowed.tolist() == [bool(one) for one in agree]
    assert found == pytest.approx(value, rel=1e-12, nan_ok=True)


def test_the_pair_of_2019(real_tables):
    """Raw coal of the nation 2019, GJ/t: power 19.48, heating 18.34, industry 23.08, as in the editions."""
    folder = real_tables / "china_ebt_2019"
    physical = ca.read_balance(folder / "national_2019_physical_5-1_bilingual_3panels.xlsx")
    found = implied_values(
        physical, ca.read_balance(folder / "national_2019_standard_5-2_and_4-2.xlsx")
    )
    energy = found.calorific_values().sel(product="raw_coal")
    given = {"thermal_power": 19.48, "heating": 18.34, "industry": 23.08}
    assert {flow: round(energy.sel(flow=flow).item(), 2) for flow in given} == given
    assert [finding.rule for finding in found.findings] == ["pair-outlier"]  # gangue that is washed
    _compare(found, "yearbook-tables-2019")


def test_the_pair_of_2007(real_tables):
    """Industry alone: other gas 0.2876, other washed coal 0.5252, coke oven gas 0.6143."""
    folder = real_tables / "china_ebt_2007"
    physical = ca.read_balance(folder / "4-2_China_physical_2007.xls")
    found = implied_values(
        physical, ca.read_balance(folder / "5-3_industry_final_energy_std_2007.xls")
    )
    given = {"other_gas": 0.2876e-3, "other_washed_coal": 0.5252, "coke_oven_gas": 0.6143e-3}
    for product, value in given.items():
        assert found.constants.sel(product=product).item() == pytest.approx(value, rel=1e-4)
    assert not found.findings
    _compare(found, "yearbook-tables-2007")


def _compare(found, edition):
    """Every row of an edition is what the pair gives, to six digits; only electricity and totals are left out."""
    rows = ca.load_edition(edition).rows
    seen = set()
    for row in rows:
        value = (
            found.values.sel(flow=row.flow, product=row.product)
            if row.flow
            else found.constants.sel(product=row.product)
        )
        assert row.value == pytest.approx(
            value.item() * (1e3 if row.unit == "kgce/m3" else 1), rel=1e-5
        ), row.place
        seen.add(row.product)
    given = [
        str(product)
        for product in found.constants["product"].values[~np.isnan(found.constants.values[0, 0])]
    ]
    assert seen == {*given, "raw_coal"} - {"electricity"}


# Nation 2019 (10^4 t, 10^8 m3; 10^4 tce): tables 5-1 and 5-2 of the China Energy Statistical Yearbook 2020.
NATION_2019 = {
    "thermal_power": {
        "raw_coal": (-205517.23, -136611.87),
        "other_washed_coal": (-4641.77, -2506.55),
        "natural_gas": (-391.87, -5000.68),
    },
    "heating": {
        "raw_coal": (-34034.13, -21292.67),
        "other_washed_coal": (-1413.87, -763.49),
        "natural_gas": (-143.19, -1827.22),
    },
    "final_consumption": {
        "raw_coal": (40000.00, 31503.20),
        "other_washed_coal": (0, 0),
        "natural_gas": (0, 0),
    },
    "industry": {
        "raw_coal": (40000.00, 31503.20),
        "other_washed_coal": (0, 0),
        "natural_gas": (0, 0),
    },
}


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006", "ceads", "ncsc-db-2026"])
@pytest.mark.parametrize(("year", "carried"), [(2019, False), (2020, True)])
def test_both_quantities_of_a_year_give_one_inventory(tmp_path, method, year, carried):
    """A table in standard quantity goes back with the coefficients that it was made with; another year's are named."""
    units = {"raw_coal": "万吨", "other_washed_coal": "万吨", "natural_gas": "亿立方米"}
    made = []
    for number, kind in enumerate(("实物量", "标准量")):
        rows = {
            flow: {product: pair[number] for product, pair in cells.items()}
            for flow, cells in NATION_2019.items()
        }
        in_print = dict.fromkeys(units, "万吨标准煤") if number else units
        made.append(
            ca.compile_inventory(
                table(tmp_path, rows, title=f"全国能源平衡表({kind})-{year}", units=in_print),
                method=method,
            )
        )
    physical, standard = (inventory.total(scope=1).data.magnitude.item() for inventory in made)
    assert standard == pytest.approx(physical, rel=3e-3)
    found = [finding.message for finding in made[1].findings if finding.rule == "other-edition"]
    said = (
        "coal_equivalent_coefficient of raw_coal, other_washed_coal, natural_gas in 2020 is that of "
        "yearbook-tables-2019: no tables of the year give one"
    )
    assert found == ([said] if carried else [])


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006", "ceads"])
def test_tables_5_1_and_5_2_of_2019_give_one_inventory(real_tables, method):
    """9,062.6 and 9,055.4 Mt by the provincial guideline: within 0.3 % by every method."""
    folder = real_tables / "china_ebt_2019"
    names = (
        "national_2019_physical_5-1_and_4-2_ocr.xlsx",
        "national_2019_standard_5-2_and_4-2.xlsx",
    )
    totals = [
        ca.compile_inventory(folder / name, method=method)
        .total(scope=1)
        .data.to("Mt CO2")
        .magnitude.item()
        for name in names
    ]
    assert totals[1] == pytest.approx(totals[0], rel=3e-3)
    if method == "provincial-2011":
        assert totals[1] == pytest.approx(9055.391, abs=0.001)


def test_half_of_the_last_printed_digit_is_in_the_unit_of_the_amount(tmp_path):
    """Two decimals of 10^4 t are 50 t either way in every cell; a zero takes the unit of its column."""
    rows = {"industry": {"diesel": 1.25, "coke": 3}, "transport": {"diesel": 0, "coke": 2.5}}
    balance = table(tmp_path, rows)
    assert _half_digit(balance).ravel().tolist() == pytest.approx([50.0] * 4)
    assert (
        _half_digit(ca.make_balance(balance.amounts)).tolist()
        == np.zeros(balance.amounts.shape).tolist()
    )
