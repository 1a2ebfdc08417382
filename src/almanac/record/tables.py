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
    "activity",
    "activity_tags",
    "link",
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
    "forecast",
    "change",
)


def record_tables() -> list[type[Model]]:
    """The models that an export holds: all of the record, nothing private."""
    return [_model(name) for name in ORDER]


def _model(name: str) -> type[Model]:
    if name == "activity_tags":
        return Activity.tags.through
    return apps.get_model("record", name)


def unlisted() -> set[str]:
    """Models nobody gave a place above; empty, or an export would lose a table."""
    models = {model._meta.model_name or "" for model in apps.get_app_config("record").get_models()}
    return models - set(ORDER) - PRIVATE_MODELS
