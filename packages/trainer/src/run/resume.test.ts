import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { BioflaxError, createTrainable } from "@bioflax/core";
import { withLock } from "@bioflax/datasets/node";
import type { Summary } from "@bioflax/runs";
import { decodeCheckpoint, encodeCheckpoint, snapshotOf } from "@bioflax/runs/node";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readEventFiles } from "../../test/event-reader";
import { fakeEngine, type Script } from "../../test/fake-engine";
import { metricsOf } from "../../test/interrupting";
import { scratchFolder } from "../../test/scratch";
import type { ConfigInput } from "../config/schema";
import type { EngineFactory } from "../engines/engine";
import { ConfigError } from "../resolve/resolve";
import { type ResumeOptions, resume } from "./resume";
import { resumeOrStart } from "./resume-or-start";
import { train } from "./train";

const scratch = scratchFolder();
let runs = 0;
const fresh = () => join(scratch, String(runs++));

/** 4 batches of 32 and a smaller one an epoch. */
const small: ConfigInput = {
  dataset: "sinreg",
  hiddenLayers: [4],
  activations: ["relu"],
  trainSetSize: 5,
  testSetSize: 2,
  epochs: 3,
  tensorboard: false,
};

/** The best epoch is the second: by then there is a best checkpoint that is not the last. */
const losses: Script = { validation: (epoch) => ({ loss: Math.abs(epoch - 2) + 1 }) };

/** A run that is stopped in its third epoch. */
async function stopped(config: ConfigInput = {}, at = { epoch: 3, step: 3 }): Promise<string> {
  const stop = new AbortController();
  const { createEngine } = fakeEngine({
    ...losses,
    onStep: (epoch, step) => {
      if (epoch === at.epoch && step === at.step) stop.abort();
    },
  });
  const options = { createEngine, signal: stop.signal };
  return (await train({ ...small, out: fresh(), ...config }, options)).folder;
}

async function undisturbed(config: ConfigInput = {}): Promise<string> {
  const { createEngine } = fakeEngine(losses);
  return (await train({ ...small, out: fresh(), ...config }, { createEngine })).folder;
}

/** Goes on with a run; what came of it, or why it was refused, and what was said. */
async function goOn(folder: string, settings: ConfigInput = {}, options: ResumeOptions = {}) {
  const notices: string[] = [];
  const fake = fakeEngine(losses);
  const outcome = await resume(folder, {
    createEngine: fake.createEngine,
    settings,
    reporter: { notice: (text) => notices.push(text) },
    ...options,
  }).catch((error: Error) => error);
  const message = outcome instanceof Error ? outcome.message : "";
  return { outcome, message, notices, setups: fake.setups };
}

const last = (folder: string) => join(folder, "checkpoints", "last.safetensors");
const best = (folder: string) => join(folder, "checkpoints", "best.safetensors");

/** A process that is no more. */
const dead = () => spawnSync(process.execPath, ["--version"]).pid;

/** Every file of a folder and what is in it. */
const contentsOf = (folder: string) =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => lstatSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name)).toString("base64")]);

/** What is left when a process is killed: nothing that is written at the end. */
function asKilled(folder: string): string {
  for (const name of ["summary.json", "final.safetensors"]) rmSync(join(folder, name));
  return folder;
}

describe("a run that was stopped", () => {
  test("goes on where it was, to what it would have been", async () => {
    const folder = await stopped();
    const { outcome, notices, setups } = await goOn(folder);
    expect(outcome).toMatchObject({ folder, summary: { status: "done", epochs: 3 } });
    expect(notices).toEqual(["resuming in epoch 3, after 96 examples"]);
    expect(setups[0]).toMatchObject({ stepsTaken: 13, threads: 3, device: "fake" });
    expect(metricsOf(folder)).toBe(metricsOf(await undisturbed()));
  });

  test("adds up what it took", async () => {
    const folder = await stopped();
    const before = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary;
    const { outcome } = await goOn(folder, {}, { startedAt: performance.now() - 1e6 });
    const { timing } = (outcome as { summary: Summary }).summary;
    expect(timing.secondsToFirstStep).toBe(before.timing.secondsToFirstStep);
    expect(timing.totalSeconds).toBeGreaterThan(1000 + before.timing.totalSeconds * 0.5);
    expect(timing.trainSeconds).toBeGreaterThan(before.timing.trainSeconds);
  });

  test("loses what came after the checkpoint: lines, a torn one, and files that were being written", async () => {
    const folder = asKilled(await stopped());
    const metrics = readFileSync(join(folder, "metrics.jsonl"), "utf8");
    appendFileSync(join(folder, "metrics.jsonl"), `${metrics.split("\n")[1]}\n{"epoch":4,"tr`);
    for (const name of [
      ".config.json.0123456789ab.tmp",
      "checkpoints/.last.safetensors.0123456789ab.tmp",
    ])
      writeFileSync(join(folder, name), "half");
    expect((await goOn(folder)).outcome).toMatchObject({ summary: { status: "done" } });
    const expected = await undisturbed();
    expect(metricsOf(folder)).toBe(metricsOf(expected));
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(
      readdirSync(expected, { recursive: true }).sort(),
    );
  });

  test.each([[true], [false]])(
    "before it had a checkpoint starts from the beginning, with initial.safetensors: %s",
    async (hasInitial) => {
      const folder = asKilled(await stopped());
      rmSync(join(folder, "checkpoints"), { recursive: true });
      if (!hasInitial) rmSync(join(folder, "initial.safetensors"));
      const { notices, setups } = await goOn(folder);
      expect(notices).toEqual(["there is no checkpoint yet: starting from the beginning"]);
      expect(setups[0]?.stepsTaken).toBeUndefined();
      expect(metricsOf(folder)).toBe(metricsOf(await undisturbed()));
      expect(existsSync(join(folder, "initial.safetensors"))).toBe(true);
    },
  );

  test("between its first two checkpoints' files goes on from the one that is there", async () => {
    const folder = asKilled(await stopped());
    rmSync(last(folder));
    const { notices } = await goOn(folder);
    expect(notices).toEqual(["resuming after epoch 2"]);
    expect(metricsOf(folder)).toBe(metricsOf(await undisturbed()));
  });

  test("writes none but the checkpoint of Ctrl-C with --checkpoint-every 0", async () => {
    const folder = await undisturbed({ checkpointEvery: 0 });
    expect(existsSync(join(folder, "checkpoints"))).toBe(false);
    const { message } = await goOn(folder, { epochs: 5 });
    expect(message).toContain(
      "expected a checkpoint to go on from, but the run is done and has none",
    );
    const interrupted = await stopped({ checkpointEvery: 0 });
    expect(existsSync(last(interrupted)) && existsSync(best(interrupted))).toBe(true);
    expect((await goOn(interrupted)).outcome).toMatchObject({ summary: { status: "done" } });
    expect(metricsOf(interrupted)).toBe(metricsOf(await undisturbed()));
  });

  test("has checkpoints within an epoch when it is time", async () => {
    const places: string[] = [];
    const out = fresh();
    const { createEngine } = fakeEngine({
      onStep: (epoch, step) => {
        if (existsSync(last(out))) places.push(`${epoch}.${step}`);
        // Long enough for a checkpoint to be due after every step.
        const until = performance.now() + 2;
        while (performance.now() < until);
      },
    });
    await train({ ...small, out, epochs: 1, checkpointSeconds: 0.001 }, { createEngine });
    expect(places).toEqual(["1.2", "1.3", "1.4", "1.5"]);
  });
});

describe("a run that is done", () => {
  test("has nothing left to do", async () => {
    const folder = await undisturbed();
    const before = contentsOf(folder);
    const { outcome, notices, setups } = await goOn(folder);
    expect(outcome).toMatchObject({ folder, summary: { status: "done" } });
    expect(notices).toEqual([expect.stringContaining("nothing left to do: all 3 epochs are done")]);
    expect(setups).toEqual([]);
    expect(contentsOf(folder)).toEqual(before);
  });

  // Reported: of a run of 5 epochs with --epochs 2 it was said that all 2 were done.
  test("is refused fewer epochs than it has done, and stays as it was", async () => {
    const folder = await undisturbed();
    const before = contentsOf(folder);
    const refusal = "--epochs: expected at least 3, which the run has reached, received 2";
    const { outcome, message } = await goOn(folder, { epochs: 2 });
    expect(outcome).toBeInstanceOf(ConfigError);
    expect(message).toContain(refusal);
    await expect(resumeOrStart(folder, { epochs: 2 })).rejects.toThrow(refusal);
    await expect(resume(folder, { settings: { epochs: 2, plot: true } })).rejects.toThrow(refusal);
    expect(contentsOf(folder)).toEqual(before);
  });

  test("goes on to more epochs", async () => {
    const folder = await undisturbed();
    expect((await goOn(folder, { epochs: 5 })).outcome).toMatchObject({ summary: { epochs: 5 } });
    expect(metricsOf(folder)).toBe(metricsOf(await undisturbed({ epochs: 5 })));
    expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).epochs).toBe(5);
    expect((await goOn(folder)).notices[0]).toContain("nothing left to do");
  });

  test("gets a report afterwards", async () => {
    const folder = await undisturbed();
    const { outcome } = await goOn(folder, { plot: true });
    expect(outcome).toMatchObject({ report: join(folder, "report.html") });
    expect(metricsOf(folder)).toBe(metricsOf(await undisturbed()));
  });

  test("but killed before its last files were written gets them", async () => {
    const folder = asKilled(await undisturbed());
    expect((await goOn(folder)).outcome).toMatchObject({ summary: { status: "done", epochs: 3 } });
    expect(readdirSync(folder).sort()).toEqual(readdirSync(await undisturbed()).sort());
  });
});

describe("what is refused leaves the folder as it was:", () => {
  type Spoil = (folder: string) => unknown;
  const cut = (path: string) => truncateSync(path, statSync(path).size - 100);
  const flip = (path: string) => {
    const bytes = readFileSync(path);
    bytes[bytes.length - 5]! ^= 4;
    writeFileSync(path, bytes);
  };
  test.each<[string, Spoil, ConfigInput, string]>([
    [
      "a checkpoint that is cut off, when the best one is whole",
      (folder) => cut(last(folder)),
      {},
      "best.safetensors is whole: copy it over the last one to go on after epoch 2; or, to train from the beginning, remove",
    ],
    [
      "a checkpoint that is damaged, and no other",
      (folder) => {
        flip(last(folder));
        rmSync(best(folder));
      },
      {},
      "last.safetensors: it is damaged: its contents do not match their checksum.\nIf there is a copy of it",
    ],
    [
      "weights in place of a checkpoint",
      (folder) => cpSync(join(folder, "initial.safetensors"), last(folder)),
      {},
      "expected a checkpoint of bioflax, received a file of other tensors",
    ],
    [
      "the checkpoint of a run with other settings",
      async (folder) => cpSync(last(await stopped({ lr: 0.5, seed: 4 })), last(folder)),
      {},
      "expected a checkpoint of this run, received one of another: lr is 0.5 in it and 0.02 in config.json, seed is 4",
    ],
    [
      "settings that would make it another run, all at once",
      () => {},
      { lr: 0.1, momentum: 0.9, epochs: 9 },
      "2 problems:\n  --lr: expected 0.02, as the run has it, received 0.1; with another it would not be the same run",
    ],
    [
      "a setting that the run has none of",
      () => {},
      { layerModes: ["fa", "bp"] },
      '--layer-modes: expected none, as the run has it, received ["fa","bp"]',
    ],
    ["fewer epochs than it has reached", () => {}, { epochs: 2 }, "--epochs: expected at least 3"],
    [
      "metrics that are not there",
      (folder) => rmSync(join(folder, "metrics.jsonl")),
      {},
      "metrics.jsonl: expected the 2 epochs that the checkpoint goes on from",
    ],
    [
      "metrics of other epochs",
      (folder) => {
        const path = join(folder, "metrics.jsonl");
        writeFileSync(path, readFileSync(path, "utf8").replace('"epoch":2', '"epoch":3'));
      },
      {},
      "line 2 is not epoch 2",
    ],
    [
      "a config.json that is not one",
      (folder) => writeFileSync(join(folder, "config.json"), "{"),
      {},
      "config.json: expected JSON",
    ],
    [
      "a folder without a run",
      (folder) => rmSync(join(folder, "config.json")),
      {},
      "expected the folder of a run, but there is no config.json in it",
    ],
    [
      "a folder of runs",
      (folder) => {
        for (const name of ["seed-1", "seed-0"])
          cpSync(join(folder, "config.json"), join(folder, name, "config.json"));
        rmSync(join(folder, "config.json"));
      },
      {},
      "expected the folder of a run, but it holds those of seed-0, seed-1. Give one of them",
    ],
  ])("%s", async (_name, spoil, settings, message) => {
    const folder = await stopped();
    await spoil(folder);
    const before = contentsOf(folder);
    const refused = await goOn(folder, settings);
    expect(refused.outcome).toBeInstanceOf(BioflaxError);
    expect(refused.message).toContain(message);
    expect(contentsOf(folder)).toEqual(before);
  });

  test.each<[string, Spoil, string]>([
    [
      "a file in place of tensorboard/",
      (folder) => writeFileSync(join(folder, "tensorboard"), ""),
      "tensorboard: expected a folder of the run, or nothing, received a file. Move it away.",
    ],
    [
      "a dangling link in place of tensorboard/",
      (folder) => symlinkSync("nowhere", join(folder, "tensorboard")),
      "received a link to nowhere, which is not there",
    ],
    [
      "a folder in place of network.json",
      (folder) => {
        rmSync(join(folder, "network.json"));
        mkdirSync(join(folder, "network.json"));
      },
      "network.json: expected a file of the run, or nothing, received a folder",
    ],
    [
      "checkpoints that have been removed",
      (folder) => rmSync(join(folder, "checkpoints"), { recursive: true }),
      "last.safetensors has been removed. Bring it back if there is a copy.",
    ],
    [
      "a config.json that is broken",
      (folder) => writeFileSync(join(folder, "config.json"), '{"epochs": "x"}'),
      'config.json: epochs: expected a whole number from 1, received "x".\nBring the file back as it was',
    ],
  ])("%s, of a run that is done", async (_name, spoil, message) => {
    const folder = await undisturbed();
    await spoil(folder);
    const before = contentsOf(folder);
    const refused = await goOn(folder, { epochs: 5, tensorboard: true });
    expect(refused.outcome).toBeInstanceOf(BioflaxError);
    expect(refused.outcome).not.toBeInstanceOf(ConfigError);
    expect(refused.message).toContain(message);
    expect(contentsOf(folder)).toEqual(before);
  });

  test("a run that is done, when whoever keeps records fails", async () => {
    const folder = await undisturbed();
    const before = contentsOf(folder);
    const started = () => Promise.reject(new BioflaxError("no"));
    const { message } = await goOn(folder, { epochs: 5 }, { reporter: { started } });
    expect(message).toBe("no");
    expect(contentsOf(folder)).toEqual(before);
  });

  test("a number of epochs that the schedule goes by", async () => {
    const folder = await stopped({ schedule: "cosine" });
    const { outcome, message } = await goOn(folder, { epochs: 9 });
    expect(outcome).toBeInstanceOf(ConfigError);
    expect(message).toContain("the schedule cosine goes by it");
    const other = await stopped({ schedule: "exponential", gamma: 0.5 });
    expect((await goOn(other, { epochs: 4 })).outcome).toMatchObject({ summary: { epochs: 4 } });
  });

  test("a checkpoint of other data, once it is seen", async () => {
    const folder = await stopped();
    const { setups } = await goOn(await stopped());
    const of = createTrainable(setups[0]!);
    const read = decodeCheckpoint(readFileSync(last(folder)), "x");
    const content = { ...read.content, data: "other" };
    writeFileSync(last(folder), encodeCheckpoint(of, { snapshot: snapshotOf(read, of), content }));
    const { message } = await goOn(folder);
    expect(message).toContain(
      "expected the data that the run was trained on, but sine-regression holds other",
    );
  });

  test("whatever a last checkpoint is like, that or the run it would have been", async () => {
    const folder = await stopped();
    const expected = metricsOf(await undisturbed());
    const bytes = readFileSync(last(folder));
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.uint8Array({ maxLength: 9 }),
        fc.constantFrom("set", "cut"),
        async (at, what, how) => {
          const copy = fresh();
          cpSync(folder, copy, { recursive: true });
          const spoilt = Buffer.from(bytes);
          spoilt.set(what.subarray(0, spoilt.length - at), at);
          writeFileSync(last(copy), how === "cut" ? bytes.subarray(0, at) : spoilt);
          const before = contentsOf(copy);
          const { outcome } = await goOn(copy);
          if (outcome instanceof Error) {
            refusals++;
            expect(outcome).toBeInstanceOf(BioflaxError);
            expect(contentsOf(copy)).toEqual(before);
          } else {
            expect(metricsOf(copy)).toBe(expected);
          }
          rmSync(copy, { recursive: true });
        },
      ),
      { numRuns: 300 },
    );
    expect(refusals).toBeGreaterThan(200);
    // 300 runs that are gone on with.
  }, 300_000);
});

/** The lock of another process of this machine. */
async function lock(pid: number): Promise<string> {
  const path = join(scratch, "like");
  const own = await withLock(path, async () => JSON.parse(readFileSync(path, "utf8")));
  return JSON.stringify({ ...own, pid, start: undefined, id: "x" });
}

describe("a folder that another process writes", () => {
  test("is refused by the name of the process, to resume and to train in", async () => {
    const folder = await stopped();
    // The parent of this process is there as long as this one is.
    writeFileSync(join(folder, ".lock"), await lock(process.ppid));
    const before = contentsOf(folder);
    const { message } = await goOn(folder);
    expect(message).toMatch(
      new RegExp(
        `${folder}: expected a run folder that nobody is writing, but process ${process.ppid} on ${hostname()} since .* is.`,
      ),
    );
    expect(message).toContain(`delete ${join(folder, ".lock")}`);
    expect(contentsOf(folder)).toEqual(before);
    for (const name of readdirSync(folder))
      if (name !== ".lock") rmSync(join(folder, name), { recursive: true });
    const { createEngine } = fakeEngine();
    await expect(train({ ...small, out: folder }, { createEngine })).rejects.toThrow(
      `but process ${process.ppid} on`,
    );
    expect(readdirSync(folder)).toEqual([".lock"]);
  });

  test("is taken over from one that is dead", async () => {
    const folder = await stopped();
    writeFileSync(join(folder, ".lock"), await lock(dead()));
    expect((await goOn(folder)).outcome).toMatchObject({ summary: { status: "done" } });
    expect(existsSync(join(folder, ".lock"))).toBe(false);
  });

  test("is one run's at a time in this process too", async () => {
    const folder = await stopped();
    // The one that goes on does so when the other has been refused: else it might be done before the other looks.
    let refuse = () => {};
    const isRefused = new Promise<void>((resolve) => {
      refuse = resolve;
    });
    const createEngine: EngineFactory = async (setup) => {
      await isRefused;
      return fakeEngine(losses).createEngine(setup);
    };
    const start = async () => {
      const result = await goOn(folder, {}, { createEngine });
      if (result.outcome instanceof Error) refuse();
      return result;
    };
    const results = await Promise.all([start(), start()]);
    const refused = results.filter(({ outcome }) => outcome instanceof Error);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.message).toContain(`process ${process.pid}`);
    expect(metricsOf(folder)).toBe(metricsOf(await undisturbed()));
  });

  test("cannot be taken by two that start in it together", async () => {
    const out = fresh();
    const start = () =>
      train({ ...small, out }, { createEngine: fakeEngine(losses).createEngine }).catch(
        (error: Error) => error,
      );
    const [one, two] = await Promise.all([start(), start()]);
    expect([one, two].filter((outcome) => outcome instanceof BioflaxError)).toHaveLength(1);
    expect(metricsOf(out)).toBe(metricsOf(await undisturbed()));
  });
});

describe("a folder that is lost in mid-run", () => {
  /** Trains with something done to the folder in the second epoch. */
  async function trainedUntil(spoil: (folder: string) => unknown) {
    const out = fresh();
    const { createEngine } = fakeEngine({
      onStep: (epoch, step) => {
        if (epoch === 2 && step === 3) spoil(out);
      },
    });
    return { out, trained: train({ ...small, out }, { createEngine }) };
  }

  test("as it was removed ends the run at the next write, and is not made anew", async () => {
    const { out, trained } = await trainedUntil((folder) => rmSync(folder, { recursive: true }));
    await expect(trained).rejects.toThrow(
      `${out}: expected to be able to write it, but the folder is gone. Was it moved or deleted during the run?`,
    );
    expect(existsSync(out)).toBe(false);
  });

  test("as another has taken it over, while this process was stopped, is left to that one", async () => {
    let theirs: unknown;
    const text = await lock(dead());
    const { out, trained } = await trainedUntil((folder) => {
      writeFileSync(join(folder, ".lock"), text);
      theirs = contentsOf(folder);
    });
    await expect(trained).rejects.toThrow(
      `${out}: expected to be the only one that writes it, but process`,
    );
    expect(contentsOf(out)).toEqual(theirs);
  });

  test("as its lock was removed, which may let another in, is not written any more", async () => {
    const { out, trained } = await trainedUntil((folder) => rmSync(join(folder, ".lock")));
    await expect(trained).rejects.toThrow(`expected ${join(out, ".lock")} to be there`);
    expect((await goOn(out)).outcome).toMatchObject({ summary: { status: "done" } });
    expect(metricsOf(out)).toBe(metricsOf(await undisturbed()));
  });
});

describe("on another machine", () => {
  const another: EngineFactory = async (setup) => {
    const engine = await fakeEngine(losses).createEngine(setup);
    return { ...engine, device: "other", threads: 8, versions: { fake: "2.0.0" } };
  };

  test("what may change the last bits is told", async () => {
    const { notices } = await goOn(
      await stopped(),
      { device: "webgpu" },
      { createEngine: another },
    );
    expect(notices[0]).toContain(
      "the numbers may differ in their last bits from those of an undisturbed run: before it was device fake, now other; threads 3, now 8; fake 1.2.3, now 2.0.0",
    );
  });
});

test("TensorBoard's event files go on where the run does", async () => {
  const folder = await stopped({ tensorboard: true });
  await goOn(folder);
  const steps = readEventFiles(join(folder, "tensorboard")).map((events) =>
    events.flatMap(({ values }) =>
      values.filter(({ tag }) => tag === "loss/test").map(({ step }) => step),
    ),
  );
  expect(steps).toEqual([[1, 2], [3]]);
});
