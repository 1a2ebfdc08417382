"""Whatever is killed, whenever: nothing half, nothing left behind, and the same command goes on."""

from tests.faces.cli.kills import kill_often


def test_twenty_kills_break_nothing(tmp_path):
    assert kill_often(tmp_path, 20, seed=20) == []
