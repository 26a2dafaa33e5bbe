"""Writes tuner.json: how Keras Tuner 1.4 maps places to values, and the order of its Hyperband searches.

    KERAS_BACKEND=numpy python tuner_fixture.py      (needs keras-tuner, keras, jax, six)
"""
import json
import pathlib
import tempfile

import keras_tuner
from keras_tuner.src.engine.hyperparameters import hp_types
from keras_tuner.src.tuners.hyperband import HyperbandOracle


def mapping(hp, value_of=lambda value: value):
    places = [0, 1e-9, 0.1, 0.25, 0.3333, 0.5, 0.71, 0.9, 0.999, 1 - 2**-53]
    values = [hp.prob_to_value(place) for place in places]
    return {"places": places, "values": [value_of(v) for v in values], "back": [hp.value_to_prob(v) for v in values]}


choices = ["relu", "tanh", "elu"]
mappings = {
    "linear": mapping(hp_types.Float("x", -1.5, 2.5)), "logarithmic": mapping(hp_types.Float("x", 1e-4, 0.5, sampling="log")),
    "integers": mapping(hp_types.Int("x", -3, 9)), "steps": mapping(hp_types.Int("x", 4, 17, step=4)),
    "logIntegers": mapping(hp_types.Int("x", 1, 64, sampling="log")), "one": mapping(hp_types.Int("x", 7, 7)),
    "choices": mapping(hp_types.Choice("x", choices), choices.index),
}


def search(max_epochs, factor, iterations, workers):
    """What the oracle answers, asked and told by several workers in turn: a trial as bracket, round, from, to and the number of
    the trial it continues (-1 for none), "wait", "done", or the number of the trial that ended."""
    space = keras_tuner.HyperParameters()
    space.Float("x", 0, 1)
    oracle = HyperbandOracle(
        objective=keras_tuner.Objective("score", "min"), max_epochs=max_epochs, factor=factor, hyperband_iterations=iterations, seed=1,
        hyperparameters=space)
    oracle._set_project_dir(tempfile.mkdtemp(), "search")
    oracle.verbose = False
    events, places, running, turn = [], [], [], 0
    while True:
        trial = oracle.create_trial(f"worker {turn}")
        turn += 1
        if trial.status == "RUNNING":
            values = trial.hyperparameters.values
            past = int(values["tuner/trial_id"]) if "tuner/trial_id" in values else -1
            # `tuner/bracket` of a promotion is the newest bracket, whichever it belongs to.
            bracket = places[past][0] if past >= 0 else values["tuner/bracket"]
            places.append([bracket, values["tuner/round"], values["tuner/initial_epoch"], values["tuner/epochs"], past])
            events.append(places[-1])
            running.append(trial)
        else:
            events.append("wait" if trial.status == "IDLE" else "done")
            if trial.status == "STOPPED":
                return {"maxEpochs": max_epochs, "factor": factor, "iterations": iterations, "events": events}
        if len(running) >= workers or trial.status == "IDLE":
            ended = running.pop(turn * 5 % len(running))
            number = int(ended.trial_id)
            oracle.update_trial(ended.trial_id, {"score": score(number)})
            finished = oracle.trials[ended.trial_id]
            finished.status = "COMPLETED"
            oracle.end_trial(finished)
            events.append(number)


def score(number):
    return number * 7919 % 1009 / 8


schedules = {
    str(epochs) + "," + str(factor): [
        [[oracle._get_size(s, r), oracle._get_epochs(s, r)] for r in range(s + 1)] for s in range(oracle._get_num_brackets())]
    for epochs, factor in [(100, 3), (81, 3), (243, 3), (125, 5), (50, 4), (10, 3), (1, 2), (2, 3), (64, 2), (1000, 10)]
    for oracle in [HyperbandOracle(objective=keras_tuner.Objective("score", "min"), max_epochs=epochs, factor=factor)]
}
searches = [search(100, 3, 1, 1), search(9, 2, 2, 1), search(27, 3, 1, 4), search(20, 3, 2, 7)]
with open(pathlib.Path(__file__).parent / "tuner.json", "w") as file:
    json.dump({"mappings": mappings, "schedules": schedules, "searches": searches}, file)
    file.write("\n")
