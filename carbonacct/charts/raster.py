"""Shapes of charts as pixels, by Pillow."""

from __future__ import annotations

import math
import re
import struct
import zlib
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from carbonacct.charts.fonts import find_fonts, has_letter
from carbonacct.charts.look import GROUND, INK, colours, look_of
from carbonacct.errors import OutputError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

    Point = tuple[float, float]
    Shape = tuple[str, str, dict[str, Any]]

DPI = 300
_SCALE = DPI / 96  # pixels of a unit in which shapes are measured
_FINE = 2  # times as fine as the picture shapes are drawn, so that slanting lines are smooth
_SIZE = 12.0  # of letters
_PACKED = 4  # level of zlib: the next takes as much room and more time
_INCH = 0.0254  # m
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_PLACES = ("x", "y", "width", "height", "cx", "cy", "r", "x1", "x2", "y1", "y2")


def paint(size: tuple[float, float], shapes: Sequence[Shape]) -> Image:
    """Return a picture of 300 dpi with shapes on the ground of the page; texts lie over all others.

    Parameters
    ----------
    size
        Width and height in 1/96 inch, as the coordinates of the shapes.
    shapes
        As of :class:`carbonacct.charts.drawing.Drawing`: lines, rectangles, circles, polygons and
        texts; others are left out.

    Raises
    ------
    OutputError
        If Pillow or what reads fonts is not installed, or no font has the characters.
    """
    try:
        from PIL import Image, ImageDraw  # noqa: PLC0415 - an extra

        fonts = find_fonts(text for kind, text, _ in shapes if kind == "text")
    except ImportError as error:
        raise OutputError(
            say(
                "a picture needs {package}, which is not installed; pip install "
                "'carbonacct[figures]'",
                package=str(error.name),
            )
        ) from None
    wide, high = (math.ceil(side * _SCALE) for side in size)
    image = Image.new("RGB", (wide * _FINE, high * _FINE), colours()[GROUND])
    pen = ImageDraw.Draw(image, "RGBA")
    for kind, _, attributes in shapes:
        if kind != "text":
            _draw(pen, kind, attributes)
    image = image.reduce(_FINE)
    for kind, text, attributes in shapes:
        if kind == "text":
            _write(image, text, attributes, fonts)
    return image


def pack_png(image: Image) -> bytes:
    """Return a picture of 300 dpi as PNG, each row as it is.

    Of even colours that takes less room than what filters leave, and half of their time.

    Notes
    -----
    PNG specification, third edition: signature and chunks 5.2 and 5.3, IHDR 11.2.1, IDAT 11.2.3,
    pHYs 11.3.4.3, filter type 0 (none) 9.2.
    """
    wide, high = image.size
    held, long = image.tobytes(), 3 * wide
    rows = b"".join(b"\0" + held[at : at + long] for at in range(0, len(held), long))
    dots = round(DPI / _INCH)
    chunks = {
        b"IHDR": struct.pack(">2I5B", wide, high, 8, 2, 0, 0, 0),  # 8 bits each of red, green, blue
        b"pHYs": struct.pack(">2IB", dots, dots, 1),
        b"IDAT": zlib.compress(rows, _PACKED),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks.items()
    )


def _draw(pen: ImageDraw, kind: str, attributes: dict[str, Any]) -> None:
    """Draw one shape that is no text."""
    look = look_of(str(attributes.get("class", "")))
    at = {name: float(attributes[name]) for name in _PLACES if name in attributes}
    width = max(round(float(look.get("stroke-width", 1)) * _SCALE * _FINE), 1)
    if kind in {"line", "polyline"}:
        ends = (
            _read_points(attributes)
            if kind == "polyline"
            else [(at["x1"], at["y1"]), (at["x2"], at["y2"])]
        )
        dashes = [float(part) for part in look.get("stroke-dasharray", "").split()]
        for piece in _cut(ends, dashes) if dashes else [ends]:
            colour = look.get("stroke", colours()[INK])
            pen.line(_scale(piece), fill=colour, width=width, joint="curve")
        return
    alpha = round(255 * float(look.get("fill-opacity", 1)))
    filled: dict[str, Any] = {
        "fill": _mix(look.get("fill", colours()[INK]), alpha),
        "outline": _mix(look.get("stroke", "none"), alpha),
        "width": width,
    }
    if kind == "rect":
        (left, top), (right, low) = _scale(
            [(at["x"], at["y"]), (at["x"] + at["width"], at["y"] + at["height"])]
        )
        # Pillow counts the last pixel in.
        pen.rectangle((left, top, max(right - 1, left), max(low - 1, top)), **filled)
    elif kind == "circle":
        x, y, radius = at["cx"], at["cy"], at["r"]
        pen.ellipse(_scale([(x - radius, y - radius), (x + radius, y + radius)]), **filled)
    elif kind == "polygon":
        pen.polygon(_scale(_read_points(attributes)), **filled)


def _write(image: Image, text: str, attributes: dict[str, Any], fonts: Sequence[str]) -> None:
    """Write a text on its base line, each letter in the first font that has it."""
    from PIL import Image as Images  # noqa: PLC0415 - an extra
    from PIL import ImageDraw  # noqa: PLC0415

    look = look_of(str(attributes.get("class", "")))
    size = float(attributes.get("font-size", _SIZE)) * _SCALE
    runs = [(_open_font(font, size), run) for font, run in _split(text, fonts)]
    length = sum(font.getlength(run) for font, run in runs)
    x, y = float(attributes["x"]) * _SCALE, float(attributes["y"]) * _SCALE
    start = x - length * _ANCHORS[look.get("text-anchor", "start")]
    colour = look.get("fill", colours()[INK])
    turned = re.match(r"rotate\((-?[\d.]+)", str(attributes.get("transform", "")))
    if not turned:
        _write_runs(ImageDraw.Draw(image), runs, (start, y), colour)
        return
    # The text lies on a mask whose middle is the point that it turns about.
    reach = math.ceil(length + size)
    mask = Images.new("L", (2 * reach, 2 * reach))
    _write_runs(ImageDraw.Draw(mask), runs, (start - x + reach, reach), "white")
    mask = mask.rotate(-float(turned[1]), Images.Resampling.BICUBIC)
    image.paste(colour, (round(x) - reach, round(y) - reach), mask)


def _write_runs(
    pen: ImageDraw, runs: Sequence[tuple[FreeTypeFont, str]], at: Point, colour: str
) -> None:
    x, y = at
    for font, run in runs:
        pen.text((x, y), run, fill=colour, font=font, anchor="ls")
        x += font.getlength(run)


def _split(text: str, fonts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return a text in runs of one font each."""
    run, last = "", fonts[0]
    for letter in text:
        font = next((one for one in fonts if has_letter(one, letter)), last)
        if font != last and run:
            yield last, run
            run = ""
        run, last = run + letter, font
    if run:
        yield last, run


@cache
def _open_font(file: str, size: float) -> FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415 - an extra

    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def _read_points(attributes: dict[str, Any]) -> list[Point]:
    pairs = (pair.split(",") for pair in attributes["points"].split())
    return [(float(x), float(y)) for x, y in pairs]


def _scale(points: Sequence[Point]) -> list[Point]:
    return [(x * _SCALE * _FINE, y * _SCALE * _FINE) for x, y in points]


def _mix(colour: str, alpha: int) -> tuple[int, ...] | None:
    """Return a colour with its opacity, None for none."""
    from PIL import ImageColor  # noqa: PLC0415 - an extra

    return None if colour == "none" else (*ImageColor.getrgb(colour)[:3], alpha)


def _cut(ends: Sequence[Point], dashes: Sequence[float]) -> Iterator[list[Point]]:
    """Return the dashes of a line of several ends; lengths of dash and gap take turns.

    Examples
    --------
    >>> list(_cut([(0, 0), (5, 0)], [2, 1]))
    [[(0.0, 0.0), (2.0, 0.0)], [(3.0, 0.0), (5.0, 0.0)]]
    """
    turn, left = 0, dashes[0]
    for (x0, y0), (x1, y1) in pairwise(ends):
        length, done = math.hypot(x1 - x0, y1 - y0), 0.0
        while done < length:
            step = min(left, length - done)
            places = [
                (x0 + (x1 - x0) * part / length, y0 + (y1 - y0) * part / length)
                for part in (done, done + step)
            ]
            if turn % 2 == 0:
                yield places
            done, left = done + step, left - step
            if left <= 0:
                turn += 1
                left = dashes[turn % len(dashes)]
