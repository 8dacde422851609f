"""CH4 and N2O of combustion, biomass, and CO2-equivalent by a named metric."""

from __future__ import annotations

import csv

import globalwarmingpotentials
import numpy as np
import pytest

import carbonacct as ca
from carbonacct.data import data_folder
from carbonacct.errors import CellNotFoundError, MethodError
from carbonacct.inventory.metrics import find_gwp, metric_ids
from tests.sectors.energy.building import table

ROWS = {
    "thermal_power": {"raw_coal": -100},
    "farming": {"diesel": 10},
    "industry": {"raw_coal": 50, "natural_gas": 2},
    "transport": {"diesel": 20, "gasoline": 8, "raw_coal": 1},
    "households_urban": {"natural_gas": 3},
}


def compiled(folder, rows=ROWS, gases=("all",), method="ipcc-2006"):
    """Return the inventory of a small table."""
    return ca.compile_inventory(table(folder, rows), method=method, gases=gases)


# Energy: 20.908 GJ/t raw coal (GB/T 2589-2008), 43 GJ/t diesel and 44.3 GJ/t gasoline (IPCC table 1.2), 38.931 MJ/m3.
@pytest.mark.parametrize(
    ("flow", "product", "gas", "terajoule", "kg_per_tj"),
    [
        ("thermal_power", "raw_coal", "CH4", 20908, 1),  # table 2.2, other bituminous coal
        ("thermal_power", "raw_coal", "N2O", 20908, 1.5),
        ("industry", "raw_coal", "CH4", 10454, 10),  # table 2.3
        ("farming", "diesel", "CH4", 4300, 10),  # table 2.5
        ("households_urban", "natural_gas", "CH4", 11679.3, 5),  # table 2.5
        ("transport", "diesel", "CH4", 8600, 3.9),  # table 3.2.2, road
        ("transport", "gasoline", "N2O", 3544, 5.7),  # table 3.2.2, low-mileage light-duty vehicles
        ("transport", "raw_coal", "CH4", 209.08, 10),  # table 2.4: boilers of stations
    ],
)
def test_each_sector_takes_the_factor_of_its_own_table(
    tmp_path, flow, product, gas, terajoule, kg_per_tj
):
    """IPCC 2006 Vol. 2, tables 2.2 to 2.5 and 3.2.2: kg per TJ by sector and fuel."""
    found = ca.trace(compiled(tmp_path), flow=flow, product=product, gas=gas)
    assert found.value == pytest.approx(terajoule * kg_per_tj / 1000, rel=1e-12)
    assert found.recompute() == found.value


def test_co2_alone_unless_other_gases_are_asked_for(tmp_path):
    """A sum over the value column of the plain command is a sum of CO2."""
    plain, every = compiled(tmp_path, gases=("CO2",)), compiled(tmp_path)
    assert set(plain.to_frame().gas) == {"CO2"}
    assert list(every.emissions["gas"].values) == ["CO2", "CH4", "N2O"]
    assert plain.total().item() == every.total().item()
    with pytest.raises(MethodError, match=r"^ceads has no factors of CH4; it has CO2$"):
        compiled(tmp_path, gases=("CH4",), method="ceads")


@pytest.mark.parametrize(
    ("metric", "methane", "nitrous"),
    [
        ("SARGWP100", 21, 310),
        ("AR4GWP100", 25, 298),
        ("AR5GWP100", 28, 265),
        ("AR6GWP100", 27, 273),
        ("AR6GWP20", 79.7, 273),
    ],
)
def test_co2_equivalent_is_the_weighted_sum(tmp_path, metric, methane, nitrous):
    """Combustion: CO2 + methane x CH4 + nitrous x N2O; methane without the CO2 that its carbon is counted as."""
    inventory = compiled(tmp_path)
    co2, ch4, n2o = (inventory.emissions.sel(gas=gas) for gas in ("CO2", "CH4", "N2O"))
    np.testing.assert_allclose(
        inventory.co2e(metric).values, (co2 + methane * ch4 + nitrous * n2o).values, rtol=1e-14
    )
    frame = inventory.to_frame(gwp=metric)
    assert set(frame.gas) == {"CO2", "CH4", "N2O", f"CO2e ({metric})"}
    assert set(frame.unit) == {"t"}
    assert (inventory.co2e(metric).attrs["units"], inventory.co2e(metric).attrs["gas"]) == (
        "t",
        f"CO2e ({metric})",
    )


def test_totals_by_a_metric_do_not_mix(tmp_path):
    """The total of a metric is the sum of its cells, in a unit that adds to no gas and no other metric."""
    inventory = compiled(tmp_path)
    total = inventory.total(gwp="AR5GWP100")
    weighted = inventory.co2e("AR5GWP100")
    assert total.item().to("t CO2e_AR5GWP100").magnitude == pytest.approx(
        float(weighted.sum()), rel=1e-14
    )
    assert inventory.by("category", gwp="AR5GWP100").data.magnitude.sum() == pytest.approx(
        total.item().magnitude, rel=1e-14
    )
    for other in (inventory.total(), inventory.total(gwp="AR4GWP100")):
        assert not total.item().is_compatible_with(other.item())
    with pytest.raises(
        MethodError, match="gwp='AR5GWP100' weights all gases, and gas='CH4' asks for one"
    ):
        inventory.total(gas="CH4", gwp="AR5GWP100")
    with pytest.raises(MethodError, match="no metric 'AR5GWP10'; did you mean AR5GWP100"):
        inventory.total(gwp="AR5GWP10")


def test_biomass_emits_ch4_and_n2o_and_its_co2_is_no_part_of_the_total(tmp_path):
    """IPCC 2006 Vol. 2, Ch. 2: CO2 of biomass is an information item; table 2.5 gives wood 300 kg CH4/TJ."""
    rows = {**ROWS, "households_rural": {"wood": 10}}
    balance = table(tmp_path, rows, units={"wood": "万吨"})
    inventory = ca.compile_inventory(balance, method="ipcc-2006", gases=["all"])
    without = compiled(tmp_path, ROWS)
    assert inventory.total().item() == without.total().item()
    assert ca.trace(
        inventory, flow="households_rural", product="wood", gas="CH4"
    ).value == pytest.approx(100000 * 15.6 * 300e-6, rel=1e-12)
    with pytest.raises(
        CellNotFoundError, match="CO2 of biomass is a memo item and not in the total"
    ):
        ca.trace(inventory, flow="households_rural", product="wood")


def test_a_gas_without_a_factor_is_not_estimated_and_said(tmp_path):
    """Coke of the final consumption as a whole has no sector, and the tables are by sector."""
    inventory = compiled(tmp_path, {"final_consumption": {"coke": 10}})
    assert np.isnan(inventory.emissions.sel(gas="CH4").values).all()
    found = [finding for finding in inventory.findings if finding.rule == "not-estimated"]
    assert [finding.message[:28] for finding in found] == [
        "CH4 of 1 cells is not estima",
        "N2O of 1 cells is not estima",
    ]


def test_every_metric_of_the_package_is_taken_over():
    """Metrics of the package are unchanged, except AR6's mean of the two origins of methane."""
    for metric, values in globalwarmingpotentials.data.items():
        if "GWP" in metric:
            assert metric in metric_ids()
            asked = {
                gas: value
                for gas, value in values.items()
                if gas != "CH4" or not metric.startswith("AR6")
            }
            assert all(find_gwp(metric, gas) == value for gas, value in asked.items())


def test_the_supplement_holds_only_what_the_package_lacks():
    """No value is written twice; each row names its document."""
    with (data_folder() / "metrics" / "supplement.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    doubled = [
        row
        for row in rows
        if not row["origin"] and row["gas"] in globalwarmingpotentials.data.get(row["metric"], {})
    ]
    assert (len(rows), doubled) == (70, [])
    assert all(row["reference"].startswith("IPCC") for row in rows)


def test_every_row_of_the_reference_table(real_tables):
    """IPCC SAR to AR6: each value of the table, but three that nobody could check."""
    with (real_tables.parent / "reference" / "ipcc" / "ipcc_gwp.csv").open(
        encoding="utf-8-sig"
    ) as stream:
        rows = list(csv.DictReader(stream))
    unchecked, compared = [], 0
    for row in rows:
        feedback = (
            "CCF"
            if row["report"] == "AR5" and row["carbon_cycle_feedback"].startswith("yes")
            else ""
        )
        metric, gas = (
            row["report"] + feedback + row["metric"],
            row["gas"].split(" (")[0].replace("-", ""),
        )
        origin = (
            {"f": "fossil", "n": "non-fossil"}.get(row["methane_origin"][:1], "")
            if gas == "CH4"
            else ""
        )
        if (
            metric.startswith("AR6") and gas == "CH4" and not origin
        ):  # a mean of the two origins, which has to be chosen
            with pytest.raises(MethodError, match="give origin="):
                find_gwp(metric, gas)
            compared += 1
        elif metric in metric_ids():
            assert find_gwp(metric, gas, origin=origin) == float(row["value"]), row
            compared += 1
        else:
            unchecked.append((metric, gas, origin, row["value"]))
    assert unchecked == [
        ("AR5CCFGWP20", "CH4", "non-fossil", "86"),
        ("AR5CCFGWP20", "CH4", "fossil", "87"),
        ("AR5CCFGWP20", "N2O", "", "268"),
    ]
    assert compared == 305


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("AR5", "CH4"), {}, "no metric 'AR5'; did you mean AR5GWP100"),
        (
            ("AR5GWP100", "CF5"),
            {},
            "AR5GWP100 has no value for CF5; did you mean CFC115, CF4, C3F8?",
        ),
        (
            ("AR5GWP20", "CH4"),
            {},
            "AR5GWP20 tells CH4 of fossil and of non-fossil origin apart; give origin=",
        ),
        (
            ("AR5GWP100", "CH4"),
            {"origin": "cow"},
            "no origin 'cow' of methane; known: fossil, non-fossil",
        ),
    ],
)
def test_a_wrong_metric_gets_one_line(arguments, options, message):
    """What is not there is said with what is near."""
    with pytest.raises(MethodError) as caught:
        find_gwp(*arguments, **options)
    assert str(caught.value).startswith(message)


def test_motor_gasoline_takes_the_factors_of_vehicles_in_every_sector(tmp_path):
    """IPCC 2006 Vol. 2, table 3.2.2: 3.8 kg CH4 and 5.7 kg N2O per TJ of gasoline, not those of boilers.

    Boilers have 3 to 10 and 0.6; diesel keeps its own.
    """
    rows = {
        flow: {"gasoline": 10, "diesel": 10}
        for flow in (
            "farming",
            "industry",
            "construction",
            "transport",
            "other_services",
            "households_urban",
        )
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011", gases=["all"])
    for gas, factor in (("CH4", 3.8), ("N2O", 5.7)):
        cells = inventory.emissions.sel(product="gasoline", gas=gas).values
        np.testing.assert_allclose(cells, 1e5 * 43.07 * factor * 1e-6, rtol=1e-12)
    assert (
        ca.trace(inventory, flow="industry", product="diesel", gas="CH4").steps[1].row.table
        == "2.3"
    )
    oxidised = inventory.emissions.sel(product="gasoline", gas="CO2").values
    assert len(set(oxidised.ravel())) == 1


def test_what_fluidised_beds_would_add_is_said(tmp_path):
    """10^6 t of coal are 20,908 TJ: a tenth at 61 instead of 1.5 kg/TJ adds 124 t N2O.

    Without coal or N2O there is no finding.
    """
    rows = {
        "thermal_power": {"raw_coal": -100, "diesel": -1},
        "transport": {"raw_coal": 5, "diesel": 1},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011", gases=["all"])
    finding = next(finding for finding in inventory.findings if finding.rule == "fluidised-beds")
    assert f"would add {0.1 * 20908 * (61 - 1.5) / 1e3:,.0f} t N2O" in finding.message
    others = (
        ca.compile_inventory(table(tmp_path, rows), method="provincial-2011"),
        ca.compile_inventory(
            table(tmp_path, {"industry": {"diesel": 1}}), method="provincial-2011", gases=["all"]
        ),
    )
    assert not [
        finding for made in others for finding in made.findings if finding.rule == "fluidised-beds"
    ]


def test_methane_of_ar6_asks_for_its_origin():
    """AR6 has 27.0 (non-fossil), 29.8 (fossil) and a mean of 27.9: none is taken unasked.

    AR5 has 28 for methane without an origin; AR4 has one value.
    """
    with pytest.raises(
        MethodError,
        match="AR6GWP100 tells CH4 of fossil and of non-fossil origin apart; give origin=",
    ):
        find_gwp("AR6GWP100", "CH4")
    found = [find_gwp("AR6GWP100", "CH4", origin=origin) for origin in ("non-fossil", "fossil")]
    assert (found, find_gwp("AR5GWP100", "CH4"), find_gwp("AR4GWP100", "CH4")) == (
        [27.0, 29.8],
        28.0,
        25.0,
    )
    for metric in metric_ids():
        for origin in ("fossil", "non-fossil"):
            assert find_gwp(metric, "CH4", origin=origin) > 0
