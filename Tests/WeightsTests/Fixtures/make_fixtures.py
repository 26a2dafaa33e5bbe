"""Writes the weight files of this folder and, beside each, what a reader must find in it.

pip: tensorflow-cpu==2.21.0 keras==3.15.1 h5py==3.14.0 safetensors. The weights are seeded random numbers, so the expected
values are those that Keras holds in memory, not those that were read back. `NAME.expected.safetensors` has one tensor for
each array, named `LAYER:ARRAY` by their places, and in its metadata `layers`, a JSON list of [name of the layer, path, [name of
an array...]] in order.
"""
import json
import os
import pathlib

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.chdir(pathlib.Path(__file__).parent)

import h5py
import keras
import numpy as np
from keras import layers
from keras.src.legacy.saving import legacy_h5_format
from keras.src.utils.naming import to_snake_case
from safetensors.numpy import save_file


def expect(file, found):
    """`found`: (layer name, path, [(array name, array)...]) in the order a reader must give them."""
    arrays = {f"{i}:{j}": np.ascontiguousarray(array, dtype=np.float32) for i, (_, _, inner) in enumerate(found) for j, (_, array) in enumerate(inner)}
    names = [[name, path, [array for array, _ in inner]] for name, path, inner in found]
    save_file(arrays, f"{file}.expected.safetensors", metadata={"layers": json.dumps(names)})


def fill(model, seed):
    generator = np.random.default_rng(seed)
    model.set_weights([generator.standard_normal(w.shape).astype(np.float32) for w in model.get_weights()])


def weighted(model, within=""):
    """The layers of a flat model that have weights, arrays named by the last component of their paths."""
    return [(layer.name, within + layer.name, [(w.path.split("/")[-1], w.numpy()) for w in layer.weights]) for layer in model.layers if layer.weights]


def body():
    """Two branches, so that `model.layers` is not in the order of creation; each kind of layer a backbone has."""
    inputs = keras.Input((9, 9, 2))
    first = layers.Conv2D(3, 3, use_bias=False)(inputs)
    first = layers.BatchNormalization(scale=False)(first)
    second = layers.Conv2D(3, 1)(inputs)
    second = layers.SeparableConv2D(3, 3)(second)
    second = layers.BatchNormalization()(second)
    second = layers.Activation("relu")(second)
    joined = layers.Add()([layers.Activation("relu")(first), second])
    return keras.Model(inputs, layers.GlobalAveragePooling2D()(joined))


def flat():
    keras.utils.clear_session()
    base = body()
    model = keras.Model(base.input, layers.Dense(1)(layers.Dropout(0.2)(base.output)))
    fill(model, 1)
    return model


def nested(trained):
    """A head on a nested model, of which only the last `trained` layers train, as in transfer learning."""
    keras.utils.clear_session()
    base = body()
    for layer in base.layers[:-trained]:
        layer.trainable = False
    inputs = keras.Input((9, 9, 2))
    model = keras.Model(inputs, layers.Dense(1)(base(inputs)))
    fill(model, 2)
    return model, base


def save_legacy(model, path):
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def keras3(model, within=""):
    """What `model.save_weights` calls the layers: by class and number, not in an order; a nested model is one of them."""
    count, found = {}, []
    for layer in model.layers:
        kind = to_snake_case(type(layer).__name__)
        n = count.get(kind, 0)
        count[kind] = n + 1
        group = within + (f"{kind}_{n}" if n else kind)
        if isinstance(layer, keras.Model):
            found.append((kind, n, keras3(layer, group + "/")))
        elif layer.weights:
            found.append((kind, n, [(layer.name, group, [(str(k), w.numpy()) for k, w in enumerate(layer.weights)])]))
    return [layer for _, _, inner in sorted(found, key=lambda entry: entry[:2]) for layer in inner]


def kerases_own():
    model = flat()
    save_legacy(model, "legacy.h5")
    expect("legacy.h5", weighted(model))
    # Nested and partly frozen: the file lists what trains first, so a reader has to look at the model's description for the order.
    model, base = nested(trained=7)
    found = weighted(base, "functional/") + weighted(model)[-1:]
    model.compile("sgd", "mse")
    model.save("nested-whole.h5")
    expect("nested-whole.h5", found)
    model.save_weights("keras3.weights.h5")
    expect("keras3.weights.h5", keras3(model))
    # Weights alone, all trained: the order within the nested model is that of its layers.
    model, base = nested(trained=len(base.layers))
    save_legacy(model, "nested-legacy.h5")
    expect("nested-legacy.h5", weighted(base, "functional/") + weighted(model)[-1:])

    keras.utils.clear_session()
    keras.utils.set_random_seed(5)
    keras.Sequential([keras.Input((3,)), layers.Dense(2, dtype="bfloat16")]).save_weights("bfloat16.weights.h5")


def fixed(names):
    """Strings of one length, padded with zero bytes, as h5py 2 wrote them: all official files have these."""
    length = max(len(name) for name in names) + 3
    return np.array([name.encode() for name in names], dtype=f"S{length}")


def put(group, names, arrays):
    group.attrs["weight_names"] = fixed(names)
    for name, array in zip(names, arrays):
        group.create_dataset(name, data=array)


def old_style():
    """As the official files are: names of Keras 1 and 2, `/` in them, lists of names in pieces, no `keras_version`."""
    generator = np.random.default_rng(3)
    def random(*shape, dtype=np.float32): return generator.standard_normal(shape).astype(dtype)
    kernel, bias = random(3, 3, 2, 4), random(4)
    dense, second = random(3, 4, 2), [random(4) for _ in range(4)]
    halves, doubles = random(5, 2, dtype=np.float16), random(2, dtype=np.float64)
    # The smallest, the largest of those below the normal ones, and what is no number like others.
    halves[0] = [2.0**-24, np.float16(1023 * 2.0**-24)]
    halves[1] = [-0.0, np.inf]
    big_endian = random(3, dtype=np.dtype(">f4"))
    with h5py.File("old.h5", "w") as file:
        layer_names = ["input_1", "block1_conv1", "pool1", "conv1/conv", "conv1/bn", "halves", "step"]
        # In pieces, the tenth after the ninth and not after the first.
        padded = [f"empty_{k}" for k in range(6)] + layer_names
        for k, name in enumerate(padded):
            file.attrs[f"layer_names{k}"] = fixed([name])
            file.require_group(name)
            file[name].attrs.create("weight_names", np.empty((0,)), dtype="f8")
        put(file["block1_conv1"], ["block1_conv1_W_1:0", "block1_conv1_b_1:0"], [kernel, bias])
        put(file["conv1/conv"], ["conv1/conv/kernel:0"], [dense])
        names = ["gamma", "beta", "moving_mean", "moving_variance"]
        group = file["conv1/bn"]
        del group.attrs["weight_names"]
        for k, name in enumerate(names):
            group.attrs[f"weight_names{k}"] = fixed([f"conv1/bn/{name}:0"])
            group.create_dataset(f"conv1/bn/{name}:0", data=second[k])
        put(file["halves"], ["halves/kernel:0", "halves/bias:0", "halves/scale:0"], [halves, doubles, big_endian])
        # The state of a random generator is no weight.
        put(file["step"], ["step/StateVar:0"], [np.arange(3)])
    expect("old.h5", [
        ("block1_conv1", "block1_conv1", [("block1_conv1_W_1", kernel), ("block1_conv1_b_1", bias)]),
        ("conv1/conv", "conv1/conv", [("kernel", dense)]),
        ("conv1/bn", "conv1/bn", list(zip(names, second))),
        ("halves", "halves", [("kernel", halves), ("bias", doubles), ("scale", big_endian)]),
    ])


def numbers():
    """Names that are not in the order of their numbers; no names of layers, as early Keras 3 wrote none."""
    generator, found = np.random.default_rng(6), []
    with h5py.File("numbers.weights.h5", "w") as file:
        for kind, count in [("dense", 1), ("dense_2", 11), ("dense_10", 1)]:
            arrays = [(str(k), generator.standard_normal(1).astype(np.float32)) for k in range(count)]
            for name, array in arrays:
                file[f"layers/{kind}/vars/{name}"] = array
            found.append((kind, kind, arrays))
    expect("numbers.weights.h5", found)


def hostile():
    """Files that want something of their reader that it must not do. Each holds one layer `a` with one array `w`."""
    def start(name):
        file = h5py.File(f"hostile-{name}.h5", "w")
        file.attrs["layer_names"] = fixed(["a"])
        file.create_group("a").attrs["weight_names"] = fixed(["w"])
        return file

    with start("external-link") as file:
        file["a"]["w"] = h5py.ExternalLink("legacy.h5", "/conv2d/conv2d/kernel")
    with start("soft-link") as file:
        file["real"] = np.ones(3, dtype=np.float32)
        file["a"]["w"] = h5py.SoftLink("/real")
    with start("external-data") as file:
        file["a"].create_dataset("w", (4,), dtype="f4", external=[("/etc/passwd", 0, 16)])
    with start("virtual") as file:
        layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
        layout[:] = h5py.VirtualSource("old.h5", "data", shape=(4,))
        file["a"].create_virtual_dataset("w", layout)
    with start("compressed") as file:
        file["a"].create_dataset("w", data=np.zeros(100, dtype=np.float32), compression="gzip")
    with start("huge") as file:
        file["a"].create_dataset("w", (1 << 40,), chunks=(1024,), dtype="f4")
    with start("overflow") as file:
        file["a"].create_dataset("w", (1 << 32, 1 << 31, 4), chunks=(64, 1, 1), dtype="f4")
    with start("repeated") as file:
        # One array under many names: the file is small, what it would give is not.
        file["a"].create_dataset("w", data=np.zeros(2000, dtype=np.float32))
        names = ["w", "x", "y", "z"]
        for name in names[1:]:
            file["a"][name] = file["a"]["w"]
        file["a"].attrs["weight_names"] = fixed(names)
    with start("integers") as file:
        file["a"]["w"] = np.ones(3, dtype=np.int8)
    with start("text") as file:
        file["a"]["w"] = np.array([b"abc"])
    with start("group") as file:
        file["a"].create_group("w")
    with start("null") as file:
        file["a"]["w"] = h5py.Empty("f4")
    with start("missing") as file:
        pass
    with start("names-of-numbers") as file:
        file["a"].attrs["weight_names"] = np.arange(3.0)
    with h5py.File("hostile-circle.h5", "w") as file:
        # A folder that holds itself.
        file.create_group("layers/dense")
        file["layers/dense/layers"] = file["layers"]
    with h5py.File("hostile-no-weights.h5", "w") as file:
        file["data"] = np.zeros(3, dtype=np.float32)


kerases_own()
old_style()
numbers()
hostile()
