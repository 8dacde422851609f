"""The records of a sector file: what is asked for, what is looked up, the equations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carbonacct.texts import Both

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.equations.expression_tree import Condition, EquationLine
    from carbonacct.factors.keyed import Parameter

KINDS = ("emission", "removal", "memo", "net")

_SYMBOL = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class AskedActivity:
    """A number that a compiler hands in, such as the output of clinker.

    Attributes
    ----------
    unit
        In which it is kept; ``{gas}`` stands for the gas of the row.
    aliases, printed
        Other names that tables give it, and where it is printed.
    dims
        Labels that tell its numbers apart.
    absent
        ``"zero"``: where nobody reports it, it counts as zero, with a finding; ``"missing"``: it
        does not.
    history
        Every year from the first is needed; years before the first count as zero, with a finding.
    shares, at_most
        The dim over which it adds to 1, or to no more than 1, within the rounding of the print.
    minimum, maximum
        Bounds outside which a number is a mistake.
    """

    id: str
    unit: str
    zh: str = ""
    en: str = ""
    aliases: tuple[str, ...] = ()
    printed: str = ""
    dims: tuple[str, ...] = ()
    absent: str = "missing"
    history: bool = False
    shares: str = ""
    at_most: str = ""
    minimum: float = 0.0
    maximum: float = float("inf")


@dataclass(frozen=True)
class Check:
    """What must hold beside a source; else its entries are refused, or a finding says so."""

    text: str
    rule: Condition
    refuse: bool


@dataclass(frozen=True)
class Partner:
    """The other sector's fuel that holds the same carbon, and what to do where both count it.

    Attributes
    ----------
    quantity
        The carbon: a quantity of the sector file, in t C where it is taken out.
    both
        ``"find"``: both count, with a finding; ``"refuse"``: an error says that one has to go;
        ``"subtract"``: the fuel that holds the carbon is taken out of what burns.
    labels
        Of a dim of the quantity, those that hold carbon of this fuel; all where it is not named.
    """

    sector: str
    quantity: str
    product: str
    flow: str
    both: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class EquationBlock:
    """A source of a gas, or a quantity that sources share.

    Told apart by identity, so that what follows from it is kept.

    Attributes
    ----------
    lines
        The equation, with the scales that the units check put in; the last line is the result.
    text
        The equation as written.
    kind
        ``"emission"``, ``"removal"`` (no value above zero), ``"memo"``, ``"net"`` (either sign), or
        ``"quantity"``.
    gases
        Of a source: one gas, or several, which are then a dim ``gas`` of its entries.
    dims
        Labels that its entries keep.
    units
        Of each line.
    line_dims
        Labels that each line has.
    starts
        Value of a line before the first year.
    """

    id: str
    kind: str
    unit: str
    text: str
    lines: tuple[EquationLine, ...] = ()
    zh: str = ""
    en: str = ""
    category: str = ""
    gases: tuple[str, ...] = ()
    cite: str = ""
    dims: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    line_dims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    starts: Mapping[str, float] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    excludes: tuple[str, ...] = ()
    partner: Partner | None = None
    examples: tuple[Mapping[str, Any], ...] = ()

    @property
    def result(self) -> str:
        """Name of the last line."""
        return self.lines[-1].name

    @property
    def all_dims(self) -> tuple[str, ...]:
        """Labels of its entries, the gas among them where it has several."""
        return (*self.dims, "gas") if len(self.gases) > 1 else self.dims

    @property
    def is_source(self) -> bool:
        """Whether it is a source of a gas, and not a quantity that sources share."""
        return self.kind != "quantity"


@dataclass(frozen=True)
class Sector:
    """What a sector file holds; blocks stand in an order in which each needs only those before it.

    Attributes
    ----------
    id
        ``<method>/<sector>``.
    editions
        Factor editions in the order in which they are asked.
    """

    id: str
    title: str
    title_zh: str
    reference: str
    editions: tuple[str, ...]
    activities: Mapping[str, AskedActivity]
    parameters: Mapping[str, Parameter]
    blocks: Mapping[str, EquationBlock]

    @property
    def sources(self) -> tuple[EquationBlock, ...]:
        """The blocks that give a gas."""
        return tuple(block for block in self.blocks.values() if block.is_source)

    def unit_of(self, name: str) -> str:
        """Return the unit of an activity, a parameter or a block."""
        return (self.activities.get(name) or self.parameters.get(name) or self.blocks[name]).unit

    def dims_of(self, name: str) -> tuple[str, ...]:
        """Return the labels of an activity, a parameter or a block."""
        if name in self.blocks:
            return self.blocks[name].all_dims
        return (self.activities.get(name) or self.parameters[name]).dims

    def name_of(self, name: str, lang: str = "en") -> str:
        """Return what people call an activity, a parameter or a block, or its id."""
        about = self.activities.get(name) or self.parameters.get(name) or self.blocks.get(name)
        return (getattr(about, "zh" if lang == "zh" else "en", "") or name) if about else name

    def called(self, name: str) -> Both:
        """Return an id as a message says it: in Chinese behind what people call it."""
        chinese = self.name_of(name, "zh")
        return Both(name, name if chinese == name else f"{chinese}（{name}）")

    def spell(self, formula: str) -> Both:
        """Return a formula as a message says it: in Chinese with what people call its symbols."""
        return Both(formula, _SYMBOL.sub(lambda match: self.name_of(match[0], "zh"), formula))

    def __repr__(self) -> str:
        """Return the size in one line."""
        return f"<Sector {self.id}: {len(self.sources)} sources, {len(self.activities)} activities>"
