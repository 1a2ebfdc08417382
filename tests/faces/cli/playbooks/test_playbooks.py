"""Playbooks."""

from tests.factories import past

from almanac.record.models import Retro


def test_a_second_retro_from_the_terminal_keeps_the_first(run, held):
    (event,) = held(past(ago=4, signups=30, attended=12))
    run("retro", str(event.pk), "--well", "Talks")
    run("retro", str(event.pk), "--why", "Speakers")
    retro = Retro.objects.get()
    assert (retro.went_well, retro.why) == ("Talks", "Speakers")
