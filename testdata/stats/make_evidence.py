"""Reference values for the evidence's statistics in heddle/stats. Run: python3 make_evidence.py > evidence.json

Needs numpy, scipy, statsmodels (numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0 when it was last run). Not part of the
build. What these packages lack is computed here by another way than in Heddle: Tango's interval with the likelihood
maximised numerically, Miettinen and Nurminen's likewise, Boschloo's p over a fine grid from scipy's Fisher test, the
sign-flip test over all signs.
"""

import itertools
import json
import sys
from functools import cache

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint


def tango_score(better, worse, n, difference):
    low, high = max(0.0, -difference), (1 - difference) / 2

    def loss(q):
        cells = np.clip([q + difference, q, 1 - 2 * q - difference], 1e-300, None)
        return -np.dot([better, worse, n - better - worse], np.log(cells))

    q = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
    return (better - worse - n * difference) / np.sqrt(n * (2 * q + difference * (1 - difference)))


def tango(better, worse, n):
    z = stats.norm.ppf(0.975)
    middle = (better - worse) / n
    ends = [
        optimize.brentq(lambda d, s=s: tango_score(better, worse, n, d) - s, *span, xtol=1e-12)
        for s, span in ((z, (-1 + 1e-9, middle)), (-z, (middle, 1 - 1e-9)))
    ]
    return ends


def unpaired_score(a, na, b, nb, difference):
    """Miettinen and Nurminen's, the likelihood maximised numerically."""
    low, high = max(0.0, -difference), min(1.0, 1 - difference)

    def loss(rate):
        rates = np.clip([rate, 1 - rate, rate + difference, 1 - rate - difference], 1e-300, None)
        return -np.dot([a, na - a, b, nb - b], np.log(rates))

    rate = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
    variance = rate * (1 - rate) / na + (rate + difference) * (1 - rate - difference) / nb
    n = na + nb
    return (b / nb - a / na - difference) / np.sqrt(variance * n / (n - 1))


def unpaired(a, na, b, nb):
    z = stats.norm.ppf(0.975)
    middle = b / nb - a / na
    return [
        optimize.brentq(lambda d, s=s: unpaired_score(a, na, b, nb, d) - s, *span, xtol=1e-12)
        for s, span in ((z, (-1 + 1e-9, middle)), (-z, (middle, 1 - 1e-9)))
    ]


@cache
def fisher(x, na, y, nb):
    return stats.fisher_exact([[x, na - x], [y, nb - y]])[1]


def boschloo(x, na, y, nb):
    seen = fisher(x, na, y, nb)
    extreme = [(i, j) for i in range(na + 1) for j in range(nb + 1) if fisher(i, na, j, nb) <= seen * (1 + 1e-7)]
    rates = np.linspace(0, 1, 20001)[1:-1]
    mass = sum(stats.binom.pmf(i, na, rates) * stats.binom.pmf(j, nb, rates) for i, j in extreme)
    return min(mass.max(), seen)


def sign_flip(sizes, total):
    sums = [abs(np.dot(signs, sizes)) for signs in itertools.product((-1, 1), repeat=len(sizes))]
    return float(np.mean(np.array(sums) >= abs(total)))


def paired_power(n, difference, discordance):
    """Over all pairs of counts."""
    p = (discordance + difference) / 2, (discordance - difference) / 2
    power = 0.0
    for better in range(n + 1):
        for worse in range(n + 1 - better):
            m = better + worse
            if m and stats.binomtest(better, m).pvalue <= 0.05:
                power += stats.multinomial.pmf([better, worse, n - m], n, [*p, 1 - sum(p)])
    return power


def main():
    rates = [(0, 10), (3, 30), (23, 30), (199, 200), (600, 600)]
    pairs = [(5, 1, 30), (0, 0, 50), (12, 0, 50), (30, 22, 200), (7, 19, 600), (50, 0, 50)]
    tables = [(17, 30, 23, 30), (8, 30, 22, 30), (0, 12, 5, 15), (6, 30, 6, 30), (40, 60, 20, 45)]
    flips = [([1] * 9, 5), ([1, 1, 1, 2, 2, 3], 6), ([1, 2, 2, 2, 3, 3, 3], -8)]
    powers = [(30, 0.2, 0.3), (60, 0.15, 0.2)]
    p_values = [0.01, 0.04, 0.03, 0.005, 0.6]
    json.dump(
        {
            "wilson": [[x, n, *proportion_confint(x, n, method="wilson")] for x, n in rates],
            "tango": [[*pair, *tango(*pair)] for pair in pairs if pair[0] + pair[1] > 0 and pair[0] < pair[2]],
            "mcnemar": [[b, c, mcnemar([[5, b], [c, 7]], exact=True).pvalue] for b, c, _ in pairs if b + c > 0],
            "unpaired_interval": [[*t, *unpaired(*t)] for t in [*tables, (30, 600, 300, 600)]],
            "fisher": [[*t, fisher(*t)] for t in tables],
            "boschloo": [[*t, boschloo(*t)] for t in tables],
            "sign_flip": [[sizes, total, sign_flip(sizes, total)] for sizes, total in flips],
            "paired_power": [[*p, paired_power(*p)] for p in powers],
            "holm": {"p": p_values, "corrected": multipletests(p_values, method="holm")[1].tolist()},
        },
        sys.stdout,
        indent=1,
    )
    print()


if __name__ == "__main__":
    main()
