"""Industrial processes of the provincial guideline: its own numbers, and those of worked cases."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from carbonacct.data import data_folder
from carbonacct.dim_names import dim_labels
from carbonacct.equations import arrange, choose_factors, evaluate, load_sector, redraw
from carbonacct.equations.factor_values import load_factors
from carbonacct.errors import EquationError
from carbonacct.factors.row_faults import STATUSES
from carbonacct.inventory.metrics import find_gwp
from carbonacct.units import nouns
from tests.equations.building import row, rows_of, rules_of

SECTOR = load_sector("provincial-2011/processes")

# What a compiler hands in, the source, and tonnes of gas with the guideline's factors.
WORKED = {
    "clinker, without that of carbide slag": (
        [row("clinker_output", 5.2e6), row("clinker_from_carbide_slag", 2e5)],
        "cement",
        2690000,
    ),
    "lime": ([row("lime_output", 3e5)], "lime", 204900),
    "flux, and the carbon that pig iron loses": (
        [
            row("limestone_flux", 4e5),
            row("dolomite_flux", 1e5),
            row("pig_iron_to_steel", 5e6),
            row("steel_output", 5.5e6),
        ],
        "steel",
        921053.3333333334,
    ),
    "carbide": ([row("carbide_output", 2e5)], "calcium_carbide", 230800),
    "adipic acid": ([row("adipic_acid_output", 1e4)], "adipic_acid", 2930),
    "nitric acid": ([row("nitric_acid_output", 1e5, nitric_process="中压法")], "nitric_acid", 1177),
    "magnesium": ([row("magnesium_output", 1e4, magnesium_step="原镁")], "magnesium", 4.9),
    "equipment": ([row("sf6_in_equipment", 200)], "electrical_equipment", 17.2),
    "HCFC-22": ([row("hcfc22_output", 2e4)], "hcfc22", 584),
}
UNVERIFIED = {
    "lime",
    "steel",
    "aluminium",
    "magnesium",
    "electrical_equipment",
    "semiconductors",
    "hcfc22",
}


def worked_out(*rows, allow_unverified: bool = True):
    """Return the sector worked out for one area and year."""
    data = arrange(SECTOR, rows_of(*rows, area="重庆", year=2020))
    return evaluate(SECTOR, choose_factors(SECTOR, data, allow_unverified=allow_unverified))


@pytest.mark.parametrize("case", WORKED)
def test_worked_numbers(case):
    """The guideline's equations with its factors give what is worked by hand."""
    rows, source, expected = WORKED[case]
    assert worked_out(*rows).values(source).sum() == pytest.approx(expected, rel=1e-12)


def test_gases_of_aluminium_and_semiconductors():
    """Each gas has its own factor, and its own line."""
    found = worked_out(
        row("aluminium_output", 5e5, smelter="点式下料预焙槽"),
        row("semiconductor_gas", 10, gas="CHF3"),
        row("semiconductor_gas", 4, gas="CF4"),
    )
    assert found.values("aluminium")[0, 0, 0].tolist() == pytest.approx([44.4, 5.7])
    by_gas = dict(
        zip(
            found.labels("semiconductors")["gas"], found.values("semiconductors")[0, 0], strict=True
        )
    )
    assert by_gas["HFC23"] == pytest.approx(2.095)
    assert by_gas["CF4"] == pytest.approx(1.7424)
    assert found.notation("semiconductors")[0, 0].tolist() == ["", "", "NO", "NO"]


def test_unverified_factors_are_never_silent():
    """Without leave an entry has no number and names the row; with leave each row is named."""
    rows = [one for case in WORKED.values() for one in case[0]]
    rows += [row("aluminium_output", 1, smelter="pfpb"), row("semiconductor_gas", 1, gas="SF6")]
    rows += [row("hfc_output", 1, gas="HFC-32")]
    found = worked_out(*rows, allow_unverified=False)
    gone = {
        name
        for name, block in found.blocks.items()
        if block.block.is_source and np.isnan(found.values(name)).all()
    }
    assert gone == UNVERIFIED
    assert rules_of(found).count("factor-missing") == len(UNVERIFIED)
    assert "which could not be checked; state lime_factor with its source" in "\n".join(
        map(str, found.findings)
    )
    found = worked_out(*rows)
    assert rules_of(found).count("unverified-factor") == 8
    assert not np.isnan(found.values("steel")).any()


def test_cement_alone_is_estimated_and_clinker_above_it_is_found():
    """Clinker is estimated from cement by a stated ratio; more of it than cement is found."""
    found = worked_out(row("cement_output", 1e6), row("clinker_ratio", 0.54))
    assert found.values("cement")[0, 0] == pytest.approx(290520)
    assert "estimated-from" in rules_of(found)
    found = worked_out(row("cement_output", 1e6), row("clinker_output", 1.2e6))
    assert found.values("cement")[0, 0] == pytest.approx(645600)
    assert next((one.rule, one.severity) for one in found.findings) == ("equation-check", "warning")
    found = worked_out(row("clinker_output", 1e6), row("clinker_from_carbide_slag", 2e6))
    assert found.notation("cement")[0, 0] == "NE"
    assert "error" in {one.severity for one in found.findings}


def test_a_process_that_the_table_does_not_have():
    """A label that is none is named with those that are."""
    with pytest.raises(
        EquationError, match="'电解法' is no nitric_process; known: high_pressure, "
    ):
        worked_out(row("nitric_acid_output", 1, nitric_process="电解法"))


def test_factor_rows_as_they_ship():
    """Every parameter has a table or says why not; statuses are those of the evidence."""
    without = [
        name
        for name, about in SECTOR.parameters.items()
        if not any(edition.rows.get(about.file) for edition in load_factors(SECTOR, about))
    ]
    assert without == ["clinker_ratio"]  # the guideline prints none
    counts = dict.fromkeys(STATUSES, 0)
    for path in sorted((data_folder() / "provincial-2011" / "processes").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for one in csv.DictReader(stream):
                counts[one["status"]] += 1
    assert counts == {"corroborated": 4, "single": 10, "derived": 1, "erratum": 0, "unverified": 14}


def test_gases_and_labels_fit_each_other():
    """Every gas is a label and has a potential by the metrics since the fourth report."""
    gases = [noun for noun, kind in nouns().items() if kind == "gas"]
    assert sorted(gases) == sorted(dim_labels("gas"))
    for gas in gases:
        assert all(
            find_gwp(metric, gas)
            for metric in ("AR4GWP100", "AR5GWP100", "AR6GWP100")
            if gas != "CH4"
        )


def test_rows_are_drawn_once():
    """A row that serves several cells has one draw in all of them."""
    rows = [row("lime_output", 100, area=area, year=2020) for area in ("甲", "乙")]
    data = choose_factors(SECTOR, arrange(SECTOR, rows_of(*rows)), allow_unverified=True)
    found = evaluate(SECTOR, data)
    drawn = redraw(found, {"lime_factor": np.array([[0.6], [0.7]])})
    assert drawn["lime"].squeeze().tolist() == [[60, 60], [70, 70]]
    assert np.isnan(drawn["cement"]).all()
    with pytest.raises(EquationError, match="3 values for 1 rows"):
        redraw(found, {"lime_factor": np.ones(3)})


def test_findings_name_what_they_speak_of_in_chinese():
    """In Chinese the name of an activity or source precedes its id and a rule names its terms.

    English has the ids alone.
    """
    sector = load_sector("provincial-2011/processes")
    called, spelt = (
        sector.called("clinker_from_carbide_slag"),
        sector.spell("clinker_from_carbide_slag <= clinker_output"),
    )
    assert (str(called), called.zh) == (
        "clinker_from_carbide_slag",
        "电石渣生产的熟料产量（clinker_from_carbide_slag）",
    )
    assert spelt.zh == "电石渣生产的熟料产量 <= 水泥熟料产量"
