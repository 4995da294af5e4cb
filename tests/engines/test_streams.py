import numpy as np
import pytest

from nncore.engines.streams import dropout_mask, epoch_order, stream


def test_every_purpose_and_layer_has_a_stream_of_its_own():
    keys = [(s, p, n) for s in (0, 1) for p in ("weights", "order", "dropout") for n in (0, 1)]
    first = {stream(*key).random() for key in keys}
    assert len(first) == len(keys)
    assert first == {stream(*key).random() for key in keys}


def test_an_epoch_goes_once_through_every_row():
    rng = stream(0, "order")
    one, two = epoch_order(rng, 50, 32), epoch_order(rng, 50, 32)
    assert sorted(one) == sorted(two) == list(range(50))
    assert list(one) != list(two)


def test_a_full_batch_keeps_its_order_and_draws_nothing():
    rng = stream(0, "order")
    assert list(epoch_order(rng, 5, 5)) == list(epoch_order(rng, 5, 1000)) == list(range(5))
    assert rng.random() == stream(0, "order").random()


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5, 0.95])
def test_the_share_dropped_is_the_rate(rate):
    keep = dropout_mask(stream(3, "dropout"), 3000, 200, rate)
    assert keep.shape == (3000, 200)
    assert keep.dtype == bool
    n, deviation = keep.size, np.sqrt(rate * (1 - rate))
    assert abs((1 - keep.mean()) - rate) < 4 * deviation / np.sqrt(n)
    per_unit = 1 - keep.mean(axis=0)
    assert np.abs(per_unit - rate).max() < 5 * deviation / np.sqrt(3000)


def test_no_dropout_keeps_everything():
    assert dropout_mask(stream(0, "dropout"), 7, 3, 0.0).all()


def test_masks_are_the_seeds_own_and_differ_between_epochs():
    rng = stream(0, "dropout")
    one, two = dropout_mask(rng, 11, 7, 0.5), dropout_mask(rng, 11, 7, 0.5)
    assert (one != two).any()
    np.testing.assert_array_equal(one, dropout_mask(stream(0, "dropout"), 11, 7, 0.5))


def test_entries_of_a_mask_are_uncorrelated():
    keep = dropout_mask(stream(0, "dropout"), 1, 400_000, 0.5)[0].astype(float) - 0.5
    for lag in (1, 2, 3, 4, 8):
        assert abs(np.mean(keep[lag:] * keep[:-lag]) * 4) < 4 / np.sqrt(len(keep))
