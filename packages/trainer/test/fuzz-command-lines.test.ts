import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { everyCase } from "@bioflax/core/testing";
import { beforeAll, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { allSettings } from "../src/config/settings";
import { fakeEngine } from "./fake-engine";
import { runBioflax } from "./run-bioflax";
import { scratchFolder } from "./scratch";

jest.mock("../src/engines/load", () => ({ loadEngine: async () => fakeEngine().createEngine }));

const folder = scratchFolder();
const run = join(folder, "run");
const out = join(folder, "out");
/** Small enough for thousands of runs; a random option may override each. */
const small =
  "--dataset blobs --train-set-size 2 --test-set-size 1 --batch-size 2 --n 1 --hidden-layers 4 --activations relu --no-tensorboard";

beforeAll(async () => {
  const made = await runBioflax(["train", ...small.split(" "), "--out", run]);
  expect(made.status).toBe(0);
  writeFileSync(join(folder, "input.csv"), "1,2\n3,4\n");
});

const words = fc.oneof(
  fc.constantFrom(
    ..."0 1 2 3 -1 0.5 1e400 nan true false yes , blobs spirals sinreg teacher fa dfa,bp kp wm relu tanh adam cosine final best json onnx safetensors bash - -- = ''".split(
      " ",
    ),
    run,
    join(folder, "input.csv"),
    join(folder, "none"),
    out,
  ),
  fc.string({ maxLength: 6 }),
);
// What reads this machine's data or downloads some, and what only waits for memory, is left out.
const heavy = ["dataDir", "dataset", "model", "config", "batchSize", "trainSetSize", "testSetSize"];
const flags = fc.oneof(
  fc.constantFrom(
    ...allSettings()
      .filter(({ key }) => !heavy.includes(key))
      .map(({ flag }) => `--${flag}`),
    ..."--no-shuffle --format --sources --schema --weights --split --help -h -V -o --nonsense".split(
      " ",
    ),
  ),
  fc.string({ maxLength: 5 }).map((text) => `--${text}`),
);
const token = fc.oneof(
  fc.tuple(flags, words).map(([flag, value]) => [`${flag}=${value}`]),
  fc.tuple(flags, fc.array(words, { maxLength: 3 })).map(([flag, values]) => [flag, ...values]),
  words.map((word) => [word]),
);
const commands = ["train", "config", "evaluate", "predict", "export", "completions", "help"];
const start = fc.oneof(
  { weight: 6, arbitrary: fc.constant(["train", ...small.split(" ")]) },
  { weight: 4, arbitrary: fc.constantFrom(...commands.map((command) => [command, run])) },
  { weight: 2, arbitrary: fc.constantFrom(...commands).map((command) => [command]) },
  { weight: 1, arbitrary: fc.constant([]) },
);

/** The files of a folder, whose run must have ended in a way it tells. */
function checkRun(path: string): void {
  const files = readdirSync(path);
  expect(files.filter((name) => name.endsWith(".tmp"))).toEqual([]);
  if (files.length === 0) return;
  const { status } = JSON.parse(readFileSync(join(path, "summary.json"), "utf8"));
  expect(["done", "failed"]).toContain(status);
  expect(files).toEqual(expect.arrayContaining(["config.json", "network.json"]));
}

test("any command line does something or says what is wrong, and leaves whole runs or none", async () => {
  const before = readdirSync(run);
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(start, fc.array(token, { maxLength: 5 }), async (first, rest) => {
      const args = [...first, ...rest.flat()];
      // The last --out counts: nothing is written anywhere else.
      if (first[0] !== "completions") args.push(`--out=${out}`);
      const { status, stderr, listeners } = await runBioflax(args);
      seen.add(status);
      expect([0, 1, 2]).toContain(status);
      expect(stderr).not.toContain("This is a bug");
      // A question that is also a sentence.
      expect(stderr).not.toMatch(/\?\.(\s|$)/);
      if (status !== 0) expect(stderr.trim()).not.toBe("");
      expect(listeners).toBe(0);
      if (existsSync(out) && existsSync(join(out, "config.json"))) checkRun(out);
      rmSync(out, { recursive: true, force: true });
      expect(readdirSync(run)).toEqual(before);
    }),
    // `FUZZ=5000 npx jest … --testTimeout=900000` looks further.
    { numRuns: Number(process.env.FUZZ ?? (everyCase ? 400 : 100)) },
  );
  expect([...seen].sort()).toEqual([0, 1, 2]);
}, 300_000);
