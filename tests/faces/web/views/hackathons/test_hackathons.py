"""A hackathon in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.answers.hackathons.test_worth import coming, year  # noqa: F401
from tests.conftest import text

from almanac.actions.turnout import say_guess
from almanac.core.guesses.elicited import RawGuess
from almanac.record.models import Forecast, Guess, Hackathon, Judging, Project, SignupAnswer
from almanac.record.queries import preferences
from almanac.record.rules import OWNER


def upload(content, name="x.csv"):
    return {"file": SimpleUploadedFile(name, content.encode())}


@pytest.fixture
def at(coming):  # noqa: F811
    return f"/activities/{coming.pk}/hackathon/"


def test_no_idea_leads_back_to_what_to_expect(browser_client, year, coming, at):  # noqa: F811
    page = text(browser_client.get(at))
    assert "First say how many you think will come" in page
    assert "Expect" not in page
    answer = browser_client.post(f"/activities/{coming.pk}/guess/", {"no_idea": "1", "back": at})
    assert answer.url == at
    assert Forecast.objects.exists()
    assert Guess.objects.exists()
    page = text(browser_client.get(at))
    assert "What else the hours could do" in page
    assert "Groups" in page
    assert "Ranges hold 8 times in 10." in page
    assert "Ask the organiser" in page


def test_a_guess_that_is_saved_shows_the_way_to_the_forecast(browser_client, coming, at):  # noqa: F811
    say_guess(OWNER, coming, RawGuess(10, 60, 20, 80))
    page = text(browser_client.get(at))
    assert "Your guess is saved. Now see what to expect." in page
    answer = browser_client.post(f"/activities/{coming.pk}/forecast/", {"back": at})
    assert answer.url == at
    assert "Ranges hold 8 times in 10." in text(browser_client.get(at))


def test_what_it_is_is_saved(browser_client, at):
    given = {"audience": "students", "teams": "pairs", "length": "month", "nearness": "far", "theme": "<b>Tea</b>",
             "product": "our API", "prizes": "1500", "helps": "A guide"}  # fmt: skip
    browser_client.post(f"{at}plan/", given)
    row = Hackathon.objects.get()
    assert (row.audience, row.length, row.theme) == ("students", "month", "<b>Tea</b>")
    page = text(browser_client.get(at))
    assert "&lt;b&gt;Tea&lt;/b&gt;" in page
    assert 'value="1500"' in page
    assert "would you use our API" in page
    refusal = browser_client.post(f"{at}plan/", {"prizes": "lots"}, follow=True)
    assert "not an amount of money" in text(refusal)


def test_answers_are_read_shown_and_deleted(browser_client, at):
    rows = "".join(
        f"p{n}@example.org,For the prizes,{'Yes' if n < 9 else 'No'}\n" for n in range(12)
    )
    form = upload(f"Email,Why are you here?,Would you use it?\n{rows}")
    assert "Read 12 answers" in text(browser_client.post(f"{at}answers/", form, follow=True))
    page = text(browser_client.get(at))
    assert "Of 12 who answered, 9 would use your product" in page
    assert "For the prizes" in page
    for bad, said in (({}, "Choose a file first"), (upload("a,b\n1,2\n"), "none of the questions")):
        assert said in text(browser_client.post(f"{at}answers/", bad, follow=True))
    browser_client.post(f"{at}answers/", {"do": "delete"})
    assert not SignupAnswer.objects.exists()


def test_after_it_projects_and_use(browser_client, year):  # noqa: F811
    at = f"/activities/{year[0].pk}/hackathon/"
    page = text(browser_client.get(at))
    assert "Was it worth it?" in page
    table = upload(
        "Project,Team,Link\nTide,Ada,https://tide.example\nBus,<i>Kim</i>,javascript:alert(1)\n"
    )
    refusal = text(browser_client.post(f"{at}projects/", table, follow=True))
    assert "2 projects are listed; you said 8 submissions, which stays" in refusal
    page = text(browser_client.get(at))
    assert "&lt;i&gt;Kim&lt;/i&gt;" in page
    assert "javascript:" not in page
    again = upload("Project\nTide\n")
    assert "no column" not in text(browser_client.post(f"{at}projects/", again, follow=True))
    tide = Project.objects.get(title="Tide")
    browser_client.post(
        f"{at}marks/", {f"used-{tide.pk}": "yes", "used-999": "no", "used-x": "yes"}
    )
    assert Project.objects.get(title="Tide").used is True
    browser_client.post(f"{at}projects/{tide.pk}/")
    assert browser_client.post(f"{at}projects/{tide.pk}/").status_code == 404
    browser_client.post(f"{at}uses/", {"used": "3", "used_30": "1", "used_90": ""})
    assert "3 projects used the product, and 1 still did after 30 days" in text(
        browser_client.get(at)
    )
    for given, said in (({"used": "x"}, "whole number"), ({"used_90": "5"}, "later than")):
        assert said in text(browser_client.post(f"{at}uses/", given, follow=True))


BALLOTS = "judge,project,criterion,score\n" + "".join(
    f"{judge},{project},{criterion},{score}\n"
    for judge in ("Amal", "Britt", "Chen")
    for project, score in (("<Tide>", 5), ("Bus", 3))
    for criterion in ("idea", "craft")
)


def test_judging_takes_a_file_and_gives_a_sheet_for_each_team(browser_client, at):
    assert browser_client.get(f"{at}sheets.md").status_code == 404
    browser_client.post(f"{at}judging/", {**upload(BALLOTS), "low": "1", "high": "5"})
    page = text(browser_client.get(at))
    assert "First is clear: &lt;Tide&gt;." in page
    sheet = text(browser_client.get(f"{at}sheets/2/"))
    assert "Place 2 of 2" in sheet
    assert "By criterion" in sheet
    for number in (0, 3):
        assert browser_client.get(f"{at}sheets/{number}/").status_code == 404
    whole = browser_client.get(f"{at}sheets.md")
    assert whole["Content-Disposition"] == 'attachment; filename="next-sheets.md"'
    assert whole["Content-Security-Policy"] == "default-src 'none'; sandbox"
    broken = SimpleUploadedFile("b.xlsx", b"PK\x03\x04rubbish")
    refused = browser_client.post(f"{at}judging/", {"file": broken}, follow=True)
    assert "b.xlsx is a damaged or locked workbook" in text(refused)
    bad = browser_client.post(f"{at}judging/", upload("a,b\n1,2\n"), follow=True)
    assert "needs the columns" in text(bad)
    big = browser_client.post(f"{at}judging/", upload("x" * 5_000_001), follow=True)
    assert "larger than 5 MB" in text(big)
    browser_client.post(f"{at}judging/", {"do": "delete"})
    assert not Judging.objects.exists()
    browser_client.post(f"{at}judging/", {"do": "delete"})


def test_the_list_and_the_ways_to_it(browser_client, year, coming, plan_event):  # noqa: F811
    page = text(browser_client.get("/hackathons/"))
    assert page.index("Next") < page.index("Third")
    assert "Hackathons" in text(browser_client.get("/programs/"))
    assert "Is it worth it?" in text(browser_client.get(f"/activities/{coming.pk}/"))
    evening = plan_event("An evening")
    assert browser_client.get(f"/activities/{evening.pk}/hackathon/").status_code == 404
    assert preferences.today()


def test_an_empty_list_says_how_to_begin(browser_client, logbook):
    assert "No hackathons yet" in text(browser_client.get("/hackathons/"))
