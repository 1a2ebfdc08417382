"""What one may share with peers as a file: playbooks, findings, definitions of metrics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from almanac.answers.experiments.experiments import result_said
from almanac.record import rules
from almanac.record.models import Finding, Metric, PlaybookVersion, Program
from almanac.record.queries import preferences
from almanac.sources.text.shared_file import SharedFile, Shares

if TYPE_CHECKING:
    from almanac.record.rules import Actor


@dataclass(frozen=True, slots=True)
class Shareable:
    """key: its kind and number, “playbook-3”; is_public: whether the public log holds it as a file."""

    key: str
    kind: Shares
    title: str
    is_public: bool


def shareables(actor: Actor) -> list[Shareable]:
    """Everything one may share, by kind and title."""
    rules.require(rules.may_read_record, actor)
    public = set(preferences.value("public_files"))
    programs = Program.objects.filter(playbook_versions__isnull=False).distinct()
    rows = [
        *((Shares.PLAYBOOK, pk, name) for pk, name in programs.values_list("pk", "name")),
        *((Shares.FINDING, f.pk, f.experiment.trying) for f in _findings()),
        *((Shares.METRIC, pk, name) for pk, name in Metric.objects.values_list("pk", "name")),
    ]
    made = [
        Shareable(f"{kind}-{pk}", kind, title, f"{kind}-{pk}" in public) for kind, pk, title in rows
    ]
    return sorted(made, key=lambda each: (list(Shares).index(each.kind), each.title.casefold()))


def _findings() -> list[Finding]:
    return list(Finding.objects.select_related("experiment"))


def find_shareable(actor: Actor, kind: str, words: str) -> Shareable | None:
    """By its key or number, or by words of its title."""
    rules.require(rules.may_read_record, actor)
    wanted = words.casefold().split()
    rows = [each for each in shareables(actor) if each.kind == kind]
    exact = [each for each in rows if each.key in {words, f"{kind}-{words}"}]
    exact += [each for each in rows if each.title.casefold() == words.casefold()]
    held = [each for each in rows if wanted and all(w in each.title.casefold() for w in wanted)]
    return next(iter([*exact, *held]), None)


def shared_file(actor: Actor, key: str) -> SharedFile | None:
    """One of them as a file, with whose it is by the public log; None where it is gone."""
    rules.require(rules.may_read_record, actor)
    found = _shared(key)
    names = [preferences.value("public_title"), *preferences.value("own_names")]
    source = next((name for name in names if name), "")
    return (
        replace(found, source=source, link=preferences.value("public_address")) if found else None
    )


def _shared(key: str) -> SharedFile | None:
    kind, _, number = key.partition("-")
    if not number.isdecimal():
        return None
    if kind == Shares.PLAYBOOK:
        version = PlaybookVersion.objects.filter(program_id=number).select_related("program").last()
        return _playbook(version) if version else None
    if kind == Shares.FINDING:
        finding = Finding.objects.filter(pk=number).select_related("experiment").first()
        return _finding(finding) if finding else None
    metric = Metric.objects.filter(pk=number).first() if kind == Shares.METRIC else None
    return _metric(metric) if metric else None


def _playbook(version: PlaybookVersion) -> SharedFile:
    return SharedFile(
        Shares.PLAYBOOK, version.program.name, version.text, day=preferences.day_of(version.made_at)
    )


def _finding(finding: Finding) -> SharedFile:
    experiment = finding.experiment
    text = f"We tried {experiment.trying}, because {experiment.because}\n\n{result_said(finding)}\n\nWhy: {finding.why}"
    fields = {
        "because": experiment.because, "worked_if": experiment.worked_if, "topic": experiment.topic,
        "verdict": finding.verdict, "happened": finding.happened,
    }  # fmt: skip
    return SharedFile(
        Shares.FINDING,
        experiment.trying,
        text,
        day=preferences.day_of(finding.closed_at),
        fields=fields,
    )


def _metric(metric: Metric) -> SharedFile:
    version = metric.versions.last()
    definition = version.definition if version else ""
    fields = {
        "definition": definition, "formula": version.formula if version else "", "unit": metric.unit,
        "measure": metric.measure, "direction": metric.direction,
    }  # fmt: skip
    return SharedFile(Shares.METRIC, metric.name, definition, fields=fields)
