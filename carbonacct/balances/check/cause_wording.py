"""Causes of identities that do not hold -> findings: one for each cause, over all its products and years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.check.cause_evidence import (
    SIDES,
    Fault,
    name_cell,
    name_total,
    say_identity,
    show,
)
from carbonacct.balances.check.line_wording import describe_line, find_first_number
from carbonacct.errors import Finding, Gap, name_some
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.check.causes import Change
    from carbonacct.balances.check.lines import LineCause
    from carbonacct.errors import Severity

_MOST_LISTED = 3


def say_faults(balance: EnergyBalance, faults: Sequence[Fault], most: int) -> list[Finding]:
    """Return one finding for each cause of each area, so many of a rule and severity, and a count of the rest."""
    groups: dict[tuple[object, ...], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.area, fault.severity, *fault.key), []).append(fault)
    counts: dict[tuple[str, Severity], int] = {}
    findings: list[Finding] = []
    more: dict[tuple[str, Severity], list[Fault]] = {}
    for group in groups.values():
        kind = group[0].identity.rule, group[0].severity
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= most:
            findings.append(_say_group(balance, group))
        else:
            more.setdefault(kind, []).extend(group)
    for (rule, severity), left in more.items():
        first = left[0]
        f, p = first.identity.total
        findings.append(
            Finding(
                rule,
                severity,
                say(
                    "{left_count} more cells like these, from {product} of {flow} of {area} "
                    "{year} on",
                    left_count=len(left),
                    product=balance.products[p],
                    flow=balance.flows[f],
                    area=balance.areas[first.area],
                    year=balance.years[first.year],
                ),
                balance.locate(first.area, first.year, f, p),
                say("check each area and year alone"),
            )
        )
    return findings


def _say_group(balance: EnergyBalance, group: Sequence[Fault]) -> Finding:
    """Return the finding of one cause; the first of its faults speaks for the others."""
    first = group[0]
    where = balance.locate(first.area, first.year, *first.identity.total)
    if first.cause.line and first.cause.line.axis != "cell":
        return _say_line(balance, group)
    message = say_identity(balance, first, first.first)
    others = [fault for fault in group[1:] if fault.year == first.year]
    if others:
        message = _say_together(balance, [first, *others])
    elif len(first.cause.mended) > 1:
        rest = [name_total(balance, first, i) for i in first.cause.mended if i != first.first]
        message += (
            say("; {rest} fails with it", rest=name_some(rest, _MOST_LISTED))
            if len(rest) == 1
            else say("; {rest} fail with it", rest=name_some(rest, _MOST_LISTED))
        )
    return Finding(
        first.identity.rule,
        first.severity,
        message + _say_years(balance, group),
        where,
        _say_action(balance, first),
        gaps=tuple(gap for fault in group for gap in _list_gaps(balance, fault)),
    )


def _say_years(balance: EnergyBalance, group: Sequence[Fault]) -> str:
    years = list(dict.fromkeys(balance.years[fault.year] for fault in group))
    if len(years) == 1:
        return ""
    return say(
        "; so it is in {year_count} years: {years}",
        year_count=len(years),
        years=join_texts(", ", map(str, years)),
    )


def _say_together(balance: EnergyBalance, faults: Sequence[Fault]) -> str:
    """Return the finding of one cause that stands in many products of a row, or many rows of a product."""
    first = faults[0]
    by_size = sorted(faults, key=_find_relative, reverse=True)
    widest = by_size[0]
    f, p = first.identity.total
    if all(fault.identity.total[0] == f for fault in faults):
        side = SIDES.get(first.identity.rule, say("the rows"))
        what = say(
            "{fault_count} products of {flow} are not what {side} give",
            fault_count=len(faults),
            flow=balance.flows[f],
            side=side,
        )
    else:
        what = say(
            "{product} is blank in {fault_count} rows whose products have numbers",
            product=balance.products[p],
            fault_count=len(faults),
        )
    others = name_some(
        [balance.products[fault.identity.total[1]] for fault in by_size[1:]], _MOST_LISTED
    )
    rows = all(fault.identity.total[0] == f for fault in faults)
    then = say(", then {others}", others=others) if rows and others else ""
    return say(
        "{what}, the furthest: {identity}{then}",
        what=what,
        identity=say_identity(balance, widest, widest.first),
        then=then,
    )


def _find_relative(fault: Fault) -> float:
    """Return the difference of a fault against what stands on its two sides."""
    difference = float(fault.case.measured.difference[fault.first])
    printed = float(np.nan_to_num(fault.case.numbers[fault.case.system.total[fault.first]]))
    return abs(difference) / max(abs(printed), abs(printed - difference))


def _list_gaps(balance: EnergyBalance, fault: Fault) -> Iterable[Gap]:
    """Yield the cells that a fault is about: what they hold minus what they should."""
    case, cause = fault.case, fault.cause
    if fault.identity.action and not cause.changes and not cause.line:
        return  # what these tables do not print is no difference of a cell
    cells, numbers = np.array([], int), np.array([])
    if cause.line:
        cells, numbers = cause.line.cells, cause.line.numbers
    elif cause.changes:
        cells, numbers = np.array([cause.changes[0].cell]), np.array([cause.changes[0].number])
    if not len(cells):
        cells = case.system.total[[fault.first]]
        numbers = np.nan_to_num(case.numbers[cells]) - case.measured.difference[[fault.first]]
    for cell, gap in zip(
        cells.tolist(), np.nan_to_num(case.numbers[cells]) - np.nan_to_num(numbers), strict=True
    ):
        f, p = divmod(cell, case.width)
        if gap:
            yield Gap(
                balance.areas[fault.area],
                balance.years[fault.year],
                balance.flows[f],
                balance.products[p],
                float(gap),
            )


def _say_action(balance: EnergyBalance, fault: Fault) -> str:
    """Return the likely cause, or which cells are confirmed by another identity and which are not."""
    cause = fault.cause
    if cause.line:
        return _say_cells(balance, fault, cause.line)
    if cause.changes and cause.changes[0].kind == "open":
        return _say_open(balance, fault, cause.changes)
    if cause.changes:
        return join_texts(
            "; or ", (_say_change(balance, fault, change) for change in cause.changes)
        )
    if fault.identity.action:
        return fault.identity.action
    if fault.key[0] == "blank":
        return say("the total is left blank: fill it in, or leave it out")
    return say("no other sum tells which of its cells is off: check them")


def _say_open(balance: EnergyBalance, fault: Fault, changes: Sequence[Change]) -> str:
    """Return the cells that no other sum confirms, and what each would have to be."""
    sentences = []
    for change in changes:
        p = change.cell % fault.case.width
        number = show(balance, float(fault.case.numbers[change.cell]), p)
        sentences.append(
            say(
                "{cell} may be wrong: {number} for {other_number}",
                cell=name_cell(balance, fault, change.cell),
                number=number,
                other_number=show(balance, change.number, p),
            )
        )
    # A number may be left out as well because the true one would be below zero: that confirms nothing.
    named = {change.cell for change in changes}
    rest = [cell for cell in fault.case.cells_of(fault.first).tolist() if cell not in named]
    is_confirmed = bool(rest) and all(map(fault.case.is_confirmed, rest))
    return join_texts("; or ", sentences) + (
        say("; other sums confirm the rest") if is_confirmed else ""
    )


def _say_cells(balance: EnergyBalance, fault: Fault, line: LineCause) -> str:
    """Return what may have happened to a cell and to others with it."""
    pairs = [
        say(
            "{printed} for {other_number}",
            printed=show(balance, float(fault.case.numbers[cell]), cell % fault.case.width),
            other_number=show(balance, float(number), cell % fault.case.width),
        )
        for cell, number in zip(line.cells.tolist(), line.numbers.tolist(), strict=True)
    ]
    names = [name_cell(balance, fault, cell) for cell in line.cells.tolist()]
    name, both = names[0], pairs[0]
    if line.kind == "joint":
        cells = join_texts(
            "; and ",
            (
                say("{item} may hold another number: {pair}", item=one, pair=pair)
                for one, pair in zip(names, pairs, strict=True)
            ),
        )
        return say(
            "{cause}, as {mended_count} sums say", cause=cells, mended_count=len(line.mended)
        )
    if line.kind == "carried":
        above = name_some(
            [name_cell(balance, fault, cell) for cell in line.cells[1:].tolist()], _MOST_LISTED
        )
        return say(
            "{name} may hold another number: {both}, and its total with it ({above}), "
            "as {mended_count} sums say",
            name=name,
            both=both,
            above=above,
            mended_count=len(line.mended),
        )
    slip = (
        say("the wrong sign")
        if line.factor == -1.0
        else say("its decimal point in the wrong place")
    )
    return say(
        "{name} may have {slip}, and its parts with it: {both}", name=name, slip=slip, both=both
    )


def _say_change(balance: EnergyBalance, fault: Fault, change: Change) -> str:
    """Return what may have happened to a number."""
    p = change.cell % fault.case.width
    name = name_cell(balance, fault, change.cell)
    number = show(balance, float(fault.case.numbers[change.cell]), p)
    both = say(
        "{number} for {other_number}", number=number, other_number=show(balance, change.number, p)
    )
    kinds = {
        "decimal-point": say("may have its decimal point in the wrong place: {both}", both=both),
        "sign": say("may have the wrong sign: {both}", both=both),
        "glued-digit": say("may have the digit of a footnote behind its number: {both}", both=both),
        "digits-swapped": say("may have two digits exchanged: {both}", both=both),
        "digit": say("may have a digit misread: {both}", both=both),
        "number": say(
            "may hold another number: {both}, as {mended_count} sums say",
            both=both,
            mended_count=len(fault.cause.mended),
        ),
    }
    if not np.nan_to_num(fault.case.numbers[change.cell]):
        return say(
            "{name} may lack a number: {other_number}, as {mended_count} sums say",
            name=name,
            other_number=show(balance, change.number, p),
            mended_count=len(fault.cause.mended),
        )
    return join_texts(" ", (name, kinds[change.kind]))


def _say_line(balance: EnergyBalance, group: Sequence[Fault]) -> Finding:
    """Return the finding of a row or column that is wrong as a whole."""
    fault = group[0]
    line = fault.cause.line
    assert line is not None  # noqa: S101 - for the type checker: only faults of lines come here
    rule, message, action = describe_line(balance, fault, line)
    f, p = divmod(find_first_number(fault, line), fault.case.width)
    return Finding(
        rule,
        "error",
        message + _say_years(balance, group),
        balance.locate(fault.area, fault.year, f, p),
        action,
        gaps=tuple(gap for one in group for gap in _list_gaps(balance, one)),
    )
