"""The record of a method: which flows burn, in which order editions are asked, what it chooses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.display import legible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.factors.editions import FactorSource
    from carbonacct.factors.road_shares import MotorFuelShare

ROLES = ("combustion", "transformation", "feedstock", "supply", "loss", "memo", "total")


@dataclass(frozen=True)
class Substitute:
    """A fuel that an edition does not list, taken from one that it does: a choice of the method, with its reason."""

    product: str
    use: str
    reason: str


@dataclass(frozen=True)
class Exclusion:
    """Products whose combustion a method leaves out (in some flows only, if named), with its reason."""

    products: tuple[str, ...]
    flows: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class FactorCategory:
    """The IPCC category whose factors the products of a flow take, where the table is coarser than the factors."""

    flow: str
    products: tuple[str, ...]
    category: str
    reason: str
    parts: bool = False  # also of the rows below the flow


@dataclass(frozen=True)
class Transformed:
    """What a flow of a table without rows of transformation takes in to make other fuels.

    Attributes
    ----------
    counts
        Whether it counts as burnt all the same, because what burns of it is not told apart.
    """

    flow: str
    products: tuple[str, ...]
    counts: bool
    reason: str


@dataclass(frozen=True)
class PoolSource:
    """Where the carbon of a derived gas comes from: products of a flow and of its parts."""

    flow: str
    products: tuple[str, ...]


@dataclass(frozen=True)
class CarbonPool:
    """Gases that hold carbon of another fuel that is counted, and which of the two counts.

    Attributes
    ----------
    count
        ``"gas"``: the gas where it burns, and its fuel bears the rest; ``"fuel"``: the fuel, and
        the gas is left out; ``"both"``: the carbon counts twice, and a finding says how much.
    gases
        Products that are always such a gas.
    recovered
        Products that are such a gas as far as they are recovered, and not made by plants.
    sources
        The fuels, in the order in which they bear the gas.
    """

    count: str
    reason: str
    gases: tuple[str, ...]
    recovered: tuple[str, ...] = ()
    sources: tuple[PoolSource, ...] = ()


POOL_COUNTS = ("gas", "fuel", "both")


@dataclass(frozen=True)
class ImportedEnergy:
    """How electricity or heat from outside is counted (scope 2)."""

    product: str
    flows: tuple[str, ...]
    parameter: str
    editions: tuple[str, ...]
    levels: tuple[str, ...] = ()


@legible
@dataclass(frozen=True, repr=False, eq=False)
class Method:
    """A way of making an inventory (or of turning a table into coal equivalent).

    Attributes
    ----------
    editions
        In the order in which they are asked: the first that has a row for the cell gives it.
    chains
        By gas, lists of parameters that multiply an activity into emissions; for each product the
        first chain whose every parameter is found.
    factor_categories
        Categories whose factors a flow takes, product by product; the first entry that names the
        product counts.
    roles
        Role of each flow; a flow without one has the role of the flow it is a part of.
    feedstock_from
        Sub-sectors from which feedstock is taken, in proportion to their use, where a table prints
        them.
    feedstock_counts
        Products, with their kinds, whose feedstock counts as burnt and is not taken out.
    feedstock_rest
        ``"others"``: what these do not hold is taken from the other sub-sectors; ``"none"``: it is
        not taken.
    bunkers_from
        The flow that holds what planes and ships of the area refuelled abroad: taken out of it, a
        memo item.
    assumed
        Flows whose role is an assumption, each with its reason: a finding says so.
    transformed
        What plants inside a consumption table take in.
    pool
        Gases that hold carbon of another fuel, if the method has any.
    scale_parts
        Flows whose printed number, not the sum of their parts, is the total: the parts are scaled
        to it.
    prefer
        Edition that is asked first for a product, because its values go together.
    covers, covers_reason
        The only products that the method has factors for, and why; the others are left out and
        listed.
    standard_quantity
        Editions, or series of them, whose coefficients turn a table in coal equivalent back into
        physical quantity.
    overlay_chains
        Those of the chains that hold only where an overlay gives the emission factor of the product
        itself.
    motor_fuels
        How much of the motor fuel of a flow counts in transport; none unless a source is named.
    files
        The files that hold it, where they are the user's own.
    """

    id: str
    title: str
    title_zh: str
    kind: str
    reference: str
    sources: tuple[FactorSource, ...]
    chains: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    substitutes: Mapping[str, Substitute] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    factor_categories: tuple[FactorCategory, ...] = ()
    imported_energy: tuple[ImportedEnergy, ...] = ()
    feedstock_from: tuple[str, ...] = ()
    feedstock_rest: str = "others"
    feedstock_counts: tuple[str, ...] = ()
    bunkers_from: str = ""
    assumed: Mapping[str, str] = field(default_factory=dict)
    transformed: tuple[Transformed, ...] = ()
    pool: CarbonPool | None = None
    scale_parts: tuple[str, ...] = ()
    prefer: Mapping[str, str] = field(default_factory=dict)
    covers: tuple[str, ...] = ()
    covers_reason: str = ""
    standard_quantity: tuple[str, ...] = ()
    allow_unverified: bool = False
    overlay_chains: tuple[tuple[str, ...], ...] = ()
    motor_fuels: tuple[MotorFuelShare, ...] = ()
    files: tuple[str, ...] = ()

    def role(self, flow: str, parents: Mapping[str, str] | None = None) -> str:
        """Return the role of a flow: its own, or that of the flow it is a part of; "" if there is none."""
        base = vocabulary.base_of(flow)  # what is left of a row is what the row is
        above = vocabulary.climb_flows(base, parents)
        return next((self.roles[one] for one in above if one in self.roles), "")

    @property
    def stand_ins(self) -> dict[str, str]:
        """Return the product that stands for each product without factors of its own."""
        return {product: substitute.use for product, substitute in self.substitutes.items()}

    def counts_feedstock(self, product: str) -> bool:
        """Return whether feedstock of a product counts as burnt."""
        kind = vocabulary.base_of(product)
        return any(vocabulary.is_product_within(kind, one) for one in self.feedstock_counts)

    @property
    def gases(self) -> tuple[str, ...]:
        """Return the gases that the method has factors for, in its order."""
        return tuple(self.chains)

    def category(self, flow: str, product: str) -> str:
        """Return the IPCC category whose factors a product takes in a flow."""
        whole, kind = vocabulary.base_of(flow), vocabulary.base_of(product)
        for entry in self.factor_categories:
            applies = vocabulary.is_within(flow, entry.flow) if entry.parts else entry.flow == whole
            if applies and (
                not entry.products
                or any(vocabulary.is_product_within(kind, one) for one in entry.products)
            ):
                return entry.category
        return vocabulary.flows()[flow].category if flow in vocabulary.flows() else ""
