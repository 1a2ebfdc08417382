"""The example's reach: links handed out, feedback passed on, two peers, and hours for 1:1s. All invented."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from almanac.actions.activities import set_status_of
from almanac.actions.community.feedback import move_feedback, note_feedback, say_told
from almanac.actions.community.peers import follow, talked_with
from almanac.actions.community.reach import count_link, hand_out_link
from almanac.actions.preferences import prefer
from almanac.actions.workload.board import answer, ask
from almanac.core.vocabulary import Kind, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Activity, PeerEntry

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from almanac.record.rules import Actor

FEEDBACK = (
    (74, "The outline for first talks should be a page one can copy, not a PDF", "Noor Haddad", "product", "done",
     "https://github.com/example/docs/issues/412", "A page with a copy button"),
    (41, "Error messages of the command line name no file", "Kofi Mensah, Lena Brandt", "product", "passed_on",
     "https://github.com/example/cli/issues/87", ""),
    (33, "Wants the workshop for her team of thirty", "Ximena Duarte", "sales", "done", "", "A team licence in spring"),
    (12, "No way to try it without an account", "Omar Fayed", "product", "heard", "", ""),
)  # fmt: skip
CLICKS = (46, 31, 12)
PEERS = (
    ("Mara Lindt", "https://mara.example.org", (
        (6, "What I tell people before their first talk", "Three things, and the third is about water."),
        (34, "A meetup with no agenda", "We tried it for a quarter. Half as many came, and stayed twice as long."),
    )),
    ("A public log from Lisbon", "https://log.example.net", (
        (15, "Playbook: a study group in six weeks", "How we run it, with what went wrong the first time."),
    )),
)  # fmt: skip
ASKED = ((95, "1:1 about a first job in DevRel"), (64, "1:1 about speaking"), (40, "1:1 about a community of practice"),
         (16, "1:1 about a first talk"), (4, "1:1 about moving into DevRel"))  # fmt: skip
DECLINED, PROGRAM = 64, "Small-group conversations"
REPLY = (
    "Thank you for asking! My hours for 1:1s are taken this week. The Tuesday Space is open to everybody, and I "
    "answer questions there; or ask me again next week."
)


def spread_word(actor: Actor, today: date, at: Callable[[date], datetime]) -> None:
    """at: the moment of a day at which the example's work is written down."""
    rules.require(rules.may_change_record, actor)
    for ago, text, who, receiver, state, ticket, became in FEEDBACK:
        day = today - timedelta(days=ago)
        with clock.at(at(day)):
            row = note_feedback(actor, text, who=who, receiver=receiver, ticket=ticket, day=day)
        if state != row.state:
            with clock.at(at(day + timedelta(days=min(ago, 21)))):
                move_feedback(actor, row, state, became)
                if ago > 60:
                    say_told(actor, row)
    talks = Activity.objects.filter(kind=Kind.TALK, status="done", day__isnull=False)
    for clicks, talk in zip(CLICKS, talks.order_by("-day"), strict=False):
        with clock.at(at(talk.day or today)):
            link = hand_out_link(actor, "https://example.org/first-talk", talk)
        count_link(actor, link, clicks, today)
    for name, site, written in PEERS:
        peer = follow(actor, site, name)
        with verb(actor, "read_peers") as line:
            line.create(*PeerEntry.objects.bulk_create(
                PeerEntry(peer=peer, key=f"{site}-{ago}"[:64], title=title, summary=summary, link=f"{site}/{ago}",
                          day=today - timedelta(days=ago), seen_at=clock.now())
                for ago, title, summary in written
            ))  # fmt: skip
        if peer.person is not None:
            day = today - timedelta(days=27)
            with clock.at(at(day)):
                talked_with(actor, peer, "Compared notes on small groups", day, 1.5)
    prefer(actor, one_to_one_hours=2, one_to_one_reply=REPLY)
    for ago, title in ASKED:
        with clock.at(at(today - timedelta(days=ago))):
            asked = ask(actor, title, hours=1, kind=Kind.MEETING, program=PROGRAM)
            if ago > 10:
                answer(actor, asked, "no" if ago == DECLINED else "yes")
        if ago > 10 and ago != DECLINED:
            with clock.at(at(today - timedelta(days=ago - 5))):
                set_status_of(actor, [asked], Status.DONE)
