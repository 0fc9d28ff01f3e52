import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeSafetensors, encodeSafetensors } from "@bioflax/runs";
import { describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import type { ConfigInput } from "../config/schema";
import { resume } from "../run/resume";
import { train } from "../run/train";

const scratch = scratchFolder();
let runs = 0;
const settings: ConfigInput = {
  dataset: "blobs",
  trainSetSize: 60,
  testSetSize: 12,
  hiddenLayers: [6],
  activations: ["relu"],
  epochs: 2,
  threads: 1,
};

/** Trains, and what was warned of meanwhile. */
async function warned(config: ConfigInput) {
  const out = join(scratch, String(runs++));
  const said: string[] = [];
  const reporter = { warning: (text: string) => said.push(text) };
  const { summary } = await train({ ...settings, ...config, out }, { reporter });
  const stored = JSON.parse(readFileSync(join(out, "summary.json"), "utf8"));
  expect(stored.warnings ?? []).toEqual(said);
  expect(summary.status).toBe("done");
  return { out, said };
}

const engines = ["compiled", "eager"] as const;
const deviceOf = (engine: (typeof engines)[number]) =>
  engine === "eager" ? { device: "cpu" } : {};

describe.each(engines)("what is legal and surely not meant is said: %s", (engine) => {
  const on = (config: ConfigInput) => warned({ engine, ...deviceOf(engine), ...config });

  test("an output activation that the loss takes itself", async () => {
    for (const [outputActivation, loss] of [
      ["softmax", "softmaxCrossEntropy"],
      ["sigmoid", "sigmoidCrossEntropy"],
    ] as const) {
      const { said } = await on({ outputActivation, loss });
      expect(said).toEqual([
        `--output-activation ${outputActivation}: the loss ${loss} takes logits, of which it takes the ${outputActivation} itself. With both, errors are far ` +
          "too small and outputs no probabilities of the loss's. Leave --output-activation out.",
      ]);
    }
    expect((await on({ outputActivation: "sigmoid", loss: "softmaxCrossEntropy" })).said).toEqual(
      [],
    );
    expect((await on({})).said).toEqual([]);
  });

  // Reported: softmax of the one output of moons, and under the sigmoid loss of discs, went unsaid.
  test("an output activation that normalizes, of a single output or under another loss on logits", async () => {
    const single =
      "--output-activation softmax: a single output is then 1 whatever the input, so that nothing can be learned. Leave --output-activation out.";
    expect((await on({ dataset: "moons", outputActivation: "softmax" })).said).toEqual([single]);
    const sinreg = { dataset: "sinreg", trainSetSize: 2, testSetSize: 1 } as const;
    expect((await on({ ...sinreg, outputActivation: "softmax" })).said).toEqual([single]);
    expect((await on({ dataset: "discs", outputActivation: "softmax" })).said).toEqual([
      "--output-activation softmax: the loss sigmoidCrossEntropy takes logits, of which it takes the sigmoid itself; outputs that lie " +
        "between 0 and 1 and sum to 1 are none, and what the sigmoid makes of them are no probabilities of the loss's. Leave --output-activation out.",
    ]);
    // The squares of errors are of outputs as they are.
    expect((await on({ dataset: "teacher", outputActivation: "softmax" })).said).toEqual([]);
  });

  test("kernels that start at 0, where no gradient leads away from it", async () => {
    const why =
      "nothing can learn: --scale-w 0 has the kernels start at 0, and from there the gradient of every kernel is 0, at this step and so at all that follow. " +
      "Use a --scale-w above 0, or other --activations.";
    expect((await on({ scaleW: 0, mode: "fa" })).said).toEqual([why]);
    expect((await on({ scaleW: 0, mode: "bp", activations: ["tanh"] })).said).toEqual([why]);
    expect((await on({ initializer: "zeros", mode: "bp", activations: ["tanh"] })).said).toEqual([
      why
        .replace("--scale-w 0", "--initializer zeros")
        .replace("a --scale-w above 0", "another --initializer"),
    ]);
    expect((await on({ initializer: "zeros", mode: "dfa", activations: ["tanh"] })).said).toEqual(
      [],
    );
    // Here the error comes through feedback weights, and tanh lets it pass.
    expect((await on({ scaleW: 0, mode: "fa", activations: ["tanh"] })).said).toEqual([]);
  });

  test("a loss that ends a thousand times above where it began", async () => {
    const { said, out } = await on({ lr: 400, plot: true, mode: "fa", epochs: 1 });
    expect(said).toEqual([
      expect.stringMatching(
        /^the training loss ends at \S+, \S+ times where it began, at \S+: the run has gone astray, and its results are no results\. Try a lower --lr/,
      ),
    ]);
    const page = readFileSync(join(out, "report.html"), "utf8");
    expect(page).toContain("the run has gone astray, and its results are no results");
  });
});

test("weights of a file that are 0 are told by the file", async () => {
  const { out } = await warned({});
  const file = join(scratch, "zeros.safetensors");
  const trained = decodeSafetensors(readFileSync(join(out, "final.safetensors")), "final");
  const zeros = Object.entries(trained).map(([name, tensor]) => [
    name,
    { ...tensor, values: tensor.values.map(() => 0) },
  ]);
  writeFileSync(file, encodeSafetensors(Object.fromEntries(zeros)));
  const { said } = await warned({ init: file });
  expect(said).toEqual([
    `nothing can learn: the weights of --init ${file} are 0 in 2 of 2 kernels, and from there the gradient of every kernel is 0, at this step and so at all that ` +
      "follow. Start from other weights, or other --activations.",
  ]);
});

test("a run that is stopped and resumed knows where its loss began", async () => {
  const out = join(scratch, String(runs++));
  const config = { ...settings, lr: 400, mode: "fa", epochs: 2, out, trainSetSize: 64 } as const;
  const stop = new AbortController();
  const reporter = { epochFinished: () => stop.abort() };
  const first = await train(config, { reporter, signal: stop.signal });
  expect(first.summary.status).toBe("interrupted");
  const said: string[] = [];
  await resume(out, { reporter: { warning: (text) => said.push(text) } });
  expect(said.some((text) => text.includes("gone astray"))).toBe(true);
});
