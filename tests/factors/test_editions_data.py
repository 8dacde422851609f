"""The published numbers themselves: how many, how sure, and whether they agree with each other."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter

import pytest

from carbonacct import vocabulary
from carbonacct.data import data_folder
from carbonacct.factors import edition_ids, load_edition
from carbonacct.factors.row_faults import PARAMETERS, STATUSES
from carbonacct.units import conversion_factor
from carbonacct.vocabulary import GASES

NCV, CC, OX, EF = "net_calorific_value", "carbon_content", "oxidation_factor", "emission_factor"
TCE, GRID = "coal_equivalent_coefficient", "grid_emission_factor"
UNCHECKED = "not checked against the document"

ROWS = {
    "caep-grid-2020": {GRID: 30},
    "ceads": {CC: 20, "carbon_to_co2": 1, EF: 7, NCV: 20, OX: 300},
    "enterprise-2013": {CC: 22, NCV: 22, OX: 22},
    "enterprise-2024": {CC: 10, NCV: 10, OX: 10},
    "gb-t-2589-2008": {TCE: 29, NCV: 28},
    "gb-t-2589-2020": {TCE: 29, NCV: 29},
    "gb-t-32150-2025": {EF: 1},
    "gb-t-32151-2024": {CC: 26, NCV: 26, OX: 26},
    "ipcc-2006": {CC: 53, "carbon_to_co2": 1, EF: 609, NCV: 52, OX: 1},
    "ipcc-2019": {},  # tables of sectors alone
    "mee-grid-2015": {GRID: 1},
    "mee-grid-2018": {GRID: 30},
    "mee-grid-2019": {"build_margin": 6, "operating_margin": 6},
    "mee-grid-2021": {
        "fossil_power_emission_factor": 1,
        GRID: 38,
        "residual_grid_emission_factor": 1,
    },
    "mee-grid-2022": {
        "fossil_power_emission_factor": 1,
        GRID: 38,
        "residual_grid_emission_factor": 1,
    },
    "mee-grid-2023": {
        "fossil_power_emission_factor": 1,
        GRID: 38,
        "residual_grid_emission_factor": 1,
    },
    "mee-grid-2024": {"life_cycle_electricity_factor": 1},
    "mee-grid-reporting-2021": {"reporting_grid_factor": 1},
    "mee-grid-reporting-2022": {"reporting_grid_factor": 1},
    "national-db-2025": {EF: 29},
    "national-db-2026": {EF: 280},
    "ncsc-grid-2012": {GRID: 30},
    "ndrc-grid-2005": {GRID: 7},
    "ndrc-grid-2010": {GRID: 36},
    "ndrc-grid-2011-2012": {GRID: 12},
    "ndrc-grid-2014": {"operating_margin": 6},
    "provincial-2011": {CC: 47, OX: 68},
    "whitepaper-2022": {EF: 2},
    "yearbook-2008": {TCE: 26, NCV: 25},
    "yearbook-2010": {TCE: 29, NCV: 2},
    "yearbook-2019": {TCE: 26, NCV: 25},
    "yearbook-tables-2007": {TCE: 17},
    "yearbook-tables-2019": {TCE: 47},
}

STATUS = {
    "caep-grid-2020": {"unverified": 30},
    "ceads": {"derived": 348},
    "enterprise-2013": {"single": 66},
    "enterprise-2024": {"single": 30},
    "gb-t-2589-2008": {"corroborated": 46, "derived": 2, "single": 9},
    "gb-t-2589-2020": {"corroborated": 12, "single": 46},
    "gb-t-32150-2025": {"corroborated": 1},
    "gb-t-32151-2024": {"corroborated": 72, "single": 6},
    "ipcc-2006": {"corroborated": 440, "single": 276},
    "ipcc-2019": {},
    "mee-grid-2015": {"unverified": 1},
    "mee-grid-2018": {"unverified": 30},
    "mee-grid-2019": {"single": 12},
    "mee-grid-2021": {"corroborated": 37, "single": 3},
    "mee-grid-2022": {"corroborated": 38, "single": 2},
    "mee-grid-2023": {"corroborated": 40},
    "mee-grid-2024": {"single": 1},
    "mee-grid-reporting-2021": {"corroborated": 1},
    "mee-grid-reporting-2022": {"corroborated": 1},
    "national-db-2025": {"single": 29},
    "national-db-2026": {"single": 280},
    "ncsc-grid-2012": {"unverified": 30},
    "ndrc-grid-2005": {"unverified": 7},
    "ndrc-grid-2010": {"single": 1, "unverified": 35},
    "ndrc-grid-2011-2012": {"corroborated": 6, "unverified": 6},
    "ndrc-grid-2014": {"single": 6},
    "provincial-2011": {"corroborated": 71, "single": 6, "unverified": 38},
    "whitepaper-2022": {"erratum": 2},
    "yearbook-2008": {"corroborated": 51},
    "yearbook-2010": {"single": 30, "unverified": 1},
    "yearbook-2019": {"single": 51},
    "yearbook-tables-2007": {"derived": 17},
    "yearbook-tables-2019": {"derived": 47},
}

# Products that a list gives a range for and no value.
RANGES = {
    ("gb-t-2589-2008", TCE): {"coal_slurry", "coal_mine_gas", "coke_oven_gas"},
    ("gb-t-2589-2008", NCV): {"coal_slurry", "coal_mine_gas", "coke_oven_gas"},
    ("gb-t-2589-2020", TCE): {"coal_slurry", "natural_gas", "coke_oven_gas", "biogas"},
    ("gb-t-2589-2020", NCV): {"coal_slurry", "natural_gas", "coke_oven_gas", "biogas"},
    ("yearbook-2008", TCE): {"coal_slurry", "coke_oven_gas"},
    ("yearbook-2008", NCV): {"coal_slurry", "coke_oven_gas"},
    ("yearbook-2010", NCV): {"natural_gas"},
    ("yearbook-2019", TCE): {"coal_slurry", "natural_gas", "coke_oven_gas"},
    ("yearbook-2019", NCV): {"coal_slurry", "natural_gas", "coke_oven_gas"},
}

NUMBERS = ("value", "lower", "upper")
EVERY_ROW = [row for edition in edition_ids() for row in load_edition(edition).rows]


def rows(edition, parameter, **keys):
    """Return the rows of one table that have these keys."""
    return [
        row
        for row in load_edition(edition).rows
        if row.parameter == parameter
        and all(getattr(row, key) == value for key, value in keys.items())
    ]


def values(edition, parameter, by="product", **keys):
    """Return the values of one table by product (or area, or flow)."""
    return {getattr(row, by): row.value for row in rows(edition, parameter, **keys)}


def triple(row):
    """Return what a row prints: value, lower and upper, None for what it does not."""
    return tuple(
        None if math.isnan(number) else number for number in (row.value, row.lower, row.upper)
    )


def triples(edition, parameter):
    """Return the printed numbers of one table by product."""
    return {row.product: triple(row) for row in rows(edition, parameter)}


def different(first, second):
    """Return the keys that both have, with other numbers."""
    return {key for key in first if key in second and first[key] != second[key]}


# --- every edition


def test_the_editions_that_ship():
    """Each folder of factors/ that is an edition is listed here, with its counts."""
    assert edition_ids() == sorted(ROWS) == sorted(STATUS)


@pytest.mark.parametrize("edition", edition_ids())
def test_counts_of_rows(edition):
    """An edition is never changed: the number of rows of each table stays."""
    assert Counter(row.parameter for row in load_edition(edition).rows) == ROWS[edition]


@pytest.mark.parametrize("edition", edition_ids())
def test_counts_of_statuses(edition):
    """How many rows stand on two transcriptions, on one, on a derivation, or on none stays as it is."""
    assert Counter(row.status for row in load_edition(edition).rows) == STATUS[edition]


@pytest.mark.parametrize("edition", edition_ids())
def test_a_source_says_what_the_document_is(edition):
    """Title, publisher, edition, date and reference are there; the date is not before 2006 nor after 2026."""
    source = load_edition(edition)
    assert all((source.title, source.publisher, source.edition, source.reference))
    assert 2006 <= int(source.date[:4]) <= 2026


def test_every_row_is_keyed_to_known_things():
    """Products, flows, areas, categories, gases, parameters and statuses exist; each row says what it prints."""
    categories = {flow.category for flow in vocabulary.flows().values()}
    for row in EVERY_ROW:
        assert row.product in ("", *vocabulary.products()), row.place
        assert row.flow in ("", *vocabulary.flows()), row.place
        assert row.area in ("", *vocabulary.areas()), row.place
        assert row.gas in ("", *GASES), row.place
        assert row.parameter in PARAMETERS, row.place
        assert row.status in STATUSES, row.place
        assert row.item, row.place
        if row.category and row.edition != "ipcc-2006":
            assert any(f"{category}.".startswith(f"{row.category}.") for category in categories), (
                row.place
            )


def test_every_unverified_row_says_so_in_its_note():
    """A row of status unverified carries the words, and with the option a reader sees them in the trace."""
    assert Counter(UNCHECKED in row.note for row in EVERY_ROW if row.status == "unverified") == {
        True: 178
    }


def test_no_row_and_no_source_rests_on_memory_unmarked():
    """Words that stand for memory do not occur: what was not seen is marked as not checked."""
    texts = [
        path.read_text(encoding="utf-8")
        for edition in edition_ids()
        for path in (data_folder() / edition).rglob("*.*")
    ]
    assert not [
        text
        for text in texts
        if re.search(r"general knowledge|recalled|from memory|remembered", text, re.IGNORECASE)
    ]


def test_a_range_has_no_value():
    """A document that prints a range prints no value: none is made up, and the list of these is exact."""
    found = {}
    for row in EVERY_ROW:
        if math.isnan(row.value):
            found.setdefault((row.edition, row.parameter), set()).add(row.product)
            assert row.lower < row.upper
    assert found == RANGES


def test_bounds_beside_a_value():
    """95 % limits are printed by the IPCC; the yearbook's column coefficients stand in the ranges of its appendix."""
    found = Counter(
        row.edition for row in EVERY_ROW if not math.isnan(row.value) and not math.isnan(row.lower)
    )
    assert found == {"ipcc-2006": 704, "yearbook-2010": 2}


# --- IPCC 2006 Guidelines, Vol. 2


IPCC_BOUNDS_THAT_DISAGREE = {
    ("bitumen", "upper"): (24.5, 89900),
    ("refinery_gas", "lower"): (13.3, 48200),
    ("refinery_gas", "upper"): (19.0, 69000),
    ("gas_works_gas", "lower"): (10.3, 37300),
    ("gas_works_gas", "upper"): (15.0, 54100),
    ("coke_oven_gas", "lower"): (10.3, 37300),
    ("coke_oven_gas", "upper"): (15.0, 54100),
    ("peat", "lower"): (28.4, 100000),
}


def rounds_to(number, printed, digits):
    """Return whether a number is printed so with as many significant digits."""
    return abs(number - printed) <= 0.5 * 10.0 ** (math.floor(math.log10(printed)) - digits + 1) * (
        1 + 1e-9
    )


def test_ipcc_carbon_content_gives_the_published_co2_factor_for_all_fuels():
    """IPCC 2006 Vol. 2, Table 1.3 x 44/12 is Table 1.4 to three significant digits: 53 fuels of 53."""
    contents, factors = (
        triples("ipcc-2006", CC),
        {row.product: triple(row) for row in rows("ipcc-2006", EF, table="1.4")},
    )
    assert len(contents) == len(factors) == 53
    assert contents.keys() == factors.keys()
    assert [
        fuel
        for fuel in contents
        if not rounds_to(contents[fuel][0] * 44 / 12 * 1000, factors[fuel][0], 3)
    ] == []


def test_ipcc_bounds_that_do_not_follow_from_the_carbon_content():
    """IPCC 2006 Vol. 2, Tables 1.3 and 1.4: the limits agree but for eight of 106, inconsistent as published."""
    contents, factors = (
        triples("ipcc-2006", CC),
        {row.product: triple(row) for row in rows("ipcc-2006", EF, table="1.4")},
    )
    found = {
        (fuel, key): (contents[fuel][i], factors[fuel][i])
        for fuel in contents
        for i, key in ((1, "lower"), (2, "upper"))
        if not rounds_to(contents[fuel][i] * 44 / 12 * 1000, factors[fuel][i], 3)
    }
    assert found == IPCC_BOUNDS_THAT_DISAGREE


@pytest.mark.parametrize(
    ("product", "ncv", "cc", "co2"),
    [
        ("crude_oil", (42.3, 40.1, 44.8), (20.0, 19.4, 20.6), (73300, 71100, 75500)),
        ("diesel", (43.0, 41.4, 43.3), (20.2, 19.8, 20.4), (74100, 72600, 74800)),
        ("natural_gas", (48.0, 46.5, 50.4), (15.3, 14.8, 15.9), (56100, 54300, 58300)),
        ("anthracite", (26.7, 21.6, 32.2), (26.8, 25.8, 27.5), (98300, 94600, 101000)),
        ("bituminous_coal", (25.8, 19.9, 30.5), (25.8, 24.4, 27.2), (94600, 89500, 99700)),
        ("coke", (28.2, 25.1, 30.2), (29.2, 26.1, 32.4), (107000, 95700, 119000)),
    ],
)
def test_ipcc_rows_as_printed(product, ncv, cc, co2):
    """IPCC 2006 Vol. 2, Tables 1.2 (p. 1.18), 1.3 (p. 1.21) and 1.4 (p. 1.23): default, lower, upper."""
    assert triples("ipcc-2006", NCV)[product] == ncv
    assert triples("ipcc-2006", CC)[product] == cc
    (row,) = rows("ipcc-2006", EF, product=product, table="1.4")
    assert triple(row) == co2
    assert (row.unit, row.page) == ("kg CO2/TJ", "1.23-1.24")


def test_ipcc_industrial_wastes_have_no_calorific_value():
    """IPCC 2006 Vol. 2, Table 1.2 prints NA for industrial wastes; the other 52 fuels have one."""
    assert set(triples("ipcc-2006", CC)) - set(triples("ipcc-2006", NCV)) == {"industrial_waste"}


def test_ipcc_values_lie_within_their_bounds_and_bounds_are_two():
    """Each default of the IPCC stands between its limits; a row has both limits or none."""
    for row in load_edition("ipcc-2006").rows:
        assert math.isnan(row.lower) == math.isnan(row.upper), row.place
        assert math.isnan(row.lower) or row.lower <= row.value <= row.upper, row.place


def test_ipcc_tables_of_the_other_gases():
    """IPCC 2006 Vol. 2, Tables 2.2 to 2.5 have CH4 and N2O of 53 fuels each; 2.5 stands for 1.A.4.b and 1.A.4.c."""
    found = Counter(
        (row.table, row.category, row.gas)
        for row in rows("ipcc-2006", EF)
        if row.table.startswith("2.")
    )
    assert found == {
        (table, category, gas): 53
        for table, category in (
            ("2.2", "1.A.1"),
            ("2.3", "1.A.2"),
            ("2.4", "1.A.4.a"),
            ("2.5", "1.A.4.b"),
            ("2.5", "1.A.4.c"),
        )
        for gas in ("CH4", "N2O")
    }


def test_ipcc_methane_of_coal_by_sector():
    """IPCC 2006 Vol. 2, Tables 2.2 to 2.5: 1 in the energy industries (a copy that circulates has 300), 10, 10, 300."""
    found = values("ipcc-2006", EF, by="category", product="bituminous_coal", gas="CH4")
    assert found == {"1.A.1": 1, "1.A.2": 10, "1.A.4.a": 10, "1.A.4.b": 300, "1.A.4.c": 300}


def test_ipcc_peculiarities_that_are_no_typing_errors():
    """IPCC 2006 Vol. 2: charcoal N2O is 4 in Tables 2.2 and 2.3 and 1 in 2.4 and 2.5; peat 1.5 and 1.4."""
    charcoal = values("ipcc-2006", EF, by="category", product="charcoal", gas="N2O")
    peat = values("ipcc-2006", EF, by="category", product="peat", gas="N2O")
    assert charcoal == {"1.A.1": 4, "1.A.2": 4, "1.A.4.a": 1, "1.A.4.b": 1, "1.A.4.c": 1}
    assert peat == {"1.A.1": 1.5, "1.A.2": 1.5, "1.A.4.a": 1.4, "1.A.4.b": 1.4, "1.A.4.c": 1.4}


# --- coal equivalent: GB/T 2589 and the yearbook


def implied(edition, product, gigajoule_per_tce):
    """Return the coefficients of a product that its calorific value implies, in the coefficient's own unit."""
    (ncv,), (coefficient,) = (
        rows(edition, NCV, product=product),
        rows(edition, TCE, product=product),
    )
    unit = f"GJ/{coefficient.unit.split('/')[1]}"
    scale = conversion_factor(ncv.unit, unit) / gigajoule_per_tce * 1000  # kgce
    return [None if number is None else number * scale for number in triple(ncv)], triple(
        coefficient
    )


# Where the printed coefficient is not the printed calorific value / the standard coal of the edition, to four decimals.
COEFFICIENTS_THAT_DISAGREE = {
    # 46055 is 11000 kcal x 4.1868; the coefficient is 11000 / 7000.
    "gb-t-2589-2008": (29.2712, {"refinery_gas", "electricity"}),
    "gb-t-2589-2020": (29.3076, {"coal_tar", "coke_made_gas"}),
    # Firewood and biogas are printed with three decimals.
    "yearbook-2008": (29.2712, {"refinery_gas", "wood", "biogas"}),
    "yearbook-2019": (29.2712, {"natural_gas", "electricity", "wood", "biogas"}),
}


@pytest.mark.parametrize("edition", COEFFICIENTS_THAT_DISAGREE)
def test_coefficients_are_calorific_values_over_standard_coal(edition):
    """GB/T 2589-2008 implies 29.2712 GJ/tce (7000 kcal x 4.1816 kJ), GB/T 2589-2020 (8.2) states 29.3076."""
    standard_coal, exceptions = COEFFICIENTS_THAT_DISAGREE[edition]
    found = set()
    for product in set(triples(edition, NCV)) & set(triples(edition, TCE)):
        computed, printed = implied(edition, product, standard_coal)
        assert [number is None for number in computed] == [number is None for number in printed]
        if any(
            c is not None and abs(c - p) > 0.5e-4 + 1e-9
            for c, p in zip(computed, printed, strict=True)
        ):
            found.add(product)
    assert found == exceptions
    assert set(triples(edition, TCE)) - set(triples(edition, NCV)) <= {"heat"}


def test_the_calorific_values_of_2008_must_not_be_divided_by_the_standard_coal_of_2020():
    """GB/T 2589-2008, raw coal: 20908 / 29271.2 = 0.7143, and 20908 / 29307.6 = 0.7134."""
    assert (
        round(implied("gb-t-2589-2008", "raw_coal", 29.2712)[0][0], 4)
        == 0.7143
        == triples("gb-t-2589-2008", TCE)["raw_coal"][0]
    )
    assert round(implied("gb-t-2589-2008", "raw_coal", 29.3076)[0][0], 4) == 0.7134


@pytest.mark.parametrize(
    ("edition", "kilojoule_per_kcal", "exceptions"),
    [
        ("gb-t-2589-2008", 4.1816, {"refinery_gas", "electricity"}),
        ("gb-t-2589-2020", 4.1868, set()),
        ("yearbook-2008", 4.1816, {"refinery_gas"}),
        ("yearbook-2019", 4.1816, {"natural_gas", "electricity"}),
    ],
)
def test_calories_beside_the_calorific_values(edition, kilojoule_per_kcal, exceptions):
    """GB/T 2589, Appendix A, and the yearbook's appendix print kJ and kcal: 4.1816 kJ/kcal before 2020, then 4.1868."""
    found, checked = set(), 0
    for row in rows(edition, NCV):
        calories = re.match(r"(\d+)(?: ?- ?(\d+))? (?:kcal|Mcal)", row.note)
        assert calories, row.place
        wanted = [float(number) for number in calories.groups() if number]
        printed = [number for number in triple(row) if number is not None]
        assert len(wanted) == len(printed), row.place
        checked += 1
        if any(
            abs(w * kilojoule_per_kcal - p) > 1.01 for w, p in zip(wanted, printed, strict=True)
        ):
            found.add(row.product)
    assert (found, checked) == (exceptions, ROWS[edition][NCV])


def test_the_coefficients_of_2008_and_2020_are_the_same():
    """GB/T 2589-2020 restates the calorific values and keeps the coefficients of 2008: kcal / 7000 in both."""
    old, new = triples("gb-t-2589-2008", TCE), triples("gb-t-2589-2020", TCE)
    assert different(old, new) == set()
    assert set(old) - set(new) == {
        "coal_mine_gas",
        "electricity",
        "gasfield_gas",
        "heat",
        "oilfield_gas",
        "residual_oil",
        "steam_low_pressure",
    }
    assert set(new) - set(old) == {
        "biogas",
        "ethanol",
        "gangue",
        "hydrogen",
        "lng",
        "methanol",
        "natural_gas",
    }


def test_the_calorific_values_of_2020_are_those_of_2008_in_the_other_calorie():
    """GB/T 2589: a value of 2020 is that of 2008 x 4.1868/4.1816 within rounding, except refinery gas."""
    old, new = triples("gb-t-2589-2008", NCV), triples("gb-t-2589-2020", NCV)
    shared = set(old) & set(new)
    assert len(shared) == 22
    apart = {
        product
        for product in shared
        for before, after in zip(old[product], new[product], strict=True)
        if before is not None and abs(before * 4.1868 / 4.1816 - after) > 2.5
    }
    assert apart == {"refinery_gas"}
    assert old["refinery_gas"] == new["refinery_gas"] == (46055, None, None)


def test_the_yearbook_of_2008_agrees_with_the_standard_of_2008():
    """China Energy Statistical Yearbook 2008, Appendix 4, and GB/T 2589-2008, Appendix A: only electricity differs."""
    for parameter, exceptions in ((NCV, {"electricity"}), (TCE, set())):
        yearbook, standard = (
            triples("yearbook-2008", parameter),
            triples("gb-t-2589-2008", parameter),
        )
        assert different(yearbook, standard) == exceptions
        assert set(yearbook) - set(standard) == {"biogas", "natural_gas", "wood"}
    assert triples("yearbook-2008", NCV)["electricity"] == (3596, None, None)
    assert triples("gb-t-2589-2008", NCV)["electricity"] == (3600, None, None)


def test_the_natural_gas_of_the_yearbook_is_the_oil_field_gas_of_the_standard():
    """China Energy Statistical Yearbook 2008, Appendix 4: 38931 kJ/m3 and 1.3300; GB/T 2589-2008: 油田天然气."""
    for parameter in (NCV, TCE):
        assert (
            triples("yearbook-2008", parameter)["natural_gas"]
            == triples("gb-t-2589-2008", parameter)["oilfield_gas"]
        )


def test_what_the_yearbook_changed_until_2019():
    """Yearbook appendix beside the balance of 2019: natural gas is a range, refinery gas 45998, electricity 3600."""
    old, new = triples("yearbook-2008", NCV), triples("yearbook-2019", NCV)
    assert old.keys() == new.keys()
    assert {product: (old[product], new[product]) for product in different(old, new)} == {
        "refinery_gas": ((46055, None, None), (45998, None, None)),
        "natural_gas": ((38931, None, None), (None, 32238, 38931)),
        "electricity": ((3596, None, None), (3600, None, None)),
    }
    old, new = triples("yearbook-2008", TCE), triples("yearbook-2019", TCE)
    assert different(old, new) == {"natural_gas"}
    assert new["natural_gas"] == (None, 1.1, 1.33)


def test_coefficients_of_the_balance_columns_since_2010():
    """Yearbook balance columns equal the appendix of 2008; natural gas and coke oven gas are means."""
    columns, appendix = triples("yearbook-2010", TCE), triples("yearbook-2008", TCE)
    assert different(columns, appendix) == {"natural_gas", "coke_oven_gas"}
    assert columns["natural_gas"] == (1.215, 1.1, 1.33)
    assert columns["natural_gas"][0] == pytest.approx((1.1 + 1.33) / 2, rel=1e-12, abs=0)
    low, high = appendix["coke_oven_gas"][1:]
    assert columns["coke_oven_gas"][0] == pytest.approx((low + high) / 2, abs=0.51e-4)
    assert columns["briquettes"] == (0.5286, 0.5, 0.7)


def test_the_yearbooks_appendix_as_published(real_tables):
    """China Energy Statistical Yearbook 2008, Appendix 4, workbook: every row that a product has."""
    calamine = pytest.importorskip("python_calamine")
    read = {}
    for name in ("cn", "en"):
        sheet = calamine.CalamineWorkbook.from_path(
            real_tables / "china_ebt_2007" / f"app4_conversion_factors_{name}.xls"
        )
        lines = [
            ["" if cell is None else str(cell) for cell in line]
            for line in sheet.get_sheet_by_index(0).to_python()[4:]
        ]
        read[name] = [
            tuple(
                [
                    float(number.replace(" ", ""))
                    for number in re.findall(
                        r"\d[\d .]*", re.split(r"/\s*\(|千焦|kjoule|kgce|千克标准煤", cell)[0]
                    )
                ]
                for cell in line[1:]
            )
            for line in lines
            if re.search(r"\d", "".join(line[1:]))
        ]
    printed = {(tuple(ncv), tuple(tce)) for ncv, tce in read["cn"]}
    assert printed <= {(tuple(ncv), tuple(tce)) for ncv, tce in read["en"]} | {
        ((16726.0, 17981.0), (0.5714, 0.6143))
    }
    ours = {
        (
            tuple(n for n in triples("yearbook-2008", NCV).get(product, ()) if n is not None),
            tuple(n for n in tce if n is not None),
        )
        for product, tce in triples("yearbook-2008", TCE).items()
    }
    assert ours <= printed


# --- enterprise lists


def by_product(edition):
    """Return calorific value, carbon content and oxidation of each product."""
    found = {}
    for parameter in (NCV, CC, OX):
        for product, value in values(edition, parameter).items():
            found.setdefault(product, []).append(value)
    assert {len(numbers) for numbers in found.values()} == {3}
    return found


def test_what_the_standard_of_2024_changed():
    """GB/T 32151.22-2024, Table C.1, against the enterprise guide of 2013: the list that its source file gives."""
    old, new = by_product("enterprise-2013"), by_product("gb-t-32151-2024")
    assert set(old) <= set(new)
    assert set(new) - set(old) == {
        "briquettes",
        "petroleum_coke",
        "naphtha",
        "other_petroleum_products",
    }
    assert different(old, new) == {
        "anthracite",
        "bituminous_coal",
        "lignite",
        "cleaned_coal",
        "other_washed_coal",
        "patent_fuel",
        "coke",
        "other_kerosene",
        "lng",
        "coke_oven_gas",
    }
    assert (old["lng"], new["lng"]) == ([41.868, 17.2, 0.98], [51.498, 15.3, 0.98])


def test_where_the_lists_of_2024_and_2025_disagree():
    """Enterprise standards of 2024-25 against GB/T 32151.22-2024, Table C.1: five fuels with both numbers."""
    later, table = by_product("enterprise-2024"), by_product("gb-t-32151-2024")
    assert {product: (table[product], later[product]) for product in different(later, table)} == {
        "coke": ([28.435, 29.5, 0.93], [28.435, 29.42, 0.98]),
        "crude_oil": ([41.816, 20.1, 0.98], [41.816, 20.08, 0.98]),
        "refinery_gas": ([45.998, 18.2, 0.99], [45.998, 18.2, 0.98]),
        "natural_gas": ([389.31, 15.3, 0.99], [389.31, 15.32, 0.99]),
        "coke_oven_gas": ([179.81, 13.58, 0.99], [173.854, 12.1, 0.99]),
    }
    assert set(later) - set(table) == {
        "gangue",
        "coal_slurry",
        "aviation_gasoline",
        "jet_kerosene",
        "kerosene",
    }


def test_cleaned_coal_of_the_standard_of_2024_is_kept_as_printed():
    """GB/T 32151.22-2024, Table C.1 prints 26.334 GJ/t, a slip of 26.344; the edition keeps the print."""
    (row,) = rows("gb-t-32151-2024", NCV, product="cleaned_coal")
    assert (row.value, values("gb-t-2589-2008", NCV)["cleaned_coal"]) == (26.334, 26344)
    assert "26.344" in row.note


# --- provincial guideline 2011


def test_provincial_defaults_without_a_sector():
    """Provincial guideline 2011: carbon contents without a sector, t C/TJ, and oxidation of liquids and gases."""
    contents = values("provincial-2011", CC, category="")
    assert {
        product: contents[product]
        for product in (
            "anthracite",
            "bituminous_coal",
            "lignite",
            "cleaned_coal",
            "coke",
            "crude_oil",
            "diesel",
            "natural_gas",
            "lng",
        )
    } == {
        "anthracite": 27.4,
        "bituminous_coal": 26.1,
        "lignite": 28.0,
        "cleaned_coal": 25.41,
        "coke": 29.42,
        "crude_oil": 20.08,
        "diesel": 20.2,
        "natural_gas": 15.32,
        "lng": 15.32,
    }
    oxidation = {}
    for row in rows("provincial-2011", OX, category=""):
        oxidation.setdefault((row.item, row.value), []).append(row.product)
    assert {key: len(products) for key, products in oxidation.items() if len(products) > 1} == {
        ("液体燃料", 0.98): 25,
        ("气体燃料", 0.99): 19,
    }
    assert "raw_coal" not in contents


def test_provincial_rows_with_a_sector_are_unverified():
    """Provincial guideline 2011: nobody saw its sector rows; those without a sector are seen once or twice."""
    assert {(bool(row.category), row.status) for row in load_edition("provincial-2011").rows} == {
        (True, "unverified"),
        (False, "corroborated"),
        (False, "single"),
    }


# --- national database


def test_what_the_national_database_changed_from_2025_to_2026():
    """National factor database: power coal 96.9 to 96.2, natural gas 56.1 to 57.2, LNG added, nothing else."""
    fossil = {
        edition: {
            (row.product, row.category): row.value
            for row in rows(edition, EF, gas="CO2")
            if row.unit == "t CO2/TJ"
        }
        for edition in ("national-db-2025", "national-db-2026")
    }
    old, new = fossil["national-db-2025"], fossil["national-db-2026"]
    assert {key: (old[key], new[key]) for key in different(old, new)} == {
        ("raw_coal", "1.A.1.a.i"): (96.9, 96.2),
        ("raw_coal", "1.A.1.a.ii"): (96.9, 96.2),
        ("natural_gas", ""): (56.1, 57.2),
    }
    assert set(old) <= set(new)
    assert {key: new[key] for key in set(new) - set(old)} == {("lng", ""): 56.8}


def test_the_national_database_follows_the_ipcc_but_where_it_measured():
    """National factor database 2026 agrees with IPCC 2006 to three digits, except for what it measured."""
    ipcc = {row.product: row.value / 1000 for row in rows("ipcc-2006", EF, table="1.4")}
    own = {
        row.product
        for row in rows("national-db-2026", EF, gas="CO2")
        if "country-specific" in row.note
    }
    assert own == {"raw_coal", "natural_gas", "lng"}
    apart = {
        row.product: (row.value, ipcc[row.product])
        for row in rows("national-db-2026", EF, gas="CO2")
        if row.unit == "t CO2/TJ"
        and row.product in ipcc
        and row.product not in own
        and not rounds_to(row.value, ipcc[row.product], 3)
    }
    assert apart == {}


def test_coefficients_of_variation_of_the_national_database():
    """National factor database 2026, 变异系数: power coal 3.4 %, natural gas 2.8 %, liquefied natural gas 5.7 %."""
    found = {
        row.product: re.match(r"cv ([\d.]+)%", row.note)
        for row in rows("national-db-2026", EF, gas="CO2")
    }
    assert {product: float(match[1]) for product, match in found.items() if match} == {
        "raw_coal": 3.4,
        "natural_gas": 2.8,
        "lng": 5.7,
    }


# --- CEADs

RATIO = 44.0095 / 12.0107
CEADS_UNIFORM = {
    "coke": 2.876589,
    "coke_oven_gas": 11.529703,
    "other_gas": 5.959275,
    "blast_furnace_gas": 5.959275,
    "converter_gas": 5.959275,
    "other_coking_products": 2.515797,
    "other_petroleum_products": 3.033179,
    "crude_oil": 3.003148,
    "gasoline": 2.926746,
    "kerosene": 3.035144,
    "diesel": 3.093819,
    "fuel_oil": 3.168321,
    "lpg": 3.130861,
    "refinery_gas": 3.341336,
    "natural_gas": 21.60729,
}
CEADS_COAL = ("raw_coal", "cleaned_coal", "other_washed_coal", "briquettes", "gangue")
CEADS_OXIDATION = {
    0.8: [
        "households",
        "households_rural",
        "households_urban",
        "other_services",
        "transport",
        "wholesale_retail",
    ],
    0.87: [
        "beverages",
        "cultural_articles",
        "food_processing",
        "food_production",
        "furniture",
        "paper",
        "printing",
        "timber",
        "tobacco",
    ],
    0.886: [
        "artwork",
        "automobiles",
        "electrical_machinery",
        "electronics",
        "general_machinery",
        "instruments",
        "metal_products",
        "other_manufacturing",
        "other_transport_equipment",
        "repair",
        "special_machinery",
        "transport_equipment",
    ],
    0.8896: ["garments", "leather", "textile"],
    0.8957: [
        "coal_mining",
        "ferrous_mining",
        "gas_supply",
        "mining_support",
        "nonferrous_mining",
        "nonmetal_mining",
        "oil_gas_extraction",
        "other_mining",
        "water_supply",
    ],
    0.899: ["construction", "farming", "petroleum_coking"],
    0.911: ["ferrous_smelting", "nonferrous_smelting"],
    0.927: [
        "chemical_fibre",
        "chemicals",
        "pharmaceuticals",
        "plastics",
        "rubber",
        "rubber_plastics",
    ],
    0.9387: ["industry"],
    0.944: ["chp", "heating", "power_heat_supply", "thermal_power", "waste_recycling"],
    0.98: ["nonmetal_minerals"],
}


def test_ceads_uniform_factors_equal_their_chain():
    """CEADs 1997-2019: calorific value x carbon content x oxidation x 44.0095/12.0107, to 2e-15."""
    assert values("ceads", "carbon_to_co2") == {"": RATIO}
    ncv, content, oxidation = (
        values("ceads", NCV),
        values("ceads", CC),
        values("ceads", OX, flow=""),
    )
    chain = {
        product: ncv[product] * content[product] / 1000 * oxidation[product] * RATIO
        for product in oxidation
    }
    assert chain.keys() == CEADS_UNIFORM.keys()
    for product, published in CEADS_UNIFORM.items():
        assert chain[product] == pytest.approx(published, abs=1e-6), product
    factors = values("ceads", EF)
    assert len(factors) == 7
    for product, factor in factors.items():
        assert factor == pytest.approx(chain[product], rel=2e-15, abs=0), product


@pytest.mark.parametrize(
    ("product", "group", "services"),
    [
        ("raw_coal", 1.644003, 1.462962),
        ("cleaned_coal", 2.071438, 1.843326),
        ("other_washed_coal", 1.210357, 1.07707),
        ("briquettes", 1.399306, 1.245211),
    ],
)
def test_ceads_factors_of_coal(product, group, services):
    """CEADs inventories 1997-2019, t CO2/t: farming and construction, and services and households."""
    oxidation = values("ceads", OX, by="flow", product=product)
    base = values("ceads", NCV)[product] * values("ceads", CC)[product] / 1000 * RATIO
    assert [base * oxidation[flow] for flow in ("farming", "construction")] == pytest.approx(
        [group] * 2, abs=1e-6
    )
    assert [
        base * oxidation[flow]
        for flow in (
            "transport",
            "wholesale_retail",
            "other_services",
            "households_urban",
            "households_rural",
        )
    ] == pytest.approx([services] * 5, abs=1e-6)


@pytest.mark.parametrize("product", CEADS_COAL)
def test_ceads_oxidation_of_coal_by_sector(product):
    """CEADs inventories 1997-2019: eleven levels of oxidation, the same for every kind of coal."""
    found = {}
    for row in rows("ceads", OX, product=product):
        found.setdefault(row.value, []).append(row.flow.removeprefix("industry."))
    assert {value: sorted(flows) for value, flows in found.items()} == CEADS_OXIDATION


def test_ceads_counts_gangue_as_briquettes_and_the_steel_gases_as_other_gas():
    """CEADs inventories since the layout of 2010: products without a column of their own are counted with another."""
    for parameter in (NCV, CC):
        found = values("ceads", parameter)
        assert found["gangue"] == found["briquettes"]
        assert found["blast_furnace_gas"] == found["converter_gas"] == found["other_gas"]


# --- electricity

NATIONAL = {2021: 0.5568, 2022: 0.5366, 2023: 0.5306}
REGIONS = {
    2021: (0.7120, 0.6012, 0.5992, 0.5354, 0.5951, 0.4326, 0.2113),
    2022: (0.6776, 0.5564, 0.5617, 0.5395, 0.5857, 0.3869, 0.2268),
    2023: (0.6361, 0.5122, 0.5500, 0.5271, 0.5543, 0.4042, 0.2472),
}
REGION_IDS = (
    "grid_north",
    "grid_northeast",
    "grid_east",
    "grid_central",
    "grid_northwest",
    "grid_south",
    "grid_southwest",
)
BEYOND_THE_AVERAGE = {2021: (0.5942, 0.8426), 2022: (0.5856, 0.8325), 2023: (0.6096, 0.8273)}


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_grid_factors_of_the_announcements(year):
    """MEE/NBS 2024 no. 12, 2024 no. 33, 2025 no. 47: nation, seven regions, 30 provinces without Tibet, kg CO2/kWh."""
    found = rows(f"mee-grid-{year}", GRID)
    assert {
        (row.product, row.flow, row.first_year, row.last_year, row.gas, row.unit) for row in found
    } == {("electricity", "", year, year, "CO2", "kg CO2/kWh")}
    factors = {row.area: row.value for row in found}
    assert factors["CN"] == NATIONAL[year]
    assert tuple(factors[region] for region in REGION_IDS) == REGIONS[year]
    provinces = {area for area in factors if vocabulary.areas()[area].level == "province"}
    assert {
        area.id for area in vocabulary.areas().values() if area.level == "province"
    } - provinces == {
        "tibet",
        "taiwan",
        "hong_kong",
        "macao",
    }


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_grid_factors_are_plausible(year):
    """A province is between 0.1 and the fossil factor, a region between its provinces, the nation between regions."""
    factors = values(f"mee-grid-{year}", GRID, by="area")
    for area, factor in factors.items():
        within = [
            factors[a.id]
            for a in vocabulary.areas().values()
            if a.grid == area and a.level == "province" and a.id in factors
        ]
        if vocabulary.areas()[area].level == "province":
            assert 0.1 <= factor < BEYOND_THE_AVERAGE[year][1], area
        elif vocabulary.areas()[area].level == "grid":
            assert min(within) <= factor <= max(within), area
        else:
            assert min(REGIONS[year]) < factor < max(REGIONS[year])


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_factors_beside_the_average(year):
    """MEE/NBS announcements: without market-traded non-fossil power above the average, fossil power above both."""
    residual = values(f"mee-grid-{year}", "residual_grid_emission_factor", by="area")
    fossil = values(f"mee-grid-{year}", "fossil_power_emission_factor", by="area")
    assert (residual, fossil) == (
        {"CN": BEYOND_THE_AVERAGE[year][0]},
        {"CN": BEYOND_THE_AVERAGE[year][1]},
    )
    assert NATIONAL[year] < residual["CN"] < fossil["CN"]


def test_grid_factors_of_2012():
    """NDRC, regional averages of 2012, kg CO2/kWh; the values of 2011 could not be checked."""
    found = {
        row.area: row.value for row in rows("ndrc-grid-2011-2012", GRID) if row.first_year == 2012
    }
    assert found == dict(
        zip(REGION_IDS, (0.8843, 0.7769, 0.7035, 0.5257, 0.6671, 0.5271), strict=False)
    )
    assert {(row.first_year, row.status) for row in rows("ndrc-grid-2011-2012", GRID)} == {
        (2011, "unverified"),
        (2012, "corroborated"),
    }


def test_values_for_reporting_are_no_grid_factors():
    """MEE 2022-03 and 环办气候函〔2023〕43号: 0.5810 and 0.5703 are for reporting, the 0.5777 is CO2e."""
    assert values("mee-grid-reporting-2021", "reporting_grid_factor") == {"electricity": 0.581}
    assert values("mee-grid-reporting-2022", "reporting_grid_factor") == {"electricity": 0.5703}
    assert values("mee-grid-2024", "life_cycle_electricity_factor") == {"electricity": 0.5777}
    averages = {row.value for row in EVERY_ROW if row.parameter == GRID}
    assert not averages & {0.581, 0.5703, 0.5777, 0.5839}


def test_heat_brought_in():
    """GB/T 32150-2025, 7.5.6-7.5.7: 0.11 t CO2/GJ where nothing else is known."""
    (row,) = load_edition("gb-t-32150-2025").rows
    assert (row.product, row.value, row.unit, row.gas) == ("heat", 0.11, "t CO2/GJ", "CO2")


# --- wrong values that circulate


def test_grid_factors_that_circulate_and_are_in_no_announcement():
    """Lists of the regions for "2023" and "2022" that no MEE notice has, and the value for reporting, are not ours."""
    wrong = {
        2023: {0.7204, 0.6780, 0.5850, 0.4803, 0.3907, 0.5012, 0.5703},
        2022: {
            0.5921,
            0.5594,
            0.5703,
            0.4233,
            0.4908,
            0.3854,
            0.5386,
            0.981,
            1.0603,
            0.7496,
            0.6231,
            0.7094,
            0.5217,
        },
    }
    for year, numbers in wrong.items():
        factors = values(f"mee-grid-{year}", GRID, by="area")
        assert not numbers & {factors[area] for area in ("CN", *REGION_IDS)}


def test_national_grid_values_stand_for_their_year_and_the_nation_alone():
    """0.5568 is 2021, 0.5366 is 2022 (copies swap them); neither is a region's, nor 0.6101 a province's."""
    for number, area, year in (
        (0.5568, "CN", 2021),
        (0.5366, "CN", 2022),
        (0.5306, "CN", 2023),
        (0.6101, "CN", 2015),
    ):
        found = [
            (row.area, row.first_year)
            for row in EVERY_ROW
            if row.parameter == GRID and row.value == number
        ]
        assert found == [(area, year)]


@pytest.mark.parametrize(
    ("parameter", "product", "wrong", "why"),
    [
        (
            CC,
            "blast_furnace_gas",
            {12.2, 13.58},
            "coal gas or coke oven gas applied to blast furnace gas; about 70.8",
        ),
        (CC, "natural_gas", {18.9}, "the gasoline row twice"),
        (CC, "bituminous_coal", {23.08, 23.076}, "digits of 26.18 transposed"),
        (CC, "lng", {17.2}, "the value of natural gas liquids"),
        (CC, "raw_coal", {26.32, 26.59}, "does not reproduce the inventories it is said to be of"),
        (NCV, "anthracite", {20.908, 20908}, "the value of raw coal"),
        (NCV, "bituminous_coal", {20.908, 20908}, "the value of raw coal"),
        (NCV, "lignite", {20.908, 20908}, "the value of raw coal"),
        (NCV, "coke_oven_gas", {12726}, "a digit lost of 16726"),
        (
            NCV,
            "blast_furnace_gas",
            {12726, 16726, 17981},
            "coke oven gas applied to blast furnace gas",
        ),
        (NCV, "lpg", {50.24}, "another set, GB/T 51366-2019"),
        (EF, "coke", {0.3043}, "a factor of ten lost"),
        (EF, "natural_gas", {18.086, 2.9251}, "16 % too low; gasoline's"),
    ],
)
def test_fuel_values_that_circulate_and_are_wrong(parameter, product, wrong, why):
    """Wrong numbers seen in copies of these lists are in none of the editions, but where a document prints them."""
    found = {
        (row.edition, number)
        for row in EVERY_ROW
        if (row.parameter, row.product) == (parameter, product)
        for number in triple(row)
        if number in wrong
    }
    assert found == ({("enterprise-2013", 17.2)} if product == "lng" else set()), why


def test_the_known_error_of_2013_is_noted():
    """Enterprise guide of 2013: LNG has the carbon content of natural gas liquids; the note says so."""
    (row,) = rows("enterprise-2013", CC, product="lng")
    assert (row.value, values("provincial-2011", CC)["natural_gas_liquids"]) == (17.2, 17.2)
    assert "natural gas liquids" in row.note


# --- the white paper


@pytest.mark.parametrize(
    ("product", "printed", "content", "oxidation", "computed", "per_tonne"),
    [
        ("raw_coal", 2.492, 25.8, 0.90, 2.49215, 20.908 * 25.8 / 1000 * 44 / 12),
        ("crude_oil", 2.104, 20.0, 0.98, 2.10362, 41.816 * 20.0 / 1000 * 0.98 * 44 / 12),
    ],
)
def test_the_white_papers_numbers_are_per_tonne_of_coal_equivalent(
    product, printed, content, oxidation, computed, per_tonne
):
    """White paper 2022, below chart 11: 29.2712 GJ/tce x IPCC carbon content x oxidation x 44/12.

    The errata are in t CO2/tce.
    """
    chain = 29.2712 * content / 1000 * oxidation * 44 / 12
    assert chain == pytest.approx(computed, abs=1e-5)
    assert round(chain, 3) == printed
    assert (
        values("ipcc-2006", CC)["bituminous_coal" if product == "raw_coal" else product] == content
    )
    (erratum,) = rows("whitepaper-2022", EF, product=product)
    (row,) = [row for row in load_edition("whitepaper-2022").corrected if row.product == product]
    assert (erratum.value, erratum.unit, erratum.status) == (printed, "t CO2/tce", "erratum")
    assert (row.value, row.unit, row.status) == (printed, "t CO2/t", "single")
    assert abs(per_tonne / printed - 1) > 0.2
    assert "per tce, not per t" in erratum.note


def test_crude_oil_per_tonne_over_its_coal_equivalent_is_the_white_papers_number():
    """White paper 2022: 3.005 t CO2/t over 1.4286 tce/t (GB/T 2589-2008) is 2.104 t CO2/tce."""
    per_tonne = values("gb-t-2589-2008", NCV)["crude_oil"] / 1e6 * 20.0 * 0.98 * 44 / 12
    assert round(per_tonne, 3) == 3.005
    assert round(per_tonne / values("gb-t-2589-2008", TCE)["crude_oil"], 3) == 2.104


# --- areas


EASTERN_INNER_MONGOLIA = (
    "chifeng",
    "tongliao",
    "hulunbuir",
    "hinggan",
)  # baseline notices; factors of 2010 to 2012


def test_areas_hang_together():
    """A province is in a known grid region, a city in that of its province; city codes begin with its province's."""
    areas = vocabulary.areas()
    with (data_folder() / "vocabulary" / "areas.csv").open(encoding="utf-8") as stream:
        codes = {row["id"]: row["adcode"] for row in csv.DictReader(stream)}
    levels = {"country": 247, "grid": 8, "province": 34, "city": 374, "state": 55, "group": 31}
    assert Counter(area.level for area in areas.values()) == levels
    for area in areas.values():
        assert area.parent in ("", *areas)
        assert area.grid in ("", *areas)
        if area.level == "city":
            assert area.grid == (
                "grid_northeast" if area.id in EASTERN_INNER_MONGOLIA else areas[area.parent].grid
            )
            assert codes[area.id][:2] == codes[area.parent][:2]
        assert areas[vocabulary.list_above(area.id)[-1]].level in {"country", "group"}
        if area.level == "province":
            assert re.fullmatch(r"\d\d0000", codes[area.id])
    members = Counter(area.grid for area in areas.values() if area.level == "province")
    assert members == {
        "grid_north": 6,
        "grid_northeast": 3,
        "grid_east": 5,
        "grid_central": 4,
        "grid_northwest": 5,
        "grid_south": 5,
        "grid_southwest": 3,
        "": 3,
    }
