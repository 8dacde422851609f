"""What a record chooses and adds up: scopes, memo items, levels, names of areas, and what it cannot."""

from __future__ import annotations

import math

import numpy as np
import pytest

from carbonacct.errors import CellNotFoundError, Finding, MethodError
from tests.inventory.entries import Way, make

KINDS = np.array(["emission", "removal", "scope2", "memo", "scope2"], object)
SCOPES = np.array([1, 1, 2, 1, 2])
ROWS = [
    ("coal", "1.A.2.a", "CO2", 10),
    ("forest", "3.B.1.a", "CO2", -3),
    ("moved_in", "", "CO2", 4),
    ("bunkers", "1.D.1.a", "CO2", 5),
    ("moved_in_heat", "", "CO2", "NE"),
]
WHOLE = make(*ROWS, kind=KINDS, scope=SCOPES)


def total(inventory=WHOLE, **asked):
    """Return the one total."""
    return inventory.total(**asked)["value"].item()


def test_scopes_and_memo_items_are_apart():
    """Scope 1 is the default; memo items are in no total, and alone where they are asked for."""
    assert total() == 7
    assert math.isnan(total(scope=2))
    assert total(scope=2, known_only=True) == 4
    assert WHOLE.by("flow", memo=True)["flow"].tolist() == ["bunkers"]
    assert WHOLE.by("flow", memo=True, scope=2)["flow"].tolist() == ["bunkers"]
    assert total(sector="land") == -3
    assert total(sector=["energy", "land"]) == 7
    assert WHOLE.total(sector="waste").empty
    assert total(gas="CO2", gwp=None) == 7
    assert total(gwp="AR5GWP100") == 7


@pytest.mark.parametrize(
    ("level", "codes"),
    [(1, ["1", "3"]), (2, ["1.A", "3.B"]), (3, ["1.A.2", "3.B.1"]), (9, ["1.A.2.a", "3.B.1.a"])],
)
def test_a_level_cuts_categories(level, codes):
    """So many parts of the code; one that is shorter stays."""
    assert WHOLE.by("category", level=level)["category"].tolist() == codes


def test_what_is_chosen_by_name():
    """An area by its id or its Chinese name, several labels as a list, a year as a number; the rest is said."""
    cities = make(
        *ROWS[:2], area=np.array(["Chongqing", "天津"], object), year=np.array([2019, 2020])
    )
    assert cities.select(area="重庆").entries["flow"].tolist() == ["coal"]
    assert cities.select(year=2020).entries["flow"].tolist() == ["forest"]
    assert cities.select(year=np.int64(2019), area=["重庆", "天津"]).entries["flow"].tolist() == [
        "coal"
    ]
    assert len(WHOLE.select(scope=2)) == 2
    with pytest.raises(
        MethodError, match="the inventory has no year 2018; did you mean 2019, 2020"
    ):
        cities.select(year=2018)
    with pytest.raises(MethodError, match="an inventory has no 'value'; known: area, year"):
        WHOLE.select(value=3)


def test_a_choice_keeps_findings_and_ways_back():
    """Entries open by the same ways; findings and makings belong to all."""
    held = make(
        *ROWS[:2],
        ways=[Way()],
        origin=0,
        cell=np.array([4, 5]),
        findings=[Finding("jump", "info", "a")],
    )
    chosen = held.select(flow="forest")
    assert chosen.trace(0) == "step 5"
    assert chosen.findings == held.findings
    assert held.recompute().entries["value"].tolist() == [40, 50]
    without = make(
        *ROWS[:1], ("lime", "2.A.2", "CO2", "NE"), ways=[Way()], origin=0, cell=np.array([4, 5])
    )
    assert without.recompute().entries["value"].tolist() == pytest.approx(
        [40, math.nan], nan_ok=True
    )
    for origin in (np.array([0, -1]), np.array([-1, 0])):
        mixed = make(*ROWS[:2], ways=[Way()], origin=origin, cell=np.array([4, 5]))
        lost = ROWS[int(np.argmin(origin))][0]
        with pytest.raises(
            CellNotFoundError, match=f"2020 {lost} CO2 was read from a file, which holds no parts"
        ):
            mixed.recompute()
        with pytest.raises(CellNotFoundError, match=f"2020 {lost} CO2: was read from a file"):
            mixed.trace(int(np.argmin(origin)))


def test_other_values_have_no_way_back():
    """Draws of an inventory cannot be opened; findings are added once."""
    held = make(*ROWS[:2], ways=[Way()], origin=0, cell=np.array([4, 5]))
    other = held.with_values(np.array([1.0, 2.0]))
    assert other.entries["value"].tolist() == [1, 2]
    assert other.entries["origin"].tolist() == other.entries["cell"].tolist() == [-1, -1]
    assert other.origins == ()
    found = Finding("jump", "info", "a")
    assert held.with_findings([found, found]).with_findings([found]).findings == (found,)


def test_two_inventories_are_equal_by_what_a_file_holds():
    """Entries, findings and makings; a way back is no part of it, the worth of a finding neither."""
    plain = make(*ROWS, kind=KINDS, scope=SCOPES)
    assert plain == WHOLE
    assert hash(plain) == hash(WHOLE)
    assert plain != 5
    assert make(*ROWS[:2]) != make(*ROWS[:1])
    assert make(ROWS[0]) != make(ROWS[0], year=2021)
    assert make(ROWS[0]) == make(ROWS[0], ways=[Way()], origin=0, cell=1)
    assert make(ROWS[0], findings=[Finding("jump", "info", "a")]) != make(ROWS[0])
    assert make(ROWS[0], findings=[Finding("jump", "info", "a", worth=1.0)]) == make(
        ROWS[0], findings=[Finding("jump", "info", "a", worth=2.0)]
    )


def test_the_rows_of_the_csv():
    """What counts and has a number; CO2e follows with one row for each sum over gases."""
    frame = WHOLE.to_frame()
    assert frame["flow"].tolist() == ["coal", "forest", "moved_in"]
    assert frame["scope"].tolist() == [1, 1, 2]
    assert list(frame)[7:9] == ["value", "unit"]
    two = make(("pigs", "3.A.1", "CH4", 2), ("pigs", "3.A.1", "N2O", 1))
    weighted = two.to_frame(gwp="AR5GWP100")
    assert weighted["gas"].tolist() == ["CH4", "N2O", "CO2e (AR5GWP100)"]
    assert weighted["value"].tolist() == [2, 1, 2 * 28 + 265]
    assert weighted.index.tolist() == [0, 1, 2]


def test_a_notebook_shows_the_first_ten():
    """With the size above them."""
    many = make(*((f"f{n}", "2.A.1", "CO2", n) for n in range(30)))
    html = many._repr_html_()
    assert html.startswith(
        "<b>&lt;Inventory of processes: 30 entries, 1 area, 1 year, 0 findings&gt;</b>"
    )
    assert html.count("<tr") == 11
    assert repr(make()) == "<Inventory of nothing: 0 entries, 0 areas, 0 years, 0 findings>"


def test_a_plot_shows_the_largest_fifteen():
    """Bars of one year, the largest above; a line for each label over several, with a legend where there are some."""
    many = make(*((f"f{n:02}", "2.A.1", "CO2", (n + 1) * 1e6) for n in range(20)))
    axes = many.plot("flow")
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        f"f{n:02}" for n in reversed(range(5, 20))
    ]
    assert axes.yaxis_inverted()
    years = make(*ROWS[:1] * 2, year=np.array([2020, 2019]))
    lines = years.plot("year", ax=axes.figure.add_subplot())
    (line,) = lines.lines
    assert (line.get_xdata().tolist(), line.get_label()) == ([2019, 2020], "CO2")
    assert lines.get_legend() is None
    both = make(*ROWS[:2] * 2, year=np.array([2020, 2020, 2019, 2019])).plot(
        "flow", ax=axes.figure.add_subplot()
    )
    assert [text.get_text() for text in both.get_legend().get_texts()] == ["coal", "forest"]
    low, high = both.get_xlim()
    assert [tick for tick in both.get_xticks() if low <= tick <= high] == [2019, 2020]


def test_what_once_had_a_number_is_drawn_in_the_order_of_its_largest():
    """A source that began late, or stopped, has its line; by the largest of all years, whatever its sign."""
    rows = [
        ("late", "2.A.1", "CO2", 0.0),
        ("steady", "2.A.1", "CO2", 3e6),
        ("sink", "3.B.1", "CO2", -5e6),
    ]
    rows += [
        ("late", "2.A.1", "CO2", 4e6),
        ("steady", "2.A.1", "CO2", 3e6),
        ("sink", "3.B.1", "CO2", -1e6),
    ]
    lines = make(*rows, year=np.array([2019] * 3 + [2020] * 3)).plot("flow").lines
    assert [line.get_label() for line in lines] == ["sink", "late", "steady"]
    assert [list(line.get_ydata()) for line in lines] == [[-5, -1], [0, 4], [3, 3]]


def test_sums_as_arrays_have_an_axis_for_each_label():
    """What no sum has is absent; entries along one dim hold every column but the ways back."""
    data = make(*ROWS[:2], ("soils", "3.C.4", "N2O", "NE")).to_dataset("sector", "gas")
    assert data["value"].sel(sector="land", gas="CO2").item() == -3
    assert data["notation"].sel(sector="agriculture", gas="N2O").item() == "NE"
    assert math.isnan(data["value"].sel(sector="energy", gas="N2O").item())
    assert data["value"].attrs == {"units": "t"}
    listed = WHOLE.to_dataset()
    assert not {"origin", "cell"} & set(listed)
    assert listed["kind"].values.tolist() == KINDS.tolist()
