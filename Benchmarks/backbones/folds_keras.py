"""The script of folds.ecdx as it is written in Keras: a new model for each fold, whose frozen part is run in every epoch.

    python folds_keras.py WORK WIDTH EPOCHS COUNT
"""
import sys

import tensorflow

tensorflow.config.threading.set_intra_op_parallelism_threads(2)
tensorflow.config.threading.set_inter_op_parallelism_threads(2)
import keras
import numpy

work, width, epochs, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
keras.utils.set_random_seed(1)
images, targets = numpy.load(f"{work}/images{width}.npy").astype("float32")[:136], numpy.load(f"{work}/targets.npy").astype("float32")[:136]
images = keras.applications.inception_v3.preprocess_input(images)
base = keras.applications.InceptionV3(include_top=False, weights=None, input_shape=(75, width, 3))
base.load_weights(f"{work}/inception.weights.h5")
base.trainable = False
order = numpy.random.permutation(len(images))
errors = []
for fold in numpy.array_split(order, count):
    rest = numpy.setdiff1d(order, fold)
    given = keras.Input((75, width, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(base(given, training=False))
    model = keras.Model(given, keras.layers.Dense(1)(keras.layers.Dropout(0.2)(pooled)))
    model.compile(optimizer=keras.optimizers.Adam(0.007), loss="mse")
    model.fit(images[rest], targets[rest], batch_size=6, epochs=epochs, validation_data=(images[fold], targets[fold]), verbose=0)
    errors.append(float(numpy.sqrt(numpy.mean((model.predict(images[fold], batch_size=6, verbose=0)[:, 0] - targets[fold]) ** 2))))
print("rmse", numpy.mean(errors))
