import { CompiledNetwork } from "@bioflax/compiler";
import {
  createNetwork,
  float64Tensor,
  forward,
  groupByLayer,
  type NetworkSpec,
  outputOf,
  Random,
  referenceOps,
  type Weights,
} from "@bioflax/core";
import type { AlignmentValues } from "@bioflax/metrics";
import type { TwoLayers } from "./equations";

/** A student that learns online: no example is seen twice. */
export interface OnlineTraining {
  readonly student: TwoLayers;
  readonly teacher: TwoLayers;
  /** The learning rate, η of the papers. */
  readonly rate: number;
  /** Fixed feedback, for feedback alignment; backpropagation when left out. */
  readonly feedback?: readonly number[] | undefined;
  /** Decides the examples. */
  readonly seed: number;
  /** When to look at the student, in N examples: rising. */
  readonly times: readonly number[];
  /** Told how the last step before each of the times is aligned with backpropagation's; not measured when left out. */
  readonly onAligned?: ((alignment: AlignmentValues<number>) => void) | undefined;
}

/** Examples drawn at a time. */
const MOST = 4096;

/** Inputs of this scale make our layers' erf the papers' g(x) = erf(x/√2), and leave the steps as theirs. */
const INPUT_SCALE = Math.SQRT1_2;

function specOf({ hidden }: TwoLayers, rule: "bp" | "fa"): NetworkSpec {
  return {
    inputShape: [(hidden[0] as Float32Array).length],
    layers: [
      { type: "dense", units: hidden.length, activation: "erf", useBias: false },
      { type: "dense", units: 1, useBias: false },
    ],
    rule,
  };
}

/** Kernels have a column a unit. */
function weightsOf({ hidden, output }: TwoLayers): Weights {
  const inputs = (hidden[0] as Float32Array).length;
  const kernel = new Float32Array(inputs * hidden.length);
  for (const [k, weights] of hidden.entries())
    for (const [i, weight] of weights.entries()) kernel[i * hidden.length + k] = weight;
  return { "layers.0.kernel": kernel, "layers.1.kernel": Float32Array.from(output) };
}

function layersOf(weights: Weights): TwoLayers {
  const output = [...(weights["layers.1.kernel"] as Float32Array)];
  const kernel = weights["layers.0.kernel"] as Float32Array;
  const hidden = output.map((_, k) => kernel.filter((_, i) => i % output.length === k));
  return { hidden, output };
}

/** Draws examples, Gaussian inputs with the teacher's answers in float64. */
export function exampleStream(teacher: TwoLayers, seed: number) {
  const spec = specOf(teacher, "bp");
  const network = createNetwork(spec);
  const weights = weightsOf(teacher);
  const parameters = groupByLayer(
    network,
    network.parameters.map(({ name, shape }) =>
      float64Tensor(weights[name] as Float32Array, shape),
    ),
  );
  const [inputs] = spec.inputShape as [number];
  const random = new Random(seed, "examples");
  return (count: number) => {
    const drawn = new Float32Array(count * inputs);
    for (let i = 0; i < drawn.length; i++) drawn[i] = INPUT_SCALE * random.normal();
    const tape = forward(referenceOps, network, parameters, float64Tensor(drawn, [count, inputs]));
    return { inputs: drawn, targets: Float32Array.from(outputOf(tape).data), count };
  };
}

/**
 * Trains a student on a stream of examples with the compiled engine, a step an example.
 *
 * @returns the student at each of the times.
 */
export async function trainOnline(training: OnlineTraining): Promise<TwoLayers[]> {
  const { student, teacher, rate, feedback, seed, times, onAligned } = training;
  const spec = specOf(student, feedback === undefined ? "bp" : "fa");
  const [inputs] = spec.inputShape as [number];
  const network = await CompiledNetwork.create({
    spec,
    weights: {
      ...weightsOf(student),
      // The first layer's would send errors to the data, and is read by nothing.
      ...(feedback !== undefined && {
        "layers.0.feedback": new Float32Array(inputs * student.hidden.length),
        "layers.1.feedback": Float32Array.from(feedback),
      }),
    },
    loss: "meanSquaredError",
    optimizer: { name: "sgd", learningRate: rate / inputs },
    batchSize: 1,
    layout: { inputShape: [inputs], targetShape: [1] },
    threads: 1,
  });
  const draw = exampleStream(teacher, seed);
  const seen: TwoLayers[] = [];
  let taken = 0;
  try {
    for (const time of times) {
      for (let left = Math.round(time * inputs) - taken; left > 0; ) {
        const count = Math.min(left, MOST);
        const examples = draw(count);
        const rows = Int32Array.from({ length: count }, (_, row) => row);
        left -= count;
        taken += count;
        const isLast = left === 0 && onAligned !== undefined;
        await network.train(examples, isLast ? rows.subarray(0, count - 1) : rows);
        if (!isLast) continue;
        const last = await network.train(examples, rows.subarray(count - 1), {
          alignmentBatches: 1,
        });
        onAligned(last.alignment[0] as AlignmentValues<number>);
      }
      seen.push(layersOf(await network.weights()));
    }
  } finally {
    await network.dispose();
  }
  return seen;
}
