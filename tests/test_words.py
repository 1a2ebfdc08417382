"""How pages and commands speak: plain words, whole sentences, numbers that agree.

Every page of four logbooks is read as a person reads it: the example year, an empty one, one with a
little of everything, and one with strange titles. What a person wrote is taken out first.
"""

import html
import re
import shlex
import string
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.urls import get_resolver

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.community import quotes
from almanac.actions.example import play
from almanac.actions.experiments.experiments import try_something
from almanac.actions.programs import begin_program
from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.actions.workload import board, time_off
from almanac.answers import words
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.counts import Counts
from almanac.core.guesses.elicited import RawGuess
from almanac.core.refusals import Refusal
from almanac.core.vocabulary import Stage
from almanac.faces.cli.app import COMMANDS
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Experiment,
    Feedback,
    Metric,
    PeerEntry,
    Program,
    Referral,
)
from almanac.record.rules import OWNER

ROOT = Path(__file__).parents[1]
WORDS_OF_DOCS = {"hash ", "promise", "promised"}
OLD = (
    "bring in", "brought in", "write it down", "wrote down", "leave it", "| note it |",
    "keep it", "say · skip", "write-up", "how right were you", "who will come", "| because |",
    "both together", "it gave", "it took", "beside itself", "happening", "promise", "could go on", "go on with",
    "so many days", "play it", "frailest", "shrunk", "softly", "from so many", "believe a", "by its own noise",
    "italics", "what people come to", "one time in", "times in a hundred", "what it takes", "plate", "nobody else could",
    "nothing is like that", "| narrow |", "with no word", "has the say", "of the say", "begin to say", "too few to tell",
    "| aim |", "aims", "drop it", "lapses", "surely", "give or take", "| look back |", "trying to look",
    "given up", "has to say", "never ask", "| all of it |", "is read as your", "you said", "| say |", "| skip |",
    "gave energy", "took energy", "gathering", "laid out", "frozen", "hash ", "less sure", "least sure", "promised",
    "nothing is tried", "is like that", "it was to be", "stops without",
)  # fmt: skip
STATISTICS = (
    "crps", "posterior", "quantile", "shrinkage", "maximum a posteriori", "10/50/90", "prior ", "log-normal",
    "bayesian", "p-value", "standard deviation",
)  # fmt: skip
BROKEN = {
    "a number that does not agree": re.compile(
        r"\b1 (?:events|people|activities|programs|posts|commitments|days|weeks|hours|sign-ups|results|entries|rows)\b"
        r"|\b(?:0|[2-9]|[1-9]\d+) (?:event|person|activity|program|commitment|day|week|sign-up|entry)\b(?![-’'])"
    ),
    "two verbs": re.compile(r"\b(?:was|were|is|are) (?:was|were|is|are)\b"),
    "a word twice": re.compile(r"\b([a-z]{2,}) \1\b"),
    "a space before a full stop": re.compile(r"\w +[.,;:](?:\s|$)"),
    "a sentence that ends twice": re.compile(r"\w(?:\.\.|,\.|;\.)(?:\s|$)"),
    "a value of Python": re.compile(r"\bNone\b(?! of)|\bTrue\b|\bFalse\b|\{'|\[\]|datetime\.|Decimal\(|<[A-Z]\w+: "),
    "the name of a field": re.compile(r"\b(?:attended_evidence|attended evidence|took_part|starts_at|hours_spent|in_person)\b"),
}  # fmt: skip
FOLDED = re.compile(r"<details.*?</details>", re.DOTALL)
CODE = re.compile(r"<(code|pre|kbd|script|style|textarea|title)\b.*?</\1>", re.DOTALL)
STRANGE = (
    "spoke at PyCon", "how many came", "“quoted” & <b>bold</b>", "x" * 280, "שיחה על קוד", "1 events were",
    "promise", "None",
)  # fmt: skip


def pages():
    """Every address that is a page, filled with rows that are there."""
    activity = Activity.objects.filter(turnout__isnull=False).first() or Activity.objects.first()
    program, metric = Program.objects.first(), Metric.objects.first()
    experiment = Experiment.objects.first()
    fill = {
        "activities/<int:key>/": activity and activity.pk, "programs/<slug:slug>/": program and program.slug,
        "metrics/<slug:slug>/": metric and metric.slug, "experiments/<int:key>/": experiment and experiment.pk,
    }  # fmt: skip
    for pattern in get_resolver("almanac.faces.web.urls").url_patterns:
        route = str(pattern.pattern)
        for start, value in fill.items():
            if route.startswith(start):
                route = (
                    route.replace(re.findall(r"<[^>]+>", start)[0], str(value)) if value else "<"
                )
        if "<" not in route and "card." not in route and not route.startswith(("sign-out", "undo")):
            yield f"/{route}"


def read(response, own=()):
    """A page's text without what a person wrote, code, and what is folded away."""
    page = response.content.decode()
    page = FOLDED.sub(" ", CODE.sub("CODE", page))
    page = re.sub(r"</(?:small|span|a|b|i|em|strong|time|sup|abbr)>", "", page)
    page = re.sub(r"<(?:small|span|a|b|i|em|strong|time|sup|abbr)\b[^>]*>", "", page)
    text = html.unescape(re.sub(r"<[^>]+>", " | ", page))
    text = re.sub(r"\s+", " ", text)
    for title in sorted(own, key=len, reverse=True):
        text = text.replace(title, "TITLE")
    return text


def problems(text):
    lower = text.lower()
    found = [f"old: {word}" for word in OLD if word in lower]
    found += [f"statistics: {word}" for word in STATISTICS if word in lower]
    for what, pattern in BROKEN.items():
        found += [
            f"{what}: {text[max(0, m.start() - 30) : m.end() + 20]}" for m in pattern.finditer(text)
        ]
    return found


def crawl(client, own=()):
    found, number = [], 0
    for page in pages():
        response = client.get(page)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        number += 1
        found += [f"{page} {problem}" for problem in problems(read(response, own))]
    return number, found


def written():
    """Everything a person wrote, so that their words are not judged."""
    texts = set(Activity.objects.values_list("title", flat=True))
    texts |= set(Program.objects.values_list("name", flat=True))
    for model in (Activity, Program, Experiment):
        for row in model.objects.all():
            texts |= {
                str(getattr(row, name, "") or "")
                for name in ("notes", "purpose", "goal", "trying", "because", "worked_if")
            }
    texts |= set(Referral.objects.values_list("answer", flat=True))
    texts |= set(Feedback.objects.values_list("text", flat=True))
    for columns in PeerEntry.objects.values_list("title", "summary"):
        texts |= set(columns)
    return {text for text in texts if len(text) > 2}


def test_the_example_year_speaks_plainly(browser_client):
    play(OWNER, "Europe/Berlin")
    number, found = crawl(browser_client, written())
    assert number > 40
    assert not found, "\n".join(found)


def test_an_empty_logbook_speaks_plainly(browser_client):
    number, found = crawl(browser_client)
    assert number > 30
    assert not found, "\n".join(found)


def test_one_of_everything_agrees(browser_client):
    today = clock.now().date()
    begin_program(OWNER, "Talks", purpose="P", goal="G")
    (past, ahead, post) = write_down(OWNER, [
        NewActivity("Evening", kind="event", status="done", day=today - timedelta(9), program="Talks",
                    counts={"signups": 1, "attended": 1}, evidence="counted", hours=1),
        NewActivity("Night", kind="event", status="planned", day=today + timedelta(9), program="Talks",
                    counts={"signups": 1, "hoped": 1}),
        NewActivity("Part", kind="post", status="done", day=today - timedelta(3), program="Talks"),
    ])  # fmt: skip
    freeze_forecast(OWNER, ahead)
    board.ask(OWNER, "Judge", asked_by="Bea", hours=1)
    try_something(OWNER, "mornings", "they are calm", "more come", today + timedelta(30))
    quotes.hear(OWNER, "Thank you")
    time_off.plan_break(OWNER, today, today)
    assert {past.status, post.status} == {"done"}
    number, found = crawl(browser_client, {"Evening", "Night", "Talks", "Judge", "mornings"})
    assert number > 40
    assert not found, "\n".join(found)


def test_strange_titles_stay_titles(browser_client):
    today = clock.now().date()
    made = write_down(OWNER, [
        NewActivity(title, kind="event", status="done" if n % 2 else "planned",
                    day=today + timedelta(-8 if n % 2 else 8), program=title[:40],
                    counts={"signups": 20, **({"attended": 9} if n % 2 else {})}, evidence="counted" if n % 2 else "")
        for n, title in enumerate(STRANGE)
    ])  # fmt: skip
    say_guess(OWNER, made[0], RawGuess(5, 20, 12, 80))
    freeze_forecast(OWNER, made[0])
    _, found = crawl(
        browser_client, {*STRANGE, *(title[:40] for title in STRANGE), *(t[:46] for t in STRANGE)}
    )
    assert not found, "\n".join(found)


@pytest.mark.parametrize("refusal", Refusal)
def test_refusals_are_whole_sentences_in_plain_words(refusal):
    assert re.fullmatch(r"[A-Z].*\.", refusal.words)
    assert problems(refusal.words) == []


@pytest.mark.parametrize("number", [0, 1, 2, 61])
@pytest.mark.parametrize("stage", Stage)
def test_expectations_agree(number, stage):
    certain = words.expectation(Counts.certain(number), stage)
    spread = words.expectation(Counts.of(np.ones(9) / 9, number), stage)
    for said in (certain, spread):
        assert problems(said) == [], said


def test_commands_are_described_in_plain_words():
    for _, summary in COMMANDS.values():
        assert summary[-1] in ".?"
        assert problems(summary) == [], summary


COMMAND_LINES = (
    "list", "list --status planned", "load", "load week", "board", "board requests", "target", "metric", "quotes",
    'metric show "Newsletter readers"', "metric choose", "track-record", "review --list", "review 2026", "program",
    "experiment", "playbook", "drill", 'handover "Community spaces"', "reach", "undo", "forecast ask",
    "guess ask 10 30 --sure 80", 'outcome "DevRel year" 30', "can-i Keynote --hours 24 --by 2026-04-20",
    "can-i Nap --hours 1 --by 2026-04-20", 'log "Talk yesterday 40 ppl"', 'log "idea: hack"', "erase Ada --dry-run",
    "board move mentoring done", "load hours 30", "load logged half", "load break 2026-08-01 2026-08-14",
    'heard "Nice" --by DM', 'experiment try "trying mornings because they are calm; it worked if more come by 2026-09-01"',
)  # fmt: skip


@pytest.mark.parametrize("filled", [False, True])
def test_commands_speak_plainly(run, tmp_path, monkeypatch, capsys, filled):
    from almanac.faces.cli.app import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    if filled:
        play(OWNER, "Europe/Berlin")
    own = {*written(), *Program.objects.values_list("goal", flat=True)} - {""}
    found = []
    for line in COMMAND_LINES:
        code = main(shlex.split(line))
        captured = capsys.readouterr()
        assert code == 0 or not filled, (line, captured.err)
        text = captured.out + captured.err
        for title in sorted(own, key=len, reverse=True):
            text = text.replace(title, "TITLE")
        text = " ".join(part for part in text.split() if part)
        found += [f"{line}: {problem}" for problem in problems(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "how-to").glob("*.md"))],
    ids=lambda page: page.name,
)  # fmt: skip
def test_guides_use_the_words_of_the_pages(page):
    text = re.sub(
        r"```.*?```|`[^`]*`|^ {4}.*$|\]\([^)]*\)|^\|.*$",
        " CODE ",
        page.read_text(),
        flags=re.DOTALL | re.MULTILINE,
    )
    lower = text.lower()
    assert [word for word in OLD if word in lower and word not in WORDS_OF_DOCS] == []


@pytest.mark.parametrize("number", [0, 1, 2, 61])
@pytest.mark.parametrize("title", ["spoke at PyCon", "X", "“Q” & <b>", "x" * 300])
def test_lines_of_the_change_log_agree(number, title):
    for sentence in ChangeLine:
        parts = {name: title for _, name, _, _ in string.Formatter().parse(sentence.value) if name}
        parts |= {"more": number, "count": number, "number": number, "shown": number}
        said = sentence(**parts).replace(title, "TITLE")
        assert problems(said) == [], said
