import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { exitCodeOf } from "../../src/cli/main.js";
import { memoryIo } from "./io.js";
import { smallSpace } from "./smallSpace.js";

const root = mkdtempSync(join(tmpdir(), "nas-refused-"));
after(() => rmSync(root, { recursive: true }));
const dir = join(root, "run");

const space = join(root, "space.yaml");
writeFileSync(space, smallSpace);

/** How a search is refused: two lines, exit code 2, nothing written. */
async function refused(...argv: readonly string[]): Promise<string> {
  const { io, out, err } = memoryIo();
  const base = [
    "search",
    "--target",
    "iphone13-npu",
    "--engine",
    "wasm",
    "--run-dir",
    dir,
    "--max-latency",
    "1ms",
  ];
  assert.equal(await exitCodeOf([...base, ...argv], io), 2, err.join("\n"));
  assert.deepEqual(out, []);
  assert.ok(!existsSync(dir), "a run was made");
  const lines = err.join("\n").split("\n");
  assert.equal(lines.length, 2, err.join("\n"));
  return err.join("\n");
}

const onSmall = (...argv: readonly string[]) => refused("--space", space, ...argv);
const fbnet = (options: string) => onSmall("--strategy", "fbnet", "--strategy-options", options);

test("a supernet of the default space that needs more than 2 GiB is refused before the start, with what would do", async () => {
  const maps = await refused("--strategy", "fbnet", "--batch", "512");
  assert.match(
    maps,
    /the supernet needs about .* GiB of memory, more than the 2\.00 GiB that a worker may hold/,
  );
  const [, batch] = /--batch (\d+) would do/.exec(maps)!;
  const less = await refused("--strategy", "fbnet", "--batch", String(Number(batch) + 1));
  assert.match(less, new RegExp(`2\\.00 GiB.*\n.*--batch ${batch} would do`), "it is the largest that does");
  const weights = await refused("--strategy", "fbnet", "--strategy-options", "sharing=choices");
  assert.match(weights, /Weights are .* GiB of it: take --strategy-options sharing=slices/);
});

test("too few images for a batch, and too few trials for what is derived, are refused", async () => {
  const images = await onSmall("--strategy", "spos", "--images", "39");
  assert.match(images, /31 here, which is not one batch of 32\n.*--images 40 or more/);
  assert.match(
    await onSmall("--strategy", "spos", "--trust", "16"),
    /16 of 16 trials are to be drawn evenly/,
  );
});

test("--trust without a supernet is refused, with the strategies that have one", async () => {
  const error = await onSmall("--strategy", "aging", "--trust", "10");
  assert.match(
    error,
    /--trust is for strategies that train a supernet, and aging trains none\n.*fbnet.*spos/,
  );
});

test("options that make no sense are refused by their names", async () => {
  assert.match(await fbnet("epochs=0"), /epochs is 0\n.*whole number from 1 up/);
  assert.match(await fbnet("epochs=2.5"), /epochs is 2\.5/);
  assert.match(await fbnet("warm-up=400"), /warm-up is 400 of \d+ epochs/);
  assert.match(await fbnet("branches=1"), /branches is 1\n.*from 2 up/);
  assert.match(await fbnet("rate=abc"), /rate is abc\n.*above 0/);
  assert.match(await fbnet("loss=mul-powr"), /unknown latency loss "mul-powr"\n.*Did you mean mul-power\?/);
  assert.match(await fbnet("sharing=slice"), /unknown way of sharing "slice"\n.*Did you mean slices\?/);
  assert.match(await fbnet("branch=3"), /no option "branch"\n.*Did you mean branches\?/);
});
