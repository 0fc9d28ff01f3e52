import type { RuleProgress } from "../training/protocol";

/** Points a curve has at most; beyond, neighbours are joined. */
const MOST_POINTS = 1500;

/** Over how long the pace is measured, in milliseconds. */
const PACE_OVER = 2000;

/** Curves over the same steps: gaps are NaN. */
export class Curves {
  steps: number[] = [];
  values: number[][] = [];
  /** The value that was added last to each curve, be it among the points or not. */
  last: readonly number[] = [];
  #every = 1;
  #skipped = 0;

  /** Adds a value to each curve, or leaves it out where there are points enough. */
  add(step: number, values: readonly number[]): void {
    this.last = values;
    this.#skipped += 1;
    if (this.#skipped < this.#every) return;
    this.#skipped = 0;
    this.steps.push(step);
    values.forEach((value, curve) => {
      const own = this.values[curve] ?? [];
      this.values[curve] = own;
      own.push(value);
    });
    if (this.steps.length <= MOST_POINTS) return;
    const isKept = (_: number, index: number) => index % 2 === 0;
    this.steps = this.steps.filter(isKept);
    this.values = this.values.map((own) => own.filter(isKept));
    this.#every *= 2;
  }
}

const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;

/** The angle of a cosine, in degrees; NaN where there is none. */
const degrees = (cosine: number | undefined) =>
  cosine === undefined
    ? Number.NaN
    : (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;

/** What angles are between. */
export const angles = {
  weights: "feedback and forward weights",
  signal: "the error signal and backpropagation's",
  gradient: "the update and backpropagation's",
} as const;

/** Which angle. */
export type AngleName = keyof typeof angles;

/** How the networks of a run did so far. */
export class History {
  steps = 0;
  /** Training losses: of each turn, their mean. */
  readonly losses = new Curves();
  /** After each epoch on the test set: accuracy, or where there are no classes the loss. */
  readonly test = new Curves();
  /** Angles by rule: a curve for each layer. */
  readonly angles: readonly Readonly<Record<AngleName, Curves>>[];
  /** Every step's loss, by rule. */
  readonly everyLoss: number[][];
  /** What was measured after each epoch, by rule. */
  readonly everyTest: { readonly step: number; readonly rules: readonly RuleProgress["test"][] }[] =
    [];
  /** When the last steps came in, and how many there were by then. */
  readonly #pace: { readonly time: number; readonly steps: number }[] = [];

  constructor(
    /** How many rules there are. */
    readonly rules: number,
    /** Places of the layers with a kernel, by which alignment names them. */
    readonly layers: readonly number[],
  ) {
    this.angles = Array.from({ length: rules }, () => ({
      weights: new Curves(),
      signal: new Curves(),
      gradient: new Curves(),
    }));
    this.everyLoss = Array.from({ length: rules }, () => []);
  }

  /** Takes in what came of some steps. */
  add(rules: readonly RuleProgress[], time = performance.now()): void {
    const first = this.steps + 1;
    this.steps += rules[0]?.losses.length ?? 0;
    this.#pace.push({ time, steps: this.steps });
    while ((this.#pace[0]?.time ?? time) < time - PACE_OVER) this.#pace.shift();
    this.losses.add(
      this.steps,
      rules.map(({ losses }) => mean(losses)),
    );
    if (rules[0]?.test !== undefined) {
      this.everyTest.push({ step: this.steps, rules: rules.map(({ test }) => test) });
      this.test.add(
        this.steps,
        rules.map(({ test }) => test?.accuracy ?? (test?.loss as number)),
      );
    }
    rules.forEach(({ alignment, losses }, rule) => {
      for (const loss of losses) this.everyLoss[rule]?.push(loss);
      if (Object.keys(alignment).length === 0) return;
      for (const [name, curves] of Object.entries(this.angles[rule] ?? {}))
        curves.add(
          first,
          this.layers.map((layer) => degrees(alignment[`layers.${layer}.${name}`])),
        );
    });
  }

  /** Steps a second, of all rules together, lately; undefined where few have been taken. */
  get stepsPerSecond(): number | undefined {
    const [from, to] = [this.#pace[0], this.#pace.at(-1)];
    if (from === undefined || to === undefined || to.time - from.time < PACE_OVER / 4)
      return undefined;
    return (1000 * this.rules * (to.steps - from.steps)) / (to.time - from.time);
  }

  /** Every step's loss as comma-separated values, a column a rule. */
  csv(rules: readonly string[]): string {
    const lines = Array.from({ length: this.steps }, (_, step) =>
      [step + 1, ...this.everyLoss.map((losses) => losses[step])].join(","),
    );
    return [`step,${rules.join(",")}`, ...lines, ""].join("\n");
  }

  /** What was measured as JSON lines: every step's loss, each epoch's test, and the angles where they were taken. */
  jsonLines(rules: readonly string[]): string {
    const lines = rules.flatMap((rule, index) => {
      const losses = (this.everyLoss[index] ?? []).map((loss, i) => ({ rule, step: i + 1, loss }));
      const tests = this.everyTest.map(({ step, rules: tests }) => ({
        ...{ rule, step },
        test: tests[index],
      }));
      const own = this.angles[index];
      const angles = (own?.gradient.steps ?? []).map((step, i) => ({
        ...{ rule, step },
        degrees: Object.fromEntries(
          Object.entries(own ?? {}).map(([name, { values }]) => [
            name,
            this.layers.map((_, layer) => values[layer]?.[i] ?? null),
          ]),
        ),
      }));
      return [...losses, ...tests, ...angles];
    });
    // What is not defined, NaN, becomes null.
    return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  }
}
