"""The sections that follow energy and carbon from supply to use."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.charts.drawing import Drawing
from carbonacct.charts.scales import shorten
from carbonacct.report.page.flow_traces import derive_flows, name_node
from carbonacct.report.page.page_words import (
    energy_unit,
    format_energy,
    format_mass,
    mass_unit,
    section,
    word,
)
from carbonacct.report.page.sankey_layout import NODE, WIDTH
from carbonacct.report.page.svg import draw_chart, fill_template
from carbonacct.sectors.energy.energy_flows import DIFFERENCES
from carbonacct.texts import add_unit, join_names, tell_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from carbonacct.report.page.flow_traces import FlowTraces
    from carbonacct.report.page.joined_parts import Fragment
    from carbonacct.report.page.page_content import Content


def show_energy(content: Content, lang: str) -> Markup | str:
    """Return the flow of energy of each area and year."""
    return _show(content, lang, "energy")


def show_carbon(content: Content, lang: str) -> Markup | str:
    """Return the flow of carbon, as CO2, of each area and year."""
    return _show(content, lang, "carbon")


def _show(content: Content, lang: str, kind: str) -> Markup | str:
    if not content.detailed:
        return ""
    words = section("sankey", lang)
    return fill_template(
        "sankey.html",
        title=words[kind],
        text=words[f"{kind}_text"],
        charts=content.parts.shown.get((kind, lang), ()),
        content=content,
    )


def list_energy(content: Content, lang: str) -> list[Fragment]:
    """Return the chart of energy of each area and year."""
    return _list(content, lang, "energy", partial(format_energy, lang=lang), unit=energy_unit(lang))


def list_carbon(content: Content, lang: str) -> list[Fragment]:
    """Return the chart of carbon of each area and year."""
    return _list(content, lang, "carbon", partial(format_mass, lang=lang), unit=mass_unit(lang))


def _list(
    content: Content, lang: str, kind: str, show: Callable[..., str], *, unit: str
) -> list[Fragment]:
    fragments: list[Fragment] = []
    for (area, year), flows in (content.energy if kind == "energy" else content.carbon).items():
        label = add_unit(word(f"sankey.{kind}_chart", lang, area=area, year=year), unit, lang)
        left_out = [vocabulary.name("product", product, lang) for product in flows.left_out]
        notes = (
            [word("sankey.left_out", lang, names=join_names(left_out, lang))] if left_out else []
        )
        if flows.below_zero:
            amount = f"{show(flows.below_zero)} {unit}"
            notes.append(word("sankey.below_zero", lang, amount=amount))
        traces = derive_flows(content, kind, area, year)
        drawn = draw_flows(traces, label, lang, show=show, unit=unit)
        chart = fill_template(
            "sankey_chart.html",
            svg=(
                draw_chart(drawn, summary=word("page.numbers_of_chart", lang))
                if flows.links
                else word("sankey.no_flows", lang)
            ),
            note=" ".join(notes),
        )
        fragments.append((area, year, chart))
    return fragments


def draw_flows(
    traces: FlowTraces, label: str, lang: str, *, show: Callable[..., str], unit: str
) -> Drawing:
    """Return the Sankey diagram of flows; the page's script makes the table of its shapes."""
    diagram = traces.diagram

    def name(node: str) -> str:
        return name_node(node, lang)

    chart = Drawing(label, WIDTH, diagram.height, wide=True, lang=lang)
    for link in sorted(diagram.links, key=lambda link: -link.width):
        middle = (link.x0 + link.x1) / 2
        path = (
            f"M{link.x0:.1f},{link.y0:.1f}C{middle:.1f},{link.y0:.1f} {middle:.1f},{link.y1:.1f}"
            f" {link.x1:.1f},{link.y1:.1f}"
        )
        chart.add(
            "path",
            tell_value(
                f"{name(link.source)} → {name(link.target)}", f"{show(link.value)} {unit}", lang
            ),
            d=path,
            stroke_width=link.width,
            cls=f"link {_colour(link.source, link.target)}",
            data_d=traces.links.get((link.source, link.target)),
            data_row=_write_row(name(link.source), name(link.target), show(link.value)),
        )
    for node in diagram.nodes:
        chart.add(
            "rect",
            tell_value(name(node.name), f"{show(node.value)} {unit}", lang),
            x=node.x,
            y=node.y,
            width=NODE,
            height=node.height,
            cls=f"node {_colour(node.name, node.name)}",
            data_d=traces.nodes.get(node.name),
            data_row=_write_row(name(node.name), "", show(node.value)),
        )
        text = f"{shorten(name(node.name), 20)} {show(node.value, short=True)}"
        chart.add(
            "text",
            text,
            x=node.x + NODE + 5,
            y=node.y + node.height / 2 + 4,
            cls="after",
            data_d=traces.nodes.get(node.name),
        )
    chart.heads = [word(f"sankey.{key}", lang) for key in ("from", "to", "through")] + [unit]
    return chart


def _write_row(source: str, target: str, number: str) -> str:
    """Return the row of a shape in the table of the chart, as its script reads it."""
    return json.dumps([source, target, number], ensure_ascii=False)


def _colour(source: str, target: str) -> str:
    """Return the class of a link: that of its fuel, or what kind of end it goes to."""
    for node in (source, target):
        kind, _, key = node.partition(":")
        if key in DIFFERENCES:
            return "c-difference"
        if kind == "fuel":
            return f"c-{key}"
    return f"c-{target.partition(':')[2]}" if target.startswith("end:") else "c-node"
