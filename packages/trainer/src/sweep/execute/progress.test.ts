import { expect, test } from "@jest/globals";
import { readSweep } from "../plan/read-sweep";
import { SweepProgress } from "./progress";

const runsOf = async () =>
  (
    await readSweep({
      base: { dataset: "sinreg", epochs: 4 },
      product: { lr: [0.1, 0.2, 0.3, 0.4] },
    })
  ).runs;

test("the time left is that of the epochs that are left, so many runs at a time", async () => {
  const runs = await runsOf();
  let now = 0;
  const progress = new SweepProgress(runs, 2, undefined, () => now);
  const [one, two, three] = runs;
  expect(progress.secondsLeft).toBeUndefined();
  progress.started(one!);
  progress.started(two!);
  now = 8000;
  progress.progress(two!, 0.02);
  progress.ended(one!, { kind: "done" });
  // 2 s an epoch: 11.92 epochs of three runs, two at a time.
  expect(progress.secondsLeft).toBeCloseTo((2 * (4 * 0.98 + 8)) / 2);
  expect(progress.share).toBeCloseTo((1 + 0.02) / 4);
  progress.ended(two!, { kind: "diverged" });
  progress.started(three!);
  expect(progress.counts).toMatchObject({
    all: 4,
    ended: 2,
    done: 1,
    diverged: 1,
    running: 1,
    failed: 0,
  });
  expect(progress.secondsLeft).toBeCloseTo(8);
});

test("a run that goes on counts for what it does now, and one that had ended for nothing", async () => {
  const runs = await runsOf();
  let now = 0;
  const progress = new SweepProgress(runs, 1, undefined, () => now);
  progress.ended(runs[0]!, { kind: "done", earlier: true });
  expect(progress.secondsLeft).toBeUndefined();
  progress.started(runs[1]!);
  progress.progress(runs[1]!, 0.5);
  now = 6000;
  progress.progress(runs[1]!, 1);
  progress.ended(runs[1]!, { kind: "done" });
  // 2 epochs in 6 s, 8 are left.
  expect(progress.secondsLeft).toBeCloseTo(24);
});

test("what replicas take is shared out among them", async () => {
  const runs = await runsOf();
  let now = 0;
  const progress = new SweepProgress(runs, 1, undefined, () => now);
  for (const run of runs.slice(0, 2)) progress.started(run, 2);
  now = 8000;
  for (const run of runs.slice(0, 2)) progress.progress(run, 0.5);
  // 4 epochs in 8 s, 12 are left.
  expect(progress.secondsLeft).toBeCloseTo(24);
  for (const run of runs.slice(0, 2)) progress.ended(run, { kind: "done" });
  expect(progress.secondsLeft).toBeCloseTo(8);
});
