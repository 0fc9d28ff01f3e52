import { describe, expect, test } from "@jest/globals";
import { parseCsv } from "../src/settings/csv";
import { datasetOfTable, tableFile, tableFileName } from "../src/training/table";

/** Twelve rows of two numbers and a target. */
const rows = (target: (row: number) => string | number) =>
  Array.from({ length: 12 }, (_, row) => `${row},${row % 5},${target(row)}`);

const read = (lines: readonly string[]) => parseCsv(lines.join("\n"));

describe("one's own table", () => {
  test("of words is one of classes, in the alphabet's order, whether its columns have names or not", () => {
    const target = (row: number) => (row % 3 === 0 ? "oak" : "ash");
    const named = read(["height, width ,tree", ...rows(target)]);
    expect(named).toMatchObject({
      columns: ["height", "width", "tree"],
      classNames: ["ash", "oak"],
    });
    expect([...named.targets.slice(0, 4)]).toEqual([1, 0, 0, 1]);
    expect([...named.features.slice(0, 4)]).toEqual([0, 0, 1, 1]);
    const bare = read(rows(target));
    expect(bare).toEqual({ ...named, columns: ["column 1", "column 2", "column 3"] });
  });

  test("of a few whole numbers is one of classes, and of others one of values", () => {
    expect(read(rows((row) => 10 - (row % 3))).classNames).toEqual(["8", "9", "10"]);
    const values = read(rows((row) => row / 4));
    expect(values.classNames).toBeUndefined();
    expect(values.targets[3]).toBe(0.75);
  });

  test("may have empty lines, quotes, other separators and a mark of its bytes' order", () => {
    const text = `\uFEFFa;b;c\r\n${rows(() => '"x;y"')
      .join("\r\n")
      .replaceAll(/,(?!y)/g, ";")}\r\n\r\n1;2;z\r\n`;
    expect(parseCsv(text).classNames).toEqual(["x;y", "z"]);
  });

  test.each([
    ["", "Expected rows of numbers, received nothing."],
    ["a,b,c\n1,2,x", "Expected 10 to 20000 rows, received 1."],
    ["1\n2", "Line 1: expected 2 to 257 columns, the last one the target, received 1."],
    [
      ["a,b,c", ...rows(String), "1,x,2"],
      "Line 14, column 2 (b): expected a number, received “x”.",
    ],
    // Float32, which the page computes in, does not hold it.
    [
      ["a,b,c", ...rows(String), "1,1e39,2"],
      "Line 14, column 2 (b): expected a number, received “1e39”.",
    ],
    [["a,b,c", ...rows(String), "1,,2"], "Line 14, column 2 (b): expected a number, received “”."],
    [["a,b,c", "1,2", ...rows(String)], "Line 2: expected 3 columns, received 2."],
    [
      ["a,b,c", ...rows(String), "1,2, "],
      "Line 14, column 3 (c): expected a class or a value, received nothing.",
    ],
    [
      ["a,b,c", ...rows((row) => row / 8), "1,2,many"],
      "Line 14, column 3 (c): expected a number as in other rows, received “many”.",
    ],
    [rows(() => "x"), "Column 3 (column 3): expected 2 to 10 classes, received 1."],
    [rows((row) => `x${row}`), "Column 3 (column 3): expected 2 to 10 classes, received 12."],
  ])("says where it is wrong: %#", (text, message) => {
    expect(() => parseCsv([text].flat().join("\n"))).toThrow(message);
  });
});

test("a tenth of a table is kept to test with, and the rest is brought to a mean of 0 and a deviation of 1", () => {
  const table = read(rows((row) => row / 4));
  const data = datasetOfTable(table);
  expect(data).toMatchObject({ task: "regression", inputShape: [2], targetShape: [1], outputs: 1 });
  const { train, test: tested } = data;
  expect([train.indices.length, tested.indices.length]).toEqual([11, 1]);
  expect([...train.indices, ...tested.indices].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 12 }, (_, row) => row),
  );
  for (const column of [0, 1]) {
    const values = Array.from(train.indices, (row) => train.examples.inputs[2 * row + column] ?? 0);
    const mean = values.reduce((a, b) => a + b, 0) / 11;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 11;
    expect(mean).toBeCloseTo(0, 5);
    expect(square).toBeCloseTo(1, 5);
  }
});

test("of each class a tenth is kept, and the classes keep their names", () => {
  const lines = Array.from({ length: 40 }, (_, row) => `${row},${row % 4 === 0 ? "oak" : "ash"}`);
  const { test: tested, classNames, outputs } = datasetOfTable(read(lines));
  expect({ classNames, outputs }).toEqual({ classNames: ["ash", "oak"], outputs: 2 });
  const labels = Array.from(tested.indices, (row) => tested.examples.targets[row]);
  expect(labels.sort()).toEqual([0, 0, 0, 1]);
});

test("its file has what its networks read, number by number", () => {
  const table = read(["height,width,tree", ...rows((row) => (row % 3 === 0 ? "oak" : "ash"))]);
  const [titles, ...lines] = tableFile(table).trim().split("\n");
  expect(titles).toBe("feature_1,feature_2,target");
  const { examples } = datasetOfTable(table).train;
  const cells = lines.map((line) => line.split(",").map(Number));
  expect(cells.flatMap((row) => row.slice(0, 2))).toEqual([...examples.inputs]);
  expect(cells.map((row) => row[2])).toEqual([...examples.targets]);
});

test.each([
  [undefined, "table-standardised.csv"],
  ["irises.csv", "irises-standardised.csv"],
  ["my data (2).v2.txt", "my-data-2-.v2-standardised.csv"],
])("the file of %s is called %s", (file, name) => {
  expect(tableFileName({ file })).toBe(name);
});
