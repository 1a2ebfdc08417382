"""Reach, feedback and peers in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.conftest import NOW, text

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.community import peers as peer_verbs
from almanac.actions.community.people import note_person, talk_to
from almanac.record.models import (
    Feedback,
    HandedLink,
    Peer,
    PeerEntry,
    PlaybookVersion,
    Referral,
    Request,
)
from almanac.record.queries import preferences
from almanac.record.rules import OWNER
from almanac.sources.base import fetching

TODAY = NOW.date()


@pytest.fixture
def talk(logbook):
    (made,) = write_down(
        OWNER, [NewActivity("VueConf keynote", kind="talk", program="Talks", day=TODAY)]
    )
    return made


def test_a_link_is_handed_out_counted_and_deleted(browser_client, talk):
    assert "Can’t say yet" in text(browser_client.get("/community/reach/"))
    browser_client.post(
        "/community/reach/links/", {"url": "https://example.org/docs", "activity": talk.pk}
    )
    link = HandedLink.objects.get()
    address = f"/community/reach/links/{link.pk}/"
    browser_client.post(address, {"count": "1,084", "day": "2026-03-17"})
    browser_client.post(address, {"short": "bit.ly/vue"})
    page = text(browser_client.get("/community/reach/"))
    assert "<b>1,084</b> clicks" in page
    assert "https://bit.ly/vue" in page
    assert "1,084 clicks" in page
    for given, said in (
        ({"count": ""}, "whole number"),
        ({"short": "javascript:x"}, "web address"),
    ):
        assert said in text(browser_client.post(address, given, follow=True))
    browser_client.post(address, {"do": "delete"})
    assert not HandedLink.objects.exists()
    assert browser_client.post(address, {"count": "1"}).status_code == 404
    bad = browser_client.post("/community/reach/links/", {"url": "nowhere"}, follow=True)
    assert "not a web address" in text(bad)


def test_an_answers_channel_is_corrected(browser_client, logbook):
    Referral.objects.create(
        answer="<b>The Foo</b>", channel="other", day=TODAY, origin="x, row 1", noted_at=NOW
    )
    page = text(browser_client.get("/community/reach/answers/"))
    assert "&lt;b&gt;The Foo&lt;/b&gt;" in page
    given = {"answer": "<b>The Foo</b>", "channel": "newsletter"}
    browser_client.post("/community/reach/answers/correct/", given)
    assert Referral.objects.get().channel == "newsletter"
    assert "by you" in text(browser_client.get("/community/reach/answers/"))
    given["channel"] = "pigeon"
    refusal = browser_client.post("/community/reach/answers/correct/", given, follow=True)
    assert "The channels are" in text(refusal)


def test_feedback_is_heard_passed_on_and_told(browser_client, talk):
    assert "Nothing yet" in text(browser_client.get("/community/feedback/"))
    given = {"text": "Shorter <docs>", "who": "Ada", "activity": talk.pk, "receiver": "product"}
    browser_client.post("/community/feedback/", given)
    row = Feedback.objects.get()
    assert row.activity == talk
    address = f"/community/feedback/{row.pk}/"
    form = {"state": "heard", "ticket": "https://example.org/1", "who": "Ada", "became": ""}
    browser_client.post(address, form)
    assert Feedback.objects.get().state == "passed_on"
    browser_client.post(address, form | {"state": "done", "became": "A page"})
    page = text(browser_client.get("/community/feedback/"))
    assert "Ada: <b>shipped</b>, “Shorter &lt;docs&gt;”" in page
    assert "Product: 1 piece (1 shipped)." in page
    browser_client.post(address, {"do": "told"})
    assert "Tell them" not in text(browser_client.get("/community/feedback/"))
    browser_client.post(address, form | {"state": "passed_on"})
    browser_client.post(address, form)
    assert Feedback.objects.get().state == "heard"
    note_person(OWNER, "Ada")
    own = text(browser_client.get("/community/people/?words=ada"))
    token = own.split("/community/people/")[2].split("/")[0] if "Ada" in own else ""
    assert token
    browser_client.post(address, {"do": "delete"})
    assert browser_client.post(address, {"do": "told"}).status_code == 404
    refusal = browser_client.post("/community/feedback/", {"text": ""}, follow=True)
    assert "What did they say" in text(refusal)


def test_a_person_shows_what_came_from_them_and_the_time_together(browser_client, talk):
    ada = note_person(OWNER, "Ada", handles="ada@example.org")
    talk_to(OWNER, ada, talk)
    talk.hours_spent = 2
    talk.save()
    browser_client.post("/community/feedback/", {"text": "Shorter", "who": "Kim, Ada"})
    browser_client.post("/community/feedback/", {"text": "Not hers", "who": "Adamsky"})
    page = text(browser_client.get("/community/people/"))
    token = page.split('href="/community/people/')[-1].split("/")[0]
    own = text(browser_client.get(f"/community/people/{token}/"))
    assert "2 h together" in own
    assert "Shorter" in own
    assert "Not hers" not in own
    assert "Conferences and talks: 1 time, 2 h; 1 person talked to, 0 came to yours later." in page


def test_one_to_ones_are_asked_for_offered_and_full(browser_client, logbook):
    browser_client.post("/plan/requests/", {"title": "A chat", "one_to_one": "1", "hours": "1"})
    activity = Request.objects.get().activity
    assert activity.kind == "meeting"
    browser_client.post("/plan/requests/one-to-ones/", {"hours": "1", "reply": "Next week!"})
    assert preferences.value("one_to_one_hours") == 1
    page = text(browser_client.get("/plan/requests/"))
    assert (
        "You offer 1 h a week for 1:1s; this week 0 h are taken. 1 was asked for this month" in page
    )
    activity.status, activity.day = "planned", TODAY
    activity.save()
    page = text(browser_client.get("/plan/requests/"))
    assert "this week 1 h is taken; none are left" in page
    assert "Next week!" in page
    refusal = browser_client.post("/plan/requests/one-to-ones/", {"hours": "900"}, follow=True)
    assert "from 0 to 60" in text(refusal)
    browser_client.post("/plan/requests/one-to-ones/", {"hours": "", "reply": ""})
    assert preferences.value("one_to_one_hours") == 0


@pytest.fixture
def web(monkeypatch):
    held = {}

    def fetch(address, **_):
        if address not in held:
            raise fetching.NotThereError(f"{fetching.host_of(address)} answered 404")
        return fetching.Fetched(held[address].encode(), "", "")

    monkeypatch.setattr(fetching, "fetch", fetch)
    return held


RSS = """<rss version="2.0"><channel><title>Log</title>
<item><title>One &lt;i&gt;</title><link>https://peer.example/1</link><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>
<item><title>Two</title><link>javascript:alert(1)</link><pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate></item>
</channel></rss>"""


def test_peers_are_followed_read_and_left(browser_client, web):
    assert "Nothing is sent to them" in text(browser_client.get("/community/peers/"))
    web["https://peer.example/feed"] = RSS
    browser_client.post("/community/peers/", {"site": "peer.example/feed", "name": "Mara"})
    page = text(browser_client.get("/community/peers/"))
    assert "Mara" in page
    assert "javascript:alert" not in page
    assert "2 unread" in page
    first = PeerEntry.objects.get(title="Two")
    browser_client.post("/community/peers/read/", {"entry": first.pk})
    assert "1 unread" in text(browser_client.get("/community/peers/"))
    browser_client.post("/community/peers/read/", {})
    assert "Nothing new." in text(browser_client.get("/community/peers/"))
    assert "Two" in text(browser_client.get("/community/peers/?show=all"))
    web.clear()
    said = text(browser_client.post("/community/peers/", {"do": "refresh"}, follow=True))
    assert "answered 404" in said
    peer = Peer.objects.get()
    address = f"/community/peers/{peer.pk}/"
    browser_client.post(address, {"do": "talked", "about": "Groups", "hours": "1.5", "day": ""})
    assert "1.5 h together" in text(browser_client.get("/community/peers/"))
    browser_client.post(address, {"name": "Mara L", "site": "peer.example", "feed": ""})
    assert Peer.objects.get().name == "Mara L"
    assert "called" in text(browser_client.post(address, {"name": ""}, follow=True))
    browser_client.post(address, {"do": "unfollow"})
    assert browser_client.post(address, {"do": "unfollow"}).status_code == 404


PLAYBOOK = "---\nalmanac: playbook\ntitle: Groups\nsource: Mara\n---\n# Groups\n\n- T-7: announce\n"


def test_a_file_is_taken_over_and_one_is_shared(browser_client, web):
    file = SimpleUploadedFile("groups.md", PLAYBOOK.encode())
    given = {"file": file, "program": "Study group"}
    assert browser_client.post("/community/peers/take-over/", given).url == "/programs/"
    assert PlaybookVersion.objects.get().why == "Taken over from Mara"
    web["https://peer.example/groups.md"] = PLAYBOOK
    given = {"address": "https://peer.example/groups.md", "program": "Another"}
    browser_client.post("/community/peers/take-over/", given)
    assert PlaybookVersion.objects.count() == 2
    for bad, said in (
        ({}, "Choose a file"),
        ({"file": SimpleUploadedFile("a.md", b"x" * 900_000)}, "too long"),
        ({"file": SimpleUploadedFile("a.md", b"\xff\xfe\x00\x01")}, "not a playbook"),
        ({"address": "https://gone.example/x.md"}, "answered 404"),
    ):
        assert said in text(browser_client.post("/community/peers/take-over/", bad, follow=True))
    program = PlaybookVersion.objects.first().program_id
    there = browser_client.get(f"/community/peers/files/playbook-{program}.md")
    assert there["Content-Disposition"] == 'attachment; filename="playbook-study-group.md"'
    assert there.content.decode().startswith("---\nalmanac: ")
    assert browser_client.get("/community/peers/files/playbook-99.md").status_code == 404
    browser_client.post(f"/community/peers/files/playbook-{program}/", {"public": "1"})
    assert preferences.value("public_files") == [f"playbook-{program}"]
    assert browser_client.post("/community/peers/files/playbook-99/").status_code == 404


def test_a_peer_nobody_read_yet_is_said_so(browser_client, logbook):
    peer_verbs.follow(OWNER, "https://peer.example/", "Mara")
    assert "Feed not fetched yet." in text(browser_client.get("/community/peers/"))
