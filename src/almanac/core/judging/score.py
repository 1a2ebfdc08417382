"""One score on a ballot: apart from the sampler, so that reading ballots needs no numerics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """What a judge gave a project, on a criterion where there are several."""

    judge: str
    project: str
    value: float
    criterion: str = ""
