import {
  describeOption,
  type Float64Tensor,
  fitsOption,
  float64Tensor,
  type Option,
  type Options,
  Random,
  referenceOps,
  type Shape,
  sameShape,
  shapeOps,
  showShape,
  sizeOf,
  type TensorOps,
} from "@bioflax/core";

/** What contracts are made of: each throws an error that says who breaks it, where, and how far off it is. */

/** @throws Error in the words of a contract. */
export function broken(who: string, problem: string): never {
  throw new Error(`${who} breaks its contract: ${problem}`);
}

/** @throws Error unless it holds. */
export function ensure(holds: boolean, who: string, problem: string): asserts holds {
  if (!holds) broken(who, problem);
}

/** Tensors of normal numbers, none of them near 0, where many functions have a kink. */
export function drawn(random: Random, shape: Shape, scale = 1): Float64Tensor {
  const values = Array.from({ length: sizeOf(shape) }, () => {
    const x = random.normal();
    return scale * (Math.abs(x) < 0.05 ? x + Math.sign(x || 1) * 0.05 : x);
  });
  return float64Tensor(values, shape);
}

/** @throws Error where values are not as expected, naming the worst. */
export function ensureClose(
  who: string,
  what: string,
  received: Float64Tensor,
  expected: Float64Tensor,
  tolerance = 1e-6,
): void {
  ensure(
    sameShape(received.shape, expected.shape),
    who,
    `${what} has the shape ${showShape(received.shape)}, expected ${showShape(expected.shape)}.`,
  );
  const scale = expected.data.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1e-3);
  let [worst, at] = [0, 0];
  received.data.forEach((x, i) => {
    const off = Math.abs(x - (expected.data[i] as number)) / scale;
    if (!(off <= worst)) [worst, at] = [Number.isNaN(off) ? Number.POSITIVE_INFINITY : off, i];
  });
  ensure(
    worst <= tolerance,
    who,
    `${what} is ${received.data[at]} at element ${at}, expected ${expected.data[at]}: off by ${worst.toPrecision(3)} of the largest.`,
  );
}

/** @throws Error where a value is not finite. */
export function ensureFinite(who: string, what: string, { data }: Float64Tensor): void {
  const at = data.findIndex((x) => !Number.isFinite(x));
  ensure(at < 0, who, `${what} is ${data[at]} at element ${at}, expected a finite number.`);
}

/** ∂f/∂x by central differences. @param f a number of x. */
export function numericalGradient(
  f: (x: Float64Tensor) => number,
  x: Float64Tensor,
): Float64Tensor {
  const h = 1e-5;
  const shifted = (i: number, by: number) =>
    f(
      float64Tensor(
        x.data.map((value, j) => (i === j ? value + by : value)),
        x.shape,
      ),
    );
  return float64Tensor(
    Array.from(x.data, (_, i) => (shifted(i, h) - shifted(i, -h)) / (2 * h)),
    x.shape,
  );
}

/** Σ a ⊙ b. */
export const inner = (a: Float64Tensor, b: Float64Tensor): number =>
  a.data.reduce((sum, x, i) => sum + x * (b.data[i] as number), 0);

/** @throws Error where shapes alone say another shape than values do. */
export function ensureShapes(
  who: string,
  what: string,
  definition: <T>(ops: TensorOps<T>, inputs: readonly T[]) => readonly (T | undefined)[],
  inputs: readonly Float64Tensor[],
): void {
  const values = definition<Float64Tensor>(referenceOps, inputs);
  const shapes = definition<Shape>(
    shapeOps,
    inputs.map(({ shape }) => shape),
  );
  values.forEach((value, i) => {
    const shape = shapes[i];
    if (value === undefined || shape === undefined) return;
    ensure(
      sameShape(value.shape, shape),
      who,
      `${what} ${i} has the shape ${showShape(value.shape)}, and by shapes alone ${showShape(shape)}.`,
    );
  });
}

/** Values an option must not have. */
function outside(option: Option): unknown[] {
  if (option.type === "flag") return [1, "true"];
  if (option.type === "choice") return ["no such choice", 1];
  if (option.type === "words") return ["word", [1]];
  const { from, above, to, below, whole } = option;
  const numbers = [
    ...(from === undefined ? [] : [from - 1]),
    ...(above === undefined ? [] : [above]),
    ...(to === undefined ? [] : [to + 1]),
    ...(below === undefined ? [] : [below]),
    ...(whole ? [(from ?? 0) + 0.5] : []),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "1",
  ];
  return option.type === "numbers" ? numbers.map((x) => [x]) : numbers;
}

/** Other values an option may have than one. */
function inside(option: Option, but: unknown): unknown[] {
  const candidates: unknown[] =
    option.type === "flag"
      ? [true, false]
      : option.type === "choice"
        ? [...option.choices]
        : option.type === "number"
          ? [0.5, 0.9, 0.1, 2, 3, 0.01, 5, 10, 100, 0, -1, 1]
          : [];
  return candidates.filter((value) => value !== but && fitsOption(option, value));
}

/**
 * @param create makes one with some options, through the registry.
 * @param base options that it can be made with.
 * @throws Error where an option's default is outside its range, a value outside of it is taken, or an unknown option
 *   is.
 */
export function ensureOptions(
  who: string,
  options: Options,
  base: object,
  create: (options: object) => unknown,
): void {
  const isRefused = (given: object) => {
    try {
      create(given);
      return false;
    } catch {
      return true;
    }
  };
  for (const [name, option] of Object.entries(options)) {
    ensure(
      typeof option.doc === "string" && option.doc !== "",
      who,
      `its option "${name}" says nothing of itself: give it a doc.`,
    );
    ensure(
      option.default === undefined || fitsOption(option, option.default),
      who,
      `the default of its option "${name}" is ${option.default}, expected ${describeOption(option)}.`,
    );
    for (const value of outside(option))
      ensure(
        isRefused({ ...base, [name]: value }),
        who,
        `it takes ${JSON.stringify(value)} for its option "${name}", expected ${describeOption(option)}.`,
      );
  }
  ensure(
    isRefused({ ...base, noSuchOption: 1 }),
    who,
    "it takes an option that it does not have, noSuchOption.",
  );
}

/**
 * @param bases options that it can be made with, of which one is enough.
 * @param effectOf what it does with some options.
 * @throws Error where an option changes nothing: it is said and not read.
 */
export function ensureOptionsMatter(
  who: string,
  options: Options,
  bases: readonly object[],
  effectOf: (options: object) => string,
): void {
  for (const [name, option] of Object.entries(options)) {
    const others = (base: object) =>
      inside(option, (base as Record<string, unknown>)[name] ?? option.default);
    if (bases.every((base) => others(base).length === 0)) continue;
    const matters = bases.some((base) => {
      const before = effectOf(base);
      return others(base).some((value) => {
        try {
          return effectOf({ ...base, [name]: value }) !== before;
        } catch {
          // Values that do not go together are refused, which is an effect of neither.
          return false;
        }
      });
    });
    ensure(matters, who, `its option "${name}" changes nothing, whatever it is.`);
  }
}

/** A stream for one contract. */
export const streamOf = (who: string) => new Random(0, "contract", who);
