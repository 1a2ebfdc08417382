"""A file past the limits ends in one sentence."""

import resource
import signal

import pytest

from almanac.sources.base.limits import Limits, within
from almanac.sources.base.rows import UnreadableError


def endless():
    while True:
        sum(range(10_000))


def test_too_long_is_one_sentence_and_the_process_goes_on():
    before = resource.getrlimit(resource.RLIMIT_CPU), signal.getsignal(signal.SIGXCPU)

    with (
        pytest.raises(UnreadableError, match=r"slow.csv takes longer than 0 s"),
        within(Limits(0.1, 500), "slow.csv"),
    ):
        endless()

    assert (resource.getrlimit(resource.RLIMIT_CPU), signal.getsignal(signal.SIGXCPU)) == before


def test_too_much_is_one_sentence_and_the_memory_is_there_afterwards():
    with (
        pytest.raises(UnreadableError, match=r"big.csv needs more than 50 MB"),
        within(Limits(60, 50), "big.csv"),
    ):
        bytearray(200_000_000)

    assert len(bytearray(200_000_000)) == 200_000_000
