import { defineInitializer, type InitializerDefinition } from "./initializer";

const filled = (name: string, value: number): InitializerDefinition<Record<never, never>> =>
  defineInitializer({ name, options: {}, create: () => constant.create({ value }) });

/** Every element the same value. */
export const constant = defineInitializer({
  name: "constant",
  options: {
    /** The value; 0 when left out. */
    value: { type: "number", default: 0, doc: "the value" },
  },
  create:
    ({ value }) =>
    () => ({ stddev: 0, draw: () => value }),
});

/** Every element 0. */
export const zeros = filled("zeros", 0);

/** Every element 1. */
export const ones = filled("ones", 1);

/** Every element drawn from U[−scale, scale). bioflax's `uniform`. */
export const uniform = defineInitializer({
  name: "uniform",
  options: {
    /** The largest value; 0.05 when left out. */
    scale: { type: "number", default: 0.05, doc: "the largest value" },
  },
  create:
    ({ scale }) =>
    () => ({
      stddev: Math.abs(scale) / Math.sqrt(3),
      draw: (random) => scale * (2 * random.uniform() - 1),
    }),
});

/** Every element drawn from N(mean, stddev²). */
export const normal = defineInitializer({
  name: "normal",
  options: {
    /** The mean; 0 when left out. */
    mean: { type: "number", default: 0, doc: "the mean" },
    /** The standard deviation; 0.05 when left out. */
    stddev: { type: "number", default: 0.05, doc: "the standard deviation" },
  },
  create:
    ({ mean, stddev }) =>
    () => ({
      stddev: Math.abs(stddev),
      draw: (random) => mean + stddev * random.normal(),
    }),
});
