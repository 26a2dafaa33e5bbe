"""Trains InceptionV3 with a new head in PyTorch on the arrays ecdx exported, and prints the seconds of each epoch, its validation
included; or predicts all images again and again.

    python train_torch.py WORK WIDTH head|last50|all|predict none|both EPOCHS SEED [compiled]

The network is Keras's graph, channels last. Where both a convolution and its normalisation are frozen they are folded into
one convolution; what learns reads the statistics it has, as in the other two. Augmentation works on whole batches. Adam is
the fused one. `compiled`: the network goes through torch.compile, with its weights frozen into the code where none learns.
"""
import json
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F

work, width, stage, augmented, epochs, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]), int(sys.argv[6])
compiled = sys.argv[7:] == ["compiled"]
torch.set_num_threads(2)
torch.manual_seed(seed)
arrays = numpy.load(f"{work}/weights.npz")
flags = json.load(open(f"{work}/cost.json"))["last50"]


class Unit(nn.Module):
    """A convolution, its normalisation and a ReLU."""

    def __init__(self, index, stride, padding):
        super().__init__()
        kernel = torch.from_numpy(arrays[f"kernel{index}"]).permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
        beta, mean, variance = (torch.from_numpy(arrays[f"{name}{index}"]) for name in ("beta", "moving_mean", "moving_variance"))
        self.stride, self.padding = stride, padding
        kernel_learns = stage == "all" or stage == "last50" and flags["kernels"][index]
        beta_learns = stage == "all" or stage == "last50" and flags["betas"][index]
        self.folded = not (kernel_learns or beta_learns)
        if self.folded:
            scale = 1 / torch.sqrt(variance + 1e-3)
            kernel, beta = (kernel * scale[:, None, None, None]).contiguous(memory_format=torch.channels_last), beta - mean * scale
        else:
            self.register_buffer("mean", mean)
            self.register_buffer("variance", variance)
            self.register_buffer("one", torch.ones_like(mean))
        self.kernel = nn.Parameter(kernel, requires_grad=kernel_learns)
        self.beta = nn.Parameter(beta, requires_grad=beta_learns)

    def forward(self, x):
        if self.folded:
            return F.relu_(F.conv2d(x, self.kernel, self.beta, self.stride, self.padding))
        x = F.conv2d(x, self.kernel, None, self.stride, self.padding)
        return F.relu_(F.batch_norm(x, self.mean, self.variance, self.one, self.beta, False, 0.0, 1e-3))


def around(x):
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.units = nn.ModuleList()
        for _ in range(2):
            self.unit(3, 2 if not self.units else 1, 0)
        self.unit(3), self.unit(1), self.unit(3, 1, 0)
        for _ in range(3):
            for size in (1, 1, 5, 1, 3, 3, 1):
                self.unit(size)
        self.unit(3, 2, 0), self.unit(1), self.unit(3), self.unit(3, 2, 0)
        for _ in range(4):
            for size in (1, 1, (1, 7), (7, 1), 1, (7, 1), (1, 7), (7, 1), (1, 7), 1):
                self.unit(size)
        self.unit(1), self.unit(3, 2, 0), self.unit(1), self.unit((1, 7)), self.unit((7, 1)), self.unit(3, 2, 0)
        for _ in range(2):
            for size in (1, 1, (1, 3), (3, 1), 1, 3, (1, 3), (3, 1), 1):
                self.unit(size)
        assert len(self.units) == 94

    def unit(self, size, stride=1, padding=None):
        index = len(self.units)
        height, width = size if isinstance(size, tuple) else (size, size)
        assert arrays[f"kernel{index}"].shape[:2] == (height, width), index
        self.units.append(Unit(index, stride, (height // 2, width // 2) if padding is None else padding))

    def forward(self, x):
        u = self.units
        x = F.max_pool2d(u[2](u[1](u[0](x))), 3, 2)
        x = F.max_pool2d(u[4](u[3](x)), 3, 2)
        for i in (5, 12, 19):
            x = torch.cat([u[i](x), u[i + 2](u[i + 1](x)), u[i + 5](u[i + 4](u[i + 3](x))), u[i + 6](around(x))], 1)
        x = torch.cat([u[26](x), u[29](u[28](u[27](x))), F.max_pool2d(x, 3, 2)], 1)
        for i in (30, 40, 50, 60):
            x = torch.cat(
                [u[i](x), u[i + 3](u[i + 2](u[i + 1](x))), u[i + 8](u[i + 7](u[i + 6](u[i + 5](u[i + 4](x))))), u[i + 9](around(x))], 1)
        x = torch.cat([u[71](u[70](x)), u[75](u[74](u[73](u[72](x)))), F.max_pool2d(x, 3, 2)], 1)
        for i in (76, 85):
            one, three = u[i + 1](x), u[i + 5](u[i + 4](x))
            x = torch.cat([u[i](x), u[i + 2](one), u[i + 3](one), u[i + 6](three), u[i + 7](three), u[i + 8](around(x))], 1)
        return x


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.base, self.dropout, self.dense = Inception(), nn.Dropout(0.2), nn.Linear(2048, 1)

    def forward(self, x):
        x = x / 127.5 - 1
        with torch.set_grad_enabled(stage in ("last50", "all") and torch.is_grad_enabled()):
            features = self.base(x)
        return self.dense(self.dropout(features.mean((2, 3))))


def changed(x):
    """Flips and turns each image of a batch at random."""
    count, _, height, width = x.shape
    flips = torch.where(torch.rand(count, 2) < 0.5, -1.0, 1.0)
    angle = (torch.rand(count) * 2 - 1) * 0.2 * 2 * numpy.pi
    cosine, sine, zero = torch.cos(angle), torch.sin(angle), torch.zeros(count)
    across, down = flips[:, 0], flips[:, 1]
    # The grid counts from -1 to 1 along both sides, whatever their lengths.
    theta = torch.stack([
        torch.stack([across * cosine, -across * sine * height / width, zero], 1), torch.stack([down * sine * width / height, down * cosine, zero], 1)], 1)
    return F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False), padding_mode="reflection", align_corners=False)


images = torch.from_numpy(numpy.load(f"{work}/images{width}.npy").astype("float32")).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
targets = torch.from_numpy(numpy.load(f"{work}/targets.npy").astype("float32"))[:, None]
model = Regressor()
model.base.eval()
with torch.no_grad():
    gap = (model.base(images[:6] / 127.5 - 1) - torch.from_numpy(arrays[f"features{width}"]).permute(0, 3, 1, 2)).abs().max()
    assert gap < 1e-3, f"features are {gap} away from Keras's"


if compiled:
    import torch._inductor.config

    torch._inductor.config.freezing = stage in ("head", "predict")
    model.base.forward = torch.compile(model.base.forward)


def predict(x):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(batch) for batch in x.split(6)])


if stage == "predict":
    for _ in range(epochs):
        began = time.perf_counter()
        predict(images)
        print("epoch", time.perf_counter() - began, flush=True)
else:
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(learning, lr=0.007 if stage == "head" else 1e-4, eps=1e-7, fused=True)
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        total = 0.0
        for items in torch.randperm(132).split(6):
            x = images[items]
            if augmented == "both":
                x = changed(x)
            loss = F.mse_loss(model(x), targets[items])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(items)
        validation = F.mse_loss(predict(images[132:136]), targets[132:136]).item()
        print("epoch", time.perf_counter() - began, "loss", total / 132, "validation", validation, flush=True)
