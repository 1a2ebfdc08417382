from hypothesis import given
from hypothesis import strategies as st

from almanac.sources.base.formulas import neutral, whole


@given(st.text(alphabet="'=+-@\tab1", max_size=8) | st.text(max_size=20))
def test_a_neutral_text_never_runs_and_comes_back_whole(text):
    told = neutral(text)

    assert not told.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert text == whole(told)


def test_plain_texts_are_left_alone():
    assert neutral("It's fine") == "It's fine"
    assert neutral("=1+1") == "'=1+1"
