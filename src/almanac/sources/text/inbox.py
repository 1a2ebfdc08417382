"""Files somebody dropped into a folder: text, Markdown, pictures, PDFs and mails, each as plain values."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from datetime import date
    from email.message import EmailMessage

LARGEST = 10_000_000
MOST = 500
LONGEST_TEXT = 20_000
SETTLED = 2.0
"""Seconds a file must have lain unchanged, as one that is still being written is no file yet."""
KINDS = {
    ".txt": "text", ".md": "text", ".markdown": "text", ".eml": "mail", ".png": "picture", ".jpg": "picture",
    ".jpeg": "picture", ".webp": "picture", ".pdf": "pdf",
}  # fmt: skip
_PICTURE = re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|RIFF....WEBP", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x7f]")
HALF_WRITTEN = (".part", ".tmp", ".crdownload", ".icloud", "~")


@dataclass(frozen=True, slots=True)
class InboxFile:
    """kind: text, mail, picture or pdf; title: its first line or its subject; who, day: of a mail."""

    name: str
    sha256: str
    kind: str
    title: str
    text: str
    size: int
    who: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class InboxContents:
    """files: what can be read, by name; unread: names of what cannot, with the reason."""

    files: tuple[InboxFile, ...]
    unread: tuple[tuple[str, str], ...]


def scan(folder: Path, now: float) -> InboxContents:
    """What lies in a folder itself. Links, other folders and what is hidden are left alone, so that
    nothing outside it is read."""
    files: list[InboxFile] = []
    unread: list[tuple[str, str]] = []
    try:
        names = sorted(path.name for path in folder.iterdir())[:MOST]
    except OSError:
        return InboxContents((), ())
    for name in names:
        if name.startswith(".") or name.lower().endswith(HALF_WRITTEN):
            continue
        status = _status(folder / name)
        if status is None or now - status.st_mtime < SETTLED:
            continue
        kind = KINDS.get(Path(name).suffix.lower())
        if kind is None:
            unread.append((name, "is not text, Markdown, a picture, a PDF or a mail"))
        elif status.st_size > LARGEST:
            unread.append((name, f"is larger than {LARGEST // 1_000_000} MB"))
        else:
            read = _read(folder, name, kind, status.st_mtime_ns, status.st_size)
            if isinstance(read, InboxFile):
                files.append(read)
            elif read:
                unread.append((name, read))
    return InboxContents(tuple(files), tuple(unread))


def _status(path: Path) -> os.stat_result | None:
    """Of a plain file; None for links and everything else."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


@lru_cache(2 * MOST)
def _read(folder: Path, name: str, kind: str, _changed: int, _size: int) -> InboxFile | str:
    """A file as it is at one time and size, or why it cannot be read; empty where it is gone. A page
    that is opened again reads it once."""
    content = content_of(folder, name)
    if content is None:
        return ""
    return _refusal(kind, content) or _file(name, kind, content)


def _refusal(kind: str, content: bytes) -> str:
    """Why the content is not what the name says; empty where it is."""
    if not content.strip(b"\0\t\r\n \xef\xbb\xbf\xff\xfe"):
        return "is empty"
    if kind == "picture":
        return "" if _PICTURE.match(content) else "is not a picture, whatever its name says"
    if kind == "pdf":
        return "" if b"%PDF-" in content[:1024] else "is not a PDF, whatever its name says"
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_wide and _CONTROL.search(content[:LONGEST_TEXT]):
        return "is not text, whatever its name says"
    return ""


def content_of(folder: Path, name: str) -> bytes | None:
    """A file's bytes, opened so that no link is followed; None where it is gone or is no plain file."""
    if Path(name).name != name or name in {"", ".", ".."}:
        return None
    try:
        descriptor = os.open(
            folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        )
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return stream.read(LARGEST + 1)


def _file(name: str, kind: str, content: bytes) -> InboxFile:
    # With its name, as the same message may lie there twice.
    sha256 = hashlib.sha256(name.encode("utf-8", "replace") + b"\0" + content).hexdigest()
    stem = Path(name).stem.replace("_", " ").replace("-", " ")
    if kind == "mail":
        return _mail(name, sha256, content, stem)
    if kind != "text":
        return InboxFile(name, sha256, kind, stem[:300], "", len(content))
    text = _decoded(content)
    lines = [line.strip(" #*-\t") for line in text.splitlines() if line.strip(" #*-\t")]
    return InboxFile(name, sha256, kind, (lines[0] if lines else stem)[:300], text, len(content))


def _decoded(content: bytes) -> str:
    best = from_bytes(content[: 4 * LONGEST_TEXT]).best()
    text = str(best) if best is not None else content.decode("utf-8", "replace")
    return text.replace("\0", "").replace("\r\n", "\n").lstrip("\ufeff").strip()[:LONGEST_TEXT]


def _mail(name: str, sha256: str, content: bytes, stem: str) -> InboxFile:
    try:
        message: EmailMessage = message_from_bytes(content, policy=policy.default)
        body = message.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
        if body is not None and body.get_content_subtype() == "html":
            text = _without_tags(text)
        sender = message["from"]
        who = (
            sender.addresses[0].display_name or sender.addresses[0].addr_spec
            if sender and sender.addresses
            else ""
        )
        day = (
            message["date"].datetime.date()
            if message["date"] and message["date"].datetime
            else None
        )
        title = " ".join(str(message["subject"] or "").split())
    except (LookupError, ValueError, AttributeError, TypeError, UnicodeError):
        # A damaged mail is still text.
        return InboxFile(name, sha256, "mail", stem[:300], _decoded(content), len(content))
    text = text.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST_TEXT]
    return InboxFile(
        name, sha256, "mail", (title or stem)[:300], text, len(content), who[:200], day
    )


def _without_tags(page: str) -> str:
    import nh3  # noqa: PLC0415 - only mails without a plain part need it

    lines = nh3.clean(
        page.replace("<br", "\n<br").replace("</p>", "</p>\n"), tags=set()
    ).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
