"""The public log: only what is public, nothing else's files touched, no change goes unseen."""

import json
import re
import subprocess
import zipfile
from datetime import date, timedelta

import feedparser
import icalendar
import pytest

from almanac.actions import metrics
from almanac.actions.activities import NewActivity, set_status, write_down
from almanac.actions.community import quotes
from almanac.actions.content import set_post
from almanac.actions.errors import CannotError
from almanac.actions.keeping.mirror import mirror
from almanac.actions.preferences import prefer
from almanac.actions.programs import change_program
from almanac.actions.review import publishing, reviews
from almanac.actions.review.publishing import publish, verify_folder
from almanac.answers.review.composition import Audience, done_of, review
from almanac.answers.review.publication import preview
from almanac.press import review as press
from almanac.record.infra import clock
from almanac.record.infra.ledger import Ledger
from almanac.record.models import Activity, Program, Publication, ReviewEntry
from almanac.record.rules import OWNER

SECRET = "zugzwang"
"""Planted wherever something private or the team's can stand."""


def make(title, visibility="public", days=-10, kind="event", program="Open nights", **more):
    (made,) = write_down(
        OWNER,
        [
            NewActivity(
                title=title, kind=kind, status="done" if days < 0 else "planned", program=program,
                starts_at=clock.now() + timedelta(days=days), zone="Europe/Berlin",
                fields={"visibility": visibility, "format": "in_person"} | more.pop("fields", {}),
                **more,
            )
        ],
    )  # fmt: skip
    return made


@pytest.fixture
def planted(logbook):
    """A logbook full of the secret, with a few public things between."""
    shown = make(
        "Open night", counts={"signups": 30, "attended": 21, "hoped": 99}, evidence="counted",
        fields={"notes": f"{SECRET} notes"}, tags=(SECRET,), links=("https://x.org/a",),
    )  # fmt: skip
    make(f"{SECRET} dinner", "private", links=(f"https://x.org/{SECRET}",))
    make(f"{SECRET} offsite", "team", days=9)
    make("Coming night", days=12, fields={"place": "Library", "notes": SECRET})
    post = make("A post", kind="post", program=f"{SECRET} program")
    set_post(OWNER, post, series=f"{SECRET} series", canonical="https://x.org/post")
    change_program(OWNER, shown.program, purpose="Nights for all.", goal=SECRET, owner=SECRET)
    change_program(OWNER, shown.program, public=True)
    quiet = quotes.hear(OWNER, f"{SECRET} is great", who=SECRET)
    inside = quotes.hear(OWNER, f"{SECRET} helped", who=SECRET)
    loud = quotes.hear(OWNER, "It helped me", who="Ada", place=SECRET, via=SECRET, tags=[SECRET])
    expired = quotes.hear(OWNER, f"{SECRET} long ago")
    quotes.note_consent(OWNER, inside, "given", scope="reviews")
    quotes.note_consent(OWNER, loud, "given", scope="public")
    quotes.note_consent(OWNER, expired, "given", scope="public", until=date(2025, 1, 1))
    assert quiet.consent == "none"
    hidden = metrics.begin_metric(OWNER, f"{SECRET} metric")
    metrics.aim(OWNER, hidden, 10, date(2026, 12, 31), why=SECRET)
    told = metrics.begin_metric(OWNER, "Readers", measure="stock", shared=True)
    metrics.aim(OWNER, told, 500, date(2026, 12, 31), why=SECRET)
    reviews.add_words(OWNER, "2025", "challenges", f"{SECRET} in another year")
    reviews.add_words(OWNER, "2026", "takeaways", f"{SECRET}, for myself")
    reviews.edit_entry(OWNER, "2026", "opening", text=f"{SECRET} year")
    reviews.add_words(OWNER, "2026", "takeaways", "Begin earlier.", audience=Audience.PUBLIC)
    reviews.show_review(OWNER, "2026", public=True)
    prefer(OWNER, shares_track_record=True, public_address="https://log.example.org")
    return shown


def everything(folder):
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_nothing_private_is_in_any_file(planted, tmp_path):
    publish(OWNER, tmp_path / "out")
    files = everything(tmp_path / "out")

    assert {"index.html", "log/2026-03.html", "posts.html", "targets.html", "voices.html"} <= set(
        files
    )
    for name, content in files.items():
        assert SECRET not in name
        assert SECRET.encode() not in content, name
    for form in (press.html, press.md, press.pdf):
        made = review(OWNER, "2026", audience=Audience.PUBLIC)
        document = form(made, done_of(OWNER, made))
        for content in (document.content, *document.pictures.values()):
            assert SECRET.encode() not in content
    # The same words are there in one's own edition, so that the test can fail.
    own = review(OWNER, "2026")
    assert SECRET.encode() in press.html(own, done_of(OWNER, own)).content


def test_a_publication_killed_before_it_was_noted_heals_itself(planted, tmp_path):
    """The files are written and the row goes back to what it was, as a kill before the commit leaves it."""
    folder = tmp_path / "out"
    publish(OWNER, folder)
    before = Publication.objects.values().get()
    write_down(
        OWNER,
        [NewActivity(title="One more", kind="post", status="done", day=date(2026, 3, 3),
                     program="Open nights", fields={"visibility": "public"})],
    )  # fmt: skip
    publish(OWNER, folder)
    Publication.objects.update(head=before["head"], entries=before["entries"])
    assert verify_folder(OWNER, folder).problems
    publish(OWNER, folder)

    assert not verify_folder(OWNER, folder).problems
    assert publish(OWNER, folder).changed_nothing


def test_what_is_public_is_there_and_reads_well(planted, tmp_path):
    publish(OWNER, tmp_path / "out")
    files = everything(tmp_path / "out")

    page = files["log/2026-03.html"].decode()
    assert "Open night" in page
    assert "21 came" in page
    assert 'class="h-entry' in page
    assert "<script" not in "".join(f.decode() for n, f in files.items() if n.endswith(".html"))
    assert "Nights for all." in files["programs/open-nights.html"].decode()
    assert "It helped me" in files["voices.html"].decode()
    assert "Begin earlier." in files["reviews/2026.html"].decode()
    assert "Readers" in files["targets.html"].decode()
    feed = feedparser.parse(files["atom.xml"])
    assert [entry.title for entry in feed.entries] == ["A post", "Open night"]
    assert not feed.bozo
    assert [item["title"] for item in json.loads(files["feed.json"])["items"]] == [
        "A post",
        "Open night",
    ]
    events = icalendar.Calendar.from_ical(files["coming.ics"]).walk("VEVENT")
    assert [(str(e["summary"]), str(e["location"])) for e in events] == [
        ("Coming night", "Library")
    ]
    assert "https://log.example.org/index.html" in files["sitemap.xml"].decode()


def test_every_link_inside_leads_somewhere(planted, tmp_path):
    publish(OWNER, tmp_path / "out")
    for file in (tmp_path / "out").rglob("*.html"):
        for link in re.findall(r'href="([^"#]+)', file.read_text()):
            if not link.startswith("http"):
                assert (file.parent / link).exists(), (file.name, link)


def test_once_more_writes_nothing_and_one_change_only_what_it_touches(planted, tmp_path):
    out = tmp_path / "out"
    make("Last year's night", days=-300)
    first = publish(OWNER, out)
    before = everything(out)
    again = publish(OWNER, out)

    assert (first.written > 8, again.written, again.changed_nothing) == (True, 0, True)
    assert everything(out) == before
    planted.title = "Open night, again"
    planted.save()
    changed = publish(OWNER, out)
    after = everything(out)
    touched = {name for name in after if after[name] != before.get(name)}
    assert "log/2026-03.html" in touched
    assert "log/2025-05.html" not in touched
    assert [entry.title for entry in changed.preview.changed][:1] == ["Open night, again"]


def test_the_preview_lists_what_becomes_public_for_the_first_time(planted, tmp_path):
    out = tmp_path / "out"
    publish(OWNER, out)
    make("New night")

    found = preview(OWNER, out.resolve())

    assert [entry.title for entry in found.fresh] == ["New night"]


def test_a_redaction_leaves_no_trace_of_what_it_hid(planted, tmp_path):
    out = tmp_path / "out"
    publish(OWNER, out)
    assert verify_folder(OWNER, out).problems == ()
    Activity.objects.filter(pk=planted.pk).update(visibility="private")
    done = publish(OWNER, out)

    key = f"activity-{planted.pk}"
    lines = Ledger.read((out / "log.jsonl").read_text()).parsed()
    assert done.preview.redacted == (key,)
    assert [line["action"] for line in lines if line.get("key") == key] == ["published", "redacted"]
    for name, content in everything(out).items():
        assert b"Open night" not in content.replace(b"Open nights", b""), name
    assert key not in json.loads((out / "entries.json").read_text())
    assert verify_folder(OWNER, out).problems == ()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("log/2026-03.html", "21 came", "210 came"),
        ("entries.json", '"came": 21', '"came": 210'),
        ("log.jsonl", '"published"', '"changed"'),
        ("manifest.json", "index.html", "indexx.html"),
        ("style.css", "{", "{ "),
    ],
)
def test_any_silent_change_is_found(planted, tmp_path, file, old, new):
    out = tmp_path / "out"
    publish(OWNER, out)
    text = (out / file).read_text()
    assert old in text
    (out / file).write_text(text.replace(old, new, 1))

    assert verify_folder(OWNER, out).problems


def test_a_ledger_cut_short_or_written_anew_is_found(planted, tmp_path):
    out = tmp_path / "out"
    publish(OWNER, out)
    copy = everything(out)
    make("One more")
    publish(OWNER, out)
    for name in ("log.jsonl", "manifest.json", "entries.json", "log/2026-03.html"):
        (out / name).write_bytes(copy[name])

    assert any("cut or written anew" in problem for problem in verify_folder(OWNER, out).problems)


def test_files_of_the_persons_own_are_never_touched(planted, tmp_path):
    out = tmp_path / "out"
    for n in range(500):
        file = out / f"photos/{n}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(n))
    (out / "CNAME").write_text("log.example.org")
    publish(OWNER, out)
    assert (out / "photos/7.txt").read_text() == "7"
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text("mine")

    with pytest.raises(CannotError, match="was not written by Almanac; nothing was changed"):
        publish(OWNER, other)

    assert everything(other) == {"index.html": b"mine"}
    (out / "index.html").write_text("I edited this")
    make("Another")
    with pytest.raises(CannotError, match="has been changed since Almanac wrote it"):
        publish(OWNER, out)
    assert (out / "index.html").read_text() == "I edited this"


def test_a_publication_that_was_killed_goes_on(planted, tmp_path, monkeypatch):
    out = tmp_path / "out"
    publish(OWNER, out)
    make("One more")
    real = publishing._put

    def killed(file, content):
        if file.name == "atom.xml":
            raise KeyboardInterrupt
        real(file, content)

    monkeypatch.setattr(publishing, "_put", killed)
    with pytest.raises(KeyboardInterrupt):
        publish(OWNER, out)
    monkeypatch.setattr(publishing, "_put", real)
    publish(OWNER, out)

    assert verify_folder(OWNER, out).problems == ()
    assert "One more" in (out / "log/2026-03.html").read_text()


def test_a_folder_that_holds_no_log_is_said_to(logbook, tmp_path):
    with pytest.raises(CannotError, match="holds no public log"):
        verify_folder(OWNER, tmp_path)


def test_consent_withdrawn_takes_a_quote_back(planted, tmp_path):
    from almanac.record.models import Quote

    out = tmp_path / "out"
    publish(OWNER, out)
    quotes.note_consent(OWNER, Quote.objects.get(text="It helped me"), "withdrawn")
    publish(OWNER, out)

    assert not (out / "voices.html").exists()
    assert all(b"It helped me" not in content for content in everything(out).values())


def test_dropped_activities_are_not_public(planted, tmp_path):
    set_status(OWNER, planted, "dropped")
    publish(OWNER, tmp_path / "out")

    assert b"Open night<" not in (tmp_path / "out" / "index.html").read_bytes()


def test_a_mirror_holds_the_record_without_anything_private(planted, tmp_path, monkeypatch):
    real = {}

    def record_only(actor, file):
        real["file"] = file
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("almanac.sqlite3", "x")
        return 7

    monkeypatch.setattr("almanac.actions.keeping.mirror.back_up_record", record_only)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments],
            cwd=checkout, check=True, capture_output=True,
        )  # fmt: skip
    (checkout / "mine.txt").write_text("not yours")

    done = mirror(OWNER, str(checkout))

    assert (done.committed, done.pushed, done.activities) == (True, False, 7)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=checkout, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "public/index.html" in listed
    assert "mine.txt" not in listed


def test_a_mirror_at_a_bare_repository_is_pushed(planted, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "almanac.actions.keeping.mirror.back_up_record",
        lambda _actor, file: file.write_bytes(b"z") and 3,
    )
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)

    done = mirror(OWNER, str(bare))

    assert (done.committed, done.pushed) == (True, True)
    files = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "HEAD"], cwd=bare, capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    assert "READ-ME-FIRST.md" in files


def test_a_mirror_inside_the_logbooks_folder_is_refused(logbook, settings):
    with pytest.raises(CannotError, match="would be lost with it"):
        mirror(OWNER, f"{settings.ALMANAC_HOME}/inside")


def test_entries_of_reviews_stay_with_their_period(planted):
    assert set(ReviewEntry.objects.values_list("period", flat=True)) == {
        "2025",
        "2026",
        "2026@public",
    }
    assert Program.objects.filter(public=True).count() == 1
