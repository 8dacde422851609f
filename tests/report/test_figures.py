"""Figures: what is drawn is what was computed, in fonts that are there."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import font_manager

import carbonacct as ca
from carbonacct.errors import OutputError, PanelError
from carbonacct.report.figures import draw_decoupling_wheel, draw_effects, draw_intensity_plane, draw_waterfall
from carbonacct.report.figures.style import find_fonts
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
    tops = [max(bar.get_y() + bar.get_height() for bar in axes.patches if round(bar.get_x() + bar.get_width() / 2) == place) for place in (0, 1)]
    assert tops == pytest.approx([max(step[step > 0].sum(), 0) for step in values])
    assert axes.lines[0].get_ydata() == pytest.approx(made.total.sel(area="area 1").values)


def test_planes_show_each_place():
    """One point and one name a place; lines of equal product pass where the product says."""
    figure = draw_intensity_plane([10.0, 20.0], [0.5, 0.25], ["a", "b"])
    lines = [line.get_xdata() * line.get_ydata() for line in figure.axes[0].lines]
    assert lines
    assert all(np.allclose(line, line[0]) for line in lines)
    wheel = draw_decoupling_wheel([0.1, -0.1, 0.2], [0.05, -0.2, -0.1], ["a", "b", "c"], lang="zh") if _chinese() else draw_decoupling_wheel([0.1, -0.1, 0.2], [0.05, -0.2, -0.1], ["a", "b", "c"])
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
