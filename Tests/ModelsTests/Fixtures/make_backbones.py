"""Writes the numbers that the tests of the backbones compare with, from keras.applications on TensorFlow.

    python -m venv venv && venv/bin/pip install tensorflow-cpu keras safetensors
    venv/bin/python make_backbones.py [InceptionV3 ...]              writes backbones/*.safetensors, small.json and layers.json
    venv/bin/python make_backbones.py --search 40 [InceptionV3 ...]   lists trials far from kinks, see TRIALS
    venv/bin/python make_backbones.py --weights FOLDER [InceptionV3 ...]  writes NAME.h5 (Keras 2's layout) and NAME.weights.h5

Made with keras 3.15.1 on tensorflow-cpu 2.21. Weights are not stored: both sides draw them with `draw` below from (architecture,
index in model.layers, index in layer.weights), uniform in ranges that depend on the kind (`value_range`), so that features and
gradients are of order one. Images are drawn too, 0 to 255: squares of 12 x 12 with noise on them.

Of each architecture at 75 x 75 and 75 x 196, with its own preprocess_input and batch norm in inference mode:
  features.S      the second of two images, whole (height, width, channels), and pooled.S, both images averaged over height and width.
                  At the default size pooled.S and features.S.signs.
  A head of global average and Dense(1) on three images, mean squared error against fixed targets:
  predictions.S   and losses.S: the loss, after one step of gradient descent on all parameters, and on those of the last 50 layers;
                  rates.S: the two rates, so that the first order of the change is a tenth of the loss.
  norms.S, signs.S, elements.S   for each trainable tensor in the order of model.layers, then kernel and bias of the head: the
                  norm of its gradient, 8 sums of the gradient times random signs, 4 elements of it.
  vectors.S       at 75 x 75: the gradients of all vectors, one after another.
  trial.S         which images (`TRIALS`): one of a number of trials, which `--search` lists, at which few ReLUs and maxima lie close
                  to their kinks.
  kinks.S         how much the gradient of each tensor changes, as a share of its norm, when every weight is moved by 2e-7 of
                  itself: the most of six times. Where this is more than 1e-5 or so, it is decisions of ReLU or max pooling
                  between values as close as rounding, and either gradient is right: Keras in single precision differs
                  from Keras in double precision by up to 1e-2 there. Hence all about gradients is Keras in double precision;
                  features are Keras in single precision.
"""
import argparse
import json
import os
import pathlib

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import keras
import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent / "backbones"
# What is drawn depends on the place in this list, which is that of `Architecture.all`: new ones go to its end.
ARCHITECTURES = ["InceptionV3", "Xception", "VGG16", "VGG19", "DenseNet121", "ResNet50"]
MODULES = {
    "InceptionV3": "inception_v3", "Xception": "xception", "VGG16": "vgg16", "VGG19": "vgg19", "DenseNet121": "densenet",
    "ResNet50": "resnet",
}
DEFAULT = {"InceptionV3": 299, "Xception": 299, "VGG16": 224, "VGG19": 224, "DenseNet121": 224, "ResNet50": 224}
TRIALS = {
    "InceptionV3": {"75x75": 0, "75x196": 14}, "Xception": {"75x75": 26, "75x196": 27}, "VGG16": {"75x75": 7, "75x196": 2},
    "VGG19": {"75x75": 1, "75x196": 2}, "DenseNet121": {"75x75": 29, "75x196": 7},
    "ResNet50": {"75x75": 34, "75x196": 30},
}
# The places of what is no weight.
IMAGES, HEAD, SIGNS, ELEMENTS, PROJECTIONS = 60000, 60001, 60002, 60003, 8
HEAD_RANGE = {"kernel": 0.05, "bias": 0.2}


def bits(architecture, layer, weight, count):
    """Counter `i` of a stream of its own, through the finaliser of splitmix64."""
    stream = ((architecture + 1) << 40) | (layer << 16) | weight
    with np.errstate(over="ignore"):
        z = np.uint64(stream) * np.uint64(0xD1342543DE82EF95) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def draw(architecture, layer, weight, shape, low, high):
    unit = (bits(architecture, layer, weight, int(np.prod(shape))) >> np.uint64(40)).astype(np.float64) * 2.0**-24
    return (low + (high - low) * unit).astype(np.float32).reshape(shape)


def value_range(name, kind, weight, shape):
    """`weight`: the last part of its name in Keras, kernel, gamma and so on."""
    if weight == "gamma" or weight == "moving_variance":
        return 0.5, 1.5
    if weight == "beta" or weight == "moving_mean" or weight == "bias":
        return -0.3, 0.3
    # Of variance 2 / fan in, where ReLU follows; a depthwise kernel has none behind it.
    fan = shape[0] * shape[1] * (1 if weight == "depthwise_kernel" else shape[2])
    limit = ((3.0 if weight == "depthwise_kernel" else 6.0) / fan) ** 0.5
    # The pixels that VGG and ResNet see are of order one hundred.
    limit *= 1 / 64 if name.startswith(("VGG", "ResNet")) and shape[2] == 3 else 1
    # Sums upon sums, and depthwise kernels on neighbours that are alike.
    limit *= 0.7 if weight == "pointwise_kernel" else 1
    # What a block of ResNet adds to what it was given, sixteen times.
    limit *= 0.4 if name.startswith("ResNet") and shape[3] == 4 * shape[2] else 1
    return -limit, limit


def images(architecture, count, size, trial=0):
    """Each image has its own brightness, so that they do not look alike once they are averaged."""
    height, width = size
    blocks = draw(architecture, IMAGES, 2 * trial, (count, 25, 25, 3), 0, 1).astype(np.float64)
    noise = draw(architecture, IMAGES, 2 * trial + 1, (count, height, width, 3), 0, 1).astype(np.float64)
    rows, columns = np.arange(height) // 12, np.arange(width) // 12
    light = (0.5 + np.arange(count) * 0.25)[:, None, None, None]
    return np.minimum(255.0, np.floor(255 * light * (0.75 * blocks[:, rows][:, :, columns] + 0.25 * noise))).astype(np.float32)


def build(name, size):
    keras.backend.clear_session()
    module = getattr(keras.applications, MODULES[name])
    model = getattr(module, name)(include_top=False, weights=None, input_shape=size + (3,))
    number = ARCHITECTURES.index(name)
    for place, layer in enumerate(model.layers):
        if layer.weights:
            layer.set_weights([
                draw(number, place, i, tuple(w.shape), *value_range(name, type(layer).__name__, w.name, tuple(w.shape)))
                for i, w in enumerate(layer.weights)])
    return model, module.preprocess_input


def project(number, tensor, array):
    """Sums of the array times +1 or -1, eight of them: bit j of byte `e mod 8` of word `e div 8` for element e."""
    flat = np.asarray(array, np.float64).ravel()
    words = bits(number, SIGNS, tensor, (flat.size + 7) // 8).astype("<u8")
    signs = np.unpackbits(words.view(np.uint8)[:flat.size], bitorder="little").reshape(-1, PROJECTIONS)
    return flat @ (1.0 - 2.0 * signs)


def closeness(values, windows):
    """Shares of the decisions that lie within 1e-6 of the usual size of what is decided about, summed over layers."""
    score = 0.0
    for x in values:
        x = x.numpy()
        score += np.mean(np.abs(x) < 1e-6 * np.sqrt(np.mean(x**2)))
    for x, layer in windows:
        size, strides = layer.pool_size, layer.strides
        patches = tf.image.extract_patches(x, [1, *size, 1], [1, *strides, 1], [1, 1, 1, 1], layer.padding.upper())
        top = tf.math.top_k(tf.einsum("nhwkc->nhwck", tf.reshape(patches, patches.shape[:3] + (size[0] * size[1], x.shape[-1]))), 2)[0].numpy()
        close = top[..., 0] - top[..., 1] < 1e-6 * np.sqrt(np.mean(x.numpy() ** 2))
        # Of two zeros behind a ReLU either may be taken.
        score += np.mean(close & (top[..., 0] != 0))
    return score


def search(name, size, trials):
    """Prints how far from kinks trials are, in double precision, the farthest first."""
    keras.config.set_floatx("float64")
    number, (model, preprocess) = ARCHITECTURES.index(name), build(name, size)
    relus = [l for l in model.layers if getattr(l, "activation", None) is keras.activations.relu]
    for layer in relus:
        layer.activation = keras.activations.linear
    pools = [l for l in model.layers if isinstance(l, keras.layers.MaxPooling2D)]
    taken = {}

    def record(layer, key, values):
        taken.setdefault(key, []).append((layer, values))

    def trace(layer, before=None, after=None):
        call = layer.call

        def traced(x, *args, **kwargs):
            if before:
                record(layer, before, x)
            y = call(x, *args, **kwargs)
            if after:
                record(layer, after, y)
                y = tf.nn.relu(y)
            return y

        layer.call = traced

    for layer in relus:
        trace(layer, after="relu")
    for layer in pools:
        trace(layer, before="pool")
    scores = []
    for trial in range(trials):
        taken.clear()
        model(preprocess(images(number, 3, size, trial).copy()).astype(np.float64), training=False)
        scores.append(closeness([v for _, v in taken["relu"]], [(v, l) for l, v in taken["pool"]]))
    keras.config.set_floatx("float32")
    print(name, size, [(int(i), float(scores[i])) for i in np.argsort(scores)[:8]], flush=True)


def gradients(name, size, out):
    keras.config.set_floatx("float64")
    number, key = ARCHITECTURES.index(name), f"{size[0]}x{size[1]}"
    trial = TRIALS[name][key]
    base, preprocess = build(name, size)
    x = tf.constant(preprocess(images(number, 3, size, trial).copy()), tf.float64)
    pooled = keras.layers.GlobalAveragePooling2D()(base.output)
    head = keras.layers.Dense(1)
    model = keras.Model(base.input, head(pooled))
    head.set_weights([draw(number, HEAD, i, tuple(w.shape), -HEAD_RANGE[w.name], HEAD_RANGE[w.name]) for i, w in enumerate(head.weights)])
    start = model(x, training=False).numpy()
    # Beside what is predicted, and not by the same amount, so that no gradient cancels.
    targets = np.round(start + np.array([[0.5], [-1.0], [2.0]]), 2).astype(np.float32)

    def trainable(layers):
        # A batch norm's moving statistics are no variables to the tape.
        return [w for layer in layers for w in layer.weights if w.name not in ("moving_mean", "moving_variance")]

    variables = [w.value for w in trainable(base.layers) + head.weights]

    @tf.function
    def evaluate():
        return tf.reduce_mean(tf.square(model(x, training=False) - targets))

    @tf.function
    def gradient():
        with tf.GradientTape() as tape:
            predicted = model(x, training=False)
            loss = tf.reduce_mean(tf.square(predicted - targets))
        return loss, predicted, tape.gradient(loss, variables)

    loss, predicted, found = gradient()
    loss, found, saved = float(loss), [g.numpy() for g in found], [v.numpy() for v in variables]
    norms = [np.linalg.norm(g) for g in found]
    count = len(trainable(base.layers[-50:])) + 2
    losses, rates, kinks = [loss], [], np.zeros(len(found))
    for some in (range(len(variables)), range(len(variables) - count, len(variables))):
        rate = np.float32(0.1 * loss / sum(norms[i] ** 2 for i in some))
        for i in some:
            variables[i].assign(saved[i] - float(rate) * found[i])
        losses.append(float(evaluate()))
        rates.append(rate)
        for variable, value in zip(variables, saved):
            variable.assign(value)
    rng = np.random.default_rng(1)
    for _ in range(6):
        for variable, value in zip(variables, saved):
            variable.assign(value * (1 + 2e-7 * rng.standard_normal(value.shape)))
        kinks = np.maximum(kinks, [np.linalg.norm(g.numpy() - f) / n for g, f, n in zip(gradient()[2], found, norms)])
    keras.config.set_floatx("float32")
    out[f"trial.{key}"], out[f"kinks.{key}"] = np.array([trial], np.float32), kinks.astype(np.float32)
    out[f"targets.{key}"], out[f"predictions.{key}"] = targets, predicted.numpy().astype(np.float32)
    out[f"losses.{key}"], out[f"rates.{key}"] = np.array(losses, np.float32), np.array(rates, np.float32)
    out[f"norms.{key}"] = np.array(norms, np.float32)
    out[f"signs.{key}"] = np.array([project(number, i, g) for i, g in enumerate(found)], np.float32)
    places = [(bits(number, ELEMENTS, i, 4) % np.uint64(g.size)).astype(np.int64) for i, g in enumerate(found)]
    out[f"elements.{key}"] = np.array([g.ravel()[p] for g, p in zip(found, places)], np.float32)
    if size == (75, 75):
        out[f"vectors.{key}"] = np.concatenate([g for g in found if g.ndim == 1]).astype(np.float32)
    print(name, key, "losses", losses, "rates", rates, "norms", min(norms), max(norms), "kinks", np.median(kinks), max(kinks), flush=True)


def features(name, size, out):
    number, key = ARCHITECTURES.index(name), f"{size[0]}x{size[1]}"
    model, preprocess = build(name, size)
    count = 1 if size[0] > 75 else 2
    found = model(preprocess(images(number, count, size).copy()), training=False).numpy()
    out[f"pooled.{key}"] = found.astype(np.float64).mean(axis=(1, 2)).astype(np.float32)
    if size[0] > 75:
        out[f"features.{key}.signs"] = np.append(project(number, SIGNS, found), np.linalg.norm(found.astype(np.float64))).astype(np.float32)
    else:
        out[f"features.{key}"] = found[-1]
    print(name, key, "features: rms", np.sqrt(np.mean(found.astype(np.float64) ** 2)), "max", np.abs(found).max(), "zeros", np.mean(found == 0))
    if os.environ.get("TRACE"):
        layers = [l for l in model.layers if type(l).__name__ not in ("ZeroPadding2D",)]
        values = keras.Model(model.input, [l.output for l in layers])(preprocess(images(number, count, size).copy()), training=False)
        for layer, value in list(zip(layers, values))[::6]:
            print("   ", layer.name, float(np.sqrt(np.mean(value.numpy() ** 2))))
    return model


def write_weights(name, folder):
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    model, _ = build(name, (75, 75))
    model.save_weights(folder / f"{name}.weights.h5")
    with h5py.File(folder / f"{name}.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def small():
    """Five steps of Adam on a small network, batch norm in training mode and in inference mode; Adam on given gradients."""
    rng = np.random.default_rng(7)

    def flat(array):
        return [float("%.9g" % v) for v in np.asarray(array, np.float32).ravel()]

    result = {}
    for mode in ("training", "inference"):
        keras.backend.clear_session()
        model = keras.Sequential([
            keras.Input((7, 6, 3)),
            keras.layers.Conv2D(16, 3, padding="same", use_bias=False), keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-3),
            keras.layers.Activation("relu"),
            keras.layers.SeparableConv2D(9, 3, padding="same", use_bias=False), keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-3),
            # Without it the next batch norm would undo the shift of this one, and its gradient would be nothing but rounding.
            keras.layers.Activation("relu"),
            keras.layers.Conv2D(16, 1, use_bias=False), keras.layers.BatchNormalization(momentum=0.99, epsilon=1e-3, scale=False),
            keras.layers.Activation("relu"), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1)])
        weights = []
        for w in model.weights:
            kind = w.name
            low, high = {"gamma": (0.5, 1.5), "moving_variance": (0.5, 1.5), "beta": (-0.3, 0.3), "moving_mean": (-0.3, 0.3)}.get(kind, (-0.5, 0.5))
            weights.append(rng.uniform(low, high, tuple(w.shape)).astype(np.float32))
        model.set_weights(weights)
        x = rng.normal(0, 1, (4, 7, 6, 3)).astype(np.float32)
        y = rng.normal(0, 1, (4, 1)).astype(np.float32)
        optimizer = keras.optimizers.Adam(0.01)
        record = {"input": flat(x), "target": flat(y), "weights": [flat(w) for w in weights], "losses": [], "rate": 0.01}
        for step in range(5):
            with tf.GradientTape() as tape:
                predicted = model(x, training=mode == "training")
                loss = tf.reduce_mean(tf.square(predicted - y))
            found = tape.gradient(loss, [w.value for w in model.trainable_weights])
            if step == 0:
                record["output"], record["gradients"] = flat(predicted), [flat(g) for g in found]
                record["moved"] = [flat(w) for w in model.non_trainable_weights]
            optimizer.apply_gradients(zip(found, model.trainable_weights))
            record["losses"].append(float(loss))
        record["final"] = [flat(w) for w in model.get_weights()]
        result[mode] = record

    # Adam alone, on gradients of many sizes.
    start = rng.normal(0, 1, 64).astype(np.float32)
    variable = keras.Variable(start)
    optimizer = keras.optimizers.Adam(0.02)
    optimizer.build([variable])
    steps = [(rng.normal(0, 1, 64) * 10.0 ** rng.integers(-9, 3, 64)).astype(np.float32) for _ in range(5)]
    for gradient in steps:
        optimizer.apply([tf.constant(gradient)], [variable])
    result["adam"] = {"rate": 0.02, "start": flat(start), "gradients": [flat(g) for g in steps], "final": flat(variable.numpy())}
    (HERE / "small.json").write_text(json.dumps(result))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=[])
    parser.add_argument("--weights", type=pathlib.Path)
    parser.add_argument("--search", type=int, metavar="TRIALS")
    arguments = parser.parse_args()
    names = arguments.names or ARCHITECTURES
    if arguments.weights:
        arguments.weights.mkdir(parents=True, exist_ok=True)
        for name in names:
            write_weights(name, arguments.weights)
        return
    if arguments.search:
        for name in names:
            for size in ((75, 75), (75, 196)):
                search(name, size, arguments.search)
        return
    HERE.mkdir(exist_ok=True)
    listing = HERE / "layers.json"
    layers = json.loads(listing.read_text()) if listing.exists() else {}
    for name in names:
        out = {}
        for size in ((75, 75), (75, 196), (DEFAULT[name], DEFAULT[name])):
            model = features(name, size, out)
        layers[name] = [layer.name for layer in model.layers]
        if not os.environ.get("TRACE"):
            gradients(name, (75, 75), out)
            gradients(name, (75, 196), out)
            save_file(out, HERE / f"{name}.safetensors")
    if not os.environ.get("TRACE"):
        listing.write_text(json.dumps(layers))
        small()


if __name__ == "__main__":
    main()
