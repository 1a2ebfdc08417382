import json
import time
from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from almanac.core.counts import Counts
from almanac.core.refusals import Refusal
from almanac.core.turnout import class_shares as usual_shares
from almanac.core.turnout import shares
from almanac.core.turnout.class_shares import StagePair, Usual
from almanac.core.turnout.forecast import PastEvent, Upcoming, forecast
from almanac.core.turnout.reference import LEVELS, SHOW_RATES, SUBMISSION_RATES
from almanac.core.vocabulary import Stage


def past(row, years, **counts):
    return PastEvent(row=row, starts=-years, **counts)


def test_no_history_rests_on_the_reference_class():
    found = forecast(Upcoming(kind="event", format="in_person"), [])

    signups = found[Stage.SIGNUPS]
    assert signups.because.classes == ("community-in-person",)
    assert signups.because.rows == ()
    assert signups.counts is not None
    # The class has median e^2.62 - 1/2, which is 13; the range must be wide.
    assert signups.counts.quantile(0.5) == pytest.approx(13, abs=1)
    assert signups.counts.quantile(0.9) > 3 * signups.counts.quantile(0.5)


def test_what_nothing_speaks_for_is_refused_by_name():
    event = forecast(Upcoming(kind="event", format="online"), [])
    talk = forecast(Upcoming(kind="talk"), [])
    task = forecast(Upcoming(kind="task"), [])

    assert event[Stage.TOOK_PART].refusal == Refusal.TOO_FEW_PAIRS
    assert talk[Stage.SIGNUPS].refusal == Refusal.NO_SIGNUPS
    assert talk[Stage.ATTENDED].refusal == Refusal.NO_CLASS
    assert {Refusal.NOT_AN_EVENT} == {stage.refusal for stage in task.stages}
    assert {None} == {stage.counts for stage in task.stages}


def test_history_shrinks_towards_the_program():
    history = [past(n, 0.1 * n + 0.1, signups=80) for n in range(8)]

    own = forecast(Upcoming(kind="event", format="in_person"), history)[Stage.SIGNUPS]

    assert own.counts is not None
    assert 55 < own.counts.quantile(0.5) < 85
    assert tuple(range(8)) == tuple(sorted(own.because.rows))


def test_a_new_program_leans_on_the_others_but_softly():
    others = [past(n, 0.2, program=1 + n % 4, signups=150) for n in range(12)]

    alone = forecast(Upcoming(kind="event", format="in_person"), [])[Stage.SIGNUPS].counts
    leaning = forecast(Upcoming(kind="event", format="in_person"), others)[Stage.SIGNUPS].counts

    assert alone.quantile(0.5) < leaning.quantile(0.5) < 150


def test_rate_posterior_is_the_hierarchical_one_by_brute_force():
    """Class mean, spread, concentration and every program's mean, summed over by scipy alone."""
    reference = replace(SHOW_RATES[0], size_slope=0.0)
    others = {7: [(40, 12), (30, 11)], 8: [(25, 14)], 9: [(60, 20), (50, 22), (20, 4)]}
    own = [(40, 22), (35, 20)]
    mine_told = [StagePair(n, k, 1.0, 1, program=1) for n, k in own]
    told = [StagePair(n, k, 1.0, 2, program=p) for p, found in others.items() for n, k in found]
    logits = np.log(usual_shares.MEANS / (1 - usual_shares.MEANS))
    usual, soft = usual_shares.USUAL_SPREAD, usual_shares.SPREAD_OF_IT
    total = 1 / (reference.mean * (1 - reference.mean) * (reference.between + 1))
    around = max(total - usual**2 * exp(2 * soft**2), total / 3)
    centre = log(reference.mean / (1 - reference.mean))

    def likelihood(found, concentration):
        a, b = usual_shares.MEANS * concentration, (1 - usual_shares.MEANS) * concentration
        return np.prod([stats.betabinom.pmf(k, n, a, b) for n, k in found], axis=0)

    posterior = np.zeros(len(usual_shares.MEANS))
    for concentration in usual_shares.CONCENTRATIONS:
        steady = np.exp(-0.5 * (log(concentration / reference.within) / 0.6) ** 2)
        seen = {name: likelihood(found, concentration) for name, found in others.items()}
        mine = likelihood(own, concentration)
        for mean, spread in usual_shares.CLASSES:
            program = stats.norm.pdf(logits, mean, spread)
            program /= program.sum()
            weight = steady * np.exp(-0.5 * (mean - centre) ** 2 / around)
            weight *= np.exp(-0.5 * (log(spread / usual) / soft) ** 2)
            weight *= np.prod([program @ chance for chance in seen.values()])
            posterior += weight * program * mine
    posterior /= posterior.sum()

    found = shares.rate_posterior(mine_told, Usual(reference, [*mine_told, *told]), program=1)

    assert float(found.weights @ found.means) == pytest.approx(
        float(posterior @ usual_shares.MEANS), rel=1e-6
    )
    assert found.weights.sum() == pytest.approx(1)


def test_carry_is_the_beta_binomial_for_a_known_number():
    rate = shares.RatePosterior(np.array([0.3]), np.array([10.0]), np.array([1.0]), 0.0, 1.0)

    found = shares.carry(Counts.certain(50), rate)

    exact = stats.betabinom.pmf(found.values, 50, 3.0, 7.0)
    assert found.mass == pytest.approx(exact, abs=1e-8)


def test_carry_mixes_over_an_uncertain_number():
    rate = shares.RatePosterior(np.array([0.4]), np.array([12.0]), np.array([1.0]), 0.0, 1.0)
    before = Counts.of(stats.nbinom.pmf(np.arange(400), 3, 3 / 43))
    numbers = before.values
    exact = sum(
        before.mass[i] * stats.betabinom.pmf(np.arange(400), n, 4.8, 7.2)
        for i, n in enumerate(numbers)
    )

    found = shares.carry(before, rate)

    assert found.mean == pytest.approx(float(exact @ np.arange(400)), rel=0.01)
    for level in (0.1, 0.5, 0.9):
        wanted = int(np.searchsorted(np.cumsum(exact), level))
        assert found.quantile(level) == pytest.approx(wanted, abs=1)


def test_the_forecast_tightens_as_the_day_comes_nearer():
    widths = []
    for hours in (336, 168, 48, 1):
        counts = forecast(
            Upcoming(kind="event", format="in_person", signups=30, hours_to_go=hours), []
        )[Stage.SIGNUPS].counts
        low, high = counts.interval(0.8)
        widths.append(high - low)

    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < widths[0] / 3


def test_once_it_has_begun_the_signups_are_known():
    found = forecast(Upcoming(kind="event", format="online", signups=61, hours_to_go=0), [])

    assert found[Stage.SIGNUPS].counts.is_certain
    low, high = found[Stage.ATTENDED].counts.interval(0.8)
    assert 0 <= low < high <= 61


def test_seats_are_not_exceeded():
    found = forecast(
        Upcoming(kind="event", format="in_person", seats=20), [past(1, 0.2, signups=90)]
    )

    assert found[Stage.SIGNUPS].counts.last == 20
    assert found[Stage.ATTENDED].counts.last <= 20


def test_walk_ins_are_possible_where_they_have_happened():
    history = [past(1, 0.3, signups=20, attended=31), past(2, 0.2, signups=22, attended=26)]

    found = forecast(Upcoming(kind="event", format="in_person", signups=20, hours_to_go=0), history)

    assert found[Stage.ATTENDED].counts.at_least(21) > 0.1


def test_interest_carries_on_only_with_three_of_ones_own():
    history = [past(n, 0.1 + n / 10, interested=200, signups=60) for n in range(3)]
    upcoming = Upcoming(kind="event", format="online", interested=400)

    two = forecast(upcoming, history[:2])[Stage.SIGNUPS]
    three = forecast(upcoming, history)[Stage.SIGNUPS]

    assert ("interested", 400) not in two.because.known
    assert three.because.known == (("interested", 400),)
    assert [note.used for note in two.because.notes if note.name == "interested"] == [False]
    # Interest alone says 120, the events before alone 60.
    assert 70 < three.counts.quantile(0.5) < 110


def test_attendance_counted_without_signups_is_forecast_from_itself():
    history = [past(n, 0.1 + n / 10, attended=40) for n in range(6)]

    found = forecast(Upcoming(kind="stream", format="online"), history)

    assert 25 < found[Stage.ATTENDED].counts.quantile(0.5) < 55
    assert len(found[Stage.ATTENDED].because.rows) == 6


def test_larger_hackathons_hand_in_a_smaller_share():
    """Published: median .27 at 20 to 50 participants, .066 at 1,000 and more."""
    shares = []
    for size in (35, 1500):
        found = forecast(
            Upcoming(kind="hackathon", format="online", signups=size, hours_to_go=0), []
        )
        shares.append(found[Stage.SUBMISSIONS].counts.quantile(0.5) / size)

    assert shares[0] == pytest.approx(0.27, abs=0.05)
    assert shares[1] == pytest.approx(0.066, abs=0.02)


def test_workshop_class_reproduces_the_carpentries_quantiles():
    """Registered to first day: 5/25/50/75/95 % at .54/.72/.84/.93/1.0."""
    counts = forecast(Upcoming(kind="workshop", format="in_person", signups=30, hours_to_go=0), [])[
        Stage.ATTENDED
    ].counts

    found = [counts.quantile(level) / 30 for level in (0.05, 0.25, 0.5, 0.75, 0.95)]

    assert found == pytest.approx([0.54, 0.72, 0.84, 0.93, 1.0], abs=0.06)


@settings(max_examples=60)
@given(
    kind=st.sampled_from(["event", "workshop", "hackathon", "stream", "talk", "task", "post"]),
    form=st.sampled_from(["", "online", "in_person", "hybrid"]),
    seats=st.none() | st.integers(0, 300),
    signups=st.none() | st.integers(0, 400),
    hours=st.none() | st.floats(-100, 5000),
    price=st.none() | st.floats(0, 500),
    history=st.lists(
        st.tuples(
            st.floats(0, 12),
            st.none() | st.integers(0, 500),
            st.none() | st.integers(0, 500),
            st.none() | st.integers(0, 900),
            st.booleans(),
        ),
        max_size=8,
    ),
)
def test_every_stage_is_a_distribution_or_a_refusal(
    kind, form, seats, signups, hours, price, history
):
    rows = [
        past(n, years, program=0 if own else n + 1, signups=s, attended=a, interested=i)
        for n, (years, s, a, i, own) in enumerate(history)
    ]
    found = forecast(
        Upcoming(
            kind=kind, format=form, price=price, seats=seats, signups=signups, hours_to_go=hours
        ),
        rows,
    )

    for stage in found.stages:
        assert (stage.counts is None) != (stage.refusal is None)
        if stage.counts is not None:
            assert np.isfinite(stage.counts.mass).all()
            assert stage.counts.mass.sum() == pytest.approx(1)
            assert stage.counts.first >= 0
    final = found[Stage.SIGNUPS].counts
    if final is not None and signups is not None:
        # Some may cancel, and seats may have been filled beyond their number.
        assert final.last >= min(signups, final.last if seats is None else seats)


@pytest.mark.parametrize("fewer", [5, 20, 80])
def test_more_signups_never_lower_attendance(fewer):
    def came(signups):
        upcoming = Upcoming(kind="event", format="in_person", signups=signups, hours_to_go=0)
        return forecast(upcoming, [])[Stage.ATTENDED].counts

    low, high = came(fewer), came(fewer + 10)

    assert all(high.quantile(q) >= low.quantile(q) for q in (0.1, 0.5, 0.9))


def test_a_program_takes_its_level_along_when_it_changes_format():
    """Online events of 40 speak for about 40 · e^(2.62 − 3.09) = 25 in person."""
    online = [past(n, 0.1 + n / 10, signups=40, format="online") for n in range(12)]

    found = forecast(Upcoming(kind="event", format="in_person"), online)[Stage.SIGNUPS].counts

    assert found.quantile(0.5) == pytest.approx(25, abs=3)


def test_one_walk_in_crowd_in_ten_is_neither_lost_nor_spread_over_all():
    history = [past(n, 0.1 + n / 10, signups=20, attended=15) for n in range(9)]
    history.append(past(9, 2, signups=20, attended=40))

    came = forecast(Upcoming(kind="event", format="in_person", signups=20, hours_to_go=0), history)[
        Stage.ATTENDED
    ].counts

    assert came.at_least(21) == pytest.approx(1.5 / 11, abs=0.03)
    assert came.at_least(40) > 0.02


def test_steady_small_shares_are_forecast_small():
    """.3 % of 5,000 interested, six times: about fifteen, not hundreds."""
    history = [past(n, 0.1 + n / 10, interested=5000, signups=15 + n % 3) for n in range(6)]

    found = forecast(Upcoming(kind="event", format="online", interested=5000), history)[
        Stage.SIGNUPS
    ].counts

    assert 10 < found.quantile(0.5) < 25
    assert found.quantile(0.9) < 60


def test_more_signups_than_interested_means_that_interest_limits_nothing():
    history = [past(n, 0.1 + n / 10, interested=20, signups=40) for n in range(4)]

    found = forecast(Upcoming(kind="event", format="online", interested=20), history)[Stage.SIGNUPS]

    assert ("interested", 20) not in found.because.known
    assert found.counts.quantile(0.9) > 40


def test_drop_ins_come_although_nobody_signed_up():
    history = [past(n, 0.1 + n / 10, signups=0, attended=30) for n in range(5)]

    found = forecast(Upcoming(kind="event", format="in_person", signups=0, hours_to_go=0), history)

    assert 15 < found[Stage.ATTENDED].counts.quantile(0.5) < 50


@pytest.mark.parametrize("so_far", [9_990, 10_010, 260_000])
def test_what_is_in_already_never_meets_a_wall(so_far):
    found = forecast(
        Upcoming(kind="hackathon", format="online", signups=so_far, hours_to_go=336), []
    )

    low, high = found[Stage.SIGNUPS].counts.interval(0.9)
    assert 0.7 * so_far < low
    assert high > 1.3 * so_far


def test_lots_change_little():
    """A forecast in round lots is the same as one counted singly, to within a lot or two."""
    history = [past(n, 0.1 + n / 10, signups=3900, attended=2500) for n in range(4)]
    fine = forecast(Upcoming(kind="event", format="in_person"), history)
    history[0] = past(0, 0.1, signups=4100, attended=2500)
    lots = forecast(Upcoming(kind="event", format="in_person"), history)

    for stage in (Stage.SIGNUPS, Stage.ATTENDED):
        for level in (0.1, 0.5, 0.9):
            assert lots[stage].counts.quantile(level) == pytest.approx(
                fine[stage].counts.quantile(level), rel=0.05
            )


def test_a_million_registrants_are_forecast_in_reasonable_time():
    started = time.process_time()
    found = forecast(
        Upcoming(kind="hackathon", format="online", signups=1_000_000, hours_to_go=0), []
    )

    assert found[Stage.ATTENDED].counts.last <= 1_000_000
    assert time.process_time() - started < 60


def test_reference_classes_name_their_sources():
    entries = [*LEVELS, *SHOW_RATES, *SUBMISSION_RATES]

    assert len({entry.key for entry in entries}) == len(entries)
    assert all(entry.source and entry.title for entry in entries)
    # The thinnest evidence has the widest range.
    assert min(SHOW_RATES, key=lambda entry: entry.between).key == "free-online"


def test_forecast_is_plain_enough_to_be_kept():
    counts = forecast(Upcoming(kind="event"), [])[Stage.SIGNUPS].counts

    assert json.loads(json.dumps(counts.packed())) == counts.packed()
