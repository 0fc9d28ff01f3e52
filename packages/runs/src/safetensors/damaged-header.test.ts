import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BioflaxError, createNetwork, initializeWeights } from "@bioflax/core";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { scratchFolder } from "../../test/scratch";
import { readWeights } from "../folder/read-weights";
import { encodeWeights } from "./weights";

const folder = scratchFolder();
const network = createNetwork({
  inputShape: [2],
  layers: [
    { type: "dense", units: 3 },
    { type: "dense", units: 1 },
  ],
  rule: "fa",
});
const weights = initializeWeights(network, 0);
const bytes = encodeWeights(network, weights);
const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + headerBytes)).toString());
const data = bytes.subarray(8 + headerBytes);
const names = Object.keys(header);

const number = fc.oneof(fc.nat(100), fc.constantFrom(-1, 0.5, 2 ** 53, 1e308, null, "4"));
const shape = fc.oneof(fc.array(number, { maxLength: 4 }), fc.anything());
/** One change to the header: a tensor gone, renamed, copied, or with another type, shape or place. */
const change = fc
  .tuple(
    fc.constantFrom(...names, "__proto__", "layers.0.kernel/momentum", "a/b", ""),
    fc.constantFrom("delete", "set", "dtype", "shape", "data_offsets", "rename"),
    fc.oneof(shape, fc.constantFrom("F32", "F64", "BF16"), fc.tuple(number, number), fc.string()),
  )
  .map(([name, what, value]) => (entries: Record<string, unknown>) => {
    const { [name]: entry, ...others } = entries;
    if (what === "delete") return others;
    if (what === "set") return { ...others, [name]: value };
    if (what === "rename") return { ...others, [String(value)]: entry };
    return { ...others, [name]: { ...(entry as object), [what]: value } };
  });

const text = (value: unknown) =>
  JSON.stringify(value, (_, one) => (typeof one === "bigint" ? 0 : one));

test("any change to a header, and to what follows it, gives the network's weights or a BioflaxError that names the file", async () => {
  const path = join(folder, "changed.safetensors");
  let read = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 3 }),
      fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 5 })),
      async (changes, more) => {
        let changed = Buffer.from("{}");
        try {
          changed = Buffer.from(text(changes.reduce((entries, one) => one(entries), header)));
        } catch {
          // A value that refers to itself has no text.
        }
        const start = Buffer.alloc(8);
        start.writeBigUInt64LE(BigInt(changed.length));
        const after = more < 0 ? data.subarray(0, more) : Buffer.concat([data, Buffer.alloc(more)]);
        writeFileSync(path, Buffer.concat([start, changed, more === 0 ? data : after]));
        try {
          expect(Object.keys(await readWeights(path, network))).toEqual(Object.keys(weights));
          read++;
        } catch (error) {
          if (!(error instanceof BioflaxError)) throw error;
          expect(error.message).toContain(path);
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(read).toBeGreaterThan(50);
});
