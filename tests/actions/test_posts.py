"""Posts: their series, addresses and views; what a file brings of them, and what undo puts back."""

from datetime import date, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions import content
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.metrics import begin_metric
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.answers.imports.import_plan import Content, PlannedNumbers, PlannedPost
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Change,
    Link,
    Measurement,
    Metric,
    Move,
    Post,
    PostCount,
    Program,
    Quote,
    Referral,
    Series,
    Tag,
)
from almanac.record.rules import OWNER
from almanac.sources.base.rows import PostReading, PostRow, QuoteRow, ReferralRow

TODAY = date(2026, 3, 18)
ONE, TWO = "https://a.example/1", "https://b.example/1"


def said():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first().summary


@pytest.fixture
def post(plan_event):
    return plan_event("Part one", kind="post", days=-3, status="done", format="")


def another(plan_event, title):
    return plan_event(title, kind="post", days=-2, status="done", format="")


def write(*posts, **more):
    with verb(OWNER, "import") as line:
        return content.write_content(Content(posts=posts, **more), "feed.xml", line)


def row(**more):
    return PostRow(**({"row": 1, "title": "Part one"} | more))


def test_a_post_is_put_into_a_series_and_undone(post):
    made = content.set_post(
        OWNER, post, series=" First  steps ", canonical=ONE, elsewhere=[TWO]
    )  # fmt: skip
    assert said() == "Changed the series or addresses of “Part one”"
    series = Series.objects.get()
    assert (series.name, series.slug, series.created_at, series.updated_at) == (
        "First steps", "first-steps", NOW, NOW,
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.series, made.position, made.canonical, made.elsewhere) == (series, 1, ONE, [TWO])
    content.set_post(OWNER, post, position=4, canonical="", elsewhere=[])
    made.refresh_from_db()
    assert (made.series, made.position, made.canonical, made.elsewhere) == (series, 4, "", [])
    undo(OWNER)
    made.refresh_from_db()
    assert (made.position, made.canonical, made.elsewhere) == (1, ONE, [TWO])
    undo(OWNER)
    assert not Post.objects.exists()
    assert not Series.objects.exists()


def test_the_next_part_comes_after_the_last_one(post, plan_event):
    content.set_post(OWNER, post, series="Steps", position=7)
    second = another(plan_event, "Part two")
    assert content.set_post(OWNER, second, series="steps").position == 8
    assert content.set_post(OWNER, second, series="Other").position == 8
    assert content.set_post(OWNER, second, series=" ").series is None
    third = another(plan_event, "Part three")
    assert content.set_post(OWNER, third, series="Steps", position=2).position == 2
    assert Series.objects.count() == 2


def test_series_and_addresses_that_cannot_be(post):
    with verb(OWNER, "test") as line:
        assert content.series_for("s" * 201, line).name == "s" * 200
        with pytest.raises(CannotError, match="needs a name"):
            content.series_for("  ", line)
    with pytest.raises(CannotError, match="not a web address"):
        content.set_post(OWNER, post, elsewhere=[ONE, "javascript:x"])
    assert not Post.objects.exists()


def test_views_are_kept_by_platform_and_day_and_corrections_undone(post):
    content.count_views(OWNER, post, f" {'d' * 41} ", 1234, origin="o" * 201)
    row = PostCount.objects.get()
    assert (row.platform, row.what, row.count, row.day) == ("d" * 40, "views", 1234, TODAY)
    assert (row.origin, row.noted_at, row.replaced_at) == ("o" * 200, NOW, None)
    with clock.at(NOW + timedelta(days=1)):
        content.count_views(OWNER, post, "d" * 40, 1300, TODAY)
        row.refresh_from_db()
        assert row.replaced_at == NOW + timedelta(days=1)
        assert PostCount.objects.get(replaced_at=None).count == 1300
        undo(OWNER)
    row.refresh_from_db()
    assert row.replaced_at is None
    content.count_views(OWNER, post, "d" * 40, 1234, TODAY)
    content.count_views(OWNER, post, "d" * 40, 5, TODAY, what="likes")
    content.count_views(OWNER, post, "dev.to", 1500, TODAY)
    assert said() == "“Part one” had 1,500 views on dev.to on 18 Mar 2026"
    assert PostCount.objects.count() == 3


@pytest.mark.parametrize(("count", "fits"), [(0, True), (10**15, True), (-1, False),
                                             (10**15 + 1, False)])  # fmt: skip
def test_views_at_their_limits(post, count, fits):
    if fits:
        content.count_views(OWNER, post, "dev.to", count)
    else:
        with pytest.raises(CannotError, match="0 or more"):
            content.count_views(OWNER, post, "dev.to", count)
    assert PostCount.objects.exists() is fits
    with pytest.raises(CannotError, match="Which platform"):
        content.count_views(OWNER, post, " ", 3)


def test_a_new_post_comes_with_all_that_a_file_tells(logbook):
    told = row(
        url=ONE, day=TODAY, platform="dev.to", tags=("#api ", " #", "t" * 61), series="Steps",
        notes="Draft.", key="k" * 300,
    )  # fmt: skip
    planned = PlannedPost(told, "Blog", readings=(PostReading(TODAY, "views", 7),),
                          elsewhere=(TWO, ONE, "javascript:x"))  # fmt: skip
    (key,) = write(planned)
    made = Activity.objects.get()
    assert (made.pk, made.kind, made.status, made.day) == (key, "post", "done", TODAY)
    assert (made.program.name, made.zone, made.notes, made.source) == (
        "Blog", "Europe/Berlin", "Draft.", "content",
    )  # fmt: skip
    assert (made.event_id, made.created_at, made.updated_at) == (
        "post:" + "k" * 195, NOW, NOW,
    )  # fmt: skip
    assert {tag.name for tag in made.tags.all()} == {"api", "t" * 60}
    assert [link.url for link in made.links.all()] == [ONE]
    post = Post.objects.get()
    assert (post.canonical, post.elsewhere, post.position) == (ONE, [TWO], 1)
    assert post.series.name == "Steps"
    row_ = PostCount.objects.get()
    assert (row_.platform, row_.count, row_.origin) == ("dev.to", 7, "feed.xml")
    undo(OWNER)
    for model in (Activity, Post, PostCount, Series, Tag, Link, Program):
        assert not model.objects.exists(), model


@pytest.mark.parametrize(
    ("day", "status", "becomes", "moves"),
    [
        (TODAY, "", "done", 0), (TODAY + timedelta(days=1), "", "planned", 1), (None, "", "planned", 1),
        (None, "idea", "idea", 1), (TODAY, "dropped", "dropped", 0),
    ],
)  # fmt: skip
def test_a_post_is_done_once_its_day_is_there(logbook, day, status, becomes, moves):
    write(PlannedPost(row(day=day, status=status), "Blog"))
    made = Activity.objects.get()
    assert (made.status, made.event_id) == (becomes, "")
    assert Move.objects.count() == moves


def test_of_a_post_that_is_there_only_what_is_new_is_added_and_undone(post):
    content.set_post(OWNER, post, elsewhere=[TWO])
    planned = PlannedPost(
        row(url=ONE, series="Steps"), "Blog", existing=post, elsewhere=(TWO, "https://c.example/1"),
        readings=(PostReading(TODAY, "views", 3),),
    )  # fmt: skip
    assert write(planned) == [post.pk]
    kept = Post.objects.get()
    assert (kept.series.name, kept.position, kept.canonical) == ("Steps", 1, ONE)
    assert kept.elsewhere == [TWO, "https://c.example/1"]
    assert PostCount.objects.get().platform == "own site"
    undo(OWNER)
    kept.refresh_from_db()
    assert (kept.series, kept.position, kept.canonical, kept.elsewhere) == (None, None, "", [TWO])
    assert not PostCount.objects.exists()


def test_what_a_person_said_of_a_post_is_not_overruled(post):
    content.set_post(OWNER, post, series="Mine", canonical=TWO)
    write(PlannedPost(row(url=ONE, series="Steps"), "Blog", existing=post))
    kept = Post.objects.get()
    assert (kept.series.name, kept.canonical) == ("Mine", TWO)
    assert not Series.objects.filter(name="Steps").exists()
    lines = Change.objects.count()
    write(PlannedPost(row(url="nonsense"), "Blog", existing=post))
    assert Change.objects.count() == lines


def test_numbers_quotes_and_answers_of_a_file_are_undone_together(logbook):
    stars = begin_metric(OWNER, "Stars")
    numbers = (
        PlannedNumbers("stars", "", ((TODAY, 3.0),)), PlannedNumbers("Forks", "npm", ((TODAY, 4.0),)),
    )  # fmt: skip
    touched = write(
        numbers=numbers, quotes=(QuoteRow(1, "Nice"),),
        referrals=(ReferralRow(5, "a friend", "friend", date(2026, 1, 2)),
                   ReferralRow(6, "google " * 60, "search")),
    )  # fmt: skip
    assert touched == []
    values = {
        row.metric.name: (row.value, row.label, row.origin) for row in Measurement.objects.all()
    }
    assert values == {"Stars": (3.0, "", "feed.xml"), "Forks": (4.0, "npm", "feed.xml")}
    forks = Metric.objects.get(name="Forks")
    assert forks.versions.get().definition == "As imported: feed.xml."
    first, second = Referral.objects.order_by("id")
    assert (first.answer, first.channel, first.day) == ("a friend", "friend", date(2026, 1, 2))
    assert (first.origin, first.noted_at) == ("feed.xml, row 5", NOW)
    assert second.day == TODAY
    undo(OWNER)
    for model in (Measurement, Quote, Referral):
        assert not model.objects.exists()
    assert list(Metric.objects.all()) == [stars]


def test_only_a_post_begins_as_a_file(post, plan_event, tmp_path):
    with pytest.raises(CannotError, match="is not a post"):
        content.begin_file(OWNER, plan_event("Meetup"), tmp_path / "_posts")
    assert not (tmp_path / "_posts").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotError, match=r"there already|cannot be written"):
        content.begin_file(OWNER, post, tmp_path / "file")
    made = content.begin_file(OWNER, post, tmp_path / "deep" / "_posts")
    assert made.parent == tmp_path / "deep" / "_posts"


def test_a_program_with_a_playbook_lays_nothing_onto_posts(post):
    write_playbook(OWNER, post.program, "- T: run it\n")
    write(PlannedPost(row(day=TODAY + timedelta(days=4)), "Meetups"))
    assert Activity.objects.filter(status="planned").get().parts.count() == 0
