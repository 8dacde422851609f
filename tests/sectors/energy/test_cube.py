"""The inventory's own arithmetic: sums over any dims, gases weighted, labels by name, and words that do not exist."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import MethodError
from tests.sectors.energy.made_balances import inventory_of, panel_of

TABLES = {
    ("河北", 2021): {
        "moved_in": {"electricity": 10},
        "moved_out": {"electricity": -4},
        "industry": {"diesel": 5, "raw_coal": 7},
        "transport": {"diesel": 3},
    },
    ("河北", 2003): {"moved_in": {"electricity": 2}, "industry": {"diesel": 4}},
    ("山西", 2021): {"moved_in": {"electricity": 0}, "industry": {"raw_coal": 9}},
}
# IPCC 2006, Vol. 2; metrics of AR5 over 100 years. Hebei 2021, t CO2/kWh.
DIESEL, COAL, GRID = 43.0 * 74.1e-3, 20.908 * 94.6e-3, 0.7901e-3
DIMS = ("area", "year", "flow", "product")


@pytest.fixture(scope="module")
def panel():
    """Return the inventory of two areas and years, of three gases."""
    return ca.compile_inventory(panel_of(TABLES), method="ipcc-2006", gases=["all"])


def test_gases_of_one_inventory_stand_side_by_side(panel):
    """The numbers of one gas bear no label of it: two gases are added as they stand."""
    for gas in panel.gases:
        assert panel.tonnes_of(gas).dims == panel.gas(gas).dims == DIMS
        assert "gas" not in {*panel.tonnes_of(gas).coords, *panel.gas(gas).coords}
        np.testing.assert_array_equal(panel.gas(gas).data.magnitude, panel.tonnes_of(gas))


@settings(max_examples=15)
@given(st.lists(st.sampled_from(DIMS), unique=True), st.sampled_from(["CO2", "CH4", "N2O"]))
def test_sums_over_any_dims_are_sums_of_the_cells(panel, dims, gas):
    """In the order in which the dims are asked for; over nothing it is nothing."""
    found = panel.by(*dims, gas=gas)
    cells = panel.emissions.sel(gas=gas)
    fuels = [product for product in cells["product"].values if product != "electricity"]
    wanted = cells.sum([dim for dim in DIMS if dim not in dims], min_count=1)
    assert set(found.dims) == set(dims)
    if "product" in dims:
        wanted = wanted.sel(product=fuels)
        found = found.sel(product=fuels)
    np.testing.assert_allclose(
        found.data.magnitude, wanted.transpose(*found.dims).values, rtol=1e-12
    )
    assert gas in str(found.data.units)


def test_a_category_is_the_sum_of_its_rows(panel):
    """Of two rows of one category both; of a row of supply none."""
    found = panel.by("area", "year", "category").sel(area="河北", year=2021)
    values = dict(zip(found["category"].values.tolist(), found.data.magnitude, strict=True))
    assert values["1.A.2"] == pytest.approx(5e4 * DIESEL + 7e4 * COAL)
    assert values["1.A.3"] == pytest.approx(3e4 * DIESEL)


def test_the_total_of_each_area_and_year(panel):
    """By hand; a year without any number of an area has none."""
    found = panel.total()
    assert found.sel(area="河北", year=2021).item().magnitude == pytest.approx(
        8e4 * DIESEL + 7e4 * COAL
    )
    assert found.sel(area="河北", year=2003).item().magnitude == pytest.approx(4e4 * DIESEL)
    assert np.isnan(found.sel(area="山西", year=2003).item().magnitude)
    assert found.sel(area="山西", year=2021).item().to("kt CO2").magnitude == pytest.approx(
        9e4 * COAL / 1e3
    )


def test_gases_are_weighted_by_a_metric(panel):
    """AR5 over 100 years: 28 of methane of combustion, 265 of N2O."""
    tonnes = {
        gas: panel.total(gas=gas).sel(area="河北", year=2021).item().magnitude
        for gas in ("CO2", "CH4", "N2O")
    }
    found = panel.total(gwp="AR5GWP100").sel(area="河北", year=2021).item()
    assert found.magnitude == pytest.approx(
        tonnes["CO2"] + 28 * tonnes["CH4"] + 265 * tonnes["N2O"]
    )
    assert "AR5GWP100" in str(found.units)
    weighted = panel.co2e("AR5GWP100")
    assert weighted.attrs["units"] == "t"
    assert np.isnan(weighted.sel(area="山西", year=2003)).all()
    frame = panel.to_frame(gwp="AR5GWP100")
    rows = frame[frame["gas"].str.startswith("CO2e") & (frame["scope"] == 1)]
    assert rows["value"].sum() == pytest.approx(float(weighted.sum()))
    assert len(panel.to_frame()) == len(frame) - frame["gas"].str.startswith("CO2e").sum()


def test_what_is_brought_in_is_a_scope_of_its_own(panel):
    """Net and gross; a year without a factor voids what it is part of, and nothing else."""
    net = panel.total(scope=2)
    assert net.sel(area="河北", year=2021).item().magnitude == pytest.approx(6e8 * GRID)
    assert panel.total(scope=2, gross=True).sel(
        area="河北", year=2021
    ).item().magnitude == pytest.approx(10e8 * GRID)
    assert np.isnan(net.sel(area="河北", year=2003).item().magnitude)
    assert net.sel(area="山西", year=2021).item().magnitude == 0
    assert panel.find_lacking("河北", 2003) == ("electricity",)
    assert panel.find_lacking("河北", 2021) == ()
    whole = panel.in_table(2)[..., panel.gases.index("CO2")]
    assert np.nansum(whole) == pytest.approx(6e8 * GRID)
    assert whole.shape == panel.in_table(1).shape[:4]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda one: one.by("flows"), "no dim 'flows'; known: area, year, flow, product, category"),
        (lambda one: one.total(gas="SF6"), "the inventory has no SF6; it has CO2, CH4, N2O"),
        (lambda one: one.gas("SF6"), "the inventory has no SF6; it has CO2, CH4, N2O"),
        (lambda one: one.of_scope(3), "no scope 3; known: 1, 2"),
        (lambda one: one.total(gross=True), "gross=True is for scope=2"),
        (
            lambda one: one.total(gas="CH4", gwp="AR5GWP100"),
            "gwp='AR5GWP100' weights all gases, and gas='CH4' asks for one",
        ),
        (lambda one: one.sel(flow="industrry"), "industrry"),
    ],
)
def test_words_that_do_not_exist(panel, call, said):
    """One line with what there is."""
    with pytest.raises(MethodError) as caught:
        call(panel)
    assert said in str(caught.value)


def test_labels_by_any_of_their_names(panel):
    """柴油 of 工业 in 河北省; a gas by its name."""
    found = panel.sel(flow="工业", product="柴油", area="河北省", year=2021)
    assert float(found.item().magnitude) == pytest.approx(5e4 * DIESEL)
    assert "gas" not in found.coords  # numbers of two gases are added as they stand
    methane = panel.sel(flow="工业", product="柴油", area="河北省", year=2021, gas="CH4")
    assert float(methane.item().magnitude) == pytest.approx(5e4 * 43.0 * 3e-6)  # table 2.3: 3 kg/TJ


def test_rows_of_a_frame_are_the_cells_of_both_scopes_in_the_order_of_the_table(panel):
    """What is sent out is below zero and of scope 2; what burns of scope 1; no cell is there twice or lacks."""
    frame = panel.to_frame()
    names = [*DIMS, "gas"]
    at = [
        {label: n for n, label in enumerate(panel.emissions[name].values.tolist())}
        for name in names
    ]
    places = [
        tuple(where[label] for where, label in zip(at, row, strict=True))
        for row in frame[names].itertuples(index=False, name=None)
    ]
    assert places == sorted(set(places))
    power = frame["product"] == "electricity"
    assert frame["scope"].tolist() == np.where(power, 2, 1).tolist()
    bought = frame[
        power & (frame["gas"] == "CO2") & (frame["area"] == "河北") & (frame["year"] == 2021)
    ]
    assert bought["value"].tolist() == pytest.approx([10e8 * GRID, -4e8 * GRID])
    direct = panel.emissions.values
    burnt = {
        place: value
        for place, value, is_power in zip(places, frame["value"], power, strict=True)
        if not is_power
    }
    assert burnt == {
        tuple(cell): direct[tuple(cell)] for cell in np.argwhere(~np.isnan(direct)).tolist()
    }


def test_activity_times_factor_is_emissions(panel):
    """Cell by cell and gas by gas; where nothing is counted neither is."""
    product = panel.activity[..., None] * panel.factor
    held = panel.emissions.values
    here = ~np.isnan(held)
    np.testing.assert_allclose(product[here], held[here], rtol=1e-12)
    assert here.any()
    dataset = panel.to_dataset()
    assert set(dataset.data_vars) == {"direct", "indirect"}


def test_a_strict_compiler_raises_what_is_an_error():
    """All errors at once; warnings stay findings; without strict both do."""
    rows = {
        "final_consumption": {"diesel": 20},
        "industry": {"diesel": 5},
        "transport": {"diesel": 25},
    }
    made = inventory_of(rows)
    assert any(one.severity == "error" for one in made.findings)
    with pytest.raises(ca.CarbonacctError):
        inventory_of(rows, strict=True)
    calm = inventory_of({"industry": {"diesel": 5}}, strict=True)
    assert not any(one.severity == "error" for one in calm.findings)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"gases": ["SF6"]}, "ipcc-2006 has no factors of SF6; it has CO2, CH4, N2O"),
        ({"area": "重庆"}, None),
    ],
)
def test_options_of_compiling(options, said):
    """Gases that the method has no factors of; options for files with a balance that has been read."""
    if said:
        with pytest.raises(MethodError, match=said):
            inventory_of({"industry": {"diesel": 5}}, **options)
        return
    with pytest.raises(
        MethodError,
        match="area, year, mapping, layout and sheet are for files; the balance has been read",
    ):
        ca.compile_inventory(panel_of(TABLES), method="ipcc-2006", **options)
    method = ca.load_method("ipcc-2006")
    with pytest.raises(
        MethodError, match="the method has been loaded: give overlay, allow_unverified"
    ):
        ca.compile_inventory(panel_of(TABLES), method=method, allow_unverified=True)
    with pytest.raises(MethodError, match="turns a table into coal equivalent, not into emissions"):
        ca.compile_inventory(panel_of(TABLES), method="gb-t-2589-2020")


def test_a_category_that_one_area_lacks_is_that_of_the_other():
    """Industry of both areas, transport of one, farming of none: two categories, each with the numbers of its areas."""
    tables = {
        ("重庆", 2021): {
            "industry": {"diesel": 5, "coke": 1},
            "transport": {"diesel": 2},
            "farming": {"heat": 1},
        },
        ("四川", 2021): {"industry": {"diesel": 7}},
    }
    found = ca.compile_inventory(panel_of(tables), method="ipcc-2006").by("area", "category")
    diesel, coke = 1e4 * 43.0 * 0.0741, 1e4 * 28.2 * 0.107
    assert found["category"].values.tolist() == ["1.A.2", "1.A.3"]
    values = found.transpose("area", "category").data.magnitude
    assert values[0].tolist() == pytest.approx([5 * diesel + coke, 2 * diesel])
    assert values[1, 0] == pytest.approx(7 * diesel)
    assert np.isnan(values[1, 1])


def test_a_table_of_nothing_burnt_has_its_categories_without_numbers():
    """What has a category is named where no row has a number."""
    made = ca.compile_inventory(
        panel_of({("重庆", 2021): {"industry": {"heat": 5}}}), method="ipcc-2006"
    )
    found = made.by("category")
    assert found["category"].values.tolist() == ["1.A.2"]
    assert np.isnan(found.data.magnitude).all()
