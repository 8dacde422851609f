"""Key categories: how much of the level, or of the trend, the largest make up together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.charts import Bar, draw_bars
from carbonacct.errors import PanelError
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.report.standalone_names import name_key_category
from carbonacct.texts import say

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.charts import Drawing

_WORDS = {
    "en": {
        "level": "share of the level (%)",
        "trend": "share of the trend (%)",
        "sum": "cumulative",
        "key": "key category",
        "not": "not key",
    },
    "zh": {
        "level": "占排放水平的比重（%）",
        "trend": "占排放趋势的比重（%）",
        "sum": "累计",
        "key": "关键类别",
        "not": "非关键类别",
    },
}


def draw_key_categories(
    found: pd.DataFrame, *, by: str = "level", title: str = "", lang: str = "en"
) -> Drawing:
    """Return the share of each category, the largest first, with their cumulative sum.

    Parameters
    ----------
    found
        From :func:`carbonacct.find_key_categories`, of one area.
    by
        ``"level"`` or ``"trend"``.
    title, lang
        Heading; ``"en"`` or ``"zh"``: language of names and words.

    Returns
    -------
    Drawing
        A notebook shows it; :func:`carbonacct.charts.save_charts` writes it.

    Raises
    ------
    PanelError
        If a column lacks, or there is no base year and so no trend.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 1, Ch. 4, figure 4.2 and tables 4.2 and 4.3.
    """
    columns = {
        "level": ("level", "level_cumulative", "level_key"),
        "trend": ("trend_contribution", "trend_cumulative", "trend_key"),
    }
    if by not in columns:
        raise PanelError(say("no key categories by {by!r}; known: level, trend", by=by))
    share, cumulative, key = columns[by]
    if lacking := [
        name for name in ("category", "gas", share, cumulative, key) if name not in found.columns
    ]:
        raise PanelError(
            say("no column {lacking!r}; give the table of find_key_categories", lacking=lacking[0])
        )
    if found[share].isna().all():
        raise PanelError(
            say(
                "the categories have no {by}; give find_key_categories a base year for a trend",
                by=by,
            )
        )
    if (twice := find_repeated(found, ["category", "gas"])) is not None:
        raise PanelError(
            say(
                "{category} is there twice; draw one area at a time",
                category=twice["category"],
            )
        )
    rows = found[found[share].notna()].sort_values(share, ascending=False, kind="stable")
    several = len(set(rows["gas"])) > 1
    names = [
        name_key_category(category, lang) + (f"  {gas}" if several else "")
        for category, gas in zip(rows["category"], rows["gas"], strict=True)
    ]
    words = _WORDS[lang]
    looks = {True: "bar-fill", False: "total"}
    keys = rows[key].astype(bool).tolist()
    bars = [
        Bar(name, 100 * float(part), look=looks[is_key])
        for name, part, is_key in zip(names, rows[share], keys, strict=True)
    ]
    return draw_bars(
        f"{title} — {words[by]}" if title else words[by],
        bars,
        "{:.1f}".format,
        sums=[100 * float(total) for total in rows[cumulative]],
        sums_name=words["sum"],
        legend={looks[one]: words["key" if one else "not"] for one in dict.fromkeys(keys)},
        lang=lang,
    )
