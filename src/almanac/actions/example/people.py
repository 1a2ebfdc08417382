"""The example's people: who came to the small groups, and three to talk to again. All are invented."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from almanac.actions.community.people import follow_up_later, note_person, talk_to
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.vocabulary import GuestState
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.models import Activity, Guest

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.rules import Actor

NAMES = (
    "Noor Haddad", "Tomás Ferreira", "Yuki Tanabe", "Imani Okoro", "Lena Brandt", "Kofi Mensah", "Ana Petrović",
    "Rui Nakamura", "Sofia Lindqvist", "Omar Fayed", "Wren Albright", "Diego Robles", "Mei-Ling Chou", "Aditi Rao",
    "Pavel Novotný", "Greta Solheim", "Ximena Duarte", "Bashir Karimi",
)  # fmt: skip
STEP = 4
"""Each evening begins so many further in the list, so that some come back."""
ONE_WITH_TWO_ADDRESSES = "Noor Haddad"


def introduce(actor: Actor, groups: list[Activity], today: date) -> None:
    """Guest lists with names for evenings that are over, and people written down."""
    rules.require(rules.may_change_record, actor)
    for place, group in enumerate(groups):
        number = group.turnout.attended or 0
        guests = [NAMES[(place * STEP + n) % len(NAMES)] for n in range(min(number, len(NAMES)))]
        with verb(actor, "import") as line:
            line.create(*Guest.objects.bulk_create(
                Guest(activity=group, name=name, email=_address(name, place), status=GuestState.ATTENDED,
                      source="guests.csv")
                for name in guests
            ))  # fmt: skip
            line.summary = ChangeLine.EXAMPLE_GUESTS(title=group.title)
    noor = note_person(
        actor, "Noor Haddad", handles="noor@example.org", met_at=groups[0].title if groups else "",
        met_on=groups[0].day if groups else None, asked_for="A first talk slot",
        notes="Teaches at a bootcamp. Wants her students to see the first-talk Space.",
    )  # fmt: skip
    follow_up_later(actor, noor, today, "whether her students can join the next Space")
    mara = note_person(
        actor, "Mara Lindt", handles="@maralindt", met_at="the conference",
        asked_for="Guest in her podcast",
    )  # fmt: skip
    follow_up_later(actor, mara, today + timedelta(days=9), "dates for the podcast")
    talks = Activity.objects.filter(kind="conference", status="done").order_by("-day")
    for activity in talks[:1]:
        talk_to(actor, mara, activity)
    note_person(
        actor, "Tom Weber", handles="tom@example.com", notes="Holds the venue.", is_team=True
    )


def _address(name: str, place: int) -> str:
    first, *_, last = name.lower().split()
    plain = "".join(letter for letter in f"{first}.{last}" if letter.isascii())
    if name == ONE_WITH_TWO_ADDRESSES:
        plain, host = "noor", "example.org"
    else:
        host = "example.net" if len(name) % 2 and place else "example.com"
    return f"{plain}@{host}"
