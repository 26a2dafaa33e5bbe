"""The same epochs as backbones-bench, in Keras on TensorFlow. One line of JSON for each purpose.

    python train_keras.py ARCHITECTURE HEIGHT WIDTH ROUNDS [PURPOSE ...]
"""
import json
import os
import statistics
import sys
import time

os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf

name, height, width, rounds = sys.argv[1], *map(int, sys.argv[2:5])
steps, batch = 23, 6
x = tf.constant(np.random.default_rng(1).uniform(-1, 1, (batch, height, width, 3)).astype(np.float32))
y = tf.ones((batch, 1))
for purpose in sys.argv[5:] or ["frozen", "inference", "last50", "all"]:
    keras.backend.clear_session()
    base = getattr(keras.applications, name)(include_top=False, weights=None, input_shape=(height, width, 3))
    base.trainable = purpose in ("last50", "all")
    if purpose == "last50":
        for layer in base.layers[:-50]:
            layer.trainable = False
    image = keras.Input((height, width, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(base(image, training=False))
    model = keras.Model(image, keras.layers.Dense(1)(pooled))
    optimizer = keras.optimizers.Adam(1e-5)
    variables = model.trainable_variables
    optimizer.build(variables)

    @tf.function
    def train():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x, training=True) - y))
        optimizer.apply(tape.gradient(loss, [v.value for v in variables]), variables)

    @tf.function
    def infer():
        return model(x, training=False)

    step = infer if purpose == "inference" else train
    times = []
    for turn in range(rounds + 1):
        start = time.perf_counter()
        for _ in range(steps):
            result = step()
        if result is not None:
            result.numpy()
        times.append(1e3 * (time.perf_counter() - start))
    print(json.dumps({"purpose": purpose, "least": min(times[1:]), "median": statistics.median(times[1:])}), flush=True)
