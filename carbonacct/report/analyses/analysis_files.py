"""A section as a file of each kind, by the suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.errors import OutputError
from carbonacct.report.files import check_target, place_file
from carbonacct.report.frames import FRAME_WRITERS, write_frame
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.report.analyses.section import Section


def write_analysis(
    analysis: Analysis, target: str, *, lang: str = "en", overwrite: bool = False
) -> None:
    """Write an analysis to a file by its suffix, or its rows as CSV to standard output (``-``).

    Parameters
    ----------
    analysis
        The rows, and what they are of.
    target
        ``-``; a path that ends in .csv, .json, .nc or .parquet: the rows as data; or in .html,
        .docx, .xlsx, .svg or .png: title, tables, charts, notes, sources and provenance.
    lang
        ``"zh"`` or ``"en"``: the language of what people read.
    overwrite
        Whether a file that is there may be replaced.

    Raises
    ------
    OutputError
        As :func:`carbonacct.report.files.place_file`; or a picture is asked for of an analysis that
        has no chart.

    Examples
    --------
    >>> import pandas as pd, pathlib, tempfile
    >>> import carbonacct as ca
    >>> from carbonacct.analysis.analysis_result import Analysis
    >>> panel = pd.DataFrame({"year": range(2010, 2020), "co2": [90, 95, 100, 97, 95, 94, 92, 91, 90, 88]})
    >>> made = Analysis("peak", ca.find_peak(panel, value="co2"), words={"value": "co2"}, series=panel)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "peak.html")
    ...     write_analysis(made, str(path), lang="zh")
    ...     "CO₂ 排放的达峰判断" in path.read_text(encoding="utf-8")
    True
    """
    if target == "-":
        write_frame(analysis.frame, target)
        return
    suffix = check_target(target, SUFFIXES, overwrite=overwrite)
    if suffix not in _WRITERS:
        write_frame(
            analysis.frame, target, analysis.findings, title=analysis.kind, overwrite=overwrite
        )
        return
    from carbonacct.report.analyses.shaping import make_section  # noqa: PLC0415 - data need none

    write = _WRITERS[suffix]
    section = make_section(analysis, lang)
    if suffix in {".svg", ".png"} and not section.charts:
        raise OutputError(
            say(
                "{target}: there is no chart of this; write .html, .docx or .xlsx",
                target=target,
            )
        )
    place_file(target, lambda path: write(section, analysis, path), overwrite=overwrite)


def plot_analysis(analysis: Analysis, *, lang: str = "en") -> list[Axes]:
    """Draw the charts of an analysis on axes whose coordinates are its numbers: for notebooks.

    Parameters
    ----------
    analysis
        The rows, and what they are of.
    lang
        ``"zh"`` or ``"en"``: the language of names.

    Returns
    -------
    list of matplotlib.axes.Axes
        One a chart, each on a figure of its own.

    Raises
    ------
    OutputError
        If matplotlib or a font for the texts is not installed.
    """
    from carbonacct.charts import plot_chart  # noqa: PLC0415
    from carbonacct.report.analyses.shaping import make_section  # noqa: PLC0415 - data need none

    charts = make_section(analysis, lang).charts
    return [plot_chart(chart) for chart in charts if chart.kind]


def _write_html(section: Section, _analysis: Analysis, path: Path) -> None:
    from carbonacct.report.analyses.analysis_words import word  # noqa: PLC0415
    from carbonacct.report.page.page_words import page_style  # noqa: PLC0415
    from carbonacct.report.page.svg import draw_chart, fill_template  # noqa: PLC0415

    text = fill_template(
        "analysis.html",
        section=section,
        charts=[
            draw_chart(chart, summary=word("numbers", section.lang)) for chart in section.charts
        ],
        words={key: word(key, section.lang) for key in ("notes", "findings", "sources", "made")},
        style=page_style(),
    )
    path.write_text(str(text), encoding="utf-8")


def _write_svg(section: Section, _analysis: Analysis, path: Path) -> None:
    from carbonacct.charts import draw_svg  # noqa: PLC0415

    path.write_text(draw_svg(section.charts), encoding="utf-8")


def _write_png(section: Section, _analysis: Analysis, path: Path) -> None:
    from carbonacct.charts import draw_png  # noqa: PLC0415

    path.write_bytes(draw_png(section.charts))


def _write_word(section: Section, _analysis: Analysis, path: Path) -> None:
    from carbonacct.report.analyses.document import write_document  # noqa: PLC0415

    write_document(section, path)


def _write_book(section: Section, analysis: Analysis, path: Path) -> None:
    if analysis.kind == "scenario-leap":  # another program reads it
        from carbonacct.report.leap_book import write_leap  # noqa: PLC0415

        write_leap(analysis.frame, path, area=analysis.words["area"])
        return
    if analysis.kind == "forms":  # in their printed layout
        from carbonacct.report.form_book import write_forms  # noqa: PLC0415

        write_forms(analysis, path, section.lang)
        return
    from carbonacct.report.analyses.analysis_book import write_book  # noqa: PLC0415

    write_book(section, analysis, path)


_WRITERS: dict[str, Callable[[Section, Analysis, Path], None]] = {
    ".html": _write_html,
    ".docx": _write_word,
    ".xlsx": _write_book,
    ".svg": _write_svg,
    ".png": _write_png,
}
SUFFIXES = tuple(dict.fromkeys([*FRAME_WRITERS, *_WRITERS]))
