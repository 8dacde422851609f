"""An area's energy total in coal equivalent by a named definition."""

from __future__ import annotations

import csv
import io
import math

import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import MethodError, TableError
from carbonacct.sectors.energy.energy_total import list_definitions, total_energy
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import balance_of, panel_of

ROWS = {
    "recovery": {"other_energy": 2},
    "moved_in": {"electricity": 10},
    "thermal_power": {"raw_coal": -120, "electricity": 25},
    "heating": {"raw_coal": -10, "heat": 1000},
    "losses": {"electricity": 1},
    "final_consumption": {"raw_coal": 50, "electricity": 34, "heat": 900, "other_energy": 1},
    "industry": {"raw_coal": 40, "electricity": 20, "heat": 900, "other_energy": 1},
    "households_urban": {"raw_coal": 10, "electricity": 14},
}
# 10^4 tce per 10^4 t and 10^8 kWh, GB/T 2589-2020; per 10^10 kJ, the yearbook's tables
COAL, POWER, HEAT = 0.7143, 1.229, 0.0341


def total(frame):
    """Return the total of one area and year in 10^4 tce."""
    return frame.set_index("term").loc["total", "value"] / 1e4


@pytest.mark.parametrize(
    ("definition", "power", "recovered"),
    [
        ("calorific", POWER, 2.0),
        ("calorific-gross", POWER, 0.0),
        ("equivalent", 120 * COAL / 25, 2.0),
        ("equivalent-gross", 120 * COAL / 25, 0.0),
    ],
)
def test_a_total_by_hand(tmp_path, definition, power, recovered):
    """Final consumption, losses, transformation losses, electricity at the rate of the definition.

    Recovered energy is taken off or not.
    """
    frame, findings = total_energy(table(tmp_path, ROWS), definition=definition)
    final = 50 * COAL + 34 * power + 900 * HEAT + 1
    transformation = 130 * COAL - 25 * power - 1000 * HEAT
    terms = frame.set_index("term")["value"] / 1e4
    assert terms["final_consumption"] == pytest.approx(final, rel=1e-4)
    assert terms["transformation_losses"] == pytest.approx(transformation, rel=1e-4)
    assert total(frame) == pytest.approx(final + power + transformation - recovered, rel=1e-4)
    assert set(frame["definition"]) == {definition}
    assert [one for one in findings if one.rule == "power-rate"] == (
        []
        if definition.startswith("calorific")
        else [one for one in findings if "0.3429 kgce/kWh" in one.message]
    )


def test_a_stated_rate_moves_what_comes_from_outside_alone(tmp_path):
    """Final consumption and losses less plants' output are the 10 moved in: the rate changes those alone."""
    low, high = (
        total(total_energy(table(tmp_path, ROWS), definition="equivalent", power_rate=rate)[0])
        for rate in (0.30, 0.31)
    )
    assert high - low == pytest.approx(10 * 0.1, rel=1e-9)


def test_chongqing_by_its_calorific_value_is_the_total_of_the_index():
    """One number by two ways: 4,264.3 x 10^4 tce, as an index takes it from the same balance."""
    frame, _ = total_energy(
        ca.read_balance("docs/tables/chongqing_2007.csv"),
        definition="calorific",
        method="yearbook-2008",
    )
    assert round(total(frame), 1) == 4264.3


def test_what_cannot_be_said_is_refused(tmp_path):
    """A definition, a rate or a table that does not do is one line."""
    balance = table(tmp_path, ROWS)
    with pytest.raises(MethodError, match="no definition 'equivalen'; did you mean equivalent"):
        total_energy(balance, definition="equivalen")
    with pytest.raises(MethodError, match=r"power rate 300 kgce/kWh, expected from 0\.2 to 0\.5"):
        total_energy(balance, definition="equivalent", power_rate=300)
    with pytest.raises(TableError, match="prints no total consumption in coal equivalent"):
        total_energy(balance, definition="printed")
    with pytest.raises(TableError, match="no thermal power that tells the coal of a kWh"):
        total_energy(
            table(tmp_path, {**ROWS, "thermal_power": {"raw_coal": "", "electricity": ""}}),
            definition="equivalent",
        )
    with pytest.raises(TableError, match="the table has no final consumption"):
        total_energy(table(tmp_path, {"industry": {"raw_coal": 1}}), definition="calorific")


def test_the_printed_total_is_the_printed_number(tmp_path):
    """A table in coal equivalent prints it: nothing is computed."""
    path = tmp_path / "t.csv"
    path.write_text(
        "重庆能源平衡表(标准量)-2021\n项目,能源合计(万吨标准煤),原煤(万吨标准煤)\n终端消费量,90,90\n工业,90,90\n消费量合计,100,95\n",
        encoding="utf-8",
    )
    frame, _ = total_energy(ca.read_balance(path), definition="printed")
    assert total(frame) == pytest.approx(100)


TCE = {
    "raw_coal": "万吨标准煤",
    "diesel": "万吨标准煤",
    "electricity": "万吨标准煤",
    "coal_total": "万吨标准煤",
}


def printed(rows, units=TCE):
    """Return the total of a made-up table by what it prints, 10^4 tce."""
    frame, findings = total_energy(balance_of(rows, units=units), definition="printed")
    assert findings == []
    return total(frame)


def test_a_printed_total_without_a_column_of_all_energy_is_the_sum_of_its_fuels():
    """Each fuel once: a total of coal adds nothing beside its kinds, and alone it is refused."""
    rows = {
        "total_consumption": {"raw_coal": 60, "diesel": 30, "electricity": 5},
        "industry": {"raw_coal": 60},
    }
    assert printed(rows) == pytest.approx(95)
    for units in (TCE | {"diesel": "万吨"}, TCE | {"electricity": "亿千瓦小时"}):
        with pytest.raises(TableError, match="only a part of the columns is in coal equivalent"):
            printed(rows, units)
    with pytest.raises(TableError, match="only a part of the columns is in coal equivalent"):
        printed(
            {"total_consumption": {"raw_coal": 60, "coal_total": 60}, "industry": {"raw_coal": 60}}
        )
    with pytest.raises(TableError, match="prints no total consumption in coal equivalent"):
        printed({"industry": {"raw_coal": 60}})
    with pytest.raises(MethodError, match="calorific values do not change what a table prints"):
        total_energy(balance_of(rows, units=TCE), definition="printed", calorific_values="tables")


def test_the_terms_of_a_panel_are_of_their_area_and_year():
    """A net exporter has negative losses of transformation; each total is the sum of its terms."""
    tables = {
        ("重庆", 2020): ROWS,
        ("四川", 2021): {"final_consumption": {"raw_coal": 7}, "industry": {"raw_coal": 7}},
    }
    frame, _ = total_energy(panel_of(tables), definition="calorific")
    for _, part in frame.groupby(["area", "year"]):
        terms = part.set_index("term")["value"]
        assert terms["total"] == pytest.approx(terms.drop("total").sum())
    sichuan = (
        frame[(frame["area"] == "四川") & (frame["year"] == 2021)].set_index("term")["value"] / 1e4
    )
    assert sichuan["total"] == pytest.approx(7 * COAL, rel=1e-4)
    assert sichuan[["losses", "transformation_losses", "recovered"]].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("rate", "is_refused"), [(0.199, True), (0.2, False), (0.3, False), (0.5, False), (0.501, True)]
)
def test_a_rate_is_one_of_power_plants(rate, is_refused):
    """0.2 to 0.5 kgce/kWh, stated or that of the table's own plants."""
    # 10^4 t that make 25 x 10^8 kWh at the rate, and a little towards the middle: the coefficient has its own digits.
    coal = rate * 25 * 10 / COAL * (1 + 1e-4 * (1 if rate < 0.3 else -1))
    own = balance_of(ROWS | {"thermal_power": {"raw_coal": -coal, "electricity": 25}})
    if is_refused:
        with pytest.raises(MethodError, match=r"expected from 0\.2 to 0\.5"):
            total_energy(balance_of(ROWS), definition="equivalent", power_rate=rate)
        with pytest.raises(
            TableError, match=r"no rate of power plants \(0\.2 to 0\.5\); give --power-rate"
        ):
            total_energy(own, definition="equivalent")
        return
    assert len(total_energy(balance_of(ROWS), definition="equivalent", power_rate=rate)[0])
    (said,) = [
        one for one in total_energy(own, definition="equivalent")[1] if one.rule == "power-rate"
    ]
    shown = float(said.message.partition(" counts at ")[2].partition(" kgce/kWh")[0])
    assert shown == pytest.approx(rate, rel=1e-3)


def test_electricity_in_coal_equivalent_has_no_other_rate():
    """At which one it was turned the table does not say; at its calorific value it stays as printed."""
    rows = {
        "final_consumption": {"raw_coal": 5, "electricity": 2},
        "industry": {"raw_coal": 5, "electricity": 2},
    }
    balance = balance_of(rows, units={"electricity": "万吨标准煤"})
    with pytest.raises(
        TableError,
        match="electricity is printed in coal equivalent at a rate that the table does not say",
    ):
        total_energy(balance, definition="equivalent", power_rate=0.3)
    assert total(total_energy(balance, definition="calorific")[0]) == pytest.approx(
        5 * COAL + 2, rel=1e-4
    )
    assert total(
        total_energy(balance_of({"final_consumption": {"raw_coal": 5}}), definition="equivalent")[0]
    ) == pytest.approx(5 * COAL, rel=1e-4)


def test_the_command_names_the_definition(tmp_path, capsys):
    """All definitions one after another, each row with its name; what the table cannot give is left out."""
    table(tmp_path, ROWS)
    assert main(["energy-total", str(tmp_path / "table.csv"), "--definition", "all"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(dict.fromkeys(row["definition"] for row in rows)) == [
        name for name in list_definitions() if name != "printed"
    ]
    assert main(["energy-total", str(tmp_path / "table.csv"), "--definition", "printed"]) == 2


SEVERAL = """年份,项目,原煤(万吨),电力(亿千瓦小时)
2019,终端消费量,{},{}
2019,损失量,,1
2020,终端消费量,100,10
2020,损失量,,1
"""


def test_a_year_without_final_consumption_has_no_total(tmp_path):
    """Its losses alone are no energy consumption; the other year of the table has its own, by hand."""
    place = tmp_path / "table.csv"
    place.write_text("重庆能源平衡表(实物量)\n" + SEVERAL.format("", ""), encoding="utf-8")
    frame, findings = total_energy(ca.read_balance(place), definition="calorific")
    totals = frame[frame["term"] == "total"].set_index("year")["value"]
    assert math.isnan(totals[2019])
    assert totals[2020] == pytest.approx(1e4 * (100 * COAL + 11 * POWER))
    (said,) = [one.message for one in findings if one.rule == "absent"]
    assert said == "重庆 2019: the table has no final consumption, and a total of energy needs it"


def test_nothing_taken_away_is_a_plain_zero():
    """No minus stands before a zero: a total of nothing is 0.0 in a file."""
    balance = balance_of({"final_consumption": {"raw_coal": 0}, "moved_out": {"raw_coal": -0.0}})
    for definition in ("calorific", "equivalent"):
        frame, _ = total_energy(balance, definition=definition)
        assert [repr(value) for value in frame["value"]] == ["0.0"] * len(frame)
