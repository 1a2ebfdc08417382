"""Estimates corrected by their own history, against formulas written out again."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.workload import estimates
from almanac.core.workload.estimates import EstimateHistory, Task
from almanac.core.workload.expert_pool import LEVELS, crps


def weighed(values, weights):
    """Quantiles by linear interpolation between the middles of weights."""
    order = np.argsort(values, kind="stable")
    mass = np.asarray(weights)[order] / np.sum(weights)
    return np.interp(LEVELS, np.cumsum(mass) - mass / 2, np.asarray(values)[order])


def test_few_estimates_leave_room():
    for known in (0, 3):
        history = EstimateHistory([Task(4.0, 4.0, category="task")] * known)
        hours = estimates.forecast(history, 10.0, category="task")
        assert hours[180] / hours[20] > 2.0


def test_doubt_of_all_estimates_is_that_of_a_mean_with_a_normal_prior():
    none = EstimateHistory([])
    assert none.doubt == pytest.approx(estimates.PRIOR_SPREAD)
    nine = EstimateHistory([Task(4.0, 4.0 + i, category="task") for i in range(9)])
    _, spread = nine.usual
    both = 1 / estimates.PRIOR_SPREAD**2 + 9 / spread**2
    assert nine.doubt == pytest.approx(both**-0.5)


def test_the_usual_ratio_is_a_mean_with_four_imagined_tasks():
    mean, spread = EstimateHistory([Task(2, 2), Task(2, 4), Task(3, 12)]).usual
    ratios = np.log([1, 2, 4])
    imagined = [estimates.PRIOR_RATIO] * 4

    assert mean == pytest.approx(np.mean([*imagined, *ratios]))
    squares = 4 * estimates.TASK_SPREAD**2 + ((ratios - mean) ** 2).sum()
    assert spread == pytest.approx(np.sqrt(squares / 7))


def test_without_history_the_usual_is_normal():
    found = EstimateHistory().alike_or_usual(3.0, "a", "b")

    wanted = stats.norm(estimates.PRIOR_RATIO, estimates.TASK_SPREAD).ppf(LEVELS)
    assert found == pytest.approx(wanted)
    assert estimates.forecast(EstimateHistory(), 3.0) == pytest.approx(3 * np.exp(wanted))


def test_tasks_of_no_hours_are_of_hardly_any():
    history = EstimateHistory([Task(0, 0), Task(0, 1)])

    assert history.ratio == pytest.approx([0, np.log(1000)])
    assert history.size == pytest.approx(np.log([1 / 1000] * 2))


def some():
    """The last is the newest; sizes are one and two widths away from an hour."""
    return [
        Task(1.0, 1.5, "ann", "talk"),
        Task(np.exp(estimates.WIDTH), 3.0, "ann", "post"),
        Task(np.exp(-2 * estimates.WIDTH), 0.4, "bob", "talk"),
        Task(1.0, 0.8, "bob", "post"),
    ]


def likeness():
    """To an hour of ann's talks."""
    alike = np.exp(-(np.array([0, 1, 2, 0]) ** 2) / 2) + 1e-4
    recent = estimates.RECENCY ** np.array([3, 2, 1, 0])
    person = np.array([estimates.SAME_PERSON, estimates.SAME_PERSON, 1, 1])
    kind = np.array([estimates.SAME_CATEGORY, 1, estimates.SAME_CATEGORY, 1])
    return alike * recent * person * kind


def ratios():
    return np.array([np.log(task.actual / task.estimate) for task in some()])


def test_likeness_falls_by_size_age_person_and_kind():
    history = EstimateHistory(some())
    found = history._likeness(history._past(), 1.0, "ann", "talk")

    assert found == pytest.approx(likeness())
    larger = history._likeness(history._past(), np.exp(estimates.WIDTH), "", "")
    alike = np.exp(-(np.array([1, 0, 3, 1]) ** 2) / 2) + 1e-4
    assert larger == pytest.approx(alike * estimates.RECENCY ** np.array([3, 2, 1, 0]))
    assert history.alike(1.0, "ann", "talk") == pytest.approx(weighed(ratios(), likeness()))


def test_few_tasks_that_are_alike_are_mixed_with_what_is_usual():
    """Four tasks' worth of the usual against as many as the weights amount to (Kish)."""
    history = EstimateHistory(some())
    mean, spread = history.usual
    weights = likeness()
    worth = weights.sum() ** 2 / (weights**2).sum()
    own = estimates.PRIOR_WEIGHT / (estimates.PRIOR_WEIGHT + worth)
    values = np.concatenate([ratios(), stats.norm(mean, spread).ppf(LEVELS)])
    mixed = np.concatenate([(1 - own) * weights / weights.sum(), np.full(200, own / 200)])

    found = history.alike_or_usual(1.0, "ann", "talk")
    assert found == pytest.approx(weighed(values, mixed))
    assert estimates.forecast(history, 1.0, "ann", "talk") == pytest.approx(np.exp(found))


def test_what_was_long_ago_is_forgotten():
    history = EstimateHistory([Task(1, 1e6), *[Task(1, 1)] * estimates.LATEST])

    assert len(history) == estimates.LATEST + 1
    assert history._past().ratio.tolist() == [0] * estimates.LATEST
    _, spread = history.usual
    many = 1 / estimates.PRIOR_SPREAD**2 + estimates.LATEST / spread**2
    assert history.doubt == pytest.approx(many**-0.5)


def test_a_task_more_is_seen_at_once():
    history = EstimateHistory([Task(1, 1)])
    before = history.alike(1.0, "", "")
    history.add(Task(1, np.e))

    assert before == pytest.approx(np.zeros(200))
    assert history.alike(1.0, "", "").max() == pytest.approx(1)


def test_thinning_keeps_the_middle_of_each_part():
    ordered = np.arange(5.0)

    assert estimates._thinned(ordered, 2).tolist() == [1, 3]
    assert estimates._thinned(ordered, 5) is ordered
    assert len(estimates._thinned(np.arange(1000.0))) == 999


def test_a_replay_of_estimates_that_always_hold():
    exact = [Task(float(h), float(h)) for h in (1, 2, 4) * 5]
    found = estimates.replay(exact, 10)

    assert (found.n, found.crps_point) == (5, 0)
    assert found.crps == pytest.approx(0, abs=1e-9)
    assert estimates.replay(exact, 15) is None
    assert estimates.replay(exact, 14).n == 1


def test_a_replay_compares_with_the_estimate_itself_and_with_one_ratio_for_all():
    random = np.random.default_rng(2)
    made = [Task(float(h), float(h * random.uniform(0.5, 2))) for h in random.integers(1, 9, 30)]
    found = estimates.replay(made, 20)
    known = [task.actual / task.estimate for task in made]
    everyone = []
    for now in range(20, 30):
        sample = made[now].estimate * np.array(known[:now])
        apart = np.abs(sample[:, None] - sample[None, :]).mean()
        everyone.append(np.abs(sample - made[now].actual).mean() - apart / 2)

    own, inside = [], 0
    for now in range(20, 30):
        hours = made[now].estimate
        quantiles = hours * np.exp(EstimateHistory(made[:now]).alike(hours, "", ""))
        own.append(crps(quantiles, made[now].actual))
        inside += quantiles[19:21].mean() <= made[now].actual <= quantiles[179:181].mean()

    assert found.n == 10
    assert found.crps == pytest.approx(np.mean(own))
    assert found.coverage.eighty == pytest.approx(inside / 10)
    assert found.crps_point == pytest.approx(
        np.mean([abs(t.estimate - t.actual) for t in made[20:]])
    )
    assert found.crps_global == pytest.approx(np.mean(everyone))


def test_what_was_later_says_more():
    late = EstimateHistory([*[Task(1, 1)] * 500, *[Task(1, 3)] * 500])
    early = EstimateHistory([*[Task(1, 3)] * 500, *[Task(1, 1)] * 500])

    assert late.alike(1.0, "", "").mean() > np.log(3) / 2 > early.alike(1.0, "", "").mean()


def test_the_nearest_in_size_says_most():
    sizes = [1.0] * 30 + [8.0] * 30
    history = EstimateHistory([Task(size, size * (2 if size > 1 else 1)) for size in sizes])

    assert history.alike(8.0, "", "").mean() > 0.6 > history.alike(1.0, "", "").mean()
