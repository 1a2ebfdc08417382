"""Links."""

import socket
from datetime import timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.playbooks import freshness, playbooks
from almanac.actions.programs import begin_program
from almanac.answers.playbooks import freshness as stale_answers
from almanac.record.infra import clock
from almanac.record.rules import OWNER
from almanac.sources.base import fetching


@pytest.mark.parametrize(("number", "gone"), [(socket.EAI_AGAIN, False), (socket.EAI_NONAME, True)])
def test_without_a_network_nothing_is_gone(monkeypatch, number, gone):
    def fails(*_, **__):
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    assert bool(fetching.is_gone("https://example.org/")) is gone


def test_a_link_seen_dead_twice_in_a_minute_is_not_dead(logbook, monkeypatch):
    monkeypatch.setattr(fetching, "is_gone", lambda _: "example.org answered 404")
    program = begin_program(OWNER, "Meetups")
    playbooks.write_playbook(OWNER, program, "- T: see https://example.org/x\n")
    freshness.check_links(OWNER, program)
    with clock.at(NOW + timedelta(minutes=1)):
        freshness.check_links(OWNER, program)
        text = program.playbook_versions.last().text
        assert stale_answers.stale(program, text) == []
