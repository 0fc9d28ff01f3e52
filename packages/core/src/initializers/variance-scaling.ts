import { lookUp } from "../errors";
import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { Random } from "../random/random";
import type { Initializer } from "./initializer";

/** The standard deviation of N(0, 1) cut off at ±2; dividing by it restores the asked-for variance. */
const TRUNCATED_STDDEV = 0.87962566103423978;

const draws = {
  truncatedNormal: (random: Random, stddev: number) =>
    (stddev / TRUNCATED_STDDEV) * random.truncatedNormal(),
  normal: (random: Random, stddev: number) => stddev * random.normal(),
  uniform: (random: Random, stddev: number) => Math.sqrt(3) * stddev * (2 * random.uniform() - 1),
} as const;

const denominators = {
  fanIn: (fanIn: number, _fanOut: number) => fanIn,
  fanOut: (_fanIn: number, fanOut: number) => fanOut,
  fanAvg: (fanIn: number, fanOut: number) => (fanIn + fanOut) / 2,
} as const;

/** Options of {@link varianceScaling}. */
export interface VarianceScalingOptions {
  /** What the variance is multiplied by; 1 when left out. */
  readonly scale?: number;
  /** Which fan the variance is divided by; `fanIn` when left out. */
  readonly mode?: keyof typeof denominators;
  /** `truncatedNormal` (cut at ±2σ, with its variance restored, as JAX does it), `normal` or `uniform`. */
  readonly distribution?: keyof typeof draws;
}

/** The fans of a weight whose last two axes are [in, out]; leading axes are a receptive field. */
function fans(shape: Shape): [fanIn: number, fanOut: number] {
  const receptiveField = sizeOf(shape.slice(0, -2));
  const fanIn = (shape.at(-2) ?? 1) * receptiveField;
  return [fanIn, (shape.at(-1) ?? 1) * receptiveField];
}

/**
 * Random values of variance scale / fan.
 *
 * LeCun et al. 1998 (fan in, scale 1), Glorot & Bengio 2010 (fan average, scale 1), He et al. 2015 (fan in, scale 2).
 *
 * @throws BioflaxError for an unknown mode or distribution.
 */
export function varianceScaling({
  scale = 1,
  mode = "fanIn",
  distribution = "truncatedNormal",
}: VarianceScalingOptions = {}): Initializer {
  const draw = lookUp("distribution", draws, distribution);
  const denominator = lookUp("variance-scaling mode", denominators, mode);
  return (shape) => {
    const stddev = Math.sqrt(scale / Math.max(1, denominator(...fans(shape))));
    return { stddev, draw: (random) => draw(random, stddev) };
  };
}
