"""Figures: what is drawn is what was computed, in fonts that are there."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import carbonacct as ca
from carbonacct.charts import Stack, draw_stacks, draw_svg, fonts, plot_chart, save_charts
from carbonacct.charts.fonts import find_fonts
from carbonacct.charts.scales import measure
from carbonacct.errors import OutputError, PanelError
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
    return ca.decompose(
        random_panel(areas=2, years=3, sectors=2), IDENTITY, by="area", chained=True
    )


def shapes(chart, kind, look=""):
    """Return the attributes of the shapes of a kind, whose classes begin with a look."""
    return [
        held
        for one, _, held in chart.shapes
        if one == kind and str(held.get("class", "")).startswith(look)
    ]


def texts(chart):
    """Return what stands in a chart."""
    return [text for kind, text, _ in chart.shapes if kind == "text"]


def points_of(held):
    """Return the places of a polyline or polygon."""
    return [tuple(map(float, pair.split(","))) for pair in held["points"].split()]


def test_a_waterfall_leads_from_the_start_to_the_end(made):
    """The first and the last column are the states, the others the effects, each from where the one before ended."""
    at = {"area": "area 0", "period": "2000-2001"}
    chart = draw_waterfall(made, at=at, unit="Mt CO2", title="way")
    (values,) = chart.series.values()
    assert values == pytest.approx(
        [made.start.sel(at).item(), *made.effects.sel(at).values, made.end.sel(at).item()]
    )
    assert [one.end for one in chart.parts[:-2]] == pytest.approx(
        [one.start for one in chart.parts[1:-1]]
    )
    assert chart.parts[-2].end == pytest.approx(made.end.sel(at).item())
    assert chart.label == "way (Mt CO2)"
    heights = [float(held["height"]) for held in shapes(chart, "rect")]
    assert heights[0] / heights[-1] == pytest.approx(values[0] / values[-1], abs=1e-3)


def test_a_waterfall_shows_what_a_method_leaves_over():
    """A residual has a column of its own."""
    panel = random_panel(areas=1, years=2, sectors=2)
    chart = draw_waterfall(ca.decompose(panel, IDENTITY, method="laspeyres"))
    assert list(chart.names)[-2:] == ["residual", "2001"]


def test_effects_are_stacked_from_zero(made):
    """Columns of one period reach from the sum of what falls to the sum of what rises; the point is the total."""
    chart = draw_effects(made, at={"area": "area 1"}, title="effects")
    values = made.effects.sel(area="area 1").values
    assert pytest.approx(values) == np.array(list(chart.series.values())).T
    axes = plot_chart(chart)
    assert axes.lines[0].get_ydata() == pytest.approx(made.total.sel(area="area 1").values)
    rects, points = shapes(chart, "rect", "s"), shapes(chart, "circle", "net")
    zero = next(float(held["y1"]) for held in shapes(chart, "line", "zero"))
    scale = float(rects[0]["height"]) / abs(values[0][0])
    assert [(zero - float(held["cy"])) / scale for held in points[:2]] == pytest.approx(
        values.sum(axis=1), rel=0.02
    )


def test_a_long_name_of_a_legend_stands_as_a_whole():
    """Columns make room for it, and it ends within the picture."""
    name = "1.A.4.c Agriculture, forestry and fishing"
    chart = draw_stacks(
        "", ["2019", "2020"], [Stack(name, [1.0, 2.0]), Stack("b", [1.0, 1.0])], str
    )
    assert name in texts(chart)
    [place] = [
        float(held["x"]) for kind, text, held in chart.shapes if kind == "text" and text == name
    ]
    assert place + measure(name) <= chart.width
    short = draw_stacks("", ["2019"], [Stack("a", [1.0])], str)
    assert max(float(held["x2"]) for held in shapes(short, "line")) > max(
        float(held["x2"]) for held in shapes(chart, "line")
    )


def test_planes_show_each_place():
    """One point and one name a place; lines of equal product pass where the product says."""
    chart = draw_intensity_plane([10.0, 20.0], [0.5, 0.25], ["a", "b"], x_label="x", y_label="y")
    assert {"a", "b"} <= set(texts(chart))
    (one, other) = shapes(chart, "circle")
    x0 = min(float(held["x1"]) for held in shapes(chart, "line", "zero"))
    y0 = max(float(held["y1"]) for held in shapes(chart, "line", "zero"))
    product = {(float(held["cx"]) - x0) * (y0 - float(held["cy"])) for held in (one, other)}
    assert max(product) == pytest.approx(min(product), rel=1e-3)
    lines = [
        [(x - x0) * (y0 - y) for x, y in points_of(held)]
        for held in shapes(chart, "polyline", "equal")
    ]
    assert lines
    assert all(np.allclose(line, line[0], rtol=0.02) for line in lines)
    ratio = draw_intensity_plane([10.0, 20.0], [0.5, 0.25], ["a", "b"], lines="ratio")
    for held in shapes(ratio, "polyline", "equal"):
        slopes = [(y0 - y) / (x - x0) for x, y in points_of(held)[1:]]
        assert np.allclose(slopes, slopes[-1], rtol=0.05)


@pytest.mark.parametrize(
    ("driver", "pressure", "state"),
    [
        (0.10, 0.05, "weak decoupling"),
        (0.10, 0.10, "expansive coupling"),
        (0.05, 0.10, "expansive negative decoupling"),
        (-0.10, 0.05, "strong negative decoupling"),
        (-0.10, -0.05, "weak negative decoupling"),
        (-0.10, -0.10, "recessive coupling"),
        (-0.05, -0.10, "recessive decoupling"),
        (0.10, -0.05, "strong decoupling"),
    ],
)
def test_a_point_of_the_wheel_lies_in_its_state(driver, pressure, state):
    """Tapio (2005), figure 1: the wedge that holds the point is that beside which the state's name stands."""
    chart = draw_decoupling_wheel([driver], [pressure], ["a"], x_label="GDP", y_label="CO2")
    (point,) = shapes(chart, "circle")
    middle = points_of(shapes(chart, "polygon")[0])[0]
    turn = math.atan2(middle[1] - float(point["cy"]), float(point["cx"]) - middle[0])
    assert turn == pytest.approx(math.atan2(pressure, driver), abs=0.01)

    def beside(held):
        """Return how far the middle of a wedge's rim is from the name of the state."""
        rim = points_of(held)[1:]
        at = rim[len(rim) // 2]
        return math.hypot(at[0] - float(name["x"]), at[1] - float(name["y"]))

    name = next(
        held for kind, text, held in chart.shapes if kind == "text" and text.lower() == state
    )
    nearest = min(shapes(chart, "polygon"), key=beside)
    rim = [
        math.atan2(middle[1] - y, x - middle[0]) % (2 * math.pi) for x, y in points_of(nearest)[1:]
    ]
    ends = rim[0], rim[-1] or 2 * math.pi
    assert ends[0] - 0.01 <= turn % (2 * math.pi) <= ends[1] + 0.01


def test_a_missing_font_is_said(monkeypatch):
    """Where no font has Chinese letters the package to install is named; Latin text needs none."""
    latin = [font for font in fonts._list_fonts() if not fonts.has_letter(font, "脱")]
    monkeypatch.setattr(fonts, "_list_fonts", lambda: latin)
    (found,) = find_fonts(["co2/energy"])
    assert found == latin[0]
    with pytest.raises(
        OutputError, match=r"no installed font has 脱钩; install one .*fonts-noto-cjk.*lang='en'"
    ):
        find_fonts(["脱钩"])
    monkeypatch.setattr(fonts, "_list_fonts", list)
    with pytest.raises(OutputError, match="no installed font has co; install one"):
        find_fonts(["co"])


def test_a_file_that_is_no_font_is_passed_over(tmp_path, monkeypatch):
    """Folders of fonts hold broken files too."""
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    listed = [str(broken), *fonts._list_fonts()]
    monkeypatch.setattr(fonts, "_list_fonts", lambda: listed)
    assert find_fonts(["co2"]) == [listed[1]]


def test_a_chart_that_cannot_be_written_leaves_the_one_before(made, tmp_path, monkeypatch):
    """A disk that is full half way does not cost the picture that was there."""
    chart = draw_effects(made, at={"area": "area 1"}, title="effects")
    save_charts(chart, tmp_path / "a.svg")
    before = (tmp_path / "a.svg").read_bytes()

    def fill_disk(path, content):
        with path.open("wb") as stream:
            stream.write(content[:9])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", fill_disk)
    with pytest.raises(OutputError, match=r"a\.svg: cannot be written"):
        save_charts(chart, tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]


def test_charts_are_written_and_shown(made, tmp_path):
    """A notebook shows the picture that is written; another suffix says which there are."""
    chart = draw_effects(made, at={"area": "area 1"}, title="effects <1>")
    save_charts(chart, tmp_path / "a.svg")
    assert (
        (tmp_path / "a.svg").read_text(encoding="utf-8") == draw_svg([chart]) == chart._repr_svg_()
    )
    assert "effects &lt;1&gt;" in chart._repr_svg_()
    assert repr(chart).startswith("<Drawing 'effects <1>', 760 x ")
    save_charts(chart, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert image.size[0] == math.ceil(760 * 300 / 96)
    with pytest.raises(
        OutputError, match=r"a.jpg: charts are written as .svg or .png, not as '.jpg'"
    ):
        save_charts(chart, tmp_path / "a.jpg")
    for name in ("no folder/a.svg", "a.png/a.svg"):
        with pytest.raises(OutputError, match=r"a\.svg: cannot be written \("):
            save_charts(chart, tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "a.svg"]
    panel = pd.DataFrame({"area": ["a", "a"], "year": [2000, 2001], "co2": [1.0, 2.0]})
    small = draw_small_multiples(panel, "co2", title="small")
    with pytest.raises(OutputError, match=r"no axes are drawn of small: write it as \.svg"):
        plot_chart(small)


def test_what_cannot_be_drawn_is_said(made):
    """Ratios, several states at once, labels that are not there, and places without numbers."""
    ratios = ca.decompose(
        random_panel(areas=1, years=2, sectors=2), IDENTITY, form="multiplicative"
    )
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
    chosen = (
        pilots[pilots["batch"].isin([batch, "nation"])].drop_duplicates("area").set_index("area")
    )
    return chosen.rename(
        index=lambda area: "nation" if area == "全国" else f"area {list(chosen.index).index(area)}"
    )


@pytest.mark.parametrize(("batch", "points", "lacking"), [("first", 13, 0), ("second", 23, 6)])
def test_the_pilots_stand_against_the_lines_of_the_nation(batch, points, lacking):
    """Pilots' report (NCSC 2013), section 1.2.1: every pilot with numbers is a point.

    The lines are the nation's 29,943 yuan and 5.5 t.
    """
    pilots = _pilots(batch)
    chart = draw_income_groups(pilots, "nation", unit="yuan")
    there = pilots.drop(index="nation")[["gdp_per_head", "co2_per_head"]].astype(float).dropna()
    assert len(shapes(chart, "circle")) == points
    assert pytest.approx(there.to_numpy()) == np.array(list(chart.series.values())).T
    places = {point.name: point for point in chart.parts}
    upright, level = shapes(chart, "line", "level")
    circles = {
        text.partition(":")[0]: held for kind, text, held in chart.shapes if kind == "circle"
    }
    assert set(circles) == set(there.index)
    for name, held in circles.items():
        assert (float(held["cx"]) > float(upright["x1"])) == (places[name].x > 29943.0)
        assert (float(held["cy"]) < float(level["y1"])) == (places[name].y > 5.5)
    shown = set(texts(chart))
    named = {
        "richer, less carbon",
        "richer, more carbon",
        "poorer, less carbon",
        "poorer, more carbon",
    }
    assert {*named, *there.index} <= shown
    assert texts(chart).count("nation") == 2
    assert chart.label.count("area") == lacking
    groups = ca.group_against_reference(pilots, "nation").dropna()
    assert len({(groups[name], places[name].look) for name in there.index}) == groups.nunique()


def test_quadrants_follow_a_table_of_two_sub_indices():
    """Places are those of place_in_quadrants, marks grow with the third, corners carry their names."""
    scores = pd.DataFrame(
        {"state": [29.0, 8.0, np.nan], "trend": [25.0, 4.0, 3.0], "ambition": [22.0, 11.0, 1.0]},
        index=["Shenzhen", "Yulin", "none"],
    )
    placed = ca.place_in_quadrants(
        scores, x="state", y="trend", size="ambition", x_axis=20, y_axis=15
    )
    chart = draw_quadrants(
        placed, x_axis=20, y_axis=15, size="size", corners={"upper_right": "ahead"}
    )
    assert [(point.x, point.y) for point in chart.parts] == [(29, 25), (8, 4)]
    areas = [point.radius**2 - 4**2 for point in chart.parts]
    assert areas[0] / areas[1] == pytest.approx(2)
    assert "ahead" in texts(chart)
    assert chart.label == "without a number: none"
    plain = draw_quadrants(scores, x="state", y="trend", x_axis=20, y_axis=15)
    assert [point.look for point in plain.parts] == [point.look for point in chart.parts]


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
    """Bars are shares in falling order, the line is their sum up to 100, and those that are key look otherwise."""
    found = _key_categories()
    chart = draw_key_categories(found, by=by)
    shares, sums = chart.series.values()
    assert shares == pytest.approx(100 * found[share].sort_values(ascending=False))
    assert sums == pytest.approx(np.cumsum(shares))
    bars = shapes(chart, "rect")[: len(found)]
    ends = [x for x, _ in points_of(shapes(chart, "polyline", "whisker")[0])]
    start = float(bars[0]["x"])
    assert [(end - start) / (ends[-1] - start) for end in ends] == pytest.approx(
        np.array(sums) / 100, abs=1e-3
    )
    assert [held["class"] for held in bars].count("bar-fill") == found[f"{by}_key"].sum()
    assert chart.names[0].startswith("1.A.")


def test_small_multiples_show_each_area_on_one_scale():
    """One chart an area with its own line, one scale where asked, and a gap where a year lacks."""
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
    chart = draw_small_multiples(bands, "co2", unit="Mt", columns=3)
    assert [text for text in texts(chart) if text in set("abcde")] == list("abcde")
    lines = shapes(chart, "polyline", "line")
    assert [len(points_of(held)) for held in lines] == [1, 2, 4, 4, 4, 4]
    assert len(shapes(chart, "circle")) == 19
    assert len(shapes(chart, "polygon")) == 5
    heights = [abs(points_of(held)[-1][1] - points_of(held)[0][1]) for held in lines[2:]]
    assert heights == pytest.approx([heights[0]] * 4, abs=0.2)  # each rises by 3, on one scale
    own = draw_small_multiples(panel, "co2", shared=False)
    last = points_of(shapes(own, "polyline", "line")[-1])
    assert abs(last[-1][1] - last[0][1]) == pytest.approx(80 * 3 / 43, abs=0.2)
    assert "each chart has its own scale" in own.label


def test_tables_that_cannot_be_drawn_are_refused():
    """Each says what lacks and what to do."""
    panel = pd.DataFrame({"area": ["a", "a"], "year": [2000, 2000], "co2": [1.0, 2.0]})
    for draw, message in (
        (
            lambda: draw_small_multiples(panel, "co2"),
            "a 2000 is there twice; give one row of each area and year",
        ),
        (lambda: draw_small_multiples(panel, "c02"), "no column 'c02'; did you mean co2"),
        (
            lambda: draw_small_multiples(panel[:1].assign(co2=np.nan), "co2"),
            "no row has a number of co2",
        ),
        (lambda: draw_quadrants(panel, x="co2", y="gdp", x_axis=0, y_axis=0), "no column 'gdp'"),
        (
            lambda: draw_quadrants(
                panel, x="co2", y="year", x_axis=0, y_axis=0, corners={"top": "x"}
            ),
            "no quadrant 'top'; known: upper_right",
        ),
        (
            lambda: draw_quadrants(panel.assign(co2=np.nan), x="co2", y="year", x_axis=0, y_axis=0),
            "no area has a number of co2 and year",
        ),
        (lambda: draw_key_categories(_key_categories(), by="size"), "no key categories by 'size'"),
        (
            lambda: draw_key_categories(pd.concat([_key_categories()] * 2)),
            "is there twice; draw one area at a time",
        ),
        (
            lambda: draw_key_categories(
                _key_categories().assign(trend_contribution=np.nan), by="trend"
            ),
            "a base year for a trend",
        ),
        (
            lambda: draw_key_categories(panel),
            "no column 'category'; give the table of find_key_categories",
        ),
    ):
        with pytest.raises(PanelError, match=message):
            draw()
