"""The sectoral approach on small tables: what burns, what does not, and what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import FactorNotFoundError, MethodError, TableError
from tests.factors.building import write_edition
from tests.sectors.energy.building import table, write_table

if TYPE_CHECKING:
    from pathlib import Path

BASE = {
    "primary_supply": {"raw_coal": 100},
    "production": {"raw_coal": 100},
    "transformation": {"raw_coal": -60},
    "thermal_power": {"raw_coal": -50},
    "coking": {"raw_coal": -10},
    "losses": {"raw_coal": 1},
    "final_consumption": {"raw_coal": 39},
    "industry": {"raw_coal": 30},
    "feedstock": {"raw_coal": 4},
    "transport": {"raw_coal": 9},
}

SUB_SECTORS = {
    "industry": {"coke": 100, "diesel": 1},
    "feedstock": {"coke": 50, "diesel": ""},
    "industry.chemicals": {"coke": 30, "diesel": 1},
    "industry.ferrous_smelting": {"coke": 70, "diesel": ""},
}


def total(inventory: ca.EnergyInventory, scope: int = 1) -> float:
    """Return the total of one area and year in t."""
    return float(inventory.total(scope=scope).data.magnitude[0, 0])


def rules(inventory: ca.EnergyInventory) -> set[str]:
    """Return the rules that found something."""
    return {finding.rule for finding in inventory.findings}


def test_what_burns_and_what_does_not(tmp_path):
    """Final consumption and power burn; coking, losses and feedstock do not: 50 + (30 - 4) + 9 of 10^4 t."""
    inventory = ca.compile_inventory(table(tmp_path, BASE), method="ceads")
    frame = inventory.to_frame().set_index("flow")["value"]
    per_tonne = {
        flow: 20.908 * 23.87e-3 * oxidation * 44.0095 / 12.0107
        for flow, oxidation in (("thermal_power", 0.944), ("industry", 0.9387), ("transport", 0.8))
    }
    assert set(frame.index) == {"thermal_power", "industry", "transport"}
    assert frame["thermal_power"] == pytest.approx(50e4 * per_tonne["thermal_power"], rel=1e-12)
    assert frame["industry"] == pytest.approx(26e4 * per_tonne["industry"], rel=1e-12)
    assert frame["transport"] == pytest.approx(9e4 * per_tonne["transport"], rel=1e-12)


def test_a_total_beside_its_parts_counts_once(tmp_path):
    """A printed total of coal beside raw coal, and of households beside town and country, adds nothing."""
    rows = {
        "final_consumption": {"coal_total": 12, "raw_coal": 12},
        "households": {"coal_total": 12, "raw_coal": 12},
        "households_urban": {"coal_total": 5, "raw_coal": 5},
        "households_rural": {"coal_total": 7, "raw_coal": 7},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="ceads")
    assert set(inventory.to_frame()["flow"]) == {"households_urban", "households_rural"}
    assert set(inventory.to_frame()["product"]) == {"raw_coal"}


def test_a_total_alone_counts_and_is_said(tmp_path):
    """Where a table prints a total alone, the total counts, and a finding says so."""
    inventory = ca.compile_inventory(
        table(
            tmp_path,
            {
                "final_consumption": {"coal_total": 12, "coke": 1},
                "industry": {"coal_total": 12, "coke": 1},
            },
        ),
        method="provincial-2011",
    )
    assert {"total-alone", "substitute"} <= rules(inventory)
    assert set(inventory.to_frame()["product"]) == {"coal_total", "coke"}


def test_a_total_that_counts_in_one_area_does_not_in_another():
    """Each area of a panel decides for itself: where the parts are printed, the total beside them burns nothing."""
    rows = [("甲", "coal_total", 12), ("乙", "coal_total", 12), ("乙", "raw_coal", 12)]
    frame = pd.DataFrame(rows, columns=["area", "product", "value"]).assign(
        year=2020, flow="industry", unit="万吨"
    )
    inventory = ca.compile_inventory(frame, method="provincial-2011")
    assert set(inventory.to_frame()[["area", "product"]].itertuples(index=False, name=None)) == {
        ("甲", "coal_total"),
        ("乙", "raw_coal"),
    }
    assert np.isnan(inventory.amount[1, 0, 0, inventory.balance.products.index("coal_total")])


def test_a_fuel_that_a_plant_puts_out_does_not_burn(tmp_path):
    """A positive number of a fuel under thermal power is no input; it burns nothing and is said."""
    rows = {
        "transformation": {"raw_coal": 3, "diesel": -2},
        "thermal_power": {"raw_coal": 3, "diesel": -2},
        "final_consumption": {"raw_coal": 1, "diesel": 1},
        "industry": {"raw_coal": 1, "diesel": 1},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="ceads")
    assert "fuel-from-plant" in rules(inventory)
    assert inventory.emissions.sel(flow="thermal_power", product="raw_coal").item() == 0


def test_feedstock_above_the_use_is_an_error_finding(tmp_path):
    """Feedstock above industry's use leaves nothing to burn, and a finding says by how much."""
    rows = {
        "final_consumption": {"raw_coal": 3, "coke": 1},
        "industry": {"raw_coal": 3, "coke": 1},
        "feedstock": {"raw_coal": 5, "coke": ""},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011")
    finding = next(
        finding for finding in inventory.findings if finding.rule == "feedstock-exceeds-use"
    )
    assert finding.severity == "error"
    assert "20,000 more" in finding.message
    assert inventory.emissions.sel(flow="industry", product="raw_coal").item() == 0


def test_feedstock_is_taken_from_the_chemical_block_then_from_the_others(tmp_path):
    """With sub-sectors, feedstock is taken from chemicals first and then from the others.

    The total is industry less feedstock.
    """
    inventory = ca.compile_inventory(table(tmp_path, SUB_SECTORS), method="provincial-2011")
    burnt = (inventory.amount * inventory.share - inventory.deduction)[0, 0]
    flows, coke = inventory.balance.flows, inventory.balance.products.index("coke")
    assert burnt[flows.index("industry.chemicals"), coke] == pytest.approx(0)
    assert burnt[flows.index("industry.ferrous_smelting"), coke] == pytest.approx(50e4)


def test_ceads_takes_feedstock_from_the_chemical_block_alone(tmp_path):
    """CEADs does not take from other sub-sectors what the chemical block does not hold, and a finding says so."""
    inventory = ca.compile_inventory(table(tmp_path, SUB_SECTORS), method="ceads")
    assert np.nansum(
        (inventory.amount * inventory.share - inventory.deduction)[
            ..., inventory.balance.products.index("coke")
        ]
    ) == pytest.approx(70e4)
    assert "feedstock-exceeds-use" in rules(inventory)


def test_a_missing_factor_names_the_cell_the_parameter_and_who_has_it(tmp_path):
    """A fuel without a factor stops the work and says which edition has one; it never drops the cell."""
    rows = {
        "final_consumption": {"raw_coal": 1, "anthracite": 2},
        "industry": {"raw_coal": 1, "anthracite": 2},
    }
    with pytest.raises(FactorNotFoundError, match=r"table\.csv!C3|table\.csv!C4") as caught:
        ca.compile_inventory(table(tmp_path, rows), method="ceads")
    message = str(caught.value)
    assert "net_calorific_value" in message or "carbon" in message
    assert "anthracite" in message
    assert "2021" in message
    assert "--overlay" in message


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {},
            (
                "no net_calorific_value for product 'anthracite' of industry in ceads valid in 2021; known in "
                "enterprise-2013 (20.304 GJ/t), gb-t-32151-2024 (26.7 GJ/t), ipcc-2006 (26.7 TJ/kt): add"
            ),
        ),
        (
            {"net_calorific_value": "27", "unit": "TJ/kt"},
            (
                "no carbon_content for product 'anthracite' of industry in ceads valid in 2021; known in "
                "enterprise-2013 (27.49 t C/TJ), gb-t-32151-2024 (27.4 t C/TJ), ipcc-2006 (26.8 t C/TJ): add"
            ),
        ),
        (
            {"carbon_content": "27", "unit": "t C/TJ"},
            "no net_calorific_value for product 'anthracite' of industry in ceads",
        ),
    ],
)
def test_the_first_parameter_that_lacks_is_named_with_the_editions_that_have_it(
    tmp_path, given, said
):
    """One value of each edition beside the method, at most three; a row that an overlay gives does not lack."""
    rows = {
        "final_consumption": {"raw_coal": 1, "anthracite": 2},
        "industry": {"raw_coal": 1, "anthracite": 2},
    }
    tables = {
        name: [{"product": "anthracite", "value": value, "unit": given["unit"], "status": "single"}]
        for name, value in given.items()
        if name != "unit"
    }
    overlay = write_edition(tmp_path / "mine", **tables) if tables else None
    with pytest.raises(FactorNotFoundError) as caught:
        ca.compile_inventory(table(tmp_path, rows), method=ca.load_method("ceads", overlay=overlay))
    assert str(caught.value).startswith(f"table.csv!C4: {said}")


def test_all_products_without_a_factor_are_named_at_once(tmp_path):
    """One line names each product that lacks a factor, so that one overlay can hold them all."""
    used = {"anthracite": 2, "lignite": 3, "peat": 1, "oil_shale": 0, "coke": 1}
    units = dict.fromkeys(("lignite", "peat", "oil_shale"), "万吨")
    with pytest.raises(FactorNotFoundError) as caught:
        ca.compile_inventory(
            table(tmp_path, {"final_consumption": used, "industry": used}, units=units),
            method="ceads",
        )
    message = str(caught.value)
    assert "for product 'anthracite' of industry" in message
    assert "valid in 2021 (nor for lignite, peat); " in message
    assert "\n" not in message


def test_zero_activity_needs_no_factor(tmp_path):
    """A product whose every number is 0 emits 0, whatever the method knows of it."""
    rows = {
        "final_consumption": {"raw_coal": 1, "anthracite": 0},
        "industry": {"raw_coal": 1, "anthracite": 0},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="ceads")
    assert inventory.emissions.sel(flow="industry", product="anthracite").item() == 0


def test_other_energy_is_left_out_with_its_amount(tmp_path):
    """What a method leaves out is said with its amount and reason."""
    rows = {
        "final_consumption": {"raw_coal": 1, "other_energy": 2},
        "industry": {"raw_coal": 1, "other_energy": 2},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011")
    assert any("20,000 tce of other_energy" in str(finding) for finding in inventory.findings)


def test_an_unreadable_number_of_a_fuel_that_burns_stops_the_work(tmp_path):
    """Text in a number stops the work only where the number counts."""
    rows = {
        "final_consumption": {"raw_coal": 1, "coke": 2},
        "industry": {"raw_coal": "1,5x", "coke": 2},
    }
    with pytest.raises(TableError, match=r"table\.csv!B4: the cell is not a number"):
        ca.compile_inventory(table(tmp_path, rows), method="ceads")
    rows = {
        "production": {"raw_coal": "abc", "coke": ""},
        "final_consumption": {"raw_coal": 1, "coke": 2},
        "industry": {"raw_coal": 1, "coke": 2},
    }
    assert "unreadable-number" in rules(ca.compile_inventory(table(tmp_path, rows), method="ceads"))


def test_an_unreadable_total_whose_parts_are_there_does_not_matter(tmp_path):
    """Text in a total that is not used is a finding; text in the feedstock row stops the work, for it is taken off."""
    rows = {
        "final_consumption": {"raw_coal": "abc", "coke": 2},
        "industry": {"raw_coal": 1, "coke": 2},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="ceads")
    assert "unreadable-number" in rules(inventory)
    assert inventory.emissions.sel(flow="industry", product="raw_coal").item() > 0
    rows = {
        "final_consumption": {"raw_coal": 1, "coke": 2},
        "industry": {"raw_coal": 1, "coke": 2},
        "feedstock": {"raw_coal": "1O", "coke": ""},
    }
    with pytest.raises(TableError, match=r"table\.csv!B5: the cell is not a number"):
        ca.compile_inventory(table(tmp_path, rows), method="ceads")


def test_notation_keys_leave_a_finding(tmp_path):
    """A fuel that is confidential or not estimated is no zero: the finding says that the total lacks it."""
    rows = {
        "final_consumption": {"raw_coal": 1, "coke": 2},
        "industry": {"raw_coal": 1, "coke": "C"},
        "transport": {"raw_coal": "NE", "coke": "NO"},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="ceads")
    said = [str(finding) for finding in inventory.findings if finding.rule == "notation-key"]
    assert len(said) == 2
    assert (
        "table.csv!C4: 1 cells that would count are C (confidential), such as coke of industry"
        in said[1]
    )


def test_total_energy_has_no_carbon(tmp_path):
    """A table without fuels is said to be one."""
    path = tmp_path / "t.csv"
    path.write_text(
        "综合能源平衡表,,\n单位: 万吨标准煤,,\n项目,2019,2020\n终端消费量,5,6\n工业,3,4\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(path, area="A")
    assert any(finding.rule == "total-energy" for finding in balance.findings)
    with pytest.raises(TableError, match="no fuels"):
        ca.compile_inventory(balance, method="provincial-2011")


def test_a_method_of_another_kind_is_refused(tmp_path):
    """A coal-equivalent method makes no inventory."""
    with pytest.raises(MethodError, match="coal equivalent"):
        ca.compile_inventory(table(tmp_path, BASE), method="gb-t-2589-2008")
    with pytest.raises(MethodError, match="did you mean provincial-2011"):
        ca.compile_inventory(table(tmp_path, BASE), method="provincial-2012")


ELECTRICITY = {
    "moved_in": {"electricity": 10, "raw_coal": ""},
    "moved_out": {"electricity": -3, "raw_coal": ""},
    "final_consumption": {"electricity": 7, "raw_coal": 1},
    "industry": {"electricity": 7, "raw_coal": 1},
}


@pytest.mark.parametrize(
    ("grid", "factor"),
    [
        (None, 0.4743),
        ("province", 0.4743),
        ("region", 0.2113),
        ("nation", 0.5568),
        ("北京", 0.5688),
    ],
)
def test_electricity_brought_in(tmp_path, grid, factor):
    """Net electricity moved in is scope 2, never scope 1, with the factor of province, region or nation.

    MEE/NBS announcement 2024 no. 12, factors of 2021.
    """
    inventory = ca.compile_inventory(
        table(tmp_path, ELECTRICITY, title="重庆能源平衡表(实物量)-2021"),
        method="provincial-2011",
        grid=grid,
    )
    row = next(
        row
        for chain in inventory.chains
        for selection in chain.selections
        for row in selection.rows
        if row.parameter == "grid_emission_factor"
    )
    assert total(inventory, scope=2) == pytest.approx(7e8 * row.value / 1e3, rel=1e-12)
    assert row.value == pytest.approx(
        factor, abs=5e-2 if grid in (None, "province", "北京") else 1e-9
    )
    assert row.status in {"corroborated", "single"}
    assert (row.first_year, row.last_year) == (2021, 2021)
    assert set(inventory.to_frame().query("scope == 2")["flow"]) == {"moved_in", "moved_out"}
    assert total(inventory) == pytest.approx(
        total(
            ca.compile_inventory(
                table(
                    tmp_path,
                    {
                        "final_consumption": {"raw_coal": 1, "coke": ""},
                        "industry": {"raw_coal": 1, "coke": ""},
                    },
                ),
                method="provincial-2011",
            )
        )
    )


def test_a_year_without_grid_factor_is_a_finding_that_says_which_exist(tmp_path):
    """The direct inventory is made all the same."""
    inventory = ca.compile_inventory(
        table(tmp_path, ELECTRICITY, title="重庆能源平衡表-2007"), method="provincial-2011"
    )
    finding = next(finding for finding in inventory.findings if finding.rule == "no-grid-factor")
    assert "2021, 2022, 2023" in finding.message
    assert np.isnan(total(inventory, scope=2))
    assert total(inventory) > 0


def test_chongqing_was_in_the_central_grid_before_the_southwest_was_split_off(tmp_path):
    """2012: Central China's average, 0.5257 kg CO2/kWh (corroborated), is Chongqing's; 2021 has its own."""
    inventory = ca.compile_inventory(
        table(tmp_path, ELECTRICITY, title="重庆能源平衡表-2012"), method="provincial-2011"
    )
    assert total(inventory, scope=2) == pytest.approx(7e8 * 0.5257 / 1e3, rel=1e-12)


def test_rows_of_an_overlay_that_nothing_uses_are_said(tmp_path):
    """An unused parameter or a product that is not in the table leaves a finding with file and line."""
    overlay = tmp_path / "mine"
    overlay.mkdir()
    (overlay / "source.toml").write_text(
        'title = "mine"\npublisher = "me"\ndate = "2026"\nreference = "own"\n', encoding="utf-8"
    )
    head = "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
    (overlay / "carbon_content.csv").write_text(
        head + "raw_coal,,,,,,,mine,26,,,t C/TJ,,,single,\n", encoding="utf-8"
    )
    inventory = ca.compile_inventory(
        table(tmp_path, BASE), method=ca.load_method("ipcc-2006", overlay=overlay)
    )
    finding = next(finding for finding in inventory.findings if finding.rule == "overlay-unused")
    assert "mine/carbon_content.csv:2" in finding.message
    assert "overlay-unused" not in rules(
        ca.compile_inventory(
            table(tmp_path, BASE), method=ca.load_method("provincial-2011", overlay=overlay)
        )
    )


def test_a_grid_factor_of_an_overlay_is_used_by_scope_2_or_said(tmp_path):
    """A row for the table's year is used; for another year, or without imports, it leaves a finding."""
    overlay = write_edition(
        tmp_path / "mine",
        grid_emission_factor=[
            {
                "product": "electricity",
                "area": "chongqing",
                "from": year,
                "to": year,
                "gas": "CO2",
                "value": "0.5",
                "unit": "kg CO2/kWh",
                "status": "single",
            }
            for year in ("2020", "2021")
        ],
    )
    method = ca.load_method("provincial-2011", overlay=overlay)
    inventory = ca.compile_inventory(
        table(tmp_path, ELECTRICITY, title="重庆能源平衡表(实物量)-2021"), method=method
    )
    assert total(inventory, scope=2) == pytest.approx(7e8 * 0.5 / 1e3, rel=1e-12)
    finding = next(finding for finding in inventory.findings if finding.rule == "overlay-unused")
    assert (finding.severity, finding.message) == (
        "warning",
        "1 rows of the overlay are used by no cell: mine/grid_emission_factor.csv:2",
    )
    without = ca.compile_inventory(table(tmp_path, BASE), method=method)
    finding = next(finding for finding in without.findings if finding.rule == "overlay-unused")
    assert (
        finding.message
        == "2 rows of the overlay are used by no cell: mine/grid_emission_factor.csv:2, mine/grid_emission_factor.csv:3"
    )


def test_an_overlay_may_hold_an_erratum(tmp_path):
    """A user's own correction is used, and the finding gives both numbers."""
    overlay = tmp_path / "mine"
    overlay.mkdir()
    (overlay / "source.toml").write_text(
        'title = "mine"\npublisher = "me"\ndate = "2026"\nreference = "own"\n', encoding="utf-8"
    )
    head = "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
    rows = "raw_coal,,,,,,CO2,mine,3,,,t CO2/t,,,single,\nraw_coal,,,,,,CO2,mine,2,,,t CO2/t,,,erratum,misread\n"
    (overlay / "emission_factor.csv").write_text(head + rows, encoding="utf-8")
    inventory = ca.compile_inventory(
        table(tmp_path, BASE), method=ca.load_method("ceads", overlay=overlay)
    )
    assert total(inventory) == pytest.approx(85e4 * 2)
    assert any(
        "used as 2 t CO2/t; the document prints 3 t CO2/t, which would give 2,550,000 t CO2 instead of 1,700,000"
        in finding.message
        for finding in inventory.findings
    )


@pytest.mark.parametrize("has_own_factor", [False, True])
def test_an_erratum_of_a_content_gives_both_contents_and_no_tonnes_and_only_where_it_is_used(
    tmp_path, has_own_factor
):
    """What 27 instead of 26 t C/TJ would emit depends on the other factors; a factor per tonne goes first."""
    overlay = tmp_path / "mine"
    overlay.mkdir()
    (overlay / "source.toml").write_text(
        'title = "mine"\npublisher = "me"\ndate = "2026"\nreference = "own"\n', encoding="utf-8"
    )
    head = "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
    content = "raw_coal,,,,,,,mine,27,,,t C/TJ,,,single,\nraw_coal,,,,,,,mine,26,,,t C/TJ,,,erratum,misread\n"
    (overlay / "carbon_content.csv").write_text(head + content, encoding="utf-8")
    if has_own_factor:
        factor = "raw_coal,,,,,,CO2,mine,2,,,t CO2/t,,,single,\n"
        (overlay / "emission_factor.csv").write_text(head + factor, encoding="utf-8")
    method = ca.load_method("provincial-2011", overlay=overlay)
    found = [
        finding.message
        for finding in ca.compile_inventory(table(tmp_path, BASE), method=method).findings
        if finding.rule == "erratum"
    ]
    said = "carbon_content of mine is used as 26 t C/TJ; the document prints 27 t C/TJ"
    assert found == ([] if has_own_factor else [said])


def test_an_unknown_area_has_no_grid_and_an_unknown_grid_is_refused(tmp_path):
    """An area that is not known asks for --grid; a grid that does not exist is one clear line."""
    balance = ca.read_balance(write_table(tmp_path / "t.csv", ELECTRICITY), area="某某开发区")
    inventory = ca.compile_inventory(balance, method="provincial-2011")
    assert any("pass --grid" in finding.action for finding in inventory.findings)
    assert total(ca.compile_inventory(balance, method="provincial-2011", grid="重庆"), scope=2) > 0
    with pytest.raises(MethodError, match="no grid or area 'Atlantis'"):
        ca.compile_inventory(balance, method="provincial-2011", grid="Atlantis")


def test_a_city_takes_the_factor_of_its_province(tmp_path):
    """Qingdao draws from the grid of Shandong."""
    city = ca.compile_inventory(
        table(tmp_path, ELECTRICITY, title="青岛市能源平衡表-2021"), method="provincial-2011"
    )
    province = ca.compile_inventory(
        table(tmp_path, ELECTRICITY, title="山东能源平衡表-2021"), method="provincial-2011"
    )
    assert total(city, scope=2) == total(province, scope=2) > 0


def test_carbon_is_never_made(tmp_path):
    """A coking row that puts out more carbon than goes in is a finding with the amount; the other way round is none."""
    made = {
        "transformation": {"raw_coal": -5, "coke": 10},
        "coking": {"raw_coal": -5, "coke": 10},
        "final_consumption": {"raw_coal": 1, "coke": 1},
        "industry": {"raw_coal": 1, "coke": 1},
    }
    assert any(
        finding.rule == "carbon-made" and "more" in finding.message
        for finding in ca.compile_inventory(
            table(tmp_path, made), method="provincial-2011"
        ).findings
    )
    kept = {
        **made,
        "transformation": {"raw_coal": -50, "coke": 10},
        "coking": {"raw_coal": -50, "coke": 10},
    }
    assert "carbon-made" not in rules(
        ca.compile_inventory(table(tmp_path, kept), method="provincial-2011")
    )


def test_standard_quantity_goes_back_through_the_coefficients_of_a_named_edition(tmp_path):
    """A table in coal equivalent gives the inventory of its physical table, gas by the nearest year's tables."""
    rows = {
        "final_consumption": {"raw_coal": 100, "natural_gas": 10},
        "industry": {"raw_coal": 100, "natural_gas": 10},
    }
    physical = total(ca.compile_inventory(table(tmp_path, rows), method="provincial-2011"))
    in_tce = {flow: {"raw_coal": 71.43, "natural_gas": 127.612} for flow in rows}
    units = {"raw_coal": "万吨标准煤", "natural_gas": "万吨标准煤"}
    standard = ca.compile_inventory(table(tmp_path, in_tce, units=units), method="provincial-2011")
    assert total(standard) == pytest.approx(physical, rel=1e-9)
    assert "coal_equivalent_coefficient" in standard.chains[0].parameters
    [found] = [finding for finding in standard.findings if finding.rule == "other-edition"]
    assert (
        found.message
        == "coal_equivalent_coefficient of natural_gas in 2021 is that of yearbook-tables-2019: no tables of the "
        "year give one"
    )


def test_the_inventory_as_arrays(tmp_path):
    """by() sums over what is not named, keeps scopes apart, is pint-backed, and refuses a dim that is none."""
    inventory = ca.compile_inventory(table(tmp_path, BASE), method="provincial-2011")
    assert str(inventory.total().data.units) in {"CO2·t", "t·CO2"}
    assert inventory.by("category").sizes == {"category": 3}
    assert float(inventory.by("flow").sum().item().magnitude) == pytest.approx(total(inventory))
    assert inventory.gas("CO2").dims == ("area", "year", "flow", "product")
    with pytest.raises(MethodError, match="no scope 3"):
        inventory.total(scope=3)
    with pytest.raises(MethodError, match="no CH4"):
        inventory.total(gas="CH4")
    with pytest.raises(MethodError, match="no dim 'sector'"):
        inventory.by("sector")
    with pytest.raises(MethodError, match="no CH4"):
        inventory.gas("CH4")


def of_text(tmp_path: Path, text: str) -> ca.EnergyInventory:
    """Return the inventory of a table as printed."""
    (tmp_path / "printed.csv").write_text(text, encoding="utf-8")
    return ca.compile_inventory(tmp_path / "printed.csv", method="provincial-2011")


def total_of(tmp_path: Path, text: str) -> float:
    """Return its total."""
    return total(of_text(tmp_path, text))


def test_a_total_in_sub_rows_is_not_counted_beside_its_products_above(tmp_path):
    """Industry by product and its branches as coal alone: the tonnes of industry count once."""
    head = "测试市能源消费量 2012\n项目,煤合计(万吨),原煤(万吨),洗精煤(万吨)\n工业,100,80,20\n"
    assert total_of(
        tmp_path, head + "化学原料和化学制品制造业,60,,\n非金属矿物制品业,40,,\n"
    ) == pytest.approx(total_of(tmp_path, head))


@pytest.mark.parametrize(
    "rows",
    [
        ("采矿业", "制造业", "电力、热力、燃气及水生产和供应业"),
        ("第一产业", "第二产业", "第三产业"),
        ("轻工业", "重工业", "农、林、牧、渔业"),
    ],
)
def test_groups_printed_without_their_members_count(tmp_path, rows):
    """A table by blocks of industry, or by the three industries, has no other rows: each tonne counts, once."""
    head = "测试市能源消费量 2012\n项目,原煤(万吨)\n"
    inventory = of_text(tmp_path, head + "".join(f"{row},10\n" for row in rows))
    assert len(inventory.to_frame()) == 3
    assert total(inventory) == pytest.approx(
        sum(total_of(tmp_path, f"{head}{row},10\n") for row in rows)
    )


def test_a_group_beside_its_members_does_not_count(tmp_path):
    """Industry, mining and its branches in one table: the branches count."""
    head = "测试市能源消费量 2012\n项目,原煤(万吨)\n工业,10\n煤炭开采和洗选业,6\n化学原料和化学制品制造业,4\n"
    assert total_of(tmp_path, head + "采矿业,6\n制造业,4\n轻工业,1\n重工业,9\n") == pytest.approx(
        total_of(tmp_path, head)
    )


def test_a_table_without_a_row_of_what_burns_is_refused(tmp_path):
    """Total consumption alone holds inputs to transformation and losses: no inventory, not an empty one."""
    with pytest.raises(TableError, match="says what burns"):
        total_of(tmp_path, "测试市能源消费量 2012\n项目,原煤(万吨)\n消费量合计,110\n")


def test_feedstock_that_cannot_be_deducted_is_said(tmp_path):
    """Feedstock of total coal beside industry by kinds of coal: nothing to take it from, and it says so."""
    inventory = of_text(
        tmp_path,
        "测试市能源消费量 2012\n项目,煤合计(万吨),原煤(万吨)\n工业,,80\n用作原料、材料,10,\n",
    )
    assert "feedstock-alone" in rules(inventory)


def test_one_area_in_two_spellings_is_one_area(tmp_path):
    """重庆 and 重庆市 are one city: two tables of it do not make two cities, nor count a tonne twice."""
    text = "{}能源消费量 2012\n项目,原煤(万吨)\n工业,30\n"
    for name, area in (("one.csv", "重庆"), ("two.csv", "重庆市")):
        (tmp_path / name).write_text(text.format(area), encoding="utf-8")
    balance = ca.read_balance(tmp_path / "one.csv", tmp_path / "two.csv")
    assert list(balance.areas) == ["重庆"]


def test_options_for_what_is_read_or_loaded_already_are_refused(tmp_path):
    """An option that would have no effect is an error, not a silence."""
    balance = table(tmp_path, BASE)
    with pytest.raises(MethodError, match="read_balance"):
        ca.compile_inventory(balance, method="provincial-2011", year=2013)
    with pytest.raises(MethodError, match="load_method"):
        ca.compile_inventory(balance, method=ca.load_method("ceads"), allow_unverified=True)


def test_electricity_that_a_plant_puts_out_is_not_brought_in(tmp_path):
    """In a table without supply rows what is used counts as brought in, not what a power station makes."""
    text = (
        "重庆能源平衡表 2012\n项目,原煤(万吨),电力(亿千瓦小时)\n"
        "加工转换投入产出量,-30,50\n火力发电,-30,50\n工业,10,20\n"
    )
    frame = of_text(tmp_path, text).to_frame()
    assert set(frame[frame["scope"] == 2]["flow"]) == {"industry"}


def test_sums_across_tonnes_and_coal_equivalent_are_not_checked_but_said(tmp_path):
    """Raw coal in tce beside cleaned coal in t cannot be added up: one warning, no false error."""
    text = "重庆能源消费量 2012\n项目,煤合计(万吨),原煤(万吨标准煤),洗精煤(万吨)\n工业,100,60,20\n"
    found = {finding.rule: finding.severity for finding in of_text(tmp_path, text).findings}
    assert found["mixed-units"] == "warning"
    assert "sum-of-products" not in found


@pytest.mark.parametrize("method", ["ceads", "ncsc-db-2026", "provincial-2011", "ipcc-2006"])
def test_a_table_that_prints_no_coal_but_the_total_counts_as_raw_coal(tmp_path, method):
    """Cities print the total alone: every method takes it as raw coal, and says so."""
    totals = []
    for product in ("coal_total", "raw_coal"):
        rows = {
            "final_consumption": {product: 100, "diesel": 1},
            "industry": {product: 100, "diesel": 1},
        }
        inventory = ca.compile_inventory(table(tmp_path, rows), method=method)
        totals.append(total(inventory))
        assert (product == "coal_total") == any(
            f.rule == "substitute" and f.message.startswith("coal_total takes")
            for f in inventory.findings
        )
    assert totals[0] == totals[1] > 0


@pytest.mark.parametrize(
    "method", ["yearbook-tables", "yearbook-2008", "gb-t-2589-2008", "gb-t-2589-2020"]
)
def test_a_total_of_coal_or_oil_alone_has_its_coal_equivalent(tmp_path, method):
    """As raw coal (0.7143) and crude oil (1.4286)."""
    rows = {
        flow: {"coal_total": 100, "oil_total": 10} for flow in ("final_consumption", "industry")
    }
    frame, _ = ca.to_coal_equivalent(table(tmp_path, rows), method=method)
    found = frame[frame["flow"] == "industry"].set_index("product")["value"]
    assert found.to_dict() == pytest.approx({"coal_total": 714300, "oil_total": 142860})


def test_the_national_database_gives_power_coal_a_factor_of_its_own(tmp_path):
    """96.2 t CO2/TJ in power plants, 94.6 (bituminous) elsewhere, by 20.908 or the standard's own calorific value."""
    rows = {
        flow: {"raw_coal": -100 if flow == "thermal_power" else 100}
        for flow in ("thermal_power", "final_consumption", "industry")
    }
    inventory = ca.compile_inventory(
        table(tmp_path, {flow: cells | {"coke": 1} for flow, cells in rows.items()}),
        method="ncsc-db-2026",
    )
    emissions = inventory.emissions.sel(product="raw_coal").sum(dim="gas")
    ratio = emissions.sel(flow="thermal_power").item() / emissions.sel(flow="industry").item()
    assert ratio == pytest.approx(96.2 / 94.6, rel=1e-12)
    assert emissions.sel(flow="industry").item() == pytest.approx(
        100e4 * 20.934e-3 * 94.6, rel=2e-3
    )


def test_a_method_that_covers_some_fuels_counts_those_and_says_what_it_leaves_out(tmp_path):
    """The white paper has factors of raw coal and crude oil alone: diesel is a finding with its tonnes."""
    rows = {flow: {"raw_coal": 10, "diesel": 3} for flow in ("final_consumption", "industry")}
    inventory = ca.compile_inventory(table(tmp_path, rows), method="whitepaper-2022")
    coal = ca.compile_inventory(
        table(tmp_path, {flow: {"raw_coal": 10} for flow in rows}), method="whitepaper-2022"
    )
    assert total(inventory) == total(coal) > 0
    [found] = [finding for finding in inventory.findings if finding.rule == "left-out"]
    assert found.message.startswith(
        "30,000 t of diesel is not counted by whitepaper-2022: the white paper names"
    )
    assert "left-out" not in rules(coal)


def test_what_is_left_out_of_a_table_of_totals_is_said_with_its_cell(tmp_path):
    """A method without a factor of coal as a whole says the tonnes of each use, and not that the total holds more."""
    path = tmp_path / "t.csv"
    path.write_text(
        "某市能源消费量(2022年),,\n项目,煤炭(万吨),原油(万吨)\n消费总量,80,10\n其中:工业,60,9\n居民生活,4,1\n",
        encoding="utf-8",
    )
    found = ca.compile_inventory(path, method="whitepaper-2022").findings
    assert [
        (one.where, one.message.partition(" is ")[0]) for one in found if one.rule == "left-out"
    ] == [("t.csv!B4", "640,000 t of coal_total")]
    assert "beyond-uses" not in {one.rule for one in found}
    found = ca.compile_inventory(path, method="provincial-2011").findings
    assert [one.where for one in found if one.rule == "beyond-uses"] == ["t.csv!B3"]
