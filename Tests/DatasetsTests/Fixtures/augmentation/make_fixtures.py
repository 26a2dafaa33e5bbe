"""Writes transforms.txt: what Keras's preprocessing layers make of small images, for given angles, scales, shifts and factors.

python3 with keras 3.15.1 and tensorflow-cpu 2.21; run here. The layers build their own matrices: `get_random_transformation`
is called with bounds that leave one number to draw, and `transform_images` applies what it gives. One line a case: the layer,
its parameters, the fill, height, width, channels, and the values of the result in millionths, rounded (those of `pattern` below
lie in 0...1).

    rotate TURNS, zoom SCALE, translate DOWN RIGHT (shares of the sides), contrast FACTOR, flip HORIZONTAL VERTICAL
"""
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
from keras import layers

here = pathlib.Path(__file__).parent
SIZES = [(7, 5, 3), (12, 19, 1), (1, 6, 2), (6, 1, 2), (3, 4, 4), (1, 1, 3)]
FILLS = [("reflect", 0.0), ("nearest", 0.0), ("constant", 0.25), ("wrap", 0.0)]
lines = []


def pattern(height, width, channels):
    y, x, k = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    return (((x * x * 7 + y * y * 3 + x * y * 5 + k * 83) & 255) / 255).astype(np.float32)


def transformed(layer, image):
    image = keras.ops.convert_to_tensor(image)
    result = layer.transform_images(image, layer.get_random_transformation(image, training=True), training=True)
    return np.asarray(result)


def add(name, numbers, fill, image, result):
    assert result.shape == image.shape and result.dtype == np.float32
    values = " ".join(str(round(float(v) * 1e6)) for v in result.ravel())
    lines.append(f"{name} {' '.join(map(repr, numbers))} {fill} {' '.join(map(str, image.shape))} : {values}")


for size in SIZES:
    image = pattern(*size)
    for fill, value in FILLS:
        kind = dict(fill_mode=fill, fill_value=value, interpolation="bilinear")
        for turns in (0.0, 0.03, -0.11, 0.2, 0.77):
            add("rotate", [turns], fill, image, transformed(layers.RandomRotation((turns, turns), **kind), image))
        for zoom in (-0.4, 0.0, 0.3, 0.9):
            add("zoom", [1 + zoom], fill, image, transformed(layers.RandomZoom((zoom, zoom), **kind), image))
        for down, right in ((0.13, -0.21), (-0.37, 0.4), (0.9, 0.7), (-0.62, -0.97)):
            layer = layers.RandomTranslation((down, down), (right, right), **kind)
            add("translate", [down, right], fill, image, transformed(layer, image))
    for factor in (0.6, 1.0, 1.35):
        layer = layers.RandomContrast(0.5, value_range=(-10, 10))
        # One number for all bounds: the layer takes them as 1 - lower and 1 + upper.
        layer.factor = (1 - factor, factor - 1)
        add("contrast", [factor], "none", image, transformed(layer, image))
    for horizontal, vertical, mode in ((1, 0, "horizontal"), (0, 1, "vertical"), (1, 1, "horizontal_and_vertical")):
        layer = layers.RandomFlip(mode)
        flips = keras.ops.ones((1, 1, 1), dtype="bool")
        result = np.asarray(layer.transform_images(keras.ops.convert_to_tensor(image), {"flips": flips, "input_shape": size}, training=True))
        add("flip", [horizontal, vertical], "none", image, result)

# One after another, resampled each time.
image = pattern(12, 19, 3)
first = transformed(layers.RandomRotation((0.12, 0.12), fill_mode="reflect"), image)
second = transformed(layers.RandomZoom((-0.2, -0.2), fill_mode="nearest"), first)
third = transformed(layers.RandomTranslation((0.2, 0.2), (-0.3, -0.3), fill_mode="reflect"), second)
add("chain", [0.12, 0.8, 0.2, -0.3], "none", image, third)

(here / "transforms.txt").write_text("\n".join(lines) + "\n")
print(len(lines), "cases,", (here / "transforms.txt").stat().st_size, "bytes, keras", keras.__version__)
