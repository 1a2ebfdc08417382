"""The review: a period as a document with the headings Challenges, Successes, Failures, Takeaways.

It proposes candidates from evidence, each with its reason; a person keeps, drops or rewrites them,
and their words survive. No language model: plain sentences, every number with its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.errors import CannotAnswerError
from almanac.answers.experiments.experiments import result_said
from almanac.answers.review import candidate_sentences, evidence, periods, sentences
from almanac.answers.review.candidate_sentences import HEADINGS, Candidate
from almanac.answers.review.evidence import Audience
from almanac.answers.review.sentences import Fact, Sentence
from almanac.core.vocabulary import Status
from almanac.core.workload.spreading import spread
from almanac.record import rules
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity, Program, ReviewEntry, Visibility
from almanac.record.queries import preferences
from almanac.record.queries.names import program_called
from almanac.record.queries.versions import private_version, record_version, remembered

if TYPE_CHECKING:
    from datetime import date

    from almanac.answers.metrics.targets import TargetProgress
    from almanac.answers.review.evidence import ByProgram, Found
    from almanac.answers.review.periods import Period
    from almanac.record.models import Quote
    from almanac.record.rules import Actor

__all__ = ["HEADINGS", "Audience", "Item", "Review", "ReviewSection", "review"]

EMPTY = {
    "challenges": "Nothing in the log shows what was hard. Add it if you know.",
    "successes": "Nothing in the log stands out as a success. Add one if you know.",
    "failures": "Nothing in the log shows a failure.",
    "takeaways": "Nothing in the log suggests a change. What would you do differently?",
}
OWN_WORDS = "own:"
FEWEST_WEEKS = 4
MOST_COMING = 12
RECENT = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Item:
    """One paragraph of a chapter: a candidate as it was proposed, or as the person wrote it.

    text: the person's words, in Markdown, where they wrote any; else `sentence` stands.
    """

    key: str
    sentence: Sentence
    reason: Sentence
    text: str = ""
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class ReviewSection:
    key: str
    heading: str
    items: tuple[Item, ...]
    empty: str

    @property
    def kept(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.dropped)


@dataclass(frozen=True, slots=True)
class ProgramPart:
    """What was done in one program, in a sentence with its numbers."""

    name: str
    slug: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Review:
    """A period for one audience. opening: what it held in sentences; own: the person's own words
    below it."""

    period: Period
    audience: Audience
    program: Program | None
    title: str
    opening: tuple[Sentence, ...]
    own: str
    chapters: tuple[ReviewSection, ...]
    programs: tuple[ProgramPart, ...]
    targets: tuple[TargetProgress, ...]
    guessing: tuple[Sentence, ...]
    quotes: tuple[Quote, ...]
    energy: tuple[Sentence, ...]
    experiments: tuple[Sentence, ...]
    coming: tuple[Sentence, ...]
    """What is next, of a recent week or month."""
    rest: tuple[Sentence, ...]
    """Load and breaks, in the writer's own edition alone."""

    @property
    def slug(self) -> str:
        name = self.period.name.replace("..", "-to-").lower()
        return f"{name}-{self.program.slug}" if self.program else name

    @property
    def said(self) -> tuple[ReviewSection, ...]:
        """The chapters that hold something, or say why they don't."""
        return tuple(chapter for chapter in self.chapters if chapter.kept or chapter.empty)

    @property
    def is_empty(self) -> bool:
        return not self.programs and not self.targets and not self.quotes


def entry_period(period: Period, program: Program | None, audience: Audience = Audience.OWN) -> str:
    """What entries of a review are kept under: words for everyone stand apart from one's own."""
    name = f"{period.name}:{program.slug}" if program else period.name
    return f"{name}@{audience}" if audience is Audience.PUBLIC else name


def kept_entries(
    period: Period, program: Program | None, audience: Audience
) -> dict[str, ReviewEntry]:
    """What a person did with candidates, by key. Words written in an edition for oneself or for
    somebody inside never reach a public one; what was dropped there stays dropped."""
    named = entry_period(period, program, audience)
    kept = {entry.key: entry for entry in ReviewEntry.objects.filter(period=named)}
    if audience is Audience.PUBLIC:
        inside = ReviewEntry.objects.filter(period=entry_period(period, program), dropped=True)
        for entry in inside.exclude(key__startswith=OWN_WORDS):
            entry.text = ""
            kept.setdefault(entry.key, entry)
    return kept


@remembered(record_version, private_version, preferences.today)
def review(
    actor: Actor, text: str, *, program: str = "", audience: Audience = Audience.OWN
) -> Review:
    """The review of a period as `periods.period` reads it, of everything or of one program."""
    rules.require(rules.may_read_private, actor)
    found_period = periods.period(text)
    found_program = _program(program, audience)
    found = evidence.gather(actor, found_period, audience, found_program)
    kept = kept_entries(found_period, found_program, audience)
    candidates = candidate_sentences.candidates(found)
    is_week = found_period.noun == "week"
    title = found_period.title if is_week else f"{found_period.title} in review"
    if found_program is not None:
        title = f"{found_program.name}: {title}"
    opening_words = kept.get("opening")
    return Review(
        period=found_period,
        audience=audience,
        program=found_program,
        title=title,
        opening=tuple(_opening(found)),
        own=opening_words.text if opening_words and not opening_words.dropped else "",
        chapters=tuple(
            _chapter(section, heading, candidates, kept, is_week=is_week)
            for section, heading in HEADINGS.items()
        ),
        programs=tuple(_part(each, is_week=is_week) for each in found.programs),
        coming=tuple(_coming(found)),
        targets=found.targets,
        guessing=tuple(candidate_sentences.guessing(found)),
        quotes=found.quotes,
        energy=tuple(_energy(found)),
        experiments=tuple(_experiments(found)),
        rest=tuple(_rest(found)),
    )


def _program(slug: str, audience: Audience) -> Program | None:
    if not slug:
        return None
    found = program_called(slug)
    if found is None:
        raise CannotAnswerError(f"There is no program called {slug}.")
    if audience is Audience.PUBLIC and not found.public:
        raise CannotAnswerError(
            f"{found.name} is not public, so nothing public can be written about it. Mark the "
            "program public, or write for another audience."
        )
    return found


def _chapter(
    section: str,
    heading: str,
    candidates: list[Candidate],
    kept: dict[str, ReviewEntry],
    *,
    is_week: bool,
) -> ReviewSection:
    """A quiet week says nothing of what it does not hold."""
    items = []
    for candidate in candidates:
        if candidate.section != section:
            continue
        entry = kept.get(candidate.key)
        items.append(
            Item(
                candidate.key,
                candidate.sentence,
                candidate.reason,
                entry.text if entry else "",
                entry.dropped if entry else False,
            )
        )
    for key, entry in kept.items():
        if key.startswith(OWN_WORDS) and entry.section == section:
            items.append(Item(key, (), (), entry.text, entry.dropped))
    return ReviewSection(section, heading, tuple(items), "" if is_week else EMPTY[section])


def _opening(found: Found) -> list[Sentence]:
    if not found.done:
        return [(f"Nothing logged for {found.period.title}.",)]
    said: list[Sentence] = [sentences.kinds_sentence(found)]
    people = sentences.people_sentence(found)
    if people:
        said.append(people)
    effort = sentences.effort_sentence(found)
    if effort:
        said.append(effort)
    return said


def _part(mine: ByProgram, *, is_week: bool) -> ProgramPart:
    """Of a week also what each was: there are few."""
    sentence = sentences.program_sentence(mine)
    if is_week:
        sentence = (*sentence, f" {sentences.named(mine.done)}.")
    return ProgramPart(mine.program.name, mine.program.slug, sentence)


def _coming(found: Found) -> list[Sentence]:
    """What is next after a week or a month that has just passed, or is passing."""
    today = preferences.today()
    last = found.period.last
    if found.period.noun not in {"week", "month"} or last < today - RECENT:
        return []
    first = today + timedelta(days=1)
    until = max(last, first) + (
        timedelta(days=7) if found.period.noun == "week" else timedelta(days=31)
    )
    rows = Activity.objects.filter(
        status__in=(Status.PLANNED, Status.DOING), day__range=(first, until), holder=""
    ).exclude(period="month")
    if found.program is not None:
        rows = rows.filter(program=found.program)
    if found.audience is Audience.PUBLIC:
        rows = rows.filter(visibility=Visibility.PUBLIC)
    coming = list(rows.order_by("day", "starts_at", "id")[:MOST_COMING])
    return [
        (f"{words.moment_said(row.local_start or row.day)}: ", Fact.of(row.title, [row]))
        for row in coming
    ]


def _energy(found: Found) -> list[Sentence]:
    said: list[Sentence] = []
    for rows, kind in ((found.gave, "energising"), (found.took, "draining")):
        if rows:
            many = words.counted(len(rows), "activity", "activities")
            said.append((Fact.of(many, rows), f" {kind}: {sentences.named(rows)}."))
    return said


def _experiments(found: Found) -> list[Sentence]:
    return [
        (
            f"Tried “{row.experiment.trying}” because {row.experiment.because}: "
            f"{result_said(row)} Why: {row.why}",
        )
        for row in found.findings
    ]


def _rest(found: Found) -> list[Sentence]:
    if found.audience is not Audience.OWN:
        return []
    said: list[Sentence] = []
    by_week: dict[date, list[Activity]] = {}
    by_day: dict[date, float] = {}
    hours: dict[date, float] = {}
    for row in found.done:
        if row.day is None or row.hours_spent is None or row.holder:
            continue
        for day, worked in spread(by_day, row.day, float(row.hours_spent)).items():
            if found.period.first <= day <= found.period.last:
                rows = by_week.setdefault(monday_of(day), [])
                rows += [row] if row not in rows else []
                hours[monday_of(day)] = hours.get(monday_of(day), 0.0) + worked
    if len(hours) >= FEWEST_WEEKS:
        usual = median(hours.values())
        fullest = max(hours, key=lambda monday: hours[monday])
        said.append(
            (
                f"A usual week had {usual:.0f} h logged; the fullest week, from {fullest:%-d %B}, had ",
                Fact.of(f"{hours[fullest]:.0f} h", by_week[fullest]),
                ".",
            )
        )
    first, last = found.period.first, min(found.period.last, preferences.today())
    taken = [each for each in found.breaks if each.first <= last]
    if taken:
        days = sum((min(each.last, last) - max(each.first, first)).days + 1 for each in taken)
        many = words.counted(len(taken), "break", "breaks")
        said.append((f"You took {many}, {words.counted(days, 'day', 'days')} in all.",))
    elif hours and found.period.noun != "week":
        said.append(("No time off logged.",))
    return said


def done_of(actor: Actor, made: Review) -> list[Activity]:
    """The activities a review's picture shows: those its audience may see."""
    rules.require(rules.may_read_private, actor)
    rows = Activity.objects.filter(
        status=Status.DONE, day__gte=made.period.first, day__lte=made.period.last
    )
    if made.program is not None:
        rows = rows.filter(program=made.program)
    if made.audience is Audience.PUBLIC:
        rows = rows.filter(visibility=Visibility.PUBLIC)
    return list(rows.only("day").order_by("day"))
