import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BioflaxError,
  createNetwork,
  initializeWeights,
  type Network,
  type Weights,
} from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import odd from "../../test/odd-safetensors.json";
import { scratchFolder } from "../../test/scratch";
import { readInitialWeights } from "../folder/initial-weights";
import { readWeights } from "../folder/read-weights";
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  type StoredTensors,
} from "./format";
import { encodeWeights } from "./weights";

const folder = scratchFolder();

/** A file as its header and data, what Python's reader makes of it, and why ours is stricter where it is. */
interface OddFile {
  readonly name: string;
  readonly header: string;
  readonly data: string;
  readonly python: Readonly<Record<string, unknown>> | null;
  readonly bioflax?: string;
}
const digests: Readonly<Record<string, string>> = odd.digests;
const oddFiles = odd.files as unknown as readonly OddFile[];

/** A file from a header and data, right or wrong. */
function fileOf(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

/** Weights with each number of another type; BF16 is cut. */
function inOtherType(weights: Weights, network: Network, dtype: string): Uint8Array {
  const parts: Buffer[] = [];
  let at = 0;
  const entries = network.parameters.map(({ name, shape }) => {
    const values = weights[name] as Float32Array;
    const bits = new Uint32Array(values.slice().buffer);
    const data = Buffer.alloc(values.length * (dtype === "F64" ? 8 : 2));
    values.forEach((value, i) => {
      const number = bits[i] as number;
      if (dtype === "F64") data.writeDoubleLE(value, 8 * i);
      if (dtype === "BF16") data.writeUInt16LE(number >>> 16, 2 * i);
      if (dtype === "F16") data.writeUInt16LE(halfOf(value), 2 * i);
    });
    parts.push(data);
    at += data.length;
    return [name, { dtype, shape, data_offsets: [at - data.length, at] }];
  });
  return fileOf(JSON.stringify(Object.fromEntries(entries)), Buffer.concat(parts));
}

/** The bits of the nearest binary16, found by trying. */
function halfOf(value: number): number {
  const size = (bits: number) =>
    bits < 1024
      ? bits * 2 ** -24
      : (1 + (bits % 1024) / 1024) * 2 ** (Math.floor(bits / 1024) - 15);
  let best = 0;
  for (let bits = 0; bits < 0x7c00; bits++)
    if (Math.abs(size(bits) - Math.abs(value)) < Math.abs(size(best) - Math.abs(value)))
      best = bits;
  return best | (value < 0 ? 0x8000 : 0);
}

const entry = (shape: unknown, offsets: unknown, dtype = "F32") =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

const tensorsArbitrary: fc.Arbitrary<StoredTensors> = fc
  .uniqueArray(
    fc.tuple(
      fc.string().filter((name) => name !== "__metadata__"),
      fc.array(fc.nat(3), { maxLength: 3 }),
    ),
    { selector: ([name]) => name, maxLength: 4 },
  )
  .chain((shapes) =>
    fc.tuple(
      ...shapes.map(([name, shape]) => {
        const size = shape.reduce((a, b) => a * b, 1);
        return fc
          .float32Array({ minLength: size, maxLength: size })
          .map((values) => [name, { shape, values }] as const);
      }),
    ),
  )
  .map((entries) => Object.fromEntries(entries));

describe("the format", () => {
  test("gives back what was put in, to the bit", () => {
    fc.assert(
      fc.property(tensorsArbitrary, (tensors) => {
        expect(decodeSafetensors(encodeSafetensors(tensors, { by: "test" }), "x")).toEqual(tensors);
      }),
      { numRuns: 500 },
    );
  });

  test("reads from anywhere in a buffer", () => {
    const bytes = encodeSafetensors({ a: { shape: [2], values: Float32Array.of(1, 2) } });
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(decodeSafetensors(shifted, "x").a?.values).toEqual(Float32Array.of(1, 2));
  });

  test.each(["a", "ab", "abc", "abcdefgh"])(
    "starts the data at a multiple of 8, after spaces: %s",
    (name) => {
      const bytes = Buffer.from(
        encodeSafetensors({ [name]: { shape: [1], values: Float32Array.of(1.5) } }),
      );
      const length = Number(bytes.readBigUInt64LE());
      const header = bytes.subarray(8, 8 + length).toString();
      expect(length % 8).toBe(0);
      expect(header.trimEnd()).toBe(
        `{"__metadata__":{},"${name}":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`,
      );
      expect(bytes.readFloatLE(8 + length)).toBe(1.5);
      expect(bytes.length).toBe(8 + length + 4);
    },
  );

  test.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "expected at least 8 bytes, received 0"],
    [
      "a header beyond the end",
      fileOf("{}").subarray(0, 9),
      "the header claims 2 bytes, but the file has 9",
    ],
    ["an absurd header", Buffer.alloc(16, 0xff), "the header claims"],
    ["no JSON", fileOf("{oops"), "the header is not JSON"],
    [
      "no text",
      Buffer.concat([fileOf("xx").subarray(0, 8), Buffer.of(0xc3, 0x28)]),
      "the header is not UTF-8 text",
    ],
    ["no object", fileOf("[1]"), "the header is not a JSON object"],
    [
      "a null tensor",
      fileOf('{"a":null}'),
      'tensor "a": expected its dtype, shape and data_offsets, received null',
    ],
    [
      "another dtype",
      fileOf(`{"a":${entry([1], [0, 4], "I32")}}`, new Uint8Array(4)),
      'tensor "a": expected floating-point numbers (dtype F32, F16, BF16, F64), received "I32"',
    ],
    // What the message shows of it was once the whole of it, more than a string or the stack can hold.
    [
      "one very long string",
      fileOf(`{"a":${entry([1], [0, 4], "x".repeat(1e7))}}`, new Uint8Array(4)),
      'tensor "a": expected floating-point numbers (dtype F32, F16, BF16, F64), received "xxx',
    ],
    [
      "one very long name",
      fileOf(`{"${"x".repeat(1e7)}":1}`),
      `tensor "${"x".repeat(56)}...: expected its dtype`,
    ],
    [
      "nested entries",
      fileOf(`{"a":{"dtype":${"[".repeat(1e5)}${"]".repeat(1e5)}}}`),
      "expected tensors, received lists nested more than 127 deep",
    ],
    [
      "entries nested a little",
      fileOf(`{"a":{"dtype":${"[".repeat(100)}${"]".repeat(100)}}}`),
      `received ${"[".repeat(57)}...`,
    ],
    [
      "what acts on a terminal",
      fileOf(String.raw`{"a\u001b[31m":{"dtype":"\u009b"}}`),
      String.raw`tensor "a\u001b[31m": expected floating-point numbers (dtype F32, F16, BF16, F64), received "\u009b". Save`,
    ],
    [
      "a negative size",
      fileOf(`{"a":${entry([-1], [0, 4])}}`),
      'tensor "a": expected a shape of whole numbers, received [-1]',
    ],
    [
      "one offset",
      fileOf(`{"a":${entry([1], [0])}}`),
      'tensor "a": expected two data_offsets, received [0]',
    ],
    [
      "a shape that does not fit",
      fileOf(`{"a":${entry([2], [0, 4])}}`, new Uint8Array(4)),
      'tensor "a": expected 8 bytes for shape [2] of F32, received 4',
    ],
    [
      "an overlap",
      fileOf(`{"a":${entry([1], [0, 4])},"b":${entry([1], [2, 6])}}`, new Uint8Array(6)),
      'tensor "b" starts at byte 2 of the data, expected 4',
    ],
    [
      "a gap",
      fileOf(`{"a":${entry([1], [4, 8])}}`, new Uint8Array(8)),
      'tensor "a" starts at byte 4 of the data, expected 0',
    ],
    [
      "data cut off",
      fileOf(`{"a":${entry([1], [0, 4])}}`, new Uint8Array(3)),
      "expected 4 bytes of data after the header, received 3",
    ],
    [
      "data left over",
      fileOf(`{"a":${entry([1], [0, 4])}}`, new Uint8Array(5)),
      "expected 4 bytes of data after the header, received 5",
    ],
    [
      "a name twice",
      fileOf(`{"a":${entry([1], [0, 4])},"a":${entry([1], [0, 4])}}`, new Uint8Array(4)),
      'tensor "a" is in the header more than once',
    ],
    [
      "a name twice, escaped",
      fileOf(`{"a":${entry([1], [0, 4])}, "\\u0061":${entry([1], [0, 4])}}`, new Uint8Array(4)),
      'tensor "a" is in the header more than once',
    ],
  ])("refuses %s", (_name, bytes, message) => {
    expect(() => decodeSafetensors(bytes, "w.safetensors")).toThrow(BioflaxError);
    expect(() => decodeSafetensors(bytes, "w.safetensors")).toThrow(`w.safetensors: `);
    expect(() => decodeSafetensors(bytes, "w.safetensors")).toThrow(message);
  });

  // `pnpm --filter @bioflax/trainer run check-safetensors` has Python's own reader say it again.
  test.each(oddFiles)("$name: as Python's reader has it, or stricter", (odd) => {
    const bytes = fileOf(odd.header, Buffer.from(odd.data, "hex"));
    if (odd.python === null || odd.bioflax !== undefined) {
      expect(() => decodeSafetensors(bytes, "x")).toThrow(BioflaxError);
      return;
    }
    const read = Object.entries(decodeSafetensors(bytes, "x"));
    expect(
      Object.fromEntries(
        read.map(([name, { shape, values }]) => [name, { shape, values: [...values] }]),
      ),
    ).toEqual(odd.python);
  });

  test.each(Object.entries(digests))(
    "every %s number is the float32 NumPy makes of it",
    (dtype, digest) => {
      const numbers = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
      const file = fileOf(
        `{"a":${entry([2 ** 16], [0, 2 ** 17], dtype)}}`,
        new Uint8Array(numbers.buffer),
      );
      const { values } = decodeSafetensors(file, "x").a as StoredTensor;
      const plain = values.map((value) => (Number.isNaN(value) ? Number.NaN : value));
      const hash = createHash("sha256").update(new Uint8Array(plain.buffer));
      expect(hash.digest("hex")).toBe(digest);
    },
  );

  test("a damaged file gives tensors of the right shape or a BioflaxError, never anything else", () => {
    let refused = 0;
    const damage = fc.record({
      tensors: tensorsArbitrary,
      place: fc.nat(),
      byte: fc.nat(255),
      cut: fc.option(fc.nat(), { freq: 3 }),
    });
    fc.assert(
      fc.property(damage, ({ tensors, place, byte, cut }) => {
        const bytes = Uint8Array.from(encodeSafetensors(tensors));
        bytes[place % bytes.length] = byte;
        try {
          const read = decodeSafetensors(
            cut === null ? bytes : bytes.subarray(0, cut % bytes.length),
            "x",
          );
          for (const { shape, values } of Object.values(read))
            expect(values).toHaveLength(shape.reduce((a, b) => a * b, 1));
        } catch (error) {
          if (!(error instanceof BioflaxError)) throw error;
          refused++;
        }
      }),
      { numRuns: 5000 },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  test("random bytes are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => decodeSafetensors(bytes, "x")).toThrow(BioflaxError);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a network's weights", () => {
  const networkOf = (rule: "fa" | "dfa" | "bp", units = 3): Network =>
    createNetwork({
      inputShape: [2],
      rule,
      layers: [
        { type: "dense", units },
        { type: "dense", units: 4 },
      ],
    });
  const save = (network: Network, name: string) => {
    const path = join(folder, name);
    writeFileSync(path, encodeWeights(network, initializeWeights(network, 1)));
    return path;
  };

  test.each(["fa", "dfa", "bp"] as const)("come back: %s", async (rule) => {
    const network = networkOf(rule);
    expect(await readWeights(save(network, rule), network)).toEqual(initializeWeights(network, 1));
  });

  test("have bioflax's names and shapes", () => {
    const shapes = (rule: "fa" | "dfa") => {
      const network = networkOf(rule);
      const tensors = decodeSafetensors(encodeWeights(network, initializeWeights(network, 1)), "x");
      return Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
    };
    const forward = {
      "layers.0.kernel": [2, 3],
      "layers.0.bias": [3],
      "layers.1.kernel": [3, 4],
      "layers.1.bias": [4],
    };
    expect(shapes("fa")).toEqual({
      ...forward,
      "layers.0.feedback": [2, 3],
      "layers.1.feedback": [3, 4],
    });
    expect(shapes("dfa")).toEqual({ ...forward, "layers.0.feedback": [3, 4] });
  });

  test("of another network are refused, and every difference is named", async () => {
    const error: Error = await readWeights(
      save(networkOf("dfa", 5), "other"),
      networkOf("fa"),
    ).catch((e) => e);
    expect(error).toBeInstanceOf(BioflaxError);
    for (const text of [
      "shape: layers.0.kernel is [2, 5], expected [2, 3]",
      "shape: layers.0.feedback is [5, 4], expected [2, 3]",
      "missing: layers.1.feedback [3, 4]",
    ]) {
      expect(error.message).toContain(text);
    }
    await expect(readWeights(save(networkOf("fa"), "more"), networkOf("bp"))).rejects.toThrow(
      "unknown: layers.0.feedback [2, 3]",
    );
  });

  test.each(["F16", "BF16", "F64"])("of %s are taken, as people share them", async (dtype) => {
    const network = networkOf("fa");
    const path = save(network, `${dtype}.float32`);
    const halved = join(folder, dtype);
    const values = initializeWeights(network, 1);
    writeFileSync(halved, inOtherType(values, network, dtype));
    const read = await readWeights(halved, network);
    const close = { F16: 2 ** -11, BF16: 2 ** -7, F64: 0 }[dtype] as number;
    for (const [name, exact] of Object.entries(await readWeights(path, network)))
      for (const [i, value] of exact.entries())
        expect(Math.abs((read[name]?.[i] as number) - value)).toBeLessThanOrEqual(
          close * Math.abs(value) + (dtype === "F16" ? 2 ** -25 : 0),
        );
  });

  describe("of another rule, to start from", () => {
    type Name = "fa" | "dfa" | "bp" | "kp";
    const network = (rule: Name, units = 3) =>
      createNetwork({
        inputShape: [units],
        rule,
        layers: [
          { type: "dense", units },
          { type: "dense", units: 4 },
        ],
      });
    const start = (from: Name, to: Name, units?: number) =>
      readInitialWeights(save(network(from, units), `${from}-for-${to}`), network(to, units), 2);
    const fitting = (to: Name, feedback: string[] = [], units?: number) => {
      const [given, drawn] = [1, 2].map((seed) => initializeWeights(network(to, units), seed));
      return Object.fromEntries(
        Object.entries(given!).map(([name, values]) => [
          name,
          name.endsWith("feedback") && !feedback.includes(name) ? drawn![name]! : values,
        ]),
      );
    };
    const [lower, upper] = ["layers.0.feedback", "layers.1.feedback"];

    test.each<[Name, Name, string[], string[]]>([
      [
        "bp",
        "fa",
        [],
        ["of layers.0, layers.1 are drawn anew: the file, saved under bp, has none that fit fa"],
      ],
      [
        "fa",
        "bp",
        [],
        [
          "of layers.0, layers.1 are left out: the file, saved under fa, has some, and under bp there are none",
        ],
      ],
      ["fa", "kp", [lower!, upper!], []],
      ["fa", "fa", [lower!, upper!], []],
      [
        "fa",
        "dfa",
        [],
        [
          "of layers.0 are drawn anew: the file, saved under fa, has none that fit dfa",
          "of layers.1 are left out: the file, saved under fa, has some, and under dfa there are none",
        ],
      ],
      [
        "dfa",
        "bp",
        [],
        [
          "of layers.0 are left out: the file, saved under dfa, has some, and under bp there are none",
        ],
      ],
    ])("%s → %s", async (from, to, kept, notices) => {
      const { weights, notices: told } = await start(from, to);
      expect(weights).toEqual(fitting(to, kept));
      expect(told).toEqual(notices.map((notice) => `--init: the feedback weights ${notice}`));
    });

    test("those that go elsewhere are drawn anew though their shape is the same", async () => {
      const { weights, notices } = await start("dfa", "fa", 4);
      expect(weights).toEqual(fitting("fa", [], 4));
      expect(notices[0]).toContain("layers.0, layers.1 are drawn anew");
    });

    test("from a checkpoint, with what its optimizer remembers of them", async () => {
      const path = join(folder, "with-slots.safetensors");
      const values = initializeWeights(network("kp"), 1);
      const tensors = Object.fromEntries(
        network("kp").parameters.flatMap(({ name, shape }) => [
          [name, { shape, values: values[name]! }],
          [`${name}/momentum`, { shape, values: values[name]! }],
        ]),
      );
      writeFileSync(path, encodeSafetensors(tensors, { rule: "\u001b[2J" }));
      const { weights, notices } = await readInitialWeights(path, network("bp"), 2);
      expect(weights).toEqual(fitting("bp"));
      expect(notices).toEqual([
        "--init: the feedback weights of layers.0, layers.1 are left out: the file has some, and under bp there are none",
      ]);
    });

    test("all else is as strict as ever: under the same rule, feedback weights too", async () => {
      const write = (rule: Name, leave: string) => {
        const { parameters } = network(rule);
        const values = initializeWeights(network(rule), 1);
        const tensors = parameters.flatMap(({ name, shape }) =>
          name === leave ? [] : [[name, { shape, values: values[name]! }] as const],
        );
        const path = join(folder, `${rule}-without.safetensors`);
        writeFileSync(path, encodeSafetensors(Object.fromEntries(tensors), { rule }));
        return path;
      };
      await expect(readInitialWeights(write("fa", upper!), network("fa"), 2)).rejects.toThrow(
        "missing: layers.1.feedback [3, 4]",
      );
      await expect(
        readInitialWeights(write("fa", "layers.0.kernel"), network("bp"), 2),
      ).rejects.toThrow("missing: layers.0.kernel [3, 3]");
    });
  });

  test("that are not finite are refused by name", async () => {
    const network = networkOf("fa");
    const weights = initializeWeights(network, 0);
    const broken = weights["layers.1.kernel"]!.with(3, Number.NaN);
    const file = join(folder, "nan.safetensors");
    writeFileSync(file, encodeWeights(network, { ...weights, "layers.1.kernel": broken }));
    await expect(readWeights(file, network)).rejects.toThrow(
      "not finite: layers.1.kernel holds NaN",
    );
  });

  test("that are not there", async () => {
    await expect(readWeights(join(folder, "none"), networkOf("fa"))).rejects.toThrow(
      "there is no such file",
    );
  });
});
