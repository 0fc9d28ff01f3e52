import { describe, expect, test } from "@jest/globals";
import { BioflaxError } from "../errors";
import { sizeOf } from "../ops/shapes";
import { initializeWeights, type Weights } from "./initialize";
import { checkSnapshot, slotNames } from "./snapshot";
import { createTrainable } from "./training-step";

/** A training under a rule and an optimizer, and a snapshot of it. */
function trainingOf(rule: string, optimizer: object) {
  const trainable = createTrainable({
    spec: {
      inputShape: [3],
      rule: rule as "kp",
      layers: [
        { type: "dense", units: 2 },
        { type: "dense", units: 2 },
      ],
    },
    loss: "meanSquaredError",
    optimizer: { name: "sgd", learningRate: 0.1, ...optimizer },
  });
  const slots: Weights = Object.fromEntries(
    trainable.network.parameters.flatMap((info) =>
      slotNames(info, trainable.optimizer).map((name) => [
        name,
        new Float32Array(sizeOf(info.shape)),
      ]),
    ),
  );
  return { trainable, snapshot: { weights: initializeWeights(trainable.network, 0), slots } };
}

const { trainable, snapshot } = trainingOf("kp", { momentum: 0.9 });
const check = (slots: Weights | undefined, stepsTaken = 0) =>
  checkSnapshot("Engine", trainable, { ...snapshot, slots, stepsTaken });

describe("what training goes on from", () => {
  test("may have no slots, the optimizer's, and what engines remember besides", () => {
    expect(() => check(undefined)).not.toThrow();
    expect(() => check(snapshot.slots)).not.toThrow();
    expect(() =>
      check({
        ...snapshot.slots,
        "layers.1.feedback/difference": new Float32Array(4),
        "layers.1.feedback/remaining": new Float32Array(1),
      }),
    ).not.toThrow();
    const f3 = trainingOf("f3", {});
    expect(() =>
      checkSnapshot("Engine", f3.trainable, {
        ...f3.snapshot,
        slots: { delayedErrors: new Float32Array(6) },
      }),
    ).not.toThrow();
  });

  test.each<[string, Weights, string]>([
    [
      "a misspelt slot",
      { "layers.0.kernel/momentun": new Float32Array(6) },
      'Engine: unknown slot "layers.0.kernel/momentun". Of this weight this network and its optimizer have "layers.0.kernel/momentum": go on from a snapshot of the same.',
    ],
    [
      "another optimizer's",
      { "layers.0.kernel/squares": new Float32Array(6) },
      'Engine: unknown slot "layers.0.kernel/squares". Of this weight',
    ],
    [
      "another rule's",
      { delayedErrors: new Float32Array(2) },
      'Engine: unknown slot "delayedErrors". In all this network and its optimizer have "layers.0.feedback/difference", "layers.0.feedback/remaining", ' +
        '"layers.1.feedback/difference", "layers.1.feedback/remaining", "layers.0.kernel/momentum", "layers.0.bias/momentum", …: go on from a snapshot of the same.',
    ],
    [
      "a slot of another size",
      { "layers.1.kernel/momentum": new Float32Array(3) },
      'Engine: expected the slot "layers.1.kernel/momentum" to hold [2, 2] = 4 numbers, received 3.',
    ],
    [
      "a difference of another size",
      { "layers.1.feedback/difference": new Float32Array(3) },
      'Engine: expected the slot "layers.1.feedback/difference" to hold [2, 2] = 4 numbers, received 3.',
    ],
  ])("does not have %s", (_name, more, text) => {
    expect(() => check({ ...snapshot.slots, ...more })).toThrow(BioflaxError);
    expect(() => check({ ...snapshot.slots, ...more })).toThrow(text);
  });

  test("has all slots where it has any, and whole steps", () => {
    expect(() => check({})).toThrow(
      'Engine: expected the slot "layers.0.kernel/momentum" to hold [3, 2] = 6 numbers, received none.',
    );
    const plain = trainingOf("bp", {});
    expect(() =>
      checkSnapshot("Engine", plain.trainable, { ...plain.snapshot, slots: snapshot.slots }),
    ).toThrow(
      "In all this network and its optimizer have none: go on from a snapshot of the same.",
    );
    for (const steps of [-1, 0.5, Number.NaN])
      expect(() => check(undefined, steps)).toThrow(
        `Engine: expected stepsTaken to be a whole number from 0, received ${steps}.`,
      );
  });
});
