import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { macsOf, paramsOf } from "../../src/graph/cost.js";
import { type Node, nodes } from "../../src/graph/node.js";
import * as zoo from "../../src/space/zoo/index.js";

/** One block of a reference file: its hyper-parameters, its shapes, and mostly its counts. */
interface Block {
  readonly name: string;
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: hyper-parameters differ by kind
  readonly hp: any;
  readonly in: readonly number[];
  readonly out: readonly number[];
  readonly params?: number;
  readonly macs?: number;
}

interface Reference {
  readonly params?: number;
  readonly macs?: number;
  readonly layers: readonly Block[];
}

/** Params and MACs. */
type Count = readonly [params: number, macs: number];

const sum = (...counts: readonly Count[]): Count =>
  counts.reduce(([p, m], [q, n]) => [p + q, m + n], [0, 0] as Count);

const area = (shape: readonly number[]) => (shape[1] ?? 1) * (shape[2] ?? 1);
const norm = (c: number): Count => [2 * c, 0];
/** A convolution with or without bias, on so many output positions. */
const conv = (cin: number, cout: number, positions: number, { k = 1, g = 1, bias = false } = {}): Count => [
  (k * k * cin * cout) / g + (bias ? cout : 0),
  ((k * k * cin * cout) / g) * positions,
];
const depthwise = (c: number, k: number, positions: number, bias = false) =>
  conv(c, c, positions, { k, g: c, bias });
const squeeze = (c: number, se: { rd: number } | null | undefined): Count =>
  se ? sum(conv(c, se.rd, 1, { bias: true }), conv(se.rd, c, 1, { bias: true })) : [0, 0];

type Formula = (block: Block, before: number, after: number) => Count;

// biome-ignore lint/suspicious/noExplicitAny: hyper-parameters differ by kind
const plain = (hp: any, cin: number, after: number): Count =>
  sum(
    conv(cin, hp.cout, after, { k: hp.k, g: hp.g ?? 1, bias: hp.bias ?? false }),
    hp.bn ? norm(hp.cout) : [0, 0],
  );

const mlp = (c: number, hidden: number, positions: number, normed: boolean): Count =>
  sum(
    conv(c, hidden, positions, { bias: true }),
    conv(hidden, c, positions, { bias: true }),
    ...(normed ? [norm(hidden), norm(c)] : []),
  );

const moatLocal: Formula = ({ hp: { cin, cmid, cout, k, se, shortcut_conv } }, before, after) =>
  sum(
    norm(cin),
    conv(cin, cmid, before),
    norm(cmid),
    depthwise(cmid, k, after),
    norm(cmid),
    squeeze(cmid, se),
    conv(cmid, cout, after, { bias: true }),
    shortcut_conv ? conv(cin, cout, after, { bias: true }) : [0, 0],
  );

/** What each kind of block costs, from its hyper-parameters alone. */
const formulas: Readonly<Record<string, Formula>> = {
  gap: () => [0, 0],
  skip: () => [0, 0],
  bn: ({ in: [c] }) => norm(c!),
  ln2: ({ in: shape }) => norm(shape.at(-1)!),
  linear: ({ hp: { cin, cout } }) => conv(cin, cout, 1, { bias: true }),
  conv_bn_act: ({ hp }, _, after) => plain(hp, hp.cin, after),
  layers({ hp: { seq }, in: shape, out }) {
    let [c, positions] = [shape[0]!, area(shape)];
    let total: Count = [0, 0];
    for (const op of seq) {
      if (op.op === "gap") positions = 1;
      if (op.op === "bn" || op.op === "ln") total = sum(total, norm(c));
      if (op.op !== "conv") continue;
      positions /= (op.s ?? 1) ** 2;
      total = sum(total, plain(op, c, positions));
      c = op.cout;
    }
    assert.equal(c, out[0]);
    return total;
  },
  irb: ({ hp }, before, after) => {
    const { cin, cmid, cout, k, conv_bias: bias, pw_g, pwl_g } = hp;
    return sum(
      hp.expand ? sum(conv(cin, cmid, before, { g: pw_g ?? 1, bias }), norm(cmid)) : [0, 0],
      depthwise(cmid, k, after, bias),
      norm(cmid),
      squeeze(cmid, hp.se),
      conv(cmid, cout, after, { g: pwl_g ?? 1, bias }),
      norm(cout),
      [hp.layer_scale ? cout : 0, 0],
    );
  },
  fused_irb: ({ hp: { cin, cmid, cout, k, se } }, _, after) =>
    sum(conv(cin, cmid, after, { k }), norm(cmid), squeeze(cmid, se), conv(cmid, cout, after), norm(cout)),
  tucker: ({ hp: { cin, rank_in, rank_out, cout, k } }, before, after) =>
    sum(
      conv(cin, rank_in, before),
      norm(rank_in),
      conv(rank_in, rank_out, after, { k }),
      norm(rank_out),
      conv(rank_out, cout, after),
      norm(cout),
    ),
  uib: ({ hp: { cin, cmid, cout, dw_start_k, dw_start_s, dw_mid_k } }, before, after) => {
    const start = before / dw_start_s ** 2;
    return sum(
      dw_start_k > 0 ? sum(depthwise(cin, dw_start_k, start), norm(cin)) : [0, 0],
      conv(cin, cmid, start),
      norm(cmid),
      dw_mid_k > 0 ? sum(depthwise(cmid, dw_mid_k, after), norm(cmid)) : [0, 0],
      conv(cmid, cout, after),
      norm(cout),
    );
  },
  mobileone_block: ({ hp }, _, after) => sum(plain(hp, hp.cin, after), squeeze(hp.cout, hp.se)),
  mobileone_block_train: ({ hp }, _, after) => {
    const { cin, cout, k, g, branches, scale, skip_bn, se } = hp;
    return sum(
      ...Array.from({ length: branches }, () => sum(conv(cin, cout, after, { k, g }), norm(cout))),
      scale ? sum(conv(cin, cout, after, { g }), norm(cout)) : [0, 0],
      skip_bn ? norm(cin) : [0, 0],
      squeeze(cout, se),
    );
  },
  casvit_block: ({ hp: { c, hidden } }, n) => {
    const gate = sum(depthwise(c, 3, n, true), norm(c), conv(c, 1, n), conv(c, c, 1));
    const linear = conv(c, c, n, { bias: true });
    return sum(
      sum(linear, norm(c), depthwise(c, 3, n, true), linear),
      sum(norm(c), conv(c, 3 * c, n), gate, gate, depthwise(c, 3, n, true), depthwise(c, 3, n, true)),
      sum(norm(c), mlp(c, hidden, n, false)),
    );
  },
  svga_grapher_ffn: ({ hp: { c, ffn_hidden } }, n) =>
    sum(
      sum(conv(c, c, n, { bias: true }), norm(c)),
      sum(conv(2 * c, 2 * c, n, { bias: true }), norm(2 * c)),
      sum(conv(2 * c, c, n, { bias: true }), norm(c)),
      mlp(c, ffn_hidden, n, true),
    ),
  rapidnet_mldc_lkffn: ({ hp: { c, cpe_k, branches, ffn } }, n) => {
    const linear = sum(conv(c, c, n, { bias: true }), norm(c));
    return sum(
      depthwise(c, cpe_k, n, true),
      linear,
      ...branches.map(({ k }: { k: number }) => sum(conv(c, c, n, { k, bias: true }), norm(c))),
      linear,
      sum(depthwise(c, ffn.dw_k, n), norm(c), mlp(c, ffn.hidden, n, true)),
      [2 * c, 0],
    );
  },
  moat_mbconv: moatLocal,
  moat_block: (block, before, n) => {
    const { cout: c, heads, rpe_table } = block.hp;
    return sum(moatLocal(block, before, n), norm(c), conv(c, 4 * c, n, { bias: true }), [
      heads * (2 * rpe_table - 1) ** 2,
      2 * c * n * n,
    ]);
  },
  effmod_patch_embed: ({ hp }, _, after) => sum(plain(hp, hp.cin, after), norm(hp.cout)),
  effmod_block: ({ hp: { c, hidden, conv_dim, ctx_k } }, n) =>
    sum(
      norm(c),
      conv(c, conv_dim, n, { bias: true }),
      depthwise(conv_dim, ctx_k, n, true),
      conv(conv_dim, c, n, { bias: true }),
      conv(c, hidden, n, { bias: true }),
      conv(hidden, c, n, { bias: true }),
      [c, 0],
    ),
  ln_mhsa_mlp: ({ hp: { c, heads, head_dim, hidden } }, n) => {
    const inner = heads * head_dim;
    return sum(
      norm(c),
      conv(c, 3 * inner, n),
      [0, 2 * inner * n * n],
      conv(inner, c, n, { bias: true }),
      norm(c),
      mlp(c, hidden, n, false),
    );
  },
  skip_block: ({ hp: { cin, cmid, cout, k } }, _, n) =>
    sum(conv(cin, cmid, n), norm(cmid), depthwise(cmid, k, n), norm(cmid), conv(cmid, cout, n), norm(cout)),
};

/** [c, h, w] of what a block gives; linear layers are given as [c], some blocks as [h, w, c]. */
function chw({ kind, out }: Block): readonly number[] {
  if (out.length === 1) return [out[0]!, 1, 1];
  return /^(effmod|ln)/.test(kind) ? [out[2]!, out[0]!, out[1]!] : out;
}

function count(block: Block): Count {
  const last = /^(effmod|ln)/.test(block.kind) && block.in.length === 3;
  const before = last ? block.in[0]! * block.in[1]! : area(block.in);
  return formulas[block.kind]!(block, before, area(chw(block)));
}

/** Params, MACs and shape of a network after each of its nodes. */
function running(order: readonly Node[]): string[] {
  let total: Count = [0, 0];
  return order.map((node) => {
    total = sum(total, [paramsOf(node), macsOf(node)]);
    return [...total, ...node.shape].join(" ");
  });
}

/** What no count shows: activations and residuals of inverted residuals, dilations of multi-level dilated blocks. */
function unseen({ kind, hp }: Block): readonly (string | number)[] {
  const named = (fn: string) => fn.replace(/^h(?=swish|sigmoid)/, "hard-");
  const residual = hp.residual === true ? ["add"] : [];
  if (kind === "rapidnet_mldc_lkffn") return hp.branches.map(({ d }: { d: number }) => d);
  if (kind === "fused_irb" || kind === "tucker" || kind === "uib") return residual;
  if (kind !== "irb") return [];
  const gate = hp.se ? [hp.se.act, hp.se.gate] : [];
  // The ProxylessNAS files name no activation; their code has ReLU6.
  const own = (fn: string) => (fn === "none" ? "relu6" : named(fn));
  return [...(hp.expand ? [own(hp.act)] : []), own(hp.dw_act), ...gate.map(named), ...residual];
}

const shown = (kind: string, { op }: Node): (string | number)[] => {
  if (/^(irb|fused_irb|tucker|uib)$/.test(kind) && op.kind === "add") return ["add"];
  if (kind === "irb") return op.kind === "act" ? [op.fn] : [];
  return kind === "rapidnet_mldc_lkffn" && op.kind === "conv" && op.dilation > 1 ? [op.dilation] : [];
};

const folder = resolve("..", "shared", "architectures");
const missing = existsSync(folder) ? false : "the reference architectures are not there";

for (const [name, entry] of Object.entries(zoo)) {
  const file = resolve(folder, `${name}.json`);
  if (!missing && !existsSync(file)) continue;
  test(`${name} agrees with its reference block by block: params, MACs and shape`, { skip: missing }, () => {
    const reference = JSON.parse(readFileSync(file, "utf8")) as Reference;
    const order = nodes(entry.build());
    const ours = running(order);
    let expected: Count = [0, 0];
    let at = 0;
    for (const block of reference.layers) {
      const counted = count(block);
      assert.equal(counted[0], block.params ?? counted[0], `${block.name}: params`);
      assert.equal(counted[1], block.macs ?? counted[1], `${block.name}: MACs`);
      expected = sum(expected, counted);
      const wanted = [...expected, ...chw(block)].join(" ");
      // Of equal boundaries the last: an addition changes neither count nor shape.
      const from = at;
      at = ours.lastIndexOf(wanted);
      assert.ok(at >= from, `after ${block.name} there is no node with ${wanted} (params, MACs, c, h, w)`);
      const inside = order.slice(from + 1, at + 1).flatMap((node) => shown(block.kind, node));
      assert.deepEqual(inside, unseen(block), block.name);
    }
    const total = ours.at(-1)!.split(" ").slice(0, 2).map(Number);
    assert.deepEqual(total, [reference.params ?? expected[0], reference.macs ?? expected[1]]);
  });
}
