"""Cards."""

import json

from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping.undo import undo
from almanac.actions.preferences import prefer
from almanac.answers.imports.reading_files import plan, read
from almanac.answers.workload import board as board_answers
from almanac.record.models import (
    Activity,
    Change,
    Move,
)
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document


def bring_in(document):
    return carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document)))


KEY = "5f0000000000000000000001"


def trello(**card):
    lists = [
        {"id": "L", "name": "To do"},
        {"id": "M", "name": "Doing"},
        {"id": "D", "name": "Done"},
    ]
    base = {"id": KEY, "name": "Card", "idList": "L", "dateLastActivity": "2026-03-01T10:00:00Z"}
    more = {name: card.pop(name) for name in ("actions", "members") if name in card}
    return Document("b.json", json.dumps({"lists": lists, "cards": [base | card], **more}).encode())


def test_an_import_of_a_label_is_undone_as_one(logbook):
    bring_in(trello())
    write_down(OWNER, [NewActivity(title="Precious", status="planned")])
    bring_in(trello(labels=[{"name": "Talks"}], dateLastActivity="2026-03-02T10:00:00Z"))
    assert [tag.name for tag in Activity.objects.get(title="Card").tags.all()] == ["talks"]
    undo(OWNER)
    assert Activity.objects.filter(title="Precious").exists()
    assert not Activity.objects.get(title="Card").tags.exists()
    assert Change.objects.filter(undone_at__isnull=False).count() == 1


def test_a_card_touched_before_the_last_import_is_still_newer(logbook):
    bring_in(trello())
    bring_in(trello(idList="D", dateLastActivity="2026-03-10T10:00:00Z"))
    card = Activity.objects.get()
    assert card.status == "done"
    assert card.moves.last().went_to == "done"
    assert board_answers.board(OWNER).in_progress == 0


def test_ticked_off_where_it_lay_it_is_not_in_progress(logbook):
    bring_in(trello(dueComplete=True))
    assert Move.objects.last().went_to == "done"
    assert board_answers.flow(OWNER).in_progress < 1


def test_what_was_taken_away_here_does_not_come_back(logbook):
    document = trello(labels=[{"name": "docs"}])
    bring_in(document)
    change_activity(OWNER, Activity.objects.get(), tags=[])
    bring_in(document)
    assert not Activity.objects.get().tags.exists()


def test_cards_of_a_name_of_ones_own_are_ones_load(logbook):
    prefer(OWNER, own_names=["Ana Me"])
    document = trello(members=[{"id": "M", "fullName": "Ana Me"}], idMembers=["M"])
    bring_in(document)
    assert Activity.objects.get().holder == ""


def test_a_changed_table_says_that_it_was_left(logbook):
    def table(due):
        return Document("b.csv", f"title,list,due\nGuide,Doing,{due}\n".encode())

    bring_in(table("2026-04-01"))
    again = bring_in(table("2026-04-08"))
    assert Activity.objects.count() == 1
    assert again.rejected == {"cards": 1}
