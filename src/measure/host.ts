import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";

const text = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined; // no such file on this system
  }
};

/** The version of the runtime that is installed. */
export function runtimeVersion(): string {
  const { resolve } = createRequire(import.meta.url);
  const main = resolve("onnxruntime-node");
  const folder = main.slice(0, main.lastIndexOf("onnxruntime-node") + "onnxruntime-node".length);
  return (JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as { version: string }).version;
}

/** This computer, as a table names it. */
export function describeHost() {
  const [cpu] = cpus();
  const model = cpu?.model.trim() || "unknown processor";
  const governor = text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  return {
    device: "this computer",
    soc: model,
    os: `${type()} ${release()}`,
    runtime: `onnxruntime-node ${runtimeVersion()}, CPU`,
    dtype: "float32",
    conditions: {
      architecture: arch(),
      cores: String(availableParallelism()),
      memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
      governor: governor ?? "not readable",
      node: process.version,
    },
  };
}
