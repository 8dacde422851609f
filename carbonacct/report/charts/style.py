"""What all figures share: fonts that hold their text, colours, and quiet axes."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import cache
from math import floor, log10
from typing import TYPE_CHECKING, Any

from carbonacct.errors import OutputError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.ft2font import FT2Font

INK, QUIET, RULE = "#22272b", "#6b747b", "#d9dee2"
RISE, FALL, LEVEL = "#c1553b", "#2b7a8b", "#9aa4ab"
# Okabe and Ito (2008), Color Universal Design: told apart by every kind of colour vision.
SERIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c8c", "#b8a500")
_BOXES = "Last Resort"  # has a box for every character
_LATIN = "DejaVu Sans"  # comes with matplotlib
_PREFERRED = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Noto Sans CJK JP",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
)


@contextmanager
def figure_style(texts: Iterable[str]) -> Iterator[None]:
    """Draw with fonts that hold every character of some texts.

    Raises
    ------
    OutputError
        If matplotlib is not installed, or no installed font has the characters.
    """
    families = find_fonts(texts)
    import matplotlib as mpl  # noqa: PLC0415 - an extra

    settings: Any = {
        "font.family": families,
        "font.size": 10,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": RULE,
        "axes.titlelocation": "left",
        "axes.titlesize": 12,
        "axes.titleweight": "bold",
        "axes.titlepad": 14,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "axes.axisbelow": True,
        "grid.color": RULE,
        "grid.linewidth": 0.7,
        "savefig.dpi": 200,
        "legend.frameon": False,
    }
    with mpl.rc_context(settings):
        yield


def find_fonts(texts: Iterable[str]) -> list[str]:
    """Return families that together hold every character of some texts, as they are looked up in turn.

    Raises
    ------
    OutputError
        If matplotlib is not installed, or no installed font has the characters that its own lacks.
    """
    try:
        from matplotlib import font_manager  # noqa: PLC0415 - an extra
    except ImportError:
        raise OutputError(
            say(
                "a figure needs matplotlib, which is not installed; pip install "
                "'carbonacct[figures]'"
            )
        ) from None
    wanted = {letter for text in texts for letter in text if not letter.isspace()}
    latin = font_manager.findfont(_LATIN)
    missing = {letter for letter in wanted if not has_letter(latin, letter)}
    if not missing:
        return [_LATIN]
    if (found := _find_font(missing)) is None:
        # A font that was installed since matplotlib listed them is in no list of its.
        listed = {entry.fname for entry in font_manager.fontManager.ttflist}
        for place in set(font_manager.findSystemFonts()) - listed:
            with suppress(RuntimeError, OSError):  # no font that can be read
                font_manager.fontManager.addfont(place)
        found = _find_font(missing)
    if found is not None:
        return [_LATIN, found]
    shown = "".join(sorted(missing)[:8])
    raise OutputError(
        say(
            "no installed font has {shown}; install one (Debian, Ubuntu: apt-get install "
            "fonts-noto-cjk), or give labels in English with lang='en'",
            shown=shown,
        )
    )


def find_font_files(texts: Iterable[str]) -> list[str]:
    """Return the files of the families of :func:`find_fonts`."""
    families = find_fonts(texts)
    from matplotlib import font_manager  # noqa: PLC0415 - an extra

    return [font_manager.findfont(family) for family in families]


def _find_font(letters: set[str]) -> str | None:
    """Return the family that holds some letters, a preferred one first."""
    from matplotlib import font_manager  # noqa: PLC0415 - an extra

    paths = {
        entry.name: entry.fname
        for entry in reversed(font_manager.fontManager.ttflist)
        if entry.style == "normal" and not entry.name.startswith(_BOXES)
    }
    order = {name: position for position, name in enumerate(_PREFERRED)}
    names = sorted(paths, key=lambda name: (order.get(name, len(order)), name))
    return next(
        (name for name in names if all(has_letter(paths[name], letter) for letter in letters)), None
    )


def has_letter(file: str, letter: str) -> bool:
    """Return whether a font has a character."""
    return bool(_open(file).get_char_index(ord(letter)))


@cache
def _open(file: str) -> FT2Font:
    from matplotlib.ft2font import FT2Font as Face  # noqa: PLC0415 - an extra

    return Face(file)


def number(value: float) -> str:
    """Return a number as a figure prints it: three digits that count, a real minus sign.

    Examples
    --------
    >>> number(-1234.5), number(0.04321), number(7.0)
    ('−1,230', '0.0432', '7.00')
    """
    if value == 0:
        return "0"
    digits = 2 - floor(log10(abs(value)))
    return f"{round(value, digits):,.{max(digits, 0)}f}".replace("-", "−")


def thousands(value: float, _place: float) -> str:
    """Return a number of an axis with its thousands apart.

    Examples
    --------
    >>> thousands(12500.0, 0), thousands(-0.5, 1)
    ('12,500', '−0.5')
    """
    return (
        f"{value:,.6g}".replace("-", "−") if abs(value) < 1e6 else f"{value:,.0f}".replace("-", "−")
    )


def mark_zero(axes: Axes, *, across: bool) -> None:
    """Draw the line of zero over the grid."""
    (axes.axhline if across else axes.axvline)(0, color=INK, linewidth=0.8, zorder=2)
