"""Figures: what is drawn is what was computed, in fonts that are there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager

import carbonacct as ca
from carbonacct.errors import OutputError, PanelError
from carbonacct.report.charts.style import find_fonts
from carbonacct.report.figures import (
    draw_decoupling_wheel,
    draw_effects,
    draw_income_groups,
    draw_intensity_plane,
    draw_key_categories,
    draw_quadrants,
    draw_small_multiples,
    draw_waterfall,
)
from tests.analysis.panels import random_panel

IDENTITY = "co2 = gdp * energy[sector]/gdp * co2[sector]/energy[sector]"


@pytest.fixture(scope="module")
def made():
    """Return a decomposition of two areas over three years."""
    return ca.decompose(random_panel(areas=2, years=3, sectors=2), IDENTITY, by="area", chained=True)


def test_a_waterfall_leads_from_the_start_to_the_end(made):
    """The first and the last bar are the states, the others the effects, each from where the one before ended."""
    figure = draw_waterfall(made, at={"area": "area 0", "period": "2000-2001"}, unit="Mt CO2")
    figure.draw_without_rendering()
    bars = figure.axes[0].patches
    widths = [bar.get_width() for bar in bars]
    at = {"area": "area 0", "period": "2000-2001"}
    assert widths == pytest.approx([made.start.sel(at).item(), *made.effects.sel(at).values, made.end.sel(at).item()])
    assert bars[-2].get_x() + bars[-2].get_width() == pytest.approx(made.end.sel(at).item())


def test_a_waterfall_shows_what_a_method_leaves_over():
    """A residual has a bar of its own."""
    panel = random_panel(areas=1, years=2, sectors=2)
    figure = draw_waterfall(ca.decompose(panel, IDENTITY, method="laspeyres"))
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()][-2:] == ["residual", "2001"]


def test_effects_are_stacked_from_zero(made):
    """Bars of one period reach from the sum of what falls to the sum of what rises; the line is the total."""
    figure = draw_effects(made, at={"area": "area 1"}, title="effects")
    figure.draw_without_rendering()
    axes = figure.axes[0]
    values = made.effects.sel(area="area 1").values
    tops = [
        max(bar.get_y() + bar.get_height() for bar in axes.patches if round(bar.get_x() + bar.get_width() / 2) == place)
        for place in (0, 1)
    ]
    assert tops == pytest.approx([max(step[step > 0].sum(), 0) for step in values])
    assert axes.lines[0].get_ydata() == pytest.approx(made.total.sel(area="area 1").values)


def test_planes_show_each_place():
    """One point and one name a place; lines of equal product pass where the product says."""
    figure = draw_intensity_plane([10.0, 20.0], [0.5, 0.25], ["a", "b"])
    lines = [line.get_xdata() * line.get_ydata() for line in figure.axes[0].lines]
    assert lines
    assert all(np.allclose(line, line[0]) for line in lines)
    wheel = (
        draw_decoupling_wheel([0.1, -0.1, 0.2], [0.05, -0.2, -0.1], ["a", "b", "c"], lang="zh")
        if _chinese()
        else draw_decoupling_wheel([0.1, -0.1, 0.2], [0.05, -0.2, -0.1], ["a", "b", "c"])
    )
    wheel.draw_without_rendering()
    assert {"a", "b", "c"} <= {text.get_text() for text in wheel.axes[0].texts}
    assert len(wheel.axes[0].patches) == 8


def _chinese() -> bool:
    try:
        return bool(find_fonts(["弱脱钩"]))
    except OutputError:
        return False


def test_a_missing_font_is_said(monkeypatch):
    """Where no font has Chinese letters the package to install is named; Latin text needs none."""
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    assert find_fonts(["co2/energy"]) == ["DejaVu Sans"]
    with pytest.raises(OutputError, match=r"no installed font has 脱钩; install one .*fonts-noto-cjk.*lang='en'"):
        find_fonts(["脱钩"])


def test_what_cannot_be_drawn_is_said(made):
    """Ratios, several states at once, labels that are not there, and places without numbers."""
    ratios = ca.decompose(random_panel(areas=1, years=2, sectors=2), IDENTITY, form="multiplicative")
    with pytest.raises(PanelError, match="decompose with form='additive'"):
        draw_waterfall(ratios)
    with pytest.raises(PanelError, match="the decomposition has 2 labels of area; say which one"):
        draw_waterfall(made)
    with pytest.raises(PanelError, match="has no area 'x'; labels: area 0, area 1"):
        draw_effects(made, at={"area": "x"})
    with pytest.raises(PanelError, match="b has no number"):
        draw_decoupling_wheel([1.0, np.nan], [1.0, 2.0], ["a", "b"])
    with pytest.raises(PanelError, match="is not above zero"):
        draw_intensity_plane([1.0, -1.0], [1.0, 2.0], ["a", "b"])
    with pytest.raises(PanelError, match="2 numbers across, 1 along"):
        draw_intensity_plane([1.0, 1.0], [1.0], ["a", "b"])
    with pytest.raises(PanelError, match="no lines of 'sum'"):
        draw_intensity_plane([1.0], [1.0], ["a"], lines="sum")


def _pilots(batch):
    """Return the pilots of a batch and the nation, areas named in English so that every machine has the letters."""
    pilots = ca.load_published("pilots-2013", "pilots")
    chosen = pilots[pilots["batch"].isin([batch, "nation"])].drop_duplicates("area").set_index("area")
    return chosen.rename(index=lambda area: "nation" if area == "全国" else f"area {list(chosen.index).index(area)}")


@pytest.mark.parametrize(("batch", "points", "lacking"), [("first", 13, 0), ("second", 23, 6)])
def test_the_pilots_stand_against_the_lines_of_the_nation(batch, points, lacking):
    """Section 1.2.1 of the pilots' report (NCSC 2013): every pilot with numbers is a point, the lines are the nation's 29,943 yuan and 5.5 t."""
    pilots = _pilots(batch)
    figure = draw_income_groups(pilots, "nation", unit="yuan")
    axes = figure.axes[0]
    shown = np.asarray(axes.collections[0].get_offsets())
    there = pilots.drop(index="nation")[["gdp_per_head", "co2_per_head"]].astype(float).dropna()
    assert len(shown) == points
    assert shown == pytest.approx(there.to_numpy())
    assert {tuple(line.get_xdata()) for line in axes.lines} >= {(29943.0, 29943.0)}
    assert {tuple(line.get_ydata()) for line in axes.lines} >= {(5.5, 5.5)}
    texts = {text.get_text() for text in axes.texts}
    assert {
        "richer, less carbon",
        "richer, more carbon",
        "poorer, less carbon",
        "poorer, more carbon",
        *there.index,
    } <= texts
    assert (figure.get_supxlabel() or "").count("area") == lacking
    colors = [tuple(color) for color in axes.collections[0].get_facecolors()]
    groups = ca.group_against_reference(pilots, "nation").dropna()
    assert len(set(zip(groups, colors, strict=True))) == groups.nunique()


def test_quadrants_follow_a_table_of_two_sub_indices():
    """Places are those of place_in_quadrants, marks grow with the third, corners carry their names."""
    scores = pd.DataFrame(
        {"state": [29.0, 8.0, np.nan], "trend": [25.0, 4.0, 3.0], "ambition": [22.0, 11.0, 1.0]},
        index=["Shenzhen", "Yulin", "none"],
    )
    placed = ca.place_in_quadrants(scores, x="state", y="trend", size="ambition", x_axis=20, y_axis=15)
    figure = draw_quadrants(placed, x_axis=20, y_axis=15, size="size", corners={"upper_right": "ahead"})
    marks = figure.axes[0].collections[0]
    assert np.asarray(marks.get_offsets()).tolist() == [[29, 25], [8, 4]]
    assert (marks.get_sizes()[0] - 20) / (marks.get_sizes()[1] - 20) == pytest.approx(2)
    assert "ahead" in {text.get_text() for text in figure.axes[0].texts}
    assert figure.get_supxlabel() == "without a number: none"
    plain = draw_quadrants(scores, x="state", y="trend", x_axis=20, y_axis=15)
    assert plain.axes[0].collections[0].get_facecolors().tolist() == marks.get_facecolors().tolist()


def _key_categories():
    rows = pd.DataFrame(
        {
            "category": ["1.A.1 solid", "1.A.3", "1.A.4 gas"],
            "gas": "CO2",
            "base": [50.0, 45.0, 5.0],
            "latest": [60.0, 37.0, 3.0],
        }
    )
    return ca.find_key_categories(rows)


@pytest.mark.parametrize(("by", "share"), [("level", "level"), ("trend", "trend_contribution")])
def test_key_categories_add_up_to_the_line(by, share):
    """Bars are shares in falling order, the line is their sum up to 100, and the rule stands under the last key category."""
    found = _key_categories()
    axes = draw_key_categories(found, by=by).axes[0]
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == pytest.approx(100 * found[share].sort_values(ascending=False))
    assert axes.lines[0].get_xdata() == pytest.approx(np.cumsum(widths))
    keys = found[f"{by}_key"].sum()
    rules = [line.get_ydata()[0] for line in axes.lines[1:]]
    assert rules == ([] if keys == len(found) else [keys - 0.5])
    assert axes.get_yticklabels()[0].get_text().startswith("1.A.")


def test_small_multiples_show_each_area_on_one_scale():
    """One chart an area with its own line, one scale unless asked otherwise, and a gap where a year lacks."""
    panel = pd.DataFrame(
        [
            (area, year, 10.0 * number + year - 2000)
            for number, area in enumerate("abcde")
            for year in range(2000, 2004)
        ],
        columns=["area", "year", "co2"],
    )
    panel.loc[1, "co2"] = np.nan
    bands = panel.assign(lower=0.9 * panel["co2"], upper=1.1 * panel["co2"])
    figure = draw_small_multiples(bands, "co2", unit="Mt", columns=3)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title(loc="left") for axes in shown] == list("abcde")
    assert np.isnan(shown[0].lines[0].get_ydata()).tolist() == [False, True, False, False]
    assert shown[3].lines[0].get_ydata().tolist() == [30, 31, 32, 33]
    assert len({axes.get_ylim() for axes in shown}) == 1
    assert all(axes.collections for axes in shown)
    own = draw_small_multiples(panel, "co2", shared=False)
    assert len({axes.get_ylim() for axes in own.axes if axes.get_visible()}) > 1
    assert "each chart has its own scale" in own.get_supylabel()


def test_tables_that_cannot_be_drawn_are_refused():
    """Each says what lacks and what to do."""
    panel = pd.DataFrame({"area": ["a", "a"], "year": [2000, 2000], "co2": [1.0, 2.0]})
    for draw, message in (
        (lambda: draw_small_multiples(panel, "co2"), "a 2000 is there twice; give one row of each area and year"),
        (lambda: draw_small_multiples(panel, "c02"), "no column 'c02'; did you mean co2"),
        (lambda: draw_small_multiples(panel[:1].assign(co2=np.nan), "co2"), "no row has a number of co2"),
        (lambda: draw_quadrants(panel, x="co2", y="gdp", x_axis=0, y_axis=0), "no column 'gdp'"),
        (
            lambda: draw_quadrants(panel, x="co2", y="year", x_axis=0, y_axis=0, corners={"top": "x"}),
            "no quadrant 'top'; known: upper_right",
        ),
        (
            lambda: draw_quadrants(panel.assign(co2=np.nan), x="co2", y="year", x_axis=0, y_axis=0),
            "no area has a number of co2 and year",
        ),
        (lambda: draw_key_categories(_key_categories(), by="size"), "no key categories by 'size'"),
        (lambda: draw_key_categories(pd.concat([_key_categories()] * 2)), "is there twice; draw one area at a time"),
        (
            lambda: draw_key_categories(_key_categories().assign(trend_contribution=np.nan), by="trend"),
            "a base year for a trend",
        ),
        (lambda: draw_key_categories(panel), "no column 'category'; give the table of find_key_categories"),
    ):
        with pytest.raises(PanelError, match=message):
            draw()
