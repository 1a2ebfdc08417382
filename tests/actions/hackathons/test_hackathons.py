"""What is known of hackathons, who signed up, what was handed in, and the ballots."""

from decimal import Decimal

import pytest

from almanac.actions.community.people import note_person
from almanac.actions.errors import CannotError
from almanac.actions.hackathons import hackathons as verbs
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.exporting import export, read_in
from almanac.actions.keeping.undo import undo
from almanac.answers.hackathons.audience import form_text, signup_audience
from almanac.answers.hackathons.judging import account, sheets_text, verdict_of
from almanac.answers.hackathons.worth import uses_of
from almanac.core.errors import AlmanacError
from almanac.record.models import (
    Change,
    Hackathon,
    Judging,
    Project,
    SeenGuest,
    SignupAnswer,
    Turnout,
)
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document
from almanac.sources.tables.ballots_table import read_ballots


def last():
    return Change.objects.order_by("-pk").first()


@pytest.fixture
def hackathon(plan_event):
    return plan_event("Spring hackathon", kind="hackathon", program="Hackathons", days=9)


@pytest.fixture
def held(plan_event):
    return plan_event("Autumn hackathon", kind="hackathon", program="Hackathons", days=-9)


def file(text, name="x.csv"):
    return Document(name, text.encode())


def test_what_it_is_is_said_changed_and_undone(hackathon):
    verbs.plan_hackathon(
        OWNER, hackathon, audience="students", prizes="1,500.5", product=" our  API "
    )
    row = Hackathon.objects.get()
    assert (row.audience, row.prizes, row.product) == ("students", Decimal("1500.50"), "our API")
    verbs.plan_hackathon(OWNER, hackathon, audience="working", prizes="")
    assert (Hackathon.objects.get().audience, Hackathon.objects.get().prizes) == ("working", None)
    undo(OWNER, last())
    assert Hackathon.objects.get().audience == "students"
    lines = Change.objects.count()
    verbs.plan_hackathon(OWNER, hackathon, audience="students")
    assert Change.objects.count() == lines


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"audience": "cats"}, "Audience is one of students, newcomers"),
        ({"theme": "x" * 301}, "Theme can be 300"),
        ({"prizes": "lots"}, "not an amount"),
        ({"prizes": "-1"}, "0 or more"),
        ({"prizes": "NaN"}, "0 or more"),
        ({"colour": "red"}, "has no colour"),
    ],
)
def test_what_cannot_be_kept_is_said(hackathon, fields, said):
    with pytest.raises(CannotError, match=said):
        verbs.plan_hackathon(OWNER, hackathon, **fields)
    assert not Hackathon.objects.exists()


def test_use_is_counted_once_it_has_taken_place(hackathon):
    with pytest.raises(CannotError, match="has not taken place yet"):
        verbs.count_uses(OWNER, hackathon, used=3)


def test_only_hackathons_are_hackathons(plan_event):
    evening = plan_event("An evening")
    for call in (
        lambda: verbs.plan_hackathon(OWNER, evening, audience="students"),
        lambda: verbs.count_uses(OWNER, evening, used=1),
        lambda: verbs.read_project_file(OWNER, evening, file("Project,X\nA,1\n")),
        lambda: verbs.read_answers(
            OWNER, evening, file("Email,Alone or in a team?\na@b.c,alone\n")
        ),
        lambda: verbs.read_judging(OWNER, evening, file("judge,project,score\na,b,1\n")),
    ):
        with pytest.raises(CannotError, match="is not a hackathon"):
            call()


def test_use_is_counted_then_and_later(held):
    verbs.count_uses(OWNER, held, used=3)
    verbs.count_uses(OWNER, held, used_30=1)
    assert uses_of(held) == {"used": 3, "used_30": 1, "used_90": None}
    undo(OWNER, last())
    held.refresh_from_db()
    assert uses_of(held)["used_30"] is None
    for counts, said in (
        ({"used_90": 4}, "later than"),
        ({"used": -1}, "0 or more"),
        ({"x": 1}, "has no x"),
    ):
        with pytest.raises(CannotError, match=said):
            verbs.count_uses(OWNER, held, **counts)


# Projects

PROJECTS = "Project,Team,Email,Built with,Used the API\nTide,Ada Lovelace,ada@example.org,Go,yes\nBus,Kim Park,kim@example.org,Rust,no\n"


def test_projects_are_read_once_changed_and_undone(hackathon):
    counts, remarks = verbs.read_project_file(OWNER, hackathon, file(PROJECTS))
    assert (counts, remarks) == ({"new": 2, "changed": 0, "unchanged": 0}, [])
    assert Turnout.objects.get(activity=hackathon).submissions == 2
    counts, _ = verbs.read_project_file(OWNER, hackathon, file(PROJECTS))
    assert counts == {"new": 0, "changed": 0, "unchanged": 2}
    counts, _ = verbs.read_project_file(
        OWNER, hackathon, file("Project,In use after 30 days\nTIDE,yes\n")
    )
    assert counts["changed"] == 1
    tide = Project.objects.get(title="Tide")
    assert (tide.used, tide.used_30, tide.uses) == (True, True, "Go")
    undo(OWNER, last())
    assert Project.objects.get(title="Tide").used_30 is None
    assert uses_of(hackathon)["used"] == 1


def test_a_number_that_was_said_stays_and_the_difference_is_said(hackathon):
    Turnout.objects.update_or_create(activity=hackathon, defaults={"submissions": 5})
    _, remarks = verbs.read_project_file(OWNER, hackathon, file(PROJECTS))
    assert remarks == ["2 projects are listed; you said 5 submissions, which stays"]


def test_a_count_that_came_from_a_file_follows_the_next_and_a_title_its_link(held):
    verbs.read_project_file(OWNER, held, file("Project,Link\nTide,https://x.example/1\n"))
    later = "Project,Link\nTide table,https://x.example/1\nBus,https://x.example/2\n"
    counts, remarks = verbs.read_project_file(OWNER, held, file(later))
    assert (counts["new"], counts["changed"], remarks) == (1, 1, [])
    assert Turnout.objects.get(activity=held).submissions == 2
    assert sorted(Project.objects.values_list("title", flat=True)) == ["Bus", "Tide table"]
    with pytest.raises(CannotError, match="2 projects were handed in"):
        verbs.count_uses(OWNER, held, used=9)


def test_projects_are_marked_together(hackathon):
    verbs.read_project_file(OWNER, hackathon, file(PROJECTS))
    tide, bus = Project.objects.get(title="Tide"), Project.objects.get(title="Bus")
    flags = {tide.pk: {"used": True}, bus.pk: {"used": True, "used_90": False}, 999: {"used": True}}
    assert verbs.mark_projects(OWNER, hackathon, flags) == 1
    assert uses_of(hackathon)["used"] == 2
    assert verbs.mark_projects(OWNER, hackathon, flags) == 0
    undo(OWNER, last())
    assert uses_of(hackathon)["used"] == 1
    verbs.forget_project(OWNER, bus)
    assert Project.objects.count() == 1
    assert last().undo is None


# Sign-up

FORM = "Email,Why are you here?,Would you use our API?\n{}"


def form(*rows):
    return file(
        FORM.format("".join(f"{name}@example.org,{why},{use}\n" for name, why, use in rows))
    )


def listed(run, tmp_path, hackathon, *states):
    path = tmp_path / "guests.csv"
    rows = "".join(f"{name},{name}@example.org,{state}\n" for name, state in states)
    path.write_text(f"Name,Email,Status\n{rows}", "utf-8")
    run("import", str(path), "--event", str(hackathon.pk))


def test_the_funnel_by_answer_without_anybodys_name(run, tmp_path, hackathon):
    people = [f"p{n}" for n in range(20)]
    rows = [
        (name, "For the prizes" if n % 2 else "To learn", "Yes" if n < 4 else "No")
        for n, name in enumerate(people)
    ]
    number, columns = verbs.read_answers(OWNER, hackathon, form(*rows))
    assert (number, set(columns)) == (20, {"why", "would_use"})
    found = signup_audience(OWNER, hackathon)
    assert found.questions[0].groups[0].came is None
    assert found.sentence.startswith(
        "Of 20 who answered, 4 would use your product (7 % to 40 %), 0 might, 16 would not: fewer than half say yes"
    )
    listed(
        run,
        tmp_path,
        hackathon,
        *((name, "attended" if n < 8 else "no show") for n, name in enumerate(people)),
    )
    verbs.read_project_file(
        OWNER, hackathon, file("Project,Email\nTide,p0@example.org; p1@example.org\n")
    )
    found = signup_audience(OWNER, hackathon)
    learn = next(g for g in found.questions[0].groups if g.answer == "to learn")
    assert (learn.signed_up, learn.came, learn.handed_in) == (10, 4, 1)
    assert learn.came_said == "4 (15 % to 70 %)"
    assert found.sentence.endswith("Of those who came, 4 of 8.")
    yes = next(g for g in found.questions[1].groups if g.answer == "would use it")
    assert (yes.signed_up, yes.came_said) == (4, "4; too few to say")
    assert not any("p1" in row.digest for row in SignupAnswer.objects.all())
    erase(OWNER, "p1@example.org")
    assert SignupAnswer.objects.count() == 19
    assert SeenGuest.objects.count() == 19


def test_several_reasons_and_people_without_an_address_count(hackathon, run, tmp_path):
    text = 'Email,Why are you here?\nada@example.org,"For the prizes, To meet people"\nkim@example.org,To learn; For the prizes\n,To learn\n'
    number, _ = verbs.read_answers(OWNER, hackathon, file(text))
    assert number == 3
    verbs.read_answers(OWNER, hackathon, file(text))
    assert SignupAnswer.objects.count() == 3
    listed(run, tmp_path, hackathon, ("ada", "attended"), ("kim", "waitlisted"))
    found = signup_audience(OWNER, hackathon)
    groups = {group.answer: (group.signed_up, group.came) for group in found.questions[0].groups}
    # Kim waits for a seat; of whoever gave no address nobody knows whether they came.
    assert groups == {"for the prizes": (1, 1), "to meet people": (1, 1), "to learn": (1, None)}


def test_a_newer_file_of_the_form_replaces_answers(hackathon):
    verbs.read_answers(OWNER, hackathon, form(("ada", "To learn", "No")))
    verbs.read_answers(OWNER, hackathon, form(("ADA", "To learn", "Yes"), ("kim", "", "Maybe")))
    assert sorted(SignupAnswer.objects.values_list("would_use", flat=True)) == ["maybe", "yes"]
    verbs.forget_answers(OWNER, hackathon)
    assert not SignupAnswer.objects.exists()


@pytest.mark.parametrize(
    ("yes", "no", "said"),
    [
        (0, 0, "Nobody’s answers are known yet"),
        (1, 2, "1 of 3 who answered would use our API: too few to say"),
        (18, 2, "most say yes, so it is the right audience"),
        (
            2,
            18,
            "2 would use our API (2 % to 28 %), 0 might, 18 would not: fewer than half say yes",
        ),
        (10, 10, "too uncertain to say"),
    ],
)
def test_whether_it_was_the_right_audience(hackathon, yes, no, said):
    verbs.plan_hackathon(OWNER, hackathon, product="our API")
    if yes or no:
        rows = [(f"p{n}", "To learn", "Yes" if n < yes else "No") for n in range(yes + no)]
        verbs.read_answers(OWNER, hackathon, form(*rows))
    hackathon.refresh_from_db()
    assert said in signup_audience(OWNER, hackathon).sentence


def test_the_questions_name_the_product():
    text = form_text(OWNER, "our API")
    assert "3. Do you come alone or in a team, and would you use our API?" in text
    assert "our product" in form_text(OWNER, " ")
    assert "{product}" not in text


# Judging

BALLOTS = "judge,project,criterion,score\n" + "".join(
    f"{judge},{project},{criterion},{score}\n"
    for judge in ("Amal", "Britt", "Chen")
    for project, score in (("Tide", 5), ("Bus", 3), ("Map", 2))
    for criterion in ("idea", "craft")
)


def test_ballots_are_kept_read_anew_and_deleted(hackathon):
    verbs.read_judging(OWNER, hackathon, file(BALLOTS, "ballots.csv"), 1, 5)
    verdict = verdict_of(OWNER, hackathon)
    assert verdict.sentences[0] == "First is clear: Tide."
    assert verdict.missing == ()
    verbs.read_judging(OWNER, hackathon, file(BALLOTS.replace("Tide", "Bus2"), "b.csv"))
    assert verdict_of(OWNER, hackathon).sentences[0] == "First is clear: Bus2."
    undo(OWNER, last())
    assert Judging.objects.get().file == "ballots.csv"
    verbs.forget_judging(OWNER, Judging.objects.get())
    assert verdict_of(OWNER, hackathon) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "said"),
    [
        ("a,b\n1,2\n", None, None, "needs the columns"),
        ("judge,project,score\n", None, None, "holds no ballot"),
        ("judge,project,score\nA,B,9\n", 1, 5, "holds no ballot"),
        (BALLOTS, 5, 1, "begins below its end"),
    ],
)
def test_what_is_no_ballot_is_said_and_nothing_kept(hackathon, text, low, high, said):
    with pytest.raises(AlmanacError, match=said):
        verbs.read_judging(OWNER, hackathon, file(text), low, high)
    assert not Judging.objects.exists()


def test_a_losing_team_is_told_where_it_stands_and_on_what(hackathon):
    text = BALLOTS.replace("Chen,Map,idea,2", "Chen,Map,idea,4").replace("Amal,Bus,craft,3\n", "")
    verbs.read_judging(OWNER, hackathon, file(text), 1, 5)
    verdict = verdict_of(OWNER, hackathon)
    bus, map_ = (next(s for s in verdict.sheets if s.project == name) for name in ("Bus", "Map"))
    assert account(map_, "scores")[1].startswith("3 judges gave it 6 scores.")
    assert account(map_, "scores")[2].startswith("Closest to the others: idea (")
    assert account(bus, "scores")[1].startswith("3 judges gave it 5 scores.")
    whole = sheets_text(verdict, "Spring")
    assert whole.startswith("# Spring\n")
    assert "| idea |" in whole
    assert whole.count("## ") == 3


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (
            "judge,winner,loser\nx,A,B\ny,A,B\nx,B,C\n",
            "pairs",
            "2 judges compared it 3 times: it was preferred once, the other twice.",
        ),
        ("voter,project\nx,B\ny,B\nz,A\n", "votes", "2 voters of 3 chose it."),
        ("judge,project,score\nx,A,5\nx,B,3\n", "scores", "1 judge gave it 1 score."),
    ],
)
def test_an_account_of_each_kind_agrees(hackathon, text, kind, said):
    verbs.read_judging(OWNER, hackathon, file(text))
    verdict = verdict_of(OWNER, hackathon)
    sheet = next(s for s in verdict.sheets if s.project == "B")
    assert verdict.kind == kind
    assert said in " ".join(account(sheet, kind))


def test_a_judge_who_gives_everybody_the_same_and_a_project_without_a_score_are_named(hackathon):
    flat = "".join(f"Dora,{project},idea,4\n" for project in ("Tide", "Bus", "Map"))
    text = BALLOTS + flat + "Amal,Empty,idea,\n"
    verbs.read_judging(OWNER, hackathon, file(text), 1, 5)
    verdict = verdict_of(OWNER, hackathon)
    assert "Dora gave every project the same, which tells none apart." in verdict.remarks
    assert "Dora" not in {each.judge for each in verdict.standings.judges}
    assert "Empty has no score that counts, and no place." in verdict.missing
    assert [sheet.project for sheet in verdict.sheets] == ["Tide", "Bus", "Map"]
    verbs.read_judging(
        OWNER, hackathon, file("judge,project,score\n" + "".join(f"A,{p},3\n" for p in "xyz"))
    )
    assert len(verdict_of(OWNER, hackathon).sheets) == 3


def test_devposts_export_is_counted_for_the_hackathon_that_is_named(run, tmp_path, hackathon):
    path = tmp_path / "devpost.csv"
    path.write_text(
        "Submission Title,Submission Url,Built With\nTide,https://d.example/1,Go\nBus,https://d.example/2,Go\n",
        "utf-8",
    )
    said = run("import", str(path), "--event", str(hackathon.pk))
    assert "1 event changed" in said
    assert Turnout.objects.get(activity=hackathon).submissions == 2
    assert "unchanged" in run("import", str(path), "--event", str(hackathon.pk))
    undo(OWNER, last())
    assert not Turnout.objects.filter(activity=hackathon, submissions=2).exists()


def test_two_projects_with_one_link_stay_two(hackathon):
    verbs.read_project_file(OWNER, hackathon, file("Project,Link\nAlpha,https://x.example/\n"))
    text = "Project,Link\nGamma,https://x.example/\nAlpha,https://x.example/\n"
    counts, _ = verbs.read_project_file(OWNER, hackathon, file(text))
    assert counts == {"new": 1, "changed": 0, "unchanged": 1}
    assert sorted(Project.objects.values_list("title", flat=True)) == ["Alpha", "Gamma"]
    verbs.forget_project(OWNER, Project.objects.get(title="Gamma"))
    assert Turnout.objects.get(activity=hackathon).submissions == 1


def test_erasing_two_judges_leaves_two(hackathon):
    text = "judge,project,score\n" + "".join(
        f"{judge},{project},{score}\n"
        for judge, score in (("Ada Lovelace", 5), ("Kim Park", 4), ("Noor Haddad", 3))
        for project in ("Tide", "Bus")
    )
    verbs.read_judging(OWNER, hackathon, file(text))
    erase(OWNER, "Ada Lovelace")
    erase(OWNER, "Kim Park")
    held = Judging.objects.get().ballots
    assert "Lovelace" not in held
    assert "Park" not in held
    read = read_ballots(held, "x.csv")
    assert len({score.judge for score in read.scores}) == 3
    assert len(read.scores) == 6


def test_answers_hang_on_a_persons_address_too(hackathon):
    note_person(OWNER, "Ada Lovelace", handles="ada@example.org")
    verbs.read_answers(
        OWNER, hackathon, form(("ada", "To learn", "Yes"), ("kim", "To learn", "Yes"))
    )
    erase(OWNER, "Ada Lovelace")
    assert SignupAnswer.objects.count() == 1


def test_a_newer_download_of_the_form_doubles_nobody(hackathon):
    text = "Email,Would you use our API?\n,Yes\n,What is it?\nada@example.org,No\n"
    verbs.read_answers(OWNER, hackathon, file(text, "form.csv"))
    verbs.read_answers(OWNER, hackathon, file(text + ",Maybe\n", "form (1).csv"))
    assert SignupAnswer.objects.count() == 4
    found = signup_audience(OWNER, hackathon)
    assert (found.would_use, found.might_use, found.would_not) == (1, 1, 1)


def test_whoever_handed_something_in_stays_so_and_the_unknown_is_no_no(hackathon):
    rows = [("ada", "To learn", "Yes"), ("kim", "To learn", "Yes")]
    verbs.read_answers(OWNER, hackathon, form(*rows))
    verbs.read_project_file(OWNER, hackathon, file("Project,Email\nTide,ada@example.org\n"))
    verbs.read_project_file(OWNER, hackathon, file("Project,Email\nBus,kim@example.org\n"))
    verbs.read_answers(OWNER, hackathon, form(*rows, ("noor", "To learn", "Yes")))
    (group,) = signup_audience(OWNER, hackathon).questions[0].groups
    assert (group.signed_up, group.handed_in, group.of_handed_in) == (3, 2, 2)


def test_use_after_30_days_is_not_told_of_some_as_of_all(hackathon):
    text = "Project,Used the API,In use after 30 days\nTide,yes,yes\nBus,,\n"
    verbs.read_project_file(OWNER, hackathon, file(text))
    assert uses_of(hackathon) == {"used": None, "used_30": None, "used_90": None}


def test_an_export_holds_links_of_an_intranet_and_negative_scales(hackathon, tmp_path):
    verbs.read_project_file(OWNER, hackathon, file("Project,Link\nTide,http://my_app.local\n"))
    verbs.read_judging(OWNER, hackathon, file("judge,project,score\nA,Tide,-1\nB,Tide,2\n"), -5, 5)
    export(OWNER, tmp_path / "out")
    Project.objects.all().delete()
    Judging.objects.all().delete()
    read_in(OWNER, tmp_path / "out")
    assert Project.objects.get().link == "http://my_app.local"
    assert Judging.objects.get().low == -5
