"""Every table of the record in the order in which rows depend on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps

from almanac.record.infra.routing import PRIVATE_MODELS
from almanac.record.models import Activity

if TYPE_CHECKING:
    from django.db.models import Model

ORDER = (
    "preference",
    "skippedquestion",
    "columnmapping",
    "tag",
    "program",
    "repeating",
    "activity",
    "activity_tags",
    "link",
    "attachment",
    "part",
    "move",
    "playbookversion",
    "run",
    "retro",
    "lesson",
    "departure",
    "checkedlink",
    "request",
    "proposal",
    "turnout",
    "signupobservation",
    "guest",
    "person",
    "encounter",
    "sameperson",
    "handedlink",
    "linkcount",
    "feedback",
    "peer",
    "peerentry",
    "voice",
    "voicepicture",
    "referral",
    "series",
    "post",
    "postcount",
    "metric",
    "metricversion",
    "measurement",
    "target",
    "experiment",
    "protocol",
    "trial",
    "deviation",
    "look",
    "finding",
    "reviewentry",
    "publication",
    "hackathon",
    "project",
    "judging",
    "forecast",
    "handledfile",
    "change",
)


STORED_AS = {"quote": "voice", "quotepicture": "voicepicture"}
"""Models whose stored name, in exports and in the change log, is an earlier one."""


def stored_name(model: type[Model]) -> str:
    """The name under which exports and the change log keep a model."""
    name = model._meta.model_name or ""
    return STORED_AS.get(name, name)


def model_stored_as(name: str) -> type[Model]:
    """The model of a stored name; raises LookupError where there is none any more."""
    now = {stored: model for model, stored in STORED_AS.items()}
    if name == "activity_tags":
        return Activity.tags.through
    return apps.get_model("record", now.get(name, name))


def record_tables() -> list[type[Model]]:
    """The models that an export holds: all of the record, nothing private."""
    return [model_stored_as(name) for name in ORDER]


def unlisted() -> set[str]:
    """Models nobody gave a place above; empty, or an export would lose a table."""
    models = {stored_name(model) for model in apps.get_app_config("record").get_models()}
    return models - set(ORDER) - PRIVATE_MODELS
