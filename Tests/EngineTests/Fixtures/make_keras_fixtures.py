"""Writes the numbers that the engine's tests compare with, from Keras on TensorFlow.

    python -m venv venv && venv/bin/pip install tensorflow-cpu keras
    venv/bin/python make_keras_fixtures.py

Made with keras 3.15.1. Inputs, weights and output gradients are multiples of 1/64, so that they are exact in a few digits.
layers.json: per case the layers, input, weights, output, and the gradients of sum(output * direction).
training.json: losses and final weights of a small network over Adam steps, and Adam alone on given gradients.
"""
import json
import os
import zlib

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import keras
import numpy as np
import tensorflow as tf


def draw(rng, shape, scale=1.0):
    return (np.round(rng.normal(0, scale, shape) * 64) / 64).astype(np.float32)


def flat(array):
    return [float("%.9g" % v) for v in np.asarray(array, np.float32).ravel()]


def layer(spec):
    kind, spec = spec["kind"], {k: v for k, v in spec.items() if k != "kind"}
    return {
        "conv": keras.layers.Conv2D, "maxPool": keras.layers.MaxPooling2D, "averagePool": keras.layers.AveragePooling2D,
        "globalAveragePool": keras.layers.GlobalAveragePooling2D, "flatten": keras.layers.Flatten,
        "dense": keras.layers.Dense, "activation": keras.layers.Activation,
    }[kind](**spec)


def conv(filters, kernel=(3, 3), strides=(1, 1), padding="valid", activation=None, bias=True):
    return dict(kind="conv", filters=filters, kernel_size=kernel, strides=strides, padding=padding, activation=activation, use_bias=bias)


def pool(kind, size=(2, 2), strides=(2, 2), padding="valid"):
    return dict(kind=kind, pool_size=size, strides=strides, padding=padding)


def dense(units, activation=None, bias=True):
    return dict(kind="dense", units=units, activation=activation, use_bias=bias)


CASES = [
    ("conv valid, one channel", 2, (7, 6, 1), [conv(8)]),
    ("conv same, three channels, relu", 1, (6, 7, 3), [conv(5, activation="relu", padding="same")]),
    ("conv same, stride 2, odd", 2, (7, 5, 3), [conv(8, strides=(2, 2), padding="same", activation="tanh")]),
    ("conv same, stride 2, even", 1, (6, 8, 3), [conv(4, strides=(2, 2), padding="same")]),
    ("conv 2x2 same pads after", 1, (5, 4, 1), [conv(3, kernel=(2, 2), padding="same", activation="sigmoid")]),
    ("conv 5x3 stride 2x1, seventeen channels", 1, (8, 5, 17), [conv(9, kernel=(5, 3), strides=(2, 1))]),
    ("conv 1x1 without bias", 2, (3, 4, 17), [conv(8, kernel=(1, 1), bias=False)]),
    ("two convs of seventeen", 1, (6, 6, 1), [conv(17, activation="relu"), conv(6, padding="same", activation="relu")]),
    ("max pool", 2, (6, 7, 3), [pool("maxPool")]),
    ("max pool same, overlapping", 1, (7, 5, 17), [pool("maxPool", (3, 3), (2, 2), "same")]),
    ("average pool", 2, (7, 6, 3), [pool("averagePool")]),
    ("average pool same does not count padding", 1, (5, 7, 3), [pool("averagePool", (3, 2), (2, 2), "same")]),
    ("global average", 3, (5, 4, 17), [dict(kind="globalAveragePool")]),
    ("dense tanh", 3, (11,), [dense(7, "tanh")]),
    ("dense sigmoid without bias", 1, (17,), [dense(1, "sigmoid", False)]),
    ("flatten and dense", 2, (3, 2, 5), [dict(kind="flatten"), dense(4, "relu")]),
    ("conv, activation of its own, pool, flatten, dense", 2, (7, 7, 1), [
        conv(5), dict(kind="activation", activation="relu"), pool("maxPool"), dict(kind="flatten"), dense(3)]),
]


def layers_fixture():
    cases = []
    for name, batch, shape, specs in CASES:
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        model = keras.Sequential([keras.Input(shape)] + [layer(s) for s in specs])
        model.set_weights([draw(rng, w.shape, 0.4) for w in model.get_weights()])
        x = draw(rng, (batch,) + shape)
        direction = draw(rng, (batch,) + model.output_shape[1:])
        with tf.GradientTape() as tape:
            source = tf.convert_to_tensor(x)
            tape.watch(source)
            y = model(source, training=True)
            loss = tf.reduce_sum(y * direction)
        gradients = tape.gradient(loss, [source] + [v.value for v in model.trainable_variables])
        cases.append(dict(
            name=name, batch=batch, shape=shape, layers=specs, input=flat(x), weights=[flat(w) for w in model.get_weights()],
            output=flat(y), direction=flat(direction), inputGradient=flat(gradients[0]), weightGradients=[flat(g) for g in gradients[1:]]))
    return cases


def training_fixture():
    rng = np.random.default_rng(11)
    specs = [
        conv(8, activation="relu", padding="same"), pool("maxPool"), conv(12, activation="relu"),
        dict(kind="globalAveragePool"), dense(6, "relu"), dense(1)]
    batch, shape, steps, rate = 4, (10, 10, 1), 8, 0.01
    model = keras.Sequential([keras.Input(shape)] + [layer(s) for s in specs])
    start = [draw(rng, w.shape, 0.3) for w in model.get_weights()]
    model.set_weights(start)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="mse")
    x, y = draw(rng, (batch,) + shape), draw(rng, (batch, 1))
    losses = [float(model.train_on_batch(x, y)) for _ in range(steps)]
    network = dict(
        batch=batch, shape=shape, layers=specs, rate=rate, input=flat(x), target=flat(y),
        weights=[flat(w) for w in start], losses=losses, final=[flat(w) for w in model.get_weights()])

    count, steps = 13, 12
    variable = keras.Variable(draw(rng, (count,)))
    begin = variable.numpy()
    # Gradients over many powers of two, zeros and a parameter that never gets one.
    gradients = [draw(rng, (count,)) * np.float32(2.0) ** rng.integers(-20, 4, count).astype(np.float32) for _ in range(steps)]
    for g in gradients:
        g[0] = 0
        g[1] = 0 if rng.random() < 0.5 else g[1]
    optimizer = keras.optimizers.Adam(0.003)
    for g in gradients:
        optimizer.apply([tf.convert_to_tensor(g)], [variable])
    adam = dict(rate=0.003, start=flat(begin), gradients=[flat(g) for g in gradients], final=flat(variable.numpy()))
    return dict(network=network, adam=adam)


def write(name, value):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")


write("layers.json", layers_fixture())
write("training.json", training_fixture())
