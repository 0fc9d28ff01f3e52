import {
  BioflaxError,
  createTrainable,
  initializeWeights,
  type RuleName,
  slotNames,
} from "@bioflax/core";
import { decodeWeights, encodeSafetensors, readSafetensors } from "@bioflax/runs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, snapshotOf } from "./checkpoint";

const FILE = "run/checkpoints/last.safetensors";

function trainable(units: number, optimizer: "adam" | "sgd" = "adam", rule: RuleName = "kp") {
  return createTrainable({
    spec: {
      inputShape: [2],
      rule,
      layers: [
        { type: "dense", units, activation: "tanh" },
        { type: "dense", units: 2 },
      ],
    },
    loss: "meanSquaredError",
    optimizer: { name: optimizer, learningRate: 0.1 },
  });
}
const of = trainable(3);

/** A checkpoint in the middle of an epoch, with numbers of every kind in it. */
function checkpoint(): Checkpoint {
  const weights = initializeWeights(of.network, 1);
  const slots = of.network.parameters.flatMap((info) =>
    slotNames(info, of.optimizer).map(
      (name) => [name, weights[info.name]!.map((x) => x * 1e-40)] as const,
    ),
  );
  const [, values] = slots[0]!;
  values[0] = Number.NaN;
  // A NaN that is not the one JavaScript writes.
  new Uint32Array(values.buffer)[1] = 0xffc12345;
  return {
    snapshot: { weights, slots: Object.fromEntries(slots), stepsTaken: 12 },
    content: {
      config: { lr: 0.1, hiddenLayers: [3] },
      made: { engine: "compiled", device: "cpu", threads: 2, versions: { bioflax: "1.2.3" } },
      data: "d1",
      progress: {
        epochs: 2,
        metricsBytes: 345,
        partial: {
          examples: 64,
          lossTotal: 0.1 + 0.2,
          alignment: [{ gradient: 0.3 }, { gradient: Number.NaN, norm: Number.POSITIVE_INFINITY }],
          trainSeconds: 0.5,
        },
        elapsed: { trainSeconds: 1.5, examples: 320, totalSeconds: 2 },
      },
    },
  };
}
const whole = encodeCheckpoint(of, checkpoint());

const bits = (weights: Readonly<Record<string, Float32Array>>) =>
  Object.entries(weights).map(
    ([name, { buffer }]) => `${name} ${Buffer.from(buffer).toString("hex")}`,
  );

describe("a checkpoint", () => {
  test("gives back what was put in, to the bit", () => {
    const { snapshot, content } = checkpoint();
    const read = decodeCheckpoint(whole, FILE);
    expect(read.content).toEqual({ ...content, stepsTaken: 12 });
    const back = snapshotOf(read, of);
    expect(back.stepsTaken).toBe(12);
    expect(bits(back.weights)).toEqual(bits(snapshot.weights));
    expect(bits(back.slots)).toEqual(bits(snapshot.slots));
  });

  test("keeps the errors of examples, as many as there are, where a rule needs them", () => {
    const { snapshot, content } = checkpoint();
    const delayed = trainable(3, "adam", "f3");
    const delayedErrors = Float32Array.of(Number.NaN, Number.NaN, 0.1, -0.1);
    const weights = initializeWeights(delayed.network, 1);
    const slots = { ...snapshot.slots, delayedErrors };
    const encode = (of: typeof delayed, more: typeof slots) =>
      encodeCheckpoint(of, { snapshot: { ...snapshot, weights, slots: more }, content });
    const read = decodeCheckpoint(encode(delayed, slots), FILE);
    expect(read.tensors.delayedErrors?.shape).toEqual([2, 2]);
    expect(bits({ delayedErrors: snapshotOf(read, delayed).slots.delayedErrors! })).toEqual(
      bits({ delayedErrors }),
    );
    // Its weights alone, as --init and evaluate --weights read them, under another rule of the same weights, too.
    for (const { network } of [delayed, trainable(3, "adam", "dfa")])
      expect(bits(decodeWeights(encode(delayed, slots), FILE, network))).toEqual(bits(weights));
    // Before the first step there are none.
    const { delayedErrors: _none, ...without } = slots;
    const first = snapshotOf(
      decodeCheckpoint(encode(delayed, without as typeof slots), FILE),
      delayed,
    );
    expect(first.slots).not.toHaveProperty("delayedErrors");
    expect(() => snapshotOf(read, trainable(3, "adam", "dfa"))).toThrow("unknown: delayedErrors");
  });

  test("keeps what an engine remembers of feedback weights beside their slots, and is read without", () => {
    const { snapshot, content } = checkpoint();
    const differences = {
      "layers.1.feedback/difference": Float32Array.from({ length: 6 }, (_, i) => i / 7),
      "layers.1.feedback/remaining": Float32Array.of(0.9),
    };
    const slots = {
      ...snapshot.slots,
      ...differences,
      "layers.9.feedback/difference": new Float32Array(2),
    };
    const bytes = encodeCheckpoint(of, { snapshot: { ...snapshot, slots }, content });
    const back = snapshotOf(decodeCheckpoint(bytes, FILE), of);
    expect(bits(back.slots)).toEqual(bits({ ...snapshot.slots, ...differences }));
    expect(Object.keys(snapshotOf(decodeCheckpoint(whole, FILE), of).slots)).toEqual(
      Object.keys(snapshot.slots),
    );
  });

  test.each([
    ["another network's", trainable(4), "shape: layers.0.kernel is [2, 3], expected [2, 4]"],
    ["another optimizer's", trainable(3, "sgd"), "unknown: layers.0.kernel/mean"],
  ])("%s is refused, naming every tensor", (_name, other, problem) => {
    const refused = () => snapshotOf(decodeCheckpoint(whole, FILE), other);
    expect(refused).toThrow(BioflaxError);
    expect(refused).toThrow(`${FILE}: expected a checkpoint of this run's network and optimizer`);
    expect(refused).toThrow(problem);
  });

  test("of another format is refused, and so is a file of weights", () => {
    const { tensors, metadata } = readSafetensors(whole, FILE);
    const later = encodeSafetensors(tensors, {
      ...(metadata as Record<string, string>),
      version: "2",
    });
    expect(() => decodeCheckpoint(later, FILE)).toThrow(
      `${FILE}: expected a checkpoint of format 1, received one of format "2". Resume it with the release`,
    );
    expect(() => decodeCheckpoint(encodeSafetensors(tensors, {}), FILE)).toThrow(
      `${FILE}: expected a checkpoint of bioflax, received a file of other tensors.`,
    );
  });

  test("cut off anywhere is refused by name", () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeCheckpoint(whole.subarray(0, length), FILE)).toThrow(
        expect.objectContaining({
          name: "BioflaxError",
          message: expect.stringContaining(FILE),
        }),
      );
    }
  });

  test("with any bit flipped says the same or is refused: nothing else comes of it", () => {
    const expected = JSON.stringify(decodeCheckpoint(whole, FILE).content);
    const values = bits(snapshotOf(decodeCheckpoint(whole, FILE), of).weights).join();
    let refused = 0;
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const bytes = Uint8Array.from(whole);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      try {
        const read = decodeCheckpoint(bytes, FILE);
        expect(JSON.stringify(read.content)).toBe(expected);
        expect(bits(snapshotOf(read, of).weights).join()).toBe(values);
      } catch (error) {
        expect(error).toBeInstanceOf(BioflaxError);
        refused++;
      }
    }
    // Spaces that pad the header may become others.
    expect(refused).toBeGreaterThan(whole.length * 7.9);
  });

  test("cut, joined, overwritten and swapped about is refused or the same", () => {
    const position = fc.nat(whole.length);
    const mutation = fc.oneof(
      fc.tuple(
        fc.constant("set" as const),
        position,
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
      ),
      fc.tuple(
        fc.constant("insert" as const),
        position,
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
      ),
      fc.tuple(fc.constant("remove" as const), position, fc.integer({ min: 1, max: 400 })),
      fc.tuple(fc.constant("copy" as const), position, position),
      fc.tuple(fc.constant("digit" as const), fc.nat(), fc.nat(9)),
    );
    const apply = (
      bytes: Buffer,
      [kind, at, what]: typeof mutation extends fc.Arbitrary<infer M> ? M : never,
    ): Buffer => {
      if (kind === "set") {
        const set = Buffer.from(bytes);
        set.set(what.subarray(0, Math.max(0, set.length - at)), Math.min(at, set.length));
        return set;
      }
      if (kind === "insert")
        return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
      if (kind === "remove")
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + what)]);
      if (kind === "copy") return Buffer.concat([bytes.subarray(0, at), bytes.subarray(what)]);
      // The likeliest to be taken for right: another number in the header.
      const digits = [...bytes.toString("latin1").matchAll(/\d/g)];
      const copy = Buffer.from(bytes);
      if (digits.length > 0) copy.write(String(what), digits[at % digits.length]!.index, "latin1");
      return copy;
    };
    const expected = decodeCheckpoint(whole, FILE);
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const bytes = mutations.reduce(apply, Buffer.from(whole));
        try {
          const read = decodeCheckpoint(bytes, FILE);
          expect(read.content).toEqual(expected.content);
          expect(bits(snapshotOf(read, of).weights)).toEqual(
            bits(snapshotOf(expected, of).weights),
          );
        } catch (error) {
          expect(error).toBeInstanceOf(BioflaxError);
          expect((error as Error).message).toContain(FILE);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
