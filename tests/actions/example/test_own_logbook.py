"""Own logbook."""

from almanac.record.models import (
    Break,
    CheckIn,
)
from almanac.record.rules import OWNER


def test_the_example_takes_what_was_private_with_it(logbook):
    from almanac.actions.example import play
    from almanac.actions.example.own_logbook import clear

    play(OWNER, "Europe/Berlin")
    assert Break.objects.exists()
    assert CheckIn.objects.exists()
    clear(OWNER)
    assert not Break.objects.exists()
    assert not CheckIn.objects.exists()
