"""其中 or # before a product: it is a part of the product printed above it, or to its left."""

from __future__ import annotations

from carbonacct import vocabulary


class Ladder:
    """The labels above, by their marks: what a label behind 其中 or # is a part of."""

    def __init__(self) -> None:
        self._above: list[str] = []

    @property
    def last(self) -> tuple[str, int]:
        """The id that was placed last ("" if none), and how many marks stand before it."""
        return (self._above[-1], len(self._above) - 1) if self._above else ("", 0)

    def restart(self) -> None:
        """Forget what stands above: the next label begins a list of its own."""
        self._above = []

    def add(self, name: str, depth: int) -> str:
        """Place an id, and return the one that it is printed as a part of ("" if none).

        Parameters
        ----------
        name
            The id of a flow or product.
        depth
            How many marks stand before it (:func:`carbonacct.vocabulary.of_which_depth`).

        Examples
        --------
        >>> ladder = Ladder()
        >>> rows = (("other_petroleum_products", 0), ("naphtha", 1), ("lpg", 1))
        >>> [ladder.add(*row) for row in rows]
        ['', 'other_petroleum_products', 'other_petroleum_products']
        """
        if not depth:
            self._above = [name]
            return ""
        above = self._above[:depth]
        # Where no label stands between, the place of each depth stays: two behind 其中 are beside each other.
        self._above = [*above, *[""] * (depth - len(above)), name]
        return next((one for one in reversed(above) if one), "")


def join(parents: dict[str, str], product: str, parent: str) -> None:
    """Note a parent, unless the tree has it between others, it is energy as a whole, or a part of the product.

    One that the tree has as well is noted: the mark says that it is a part, whatever the numbers are
    like, and that it need not be all of them (Oil products, of which: diesel).
    """
    if not parent or parent.startswith("total_energy"):  # of which everything is a part
        return
    if vocabulary.products()[product].parent == parent:
        parents.setdefault(product, parent)
    is_known = vocabulary.is_product_within(product, parent, parents)
    if not is_known and not vocabulary.is_product_within(parent, product, parents):
        parents.setdefault(product, parent)
