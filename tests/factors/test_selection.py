"""Which row of which edition serves a cell."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carbonacct import vocabulary
from carbonacct.errors import FactorDataError, UnitError
from carbonacct.factors import (
    FactorTable,
    load_edition,
    load_method,
    load_series,
    read_edition,
    row_value,
    select,
    selection,
)
from carbonacct.factors.selection import keep_table
from tests.factors.building import row, sound, source, write_edition

NCV = "net_calorific_value"


def chosen(*rows, flow="industry", area="beijing", year=2010, product="diesel", **options):
    """Return the value of the row that one edition of these rows gives a cell; None if it gives none."""
    found = FactorTable([source(*rows)], NCV, **options).choose(product, flow, area, year)
    return None if found is None else found.value


def test_a_row_for_the_product_serves_every_cell_of_it():
    """A row without flow, area and years holds for all of them."""
    for flow, area, year in (
        ("industry", "beijing", 1990),
        ("thermal_power", "qingdao", 2050),
        ("", "", 0),
    ):
        assert chosen(row(value=7), flow=flow, area=area, year=year) == 7


def test_no_row_for_another_product():
    """A product without a row gets none: neither that of its parent nor that of its neighbour."""
    assert chosen(row("diesel"), product="gasoline") is None
    assert chosen(row("oil_total"), product="diesel") is None


def test_a_product_has_a_row_of_its_own_or_not():
    """A row for any product is none of its own."""
    known = FactorTable([source(row("diesel"), row(""))], NCV)
    assert [known.has_own(product) for product in ("diesel", "coke")] == [True, False]


def test_the_products_own_row_goes_before_the_row_for_all_products():
    """IPCC 2006 Vol. 2 Table 1.4 has one oxidation factor for all fuels; a fuel's own row goes before it."""
    assert chosen(row("", 1), row("diesel", 2)) == 2
    assert chosen(row("", 1), row("diesel", 2), product="coke") == 1
    assert chosen(row("", 1, area="beijing", years=(2010, 2010)), row("diesel", 2)) == 2


@pytest.mark.parametrize(
    ("specific", "general"),
    [
        ({"area": "beijing"}, {}),
        ({"flow": "industry"}, {}),
        ({"years": (2010, 2010)}, {}),
        ({"years": (None, 2010)}, {}),
        ({"category": "1.A.2"}, {}),
        ({"area": "beijing"}, {"flow": "industry"}),
        ({"area": "beijing"}, {"years": (2010, 2010)}),
        ({"flow": "industry"}, {"years": (2010, 2010)}),
        ({"flow": "industry"}, {"category": "1.A.2"}),
        ({"category": "1.A.2"}, {"years": (2010, 2010)}),
        ({"area": "beijing", "flow": "industry"}, {"area": "beijing"}),
        (
            {"area": "beijing", "flow": "industry", "years": (2009, 2011)},
            {"area": "beijing", "flow": "industry"},
        ),
    ],
)
def test_the_most_specific_row_is_taken(specific, general):
    """Area counts before flow, flow before category, category before years; the order of the rows does not count."""
    rows = [row(value=1, **general), row(value=2, **specific)]
    assert chosen(*rows) == chosen(*reversed(rows)) == 2


def test_a_row_for_another_area_flow_category_or_year_is_not_taken():
    """What a row is keyed to, it is for alone."""
    for keys in (
        {"area": "tianjin"},
        {"flow": "transport"},
        {"category": "1.A.3"},
        {"years": (2011, 2012)},
        {"years": (2011, None)},
    ):
        assert chosen(row(value=9, **keys)) is None
        assert chosen(row(value=9, **keys), row(value=1)) == 1


@pytest.mark.parametrize(
    ("years", "serves"),
    [
        ((2005, 2010), {2005, 2006, 2009, 2010}),
        ((2010, None), {2010, 2011, 2050}),
        ((None, 2005), {1980, 2004, 2005}),
    ],
)
def test_a_value_is_never_carried_past_its_validity(years, serves):
    """A row holds from its first to its last year, both included, and for no other; an open side stays open."""
    for year in (1980, 2004, 2005, 2006, 2009, 2010, 2011, 2050):
        assert chosen(row(value=3, years=years), year=year) == (3 if year in serves else None)


def test_the_grid_factor_of_one_year_does_not_serve_the_next():
    """MEE/NBS announcements of 2024 and 2025: Beijing 0.5688 in 2021; 2019 and 2024 have no value of these editions."""
    table = FactorTable(
        [load_edition(f"mee-grid-{year}") for year in (2023, 2022, 2021)], "grid_emission_factor"
    )
    assert table.choose("electricity", "", "beijing", 2021).value == 0.5688
    assert table.choose("electricity", "", "beijing", 2019) is None
    assert table.choose("electricity", "", "beijing", 2024) is None
    assert table.choose("electricity", "", "tibet", 2021) is None
    assert table.years("electricity", "beijing") == [2021, 2022, 2023]
    assert table.years("electricity", "tibet") == []


def test_a_category_serves_the_categories_below_it():
    """1.A.1 serves 1.A.1.a.i; 1.A.1.a.i does not serve 1.A.1.a, nor 1.A.1.a a category that only begins alike."""
    assert vocabulary.flows()["thermal_power"].category == "1.A.1.a.i"
    assert vocabulary.flows()["industry.power_heat_supply"].category == "1.A.1.a"
    assert chosen(row(category="1.A.1"), flow="thermal_power") == 1
    assert chosen(row(category="1.A.1.a.i"), flow="industry.power_heat_supply") is None
    assert chosen(row(category="1.A.1.a.i"), flow="heating") is None
    assert chosen(row(category="1.A.1.a"), flow="industry.petroleum_coking") is None
    rows = [
        row(value=1, category="1.A"),
        row(value=2, category="1.A.1"),
        row(value=3, category="1.A.1.a.i"),
    ]
    assert chosen(*rows, flow="thermal_power") == 3
    assert chosen(*rows, flow="heating") == 2
    assert chosen(*rows, flow="transport") == 1


def test_a_row_of_a_flow_serves_the_flows_that_are_parts_of_it():
    """The nearest ancestor's row is taken; a part's row does not serve the whole."""
    rows = [
        row(value=1, flow="final_consumption"),
        row(value=2, flow="industry"),
        row(value=3, flow="industry.chemicals"),
    ]
    assert chosen(*rows, flow="industry.chemicals") == 3
    assert chosen(*rows, flow="industry.textile") == 2
    assert chosen(*rows, flow="transport") == 1
    assert chosen(rows[2], flow="industry") is None
    assert chosen(*rows, flow="thermal_power") is None


def test_a_row_of_the_uppermost_flow_is_nearer_than_one_of_none():
    """Final consumption is a part of nothing, and still says more than no flow."""
    assert chosen(row(value=1), row(value=2, flow="final_consumption")) == 2


def test_power_coal_of_the_national_database_serves_power_plants_alone():
    """National database 2026, 化石能源排放燃烧系数表, row 1: 96.2 t CO2/TJ, measured in thermal power enterprises."""
    table = FactorTable([load_edition("national-db-2026")], "emission_factor")
    assert [
        table.choose("raw_coal", flow, "", 2024) and table.choose("raw_coal", flow, "", 2024).value
        for flow in ("thermal_power", "chp", "heating", "industry")
    ] == [96.2, 96.2, None, None]


def test_equally_specific_rows_raise_and_name_both():
    """Two rows of one edition that say different things for a cell: no choice is made in silence."""
    rows = (row(value=1, gas="", line=2), row(value=2, gas="CO2", line=5))
    table = FactorTable([source(*rows)], NCV)
    with pytest.raises(
        FactorDataError,
        match=r"made/net_calorific_value.csv:2 and made/net_calorific_value.csv:5 are equally specific for diesel in "
        r"industry, beijing 2010",
    ):
        table.choose("diesel", "industry", "beijing", 2010)


def test_a_tie_below_the_best_row_does_not_raise():
    """Rows that are equally specific but lose to a third are no contradiction in the cell."""
    rows = [row(value=1), row(value=2, gas="CO2"), row(value=3, area="beijing")]
    for order in (rows, rows[::-1], [rows[0], rows[2], rows[1]]):
        assert chosen(*order) == 3


def test_the_first_edition_that_has_any_row_gives_it():
    """A general row of an earlier edition goes before a specific one of a later."""
    first, second = (
        source(row(value=1), edition="first"),
        source(row(value=2, area="beijing"), row("coke", 5), edition="second"),
    )
    assert (
        FactorTable([first, second], NCV).choose("diesel", "industry", "beijing", 2010).value == 1
    )
    assert (
        FactorTable([second, first], NCV).choose("diesel", "industry", "beijing", 2010).value == 2
    )
    assert (
        FactorTable([second, first], NCV).choose("diesel", "industry", "tianjin", 2010).value == 1
    )
    assert FactorTable([first, second], NCV).choose("coke", "industry", "tianjin", 2010).value == 5


def test_a_preferred_edition_is_asked_first_for_its_product_alone():
    """A method's prefer moves one edition to the front for one product."""
    first = source(row(value=1), row("coke", 10), edition="first")
    second = source(row(value=2), row("coke", 20), edition="second")
    table = FactorTable([first, second], NCV, prefer={"diesel": "second"})
    assert table.choose("diesel", "industry", "beijing", 2010).value == 2
    assert table.choose("coke", "industry", "beijing", 2010).value == 10


def test_a_preferred_edition_without_a_row_leaves_the_order_as_it_is():
    """Preference gives nothing where the preferred edition has no row for the cell."""
    first, second = (
        source(row(value=1), edition="first"),
        source(row(value=2, area="tianjin"), edition="second"),
    )
    table = FactorTable([first, second], NCV, prefer={"diesel": "second"})
    assert table.choose("diesel", "industry", "beijing", 2010).value == 1
    assert table.choose("diesel", "industry", "tianjin", 2010).value == 2


def test_an_overlay_goes_before_a_preferred_edition(tmp_path):
    """GB/T 32151.22-2024, Table C.1, has 389.31 GJ per 10^4 m3 of natural gas; a user's own value goes before it."""
    ours = read_edition(
        write_edition(
            tmp_path / "ours",
            net_calorific_value=[sound(NCV, product="natural_gas", value="35000", unit="kJ/m3")],
        )
    )
    published = [
        load_edition(edition) for edition in ("ipcc-2006", "gb-t-2589-2008", "gb-t-32151-2024")
    ]
    prefer = dict.fromkeys(("natural_gas", "coke_oven_gas"), "gb-t-32151-2024")
    for sources, value in ((published, 389.31), ([ours, *published], 35000)):
        table = FactorTable(sources, NCV, prefer=prefer)
        assert table.choose("natural_gas", "industry", "beijing", 2010).value == value
        assert table.choose("coke_oven_gas", "industry", "beijing", 2010).value == 179.81


def test_an_overlay_is_asked_before_every_edition_of_a_method(tmp_path):
    """Its rows serve first, for each method; what it does not hold comes from the method's editions."""
    folder = write_edition(tmp_path / "ours", net_calorific_value=[sound(NCV, value="40000")])
    for name in ("provincial-2011", "ipcc-2006", "ceads"):
        method, plain = load_method(name, overlay=folder), load_method(name)
        assert [edition.id for edition in method.sources] == [
            "ours",
            *(edition.id for edition in plain.sources),
        ]
        table, usual = (
            FactorTable(method.sources, NCV, prefer=method.prefer),
            FactorTable(plain.sources, NCV, prefer=plain.prefer),
        )
        assert table.choose("diesel", "industry", "beijing", 2010).value == 40000
        assert table.choose("coke", "industry", "beijing", 2010) == usual.choose(
            "coke", "industry", "beijing", 2010
        )


def test_a_range_without_a_value_is_no_row():
    """GB/T 2589-2008 gives coke oven gas 16726 to 17981 kJ/m3: the next edition with a value is asked."""
    assert (
        FactorTable([load_edition("gb-t-2589-2008")], NCV).choose("coke_oven_gas", "", "", 2010)
        is None
    )
    first = source(row(value=math.nan, bounds=(1, 3)), edition="first")
    second = source(row(value=5), edition="second")
    assert FactorTable([first, second], NCV).choose("diesel", "", "", 2010).value == 5


@pytest.mark.parametrize(
    ("year", "edition"),
    [
        (1999, 2007),
        (2007, 2007),
        (2012, 2007),
        (2013, 2007),
        (2014, 2019),
        (2019, 2019),
        (2024, 2019),
    ],
)
def test_a_series_serves_other_years_with_the_nearest(year, edition):
    """Coke oven gas is 0.6143 in the tables of 2007 and 0.5714 in those of 2019; halfway the earlier serves."""
    table = FactorTable(load_series("yearbook-tables"), "coal_equivalent_coefficient")
    chosen = table.choose("coke_oven_gas", "", "", year)
    assert (chosen.edition, chosen.years_from(year)) == (
        f"yearbook-tables-{edition}",
        year - edition,
    )
    alone = FactorTable([load_edition("yearbook-tables-2007")], "coal_equivalent_coefficient")
    assert (alone.choose("coke_oven_gas", "", "", year) is None) == (year != 2007)
    # Raw coal of one use is of the coal that was burnt: not carried far, nor to another area.
    raw_coal = table.choose("raw_coal", "thermal_power", "CN", year)
    assert (raw_coal is None) == (abs(year - 2019) > 3)
    assert table.choose("raw_coal", "thermal_power", "chongqing", year) is None


def test_a_row_that_could_not_be_checked_is_not_used_by_default():
    """Status unverified needs the caller's word; the other statuses do not."""
    assert chosen(row(status="unverified")) is None
    assert chosen(row(status="unverified"), allow_unverified=True) == 1
    assert chosen(row(value=2, status="unverified", area="beijing"), row(value=1)) == 1
    for status in ("corroborated", "single", "derived", "erratum"):
        assert chosen(row(status=status)) == 1


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006", "ceads", "whitepaper-2022"])
def test_no_method_allows_unverified_rows_by_itself(method):
    """The option is off in every method that ships, and load_method turns it on."""
    assert not load_method(method).allow_unverified
    assert load_method(method, allow_unverified=True).allow_unverified


def test_rows_of_another_gas_or_parameter_are_passed_over():
    """A CO2 table holds rows of CO2 and rows that name no gas."""
    rows = [
        row(value=1, gas="CH4", parameter="emission_factor"),
        row(value=2, gas="CO2", parameter="emission_factor"),
        row(value=3),
    ]
    for gas, value in (("CO2", 2), ("CH4", 1)):
        assert (
            FactorTable([source(*rows)], "emission_factor", gas)
            .choose("diesel", "", "", 2010)
            .value
            == value
        )
    assert (
        FactorTable([source(*rows)], "emission_factor", "N2O").choose("diesel", "", "", 2010)
        is None
    )


def test_a_row_that_measures_another_thing_is_no_row_for_the_unit():
    """A calorific value per tonne does not serve a gas in cubic metres; the next edition's per volume does."""
    per_mass = source(row("natural_gas", 48, unit="GJ/t"), edition="first")
    per_volume = source(row("natural_gas", 389.31, unit="GJ/(1e4 m3)"), edition="second")
    table = FactorTable([per_mass, per_volume], NCV)
    assert table.fitting("GJ/m3").choose("natural_gas", "", "", 2010).edition == "second"
    assert table.fitting("GJ/t").choose("natural_gas", "", "", 2010).edition == "first"
    with pytest.raises(UnitError, match="cannot be turned into"):
        row_value(per_mass.rows[0], "GJ/m3")


def choose_all(table, **options):
    """Choose for two areas, two years, three flows and three products."""
    given = {
        "areas": ["beijing", "tianjin"],
        "years": [2010, 2011],
        "flows": ["industry", "industry.chemicals", "thermal_power"],
        "products": ["diesel", "coke", "heat"],
        "units": {"diesel": "GJ/t", "coke": "GJ/t", "heat": "GJ/t"},
    }
    return select(table, **{**given, **options})


def test_select_gives_each_cell_its_value_and_its_row():
    """Every cell has the row that choose gives; a cell without one has NaN and -1."""
    rows = (
        row(value=1),
        row(value=2, area="tianjin", flow="industry"),
        row(value=3, years=(2011, 2011)),
        row("coke", 4000, unit="kJ/kg"),
    )
    table = FactorTable([source(*rows)], NCV)
    found = choose_all(table)
    assert found.parameter == NCV
    assert found.values.shape == found.row.shape == (2, 2, 3, 3)
    expected = [[[1, 1, 1], [3, 3, 3]], [[2, 2, 1], [2, 2, 3]]]
    assert found.values[..., 0].tolist() == expected
    assert np.allclose(found.values[..., 1], 4, rtol=1e-15)
    assert np.isnan(found.values[..., 2]).all()
    assert (found.row[..., 2] == -1).all()
    assert {found.rows[i].value for i in np.unique(found.row[..., :2])} == {1, 2, 3, 4000}
    assert [
        [[found.rows[i].value for i in flows] for flows in years] for years in found.row[..., 0]
    ] == expected


def test_select_shares_a_choice_with_tables_whose_rows_no_label_tells_apart():
    """A row with years or of an area is chosen for each table; one without serves all, and is immutable."""
    table = FactorTable(
        [source(row(value=1), row("coke", 4, years=(2011, 2011)), row("coke", 5))], NCV
    )
    diesel = {"products": ["diesel"]}
    first = choose_all(table, **diesel)
    assert choose_all(table, **diesel, years=[2012, 2013]) is first
    assert choose_all(table, **diesel, flows=["industry"]).values.shape == (2, 2, 1, 1)
    assert choose_all(table, **diesel, units={"diesel": "kJ/kg"}).values[
        0, 0, 0, 0
    ] == pytest.approx(1000)
    assert choose_all(table, products=["coke"]).values[0, :, 0, 0].tolist() == [5, 4]
    assert choose_all(table, products=["coke"], years=[2009, 2010]).values[0, :, 0, 0].tolist() == [
        5,
        5,
    ]
    with pytest.raises(ValueError, match="read-only"):
        first.held_values[:] = 0


def test_select_asks_for_a_substitute_only_where_a_product_has_no_row():
    """A method's substitute stands in for a product that no edition lists; it may have a substitute itself."""
    table = FactorTable([source(row("diesel", 1), row("coke", 4))], NCV)
    units = dict.fromkeys(("diesel", "coke", "heat", "gasoline"), "GJ/t")
    lookup = {"heat": "gasoline", "gasoline": "coke", "diesel": "coke"}
    found = choose_all(table, products=list(units), units=units, lookup=lookup)
    assert found.values[0, 0, 0].tolist() == [1, 4, 4, 4]


def test_a_row_for_one_flow_leaves_the_substitute_to_the_other_flows():
    """A row that is for some cells of a product hides the method's substitute there and nowhere else."""
    own = source(
        row("anthracite", 9, flow="transport"),
        row("anthracite", 8, years=(2011, 2011)),
        edition="ours",
    )
    table = FactorTable([own, source(row("raw_coal", 5), row("", 1))], NCV)
    cells = {
        "areas": ["beijing"],
        "years": [2010, 2011, 2012],
        "flows": ["industry", "transport"],
        "products": ["anthracite"],
    }
    found = select(table, **cells, units={"anthracite": "GJ/t"}, lookup={"anthracite": "raw_coal"})
    assert found.values[0, :, :, 0].tolist() == [[5, 9], [8, 9], [5, 9]]
    alone = select(table, **cells, units={"anthracite": "GJ/t"})
    assert alone.values[0, :, :, 0].tolist() == [[1, 9], [8, 9], [1, 9]]


FLOWS = ("", "final_consumption", "industry", "industry.chemicals", "thermal_power")
CATEGORIES = ("", "1.A", "1.A.1", "1.A.2", "1.A.2.c", "1.A.1.a.i")
AREAS = ("", "beijing", "tianjin")
YEARS = ((None, None), (2005, 2010), (2010, 2010), (None, 2009), (2011, None))
KEYS = st.tuples(
    st.sampled_from(FLOWS),
    st.sampled_from(CATEGORIES),
    st.sampled_from(AREAS),
    st.sampled_from(YEARS),
)


def _unlike(keys):
    """Return what may stand once: each other key, with years and without."""
    return (*keys[:3], keys[3] != (None, None))


@st.composite
def key_rows(draw, product="diesel"):
    """Rows with keys that contradict nothing: at most one of the dated rows for each other key."""
    keys = draw(st.lists(KEYS, min_size=1, max_size=8, unique_by=_unlike))
    return [
        row(product, float(i + 1), flow=flow, category=category, area=area, years=years, line=i + 2)
        for i, (flow, category, area, years) in enumerate(keys)
    ]


CELLS = st.tuples(
    st.sampled_from(
        (
            "industry",
            "industry.chemicals",
            "industry.textile",
            "thermal_power",
            "transport",
            "losses",
        )
    ),
    st.sampled_from(("beijing", "tianjin", "shanghai")),
    st.integers(2003, 2013),
)


@given(rows=key_rows(), cell=CELLS, data=st.data())
def test_the_order_of_rows_in_a_file_does_not_matter(rows, cell, data):
    """Any permutation of an edition's rows chooses the same row."""
    flow, area, year = cell
    shuffled = data.draw(st.permutations(rows))
    assert chosen(*rows, flow=flow, area=area, year=year) == chosen(
        *shuffled, flow=flow, area=area, year=year
    )


@given(rows=key_rows(), others=key_rows("coke"), cell=CELLS)
def test_a_row_for_another_product_never_changes_a_choice(rows, others, cell):
    """What an edition says of coke has no bearing on diesel."""
    flow, area, year = cell
    assert chosen(*rows, flow=flow, area=area, year=year) == chosen(
        *others, *rows, flow=flow, area=area, year=year
    )


@given(rows=key_rows(), cell=CELLS)
def test_the_chosen_row_is_for_the_cell_and_no_row_for_it_is_more_specific(rows, cell):
    """The choice is keyed to the cell, or to nothing; without a choice no row is for the cell."""
    flow, area, year = cell
    found = FactorTable([source(*rows)], NCV).choose("diesel", flow, area, year)
    category = vocabulary.flows()[flow].category
    for_cell = [
        r
        for r in rows
        if r.area in ("", area)
        and (not r.flow or vocabulary.is_within(flow, r.flow))
        and (not r.category or f"{category}.".startswith(f"{r.category}."))
        and (r.first_year or 0) <= year <= (r.last_year or 9999)
    ]
    assert (found is None) == (not for_cell)
    if found is not None:
        assert found in for_cell
        assert bool(found.area) == any(r.area for r in for_cell)


@given(rows=key_rows(), cell=CELLS)
def test_an_edition_put_behind_never_changes_a_choice_that_was_made(rows, cell):
    """Adding a later edition fills gaps and nothing else."""
    flow, area, year = cell
    behind = source(row(value=99, area=area, flow=flow, years=(year, year)), edition="behind")
    before = FactorTable([source(*rows)], NCV).choose("diesel", flow, area, year)
    after = FactorTable([source(*rows), behind], NCV).choose("diesel", flow, area, year)
    assert after == (before or behind.rows[0])


@given(rows=key_rows(), cell=CELLS)
@example(rows=[row(value=1), row(value=2, area="beijing")], cell=("industry", "beijing", 2010))
@example(rows=[row(value=1), row(value=2, years=(2010, 2010))], cell=("industry", "beijing", 2010))
def test_select_agrees_with_choose(rows, cell):
    """The array of a selection and the choice for one cell are the same rule, whatever tells the rows apart."""
    flow, area, year = cell
    table = FactorTable([source(*rows)], NCV)
    asked = {
        "areas": ["henan", area],
        "years": [1999, year],
        "flows": ["farming", flow],
        "products": ["diesel"],
    }
    found = select(table, **asked, units={"diesel": "GJ/t"})
    for place, (a, y, f) in zip(
        np.ndindex(2, 2, 2),
        itertools.product(asked["areas"], asked["years"], asked["flows"]),
        strict=True,
    ):
        wanted, at = table.choose("diesel", f, a, y), found.row[*place, 0]
        assert (found.rows[at] if at >= 0 else None) == wanted
        assert np.array_equal(
            found.values[*place, 0], wanted.value if wanted else np.nan, equal_nan=True
        )


@given(rows=key_rows(), cells=st.lists(CELLS, min_size=2, max_size=6))
def test_what_a_table_was_asked_before_changes_no_answer(rows, cells):
    """A table that serves many years and areas gives each what one made for it alone would."""
    table = FactorTable([source(*rows)], NCV)
    for flow, area, year in cells:
        asked = {"areas": [area], "years": [year], "flows": [flow], "products": ["diesel"]}
        again = select(table, **asked, units={"diesel": "GJ/t"})
        alone = select(FactorTable([source(*rows)], NCV), **asked, units={"diesel": "GJ/t"})
        assert np.array_equal(again.values, alone.values, equal_nan=True)
        assert [again.rows[n] for n in again.row.ravel() if n >= 0] == [
            alone.rows[n] for n in alone.row.ravel() if n >= 0
        ]


def test_a_table_is_kept_while_its_editions_are_the_same_records(monkeypatch):
    """Others, though equal, have a table of their own; all are let go when there are as many as may be kept."""
    monkeypatch.setattr(selection, "_TABLES", {})
    first, twin = source(row(value=1)), source(row(value=1))
    kept = keep_table([first], NCV)
    assert keep_table([first], NCV) is kept
    others = [
        keep_table([twin], NCV),
        keep_table([first], "carbon_content"),
        keep_table([first], NCV, "CH4"),
    ]
    others += [
        keep_table([first], NCV, prefer={"diesel": "x"}),
        keep_table([first], NCV, allow_unverified=True),
    ]
    assert len({*map(id, others), id(kept)}) == 6
    assert keep_table([first], NCV) is kept
    for _ in range(selection._MOST_TABLES - 6):
        keep_table([source(row(value=1))], NCV)
    assert len(selection._TABLES) == selection._MOST_TABLES
    assert keep_table([first], NCV) is kept
    last = keep_table([source(row(value=1))], NCV)
    assert [table for _, table in selection._TABLES.values()] == [last]


@pytest.mark.parametrize(
    ("area", "years"), [("", [2009, 2010, 2011, 2015]), ("beijing", [2009, 2010, 2015])]
)
def test_the_years_of_a_product_are_those_that_its_rows_state(area, years):
    """Each once, of an area its own alone; a row for all years, or one that only ends, states none."""
    rows = [
        row(years=(2009, 2010), area="beijing"),
        row(years=(2015, None), area="beijing"),
        row(years=(2010, 2011), area="tianjin"),
        row(years=(None, 2012), area="beijing"),
        row(area="beijing"),
        row("coke", years=(1990, 1990), area="beijing"),
    ]
    assert FactorTable([source(*rows)], NCV).years("diesel", area) == years


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (False, False)),
        ({"area": "beijing"}, (True, False)),
        ({"years": (2010, 2012)}, (False, True)),
        ({"years": (2010, None)}, (False, True)),
        ({"years": (None, 2012)}, (False, True)),
        ({"area": "beijing", "years": (2010, None)}, (True, True)),
    ],
)
def test_rows_differ_by_area_and_by_year_where_any_says_so(options, expected):
    """A first or a last year is enough; rows for other products say nothing, those for any product do."""
    general, other = row(value=1), row("coke", 3, area="beijing", years=(2010, 2012))
    for product in ("diesel", ""):
        table = FactorTable([source(general, other, row(product, 2, **options))], NCV)
        assert table.depends_on("diesel") == expected
