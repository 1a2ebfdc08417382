"""`almanac serve` and `demo`: the logbook in a browser."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connections

from almanac.actions.errors import CannotError
from almanac.actions.example import play
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.imports.inbox import clear_handled
from almanac.actions.playbooks.freshness import check_links_due
from almanac.actions.preferences import prefer
from almanac.actions.review.mailing import send_reminders
from almanac.actions.workload.repeating import make_ahead
from almanac.actions.workload.time_off import fetch_due
from almanac.answers.imports.reading_files import plan, read
from almanac.faces.cli import example_home, out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import machine_zone, open_logbook
from almanac.record.infra import background
from almanac.record.infra.links import new_link
from almanac.record.rules import OWNER
from almanac.sources.base.reading import documents_at
from almanac.sources.base.rows import UnreadableError

HOST = "127.0.0.1"
USUAL_PORT = 8765
PORTS_TO_TRY = 20
TASKS = {
    "Planning what repeats": make_ahead,
    "Fetching subscribed calendars": fetch_due,
    "Clearing the inbox": clear_handled,
    "Sending reminders": send_reminders,
    "Checking the links of playbooks": check_links_due,
}
LOOK_EVERY = 60
"""Seconds between looks at whether there is something to learn."""


def serve(
    *,
    port: int | None = None,
    browser: bool = True,
    as_json: JsonFlag = False,
) -> int:
    """Open the logbook in the browser, for you alone on this machine.

    The link works once, within a quarter of an hour; call serve again for another.

    Parameters
    ----------
    port
        The port; the first free one from 8765 if you do not say.
    browser
        Open the browser by itself.
    as_json
        Print the link as JSON.
    """
    open_logbook()
    return _serve(port, browser, as_json)


def demo(
    *,
    events: Annotated[Path | None, Parameter(name="--from")] = None,
    port: int | None = None,
    serve: bool = True,
    browser: bool = True,
    as_json: JsonFlag = False,
) -> int:
    """Look around an example year, or your own events, in a logbook of its own.

    Parameters
    ----------
    events
        An events table to look at instead of the example year.
    port
        The port; the first free one from 8765 if you do not say.
    serve
        Open it in the browser; with --no-serve it is only filled.
    browser
        Open the browser by itself.
    as_json
        Print JSON.
    """
    home = settings.ALMANAC_HOME
    open_logbook()
    if not as_json:
        where = "a temporary logbook" if example_home.is_temporary() else str(home)
        out.say(f"Filling {where} with {'your events' if events else 'an example year'} ...")
    number = _fill(events)
    if as_json:
        out.data({"home": str(home), "activities": number, "example": events is None})
    else:
        out.say(f"{number:,} activities. It is an example: your own logbook is untouched.")
    if not serve:
        if not as_json:
            out.say(f"  Open it with: ALMANAC_HOME={home} almanac serve")
        return 0
    return _serve(port, browser, as_json=False)


def _fill(events: Path | None) -> int:

    if events is None:
        return play(OWNER, machine_zone())
    number = 0
    for document in documents_at(events):
        if isinstance(document, UnreadableError):
            raise document
        found = read(OWNER, document)
        result = carry_out(OWNER, plan(OWNER, document.name, found))
        number += result.created.get("events", 0)
    if not number:
        raise CannotError(f"{events} holds no events that could be read.")
    prefer(OWNER, example=True, welcomed=True)
    return number


def _serve(port: int | None, browser: bool, as_json: bool) -> int:

    if os.environ.get("ALMANAC_TEAM"):
        raise CannotError(
            "ALMANAC_TEAM is set, and serving a team wants accounts and HTTPS, which this version "
            "does not have yet; unset it to serve yourself on this machine."
        )
    server = _server(_free_port(port))
    number = int(server.effective_port)
    link = f"http://{HOST}:{number}/open/{new_link()}/"
    if as_json:
        out.data({"link": link, "port": number})
    else:
        out.say(f"Almanac is open at {link}")
        out.say("  The link works once. Stop with Ctrl-C; call almanac serve for another link.")
    sys.stdout.flush()
    if browser:
        webbrowser.open(link)
    threading.Thread(target=_keep_fresh, daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    return 0


def _keep_fresh() -> None:
    """In the background, for as long as it runs: fetch subscribed calendars and check the links
    of playbooks now and again."""

    while True:
        freshen()
        time.sleep(LOOK_EVERY)


def freshen() -> None:
    """Each task once; none that fails keeps the others from their turn."""
    for what, task in TASKS.items():
        with background.noted(what):
            try:
                task(OWNER)
            except OperationalError as error:
                if "locked" not in str(error):
                    raise
                # Somebody else is writing; there is time.
            finally:
                connections.close_all()


def _server(port: int) -> Any:
    """A server that listens already, so that its link can be opened as soon as it is printed."""
    from waitress.server import create_server

    return create_server(
        get_wsgi_application(),
        host=HOST,
        port=port,
        threads=4,
        ident="",
        max_request_body_size=60_000_000,
    )


def _free_port(wanted: int | None) -> int:

    for port in [wanted] if wanted is not None else range(USUAL_PORT, USUAL_PORT + PORTS_TO_TRY):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except (OSError, OverflowError):
                continue
            return int(probe.getsockname()[1])
    raise CannotError(f"Port {wanted or USUAL_PORT} is taken; name another with --port.")
