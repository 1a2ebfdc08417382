"""Pictures are decoded and written anew; what is none, too large or packed to burst is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

import samples
from almanac.sources.base.pictures import MOST_PIXELS, is_picture, written_anew
from almanac.sources.base.rows import UnreadableError


@pytest.mark.parametrize(
    ("kind", "media"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_a_picture_keeps_its_kind_and_size(kind, media):
    got, made = written_anew(samples.picture(kind))
    assert got == media
    assert is_picture(media, made)
    assert Image.open(BytesIO(made)).size == (8, 6)


def test_what_is_beside_the_picture_is_not_kept():
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "SECRETNAME")
    exif = Image.Exif()
    exif[0x010E] = "SECRETPLACE"
    for content in (
        samples.picture("PNG", pnginfo=said),
        samples.picture("JPEG", exif=exif),
        samples.picture("PNG") + b"<script>SECRET</script>",
    ):
        assert b"SECRET" in content
        assert b"SECRET" not in written_anew(content)[1]


def test_a_picture_taken_sideways_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    _, made = written_anew(samples.picture("JPEG", exif=exif))
    assert Image.open(BytesIO(made)).size == (6, 8)


def test_see_through_stays_so():
    out = BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(out, "PNG")
    assert Image.open(BytesIO(written_anew(out.getvalue())[1])).getpixel((0, 0))[3] == 0


def bomb(width, height):
    """A PNG of a few bytes that says it is vast."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def test_a_vast_picture_is_refused_before_it_is_unpacked():
    assert MOST_PIXELS < 60_000 * 60_000
    with pytest.raises(UnreadableError, match=r"PNG, JPEG or WebP|25 million"):
        written_anew(bomb(60_000, 60_000))
    with pytest.raises(UnreadableError, match="25 million pixels"):
        written_anew(bomb(6_000, 6_000))


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg onload='x'/>", b"\x89PNG", samples.picture()[:60]]
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(UnreadableError):
        written_anew(content)
    assert not is_picture("image/png", content)


@given(st.binary(max_size=300), st.sampled_from(["PNG", "JPEG", "WEBP"]), st.integers(0, 400))
def test_damage_ends_in_a_sentence(noise, kind, place):
    content = samples.picture(kind)
    damaged = content[:place] + noise + content[place + len(noise) :]
    try:
        media, made = written_anew(damaged)
    except UnreadableError:
        return
    assert is_picture(media, made)
