"""Writes metrics.json beside this file: metrics, bootstrap percentiles and ridge regressions by scikit-learn and NumPy.

Made with scikit-learn 1.9.1 and NumPy 2.4.6: python make_metrics.py
"""
import json
import pathlib

import numpy as np
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(20)


def scores():
    truth = np.round(rng.uniform(10, 400, 14), 3)
    predicted = np.round(truth * rng.lognormal(0, 0.3, 14), 3)
    draws = rng.integers(0, 14, (60, 14))
    draws[7] = 3  # a resample without spread has no R2
    rmse, mae, r2 = [], [], []
    for items in draws:
        t, p = truth[items], predicted[items]
        rmse.append(mean_squared_error(t, p) ** 0.5)
        mae.append(mean_absolute_error(t, p))
        if len(set(t)) > 1:
            r2.append(r2_score(t, p))
    return {
        "truth": truth.tolist(), "predicted": predicted.tolist(), "draws": draws.tolist(),
        "rmse": mean_squared_error(truth, predicted) ** 0.5, "mae": mean_absolute_error(truth, predicted),
        "r2": r2_score(truth, predicted),
        "rmseInterval": np.percentile(rmse, [2.5, 97.5]).tolist(),
        "maeInterval": np.percentile(mae, [2.5, 97.5]).tolist(),
        "r2Interval": np.percentile(r2, [2.5, 97.5]).tolist(),
    }


def ridge(rows, columns, collinear=False, constant=False):
    x = np.round(rng.normal(3, 2, (rows, columns)) * 10.0 ** np.arange(columns), 6)
    if collinear:
        x[:, -1] = 2 * x[:, 0]
    if constant:
        x[:, 1] = 0.1
    y = np.round(x @ rng.normal(size=columns) / 50 + rng.normal(size=rows), 6)
    scaler = StandardScaler().fit(x)
    z = scaler.transform(x)
    grid = (10.0 ** (np.arange(-12, 13) / 4)).tolist()
    chosen = RidgeCV(alphas=grid, store_cv_results=True).fit(z, y)
    fixed = Ridge(alpha=2.5).fit(z, y)
    new = np.round(rng.normal(3, 2, (3, columns)) * 10.0 ** np.arange(columns), 6)
    # The leave-one-out error once more, by leaving out.
    left = []
    for i in range(rows):
        others = np.arange(rows) != i
        left.append(y[i] - Ridge(alpha=2.5).fit(z[others], y[others]).predict(z[i:i + 1])[0])
    return {
        "x": x.tolist(), "y": y.tolist(), "new": new.tolist(), "grid": grid,
        "chosen": {"penalty": chosen.alpha_, "predicted": chosen.predict(scaler.transform(new)).tolist()},
        "fixed": {
            "penalty": 2.5, "coefficients": fixed.coef_.tolist(), "intercept": float(fixed.intercept_),
            "predicted": fixed.predict(scaler.transform(new)).tolist(),
            "leaveOneOutError": float(np.mean(np.square(left)))},
    }


out = {
    "scores": scores(),
    "ridge": {
        "tall": ridge(20, 4), "wide": ridge(6, 9), "collinear": ridge(12, 3, collinear=True),
        "constant": ridge(12, 3, constant=True)},
}
path = pathlib.Path(__file__).with_name("metrics.json")
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
