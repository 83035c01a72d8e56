#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { onNewerNode } from "../dist/src/train/newerNode.js";

if (!(await onNewerNode(fileURLToPath(import.meta.url)))) {
  const { main } = await import("../dist/src/cli/main.js");
  await main(process.argv.slice(2));
}
