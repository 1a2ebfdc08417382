"""Publish: the public log into a folder that holds whatever else it holds, and verify it."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from almanac.actions.errors import CannotError
from almanac.answers.log.change_lines import ChangeLine
from almanac.answers.review import publication
from almanac.press import site as press
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.infra.ledger import Ledger, digest, new_salt, seal, seals
from almanac.record.models import Publication

if TYPE_CHECKING:
    from almanac.answers.review.publication import Preview, Site
    from almanac.record.rules import Actor

LEDGER, MANIFEST, ENTRIES = publication.LEDGER, "manifest.json", publication.ENTRIES
BEGUN = ".almanac-begun.json"


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: files written and taken away, and how entries changed."""

    folder: Path
    written: int
    removed: int
    preview: Preview

    @property
    def changed_nothing(self) -> bool:
        return not (self.written or self.removed)


def publish(actor: Actor, folder: Path) -> Published:
    """Write the public log into a folder. Only what has changed is written, and nothing is touched
    that Almanac did not write. Nothing is sent anywhere."""
    rules.require(rules.may_keep_logbook, actor)
    folder = folder.expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise CannotError(f"{folder} is a file; name a folder.")
    row = Publication.objects.filter(folder=str(folder)).first()
    ledger = _ledger(folder, row)
    manifest = _manifest(folder, ledger)
    begun = _files_of(folder / BEGUN)
    made = publication.site(actor)
    before = publication.states(ledger, folder)
    changes = publication.compare(made, before)
    entries, lines = _revisions(made, before, changes)
    pages = press.pages(made) | {ENTRIES: _entries_file(made, entries)}
    there = _ours(folder, pages, manifest, begun)
    fresh = {path: held for path, held in pages.items() if there.get(path) != digest(held)}
    gone = [path for path in {**begun, **manifest} if path not in pages and path != LEDGER]
    if not fresh and not gone and not lines and not begun and row is not None:
        if row.head != ledger.head:
            # Killed after its last file was written and before this was noted.
            with verb(actor, "publish") as line:
                line.undoable = False
                line.summary = ChangeLine.PUBLICATION(folder=folder.name)
                row.head, row.entries = ledger.head, entries
                row.save(update_fields=["head", "entries"])
        return Published(folder, 0, 0, changes)
    files = {path: digest(content) for path, content in sorted(pages.items())}
    held = _held(files)
    edition = {"at": made.made_at.isoformat(), "action": "edition", "sha256": digest(held)}
    ledger = ledger.append([*lines, edition])
    with verb(actor, "publish") as line:
        line.undoable = False
        line.summary = ChangeLine.PUBLISHED(
            folder=folder.name,
            new=len(changes.fresh),
            changed=len(changes.changed),
            removed=len(changes.redacted),
        )
        Publication.objects.update_or_create(
            folder=str(folder),
            defaults={"head": ledger.head, "entries": entries, "published_at": clock.now()},
        )
        try:
            # A publication that is killed leaves behind what it was about to write.
            _put(folder / BEGUN, _held({**begun, **files}))
            _write(folder, fresh, gone)
            _put(folder / LEDGER, ledger.text.encode())
            _put(folder / MANIFEST, held)
            (folder / BEGUN).unlink()
        except OSError as error:
            raise CannotError(
                f"{folder} cannot be written: {(error.strerror or 'no room').lower()}."
            ) from error
    return Published(folder, len(fresh), len(gone), changes)


def _held(files: dict[str, str]) -> bytes:
    return (json.dumps({"files": files}, indent=1) + "\n").encode()


def _ledger(folder: Path, row: Publication | None) -> Ledger:
    """The ledger that is to be gone on with; refused where it was changed, cut or taken away."""
    file = folder / LEDGER
    if not file.exists():
        if row is not None and (folder / MANIFEST).exists():
            raise CannotError(
                f"{file} is gone; put it back, or publish into another folder: without it nobody "
                "can see what was changed."
            )
        return Ledger()
    try:
        ledger = Ledger.read(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotError(f"{file} cannot be read; see almanac verify.") from error
    if ledger.broken_at() is not None:
        raise CannotError(
            f"{file} has been changed by somebody: line {ledger.broken_at()} does not follow from "
            "the one before. See almanac verify."
        )
    if row is not None and not ledger.holds(row.head):
        raise CannotError(
            f"{file} does not go on from where this logbook last left it: it was cut, put back or "
            "written anew. See almanac verify; bring back the latest, or use another folder."
        )
    return ledger


def _manifest(folder: Path, ledger: Ledger) -> dict[str, str]:
    """What Almanac wrote here, by path; its own only where the ledger speaks of it."""
    file = folder / MANIFEST
    if not file.exists():
        return {}
    if digest(file.read_bytes()) not in ledger.editions():
        raise CannotError(
            f"{file} is not one that Almanac wrote; nothing was changed. Publish into another folder."
        )
    return _files_of(file)


def _files_of(file: Path) -> dict[str, str]:
    """The paths of a list of files, of which none may lead out of its folder."""
    if not file.exists():
        return {}
    try:
        files = dict(json.loads(file.read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotError(f"{file} cannot be read; nothing was changed.") from error
    for path in files:
        given = PurePosixPath(path)
        if given.is_absolute() or ".." in given.parts or "\\" in path or ":" in path:
            raise CannotError(f"{file} names {path[:80]}, outside its folder; nothing was changed.")
    return files


def _revisions(
    made: Site, before: dict[str, Any], changes: Preview
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Entries as they will be, and the lines to be added."""
    now = made.made_at.isoformat()
    entries = dict(before)
    lines: list[dict[str, Any]] = []
    for entry in (*changes.fresh, *changes.changed):
        known = before.get(entry.key)
        revision = (known["revision"] if known else 0) + 1
        salt = new_salt()
        sealed = seal(entry.content, salt)
        action = "changed" if known and not known.get("redacted") else "published"
        lines.append(
            {"at": now, "key": entry.key, "action": action, "revision": revision, "sha256": sealed}
        )
        entries[entry.key] = {
            "revision": revision, "digest": entry.digest, "salt": salt, "redacted": False,
        }  # fmt: skip
    for key in changes.redacted:
        revision = before[key]["revision"] + 1
        lines.append({"at": now, "key": key, "action": "redacted", "revision": revision})
        entries[key] = {"revision": revision, "digest": "", "salt": "", "redacted": True}
    return entries, lines


def _entries_file(made: Site, entries: dict[str, Any]) -> bytes:
    """What is public now with the salt of each, so that anyone can check it against the ledger."""
    lines = []
    for entry in sorted(made.entries, key=lambda entry: entry.key):
        held = {"salt": entries[entry.key]["salt"], "content": entry.content}
        lines.append(f"{json.dumps(entry.key)}: {json.dumps(held, ensure_ascii=False)}")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _ours(
    folder: Path, pages: dict[str, bytes], manifest: dict[str, str], begun: dict[str, str]
) -> dict[str, str]:
    """Digests of the files that are there; refused where one is not as Almanac wrote it.

    begun: what a publication that was killed was about to write, which is ours too.
    """
    known = {**begun, **manifest}
    there: dict[str, str] = {}
    for path in {*pages, *known, LEDGER, MANIFEST, BEGUN}:
        file = folder / path
        if file.is_symlink() or any(
            above.is_symlink() for above in file.parents if folder in above.parents
        ):
            raise CannotError(f"{file} is a link to somewhere else; nothing was changed.")
        if path in {LEDGER, MANIFEST, BEGUN} or not file.exists():
            continue
        there[path] = digest(file.read_bytes())
        if path not in known and there[path] != digest(pages[path]):
            raise CannotError(
                f"{file} is there and was not written by Almanac; nothing was changed. Publish into "
                "a folder of its own, or move that file away."
            )
        if path in known and there[path] not in {manifest.get(path), begun.get(path)}:
            raise CannotError(
                f"{file} has been changed since Almanac wrote it; nothing was changed. Move it away, "
                "and publish again."
            )
    return there


def _write(folder: Path, fresh: dict[str, bytes], gone: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in fresh.items():
        _put(folder / path, content)
    for path in gone:
        file = folder / path
        file.unlink(missing_ok=True)
        if file.parent != folder and file.parent.is_dir() and not any(file.parent.iterdir()):
            file.parent.rmdir()


def _put(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".half")
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    Path(half).chmod(0o644)
    Path(half).replace(file)


# Verify


@dataclass(frozen=True, slots=True)
class Checked:
    """A published folder looked at: what is wrong, each in a sentence; nothing where all is well."""

    entries: int
    lines: int
    head: str
    problems: tuple[str, ...]


def verify_folder(actor: Actor, folder: Path) -> Checked:
    """Find any silent change of a public log: in its ledger, its files or its entries."""
    rules.require(rules.may_read_record, actor)
    folder = folder.expanduser().resolve()
    if not (folder / LEDGER).is_file():
        raise CannotError(f"{folder} holds no public log of Almanac.")
    ledger = Ledger.read((folder / LEDGER).read_text(encoding="utf-8", errors="replace"))
    broken = ledger.broken_at()
    problems = []
    if broken is not None:
        problems.append(f"Line {broken} of {LEDGER} does not follow from the one before it.")
        return Checked(0, len(ledger.lines), ledger.head, tuple(problems))
    told = ledger.parsed()
    problems += _file_problems(folder, told)
    entries, entry_problems = _entry_problems(folder, told)
    problems += entry_problems
    known = Publication.objects.filter(folder=str(folder)).first()
    if known is not None and known.head != ledger.head:
        problems.append(
            "The ledger does not end where this logbook last left it: it was cut or written anew."
        )
    return Checked(entries, len(ledger.lines), ledger.head, tuple(problems))


def _file_problems(folder: Path, told: list[dict[str, Any]]) -> list[str]:
    editions = [line for line in told if line.get("action") == "edition"]
    held = (folder / MANIFEST).read_bytes() if (folder / MANIFEST).is_file() else b""
    if not editions or editions[-1].get("sha256") != digest(held):
        return [f"{MANIFEST} is not the one the ledger speaks of."]
    found = []
    for path, wanted in _files_of(folder / MANIFEST).items():
        file = folder / path
        if not file.is_file():
            found.append(f"{path} is missing.")
        elif digest(file.read_bytes()) != wanted:
            found.append(f"{path} has been changed.")
    return found


def _entry_problems(folder: Path, told: list[dict[str, Any]]) -> tuple[int, list[str]]:
    latest = {line["key"]: line for line in told if "key" in line}
    try:
        held = json.loads((folder / ENTRIES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0, [f"{ENTRIES} cannot be read."]
    if not isinstance(held, dict):
        return 0, [f"{ENTRIES} cannot be read."]
    found = []
    for key, line in latest.items():
        shown = held.get(key)
        if line["action"] == "redacted":
            if shown is not None:
                found.append(f"{key} was taken back, and is still there.")
        elif shown is None:
            found.append(f"{key} was published, and is gone without a word.")
        elif not seals(shown, line):
            found.append(f"{key} is not what was published.")
    found += [f"{key} was never published by the ledger." for key in held if key not in latest]
    return len(held), found
