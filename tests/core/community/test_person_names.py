"""One person's name, in the ways people and programs write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac.core.community.person_names import PersonName


def out_of(text, who):
    return PersonName.of(who).out_of(text, "[erased]", "erased")


@pytest.mark.parametrize(
    ("who", "text", "left"),
    [
        ("Ana", "ana, @Ana and Ana's; not Diana or analysis", "[erased], [erased] and [erased]'s; not Diana or analysis"),
        ("Ada Lovelace", "Ada\n Lovelace spoke", "[erased] spoke"),
        ("ana@x.example", "of ana@x.example, mariana@x.example", "of [erased], mariana@x.example"),
        ("ana@x.example", "ANA+list@X.example. ana@x.example.org", "[erased]. ana@x.example.org"),
        ("@ana_dev", "by @ana_dev and ana_developer", "by [erased] and ana_developer"),
        ("Ana", "ana_dev", "ana_dev"),
        ("Žofia", "ŽOFIA sama", "[erased] sama"),
        ("田中太郎", "昨日田中太郎さんと話した", "昨日[erased]さんと話した"),
        ("דנה לוי", "פגשתי את ודנה לוי", "פגשתי את ו[erased]"),
        ("Zelda Quimby", "Zelda Quimbyさん", "[erased]さん"),
        ("김수", "김순희", "김순희"),
        ("İİ Ada", "Ada", "Ada"),
        ("Ada Lovelace", "İİ … Ada Lovelace", "İİ … [erased]"),
    ],
)  # fmt: skip
def test_names_end_where_words_end_in_their_script(who, text, left):
    assert out_of(text, who) == left


WRITTEN = (
    "Dr. Zelda Quimby", "Zelda Quimby (she/her)", "Zelda Quimby | Acme", "Quimby, Zelda", "QUIMBY Zelda",
    "Zelda\u00a0\u00a0Quimby", "zelda-quimby", "zelda_quimby_notes", "Zelda%20Quimby", "Zelda&nbsp;Quimby",
    "zelda.quimby@example.org", "@zeldaquimby", "Zelda M. Quimby", "Ｚｅｌｄａ Ｑｕｉｍｂｙ", "Zel\u200bda Quim\u00adby",
    "Ze\u0301lda Quimby", "\u202aZelda Quimby\u202c", "https://example.org/zelda-quimby",
)  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize(
    "who", ["Zelda Quimby", "quimby zelda", "Prof. Zelda Quimby", "Zelda Quimby (she/her)", "Zelda  QUIMBY"]
)  # fmt: skip
def test_a_name_is_found_however_either_is_written(who, text):
    person = PersonName.of(who)
    assert person.is_in(text)
    assert not person.is_in(person.out_of(text, "[erased]", "erased"))


@pytest.mark.parametrize(
    "text", ["Grizelda Quimby", "Zelda Quimbyer", "Zelda and Quimby", "Zelda", ""]
)
def test_another_name_is_left_as_it_is(text):
    assert out_of(text, "Zelda Quimby") == text


@pytest.mark.parametrize(("who", "spelt"), [("Zoë Quimby", "Zoe\u0308 Quimby"), ("Łukasz Żółć", "Lukasz Zolc"),
    ("Søren Å", "SOREN A\u030a"), ("O'Brien", "O’Brien"), ("Straße Müller", "STRASSE MULLER")])  # fmt: skip
def test_accents_and_kinds_of_apostrophe_do_not_matter(who, spelt):
    assert PersonName.of(who).is_in(spelt)
    assert PersonName.of(spelt).is_in(who)


@pytest.mark.parametrize(
    ("who", "is_sure"),
    [("Ana Lee", True), ("Ana", False), ("@ana", False), ("a@b.example", True), ("田中", False),
     ("田中太郎", True)],
)  # fmt: skip
def test_one_common_word_is_not_sure(who, is_sure):
    assert PersonName.of(who).is_sure == is_sure


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_what_was_taken_out_is_not_found_again_and_the_rest_stays(who, before, after):
    try:
        person = PersonName.of(who)
    except ValueError:
        return
    left = person.out_of(f"{before} {who} {after}", "[]", "[]")
    assert not person.is_in(left) or person.is_in(f"{before} [] {after}")
    assert isinstance(left, str)
