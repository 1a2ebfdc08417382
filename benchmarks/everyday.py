"""Everyday cases as a table: what is forecast beside the band that any sensible answer lies in; then
whether the forecasts of random events agree with each other.

.venv/bin/python benchmarks/everyday.py [RANDOM_EVENTS]
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.core.turnout.everyday import CASES, incoherences


def main() -> int:
    outside = 0
    for case in CASES:
        inside, (low, middle, high) = case.verdict()
        outside += not inside
        said = "refused" if middle is None else f"{middle:>7,} ({low:,} to {high:,})"
        band = "refused" if case.refused else f"{case.low:,.0f} to {case.high:,.0f}"
        print(f"{'' if inside else 'OUTSIDE':8}{case.name:58}{case.stage.value:10}{said:32}{band}")
    print(f"{len(CASES) - outside} of {len(CASES)} inside")
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    wrong = [found for seed in range(number) for found in incoherences(seed)]
    print(*wrong, sep="\n")
    print(f"{len(wrong)} contradictions in the forecasts of {number:,} random events")
    return outside + len(wrong)


if __name__ == "__main__":
    sys.exit(main())
