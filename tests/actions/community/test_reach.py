"""Links handed out and counted, and channels corrected by hand."""

from datetime import date, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.community import reach as verbs
from almanac.actions.community.feedback import move_feedback, note_feedback
from almanac.actions.community.quotes import hear
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.answers.community.links import links, tagged
from almanac.answers.community.reach import given_answers, reach
from almanac.record.infra import clock
from almanac.record.models import Change, HandedLink, LinkCount, Referral
from almanac.record.rules import OWNER

TODAY = NOW.date()


def last():
    return Change.objects.order_by("-pk").first()


@pytest.fixture
def talk(logbook):
    (made,) = write_down(
        OWNER, [NewActivity("VueConf keynote", kind="talk", program="Talks", day=TODAY)]
    )
    return made


def followed(link, since=None, until=None):
    (found,) = [each for each in links(OWNER, since, until) if each.link == link]
    return found.count, found.what


def imported(run, tmp_path, text, name="clicks.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return run("import", str(file))


def test_a_link_says_where_it_was_handed_out_and_keeps_its_own_query(talk):
    link = verbs.hand_out_link(OWNER, "https://example.org/docs?lang=de&utm_source=old#top", talk)
    assert tagged(link) == (
        "https://example.org/docs?lang=de&utm_source=almanac&utm_medium=talk"
        "&utm_campaign=vueconf-keynote#top"
    )
    again = verbs.hand_out_link(OWNER, "https://example.org/other", talk)
    assert again.code == "vueconf-keynote-2"
    assert verbs.hand_out_link(OWNER, "https://例え.jp/").code
    undo(OWNER, last())
    assert HandedLink.objects.count() == 2


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "example", "", "file:///etc/passwd", "https://not a link"]
)
def test_only_web_addresses_are_handed_out(talk, url):
    with pytest.raises(CannotError):
        verbs.hand_out_link(OWNER, url, talk)
    assert not HandedLink.objects.exists()


@pytest.mark.parametrize(
    ("table", "count", "what"),
    [
        ("Link,Long URL,Clicks\nbit.ly/vue,https://example.org/docs,84\n", 84, "clicks"),
        ("short_url;clicks;created\nhttps://bit.ly/vue/;84;2026-01-01\n", 84, "clicks"),
        ("Short link,Unique clicks,Total clicks\nbit.ly/vue,61,84\n", 61, "clicks"),
        ("QR Code,Scans\nhttps://bit.ly/vue,12\n", 12, "scans"),
        ("utm_campaign,Visitors\nvueconf-keynote,40\nother,900\n", 40, "visitors"),
        (
            "Session campaign,Session source,Users\nvueconf-keynote,almanac,40\nvueconf-keynote,x,2\n",
            42,
            "visitors",
        ),
        (
            "Date,Link,Clicks\n2026-03-16,bit.ly/vue,30\n2026-03-17,bit.ly/vue,4\n2026-03-17,bit.ly/other,9\n",
            34,
            "clicks",
        ),
    ],
)
def test_any_link_tools_table_counts_it_and_twice_changes_nothing(
    run, talk, tmp_path, table, count, what
):
    link = verbs.hand_out_link(OWNER, "https://example.org/docs", talk, "bit.ly/vue")
    imported(run, tmp_path, table)
    assert followed(link) == (count, what)
    rows = LinkCount.objects.count()
    imported(run, tmp_path, table)
    assert LinkCount.objects.count() == rows
    undo(OWNER, last())
    assert not LinkCount.objects.exists()


GA = "# Start date: {0}01\n# End date: {0}28\nSession campaign,Sessions\nvueconf-keynote,{1}\n"


def test_files_of_two_periods_are_added_and_a_shrunken_total_is_refused(run, talk, tmp_path):
    link = verbs.hand_out_link(OWNER, "https://example.org/docs", talk)
    imported(run, tmp_path, GA.format("202601", 100), "jan.csv")
    imported(run, tmp_path, GA.format("202602", 30), "feb.csv")
    assert followed(link) == (130, "visits")
    said = imported(run, tmp_path, GA.format("202602", 40).replace("20260201", "20260120"), "o.csv")
    assert followed(link) == (130, "visits") or "are counted already" in said
    imported(run, tmp_path, "utm_campaign,Visits\nvueconf-keynote,200\n", "all.csv")
    with clock.at(NOW + timedelta(days=2)):
        said = imported(run, tmp_path, "utm_campaign,Visits\nvueconf-keynote,150\n", "less.csv")
    assert "150 is less than the 200 of before" in said
    assert followed(link) == (200, "visits")
    imported(run, tmp_path, "Date,utm_campaign,Visitors\n2026-03-17,vueconf-keynote,8\n", "d.csv")
    assert followed(link)[1] == "visits"


def test_a_click_log_is_counted_by_day_and_scans_are_engagements(run, talk, tmp_path):
    link = verbs.hand_out_link(OWNER, "https://example.org/docs", talk, "dub.sh/vue")
    log = "timestamp,event,link,country\n" + "2026-03-16 10:00,click,dub.sh/vue,DE\n" * 3
    assert "each row was read as one click" in imported(run, tmp_path, log)
    assert followed(link) == (3, "clicks")
    bitly = verbs.hand_out_link(OWNER, "https://example.org/x", talk, "bit.ly/x")
    imported(run, tmp_path, "Link,Engagements,Clicks,Scans\nbit.ly/x,61,48,13\n", "b.csv")
    assert followed(bitly) == (61, "clicks")
    imported(run, tmp_path, "name,visitors\nvueconf-keynote,9\n", "utm_campaigns.csv")
    assert followed(link)[0] in {3, 9}


def test_clicks_still_to_come_are_turned_away(run, talk, tmp_path):
    verbs.hand_out_link(OWNER, "https://example.org/docs", talk, "bit.ly/vue")
    file = tmp_path / "x.csv"
    file.write_text("Date,Link,Clicks\n2027-11-05,bit.ly/vue,9000\n", "utf-8")
    run("import", str(file), code=1)
    assert not LinkCount.objects.exists()


def test_links_of_others_are_left_out_and_named(run, talk, tmp_path):
    said = imported(run, tmp_path, "Link,Clicks\nbit.ly/a,3\nbit.ly/b,1\nbit.ly/c,1\nbit.ly/d,1\n")
    assert "bit.ly/a, bit.ly/b, bit.ly/c and 1 more: not handed out from here" in said
    assert not LinkCount.objects.exists()


def test_rows_that_cannot_be_counted_are_turned_away(run, talk, tmp_path):
    link = verbs.hand_out_link(OWNER, "https://example.org/docs", talk, "bit.ly/vue")
    said = imported(run, tmp_path, "Link,Clicks\nbit.ly/vue,many\n,3\nbit.ly/vue,5\n")
    assert followed(link) == (5, "clicks")
    assert "2 counts of links rejected" in said


def test_posts_and_search_tables_are_not_taken_for_links(run, logbook, tmp_path):
    for text in (
        "Post id,Date,Post text,Post Link,Impressions,Likes\n1,2026-01-02,Hello,https://x.com/1,9,1\n",
        "Title,Date,Views,URL\nHello,2026-01-02,9,https://example.org/hello\n",
    ):
        imported(run, tmp_path, text)
    assert not LinkCount.objects.exists()


def test_a_total_and_the_days_after_it_count_once(talk):
    link = verbs.hand_out_link(OWNER, "https://example.org/docs", talk)
    assert followed(link) == (None, "")
    verbs.count_link(OWNER, link, 0, TODAY - timedelta(days=20))
    assert followed(link) == (0, "clicks")
    verbs.count_link(OWNER, link, 50, TODAY - timedelta(days=10))
    verbs.count_link(OWNER, link, 48, TODAY - timedelta(days=10))
    assert LinkCount.objects.filter(replaced_at__isnull=True).count() == 2
    assert followed(link) == (48, "clicks")
    assert followed(link, since=TODAY - timedelta(days=12)) == (48, "clicks")
    assert followed(link, since=TODAY - timedelta(days=5)) == (0, "clicks")
    assert followed(link, until=TODAY - timedelta(days=30)) == (None, "")
    with pytest.raises(CannotError, match="whole number"):
        verbs.count_link(OWNER, link, -1, TODAY)


def test_a_corrected_count_is_undone(talk):
    link = verbs.hand_out_link(OWNER, "https://example.org/docs", talk)
    verbs.count_link(OWNER, link, 50, TODAY)
    verbs.count_link(OWNER, link, 48, TODAY)
    undo(OWNER, last())
    assert followed(link) == (50, "clicks")


def test_a_first_total_says_nothing_of_a_later_time(talk):
    with clock.at(NOW - timedelta(days=400)):
        link = verbs.hand_out_link(OWNER, "https://example.org/docs", talk)
    verbs.count_link(OWNER, link, 500, TODAY)
    assert followed(link) == (500, "clicks")
    assert followed(link, since=TODAY - timedelta(days=20)) == (None, "")


def test_a_short_address_is_noted_later_and_belongs_to_one(talk):
    link = verbs.hand_out_link(OWNER, "https://example.org/docs", talk)
    verbs.shorten_link(OWNER, link, "bit.ly/vue")
    assert HandedLink.objects.get().short == "https://bit.ly/vue"
    with pytest.raises(CannotError, match="handed out already"):
        verbs.hand_out_link(OWNER, "https://example.org/x", talk, "https://bit.ly/vue")
    other = verbs.hand_out_link(OWNER, "https://example.org/x", talk)
    with pytest.raises(CannotError, match="handed out already"):
        verbs.shorten_link(OWNER, other, "bit.ly/vue")
    verbs.forget_link(OWNER, other)
    verbs.forget_link(OWNER, link)
    assert not HandedLink.objects.exists()
    assert last().undo is None


@pytest.fixture
def answered(run, logbook, tmp_path):
    file = tmp_path / "form.csv"
    file.write_text(
        "Row,How did you hear about us?\n1,The Foo\n2,the foo\n3,a podcast\n4,\n", "utf-8"
    )
    run("import", str(file))
    return file


def channels():
    return sorted(Referral.objects.values_list("answer", "channel"))


def test_a_corrected_channel_holds_for_the_same_answer_later(run, answered, tmp_path):
    before = channels()
    assert verbs.correct_channel(OWNER, "THE FOO", "newsletter") == 2
    assert [each.is_corrected for each in given_answers(OWNER)].count(True) == 2
    assert verbs.correct_channel(OWNER, "The Foo", "newsletter") == 0
    undo(OWNER, last())
    assert channels() == before
    verbs.correct_channel(OWNER, "The Foo", "newsletter")
    other = tmp_path / "second.csv"
    other.write_text("How did you hear about us?\nthe FOO\n", "utf-8")
    run("import", str(other))
    assert Referral.objects.filter(channel="newsletter", is_corrected=True).count() == 3
    with pytest.raises(CannotError, match="The channels are search"):
        verbs.correct_channel(OWNER, "The Foo", "carrier pigeon")
    assert verbs.correct_channel(OWNER, "nobody said this", "search") == 0


def test_reach_names_each_thing_it_rests_on_and_adds_none_up(talk, answered):
    link = verbs.hand_out_link(OWNER, "https://example.org/docs", talk)
    verbs.count_link(OWNER, link, 1, TODAY)
    hear(OWNER, "I wouldn't have known about you otherwise")
    lead = note_feedback(OWNER, "Wants it for her team", who="Ada", receiver="sales")
    move_feedback(OWNER, lead, "done")
    found = reach(OWNER)
    assert [(each.sure, each.what) for each in found.basis] == [
        ("Shown", "1 person"),
        ("Shown", "1 quote"),
        ("Shown", "1 click"),
        ("Shown", "1 lead"),
        ("Unknown", "2 people"),
        ("Unknown", "1 person"),
    ]
    assert "1 became a customer" in found.basis[3].why
    none = reach(OWNER, date(2020, 1, 1), date(2020, 12, 31))
    assert none.basis == []
    assert none.sentence.startswith("Can’t say yet")
