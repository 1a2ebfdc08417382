"""What she learnt in the example: playbooks, retrospectives, experiments, how people heard, a mistake undone."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.capture import capture, understand
from almanac.actions.content import count_views
from almanac.actions.example.hackathons import hold_hackathons
from almanac.actions.example.people import introduce
from almanac.actions.example.reach import spread_word
from almanac.actions.experiments.experiments import close, try_something
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks.playbooks import (
    decide,
    lay_out,
    look_back,
    propose,
    say_helped,
    write_playbook,
)
from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.actions.workload.board import change_part
from almanac.answers.imports.reading_files import plan, read
from almanac.answers.log.inbox import inbox_folder
from almanac.core.guesses.elicited import RawGuess
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity, Program
from almanac.sources.base.documents import Document

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.record.rules import Actor

PLAYBOOKS = {
    "Small-group conversations": """# Small-group conversations

## What it is for

People who want to get into tech and have nobody to ask. Six to twelve people, cameras on.

## Steps

- T-21 days: choose one question and a guest (1h)
- T-14 days: announce in the forum and the newsletter (1h)
- T-3 days: write to the guest (0.5h)
- T: open the room ten minutes early
- T+2 days: write down what was asked, and thank people (1h)

## Who has access

The video room: @lena. The newsletter: @lena and @tom.

## If under five come

Do it anyway, and talk to all of them.
""",
    "Hackathons": """# Hackathons

## Steps

- T-60 days: agree with product what would help them (2h)
- T-42 days: find three mentors and a venue (6h)
- T-28 days: announce (2h)
- T-2 days: shopping and badges (4h) @tom
- T: run it
- T+7 days: write to everyone who submitted (2h)

## Who has access

The venue: @tom. The prize money: finance, a week ahead
""",
    "Community spaces": """# Community spaces

## Steps

- T-10 days: find two guests (1h)
- T-5 days: announce (0.5h)
- T: an hour, no slides
""",
}
HEARD = (
    "a friend at work", "Twitter", "your talk at PyLadies", "newsletter", "Google", "a colleague", "dev.to",
    "searched for docs templates", "my friend Sam", "the writing series", "LinkedIn", "at a meetup", "newsletter",
    "already using it", "your talk", "a blog post", "Discord", "",
)  # fmt: skip
"""Answers of one form after a conversation; the last left it empty."""
OUTSIDE = (
    (140, "A short note on error messages", 210), (95, "What I learnt from a year of office hours", 160),
    (60, "Release notes people read", 340),
)  # fmt: skip
"""Posts beside the series: days ago, title, views after thirty days."""
MESSAGE = "I read your series on the train and rewrote our whole onboarding. Could I ask you a question next week?\n"
LATELY = (
    (34, "Attended a documentation conference, 3 days, talked to 25 developers", "conference", 24.0, "Talks"),
    (26, "1:1 with a career changer about her first portfolio", "meeting", 0.5, "Small-group conversations"),
    (12, "1:1 with a student about talks", "meeting", 0.5, "Small-group conversations"),
)  # fmt: skip


def fill(actor: Actor, today: date, zone: tzinfo) -> None:
    """After the year is played: what was learnt from it, each at its time."""
    rules.require(rules.may_change_record, actor)
    groups = list(_runs("Breaking into tech"))
    hackathons = list(_runs("hackathon"))
    for name, text in PLAYBOOKS.items():
        first = groups[0] if name.startswith("Small") else hackathons[0]
        with clock.at(_at((first.day or today) + timedelta(days=20), zone)):
            write_playbook(
                actor, Program.objects.get(name=name), text, "so that others could run it"
            )
    for title in ("Winter hackathon, second edition", "Breaking into tech, fourth"):
        coming = Activity.objects.filter(title__startswith=title, status="planned").first()
        if coming is not None:
            _prepare(actor, coming, today, zone)
    _learn(actor, groups, zone)
    _learn_from_hackathon(actor, hackathons[-1], zone)
    hold_hackathons(actor, hackathons[:3], partial(_at, zone=zone))
    _try(actor, today, zone)
    _heard(actor, groups[-1].day or today, zone)
    introduce(actor, groups, today)
    spread_word(actor, today, partial(_at, zone=zone))
    for ago, title, views in OUTSIDE:
        day = today - timedelta(days=ago)
        with clock.at(_at(day, zone)):
            (post,) = write_down(actor, [
                NewActivity(title, kind="post", status="done", day=day, program="Writing series", hours=4,
                            fields={"visibility": "public"})
            ])  # fmt: skip
        for age, share in ((7, 0.6), (30, 1.0)):
            with clock.at(_at(day + timedelta(days=age - 1), zone)):
                count_views(
                    actor, post, "dev.to", round(views * share), day + timedelta(days=age - 1)
                )
    for ago, title, kind, hours, program in LATELY:
        day = today - timedelta(days=ago)
        with clock.at(_at(day, zone)):
            reach = {"contacts": 25} if kind == "conference" else {}
            write_down(actor, [
                NewActivity(title, kind=kind, status="done", day=day, program=program, hours=hours, reach=reach)
            ])  # fmt: skip
    with clock.at(_at(today - timedelta(days=2), zone)):
        (line,), _ = understand(actor, "Office hours first Monday of the month at 16:00, 1h")
        first, *_ = capture(actor, [line], "Forum and answers", "online")
        say_guess(actor, first, RawGuess(3, 12, 6, 80))
        freeze_forecast(actor, first)
        _drop_message(today)
    with clock.at(_at(today - timedelta(days=1), zone)):
        write_down(actor, [NewActivity("Meeting with marketing", kind="meeting", status="done", hours=1,
                                       day=today - timedelta(days=1), program="Inside the company")])  # fmt: skip
        undo(actor)


def _drop_message(today: date) -> None:
    """A message in the inbox, as a phone's file sync would bring it."""
    folder = inbox_folder()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "message from a reader.txt"
    file.write_text(MESSAGE, encoding="utf-8")
    then = datetime.combine(today - timedelta(days=1), time(12)).timestamp()
    os.utime(file, (then, then))


def _runs(words: str) -> list[Activity]:
    rows = Activity.objects.filter(
        title__icontains=words, status="done", kind__in=("event", "hackathon")
    )
    return list(rows.order_by("day"))


def _prepare(actor: Actor, coming: Activity, today: date, zone: tzinfo) -> None:
    """The steps of the playbook on an event ahead; those of earlier days are done."""
    with clock.at(_at(today - timedelta(days=3), zone)):
        lay_out(actor, coming)
        for part in coming.parts.filter(
            day__lt=today - timedelta(days=1), outside_id__startswith="step:"
        ):
            change_part(actor, part, done=True)


def _learn(actor: Actor, groups: list[Activity], zone: tzinfo) -> None:
    """A retrospective after each conversation; what the first taught helped the second."""
    first, second, third = groups[:3]
    with clock.at(_at((first.day or date.min) + timedelta(days=21), zone)):
        look_back(actor, first, went_well="Nine people, and all stayed.", went_badly="It took half an hour until anybody spoke.",
                  why="They had not heard each other’s voices.")  # fmt: skip
        lesson = propose(actor, first, "T: greet everyone by name as they come (0.2h)")
        decide(actor, lesson, accept=True)
    with clock.at(_at((second.day or date.min) + timedelta(days=1), zone)):
        lay_out(actor, second)
        look_back(actor, second, went_well="Everybody had spoken after five minutes.",
                  why="They had said hello already.")  # fmt: skip
        say_helped(actor, lesson, "yes")
    with clock.at(_at((third.day or date.min) + timedelta(days=1), zone)):
        lay_out(actor, third)
        look_back(
            actor,
            third,
            went_badly="Eight of twenty seats.",
            why="It fell into the week of a conference.",
        )
        propose(actor, third, "T-21 days: look for clashing events (0.5h)")


def _learn_from_hackathon(actor: Actor, last: Activity, zone: tzinfo) -> None:
    with clock.at(_at((last.day or date.min) + timedelta(days=9), zone)):
        look_back(
            actor, last, went_well="Everyone who came handed something in or stayed to help.",
            went_badly="A third of those who signed up came, and few of them used our docs.",
            why="We announced it to everyone, and not to people who had a use for it.",
        )  # fmt: skip
        propose(
            actor, last, "T-35 days: ask twenty people who use the docs what they would build (3h)"
        )


def _try(actor: Actor, today: date, zone: tzinfo) -> None:
    """One experiment that was answered, one that waits."""
    with clock.at(_at(today - timedelta(days=80), zone)):
        asked = try_something(
            actor, "asking everyone to confirm their seat the day before", "people forget what they signed up for",
            "a fifth of sign-ups come", today - timedelta(days=20), topic="reminders",
            program="Small-group conversations",
        )  # fmt: skip
    with clock.at(_at(today - timedelta(days=20), zone)):
        close(actor, asked, "not", "With a reminder 20 of 118 came (17 %), at the event before it 9 of 66 (14 %).",
              "A reminder reaches those who would come anyway. The rest had clicked to remember the date.",
              "ask again, and try smaller groups")  # fmt: skip
    with clock.at(_at(today - timedelta(days=9), zone)):
        try_something(
            actor, "half as many seats, said in the invitation", "in a small group people notice who is missing",
            "half of those who sign up come", today + timedelta(days=40), topic="smaller groups",
            program="Small-group conversations",
        )  # fmt: skip


def _heard(actor: Actor, day: date, zone: tzinfo) -> None:
    """The answers of a form to “how did you hear about us?”, as its file would bring them."""
    with clock.at(_at(day + timedelta(days=2), zone)):
        name = "how-people-heard.csv"
        table = "\n".join(["How did you hear about us?", *HEARD]) + "\n"
        found = read(actor, Document(name, table.encode()))
        carry_out(actor, plan(actor, name, found))


def _at(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(17, 30), zone)
