"""Forecasts of sign-ups against peers, on the same events, in one run.

    .venv/bin/python benchmarks/turnout.py EVENTS.csv [--from 2021-01-01] [--pace PACE.csv]

The peers (LightGBM, NGBoost, a pooled Kalman filter, histories) are installed into an environment
of their own, benchmarks/.peers. Differences are paired, with 95 % intervals by resampling programs.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from almanac.answers.turnout.backtest import Backtest
    from almanac.core.turnout.replay import ReplayedForecast

HERE = Path(__file__).resolve().parent
PEERS = HERE / ".peers"
PACKAGES = ("lightgbm", "ngboost", "scipy", "numpy")


def peers_of(path: Path, since: str) -> dict[str, dict[str, float]]:
    """CRPS by peer and event."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
        subprocess.run([PEERS / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)
    out = Path(tempfile.mkdtemp()) / "peers.csv"
    subprocess.run([python, HERE / "peers.py", path, since, out], check=True)
    found: dict[str, dict[str, float]] = {}
    with out.open() as file:
        for row in csv.DictReader(file):
            found.setdefault(row["peer"], {})[row["event_id"]] = float(row["crps"])
    return found


def bootstrap(difference: np.ndarray, programs: np.ndarray) -> tuple[float, float]:
    """95 % interval of the mean difference, programs resampled whole."""
    _, place = np.unique(programs, return_inverse=True)
    sums, sizes = np.bincount(place, difference), np.bincount(place)
    random = np.random.default_rng(1)
    drawn = random.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), 4000)
    return tuple(np.quantile(drawn @ sums / (drawn @ sizes), [0.025, 0.975]))


def replayed(path: Path, since: str, pace: Path | None) -> Backtest:
    """Everything forecast, at the announcement and from sign-ups as they came in."""
    from almanac.answers.turnout import backtest
    from almanac.core.vocabulary import Stage
    from almanac.record.rules import OWNER
    from almanac.sources.base.documents import Document

    looks = Document(pace.name, pace.read_bytes()) if pace else None
    events = Document(path.name, path.read_bytes())
    archive = backtest.from_documents(OWNER, events, looks, Stage.SIGNUPS)
    horizons = (("14d", 14.0), ("7d", 7.0), ("1d", 1.0)) if pace else ()
    moment = datetime.fromisoformat(since).replace(tzinfo=UTC)
    return backtest.run(archive, Stage.SIGNUPS, moment, horizons)


def show_coverage(result: Backtest, made: list[ReplayedForecast], ours: np.ndarray) -> None:
    from almanac.core import scoring

    events = {event.row: event for event in result.archive.events}
    year = years_of(result, made)
    random = np.random.default_rng(0)
    pits = np.array([f.pit(float(random.uniform())) for f in made])
    online = np.array([events[found.row].online for found in made])
    few = np.array([found.before < 5 for found in made])
    slices = [("all", np.ones(len(made), bool)), ("under 5 past events", few)]
    slices += [("online", online), ("not online", ~online)]
    slices += [(str(each), year == each) for each in sorted(set(year.tolist()))]
    print("\ncoverage by randomised PIT, with 99 % binomial bounds")
    for name, which in slices:
        if not which.any():
            continue
        parts = []
        for share in (0.5, 0.8, 0.95):
            bound = 2.576 * (share * (1 - share) / which.sum()) ** 0.5
            got = scoring.coverage(pits[which], share)
            parts.append(f"{got:.3f} ({share - bound:.3f} to {min(share + bound, 1):.3f})")
        print(
            f"  {name:<22} n {which.sum():>5}  CRPS {ours[which].mean():7.3f}  {'  '.join(parts)}"
        )


def years_of(result: Backtest, made: list[ReplayedForecast]) -> np.ndarray:
    events = {event.row: event for event in result.archive.events}
    return np.array([2000 + int(events[found.row].starts) for found in made])


def show_pace(result: Backtest, made: list[ReplayedForecast], ours: np.ndarray) -> None:
    first = {found.row: crps for found, crps in zip(made, ours, strict=True)}
    random = np.random.default_rng(0)
    for horizon in dict.fromkeys(found.horizon for found in result.made):
        if horizon == "announced":
            continue
        pairs = [found for found in result.made if found.horizon == horizon]
        late = np.array([found.crps for found in pairs])
        early = np.array([first[found.row] for found in pairs])
        draws = random.integers(0, len(pairs), (4000, len(pairs)))
        low, high = np.quantile(late[draws].sum(1) / early[draws].sum(1), [0.025, 0.975])
        missed = np.mean([abs(f.quantile(0.5) - f.observed) for f in pairs])
        print(
            f"\n{horizon}: {len(pairs)} events, CRPS {late.mean():.2f} against {early.mean():.2f} "
            f"at announcement, ratio {late.sum() / early.sum():.2f} ({low:.2f} to {high:.2f}), "
            f"mean error {missed:.1f}"
        )


def show_peers(
    result: Backtest,
    made: list[ReplayedForecast],
    ours: np.ndarray,
    peers: dict[str, dict[str, float]],
) -> None:
    ids = [result.archive.ids[found.row] for found in made]
    year, programs = years_of(result, made), np.array([found.program for found in made])
    periods = [("all", year > 0), ("to 2022", year < 2023), ("from 2023", year > 2022)]
    usual = np.array([peers["climatology"][each] for each in ids])
    print("\nCRPS of peers, and ours minus theirs")
    for name, scores in peers.items():
        theirs = np.array([scores[each] for each in ids])
        for period, which in periods:
            if not which.any():
                continue
            low, high = bootstrap((ours - theirs)[which], programs[which])
            print(
                f"  {name:<22} {period:<10} {theirs[which].mean():7.3f}  "
                f"ours {ours[which].mean():7.3f}  "
                f"{(ours - theirs)[which].mean():+.3f} ({low:+.3f} to {high:+.3f})  "
                f"skill {1 - theirs[which].mean() / usual[which].mean():.3f}, "
                f"ours {1 - ours[which].mean() / usual[which].mean():.3f}"
            )


def main() -> None:
    os.environ.setdefault("ALMANAC_HOME", tempfile.mkdtemp())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almanac.project.settings")
    import django

    django.setup()
    from almanac.faces.cli.open import open_logbook

    open_logbook()
    path = Path(sys.argv[1])
    given = dict(zip(sys.argv[2::2], sys.argv[3::2], strict=True))
    since = given.get("--from", "2021-01-01")
    result = replayed(path, since, Path(given["--pace"]) if "--pace" in given else None)
    made = [found for found in result.made if found.horizon == "announced"]
    ours = np.array([found.crps for found in made])
    print(f"{len(made):,} events, learning and replaying {result.fit_seconds:.1f} s")
    show_coverage(result, made, ours)
    show_pace(result, made, ours)
    show_peers(result, made, ours, peers_of(path, since))


if __name__ == "__main__":
    main()
