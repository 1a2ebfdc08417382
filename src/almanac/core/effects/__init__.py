"""Did a change do anything? Effects of one change on a series, from before, after and comparisons.

Each estimator is a file; all take the same `Design` and return the same `Effect`, or a refusal.
"""

from almanac.core.effects.design import Design, Effect

__all__ = ["Design", "Effect"]
