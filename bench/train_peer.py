"""PyTorch's side of npm run bench:train: trains a network that bench/trainPeer.ts describes.

    python bench/train_peer.py THREADS

Reads one JSON request a line and answers each with one JSON line.
"""

import json
import os
import sys
import time

threads = int(sys.argv[1])
os.environ["OMP_NUM_THREADS"] = str(threads)

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

torch.set_num_threads(threads)
torch.set_num_interop_threads(1)

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
ACTIVATIONS = {
    "relu": F.relu,
    "relu6": F.relu6,
    "hard-swish": F.hardswish,
    "hard-sigmoid": F.hardsigmoid,
    "gelu": lambda x, inplace: F.gelu(x),
    "silu": F.silu,
    "sigmoid": lambda x, inplace: torch.sigmoid(x),
}
LEARNED = ("kernel", "bias", "gamma", "beta", "factor", "table")


class Network(torch.nn.Module):
    """The graph's nodes in order; each is {kind, its attributes, inputs, path, shape}."""

    def __init__(self, nodes, weights):
        super().__init__()
        self.nodes = nodes
        self.learned = torch.nn.ParameterDict()
        for path, value in weights.items():
            name = path.replace("/", "|").replace(".", "_")
            if path.rsplit("/", 1)[1] in LEARNED:
                self.learned[name] = torch.nn.Parameter(value)
            else:
                self.register_buffer(name, value)
        readers = [[] for _ in nodes]
        for i, node in enumerate(nodes):
            for j in node["inputs"]:
                readers[j].append(i)
        self.last = [max(r, default=len(nodes)) for r in readers]
        # An activation may overwrite a norm that nobody else reads: what a norm gives is not kept for the way back.
        self.inplace = [
            n["kind"] == "act"
            and nodes[n["inputs"][0]]["kind"] == "norm"
            and len(readers[n["inputs"][0]]) == 1
            for n in nodes
        ]
        self.places = {}

    def weight(self, node, role):
        name = f"{node['path']}|{role}".replace("/", "|").replace(".", "_")
        return self.learned[name] if role in LEARNED else getattr(self, name)

    def forward(self, image):
        values = []
        for i, node in enumerate(self.nodes):
            inputs = [values[j] for j in node["inputs"]]
            values.append(image if node["kind"] == "input" else getattr(self, node["kind"])(i, node, *inputs))
            del inputs
            for j in node["inputs"]:
                if self.last[j] == i:
                    values[j] = None
        return values[-1].flatten(1)

    def conv(self, i, node, x):
        kernel = self.weight(node, "kernel")
        bias = self.weight(node, "bias") if node["bias"] else None
        k, dilation = node["kernel"], node["dilation"]
        if k == 1 and node["groups"] == 1 and x.shape[2:] == (1, 1):
            return F.linear(x.flatten(1), kernel.flatten(1), bias)[:, :, None, None]
        return F.conv2d(x, kernel, bias, node["stride"], (k - 1) // 2 * dilation, dilation, node["groups"])

    def norm(self, i, node, x):
        mean, variance, gamma, beta = (self.weight(node, r) for r in ("mean", "variance", "gamma", "beta"))
        return F.batch_norm(x, mean, variance, gamma, beta, self.training, 0.1, 1e-5)

    def layerNorm(self, i, node, x):
        gamma, beta = self.weight(node, "gamma"), self.weight(node, "beta")
        return F.layer_norm(x.permute(0, 2, 3, 1), gamma.shape, gamma, beta, 1e-5).permute(0, 3, 1, 2)

    def act(self, i, node, x):
        return ACTIVATIONS[node["fn"]](x, inplace=self.inplace[i])

    def scale(self, i, node, x):
        return x * self.weight(node, "factor")[:, None, None]

    def add(self, i, node, x, *others):
        for other in others:
            x = x + other
        return x

    def average(self, i, node, x, *others):
        return self.add(i, node, x, *others) / (1 + len(others))

    def mul(self, i, node, x, gate):
        return x * gate

    def concat(self, i, node, *inputs):
        return torch.cat(inputs, 1)

    def globalPool(self, i, node, x):
        return x.mean((2, 3), keepdim=True)

    def avgPool(self, i, node, x):
        return F.avg_pool2d(x, node["kernel"], node["stride"])

    def shuffle(self, i, node, x):
        return F.channel_shuffle(x, node["groups"])

    def maxRelative(self, i, node, x):
        most = torch.zeros_like(x)
        for axis in (2, 3):
            for shift in range(node["step"], x.shape[axis], node["step"]):
                most = torch.maximum(most, x - torch.roll(x, shift, axis))
        return most

    def attention(self, i, node, *inputs):
        batch, c, h, w = inputs[0].shape
        heads = node["heads"]
        q, k, v = (x.reshape(batch, heads, c // heads, h * w).transpose(2, 3) for x in inputs)
        bias = self.position_bias(node, h, w) if node["table"] else None
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return attended.transpose(2, 3).reshape(batch, c, h, w)

    def position_bias(self, node, h, w):
        if (h, w) not in self.places:
            row, column = torch.arange(h * w) // w, torch.arange(h * w) % w
            down = row[None] - row[:, None] + h - 1
            right = column[None] - column[:, None] + w - 1
            self.places[h, w] = down * (2 * w - 1) + right
        size = (2 * h - 1, 2 * w - 1)
        table = F.interpolate(self.weight(node, "table")[None], size, mode="bilinear", align_corners=True)
        return table.flatten(2)[0][:, self.places[h, w]][None]


def read_weights(specs, file):
    """By path, in PyTorch's layouts; the file holds them one after the other, float32."""
    numbers = torch.from_file(file, size=os.path.getsize(file) // 4, dtype=torch.float32)
    found, at = {}, 0
    for path, shape in specs:
        size = 1
        for n in shape:
            size *= n
        value = numbers[at : at + size].reshape(shape).clone()
        found[path] = value.permute(3, 2, 0, 1).contiguous() if path.endswith("/kernel") else value
        at += size
    return found


def optimiser(net, momentum, nesterov, weight_decay, learning_rate):
    """SGD whose weight decay is on convolution kernels only, in its fused form where PyTorch has it."""
    kernels = [p for name, p in net.learned.items() if name.endswith("|kernel")]
    others = [p for name, p in net.learned.items() if not name.endswith("|kernel")]
    groups = [{"params": kernels, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
    given = dict(lr=learning_rate, momentum=momentum, nesterov=nesterov)
    try:
        return torch.optim.SGD(groups, **given, fused=True)
    except (TypeError, RuntimeError):
        return torch.optim.SGD(groups, **given)


class Training:
    """One network in one layout with its batch."""

    def __init__(self, request, layout):
        net = Network(request["nodes"], read_weights(request["weights"], request["weightsFile"]))
        self.net = net.to(memory_format=LAYOUTS[layout])
        c, h, w = request["nodes"][0]["shape"]
        images = torch.from_file(request["imagesFile"], size=request["count"] * c * h * w, dtype=torch.float32)
        images = images.reshape(-1, h, w, c).permute(0, 3, 1, 2)
        self.images = images.contiguous(memory_format=LAYOUTS[layout]).clone()
        self.labels = torch.tensor(request["labels"])
        self.update = optimiser(
            net, request["momentum"], request["nesterov"], request["weightDecay"], request["learningRate"]
        )

    def logits(self):
        self.net.eval()
        with torch.no_grad():
            found = self.net(self.images).flatten().tolist()
        self.net.train()
        return found

    def step(self):
        self.update.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.net(self.images), self.labels)
        loss.backward()
        self.update.step()
        return loss

    def turn(self, seconds):
        """Images a second over whole steps, one at least."""
        steps, start = 0, time.perf_counter()
        while True:
            self.step()
            steps += 1
            passed = time.perf_counter() - start
            if passed >= seconds:
                return steps * len(self.labels) / passed


def opened(request):
    """Both layouts looked at; the faster one stays. Its figures before training and in the first three steps."""
    trainings = {layout: Training(request, layout) for layout in LAYOUTS}
    figures, speeds = {}, {}
    for layout, training in trainings.items():
        logits = training.logits()
        figures[layout] = {"logits": logits, "losses": [training.step().item() for _ in range(3)]}
    for _ in range(2):
        for layout, training in trainings.items():
            speeds[layout] = max(speeds.get(layout, 0), training.turn(request["seconds"]))
    layout = max(speeds, key=speeds.get)
    parameters = sum(p.numel() for p in trainings[layout].net.parameters())
    return trainings[layout], {"parameters": parameters, "layout": layout, "speeds": speeds, **figures[layout]}


def main():
    print(json.dumps({"torch": torch.__version__}), flush=True)
    training = None
    for line in sys.stdin:
        request = json.loads(line)
        if "nodes" in request:
            training, answer = opened(request)
        else:
            answer = training.turn(request["seconds"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
