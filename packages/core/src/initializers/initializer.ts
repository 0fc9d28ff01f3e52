import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { GivenOptions, Options, OptionValues } from "../options/option";
import type { Random } from "../random/random";
import type { Definition } from "../registry";

/** What the values of a weight are drawn from, one by one. */
export interface Distribution {
  /** Standard deviation of a value. */
  readonly stddev: number;
  /** Draws one value. */
  draw(random: Random): number;
}

/** How a weight of a given shape starts. */
export type Initializer = (shape: Shape) => Distribution;

/** An initializer of the registry: what it can be told, and the initializer that makes of it. */
export interface InitializerDefinition<O extends Options = Options> extends Definition {
  /** What it can be told. */
  readonly options: O;
  /** Options it can be had with, as its contract tries them; only those without a default have to be there. */
  readonly examples?: readonly Readonly<Partial<OptionValues<O>>>[];
  /** The initializer with some options, every one's value, within its range. */
  create(options: OptionValues<O>): Initializer;
}

/** An initializer's definition, with the types of its options. */
export function defineInitializer<const O extends Options>(
  definition: InitializerDefinition<O>,
): InitializerDefinition<O> {
  return definition;
}

/** What an initializer's definition can be told, as it is given. */
export type InitializerOptions<D> =
  D extends InitializerDefinition<infer O> ? GivenOptions<O> : never;

/** How many values are drawn at a stretch: some tens of milliseconds' worth. */
const STRETCH = 2 ** 18;

/** As many values as asked for, in float32, drawn one after another from a seeded stream; yields now and then. */
export function* drawInStretches(
  { draw }: Pick<Distribution, "draw">,
  count: number,
  random: Random,
): Generator<void, Float32Array> {
  const values = new Float32Array(count);
  for (let from = 0; from < count; from += STRETCH) {
    const to = Math.min(from + STRETCH, count);
    for (let i = from; i < to; i++) values[i] = draw(random);
    yield;
  }
  return values;
}

/** As many values as asked for, in float32, drawn one after another from a seeded stream. */
export function drawValues(
  distribution: Pick<Distribution, "draw">,
  count: number,
  random: Random,
): Float32Array {
  return runThrough(drawInStretches(distribution, count, random));
}

/** Runs a generator to its end. @returns what it returns. */
export function runThrough<R>(generator: Generator<unknown, R>): R {
  for (;;) {
    const { done, value } = generator.next();
    if (done) return value;
  }
}

/** A weight's starting values: row-major float32. */
export function initialValues(
  initializer: Initializer,
  shape: Shape,
  random: Random,
): Float32Array {
  return drawValues(initializer(shape), sizeOf(shape), random);
}
