"""How much of the motor fuel of each sector burns on the road: shares, each with its source."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.data import read_rows, shown_name
from carbonacct.errors import FactorDataError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COLUMNS = ("flow", "product", "share", "source")
_FROM, _TO = "final_consumption", "transport"


@dataclass(frozen=True)
class MotorFuelShare:
    """The share of a product of a flow, and of the parts of both, that burns on the road.

    Attributes
    ----------
    share
        A fraction from 0 to 1 (dimensionless).
    source
        The document that says so.
    """

    flow: str
    product: str
    share: float
    source: str


def read_motor_fuels(path: str | Path) -> tuple[MotorFuelShare, ...]:
    r"""Return the shares of a file.

    Parameters
    ----------
    path
        A CSV ``flow,product,share,source``: an id or a name of a row of final consumption and of a
        fuel, a fraction, and the document that says so.

    Raises
    ------
    FactorDataError
        If it cannot be read, or with every fault of its lines at once.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "shares.csv")
    ...     _ = file.write_text("flow,product,share,source\n工业,汽油,0.9,survey of 2019\n")
    ...     read_motor_fuels(file)
    (MotorFuelShare(flow='industry', product='gasoline', share=0.9, source='survey of 2019'),)
    """
    name = shown_name(path)
    try:
        rows = read_rows(Path(path))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        remedy = say("name a CSV {columns}", columns=",".join(_COLUMNS))
        raise FactorDataError(
            say("{name}: shares of motor fuels: {why}; {remedy}", name=name, why=why, remedy=remedy)
        ) from None
    lacking = [column for column in _COLUMNS if rows and column not in rows[0]]
    if lacking or not rows:
        what = say("no column {lacking!r}", lacking=lacking[0]) if lacking else say("no line")
        raise FactorDataError(
            say(
                "{name}: {what}; write a CSV {columns}",
                name=name,
                what=what,
                columns=",".join(_COLUMNS),
            )
        )
    made = [_read_share(row) for row in rows]
    faults: list[str] = [
        say("{name}:{line}: {fault}", name=name, line=row["line"], fault=fault)
        for row, share in zip(rows, made, strict=True)
        for fault in _find_faults(row, share)
    ]
    faults += _find_doubles(name, rows, made)
    if faults:
        raise FactorDataError(join_texts("\n", faults))
    return tuple(made)


def find_share(shares: Sequence[MotorFuelShare], flow: str, product: str) -> MotorFuelShare | None:
    """Return the share of a flow and product: that of the nearest flow above, then product."""
    kind = vocabulary.base_of(product)
    known = [
        one
        for one in shares
        if vocabulary.is_within(flow, one.flow) and vocabulary.is_product_within(kind, one.product)
    ]
    return max(known, key=_depth, default=None)


def _depth(share: MotorFuelShare) -> tuple[int, int]:
    """Return how many flows and products stand above those of a share."""
    flows, products = vocabulary.flows(), vocabulary.products()
    above = sum(vocabulary.is_within(share.flow, flow) for flow in flows)
    return above, sum(vocabulary.is_product_within(share.product, one) for one in products)


def _read_share(row: dict[str, str]) -> MotorFuelShare:
    try:
        share = float(row["share"])
    except ValueError:
        share = math.nan  # no fraction either
    return MotorFuelShare(
        flow=vocabulary.resolve("flow", row["flow"]) or "",
        product=vocabulary.resolve("product", row["product"]) or "",
        share=share,
        source=row["source"],
    )


def _find_faults(row: dict[str, str], made: MotorFuelShare) -> Iterator[str]:
    if not made.flow:
        near = did_you_mean(row["flow"], vocabulary.flows())
        yield say(
            "flow {flow!r} does not exist; {near}",
            flow=row["flow"],
            near=near or say("name a row of final consumption"),
        )
    elif not vocabulary.is_within(made.flow, _FROM) or vocabulary.is_within(made.flow, _TO):
        yield say(
            "{flow} is no row of final consumption outside transport; leave it out", flow=made.flow
        )
    if not made.product:
        near = did_you_mean(row["product"], vocabulary.products())
        yield say(
            "product {product!r} does not exist; {near}",
            product=row["product"],
            near=near or say("name a fuel"),
        )
    elif vocabulary.is_electricity_or_heat(made.product):
        yield say("{product} is no motor fuel; leave it out", product=made.product)
    if not 0 <= made.share <= 1:
        yield say(
            "share {share!r} is no fraction from 0 to 1; write 0.9 for 90 %", share=row["share"]
        )
    if not made.source:
        yield say("no source; name the document that says so")


def _find_doubles(
    name: str, rows: Sequence[dict[str, str]], made: Sequence[MotorFuelShare]
) -> Iterator[str]:
    seen: dict[tuple[str, str], str] = {}
    for row, share in zip(rows, made, strict=True):
        key = (share.flow, share.product)
        if all(key) and key in seen:
            yield say(
                "{name}:{line}: {flow} x {product} stands in line {seen}",
                name=name,
                line=row["line"],
                flow=share.flow,
                product=share.product,
                seen=seen[key],
            )
        seen.setdefault(key, row["line"])
