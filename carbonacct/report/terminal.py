"""What a command prints: short, aligned (a wide character counts double), in Chinese or English."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.errors import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from carbonacct.errors import Finding

_WORDS = {
    "total": ("直接排放 (范围一)", "direct emissions (scope 1)"),
    "scope 2": ("调入电力与热力 (范围二)", "electricity and heat brought in (scope 2)"),
    "flow": ("活动", "flow"),
    "none": ("没有因子或数据", "no number"),
    "findings": ("发现", "findings"),
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "info": ("说明", "info"),
    "more": ("另有 {} 条同类", "and {} more of this kind"),
    "files": ("文件", "written"),
}
_SHOWN = 3


def _word(key: str, lang: str) -> str:
    return _WORDS[key][0 if lang == "zh" else 1]


def width(text: str) -> int:
    """Return the columns a text takes on a terminal.

    Examples
    --------
    >>> width("原煤 coal")
    9
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _pad(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))


def summarise(frame: pd.DataFrame, findings: Sequence[Finding], *, lang: str = "en", files: Iterable[str] = ()) -> str:
    """Return the summary of an inventory: totals by flow, scope 2 apart, findings by severity, files.

    Parameters
    ----------
    frame
        An inventory as :meth:`carbonacct.Inventory.to_frame` gives it.
    findings
        Its findings.
    lang
        ``"zh"`` or ``"en"``.
    files
        Where the results are.
    """
    lines: list[str] = []
    for (area, year, method, gas), part in frame.groupby(["area", "year", "method", "gas"], sort=False):
        lines.append(f"{area} {year}  {method}  {gas}")
        direct = part[part["scope"] == 1]
        flows = [
            (flow, float(direct.loc[direct["flow"] == flow, "value"].sum())) for flow in dict.fromkeys(direct["flow"])
        ]
        rows = [(f"  {vocabulary.name('flow', str(flow), lang)}", value) for flow, value in flows if value]
        totals = [(_word(key, lang), part[part["scope"] == scope]["value"]) for key, scope in (("total", 1), ("scope 2", 2))]
        column = max(width(label) for label, _ in [*rows, *totals]) + 2
        lines += [f"{_pad(label, column)}{value / 1e6:12.4f} Mt" for label, value in rows]
        for label, cells in totals:
            shown = f"{cells.sum() / 1e6:12.4f} Mt" if len(cells) else f"{_word('none', lang):>12}"
            lines.append(f"{_pad(label, column)}{shown}")
        lines.append("")
    lines += list_findings(findings, lang=lang, shown=_SHOWN)
    files = list(files)
    if files:
        lines.append(f"{_word('files', lang)}: {', '.join(files)}")
    return "\n".join(lines)


def list_findings(findings: Sequence[Finding], *, lang: str = "en", shown: int | None = None) -> list[str]:
    r"""Return findings as lines, by severity and rule; at most ``shown`` of a rule.

    Examples
    --------
    >>> from carbonacct.errors import Finding
    >>> print("\n".join(list_findings([Finding("r", "warning", "twice")] * 3, shown=1)))
    findings: 0 error, 3 warning, 0 info
      warning  twice
               and 2 more of this kind
    """
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    lines = [
        f"{_word('findings', lang)}: "
        + ", ".join(f"{count} {_word(severity, lang)}" for severity, count in counts.items())
    ]
    for severity in SEVERITIES:
        rules = dict.fromkeys(finding.rule for finding in findings if finding.severity == severity)
        for rule in rules:
            alike = [finding for finding in findings if finding.severity == severity and finding.rule == rule]
            tag = _word(severity, lang)
            lines += [f"  {_pad(tag, 7)}  {finding}" for finding in alike[:shown]]
            if shown is not None and len(alike) > shown:
                lines.append(f"  {' ' * 7}  {_word('more', lang).format(len(alike) - shown)}")
    return lines
