/**
 * A mean loss over examples and, by each measure of accuracy there is, the share of them that is right: see
 * `countRight`.
 */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy?: number;
  readonly exactMatch?: number;
}

/** Adds evaluations of batches up to that of all their examples. */
export class EvaluationTotal {
  readonly #right: Record<string, number> = {};
  #loss = 0;
  #examples = 0;

  /**
   * @param examples how many the batch has.
   * @param names of the measures of accuracy.
   * @param values the batch's mean loss, then how much of it is right by each measure.
   */
  add(examples: number, names: readonly string[], [loss, ...right]: readonly number[]): void {
    this.#loss += (loss as number) * examples;
    this.#examples += examples;
    names.forEach((name, i) => {
      this.#right[name] = (this.#right[name] ?? 0) + (right[i] as number);
    });
  }

  /** @param rowsPerExample how many of the network's inputs an example holds. */
  result(rowsPerExample: number): Evaluation {
    const rows = this.#examples * rowsPerExample;
    const shares = Object.entries(this.#right).map(([name, count]) => [name, count / rows]);
    return { loss: this.#loss / this.#examples, ...Object.fromEntries(shares) };
  }
}
