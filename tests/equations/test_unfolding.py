"""An entry opens down to cells and factor rows."""

from __future__ import annotations

import pytest

from carbonacct.equations import arrange, choose_factors, evaluate, load_sector, unfold
from carbonacct.errors import EquationError
from tests.equations.building import FOREST, LANDFILL, evaluate_rows, row, rows_of, sector_of


def test_a_quantity_opens_into_its_own_block():
    """What sources share is a step of the trace, with its lines below it."""
    sector = load_sector("provincial-2011/processes")
    rows = rows_of(
        row("limestone_flux", 40, unit="万吨", place="a.xlsx!S!C3"),
        row("dolomite_flux", 10, unit="万吨", place="a.xlsx!S!C4"),
        row("pig_iron_to_steel", 500, unit="万吨", place="a.xlsx!S!C5"),
        row("steel_output", 550, unit="万吨", place="a.xlsx!S!C6"),
        row("steel_carbon", 0.00248, place="a.xlsx!S!C7"),
        area="唐山",
        year=2020,
    )
    evaluation = evaluate(sector, choose_factors(sector, arrange(sector, rows)))
    text = str(unfold(evaluation, "steel", "唐山", 2020))
    table = "provincial-2011/processes"
    assert text.splitlines() == [
        "steel = flux + pig_iron_carbon_lost * carbon_to_co2 = 921053.333333333 t CO2",
        (
            "  flux = limestone_flux * limestone_factor + dolomite_flux * dolomite_factor"
            " = 219400 t CO2"
        ),
        "    limestone_flux = 400000 t limestone (a.xlsx!S!C3)",
        f"    limestone_factor = 0.43 t CO2/(t limestone) ({table}/limestone_factor.csv:2)",
        "    dolomite_flux = 100000 t dolomite (a.xlsx!S!C4)",
        f"    dolomite_factor = 0.474 t CO2/(t dolomite) ({table}/dolomite_factor.csv:2)",
        (
            "  pig_iron_carbon_lost = pig_iron_to_steel * pig_iron_carbon"
            " - steel_output * steel_carbon = 191360 t C"
        ),
        "    pig_iron_to_steel = 5000000 t pig_iron (a.xlsx!S!C5)",
        f"    pig_iron_carbon = 0.041 t C/(t pig_iron) ({table}/pig_iron_carbon.csv:2)",
        "    steel_output = 5500000 t steel (a.xlsx!S!C6)",
        "    steel_carbon = 0.00248 t C/(t steel) (a.xlsx!S!C7)",
        "  carbon_to_co2 = 3.66666666666667 t CO2/(t C) (ipcc-2006/carbon_to_co2.csv:2)",
    ]


def test_gases_and_labels():
    """An entry of one gas and one label shows the factor of both."""
    sector = load_sector("provincial-2011/processes")
    rows = rows_of(row("aluminium_output", 5e5, smelter="PFPB"), area="重庆", year=2020)
    data = choose_factors(sector, arrange(sector, rows), allow_unverified=True)
    step = unfold(evaluate(sector, data), "aluminium", "重庆", 2020, smelter="pfpb", gas="C2F6")
    assert str(step).splitlines() == [
        "aluminium[pfpb, C2F6] = aluminium_output * aluminium_factor * 0.001 = 5.7 t C2F6",
        "  aluminium_output[pfpb] = 500000 t aluminium",
        (
            "  aluminium_factor[C2F6, pfpb] = 0.0114 kg C2F6/(t aluminium)"
            " (provincial-2011/processes/aluminium_factor.csv:3)"
        ),
    ]


def test_only_what_served():
    """The second choice of first is shown where it served, and the first where that did."""
    sector = load_sector("provincial-2011/processes")
    rows = rows_of(
        row("clinker_output", 100, area="甲"),
        row("cement_output", 200, area="乙"),
        row("clinker_ratio", 0.6),
        year=2020,
    )
    evaluation = evaluate(sector, choose_factors(sector, arrange(sector, rows)))
    shown = [
        [part.name for part in unfold(evaluation, "cement", area, 2020).parts[0].parts]
        for area in "甲乙"
    ]
    assert shown == [["clinker_output"], ["cement_output", "clinker_ratio"]]


def test_the_year_before():
    """What looks back shows the year before; before the first year, what the line starts with."""
    rows = [
        *(
            row("deposited", 1000, kind="msw", year=year, place=f"a.csv:{year}")
            for year in (2010, 2011)
        ),
        row("carbon", 0.1, kind="msw"),
        row("decay", 0.1, kind="msw"),
        row("to_methane", 0.5),
        row("oxidised", 0),
    ]
    evaluation = evaluate_rows(sector_of(LANDFILL), *rows)
    text = str(unfold(evaluation, "landfill", "", 2011))
    assert "stock[msw, 2010] = 100 t C" in text
    first = unfold(evaluation, "landfill", "", 2010)
    assert first.parts[0].parts[0].value == 0
    assert "recovered = 0 t CH4" in text


def test_surveys_and_sums():
    """A change between surveys shows the years it looked at, a sum its parts."""
    rows = [
        *(
            row("volume", value, species="pine", year=year)
            for year, value in ((2010, 100), (2015, 200))
        ),
        row("density", 1, species="pine"),
        row("carbon_in_wood", 1),
        row("carbon_to_co2", 1),
    ]
    evaluation = evaluate_rows(sector_of(FOREST), *rows)
    step = unfold(evaluation, "stock_change", "", 2015)
    assert [part.value for part in step.parts if part.name == "volume"] == [100, 200]


def test_entries_that_are_not_there():
    """An entry that does not exist is named with near ones; one without a number shows its key."""
    sector = load_sector("provincial-2011/processes")
    evaluation = evaluate(
        sector, arrange(sector, rows_of(row("lime_output", 1, area="甲", year=2020)))
    )
    step = unfold(evaluation, "lime", "甲", 2020)
    assert step.notation == "NE"
    assert "lime_factor = NE" in str(step)
    with pytest.raises(EquationError, match="lime has no area '乙'"):
        unfold(evaluation, "lime", "乙", 2020)
    with pytest.raises(EquationError, match="lime has no beast; its labels: area, year"):
        unfold(evaluation, "lime", "甲", 2020, beast="cow")
