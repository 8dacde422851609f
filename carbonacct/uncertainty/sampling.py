"""Draws of the inputs, tile by tile: the same numbers for the same seed, whatever is computed beside or before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from carbonacct.errors import UncertaintyError, near_or_known
from carbonacct.texts import say
from carbonacct.uncertainty.computed import work_rows
from carbonacct.uncertainty.distributions import compute_quantiles
from carbonacct.uncertainty.draw_model import hash_name

if TYPE_CHECKING:
    from carbonacct.uncertainty.draw_model import DrawModel

Sampler = Literal["random", "antithetic", "latin", "sobol"]
SAMPLERS: tuple[Sampler, ...] = ("random", "antithetic", "latin", "sobol")
TILE = 4096  # draws that are made together; a power of two, as Sobol points want
_NOISE = "noise of activities"
# The least and largest uniform numbers: at 0 and at 1 a quantile is infinite. 1 - 2**-54 would be 1.
_LEAST, _LARGEST = 2.0**-54, 1 - 2.0**-53


def check_sampler(sampler: str, draws: int, seed: int) -> None:
    """Raise if there is no such sampler, or it cannot make so many draws.

    Raises
    ------
    UncertaintyError
        If the sampler is unknown, draws are fewer than 100, not even for antithetic draws or no
        power of two for Sobol points, or the seed is negative.
    """
    if sampler not in SAMPLERS:
        raise UncertaintyError(
            say(
                "no sampler {sampler!r}; {near}",
                sampler=sampler,
                near=near_or_known(sampler, SAMPLERS),
            )
        )
    if draws < 100:
        raise UncertaintyError(
            say(
                "{draws} draws; an interval at 95 % needs 100 at least, 10000 to be of use",
                draws=draws,
            )
        )
    if sampler == "antithetic" and draws % 2:
        raise UncertaintyError(
            say("{draws} antithetic draws; they come in pairs, give an even number", draws=draws)
        )
    if sampler == "sobol" and draws & (draws - 1):
        raise UncertaintyError(
            say(
                "{draws} Sobol points; give a power of two, such as {power}",
                draws=draws,
                power=1 << draws.bit_length(),
            )
        )
    if seed < 0:
        raise UncertaintyError(say("seed {seed}; give 0 or more", seed=seed))


def open_stream(name: str, seed: int, tile: int) -> np.random.Generator:
    """Return the numbers of one name in one tile of draws, from a counter-based generator (Philox).

    Notes
    -----
    Salmon, Moraes, Dror, Shaw 2011: Parallel random numbers: as easy as 1, 2, 3. The name is the
    key and the tile the counter, so no number depends on the order of work, the number of threads,
    or other inputs.
    """
    return np.random.Generator(
        np.random.Philox(
            key=np.array([seed, hash_name(name)], np.uint64),
            counter=np.array([0, 0, tile, 0], np.uint64),
        )
    )


def draw_uniforms(
    names: list[str], seed: int, tile: int, count: int, *, sampler: str
) -> np.ndarray:
    """Return uniform numbers (name x draw) of one tile.

    Notes
    -----
    Antithetic: the second half of a tile mirrors the first. Latin hypercube: each tile is one.
    Sobol: one scrambled sequence (Owen) over the names in order, of which the tile is a part.
    """
    if sampler == "sobol":
        from scipy.stats import qmc  # noqa: PLC0415 - takes half a second to load

        # The seed alone: tiles are pieces of one scrambled sequence, not sequences of their own.
        engine = qmc.Sobol(len(names), scramble=True, rng=np.random.default_rng(seed))
        if tile:
            engine.fast_forward(tile * TILE)
        points: np.ndarray = engine.random(count).T
        return points.clip(_LEAST, _LARGEST)
    uniforms = np.empty((len(names), count))
    for row, name in zip(uniforms, names, strict=True):
        stream = open_stream(name, seed, tile)
        if sampler == "antithetic":
            half = count // 2
            stream.random(out=row[:half])
            row[half:] = 1 - row[:half]
        elif sampler == "latin":
            row[:] = (stream.permutation(count) + stream.random(count)) / count
        else:
            stream.random(out=row)
    return uniforms.clip(_LEAST, _LARGEST)


def draw_tile(
    model: DrawModel, seed: int, tile: int, count: int, *, sampler: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the relative factor of each combination of inputs (combination x draw), and scores for noise.

    Notes
    -----
    The noise of activities is summed analytically: given the factors, a sum of independent normals
    is one normal, so one score per draw gives every sum its exact distribution. It says nothing of
    how two sums go together; for that :func:`carbonacct.propagate` takes scores of their own.
    """
    from scipy.special import ndtr, ndtri  # noqa: PLC0415

    names = [one.name for one in model.inputs]
    uniforms = draw_uniforms([*names, _NOISE], seed, tile, count, sampler=sampler)
    noise = ndtri(uniforms[-1])
    # A Gaussian copula: what goes together keeps the distribution that each has alone.
    for members, factor in model.correlated:
        scores = ndtri(uniforms[members])
        uniforms[members] = np.clip(ndtr(np.einsum("ij,jd->id", factor, scores)), _LEAST, _LARGEST)
    relative = np.ones((len(names) + 1, count))  # the last row is for no input
    for i, one in enumerate(model.inputs):
        relative[i] = compute_quantiles(one.uncertainty, uniforms[i])
    # Gammas over their sum are a Dirichlet: the parts are the whole in each draw.
    for members in model.shares:
        relative[members] /= relative[members].sum(axis=0)
    for i, one in enumerate(model.inputs):
        relative[i] /= one.uncertainty.value
    product = np.ones((len(model.uses), count))
    for step in range(model.uses.shape[1]):
        used, divides = model.uses[:, step], model.powers[:, step] < 0
        here = used >= 0
        times, over = here & ~divides, here & divides
        product[times] *= relative[used[times]]
        product[over] /= relative[used[over]]
    work_rows(model, relative, product)
    return product, noise
