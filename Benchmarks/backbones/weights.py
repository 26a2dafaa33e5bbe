"""Writes the weights that all start from, and what the network costs.

    python weights.py WORK

WORK/inception.weights.h5 is Keras's own file of an InceptionV3 without its top: drawn at random, its normalisations set to
the statistics of the stacking-fault images, so that numbers have the sizes they have in a trained network. WORK/weights.npz
holds the same arrays, convolution by convolution in the order Keras makes them, and the features of some images.
WORK/cost.json holds, by width of the images and convolution by convolution, the multiplications of one image, and which
convolutions and normalisations are among the last 50 layers.
"""
import json
import sys

import keras
import numpy

work = sys.argv[1]
keras.utils.set_random_seed(1)
images = {width: numpy.load(f"{work}/images{width}.npy").astype("float32") / 127.5 - 1 for width in (75, 196)}
base = keras.applications.InceptionV3(include_top=False, weights=None, input_shape=(75, 196, 3))
for layer in base.layers:
    if isinstance(layer, keras.layers.BatchNormalization):
        layer.momentum = 0
base(images[196][:64], training=True)
base.save_weights(f"{work}/inception.weights.h5")


def number(layer):
    tail = layer.name.rsplit("_", 1)[-1]
    return int(tail) if tail.isdigit() else 0


convolutions = sorted((layer for layer in base.layers if isinstance(layer, keras.layers.Conv2D)), key=number)
normalisations = sorted((layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)), key=number)
last = {layer.name for layer in base.layers[-50:]}
arrays = {}
for index, (convolution, normalisation) in enumerate(zip(convolutions, normalisations)):
    arrays[f"kernel{index}"] = convolution.kernel.numpy()
    for name in ("beta", "moving_mean", "moving_variance"):
        arrays[f"{name}{index}"] = getattr(normalisation, name).numpy()

cost = {"last50": {"kernels": [layer.name in last for layer in convolutions], "betas": [layer.name in last for layer in normalisations]}}
for width in images:
    small = keras.applications.InceptionV3(include_top=False, weights=None, input_shape=(75, width, 3))
    small.set_weights(base.get_weights())
    arrays[f"features{width}"] = small(images[width][:6], training=False).numpy()
    layers = sorted((layer for layer in small.layers if isinstance(layer, keras.layers.Conv2D)), key=number)
    cost[str(width)] = [int(numpy.prod(layer.output.shape[1:3]) * numpy.prod(layer.kernel.shape)) for layer in layers]
numpy.savez(f"{work}/weights.npz", **arrays)
json.dump(cost, open(f"{work}/cost.json", "w"))
