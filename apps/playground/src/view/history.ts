import type { RuleProgress } from "../training/protocol";

/** Points a curve has at most; beyond, neighbours are joined. */
const MOST_POINTS = 1500;

/** Curves over the same steps: gaps are NaN. */
export class Curves {
  steps: number[] = [];
  values: number[][] = [];
  #every = 1;
  #skipped = 0;

  /** Adds a value to each curve, or leaves it out where there are points enough. */
  add(step: number, values: readonly number[]): void {
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

  constructor(
    rules: number,
    /** Layers with a kernel. */
    readonly layers: number,
  ) {
    this.angles = Array.from({ length: rules }, () => ({
      weights: new Curves(),
      signal: new Curves(),
      gradient: new Curves(),
    }));
    this.everyLoss = Array.from({ length: rules }, () => []);
  }

  /** Takes in what came of some steps. */
  add(rules: readonly RuleProgress[]): void {
    const first = this.steps + 1;
    this.steps += rules[0]?.losses.length ?? 0;
    this.losses.add(
      this.steps,
      rules.map(({ losses }) => mean(losses)),
    );
    if (rules[0]?.test !== undefined)
      this.test.add(
        this.steps,
        rules.map(({ test }) => test?.accuracy ?? (test?.loss as number)),
      );
    rules.forEach(({ alignment, losses }, rule) => {
      for (const loss of losses) this.everyLoss[rule]?.push(loss);
      for (const [name, curves] of Object.entries(this.angles[rule] ?? {}))
        curves.add(
          first,
          Array.from({ length: this.layers }, (_, layer) =>
            degrees(alignment[`layers.${layer}.${name}`]),
          ),
        );
    });
  }

  /** Every step's loss as comma-separated values, a column a rule. */
  csv(rules: readonly string[]): string {
    const lines = Array.from({ length: this.steps }, (_, step) =>
      [step + 1, ...this.everyLoss.map((losses) => losses[step])].join(","),
    );
    return [`step,${rules.join(",")}`, ...lines, ""].join("\n");
  }
}
