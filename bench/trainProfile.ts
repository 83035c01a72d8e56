import { type Profiler, Session } from "node:inspector";

/** Share of a thread's time by what it was spent on, the largest first; they sum to 1. */
export interface Profile {
  /** By operator, forward and backward apart. */
  readonly operators: readonly Share[];
  /** By function, WebAssembly's included. */
  readonly functions: readonly Share[];
}

export interface Share {
  readonly of: string;
  readonly share: number;
}

/** Sampled by V8's profiler, so that engines need no hooks and lose nothing when nobody looks. */
export async function profiled(run: () => unknown): Promise<Profile> {
  const session = new Session();
  session.connect();
  const post = <T>(method: string, params: object = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result as T)));
    });
  await post("Profiler.enable");
  await post("Profiler.setSamplingInterval", { interval: 500 });
  await post("Profiler.start");
  run();
  const { profile } = await post<{ profile: Profiler.Profile }>("Profiler.stop");
  session.disconnect();
  return sharesOf(profile);
}

/** Idle and the profiler's own samples are left out. */
const apart = new Set(["(root)", "(program)", "(idle)"]);

export function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile {
  const operators = new Map<string, number>();
  const functions = new Map<string, number>();
  const parent = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const frame = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  let total = 0;
  samples.forEach((id, i) => {
    const { functionName } = frame.get(id)!;
    if (apart.has(functionName)) return;
    const callers: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) callers.push(frame.get(at)!);
    const spent = timeDeltas[i] ?? 0;
    total += spent;
    const add = (to: Map<string, number>, key: string) => to.set(key, (to.get(key) ?? 0) + spent);
    add(operators, operatorOf(callers));
    add(functions, functionName || "(anonymous)");
  });
  const shares = (of: Map<string, number>): Share[] =>
    [...of].map(([name, spent]) => ({ of: name, share: spent / total })).sort((a, b) => b.share - a.share);
  return { operators: shares(operators), functions: shares(functions) };
}

type Frame = Pick<Profiler.ProfileNode["callFrame"], "functionName" | "url">;

/** An engine's files by operator, and what stands behind operators or outside of them. */
const place = /\/(?:operators\/(\w+)|(ending|affine|updates|images|loss))\.js$/;
const ends: Readonly<Record<string, string>> = { ending: "norm, scale, act", affine: "norm, scale, act" };

/** Any one of them will do: V8 leaves out callers that it compiled into one. */
const ofTheWayBack = new Set(["back", "backThrough", "backward", "gradient", "gradientWrote"]);

/** What a sample is for, by the functions it was in, the innermost first. */
function operatorOf(callers: readonly Frame[]): string {
  if (callers[0]!.functionName === "(garbage collector)") return "garbage collection";
  const back = callers.some(({ functionName }) => ofTheWayBack.has(functionName));
  for (const { url } of callers) {
    const [, operator, other] = place.exec(url) ?? [];
    if (operator !== undefined) return `${operator}, ${back ? "backward" : "forward"}`;
    if (other === "ending" || other === "affine") return `${ends[other]}, ${back ? "backward" : "forward"}`;
    if (other !== undefined) return other;
  }
  return "rest";
}
