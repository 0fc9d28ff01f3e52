import { join } from "node:path";
import { validateConfig } from "@bioflax/trainer";
import { describe, expect, test } from "@jest/globals";
import { smallFiles } from "../../datasets/test/small-sets";
import { writeFolder } from "../../datasets/test/write-folder";
import { attackRuns } from "../src/attack/attack-runs";
import type { ConfigInput } from "../src/config/schema";
import { trainingLossOf } from "../src/experiment/training";
import { train } from "../src/run/train";
import { scratchFolder } from "./scratch";
import { enginesHere } from "./xla-plugin";

const folder = scratchFolder();
const dataDir = writeFolder(join(folder, "pixels"), smallFiles("idx"));
const adversarialEps = 0.05;

async function trained(name: string, config: ConfigInput) {
  const out = join(folder, name);
  const network = { hiddenLayers: [20], activations: ["tanh"] };
  const data = { dataset: "idx", dataDir, batchSize: 8, lr: 0.1, epochs: 4, valSplit: 0 } as const;
  return train({
    ...data,
    ...network,
    computeAlignments: true,
    alignmentBatches: 2,
    out,
    ...config,
  });
}

describe.each(["bp", "dfa", "kp"] as const)("adversarial training under %s", (mode) => {
  test("comes to the same numbers in every engine, and to others than training as it is", async () => {
    const losses: number[] = [];
    for (const engine of enginesHere) {
      const { summary } = await trained(`${mode}-${engine}`, { mode, engine, adversarialEps });
      losses.push(summary.train?.loss as number);
    }
    const plain = await trained(`${mode}-plain`, { mode });
    for (const loss of losses) expect(loss / (losses[0] as number)).toBeCloseTo(1, 3);
    // Examples that are moved up the loss are harder.
    expect(losses[0]).toBeGreaterThan(1.05 * (plain.summary.train?.loss as number));
  });

  test("a network that learnt so stands an attack better", async () => {
    const options = { method: "pgd", eps: [0.1], steps: 10 } as const;
    const runs = [join(folder, `${mode}-compiled`), join(folder, `${mode}-plain`)];
    const [adversarial, plain] = await attackRuns(runs, options);
    const share = (result: typeof plain) => result?.accuracy[0]?.accuracy as number;
    expect(share(adversarial)).toBeGreaterThanOrEqual(share(plain));
  });
});

test("its ε is in parts of the range from black to white, whatever pixels are normalised to", () => {
  const config = validateConfig({ adversarialEps: 0.08, labelSmoothing: 0.1 });
  expect(trainingLossOf(config, { normalization: { standardDeviation: 0.25 } })).toEqual({
    name: "softmaxCrossEntropy",
    labelSmoothing: 0.1,
    adversarialEps: 0.32,
  });
  expect(trainingLossOf(config, {})).toMatchObject({ adversarialEps: 0.08 });
});
