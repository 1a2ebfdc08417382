"""What other libraries say of the same series; run by beside.py, in environments of their own.

    python effect_peers.py NAME SERIES.json OUT.json

SERIES.json: a list of {y, x, start}. OUT.json: a list of [effect, low, high, seconds], the mean effect a
period with its 95 % range, as each library gives it with its defaults.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


def unobserved(y, x, start):
    """statsmodels: local level with regression by maximum likelihood, simulated ahead."""
    import numpy as np
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    model = UnobservedComponents(y[:start], "llevel", exog=x[:start, None])
    fit = model.fit(disp=0, maxiter=200)
    drawn = fit.simulate(len(y) - start, anchor="end", repetitions=1000, exog=x[start:, None])
    gaps = y[start:].mean() - np.asarray(drawn).reshape(len(y) - start, -1).mean(axis=0)
    return float(gaps.mean()), *(float(v) for v in np.quantile(gaps, (0.025, 0.975)))


def causalpy(y, x, start):
    """CausalPy: interrupted time series with a linear model in PyMC."""
    import causalpy as cp
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"y": y, "x": x})
    model = cp.pymc_models.LinearRegression(
        sample_kwargs={"progressbar": False, "random_seed": 1, "cores": 2}
    )
    found = cp.InterruptedTimeSeries(frame, treatment_time=start, formula="y ~ 1 + x", model=model)
    draws = found.post_impact.stack(sample=("chain", "draw"))  # noqa: PD013 - of xarray
    impact = np.asarray(draws.transpose("sample", ...))
    means = impact.reshape(impact.shape[0], -1).mean(axis=1)
    return float(means.mean()), *(float(v) for v in np.quantile(means, (0.025, 0.975)))


def tfcausalimpact(y, x, start):
    """tfcausalimpact with its default, variational inference."""
    import pandas as pd
    from causalimpact import CausalImpact

    found = CausalImpact(pd.DataFrame({"y": y, "x": x}), [0, start - 1], [start, len(y) - 1])
    row = found.summary_data["average"]
    return float(row["abs_effect"]), float(row["abs_effect_lower"]), float(row["abs_effect_upper"])


def main() -> None:
    name, series, out = sys.argv[1:4]
    import numpy as np

    estimate = {"statsmodels": unobserved, "causalpy": causalpy, "tfcausalimpact": tfcausalimpact}[
        name
    ]
    rows = []
    for each in json.loads(Path(series).read_text()):
        began = time.perf_counter()
        found = estimate(np.array(each["y"]), np.array(each["x"]), each["start"])
        rows.append([*found, time.perf_counter() - began])
        Path(out).write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
