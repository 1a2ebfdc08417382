"""Activities: write down, change, drop, bring back, finish."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from almanac.actions.community.people import talked_from
from almanac.actions.errors import CannotError
from almanac.actions.experiments.scheduling import scheduled
from almanac.actions.programs import program_for
from almanac.answers.log import change_lines
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.vocabulary import AHEAD, COUNTS, TAKES_PLACE, Kind, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Activity, EnergyTap, Link, Move, Tag, Turnout
from almanac.record.models.activities import ASIDE
from almanac.record.queries import preferences
from almanac.sources.base.zones import is_skipped, skipped_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from almanac.record.changelog import Line
    from almanac.record.rules import Actor
    from almanac.sources.capture.talks import Talk

COUNTED = (*COUNTS, *ASIDE, "seats", "hoped")


@dataclass(frozen=True, slots=True)
class NewActivity:
    """Everything that can be said of an activity when it is written down.

    talk: who was talked to, and when to talk again. hours go to planned or spent by the status; counts are by field of the turnout; line: as it was
    typed, with the pieces of it that were not understood.
    """

    title: str
    kind: str = Kind.TASK
    status: str = Status.DONE
    program: str = ""
    day: date | None = None
    period: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    announced_at: datetime | None = None
    zone: str = ""
    hours: float | None = None
    cost: float | None = None
    currency: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    evidence: str = ""
    worth_it: str = ""
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    line: str = ""
    not_understood: tuple[str, ...] = ()
    reach: dict[str, int] = field(default_factory=dict)
    talk: Talk | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, values: dict[str, Any], **more: Any) -> NewActivity:
        """From values of any editable fields by name; more: the rest, by keyword."""
        own = {name for name in cls.__slots__ if name in values}
        named = {name: values[name] for name in own}
        return cls(**named, **more, fields={n: v for n, v in values.items() if n not in own})


def write_down(
    actor: Actor, new: Iterable[NewActivity], origin: str = "you said"
) -> list[Activity]:
    """Write down one or many activities as one verb, undone together."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "write_down") as line:
        made = [create_activity(item, line, origin) for item in new]
        if not made:
            raise CannotError("Nothing to log.")
        said = ChangeLine.LOGGED_MORE if len(made) > 1 else ChangeLine.LOGGED
        line.summary = said(title=made[0].title, more=len(made) - 1)
    return made


def create_activity(new: NewActivity, line: Line, origin: str = "you said") -> Activity:
    """An activity that is saved; the verb around it leaves the line."""
    title = " ".join(new.title.split())
    if not title:
        raise CannotError("An activity needs a title.")
    now = clock.now()
    activity = Activity(
        program=program_for(new.program, line),
        kind=Kind(new.kind),
        title=title[:300],
        status=Status(new.status),
        ends_at=new.ends_at,
        announced_at=new.announced_at,
        cost=_decimal(new.cost),
        currency=new.currency,
        line=new.line,
        not_understood=list(new.not_understood),
        reach=new.reach,
        created_at=now,
        updated_at=now,
        **new.fields,
    )
    zone = new.zone or preferences.value("zone")
    _refuse_skipped(new.starts_at)
    activity.set_start(new.starts_at, new.day, zone, new.period)
    if new.hours is not None:
        ahead = activity.status in AHEAD
        setattr(activity, "hours_planned" if ahead else "hours_spent", _decimal(new.hours))
    activity.save()
    line.create(activity)
    if new.talk is not None:
        talked_from(line, activity, new.talk)
    if activity.status in AHEAD:
        note_move(activity, "", line)
    if new.counts or new.evidence:
        line.create(
            Turnout.objects.create(
                activity=activity,
                attended_evidence=new.evidence,
                worth_it=new.worth_it,
                origins=dict.fromkeys(new.counts, origin),
                outcome_at=now if new.evidence else None,
                **new.counts,
            )
        )
    set_tags_and_links(activity, new.tags, new.links, line)
    return activity


def set_tags_and_links(
    activity: Activity, tags: Iterable[str], links: Iterable[str], line: Line
) -> None:
    for name in tags:
        tag, fresh = Tag.objects.get_or_create(name=name[:60])
        if fresh:
            line.create(tag)
        activity.tags.add(tag)
    for url in links:
        line.create(Link.objects.create(activity=activity, url=safe_url(url)))


def safe_url(url: str) -> str:
    """A link a page may show: http or https, nothing that runs."""
    if not url.lower().startswith(("http://", "https://")) or len(url) > 1000 or not _host(url):
        raise CannotError(f"“{url[:60]}” is not a web address; links begin with https://.")
    return url


def web_address(text: str) -> str:
    """An address as people write it, with or without https://; empty stays empty."""
    text = text.strip()
    return safe_url(text if "://" in text else f"https://{text}") if text else ""


def _host(url: str) -> str:
    """Empty where the address names none, or a port that is no number."""
    if any(letter.isspace() for letter in url):
        return ""
    try:
        parts = urlsplit(url)
        named = parts.hostname if parts.port is None or parts.port else ""
    except ValueError:
        return ""
    return named or ""


def _refuse_skipped(starts_at: datetime | None) -> None:
    if starts_at is not None and is_skipped(starts_at):
        raise CannotError(f"{skipped_words(starts_at)}.")


def change_activity(
    actor: Actor,
    activity: Activity,
    *,
    program: str | None = None,
    start: tuple[datetime | None, date | None, str] | None = None,
    tags: Iterable[str] | None = None,
    links: Iterable[str] | None = None,
    **fields: Any,
) -> Activity:
    """Change what is given and leave the rest; start is (time, day, zone)."""
    rules.require(rules.may_change_record, actor)
    unknown = set(fields) - set(Activity.editable())
    if unknown:
        raise CannotError(f"An activity has no {', '.join(sorted(unknown))}.")
    if not " ".join(str(fields.get("title", activity.title)).split()):
        raise CannotError("An activity needs a title.")
    _refuse_skipped(start[0] if start else None)
    with verb(actor, "change_activity") as line:
        changed = [name for name, value in fields.items() if getattr(activity, name) != value]
        if start is not None and start != (activity.starts_at, activity.day, activity.zone):
            changed += ["starts_at", "day", "zone", "period"]
        line.keep(activity, *changed)
        came_from = activity.status
        for name in set(changed) & set(fields):
            setattr(activity, name, fields[name])
        if start is not None:
            before = activity.day
            activity.set_start(*start)
            move_steps(activity, before, line)
        if program is not None:
            wanted = program_for(program, line)
            if wanted.pk != activity.program_id:
                line.keep(activity, "program_id")
                activity.program = wanted
                changed.append("program")
        if activity.status != came_from:
            _refuse_done_early(activity, activity.status)
            note_move(activity, came_from, line)
        elif {"day", "program", "kind"} & set(changed):
            scheduled(activity, line)
        changed += change_tags(activity, tags, line) if tags is not None else []
        changed += change_links(activity, links, line) if links is not None else []
        if not changed:
            line.before.clear()
            return activity
        activity.updated_at = clock.now()
        activity.save()
        line.summary = ChangeLine.CHANGED(fields=change_lines.fields(changed), title=activity.title)
    return activity


def move_steps(activity: Activity, before: date | None, line: Line) -> None:
    """Steps of its playbook that are not done move along with it."""
    if before is None or activity.day is None or before == activity.day:
        return
    steps = activity.parts.filter(outside_id__startswith="step:", done=False, day__isnull=False)
    for part in steps:
        line.keep(part, "day")
        part.day = part.day + (activity.day - before) if part.day else None
        part.save(update_fields=["day"])


def change_tags(activity: Activity, tags: Iterable[str], line: Line) -> list[str]:
    before = sorted(activity.tags.values_list("name", flat=True))
    after = sorted({tag.strip().lower().lstrip("#")[:60] for tag in tags if tag.strip()})
    if before == after:
        return []
    line.before.setdefault("activity", {}).setdefault(str(activity.pk), {})["tags"] = before
    found = [Tag.objects.get_or_create(name=name) for name in after]
    line.create(*(tag for tag, fresh in found if fresh))
    activity.tags.set(tag for tag, _ in found)
    return ["tags"]


def change_links(activity: Activity, links: Iterable[str], line: Line) -> list[str]:
    before = list(activity.links.values_list("url", flat=True))
    after = [safe_url(link.strip()) for link in links if link.strip()]
    if before == after:
        return []
    line.before.setdefault("activity", {}).setdefault(str(activity.pk), {})["links"] = before
    activity.links.all().delete()
    Link.objects.bulk_create(Link(activity=activity, url=url) for url in after)
    return ["links"]


def set_status(actor: Actor, activity: Activity, status: str) -> Activity:
    """Move an activity along: asked, idea, planned, doing, done, declined or dropped."""
    rules.require(rules.may_change_record, actor)
    wanted = Status(status)
    if activity.status == wanted:
        return activity
    with verb(actor, "set_status") as line:
        line.summary = ChangeLine.MOVED(
            title=activity.title, before=activity.get_status_display(), after=wanted.label
        )
        move_to(activity, wanted, line)
    return activity


def set_status_of(actor: Actor, activities: Iterable[Activity], status: str) -> int:
    """Move several along in one go, undone together; how many moved."""
    rules.require(rules.may_change_record, actor)
    wanted = Status(status)
    moving = [activity for activity in activities if activity.status != wanted]
    with verb(actor, "set_status_of") as line:
        for activity in moving:
            move_to(activity, wanted, line)
        line.summary = ChangeLine.MOVED_MORE(number=len(moving), after=wanted.label)
    return len(moving)


def move_to(activity: Activity, wanted: Status, line: Line) -> None:
    """The same within another verb."""
    _refuse_done_early(activity, wanted)
    line.keep(activity, "status", "day", "updated_at")
    came_from = activity.status
    activity.status = wanted
    note_move(activity, came_from, line)
    today = clock.now().astimezone(activity.tzinfo).date()
    if wanted == Status.DONE and (activity.day is None or activity.day > today):
        line.keep(activity, "starts_at", "period", "zone")
        activity.set_start(None, today, activity.zone)
    activity.updated_at = clock.now()
    activity.save(update_fields=["status", "day", "starts_at", "period", "zone", "updated_at"])


def _refuse_done_early(activity: Activity, wanted: str) -> None:
    """What takes place at a time is not done before it; a task or a post may be, on the day it is."""
    begins = activity.begins
    if wanted != Status.DONE or activity.kind not in TAKES_PLACE:
        return
    if begins is not None and begins > clock.now():
        raise CannotError(
            f"“{activity.title}” starts on {change_lines.said(activity.local_start or activity.day)}, so it "
            "can’t be done yet. If it already took place, change its date first."
        )


def note_move(activity: Activity, came_from: str, line: Line) -> None:
    """Keep that a card has come to the status it now has; the verb around it does the moving."""
    line.create(
        Move.objects.create(
            activity=activity, came_from=came_from, went_to=activity.status, at=clock.now()
        )
    )
    scheduled(activity, line)


def bring_back(actor: Actor, activity: Activity) -> Activity:
    """Restore a cancelled or declined activity: planned if it is in the future, else done."""
    rules.require(rules.may_change_record, actor)
    begins = activity.begins
    over = begins is not None and begins < clock.now()
    return set_status(actor, activity, Status.DONE if over else Status.PLANNED)


def tap_energy(actor: Actor, activity: Activity, *, gave: bool | None) -> None:
    """Note, in the private file, whether it gave or took energy; None takes the note back."""
    rules.require(rules.may_read_private, actor)
    before = EnergyTap.objects.filter(activity_id=activity.pk).first()
    if (before.gave if before else None) is gave:
        return
    with verb(actor, "tap_energy", private=True) as line:
        line.summary = ChangeLine.ENERGY(number=activity.pk)
        line.undoable = False
        if gave is None:
            EnergyTap.objects.filter(activity_id=activity.pk).delete()
        else:
            EnergyTap.objects.update_or_create(
                activity_id=activity.pk, defaults={"gave": gave, "noted_at": clock.now()}
            )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 2)))
