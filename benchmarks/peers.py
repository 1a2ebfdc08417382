"""What others forecast for the same events from the same information; run by turnout.py.

Runs in an environment of its own with lightgbm and ngboost. Reads an events table, forecasts
sign-ups as known at announcement and writes event, peer and CRPS.
"""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lightgbm
import ngboost
import numpy as np
from scipy.stats import norm

MOST = 4000
GRID = np.log(np.arange(1, MOST + 1))
EPOCH = datetime(2010, 1, 1, tzinfo=UTC)
TREES = {
    "n_estimators": 300,
    "learning_rate": 0.03,
    "num_leaves": 15,
    "min_child_samples": 15,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.7,
    "verbose": -1,
}
WORDS = (
    "club",
    "social",
    "introduction",
    "workshop",
    "virtual",
    "tbc",
    "tbd",
    "tba",
    "datos",
    "de",
)
QUARTER = 0.25


def years(moment: datetime) -> float:
    return (moment - EPOCH) / timedelta(days=365.25)


class Events:
    def __init__(self, path: str) -> None:
        with Path(path).open(encoding="utf-8") as file:
            rows = [r for r in csv.DictReader(file) if r["status"] == "past" and r["signups"]]
        rows.sort(key=lambda row: datetime.fromisoformat(row["starts_at"]))
        starts = [datetime.fromisoformat(row["starts_at"]) for row in rows]
        self.ids = [row["event_id"] for row in rows]
        self.start = np.array([years(at) for at in starts])
        told = [
            datetime.fromisoformat(r["announced_at"]) if r["announced_at"] else None for r in rows
        ]
        self.known = np.array(
            [min(years(a), s) if a else s for a, s in zip(told, self.start, strict=True)]
        )
        self.count = np.array([int(row["signups"]) for row in rows])
        self.log = np.log(self.count + 0.5)
        names = sorted({row["program"] for row in rows})
        self.program = np.array([names.index(row["program"]) for row in rows])
        formats = ["", "in_person", "online", "hybrid"]
        self.format = np.array([formats.index(row["format"]) for row in rows])
        self.features = np.array([self._features(i, rows, starts) for i in range(len(rows))])

    def before(self, i: int) -> np.ndarray:
        """Events of the same program that had started when this one was announced."""
        return np.flatnonzero((self.program == self.program[i]) & (self.start < self.known[i]))

    def _features(self, i: int, rows: list[dict[str, str]], starts: list[datetime]) -> list[float]:
        past = self.before(i)
        same = past[self.format[past] == self.format[i]]
        lately = np.flatnonzero(
            (self.start < self.known[i]) & (self.start > self.known[i] - QUARTER)
        )
        alike = lately[self.format[lately] == self.format[i]]
        title = rows[i]["title"].lower()
        again = [j for j in past if rows[j]["title"].lower() == title]

        def mean(which: np.ndarray | list[int]) -> float:
            return float(self.log[which].mean()) if len(which) else np.nan

        lead = (self.start[i] - self.known[i]) * 365.25
        at = starts[i]
        return [
            self.format[i],
            np.log(lead + 0.25),
            at.weekday(),
            at.hour,
            at.timetuple().tm_yday,
            len(title),
            self.start[i],
            len(past),
            mean(past),
            mean(past[-1:]),
            mean(past[-3:]),
            mean(past[-8:]),
            float(self.log[past].std()) if len(past) > 1 else np.nan,
            mean(same),
            mean(same[-3:]),
            len(same),
            self.start[i] - self.start[past[-1]] if len(past) else np.nan,
            mean(lately),
            mean(alike),
            mean(again),
            *(word in title.split() for word in WORDS),
        ]


def crps(cumulative: np.ndarray, observed: int) -> float:
    return float(np.sum((cumulative - (np.arange(MOST) >= observed)) ** 2))


def of_sample(counts: np.ndarray, observed: int) -> float:
    ordered = np.sort(counts)
    return crps(np.searchsorted(ordered, np.arange(MOST), side="right") / len(counts), observed)


def histories(events: Events, tested: list[int]):
    """Climatology, the program's own history, and its last eight; the first where there is none."""
    for i in tested:
        everything = events.count[events.start < events.known[i]]
        own = events.count[events.before(i)]
        for name, counts in (
            ("climatology", everything),
            ("own history", own),
            ("last 8", own[-8:]),
        ):
            yield i, name, of_sample(counts if len(counts) else everything, events.count[i])


def kalman(events: Events, tested: list[int]):
    """A pooled Kalman filter: one drifting level per program, variances by likelihood."""
    from scipy.optimize import minimize

    def passes(parameters, until, wanted=()):
        mean, between, drift, noise = parameters[0], *np.exp(parameters[1:])
        loss, level = 0.0, {}
        order = [(events.start[i], 1, i) for i in np.flatnonzero(events.start < until)]
        order += [(events.known[i], 0, i) for i in wanted]
        for at, kind, i in sorted(order):
            centre, variance, then = level.get(events.program[i], (mean, between**2, at))
            variance = min(variance + drift**2 * (at - then), 2 * between**2)
            total = variance + noise**2
            if not kind:
                yield i, norm.cdf((GRID - centre) / np.sqrt(total))
                continue
            error = events.log[i] - centre
            loss += 0.5 * (np.log(total) + error**2 / total)
            gain = variance / total
            level[events.program[i]] = (centre + gain * error, variance * (1 - gain), at)
        yield None, loss

    def fit(until):
        def loss(parameters):
            return list(passes(parameters, until))[-1][1]

        start = [3.0, np.log(0.7), np.log(0.5), np.log(0.6)]
        return minimize(loss, start, method="Nelder-Mead", options={"maxiter": 120}).x

    for quarter, found in quarters(events, tested):
        parameters = fit(quarter)
        for i, value in passes(parameters, quarter + 4 * QUARTER, found):
            if i is not None:
                yield i, "pooled Kalman filter", crps(value, events.count[i])


def quarters(events: Events, tested: list[int], step: float = QUARTER):
    by: dict[float, list[int]] = {}
    for i in tested:
        by.setdefault(float(np.floor(events.known[i] / step) * step), []).append(i)
    yield from sorted(by.items())


def trees(events: Events, tested: list[int]):
    """LightGBM for mean and scale, with empirical residuals; refitted quarterly."""
    for quarter, found in quarters(events, tested):
        train = np.flatnonzero(events.start < quarter)
        fold = np.random.default_rng(0).integers(0, 5, len(train))
        errors = np.zeros(len(train))
        for part in range(5):
            model = lightgbm.LGBMRegressor(**TREES)
            model.fit(events.features[train[fold != part]], events.log[train[fold != part]])
            left = train[fold == part]
            errors[fold == part] = events.log[left] - model.predict(events.features[left])
        mean = lightgbm.LGBMRegressor(**TREES).fit(events.features[train], events.log[train])
        scale = lightgbm.LGBMRegressor(**TREES | {"n_estimators": 100})
        scale.fit(events.features[train], np.log(np.abs(errors) + 0.05))
        usual = np.exp(scale.predict(events.features[train]))
        shape = np.sort(errors / usual)
        centres = mean.predict(events.features[found])
        scales = np.exp(scale.predict(events.features[found]))
        for i, centre, each in zip(found, centres, scales, strict=True):
            cumulative = np.searchsorted(shape, (GRID - centre) / each, side="right") / len(shape)
            yield i, "LightGBM", crps(cumulative, events.count[i])


def boosted(events: Events, tested: list[int]):
    """NGBoost, normal on the log; missing features as their median; refitted yearly."""
    for year, found in quarters(events, tested, 1.0):
        train = np.flatnonzero(events.start < year)
        usual = np.nanmedian(events.features[train], axis=0)
        features = np.where(np.isnan(events.features), usual, events.features)
        model = ngboost.NGBRegressor(n_estimators=300, verbose=False, random_state=0)
        model.fit(features[train], events.log[train])
        told = model.pred_dist(features[found])
        for i, centre, sd in zip(found, told.params["loc"], told.params["scale"], strict=True):
            yield i, "NGBoost", crps(norm.cdf((GRID - centre) / sd), events.count[i])


def main() -> None:
    path, since, out = sys.argv[1:]
    events = Events(path)
    first = years(datetime.fromisoformat(since).replace(tzinfo=UTC))
    tested = [int(i) for i in np.flatnonzero(events.start >= first)]
    with Path(out).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("event_id", "peer", "crps"))
        for peer in (histories, kalman, trees, boosted):
            for i, name, value in peer(events, tested):
                writer.writerow((events.ids[i], name, value))
            print(f"{peer.__name__} done", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
