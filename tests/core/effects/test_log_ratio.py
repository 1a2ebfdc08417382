"""Log ratio."""

import numpy as np
import pytest

from almanac.core.effects import Design, log_ratio


def test_a_fall_to_nothing_is_a_fall():
    random = np.random.default_rng(2)
    y = [float(v) for v in random.integers(15, 26, 24)] + [0.0] * 6
    found = log_ratio.estimate(Design.of(y, [], 24))
    assert found.effect == pytest.approx(-20, abs=2)
    assert found.is_clear
    assert found.log == pytest.approx(np.log(0.5 / 20), abs=0.3)
