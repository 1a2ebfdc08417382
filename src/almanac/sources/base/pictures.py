"""Pictures people bring in: decoded and written anew, so that nothing but the picture is kept."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from almanac.sources.base.rows import UnreadableError

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_PICTURE = 2_000_000
"""Bytes, as they come in and as they are kept."""
MOST_PIXELS = 25_000_000
MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
NOT_ONE = "A screenshot is a PNG, JPEG or WebP picture."
QUALITY = 88


def written_anew(content: bytes) -> tuple[str, bytes]:
    """Media type and bytes of the same picture without metadata, the first frame of several; upright as
    its camera meant it. Raises UnreadableError for what is none, or too large."""
    if len(content) > LARGEST_PICTURE:
        raise UnreadableError("A screenshot can be 2 MB at most.")
    # A tenth of a second that only pictures need.
    from PIL import ImageOps  # noqa: PLC0415

    try:
        picture = _opened(content)
        kind = picture.format or ""
        upright = ImageOps.exif_transpose(picture)
        plain = upright.convert(
            "RGB" if kind == "JPEG" else "RGBA" if _is_see_through(upright) else "RGB"
        )
        made = _encoded(plain, kind)
        if len(made) > LARGEST_PICTURE:
            kind, made = "WEBP", _encoded(plain, "WEBP")
    except UnreadableError:
        raise
    except Exception as error:
        # Each decoder raises its own kinds over damaged bytes, and one for bombs.
        raise UnreadableError(NOT_ONE) from error
    return MEDIA[kind], made


def is_picture(media_type: str, content: bytes) -> bool:
    """Whether it decodes as a picture of that type, and is no larger than is kept."""
    if media_type not in MEDIA.values() or len(content) > LARGEST_PICTURE:
        return False
    try:
        return MEDIA[_opened(content).format or ""] == media_type
    except Exception:  # noqa: BLE001 - each decoder raises its own kinds over damaged bytes
        return False


def _opened(content: bytes) -> Image:
    from PIL import Image  # noqa: PLC0415

    picture = Image.open(BytesIO(content), formats=tuple(MEDIA))
    if picture.width * picture.height > MOST_PIXELS:
        raise UnreadableError("A screenshot can have 25 million pixels at most; make it smaller.")
    picture.load()
    return picture


def _is_see_through(picture: Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _encoded(picture: Image, kind: str) -> bytes:
    out = BytesIO()
    more = {"optimize": True} if kind == "PNG" else {"quality": QUALITY}
    picture.save(out, format=kind, **more)
    return out.getvalue()
