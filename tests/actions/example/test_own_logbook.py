"""The example year, and leaving it for one's own logbook."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from almanac.actions.example import play
from almanac.actions.example.example_year import DAYS, OUTCOME_AFTER, read_year
from almanac.actions.example.own_logbook import clear
from almanac.answers.metrics.working import programs_at_work
from almanac.record.infra import clock
from almanac.record.models import Activity, Break, CheckIn, EnergyTap, Guess, Turnout
from almanac.record.rules import OWNER

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_example_takes_what_was_private_with_it(logbook):
    play(OWNER, "Europe/Berlin")
    assert Break.objects.exists()
    assert CheckIn.objects.exists()
    clear(OWNER)
    assert not Break.objects.exists()
    assert not CheckIn.objects.exists()


def test_most_programs_of_the_example_are_working_or_not(logbook):
    play(OWNER, "Europe/Berlin")
    verdicts = [each.verdict.value for each in programs_at_work(OWNER)]

    assert {"working", "not working", "can’t tell"} == set(verdicts)
    assert verdicts.count("can’t tell") <= 3


def test_the_example_year_holds_what_its_file_tells(logbook):
    """Every event on its day and hour with its counts; what has not happened yet has none."""
    now = clock.now().astimezone(BERLIN)
    monday = now.date() - timedelta(days=now.weekday())
    if now.weekday() >= 4:
        monday += timedelta(weeks=1)
    year = read_year()
    play(OWNER, "Europe/Berlin")

    def day_of(told):
        return monday + timedelta(weeks=told["week"], days=DAYS.index(told["day"]))

    for told in year["event"]:
        starts = datetime.combine(day_of(told), time.fromisoformat(told["time"]), BERLIN)
        if starts - timedelta(days=told["planned"]) >= now:
            continue
        activity = Activity.objects.get(title=told["title"], day=day_of(told))
        assert activity.starts_at == starts
        assert activity.kind == told["kind"]
        turnout = getattr(activity, "turnout", None) or Turnout()
        told_after = "came" in told or "not_counted" in told
        over = told_after and starts + OUTCOME_AFTER < now
        if over:
            assert turnout.attended == told.get("came")
            assert activity.hours_spent == (
                Decimal(str(told["hours"])) if "hours" in told else None
            )
            taps = EnergyTap.objects.filter(activity_id=activity.pk).values_list("gave", flat=True)
            assert list(taps) == ([told["energy"] == "gave"] if "energy" in told else [])
        else:
            assert turnout.attended is None
            assert activity.hours_spent is None
        if "guess" in told and starts - timedelta(days=told["guessed"]) < now:
            guess = Guess.objects.get(activity_id=activity.pk)
            assert guess.best == (None if told["guess"] == "no idea" else told["guess"][2])
        if over and "signups" in told:
            assert turnout.signups == told["signups"]
    for told in year["line"]:
        if told["say"].startswith("plan:"):
            title = told["say"].removeprefix("plan: ").split(",")[0]
            assert Activity.objects.filter(title=title, day=day_of(told)).exists(), title
