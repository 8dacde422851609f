"""Charts as pixels: each shape where it belongs, in its colour, and the same bytes each time."""

from __future__ import annotations

import io
import math
import sys
from itertools import pairwise

import hypothesis.strategies as st
import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from PIL import Image, ImageColor

from carbonacct.charts import Bar, ChartLine, draw_bars, draw_lines, draw_png, fonts
from carbonacct.charts.look import look_of
from carbonacct.charts.raster import _cut, pack_png, paint
from carbonacct.errors import OutputError

SCALE = 300 / 96


def _where_dark(shapes, size=(100, 80)):
    """Return rows and columns that something was drawn on, in 1/96 inch."""
    pixels = np.asarray(paint(size, shapes).convert("L"))
    rows, columns = np.nonzero(pixels < 128)
    return rows / SCALE, columns / SCALE


def test_shapes_stand_where_they_belong():
    """Rectangle, circle, polygon and line fill their place to a pixel; a shape of another kind draws nothing."""
    square = {"x": 10, "y": 20, "width": 30, "height": 40}
    circle = {"cx": 25, "cy": 40, "r": 15}
    triangle = {"points": "10,20 40,20 25,60"}
    for kind, held, box in (
        ("rect", square, (20, 60, 10, 40)),
        ("circle", circle, (25, 55, 10, 40)),
        ("polygon", triangle, (20, 60, 10, 40)),
        ("line", {"x1": 10, "y1": 20, "x2": 40, "y2": 60, "class": "zero"}, (20, 60, 10, 40)),
        ("polyline", {"points": "10,20 40,60", "class": "zero"}, (20, 60, 10, 40)),
    ):
        rows, columns = _where_dark([(kind, "", held)])
        found = rows.min(), rows.max(), columns.min(), columns.max()
        assert np.allclose(found, box, atol=1.5), (kind, found)
    assert not len(_where_dark([("path", "", {"d": "M0,0L9,9"})])[0])
    assert paint((100, 80), []).size == (313, 250)


def test_a_bar_has_the_colour_of_its_class():
    """The look is that of the page's style."""
    image = paint(
        (60, 60), [("rect", "", {"x": 0, "y": 0, "width": 60, "height": 60, "class": "bar-fill"})]
    )
    assert image.getpixel((90, 90)) == ImageColor.getrgb(look_of("bar-fill")["fill"])


def test_texts_end_where_they_are_anchored_and_turn():
    """A text before a place ends there, one after it begins there; one that is turned stands upright."""
    at = {"x": 50, "y": 40}
    _, before = _where_dark([("text", "12,500", {**at, "class": "before"})])
    _, after = _where_dark([("text", "12,500", {**at, "class": "after"})])
    assert before.max() == pytest.approx(50, abs=2)  # beside a letter is some room
    assert after.min() == pytest.approx(50, abs=2)
    rows, columns = _where_dark([("text", "12,500", {**at, "transform": "rotate(-90 50 40)"})])
    assert np.ptp(rows) > 3 * np.ptp(columns)
    assert rows.max() == pytest.approx(40, abs=2)


def test_letters_come_from_the_first_font_that_has_them():
    """What is written in two scripts is as long as its parts."""
    try:
        both, latin, chinese = (
            _where_dark([("text", text, {"x": 5, "y": 40})])[1] for text in ("ab煤", "ab", "煤")
        )
    except OutputError:
        pytest.skip("no font with Chinese characters")
    assert np.ptp(both) == pytest.approx(np.ptp(latin) + np.ptp(chinese), abs=2.5)


@settings(max_examples=30)
@given(
    ends=st.lists(st.tuples(st.floats(0, 90), st.floats(0, 90)), min_size=2, max_size=5),
    dashes=st.lists(st.floats(0.5, 9), min_size=2, max_size=2),
)
def test_dashes_are_parts_of_their_line(ends, dashes):
    """No dash is longer than declared, and together they are at most the line and at least its share of dashes."""
    whole = sum(math.dist(*pair) for pair in pairwise(ends))
    pieces = [math.dist(*piece) for piece in _cut(ends, dashes)]
    assert all(length <= dashes[0] + 1e-6 for length in pieces)
    share = whole * dashes[0] / sum(dashes)
    assert share - sum(dashes) <= sum(pieces) <= min(whole, share + dashes[0]) + 1e-6


def test_the_same_chart_is_the_same_bytes():
    """Charts one below another, with 300 dpi in the file."""
    line = draw_lines("CO2", [ChartLine("CO2", (2007, 2008), (1.0, 2.0))], "{:.1f}".format)
    bars = draw_bars("fuels", [Bar("coal", 3.0), Bar("oil", -1.0)], "{:.1f}".format)
    made = draw_png([line, bars])
    assert made == draw_png([line, bars])
    assert made != draw_png([line])
    image = Image.open(io.BytesIO(made))
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert image.size[0] == math.ceil(max(line.width, bars.width) * SCALE)


@settings(max_examples=20)
@given(wide=st.integers(1, 40), high=st.integers(1, 40), seed=st.integers(0, 99))
def test_a_packed_picture_holds_every_pixel(wide, high, seed):
    """Another reader of PNG finds the same colours, whole chunks and 300 dpi."""
    colours = np.random.default_rng(seed).integers(0, 256, (high, wide, 3), np.uint8)
    made = pack_png(Image.fromarray(colours))
    Image.open(io.BytesIO(made)).verify()
    image = Image.open(io.BytesIO(made))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (wide, high))
    assert (np.asarray(image) == colours).all()


@pytest.mark.parametrize("package", ["PIL", "fontTools.ttLib"])
def test_without_a_package_the_reason_is_said(monkeypatch, package):
    """Pictures need what draws and what reads fonts; the document then has the numbers."""
    fonts._read_letters.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(OutputError, match=f"needs {package}, which is not installed; pip install"):
        draw_png([draw_bars("fuels", [Bar("coal", 3.0)], "{:.1f}".format)])


def test_a_turned_text_is_whole_at_the_edge():
    """What is longer than the room left of it is not cut before it is turned."""
    held = {"x": 14, "y": 150, "transform": "rotate(-90 14 150)", "class": "middle"}
    rows, columns = _where_dark([("text", "CO2 emissions a head (t)", held)], (60, 300))
    assert rows.mean() == pytest.approx(150, abs=4)
    assert np.ptp(rows) > 120
    assert 2 < columns.min() < columns.max() < 18


def test_a_damaged_font_has_no_letters(tmp_path):
    """Whatever single byte of its table of characters is wrong: the next font is asked."""
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "A", "B", "C"])
    builder.setupCharacterMap({65: "A", 66: "B", 70: "C"})
    whole = tmp_path / "whole.ttf"
    builder.font.save(whole)
    assert set(fonts._read_letters(str(whole))) == {65, 66, 70}
    with TTFont(whole) as font:
        place = font.reader.tables["cmap"]
    damaged = tmp_path / "damaged.ttf"
    for at in range(place.offset, place.offset + place.length):
        held = bytearray(whole.read_bytes())
        held[at] = 2
        damaged.write_bytes(held)
        assert set(fonts._read_letters.__wrapped__(str(damaged))) <= set(range(65_536))
