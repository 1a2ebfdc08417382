"""The review: proposals from evidence, words that survive, one text in three forms."""

import json
import re

import pytest
from tests.factories import past

from almanac.actions.activities import tap_energy
from almanac.actions.errors import CannotError
from almanac.actions.example import play
from almanac.actions.keeping.undo import undo
from almanac.actions.review import reviews
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.answers.errors import CannotAnswerError
from almanac.answers.review.composition import Audience, done_of, review
from almanac.answers.review.periods import period, years
from almanac.answers.review.sentences import plain
from almanac.core.guesses.elicited import RawGuess
from almanac.press import review as press
from almanac.record.infra import clock
from almanac.record.models import Activity
from almanac.record.rules import OWNER


@pytest.mark.parametrize(
    ("text", "first", "last", "title"),
    [
        ("2022", "2022-01-01", "2022-12-31", "2022"),
        ("2022-Q3", "2022-07-01", "2022-09-30", "Third quarter of 2022"),
        ("2024-02", "2024-02-01", "2024-02-29", "February 2024"),
        ("2022-12", "2022-12-01", "2022-12-31", "December 2022"),
        ("2022-03-05..2022-06-30", "2022-03-05", "2022-06-30", "5 March 2022 to 30 June 2022"),
    ],
)
def test_periods(text, first, last, title):
    found = period(text)

    assert (str(found.first), str(found.last), found.title) == (first, last, title)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "22",
        "2022-13",
        "2022-Q5",
        "9999999",
        "2022-06-30..2022-01-01",
        "2022-02-31..2022-03-01",
    ],
)
def test_what_is_no_period_is_said_in_a_sentence(text):
    with pytest.raises(CannotAnswerError):
        period(text)


def test_years_are_listed_oldest_first(held):
    held(
        past(ago=800, signups=3, attended=2),
        past(ago=400, signups=3, attended=2),
        past(ago=30, signups=3, attended=2),
    )

    assert years(OWNER) == ["2024", "2025", "2026"]


def texts(found, section):
    chapter = next(c for c in found.chapters if c.key == section)
    return [plain(item.sentence) for item in chapter.kept]


def test_an_empty_year_keeps_its_headings_with_a_sentence_each(logbook):
    found = review(OWNER, "2026")

    assert [chapter.heading for chapter in found.chapters] == [
        "Challenges", "Successes", "Failures", "Takeaways",
    ]  # fmt: skip
    assert all(chapter.empty and not chapter.items for chapter in found.chapters)
    assert plain(found.opening[0]) == "Nothing logged for 2026."
    for form in (press.html, press.md, press.pdf):
        assert form(found, []).content


def test_what_returned_too_little_is_proposed_with_its_reason(plan_event):
    for n in range(3):
        event = plan_event(
            f"Hack {n}", kind="hackathon", days=3 + n, counts={"signups": 60}, hours=14
        )
        freeze_forecast(OWNER, event)
        with clock.at(event.begins):
            say_counts(OWNER, event, {"attended": 4}, evidence="counted", worth_it="no")

    with clock.at(event.begins):
        found = review(OWNER, "2026")
    failed = texts(found, "failures")

    assert any(
        text.startswith("Meetups: fewer people than expected: 12 people came, expected ")
        for text in failed
    )
    item = next(i for c in found.chapters for i in c.items if i.key.startswith("fewer"))
    assert re.match(r"3 held, .*12 came, expected \d+ to \d+\.", plain(item.reason))
    assert any("only 12 of the 180 sign-ups came" in text for text in texts(found, "challenges"))
    assert any("not worth it" in text for text in failed)


def test_guessing_too_high_is_a_takeaway_and_in_ones_own_edition_alone(plan_event):
    for n in range(4):
        event = plan_event(f"Night {n}", days=3 + n)
        say_guess(OWNER, event, RawGuess(50, 90, 70, 80))
        with clock.at(event.begins):
            say_counts(OWNER, event, {"attended": 8}, evidence="counted")
            tap_energy(OWNER, event, gave=False)
    with clock.at(event.begins):
        own, inside = review(OWNER, "2026"), review(OWNER, "2026", audience=Audience.INSIDE)

    assert "Your guesses were too high, 4 of 4 times; next time start lower." in texts(
        own, "takeaways"
    )
    assert texts(inside, "takeaways") == []
    assert (bool(own.energy), bool(inside.energy)) == (True, False)
    assert "70" not in press.html(inside, done_of(OWNER, inside)).content.decode()


def test_words_survive_and_undo_takes_them_back(held):
    held(past(ago=30, signups=40, attended=4))
    reviews.edit_entry(OWNER, "2026", "few-came:meetups", section="challenges", text="Snow.")
    reviews.add_words(OWNER, "2026", "challenges", "And rain.")
    held(past(ago=20, signups=40, attended=3))

    chapter = review(OWNER, "2026").chapters[0]
    assert [item.text for item in chapter.kept] == ["Snow.", "And rain."]
    reviews.edit_entry(OWNER, "2026", "few-came:meetups", dropped=True)
    assert [item.text for item in review(OWNER, "2026").chapters[0].kept] == ["And rain."]
    undo(OWNER)
    assert [item.text for item in review(OWNER, "2026").chapters[0].kept] == ["Snow.", "And rain."]


@pytest.mark.parametrize(("section", "text"), [("challenges", "  "), ("nowhere", "x")])
def test_words_that_have_no_place_are_refused(logbook, section, text):
    with pytest.raises(CannotError):
        reviews.add_words(OWNER, "2026", section, text)


def test_every_number_is_a_footnote_that_opens_its_rows(held):
    held(past(ago=60, signups=30, attended=20), past(ago=30, signups=34))
    found = review(OWNER, "2026")
    done = done_of(OWNER, found)

    html = press.body(found, done, lambda row: f"/activities/{row.key}/")
    numbers = re.findall(r'href="#note-(\d+)"', html)
    assert numbers == [str(n) for n in range(1, len(press.facts_of(found)) + 1)]
    for fact in press.facts_of(found):
        assert fact.rows
        assert all(Activity.objects.filter(pk=row.key).exists() for row in fact.rows)
    md = press.md(found, done).content.decode()
    assert sorted(set(re.findall(r"\[\^(\d+)\](?!:)", md))) == sorted(
        set(re.findall(r"\[\^(\d+)\]:", md))
    )


def test_markdown_has_front_matter_and_the_same_picture(held):
    held(past(ago=60, signups=30, attended=20))
    found = review(OWNER, "2026")
    made = press.md(found, done_of(OWNER, found))
    text = made.content.decode()

    assert text.startswith('---\ntitle: "2026 in review"\ndate: 2026-12-31\n')
    assert "](review-2026-months.svg)" in text
    assert made.pictures["review-2026-months.svg"].startswith(b"<svg")
    for heading in ("Challenges", "Successes", "Failures", "Takeaways"):
        assert f"## {heading}" in text


def test_hostile_words_are_only_words_in_every_form(plan_event):
    title = "<script>x</script> #eval(1) [a](javascript:b) *c* | $d$ `e`"
    plan_event(
        title, days=-3, status="done", counts={"signups": 9, "attended": 1}, evidence="counted"
    )
    reviews.add_words(
        OWNER, "2026", "successes", "<img src=x onerror=1> [x](javascript:y) #eval(2)"
    )
    found = review(OWNER, "2026")
    done = done_of(OWNER, found)

    html = press.html(found, done).content.decode()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert press.pdf(found, done).content.startswith(b"%PDF")
    assert "\\[a\\]" in press.md(found, done).content.decode()


def test_a_review_of_one_program_is_of_it_alone(held):
    held(past(ago=30, signups=40, attended=4))
    held(past(ago=20, signups=40, attended=30), program="Talks")

    found = review(OWNER, "2026", program="talks")

    assert [part.name for part in found.programs] == ["Talks"]
    assert found.slug == "2026-talks"
    with pytest.raises(CannotAnswerError, match="no program called"):
        review(OWNER, "2026", program="nothing")


def test_the_command_lists_and_writes(logbook, tmp_path, capsys, held):
    from almanac.faces.cli.app import main

    held(past(ago=400, signups=40, attended=4), past(ago=30, signups=40, attended=4))
    assert main(["review", "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == ["2025", "2026"]
    for form in ("html", "md", "pdf"):
        assert main(["review", "2025", "--format", form, "--out", str(tmp_path / f"r.{form}")]) == 0
        assert (tmp_path / f"r.{form}").stat().st_size > 500
    assert main(["review", "nonsense"]) == 1
    assert "is not a period" in capsys.readouterr().err


def test_footnotes_of_a_year_count_from_the_top_and_open_their_own_rows(logbook):
    play(OWNER, "Europe/Berlin")
    found = review(OWNER, "2025")
    html = press.body(found, done_of(OWNER, found), lambda row: f"/activities/{row.key}/")
    shown = re.findall(r'([^<>]*)<sup><a id="ref-(\d+)"', html)
    facts = press.facts_of(found)
    assert len(shown) == len(facts) > 20
    for place, ((before, number), fact) in enumerate(zip(shown, facts, strict=True), start=1):
        assert int(number) == place
        assert before.endswith(fact.text)


def test_a_years_review_prints_on_five_pages_at_most(logbook):
    play(OWNER, "Europe/Berlin")
    found = review(OWNER, "2025")
    document = press.pdf(found, done_of(OWNER, found)).content
    pages = [int(number) for number in re.findall(rb"/Count (\d+)", document)]
    assert 1 <= max(pages) <= 5
