"""Posts, measurements, quotes and answers brought in: each format, twice, and badly."""

import json
from datetime import date

import pytest

import samples
from almanac.actions.activities import NewActivity, write_down
from almanac.actions.content import begin_file, count_views, set_post
from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping.undo import undo
from almanac.answers.community.quotes import heard_about, usable
from almanac.answers.imports.reading_files import plan, read
from almanac.answers.metrics.content import series_page
from almanac.record.models import (
    Activity,
    Measurement,
    Metric,
    Post,
    PostCount,
    Quote,
    QuotePicture,
    Referral,
    Scope,
    Series,
)
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document
from almanac.sources.base.rows import UnreadableError
from almanac.sources.tables.quotes_table import read_folder
from almanac.sources.text.front_matter import split
from conftest import shared

YOUTUBE = (
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Impressions\n"
    "Total,,,,900,10,100\n"
    'abc,Part one,"Mar 1, 2026",300,700,8.5,80\n'
    ' -xyz,Part two,"Mar 9, 2026",300,200,1.5,20\n'
    "hid,Unlisted,,30,4,0,0\n"
)
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>
<item><title>Why &lt;b&gt;docs&lt;/b&gt; rot</title><link>https://x.org/rot</link><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate><category>docs</category></item>
<item><title>No day</title><link>https://x.org/none</link></item></channel></rss>"""
POST = """---
title: "Docs that live"
date: 2026-02-03
tags: [docs, writing]
series: First steps
canonical_url: https://x.org/live
---

The first paragraph.
"""


def bring_in(name, content):
    document = Document(name, content.encode() if isinstance(content, str) else content)
    return carry_out(OWNER, plan(OWNER, name, read(OWNER, document)))


def test_youtubes_table_becomes_posts_with_their_counts(logbook):
    done = bring_in("table.csv", YOUTUBE)

    assert done.created["posts"] == 2
    assert {(a.title, str(a.day)) for a in Activity.objects.all()} == {
        ("Part one", "2026-03-01"),
        ("Part two", "2026-03-09"),
    }
    counts = PostCount.objects.filter(what="views").values_list("platform", "count")
    assert sorted(counts) == [("YouTube", 200), ("YouTube", 700)]
    assert Post.objects.get(activity__title="Part two").canonical.endswith("v=-xyz")


def test_again_changes_nothing_and_newer_counts_are_added(logbook):
    bring_in("table.csv", YOUTUBE)
    again = bring_in("table.csv", YOUTUBE)
    later = bring_in("table.csv", YOUTUBE.replace(",700,", ",950,"))

    assert (again.created.get("posts"), again.unchanged) == (None, {"posts": 2})
    assert later.changed["posts"] == 1
    rows = [
        (row.count, row.replaced_at is None)
        for row in PostCount.objects.filter(
            what="views", post__activity__title="Part one"
        ).order_by("id")
    ]
    assert rows == [(700, False), (950, True)]
    undo(OWNER)
    assert PostCount.objects.get(what="views", post__activity__title="Part one").count == 700


def test_a_chart_by_day_is_added_up_from_the_day_of_publication(logbook):
    head = "Date,Content,Video title,Video publish time,Duration,Views\n"
    rows = "".join(
        f'2026-03-0{n},abc,Part one,"Mar 3, 2026",300,{10 if n >= 3 else 0}\n' for n in range(1, 8)
    )
    bring_in("chart.csv", head + rows)

    counts = PostCount.objects.order_by("day").values_list("count", flat=True)
    assert list(counts) == [10, 20, 30, 40, 50]


def test_a_feed_and_a_markdown_post_of_the_same_address_are_one(logbook):
    bring_in("feed.xml", FEED)
    done = bring_in("2026-02-03-docs-that-live.md", POST)
    again = bring_in(
        "feed.xml", FEED.replace("x.org/rot", "x.org/live/").replace("02 Mar", "03 Feb")
    )

    assert done.created["posts"] == 1
    assert again.unchanged == {"posts": 1}
    assert Activity.objects.count() == 2
    post = Post.objects.get(activity__title="Docs that live")
    assert (post.series.name, post.position) == ("First steps", 1)
    assert set(post.activity.tags.values_list("name", flat=True)) == {"docs", "writing"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\ntitle: [open\n---\n", "not YAML, TOML or JSON"),
        ("---\njust a line\n---\n", "not YAML, TOML or JSON"),
        ("---\ntitle: x\n", "never closes it"),
        ("+++\ntitle = \n+++\n", "not YAML, TOML or JSON"),
        ("---\ntitle:\n---\n", "has no title"),
        ("---\ntitle: !!python/object/apply:os.system [ls]\n---\n", "not YAML, TOML or JSON"),
    ],
)
def test_front_matter_that_is_broken_is_one_clear_sentence(logbook, text, says):
    with pytest.raises(UnreadableError, match=says):
        read(OWNER, Document("post.md", text.encode()))


def test_front_matter_that_refers_to_itself_is_harmless(logbook):
    bomb = "---\na: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    told, _ = split("post.md", f"{bomb}title: *u\n---\n")

    with pytest.raises(UnreadableError, match="has no title"):
        read(OWNER, Document("post.md", f"{bomb}title: *u\n---\n".encode()))
    assert "title" in told


def test_hugo_and_json_front_matter_are_read(logbook):
    bring_in("a.md", '+++\ntitle = "Toml"\ndate = 2026-01-05T10:00:00Z\n+++\nText\n')
    bring_in("b.md", '{"title": "Json", "date": "2026-01-06"}\n\nText\n')
    bring_in("c.md", "---\ntitle: Draft\ndraft: true\n---\n")

    assert {(a.title, a.status) for a in Activity.objects.all()} == {
        ("Toml", "done"), ("Json", "done"), ("Draft", "idea"),
    }  # fmt: skip


def test_measurements_come_as_a_table_as_downloads_and_from_npm(logbook):
    bring_in(
        "n.csv", "metric,day,value,label\nStars,2026-03-01,40,github\nStars,2026-03-01,41,gitlab\n"
    )
    bring_in("almanac.csv", 'date,downloads\n2026-03-01,"1,204"\n2026-03-02,n/a\n')
    bring_in(
        "npm.json",
        json.dumps({"package": "x", "downloads": [{"day": "2026-03-01", "downloads": 7}]}),
    )

    values = set(Measurement.objects.values_list("metric__name", "label", "value"))
    assert values == {
        ("Stars", "github", 40.0), ("Stars", "gitlab", 41.0),
        ("Downloads of almanac", "", 1204.0), ("Downloads of x", "", 7.0),
    }  # fmt: skip


def test_two_values_for_one_day_in_one_file_are_not_both_taken(logbook):
    done = bring_in(
        "n.csv",
        "metric,day,value\nA,2026-03-01,1\nA,2026-03-01,2\nA,2026-03-02,5\nA,2026-03-02,5\n",
    )

    assert sorted(Measurement.objects.values_list("value", flat=True)) == [2.0, 5.0]
    assert done.rejected == {"measurements": 1}


def test_values_out_of_order_and_again_are_the_same(logbook):
    rows = [f"A,2026-01-{day:02},{day}" for day in (9, 3, 7, 1)]
    bring_in("n.csv", "metric,day,value\n" + "\n".join(rows))
    again = bring_in("n.csv", "metric,day,value\n" + "\n".join(reversed(rows)))

    assert again.unchanged == {"measurements": 4}
    undo(OWNER)
    assert not Metric.objects.exists()


def test_x_analytics_days_and_names(logbook):
    head = "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Profile visits,Create Post\n"
    bring_in("x.csv", head + '"Thu, Jun 5, 2025",610750,1,2,0,0,3,0,4,1\n')

    assert Measurement.objects.get(metric__name="Impressions on X").value == 610750


def test_quotes_and_answers_come_from_tables(logbook):
    bring_in(
        "q.csv",
        "quote,who,date,consent,tags\n“Loved it”,Ada,2026-02-01,yes,#kind docs\n,Bob,,,\nQuiet,,,maybe,\n",
    )
    bring_in(
        "h.csv", "Name,How did you hear about us?\nAda,A friend told me\nBob,Googled it\nCy,\n"
    )
    again = bring_in(
        "h.csv", "Name,How did you hear about us?\nAda,A friend told me\nBob,Googled it\nCy,\n"
    )

    assert {(v.text, v.consent) for v in Quote.objects.all()} == {
        ("Loved it", "given"),
        ("Quiet", "none"),
    }
    assert sorted((c.name, c.answers) for c in heard_about(OWNER)) == [
        ("friend or colleague", 1), ("search", 1),
    ]  # fmt: skip
    assert again.unchanged == {"referrals": 3}
    assert not Referral.objects.filter(answer__contains="Ada").exists()
    # Consent without a scope covers reports inside, never public pages.
    assert usable(OWNER, Scope.REVIEWS).count() == 1
    assert usable(OWNER, Scope.PUBLIC).count() == 0


def test_screenshots_with_a_line_of_text_each(logbook, tmp_path):
    png = samples.picture()
    (tmp_path / "a.png").write_bytes(png)
    (tmp_path / "a.txt").write_text("Thank you!")
    (tmp_path / "b.png").write_bytes(png)
    (tmp_path / "c.png").write_bytes(b"<svg/>")
    (tmp_path / "d.jpg").write_bytes(samples.picture("JPEG"))
    (tmp_path / "captions.txt").write_text("d.jpg: You saved my week\nc.png: no\n")

    found = read_folder(tmp_path)
    done = carry_out(OWNER, plan(OWNER, tmp_path.name, found))

    assert done.created["quotes"] == 2
    assert {v.text for v in Quote.objects.all()} == {"Thank you!", "You saved my week"}
    assert QuotePicture.objects.count() == 2
    assert [r.reason for r in found.rejected] == [
        "has no line of text beside it", "is not a picture that can be read",
    ]  # fmt: skip
    undo(OWNER)
    assert not Quote.objects.exists()


def test_a_series_that_landed_is_told_from_one_that_did_not(logbook, plan_event):
    for n in range(10):
        post = plan_event(f"Post {n}", kind="post", days=-60 + n, status="done", format="")
        count_views(
            OWNER, post, "dev.to", 100 + 3 * n if n < 5 else 900 + 9 * n, post.day.replace()
        )
        for age, share in ((6, 0.5), (29, 1.0)):
            from datetime import timedelta

            views = round((200 if n < 5 else 1800) * share) + n
            count_views(OWNER, post, "dev.to", views, post.day + timedelta(days=age))
        if n >= 5:
            set_post(OWNER, post, series="First steps")

    page = series_page(OWNER, Series.objects.get().slug)
    said = {landed.age: sentence for _, landed, sentence in page.landed}

    assert "it landed" in said[30]
    assert [view.position for view in page.posts] == [1, 2, 3, 4, 5]


def test_only_posts_have_series_and_views(plan_event):
    event = plan_event()
    with pytest.raises(CannotError, match="Only a post"):
        set_post(OWNER, event, series="X")
    with pytest.raises(CannotError, match="counted of posts"):
        count_views(OWNER, event, "x", 3)


@pytest.mark.parametrize(
    ("path", "kind", "number"),
    [
        ("fixtures/youtube/joshcirre_Table_data.excerpt.csv", "posts", 13),
        ("fixtures/twitter/joshcirre_account_overview_analytics.excerpt.csv", "measurements", 55),
        ("fixtures/devto/forem_lite_articles.json", "posts", 1),
        ("fixtures/devto/forem_lite_article.json", "posts", 1),
    ],
)
def test_real_exports_come_in_whole_and_again_change_nothing(logbook, path, kind, number):
    file = shared(path)
    first = bring_in(file.name, file.read_bytes())
    again = bring_in(file.name, file.read_bytes())

    assert first.created[kind] == number
    assert kind not in again.created
    assert again.unchanged[kind] == number


def test_tags_of_devto_are_read_whichever_way_round(logbook):
    bring_in("one.json", json.dumps({"type_of": "article", "title": "A", "url": "https://dev.to/a",
             "published_at": "2026-01-01T00:00:00Z", "tag_list": "css, ux", "tags": ["css", "ux"]}))  # fmt: skip
    bring_in("list.json", json.dumps([{"type_of": "article", "title": "B", "url": "https://dev.to/b",
             "published_at": "2026-01-02T00:00:00Z", "tag_list": ["css", "ux"], "tags": "css, ux"}]))  # fmt: skip

    for activity in Activity.objects.all():
        assert set(activity.tags.values_list("name", flat=True)) == {"css", "ux"}


def test_two_posts_of_one_title_and_day_at_one_site_are_two(logbook):
    entry = (
        "<item><title>Weekly links</title><link>https://x.org/{}</link>"
        "<pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item>"
    )
    feed = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>'
        f"{entry.format('a')}{entry.format('b')}</channel></rss>"
    )

    first, again = bring_in("feed.xml", feed), bring_in("feed.xml", feed)

    assert first.created["posts"] == 2
    assert not again.created.get("posts")
    assert Activity.objects.filter(kind="post").count() == 2


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
