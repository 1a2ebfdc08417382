"""How people heard: misspelt words, and what was somebody else's work."""

import pytest

from almanac.core.community.channels import Channel, channel_of, is_of_others


@pytest.mark.parametrize(
    ("answer", "channel"),
    [
        ("linkdin", Channel.SOCIAL), ("Newsleter", Channel.NEWSLETTER), ("a confrence", Channel.EVENT),
        ("my collegue", Channel.FRIEND), ("Utube and youtub", Channel.READING), ("Linked In", Channel.SOCIAL),
        ("a billboard", Channel.OTHER), ("carrier pigeon", Channel.OTHER), ("", Channel.NONE),
    ],
)  # fmt: skip
def test_a_word_that_is_nearly_one_is_read_as_it(answer, channel):
    assert channel_of(answer) == channel


@pytest.mark.parametrize(
    ("answer", "others"),
    [
        ("read a blog post by someone else", True), ("a YouTube video by Fireship", True), ("not your blog", True),
        ("a talk, not yours", True), ("your blog", False), ("by chance, your talk", False), ("found by email", False),
        ("A video by You", False), ("another speaker mentioned it", True),
    ],
)  # fmt: skip
def test_what_somebody_else_did_is_told_apart(answer, others):
    assert is_of_others(answer) == others
