"""Bsts."""

import numpy as np
import pytest

from almanac.core.effects import Design, bsts, log_ratio
from almanac.core.refusals import Refusal


@pytest.mark.parametrize("other", [[0.1] * 24 + [0.3] * 6, [1e-7] * 24 + [1e13] * 6])
def test_comparisons_that_never_varied_before_break_nothing(other):
    random = np.random.default_rng(3)
    y = [float(v) for v in random.integers(15, 26, 30)]
    assert bsts.estimate(Design.of(y, [other], 24)).effect is not None
    constant = Design.of([0.1] * 24 + [0.2] * 6, [y], 24)
    for estimate in (bsts.estimate, log_ratio.estimate):
        assert estimate(constant).refusal is Refusal.NEVER_VARIED
