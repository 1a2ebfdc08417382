"""The inbox: each file is offered once, nothing outside the folder is read, and what hangs on an activity."""

import os
import re
import shutil
import time
from datetime import date, timedelta

import pytest
from django.conf import settings
from tests import samples
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.imports import inbox as verbs
from almanac.actions.keeping.undo import undo
from almanac.answers.log.inbox import inbox_folder, waiting
from almanac.answers.today import today
from almanac.record.infra import clock
from almanac.record.models import Activity, Attachment, Change, HandledFile, Quote
from almanac.record.rules import OWNER
from almanac.sources.text.inbox import LARGEST, scan

MAIL = (
    b"From: Kim Park <kim@example.org>\r\nDate: Mon, 16 Mar 2026 10:00:00 +0100\r\nSubject: =?utf-8?q?Thank_you_=E2=9D=A4?=\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>I wouldn't have known about you otherwise<br>really</p><script>x()</script>"
)
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def drop(logbook):
    shutil.rmtree(inbox_folder(), ignore_errors=True)
    inbox_folder().mkdir(parents=True)

    def put(name, content, age=60):
        file = inbox_folder() / name
        file.write_bytes(content)
        moment = clock.now().timestamp() - age
        os.utime(file, (moment, moment))
        return file

    return put


def names():
    return [file.name for file in waiting(OWNER).files]


def only():
    (file,) = waiting(OWNER).files
    return file.sha256


def test_what_is_offered_and_what_is_left_alone(drop, tmp_path):
    outside = tmp_path / "secret.txt"
    outside.write_text("SECRET")
    for name, content in (
        ("note.txt", "Talked to Kim\nabout docs".encode("utf-16")), ("m.eml", MAIL), ("p.png", samples.picture()), ("a.pdf", PDF),
        (".hidden.txt", b"x"), ("half.txt.part", b"x"), ("sheet.xlsx", b"x"), ("large.txt", b"x" * (LARGEST + 1)), ("broken.eml", b"Date: \xff\n\nhm"),
        ("program.txt", b"\x7fELF\x02\x01\x01\x00 code"), ("text.png", b"no picture"), ("text.pdf", b"no PDF"), ("empty.md", b" \n"),
    ):  # fmt: skip
        drop(name, content)
    drop("new.txt", b"being written", age=0)
    (inbox_folder() / "link.txt").symlink_to(outside)
    (inbox_folder() / "folder.txt").mkdir()
    os.mkfifo(inbox_folder() / "pipe.txt")
    assert names() == ["a.pdf", "broken.eml", "m.eml", "note.txt", "p.png"]
    found = {file.name: file for file in waiting(OWNER).files}
    assert (found["note.txt"].title, found["note.txt"].text) == (
        "Talked to Kim",
        "Talked to Kim\nabout docs",
    )
    mail = found["m.eml"]
    assert (mail.title, mail.who, mail.day) == ("Thank you ❤", "Kim Park", date(2026, 3, 16))
    assert "really" in mail.text
    assert "<" not in mail.text
    assert "x()" not in mail.text
    assert dict(waiting(OWNER).unread) == {
        "empty.md": "is empty",
        "large.txt": "is larger than 10 MB",
        "program.txt": "is not text, whatever its name says",
        "sheet.xlsx": "is not text, Markdown, a picture, a PDF or a mail",
        "text.pdf": "is not a PDF, whatever its name says",
        "text.png": "is not a picture, whatever its name says",
    }
    assert today(OWNER).unread_in_inbox == 6
    assert scan(tmp_path / "nowhere", time.time()).files == ()


def test_a_line_becomes_an_activity_once_and_undo_offers_the_file_again(drop):
    drop("n.txt", b"Gave the API talk at PyTexas, 80 people, 6h\nThey asked about versions.")
    made = verbs.log_file(OWNER, only())
    assert (made.kind, made.turnout.attended, made.notes.splitlines()[-1]) == (
        "talk",
        80,
        "They asked about versions.",
    )
    assert names() == []
    with pytest.raises(CannotError, match="not in the inbox"):
        verbs.log_file(OWNER, waiting(OWNER, handled=True).files[0].sha256)
    undo(OWNER)
    assert names() == ["n.txt"]
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("m.eml", b"Subject: Can you speak at our meetup?\r\n\r\nIn May.", "asked"), ("n.txt", b"a workshop on fixtures", "idea"),
        ("i.txt", b"idea: a workshop on fixtures", "idea"), ("d.txt", b"Gave a workshop on fixtures, 20 came", "done"),
        ("p.txt", b"Workshop on 4 May at 18:00", "planned"),
    ],
)  # fmt: skip
def test_a_message_is_no_work_that_was_done(drop, name, content, status):
    drop(name, content)
    assert verbs.log_file(OWNER, only()).status == status


def test_a_list_of_lines_is_a_list_of_activities_undone_together(drop):
    drop("week.txt", b"- Gave a talk yesterday, 40 people\n- Wrote a post today, 3h\n")
    verbs.log_file(OWNER, only())
    assert {row.title for row in Activity.objects.all()} == {"Gave a talk", "Wrote a post"}
    assert Change.objects.latest("id").summary == "Logged all of “week.txt”: 2"
    undo(OWNER)
    assert not Activity.objects.exists()
    assert names() == ["week.txt"]


def test_a_line_that_repeats_repeats_and_words_stay_notes(drop):
    drop("a.txt", b"Reading hour every Tuesday at 17:00 until June")
    verbs.log_file(OWNER, only())
    assert Activity.objects.filter(repeating__isnull=False).count() > 5
    undo(OWNER)
    assert not Activity.objects.exists()
    drop("a.txt", b"Talked to Kim yesterday\nShe wants a better quickstart")
    assert verbs.log_file(OWNER, only()).notes.endswith("quickstart")


def test_the_same_message_under_two_names_is_two_files(drop):
    drop("a.txt", b"Ask Ada")
    drop("b.txt", b"Ask Ada")
    first, second = waiting(OWNER).files
    verbs.log_file(OWNER, first.sha256)
    assert names() == [second.name]


def test_a_mail_becomes_a_quote_and_a_picture_its_screenshot(drop):
    drop("m.eml", MAIL)
    quote = verbs.quote_file(OWNER, only(), "")
    assert (quote.who, quote.via, quote.day) == ("Kim Park", "e-mail", date(2026, 3, 16))
    drop("p.png", samples.picture())
    with pytest.raises(CannotError, match="What did they say"):
        verbs.quote_file(OWNER, only(), "")
    assert names() == ["p.png"]
    verbs.quote_file(OWNER, only(), "You helped me")
    assert Quote.objects.filter(picture__isnull=False).get().text == "You helped me"


def test_follow_up_attach_and_delete(drop):
    (talk,) = write_down(OWNER, [NewActivity("Talk", kind="talk", day=NOW.date())])
    drop("idea.txt", b"Ask Ada about the panel")
    with pytest.raises(CannotError, match="still to come"):
        verbs.follow_up(OWNER, only(), NOW.date() - timedelta(days=1))
    with pytest.raises(CannotError, match="picture or a PDF"):
        verbs.attach_file(OWNER, only(), talk)
    task = verbs.follow_up(OWNER, only(), NOW.date() + timedelta(days=3))
    assert (task.title, task.due, task.status) == (
        "Follow up: Ask Ada about the panel",
        NOW.date() + timedelta(days=3),
        "planned",
    )
    drop("slides.pdf", PDF)
    assert verbs.attach_file(OWNER, only(), talk).media_type == "application/pdf"
    file = drop("junk.txt", b"junk")
    verbs.delete_file(OWNER, only())
    assert not file.exists()
    assert names() == []
    with clock.at(NOW + timedelta(days=31)):
        assert verbs.clear_handled(OWNER) == 2
    assert list(inbox_folder().iterdir()) == []


def test_two_hundred_files_with_kills_in_between_are_each_offered_once(drop, monkeypatch):
    for number in range(200):
        drop(f"{number:03}.txt", f"Answered question {number}".encode())
    killed = 0
    real = verbs._handled

    def dies(file, outcome, line):
        nonlocal killed
        real(file, outcome, line)
        if len(file.name) and int(file.name[:3]) % 7 == killed % 7 and killed < 60:
            killed += 1
            raise KeyboardInterrupt

    monkeypatch.setattr(verbs, "_handled", dies)
    for _ in range(3):
        for file in waiting(OWNER).files:
            try:
                verbs.log_file(OWNER, file.sha256)
            except KeyboardInterrupt:
                continue
    assert killed > 0
    monkeypatch.setattr(verbs, "_handled", real)
    for file in waiting(OWNER).files:
        verbs.log_file(OWNER, file.sha256)
    titles = list(Activity.objects.values_list("title", flat=True))
    assert len(titles) == len(set(titles)) == HandledFile.objects.count() == 200


def test_today_shows_three_and_the_page_all(browser_client, drop):
    for number in range(5):
        drop(f"{number}.txt", f"Note {number}".encode())
    write_down(OWNER, [NewActivity("Something", day=NOW.date())])
    assert (len(today(OWNER).inbox), today(OWNER).more_in_inbox) == (3, 2)
    page = browser_client.get("/").content.decode()
    assert "Note 0" in page
    assert "2\n" in page or "2 " in page
    assert browser_client.get("/inbox/").content.decode().count("<h3>Note") == 5
    first = waiting(OWNER).files[0]
    browser_client.post(f"/inbox/{first.sha256}/", {"do": "log"})
    assert len(names()) == 4
    bad = browser_client.post(f"/inbox/{first.sha256}/", {"do": "dance"}, follow=True)
    assert "Choose what becomes" in bad.content.decode()
    lost = browser_client.post(
        f"/inbox/{waiting(OWNER).files[0].sha256}/", {"do": "attach", "to": "nothing"}, follow=True
    )
    assert "No activity is called “nothing”" in lost.content.decode()


def test_attaching_offers_what_is_near_and_says_which_fit(browser_client, drop):
    first, second = write_down(
        OWNER, [NewActivity(f"Talk {n}", kind="talk", day=NOW.date()) for n in (1, 2)]
    )
    drop("slides.pdf", PDF)
    page = browser_client.get("/inbox/").content.decode()
    unsure, sure = (
        browser_client.post(f"/inbox/{only()}/", {"do": "attach", "to": to}, follow=True)
        for to in ("Talk", str(second.pk))
    )

    assert f'<option value="{first.pk}">' in page
    assert "fits more than one activity" in unsure.content.decode()
    assert f"{first.pk}, Talk 1" in unsure.content.decode()
    assert Attachment.objects.get().activity == second
    assert sure.status_code == 200


def test_another_folder(browser_client, drop, tmp_path):
    (tmp_path / "phone").mkdir()
    browser_client.post("/inbox/folder/", {"folder": str(tmp_path / "phone")})
    assert inbox_folder() == tmp_path / "phone"
    for wrong in (str(tmp_path / "none"), str(settings.ALMANAC_HOME)):
        with pytest.raises(CannotError):
            verbs.use_folder(OWNER, wrong)
    browser_client.post("/inbox/folder/", {"folder": ""})
    assert inbox_folder().name == "inbox"


# Attachments


def test_a_picture_is_written_anew_and_a_pdf_is_downloaded(browser_client, logbook):
    from django.core.files.uploadedfile import SimpleUploadedFile as Upload

    (talk,) = write_down(OWNER, [NewActivity("Talk", kind="talk", day=NOW.date())])
    where = f"/activities/{talk.pk}/attachments/"
    browser_client.post(
        where, {"file": Upload("../me at the venue.png", samples.picture() + b"SECRET")}
    )
    browser_client.post(where, {"file": Upload("slides.pdf", PDF)})
    picture, pdf = Attachment.objects.all()
    assert picture.name == "me at the venue.png"
    shown = browser_client.get(f"/attachments/{picture.pk}/")
    assert b"SECRET" not in shown.content
    assert shown["Content-Security-Policy"].endswith("sandbox")
    assert browser_client.get(f"/attachments/{pdf.pk}/")["Content-Disposition"].startswith(
        "attachment"
    )
    page = browser_client.get(f"/activities/{talk.pk}/").content.decode()
    assert re.search(rf'href="/attachments/{pdf.pk}/">slides\.pdf', page)
    for content, said in (
        (b"<svg onload=x>", "PNG, JPEG or WebP"),
        (b"%PDF-" + b"x" * 5_000_001, "5 MB at most"),
    ):
        answer = browser_client.post(where, {"file": Upload("x.png", content)}, follow=True)
        assert said in answer.content.decode()
    browser_client.post(where, {"delete": str(pdf.pk)})
    assert list(Attachment.objects.all()) == [picture]
    assert Change.objects.latest("pk").summary == "Deleted the attachment “slides.pdf” of “Talk”"
    assert browser_client.get("/attachments/999/").status_code == 404
    undoable = verbs.attach(OWNER, talk, "again.pdf", PDF)
    undo(OWNER)
    assert not Attachment.objects.filter(pk=undoable.pk).exists()
    for number in range(verbs.MOST_ATTACHED - 1):
        verbs.attach(OWNER, talk, f"{number}.pdf", PDF)
    with pytest.raises(CannotError, match="at most"):
        verbs.attach(OWNER, talk, "one more.pdf", PDF)
