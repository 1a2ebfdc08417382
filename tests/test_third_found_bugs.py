"""Names whatever their case, days in one's own zone, editions that name nothing private."""

import json
import subprocess
from datetime import date
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import feedparser
import numpy as np
import pytest

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.content import begin_file
from almanac.actions.errors import CannotError
from almanac.actions.keeping.mirror import mirror
from almanac.actions.metrics import begin_metric
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.actions.programs import begin_program
from almanac.actions.publishing import publish
from almanac.answers.errors import CannotAnswerError
from almanac.answers.metrics import metric_pages as answers
from almanac.answers.review.composition import Audience, review
from almanac.core.metrics.detectable_change import moved_with
from almanac.press import review as press
from almanac.record.models import Program
from almanac.record.rules import OWNER
from almanac.sources.services import devto


def test_names_that_differ_by_the_case_of_any_letter_are_one(logbook):
    begin_metric(OWNER, "Größe Übung")
    with pytest.raises(CannotError, match="already"):
        begin_metric(OWNER, "größe übung")
    begin_program(OWNER, "Écoles")
    with pytest.raises(CannotError, match="already"):
        begin_program(OWNER, "écoles")
    assert answers.find_metric(OWNER, "GRÖSSE ÜBUNG").name == "Größe Übung"
    assert Program.objects.filter(name__icontains="coles").count() == 1


def test_an_article_came_out_on_the_day_it_was_for_its_writer():
    article = {"type_of": "article", "title": "Late", "published_at": "2026-03-01T23:30:00Z"}
    (post,) = devto.read(article, ZoneInfo("Europe/Berlin")).posts
    assert post.day.isoformat() == "2026-03-02"


def test_a_program_that_is_not_public_is_not_named_to_everyone(logbook):
    begin_program(OWNER, "Skunkworks")
    with pytest.raises(CannotAnswerError, match="not public"):
        review(OWNER, "2026", program="skunkworks", audience=Audience.PUBLIC)
    assert review(OWNER, "2026", program="skunkworks").program.name == "Skunkworks"


@pytest.fixture
def odd_titles(logbook):
    return write_down(
        OWNER,
        [
            NewActivity(
                title=title, kind="talk", status="done", program="Talks", day=day,
                fields={"visibility": "public"},
            )
            for title, day in (("{{ secrets }} and {% raw %}", date(2026, 3, 2)), ("Bell", date(2026, 1, 5)))
        ],
    )  # fmt: skip


def test_a_control_letter_does_not_break_the_feed(odd_titles, tmp_path):
    bell = odd_titles[1]
    type(bell).objects.filter(pk=bell.pk).update(title="Ring\x07ing & \ufffe")
    publish(OWNER, tmp_path / "out")
    text = (tmp_path / "out" / "atom.xml").read_bytes()
    ET.fromstring(text)
    feed = feedparser.parse(text)
    assert [entry.title for entry in feed.entries][-1].startswith("Ringing &")
    assert " " not in feed.feed.id


def test_liquid_in_a_title_stays_a_title(odd_titles):
    made = review(OWNER, "2026")
    text = press.md(made, []).content.decode()
    assert "{{" not in text
    assert "{%" not in text
    assert "&#123;{ secrets }}" in text or "secrets" not in text


def test_a_mirror_inside_a_checkout_is_committed(odd_titles, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "almanac.actions.keeping.mirror.back_up_record",
        lambda _actor, file: file.write_bytes(b"z") and 2,
    )
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = mirror(OWNER, str(tmp_path / "below" / "mirror"))
    assert done.committed
    log = subprocess.run(
        ["git", "log", "--name-only", "--format="],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "below/mirror/READ-ME-FIRST.md" in log


def test_a_post_begins_as_a_file_in_a_sites_folder(logbook, tmp_path):
    (post,) = write_down(
        OWNER,
        [
            NewActivity(
                title="Part one: a start", kind="post", status="planned", day=date(2026, 4, 1)
            )
        ],
    )
    file = begin_file(OWNER, post, tmp_path / "_posts")
    assert file.name == "2026-04-01-part-one-a-start.md"
    assert json.dumps(post.title) in file.read_text()
    with pytest.raises(CannotError, match="already"):
        begin_file(OWNER, post, tmp_path / "_posts")


def test_metrics_are_grouped_by_stage_and_by_goal(logbook, browser_client):
    begin_metric(OWNER, "Alpha", stage="revenue", goal="Be known", question="Do they find us?")
    begin_metric(OWNER, "Beta", stage="awareness")
    begin_metric(OWNER, "Gamma")
    assert [line.metric.name for line in answers.metrics(OWNER, by="stage")] == [
        "Beta", "Alpha", "Gamma",
    ]  # fmt: skip
    page = browser_client.get("/metrics/?by=goal").content.decode()
    assert "Be known → Do they find us?" in page
    assert page.index("Alpha") < page.index("Beta")
    assert "rowgroup" not in browser_client.get("/metrics/?by=nonsense").content.decode()


def test_unrelated_numbers_that_remember_are_seldom_said_to_move_together():
    """200 pairs of random walks pulled back to their mean; .16 before their memory was counted."""
    random = np.random.default_rng(4)
    said = 0
    for _ in range(200):
        pair = random.normal(size=(2, 80))
        for n in range(1, 80):
            pair[:, n] += 0.8 * pair[:, n - 1]
        said += moved_with(list(pair[0]), list(pair[1])).chance < 0.05
    assert said / 200 <= 0.08


def test_a_mirror_holds_the_playbooks(odd_titles, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "almanac.actions.keeping.mirror.back_up_record",
        lambda _actor, file: file.write_bytes(b"z") and 2,
    )
    write_playbook(OWNER, Program.objects.get(name="Talks"), "- T: speak\n")
    mirror(OWNER, str(tmp_path / "mirror"))
    assert "- T: speak" in (tmp_path / "mirror" / "playbooks" / "talks.md").read_text()
