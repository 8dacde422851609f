"""Headings between rows: the unit and the flow that they give to the rows below them, or that those are shares."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.balances.path.stub import Stub
from carbonacct.balances.words.mapping import Mapping
from carbonacct.errors import CarbonacctError, ChecksFailedError, TableError, UnitError

TITLE = "Energy balance of Estonia 2019"
PLAIN = ("Item,Coal (PJ),Natural gas (PJ)", "Industry,1,2", "Households,3,4")


def read(tmp_path, *lines, **options):
    """Read a table of some lines below its title."""
    path = tmp_path / "table.csv"
    path.write_text("\n".join([TITLE, *lines]) + "\n", encoding="utf-8")
    return ca.read_balance(path, **options)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            ("Item,Coal,Natural gas", "Energy use (PJ),,", *PLAIN[1:]), id="one heading for all"
        ),
        pytest.param(
            (
                "Item,Coal,Natural gas",
                "Energy use (PJ),,",
                PLAIN[1],
                "Energy use at home (TJ),,",
                "Households,3000,4000",
            ),
            id="a heading of its own for each",
        ),
        pytest.param(
            (
                "Item,Coal,Natural gas",
                "Energy use (PJ),,",
                *PLAIN[1:],
                "Shares (%),,",
                "Industry,10,20",
                "Households,9,8",
            ),
            id="shares below",
        ),
        pytest.param((*PLAIN[:2], "Share of industry (%),10,20", PLAIN[2]), id="a row of shares"),
        pytest.param(
            (
                "Item,Unit,Coal,Natural gas",
                "Industry,PJ,1,2",
                "Industry,%,10,20",
                "Households,PJ,3,4",
            ),
            id="a unit of shares",
        ),
        pytest.param(
            (
                "Item,Unit,Coal,Natural gas",
                "Industry,PJ,1,2",
                "Industry,persons,10,20",
                "Households,PJ,3,4",
            ),
            id="a unit of people",
        ),
    ],
)
def test_amounts_are_those_of_the_plain_table(tmp_path, lines):
    """A heading of a unit holds for the rows below it, one of shares says that they are none of the balance."""
    plain, headed = read(tmp_path, *PLAIN), read(tmp_path, *lines)
    assert headed.units == plain.units
    assert (headed.flows, headed.products) == (plain.flows, plain.products)
    assert np.array_equal(headed.amounts.values, plain.amounts.values)
    has_shares = any(word in line for line in lines for word in ("%", "persons"))
    assert any(one.rule == "left-out" for one in headed.findings) is has_shares


@pytest.mark.parametrize("more", [(), ("Foo,5,6",)], ids=["alone", "with a row that is not known"])
def test_shares_alone_are_refused(tmp_path, more):
    """No number is an amount: the table is refused, and it says which cells it left out."""
    with pytest.raises(
        CarbonacctError,
        match=r"table.csv: the table holds no amounts: .* are left out: B4:C. \(10\)",
    ):
        read(tmp_path, "Item,Coal,Natural gas", "Shares (%),,", "Industry,10,20", *more)


def test_a_heading_that_names_a_flow_gives_no_unit(tmp_path):
    """Its unit is that of its own numbers: rows below it keep that of the heading above, or have none."""
    with pytest.raises(UnitError, match="coal_total has no unit"):
        read(tmp_path, "Item,Coal,Natural gas", "Industry (PJ),,", "Services,1,2", "Households,3,4")
    headings = ("Energy use (PJ),,", "Industry (TJ),,")
    balance = read(tmp_path, "Item,Coal,Natural gas", *headings, "Services,1,2", "Households,3,4")
    assert balance.amounts.sel(flow="households").values.ravel().tolist() == [3e6, 4e6]


def test_one_label_of_a_heading_is_enough_to_say_shares(tmp_path):
    """Beside a label that names nothing; beside one that names a flow nothing is taken for shares unseen."""
    rows = ("Industry,Coal,1", "Households,Coal,3")
    shares = ("Industry,Coal,20", "Households,Coal,80")
    balance = read(
        tmp_path, "Item,Fuel,2019", "Energy use (PJ),,", *rows, "Energy use,Shares (%),", *shares
    )
    assert balance.amounts.values.ravel().tolist() == [1e6, 3e6]
    with pytest.raises(TableError, match=r"is 20 PJ here and 1 PJ"):
        read(
            tmp_path, "Item,Fuel,2019", "Energy use (PJ),,", *rows, "Industry,Shares (%),", *shares
        )


def test_strict_refuses_errors_beside_notes(tmp_path):
    """One error among the findings is enough, and it alone is told; notes alone pass."""
    lines = ("Item,Coal (PJ),Natural gas (PJ)", "Industry,1,2", "Share of industry (%),10,20")
    assert [one.severity for one in read(tmp_path, *lines, strict=True).findings] == ["info"]
    with pytest.raises(ChecksFailedError) as caught:
        read(tmp_path, *lines, "Households,3,x4", strict=True)
    assert [one.rule for one in caught.value.findings] == ["unreadable-number"]


def test_a_line_above_the_header_that_names_areas_is_no_header(tmp_path):
    """City and a name say where the table is; 城市 is urban households elsewhere."""
    path = tmp_path / "table.csv"
    path.write_text(
        "能源消费量 2018\n城市,甲\n项目,原煤(吨),焦炭(吨)\n工业,1,2\n居民生活,3,4\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(path)
    assert (balance.flows, balance.products) == (["industry", "households"], ["raw_coal", "coke"])
    assert balance.amounts.values.ravel().tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("row", "is_unclear"),
    [
        (("Industry", "Coal", "PJ"), False),
        (("", "Coal", "PJ"), False),
        (("Industry", "", ""), False),
        (("", "", "PJ"), True),
        (("Industry", "By fuel", "PJ"), True),
        (("Coal", "Industry", "PJ"), True),
        (("工业 Foo", "Coal", "PJ"), True),
        (("Industry", "Coal (%)", "PJ"), True),
        (("Industry", "Coal", "%"), True),
        (("Industry", "Coal", 5), False),
    ],
)
def test_what_a_row_is_by_its_labels_alone(row, is_unclear):
    """Each label that is there names what its column holds, and no unit is of shares."""
    kinds = ("label", "product", "unit")
    each = [SimpleNamespace(kind=kind) for kind in kinds]
    columns = SimpleNamespace(words=Mapping(), each=each, stubs=(0, 1, 2))
    assert Stub(columns, 0, [row]).is_unclear(row) is is_unclear
