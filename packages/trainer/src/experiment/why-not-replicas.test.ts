import { describe, expect, test } from "@jest/globals";
import type { ConfigInput } from "../config/schema";
import { validateConfig } from "../resolve/resolve";
import { whyNotReplicas } from "./why-not-replicas";

const why = (one: ConfigInput, other: ConfigInput) =>
  whyNotReplicas(validateConfig(one), validateConfig(other));

describe("runs can be replicas", () => {
  test.each<[string, ConfigInput, ConfigInput]>([
    ["of other seeds and places", { seed: 1, out: "a" }, { seed: 2, out: "b", plot: true }],
    ["of other rates", { lr: 0.1 }, { lr: 0.2, weightDecay: 0.1 }],
    ["of other momenta", { momentum: 0.9 }, { momentum: 0.5 }],
    ["of other scales", { scaleB: 2, scaleW: 3 }, {}],
    ["of other magnitudes of signs", { mode: "usf", scaleB: 2 }, { mode: "usf" }],
    ["of other norms", { clipNorm: 0.1 }, { clipNorm: 0.2 }],
    ["of other lengths and schedules", { epochs: 3, schedule: "cosine" }, { epochs: 5 }],
    ["of other initializers", { initializer: "glorotNormal" }, { feedbackInitializer: "heNormal" }],
    ["of images", { model: "lenet5", lr: 0.1 }, { model: "lenet5", seed: 5 }],
    ["of other noise", { dropout: 0.1 }, { dropout: 0.2 }],
  ])("%s", (_what, one, other) => {
    expect(why(one, other)).toBeUndefined();
    expect(why(other, one)).toBeUndefined();
  });
});

describe("runs cannot be replicas, by name", () => {
  test.each<[ConfigInput, ConfigInput, string]>([
    [{ mode: "fa" }, { mode: "dfa", lr: 0.3 }, '--mode ("fa" and "dfa")'],
    [
      { hiddenLayers: [500, 500] },
      { hiddenLayers: [500, 400] },
      "--hidden-layers ([500,500] and [500,400])",
    ],
    [{ batchSize: 32 }, { batchSize: 64, seed: 1 }, "--batch-size (32 and 64)"],
    [{ momentum: 0 }, { momentum: 0.9 }, "--momentum (0 and 0.9)"],
    [{ dataset: "mnist" }, { dataset: "fashion-mnist" }, '--dataset ("mnist" and "fashion-mnist")'],
    [{}, { threads: 1 }, "--threads (none and 1)"],
    [
      { optimizer: "sgd" },
      { optimizer: "adam", mode: "kp" },
      '--mode ("fa" and "kp"), --optimizer ("sgd" and "adam")',
    ],
  ])("%j and %j", (one, other, message) => {
    expect(why(one, other)).toBe(
      `Replicas: expected runs that differ in nothing but numbers and seeds, received others of ${message}`,
    );
  });
});
