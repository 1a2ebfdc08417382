"""Board."""


def test_a_kind_that_is_none_and_long_numbers(run):
    assert "is no kind" in run("board", "ask", "Z", "--kind", "party", code=1)
    for arguments in (["board", "limit", "doing", "9" * 5000], ["load", "check-in", "3,4," + "9" * 5000],
                      ["load", "revoke", "9" * 5000]):  # fmt: skip
        assert run(*arguments, code=2 if arguments[1] != "check-in" else 1)
