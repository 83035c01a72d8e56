import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { UserError } from "../../src/base/errors.js";
import type { Settings } from "../../src/search/settings.js";
import type { Trial } from "../../src/search/trial.js";
import { fbnet } from "../../src/space/spaces/index.js";
import { openDatabase, openReadOnly } from "../../src/store/database.js";
import { writeRun } from "../../src/store/ledger.js";
import { migrations } from "../../src/store/migrations/index.js";
import { checkNewRun, continueRun, createRun, findRun, listRuns, seeRun } from "../../src/store/run.js";
import { failed, rated, scored } from "../search/trials.js";

const root = mkdtempSync(join(tmpdir(), "nas-store-"));
after(() => rmSync(root, { recursive: true }));
let made = 0;
const fresh = () => join(root, `run${made++}`);

const settings: Settings = {
  meaning: {
    target: "iphone13-npu",
    targetModel: "abc",
    space: fbnet,
    maxLatencyMs: 1,
    strategy: "aging",
    strategyOptions: { population: 8 },
    seed: 7,
    ahead: 6,
    fidelity: { epochs: 3, images: 4000, batch: 64 },
    engine: "wasm",
    data: { name: "synthetic", hash: "x" },
  },
  budget: { trials: 3 },
  dataDir: null,
};
const record = (name: string) => ({
  name,
  createdAt: "2026-01-01T00:00:00.000Z",
  version: "0.1.0",
  settings,
});
const exits = (code: number, message: RegExp) => (error: UserError) =>
  error.exitCode === code && message.test(error.message);

test("what is appended is read back the same, in ask order, by whoever looks", async () => {
  const dir = fresh();
  const run = await createRun(dir, record("a"));
  const epoch = {
    epoch: 1,
    loss: 2.1,
    trainAccuracy: 0.2,
    validationAccuracy: 0.3,
    seconds: 1.5,
    images: 64,
    validated: 2000,
  };
  const trials = [
    scored({ number: 0, accuracy: 1 / 3, epochs: [epoch] }),
    failed(1),
    scored({ number: 2, duplicateOf: 0, rejected: 4 }),
  ];
  for (const n of [0, 2, 1]) await run.append(trials[n]!);
  assert.deepEqual((await seeRun(dir)).trials, trials, "while the run is live");
  await run.close();
  const again = await continueRun(dir);
  assert.deepEqual(again.trials, trials);
  assert.deepEqual(again.record, record("a"));
  await again.close();
});

const refused: readonly [string, Partial<Trial>][] = [
  ["an accuracy above 1", { accuracy: 1.5 }],
  ["a scored trial with a why", { why: "because" } as Partial<Trial>],
  ["a failed trial with an accuracy", { status: "failed", why: "x" } as unknown as Partial<Trial>],
  ["a latency of 0", { latencyMs: 0 }],
  ["an interval without its estimate", { latencyLowMs: 2 }],
  ["a duplicate of a later trial", { duplicateOf: 5 }],
  ["an unknown status", { status: "done" } as unknown as Partial<Trial>],
  ["an energy of 0", { energyMj: 0 }],
  ["params that are no number", { params: "many" as unknown as number }],
];
for (const [what, wrong] of refused)
  test(`the database itself refuses ${what}`, async () => {
    const run = await createRun(fresh(), record("a"));
    await assert.rejects(run.append({ ...scored({ number: 0 }), ...wrong } as Trial), /SQLITE_CONSTRAINT/);
    await run.append(scored({ number: 0 }));
    await assert.rejects(run.append(scored({ number: 0 })), /SQLITE_CONSTRAINT/, "one row a trial");
    await run.close();
  });

test("a run that is driven cannot be driven by another, but looked at; once closed it can", async () => {
  const dir = fresh();
  const run = await createRun(dir, record("mine"));
  await assert.rejects(continueRun(dir), exits(6, /run mine is being driven by process \d+/));
  assert.equal((await seeRun(dir)).record.name, "mine");
  await run.close();
  await (await continueRun(dir)).close();
});

test("the lease of a process that is gone, or asleep too long, is taken over; the sleeper then stores nothing", async () => {
  const dir = fresh();
  const run = await createRun(dir, record("a"));
  const db = await openDatabase(join(dir, "run.db"));
  await db.run("UPDATE lease SET renewed_at = ?", Date.now() - 60_000);
  const taken = await continueRun(dir);
  await assert.rejects(run.append(scored({ number: 0 })), /lease of this run was lost/);
  await taken.append(scored({ number: 0 }));
  await db.run("UPDATE lease SET pid = 4194304 - 1, renewed_at = ?", Date.now());
  await (await continueRun(dir)).close();
  for (const open of [db, run, taken]) await open.close();
});

test("a process that is dead but not yet buried by its parent holds no lease", {
  skip: process.platform === "linux" ? false : "only Linux tells",
}, async () => {
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(parent.stdout), "line");
  const state = () => readFileSync(`/proc/${Number(line)}/stat`, "utf8").split(" ")[2];
  while (state() !== "Z") await wait(10);

  const dir = fresh();
  const run = await createRun(dir, record("a"));
  const db = await openDatabase(join(dir, "run.db"));
  const isOf = (pid: number) => db.run("UPDATE lease SET pid = ?, renewed_at = ?", pid, Date.now());
  await isOf(parent.pid!);
  await assert.rejects(continueRun(dir), exits(6, /being driven by process/));
  await isOf(Number(line));
  await (await continueRun(dir)).close();
  for (const open of [db, run]) await open.close();
  parent.kill();
});

test("a new run needs a folder that holds none, and a parent that is a folder; nothing is made when refused", async () => {
  const dir = fresh();
  await (await createRun(dir, record("a"))).close();
  await assert.rejects(checkNewRun(dir), exits(2, /holds a run already/));
  const file = join(root, "file");
  writeFileSync(file, "");
  await assert.rejects(createRun(join(file, "run"), record("b")), exits(2, /is a file/));
});

test("a run that could not be begun leaves no folder behind", async () => {
  const dir = join(fresh(), "deep", "run");
  await assert.rejects(
    createRun(dir, { ...record("a"), name: null as unknown as string }),
    /SQLITE_CONSTRAINT/,
  );
  assert.equal(existsSync(join(dir, "..", "..")), false);
});

test("a damaged database is one clear error, for who resumes and who looks", async () => {
  const dir = fresh();
  await (await createRun(dir, record("a"))).close();
  for (const name of readdirSync(dir))
    writeFileSync(join(dir, name), "this is no database, whatever its name says".repeat(100));
  await assert.rejects(continueRun(dir), exits(5, /run\.db is not a readable database/));
  await assert.rejects(seeRun(dir), exits(5, /run\.db is not a readable database/));
});

test("a database of a newer nas is refused, not rewritten", async () => {
  const file = join(root, "newer.db");
  const db = await openDatabase(file);
  await db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  await db.close();
  await assert.rejects(openDatabase(file), exits(2, /made by a newer nas/));
  await assert.rejects(openReadOnly(file), exits(5, /has schema/));
});

test("a run made before schedules were is brought up to date, its trials asked for all epochs, their energy not known", async () => {
  const dir = fresh();
  const before = await createRun(dir, record("old"));
  await before.append(scored({ number: 0 }));
  await before.close();
  const db = await openDatabase(join(dir, "run.db"));
  await db.exec(
    "DROP TABLE supernet; DROP TABLE screening; ALTER TABLE trial DROP COLUMN asked_epochs; ALTER TABLE trial DROP COLUMN energy_mj; PRAGMA user_version = 1",
  );
  await db.close();
  const run = await continueRun(dir);
  assert.deepEqual(run.trials, [scored({ number: 0, energyMj: null })]);
  await run.append(scored({ number: 1, askedEpochs: 3 }));
  await assert.rejects(run.append(scored({ number: 2, askedEpochs: 0 })), /SQLITE_CONSTRAINT/);
  await run.close();
  assert.deepEqual(
    (await seeRun(dir)).trials.map((t) => t.askedEpochs),
    [null, 3],
  );
});

test("a run made before proxies rated trials is brought up to date, every row and reference in its place", async () => {
  const dir = fresh();
  mkdirSync(dir);
  const old = await openDatabase(join(dir, "run.db"), migrations.slice(0, 4));
  await writeRun(old, record("old"));
  const columns =
    "number, genome, hash, status, why, accuracy, accuracy_kind, latency_ms, latency_low_ms, latency_high_ms,";
  const rest =
    "latency_kind, params, macs, peak_activation_bytes, rejected, duplicate_of, epochs, engine, seconds, energy_mj";
  const shared = "1, 0.9, 1.1, 'predicted', 10, 100, 1000, 0";
  await old.exec(`
    INSERT INTO trial (${columns} ${rest}) VALUES
      (0, 'g0', '0123456789abcdef', 'scored', NULL, 0.5, 'proxy', ${shared}, NULL, '[]', 'reference', 1, 1),
      (1, 'g0', '0123456789abcdef', 'scored', NULL, 0.5, 'proxy', ${shared}, 0, '[]', 'reference', 1, 1),
      (2, 'g2', '0123456789abcdef', 'failed', 'diverged', NULL, NULL, ${shared}, NULL, '[]', 'reference', 1, 1)`);
  await old.close();
  const run = await continueRun(dir);
  assert.deepEqual(run.trials, [
    scored({ number: 0 }),
    scored({ number: 1, genome: "g0", duplicateOf: 0 }),
    failed(2),
  ]);
  await run.append(rated(3, 12.5));
  await assert.rejects(run.append(scored({ number: 12, duplicateOf: 9 })), /SQLITE_CONSTRAINT/);
  await assert.rejects(
    run.append({ ...rated(4, 1), accuracy: 0.5 } as unknown as Trial),
    /SQLITE_CONSTRAINT/,
  );
  await assert.rejects(run.append({ ...rated(4, 1), score: null } as unknown as Trial), /SQLITE_CONSTRAINT/);
  await run.close();
  assert.deepEqual((await seeRun(dir)).trials[3], rated(3, 12.5));
});

test("what proxies say of candidates is read back as it was stored, once each", async () => {
  const dir = fresh();
  const run = await createRun(dir, record("a"));
  const first = {
    number: 0,
    trial: null,
    proxy: "naswot",
    genome: "g",
    score: -3.5,
    why: null,
    seconds: 0.25,
  };
  const second = {
    number: 1,
    trial: 4,
    proxy: "synflow",
    genome: "h",
    score: null,
    why: "no score",
    seconds: 0,
  };
  await run.appendScreened(second);
  await run.appendScreened(first);
  await assert.rejects(run.appendScreened(first), /SQLITE_CONSTRAINT/);
  await assert.rejects(run.appendScreened({ ...first, number: 2, why: "both" }), /SQLITE_CONSTRAINT/);
  await run.close();
  assert.deepEqual((await seeRun(dir)).screened, [first, second]);
});

test("runs are found by name, by folder, and unnamed as the newest; a near miss is guessed", async () => {
  const runs = join(root, "runs");
  for (const name of ["first", "second"]) {
    await (await createRun(join(runs, name), record(name))).close();
    await new Promise((done) => setTimeout(done, 20));
  }
  assert.deepEqual(await listRuns(runs), [join(runs, "second"), join(runs, "first")]);
  assert.equal(await findRun(runs, undefined), join(runs, "second"));
  assert.equal(await findRun(runs, "first"), join(runs, "first"));
  assert.equal(await findRun(runs, join(runs, "first")), join(runs, "first"));
  await assert.rejects(
    findRun(runs, "frist"),
    (e: UserError) => /no run "frist"/.test(e.message) && /Did you mean first\?/.test(e.whatToDo),
  );
  await assert.rejects(findRun(join(root, "nowhere"), undefined), /no runs under/);
});
