"""PyTorch's side of npm run bench:cifar: trains one network by the recipe that bench/cifar.ts sends.

    python bench/cifar_peer.py THREADS < request.json

Prints one JSON line an epoch; the last one's accuracy is on all test images.
"""

import json
import sys
import time

import train_peer  # reads THREADS, and sets PyTorch up
import torch
import torch.nn.functional as F

PADDING = 4


def read_images(file, count, labels_file):
    """[count, 3, 32, 32] bytes in channels_last, and labels."""
    images = torch.from_file(file, size=count * 3072, dtype=torch.uint8).reshape(count, 32, 32, 3)
    return images.permute(0, 3, 1, 2), torch.from_file(labels_file, size=count, dtype=torch.uint8).long()


def augmented(images, order, generator):
    """Each image cropped at random from itself in a border of black, and flipped half of the time."""
    padded = F.pad(images[order], (PADDING,) * 4)
    n = len(order)
    down, right = (torch.randint(0, 2 * PADDING + 1, (n, 1), generator=generator) for _ in range(2))
    column = torch.arange(32).repeat(n, 1)
    flip = torch.randint(0, 2, (n, 1), generator=generator) == 1
    column = torch.where(flip, 31 - column, column) + right
    row = torch.arange(32)[None] + down
    return padded[torch.arange(n)[:, None, None], :, row[:, :, None], column[:, None, :]].permute(0, 3, 1, 2)


def main():
    request = json.load(sys.stdin)
    generator = torch.Generator().manual_seed(request["seed"])
    weights = train_peer.read_weights(request["weights"], request["weightsFile"])
    net = train_peer.Network(request["nodes"], weights).to(memory_format=torch.channels_last)
    update = train_peer.optimiser(net, request["momentum"], request["nesterov"], request["weightDecay"], 0.0)
    images, labels = read_images(request["trainFile"], request["train"], request["trainLabels"])
    test_images, test_labels = read_images(request["testFile"], request["test"], request["testLabels"])
    mean, deviation = (torch.tensor(request[k])[:, None, None] for k in ("mean", "deviation"))
    batch, rates = request["batch"], request["rates"]
    steps = len(labels) // batch

    def normalised(part):
        return ((part.float() / 255 - mean) / deviation).contiguous(memory_format=torch.channels_last)

    for epoch in range(request["epochs"]):
        net.train()
        start, total = time.perf_counter(), 0.0
        order = torch.randperm(len(labels), generator=generator)
        for i in range(steps):
            chosen = order[i * batch : (i + 1) * batch]
            for group in update.param_groups:
                group["lr"] = rates[epoch * steps + i]
            update.zero_grad(set_to_none=True)
            given = normalised(augmented(images, chosen, generator))
            loss = F.cross_entropy(net(given), labels[chosen], label_smoothing=request["labelSmoothing"])
            loss.backward()
            update.step()
            total += loss.item()
        line = {"epoch": epoch + 1, "loss": total / steps, "seconds": time.perf_counter() - start}
        if epoch + 1 == request["epochs"]:
            net.eval()
            with torch.no_grad():
                right = sum(
                    (net(normalised(part)).argmax(1) == known).sum().item()
                    for part, known in zip(test_images.split(500), test_labels.split(500))
                )
            line["accuracy"] = right / len(test_labels)
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
