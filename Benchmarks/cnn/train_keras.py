"""Trains the reference CNN with Keras on the arrays ecdx exported, and prints the seconds of each epoch, its validation
included, and the seconds since the interpreter began.

    python train_keras.py WORK EPOCHS SEED
"""
import sys
import time

start = time.perf_counter()
import keras
import numpy
import tensorflow

work, epochs, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
tensorflow.config.threading.set_intra_op_parallelism_threads(2)
tensorflow.config.threading.set_inter_op_parallelism_threads(2)
keras.utils.set_random_seed(seed)
images, targets = numpy.load(work + "/images.npy").astype("float32"), numpy.load(work + "/targets.npy").astype("float32")
layers = keras.layers
model = keras.Sequential([
    keras.Input((73, 196, 3)),
    layers.Conv2D(32, 2, activation="relu"), layers.Conv2D(64, 2, activation="relu"), layers.AveragePooling2D(2),
    layers.Conv2D(96, 2, activation="relu"), layers.Conv2D(192, 2, activation="relu"), layers.AveragePooling2D(2),
    layers.Conv2D(192, 2, activation="relu"), layers.Dropout(0.2), layers.Conv2D(256, 2, activation="relu"), layers.AveragePooling2D(2),
    layers.Conv2D(256, 2, activation="relu"), layers.Flatten(), layers.Dense(32, activation="relu"), layers.Dense(1),
])
assert model.count_params() == 1746433
model.compile(optimizer=keras.optimizers.Adam(0.0007), loss="mse", metrics=["mse"])


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        print("epoch", time.perf_counter() - self.began, flush=True)


model.fit(images[:109], targets[:109], batch_size=8, epochs=epochs, validation_data=(images[109:123], targets[109:123]), verbose=0, callbacks=[Clock()])
print("total", time.perf_counter() - start)
