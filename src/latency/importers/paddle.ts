import { UserError } from "../../base/errors.js";
import { kernels } from "../../graph/fuse.js";
import { input, type Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";
import { signature } from "../../graph/signature.js";
import type { Row } from "../table.js";
import { type Importer, milliseconds } from "./importer.js";

type Parameters = ReadonlyMap<string, string>;

const acts: Readonly<Record<string, Activation>> = {
  relu: "relu",
  relu6: "relu6",
  hard_swish: "hard-swish",
  swish: "silu",
  sigmoid: "sigmoid",
  gelu: "gelu",
};

/** `flag_act` of a convolution. */
const fused: Readonly<Record<string, Activation | "none">> = { "0": "none", "1": "relu", "2": "relu6" };

const square = (text: string | undefined): number => {
  const [h, w] = (text ?? "").split("x").map(Number);
  return h !== undefined && h === w ? h : Number.NaN;
};

/** A line's operator as our network of one kernel, or why it is none of ours. */
function networkOf(op: string, shape: readonly number[], of: Parameters): Node | string {
  const number = (name: string, fallback: number) => Number(of.get(name) ?? fallback);
  const [batch, c, h, w] = shape;
  if (batch !== 1) return `batch ${batch}`;
  if (op === "fc" && shape.length === 2) {
    const [from, out] = (of.get("param_dim") ?? "").split("x").map(Number);
    if (from !== c || !(out! > 0)) return `param_dim ${of.get("param_dim")}`;
    return input([c!, 1, 1]).conv(out!, { bias: of.get("flag_bias") !== "0" });
  }
  if (shape.length !== 4) return `input of ${shape.length} dimensions`;
  const x = input([c!, h!, w!]);
  const kernel = square(of.get("kernel"));
  if (op === "conv") {
    const dilation = number("dilation", 1);
    const act = fused[of.get("flag_act") ?? "0"];
    if (act === undefined) return `activation ${of.get("flag_act")}`;
    if (of.get("dtype") !== "float") return `dtype ${of.get("dtype")}`;
    if (!(kernel % 2 === 1)) return `kernel ${of.get("kernel")}`;
    if (number("pad", 0) !== ((kernel - 1) / 2) * dilation) return `padding ${of.get("pad")}`;
    const options = { kernel, stride: number("stride", 1), dilation, groups: number("group", 1) };
    return x.conv(number("ch_out", 0), { ...options, bias: of.get("flag_bias") === "1" }).act(act);
  }
  if (op === "activation") {
    const fn = acts[of.get("act_type") ?? ""];
    return fn === undefined ? `activation ${of.get("act_type")}` : x.act(fn);
  }
  if (op === "batchnorm") return x.norm();
  if (op === "pooling" && of.get("pooling_type") === "avg") {
    if (of.get("flag_global") === "1") return x.globalPool();
    if (number("pad", 0) === 0 && of.get("ceil_mode") !== "1") return x.avgPool(kernel, number("stride", 2));
  }
  return `operator ${op}`;
}

/**
 * The latency look-up table of PaddleSlim and Paddle-Lite: a line of the device under `dev_info`, and
 * under `op_name` a line an operator: name, input and output dimensions, parameters, and its least,
 * largest and average milliseconds, of which the average is taken.
 */
export const paddle: Importer = {
  title: "latency look-up table of PaddleSlim and Paddle-Lite",
  detect: (text) => /^dev_info\s/m.test(text) && /^op_name\s/m.test(text),
  read({ text, where }) {
    const lines = text.replaceAll("\r", "").split("\n");
    const head = lines.findIndex((line) => line.startsWith("op_name"));
    if (!/avg_latency\(ms\)\s*$/.test(lines[head]!))
      throw new UserError(
        `${where}, line ${head + 1}: the last column is ${lines[head]!.trim().split(/\s+/).at(-1)}`,
        "It must be avg_latency(ms): the unit is part of the name.",
      );
    const device = lines[lines.findIndex((line) => line.startsWith("dev_info")) + 1] ?? "";
    const [, name, threads] = /^(.*?)\s{2,}\d+\s+(\d+)/.exec(device.replaceAll("\t", "    ")) ?? [];
    const rows = new Map<string, Row>();
    const notes: string[] = [];
    for (const [i, line] of lines.entries()) {
      if (i <= head || line.trim() === "") continue;
      const at = `${where}, line ${i + 1}`;
      const found = /^(\w+)\s*\[([\d ]+)\]\s*\[[\d ]+\]\s*\(([^)]*)\)\s+(\S+)\s+(\S+)\s+(\S+)\s*$/.exec(line);
      if (found === null)
        throw new UserError(
          `${at}: cannot read "${line.trim().slice(0, 60)}"`,
          "It must be op_name, [input], [output], (parameters), least, most, average.",
        );
      const [, op, dims, parameters, least, most, average] = found as unknown as string[];
      const of = new Map(
        parameters!.split(",").map((p) => [p.split("=")[0]!.trim(), (p.split("=")[1] ?? "").trim()] as const),
      );
      const network = networkOf(op!, dims!.trim().split(/ +/).map(Number), of);
      if (typeof network === "string") {
        notes.push(`left out ${at}: ${network} is not one of ours`);
        continue;
      }
      const key = signature(kernels(network)[0]!);
      if (rows.has(key)) throw new UserError(`${at}: ${key} is there twice`, "Give each operator once.");
      rows.set(key, {
        kind: "kernel",
        key,
        count: 1,
        medianMs: milliseconds(average!, at, "avg_latency"),
        spreadMs: milliseconds(most!, at, "max_latency") - milliseconds(least!, at, "min_latency"),
        drift: null,
      });
    }
    return {
      rows: [...rows.values()],
      about: {
        runtime: "Paddle-Lite",
        dtype: "float32",
        ...(name !== undefined && { device: name.trim(), threads: Number(threads) }),
      },
      source: "Paddle-Lite latency look-up table, averages",
      notes,
    };
  },
};
