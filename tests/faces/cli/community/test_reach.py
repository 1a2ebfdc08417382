"""`almanac reach`, `feedback` and `peers` as commands."""

import json

import pytest

from almanac.actions.playbooks.playbooks import write_playbook
from almanac.record.models import Feedback, HandedLink, Program
from almanac.record.rules import OWNER
from almanac.sources.base import fetching


def told(run, *arguments, code=0):
    return json.loads(run(*arguments, "--json", code=code))


def test_a_link_for_a_talk(run):
    run("log", "gave a talk at VueConf")
    made = told(run, "reach", "link", "https://example.org/docs", "--for", "VueConf")
    assert made["link"].endswith(f"utm_medium=talk&utm_campaign={made['code']}")
    assert run("reach", "link", "https://example.org/x").startswith("https://example.org/x?utm_")
    assert "not counted yet" in run("reach", "links")
    assert "bit.ly/vue are yours" in run("reach", "short", str(made["id"]), "bit.ly/vue")
    assert (
        told(run, "reach", "short", str(made["id"]), "bit.ly/vue")["short"] == "https://bit.ly/vue"
    )
    assert {row["count"] for row in told(run, "reach", "links")} == {None}
    assert "lists them" in run("reach", "short", "99", "bit.ly/x", code=1)
    assert "not a web address" in run("reach", "link", "nowhere", code=1)
    assert HandedLink.objects.count() == 2


def test_a_channel_is_corrected(run, tmp_path):
    file = tmp_path / "form.csv"
    file.write_text("Row,How did you hear about us?\n1,The Foo\n", "utf-8")
    run("import", str(file))
    assert "1 answer counts for newsletter now." in run("reach", "correct", "the foo", "newsletter")
    assert told(run, "reach", "correct", "the foo", "newsletter") == {"moved": 0}
    assert "Nobody gave that answer" in run("reach", "correct", "nothing", "search")


def test_reach_says_what_it_rests_on(run):
    assert "No links yet" in run("reach", "links")
    run("heard", "I wouldn't have known about you otherwise")
    said = run("reach")
    assert "Can’t say yet how many came because of your work" in said
    assert "Shown: 1 quote from people who would not have known of you otherwise." in said


def test_feedback_from_hearing_to_telling(run):
    assert "No feedback yet" in run("feedback")
    run("log", "gave a talk at VueConf")
    said = run(
        "feedback", "add", "Shorter docs", "--who", "Ada", "--at", "VueConf", "--day", "2026-03-02"
    )
    assert said == "1. Shorter docs: heard.\n"
    assert "1. Shorter docs: ticket." in run("feedback", "ticket", "1", "DOCS-4")
    assert "1. Shorter docs: shipped." in run(
        "feedback", "state", "1", "done", "--became", "A page"
    )
    listed = run("feedback")
    assert "Product: 1 piece (1 shipped)." in listed
    assert "Tell Ada: shipped (1)." in listed
    assert told(run, "feedback", "told", "1")["told_on"]
    assert "Tell Ada" not in run("feedback", "list")
    (row,) = told(run, "feedback")
    assert (row["ticket"], row["became"], row["day"]) == ("DOCS-4", "A page", "2026-03-02")
    assert "heard, passed_on, done or closed" in run("feedback", "state", "1", "eaten", code=1)
    assert "shipped" in run("feedback", "state", "1", "shipped")
    assert "lists it" in run("feedback", "told", "9", code=1)
    assert Feedback.objects.get().activity.title


@pytest.fixture
def web(monkeypatch):
    held = {}

    def fetch(address, **_):
        if address not in held:
            raise fetching.NotThereError("peer.example answered 404")
        return fetching.Fetched(held[address].encode(), "", "")

    monkeypatch.setattr(fetching, "fetch", fetch)
    return held


def test_peers_from_following_to_sharing(run, web, tmp_path):
    assert "You follow nobody yet" in run("peers")
    web["https://peer.example/feed"] = (
        '<rss version="2.0"><channel><item><title>One</title><link>https://peer.example/1</link>'
        "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>"
    )
    assert run("peers", "follow", "https://peer.example/feed", "--name", "Mara") == "1 new entry.\n"
    assert "Mara: 1 unread." in run("peers")
    assert "2 Mar 2026 Mara: One https://peer.example/1" in run("peers", "list")
    web.clear()
    assert "Mara: peer.example answered 404" in run("peers", "read")
    assert told(run, "peers", "read") == {"new": 0, "problems": ["Mara: peer.example answered 404"]}
    (row,) = told(run, "peers")
    assert (row["name"], row["unread"]) == ("Mara", 1)
    assert "no longer follow Mara" in run("peers", "unfollow", str(row["id"]))
    assert "lists them" in run("peers", "unfollow", str(row["id"]), code=1)

    assert "Nothing to share yet" in run("peers", "share")
    run("program", "add", "Small groups")
    write_playbook(OWNER, Program.objects.get(name="Small groups"), "# Groups\n\n- T-7: announce\n")
    file = tmp_path / "groups.md"
    assert f"Wrote {file}" in run("peers", "share", "playbook", "small", "--out", str(file))
    assert "announce" in run("peers", "share", "playbook", "small")
    assert "in your public log" in run("peers", "share", "playbook", "small", "--public")
    assert [row["public"] for row in told(run, "peers", "share")] == [True]
    assert "leaves your public log" in run("peers", "share", "playbook", "small", "--no-public")
    assert "The playbook is yours now" in run(
        "peers", "take", str(file), "--program", "Study group"
    )
    web["https://peer.example/groups.md"] = file.read_text("utf-8")
    taken = told(run, "peers", "take", "https://peer.example/groups.md", "--program", "Third")
    assert taken["kind"] == "playbook"
    for arguments, said in (
        (("share", "recipe", "x"), "playbook, finding or metric"),
        (("share", "metric", "x"), "no metric called"),
        (("take", str(file)), "For which program"),
        (("take", str(tmp_path / "gone.md")), "gone.md"),
        (("take", "https://peer.example/none.md"), "404"),
    ):
        assert said in run("peers", *arguments, code=1)
