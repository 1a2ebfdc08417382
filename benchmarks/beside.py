"""The effects of a change, beside statsmodels, CausalPy and tfcausalimpact, on the same series.

    .venv/bin/python benchmarks/beside.py [RUNS] [HEAVY]

RUNS series for what takes a fraction of a second, HEAVY of them for libraries that take ten seconds
each. Makes two environments of their own beside this file the first time (3 GB). The simulator is that
of effects.py: 40 weeks before, 8 after, twenty a week, one comparison, with no change and with +30 %.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from effects import LIFT, series

from almanac.core.effects import Design, bsts, log_ratio

HERE = Path(__file__).resolve().parent
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
HEAVY = int(sys.argv[2]) if len(sys.argv) > 2 else 20
ENVIRONMENTS = {
    "statsmodels": (".effects-a", ["CausalPy==0.9.0", "statsmodels==0.15.0"]),
    "causalpy": (".effects-a", ["CausalPy==0.9.0", "statsmodels==0.15.0"]),
    "tfcausalimpact": (".effects-b", ["tfcausalimpact==0.0.19"]),
}
OURS = {
    "almanac log ratio": log_ratio.estimate,
    "almanac bsts": bsts.estimate,
    "bsts, the R package's prior": lambda design: bsts.estimate(design, bsts.CAUSALIMPACT),
}


def interpreter(peer: str) -> Path:
    folder, wanted = ENVIRONMENTS[peer]
    python = HERE / folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HERE / folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted], check=True)
    return python


def of_peer(peer: str, designs: list[Design]) -> list[list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "series.json", Path(folder) / "out.json"
        rows = [
            {"y": d.y.tolist(), "x": d.others[:, 0].tolist(), "start": d.start} for d in designs
        ]
        given.write_text(json.dumps(rows))
        command = [
            str(interpreter(peer)),
            str(HERE / "effect_peers.py"),
            peer,
            str(given),
            str(out),
        ]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        found: list[list[float]] = json.loads(out.read_text())
        return found


def of_ours(name: str, designs: list[Design]) -> list[list[float]]:
    found = []
    for design in designs:
        began = time.perf_counter()
        effect = OURS[name](design)
        ends = [v if v is not None else np.nan for v in (effect.effect, effect.low, effect.high)]
        found.append([*ends, time.perf_counter() - began])
    return found


def main() -> None:
    print("phi | estimator | wrong, held 0, held +30 %, found +30 % | seconds each | series")
    for phi in (0.3, 0.9):
        random = np.random.default_rng(round(100 * phi))
        none = [series(random, 20, phi, 0.0, 40, 8, 0.0, 0.0) for _ in range(RUNS)]
        some = [series(random, 20, phi, 0.0, 40, 8, LIFT, 0.0) for _ in range(RUNS)]
        for name in [*OURS, "statsmodels"]:
            line(phi, name, none, some)
        for name in [*OURS, "statsmodels", "causalpy", "tfcausalimpact"]:
            line(phi, name, none[:HEAVY], some[:HEAVY])


def line(phi: float, name: str, none: list[Design], some: list[Design]) -> None:
    of = of_ours if name in OURS else of_peer
    nothing, lift = (np.array(of(name, designs)) for designs in (none, some))
    true = np.array([d.y[d.start :].mean() * (1 - 1 / (1 + LIFT)) for d in some])
    wrong = np.mean((nothing[:, 1] > 0) | (nothing[:, 2] < 0))
    held = np.mean((lift[:, 1] <= true) & (true <= lift[:, 2]))
    found = np.mean((lift[:, 1] > 0) | (lift[:, 2] < 0))
    print(
        f"{phi} | {name:<27} | {wrong:.3f} {1 - wrong:.3f} {held:.3f} {found:.3f} |"
        f" {np.median(nothing[:, 3]):.3f} | {len(none)}", flush=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
