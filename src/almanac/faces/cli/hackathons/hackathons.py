"""`almanac hackathon`: is one worth it, who signed up, what was handed in, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from almanac.actions.errors import CannotError
from almanac.actions.hackathons import hackathons as verbs
from almanac.answers import words
from almanac.answers.hackathons.audience import form_text, signup_audience
from almanac.answers.hackathons.outcome import hackathons, outcome
from almanac.answers.hackathons.worth import worth
from almanac.answers.log.logbook import search_activities
from almanac.core.vocabulary import Kind
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_activity, one_document, open_logbook
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.hackathons.worth import WorthStage
    from almanac.record.models import Activity

hackathon = App(
    name="hackathon",
    help="""Is a hackathon worth it, who signed up, what was handed in, and what became of it.

    Before: `plan` and `worth`. At sign-up: `questions` and `answers`. After: `projects`, `use` and `outcome`.
    Who won is told by `almanac judge`. Each command below has a `--help`.""",
)


@hackathon.default
@hackathon.command(name="list")
def listed(*, as_json: JsonFlag = False) -> int:
    """Hackathons ahead, and what became of past ones.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    rows = hackathons(OWNER)
    if as_json:
        out.data([
            {"id": row.pk, "title": row.title, "day": row.day, "status": row.status,
             "outcome": after.sentence if after else None}
            for row, after in rows
        ])  # fmt: skip
        return 0
    if not rows:
        out.say('No hackathons yet: almanac log "planned: hackathon 2027-03-06"')
    for row, after in rows:
        day = f"{row.day:%-d %b %Y}" if row.day else "no day yet"
        out.say(f"{row.pk}. {row.title}, {day}{': ' + after.sentence if after else ''}")
    return 0


@hackathon.command(name="worth")
def is_it_worth_it(event: str, *, as_json: JsonFlag = False) -> int:
    """What to expect, what it takes, and what else the hours could be spent on.

    Parameters
    ----------
    event
        Its number, or words of its title.
    as_json
        Print JSON.
    """
    open_logbook()
    found = worth(OWNER, _the(event), unseen=True)
    if as_json:
        out.data({
            "sentence": found.sentence,
            "stages": [_plain_stage(stage) for stage in found.stages],
            "hours": found.hours, "money": found.money,
            "alternatives": [
                {"program": each.program, "hours_per_person": each.found.middle, "better": each.found.better,
                 "from_people": each.found.from_people}
                for each in found.others
            ],
            "would_change": found.changes, "ask": found.questions,
        })  # fmt: skip
        return 0
    out.say(found.sentence)
    if found.outdated:
        out.say(f"{found.outdated} Make a new one: almanac forecast {found.activity.pk}")
    out.rows(
        ["stage", "likely", "hours each", "money each"],
        [[stage.name, stage.said, stage.hours, stage.money] for stage in found.stages],
    )
    for each in found.others:
        out.say(each.sentence)
    for line in found.changes:
        out.say(f"What would change this: {line}")
    for line in found.questions:
        out.say(f"Ask the organiser: {line}")
    return 0


def _the(event: str) -> Activity:
    """The hackathon a person means, before whatever else has its words in it."""
    found = [row for row in search_activities(OWNER, event) if row.kind == Kind.HACKATHON]
    return found[0] if len(found) == 1 else one_activity(event)


def _plain_stage(stage: WorthStage) -> dict[str, Any]:
    low, high = stage.counts.interval(0.8) if stage.counts is not None else (None, None)
    return {
        "stage": stage.name, "low": low, "high": high, "refusal": stage.why if stage.counts is None else None,
        "because": stage.rests, "sources": stage.sources,
    }  # fmt: skip


@hackathon.command
def plan(
    event: str,
    *,
    audience: str | None = None,
    teams: str | None = None,
    length: str | None = None,
    nearness: str | None = None,
    theme: str | None = None,
    product: str | None = None,
    prizes: str | None = None,
    helps: str | None = None,
    as_json: JsonFlag = False,
) -> int:
    """Say whom a hackathon is for and how it is run.

    Parameters
    ----------
    event
        Its number, or words of its title.
    audience
        students, newcomers, working, specialists or mixed.
    teams
        alone, pairs, teams or any.
    length
        day, weekend, week or month.
    nearness
        How near the theme is to what the product is for: near, beside or far.
    theme
        The theme.
    product
        What you hope that they use.
    prizes
        What the prizes cost.
    helps
        Guides, resources and live events for those who take part.
    as_json
        Print JSON.
    """
    open_logbook()
    given = {
        "audience": audience, "teams": teams, "length": length, "nearness": nearness, "theme": theme,
        "product": product, "prizes": prizes, "helps": helps,
    }  # fmt: skip
    said = {name: value for name, value in given.items() if value is not None}
    made = verbs.plan_hackathon(OWNER, _the(event), **said)
    if as_json:
        out.data({name: getattr(made, name) for name in given})
    else:
        out.say(f"Noted of “{made.activity.title}”.")
    return 0


@hackathon.command
def questions(*, product: str = "", as_json: JsonFlag = False) -> int:
    """Three questions for the sign-up form, as text to paste.

    Parameters
    ----------
    product
        What you hope that they use.
    as_json
        Print JSON.
    """
    open_logbook()
    text = form_text(OWNER, product)
    if as_json:
        out.data({"text": text})
    else:
        out.say(text.rstrip())
    return 0


@hackathon.command
def answers(file: Path, *, event: str, as_json: JsonFlag = False) -> int:
    """Read the form's answers; who gave them is kept as a keyed hash alone.

    Parameters
    ----------
    file
        The responses of any form.
    event
        The hackathon: its number, or words of its title.
    as_json
        Print JSON.
    """
    open_logbook()
    activity = _the(event)
    number, columns = verbs.read_answers(OWNER, activity, one_document(file))
    if not as_json:
        out.say(f"{words.counted(number, 'person', 'people')} answered.")
    return _audience(activity, {"answers": number, "columns": columns}, as_json=as_json)


@hackathon.command
def audience(event: str, *, as_json: JsonFlag = False) -> int:
    """Who signed up, by what they answered, and whether it is the right audience.

    Parameters
    ----------
    event
        Its number, or words of its title.
    as_json
        Print JSON.
    """
    open_logbook()
    return _audience(_the(event), {}, as_json=as_json)


def _audience(activity: Activity, more: dict[str, Any], *, as_json: bool) -> int:
    found = signup_audience(OWNER, activity)
    if as_json:
        out.data({
            **more, "sentence": found.sentence,
            "questions": [
                {"question": each.text, "groups": [
                    {"answer": group.answer, "signed_up": group.signed_up, "came": group.came,
                     "handed_in": group.handed_in} for group in each.groups]}
                for each in found.questions
            ],
        })  # fmt: skip
        return 0
    out.say(found.sentence)
    for each in found.questions:
        out.say(each.text)
        out.rows(
            ["answer", "signed up", "came", "handed in"],
            [
                [group.answer, f"{group.signed_up:,}", group.came_said, group.handed_in_said]
                for group in each.groups
            ],
        )
    return 0


@hackathon.command
def projects(file: Path, *, event: str, as_json: JsonFlag = False) -> int:
    """Read what was handed in: Devpost’s export, or any table with a row a project.

    Parameters
    ----------
    file
        The table.
    event
        The hackathon: its number, or words of its title.
    as_json
        Print JSON.
    """
    open_logbook()
    counts, remarks = verbs.read_project_file(OWNER, _the(event), one_document(file))
    if as_json:
        out.data({**counts, "remarks": remarks})
        return 0
    out.say(", ".join(f"{number:,} {name}" for name, number in counts.items()) + ".")
    for remark in remarks:
        out.say(remark)
    return 0


@hackathon.command
def use(
    event: str,
    *,
    used: int | None = None,
    after_30: Annotated[int | None, Parameter(name="--after-30")] = None,
    after_90: Annotated[int | None, Parameter(name="--after-90")] = None,
    as_json: JsonFlag = False,
) -> int:
    """Say how many projects used the product, at the hackathon and later.

    Parameters
    ----------
    event
        Its number, or words of its title.
    used
        Projects that used it at the hackathon.
    after_30
        Projects that still used it after 30 days.
    after_90
        Projects that still used it after 90 days.
    as_json
        Print JSON.
    """
    open_logbook()
    given = {"used": used, "used_30": after_30, "used_90": after_90}
    said = {name: value for name, value in given.items() if value is not None}
    if not said:
        raise CannotError("Say --used, --after-30 or --after-90.")
    made = verbs.count_uses(OWNER, _the(event), **said)
    if as_json:
        out.data({name: getattr(made, name) for name in given})
    else:
        out.say(outcome(OWNER, made.activity).sentence)
    return 0


@hackathon.command(name="outcome")
def what_became(event: str, *, as_json: JsonFlag = False) -> int:
    """What was expected, what came, what it cost, and whether it was worth it.

    Parameters
    ----------
    event
        Its number, or words of its title.
    as_json
        Print JSON.
    """
    open_logbook()
    found = outcome(OWNER, _the(event))
    if as_json:
        out.data({
            "sentence": found.sentence,
            "rows": [
                {"stage": row.name, "expected": row.expected or None, "came": row.came, "hours_each": row.hours or None,
                 "money_each": row.money or None}
                for row in found.rows
            ],
            "projects": [project.title for project in found.projects],
        })  # fmt: skip
        return 0
    out.say(found.sentence)
    out.rows(
        ["stage", "expected", "came", "hours each", "money each"],
        [
            [
                row.name,
                row.expected,
                row.told,
                row.hours,
                row.money,
            ]
            for row in found.rows
        ],
    )
    return 0
