"""The key that signs cookies."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from almanac.project.home import secret


@pytest.mark.parametrize("left", [None, b"", b" \n"])
def test_a_key_is_made_once_and_an_empty_file_is_none(tmp_path, left):
    if left is not None:
        (tmp_path / "secret").write_bytes(left)
    key = secret(tmp_path)

    assert len(key) > 50
    assert secret(tmp_path) == key
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_twenty_at_once_have_one_key(tmp_path):
    with ThreadPoolExecutor(20) as together:
        assert len(set(together.map(lambda _: secret(tmp_path), range(20)))) == 1
