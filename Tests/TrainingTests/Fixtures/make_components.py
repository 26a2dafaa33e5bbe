"""Writes components.json: principal components by scikit-learn, correlations by numpy and scipy.

    python make_components.py
"""
import json
import pathlib

import numpy as np
import scipy.stats
from sklearn.decomposition import PCA

rng = np.random.default_rng(11)
here = pathlib.Path(__file__).parent


def analysed(x, k, new):
    fit = PCA(n_components=k, svd_solver="full").fit(x)
    return {
        "rows": x.tolist(), "k": k, "new": new.tolist(), "mean": fit.mean_.tolist(), "components": fit.components_.tolist(),
        "explainedVariance": fit.explained_variance_.tolist(), "explainedVarianceRatio": fit.explained_variance_ratio_.tolist(),
        "scores": fit.transform(new).tolist(),
    }


tall = rng.normal(size=(12, 4)) * [5, 2, 1, 0.3] + [10, -3, 0, 100]
wide = rng.normal(size=(5, 20)) @ np.diag(np.linspace(3, 0.5, 20))
constant = np.column_stack([rng.normal(size=9), np.full(9, 2.5), rng.normal(size=9) * 4])
components = {
    "tall": analysed(tall, 4, rng.normal(size=(3, 4))), "part": analysed(tall, 2, tall[:3]),
    "wide": analysed(wide, 4, rng.normal(size=(2, 20))), "constant": analysed(constant, 2, constant[:2]),
    "square": analysed(wide[:, :5] * 1e-3, 3, wide[:1, :5]),
}

x, noise = rng.normal(size=40), rng.normal(size=40)
pairs = {
    "related": (x, 2 * x + noise), "turned": (x, -x * 3 + 1), "unrelated": (x, noise), "tied": (np.round(x), np.round(noise + x)),
    "offset": (x + 1e6, noise + x), "small": (x * 1e-200, noise * 1e-200 + x * 1e-200), "curved": (x, np.exp(x)),
}
correlations = {}
for name, (a, b) in pairs.items():
    factor = 1e200 if name == "small" else 1
    correlations[name] = {
        "x": a.tolist(), "y": b.tolist(), "pearson": float(np.corrcoef(a * factor, b * factor)[0, 1]), "spearman": float(scipy.stats.spearmanr(a, b).statistic),
    }
content = {"components": components, "correlations": correlations,
           "ranks": {"values": [3.0, 1.0, 3.0, 2.0, 3.0, -1.0], "result": scipy.stats.rankdata([3.0, 1.0, 3.0, 2.0, 3.0, -1.0]).tolist()}}
with open(here / "components.json", "w") as file:
    json.dump(content, file, indent=None)
    file.write("\n")
