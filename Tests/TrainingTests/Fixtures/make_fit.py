"""Writes fit.json beside this file: a short training by Keras, whole part in one batch, no dropout.

Made with Keras 3.15.1 on TensorFlow 2.21.0: python make_fit.py
"""
import json
import pathlib

import keras
import numpy as np

rng = np.random.default_rng(5)
keras.utils.set_random_seed(5)


def items(count):
    x = np.round(rng.uniform(-1, 1, (count, 5, 4, 1)), 4).astype("float32")
    y = np.round(x.sum((1, 2)) + rng.normal(0, 0.1, (count, 1)), 4).astype("float32")
    return x, y


model = keras.Sequential([
    keras.Input((5, 4, 1)),
    keras.layers.Conv2D(3, 2, activation="relu"), keras.layers.Flatten(),
    keras.layers.Dense(6, activation="tanh"), keras.layers.Dense(1),
])
names = ["conv_1.kernel", "conv_1.bias", "dense_1.kernel", "dense_1.bias", "dense_2.kernel", "dense_2.bias"]
start = [np.round(w, 4).astype("float32") for w in model.get_weights()]
model.set_weights(start)
model.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
(x, y), (vx, vy) = items(24), items(8)
stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=4, min_delta=0.01)
history = model.fit(x, y, validation_data=(vx, vy), batch_size=24, epochs=200, verbose=0, callbacks=[stopping]).history


def plain(a):
    return [round(float(v), 4) for v in np.asarray(a).ravel()]


out = {
    "parameters": {n: plain(w) for n, w in zip(names, start)},
    "x": plain(x), "y": plain(y), "validationX": plain(vx), "validationY": plain(vy),
    "loss": history["loss"], "validationLoss": history["val_loss"],
}
path = pathlib.Path(__file__).with_name("fit.json")
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
print(len(history["loss"]), history["loss"][-1], history["val_loss"][-1], min(history["val_loss"]))
