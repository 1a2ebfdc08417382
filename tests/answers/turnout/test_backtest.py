import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.factories import past

from almanac.answers.turnout import backtest
from almanac.answers.turnout.backtest import (
    HEADER,
    from_documents,
    from_record,
    run,
    write_forecasts,
)
from almanac.core import scoring
from almanac.core.vocabulary import Stage
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document
from samples import COLUMNS, FIRST, event_lines

SINCE = datetime(2021, 1, 1, tzinfo=UTC)


def document(lines):
    return Document("events.csv", "\n".join([COLUMNS, *lines]).encode())


def archive_of(lines, stage=Stage.SIGNUPS, pace=None):
    return from_documents(OWNER, document(lines), pace, stage)


def forecasts_of(result):
    return {
        (result.archive.ids[found.row], found.horizon): found.counts.packed()
        for found in result.made
    }


@pytest.mark.parametrize("stage", backtest.STAGES)
def test_nothing_later_is_ever_looked_at(logbook, stage):
    """A planted future: every count of event 50 and later is replaced by an absurd one."""
    planted = {n: {"signups": 9000, "attended": 8000, "submissions": 7000} for n in range(50, 60)}
    plain = run(archive_of(event_lines(), stage), stage, SINCE)
    told = run(archive_of(event_lines(changed=planted), stage), stage, SINCE)

    before = {f"e{n}" for n in range(50)}
    one, other = forecasts_of(plain), forecasts_of(told)
    untouched = {key for key in one if key[0] in before}
    assert len(untouched) > 5
    assert {key: one[key] for key in untouched} == {key: other[key] for key in untouched}
    # The plant is one that would show: once it has begun, it changes what follows.
    assert one != other or stage is not Stage.SIGNUPS


def test_an_event_announced_early_knows_only_what_had_begun_by_then(logbook):
    """Announced 100 days ahead: the ten events in between do not speak for it."""
    between = {n: {"signups": 4000} for n in range(48, 58)}
    early = {58: {"announced_at": (FIRST + timedelta(days=9 * 47 + 5)).isoformat()}}
    plain = run(archive_of(event_lines(changed=early)), Stage.SIGNUPS, SINCE)
    told = run(archive_of(event_lines(changed=early | between)), Stage.SIGNUPS, SINCE)

    key = ("e58", "announced")
    assert forecasts_of(plain)[key] == forecasts_of(told)[key]


def test_who_is_scored(logbook):
    changed = {
        55: {"status": "cancelled"},
        56: {"status": "planned", "signups": ""},
        57: {"signups": 0, "attended": ""},
        58: {"attended": ""},
    }
    lines = event_lines(changed=changed)
    signups = run(archive_of(lines), Stage.SIGNUPS, SINCE)
    attended = run(archive_of(lines, Stage.ATTENDED), Stage.ATTENDED, SINCE)

    of_signups = {signups.archive.ids[found.row] for found in signups.made}
    of_attended = {attended.archive.ids[found.row] for found in attended.made}
    since = {f"e{n}" for n in range(60) if FIRST + timedelta(days=9 * n) >= SINCE}
    assert of_signups == since - {"e55", "e56"}
    assert of_attended == since - {"e55", "e56", "e57", "e58"}
    assert {found.horizon for found in attended.made} == {"start"}


def test_scores_are_those_of_the_forecasts_written(logbook):
    """Recomputed from OUT.csv alone: the mean quantile score approaches the CRPS."""
    result = run(archive_of(event_lines()), Stage.SIGNUPS, SINCE)
    held = io.StringIO()
    write_forecasts(result, held)
    rows = list(csv.DictReader(io.StringIO(held.getvalue())))
    (scores,) = result.scores

    assert tuple(rows[0]) == HEADER
    assert len(rows) == scores.n
    total = 0.0
    for row in rows:
        observed = int(row["observed"])
        assert 0 <= float(row["cdf_below"]) <= float(row["cdf_at"]) <= 1
        for level in range(1, 100):
            quantile = int(row[f"q{level:02d}"])
            total += 2 * ((observed < quantile) - level / 100) * (quantile - observed) / 99
    assert total / len(rows) == pytest.approx(scores.crps, rel=0.03)
    assert scores.skill == pytest.approx(1 - scores.crps / scores.crps_climatology)
    assert scores.skill_low <= scores.skill <= scores.skill_high


def test_climatology_is_every_earlier_count(logbook):
    result = run(archive_of(event_lines()), Stage.SIGNUPS, SINCE)
    found = result.made[0]
    event = next(e for e in result.archive.events if e.row == found.row)
    earlier = [e.signups for e in result.archive.events if e.starts < event.announced]

    exact = sum(abs(x - found.observed) for x in earlier) / len(earlier) - sum(
        abs(x - y) for x in earlier for y in earlier
    ) / (2 * len(earlier) ** 2)
    assert scoring.crps_of_sample(found.climatology, found.observed) == pytest.approx(exact)


PACE = "program,event_id,starts_at,observed_at,signups"


def pace_document(lines):
    return Document("pace.csv", "\n".join([PACE, *lines]).encode())


def pace_lines(events, share=0.6, days=(8, 3), late=None):
    lines = []
    for n in events:
        starts = FIRST + timedelta(days=9 * n)
        signups = 20 + (7 * n) % 23
        for before in days:
            at = starts - timedelta(days=before)
            number = round(signups * share)
            lines.append(f"Group {n % 4},e{n},{starts.isoformat()},{at.isoformat()},{number}")
        if late is not None:
            at = starts + timedelta(hours=1)
            lines.append(f"Group {n % 4},e{n},{starts.isoformat()},{at.isoformat()},{late}")
    return lines


HORIZONS = (("7d", 7.0), ("1d", 1.0))


def test_horizons_use_what_was_in_by_then_and_nothing_seen_later(logbook):
    pace = pace_document(pace_lines(range(50, 60)))
    late = pace_document(pace_lines(range(50, 60), late=7777))
    one = run(archive_of(event_lines(), pace=pace), Stage.SIGNUPS, SINCE, HORIZONS)
    other = run(archive_of(event_lines(), pace=late), Stage.SIGNUPS, SINCE, HORIZONS)

    assert [scores.horizon for scores in one.scores] == ["announced", "7d", "1d"]
    assert [scores.n for scores in one.scores][1:] == [10, 10]
    assert forecasts_of(one) == forecasts_of(other)


def test_a_programs_own_pace_is_left_out(logbook):
    """What group 1's sign-ups did is not known when group 1's own events are forecast."""
    slow = pace_lines((n for n in range(20, 60) if n % 4 != 1), share=0.6)
    usual = pace_lines((n for n in range(21, 60, 4)), share=0.6)
    hurried = pace_lines((n for n in range(21, 60, 4)), share=0.6, days=(8, 7.5, 3))
    one = run(
        archive_of(event_lines(), pace=pace_document(slow + usual)), Stage.SIGNUPS, SINCE, HORIZONS
    )
    other = run(
        archive_of(event_lines(), pace=pace_document(slow + hurried)),
        Stage.SIGNUPS,
        SINCE,
        HORIZONS,
    )

    mine = {key: value for key, value in forecasts_of(one).items() if int(key[0][1:]) % 4 == 1}
    assert mine == {key: forecasts_of(other)[key] for key in mine}


def test_a_run_that_was_stopped_goes_on_where_it_was(logbook, tmp_path, monkeypatch):
    archive = archive_of(event_lines(130), Stage.ATTENDED)
    kept = tmp_path / "deep" / "run.jsonl"
    whole = run(archive, Stage.ATTENDED, SINCE)
    replayed = []
    original = backtest.replay.shares

    def stopping(stage, tested, *rest):
        replayed.append([event.row for event in tested])
        if len(replayed) == 2:
            raise KeyboardInterrupt
        return original(stage, tested, *rest)

    monkeypatch.setattr(backtest.replay, "shares", stopping)
    with pytest.raises(KeyboardInterrupt):
        run(archive, Stage.ATTENDED, SINCE, kept=kept)
    with kept.open("a") as file:
        file.write('[2021.0, [{"row"')  # the line it was writing
    first = replayed.pop(0)
    replayed.append(None)
    again = run(archive, Stage.ATTENDED, SINCE, kept=kept)

    assert first
    assert first not in replayed
    assert not kept.exists()
    assert [f.observed for f in again.made] == [f.observed for f in whole.made]
    assert again.scores[0].crps == pytest.approx(whole.scores[0].crps, abs=1e-5)


def test_another_files_unfinished_run_is_not_taken_up(logbook, tmp_path):
    kept = tmp_path / "run.jsonl"
    kept.write_text("another run\n" + json.dumps([21.0, []]) + "\n")

    result = run(archive_of(event_lines()), Stage.SIGNUPS, SINCE, kept=kept)

    assert result.scores[0].n == len(result.made) > 10


def test_the_logbooks_own_past(logbook, held):
    held(
        past(ago=40, signups=25, attended=20),
        past(ago=20, signups=30, attended=22),
        past(ago=10, signups=28, attended=21),
    )

    result = run(from_record(OWNER), Stage.ATTENDED, datetime(2000, 1, 1, tzinfo=UTC))

    assert [found.observed for found in result.made] == [20, 22, 21]


def test_nothing_to_score_is_not_an_error(logbook):
    result = run(archive_of(event_lines(5)), Stage.SIGNUPS, SINCE)

    assert result.made == ()
    assert result.scores == ()


@pytest.mark.parametrize(
    "changed",
    [
        {n: {"signups": 0} for n in range(60)},
        {n: {"announced_at": ""} for n in range(60)},
        {n: {"announced_at": "2030-01-01T00:00:00Z"} for n in range(60)},
        {n: {"starts_at": FIRST.isoformat()} for n in range(60)},
        {n: {"program": "", "title": "", "format": ""} for n in range(60)},
        {n: {"signups": 1_000_000} for n in range(60)},
    ],
    ids=["zeros", "no announcement", "announced after", "all at once", "nameless", "millions"],
)
def test_impossible_histories_are_replayed_all_the_same(logbook, changed):
    result = run(
        archive_of(event_lines(changed=changed)), Stage.SIGNUPS, datetime(2019, 1, 1, tzinfo=UTC)
    )

    assert result.scores[0].n == 60
    assert all(found.counts.mass.sum() == pytest.approx(1) for found in result.made)
