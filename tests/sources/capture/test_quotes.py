"""Quotes among lines: what somebody said is no activity, and a talk's title is no quote."""

import pytest

from almanac.sources.capture.quotes import quoted

SAID = [
    ("“I wouldn’t have known about you otherwise”", "", ""),
    ('"I wouldn\'t have known about you otherwise" - Kim, DM', "", "Kim, DM"),
    ("heard “you are the reason I applied”", "", ""),
    ('Heard: "you are the reason I applied" after the talk', "", "after the talk"),
    ("Kim said: “thank you for the office hours, really”", "Kim", ""),
    ("Ada Lovelace wrote „Ihr Vortrag, I loved it so“", "Ada Lovelace", ""),
    ('Kim told me "your series got me my job", yesterday', "Kim", "yesterday"),
    ("quote: best workshop this year", "", ""),
    ("«your docs are so clear, merci»", "", ""),
]
DONE = [
    "“Docs that last” at PyCon, 80 people",
    "“The art of writing error messages” talk at PyCon DE",
    "Gave “Why I write docs” at Write the Docs, 120 came, a long evening with many talks and people and more",
    "Talk: “I broke production” at KotlinConf",
    "“Hi” Kim",
    "Kim said no to the panel",
    "Quoted in a blog post about docs",
    "heard back from PyCon about the CFP",
    "“unfinished",
    "",
]


@pytest.mark.parametrize(("line", "who", "beside"), SAID)
def test_what_somebody_said(line, who, beside):
    found = quoted(line)
    assert found is not None
    assert (found.who, found.beside) == (who, beside)
    assert not set('“”"„«»') & set(found.words)


@pytest.mark.parametrize("line", DONE)
def test_what_somebody_did(line):
    assert quoted(line) is None
