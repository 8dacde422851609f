"""One carbon in two sectors: fuel that holds what a source counts does not burn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.sectors.all_sectors import compile_sectors
from carbonacct.sectors.energy.energy_entries import energy_of
from tests.sectors.sources.building import compiled, write_table

TABLE = "docs/tables/beijing_2007.csv"
STEEL = ("steel_by_furnace", "转炉", 1, "万吨", "北京", 2007)
CARBON = 14_600 * 12 / 44  # 1.46 t CO2/t of steel from the converter, IPCC 2006 Vol. 3, table 4.1


def joined(folder, *rows, **options):
    """Return the inventory of Beijing 2007 with activities."""
    return compile_sectors(TABLE, write_table(folder, *rows), method="ipcc-2006", **options)


def co2(inventory, **labels):
    """Return the CO2 of entries with some labels, t."""
    held = inventory.entries
    for name, label in labels.items():
        held = held[held[name] == label]
    return float(
        held.loc[
            (held["gas"] == "CO2") & (held["scope"] == 1) & (held["kind"] != "memo"), "value"
        ].sum()
    )


@pytest.fixture(scope="module")
def alone():
    """Return energy by itself."""
    return ca.to_inventory(ca.compile_inventory(TABLE, method="ipcc-2006"))


def test_coke_that_steel_counts_does_not_burn(tmp_path, alone):
    """The carbon of the steel leaves the coke of smelting; IPCC oxidises all of it, so the total is energy's alone."""
    whole = joined(tmp_path, STEEL)
    assert co2(whole, flow="steel") == pytest.approx(14_600)
    assert co2(whole, product="coke") == pytest.approx(
        co2(alone, product="coke") - 14_600, rel=1e-12
    )
    assert co2(whole) == pytest.approx(co2(alone), rel=1e-12)
    of_fuels = whole.select(sector="energy")
    assert co2(of_fuels) - co2(of_fuels, product="coke") == pytest.approx(
        co2(alone) - co2(alone, product="coke"), rel=1e-12
    )
    (said,) = (finding for finding in whole.findings if finding.rule == "partner-subtracted")
    assert (said.severity, said.where) == ("info", "北京 2007")
    assert "steel counts 3,982 t C" in said.message
    assert whole.recompute().equals(whole)


def test_the_trace_and_the_account_say_where_the_fuel_went(tmp_path):
    """The cell of coke names the source that counts it; what is printed is counted or taken out."""
    whole = joined(tmp_path, STEEL)
    (cube,) = energy_of(whole)
    cells = [one for one, amount in np.ndenumerate(cube.passed_on[0][1]) if amount]
    for area, year, flow, product in cells:
        found = ca.trace(
            cube, flow=cube.balance.flows[flow], product=cube.balance.products[product]
        )
        assert (area, year) == (0, 0)
        assert found.recompute() == found.value
        assert f"counts in steel: {found.passed_on[0][1]:.15g} t" in found.to_text()
    entry = int(
        whole.entries.index[(whole.entries["product"] == "coke") & (whole.entries["activity"] > 0)][
            0
        ]
    )
    assert "activity = " in str(whole.trace(entry))


def test_a_row_with_less_fuel_gives_all_it_has_and_says_what_lacks(tmp_path, alone):
    """Steel of a hundred million tonnes holds more carbon than all the coke of the row."""
    whole = joined(tmp_path, (*STEEL[:2], 10_000, *STEEL[3:]))
    (said,) = (finding for finding in whole.findings if finding.rule == "partner-subtracted")
    assert said.severity == "warning"
    rest = 10_000 * CARBON - (co2(alone, product="coke") - co2(whole, product="coke")) * 12 / 44
    assert f"and {rest:,.0f} t C are in no fuel of this row" in said.message
    assert co2(whole, product="coke") < co2(alone, product="coke")
    assert (whole.entries.loc[whole.entries["sector"] == "energy", "value"].dropna() >= 0).all()


def test_two_sources_of_one_fuel_take_out_both(tmp_path, alone):
    """Steel and ferroalloys take their carbon from the coke that is left."""
    rows = (STEEL, ("ferroalloy_output", "silicomanganese", 0.1, "万吨", "北京", 2007))
    whole = joined(tmp_path, *rows)
    assert [name for name, _ in energy_of(whole)[0].passed_on] == ["steel", "ferroalloys"]
    gone = co2(whole, flow="steel") + co2(whole, flow="ferroalloys")
    assert co2(whole, product="coke") == pytest.approx(co2(alone, product="coke") - gone, rel=1e-9)


def test_gas_of_ammonia_and_not_of_other_feeds(tmp_path, alone):
    """Natural gas holds the carbon of ammonia made of it; that of partial oxidation is none of its."""
    of_gas = joined(tmp_path, ("ammonia_output", "average_gas", 1, "万吨", "北京", 2007))
    carbon = 1e4 * 37.5 * 15.3 / 1000
    lost = co2(alone, product="natural_gas") - co2(of_gas, product="natural_gas")
    assert lost == pytest.approx(carbon * 44 / 12, rel=1e-3)
    # Of several processes those that take gas count, each with its carbon.
    process = [
        ("ammonia_output", name, 1, "万吨", "北京", 2007) for name in ("average_gas", "excess_air")
    ]
    coal = ("ammonia_output", "average_partial_oxidation", 1, "万吨", "北京", 2007)
    other, all_three = (
        co2(alone, product="natural_gas") - co2(joined(tmp_path, *rows), product="natural_gas")
        for rows in (process[1:], [*process, coal])
    )
    assert 0 < other != pytest.approx(lost)
    assert all_three == pytest.approx(lost + other, rel=1e-9)
    of_coal = joined(
        tmp_path, ("ammonia_output", "average_partial_oxidation", 1, "万吨", "北京", 2007)
    )
    assert co2(of_coal, product="natural_gas") == pytest.approx(
        co2(alone, product="natural_gas"), rel=1e-15
    )


@pytest.mark.parametrize(
    ("product", "flow", "energy", "row", "left"),
    [
        # IPCC 2006 Vol. 3, eq. 5.2: carbon of what is used as a lubricant (40.2 TJ/kt, 20 t C/TJ) is that of 2.D.1.
        (
            "lubricants",
            "industry",
            5000,
            ("lubricants_used", "all", 3000, "t"),
            5000 * 40.2 * 0.0733 - 3000 * 40.2 * 0.020 * 44 / 12,
        ),
        ("lubricants", "transport", 3000, ("lubricants_used", "all", 3000, "t"), 0.0),
        (
            "lubricants",
            "transport",
            0.02,
            ("lubricants_used", "all", 0.02, "t"),
            0.0,
        ),  # no amount is too small
        ("paraffin_wax", "industry", 400, ("wax_used", "", 400, "t"), 0.0),
    ],
)
def test_what_is_used_up_does_not_burn_as_well(tmp_path, product, flow, energy, row, left):
    """Lubricants that 2.D.1 counts are no fuel; that tables 1.3 and 1.4 round them apart is no lack of fuel."""
    table = tmp_path / "table.csv"
    table.write_text(
        f"area,year,flow,product,value,unit\n北京,2007,{flow},{product},{energy},t\n",
        encoding="utf-8",
    )
    path = write_table(tmp_path, (*row, "北京", 2007))
    whole = compile_sectors(table, path, method="ipcc-2006", allow_unverified=True)
    assert co2(whole, product=product) == pytest.approx(left, abs=1e-6)
    said = [(one.rule, one.severity) for one in whole.findings if one.rule.startswith("partner")]
    assert said == [("partner-subtracted", "info")]


def test_other_years_and_areas_keep_their_fuel(tmp_path, alone):
    """Steel of another city takes nothing from this one."""
    whole = joined(tmp_path, (*STEEL[:4], "天津", 2007))
    assert co2(whole, product="coke") == co2(alone, product="coke")
    assert not any(finding.rule.startswith("partner") for finding in whole.findings)


def test_a_method_that_counts_both_says_so(tmp_path):
    """The provincial guideline counts the carbon that pig iron loses beside the coke."""
    rows = [
        ("limestone_flux", "", 1, "万吨"),
        ("dolomite_flux", "", 1, "万吨"),
        ("pig_iron_to_steel", "", 10, "万吨"),
        ("steel_output", "", 10, "万吨"),
    ]
    path = write_table(tmp_path, *((*row, "北京", 2007) for row in rows))
    whole = compile_sectors(TABLE, path, method="provincial-2011", allow_unverified=True)
    assert [
        finding.severity for finding in whole.findings if finding.rule == "partner-counted"
    ] == ["info"]
    # Nothing is made, or in another city or year: nothing is counted twice.
    for times, *place in ((0, "北京", 2007), (1, "天津", 2007), (1, "北京", 2006)):
        path = write_table(
            tmp_path, *((name, "", times * amount, unit, *place) for name, _, amount, unit in rows)
        )
        whole = compile_sectors(TABLE, path, method="provincial-2011", allow_unverified=True)
        assert "partner-counted" not in {finding.rule for finding in whole.findings}


def test_uncertainty_of_what_is_left(tmp_path):
    """The model of the whole has the fuel that is left, and the steel."""
    whole = joined(tmp_path, STEEL)
    model = ca.model_inventory(whole)
    assert float(model.value.sum()) == pytest.approx(co2(whole), rel=1e-12)


def test_the_command_writes_energy_as_it_counts(tmp_path, capsys):
    """The workbook's and the table's energy is that of the whole."""
    path = write_table(tmp_path, STEEL)
    assert (
        main(
            [
                "inventory",
                TABLE,
                str(path),
                "--method",
                "ipcc-2006",
                "-o",
                str(tmp_path / "whole.csv"),
            ]
        )
        == 0
    )
    table = pd.read_csv(tmp_path / "whole.csv")
    whole = joined(tmp_path, STEEL)
    assert table.loc[table["gas"] == "CO2", "value"].sum() == pytest.approx(
        whole.total(gas="CO2")["value"].item(), rel=1e-12
    )
    capsys.readouterr()


def landfills(folder, *areas):
    """Return methane of landfills by mass balance in some cities, and by decay in Chongqing."""
    balance = [row for area in areas for row in balance_of(area)]
    decay = [("deposited", "food", 1e5, "t", "重庆", year) for year in range(2000, 2011)]
    decay += [("site_share", "managed", 100, "%", "重庆", year) for year in range(2000, 2011)]
    zones = {"climate_zones": {"重庆": "temperate_wet"}}
    of_decay = compiled(folder, *decay, method="ipcc-2006", partitions=zones)
    return compiled(folder, *balance, allow_unverified=True), of_decay.select(flow="landfill_decay")


def balance_of(area):
    """Return what a landfill by mass balance takes."""
    rows = [
        ("msw_landfilled", "", 180, "万吨"),
        ("site_share", "managed", 100, "%"),
        ("waste_share", "food", 100, "%"),
    ]
    return [(*row, area, 2010) for row in rows]


@pytest.mark.parametrize("turned", [False, True])
def test_sources_that_exclude_each_other_do_so_across_methods(tmp_path, turned):
    """Mass balance and decay of one city's waste: the first that says so has no number, in either order."""
    parts = landfills(tmp_path, "重庆", "成都")
    whole = ca.join_inventories(parts[::-1] if turned else parts)
    lost = "landfill_decay" if turned else "landfill"
    (said,) = (finding for finding in whole.findings if finding.rule == "counted-twice")
    assert (said.severity, said.where) == ("error", "重庆")
    assert f"{lost} has no number" in said.action
    own = whole.entries[(whole.entries["flow"] == lost) & (whole.entries["area"] == "重庆")]
    assert own["value"].fillna(0).eq(0).all()
    assert "NE" in own["notation"].to_list()
    other = whole.select(area="成都")
    assert other.entries["value"].notna().all()
    assert whole.recompute().equals(whole)


def test_sources_of_other_cities_do_not_exclude(tmp_path):
    """One city has a mass balance, the other decay: both count."""
    whole = ca.join_inventories(landfills(tmp_path, "成都"))
    assert not any(finding.rule == "counted-twice" for finding in whole.findings)


def test_a_sector_that_the_activities_lack_is_not_asked_of_them():
    """Energy alone, of a balance beside activities without biomass and fugitives: the balance's inventory."""
    table = "docs/tables/chongqing_2007.csv"
    files = (table, table.replace(".csv", "_activities.csv"))
    whole = compile_sectors(*files, method="provincial-2011", sectors=["energy"])
    assert set(whole.entries["sector"]) == {"energy"}
    cube = ca.compile_inventory(table, method="provincial-2011")
    assert whole.total(gas="CO2")["value"].item() == pytest.approx(
        cube.total().item().magnitude, rel=1e-12
    )
