"""Against posteriors by NUTS (benchmarks/oracles/nuts.py): means within .15 sd, sds within 10 %."""

import json
from dataclasses import replace
from math import sqrt
from pathlib import Path

import pytest

from almanac.core.counts import Counts
from almanac.core.turnout import levels as levels_room
from almanac.core.turnout import program_rows
from almanac.core.turnout.class_shares import StagePair, Usual
from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.levels import Levels
from almanac.core.turnout.reference import SHOW_RATES
from almanac.core.turnout.shares import carry, rate_posterior

ORACLE = json.loads((Path(__file__).parent / "oracles" / "nuts.json").read_text())


def test_levels_are_those_of_nuts(monkeypatch):
    """With robustness to surprises switched off, as the oracle has none."""
    monkeypatch.setattr(levels_room, "SURPRISE", 1e6)
    monkeypatch.setattr(program_rows, "STEADINESS", 1e9)
    told = ORACLE["levels"]
    learnt = Levels(first=told["events"][0][1], last=told["events"][-1][1])
    for row, (program, starts, signups) in enumerate(told["events"]):
        learnt.learn(
            PastEvent(row=row, program=program, format="in_person", starts=starts), signups
        )

    for (program, starts), mean, sd in zip(told["upcoming"], told["mean"], told["sd"], strict=True):
        plan = Upcoming(program=program, format="in_person", starts=starts)
        sight = learnt._seen_from(plan)
        expected = learnt.expect(plan)
        assert expected.mean == pytest.approx(mean, abs=0.15 * sd)
        assert sqrt(sight.spread + sight.shared) == pytest.approx(sd, rel=0.1)


def test_shares_are_those_of_nuts():
    told = ORACLE["shares"]
    pairs = [
        StagePair(before, after, 1.0, row, program)
        for row, (program, before, after) in enumerate(told["events"])
    ]
    reference = next(found for found in SHOW_RATES if found.key == told["reference"])
    # The oracle has no slope with size.
    reference = replace(reference, size_slope=0.0)
    usual = Usual(reference, pairs)

    for each in told["next"]:
        own = [pair for pair in pairs if pair.program == each["program"]]
        rate = rate_posterior(own, usual, each["program"])
        counts = carry(Counts.certain(told["size"]), rate)
        sd = sqrt(float(counts.mass @ (counts.values - counts.mean) ** 2))
        assert counts.mean == pytest.approx(each["mean"], abs=0.15 * each["sd"])
        assert sd == pytest.approx(each["sd"], rel=0.1)
        assert float(rate.weights @ rate.means) == pytest.approx(each["share"], abs=0.015)
