"""Draws of inputs: the same for the same seed and name, spread as their sampler says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty import sampling
from carbonacct.uncertainty.draw_model import hash_name
from carbonacct.uncertainty.sampling import (
    SAMPLERS,
    TILE,
    check_sampler,
    draw_tile,
    draw_uniforms,
    open_stream,
)
from tests.uncertainty.building import grid

NAMES = ["coal ncv", "coal carbon", "noise of activities"]


@pytest.mark.parametrize(
    ("sampler", "draws", "seed", "said"),
    [
        ("random", 100, 0, ""),
        ("random", 99, 0, "99 draws; an interval at 95 % needs 100 at least"),
        ("antithetic", 102, 0, ""),
        ("antithetic", 101, 0, "101 antithetic draws; they come in pairs, give an even number"),
        ("latin", 101, 0, ""),
        ("sobol", 128, 0, ""),
        ("sobol", 100, 0, "100 Sobol points; give a power of two, such as 128"),
        ("sobol", 1000, 0, "1000 Sobol points; give a power of two, such as 1024"),
        ("random", 1000, -1, "seed -1; give 0 or more"),
        ("latn", 1000, 0, "no sampler 'latn'; did you mean latin"),
        ("xyz", 1000, 0, "no sampler 'xyz'; known: random, antithetic, latin, sobol"),
    ],
)
def test_what_a_sampler_can_make(sampler, draws, seed, said):
    """Enough draws, in pairs, a power of two."""
    if not said:
        check_sampler(sampler, draws, seed)
        return
    with pytest.raises(UncertaintyError) as caught:
        check_sampler(sampler, draws, seed)
    assert str(caught.value).startswith(said)


@given(
    st.sampled_from(["random", "antithetic", "latin"]),
    st.integers(0, 2**40),
    st.integers(0, 5),
    st.permutations(NAMES),
)
def test_a_name_has_its_numbers_whatever_is_drawn_beside_it(sampler, seed, tile, order):
    """Other inputs, and their order, change no number of this one."""
    whole = draw_uniforms(NAMES, seed, tile, 64, sampler=sampler)
    other = draw_uniforms(order, seed, tile, 64, sampler=sampler)
    for name in NAMES:
        np.testing.assert_array_equal(whole[NAMES.index(name)], other[order.index(name)])
    alone = draw_uniforms(NAMES[:1], seed, tile, 64, sampler=sampler)
    np.testing.assert_array_equal(alone[0], whole[0])


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_uniform_numbers_lie_inside_and_are_uniform(sampler):
    """Strictly between 0 and 1, with the mean and variance of a uniform; each seed and tile is another draw."""
    found = draw_uniforms(NAMES, 7, 0, 1024, sampler=sampler)
    assert found.shape == (3, 1024)
    assert 0 < found.min() < found.max() < 1
    np.testing.assert_allclose(found.mean(axis=1), 0.5, atol=0.03)
    np.testing.assert_allclose(found.var(axis=1), 1 / 12, atol=0.01)
    assert np.abs(np.corrcoef(found) - np.eye(3)).max() < 0.1
    for seed, tile in ((8, 0), (7, 1)):
        assert not np.array_equal(found, draw_uniforms(NAMES, seed, tile, 1024, sampler=sampler))
    np.testing.assert_array_equal(found, draw_uniforms(NAMES, 7, 0, 1024, sampler=sampler))


class _Extreme:
    """A stream whose numbers are the least and the largest that a generator can give."""

    @staticmethod
    def random(count=None, out=None):
        numbers = np.empty(count) if out is None else out
        numbers[0::2], numbers[1::2] = 0.0, 1 - 2.0**-53
        return numbers

    @staticmethod
    def permutation(count):
        return np.arange(count)[::-1]


@pytest.mark.parametrize("sampler", ["random", "antithetic", "latin"])
def test_the_ends_of_a_stream_have_finite_quantiles(sampler, monkeypatch):
    """A generator gives 0 and never 1; mirrored and rounded 1 occurs as well: at both a normal is infinite."""
    monkeypatch.setattr(sampling, "open_stream", lambda *_: _Extreme)
    found = draw_uniforms(NAMES, 1, 0, 100, sampler=sampler)
    assert np.isfinite(ndtri(found)).all()
    assert found.min() < 1e-15 or sampler == "latin"


@pytest.mark.parametrize("far", [9.0, 40.0])
def test_scores_of_correlated_activities_stay_finite(far):
    """Beyond 8.3 standard deviations a normal's probability is 1 as a number, beyond 38 below it is 0."""
    model = grid(1, 2, 1, activity=5)
    correlated = replace(model, correlated=((np.array([0]), np.array([[far]])),))
    product, _ = draw_tile(correlated, 1, 0, 256, sampler="random")
    assert np.isfinite(product).all()


def test_antithetic_draws_mirror_each_other():
    """The second half is one less the first: their mean is a half to the last bit but one."""
    found = draw_uniforms(NAMES, 1, 2, 100, sampler="antithetic")
    np.testing.assert_allclose(found[:, :50] + found[:, 50:], 1.0, atol=1e-15)
    assert len(np.unique(found[0, :50])) == 50


@pytest.mark.parametrize("count", [100, 128, 4096])
def test_each_part_of_a_latin_hypercube_has_one_draw(count):
    """Of each input, one in each of as many equal parts as there are draws."""
    found = draw_uniforms(NAMES, 3, 1, count, sampler="latin")
    for row in found:
        assert sorted(np.floor(row * count).astype(int)) == list(range(count))
    assert not np.array_equal(np.argsort(found[0]), np.argsort(found[1]))


@pytest.mark.parametrize("names", [2, 5])
def test_sobol_points_are_one_sequence_over_the_tiles(names):
    """Each of the first 2^k equal parts has the same number of points, over tiles as within one."""
    inputs = [f"input {n}" for n in range(names)]
    tiles = [draw_uniforms(inputs, 11, tile, TILE, sampler="sobol") for tile in (0, 1)]
    whole = np.concatenate(tiles, axis=1)
    for row in whole:
        assert set(np.bincount(np.floor(row * 64).astype(int), minlength=64)) == {2 * TILE // 64}
    assert not np.array_equal(*tiles)


def test_a_stream_is_of_its_name_seed_and_tile():
    """Three keys, each of which gives other numbers."""
    first = open_stream("coal", 1, 0).random(4)
    np.testing.assert_array_equal(first, open_stream("coal", 1, 0).random(4))
    for other in (("gas", 1, 0), ("coal", 2, 0), ("coal", 1, 1)):
        assert not np.array_equal(first, open_stream(*other).random(4))


@pytest.mark.parametrize("tile", [0, 1, 5])
def test_a_tile_is_a_jump_along_the_stream_of_a_name(tile):
    """2 ** 128 numbers each: tiles of one name never overlap, and any of them is drawn without those before it."""
    key = np.array([11, hash_name("coal ncv")], np.uint64)
    wanted = np.random.Generator(np.random.Philox(key=key).jumped(tile))
    assert (open_stream("coal ncv", 11, tile).random(4) == wanted.random(4)).all()
