// Which way to the gradient of a convolution's kernel is fastest in ONNX Runtime on the CPU?
//
//   pnpm --filter benchmarks run kernel-gradient [--shape lenet5-1 --rounds 9]
//
// Four ways, each with its images lying as suits it best, inside a loop as in training; in each round every one takes
// its turn. Processor time of one thread. Which one the compiler takes, and how, is in packages/compiler/src/graph/convolution.ts.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { Random, shapeOps, sizeOf, type Window2d, windowShape } from "@bioflax/core";
import { columnsOf, imageMatrix } from "../packages/compiler/src/graph/columns";
import { IMAGES, relabel } from "../packages/compiler/src/graph/layout";
import { toModel } from "../packages/compiler/src/graph/model";
import { onnxOps } from "../packages/compiler/src/graph/onnx-ops";
import { Scope } from "../packages/compiler/src/graph/scope";
import { shiftedKernelGradient } from "../packages/compiler/src/graph/shifted-gradient";
import { type Order, storedShape, type Value } from "../packages/compiler/src/graph/value";
import { seenByTaps } from "../packages/compiler/src/graph/windows";
import { hostTensor } from "../packages/compiler/src/runtime/runtime";
import { createSession } from "../packages/compiler/src/runtime/session";
import { showSpread, spread } from "./statistics";

const { values: options } = parseArgs({
  options: {
    shape: { type: "string", multiple: true },
    rounds: { type: "string", default: "9" },
  },
});
interface Convolution {
  readonly images: readonly [number, number, number, number];
  readonly filters: number;
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}
const shapes: Readonly<Record<string, Convolution>> = {
  "lenet5-1": { images: [64, 28, 28, 1], filters: 6, size: 5, stride: 1, padding: 2 },
  "lenet5-2": { images: [64, 14, 14, 6], filters: 16, size: 5, stride: 1, padding: 0 },
  "resnet-16": { images: [128, 32, 32, 16], filters: 16, size: 3, stride: 1, padding: 1 },
  "resnet-16-32": { images: [128, 32, 32, 16], filters: 32, size: 3, stride: 2, padding: 1 },
  "resnet-32": { images: [128, 16, 16, 32], filters: 32, size: 3, stride: 1, padding: 1 },
  "resnet-64": { images: [128, 8, 8, 64], filters: 64, size: 3, stride: 1, padding: 1 },
};

/** A way to the gradient, and the order in which it wants images to lie. */
interface Way {
  readonly name: string;
  readonly order: Order;
  readonly gradient: (scope: Scope, x: Value, error: Value, window: Window2d) => Value;
}

/** The convolution of the images with the error as kernel, batch and channels having changed places. */
const swapped: Way["gradient"] = (scope, x, error, { size, strides, padding: [[before]] }) => {
  const [, height, , channels] = x.shape as [number, number, number, number];
  const [, places, , filters] = error.shape as [number, number, number, number];
  // The error may reach less far than the image: so much is cut off that as many places are left as the kernel has
  // rows.
  const after = (places - 1) * strides[0] + size[0] - height - before;
  const shape = [channels, filters, ...size];
  const attributes = {
    dilations: { ints: strides },
    pads: { ints: [before, before, after, after] },
  };
  const [images, kernel] = [x, error].map((one) => relabel(scope, one, storedShape(one)));
  return scope.node(
    "Conv",
    [images as Value, kernel as Value],
    { shape, type: "float32" },
    attributes,
  );
};

/** The windows' columns, put together from what each element of the window sees, times the error. */
const sliced: Way["gradient"] = (scope, x, error, window) => {
  const seen = seenByTaps(scope, x, window, 0);
  const channels = x.shape[3] as number;
  const [rows, positions] = [
    seen.length * channels,
    sizeOf(error.shape) / (error.shape[3] as number),
  ];
  const parts = seen.map((one) => relabel(scope, one, [channels, positions]));
  const columns = scope.node(
    "Concat",
    parts,
    { shape: [rows, positions], type: "float32" },
    { axis: { int: 0 } },
  );
  return onnxOps(scope).matMul(columns, imageMatrix(scope, error), { transposeB: true });
};

/** The same, the columns gathered stretch by stretch. */
const gathered: Way["gradient"] = (scope, x, error, window) => {
  const columns = columnsOf(scope, x, window, error.shape.slice(1, 3));
  return onnxOps(scope).matMul(columns, imageMatrix(scope, error), { transposeB: true });
};

/** The images moved down times the errors moved across. */
const shifted: Way["gradient"] = (scope, x, error, window) =>
  shiftedKernelGradient(
    scope,
    x,
    error,
    window,
    shapeOps.conv2dKernelGradient(x.shape, error.shape, window),
  );

const ways: readonly Way[] = [
  { name: "convolution over swapped axes", order: [3, 0, 1, 2], gradient: swapped },
  { name: "columns by slices, product", order: IMAGES, gradient: sliced },
  { name: "columns gathered, product", order: IMAGES, gradient: gathered },
  { name: "moved down and across, product", order: IMAGES, gradient: shifted },
];

/** Something that computes a gradient so many times, and the sum of the gradient's squares. */
async function meter({ images, filters, size, stride, padding }: Convolution, way: Way) {
  const window: Window2d = {
    size: [size, size],
    strides: [stride, stride],
    dilations: [1, 1],
    padding: [
      [padding, padding],
      [padding, padding],
    ],
  };
  const scope = new Scope();
  const steps = scope.input("steps", [], "int64");
  const x = scope.input("x", images, "float32", { order: way.order });
  const places = [...windowShape("gradient", images, window).slice(0, 3), filters];
  const start = scope.input("error", places, "float32", { order: way.order });
  // Both are carried, so that nothing of them is computed before the loop.
  const { kept } = scope.loop(steps, [x, start], (inner, _iteration, carried) => {
    const [seen, error] = carried as [Value, Value];
    const gradient = way.gradient(inner, seen, error, window);
    const square = onnxOps(inner).mul(gradient, gradient);
    return { next: carried, kept: [onnxOps(inner).sum(square)] };
  });
  const session = await createSession(toModel(scope, kept), { threads: 1 });
  const tensor = (name: string, value: Value) => {
    // The same images and errors, whichever way they lie.
    const random = new Random(0, name);
    const values = Float32Array.from({ length: sizeOf(value.shape) }, () => random.normal());
    const axes = way.order.map((axis) => value.shape[axis] as number);
    const strides = value.shape.map((_, axis) => sizeOf(value.shape.slice(axis + 1)));
    const lying = Float32Array.from(values, (_, at) => {
      let [rest, from] = [at, 0];
      for (let place = 3; place >= 0; place--) {
        from += (rest % (axes[place] as number)) * (strides[way.order[place] as number] as number);
        rest = Math.floor(rest / (axes[place] as number));
      }
      return values[from] as number;
    });
    return hostTensor({ type: "float32", data: lying, shape: axes });
  };
  const feeds = { x: await tensor("x", x), error: await tensor("error", start) };
  return {
    async run(count: number) {
      const begin = process.cpuUsage();
      const results = await session.run({
        ...feeds,
        steps: await hostTensor({
          type: "int64",
          data: BigInt64Array.of(BigInt(count)),
          shape: [],
        }),
      });
      const { user, system } = process.cpuUsage(begin);
      const milliseconds = (user + system) / 1000 / count;
      const [sums] = results.map(({ data }) => data as Float32Array) as [Float32Array];
      return { milliseconds, sum: sums[0] as number };
    },
    release: () => session.release(),
  };
}

console.log(
  `${cpus()[0]?.model}; ms of the processor, one thread, median (lowest–highest) of ${options.rounds} rounds.\n`,
);
const names = ways.map(({ name }) => name);
console.log(`| convolution | ${names.join(" | ")} |\n|---|${names.map(() => "---").join("|")}|`);
for (const name of options.shape ?? Object.keys(shapes)) {
  const shape = shapes[name] as Convolution;
  // With strides, nothing is only moved.
  const own = ways.filter(({ gradient }) => shape.stride === 1 || gradient !== shifted);
  const meters = await Promise.all(own.map((way) => meter(shape, way)));
  const first = await Promise.all(meters.map(({ run }) => run(2)));
  const sums = first.map(({ sum }) => sum);
  if (sums.some((sum) => Math.abs(sum / (sums[0] as number) - 1) > 1e-3))
    throw new Error(`The ways do not agree on ${name}: ${sums.join(", ")}.`);
  const times: number[][] = meters.map(() => []);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [at, { run }] of meters.entries()) {
      const count = Math.max(2, Math.ceil(150 / (first[at]?.milliseconds as number)));
      times[at]?.push((await run(count)).milliseconds);
    }
  }
  const cells = ways.map((_, at) => (times[at] ? showSpread(spread(times[at]), 2) : "–"));
  console.log(`| ${[name, ...cells].join(" | ")} |`);
  for (const { release } of meters) await release();
}
