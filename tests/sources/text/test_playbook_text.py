"""Playbook text."""

from almanac.sources.text import playbook_text


def test_an_address_is_no_owner():
    (step,) = playbook_text.steps("- T-3 days: write to ana@example.org about it @bo.\n")
    assert (step.title, step.owner) == ("write to ana@example.org about it", "bo")
