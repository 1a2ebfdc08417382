"""Hours of a week for commitments: two witnesses, against closed forms and simulated practitioners."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.workload import capacity
from almanac.core.workload.capacity import Capacity, Logged, LoggedWeek, draw_weeks, learn

TWENTY = Capacity(np.log(21), 0.0, 0.0, 0.0, 0.0, 0.0, 50, 20.0)


def logged(*hours, unplanned=None):
    return [LoggedWeek(float(one), unplanned) for one in hours]


def test_nothing_said_and_nothing_logged_is_not_known():
    assert learn([]) is None
    assert learn(logged(0, 0)) is None


def test_hours_stated_are_all_that_is_known_without_a_log():
    found = learn([], 30.0)
    assert found.whole == pytest.approx(30)
    assert found.usual == pytest.approx(30 * (1 - capacity.UNPLANNED))
    assert found.doubt == capacity.STATED_DOUBT
    assert (found.weeks, found.logged, found.plans) == (0, 0, False)


def test_two_witnesses_are_weighed_by_their_precision():
    weeks = [18.0, 25.0, 22.0, 30.0]
    found = learn(logged(*weeks), 35.0, Logged.HALF)
    weights = capacity.RECENCY ** np.arange(3, -1, -1)
    logs = np.log1p(weeks)
    mean = weights @ logs / weights.sum()
    squares = weights @ (logs - mean) ** 2
    variance = (3 * 0.35**2 + squares) / (3 + weights.sum() - 1)
    rho = found.persistence
    share, doubt = capacity.LOGGED_SHARES[Logged.HALF]
    log_variance = variance * (1 + rho) / (1 - rho) / weights.sum() + doubt**2
    one, other = 1 / log_variance, 1 / capacity.STATED_DOUBT**2
    level = (one * np.log(1 + np.expm1(mean) / share) + other * np.log(36)) / (one + other)

    assert found.level == pytest.approx(level)
    assert found.doubt == pytest.approx((one + other) ** -0.5)
    assert found.spread == pytest.approx(np.sqrt(variance))
    assert found.logged == pytest.approx(np.expm1(mean))


def test_hours_stated_count_until_there_is_evidence_against_them():
    """Six hours a week logged for half a year, thirty-five stated."""
    said = {share: learn(logged(*[6.0] * 26), 35.0, share).whole for share in Logged}

    assert said[Logged.UNKNOWN] > 24
    assert said[Logged.BIG] > 24
    assert said[Logged.ALL] < 13


def test_what_is_logged_is_taken_for_the_share_it_is_said_to_be():
    for share, factor in ((Logged.ALL, 1.03), (Logged.HALF, 2), (Logged.BIG, 3.33)):
        assert learn(logged(*[10.0] * 26), None, share).whole == pytest.approx(10 * factor, rel=0.2)


def test_no_week_has_much_more_than_is_stated_or_than_a_full_one():
    assert learn(logged(*[20.0] * 8), None, Logged.BIG).whole <= capacity.MOST_WEEK + 1e-9
    assert learn(logged(*[47.0] * 8), 10.0, Logged.ALL).whole == pytest.approx(11.5)


def test_unplanned_hours_leave_less_room_where_anything_is_planned():
    half = learn(logged(*[28.0] * 20, unplanned=0.5), None, Logged.ALL)
    none = learn(logged(*[28.0] * 20, unplanned=0.0), None, Logged.ALL)
    never = learn(logged(*[28.0] * 20), None, Logged.ALL)

    assert half.unplanned_share == pytest.approx(0.5, abs=0.03)
    assert none.unplanned_share == pytest.approx(0, abs=0.03)
    assert never.unplanned_share == capacity.UNPLANNED
    assert (half.plans, never.plans) == (True, False)
    assert half.usual == pytest.approx(0.5 * half.whole, rel=0.06)
    full = learn(logged(*[28.0] * 20, unplanned=1.0), None, Logged.ALL)
    assert full.unplanned_share == pytest.approx(capacity.MOST_UNPLANNED)


def test_weeks_without_work_are_counted_apart():
    found = learn(logged(0, 20, 30, 0, 45), 25.0)
    age = capacity.RECENCY ** np.arange(4, -1, -1)
    assert found.empty == pytest.approx((age[0] + age[3]) / (capacity.EMPTY_WEEKS + age.sum()))


def test_weeks_never_push_against_one_another():
    assert learn(logged(*[5.0, 90.0] * 20)).persistence == 0
    slow = [float(np.exp(3 + 2 * np.sin(n / 12))) for n in range(150)]
    assert learn(logged(*slow)).persistence == pytest.approx(0.9)
    usual, _ = capacity.PERSISTENCE_PRIOR
    assert learn(logged(30)).persistence == pytest.approx(usual)


def weeks(of, number=1, draws=40_000):
    return draw_weeks(of, number, draws, np.random.default_rng(4))


def test_weeks_of_a_capacity_that_is_known():
    assert weeks(TWENTY, 2, 3) == pytest.approx(np.full((3, 2), 20))
    below = Capacity(-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0.0)
    assert weeks(below, 1, 2).tolist() == [[0], [0]]


def test_what_was_unusual_last_week_fades():
    busy = Capacity(np.log(21), 0.0, 0.0, 0.5, np.log(4), 0.0, 50, 20.0)
    assert weeks(busy, 2, 3) == pytest.approx(np.array([[21 * 2 - 1, 21 * 2**0.5 - 1]] * 3))


def test_weeks_vary_with_heavy_tails_around_a_level_that_is_not_known():
    """Student's t with six degrees of freedom, brought to variance one."""
    logs = np.log1p(weeks(Capacity(9.0, 0.0, 0.5, 0.0, 0.0, 0.0, 50, 1.0)))[:, 0] - 9
    for level in (0.005, 0.1, 0.9, 0.995):
        wanted = 0.5 * stats.t(6).ppf(level) * np.sqrt(4 / 6)
        assert np.quantile(logs, level) == pytest.approx(wanted, rel=0.06)
    doubted = np.log1p(weeks(Capacity(9.0, 0.3, 0.0, 0.0, 0.0, 0.0, 50, 1.0), 2)) - 9
    assert doubted.std() == pytest.approx(0.3, rel=0.02)
    assert doubted[:, 0] == pytest.approx(doubted[:, 1])


def test_a_week_is_like_the_one_before_it_and_varies_no_more():
    """Of an AR(1) from a known start: variance 1 - r² and 1 - r⁴, covariance r (1 - r²)."""
    logs = np.log1p(weeks(Capacity(9.0, 0.0, 1.0, 0.6, 0.0, 0.0, 50, 1.0), 2)) - 9
    together = np.cov(logs.T)
    assert together[0, 0] == pytest.approx(1 - 0.36, rel=0.05)
    assert together[1, 1] == pytest.approx(1 - 0.6**4, rel=0.05)
    assert together[0, 1] == pytest.approx(0.6 * (1 - 0.36), rel=0.05)


def test_some_weeks_hold_nothing_and_the_unplanned_share_is_a_beta():
    empty = weeks(Capacity(np.log(21), 0.0, 0.0, 0.0, 0.0, 0.25, 50, 20.0))
    assert (empty == 0).mean() == pytest.approx(0.25, abs=0.01)
    shared = weeks(Capacity(np.log(21), 0.0, 0.0, 0.0, 0.0, 0.0, 50, 20.0, (3.0, 5.0))) / 20
    for level in (0.1, 0.5, 0.9):
        assert np.quantile(shared, level) == pytest.approx(stats.beta(5, 3).ppf(level), abs=0.01)


def walk(random, number, noise=0.35, rho=0.3):
    state = [random.normal(0, noise)]
    for _ in range(number):
        state.append(rho * state[-1] + random.normal(0, noise * np.sqrt(1 - rho**2)))
    return np.array(state[1:])


def one_of(random, hours, share, unplanned, past, answer):
    """A practitioner with a past and commitments of .2 to 1.2 of eight weeks: said, and came true."""
    ahead, draws = 8, 1500
    room = hours * np.exp(walk(random, past + ahead))
    beside = np.clip(random.normal(unplanned, 0.12 * (unplanned > 0), past + ahead), 0, 1)
    known = [LoggedWeek(share * h, b) for h, b in zip(room[:past], beside[:past], strict=True)]
    found = learn(known, None, answer)
    number = int(random.integers(1, 7))
    due = np.sort(random.integers(1, ahead + 1, number))
    total = hours * due[-1] * random.uniform(0.2, 1.2)
    estimates = random.dirichlet(np.ones(number)) * total
    drawn = draw_weeks(found, ahead, draws, random)
    edges = np.concatenate([np.zeros((draws, 1)), np.cumsum(drawn, axis=1)], axis=1)
    needs = estimates * np.exp(random.normal(0, 0.35, (draws, number)))
    said = (edges[:, due] >= np.cumsum(needs, axis=1)).all(axis=1).mean()
    free = np.concatenate([[0], np.cumsum((room * (1 - beside))[past:])])
    took = np.cumsum(estimates * np.exp(random.normal(0, 0.35, number)))
    return said, bool((free[due] >= took).all())


@pytest.mark.parametrize("past", [2, 4, 8, 26])
@pytest.mark.parametrize(
    ("hours", "share", "unplanned", "answer"),
    [
        (28, 1.0, 0.0, Logged.ALL),
        (14, 1.0, 0.0, Logged.ALL),
        (28, 0.3, 0.0, Logged.BIG),
        (28, 1.0, 0.5, Logged.ALL),
        (35, 0.5, 0.2, Logged.HALF),
    ],
    ids=["logs everything", "part-time", "logs 30 %", "half unplanned", "logs half"],
)
def test_chances_said_come_true_for_every_way_of_logging(hours, share, unplanned, answer, past):
    """Within seven points, and twice the error of 300 cases. benchmarks/load.py has more."""
    random = np.random.default_rng(7)
    cases = [one_of(random, hours, share, unplanned, past, answer) for _ in range(300)]
    said, held = np.mean(cases, axis=0)
    assert abs(said - held) < 0.07 + 0.03
