"""Targets of a project as all outputs show them: progress, needed pace, verdict and how sure it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.analysis.result_names import result_names
from carbonacct.analysis.target_units import unit_of
from carbonacct.catalogue import in_language, name_unit
from carbonacct.report.brief import brief_wording
from carbonacct.report.significant_digits import show_value
from carbonacct.report.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = (
    *("area", "id", "what", "due", "target", "to", "reached", "path"),
    *("progress", "needed_rate", "status", "chance", "reason"),
)
NUMBERS = ("target", "reached", "path", "progress", "needed_rate", "chance")
_SHARES = ("cut", "rise", "rate")  # fractions, shown in percent
word = WordTable(
    {
        "targets": ("目标进展", "Targets"),
        "note": (
            (
                "按有表的年份判断：路径值是评价年应达到的数，所需年变化率是到目标年为止指标每年还要变化的比率；"
                "把握是抽样中结论成立的比例，燃料燃烧二氧化碳以外的量按精确值计。"
            ),
            (
                "Judged by years with a print: the path is where the year judged should be, the needed"
                " rate is the change a year of the quantity up to the due year. How sure: the share of"
                " draws in which the verdict holds; what is not CO2 of fuels counts as exact."
            ),
        ),
        "opened": (
            "由本项目的清单与驱动因素算出；份额为小数。",
            "Worked out from the inventory and the drivers of the project (output targets); shares are fractions.",
        ),
        "area": ("地区", "area"),
        "id": ("目标", "target"),
        "what": ("内容", "what is asked"),
        "due": ("目标年", "due"),
        "target": ("目标值", "target value"),
        "to": ("评价年", "year judged"),
        "reached": ("实际值", "reached"),
        "path": ("路径值", "on the path"),
        "progress": ("进度（%）", "progress (%)"),
        "needed_rate": ("所需年变化率（%）", "needed rate a year (%)"),
        "status": ("结论", "verdict"),
        "chance": ("把握（%）", "how sure (%)"),
        "reason": ("说明", "remark"),
        "unsure": ("未评估", "not assessed"),
        "provisional": (
            "补齐的年份 {year} 年：{status}",
            "by the filled year {year}: {status}",
        ),
        "cut": ("下降", "cut of"),
        "rise": ("上升", "rise of"),
        "rate": ("年变化率", "rate a year of"),
        "added": ("增量", "increase of"),
        "level": ("", ""),
        "cumulative": ("累计", "sum of"),
        "peak_year": ("达峰年", "peak year of"),
        "since": ("较{base}年", "since {base}"),
        "asked": ("{quantity}{since}{statistic}", "{statistic} {quantity} {since}"),
        "sentence": (
            "{quantity}：{to}年为{reached}，目标{bound}{target}（{due}年），{status}{more}。",
            "{quantity}: {reached} in {to}, the target is {bound} {target} by {due}; {status}{more}.",
        ),
        "sentence rate": ("，到目标年每年还须变化{rate}%", "; from now on {rate} % a year"),
        "sentence chance": ("，抽样中{chance}%如此", "; so in {chance} % of draws"),
        "sentence none": ("{what}：不能判断，{reason}。", "{what}: cannot be judged, {reason}."),
    }
)


def show_targets(
    judged: pd.DataFrame, lang: str, units: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """Return each target as texts by column of `COLUMNS`.

    Parameters
    ----------
    judged
        Verdicts (:func:`carbonacct.projects.panel_tables.make_table`), with ``chance`` where the
        project declares its uncertainty.
    units
        Of the columns that the quantities name; numbers of other columns bear none.
    """
    return [_show(row, lang, units or {}) for row in judged.to_dict("records")]


def _show(row: dict[Any, Any], lang: str, units: Mapping[str, str]) -> dict[str, str]:
    statuses = result_names(lang)["status"]
    if row["statistic"] in _SHARES:
        row = row | {name: 100 * row[name] for name in ("target", "reached", "path")}
        unit = "%"
    else:
        unit = unit_of(row["quantity"], units)
    shown = {
        "area": str(row["area"]),
        "id": str(row["id"]),
        "what": " ".join(filter(None, (_name_asked(row, lang), _name_bound(row, lang)))),
        "status": statuses.get(row["status"], row["status"]),
        "reason": str(in_language(row["reason"], lang)),
        **{name: _year(row[name]) for name in ("due", "to")},
        **{name: _number(row[name], unit, lang) for name in ("target", "reached", "path")},
        **{name: _percent(row[name]) for name in ("progress", "needed_rate")},
    }
    if row["statistic"] == "peak_year":
        shown |= {name: _year(row[name]) for name in ("target", "reached")}
    chance = row.get("chance", math.nan)
    if row["status"]:
        shown["chance"] = _percent(chance) or word("unsure", lang)
    later = row.get("provisional_status", "")
    if later:
        told = statuses.get(later, later)
        filled = word("provisional", lang, year=_year(row["provisional_to"]), status=told)
        shown["reason"] = "; ".join(filter(None, (shown["reason"], filled)))
    return {name: shown.get(name, "") for name in COLUMNS}


def tell_targets(
    judged: pd.DataFrame, lang: str, units: Mapping[str, str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return a sentence for each target by area, as a brief says it; `units` as of :func:`show_targets`."""
    told: dict[str, tuple[str, ...]] = {}
    if judged.empty:
        return told
    texts = show_targets(judged, lang, units)
    for row, shown in zip(judged.to_dict("records"), texts, strict=True):
        told[shown["area"]] = (*told.get(shown["area"], ()), _tell(row, shown, lang))
    return told


def _tell(row: dict[Any, Any], shown: dict[str, str], lang: str) -> str:
    if not shown["status"]:
        return word("sentence none", lang, what=shown["what"], reason=shown["reason"])
    more = ""
    if shown["needed_rate"] and row["status"] != "met":
        more += word("sentence rate", lang, rate=shown["needed_rate"])
    if shown["chance"] != word("unsure", lang):
        more += word("sentence chance", lang, chance=shown["chance"])
    names = ("to", "reached", "target", "due", "status")
    values = {
        name: shown[name].replace(" %", "%") if lang == "zh" else shown[name] for name in names
    }
    quantity, bound = _name_asked(row, lang), _name_bound(row, lang)
    sentence = word("sentence", lang, more=more, quantity=quantity, bound=bound, **values)
    return " ".join(sentence.split())  # a bound may be none


def _name_asked(row: dict[Any, Any], lang: str) -> str:
    """Return the statistic of a quantity since its base year."""
    from carbonacct.report.analyses.analysis_words import (  # noqa: PLC0415 - it imports the page
        name_quantity,
    )

    has_base = not _is_nothing(row["base_year"])
    since = word("since", lang, base=_year(row["base_year"])) if has_base else ""
    quantity, statistic = name_quantity(row["quantity"], lang), word(row["statistic"], lang)
    if lang == "zh":
        quantity = quantity.replace(" ", "")
    asked = word("asked", lang, quantity=quantity, since=since, statistic=statistic)
    return " ".join(asked.split())


def _name_bound(row: dict[Any, Any], lang: str) -> str:
    """Return how the number is to be compared with that of the target, such as at least."""
    from carbonacct.report.analyses.analysis_words import names_of  # noqa: PLC0415 - as above

    return str(names_of("bound", lang).get(row["bound"], row["bound"]))


def _year(value: Any) -> str:
    return "" if _is_nothing(value) else f"{float(value):.0f}"


def _number(value: Any, unit: str, lang: str) -> str:
    """Return a number with its unit, tonnes in those of reports.

    Examples
    --------
    >>> _number(1.13756e8, "t", "zh"), _number(1.13756e8, "t", "en"), _number(18.2, "%", "zh")
    ('11,375.60万吨', '113,756.00 kt', '18.2 %')
    >>> _number(113_756_123.4, "", "en"), _number(0.0125, "t/万元", "zh"), _number(0.0, "万人", "zh")
    ('113,756,123', '0.0125 t/万元', '0万人')
    """
    if _is_nothing(value):
        return ""
    if unit == "t":
        scale, unit = brief_wording.unit_of(lang)
        text = f"{value / scale:,.2f}"
    elif unit == "%":
        text = f"{value:,.1f}"
    else:
        text = show_value(value)
    told = name_unit(unit, lang)
    gap = "" if lang == "zh" and not told.isascii() and "/" not in told else " "
    return f"{text}{gap}{told}".rstrip().replace("-", "−")


def _percent(value: Any) -> str:
    return "" if _is_nothing(value) else f"{100 * value:.1f}".replace("-", "−")


def _is_nothing(value: Any) -> bool:
    """Return whether a number is none; pandas has a nothing of its own for whole numbers."""
    return bool(pd.isna(value))
