"""`almanac forecast`, `guess` and `outcome`: before, and after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from almanac.actions.errors import CannotError
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.answers import words
from almanac.answers.guesses.accuracy import hit_rates
from almanac.answers.guesses.calibration import combined, doubt, expected
from almanac.answers.turnout import announcing, provisions
from almanac.answers.turnout.expectation import first_guess, prospect, thawed
from almanac.charts.dots import as_text
from almanac.core.guesses.elicited import RawGuess, UnusableGuessError
from almanac.core.vocabulary import Evidence
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.press.expectation import expectation
from almanac.record.models import WorthIt
from almanac.record.rules import OWNER
from almanac.sources.capture.quantities import count_said

if TYPE_CHECKING:
    from almanac.answers.guesses.calibration import Combined
    from almanac.answers.turnout.expectation import FrozenForecast, StageOutcome
    from almanac.record.models import Activity, Guess

QUESTIONS = (
    "Fewer than how many would surprise you? ",
    "More than how many would surprise you? ",
    "Your best guess? ",
    "How sure, in percent, that it falls in between? [80] ",
)


def forecast(
    event: str,
    *,
    reach: int | None = None,
    guess: Annotated[tuple[int, int, int, int] | None, Parameter(negative="")] = None,
    no_idea: Annotated[bool, Parameter(negative="")] = False,
    costs: Annotated[tuple[float, float] | None, Parameter(negative="")] = None,
    admit: int | None = None,
    risk: float = 5,
    timing: Annotated[bool, Parameter(negative="")] = False,
    page: Path | None = None,
    as_json: JsonFlag = False,
) -> int:
    """How many people to expect at a planned event, and why.

    At a terminal it asks for your own guess first, because one made after seeing a number is no
    longer yours. The forecast is stored before it is shown, so that it can be scored later.

    Parameters
    ----------
    event
        Its number, its id from a file, or words of its title.
    reach
        Also say how likely it is to reach this many.
    guess
        Your guess without being asked: low, high, best and how sure in percent.
    no_idea
        Say that you have no idea, which is fine.
    costs
        How many chairs or meals? What one too few costs, and one too many: --costs 3 1.
    admit
        How many to admit, when there are this many seats?
    risk
        With --admit: how likely it may be, in percent, that somebody stands.
    timing
        Also say when to announce, and what a reminder is worth, where your record can tell.
    page
        Write one page to send to whoever asks, as an HTML file. Your own guess is not in it.
    as_json
        Print JSON.
    """
    open_logbook()

    activity = one_activity(event)
    if page is not None:
        out.writable(page)
    said = first_guess(OWNER, activity)
    if guess is not None or no_idea:
        low_high_best_sure = RawGuess(*guess) if guess is not None else None
        new = say_guess(OWNER, activity, low_high_best_sure)
        said = said or new
    elif said is None and out.is_terminal() and not as_json:
        said = say_guess(OWNER, activity, _ask(activity))
    found = thawed(freeze_forecast(OWNER, activity))
    advice = {}
    if costs is not None:
        advice["provide"] = provisions.provision(OWNER, activity, *costs)
    if admit is not None:
        advice["admit"] = provisions.admission(OWNER, activity, admit, risk / 100)
    change = []
    if timing:
        when, remind = (
            announcing.announcement(OWNER, activity),
            announcing.reminder(OWNER, activity),
        )
        change = [when.sentence, remind.sentence]
    if page is not None:
        _write_page(activity, page)
    if as_json:
        told = {
            name: {"says": each.sentence, "number": each.result.number if each.result else None}
            for name, each in advice.items()
        }
        plain = _plain(activity, found, said, reach) | told
        if change:
            plain["timing"] = {"announce": change[0], "reminder": change[1]}
        out.data(plain | ({"page": str(page)} if page else {}))
        return 0
    _show(activity, found, said, reach)
    for sentence in (*(each.sentence for each in advice.values()), *change):
        out.say(sentence)
    if page is not None:
        out.say(f"One page to send is in {page}.")
    return 0


def _write_page(activity: Activity, path: Path) -> None:
    made = expectation(prospect(OWNER, activity), hit_rates(OWNER).forecasts)
    if made is not None:
        out.writable(path).write_bytes(made.html)


def guess(
    event: str,
    low: int | None = None,
    high: int | None = None,
    best: int | None = None,
    sure: int = 80,
    *,
    as_json: JsonFlag = False,
) -> int:
    """Guess how many will come, before you see the forecast. Kept in your private file.

    Parameters
    ----------
    event
        Its number, its id from a file, or words of its title.
    low
        Fewer would surprise you.
    high
        More would surprise you.
    best
        Your best guess.
    sure
        How sure you are, in percent, that it falls between low and high.
    as_json
        Print JSON.
    """
    open_logbook()

    activity = one_activity(event)
    if low is not None and high is not None:
        raw: RawGuess | None = RawGuess(low, high, low if best is None else best, sure)
        if best is None:
            middle = round(((low + 0.5) * (high + 0.5)) ** 0.5 - 0.5)
            raw = RawGuess(low, high, middle, sure)
    elif low is None and out.is_terminal():
        raw = _ask(activity)
    else:
        raise CannotError(
            "Say two numbers at least: fewer than, and more than, would surprise you."
        )
    looked = prospect(OWNER, activity).latest is not None
    said = say_guess(OWNER, activity, raw)
    question = doubt(OWNER, activity, raw) if raw is not None else ""
    if as_json:
        out.data((_plain_guess(said) or {}) | ({"question": question} if question else {}))
    else:
        if looked:
            out.say(
                "Saved, but you have seen the forecast, so this guess is not the one that is scored."
            )
        else:
            out.say(f"Saved, before the fact: {_guess_words(said)}.")
        if question:
            out.say(f"  {question}")
        out.say(f'  Now look: almanac forecast "{activity.title}"')
    return 0


def outcome(
    event: str,
    came: str = "",
    *,
    not_counted: Annotated[bool, Parameter(negative="")] = False,
    registered_only: Annotated[bool, Parameter(negative="")] = False,
    took_part: int | None = None,
    submissions: int | None = None,
    worth_it: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Say how many came, or that nobody counted, and see how right forecast and guess were.

    Parameters
    ----------
    event
        Its number, its id from a file, or words of its title.
    came
        How many came, or about how many: 38, ~70. 0 means that nobody did, not that nobody counted.
    not_counted
        Nobody counted.
    registered_only
        Only registrations are known.
    took_part
        How many took an active part.
    submissions
        How many projects were handed in.
    worth_it
        Was it worth it for those who came: yes, mixed or no.
    as_json
        Print JSON.
    """
    open_logbook()

    attended, about = count_said(came) if came else (None, False)
    if sum((attended is not None, not_counted, registered_only)) != 1:
        raise CannotError("Say how many came, or --not-counted, or --registered-only.")
    if worth_it not in WorthIt.values:
        raise CannotError("Worth it can be yes, mixed or no.")
    evidence = (
        (Evidence.APPROXIMATE if about else Evidence.COUNTED)
        if attended is not None
        else Evidence.NOT_MEASURED
        if not_counted
        else Evidence.REGISTERED_ONLY
    )
    counts = {"took_part": took_part, "submissions": submissions}
    given: dict[str, int | None] = {name: n for name, n in counts.items() if n is not None}
    if attended is not None:
        given["attended"] = attended
    activity = one_activity(event)
    say_counts(OWNER, activity, given, evidence=evidence, worth_it=worth_it or None)
    after = prospect(OWNER, activity)
    if as_json:
        out.data(
            {
                "id": activity.pk,
                "title": activity.title,
                "evidence": evidence,
                "stages": [_plain_outcome(stage) for stage in after.outcomes],
            }
        )
        return 0
    out.say(f"{activity.title}: {_evidence_words(attended, evidence)}.")
    for stage in after.outcomes:
        _show_score(stage)
    return 0


def _evidence_words(came: int | None, evidence: str) -> str:
    if came is not None:
        return f"about {came:,} came" if evidence == "approximate" else f"{came:,} came, counted"
    return "not measured" if evidence == "not_measured" else "only registrations are known"


def _show_score(stage: StageOutcome) -> None:
    for who, scored in (("forecast", stage.forecast), ("guess", stage.guess)):
        if scored is not None:
            said = f"{scored.low:,} to {scored.high:,}"
            verdict = "inside" if scored.inside else "outside"
            out.say(f"  {stage.title} {stage.observed:,}, {verdict} the {who}’s range of {said}.")


def _plain_outcome(stage: StageOutcome) -> dict[str, Any]:
    def plain(scored: Any) -> dict[str, Any] | None:
        if scored is None:
            return None
        return {
            "low": scored.low,
            "high": scored.high,
            "inside": scored.inside,
            "crps": round(scored.crps, 4),
        }

    return {
        "stage": stage.stage,
        "observed": stage.observed,
        "refusal": stage.refusal,
        "forecast": plain(stage.forecast),
        "guess": plain(stage.guess),
    }


def _ask(activity: Activity) -> Any:

    out.say(f"{activity.title}: before you look, how many will come?")
    if not out.ask("Have an idea? [y/N] ", "n").lower().startswith("y"):
        return None
    while True:
        answers = [out.ask(question) for question in QUESTIONS]
        try:
            low, high, best = (int(answer) for answer in answers[:3])
            return RawGuess(low, high, best, int((answers[3] or "80").rstrip("%")))
        except UnusableGuessError as error:
            out.say(str(error))
        except ValueError:
            out.say("Whole numbers, please.")


def _guess_words(said: Guess) -> str:
    if said.no_idea:
        return "no idea"
    return f"{said.low:,} to {said.high:,}, best {said.best:,}, {said.sure} % sure"


def _combined_words(both: Combined, found: FrozenForecast) -> str:
    if not both.weight:
        return "Your guess lies far outside the forecast, so it was set aside."
    alone = found[both.stage]
    return f"The forecast alone says {alone.low:,} to {alone.high:,}; your guess counts for {words.share(both.weight)}."


def _show(activity: Activity, found: FrozenForecast, said: Guess | None, reach: int | None) -> None:
    when = f", {activity.day:%-d %B %Y}" if activity.day else ""
    out.say(f"{activity.title}{when}")
    both = combined(OWNER, activity, said, found)
    main = expected(found, both)
    out.say(main.sentence)
    if main.counts is not None and not main.counts.is_certain:
        out.say()
        out.say(as_text(main.counts.dots()))
        out.say("each dot is one of twenty equally likely outcomes")
    if reach is not None and main.counts is not None:
        out.say()
        out.say(main.reaching(reach))
    out.say()
    lines = []
    for stage in found.shown:
        if stage.counts is None:
            lines.append([stage.title, "", "", stage.sentence])
            continue
        low, high = stage.counts.interval(0.8)
        middle = f"{stage.counts.quantile(0.5):,}"
        lines.append([stage.title, middle, f"{low:,} to {high:,}", " ".join(stage.basis.sentences)])
    out.rows(["", "middle", "8 in 10", "based on"], lines, right=frozenset({1, 2}))
    if said is not None:
        out.say(f"Your guess: {_guess_words(said)}.")
    if both is not None:
        out.say(_combined_words(both, found))
    out.say(f"Forecast made {words.moment_said(found.made_at.astimezone(activity.tzinfo))}.")


def _plain_guess(said: Guess | None) -> dict[str, Any] | None:
    if said is None:
        return None
    names = ("no_idea", "low", "high", "best", "sure", "p10", "p50", "p90", "made_at", "sha256")
    return {name: getattr(said, name) for name in names}


def _plain(
    activity: Activity, found: FrozenForecast, said: Guess | None, reach: int | None
) -> dict[str, Any]:
    stages = []
    both = combined(OWNER, activity, said, found)
    for stage in found.stages:
        entry: dict[str, Any] = {"stage": stage.stage, "says": stage.sentence}
        if stage.counts is None:
            entry["refusal"] = stage.refusal
        else:
            entry |= {
                "mean": round(stage.counts.mean, 2),
                "quantiles": dict(stage.quantiles),
                "dots": stage.counts.dots(),
                "because": stage.basis.sentences,
                "rows": stage.basis.rows,
                "sources": stage.basis.sources,
            }
            if reach is not None:
                entry["reaches"] = round(stage.counts.at_least(reach), 4)
        stages.append(entry)
    return {
        "id": activity.pk,
        "title": activity.title,
        "made_at": found.made_at,
        "sha256": found.sha256,
        "version": found.version,
        "guess": _plain_guess(said),
        "combined": None
        if both is None
        else {
            "stage": both.stage,
            "low": both.low,
            "high": both.high,
            "set_aside": not both.weight,
        },
        "stages": stages,
    }
