"""The box: what is understood while typing, corrections by chips, the picker, the inbox."""

import re
from datetime import date
from html import unescape

import pytest
from tests.conftest import text as html_of

from almanac.actions.capture import capture, understand
from almanac.actions.filing import file_under
from almanac.actions.programs import begin_program
from almanac.answers.log.filing import suggested_program
from almanac.record.models import Activity, Quote
from almanac.record.queries import preferences
from almanac.record.rules import OWNER


def text(response):
    """What a reader sees, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html_of(response)).split())


def write(line):
    read, _ = understand(OWNER, line)
    return capture(OWNER, read)[0]


def understood(client, line):
    return text(client.get("/capture/understood/", {"text": line}))


def test_what_was_not_understood_comes_first(browser_client):
    shown = understood(browser_client, "Meetup, 31/13, 61, 40 came")

    assert shown.startswith("Not understood: 31/13, 61")
    assert "61 = ?" in " ".join(shown.split())


def test_chips_correct_what_was_read(browser_client):
    line = "Showed the beta, 120 people"
    browser_client.post(
        "/capture/",
        {"text": line, "read_of": line, "kind": "workshop", "status": "done", "day": "2026-03-10",
         "meaning-attended": "signups"},
    )  # fmt: skip
    made = Activity.objects.get()

    assert (made.kind, made.day.isoformat()) == ("workshop", "2026-03-10")
    assert (made.turnout.signups, made.turnout.attended) == (120, None)
    assert made.line == line


def test_a_number_that_was_not_understood_is_given_a_meaning_by_one_tap(browser_client):
    line = "Meetup, 61, 40 came"
    browser_client.post("/capture/", {"text": line, "read_of": line, "extra-61": "signups"})
    turnout = Activity.objects.get().turnout

    assert (turnout.signups, turnout.attended) == (61, 40)


def test_a_number_that_counts_no_people_is_left_out(browser_client):
    line = "Meetup, 40 people"
    browser_client.post("/capture/", {"text": line, "read_of": line, "meaning-attended": ""})

    assert getattr(Activity.objects.get(), "turnout", None) is None


def test_corrections_of_an_older_text_are_not_applied(browser_client):
    browser_client.post(
        "/capture/",
        {
            "text": "Meetup in Rome, 40 people",
            "read_of": "Meet",
            "kind": "task",
            "day": "2020-01-01",
        },
    )
    made = Activity.objects.get()

    assert (made.kind, made.day.year) == ("event", 2026)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "party"}, {"status": "maybe"}, {"day": "soon"}, {"meaning-attended": "money"}],
)
def test_what_no_chip_offers_is_refused_in_a_sentence(browser_client, wrong):
    line = "Meetup, 40 people"
    response = browser_client.post("/capture/", {"text": line, "read_of": line, **wrong})

    assert response.status_code == 400
    assert not Activity.objects.exists()


def test_two_numbers_cannot_mean_one_thing(browser_client):
    line = "Meetup, 61 RSVPs, 40 came"
    response = browser_client.post(
        "/capture/", {"text": line, "read_of": line, "meaning-signups": "attended"}
    )

    assert "Two numbers cannot both be “attended”" in text(response)


def test_how_dates_are_written_is_asked_once_where_it_matters(browser_client):
    assert "I write the month first" in understood(browser_client, "Talk on 3/4")
    line = "Talk on APIs, 3/4"
    browser_client.post("/capture/", {"text": line, "date_order": "month", "read_of": line})

    assert Activity.objects.get().day.isoformat() == "2026-03-04"
    assert preferences.value("date_order") == "month"
    assert "I write the month first" not in understood(browser_client, "Talk on 5/4")


def test_a_line_not_understood_opens_its_page_which_says_so(browser_client):
    response = browser_client.post("/capture/", {"text": "Meetup, 31/13, 40 came"}, follow=True)

    assert "Not understood: 31/13" in text(response)
    assert "You wrote: “Meetup, 31/13, 40 came”" in text(response)


def test_rough_counts_are_said_with_about_wherever_people_stand(browser_client):
    made = write("Meetups: spring meetup, about 70 people")
    file_under(OWNER, [made], "Meetups")

    for page in (f"/activities/{made.pk}/", "/programs/meetups/", "/log/"):
        assert "about 70" in text(browser_client.get(page)).lower(), page
    assert made.turnout.attended_evidence == "approximate"


def test_months_and_quarters_are_shown_as_such(browser_client):
    write("Fireside chat in February, 70 guests")
    write("Q4 2025: gave 5 talks")
    shown = text(browser_client.get("/log/"))

    assert "February 2026" in shown
    assert "Q4 2025" in shown
    month = text(browser_client.get("/plan/?month=2026-02"))
    assert "This month or quarter: Fireside chat" in month


def test_what_lasts_several_days_stands_on_each_of_them(browser_client):
    write("Winter hackathon 7-9 March, 40 came")
    shown = browser_client.get("/plan/?month=2026-03").content.decode()

    assert shown.count('title="Winter hackathon"') == 3


def test_one_field_is_changed_in_place(browser_client):
    made = write("Meetup in Rome, 40 came")
    form = browser_client.get(f"/activities/{made.pk}/field/kind/", headers={"HX-Request": "true"})
    assert "<form" in form.content.decode()
    assert "<html" not in form.content.decode()
    page = browser_client.get(f"/activities/{made.pk}/field/place/")
    assert "<html" in page.content.decode()

    browser_client.post(f"/activities/{made.pk}/field/kind/", {"kind": "workshop"})
    browser_client.post(
        f"/activities/{made.pk}/field/day/", {"day": "2026-03-02", "starts": "18:00"}
    )
    browser_client.post(f"/activities/{made.pk}/field/cost/", {"cost": "12.50", "currency": "eur"})
    made.refresh_from_db()

    assert (made.kind, made.title, made.turnout.attended) == ("workshop", "Meetup in Rome", 40)
    assert made.local_start.isoformat().startswith("2026-03-02T18:00")
    assert (float(made.cost), made.currency) == (12.5, "EUR")


def test_one_field_that_cannot_be_is_said_where_it_stands(browser_client):
    made = write("Meetup in Rome")
    response = browser_client.post(f"/activities/{made.pk}/field/title/", {"title": ""})

    assert response.status_code == 400
    assert "This field is required" in text(response)
    assert browser_client.get(f"/activities/{made.pk}/field/nonsense/").status_code == 404


def test_every_field_of_the_form_can_be_changed_in_place(browser_client):
    from almanac.faces.web.forms import ActivityForm

    made = write("Meetup in Rome")
    for name in ActivityForm.of(made).fields:
        assert browser_client.get(f"/activities/{made.pk}/field/{name}/").status_code == 200, name


def test_the_long_form_is_folded_into_what_a_kind_needs(browser_client):
    task = browser_client.get("/new/activity/?kind=task").content.decode()
    main, _, folded = task.partition("<details")

    assert 'name="due"' in main
    assert 'name="place"' in folded


def test_unsorted_is_an_inbox_from_which_many_are_filed_at_once(browser_client):
    rows = [write(f"Docs evening {number}, {number} people came") for number in (3, 4, 5)]
    page = text(browser_client.get("/unsorted/"))
    assert page.count("Docs evening") == 3
    assert "3 activities without a program" in text(browser_client.get("/programs/"))

    browser_client.post("/unsorted/", {"file": [rows[0].pk, rows[1].pk], "program": "Docs"})
    assert Activity.objects.filter(program__name="Docs").count() == 2
    shown = browser_client.get("/unsorted/").content.decode()
    assert f'value="{rows[2].pk}:Docs"' in shown
    browser_client.post("/unsorted/", {"one": f"{rows[2].pk}:Docs"})

    assert "Everything has a program" in text(browser_client.get("/unsorted/"))


@pytest.mark.parametrize("given", [{}, {"program": "Docs"}, {"file": "1"}, {"one": "x"}])
def test_filing_nothing_or_nowhere_is_a_sentence(browser_client, given):
    write("Docs evening")

    assert browser_client.post("/unsorted/", given).status_code == 400


def test_the_address_of_unsorted_as_a_program_is_the_inbox(browser_client):
    write("Docs evening")

    assert browser_client.get("/programs/unsorted/")["Location"] == "/unsorted/"


def test_a_program_is_suggested_by_its_name_and_by_lines_filed_before(logbook):
    begin_program(OWNER, "Small groups")
    begin_program(OWNER, "Series")
    file_under(OWNER, [write("Published part four of the API series")], "Series")

    assert suggested_program(OWNER, "small group on tests", "event") == "Small groups"
    assert suggested_program(OWNER, "Published part five of the API series", "post") == "Series"
    assert suggested_program(OWNER, "Lunch", "meeting") == ""


def test_the_program_of_a_line_is_understood_and_taken(browser_client):
    begin_program(OWNER, "Evenings")
    assert "in Evenings" in understood(browser_client, "Evenings: talked about Go, 20 people came")
    browser_client.post("/capture/", {"text": "talked about Go @Evenings, 20 people came"})

    assert Activity.objects.get().program.name == "Evenings"


# What somebody said


def test_a_quote_typed_into_the_line_is_offered_as_a_quote(browser_client):
    line = "“I wouldn’t have known about you otherwise” Kim, by DM"
    shown = browser_client.get("/capture/understood/", {"text": line}).content.decode()
    assert "Did somebody say that?" in shown
    asked = browser_client.post("/capture/", {"text": line})
    assert asked.status_code == 200
    assert not Activity.objects.exists()
    (address,) = re.findall(r'href="(/community/\?[^"]+)"', asked.content.decode())
    form = browser_client.get(unescape(address)).content.decode()
    assert "I wouldn’t have known about you otherwise</textarea>" in form
    assert 'value="Kim, by DM"' in form
    browser_client.post("/capture/", {"text": line, "confirmed": "1"})
    assert Activity.objects.count() == 1


def test_a_quote_has_a_program_and_a_day(browser_client):
    given = {"text": "You helped me a lot", "program": "Talks", "day": "2026-02-03"}
    browser_client.post("/community/quotes/", given)
    quote = Quote.objects.get()
    assert (quote.program.name, quote.day) == ("Talks", date(2026, 2, 3))
    refused = browser_client.post("/community/quotes/", given | {"day": "soon"}, follow=True)
    assert "is not a day" in refused.content.decode()
