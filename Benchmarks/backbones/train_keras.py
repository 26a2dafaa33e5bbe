"""Trains InceptionV3 with a new head in Keras on the arrays ecdx exported, and prints the seconds of each epoch, its validation
included; or predicts all images again and again.

    python train_keras.py WORK WIDTH head|last50|all|predict none|both EPOCHS SEED
"""
import sys
import time

import tensorflow

tensorflow.config.threading.set_intra_op_parallelism_threads(2)
tensorflow.config.threading.set_inter_op_parallelism_threads(2)
import keras
import numpy

work, width, stage, augmented, epochs, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]), int(sys.argv[6])
jit = {"auto": "auto", "on": True, "off": False}[sys.argv[7] if len(sys.argv) > 7 else "off"]
keras.utils.set_random_seed(seed)
images, targets = numpy.load(f"{work}/images{width}.npy").astype("float32"), numpy.load(f"{work}/targets.npy").astype("float32")
base = keras.applications.InceptionV3(include_top=False, weights=None, input_shape=(75, width, 3))
base.load_weights(f"{work}/inception.weights.h5")
for index, layer in enumerate(base.layers):
    layer.trainable = stage == "all" or stage == "last50" and index >= len(base.layers) - 50
layers = keras.layers
given = layers.Input((75, width, 3))
pixels = given
if augmented == "both":
    pixels = layers.RandomRotation(0.2)(layers.RandomFlip("horizontal_and_vertical")(pixels))
# `training=False`: batch normalisations keep their statistics.
features = base(layers.Rescaling(1 / 127.5, -1)(pixels), training=False)
model = keras.Model(given, layers.Dense(1)(layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(features))))
model.compile(optimizer=keras.optimizers.Adam(0.007 if stage == "head" else 1e-4), loss="mse", metrics=["mse", "mae"], jit_compile=jit)


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        print("epoch", time.perf_counter() - self.began, flush=True)


if stage == "predict":
    for _ in range(epochs):
        began = time.perf_counter()
        model.predict(images, batch_size=6, verbose=0)
        print("epoch", time.perf_counter() - began, flush=True)
else:
    model.fit(
        images[:132], targets[:132], batch_size=6, epochs=epochs, validation_data=(images[132:136], targets[132:136]), verbose=0, callbacks=[Clock()])
