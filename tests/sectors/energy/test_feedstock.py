"""What leaves as feedstock is said in tonnes, and a method may count it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.cli.main import main
from carbonacct.errors import MethodError
from carbonacct.sectors.energy.feedstock import find_process
from tests.sectors.energy.building import table, write_table

ROWS = {
    "primary_supply": {"raw_coal": 100, "diesel": 50},
    "production": {"raw_coal": 100},
    "moved_in": {"diesel": 50},
    "transformation": {"raw_coal": -10},
    "thermal_power": {"raw_coal": -10},
    "final_consumption": {"raw_coal": 90, "diesel": 50},
    "industry": {"raw_coal": 90, "diesel": 50},
    "feedstock": {"raw_coal": 20, "diesel": 4},
}
COAL = 1.860832908  # t CO2/t of raw coal
DIESEL = 3.09590964


def of(inventory, *rules):
    """Return the findings about feedstock."""
    return [f for f in inventory.findings if f.rule in rules]


def test_what_is_deducted_is_said_by_product(tmp_path):
    """20 x 10^4 t of coal and 4 of diesel, in t of fuel and of CO2, with the processes that take them."""
    inventory = ca.compile_inventory(table(tmp_path, ROWS), method="provincial-2011")
    (found,) = of(inventory, "feedstock-taken-out", "feedstock-counted", "feedstock-missing")
    worth = 20e4 * COAL + 4e4 * DIESEL
    assert f"worth {worth:,.0f} t CO2" in found.message
    assert f"200,000 t of raw_coal ({20e4 * COAL:,.0f} t CO2; 2.B.1, 2.B.8.a)" in found.message
    assert f"40,000 t of diesel ({4e4 * DIESEL:,.0f} t CO2; 2.B.8)" in found.message
    burnt = ca.compile_inventory(
        table(tmp_path, {**ROWS, "feedstock": {"raw_coal": 0}}), method="provincial-2011"
    )
    gone = burnt.total().item() - inventory.total().item()
    assert gone.magnitude == pytest.approx(worth, rel=1e-9)


def test_only_what_was_there_is_said_to_leave(tmp_path):
    """Feedstock above use: what is deducted is the use."""
    rows = {**ROWS, "feedstock": {"diesel": 80}}
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011")
    (found,) = of(inventory, "feedstock-taken-out")
    assert f"worth {50e4 * DIESEL:,.0f} t CO2" in found.message


def test_a_balance_without_the_row_says_that_nothing_was_deducted(tmp_path):
    """A full balance alone: a table of sectors, or one that prints non-energy use apart, prints no such row."""
    rows = {flow: cells for flow, cells in ROWS.items() if flow != "feedstock"}
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011")
    (found,) = of(inventory, "feedstock-missing")
    assert found.severity == "warning"
    assert "nothing was deducted" in found.message
    apart = table(tmp_path, {**rows, "non_energy_use": {"diesel": 1}})
    assert not of(ca.compile_inventory(apart, method="provincial-2011"), "feedstock-missing")
    sectors = table(tmp_path, {"industry": rows["industry"]})
    assert not of(ca.compile_inventory(sectors, method="provincial-2011"), "feedstock-missing")


@pytest.mark.parametrize("name", ["provincial-2011", "ipcc-2006"])
def test_a_method_may_count_feedstock_of_coal(tmp_path, name):
    """Both approaches then count it, and the finding says how much."""
    balance = table(tmp_path, ROWS)
    plain = ca.load_method(name)
    counts = replace(plain, feedstock_counts=("coal_total",))
    before, after = (ca.compile_inventory(balance, method=method) for method in (plain, counts))
    assert plain.feedstock_counts == ()
    (counted,) = of(after, "feedstock-counted")
    worth = (after.total().item() - before.total().item()).magnitude
    assert f"worth {worth:,.0f} t CO2 counts as burnt: 200,000 t of raw_coal" in counted.message
    assert "raw_coal" not in of(after, "feedstock-taken-out")[0].message
    solid = [
        ca.compare_approaches(made).by_group().set_index("fuel_group").loc["solid"]
        for made in (before, after)
    ]
    for column in ("co2_reference_kt", "co2_sectoral_kt"):
        assert solid[1][column] - solid[0][column] == pytest.approx(worth / 1e3, rel=1e-9)


def test_the_option_counts_what_it_names(tmp_path, capsys):
    """Of coal alone: 20 x 10^4 t more burn, diesel still leaves; a word that is no product is refused."""
    path = str(write_table(tmp_path / "t.csv", ROWS))
    plain, counted = (
        ca.compile_inventory(path, feedstock_counts=named, method="provincial-2011")
        for named in ((), ("coal_total",))
    )
    more = (counted.total().item() - plain.total().item()).magnitude
    assert more == pytest.approx(20e4 * COAL, rel=1e-9)
    assert "diesel" in of(counted, "feedstock-taken-out")[0].message
    words = ["inventory", path, "--method", "provincial-2011", "-o", str(tmp_path / "i.json")]
    assert main([*words, "--feedstock-counts", "raw_coal", "--feedstock-counts", "diesel"]) == 0
    made = json.loads((tmp_path / "i.json").read_text(encoding="utf-8"))
    rules = {finding["rule"] for finding in made["findings"]}
    assert "feedstock-counted" in rules
    assert "feedstock-taken-out" not in rules
    assert main([*words[:-2], "--feedstock-counts", "kohlenstaub"]) == 2
    assert "product 'kohlenstaub' does not exist" in capsys.readouterr().err
    with pytest.raises(MethodError, match="feedstock_counts to load_method"):
        ca.compile_inventory(path, method=ca.load_method("ceads"), feedstock_counts=["coke"])


# Table 5-1 of the yearbook of 2020, row 用作原料、材料 (t); GJ/t of GB/T 2589-2008 and of GB/T 32151,
# t C/GJ and oxidation of the provincial guideline.
NATION_2019 = {
    "raw_coal": (108803100, 20.908, 0.0261, 0.93),
    "other_washed_coal": (17387600, 12.545, 0.02541, 0.90),
    "briquettes": (700800, 17.46, 0.0336, 0.90),
    "coke": (14747600, 28.435, 0.02942, 0.93),
    "naphtha": (55053000, 44.5, 0.0200, 0.98),
}


def test_the_nation_of_2019_by_hand(real_tables):
    """222.1 Mt of coal, 42.1 of coke, 658.8 in all."""
    path = real_tables / "china_ebt_2019" / "national_2019_physical_5-1_bilingual_3panels.xlsx"
    (found,) = of(ca.compile_inventory(path, method="provincial-2011"), "feedstock-taken-out")
    by_hand = {}
    for product, (tonnes, energy, carbon, oxidised) in NATION_2019.items():
        by_hand[product] = tonnes * energy * carbon * oxidised * 44 / 12
        assert f"{tonnes:,.0f} t of {product} ({by_hand[product]:,.0f} t CO2" in found.message
    coal = sum(by_hand[product] for product in ("raw_coal", "other_washed_coal", "briquettes"))
    assert (round(coal / 1e6, 1), round(by_hand["coke"] / 1e6, 1)) == (222.1, 42.1)
    assert "worth 658,792,269 t CO2" in found.message


def test_processes_are_categories_of_industry():
    """Coal goes to ammonia, lubricants to their use; power goes nowhere."""
    assert find_process("raw_coal")[0].startswith("2.B.1")
    assert find_process("lubricants")[0] == "2.D.1"
    assert find_process("naphtha.remainder")[0] == "2.B.8"
    assert find_process("electricity") == ("", "")
    named = {
        name for product in vocabulary.products() for name in find_process(product)[0].split(", ")
    }
    assert {name[:1] for name in named if name} == {"2"}


def test_gansu_2007_without_its_row(real_tables):
    """5.45 Mt leave Gansu as feedstock."""
    path = real_tables / "china_ebt_2007" / "6-27_Gansu_2007.xls"
    (found,) = of(ca.compile_inventory(path, method="provincial-2011"), "feedstock-taken-out")
    assert "worth 5,453,460 t CO2" in found.message
