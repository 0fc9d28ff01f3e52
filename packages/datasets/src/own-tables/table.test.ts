import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { npyBytes } from "../../test/npy-bytes";
import { scratchFolder } from "../../test/scratch";
import { takeInputs, takeTargets } from "../take";
import { loadTable } from "./table";

const scratch = scratchFolder();

function write(name: string, contents: string | Uint8Array): string {
  const path = join(scratch(), name);
  writeFileSync(path, contents);
  return path;
}

/** 40 rows of class 0, and 20 of class 2, with features that tell the row. */
const rows = Array.from({ length: 60 }, (_, i) => [i, -i / 2, i < 40 ? 0 : 2]);
const csv = `length;width;class\n${rows.map((row) => row.join(";")).join("\n")}\n`;

test("the last column is the class, counted, and a tenth of each is the test", async () => {
  const data = await loadTable({ path: write("a.csv", csv), valSplit: 0 });
  expect(data).toMatchObject({ name: "table", inputShape: [2], targetShape: [], outputs: 3 });
  const { train, test: tested } = data;
  const seen = [train, tested].map(({ examples, indices }) => {
    const [inputs, targets] = [takeInputs(examples, indices), takeTargets(examples, indices)];
    return [...indices].map((_, i) => [inputs[2 * i], inputs[2 * i + 1], targets[i]]);
  });
  expect(seen[1]?.map(([, , label]) => label)).toEqual([0, 0, 0, 0, 2, 2]);
  expect(seen.flat().sort((a, b) => (a[0] as number) - (b[0] as number))).toEqual(
    rows.map((row) => row.map((x) => x + 0)),
  );
  const gzipped = write("a.csv.gz", gzipSync(csv));
  expect((await loadTable({ path: gzipped, seed: 5 })).test.indices).toEqual(tested.indices);
});

test("or a value to predict", async () => {
  const path = write("a.csv", csv);
  const data = await loadTable({ path, targets: "values", valSplit: 0 });
  expect(data).toMatchObject({
    name: "table-values",
    task: "regression",
    targetShape: [1],
    outputs: 1,
  });
  expect([data.train.indices.length, data.test.indices.length]).toEqual([54, 6]);
});

test("a NumPy array is a table, too", async () => {
  const bytes = npyBytes("<f4", [3, 2], [1, 0, 2, 1, 3, 1]);
  const path = write("a.npy", bytes);
  await expect(loadTable({ path, targets: "values", valSplit: 0 })).resolves.toMatchObject({
    inputShape: [1],
  });
});

test.each([
  [
    "a.csv",
    "1,2\n3,1.5\n5,0\n",
    "last column: expected labels that are whole numbers from 0, received 1.5 for example 1.",
  ],
  [
    "a.csv",
    "1\n2\n3\n",
    "expected a table, [rows, columns] with two columns or more, received [3, 1]",
  ],
  [
    "a.csv",
    "1,0\n2,0\n3,0\n",
    "expected labels of at least two classes, received 0 for every training example.",
  ],
  ["a.csv", "", "received nothing: it is empty."],
  // Only predict has a flag for them.
  [
    "a.csv",
    "1,x\n2,3",
    'line 1: expected finite numbers, received "x". If they are titles, take the line out, or write all of them in words.',
  ],
  [
    "a.csv",
    "0,1\n2,3",
    "line 1: expected an example or titles, received 0, 1, which may be either. Take the line out, or write titles in words.",
  ],
  ["a.csv", Uint8Array.of(0xff, 0xfe, 0x00), "received neither."],
  [
    "a.csv",
    "1,0\n-1e39,1\n3,0\n",
    'line 2: expected finite numbers, received "-1e39". Float32 has none beyond ±3.4e38: bring the column to another scale.',
  ],
  [
    "a.npy",
    npyBytes("<f8", [3, 2], [1, 0, 2, Number.NaN, 3, 0]),
    "a.npy: row 1, column 1, counted from 0: expected finite numbers, within ±3.4e38, received NaN.",
  ],
  [
    "a.npy",
    npyBytes("<f8", [3, 2], [1, 0, 2, 1, 1e39, 0]),
    "a.npy: row 2, column 0, counted from 0: expected finite numbers, within ±3.4e38, received Infinity.",
  ],
])("refuses %s of %j", async (name, contents, message) => {
  await expect(loadTable({ path: write(name, contents) })).rejects.toThrow(message);
});
