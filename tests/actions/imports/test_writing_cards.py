"""Cards as they are written: every field, what of a card that is there changes, and the way back."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.conftest import NOW

from almanac.actions.activities import change_activity
from almanac.actions.errors import CannotError
from almanac.actions.imports.cards import export_board, write_cards
from almanac.actions.keeping.undo import undo
from almanac.actions.workload.board import add_part
from almanac.answers.imports.import_plan import PlannedCard
from almanac.record.changelog import verb
from almanac.record.models import Activity, Link, Move, Part, Program, Tag
from almanac.record.rules import OWNER
from almanac.sources.base.rows import CardItem, CardMove, CardRow

BEGUN = datetime(2026, 1, 2, 9, tzinfo=UTC)
TOUCHED = datetime(2026, 2, 3, 9, tzinfo=UTC)


def write(*planned):
    with verb(OWNER, "import") as line:
        return write_cards(planned, "trello", line)


def row(**more):
    values = {"row": 1, "key": "card-1", "title": "Guide", "status": "doing"}
    return CardRow(**(values | more))


@pytest.fixture
def card(logbook):
    write(PlannedCard(row(created_at=BEGUN, touched=TOUCHED, notes="First."), "Docs",
                      tags=("api",)))  # fmt: skip
    return Activity.objects.get()


def test_a_new_card_comes_with_all_that_was_said_of_it(logbook):
    told = row(
        title="t" * 301, kind="talk", due=date(2026, 4, 1), day=date(2026, 3, 30), hours=1.256,
        holder="Robin", notes="With examples.", created_at=BEGUN, touched=TOUCHED,
    )  # fmt: skip
    items = (
        CardItem("i" * 61, "s" * 301, "h" * 201, True, date(2026, 3, 1), "item", 1.5, None),
        CardItem("two", "second", "", False, None, "travel", None, 2.0),
    )
    moves = (CardMove(BEGUN, "", "idea"), CardMove(TOUCHED, "idea", "doing"))
    planned = PlannedCard(
        told, "Docs", items=items, moves=moves, tags=("api",), comments=("One.", "Two."),
        links=("https://example.org/a", "javascript:alert(1)"),
    )  # fmt: skip
    (key,) = write(planned)

    made = Activity.objects.get()
    assert (made.pk, made.title, made.kind, made.status) == (key, "t" * 300, "talk", "doing")
    assert (made.due, made.day, made.holder) == (date(2026, 4, 1), date(2026, 3, 30), "Robin")
    assert (made.hours_planned, made.zone) == (Decimal("1.26"), "Europe/Berlin")
    assert made.notes == "With examples.\n\nOne.\n\nTwo."
    assert (made.event_id, made.source, made.program.name) == ("card-1", "trello", "Docs")
    assert (made.created_at, made.updated_at) == (BEGUN, TOUCHED)
    first, second = made.parts.all()
    assert (first.outside_id, first.title, first.heading) == ("i" * 60, "s" * 300, "h" * 200)
    assert (first.done, first.day, first.hours, first.days) == (True, date(2026, 3, 1), 1.5, None)
    assert (second.kind, second.hours, second.days, second.done) == ("travel", None, 2, False)
    assert [(m.came_from, m.went_to, m.at) for m in made.moves.all()] == [
        ("", "idea", BEGUN), ("idea", "doing", TOUCHED),
    ]  # fmt: skip
    assert [link.url for link in made.links.all()] == ["https://example.org/a"]
    assert [tag.name for tag in made.tags.all()] == ["api"]
    undo(OWNER)
    for model in (Activity, Part, Move, Link, Program, Tag):
        assert not model.objects.exists(), model


def test_a_card_that_says_little_is_a_task_since_now(logbook):
    write(PlannedCard(row(), "Docs"))
    made = Activity.objects.get()
    assert (made.kind, made.created_at, made.updated_at) == ("task", NOW, NOW)
    assert (made.day, made.due, made.hours_planned) == (None, None, None)
    assert [(m.came_from, m.went_to, m.at) for m in made.moves.all()] == [("", "doing", NOW)]


def test_a_card_touched_later_than_now_was_touched_now(logbook):
    write(PlannedCard(row(touched=NOW + timedelta(days=3)), "Docs"))
    assert Activity.objects.get().updated_at == NOW


def test_a_card_without_moves_began_when_it_was_made(card):
    assert [(m.came_from, m.went_to, m.at) for m in card.moves.all()] == [("", "doing", BEGUN)]


def test_a_card_archived_where_it_lay_is_moved_when_it_was_touched(logbook):
    moves = (CardMove(BEGUN, "", "idea"),)
    write(PlannedCard(row(touched=TOUCHED), "Docs", moves=moves))
    write(PlannedCard(row(key="other"), "Docs", moves=moves))
    first, second = Activity.objects.order_by("id")
    assert [(m.came_from, m.went_to, m.at) for m in first.moves.all()] == [
        ("", "idea", BEGUN), ("idea", "doing", TOUCHED),
    ]  # fmt: skip
    assert second.moves.last().at == NOW


def test_of_a_card_that_is_there_only_what_is_new_changes_and_comes_back(card):
    part = add_part(OWNER, card, "Proofread")
    later = datetime(2026, 3, 1, 9, tzinfo=UTC)
    planned = PlannedCard(
        row(touched=later), "Docs", existing=card, fields={"status": "done", "title": "The guide"},
        ticked=((part.pk, True),), comments=("Second.",), tags=("docs",),
        links=("https://example.org/b",),
    )  # fmt: skip
    assert write(planned) == [card.pk]

    card.refresh_from_db()
    part.refresh_from_db()
    assert (card.title, card.status, card.notes) == ("The guide", "done", "First.\n\nSecond.")
    assert card.updated_at == later
    assert (part.done, part.done_on) == (True, date(2026, 3, 18))
    assert [(m.came_from, m.went_to, m.at) for m in card.moves.all()] == [
        ("", "doing", BEGUN), ("doing", "done", later),
    ]  # fmt: skip
    assert {tag.name for tag in card.tags.all()} == {"api", "docs"}

    undo(OWNER)
    card.refresh_from_db()
    part.refresh_from_db()
    assert (card.title, card.status, card.notes) == ("Guide", "doing", "First.")
    assert card.updated_at == NOW
    assert (part.done, part.done_on) == (False, None)
    assert [move.went_to for move in card.moves.all()] == ["doing"]
    assert {tag.name for tag in card.tags.all()} == {"api"}
    assert not card.links.exists()


def test_a_tick_that_was_taken_away_has_no_day(card):
    part = add_part(OWNER, card, "Proofread", done=True, done_on=date(2026, 3, 1))
    write(PlannedCard(row(), "Docs", existing=card, ticked=((part.pk, False),)))
    part.refresh_from_db()
    assert (part.done, part.done_on) == (False, None)
    assert card.moves.count() == 1


def test_a_board_is_written_as_a_table_or_for_trello(card, tmp_path):
    change_activity(OWNER, card, title="=Guide", notes="Größe")
    with pytest.raises(CannotError, match="as trello or as csv"):
        export_board(OWNER, tmp_path / "b", "xlsx")
    assert export_board(OWNER, tmp_path / "b.csv", "csv") == 1
    with (tmp_path / "b.csv").open(newline="", encoding="utf-8") as opened:
        (told,) = csv.DictReader(opened)
    assert (told["title"], told["notes"], told["program"]) == ("'=Guide", "Größe", "Docs")
    assert "\r" not in (tmp_path / "b.csv").read_bytes().decode()
    assert export_board(OWNER, tmp_path / "b.json", "trello") == 1
    text = (tmp_path / "b.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert (found["name"], found["cards"][0]["name"]) == ("Almanac", "=Guide")
    assert "Größe" in text
    assert text.splitlines()[1].startswith(' "')
    with pytest.raises(CannotError, match="cannot be written"):
        export_board(OWNER, tmp_path / "nowhere" / "b.csv", "csv")
