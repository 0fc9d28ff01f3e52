import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { toModel } from "./model";
import { onnxOps } from "./onnx-ops";
import { passes } from "./passes/index";
import { Scope } from "./scope";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bioflax-dump-"));
});
afterEach(() => {
  delete process.env.BIOFLAX_DUMP_GRAPH;
  rmSync(folder, { recursive: true });
});

/** A loop that adds tanh(b) to x, and a node that nothing needs. */
function model() {
  const scope = new Scope();
  const [steps, x, b] = [
    scope.input("steps", [], "int64"),
    scope.input("x", [2, 3]),
    scope.input("b", [3]),
  ];
  const { final } = scope.loop(steps, [x], (inner, _iteration, [current]) => {
    const ops = onnxOps(inner);
    ops.exp(current!);
    return { next: [ops.add(current!, ops.tanh(b))], kept: [] };
  });
  return toModel(scope, final);
}

test("a graph is written as traced and after each pass, the body of a loop first, in numbered files", () => {
  process.env.BIOFLAX_DUMP_GRAPH = join(folder, "graphs");
  model();
  const stages = ["traced", ...passes.map(({ name }) => name)];
  const files = readdirSync(join(folder, "graphs"));
  expect(files).toEqual(
    ["body", "bioflax"].flatMap((graph, i) =>
      stages.map(
        (stage, j) => `${String(i * stages.length + j + 1).padStart(4, "0")}-${graph}-${stage}.txt`,
      ),
    ),
  );
  const read = (file: string) => readFileSync(join(folder, "graphs", file), "utf8");
  expect(read("0001-body-traced.txt")).toContain("= Exp(");
  const afterDead = files.find((file) => file.endsWith("-body-drop-dead-nodes.txt"))!;
  expect(read(afterDead)).not.toContain("= Exp(");
  const text = read(files.at(-1)!);
  expect(text.split("\n").slice(0, 5)).toEqual([
    "graph bioflax",
    "input steps: int64 []",
    "input x: float32 [2, 3]",
    "input b: float32 [3]",
    expect.stringMatching(/^Tanh_\d+: float32 \[3\] = Tanh\(b\)$/),
  ]);
  expect(text).toMatch(/= Loop\(steps, _, x\)\n {2}body \(.*\)\n(.*\n)* {4}Add_\d+ = Add\(/);
});

test("a second graph's files go on after the first's", () => {
  process.env.BIOFLAX_DUMP_GRAPH = folder;
  model();
  model();
  const numbers = readdirSync(folder).map((file) => Number.parseInt(file, 10));
  expect(numbers).toEqual(Array.from({ length: 4 * passes.length + 4 }, (_, i) => i + 1));
});

test("nothing is written where it is not asked for", () => {
  model();
  expect(readdirSync(folder)).toEqual([]);
});
