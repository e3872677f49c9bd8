"""Reference values for heddle/stats, by statsmodels and scipy. Run: python3 make_stats.py > stats.json

Needs numpy, pandas, scipy, statsmodels (numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0 when it was last run). Not part
of the build.
"""

import json
import sys

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.anova import anova_lm

ROWS, COLUMNS, BLOCKS = 3, 4, 3


def anova(values, formula, names):
    index = np.indices(values.shape).reshape(3, -1)
    frame = pd.DataFrame({"y": values.ravel(), "r": index[0], "c": index[1], "b": index[2]})
    table = anova_lm(smf.ols(formula, frame).fit())
    rows = {}
    for name, label in names.items():
        row = table.loc[label]
        rows[name] = {"sum_of_squares": row["sum_sq"], "degrees": int(row["df"])}
        if label != "Residual":
            rows[name] |= {"f": row["F"], "p": row["PR(>F)"]}
    return rows


def main():
    random = np.random.default_rng(7)
    row, column, block = np.array([0.0, 1.0, 0.3]), np.array([0.5, 0.0, -0.4, 0.2]), np.array([0.1, -0.2, 0.0])
    values = (
        row[:, None, None]
        + column[None, :, None]
        + 0.3 * random.standard_normal((ROWS, COLUMNS, 1))
        + block
        + 0.25 * random.standard_normal((ROWS, COLUMNS, BLOCKS))
    ).round(3)
    names = {"row": "C(r)", "column": "C(c)", "interaction": "C(r):C(c)", "block": "C(b)", "residual": "Residual"}
    few = [1.2, 0.7, 2.9]
    many = [3.1, 0.2, 5.5, 4.4, 1.9, 7.3, 0.8]
    json.dump(
        {
            "anova": {
                "sizes": [ROWS, COLUMNS, BLOCKS],
                "values": values.ravel().tolist(),
                "components": anova(values, "y ~ C(r) * C(c) + C(b)", names),
            },
            "f_tail": [
                [f, a, b, stats.f.sf(f, a, b)]
                for f, a, b in [(2.1, 64, 160), (0.3, 8, 160), (25, 2.5, 7.25), (400, 8, 160)]
            ],
            "t_quantile": [[p, n, stats.t.ppf(p, n)] for p, n in [(0.975, 2), (0.975, 4), (0.9, 30.5), (0.01, 1)]],
            "mean_interval": {"values": few, "interval": list(stats.t.interval(0.95, 2, np.mean(few), stats.sem(few)))},
            "geometric_mean": {"values": few, "mean": stats.gmean(few)},
            "quantile": {"values": many, "at": [[p, float(np.quantile(many, p))] for p in [0, 0.05, 0.5, 0.77, 1]]},
        },
        sys.stdout,
        indent=1,
    )
    print()


main()
