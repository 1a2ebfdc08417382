"""Everyday cases as a table: what is forecast beside the band that any sensible answer lies in.

.venv/bin/python benchmarks/everyday.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.core.turnout.everyday import CASES


def main() -> int:
    outside = 0
    for case in CASES:
        inside, (low, middle, high) = case.verdict()
        outside += not inside
        said = "refused" if middle is None else f"{middle:>7,} ({low:,} to {high:,})"
        band = "refused" if case.refused else f"{case.low:,.0f} to {case.high:,.0f}"
        print(f"{'' if inside else 'OUTSIDE':8}{case.name:58}{case.stage.value:10}{said:32}{band}")
    print(f"{len(CASES) - outside} of {len(CASES)} inside")
    return outside


if __name__ == "__main__":
    sys.exit(main())
