"""The board's verbs, boards brought in and written out, and what is the practitioner's alone."""

import csv
import json
from datetime import date, timedelta

import pytest
from tests.conftest import NOW, shared
from tests.sources.services.test_trello import BOARD, calendar, event

from almanac.actions.activities import NewActivity, change_activity, set_status, write_down
from almanac.actions.errors import CannotError
from almanac.actions.imports import cards
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.exporting import export
from almanac.actions.keeping.undo import undo
from almanac.actions.workload import board, time_off
from almanac.answers.community.traces import traces
from almanac.answers.imports.reading_files import plan, read
from almanac.answers.workload import board as answers
from almanac.answers.workload.time_off import compose, shared_workload
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Break,
    Busy,
    CalendarFeed,
    CheckIn,
    Choice,
    Move,
    Part,
    Request,
    ShownPlate,
)
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document

TODAY = date(2026, 3, 18)


def bring_in(document, **more):
    return carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document), **more))


def trello_board(**changes):
    return Document("board.json", json.dumps(BOARD | changes).encode())


@pytest.fixture
def asked(logbook):
    return board.ask(
        OWNER, "Judge the final", asked_by="Ana Example", hours=6, due=date(2026, 4, 1)
    )


def test_a_request_waits_until_it_is_answered(asked):
    found = answers.requests(OWNER)
    assert [row.title for row in found.open] == ["Judge the final"]
    assert found.open[0].request.asked_by == "Ana Example"

    board.answer(OWNER, asked, "no", reply="Not this time, thank you.")

    found = answers.requests(OWNER)
    assert not found.open
    assert (found.answered[0].answer, found.protected, found.declined) == ("no", 6.0, 1)
    assert Activity.objects.get().status == "declined"
    undo(OWNER)
    assert Activity.objects.get().status == "asked"
    assert Request.objects.get().answer == ""


@pytest.mark.parametrize(
    ("said", "status", "hours"),
    [("yes", "planned", 6), ("not_yet", "idea", 6), ("smaller", "planned", 2)],
)
def test_answers_move_the_card(asked, said, status, hours):
    board.answer(OWNER, asked, said, hours=2 if said == "smaller" else None)
    row = Activity.objects.get()
    assert (row.status, row.hours_planned) == (status, hours)
    assert answers.requests(OWNER).protected == (4.0 if said == "smaller" else 0.0)
    assert [move.went_to for move in Move.objects.all()] == ["asked", status]


def test_answers_that_cannot_be(asked):
    with pytest.raises(CannotError, match="How many hours"):
        board.answer(OWNER, asked, "smaller")
    with pytest.raises(CannotError, match="Answer yes"):
        board.answer(OWNER, asked, "perhaps")
    board.answer(OWNER, asked, "no")
    with pytest.raises(CannotError, match="declined already"):
        board.answer(OWNER, asked, "yes")
    with pytest.raises(CannotError, match="Hours lie between"):
        board.ask(OWNER, "All of it", hours=10_000)


def test_a_yes_said_knowing_is_kept_in_the_private_file(asked):
    board.answer(OWNER, asked, "yes", chances=(0.8, 0.4))
    kept = Choice.objects.get()
    assert (kept.before, kept.after, kept.activity_id) == (0.8, 0.4, asked.pk)


def test_a_two_day_conference_shows_as_the_five_days_it_takes(plan_event):
    conference = plan_event("Conference", days=20)
    change_activity(OWNER, conference, ends_at=conference.starts_at + timedelta(days=1, hours=4))
    board.add_part(OWNER, conference, "Train", "travel", days=2)
    board.add_part(OWNER, conference, "", "recovery", days=1)
    (card,) = next(c for c in answers.board(OWNER).columns if c.status == "planned").cards
    assert card.takes == 5.0
    assert Part.objects.get(kind="recovery").title == "recovery"
    with pytest.raises(CannotError, match="up to 366 days"):
        board.add_part(OWNER, conference, "x", "travel", days=4000)


def test_ages_limits_and_flow_agree_with_the_moves(logbook):
    with clock.at(NOW - timedelta(days=20)):
        first, _ = write_down(
            OWNER, [NewActivity(title=t, status="planned", hours=3) for t in ("One", "Two")]
        )
    with clock.at(NOW - timedelta(days=8)):
        set_status(OWNER, first, "doing")
    with clock.at(NOW - timedelta(days=2)):
        set_status(OWNER, first, "done")
    board.set_limit(OWNER, "planned", 1)
    write_down(OWNER, [NewActivity(title="Three", status="planned")])
    found = answers.board(OWNER)
    planned = next(c for c in found.columns if c.status == "planned")
    assert {card.activity.title: card.age for card in planned.cards} == {"Two": 20, "Three": 0}
    assert planned.is_over
    assert found.flow.left == 1
    assert found.flow.cycle == pytest.approx(18.0)
    assert found.flow.in_progress == pytest.approx((18 + 20) / 90)
    moved = answers.cumulative(OWNER)
    assert moved.came[-1] - moved.left[-1] == found.in_progress == 2
    board.set_limit(OWNER, "person", 1)
    (holder,) = answers.board(OWNER).holders
    assert (holder.name, holder.cards, holder.is_over) == ("", 2, True)
    with pytest.raises(CannotError, match="between 1 and"):
        board.set_limit(OWNER, "doing", 0)
    board.set_limit(OWNER, "planned", None)
    assert not next(c for c in answers.board(OWNER).columns if c.status == "planned").is_over


def test_proposals_have_an_acceptance_rate_with_its_range(logbook):
    assert answers.proposal_sentence(answers.proposals(OWNER)) == "No proposal decided yet."
    for number, decision in enumerate(("accepted", "rejected", "rejected")):
        (call,) = write_down(
            OWNER, [NewActivity(title=f"CFP {number}", kind="cfp", status="planned")]
        )
        board.follow_proposal(OWNER, call, submitted_on=date(2026, 2, 1))
        board.follow_proposal(OWNER, call, decision=decision)
    write_down(OWNER, [NewActivity(title="Open", kind="cfp", status="idea", fields={"due": TODAY})])
    found = answers.proposals(OWNER)
    assert (found.accepted, found.decided, len(found.open)) == (1, 3, 1)
    middle, low, high = found.rate
    assert low < middle < high
    assert high - low > 0.5
    (task,) = write_down(OWNER, [NewActivity(title="Task", status="planned")])
    with pytest.raises(CannotError, match="not a call"):
        board.follow_proposal(OWNER, task, decision="accepted")


# Boards brought in


def test_a_trello_board_comes_whole_and_twice_changes_nothing(logbook):
    done = bring_in(trello_board())
    assert done.created["cards"] == 1
    assert (done.created["items"], done.created["moves"], done.created["comments"]) == (2, 3, 1)
    assert done.rejected == {"cards": 2}
    guide = Activity.objects.get(title="Write the guide")
    assert (guide.status, guide.holder, guide.due) == ("done", "Robin Example", date(2024, 2, 10))
    assert guide.notes == "With examples.\n\n2024-01-20: Looks good"

    again = bring_in(trello_board())
    assert not any(again.created.values())
    assert again.unchanged == {"cards": 1, "items": 2, "moves": 3, "links": 1, "comments": 1}
    undo(OWNER)
    assert not Activity.objects.exists()
    assert not Move.objects.exists()


def test_a_newer_export_changes_what_was_not_touched_here(logbook):
    with clock.at(NOW - timedelta(days=400)):
        bring_in(trello_board())
    card = BOARD["cards"][0] | {
        "name": "Write the whole guide", "dateLastActivity": "2026-03-01T00:00:00.000Z",
    }  # fmt: skip
    newer = trello_board(cards=[card, *BOARD["cards"][1:]])
    assert bring_in(newer).changed == {"events": 0, "cards": 1}
    assert Activity.objects.filter(title="Write the whole guide").exists()
    change_activity(OWNER, Activity.objects.get(title="Write the whole guide"), title="Mine")
    bring_in(newer)
    assert Activity.objects.filter(title="Mine").exists()


@pytest.mark.parametrize("form", ["trello", "csv"])
def test_a_board_goes_out_and_comes_back(logbook, tmp_path, form):
    with clock.at(NOW - timedelta(days=30)):
        (talk,) = write_down(
            OWNER,
            [NewActivity(title="=A talk", kind="talk", status="planned", program="Talks", hours=5,
                         tags=("api",), links=("https://example.org/t",),
                         fields={"due": date(2026, 4, 1), "notes": "Bring slides"})],
        )  # fmt: skip
        board.add_part(OWNER, talk, "Slides")
    with clock.at(NOW - timedelta(days=3)):
        set_status(OWNER, talk, "doing")
    file = tmp_path / f"board.{form}"
    assert cards.export_board(OWNER, file, form) == 1
    with pytest.raises(CannotError, match="there already"):
        cards.export_board(OWNER, file, form)
    document = Document(file.name, file.read_bytes())
    again = bring_in(document)
    assert not any(n for kind, n in again.created.items() if kind != "programs")
    assert Activity.objects.count() == 1

    Activity.objects.all().delete()
    bring_in(document, program="Talks")
    back = Activity.objects.get()
    assert (back.title, back.status, back.due) == ("=A talk", "doing", date(2026, 4, 1))
    assert [part.title for part in back.parts.all()] == ["Slides"]
    if form == "trello":
        assert [move.went_to for move in back.moves.all()] == ["planned", "doing"]
    else:
        assert (back.kind, back.hours_planned, back.program.name) == ("talk", 5, "Talks")
        with file.open(newline="") as opened:
            assert next(csv.DictReader(opened))["title"].startswith("'=")


def test_the_shared_board_comes_whole_and_twice_changes_nothing(logbook):
    file = shared("fixtures/trello/trello2planka_sample-board-export.json")
    document = Document(file.name, file.read_bytes())
    assert "1 archived card was left out" in plan(OWNER, "", read(OWNER, document)).remarks
    done = bring_in(document)
    assert done.created["cards"] + sum(done.rejected.values()) == 9
    again = bring_in(document)
    assert not any(again.created.values())
    assert again.unchanged["cards"] == done.created["cards"]
    for kind in ("items", "moves", "comments", "links"):
        assert again.unchanged.get(kind, 0) == done.created.get(kind, 0)


# One's own alone


def fill_private():
    feed = time_off.add_calendar(OWNER, "Work", keeps_titles=True)
    time_off.read_calendar(OWNER, feed, calendar(event(":20260320T090000Z", ":20260320T100000Z")))
    time_off.plan_break(OWNER, date(2026, 4, 1), date(2026, 4, 5), "SECRETBREAK")
    time_off.check_in(OWNER, 4, 2, 5, "SECRETWORDS")
    return feed


def test_titles_stay_out_unless_asked_for(logbook):
    document = calendar(event(":20260320T090000Z", ":20260320T100000Z"))
    for keeps in (False, True):
        feed = time_off.add_calendar(OWNER, "Work", keeps_titles=keeps)
        time_off.read_calendar(OWNER, feed, document)
        assert bool(feed.blocks.get().title) is keeps
        time_off.read_calendar(OWNER, feed, document)
        assert feed.blocks.count() == 1
        time_off.remove_calendar(OWNER, feed)
    assert not Busy.objects.exists()


def test_what_is_private_is_in_no_export_and_no_mirror(logbook, tmp_path, monkeypatch):
    fill_private()
    shown = time_off.share_workload(
        OWNER, "Plate", {"words": "SECRETSHOWN", "made_on": "2026-03-18"}, 7
    )
    export(OWNER, tmp_path / "out")
    names = {file.name for file in (tmp_path / "out").rglob("*")}
    assert not {n for n in names if n.startswith(("break", "busy", "checkin", "choice", "shown"))}
    for file in (tmp_path / "out").rglob("*"):
        if file.is_file():
            text = file.read_bytes()
            for secret in (b"SECRETBREAK", b"SECRETWORDS", b"Secret talk", b"SECRETSHOWN"):
                assert secret not in text, file
    assert shown.token not in ShownPlate.objects.get().fingerprint


def test_a_shown_plate_shows_what_was_composed_until_it_is_revoked(plan_event):
    write_down(
        OWNER,
        [NewActivity(title="PRIVATETASK", status="planned", hours=4,
                     fields={"due": date(2026, 4, 1)}),
         NewActivity(title="Open task", status="planned", hours=4,
                     fields={"due": date(2026, 4, 1), "visibility": "team"})],
    )  # fmt: skip
    content = compose(OWNER, ["weeks", "titles", "words"], "I need help")
    assert [each["title"] for each in content["titles"]] == ["Open task"]
    assert "promises" not in content
    shown = time_off.share_workload(OWNER, "Plate", content, 7)
    assert shared_workload(shown.token).content == content
    assert shared_workload("other") is None
    with clock.at(NOW + timedelta(days=8)):
        assert shared_workload(shown.token) is None
    time_off.revoke_share(OWNER, shown.row)
    assert shared_workload(shown.token) is None
    assert ShownPlate.objects.get().content == {}
    with pytest.raises(CannotError, match="from 1 to 90 days"):
        time_off.share_workload(OWNER, "Plate", content, 900)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"weekly_hours": 0}, "Enter from"), ({"work_days": []}, "one working day"),
        ({"work_days": [9]}, "one working day"), ({"day_starts": "nine"}, "not a time"),
        ({"day_starts": "19:00", "day_ends": "09:00"}, "ends after"), ({"x": 1}, "no setting"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be(logbook, values, why):
    with pytest.raises(CannotError, match=why):
        time_off.settle_workload(OWNER, **values)


def test_breaks_and_check_ins_that_cannot_be(logbook):
    with pytest.raises(CannotError, match="ends after"):
        time_off.plan_break(OWNER, date(2026, 4, 5), date(2026, 4, 1))
    with pytest.raises(CannotError, match="way of life"):
        time_off.plan_break(OWNER, date(2026, 1, 1), date(2030, 1, 1))
    with pytest.raises(CannotError, match="from 1 to 5"):
        time_off.check_in(OWNER, 6, 1, 1)
    time_off.check_in(OWNER, 3, 3, 3)
    time_off.check_in(OWNER, 4, 3, 3)
    assert CheckIn.objects.get().load == 4
    assert CheckIn.objects.get().week == date(2026, 3, 16)
    assert time_off.forget_check_ins(OWNER) == 1
    taken = time_off.plan_break(OWNER, TODAY, TODAY)
    time_off.cancel_break(OWNER, taken)
    assert not Break.objects.exists()


def test_a_calendar_that_cannot_be_read_keeps_what_was_known(logbook, monkeypatch):
    feed = time_off.add_calendar(OWNER, "", address="https://example.org/c.ics")
    assert feed.name == "example.org"
    time_off.read_calendar(OWNER, feed, calendar(event(":20260320T090000Z", ":20260320T100000Z")))

    def broken(*_, **__):
        raise time_off.fetching.UnreachableError(
            "example.org did not answer; what was known stays."
        )

    monkeypatch.setattr(time_off.fetching, "fetch", broken)
    assert not time_off.fetch_calendar(OWNER, feed)
    assert feed.blocks.count() == 1
    assert "did not answer" in CalendarFeed.objects.get().problem

    got = time_off.fetching.Fetched(b"not a calendar", "", "")
    monkeypatch.setattr(time_off.fetching, "fetch", lambda *_, **__: got)
    assert not time_off.fetch_calendar(OWNER, feed)
    assert feed.blocks.count() == 1
    monkeypatch.setattr(time_off.fetching, "fetch", lambda *_, **__: None)
    with clock.at(NOW + timedelta(hours=7)):
        assert time_off.fetch_due(OWNER) == 0
    assert CalendarFeed.objects.get().problem == ""


def test_who_asked_is_erased_with_everything_else(asked):
    change_activity(OWNER, asked, holder="Ana Example")
    assert traces(OWNER, "Ana Example").counts["request"] == 1
    erase(OWNER, "Ana Example")
    assert "Ana" not in Request.objects.get().asked_by
    assert "Ana" not in Activity.objects.get().holder
