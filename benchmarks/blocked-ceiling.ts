// What share of a training step would be left if it were nothing but its products?
//
//   pnpm --filter benchmarks run blocked-ceiling [--rounds 7 --milliseconds 200 --only PATTERN]
//
// The products of a step of feedback alignment are ONNX Runtime's blocked convolutions. Here they are computed by
// themselves, in a loop as in training, of matrices that lie as they are read: kernels are updated where they lie, and
// nothing is brought into blocks, activated, gathered or summed. A step takes turns with them, and with a square product
// of the same kind, the fastest of three sizes. Processor time of one thread.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { accumulateInBlocks, placed } from "../packages/compiler/src/graph/blocked-products";
import { outOfBlocks } from "../packages/compiler/src/graph/blocks";
import { toModel } from "../packages/compiler/src/graph/model";
import { Scope } from "../packages/compiler/src/graph/scope";
import type { BlockUse, Value } from "../packages/compiler/src/graph/value";
import { storedShape } from "../packages/compiler/src/graph/value";
import { blocksHere } from "../packages/compiler/src/runtime/block-use";
import { hostTensor } from "../packages/compiler/src/runtime/runtime";
import { createSession } from "../packages/compiler/src/runtime/session";
import { benchWorkloads } from "./bench-workloads";
import { type Entrant, processorTimes, randomTraining } from "./random-training";
import { showSpread, spread } from "./statistics";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    milliseconds: { type: "string", default: "200" },
    only: { type: "string", default: "" },
  },
});
const timing = { rounds: Number(options.rounds), milliseconds: Number(options.milliseconds) };
const PER_ITERATION = 8;
const SQUARES = [512, 1024, 2048];

const found = await blocksHere();
if (found === undefined) throw new Error("ONNX Runtime has no blocked convolutions here.");
const blocks: BlockUse = { ...found, fewest: 0, mostPadding: Number.POSITIVE_INFINITY };
type Axis = 0 | 1;
const along = (axis: Axis) => ({ blocks: { axis, size: blocks.size, padding: "zeros" } }) as const;

/** The products of a step of layers of so many units; of one alone, the square product of a batch of as many. */
async function products(sizes: readonly number[], batch: number): Promise<Pick<Entrant, "turn">> {
  const scope = new Scope(undefined, { blocks });
  const inputs: Value[] = [];
  const matrix = (name: string, shape: number[], axis: Axis): Value => {
    const value = scope.input(name, shape, "float32", along(axis));
    inputs.push(value);
    return value;
  };
  const iterations = scope.input("iterations", [], "int64");
  const layers = sizes.slice(1).map((units, i) => ({
    kernel: matrix(`kernel_${i}`, [sizes[i] as number, units], 1),
    feedback: matrix(`feedback_${i}`, [sizes[i] as number, units], 0),
    /** The layer's inputs, along columns as a product's image, and along rows as a gradient's. */
    columns: matrix(`columns_${i}`, [batch, sizes[i] as number], 1),
    rows: matrix(`rows_${i}`, [batch, sizes[i] as number], 0),
  }));
  const plain = { alpha: 1, transposeA: false, transposeB: false };
  const from = layers.map(({ kernel }) => kernel);
  const { final, kept } = scope.loop(iterations, from, (inner, _iteration, carried) => {
    let kernels = carried;
    const ends: Value[] = [];
    for (let step = 0; step < PER_ITERATION; step++)
      kernels = layers.map(({ feedback, columns, rows }, i) => {
        const kernel = kernels[i] as Value;
        // What comes out stands for the error, too.
        const error = placed(inner, { ...plain, a: columns, b: kernel }, 1);
        if (i > 0)
          ends.push(placed(inner, { ...plain, a: error, b: feedback, transposeB: true }, 1));
        const gradient = { ...plain, alpha: 1, a: rows, b: error, transposeA: true };
        return accumulateInBlocks(inner, kernel, gradient, { c: kernel, beta: 1 });
      });
    // A number of each, so that it is computed.
    const first = ends.map((end) => {
      const bounds = [0, 1].map((at) => inner.constant([at], [1], "int64"));
      const memory = inner.node("Reshape", [end, inner.constant([-1], [1], "int64")], {
        shape: [storedShape(end).reduce((all, extent) => all * extent, 1)],
        type: "float32",
      });
      return inner.node("Slice", [memory, ...bounds], { shape: [1], type: "float32" });
    });
    const total =
      first.length === 0 ? [] : [inner.node("Sum", first, { shape: [1], type: "float32" })];
    return { next: kernels, kept: total };
  });
  const session = await createSession(
    toModel(scope, [...final.map((value) => outOfBlocks(scope, value)), ...kept]),
    { threads: 1 },
  );
  // Nothing grows: inputs of zeros, and products take as long whatever they multiply.
  const feeds = Object.fromEntries(
    await Promise.all(
      inputs.map(async (value) => {
        const shape = storedShape(value);
        const data = new Float32Array(shape.reduce((all, extent) => all * extent, 1));
        return [value.name, await hostTensor({ type: "float32", data, shape })] as const;
      }),
    ),
  );
  return {
    async turn(steps) {
      const count = BigInt64Array.of(BigInt(Math.ceil(steps / PER_ITERATION)));
      const iterations = await hostTensor({ type: "int64", data: count, shape: [] });
      await session.run({ ...feeds, iterations });
      return 0;
    },
  };
}

/** The operations of a step's products. */
const operationsOf = (sizes: readonly number[], batch: number) =>
  sizes
    .slice(1)
    .reduce((all, units, i) => all + 2 * batch * units * (sizes[i] as number) * (i > 0 ? 3 : 2), 0);

console.log(
  `${cpus()[0]?.model}, Node ${process.version}; processor time of one thread, fa, sgd; median (lowest–highest) of ${options.rounds} turns.\n`,
);
console.log(
  "| step | ms | its products alone, ms | their share | Gflop/s of the products | of a square product |",
);
console.log("|---|---|---|---|---|---|");
for (const workload of benchWorkloads) {
  const { sizes, batch, rule, name, data } = workload;
  // Of larger batches, the bench tells the share of the peak.
  const isAsked = rule === "fa" && data === "mnist" && batch <= 128 && name.includes(options.only);
  if (sizes === undefined || !isAsked) continue;
  const step = await randomTraining(workload, { name: "sgd", learningRate: 0.001 }, "classes");
  const squares = await Promise.all(SQUARES.map((n) => products([n, n], n)));
  const entrants = {
    step,
    products: await products(sizes, batch),
    ...Object.fromEntries(squares.map((square, i) => [`${SQUARES[i]}`, square])),
  };
  const times: Record<string, number[]> = await processorTimes(entrants, timing);
  const [whole = [], own = []] = [times.step, times.products];
  const speed = (ms: number[], operations: number) => ms.map((time) => operations / time / 1e6);
  const fastest = SQUARES.map((n) =>
    spread(speed(times[`${n}`] as number[], operationsOf([n, n], n))),
  ).sort((a, b) => b.median - a.median)[0];
  const cells = [
    name.replace(/, fa$/, ""),
    showSpread(spread(whole), 3),
    showSpread(spread(own), 3),
    showSpread(spread(own.map((ms, i) => ms / (whole[i] as number))), 2),
    showSpread(spread(speed(own, operationsOf(sizes, batch))), 0),
    showSpread(fastest as ReturnType<typeof spread>, 0),
  ];
  console.log(`| ${cells.join(" | ")} |`);
  await step.end();
}
