import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { fakeEngine } from "../../test/fake-engine";
import { scratchFolder } from "../../test/scratch";
import { train } from "../run/train";
import { runYielding } from "./yielding";

const scratch = scratchFolder();

function* busy(yields: number) {
  for (let i = 0; i < yields; i++) {
    const start = performance.now();
    while (performance.now() - start < 10);
    yield;
  }
  return "done";
}

test("long work lets other work in, and gives what it comes to", async () => {
  let others = 0;
  const timer = setInterval(() => others++, 1);
  await expect(runYielding(busy(30), undefined)).resolves.toBe("done");
  clearInterval(timer);
  expect(others).toBeGreaterThan(0);
});

test("long work ends with the signal's reason when that comes meanwhile", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("enough")), 1);
  await expect(runYielding(busy(1e9), stop.signal)).rejects.toThrow("enough");
});

// Reported: SIGTERM was heard 37 s late while the weights of a layer of 15000 x 15000 were drawn.
test("a run is stopped while its weights are drawn, and leaves nothing", async () => {
  const out = join(scratch, "run");
  const stop = new AbortController();
  const { createEngine, setups } = fakeEngine();
  setTimeout(() => stop.abort(new Error("enough")), 300);
  const run = train(
    { dataset: "sinreg", hiddenLayers: [9000, 9000], activations: ["relu", "relu"], out },
    { createEngine, signal: stop.signal },
  );
  await expect(run).rejects.toThrow("enough");
  expect(setups).toEqual([]);
  expect(existsSync(out)).toBe(false);
});
