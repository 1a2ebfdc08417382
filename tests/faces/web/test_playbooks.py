"""Playbooks."""

from almanac.actions.programs import begin_program
from almanac.record.rules import OWNER
from almanac.sources.text import playbook_text


def test_the_first_proposal_names_nobody(browser_client, logbook):
    begin_program(OWNER, "Meetups")
    page = browser_client.get("/programs/meetups/playbook/").content.decode()
    proposal = page.split('<textarea id="text"')[1].split("</textarea>")[0]
    assert playbook_text.names(proposal) == []
