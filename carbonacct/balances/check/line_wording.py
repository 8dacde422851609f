"""What is said of a whole row or column that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.energy_range import find_energy_range
from carbonacct.balances.check.cause_evidence import name_cell, say_identity
from carbonacct.errors import name_some
from carbonacct.texts import say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.check.cause_evidence import Fault
    from carbonacct.balances.check.lines import LineCause

_MOST_LISTED = 3
_UNITS = {
    1e4: say("亿 for 万, or 万 for one"),
    1e-4: say("万 for 亿, or one for 万"),
    1e3: say("千 for one"),
    1e-3: say("one for 千"),
}


def describe_line(balance: EnergyBalance, fault: Fault, line: LineCause) -> tuple[str, str, str]:
    """Return the rule, the message and the action of a line."""
    names = balance.flows if line.axis == "row" else balance.products
    name, sums = (
        say("the {axis} {name}", axis=line.axis, name=names[line.at]),
        say("{mended_count} sums", mended_count=len(line.mended)),
    )
    if line.kind == "missing-row":
        return _describe_missing(balance, fault, line)
    if line.kind == "shifted":
        return _describe_shifted(balance, fault, line)
    unit = (
        say(" ({unit})", unit=_UNITS[line.factor])
        if line.factor in _UNITS
        else _name_standard(balance, line)
    )
    sign = (
        "line-scaled",
        say("{name} may have the wrong sign: {sums} hold with the other", name=name, sums=sums),
        say("check its sign"),
    )
    texts = {
        "other-row": (
            "other-row",
            say(
                "{name} is not the sum of its rows in {sums}, and nothing else bears it out",
                name=name,
                sums=sums,
            ),
            say("a row may be missing, or this is the row of another table"),
        ),
        "extra": (
            "line-extra",
            say("{name} is no part of its totals: {sums} hold without it", name=name, sums=sums),
            say("check its label: it may be contained in another"),
        ),
        "swapped": (
            "lines-swapped",
            say(
                "{name} and the {axis} {other_name} may be exchanged: {sums} hold if they are",
                name=name,
                axis=line.axis,
                other_name=names[line.other],
                sums=sums,
            ),
            say("check their labels"),
        ),
        "scaled": (
            "line-scaled",
            say(
                "{name} may be in another unit: {sums} hold if its numbers are "
                "multiplied by {factor:.6g}{unit}",
                name=name,
                sums=sums,
                factor=line.factor,
                unit=unit,
            ),
            say("check the unit in the header"),
        ),
    }
    return sign if line.factor == -1.0 else texts[line.kind]


def _name_standard(balance: EnergyBalance, line: LineCause) -> str:
    """Return the words for a column of tonnes whose factor is that of coal equivalent, or nothing."""
    if line.axis != "column" or balance.units[line.at] != "t":
        return ""
    lower, upper = (part[line.at] for part in find_energy_range(balance))
    content = conversion_factor("tce", "GJ") / line.factor
    is_standard = abs(line.factor - 1) < 1 and lower <= content <= upper
    return (
        say(" (as tonnes of coal equivalent at {content:.3g} GJ/t)", content=content)
        if is_standard
        else ""
    )


def _describe_missing(
    balance: EnergyBalance, fault: Fault, line: LineCause
) -> tuple[str, str, str]:
    """Return the finding of a sum of rows that falls short like a row that is not there."""
    flow = balance.flows[line.at]
    lacking = [
        other
        for other, entry in vocabulary.flows().items()
        if entry.parent == flow
        and entry.part == "sum"
        and other not in balance.flows
        and vocabulary.base_of(other) == other
    ]
    hint = (
        say(" ({lacking} not printed)", lacking=name_some(lacking, _MOST_LISTED)) if lacking else ""
    )
    sums = [i for i in line.mended if fault.case.system.by_rows[i]]
    products = len(sums)
    widest = max(sums, key=lambda i: abs(float(fault.case.measured.difference[i])))
    message = say(
        "{products} products of {flow} are not what its rows give, and the differences "
        "add up like a row of their own, the furthest: {identity}",
        products=products,
        flow=flow,
        identity=say_identity(balance, fault, widest),
    )
    return "missing-row", message, say("a row of {flow} may be missing{hint}", flow=flow, hint=hint)


def _describe_shifted(
    balance: EnergyBalance, fault: Fault, line: LineCause
) -> tuple[str, str, str]:
    """Return the finding of a row or column whose numbers stand one cell beside their place."""
    names = balance.flows if line.axis == "row" else balance.products
    directions = {
        ("row", 1.0): "right",
        ("row", -1.0): "left",
        ("column", 1.0): "down",
        ("column", -1.0): "up",
    }
    start = name_cell(balance, fault, find_first_number(fault, line))
    message = say(
        "the {axis} {name} may be shifted by one cell ({way}) from {start} on: "
        "{mended_count} sums hold without that",
        axis=line.axis,
        name=names[line.at],
        way=directions[line.axis, line.factor],
        start=start,
        mended_count=len(line.mended),
    )
    return "line-shifted", message, say("check its cells")


def find_first_number(fault: Fault, line: LineCause) -> int:
    """Return the first cell of a line that changes and holds a number, or its first cell."""
    held, wanted = fault.case.numbers[line.cells], line.numbers
    changed = ~np.isnan(held) & (np.isnan(wanted) | (held != np.nan_to_num(wanted)))
    return int(line.cells[int(np.argmax(changed))])
