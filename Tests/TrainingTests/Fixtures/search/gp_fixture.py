"""Writes gp.json: Gaussian processes as Keras Tuner's Bayesian search has them, by scikit-learn 1.9.

    python gp_fixture.py
"""
import json
import pathlib
import warnings

import numpy as np
import scipy.optimize
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern

warnings.simplefilter("ignore")
rng = np.random.default_rng(5)


def outcome(x, y, new, noise, length):
    """With a fixed length scale, or with a fitted one where it is None."""
    kernel = Matern(nu=2.5) if length is None else Matern(nu=2.5, length_scale=length)
    optimizer = "fmin_l_bfgs_b" if length is None else None
    process = GaussianProcessRegressor(
        kernel=kernel, alpha=noise, normalize_y=True, n_restarts_optimizer=20, optimizer=optimizer, random_state=1).fit(x, y)
    mean, std = process.predict(new, return_std=True)
    found = {
        "length": float(process.kernel_.length_scale), "logLikelihood": float(process.log_marginal_likelihood_value_),
        "mean": mean.tolist(), "deviation": std.tolist(),
    }
    if length is None:
        found["leastBound"] = least_bound(process, x.shape[1])
    return found


def least_bound(process, dimensions):
    """The least mean - 2.6 deviation in the unit box, of 200 starts."""
    def bound(point):
        mean, std = process.predict(point.reshape(1, -1), return_std=True)
        return float(mean[0] - 2.6 * std[0])
    starts = np.random.default_rng(8).uniform(size=(200, dimensions))
    return min(scipy.optimize.minimize(bound, start, bounds=[(0, 1)] * dimensions, method="L-BFGS-B").fun for start in starts)


def case(x, y, noise=1e-4):
    x, y = np.asarray(x, float), np.asarray(y, float)
    new = np.vstack([rng.uniform(size=(6, x.shape[1])), np.zeros(x.shape[1]), np.ones(x.shape[1]), x[:2]])
    return {
        "points": x.tolist(), "scores": y.tolist(), "noise": noise, "new": new.tolist(),
        "fixed": [outcome(x, y, new, noise, length) for length in (0.05, 0.3, 4.0)], "fitted": outcome(x, y, new, noise, None),
    }


line, cube, plane = rng.uniform(size=(9, 1)), rng.uniform(size=(25, 3)), rng.uniform(size=(60, 2))
steps = (rng.integers(0, 4, size=(20, 2)) + 0.5) / 4
cases = {
    "valley": case(line, (line[:, 0] - 0.4) ** 2), "waves": case(plane, np.sin(9 * plane[:, 0]) + plane[:, 1] ** 2),
    "cube": case(cube, 1e6 + 1e4 * (cube[:, 0] * cube[:, 1] - cube[:, 2])),
    "noisy": case(line, (line[:, 0] - 0.4) ** 2 + 0.05 * rng.normal(size=9)),
    # Points that occur several times, with other scores.
    "steps": case(steps, steps[:, 0] - steps[:, 1] ** 2 + 0.01 * rng.normal(size=20), noise=1e-2),
    "pair": case([[0.2], [0.7]], [0.3, 0.1]), "constant": case([[0.1], [0.5], [0.8]], [2.0, 2.0, 2.0]),
}
with open(pathlib.Path(__file__).parent / "gp.json", "w") as file:
    json.dump(cases, file)
    file.write("\n")
