"""A newer list of the same event adds who is new, by keyed hashes; a shorter one lowers nothing."""

from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.undo import undo
from almanac.answers.imports.reading_files import plan, read
from almanac.record.models import PrivateSetting, SeenGuest, Turnout
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document

HEAD = "guest_id,name,email,created_at,approval_status,checked_in_at,qr_code_url\n"


def bring_in(*people):
    rows = "".join(
        f"{n},{who.title()},{who}@x.example,2026-03-02T08:00:00Z,{state},,https://luma.com/check-in/evt-Kiwi42?pk={n}\n"
        for n, (who, state) in enumerate(people)
    )
    document = Document("list.csv", (HEAD + rows).encode())
    return carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document)))


def test_two_exports_of_one_event_are_merged_by_person(logbook):
    bring_in(("ada", "approved"), ("bo", "approved"))
    bring_in(("bo", "approved"), ("cy", "approved"))

    assert Turnout.objects.get().signups == 3
    assert SeenGuest.objects.count() == 3


def test_a_shorter_export_lowers_nothing(logbook):
    bring_in(("ada", "approved"), ("bo", "approved"), ("cy", "approved"))
    bring_in(("ada", "approved"))

    assert Turnout.objects.get().signups == 3


def test_somebody_who_moves_up_is_counted_once(logbook):
    bring_in(("ada", "waitlist"), ("bo", "approved"))
    bring_in(("ada", "approved"))
    turnout = Turnout.objects.get()

    assert turnout.signups == 2


def test_hashes_name_nobody_and_are_erased_with_the_person(logbook):
    bring_in(("ada", "approved"), ("bo", "approved"))
    assert PrivateSetting.objects.filter(key="guest-key").exists()
    assert not any("ada@" in row.digest for row in SeenGuest.objects.all())

    erase(OWNER, "ada@x.example")

    assert SeenGuest.objects.count() == 1


def test_people_of_an_import_that_was_undone_are_forgotten(logbook):
    bring_in(("ada", "approved"))
    bring_in(("bo", "approved"))
    undo(OWNER)
    bring_in(("cy", "approved"))

    assert Turnout.objects.get().signups == 2
