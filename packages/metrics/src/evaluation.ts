/**
 * A mean loss over examples and, by each measure of accuracy there is, the share of them that is right: see
 * `countRight`. Of values, how large errors are: see `determination`.
 */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy?: number;
  readonly exactMatch?: number;
  /** The mean over examples and outputs of (y − t)². */
  readonly squaredError?: number;
  /** R², in place of the squared error where the targets' variance is known. */
  readonly r2?: number;
}

/** Adds evaluations of batches up to that of all their examples. */
export class EvaluationTotal {
  readonly #sums: Record<string, number> = {};
  #loss = 0;
  #examples = 0;

  /**
   * @param examples how many the batch has.
   * @param names of the measures.
   * @param values the batch's mean loss, then the sum of each measure over the examples: of accuracy, how much is right.
   */
  add(examples: number, names: readonly string[], [loss, ...sums]: readonly number[]): void {
    this.#loss += (loss as number) * examples;
    this.#examples += examples;
    names.forEach((name, i) => {
      this.#sums[name] = (this.#sums[name] ?? 0) + (sums[i] as number);
    });
  }

  /** @param rowsPerExample how many of the network's inputs an example holds. */
  result(rowsPerExample: number): Evaluation {
    const rows = this.#examples * rowsPerExample;
    const shares = Object.entries(this.#sums).map(([name, count]) => [name, count / rows]);
    return { loss: this.#loss / this.#examples, ...Object.fromEntries(shares) };
  }
}
