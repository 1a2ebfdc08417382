"""Playbooks."""

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.actions.programs import begin_program
from almanac.answers.playbooks.stand_ins import bus_factors
from almanac.record.infra import clock
from almanac.record.models import PlaybookVersion
from almanac.record.rules import OWNER
from almanac.sources.text import playbook_text
from almanac.sources.text.playbook_template import blank


def test_the_first_proposal_names_nobody(browser_client, logbook):
    begin_program(OWNER, "Meetups")
    page = browser_client.get("/programs/meetups/playbook/").content.decode()
    proposal = page.split('<textarea id="text"')[1].split("</textarea>")[0]
    assert playbook_text.names(proposal) == []


def test_an_untouched_template_is_not_written_down(browser_client, logbook):
    begin_program(OWNER, "Meetups")
    answer = browser_client.post(
        "/programs/meetups/playbook/", {"text": blank("Meetups"), "why": ""}, follow=True
    )
    assert "Nothing is written yet" in answer.content.decode()
    assert not PlaybookVersion.objects.exists()


def test_a_template_saved_long_ago_is_no_fact(browser_client, logbook):
    program = begin_program(OWNER, "Meetups")
    write_down(
        OWNER,
        [
            NewActivity(
                "Meetup", kind="event", status="done", program="Meetups", day=clock.now().date()
            )
        ],
    )
    version = write_playbook(OWNER, program, "- T: run it")
    PlaybookVersion.objects.filter(pk=version.pk).update(text=blank("Meetups"))
    for page in ("/programs/meetups/handover/", "/absence-check/"):
        text = browser_client.get(page).content.decode()
        assert "Each account, room and key" not in text
    assert "no playbook" in browser_client.get("/absence-check/").content.decode()
    (factor,) = bus_factors(OWNER)
    assert not factor.is_written


def test_a_step_is_added_and_removed_without_markdown(browser_client, logbook):
    begin_program(OWNER, "Meetups")
    page = "/programs/meetups/playbook/"
    browser_client.post(
        page,
        {"step": "Remind everyone", "days": "1", "side": "before", "hours": "0.5", "owner": "ana"},
    )
    browser_client.post(page, {"step": "Thank people", "days": "2", "side": "after"})
    browser_client.post(page, {"step": "Open the room"})
    steps = playbook_text.steps(PlaybookVersion.objects.last().text)
    assert [(step.title, step.days, step.hours, step.owner) for step in steps] == [
        ("Remind everyone", -1, 0.5, "ana"), ("Open the room", 0, None, ""), ("Thank people", 2, None, ""),
    ]  # fmt: skip
    browser_client.post(page, {"remove": "Open the room"})
    titles = [step.title for step in playbook_text.steps(PlaybookVersion.objects.last().text)]
    assert titles == ["Remind everyone", "Thank people"]
    for bad in (
        {"step": " "},
        {"step": "x", "days": "900"},
        {"step": "x", "days": "-1"},
        {"remove": "gone"},
    ):
        before = PlaybookVersion.objects.count()
        assert browser_client.post(page, bad, follow=True).status_code in {200, 400}
        assert PlaybookVersion.objects.count() == before, bad


def test_the_absence_check_is_a_grid_of_programs_and_people(browser_client, logbook):
    program = begin_program(OWNER, "Meetups")
    write_playbook(OWNER, program, "- T-7 days: announce @lena")
    write_down(
        OWNER,
        [
            NewActivity(
                f"Meetup {n}",
                kind="event",
                status="done",
                program="Meetups",
                day=clock.now().date(),
            )
            for n in range(2)
        ],
    )
    page = browser_client.get("/absence-check/").content.decode()
    for words in (
        "ran 2 events",
        "named in the playbook",
        'class="full"',
        'class="half"',
        ">lena<",
    ):
        assert words in page
