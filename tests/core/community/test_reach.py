"""Reach: the range holds the truth whoever stays silent."""

import numpy as np
import pytest

from almanac.core.community.channels import Channel
from almanac.core.community.reach import WORK, reach_of

CHANNELS = [Channel.EVENT, Channel.READING, Channel.SEARCH, Channel.WORK, Channel.USER]


@pytest.mark.parametrize("silent", [0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("leaning", [0.2, 1.0, 5.0])
def test_the_range_holds_the_truth_however_silence_depends_on_the_channel(silent, leaning):
    random = np.random.default_rng(round(silent * 100 + leaning))
    held = 0
    for _ in range(200):
        people = random.integers(5, 300)
        channels = random.choice(len(CHANNELS), people, p=[0.2, 0.15, 0.35, 0.2, 0.1])
        truth = sum(CHANNELS[channel] in WORK for channel in channels)
        # Those who came because of the work answer `leaning` times as readily.
        odds = (1 - silent) / silent * np.where([CHANNELS[c] in WORK for c in channels], leaning, 1)
        answers = random.random(people) < odds / (1 + odds)
        found = reach_of(int(people), [{CHANNELS[c]} for c, said in zip(channels, answers, strict=True) if said])  # fmt: skip
        held += found.low <= truth <= found.high
    assert held == 200


def test_everyday_cases():
    nobody = reach_of(0, [])
    assert (nobody.low, nobody.high, nobody.likely, nobody.is_known) == (0, 0, None, False)
    silence = reach_of(2000, [])
    assert (silence.low, silence.high, silence.is_known) == (0, 2000, False)
    everybody = reach_of(3, [{Channel.EVENT}, {Channel.SEARCH}, {Channel.USER}])
    assert (everybody.low, everybody.high, everybody.likely, everybody.is_known) == (
        1,
        1,
        1.0,
        True,
    )
    several = reach_of(2, [{Channel.SEARCH, Channel.PODCAST}, {Channel.FRIEND}])
    assert (several.low, several.high, several.unclear) == (1, 2, 1)
    refused = reach_of(4, [{Channel.NONE}, {Channel.EVENT}])
    assert (refused.answered, refused.low, refused.high) == (1, 1, 4)


def test_more_answers_than_people_is_an_error():
    with pytest.raises(ValueError, match="2 answers of 1"):
        reach_of(1, [{Channel.EVENT}, {Channel.SEARCH}])
