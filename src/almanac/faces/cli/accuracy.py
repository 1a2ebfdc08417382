"""`almanac backtest`, `track-record`: how right forecasts would have been and were,
and what others may learn from."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from django.conf import settings

from almanac.actions.errors import CannotError
from almanac.answers import words
from almanac.answers.guesses.accuracy import accuracy
from almanac.answers.turnout import backtest as answers
from almanac.answers.turnout.expectation import prospect
from almanac.answers.words import DONE_TITLES
from almanac.core.vocabulary import Stage
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_activity, one_document, open_logbook
from almanac.press.share_card import share_card
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.guesses.accuracy import Accuracy, Group
    from almanac.answers.turnout.backtest import Scores

_HORIZON = re.compile(r"(\d+(?:\.\d+)?)([dh])")


def backtest(
    path: Path | None = None,
    *,
    stage: str = "signups",
    since: Annotated[str, Parameter(name="--from")] = "",
    pace: Path | None = None,
    horizons: str = "14d,7d,1d",
    forecasts: Path | None = None,
    as_json: JsonFlag = False,
) -> int:
    """Replay past events and score what would have been forecast from what was known then.

    Sign-ups are forecast when an event was announced, from events that had started by then;
    attended and submissions at the start, given the final sign-ups. Nothing later is used.

    Parameters
    ----------
    path
        An events table; without one, your own logbook.
    stage
        What to forecast: signups, attended or submissions.
    since
        Score events that started on or after this day (UTC), such as 2021-01-01.
    pace
        A table of sign-ups as they came in: also forecast from those.
    horizons
        With --pace: how long before the start, such as 14d,7d,12h.
    forecasts
        Write every forecast to this CSV: where the outcome fell, and 99 quantiles.
    as_json
        Print JSON: an object for each horizon.
    """
    open_logbook()

    if stage not in answers.STAGES:
        raise CannotError(f"--stage is one of {', '.join(answers.STAGES)}.")
    asked = Stage(stage)
    begin = _day(since)
    steps = _horizons(horizons) if pace is not None or path is None else ()
    if path is None:
        archive = answers.from_record(OWNER)
    else:
        archive = answers.from_documents(
            OWNER, one_document(path), one_document(pace) if pace else None, asked
        )
    for reason in archive.set_aside[:5]:
        out.complain(f"Set aside: {reason}")
    if len(archive.set_aside) > 5:
        out.complain(f"Set aside: {len(archive.set_aside) - 5} more rows")
    with out.progress("Replaying", quiet=as_json) as progress:
        result = answers.run(archive, asked, begin, steps, kept=_kept(path), progress=progress)
    if forecasts is not None:
        with out.writable(forecasts).open("w", newline="", encoding="utf-8") as file:
            answers.write_forecasts(result, file)
    if as_json:
        out.data([answers.plain(scores) for scores in result.scores])
    elif not result.made:
        out.say(f"No past event since then has a count of {asked}; nothing can be scored.")
    else:
        _show(result.scores)
        if forecasts is not None:
            out.say(f"{len(result.made):,} forecasts are in {forecasts}")
    return 0


def _day(text: str) -> datetime:

    if not text:
        return datetime(1, 1, 1, tzinfo=UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotError(f"--from is “{text}”, which is not a day such as 2021-01-01.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _horizons(text: str) -> tuple[tuple[str, float], ...]:

    found = []
    for part in text.split(","):
        match = _HORIZON.fullmatch(part.strip())
        if not match:
            raise CannotError(
                f"--horizons holds “{part.strip()}”; write days or hours: 14d,7d,12h."
            )
        number = float(match[1])
        found.append((part.strip(), number if match[2] == "d" else number / 24))
    return tuple(found)


def _kept(path: Path | None) -> Path:

    name = path.stem if path else "logbook"
    return Path(settings.ALMANAC_HOME) / "unfinished" / f"backtest-{name}.jsonl"


def _show(scores: tuple[Scores, ...]) -> None:
    def number(value: float | None, form: str = ".2f") -> str:
        return "" if value is None else format(value, form)

    lines = []
    for found in scores:
        better = ""
        if found.skill is not None:
            better = (
                f"{words.share(found.skill)} ({number(found.skill_low, '.0%')} to "
                f"{number(found.skill_high, '.0%')})"
            )
        lines.append(
            [
                found.horizon,
                f"{found.n:,}",
                number(found.crps),
                number(found.crps_climatology),
                better,
                number(found.coverage50, ".0%"),
                number(found.coverage80, ".0%"),
                number(found.coverage95, ".0%"),
            ]
        )
    header = ["when", "events", "off by", "without a model", "better by", "in 50 %", "80 %", "95 %"]
    out.rows(header, lines, right=frozenset(range(1, len(header))))
    out.say(
        "“Off by” is the CRPS, in people: how far the whole range was from what happened. “Without "
        "a model” takes every earlier count as equally likely. The last columns should read 50, 80 "
        "and 95 %."
    )


def track_record(*, card: str = "", file: Path | None = None, as_json: JsonFlag = False) -> int:
    """Forecast accuracy: every forecast and guess against the result.

    Under ten outcomes it says what cannot be said yet.

    Parameters
    ----------
    card
        Of this event (its number, its id or words of its title): make a picture to share of what
        was said and what came of it.
    file
        With --card: the picture to write, ending in .png or .svg.
    as_json
        Print JSON.
    """
    open_logbook()

    if card or file:
        return _card(card, file, as_json=as_json)

    found = accuracy(OWNER)
    if as_json:
        out.data(_plain(found))
        return 0
    out.say(found.feedback)
    parts = (
        ("who", found.by_who),
        ("the forecast, by stage", found.by_stage),
        ("by how far ahead", found.by_horizon),
        ("by program", found.by_program),
    )
    for title, groups in parts:
        if groups:
            out.say()
            _show_groups(title, groups)
    if found.said:
        out.say(
            "Inside: how often the result fell inside the range. Off by: how far the whole range was from "
            "the result, in people. Better: than taking every earlier count as equally likely."
        )
    if found.nearer:
        out.say(found.nearer)
    return 0


def _card(event: str, file: Path | None, *, as_json: bool) -> int:

    if not event or file is None or file.suffix.lower() not in {".png", ".svg"}:
        raise CannotError("Name the event and a picture: --card EVENT --file card.png (or .svg).")
    made = share_card(prospect(OWNER, one_activity(event)))
    if made is None:
        raise CannotError(
            "There is nothing to show of it: it takes a forecast or a guess made before, and a count."
        )
    picture = made.png if file.suffix.lower() == ".png" else made.svg.encode()
    out.writable(file).write_bytes(picture)
    if as_json:
        out.data({"says": made.sentence, "file": str(file)})
    else:
        out.say(f"{made.sentence} The picture is in {file}.")
    return 0


def _show_groups(title: str, groups: tuple[Group, ...]) -> None:

    lines = []
    for group in groups:
        name = DONE_TITLES[Stage(group.name)] if group.name in list(Stage) else group.name
        better = "too few to judge" if group.refusal else "nothing to compare"
        if group.skill is not None:
            low, high = group.skill.low, group.skill.high
            better = f"{words.share(group.skill.value)} ({words.share(low)} to {words.share(high)})"
        inside = [f"{found.inside} of {found.of}" for found in group.coverage]
        lines.append([name, f"{group.of:,}", f"{group.crps:.1f}", *inside, better])
    header = [title, "outcomes", "off by", "inside 50 %", "80 %", "95 %", "better by"]
    out.rows(header, lines, right=frozenset(range(1, len(header))))


def _plain(found: Accuracy) -> dict[str, Any]:
    return {
        "feedback": found.feedback,
        "by_who": [asdict(group) for group in found.by_who],
        "by_stage": [asdict(group) for group in found.by_stage],
        "by_horizon": [asdict(group) for group in found.by_horizon],
        "by_program": [asdict(group) for group in found.by_program],
        "head_to_head": asdict(found.head_to_head) if found.head_to_head else None,
        "said": [
            {
                "activity": said.activity.pk,
                "title": said.activity.title,
                "stage": said.stage,
                "who": said.who,
                "horizon": said.horizon,
                "low": said.interval[0],
                "high": said.interval[1],
                "observed": said.observed,
                "crps": round(said.crps, 4),
            }
            for said in found.said
        ],
    }
