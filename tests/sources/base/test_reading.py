import io
import zipfile

import pytest

from almanac.sources.base.reading import (
    Document,
    documents_at,
    documents_in,
    table_from_text,
    text_of,
)
from almanac.sources.base.rows import UnreadableError


def table_of(document):
    return table_from_text(document.name, *text_of(document))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_are_read(encoding):
    text, remark = text_of(Document("x.csv", "Zoë,1".encode(encoding)))

    assert (text, remark) == ("Zoë,1", "")


def test_unmarked_encoding_is_guessed_and_said():
    data = ("name,city\n" + "Zoë,Zürich\nJosé,São Paulo\n" * 20).encode("cp1252")

    text, remark = text_of(Document("x.csv", data))

    assert "Zoë,Zürich" in text
    assert "not UTF-8" in remark


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter):
    table = table_of(Document("x.csv", f"a{delimiter}b\r\n1{delimiter}2\r\n".encode()))

    assert (table.header, table.rows) == (("a", "b"), ((2, ("1", "2")),))


def test_quoted_newlines_keep_rows_whole():
    table = table_of(Document("x.csv", b'a,b\n"one\ntwo",2\n'))

    assert table.rows[0][1][0] == "one\ntwo"


def test_zip_gives_its_files():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("one.csv", "a,b\n")
        archive.writestr("__MACOSX/._one.csv", "junk")

    assert [d.name for d in documents_in("export.zip", held.getvalue())] == ["export.zip/one.csv"]


def test_zip_bomb_is_not_unpacked():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * 60_000_000)

    with pytest.raises(UnreadableError, match="would unpack"):
        list(documents_in("bomb.zip", held.getvalue()))


def test_files_beyond_the_limit_are_refused_before_they_are_read(tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(200_000_000)

    (refused,) = documents_at(large)

    assert isinstance(refused, UnreadableError)
    assert "200 MB" in str(refused)


def test_missing_file_says_so(tmp_path):
    (refused,) = documents_at(tmp_path / "gone.csv")

    assert "no such file" in str(refused)


def test_folder_gives_its_files_in_order(tmp_path):
    (tmp_path / "b.csv").write_text("1")
    (tmp_path / "a.csv").write_text("2")
    (tmp_path / ".hidden").write_text("3")

    assert [document.name for document in documents_at(tmp_path)] == ["a.csv", "b.csv"]


def test_a_broken_file_among_others_does_not_stop_them(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04rubbish")
    (tmp_path / "b.csv").write_text("a,b\n")

    broken, good = documents_at(tmp_path)

    assert "damaged" in str(broken)
    assert good.name == "b.csv"


def test_what_is_no_file_is_not_waited_for(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe")
    (refused,) = documents_at(tmp_path / "pipe")

    assert "not a file" in str(refused)


def test_rows_of_old_macs_are_rows():
    table = table_of(Document("x.csv", b"a,b\r1,2\r3,4\r"))

    assert len(table.rows) == 2
