"""其中 or # before a product: it is a part of the product printed above it, or to its left."""

from __future__ import annotations

from carbonacct import vocabulary


class ProductTree:
    """The product that each product is a part of, filled in the order of the print.

    Attributes
    ----------
    parents
        The parents that the vocabulary does not give.
    """

    def __init__(self) -> None:
        self.parents: dict[str, str] = {}
        self._above: list[str] = []

    def restart(self) -> None:
        """Forget what stands above: the next product begins a list of its own."""
        self._above = []

    def add(self, product: str, depth: int) -> str:
        """Place a product, and return the one that it is a part of by the print ("" if none).

        Parameters
        ----------
        product
            Its id.
        depth
            How many marks stand before it (:func:`carbonacct.vocabulary.of_which_depth`).

        Examples
        --------
        >>> tree = ProductTree()
        >>> [tree.add(*row) for row in (("other_petroleum_products", 0), ("naphtha", 1), ("lpg", 1))]
        ['', 'other_petroleum_products', 'other_petroleum_products']
        >>> tree.parents["naphtha"]
        'other_petroleum_products'
        """
        parent = self._above[min(depth, len(self._above)) - 1] if depth and self._above else ""
        self._above[depth:] = [product]
        join(self.parents, product, parent)
        return parent


def join(parents: dict[str, str], product: str, parent: str) -> None:
    """Note a parent, unless the tree has it, it is energy as a whole, or a part of the product."""
    if not parent or parent.startswith("total_energy"):  # of which everything is a part
        return
    is_known = vocabulary.is_product_within(product, parent, parents)
    if not is_known and not vocabulary.is_product_within(parent, product, parents):
        parents.setdefault(product, parent)
