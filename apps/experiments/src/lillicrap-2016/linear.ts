import { CompiledNetwork } from "@bioflax/compiler";
import { Random, type Weights } from "@bioflax/core";
import { degrees } from "@bioflax/metrics";

/** Units of the network: inputs, hidden units, outputs. */
const SIZES = [30, 20, 10] as const;

/** Examples from one look at the network to the next, and from one measurement of the angle to the next. */
const STRETCH = 50;
const MEASURED_EVERY = 5;

/** The course of a network that learns a linear function. */
export interface LinearCourse {
  /** How many examples it had seen. */
  readonly examples: readonly number[];
  /** The error of its answers, ‖T − W‖² / ‖T‖² for inputs of variance 1: 1 for answers that are 0. */
  readonly error: readonly number[];
  /**
   * The angle between what the rule and what backpropagation would have sent to the hidden units, in degrees: the mean
   * of those of some of the examples before.
   */
  readonly angle: readonly number[];
}

/** Numbers from [−bound, bound). */
const uniform = (random: Random, count: number, bound: number) =>
  Float32Array.from({ length: count }, () => bound * (2 * random.uniform() - 1));

/** The product of two matrices, row-major. */
function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [m, k, n]: readonly number[],
): Float64Array {
  const [inner, columns] = [k as number, n as number];
  return Float64Array.from({ length: (m as number) * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let l = 0; l < inner; l++)
      sum += (a[i * inner + l] as number) * (b[l * columns + j] as number);
    return sum;
  });
}

const squares = (values: Float64Array | Float32Array) =>
  Array.from(values).reduce((sum, value) => sum + value * value, 0);

/** How far a network's linear function is from the one to learn. */
function errorOf(weights: Weights, target: Float32Array): number {
  const [first, second] = ["layers.0.kernel", "layers.1.kernel"].map((name) => weights[name]);
  const own = product(first as Float32Array, second as Float32Array, SIZES);
  return squares(own.map((value, i) => value - (target[i] as number))) / squares(target);
}

/**
 * Trains a linear network on a random linear function, an example a step, as Lillicrap et al. 2016 do: T is uniform in
 * [−1, 1], inputs are normal, W and W₀ start in [−0.01, 0.01], and B is uniform in [−0.5, 0.5].
 *
 * @param seed decides the function, the examples and the weights; they are the same for both rules.
 */
export async function learnLinear(
  rule: "bp" | "fa",
  { seed, examples, rate }: { seed: number; examples: number; rate: number },
): Promise<LinearCourse> {
  const [inputs, hidden, outputs] = SIZES;
  const stream = (name: string) => new Random(seed, name);
  const target = uniform(stream("function"), inputs * outputs, 1);
  const random = stream("inputs");
  const drawn = Float32Array.from({ length: examples * inputs }, () => random.normal());
  const source = {
    inputs: drawn,
    targets: Float32Array.from(product(drawn, target, [examples, inputs, outputs])),
    count: examples,
  };
  const network = await CompiledNetwork.create({
    spec: {
      inputShape: [inputs],
      layers: [
        { type: "dense", units: hidden, useBias: false },
        { type: "dense", units: outputs, useBias: false },
      ],
      rule,
    },
    weights: {
      "layers.0.kernel": uniform(stream("first"), inputs * hidden, 0.01),
      "layers.1.kernel": uniform(stream("second"), hidden * outputs, 0.01),
      ...(rule === "fa" && {
        // The first layer's sends errors to the data, and teaches nothing.
        "layers.0.feedback": new Float32Array(inputs * hidden),
        "layers.1.feedback": uniform(stream("feedback"), hidden * outputs, 0.5),
      }),
    },
    loss: "meanSquaredError",
    // Our loss is half the mean over outputs, theirs half the sum.
    optimizer: { name: "sgd", learningRate: rate * outputs },
    batchSize: 1,
    layout: { inputShape: [inputs], targetShape: [outputs] },
    threads: 1,
  });
  const rows = Int32Array.from({ length: examples }, (_, row) => row);
  const course = { examples: [] as number[], error: [] as number[], angle: [] as number[] };
  try {
    for (let from = 0; from < examples; from += STRETCH) {
      const { alignment } = await network.train(source, rows.subarray(from, from + STRETCH), {
        alignEvery: MEASURED_EVERY,
      });
      const angles = alignment.map(({ signal }) => degrees(signal as number));
      course.examples.push(Math.min(examples, from + STRETCH));
      course.error.push(errorOf(await network.weights(), target));
      course.angle.push(angles.reduce((sum, angle) => sum + angle, 0) / angles.length);
    }
  } finally {
    await network.dispose();
  }
  return course;
}
