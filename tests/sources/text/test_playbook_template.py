"""A template's questions are never what somebody wrote."""

import pytest

from almanac.sources.text.playbook_template import BLANK, blank, without_hints


def test_an_untouched_template_is_nothing():
    assert without_hints(blank("Meetups")) == ""
    assert without_hints(blank("Meetups").replace("\n", "\n\n")) != "x"
    assert without_hints(blank("Meetups") + "\n\n") == ""


def test_only_what_was_answered_stays():
    text = blank("Meetups").replace(
        "Each account, room and key with who has it now (an @ before the name), how to reach them, and who else if "
        "they do not\nanswer; never a password.",
        "The mailing list: @ana.",
    )
    found = without_hints(text)
    assert "The mailing list: @ana." in found
    assert "## Who has access" in found
    assert "Online or in a room?" not in found
    assert "## What we send" not in found
    assert "## If under ten come" not in found
    assert "- T-14 days: announce (2h)" in found


@pytest.mark.parametrize(
    "text", ["- T: run it\n", "# Talks\n\n- T-7 days: rehearse\n", "Just a sentence.\n"]
)
def test_own_texts_stay_as_they_are(text):
    assert without_hints(text) == text


def test_what_is_left_is_left_the_second_time():
    text = without_hints(BLANK.replace("run it", "open the door"))
    assert without_hints(text) == text
