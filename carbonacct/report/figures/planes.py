"""Places in a plane: intensity against income with lines of equal product, and the decoupling wheel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.analysis.result_names import result_names
from carbonacct.charts import Point, draw_plane, draw_wheel
from carbonacct.charts.scales import show_three
from carbonacct.errors import PanelError
from carbonacct.texts import join_parts, say, tell_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from carbonacct.charts import Drawing

_DASH = " — "


def draw_intensity_plane(
    x: ArrayLike,
    y: ArrayLike,
    labels: Sequence[str],
    *,
    lines: str = "product",
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    line_label: str = "",
) -> Drawing:
    """Return a chart of places in a plane with lines along which the product, or the ratio, of both axes is one number.

    Parameters
    ----------
    x, y
        One number a place, above zero: such as income and emissions of income, whose product is
        emissions a head.
    labels
        Names of the places.
    lines
        ``"product"``: lines of equal ``x y``; ``"ratio"``: of equal ``y / x``.
    title, x_label, y_label, line_label
        Heading, axes with their units, and what the lines are.

    Returns
    -------
    Drawing
        A notebook shows it; :func:`carbonacct.charts.save_charts` writes it.

    Raises
    ------
    PanelError
        If lengths differ, a number is not above zero, or the lines are neither of both.
    """
    across, along = _read_points(x, y, labels)
    if lines not in {"product", "ratio"}:
        raise PanelError(say("no lines of {lines!r}; known: product, ratio", lines=lines))
    if (across <= 0).any() or (along <= 0).any():
        raise PanelError(
            say(
                "a place of the plane is not above zero; lines of equal product or ratio do "
                "not reach it: leave it out"
            )
        )
    heading = f"{title}{_DASH}{line_label}" if title and line_label else title or line_label
    points = _make_points(across, along, labels)
    return draw_plane(heading, points, x_label=x_label, y_label=y_label, equal=lines)


def draw_decoupling_wheel(
    x: ArrayLike,
    y: ArrayLike,
    labels: Sequence[str],
    *,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    lang: str = "en",
) -> Drawing:
    """Return a chart of places by the growth of a driver and of a pressure, over the eight states of decoupling.

    Parameters
    ----------
    x, y
        Growth of the driver (GDP) and of the pressure (emissions), as shares.
    labels
        Names of the places.
    title, x_label, y_label
        Heading and axes.
    lang
        ``"en"`` or ``"zh"``: language of the states.

    Returns
    -------
    Drawing
        A notebook shows it; :func:`carbonacct.charts.save_charts` writes it.

    Raises
    ------
    PanelError
        If lengths differ or a number is missing.

    Notes
    -----
    Tapio (2005), Transport Policy 12, 137-151, figure 1. Both axes have one scale, so that an angle
    is an elasticity.
    """
    across, along = _read_points(x, y, labels)
    points = [
        replace(point, look="rise" if point.y > 0 else "fall")
        for point in _make_points(100 * across, 100 * along, labels, lang)
    ]
    return draw_wheel(
        title, points, result_names(lang)["state"], x_label=x_label, y_label=y_label, lang=lang
    )


def _make_points(
    across: np.ndarray, along: np.ndarray, labels: Sequence[str], lang: str = "en"
) -> list[Point]:
    return [
        Point(
            str(label),
            float(x),
            float(y),
            tell_value(str(label), join_parts(lang, show_three(x), show_three(y)), lang),
        )
        for x, y, label in zip(across, along, labels, strict=True)
    ]


def _read_points(
    x: ArrayLike, y: ArrayLike, labels: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    across, along = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if across.shape != along.shape or across.shape != (len(labels),) or not len(labels):
        raise PanelError(
            say(
                "{size} numbers across, {along_size} along and {label_count} labels; give "
                "one of each for each place",
                size=across.size,
                along_size=along.size,
                label_count=len(labels),
            )
        )
    missing = ~(np.isfinite(across) & np.isfinite(along))
    if missing.any():
        raise PanelError(
            say("{label} has no number; leave it out", label=labels[int(missing.argmax())])
        )
    return across, along
