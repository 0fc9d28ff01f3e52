import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { BioflaxError } from "@bioflax/core";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { idxBytes } from "../../test/idx-bytes";
import { scratchFolder } from "../../test/scratch";
import { loadMnist } from "../mnist/load-mnist";
import { mnistFiles, namesOf } from "./folder";

const scratch = scratchFolder();
const idxFiles = namesOf(mnistFiles);
const pixels = (count: number) => Array.from({ length: count * 6 }, (_, i) => i % 256);
const whole = [
  idxBytes([4, 2, 3], pixels(4)),
  idxBytes([4], [0, 1, 9, 3]),
  idxBytes([2, 2, 3], pixels(2)),
  idxBytes([2], [5, 6]),
];

/** One file, and what happens to it before or after it is zipped. */
const damage = fc.record({
  file: fc.nat(idxFiles.length - 1),
  bytes: fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { maxLength: 3 }),
  keep: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 2 }),
  tail: fc.uint8Array({ maxLength: 3 }),
  zipped: fc.constantFrom("no", "before", "after"),
});

test("any damage to any file of a folder, zipped or not, gives a whole data set or a BioflaxError that names a file", async () => {
  const folder = scratch();
  let loaded = 0;
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, bytes, keep, tail, zipped }) => {
      idxFiles.forEach((name, i) => writeFileSync(join(folder, name), whole[i]!));
      const before = zipped === "before" ? gzipSync(whole[file]!) : whole[file]!;
      const changed = Uint8Array.from(before);
      for (const [place, value] of bytes) if (place < changed.length) changed[place] = value;
      const kept = changed.subarray(0, Math.ceil((keep ?? 1) * changed.length));
      const all = Buffer.concat([kept, tail]);
      // Under the name it has unzipped: what a file is, its bytes say.
      const path = join(folder, idxFiles[file]!);
      writeFileSync(path, zipped === "after" ? gzipSync(all) : all);
      try {
        const {
          train,
          test: tested,
          inputShape,
        } = await loadMnist({ directory: folder, valSplit: 0 });
        for (const { examples } of [train, tested]) {
          expect(examples.inputs.length).toBe(examples.count * inputShape[0]!);
          expect(examples.targets.length).toBe(examples.count);
          expect(Math.max(...examples.targets)).toBeLessThan(10);
        }
        loaded++;
      } catch (error) {
        if (!(error instanceof BioflaxError)) throw error;
        expect(error.message).toContain(folder);
      }
    }),
    { numRuns: 600 },
  );
  // Pixels may be damaged without anyone being able to tell.
  expect(loaded).toBeGreaterThan(20);
});
