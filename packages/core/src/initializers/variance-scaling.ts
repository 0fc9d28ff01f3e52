import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { GivenOptions, Options } from "../options/option";
import type { Random } from "../random/random";
import { defineInitializer } from "./initializer";

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

/** The fans of a weight whose last two axes are [in, out]; leading axes are a receptive field. */
function fans(shape: Shape): [fanIn: number, fanOut: number] {
  const receptiveField = sizeOf(shape.slice(0, -2));
  const fanIn = (shape.at(-2) ?? 1) * receptiveField;
  return [fanIn, (shape.at(-1) ?? 1) * receptiveField];
}

const options = {
  /** What the variance is multiplied by; 1 when left out, in He's 2. */
  scale: { type: "number", from: 0, doc: "what the variance is multiplied by" },
  /** Which fan the variance is divided by. */
  mode: {
    type: "choice",
    choices: ["fanIn", "fanOut", "fanAvg"],
    doc: "which fan it is divided by",
  },
  /** `truncatedNormal` (cut at ±2σ, with its variance restored, as JAX does it), `normal` or `uniform`. */
  distribution: {
    type: "choice",
    choices: ["truncatedNormal", "normal", "uniform"],
    doc: "what values are drawn from",
  },
} as const satisfies Options;

/** Options of {@link varianceScaling}. */
export type VarianceScalingOptions = Partial<GivenOptions<typeof options>>;

/**
 * Random values of variance scale / fan.
 *
 * LeCun et al. 1998 (fan in, scale 1), Glorot & Bengio 2010 (fan average, scale 1), He et al. 2015 (fan in, scale 2).
 */
function scaling<const Defaults extends Required<VarianceScalingOptions>>(
  name: string,
  defaults: Defaults,
) {
  return defineInitializer({
    name,
    options: {
      scale: { ...options.scale, default: defaults.scale as number },
      mode: { ...options.mode, default: defaults.mode },
      distribution: { ...options.distribution, default: defaults.distribution },
    },
    create({ scale, mode, distribution }) {
      const draw = draws[distribution];
      const denominator = denominators[mode];
      return (shape) => {
        const stddev = Math.sqrt(scale / Math.max(1, denominator(...fans(shape))));
        return { stddev, draw: (random) => draw(random, stddev) };
      };
    },
  });
}

/** Random values of variance scale / fan: see the other initializers of this family, which only have other defaults. */
export const varianceScaling = scaling("varianceScaling", {
  scale: 1,
  mode: "fanIn",
  distribution: "truncatedNormal",
});

/** LeCun's: variance 1 / fan in. */
export const lecunNormal = scaling("lecunNormal", {
  scale: 1,
  mode: "fanIn",
  distribution: "truncatedNormal",
});

/** LeCun's, uniform. */
export const lecunUniform = scaling("lecunUniform", {
  scale: 1,
  mode: "fanIn",
  distribution: "uniform",
});

/** Glorot's: variance 1 over the mean of both fans. */
export const glorotNormal = scaling("glorotNormal", {
  scale: 1,
  mode: "fanAvg",
  distribution: "truncatedNormal",
});

/** Glorot's, uniform. */
export const glorotUniform = scaling("glorotUniform", {
  scale: 1,
  mode: "fanAvg",
  distribution: "uniform",
});

/** He's: variance 2 / fan in. */
export const heNormal = scaling("heNormal", {
  scale: 2,
  mode: "fanIn",
  distribution: "truncatedNormal",
});

/** He's, uniform. */
export const heUniform = scaling("heUniform", {
  scale: 2,
  mode: "fanIn",
  distribution: "uniform",
});
