"""What stands above a row: labels that blank cells below take over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.words.compounds import OF_ANY_USE
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.sheets.raw_sheets import Cell


class LabelsAbove:
    """The labels above a row, filled from top to bottom.

    Attributes
    ----------
    flow
        Id and sign of the label or heading whose products follow.
    heading
        Its row.
    unknown_heading, under_unknown
        The row of a heading that is not known, and for each such heading the first row below it
        that takes its flow from above.
    is_passed
        Whether the label or heading above is passed over, and so are the products below it.
    has_blanks
        Whether a key of some row is blank.
    has_headings
        Whether a heading without numbers names a flow.
    unit
        The unit that was printed last, and its product.
    of_output
        Whether that was of what plants generate.
    section_unit, are_shares
        The unit of the heading above, and whether that is one of shares.
    """

    def __init__(self, cells: Sequence[Sequence[Cell]], places: Iterable[int]) -> None:
        self.flow: tuple[str, int] = ("", 1)
        self.heading = -1
        self.is_passed = False
        self.unknown_heading: int | None = None
        self.under_unknown: dict[int, int] = {}
        self.has_headings = False
        self.unit: tuple[str, str] = ("", "")
        self.of_output = False
        self.section_unit = ""
        self.are_shares = False
        blank = {j: [values.is_blank(row[j]) for row in cells] for j in places}
        self.has_blanks = any(any(column) for column in blank.values())
        self._filled = {j for j, column in blank.items() if not all(column)}
        self._cells: dict[int, Cell] = {}

    def fill(self, row: Sequence[Cell], *groups: Sequence[int]) -> list[Cell]:
        """Return a row whose blank keys take the label above, within one label of the column to their left.

        Parameters
        ----------
        row
            Its cells.
        groups
            Places of the keys of one kind, the outer first: province, city.
        """
        filled = list(row)
        for places in groups:
            for number, j in enumerate(places):
                if values.is_blank(row[j]):
                    filled[j] = self._cells.get(j, "")
                elif self._cells.get(j) != row[j]:
                    self._cells[j] = row[j]
                    # A province ends what its cities filled: a blank city beside the next one is the whole of it.
                    for inner in places[number + 1 :]:
                        self._cells.pop(inner, None)
        return filled

    def is_lacking(self, row: Sequence[Cell], places: Sequence[int]) -> bool:
        """Return whether a row has none of some keys that other rows of the table have."""
        return any(j in self._filled for j in places) and all(
            values.is_blank(row[j]) for j in places
        )

    def note_unit(self, unit: str, product: str, flow: str) -> None:
        """Remember the unit that a row prints."""
        self.unit, self.of_output = (unit, product), _is_output(flow)

    def is_alike(self, product: str, flow: str) -> bool:
        """Return whether a row is of the product whose unit came last, or of a kind of it: 原煤 below 煤炭（吨）.

        Not heat below Electricity output (GWh).
        """
        whole = self.unit[1]
        is_kind = bool(product and whole) and vocabulary.is_product_within(product, whole)
        return is_kind and (_is_output(flow) or not self.of_output)

    def unit_for(self, product: str) -> str:
        """Return the unit above, where it measures this product as it does the one it is printed for."""
        unit, other = self.unit
        if not (unit and product and other):
            return ""
        # 万吨 below 原煤 holds for 焦炭, and never for 电力: heat once took the unit of electricity.
        products = vocabulary.products()
        return unit if unit.endswith("ce") or products[product].unit == products[other].unit else ""


def _is_output(flow: str) -> bool:
    return bool(flow) and vocabulary.is_within(flow, "generation")


class Scope:
    """What rows below, or columns behind, take from one that names it: the product of parts, the direction of plants.

    ``has_plants`` says whether a label of the table names a plant or a direction at all.
    """

    def __init__(self, *, has_plants: bool = True) -> None:
        self._product, self._depth, self._flow, self._indent = "", 0, "", 0
        self._kind = ""  # the product of the last row without a mark
        self.has_part = False  # the row above is a part of one that names a product
        self._has_plants = has_plants
        self._direction = ""
        self._is_intermediate = False

    @property
    def has_whole(self) -> bool:
        """Whether a row above joins a product to a flow, so that uses marked or set in below it are of that product."""
        return bool(self._product)

    def product_of(
        self, product: str, depth: int, *, flow: str, is_named: bool, indent: int = 0
    ) -> str:
        """Return the product of a row: its own, or that of the row of which it is a part.

        家庭用量 names no product. Marked (#家庭用量) or set in below 天然气供气总量 it is natural
        gas, and so are the uses in the rows behind it.

        Parameters
        ----------
        product, flow
            What the row names.
        depth
            How many marks of a part it has.
        is_named
            Whether its label joins the product to a flow, so that parts may stand below it.
        indent
            How many blanks stand before its label.
        """
        is_part = self.has_part or (self.has_whole and indent > self._indent)
        if not (product or depth) and is_part and self._is_use_of_whole(flow):
            return self._product  # 居民生活 behind 其中:工业, or set in below 天然气供气总量
        if product or not depth:
            self.has_part = False
            self._product, self._depth, self._flow, self._indent = (
                (product, depth, flow, indent) if is_named else ("", 0, "", 0)
            )
            return product
        self.has_part = bool(self._product) and depth > self._depth
        return self._product if depth > self._depth else ""

    def kind_of(self, product: str, depth: int, *, is_joined: bool) -> str:
        """Return the product of a row; that of the row above where 其中 makes it a part of that.

        A label that names a wider product then means the one above: 其中：工业用煤 below 原煤 is
        raw coal.

        Examples
        --------
        >>> scope = Scope()
        >>> scope.kind_of("raw_coal", 0, is_joined=False), scope.kind_of("coal_total", 1, is_joined=True)
        ('raw_coal', 'raw_coal')
        """
        if not depth:
            self._kind = product
        elif is_joined and self._kind and vocabulary.is_product_within(self._kind, product):
            return self._kind
        return product

    def _is_use_of_whole(self, flow: str) -> bool:
        """Return whether a flow lies in that of the whole above: any use in that of all."""
        if not (flow and self._flow):
            return False
        if self._flow not in OF_ANY_USE:
            return vocabulary.is_finer(flow, self._flow)
        if flow == "losses":  # 供气总量, of which 家庭用量, and 损失量 behind it
            return self._flow == "network_supply"
        return vocabulary.is_finer(flow, "final_consumption")

    def direction_of(self, flow: str, direction: str) -> str:
        """Return the direction of a row: its own, or that of the inputs or outputs of plants that it stands below."""
        if not self._has_plants:
            return direction
        if flow.startswith("transformation."):
            self._direction = flow.removeprefix("transformation.")
            self._is_intermediate = False
        elif flow == "intermediate_consumption":
            self._direction, self._is_intermediate = "input", True
        elif flow and not vocabulary.is_within(flow, "transformation"):
            self._direction = ""
        # 中间消费 of a coal balance prints the loss of washing beside what power plants take in.
        if self._is_intermediate and flow == "coal_washing":  # what is lost, not all that goes in
            return direction
        return direction or self._direction
