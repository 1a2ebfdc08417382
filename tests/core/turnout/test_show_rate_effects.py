import numpy as np

from almanac.core.turnout.class_shares import StagePair, Usual
from almanac.core.turnout.reference import SHOW_RATES
from almanac.core.turnout.show_rate_effects import effect_of

EVENING = next(found for found in SHOW_RATES if found.key == "free-evening")


def evenings(effect, number=30, seed=0):
    """Pairs of sign-ups and attendance, and whether each event had a reminder."""
    random = np.random.default_rng(seed)
    pairs, reminded = [], []
    for row in range(number):
        trait = float(random.integers(2))
        signups = int(random.integers(20, 60))
        share = 1 / (1 + np.exp(-(0.2 + effect * (trait - 0.5))))
        came = random.binomial(signups, random.beta(share * 14, (1 - share) * 14))
        pairs.append(StagePair(signups, int(came), 1.0, row))
        reminded.append(trait)
    return pairs, reminded


def test_an_effect_is_found_and_its_range_holds_it():
    inside = 0
    for seed in range(40):
        pairs, reminded = evenings(1.5, seed=seed)
        found = effect_of(pairs, reminded, Usual(EVENING, pairs))
        inside += found.low <= 1.5 <= found.high
    # 80 % ranges: 40 draws of .8 lie above 24 more than 99 times in a hundred.
    assert inside >= 25
