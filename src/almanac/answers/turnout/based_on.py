"""What a forecast is based on, in sentences: every fact it was given, used or not."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Any

from almanac.answers import words
from almanac.core.turnout import reference
from almanac.core.vocabulary import Kind, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

CLASSES = {
    entry.key: entry
    for entry in (*reference.LEVELS, *reference.SHOW_RATES, *reference.SUBMISSION_RATES)
}

NOTED = {
    Stage.SIGNUPS: "past sign-ups",
    Stage.ATTENDED: "past attendance",
    Stage.TOOK_PART: "past participation",
    Stage.SUBMISSIONS: "past submissions",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What a stage rests on, in words, with the rows it came from."""

    sentences: tuple[str, ...]
    rows: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()


def basis(stage: Stage, body: dict[str, Any], known: dict[str, Any]) -> Basis:
    """body: of one stage of a frozen forecast; known: the facts it was made from."""
    facts = dict(tuple(fact) for fact in body["known"])
    notes = {name: (value, used) for name, value, used in body.get("notes", ())}
    own = len(body["rows"])
    classes = [CLASSES[key] for key in body["classes"]]
    sentences = [
        *_facts(facts, notes, known),
        *([f"{words.counted(own, 'past event', 'past events')} of this program."] if own else []),
        *_rested_on(stage, classes, own, known, by_format="format" in notes),
        *_others(body),
        *_moved_by(notes, known),
    ]
    if not sentences and stage is Stage.ATTENDED:
        sentences.append("The sign-ups above, and the share that usually comes.")
    return Basis(tuple(sentences), tuple(body["rows"]), tuple(entry.source for entry in classes))


def _facts(
    facts: dict[str, int], notes: dict[str, tuple[float, bool]], known: dict[str, Any]
) -> list[str]:
    found = []
    if "interested" in facts:
        found.append(f"{words.number(facts['interested'])} interested.")
    if "interested" in notes:
        found.append(
            f"{words.number(round(notes['interested'][0]))} interested: not used yet. It needs three past "
            "events with both interest and sign-ups."
        )
    said, used = notes.get("signups", (0, True))
    if not used:
        found.append(
            f"{words.number(round(said))} signed up: not used, because too few past events of this "
            "program have both sign-ups and attendance."
        )
    elif "signups" in facts:
        to_go = known.get("hours_to_go")
        when = "" if to_go is None or to_go <= 0 else f", {_to_go(to_go)} before the event"
        found.append(f"{words.number(facts['signups'])} signed up{when}.")
    if "waiting" in notes:
        beyond = words.number(round(notes["waiting"][0]))
        found.append(f"{beyond} more sign-ups than seats: a waiting list.")
    return found


def _rested_on(
    stage: Stage, classes: Sequence[Any], own: int, known: dict[str, Any], *, by_format: bool
) -> list[str]:
    if not classes:
        return []
    titles = words.joined([entry.title for entry in classes])
    if by_format and len(classes) > 1:
        why = "it is hybrid" if known["format"] else "not set whether it is online or in person"
        return [f"Based on {titles}: {why}."]
    if own:
        return [f"Also based on {titles}."]
    return [f"No {NOTED[stage]} of this program yet, so based on {titles}."]


def _others(body: dict[str, Any]) -> list[str]:
    others = body.get("others", len(body["other_rows"]))
    if not others:
        return []
    return [f"And a little on {words.counted(others, 'event', 'events')} of your other programs."]


def _moved_by(notes: dict[str, tuple[float, bool]], known: dict[str, Any]) -> list[str]:
    found = []
    if "first" in notes:
        kind = Kind(known["kind"]).label
        found.append(f"You have no {kind} yet, so other programs say little about it.")
    for name, said in (
        ("lead", "Its announcement date"),
        ("hour", "Its start time"),
        ("price", "Its price"),
    ):
        if name in notes:
            found.append(f"{said} means about {_percent(notes[name][0])} sign-ups than usual.")
    if "unlike" in notes:
        found.append(
            "Its past events were held another way (online or in person, free or paid), so they count for less."
        )
    if "pause" in notes:
        months = round(notes["pause"][0] / 30.4)
        found.append(
            f"The last event was {words.counted(months, 'month', 'months')} before, so the range is wider."
        )
    if "seats" in notes:
        found.append(f"There are {words.counted(round(notes['seats'][0]), 'seat', 'seats')}.")
    return found


def _percent(effect: float) -> str:
    """“12 % fewer”: an effect in logs."""
    change = exp(effect) - 1
    return f"{words.share(abs(change))} {'more' if change > 0 else 'fewer'}"


def _to_go(hours: float) -> str:
    if hours < 48:
        return words.counted(max(1, round(hours)), "hour", "hours")
    return words.counted(round(hours / 24), "day", "days")
