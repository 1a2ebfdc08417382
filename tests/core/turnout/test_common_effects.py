"""What programs share, and what events of one program have in common, entry by entry."""

from math import exp

import numpy as np
import pytest

from almanac.core.turnout.common_effects import SharedEffects, effect_group, format_index
from almanac.core.turnout.events import Upcoming
from almanac.core.turnout.level_parameters import (
    FORMAT,
    GENERAL,
    EventSimilarity,
    LevelParameters,
    apart_of,
    covariance,
    variance,
)
from almanac.core.turnout.reference import TRAIT_EFFECTS
from almanac.core.turnout.traits import TRAITS, traits

BY = LevelParameters(
    program=0.5, drift=0.3, drift_years=0.7, formats=0.2, lead=0.1, slot=0.15, words=0.25,
    tide=0.09, tide_years=1.8, lead_effect=0.14, hour_effect=0.17, habit_effect=0.08,
    title_effect=0.07, word_effect=0.11, noise_in_person=0.21, noise_online=0.24, noise_other=0.4,
)  # fmt: skip


@pytest.fixture
def effects():
    return SharedEffects(("intro", "shiny"), 0.0, 1.0)


def test_the_vector_holds_a_level_formats_two_tides_traits_and_words(effects):
    assert effects.knots.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert effects.size == 1 + 4 + 7 + 7 + len(TRAITS) + 2
    assert [(tide.start, tide.stop) for tide in effects.tides] == [(5, 12), (12, 19)]
    told = dict(zip(TRAITS, effects.mean[19 : 19 + len(TRAITS)], strict=True))
    assert {name: value for name, value in told.items() if value} == TRAIT_EFFECTS
    assert not effects.mean[:19].any()
    assert effects.mean[-2:].tolist() == [0, 0]


def test_the_spread_of_every_effect(effects):
    found = effects.spreads(BY)
    assert found[0] == 0.5
    assert set(found[1:5]) == {0.3}
    assert set(found[5:19]) == {0.09}
    assert set(found[-2:]) == {0.11}
    told = dict(zip(TRAITS, found[19 : 19 + len(TRAITS)], strict=True))
    assert (told["paid"], told["seats"]) == (0.15, 0.15)
    assert (told["no subject yet"], told["no subject yet, far ahead"]) == (0.4, 0.4)
    assert (told["lead"], told["at short notice, online"], told["far ahead"]) == (0.14,) * 3
    assert (told["about 8:00"], told["about 22:00"]) == (0.17, 0.17)
    assert (told["first of its program"], told["pause since the last"]) == (0.08, 0.08)
    assert told["length of the title"] == 0.07


@pytest.mark.parametrize(
    ("trait", "group"),
    [
        ("events in 90 days", "habit_effect"), ("words in the title", "habit_effect"),
        ("years since the first", "habit_effect"), ("about 10:00", "hour_effect"),
        ("lead, online", "lead_effect"), ("length of the title", "title_effect"),
    ],
)  # fmt: skip
def test_which_parameter_scales_an_effect(trait, group):
    assert effect_group(trait) == group


def test_tides_come_and_go_and_everything_else_stands_alone(effects):
    found = effects.covariance(BY)
    assert found[5, 5] == pytest.approx(0.09**2 + 1e-6)
    assert found[5, 7] == pytest.approx(0.09**2 * exp(-1.0 / 1.8))
    assert found[12, 18] == pytest.approx(0.09**2 * exp(-3.0 / 1.8))
    assert found[5, 12] == 0
    rest = np.delete(np.arange(effects.size), np.arange(5, 19))
    alone = found[np.ix_(rest, rest)]
    assert alone == pytest.approx(np.diag(effects.spreads(BY)[rest] ** 2))


@pytest.mark.parametrize(
    ("starts", "knot", "part"), [(0.6, 1, 0.2), (1.0, 2, 0.0), (-4.0, 0, 0.0), (99.0, 5, 0.999)]
)
@pytest.mark.parametrize(("format_", "tide"), [("in_person", 5), ("", 5), ("online", 12)])
def test_an_event_lies_between_two_knots_of_its_tide(effects, starts, knot, part, format_, tide):
    found = effects.loadings(Upcoming(format=format_, starts=starts), [])
    tides = np.zeros(14)
    tides[tide - 5 + knot], tides[tide - 5 + knot + 1] = 1 - part, part
    assert found[5:19] == pytest.approx(tides)


def test_an_event_carries_the_level_its_format_its_traits_and_its_words(effects):
    plan = Upcoming(
        format="hybrid", starts=1.0, announced=0.9, hour=18.0, title="Intro: TBC", seats=9
    )
    found = effects.loadings(plan, [0.2])
    assert found[:5].tolist() == [1, 0, 0, 1, 0]
    assert found[19 : 19 + len(TRAITS)] == pytest.approx(traits(plan, [0.2]))
    assert found[-2:].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("kind", "format_", "place"),
    [("event", "in_person", 0), ("event", "online", 1), ("event", "hybrid", 2), ("event", "", 3),
     ("stream", "", 1)],
)  # fmt: skip
def test_the_place_of_a_format(kind, format_, place):
    assert format_index(Upcoming(kind=kind, format=format_)) == place


def test_two_events_of_a_program_have_in_common():
    pairs = EventSimilarity(
        gap=np.array([0.0, 1.4]), apart=np.array([0.0, 0.0]), same_format=np.array([1.0, 0.0]),
        same_slot=np.array([1.0, 0.0]), leads=np.array([0.36, -0.5]), words=np.array([1.0, 0.5]),
    )  # fmt: skip
    same, other = covariance(pairs, BY)
    assert same == pytest.approx(0.3**2 + 0.5**2 + 0.2**2 + 0.1**2 * 0.36 + 0.15**2 + 0.25**2)
    assert other == pytest.approx(0.3**2 * exp(-1.4 / 0.7) + 0.5**2 - 0.1**2 * 0.5 + 0.25**2 * 0.5)
    assert variance(0.6, 1.0, BY) == pytest.approx(same)
    assert variance(0.0, 0.0, BY) == pytest.approx(0.5**2 + 0.3**2 + 0.2**2 + 0.15**2)


def test_what_a_class_does_not_share_is_its_own():
    apart = apart_of(0.6)
    assert apart**2 == pytest.approx((1 - 0.36) * (GENERAL**2 + FORMAT**2))
    assert variance(0.0, 0.0, BY, apart) == pytest.approx(variance(0.0, 0.0, BY) + apart**2)
    assert apart_of(1.0) == 0


def test_the_noise_of_a_format():
    assert BY.noise(np.arange(4)) == pytest.approx([0.21**2, 0.24**2, 0.4**2, 0.4**2])
