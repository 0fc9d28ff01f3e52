// When does it pay to turn a transposed left factor in memory before XLA multiplies by it on a processor?
//
//   pnpm --filter benchmarks run xla-products [--turns 7]
//
// Products aᵀ·b as gradients of kernels have them, a [batch, inputs] and b [batch, outputs], many one after another in a
// loop on one thread: as XLA takes them, and with a turned first, which a barrier keeps XLA from undoing. Both take
// turns, timed by the processor's clock; what is turned in training is in packages/xla/src/stablehlo/stablehlo-ops.ts.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { PjrtBuffer } from "@bioflax/pjrt";
import { table } from "./page";
import { showSpread, spread } from "./statistics";
import { xlaClient } from "./xla-turn";

const { values: options } = parseArgs({ options: { turns: { type: "string", default: "7" } } });

/** Batch, inputs, outputs. */
type Sizes = readonly [batch: number, inputs: number, outputs: number];
const SIZES: readonly Sizes[] = [
  [32, 16, 100],
  [32, 100, 50],
  [32, 50, 10],
  [32, 100, 100],
  [32, 500, 10],
  [32, 784, 100],
  [32, 500, 500],
  [128, 800, 800],
];
/** How many multiplications a turn comes to, about. */
const WORK = 2e9;

const type = (...shape: (number | string)[]) => `tensor<${shape.join("x")}>`;

/** A loop of products, each of which waits for the one before: an element of it goes into the next one's factor. */
function program([batch, inputs, outputs]: Sizes, isTurned: boolean): string {
  const [a, b] = [type(batch, inputs, "f32"), type(batch, outputs, "f32")];
  const [turned, product] = [type(inputs, batch, "f32"), type(inputs, outputs, "f32")];
  const factor = isTurned
    ? `%t = stablehlo.transpose %x, dims = [1, 0] : (${a}) -> ${turned}
       %f = stablehlo.optimization_barrier %t : ${turned}`
    : "";
  const [name, axis, kind] = isTurned ? ["%f", 1, turned] : ["%x", 0, a];
  return `module @products {
    func.func public @main(%a: ${a}, %b: ${b}, %n: tensor<i32>) -> ${a} {
      %zero = stablehlo.constant dense<0> : tensor<i32>
      %one = stablehlo.constant dense<1> : tensor<i32>
      %r:2 = stablehlo.while(%i = %zero, %x = %a) : tensor<i32>, ${a}
      cond {
        %go = stablehlo.compare LT, %i, %n, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %go : tensor<i1>
      } do {
        ${factor}
        %p = stablehlo.dot_general ${name}, %b, contracting_dims = [${axis}] x [0], precision = [HIGHEST, HIGHEST] : (${kind}, ${b}) -> ${product}
        %e = stablehlo.dynamic_slice %p, %i, %i, sizes = [1, 1] : (${product}, tensor<i32>, tensor<i32>) -> tensor<1x1xf32>
        %y = stablehlo.dynamic_update_slice %x, %e, %zero, %zero : (${a}, tensor<1x1xf32>, tensor<i32>, tensor<i32>) -> ${a}
        %j = stablehlo.add %i, %one : tensor<i32>
        stablehlo.return %j, %y : tensor<i32>, ${a}
      }
      return %r#1 : ${a}
    }
  }`;
}

const client = await xlaClient(1);
if (client === undefined) process.exit(1);
const rows: string[][] = [];
for (const sizes of SIZES) {
  const [batch, inputs, outputs] = sizes;
  const count = Math.ceil(WORK / (batch * inputs * outputs));
  const floats = (...shape: number[]) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b)).fill(1e-3);
    return client.buffer(data, { shape });
  };
  const given: PjrtBuffer[] = [
    await floats(batch, inputs),
    await floats(batch, outputs),
    await client.buffer(Int32Array.of(count), { shape: [] }),
  ];
  const ways = await Promise.all(
    [false, true].map((isTurned) => client.compile(program(sizes, isTurned))),
  );
  const times: [number[], number[]] = [[], []];
  for (let turn = 0; turn <= Number(options.turns); turn++)
    for (const [way, executable] of ways.entries()) {
      const start = process.cpuUsage();
      for (const result of await executable.execute(given)) result.destroy();
      const { user, system } = process.cpuUsage(start);
      // The first is slower.
      if (turn > 0) times[way]?.push((user + system) / count);
    }
  for (const one of [...given, ...ways]) one.destroy();
  const [plain, turned] = times;
  const ratios = plain.map((time, i) => time / (turned[i] as number));
  rows.push([
    sizes.join(" × "),
    showSpread(spread(plain), 2),
    showSpread(spread(turned), 2),
    showSpread(spread(ratios), 2),
  ]);
}
client.destroy();
const head = ["batch × inputs × outputs", "as it is, µs", "turned first, µs", "ratio"];
console.log(
  `${cpus()[0]?.model}, one thread, processor time, ${options.turns} turns each; median (lowest–highest).\n\n${table(head, rows)}`,
);
