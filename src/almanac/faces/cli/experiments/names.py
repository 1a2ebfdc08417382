"""Experiments and programs as people name them, and how one is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.actions.errors import CannotError
from almanac.answers.experiments.experiments import find
from almanac.faces.cli import out
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.record.models import Experiment


def the_experiment(name: str) -> Experiment:

    found = find(OWNER, name)
    if found is None:
        raise CannotError(f"There is no experiment called “{name}”.")
    return found


def told(said: str, found: Experiment, *, as_json: bool) -> int:
    if as_json:
        out.data({"id": found.pk, "trying": found.trying, "by": found.by, "said": said})
    else:
        out.say(said)
    return 0
