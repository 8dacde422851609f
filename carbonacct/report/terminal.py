"""What a command prints: short, aligned (a wide character counts double), in Chinese or English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.catalogue import in_language
from carbonacct.errors import SEVERITIES
from carbonacct.report.doubts import describe_doubts, note_doubts
from carbonacct.report.standalone_names import name_flow
from carbonacct.report.word_tables import WordTable
from carbonacct.text_columns import count_columns, fill_columns
from carbonacct.texts import join_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.report.doubts import Doubt, Key

_word = WordTable(
    {
        "total": ("直接排放（范围一）", "direct emissions (scope 1)"),
        "scope 2": ("净调入电力与热力（范围二）", "electricity and heat brought in, net (scope 2)"),
        "part": ("仅{product}", "{product} only"),
        "lacking": ("没有因子：{products}", "no factor: {products}"),
        "scope 1": ("直接排放", "scope 1"),
        "scope 2 short": ("净调入电热", "scope 2, net"),
        "interval": ("直接排放 {level} 区间", "direct emissions, {level} interval"),
        "narrow": (
            "偏窄：{count} 个因子按精确值计",
            "too narrow: {count} factor rows count as exact",
        ),
        "none": ("没有因子或数据", "no number"),
        "findings": ("发现：{counts}", "findings: {counts}"),
        "error": ("错误", "error"),
        "warning": ("警告", "warning"),
        "info": ("说明", "info"),
        "more": ("另有 {count} 条同类", "and {count} more of this kind"),
        "files": ("文件：{files}", "written: {files}"),
    }
)
_SHOWN = 3  # findings of one rule
_IN_FULL = 4  # areas, years and gases that are shown flow by flow
_DIGITS = 15


def summarise(
    frame: pd.DataFrame,
    findings: Sequence[Finding],
    *,
    lang: str = "en",
    files: Iterable[str] = (),
    intervals: pd.DataFrame | None = None,
    lacking: Mapping[tuple[str, int], Sequence[str]] | None = None,
    doubts: Mapping[tuple[str, int], Sequence[Doubt]] | None = None,
) -> str:
    """Return the summary of inventories: totals by flow (alone if more than four), scope 2 apart, findings, files.

    Parameters
    ----------
    frame
        An inventory as :meth:`carbonacct.EnergyInventory.to_frame` gives it.
    findings
        Its findings.
    lang
        ``"zh"`` or ``"en"``.
    files
        Where the results are.
    intervals
        ``area, year, lower, upper, level`` of direct CO2, if they were asked for.
    lacking
        Products of scope 2 without a factor by (area, year), from
        :func:`carbonacct.report.joined_inventories.list_lacking`: the total of scope 2 is then no number,
        and what has one is shown under its own name.
    doubts
        What the checks call wrong by (area, year), from
        :func:`carbonacct.report.doubts.list_doubts`: said under direct CO2.
    """
    lacking, doubts = lacking or {}, doubts or {}
    groups = list(frame.groupby(["area", "year", "method", "gas"], sort=False))
    lines = (
        _list_totals(groups, lacking, lang)
        if len(groups) > _IN_FULL
        else [
            line for key, part in groups for line in _show_one(key, part, (lacking, doubts), lang)
        ]
    )
    if len(groups) > _IN_FULL and doubts:
        lines += [*note_doubts(dict(list(doubts.items())[:_IN_FULL]), lang, _show_co2), ""]
    if intervals is not None:
        for row in intervals.to_dict("records"):
            interval = (
                f"{_amount(row['lower'], 'CO2')} –"
                f" {_amount(row['upper'], 'CO2')}{note_narrow(row.get('narrow', 0), lang)}"
            )
            lines.append(
                f"{row['area']} {row['year']}  CO2  {_word('interval', lang, level=row['level'])} "
                f" {interval}"
            )
        lines.append("")
    lines += list_findings(findings, lang=lang, shown=_SHOWN)
    lines += list_files(files, lang=lang)
    return "\n".join(lines)


def note_narrow(count: int, lang: str) -> str:
    """Return the mark of an interval for which factor rows count as exact."""
    return f"  ({_word('narrow', lang, count=count)})" if count else ""


def _show_one(
    key: tuple[Any, ...],
    part: pd.DataFrame,
    marks: tuple[Mapping[Key, Sequence[str]], Mapping[Key, Sequence[Doubt]]],
    lang: str,
) -> list[str]:
    """Return the lines of one area, year, method and gas: flows, the total of each scope, and what is wrong."""
    area, year, method, gas = key
    direct = part[part["scope"] == 1]
    flows = [
        (flow, float(direct.loc[direct["flow"] == flow, "value"].sum()))
        for flow in dict.fromkeys(direct["flow"])
    ]
    rows = [
        (f"  {name_flow(str(flow), lang)}", _amount(value, gas)) for flow, value in flows if value
    ]
    lacking, doubts = marks[0].get((area, year), ()), marks[1].get((area, year), ())
    rows += [(_word("total", lang), _total(part, 1, lang)), *_show_scope2(part, lacking, lang)]
    column = max(count_columns(label) for label, _ in rows) + 2
    lines = [
        f"{fill_columns(label, column)}{fill_columns(text, -_DIGITS)}".rstrip()
        for label, text in rows
    ]
    marked = (
        [f"  ! {line}" for line in describe_doubts(doubts, lang, _show_co2)] if gas == "CO2" else []
    )
    place = sum(bool(value) for _, value in flows) + 1  # behind direct emissions
    return [f"{area} {year}  {method}  {gas}", *lines[:place], *marked, *lines[place:], ""]


def _show_scope2(part: pd.DataFrame, lacking: Sequence[str], lang: str) -> list[tuple[str, str]]:
    """Return the line of scope 2.

    Where a part has no factor, no number with the reason, and what is known under its own name.
    """
    if not lacking:
        return [(_word("scope 2", lang), _total(part, 2, lang))]
    name = _word("lacking", lang, products=join_products(lacking, lang))
    known = part[part["scope"] == 2]
    parts = [
        (
            f"  {_word('part', lang, product=vocabulary.name('product', str(product), lang))}",
            float(own["value"].sum()),
        )
        for product, own in known[~known["product"].isin(list(lacking))].groupby(
            "product", sort=False
        )
    ]
    return [
        (_word("scope 2", lang), _word("none", lang)),
        (f"  {name}", ""),
        *((label, _amount(value, "CO2")) for label, value in parts if value),
    ]


def join_products(products: Sequence[str], lang: str) -> str:
    """Return the names of products as a list in a sentence."""
    return ("、" if lang == "zh" else ", ").join(
        vocabulary.name("product", product, lang) for product in products
    )


def _list_totals(
    groups: Sequence[tuple[Any, pd.DataFrame]],
    lacking: Mapping[tuple[str, int], Sequence[str]],
    lang: str,
) -> list[str]:
    """Return one line for each area, year and gas, under a head."""
    heads = ("", _word("scope 1", lang), _word("scope 2 short", lang))
    none = _word("none", lang)
    rows = [
        (
            f"{area} {year}  {gas}",
            _total(part, 1, lang),
            none if (area, year) in lacking else _total(part, 2, lang),
        )
        for (area, year, _, gas), part in groups
    ]
    columns = [max(count_columns(row[i]) for row in [heads, *rows]) for i in range(3)]
    lines = [
        f"{fill_columns(label, columns[0])}  {fill_columns(direct, -columns[1])} "
        f" {fill_columns(indirect, -columns[2])}"
        for label, direct, indirect in [heads, *rows]
    ]
    return [", ".join(dict.fromkeys(method for (_, _, method, _), _ in groups)), *lines, ""]


def _total(part: pd.DataFrame, scope: int, lang: str) -> str:
    cells = part[part["scope"] == scope]
    return (
        _amount(float(cells["value"].sum()), cells["gas"].iloc[0])
        if len(cells)
        else _word("none", lang)
    )


def _amount(tonnes: float, gas: str) -> str:
    """Return an amount of CO2 in Mt, of another gas in t; one that is not zero never looks like zero."""
    value, digits, unit = (tonnes / 1e6, 4, " Mt") if gas.startswith("CO2") else (tonnes, 1, "  t")
    return (f"{value:.2g}" if 0 < abs(value) < 0.5 * 10**-digits else f"{value:.{digits}f}") + unit


def _show_co2(tonnes: float) -> str:
    return _amount(tonnes, "CO2")


def list_findings(
    findings: Sequence[Finding], *, lang: str = "en", shown: int | None = None
) -> list[str]:
    r"""Return findings as lines, by severity and rule; at most ``shown`` of a rule.

    Examples
    --------
    >>> from carbonacct.errors import Finding
    >>> print("\n".join(list_findings([Finding("r", "warning", "twice")] * 3, shown=1)))
    findings: 0 error, 3 warning, 0 info
      warning  twice
               and 2 more of this kind
    """
    counts = {
        severity: sum(finding.severity == severity for finding in findings)
        for severity in SEVERITIES
    }
    comma = "，" if lang == "zh" else ", "
    listed = comma.join(f"{count} {_word(severity, lang)}" for severity, count in counts.items())
    lines = [_word("findings", lang, counts=listed)]
    for severity in SEVERITIES:
        rules = dict.fromkeys(finding.rule for finding in findings if finding.severity == severity)
        for rule in rules:
            alike = [
                finding
                for finding in findings
                if finding.severity == severity and finding.rule == rule
            ]
            tag = _word(severity, lang)
            lines += [
                f"  {fill_columns(tag, 7)}  {in_language(str(one), lang)}" for one in alike[:shown]
            ]
            if shown is not None and len(alike) > shown:
                lines.append(f"  {' ' * 7}  {_word('more', lang, count=len(alike) - shown)}")
    return lines


def list_files(files: Iterable[str], *, lang: str = "en") -> list[str]:
    """Return the line that names the files that were written; none where there are none.

    Examples
    --------
    >>> list_files(["a.csv", "a.xlsx"]), list_files([])
    (['written: a.csv, a.xlsx'], [])
    """
    named = join_names(files, lang)
    return [_word("files", lang, files=named)] if named else []
