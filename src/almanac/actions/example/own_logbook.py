"""From the example to a logbook of one's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings

from almanac.actions.errors import CannotError
from almanac.actions.preferences import prefer
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra.routing import PRIVATE, PRIVATE_MODELS
from almanac.record.models import Change
from almanac.record.queries import preferences
from almanac.record.tables import record_tables

if TYPE_CHECKING:
    from almanac.record.rules import Actor

OWN_HOME = "ALMANAC_OWN_HOME"
"""Set by `almanac demo` when the example lives in a temporary folder: where one's own belongs."""


def begin_own(actor: Actor) -> str:
    """Start one's own logbook. Returns its link where it is another folder's, else nothing.

    An example in a temporary folder is left as it is; one in the logbook's own folder is cleared.
    """
    rules.require(rules.may_keep_logbook, actor)
    if not preferences.value("example"):
        raise CannotError("This is not an example; it is your own logbook already.")
    if OWN_HOME in os.environ:
        return _serve_own(os.environ[OWN_HOME])
    clear(actor)
    return ""


def clear(actor: Actor) -> None:
    """Delete everything of the example from this logbook, and only of an example."""
    rules.require(rules.may_keep_logbook, actor)
    if not preferences.value("example"):
        raise CannotError("Only an example can be cleared at once; this is your own logbook.")
    zone = preferences.value("zone")
    with verb(actor, "clear_example") as line:
        for model in reversed(record_tables()):
            model._default_manager.all().delete()
        line.undoable = False
        line.summary = ChangeLine.EXAMPLE_CLEARED()
    for name in sorted(PRIVATE_MODELS):
        apps.get_model("record", name)._default_manager.using(PRIVATE).all().delete()
    prefer(actor, zone=zone, welcomed=True)
    Change.objects.filter(verb="prefer").update(undo=None)


def _serve_own(home: str) -> str:
    """Serve the practitioner's own logbook beside the example; the link of that one."""
    environment = {key: value for key, value in os.environ.items() if key != OWN_HOME}
    environment.pop("ALMANAC_HOME", None)
    if home:
        environment["ALMANAC_HOME"] = home
    command = [str(Path(sys.executable).with_name("almanac")), "serve", "--no-browser", "--json"]
    process = subprocess.Popen(  # noqa: S603 - our own command, no shell, nothing from outside
        command, env=environment, stdout=subprocess.PIPE, text=True, cwd=settings.ALMANAC_HOME
    )
    if process.stdout is None:
        raise CannotError("Your own logbook could not be opened; run almanac serve.")
    text = ""
    while not text.rstrip().endswith("}"):
        piece = process.stdout.readline()
        if not piece:
            raise CannotError("Your own logbook could not be opened; run almanac serve.")
        text += piece
    return str(json.loads(text)["link"])
