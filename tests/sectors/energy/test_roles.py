"""What the rows of a table are to a method, and how methods extend a common file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import find_flow_tree
from carbonacct.errors import FactorDataError
from carbonacct.factors import load_method, method_ids
from carbonacct.sectors.energy.roles import find_transformed
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import balance_of

INVENTORIES = [name for name in method_ids() if load_method(name).kind == "inventory"]
# Rows of a combustion category that do not burn: feedstock is taken out of industry, and
# international flights are a memo item.
NOT_BURNT = {"feedstock": "feedstock", "transport.international_aviation": "memo"}
every_method = pytest.mark.parametrize("method", INVENTORIES)


def compile_rows(method="provincial-2011", **numbers):
    """Return the inventory of raw coal in some rows, in t; `__` in a name is a dot."""
    cells = [(flow.replace("__", "."), float(number)) for flow, number in numbers.items()]
    frame = pd.DataFrame(cells, columns=["flow", "value"])
    frame = frame.assign(area="A", year=2019, product="raw_coal")
    return ca.compile_inventory(frame, method=method)


@every_method
def test_what_has_a_combustion_category_burns(method):
    """Over the whole vocabulary, but the rows that are named here."""
    chosen = load_method(method)
    others = {
        flow.id: chosen.role(flow.id)
        for flow in vocabulary.flows().values()
        if flow.category.startswith("1.A")
        and chosen.role(flow.id) != "combustion"
        and vocabulary.base_of(flow.id) == flow.id
    }
    assert others == NOT_BURNT


@every_method
def test_every_row_has_a_role(method):
    """A number in any row of the vocabulary counts, or is left out with a reason."""
    chosen = load_method(method)
    assert [flow for flow in vocabulary.flows() if not chosen.role(flow)] == []


@every_method
def test_a_remainder_has_the_role_of_its_parent(method):
    """What is left of industry burns as industry does; of transformation it passes on."""
    chosen = load_method(method)
    for flow in vocabulary.flows():
        assert chosen.role(flow) == chosen.role(vocabulary.base_of(flow))


@every_method
def test_what_burns_without_a_category_is_output_of_plants(method):
    """Outputs of power and heat plants stand in rows that burn, and no fuel comes out of them."""
    chosen = load_method(method)
    odd = {
        flow.id.removesuffix(vocabulary.REMAINDER)
        for flow in vocabulary.flows().values()
        if chosen.role(flow.id) == "combustion" and not flow.category.startswith("1.A")
    }
    plants = ["thermal_power", "chp", "heating"]
    plants += ["industrial_power", "industrial_chp", "industrial_heating"]
    assert odd == {f"{plant}.output" for plant in plants}


def test_power_plants_of_industry_burn():
    """Bremen: what they take in is in no row of final consumption."""
    inventory = compile_rows(
        thermal_power=-1_000, industrial_power=-12_000, final_consumption=500, industry=500
    )
    burnt = inventory.emissions.sel(flow="industrial_power").sum().item()
    assert burnt / float(np.nansum(inventory.emissions.values)) == pytest.approx(12_000 / 13_500)


@pytest.mark.parametrize("severe", ["energy_own_use", "households"])
def test_a_number_without_a_role_is_an_error(severe):
    """A method that forgot a row says which numbers count nowhere, and that is no memo item."""
    method = load_method("provincial-2011")
    roles = {flow: role for flow, role in method.roles.items() if flow != "energy_own_use"}
    if severe == "households":
        roles |= {"industry": "combustion"}
        del roles["final_consumption"]
    forgetful = replace(method, id="forgetful", roles=roles)
    inventory = compile_rows(forgetful, **{severe: 300, "industry": 700})
    (found,) = [each for each in inventory.findings if each.rule == "no-role"]
    assert found.severity == "error"
    assert found.message.startswith(
        f"1 numbers of {severe} count nowhere: forgetful gives the flow"
    )
    assert [(gap.flow, gap.amount) for gap in found.gaps] == [(severe, 300)]


def test_zeros_without_a_role_are_no_error():
    """Nothing counts nowhere."""
    method = load_method("provincial-2011")
    roles = {flow: role for flow, role in method.roles.items() if flow != "energy_own_use"}
    inventory = compile_rows(replace(method, roles=roles), energy_own_use=0, industry=700)
    assert "no-role" not in {finding.rule for finding in inventory.findings}


def test_an_assumed_role_is_said():
    """Own use and losses as one row: it burns, with a warning."""
    inventory = compile_rows(own_use_and_losses=300, industry=700)
    (found,) = [each for each in inventory.findings if each.rule == "role-assumed"]
    assert (found.severity, found.gaps[0].amount) == ("warning", 300)
    assert float(np.nansum(inventory.activity)) == 1000


def test_parts_of_a_table_of_its_own_take_the_role_of_their_row():
    """A branch that the table prints below own use burns there."""
    frame = pd.DataFrame({"flow": ["losses", "fisheries"], "value": [10.0, 5.0]})
    balance = ca.make_balance(frame.assign(area="A", year=2019, product="raw_coal"))
    own = replace(balance, parents={"fisheries": "losses"})
    assert load_method("provincial-2011").role("fisheries", own.parents) == "loss"
    assert find_flow_tree(own).parts == {own.flows.index("losses"): (own.flows.index("fisheries"),)}


# Methods that extend a file


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder, the present one, in which a test may write methods."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


OWN = """extends = "guideline"
title = "A method of a test"
reference = "none"
editions = ["provincial-2011"]

[chains]
CO2 = [["net_calorific_value", "carbon_content", "oxidation_factor", "carbon_to_co2"]]
"""


def load(folder, text):
    """Return a method of such a text."""
    (folder / "own.toml").write_text(OWN + text, encoding="utf-8")
    return load_method("own.toml")


def test_what_a_method_says_lies_over_what_it_extends(folder):
    """A role by its flow, a substitute by its product; lists one after the other."""
    method = load(
        folder,
        """
[roles]
losses = "combustion"

[[substitute]]
product = "lng"
use = "lpg"
reason = "a test"

[[exclude]]
products = ["gangue"]
reason = "a test"
""",
    )
    base = load_method("provincial-2011")
    assert method.role("losses") == "combustion"
    assert method.role("industry") == "combustion"
    assert method.substitutes["lng"].use == "lpg"
    assert method.substitutes["coal_total"].use == base.substitutes["coal_total"].use
    assert method.exclusions[0].products == ("gangue",)
    assert method.exclusions[1:] == base.exclusions
    assert (method.pool, method.imported_energy) == (base.pool, base.imported_energy)


FAULTS = {
    "an unknown file": (
        'extends = "energy"\n',
        "extends 'energy', not one of ceads, energy-balance, ",
    ),
    "an unknown role": ('[roles]\nlosses = "burning"\n', "role 'burning' of losses is not one of"),
    "an unknown flow": ('[roles]\nindustrie = "memo"\n', "flow 'industrie' does not exist"),
    "a substitute without a reason": (
        '[[substitute]]\nproduct = "lng"\nuse = "lpg"\n',
        "substitute without reason",
    ),
    "a substitute without a product": (
        '[[substitute]]\nuse = "lpg"\nreason = "a test"\n',
        "substitute without product",
    ),
    "an assumption about a row that does not burn": (
        '[assumed]\nlosses = "a test"\n',
        "assumed names losses, whose role is not combustion",
    ),
    "a pool that counts something else": (
        '[carbon_pool]\ncount = "coke"\nreason = "a test"\ngases = ["converter_gas"]\n',
        "carbon_pool counts 'coke', not one of gas, fuel, both",
    ),
}


@pytest.mark.parametrize(("text", "fault"), FAULTS.values(), ids=FAULTS)
def test_faults_are_named_with_the_file(folder, text, fault):
    """What a method's file gets wrong is said of that file."""
    if text.startswith("extends"):
        text = OWN.replace('extends = "guideline"\n', text)
        (folder / "own.toml").write_text(text, encoding="utf-8")
        text = ""
        with pytest.raises(FactorDataError, match=r"^own\.toml: ") as refused:
            load_method("own.toml")
    else:
        with pytest.raises(FactorDataError, match=r"^own\.toml: ") as refused:
            load(folder, text)
    assert fault in str(refused.value)


@pytest.mark.parametrize("printed", [0, 5])
def test_a_plant_that_takes_nothing_in_burns_nothing(tmp_path, printed):
    """A zero stays zero, and what comes out of a plant is no fuel that it burns."""
    rows = {
        "thermal_power": {"raw_coal": printed, "diesel": -1},
        "industry": {"raw_coal": 5, "diesel": 1},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011")
    assert inventory.activity[0, 0].tolist() == [[0, 1e4], [5e4, 1e4]]


def test_inputs_that_the_use_for_production_holds_are_counted_alone():
    """Of coal, which enterprises use for production; not the crude of a refinery that prints no such use."""
    cells = [
        ("industry.production_use", "raw_coal", 49.0),
        ("thermal_power", "raw_coal", -40.0),
        ("heating", "raw_coal", -5.0),
        ("thermal_power", "diesel", -3.0),
        ("refining", "crude_oil", -8.0),
    ]
    frame = pd.DataFrame(cells, columns=["flow", "product", "value"]).assign(
        area="A", year=2019, unit="t"
    )
    found = ca.compile_inventory(frame, method="provincial-2011").findings
    (said,) = (one for one in found if one.rule == "inputs-within-use")
    assert said.message.startswith("2 inputs to transformation are not counted")
    whole = ca.compile_inventory(
        frame[frame["product"] != "raw_coal"], method="provincial-2011"
    ).findings
    assert "inputs-within-use" not in {one.rule for one in whole}


@pytest.mark.parametrize(
    ("flow", "is_left_out"),
    [
        ("industry", True),
        ("secondary_industry", True),
        ("industry.petroleum_coking", True),
        ("industry.oil_refining", True),  # a branch of that branch
        (
            "industry.chemicals",
            False,
        ),  # industry speaks of its own row alone, not of other branches
        ("industry.textile", False),
        ("transport", False),
    ],
)
def test_what_plants_take_in_is_of_the_row_or_of_the_branch_and_its_own(flow, is_left_out):
    """Crude oil in a table of users: refineries make products of it; other fuels of the row burn."""
    balance = balance_of({flow: {"crude_oil": 3, "diesel": 2}})
    found = find_transformed(balance, load_method("provincial-2011"))[0, 0, 0]
    assert dict(zip(balance.products, found.tolist(), strict=True)) == {
        "crude_oil": is_left_out,
        "diesel": False,
    }
