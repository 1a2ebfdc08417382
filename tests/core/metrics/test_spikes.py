"""Single spikes, told from new levels, bursts and noise."""

import numpy as np
import pytest

from almanac.core.metrics.spikes import spikes

HUNDREDS = [float(v) for v in np.random.default_rng(1).poisson(100, 41)]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([*HUNDREDS[:20], 3000.0, *HUNDREDS[20:]], (20,)),
        ([*HUNDREDS, 3000.0], (41,)),
        ([900.0, *HUNDREDS], (0,)),
        ([*HUNDREDS[:20], 700.0, 800.0, *HUNDREDS[20:]], ()),
        ([*HUNDREDS, *[v * 3 for v in HUNDREDS]], ()),
        ([0.0] * 20, ()),
        ([0.0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0], ()),
        ([10.0] * 12, ()),
        ([10.0] * 11 + [200.0], (11,)),
        ([5.0, 6], ()),
        ([], ()),
        ([None, *HUNDREDS[:10], None, 3000.0, None], (12,)),
        ([0.0, 0, 60, 0, 0, 80, 0, 0, 70, 0, 0, 90], ()),
    ],
)
def test_which_are_spikes(values, found):
    assert spikes(values, counts=True) == found


def test_noise_alone_is_hardly_ever_a_spike():
    """Overdispersed counts of forty weeks, a hundred times."""
    random = np.random.default_rng(4)
    said = sum(
        bool(spikes(list(random.poisson(random.gamma(8, 20 / 8, 40))), counts=True))
        for _ in range(100)
    )
    assert said <= 6


def test_steps_of_either_sign():
    assert spikes([10.0, 20, -10, 20, 20, -10, 20, -270], counts=False) == (7,)
