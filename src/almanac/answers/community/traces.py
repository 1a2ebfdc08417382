"""Where a person stands: every row of every table by the classification of its texts, and files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings

from almanac.answers.errors import CannotAnswerError
from almanac.core.community.person_names import PersonName
from almanac.record import rules
from almanac.record.models import Departure, Guest, Peer, Person, Protocol, Retro, SamePerson
from almanac.record.models.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from almanac.record.rules import Actor

BATCH = 1000
WHOLE_ROWS = (Guest, Departure, Peer, Person, SamePerson)
"""Rows that are about one person and nothing else."""
BYTES = {("quotepicture", "content")}
REJECTED, UPLOADS = "rejected/*.csv", "uploads/*"
WORDS = {
    "activity": ("activity", "activities"),
    "break": ("time off", "times off"),
    "busy": ("calendar entry", "calendar entries"),
    "calendarfeed": ("calendar", "calendars"),
    "change": ("log line", "log lines"),
    "checkedlink": ("checked link", "checked links"),
    "checkin": ("check-in", "check-ins"),
    "choice": ("accepted request", "accepted requests"),
    "columnmapping": ("remembered table", "remembered tables"),
    "departure": ("note that they left", "notes that they left"),
    "deviation": ("deviation", "deviations"),
    "encounter": ("meeting with a person", "meetings with people"),
    "person": ("person", "people"),
    "sameperson": ("answer about one person", "answers about one person"),
    "feedback": ("piece of feedback", "pieces of feedback"),
    "handedlink": ("link you handed out", "links you handed out"),
    "linkcount": ("count of a link", "counts of links"),
    "peer": ("peer", "peers"),
    "peerentry": ("entry of a peer", "entries of peers"),
    "experiment": ("experiment", "experiments"),
    "hackathon": ("hackathon", "hackathons"),
    "project": ("project", "projects"),
    "judging": ("judging", "judgings"),
    "signupanswer": ("answer at sign-up", "answers at sign-up"),
    "finding": ("finding", "findings"),
    "forecast": ("frozen forecast", "frozen forecasts"),
    "guess": ("guess", "guesses"),
    "guest": ("guest", "guests"),
    "lesson": ("lesson", "lessons"),
    "link": ("link", "links"),
    "measurement": ("measurement", "measurements"),
    "metric": ("metric", "metrics"),
    "metricversion": ("definition of a metric", "definitions of metrics"),
    "part": ("checklist item", "checklist items"),
    "playbookversion": ("playbook version", "playbook versions"),
    "post": ("post", "posts"),
    "postcount": ("count of views", "counts of views"),
    "preference": ("setting", "settings"),
    "privatechange": ("private log line", "private log lines"),
    "privatesetting": ("private setting", "private settings"),
    "program": ("program", "programs"),
    "attachment": ("attachment", "attachments"),
    "handledfile": ("file of the inbox", "files of the inbox"),
    "repeating": ("repeating activity", "repeating activities"),
    "protocol": ("protocol", "protocols"),
    "publication": ("published folder", "published folders"),
    "quote": ("quote", "quotes"),
    "quotepicture": ("screenshot", "screenshots"),
    "referral": ("answer to how they heard", "answers to how they heard"),
    "request": ("request", "requests"),
    "retro": ("retrospective", "retrospectives"),
    "reviewentry": ("review paragraph", "review paragraphs"),
    "seenguest": ("hash of a guest", "hashes of guests"),
    "series": ("series", "series"),
    "shownplate": ("shared workload", "shared workloads"),
    "skippedquestion": ("skipped question", "skipped questions"),
    "tag": ("tag", "tags"),
    "target": ("target", "targets"),
    "turnout": ("turnout", "turnouts"),
}
"""One and many of what a row is, by its model; a test names a model that is missing."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that holds the name and stays: to be changed by hand, or sealed.

    table, key: the row it stands in, for a face to link to.
    """

    title: str
    table: str
    key: str
    is_sealed: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """One row that holds a person: the fields that erasing changes; none where the row goes."""

    row: Model
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Traces:
    """Everything that holds a person, before erasing it."""

    person: PersonName
    rows: tuple[Trace, ...]
    own_texts: tuple[Mention, ...]
    """Texts the practitioner wrote that erasing changes too."""
    mentions: tuple[Mention, ...]
    """Texts that erasing leaves: one common word may mean something else, and what is sealed stays."""
    files: tuple[Path, ...]
    also: tuple[str, ...] = field(default=())
    """Other names and addresses of theirs, that stand beside this one on guest lists."""

    @property
    def counts(self) -> dict[str, int]:
        """Rows by what they are, in people's words, the most first."""
        found = Counter(trace.row._meta.model_name or "" for trace in self.rows)
        return {words_for(name, number): number for name, number in found.most_common()}

    @property
    def left_in(self) -> list[tuple[str, int, bool]]:
        """What still holds the name afterwards: in words, how many, and whether it is sealed."""
        found = Counter((mention.table, mention.is_sealed) for mention in self.mentions)
        return [
            (words_for(table, number), number, is_sealed)
            for (table, is_sealed), number in found.most_common()
        ]

    @property
    def total(self) -> int:
        return len(self.rows) + len(self.files)


def words_for(table: str, number: int) -> str:
    return WORDS[table][number > 1]


def traces(actor: Actor, who: str) -> Traces:
    """Everything the logbook holds of a name, a handle or an e-mail address."""
    rules.require(rules.may_keep_logbook, actor)
    rules.require(rules.may_read_private, actor)
    try:
        person = PersonName.of(who[:200])
    except ValueError as error:
        raise CannotAnswerError(
            "Name the person or their e-mail address, three letters at least."
        ) from error
    rows: list[Trace] = []
    own: list[Mention] = []
    left: list[Mention] = []
    for model in apps.get_app_config("record").get_models():
        for row, fields in _holding(model, person):
            kinds = {name: _kind(model, name) for name in fields}
            goes = tuple(name for name, kind in kinds.items() if _is_erased(kind, person))
            if goes:
                # A note on somebody else only loses the name.
                is_theirs = model in WHOLE_ROWS and any(kinds[name] is Text.NAME for name in goes)
                rows.append(Trace(row, () if is_theirs else goes))
            if Text.FREE in kinds.values():
                (own if person.is_sure else left).append(mention_of(row))
            if {Text.SEALED, Text.PLAIN} & set(kinds.values()):
                left.append(mention_of(row, is_sealed=True))
    return Traces(person, tuple(rows), tuple(own), tuple(left), _files(person), _also(rows, person))


def _kind(model: type[Model], name: str) -> Text:
    return model.texts[name]  # type: ignore[attr-defined,no-any-return]


def _is_erased(kind: Text, person: PersonName) -> bool:
    return kind in {Text.NAME, Text.FINAL} or (kind is Text.FREE and person.is_sure)


def _holding(model: type[Model], person: PersonName) -> Iterator[tuple[Model, list[str]]]:
    """Rows of a table that hold the person, each with the fields that do."""
    names = [
        name for name in getattr(model, "texts", {}) if (model._meta.model_name, name) not in BYTES
    ]
    if not names:
        return
    found: dict[int, list[str]] = {}
    for key, *values in model._default_manager.values_list("pk", *names).iterator(BATCH):
        fields = [
            name for name, value in zip(names, values, strict=True)
            if any(person.is_in(text) for text in texts_in(value))
        ]  # fmt: skip
        if fields:
            found[key] = fields
    rows = model._default_manager.in_bulk(list(found))
    yield from ((rows[key], fields) for key, fields in found.items() if key in rows)


def texts_in(value: Any) -> Iterator[str]:
    """Every text of a value, keys of objects too."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def mention_of(row: Model, *, is_sealed: bool = False) -> Mention:
    table, key = row._meta.model_name or "", str(row.pk)
    title = str(row)
    if isinstance(row, Retro):
        title, key = row.activity.title, str(row.activity_id)
    elif isinstance(row, Protocol):
        title, table, key = row.experiment.trying, "experiment", str(row.experiment_id)
    elif table == "program":
        key = str(getattr(row, "slug", key))
    return Mention(title[:120], table, key, is_sealed)


def _also(rows: list[Trace], person: PersonName) -> tuple[str, ...]:
    guests = [trace.row for trace in rows if isinstance(trace.row, Guest)]
    beside = {text for guest in guests for text in (guest.name, guest.email)}
    return tuple(sorted(text for text in beside if text and not person.is_in(text)))


def _files(person: PersonName) -> tuple[Path, ...]:
    """Rejected rows that hold the name, and every file that waits for its import to be confirmed: of a
    workbook or an archive one cannot see whether it does."""
    home = Path(settings.ALMANAC_HOME)
    rejected = [
        file
        for file in sorted(home.glob(REJECTED))
        if person.is_in(file.read_text("utf-8", errors="replace"))
    ]
    return (*rejected, *sorted(home.glob(UPLOADS)))
