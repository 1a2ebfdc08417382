"""Mail to oneself, or to whoever one names, by one's own SMTP server: reviews and reminders."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from almanac.actions.errors import CannotError
from almanac.answers.log.calendar import coming_reminders
from almanac.answers.log.change_lines import ChangeLine
from almanac.press import review as press
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import PrivateSetting
from almanac.record.queries import preferences, private

if TYPE_CHECKING:
    from almanac.answers.review.composition import Review
    from almanac.record.models import Activity
    from almanac.record.rules import Actor

SECONDS = 20
IMPLICIT_TLS = 465
REMIND_FROM_HOUR = 8
FIELDS = ("host", "port", "user", "password", "sender", "to")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mail goes out. password: kept in the private file, which no export includes."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    to: str


def mailbox(actor: Actor) -> Mailbox | None:
    """The server that was set up; None where none was."""
    rules.require(rules.may_read_private, actor)
    known: dict[str, Any] = private.value("mail")
    if not known.get("host"):
        return None
    return Mailbox(**{name: known.get(name, "") for name in FIELDS} | {"port": int(known["port"])})


def set_up_mail(actor: Actor, **values: Any) -> None:
    """Keep a server, or forget it where no host is given; an empty password keeps the one that was."""
    rules.require(rules.may_read_private, actor)
    known: dict[str, Any] = private.value("mail")
    host = str(values.get("host", "")).strip()
    kept: dict[str, Any] = {}
    if host:
        if not values.get("sender") or not values.get("to"):
            raise CannotError("Say from which address mail goes out, and to which.")
        for name in ("sender", "to"):
            if not _is_address(str(values[name])):
                raise CannotError(f"“{str(values[name])[:60]}” is not a mail address.")
        port = int(values.get("port") or 587)
        if not 1 <= port <= 65535:
            raise CannotError("A port is from 1 to 65535.")
        kept = {name: str(values.get(name, "")).strip() for name in FIELDS} | {
            "host": host,
            "port": port,
        }
        kept["password"] = kept["password"] or known.get("password", "")
    with verb(actor, "set_up_mail", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.MAIL_SET()
        PrivateSetting.objects.update_or_create(key="mail", defaults={"value": kept})


def _is_address(text: str) -> bool:
    name, _, host = text.strip().rpartition("@")
    return bool(name and "." in host) and not set(text) & set(" \r\n<>,;")


def send(
    actor: Actor,
    subject: str,
    text: str,
    *,
    to: str = "",
    page: bytes | None = None,
    what: str = "",
) -> str:
    """Send one message now; to whom it went. page: the same as HTML. Raises CannotError where it cannot be."""
    rules.require(rules.may_read_private, actor)
    box = mailbox(actor)
    if box is None:
        raise CannotError("No mail server is set up; name one in Settings.")
    to = to.strip() or box.to
    if not _is_address(to):
        raise CannotError(f"“{to[:60]}” is not a mail address.")
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())[:200]
    message["From"], message["To"] = box.sender, to
    message.set_content(text)
    if page is not None:
        message.add_alternative(page.decode(), subtype="html")
    try:
        _deliver(box, message)
    except (OSError, smtplib.SMTPException) as error:
        raise CannotError(
            f"{box.host} did not take the message: {_reason(error)}. Nothing was sent."
        ) from error
    with verb(actor, "send_mail", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.MAILED(what=what or subject)
    return to


def mail_review(actor: Actor, found: Review, done: list[Activity], to: str = "") -> str:
    """Send a review as text and as a page; to whom it went."""
    rules.require(rules.may_read_private, actor)
    text, page = press.md(found, done).content.decode(), press.html(found, done).content
    return send(actor, found.title, text, to=to, page=page, what=found.title)


def _deliver(box: Mailbox, message: EmailMessage) -> None:
    """Over TLS, except to this machine itself."""
    context = ssl.create_default_context()
    if box.port == IMPLICIT_TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            box.host, box.port, timeout=SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(box.host, box.port, timeout=SECONDS)
    with server:
        if box.port != IMPLICIT_TLS and box.host not in {"127.0.0.1", "localhost", "::1"}:
            server.starttls(context=context)
        if box.user:
            server.login(box.user, box.password)
        server.send_message(message)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "it refused the user or the password"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "it refused the address"
    return str(error)[:120] or type(error).__name__


def send_reminders(actor: Actor) -> bool:
    """Once a day from eight in the morning: what one chose to be reminded of, by mail; whether any went."""
    rules.require(rules.may_read_private, actor)
    now = clock.now().astimezone(preferences.zone())
    today = now.date().isoformat()
    if now.hour < REMIND_FROM_HOUR or private.value("reminded_on") == today:
        return False
    if "mail" not in private.value("reminders") or mailbox(actor) is None:
        return False
    found = coming_reminders(actor)
    if found:
        send(actor, f"Almanac: {found[0]}", "\n".join(found) + "\n", what="reminders")
    PrivateSetting.objects.update_or_create(key="reminded_on", defaults={"value": today})
    return bool(found)
