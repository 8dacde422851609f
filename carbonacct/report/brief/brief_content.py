"""What the brief of an area says: its headline, paragraphs, charts and table, whatever file it goes to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.analysis.peak import find_peak
from carbonacct.categories import categories
from carbonacct.errors import Finding, OutputError
from carbonacct.projects.rules import explain_rule
from carbonacct.report.brief.brief_limits import STEPS, BriefLimits, fits, shorten
from carbonacct.report.brief.brief_wording import amount, percent, phrase, unit_of, write_number
from carbonacct.report.brief.lacking_entries import find_lacking
from carbonacct.report.grouping import group_findings
from carbonacct.report.named_methods import find_method_of
from carbonacct.report.sector_totals import SECTOR_NAMES
from carbonacct.report.stated_texts import describe_note
from carbonacct.texts import Text, add_unit, join_names
from carbonacct.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from carbonacct.errors import Finding
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.stated_in_project import StatedNote

_NAMED = 3  # sources of a sentence
_LONGEST_NAME = 60  # columns of an area's name
_LEVELS = 3  # of categories that sources are told by
_INDIRECT = 2  # the scope of electricity and heat brought in
_BARS = 8  # of a chart
_YEARS_OF_PEAK = 3
# Of a total: a smaller source without a number may be none, as in the checks of series.
_LEAST = 0.01
_TERMS = {
    "population": "population",
    "gdp/population": "wealth",
    "energy/gdp": "intensity",
    "co2/energy": "carbon",
}


@dataclass(frozen=True)
class BriefChart:
    """Bars or a line: names (or years), values in a unit, and whether they are changes."""

    kind: str
    title: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    unit: str


@dataclass(frozen=True)
class BriefTable:
    """A table with its caption and header; the last rows are totals."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: int


@dataclass(frozen=True)
class BriefPart:
    """A section: heading, paragraphs, and what stands below them."""

    heading: str
    paragraphs: tuple[str, ...]
    chart: BriefChart | None = None
    table: BriefTable | None = None


@dataclass(frozen=True)
class Brief:
    """The brief of one area and its latest year."""

    title: str
    lead: str
    parts: tuple[BriefPart, ...]
    made: str
    lang: str


@dataclass(frozen=True)
class BriefContext:
    """What is known beside the inventory.

    Attributes
    ----------
    intervals
        ``area, year, value, lower, upper`` in t; shown where the value is that of the headline
        (:func:`carbonacct.report.uncertainty_tables.assess_uncertainty`).
    effects
        ``area, from, to, term, value`` in t CO2 (:func:`carbonacct.report.kaya.collect_effects`).
    targets
        Sentences on targets, by area.
    accepted
        Findings that somebody accepted with a reason: counted, and no longer to be checked.
    notes
        Of the compiler; those of the area and year of the brief are shown.
    """

    intervals: pd.DataFrame | None = None
    effects: pd.DataFrame | None = None
    targets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    accepted: tuple[Finding, ...] = ()
    notes: tuple[StatedNote, ...] = ()


@dataclass(frozen=True)
class _Account:
    """The sums of one area in one measure: CO2, or all gases by a metric; without land."""

    area: str
    gas: str  # "" of all, by a metric
    measure: str
    totals: pd.Series  # by year
    sources: pd.DataFrame  # year x source: sectors, or categories where there is one sector
    land: pd.Series
    indirect: pd.Series
    lang: str

    @property
    def year(self) -> int:
        return int(self.totals.index[-1])

    def of_year(self, year: int) -> pd.Series[float]:
        """Return the sources of a year; NaN where one has no number."""
        return self.sources.xs(year, axis=0)  # type: ignore[return-value]

    @property
    def before(self) -> int | None:
        return int(self.totals.index[-2]) if len(self.totals) > 1 else None

    def find_lone(self) -> list[str]:
        """Return the sources that one of the last two years alone has: no number is not zero, they do not compare."""
        last, earlier = self.sources.iloc[-1], self.sources.iloc[-2]
        is_large = last.fillna(earlier).abs() > _LEAST * self.totals.iloc[-2:].max()
        return [str(source) for source in last.index[(last.isna() != earlier.isna()) & is_large]]


def make_briefs(
    inventory: Inventory, *, lang: str, gwp: str | None = None, beside: BriefContext | None = None
) -> list[Brief]:
    """Return the brief of each area, of its latest year: two pages, by :data:`STEPS` what is left out of a longer one.

    Parameters
    ----------
    inventory
        Of any sectors, areas and years.
    lang
        ``"zh"`` or ``"en"``.
    gwp
        Name of a metric: all gases in CO2-equivalent; without it the brief is of CO2 alone.

    Raises
    ------
    OutputError
        If there is nothing to write of.
    """
    found = []
    for area in inventory.entries["area"].unique():
        account = _add_up(inventory.select(area=str(area)), str(area), lang, gwp)
        if account is not None:
            told = beside or BriefContext()
            steps = (_write(inventory, account, told, limits) for limits in STEPS)
            *_, brief = _until_it_fits(steps)
            found.append(brief)
    if not found:
        raise OutputError(phrase("nothing", lang))
    return found


def _add_up(here: Inventory, area: str, lang: str, gwp: str | None) -> _Account | None:
    sums: dict[str, object] = {"gwp": gwp} if gwp else {"gas": "CO2"}
    is_co2 = here.entries["gas"] == "CO2"
    if not (gwp or (is_co2 & (here.entries["scope"] == 1)).any()):
        return None
    rows = here.by("year", "sector", "category", known_only=True, **sums)  # type: ignore[arg-type]
    rows = rows[rows["value"].notna()]
    direct, land = rows[rows["sector"] != "land"], rows[rows["sector"] == "land"]
    if direct.empty:
        return None
    sectors = direct["sector"].unique()
    names = direct["sector"] if len(sectors) > 1 else direct["category"].map(_short)
    sources = direct.assign(source=names.astype(str)).pivot_table(
        "value", "year", "source", aggfunc="sum"
    )
    has_indirect = (here.entries["scope"] == _INDIRECT) & (gwp is not None or is_co2)
    indirect = (
        here.by("year", scope=_INDIRECT, known_only=True, **sums)  # type: ignore[arg-type]
        if has_indirect.any()
        else pd.DataFrame({"year": [], "value": []})
    )
    return _Account(
        area=area,
        gas="" if gwp else "CO2",
        measure=phrase("CO2e", lang, metric=gwp) if gwp else phrase("CO2", lang),
        totals=direct.groupby("year")["value"].sum().sort_index(),
        sources=sources.sort_index(),
        land=land.groupby("year")["value"].sum(),
        indirect=indirect.set_index("year")["value"],
        lang=lang,
    )


def _short(category: str) -> str:
    """Return a category at the third level, such as 1.A.2."""
    return ".".join(category.split(".")[:_LEVELS])


def _name(source: str, lang: str) -> str:
    """Return the name of a sector or category; of one above others, that it is not divided here."""
    if source in SECTOR_NAMES:
        return SECTOR_NAMES[source][lang == "en"]
    held = categories().get(source)
    if held is None:
        return source
    name = held.name_zh if lang == "zh" else held.name_en
    return name if source.count(".") == _LEVELS - 1 else phrase("undivided", lang, name=name)


def _until_it_fits(briefs: Iterable[Brief]) -> Iterator[Brief]:
    for brief in briefs:
        yield brief
        if fits(brief):
            return


def _write(
    inventory: Inventory, account: _Account, beside: BriefContext, limits: BriefLimits
) -> Brief:
    lang, area = account.lang, account.area
    entries = inventory.entries
    methods = entries.loc[entries["area"] == area, "method"].unique()
    parts = [
        _tell_structure(account, limits.sources),
        _tell_change(account, beside.effects),
        _tell_peak(account, _count_uneven(inventory, area)),
    ]
    if sentences := beside.targets.get(area):
        parts.append(_list_some("targets", sentences, lang, limits.targets))
    if notes := [one for one in beside.notes if one.is_of(area, account.year)]:
        parts.append(_list_some("notes", _tell_notes(notes, lang), lang, limits.notes))
    parts.append(_tell_quality(inventory, account, beside.accepted))
    named = join_names((_name_method(inventory, str(one), lang) for one in methods), lang)
    made = phrase("made", lang, method=named, version=__version__)
    return Brief(
        title=phrase("title", lang, area=shorten(area, _LONGEST_NAME), year=account.year),
        lead=_lead(
            account,
            beside.intervals,
            find_lacking(inventory, account.area, account.year, account.gas),
        ),
        parts=tuple(_limit_part(part, limits) for part in parts),
        made=shorten(made, limits.columns),
        lang=lang,
    )


def _tell_notes(notes: Sequence[StatedNote], lang: str) -> list[str]:
    """Return notes as sentences, with the category that they are of."""
    heads = [describe_note(one, lang)["category"] for one in notes]
    return [
        phrase("note", lang, category=head, text=one.text) if head else one.text
        for head, one in zip(heads, notes, strict=True)
    ]


def _list_some(key: str, sentences: Sequence[str], lang: str, most: int) -> BriefPart:
    shown = tuple(sentences[:most])
    if left := len(sentences) - len(shown):
        shown += (phrase(f"more {key}", lang, count=left),)
    return BriefPart(phrase(key, lang), shown)


def _limit_part(part: BriefPart, limits: BriefLimits) -> BriefPart:
    chart = part.chart if part.chart and part.chart.kind in limits.charts else None
    texts = tuple(shorten(text, limits.columns) for text in part.paragraphs)
    return replace(part, paragraphs=texts, chart=chart)


def _name_method(inventory: Inventory, identifier: str, lang: str) -> str:
    method = find_method_of(inventory, identifier)
    if method is None:  # of other sectors alone
        return identifier
    return method.title_zh if lang == "zh" else method.title


def _lead(account: _Account, intervals: pd.DataFrame | None, lacks: pd.DataFrame) -> str:
    """Return the headline: the total, that it is one of a part, its interval, and the change since the year before."""
    lang, year, before = account.lang, account.year, account.before
    space = " " if lang == "en" else ""  # of brackets
    total = float(account.totals.iloc[-1])
    sentence = phrase(
        "headline",
        lang,
        year=year,
        area=shorten(account.area, _LONGEST_NAME),
        measure=account.measure,
        value=amount(total, lang),
    )
    if lacking := int(((lacks["scope"] != _INDIRECT) & (lacks["sector"] != "land")).sum()):
        sentence += space + phrase("of a part", lang, count=lacking)
    if intervals is not None:
        here = intervals[(intervals["area"] == account.area) & (intervals["year"] == year)]
        # An interval of another sum, of another gas or with land, is not that of the headline.
        for row in here[np.isclose(here["value"], total, rtol=1e-9)].to_dict("records"):
            bounds = {name: amount(row[name], lang, like=total) for name in ("lower", "upper")}
            sentence += space + phrase("interval", lang, **bounds)
    if before is not None and (lone := account.find_lone()):
        names = join_names((_name(source, lang) for source in lone), lang)
        sentence += phrase("not alike", lang, before=before, names=names)
    elif before is not None:
        earlier = float(account.totals.iloc[-2])
        change = total - earlier
        key = "up" if change > 0 else "down" if change < 0 else "same"
        share = percent(change / earlier, signed=True) if earlier else "–"
        sentence += phrase(
            key, lang, before=before, change=amount(abs(change), lang), percent=share
        )
    return sentence + phrase("stop", lang)


def _tell_structure(account: _Account, most: int) -> BriefPart:
    lang, year = account.lang, account.year
    scale, unit = unit_of(lang)
    now = account.of_year(year).dropna()
    now = now[now != 0].sort_values(ascending=False)
    total = float(account.totals.iloc[-1])
    sentences = []
    if total > 0 and len(now):
        sentences.append(
            phrase(
                "largest",
                lang,
                first=_name(str(now.index[0]), lang),
                share=percent(float(now.iloc[0]) / total),
                three=percent(float(now.iloc[:_NAMED].sum()) / total),
            )
        )
    shown = _put_together(now, most, lang)
    rows = [
        (name, write_number(value / scale, 2), percent(value / total) if total else "")
        for name, value in shown
    ]
    has_land = year in account.land.index
    key = "total without land" if has_land else "total"
    rows.append((phrase(key, lang), write_number(total / scale, 2), percent(1.0)))
    if has_land:
        land = float(account.land[year])
        key = "removal" if land < 0 else "source"
        net = amount(total + land, lang)
        sentences.append(phrase(key, lang, value=amount(abs(land), lang), net=net))
        rows.append((_name("land", lang), write_number(land / scale, 2), ""))
        rows.append((phrase("total", lang), write_number((total + land) / scale, 2), ""))
    value = float(account.indirect.get(year, np.nan))
    if np.isfinite(value):  # a sum that lacks a part is among what has no number
        sentences.append(phrase("indirect", lang, value=amount(value, lang)))
    table = BriefTable(
        caption=phrase("table", lang, year=year),
        header=(
            phrase("source column", lang),
            add_unit(account.measure, unit, lang),
            phrase("share column", lang),
        ),
        rows=tuple(rows),
        totals=3 if has_land else 1,
    )
    return BriefPart(
        phrase("structure", lang), tuple(sentences), _draw_sources(account, now), table
    )


def _put_together(now: pd.Series, most: int, lang: str) -> list[tuple[str, float]]:
    """Return sources by name, the smallest as one where there are more than `most`."""
    kept = now if len(now) <= most else now.iloc[: most - 1]
    found = [(_name(str(source), lang), float(value)) for source, value in kept.items()]
    if len(kept) < len(now):
        found.append((phrase("others", lang), float(now.iloc[len(kept) :].sum())))
    return found


def _draw_sources(account: _Account, now: pd.Series) -> BriefChart | None:
    if len(now) < 2:
        return None
    lang = account.lang
    scale, unit = unit_of(lang)
    names, values = zip(*_put_together(now, _BARS + 1, lang), strict=True)
    key = "by sector" if now.index[0] in SECTOR_NAMES else "by category"
    return BriefChart(
        "bars", phrase(key, lang), names, tuple(value / scale for value in values), unit
    )


def _tell_change(account: _Account, effects: pd.DataFrame | None) -> BriefPart:
    lang, year, before = account.lang, account.year, account.before
    scale, unit = unit_of(lang)
    heading = phrase("change", lang)
    if before is None:
        return BriefPart(heading, (phrase("one year", lang),))
    change = (account.of_year(year) - account.of_year(before)).dropna()
    change = change[change != 0].sort_values(ascending=False)
    sentences = []
    for key, part in (("rose", change[change > 0]), ("fell", change[change < 0][::-1])):
        if len(part):
            named = [
                phrase(
                    "part",
                    lang,
                    name=_name(str(source), lang),
                    value=amount(float(value), lang, signed=True),
                )
                for source, value in part.iloc[:_NAMED].items()
            ]
            sentences.append(phrase(key, lang, before=before, names=join_names(named, lang)))
    if effects is not None:
        sentences += _tell_effects(effects[effects["area"] == account.area], lang)
    largest = change.reindex(change.abs().sort_values(ascending=False).index)[:_BARS]
    chart = BriefChart(
        kind="changes",
        title=f"{phrase('of change', lang)} {before}–{year}",
        names=tuple(_name(str(source), lang) for source in largest.index),
        values=tuple(float(value) / scale for value in largest),
        unit=unit,
    )
    return BriefPart(heading, tuple(sentences), chart if len(largest) > 1 else None)


def _tell_effects(effects: pd.DataFrame, lang: str) -> list[str]:
    """Return what the factors of the Kaya identity did from the first year to the last."""
    if effects.empty:
        return []
    first, last = effects["from"].min(), effects["to"].max()
    whole = effects[(effects["from"] == first) & (effects["to"] == last)]
    held = {
        _TERMS[term]: phrase(
            "cuts" if value < 0 else "adds", lang, value=amount(abs(float(value)), lang)
        )
        for term, value in zip(whole["term"], whole["value"], strict=True)
        if term in _TERMS
    }
    if len(held) < len(_TERMS):
        return []
    return [phrase("effects", lang, **{"from": first, "to": last}, **held)]


def _count_uneven(inventory: Inventory, area: str) -> int:
    """Return how many sources of an area are in the totals of some years and not of others."""
    return sum(
        one.rule == "series-coverage"
        and isinstance(one.message, Text)
        and one.message.values["area"] == area
        for one in inventory.findings
    )


def _tell_peak(account: _Account, uneven: int) -> BriefPart:
    """Return what is to be said of a peak; totals that do not cover the same call none."""
    lang, totals = account.lang, account.totals
    scale, unit = unit_of(lang)
    heading = phrase("peak", lang)
    years = [int(year) for year in totals.index]
    chart = BriefChart(
        kind="line",
        title=f"{phrase('by year', lang)}",
        names=tuple(map(str, years)),
        values=tuple(float(value) / scale for value in totals),
        unit=unit,
    )
    if len(years) < _YEARS_OF_PEAK:
        return BriefPart(heading, (phrase("few years", lang),), chart if len(years) > 1 else None)
    table = totals.rename("value").rename_axis("year").reset_index()
    row = find_peak(table, value="value").iloc[0]
    status = str(row["status"]) or "few years"
    sentence = phrase(
        "falling" if uneven and status == "peaked" else status,
        lang,
        **{"from": years[0], "to": years[-1]},
        year=int(row["peak_year"]),
        value=amount(float(row["peak"]), lang),
        fall=percent(float(row["fall"])) if np.isfinite(row["fall"]) else "",
    )
    told = (sentence, phrase("uneven", lang, count=uneven)) if uneven else (sentence,)
    return BriefPart(heading, told, chart)


def _tell_quality(
    inventory: Inventory, account: _Account, accepted: Sequence[Finding]
) -> BriefPart:
    lang = account.lang
    settled = {(one.rule, one.where, str(one.message)) for one in accepted}
    findings = group_findings(
        [
            one
            for one in inventory.findings
            if (one.rule, one.where, str(one.message)) not in settled
        ]
    )
    count = {
        severity: sum(finding.severity == severity for finding in findings)
        for severity in ("error", "warning", "info")
    }
    sentences = [
        phrase(
            "findings",
            lang,
            errors=count["error"],
            warnings=count["warning"],
            infos=count["info"],
        )
        if findings
        else phrase("clean", lang)
    ]
    if worst := _name_worst(findings, lang):
        sentences.append(phrase("worst", lang, names=join_names(worst, lang)))
    if settled:
        sentences.append(phrase("accepted", lang, count=len(settled)))
    sentences += _tell_lacking(inventory, account)
    return BriefPart(phrase("quality", lang), tuple(sentences))


def _name_worst(findings: Sequence[Finding], lang: str) -> list[str]:
    """Return the rules to look at first with their numbers of findings: errors before warnings, the dearest first."""
    held: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity != "info":
            held.setdefault(finding.rule, []).append(finding)
    order = sorted(held, key=lambda rule: _weigh(held[rule]), reverse=True)
    return [
        phrase("rule", lang, what=explain_rule(rule).what[lang], count=len(held[rule]))
        for rule in order[:_NAMED]
    ]


def _weigh(findings: Sequence[Finding]) -> tuple[bool, float]:
    is_error = any(finding.severity == "error" for finding in findings)
    return is_error, sum(abs(finding.worth or 0.0) for finding in findings)


def _tell_lacking(inventory: Inventory, account: _Account) -> list[str]:
    lacks = find_lacking(inventory, account.area, account.year, account.gas)
    if lacks.empty:
        return []
    lang, counted = account.lang, int((lacks["scope"] != _INDIRECT).sum())
    names = dict.fromkeys(
        _name(_short(str(code)), lang) if code else phrase("brought in", lang)
        for code in lacks["category"]
    )
    shown = join_names(list(names)[: 2 * _NAMED], lang)
    told = [phrase("lacking", lang, count=counted)] if counted else []
    return [*told, phrase("no number", lang, names=shown)]
