"""Search: activities and their notes, quotes, feedback, playbooks, experiments, projects, and people where
names are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers.community.people import identities_of, token_of
from almanac.core.community.identities import Identity
from almanac.record import rules
from almanac.record.models import (
    Experiment,
    Feedback,
    Guest,
    Person,
    PlaybookVersion,
    Project,
    Quote,
    Request,
)
from almanac.record.queries import activities as queries
from almanac.record.queries.days import within
from almanac.record.queries.searching import holding, searched, words_of

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.models import Activity
    from almanac.record.rules import Actor

MOST = 20
PROJECT = ("title", "team", "pitch", "uses")
FEEDBACK = ("text", "who", "ticket", "became")
QUOTE = ("text", "who", "via", "place")
EXPERIMENT = (
    "trying",
    "because",
    "worked_if",
    "topic",
    "finding__happened",
    "finding__why",
    "finding__decision",
)
WHERE = (
    "everything",
    "activities",
    "quotes",
    "feedback",
    "playbooks",
    "experiments",
    "projects",
    "people",
)


@dataclass(frozen=True, slots=True)
class PlaybookHit:
    """A program whose playbook holds the words; line: the first of its lines that holds one of them."""

    version: PlaybookVersion
    line: str


@dataclass(frozen=True, slots=True)
class PersonHit:
    """A name that is kept, the address of their page, and the activity it stands with, where it does."""

    name: str
    token: str
    activity: Activity | None = None


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search found, each at most twenty, the newest first; more: of what there is more."""

    text: str
    activities: tuple[Activity, ...] = ()
    quotes: tuple[Quote, ...] = ()
    playbooks: tuple[PlaybookHit, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    people: tuple[PersonHit, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    projects: tuple[Project, ...] = ()
    more_activities: bool = False
    more_quotes: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(
            (self.activities, self.quotes, self.playbooks, self.experiments, self.people,
             self.feedback, self.projects)
        )  # fmt: skip


def search(
    actor: Actor,
    text: str,
    *,
    where: str = "",
    since: date | None = None,
    until: date | None = None,
) -> SearchResults:
    """Everything that holds all of these words. where: one of WHERE; since, until: days of activities,
    quotes and people."""
    rules.require(rules.may_read_record, actor)
    if not words_of(text):
        return SearchResults(text)

    def wanted(name: str) -> bool:
        return where in {"", "everything", name}

    activities = list(
        queries.filtered(words=text, since=since, until=until).order_by("-day", "-id")[: MOST + 1]
    ) if wanted("activities") else []  # fmt: skip
    quotes = _quotes(text, since, until) if wanted("quotes") else []
    return SearchResults(
        text,
        tuple(activities[:MOST]),
        tuple(quotes[:MOST]),
        tuple(_playbooks(text)) if wanted("playbooks") else (),
        tuple(
            Experiment.objects.filter(holding(text, EXPERIMENT)).select_related("finding").order_by("-by", "-pk")[:MOST]
        ) if wanted("experiments") else (),
        tuple(_people(text, since, until)) if wanted("people") else (),
        tuple(_feedback(text, since, until)) if wanted("feedback") else (),
        tuple(
            Project.objects.filter(holding(text, PROJECT)).select_related("activity").order_by("-pk")[:MOST]
        ) if wanted("projects") else (),
        more_activities=len(activities) > MOST,
        more_quotes=len(quotes) > MOST,
    )  # fmt: skip


def _quotes(text: str, since: date | None, until: date | None) -> list[Quote]:
    rows = Quote.objects.filter(
        within(since, until), searched("quote", text, QUOTE)
    ).select_related("program")
    return list(rows.order_by("-day", "-id")[: MOST + 1])


def _playbooks(text: str) -> list[PlaybookHit]:
    """Among the latest version of each playbook."""
    latest: dict[int, PlaybookVersion] = {}
    rows = PlaybookVersion.objects.filter(holding(text, ("text",))).select_related("program")
    for version in rows.order_by("number"):
        latest[version.program_id] = version
    found = []
    for version in list(latest.values())[:MOST]:
        newest = version.program.playbook_versions.last()
        if newest is not None and newest.pk == version.pk:
            found.append(PlaybookHit(version, _line_with(version.text, text)))
    return found


def _line_with(text: str, wanted: str) -> str:
    words = [word.casefold() for word in words_of(wanted)]
    lines = [line.strip(" -#*") for line in text.splitlines() if line.strip()]
    return next((line for line in lines if any(word in line.casefold() for word in words)), "")[
        :200
    ]


def _feedback(text: str, since: date | None, until: date | None) -> list[Feedback]:
    rows = Feedback.objects.filter(within(since, until), holding(text, FEEDBACK))
    return list(rows.order_by("-day", "-pk")[:MOST])


def _people(text: str, since: date | None, until: date | None) -> list[PersonHit]:
    """Those written down, then names on lists and of requests; each name of somebody once."""
    found: dict[str, PersonHit] = {}
    if not (since or until):
        for card in Person.objects.filter(holding(text, ("name", "handles")))[:MOST]:
            token = token_of(identities_of(card)[0])
            found.setdefault(card.name.casefold(), PersonHit(card.name, token))
    guests = Guest.objects.filter(holding(text, ("name",))).select_related("activity")
    asked = Request.objects.filter(holding(text, ("asked_by",))).select_related("activity")
    rows = [
        (row.name, row.email.strip().lower(), row.activity)
        for row in guests.order_by("-activity__day")[: MOST * 2]
    ]
    rows += [(row.asked_by, "", row.activity) for row in asked.order_by("-activity_id")[:MOST]]
    for name, email, activity in rows:
        day = activity.day
        if (since and (day is None or day < since)) or (until and (day is None or day > until)):
            continue
        token = token_of(Identity(" ".join(name.split()), email))
        found.setdefault(name.casefold(), PersonHit(name, token, activity))
    return list(found.values())[:MOST]
