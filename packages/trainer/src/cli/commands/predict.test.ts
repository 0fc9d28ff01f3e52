import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { colorShapes } from "@bioflax/datasets";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { PNG } from "pngjs";
import { npyBytes } from "../../../../datasets/test/npy-bytes";
import { runBioflax } from "../../../test/run-bioflax";
import { scratchFolder } from "../../../test/scratch";
import { train } from "../../run/train";
import { evaluateRun } from "../../trained/evaluate";

const folder = scratchFolder();
const shapes = join(folder, "shapes");
const sine = join(folder, "sine");
const data = { trainSetSize: 10, testSetSize: 1, batchSize: 16, seed: 0 } as const;
const settings = { ...data, epochs: 3 } as const;
const { test: images } = colorShapes({ ...data, valSplit: 0.1 });
const pixels = images.examples.inputs as Uint8Array;
const png = join(folder, "a,b.png");
const npy = join(folder, "test.npy");

beforeAll(async () => {
  const network = { hiddenLayers: [20], activations: ["tanh"], computeAlignments: false };
  await train({ ...settings, ...network, dataset: "color-shapes", lr: 0.05, out: shapes });
  await train({ ...settings, ...network, dataset: "sinreg", out: sine });
  const picture = new PNG({ width: 32, height: 32 });
  for (let place = 0; place < 32 * 32; place++)
    picture.data.set([...pixels.subarray(3 * place, 3 * place + 3), 255], 4 * place);
  writeFileSync(png, PNG.sync.write(picture));
  writeFileSync(npy, npyBytes("|u1", [16, 32, 32, 3], [...pixels]));
});

/** What the command prints, which must be all it does. */
async function predicted(...args: string[]): Promise<string> {
  const { stdout, ...rest } = await runBioflax(["predict", ...args]);
  expect(rest).toEqual({ status: 0, stderr: "", exits: [], listeners: 0 });
  return stdout;
}

test("the test set's labels are those the evaluation counts", async () => {
  const [titles, ...lines] = (await predicted(shapes, npy)).trimEnd().split("\n");
  expect(titles).toBe("label,name,probability,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9");
  const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  lines.forEach((line, i) => {
    const [label, name, probability, ...all] = line.split(",");
    confusion[images.examples.targets[i]!]![Number(label)]!++;
    expect(all.map(Number).indexOf(Number(probability))).toBe(Number(label));
    expect(all.map(Number).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(name).toMatch(/^[a-z]+$/);
  });
  const evaluation = await evaluateRun(shapes);
  expect(confusion).toEqual(evaluation.confusion);
  // The check is worth something only if the network tells some of them apart.
  expect(new Set(lines.map((line) => line.split(",")[0])).size).toBeGreaterThan(2);
});

test("pictures give what their pixels do, on either engine; several are told apart", async () => {
  const [first] = (await predicted(shapes, npy, "--json")).split("\n");
  const lines = (await predicted(shapes, png, png, "--json", "--engine", "eager")).trimEnd();
  for (const line of lines.split("\n")) {
    const { input, probability, ...rest } = JSON.parse(line);
    expect(input).toBe(png);
    const expected = JSON.parse(first!);
    expect(rest).toMatchObject({ label: expected.label, name: expected.name });
    expect(probability).toBeCloseTo(expected.probability, 5);
  }
  expect((await predicted(shapes, png, png)).split("\n")[1]).toMatch(`"${png}",`);
});

test("values come from standard input", async () => {
  const { stdout } = await runBioflax(["predict", sine, "-"], { stdin: ["[[0.5],", "[1.5]]"] });
  expect(stdout).toMatch(/^y0\n-?\d[\d.e-]*\n-?\d[\d.e-]*\n$/);
});

describe("--out", () => {
  test("is written whole, as CSV or JSON by its name, and never over what is there", async () => {
    const [csv, jsonl] = [join(folder, "new/p.csv"), join(folder, "p.jsonl")];
    expect(await predicted(shapes, png, "--out", csv)).toBe("");
    await predicted(shapes, png, "--out", jsonl);
    expect(readFileSync(csv, "utf8")).toBe(await predicted(shapes, png));
    expect(readFileSync(jsonl, "utf8")).toBe(await predicted(shapes, png, "--json"));
    const again = await runBioflax(["predict", shapes, png, "--out", csv]);
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining("received a file") });
  });

  test("is not there when an input is wrong", async () => {
    const out = join(folder, "none.csv");
    const ran = await runBioflax(["predict", shapes, png, join(folder, "no.png"), "--out", out]);
    expect(ran).toMatchObject({ status: 1, stdout: "" });
    expect(ran.stderr).toContain("no.png: expected a readable file, but there is no such file");
    expect(existsSync(out)).toBe(false);
  });
});

test("pixels that look scaled are taken, with a note", async () => {
  const { status, stderr } = await runBioflax(["predict", shapes, "-"], {
    stdin: [JSON.stringify(new Array(32 * 32 * 3).fill(0.5))],
  });
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^note: all pixels/),
  });
});

test("--header says what the first line is", async () => {
  const path = join(folder, "header.csv");
  writeFileSync(path, "nan\n0.5\n");
  const titled = await predicted(sine, path, "--header", "yes");
  expect(titled.split("\n")).toHaveLength(3);
  expect(await runBioflax(["predict", sine, path])).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("--header yes"),
  });
});

test.each<[string, string[]]>([
  ["expected a picture, an array or numbers, received nothing: it is empty.", []],
  [
    "received [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[....",
    [`[[1],${"[".repeat(5000)}${"]".repeat(5000)}]`],
  ],
])("standard input is refused where it is wrong: %s", async (message, stdin) => {
  const { status, stderr } = await runBioflax(["predict", sine, "-"], { stdin });
  expect(stderr).toContain(`error: standard input: `);
  expect(stderr).toContain(message);
  expect(status).toBe(1);
});

test("an input is asked for", async () => {
  expect(await runBioflax(["predict", shapes])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("missing required argument 'inputs'"),
  });
});
