"""Peers: following, reading, time together, taking over and sharing."""

from datetime import timedelta

import pytest
from tests.conftest import NOW

from almanac.actions import metrics
from almanac.actions.community import peers as verbs
from almanac.actions.community.people import note_person
from almanac.actions.errors import CannotError
from almanac.actions.experiments.experiments import close, try_something
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.actions.preferences import prefer
from almanac.actions.review.publishing import publish, verify_folder
from almanac.answers.community.peers import entries, peers
from almanac.answers.community.shared_files import find_shareable, shareables, shared_file
from almanac.core.errors import AlmanacError
from almanac.record.models import (
    Activity,
    Change,
    Experiment,
    Metric,
    Peer,
    PeerEntry,
    PlaybookVersion,
    Program,
)
from almanac.record.rules import OWNER
from almanac.sources.base import fetching
from almanac.sources.text.rss import feed_of_page
from almanac.sources.text.shared_file import read_shared

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Log</title><id>x</id>
{}
</feed>"""
ENTRY = """<entry><title>{0}</title><id>{0}</id><link href="https://peer.example/{0}"/>
<updated>2026-03-0{1}T10:00:00Z</updated><summary type="html">&lt;p&gt;On &lt;b&gt;{0}&lt;/b&gt; &amp;amp; more
&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;</summary></entry>"""
PAGE = """<html><head><link rel="alternate" type="application/rss+xml" href="/rss">
<link rel='alternate' type='application/atom+xml' href='atom.xml'></head></html>"""


def feed(*titles):
    return ATOM.format("".join(ENTRY.format(title, n) for n, title in enumerate(titles, 1)))


@pytest.fixture
def web(monkeypatch):
    """Addresses of a web of one's own; None stands for “not changed”."""
    held = {}

    def fetch(address, **_):
        if address not in held:
            raise fetching.NotThereError(f"{fetching.host_of(address)} answered 404")
        content = held[address]
        return None if content is None else fetching.Fetched(content.encode(), "tag", "")

    monkeypatch.setattr(fetching, "fetch", fetch)
    return held


TOOTS = """<rss version="2.0"><channel><title>Mara</title>
<item><link>https://social.example/1</link><pubDate>Mon, 02 Mar 2026 10:00:00 +0000</pubDate>
<description>&lt;p&gt;We ran a “fix-it” night.&lt;/p&gt;&lt;p&gt;Nine came.&lt;/p&gt;</description></item>
<item><link>https://social.example/2</link><pubDate>Tue, 03 Mar 2026 10:00:00 +0000</pubDate></item>
</channel></rss>"""


def last():
    return Change.objects.order_by("-pk").first()


def test_notes_without_titles_are_read_and_a_feed_without_days_says_so(logbook, web):
    web["https://social.example/rss"] = TOOTS
    peer = verbs.follow(OWNER, "https://social.example", "Mara", "https://social.example/rss")
    assert verbs.read_peers(OWNER, [peer]) == 1
    (entry,) = entries(OWNER)
    assert (entry.title, entry.summary) == ("We ran a “fix-it” night.", "Nine came.")
    web["https://social.example/rss"] = TOOTS.replace("pubDate", "when")
    verbs.read_peers(OWNER, [peer])
    peer.refresh_from_db()
    assert peer.problem == (
        "Nothing in the feed of social.example can be read: the first entry has no day."
    )


def test_the_feed_of_a_site_is_found_read_and_read_again(logbook, web):
    web |= {
        "https://peer.example/log/": PAGE,
        "https://peer.example/log/atom.xml": feed("one", "two"),
    }
    peer = verbs.follow(OWNER, "peer.example/log/", "Mara")
    assert verbs.read_peers(OWNER, [peer]) == 2
    assert [(e.title, e.summary, e.link) for e in entries(OWNER)] == [
        ("two", "On two & more", "https://peer.example/two"),
        ("one", "On one & more", "https://peer.example/one"),
    ]
    web["https://peer.example/log/atom.xml"] = None
    assert verbs.read_peers(OWNER, [peer]) == 0
    lines = Change.objects.count()
    assert verbs.read_peers(OWNER, [peer]) == 0
    assert Change.objects.count() == lines
    web["https://peer.example/log/atom.xml"] = feed("one", "two", "three")
    assert verbs.read_peers(OWNER, [peer]) == 1
    assert last().summary == "Read 1 new entry of peers"
    assert last().undo is None


def test_one_peers_problem_leaves_the_others(logbook, web):
    web |= {
        "https://good.example/feed": feed("one"),
        "https://page.example/": "<html></html>",
        "https://odd.example/feed": "no feed at all",
        "https://site.example/feed": feed("three"),
    }
    rows = [
        verbs.follow(OWNER, "", feed="https://good.example/feed", name="Good"),
        verbs.follow(OWNER, "https://page.example/"),
        verbs.follow(OWNER, "", feed="https://odd.example/feed"),
        verbs.follow(OWNER, "https://gone.example/"),
        verbs.follow(OWNER, "https://site.example/feed", "A feed as a site"),
    ]
    assert verbs.read_peers(OWNER, rows) == 2
    assert [row.problem.partition(";")[0] for row in rows] == [
        "",
        "page.example names no feed",
        "odd.example has no feed at https://odd.example/feed",
        "gone.example answered 404",
        "",
    ]


def test_a_hostile_feed_ends_in_a_sentence(logbook, web):
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    web["https://bad.example/feed"] = f"{bomb}]><rss><channel><title>&j;</title></channel></rss>"
    peer = verbs.follow(OWNER, "", feed="https://bad.example/feed")
    assert verbs.read_peers(OWNER, [peer]) == 0
    assert not PeerEntry.objects.exists()


@pytest.mark.parametrize("address", ["", " ", "javascript:alert(1)", "ftp://x.example/"])
def test_only_web_addresses_are_followed(logbook, address):
    with pytest.raises(AlmanacError):
        verbs.follow(OWNER, address)
    assert not Peer.objects.exists()


def test_erasing_a_peer_takes_what_they_wrote(logbook, web):
    web["https://ada.example/feed"] = feed("one")
    peer = verbs.follow(OWNER, "https://ada.example/feed", "Ada Lovelace")
    verbs.read_peers(OWNER, [peer])
    erase(OWNER, "Ada Lovelace")
    assert not Peer.objects.exists()
    assert not PeerEntry.objects.exists()


def test_nobody_is_followed_twice_and_unfollowing_takes_what_was_read(logbook, web):
    web["https://peer.example/feed"] = feed("one")
    peer = verbs.follow(OWNER, "https://peer.example/feed")
    with pytest.raises(CannotError, match="already"):
        verbs.follow(OWNER, "https://peer.example/feed")
    verbs.read_peers(OWNER, [peer])
    with pytest.raises(CannotError, match="already"):
        verbs.follow(OWNER, "", feed="https://peer.example/feed")
    verbs.unfollow(OWNER, peer)
    assert not PeerEntry.objects.exists()
    assert last().undo is None


def test_entries_are_marked_as_read_and_undone(logbook, web):
    web["https://peer.example/feed"] = feed("one", "two")
    peer = verbs.follow(OWNER, "https://peer.example/feed")
    verbs.read_peers(OWNER, [peer])
    assert verbs.mark_read(OWNER, list(entries(OWNER))) == 2
    assert last().summary == "Marked 2 entries of peers as read"
    assert peers(OWNER)[0].unread == 0
    undo(OWNER, last())
    assert peers(OWNER)[0].unread == 2
    assert verbs.mark_read(OWNER, []) == 0


def test_a_peers_address_is_changed_and_undone(logbook, web):
    peer = verbs.follow(OWNER, "https://peer.example/", "Mara")
    note_person(OWNER, "Ada")
    verbs.change_peer(OWNER, peer, name="Ada", site="", feed="https://ada.example/feed")
    assert Peer.objects.get().person.name == "Ada"
    undo(OWNER, last())
    assert (Peer.objects.get().name, Peer.objects.get().feed) == ("Mara", "")
    for given, said in (({"name": " "}, "called"), ({"site": "", "feed": ""}, "Where")):
        with pytest.raises(CannotError, match=said):
            verbs.change_peer(OWNER, peer, **{"name": "A", "site": "a.example", "feed": ""} | given)


def test_time_with_a_peer_is_work_that_counts(logbook):
    peer = verbs.follow(OWNER, "https://peer.example/", "Mara Lindt")
    made = verbs.talked_with(OWNER, peer, "", NOW.date() - timedelta(days=1), 1.5)
    assert (made.title, made.kind, float(made.hours_spent)) == (
        "Talked with Mara Lindt", "engagement", 1.5,
    )  # fmt: skip
    verbs.talked_with(OWNER, peer, "Small groups", None, 0.5)
    assert peers(OWNER)[0].hours == 2
    undo(OWNER, last())
    assert peers(OWNER)[0].hours == 1.5
    assert Activity.objects.count() == 1


# Taking over, and sharing


PLAYBOOK = "# Small groups\n\n## Steps\n\n- T-14 days: announce (2h) @ana\n"


@pytest.fixture
def shared(logbook):
    """One of each, as files of a log of one's own."""
    prefer(OWNER, public_title="Ana’s log", public_address="https://ana.example")
    metrics.begin_metric(
        OWNER, 'Docs: "readers"', definition="Unique readers a week", formula="a / b", unit="readers",
        measure="stock", direction="down",
    )  # fmt: skip
    program = Program.objects.create(
        name="Small groups", slug="small-groups", created_at=NOW, updated_at=NOW
    )
    write_playbook(OWNER, program, PLAYBOOK)
    tried = try_something(
        OWNER,
        "reminders a day before",
        "people forget",
        "a fifth more come",
        NOW.date(),
        topic="reminders",
    )
    close(OWNER, tried, "worked", "34 came, 20 before", why="they said so")
    return {
        kind: shared_file(OWNER, find_shareable(OWNER, kind, words).key)
        for kind, words in (("playbook", "small"), ("finding", "reminders"), ("metric", "docs"))
    }


@pytest.mark.parametrize("kind", ["playbook", "finding", "metric"])
def test_a_shared_file_is_read_back_as_it_was(shared, kind):
    file = shared[kind]
    read = read_shared("x.md", file.write())
    assert (read.kind, read.title, read.source, read.link, read.day) == (
        file.kind, file.title, "Ana’s log", "https://ana.example", file.day,
    )  # fmt: skip
    assert read.text == file.text.strip()
    assert {k: v for k, v in file.fields.items() if v} == read.fields


def test_a_playbook_is_taken_over_with_its_source(shared):
    with pytest.raises(CannotError, match="For which program"):
        verbs.take_over(OWNER, "x.md", shared["playbook"].write())
    verbs.take_over(OWNER, "x.md", shared["playbook"].write(), "Study group")
    version = PlaybookVersion.objects.get(program__name="Study group")
    assert (version.text, version.why) == (
        PLAYBOOK, "Taken over from Ana’s log, https://ana.example",
    )  # fmt: skip
    undo(OWNER, last())
    assert not Program.objects.filter(name="Study group").exists()


def test_a_metric_is_begun_with_its_source(shared):
    Metric.objects.all().delete()
    verbs.take_over(OWNER, "x.md", shared["metric"].write())
    metric = Metric.objects.get()
    assert (metric.name, metric.unit, metric.measure, metric.direction) == (
        'Docs: "readers"', "readers", "stock", "down",
    )  # fmt: skip
    assert metric.versions.last().definition == (
        "Unique readers a week (Taken over from Ana’s log, https://ana.example)"
    )
    with pytest.raises(CannotError, match="already"):
        verbs.take_over(OWNER, "x.md", shared["metric"].write())


def test_a_finding_becomes_an_experiment_of_ones_own(shared):
    _, key = verbs.take_over(OWNER, "x.md", shared["finding"].write(), "Open nights")
    made = Experiment.objects.get(pk=key)
    assert made.because == "Ana’s log, https://ana.example tried it: 34 came, 20 before"
    assert (made.trying, made.worked_if, made.topic, made.program.name) == (
        "reminders a day before", "a fifth more come", "reminders", "Open nights",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a playbook"),
        ("# Just Markdown", "not a playbook"),
        ("---\nalmanac: secret\ntitle: x\n---\n", "not a playbook"),
        ("---\nalmanac: playbook\n---\ntext", "no title"),
        ("---\nalmanac: [1\n---\n", "front matter"),
        ("---\nalmanac: playbook\ntitle: x\n", "never closes"),
        ("x" * 200_001, "too long"),
        ("---\nalmanac: playbook\ntitle: Empty\n---\n", "empty"),
    ],
)
def test_what_is_no_shared_file_is_said(logbook, text, said):
    with pytest.raises(AlmanacError, match=said):
        verbs.take_over(OWNER, "x.md", text, "Study group")
    assert not Program.objects.filter(name="Study group").exists()


def test_a_link_that_is_none_and_fields_that_are_odd_are_left_out(logbook):
    text = "---\nalmanac: metric\ntitle: T\nlink: javascript:alert(1)\nmeasure: magic\nunit: [a]\n---\nIt counts"
    verbs.take_over(OWNER, "x.md", text)
    metric = Metric.objects.get()
    assert (metric.measure, metric.unit) == ("flow", "")
    assert metric.versions.last().definition == (
        "It counts (Taken over from somebody who did not say who they are)"
    )


def test_a_file_is_taken_over_from_its_address(shared, web):
    web["https://ana.example/shared/playbook-1.md"] = shared["playbook"].write()
    name, text = verbs.fetched_file(OWNER, "https://ana.example/shared/playbook-1.md")
    assert (name, text) == ("playbook-1.md", shared["playbook"].write())


def test_files_stand_in_the_public_log_while_they_are_wanted(shared, tmp_path):
    rows = {row.kind: row for row in shareables(OWNER)}
    folder = tmp_path / "site"
    publish(OWNER, folder)
    assert not (folder / "take-over.html").exists()
    for row in rows.values():
        verbs.show_file(OWNER, row.key, row.title, public=True)
    publish(OWNER, folder)
    assert "Small groups" in (folder / "take-over.html").read_text("utf-8")
    held = (folder / f"shared/{rows['playbook'].key}.md").read_text("utf-8")
    assert read_shared("x.md", held).text == shared["playbook"].text.strip()
    assert not verify_folder(OWNER, folder).problems
    verbs.show_file(OWNER, rows["metric"].key, "Docs", public=False)
    assert last().summary == "Removed “Docs” from the public log"
    publish(OWNER, folder)
    assert not (folder / f"shared/{rows['metric'].key}.md").exists()
    assert feed_of_page((folder / "take-over.html").read_text("utf-8"), "https://a.example/") == (
        "https://a.example/atom.xml"
    )


def test_what_is_gone_is_shared_no_more(shared):
    for key in ("playbook-99", "finding-99", "metric-99", "metric-x", "secret-1", ""):
        assert shared_file(OWNER, key) is None
    assert find_shareable(OWNER, "metric", "nothing") is None
    assert find_shareable(OWNER, "playbook", "Small groups").title == "Small groups"


def test_adding_to_the_public_log_is_undone(shared):
    row = find_shareable(OWNER, "metric", "docs")
    verbs.show_file(OWNER, row.key, row.title, public=True)
    verbs.show_file(OWNER, row.key, row.title, public=True)
    undo(OWNER, last())
    assert not any(each.is_public for each in shareables(OWNER))
