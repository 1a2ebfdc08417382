"""Where a person stands before they are erased, kind by kind, and what is left afterwards."""

import shutil
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import models
from tests.conftest import NOW

import samples
from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.community import quotes
from almanac.actions.experiments.experiments import close, deviate, try_something
from almanac.actions.keeping import mirror as mirror_room
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.exporting import export
from almanac.actions.keeping.mirror import mirror
from almanac.actions.playbooks.freshness import say_left
from almanac.actions.playbooks.playbooks import look_back, propose, write_playbook
from almanac.actions.programs import begin_program
from almanac.actions.review.publishing import publish, verify_folder
from almanac.actions.workload import board, time_off
from almanac.answers.community.traces import mention_of, texts_in, traces, words_for
from almanac.answers.errors import CannotAnswerError
from almanac.core.community.person_names import PersonName
from almanac.record.infra import clock
from almanac.record.models import (
    Change,
    CheckIn,
    Choice,
    Departure,
    Deviation,
    Experiment,
    Finding,
    Guest,
    Lesson,
    Metric,
    Part,
    PlaybookVersion,
    PrivateChange,
    Protocol,
    Quote,
    QuotePicture,
    Request,
    ShownPlate,
)
from almanac.record.models.texts import Text
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
WHO = "Ana Example"


@pytest.fixture
def quick_mirror(monkeypatch):
    """The record's backup as one byte, so that no file of the test's database is asked for."""
    monkeypatch.setattr(
        mirror_room, "back_up_record", lambda _actor, file: file.write_bytes(b"z") and 1
    )


@pytest.fixture
def event(plan_event):
    return plan_event("Meetup")


def guest(event, name="", email=""):
    Guest.objects.create(activity=event, name=name, email=email, status="signed_up", source="x")


def test_guests_are_found_however_their_name_is_written(event):
    guest(event, " ana  EXAMPLE ")
    guest(event, "x", " Ana Example ")
    guest(event, "Example, Ana (she/her)")
    guest(event, "Ana Examples")
    done = erase(OWNER, "Dr. Ana  Example")
    assert done.counts["guests"] == 3
    assert Guest.objects.get().name == "Ana Examples"
    line = Change.objects.order_by("-pk").first()
    assert (line.verb, line.summary, line.undo) == ("erase", "Erased a person", None)


def test_other_addresses_of_theirs_are_named(event):
    guest(event, WHO, "a.lovely@x.org")
    assert traces(OWNER, WHO).also == ("a.lovely@x.org",)
    assert traces(OWNER, "a.lovely@x.org").also == (WHO,)


def test_quotes_lose_the_name_and_the_screenshot_and_keep_the_words(event):
    shot = samples.picture()
    quotes.hear(OWNER, "Thank you", who=WHO, via="a mail by Ana Example", picture=shot)
    quotes.hear(OWNER, "Nice", who="Bea", via="mail", picture=shot)
    quotes.hear(OWNER, "Good", who="Cem", via="Ana Example's list")
    assert erase(OWNER, WHO).counts["quotes"] == 2
    assert set(Quote.objects.values_list("text", "who", "via")) == {
        ("Thank you", "[erased]", "a mail by [erased]"), ("Nice", "Bea", "mail"),
        ("Good", "[erased]", "[erased]'s list"),
    }  # fmt: skip
    assert [row.quote.who for row in QuotePicture.objects.all()] == ["Bea"]


def test_who_asked_who_holds_and_who_does_a_step(event):
    board.ask(OWNER, "Judge", asked_by=WHO)
    change_activity(OWNER, event, holder=WHO)
    board.add_part(OWNER, event, "Food", heading="@Ana Example")
    board.add_part(OWNER, event, "Chairs", heading="for Ana Example")
    counts = erase(OWNER, WHO).counts
    assert (counts["request"], counts["activity"], counts["checklist items"]) == (1, 1, 2)
    event.refresh_from_db()
    assert (Request.objects.get().asked_by, event.holder) == ("[erased]", "[erased]")
    assert [part.heading for part in Part.objects.all()] == ["", "for [erased]"]


def test_who_has_left_is_not_kept_as_such(event):
    say_left(OWNER, WHO)
    say_left(OWNER, "Bea")
    erase(OWNER, "@Ana Example")
    assert [row.name for row in Departure.objects.all()] == ["Bea"]


def test_lines_of_the_log_lose_the_name_and_their_undo(event):
    change_activity(OWNER, event, notes="Ask Ana Example")
    change_activity(OWNER, event, notes="")
    write_down(OWNER, [NewActivity("Call Ana Example")])
    kept = Change.objects.filter(summary="Logged “Meetup”").get()
    assert erase(OWNER, WHO).counts["log lines"] == 2
    assert Change.objects.get(summary="Logged “Call [erased]”").undo is None
    kept.refresh_from_db()
    assert kept.undo is not None


def test_texts_that_stand_for_good_lose_the_name(event):
    program = begin_program(OWNER, "Talks")
    write_playbook(OWNER, program, "- T: call Ana Example\n", "Ana Example said so")
    tried = try_something(OWNER, f"asking {WHO}", f"{WHO} knows", f"{WHO} is glad", TODAY)
    deviate(OWNER, tried, f"{WHO} was ill")
    close(OWNER, tried, "not", f"{WHO} left", f"{WHO} was tired", f"no more {WHO}")
    propose(OWNER, event, f"T: thank {WHO}", f"greet {WHO}")
    board.add_part(OWNER, event, f"Call {WHO}")
    longest = "Ana " + "x" * 296
    Experiment.objects.filter(pk=tried.pk).update(trying=longest)

    erase(OWNER, WHO)
    erase(OWNER, "Ana")

    version, lesson = PlaybookVersion.objects.get(), Lesson.objects.get()
    assert (version.text, version.why) == ("- T: call [erased]\n", "[erased] said so")
    assert (lesson.line, lesson.step) == ("T: thank [erased]", "greet [erased]")
    assert Part.objects.get().title == "Call [erased]"
    tried.refresh_from_db()
    assert (tried.because, tried.worked_if) == ("[erased] knows", "[erased] is glad")
    # Cut where the word that takes the name's place makes it too long.
    assert tried.trying == "[erased] " + "x" * 291
    assert Deviation.objects.get().words == "[erased] was ill"
    found = Finding.objects.get()
    assert (found.happened, found.why, found.decision) == (
        "[erased] left", "[erased] was tired", "no more [erased]",
    )  # fmt: skip


def test_the_private_file_loses_the_name_and_what_was_shown_of_it(event):
    asked = board.ask(OWNER, f"Help {WHO}", hours=3)
    board.answer(OWNER, asked, "yes", chances=(0.9, 0.8))
    time_off.check_in(OWNER, 3, 3, 3, f"{WHO} helped")
    for title, words in (("One", f"See {WHO}"), ("Two", "Nothing"), (f"For {WHO}", "Nobody")):
        time_off.share_workload(OWNER, title, {"words": [{"text": words}]}, 7)
    time_off.add_calendar(OWNER, WHO)

    erase(OWNER, WHO)

    assert Choice.objects.get().title == "Help [erased]"
    assert CheckIn.objects.get().words == "[erased] helped"
    shown = {row.title: (row.content, row.revoked_at) for row in ShownPlate.objects.all()}
    assert shown["One"] == ({}, NOW)
    assert shown["Two"] == ({"words": [{"text": "Nothing"}]}, None)
    assert shown["For [erased]"] == ({"words": [{"text": "Nobody"}]}, None)
    assert not PrivateChange.objects.filter(summary__contains="Ana").exists()


def test_texts_of_ones_own_are_told_and_lose_a_full_name(event, held):
    change_activity(OWNER, event, place=f"At {WHO}'s")
    begin_program(OWNER, "Talks", purpose=f"{WHO} asked")
    look_back(OWNER, event, went_badly=f"{WHO} was late")
    quotes.hear(OWNER, f"{WHO} is great " + "x" * 200)
    told = {(each.title[:8], each.table, each.key) for each in traces(OWNER, WHO).own_texts}
    said = Quote.objects.get()
    assert told == {
        ("Meetup", "activity", str(event.pk)), ("Talks", "program", "talks"),
        ("Meetup", "retro", str(event.pk)), ("Ana Exam", "quote", str(said.pk)),
    }  # fmt: skip
    assert max(len(each.title) for each in traces(OWNER, WHO).own_texts) == 120
    assert erase(OWNER, WHO).mentions == ()
    event.refresh_from_db()
    assert event.place == "At [erased]'s"
    assert traces(OWNER, WHO).total == 0


def test_one_common_word_is_left_where_it_may_mean_something_else(event):
    change_activity(OWNER, event, title="In May with May", holder="May")
    guest(event, "May")
    done = erase(OWNER, "May")
    event.refresh_from_db()
    assert (event.title, event.holder, Guest.objects.count()) == ("In May with May", "[erased]", 0)
    assert [each.title for each in done.mentions] == ["In May with May"]
    assert "1 activity: change by hand" in done.left


def test_what_is_locked_is_told(event):
    tried = try_something(OWNER, "mornings", "they are calm", "more come", TODAY)
    metric = Metric.objects.create(slug="m", name="M", unit="", created_at=NOW, updated_at=NOW)
    Protocol.objects.create(
        experiment=tried, metric=metric, change=f"ask {WHO}", starts=TODAY, weeks_before=4,
        weeks_after=4, smallest=1, locked_at=NOW, body={"who": WHO}, sha256="x",
    )  # fmt: skip
    done = erase(OWNER, WHO)
    assert [(each.table, each.is_sealed) for each in done.mentions] == [("experiment", True)]
    assert "1 experiment: locked or kept as it is, so it stays" in done.left


def test_the_certificate_holds_no_name_and_is_the_owners_alone(event, settings):
    guest(event, WHO, "ana@x.example")
    change_activity(OWNER, event, place=f"At {WHO}'s")
    done = erase(OWNER, WHO)
    text = done.certificate.read_text()
    assert "Erased from: 1 guest\n" in text
    assert "Ana" not in text
    assert done.certificate.stat().st_mode & 0o077 == 0
    assert erase(OWNER, WHO).certificate != done.certificate


def test_exports_public_logs_and_the_mirror_are_written_anew(event, tmp_path, quick_mirror):
    with clock.at(event.starts_at + timedelta(hours=2)):
        change_activity(OWNER, event, title=f"Talk with {WHO}", visibility="public", status="done")
    export(OWNER, tmp_path / "export")
    publish(OWNER, tmp_path / "public")
    mirror(OWNER, str(tmp_path / "copy"))
    holding = [
        file for file in tmp_path.rglob("*") if file.is_file() and WHO.encode() in file.read_bytes()
    ]
    assert {"export", "public"} <= {file.relative_to(tmp_path).parts[0] for file in holding}

    done = erase(OWNER, WHO)

    assert len(done.renewed) == 4  # the mirror holds a public log of its own
    left = [
        file for file in tmp_path.rglob("*") if file.is_file() and WHO.encode() in file.read_bytes()
    ]
    assert left == []
    assert verify_folder(OWNER, tmp_path / "public").problems == ()


def test_a_copy_that_cannot_be_reached_is_left_to_do(event, tmp_path, quick_mirror):
    export(OWNER, tmp_path / "export")
    mirror(OWNER, str(tmp_path / "copy"))
    shutil.rmtree(tmp_path / "export")
    (tmp_path / "copy" / "READ-ME-FIRST.md").write_text("somebody else's")
    done = erase(OWNER, WHO)
    assert any(f"the off-site copy in {tmp_path / 'copy'}: " in each for each in done.left)
    assert not any("export" in name for name in done.renewed)


def instance_of(model, made, kept):
    """A row of a model with the name in every text it has; what it needs is made before it."""
    if model in made:
        return made[model]
    values = {}
    for number, field in enumerate(model._meta.concrete_fields):
        if field.primary_key or (field.name in {"undone_at", "revoked_at"}):
            continue
        if field.is_relation:
            related = field.related_model
            if related is model and field.null:
                continue
            values[field.name] = instance_of(related, made, kept)
        elif field.choices:
            values[field.name] = next(value for value, _ in field.choices if value or field.blank)
        elif isinstance(field, models.JSONField):
            values[field.name] = {"heard": [f"of {WHO}"]}
        elif isinstance(field, models.SlugField):
            values[field.name] = "by-ana-example"
        elif isinstance(field, models.URLField):
            values[field.name] = "https://ana-example.dev/x"
        elif isinstance(field, models.CharField | models.TextField):
            long = field.max_length is None or field.max_length >= 11
            values[field.name] = WHO if long else "x"
            if not long:
                kept.add((model.__name__, field.name))
        elif isinstance(field, models.BooleanField):
            values[field.name] = False
        elif isinstance(field, models.DateTimeField):
            values[field.name] = NOW
        elif isinstance(field, models.DateField):
            values[field.name] = TODAY
        elif not field.null:
            values[field.name] = 1 + number % 3
    made[model] = model._default_manager.create(**values)
    return made[model]


def test_every_text_column_is_erased_or_told(logbook):
    made, too_short = {}, set()
    every = list(apps.get_app_config("record").get_models())
    for model in every:
        if hasattr(model, "texts"):
            instance_of(model, made, too_short)
    person = PersonName.of(WHO)
    columns = [(model, name) for model in made for name in getattr(model, "texts", {})]
    assert len(columns) > 90

    done = erase(OWNER, WHO)

    told = {(each.table, each.key) for each in done.mentions}
    for model, name in columns:
        row = model._default_manager.filter(pk=made[model].pk).first()
        holds = row is not None and any(person.is_in(text) for text in texts_in(getattr(row, name)))
        if holds and (model, name) != (QuotePicture, "content"):
            mention = mention_of(row)
            assert (mention.table, mention.key) in told, (model.__name__, name)
            assert model.texts[name] in {Text.PLAIN, Text.SEALED}, (model.__name__, name)
    assert {name for _, name in too_short} <= {"currency", "platform", "what"}


def test_everything_that_may_name_a_person_has_words():
    models_with_texts = [
        m for m in apps.get_app_config("record").get_models() if hasattr(m, "texts")
    ]
    for model in models_with_texts:
        assert words_for(model._meta.model_name, 2), model


def test_files_that_hold_the_name_are_taken_away_and_others_stay(logbook, settings):
    home = settings.ALMANAC_HOME
    for name, text in (
        ("rejected/a.csv", "1,Ana,Example\n"), ("rejected/b.csv", "1,Bea\n"),
        ("uploads/one/list.csv", "Ana Example"), ("uploads/two/list.xlsx", "packed"),
    ):  # fmt: skip
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    found = traces(OWNER, WHO)
    assert [str(file.relative_to(home)) for file in found.files] == [
        "rejected/a.csv", "uploads/one", "uploads/two",
    ]  # fmt: skip
    assert erase(OWNER, WHO).files == 3
    left = {str(each.relative_to(home)) for each in home.glob("*/*") if each.parent.name in
            {"rejected", "uploads"}}  # fmt: skip
    assert left == {"rejected/b.csv"}


@pytest.mark.parametrize(
    ("who", "fits"),
    [("Al", False), (" A l ", False), ("Bea", True), ("田中", True), ("", False), ("...", False)],
)
def test_three_letters_are_the_least(logbook, who, fits):
    if fits:
        assert traces(OWNER, who).total == 0
    else:
        with pytest.raises(CannotAnswerError, match="three letters"):
            traces(OWNER, who)
