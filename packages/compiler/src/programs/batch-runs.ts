import { BioflaxError, type Network, sizeOf } from "@bioflax/core";
import { type Evaluation, EvaluationTotal } from "@bioflax/metrics";
import type { BatchProgramKind } from "./batch-program";
import { checkRows } from "./checks";
import type { Source } from "./source";

/** The most examples run at once. */
const BATCH = 1000;
/** The most numbers a layer puts out for them, so that they fit in memory with room to spare. */
const NUMBERS = 2 ** 23;

/** What a program over one batch has given. */
export interface BatchOutputs {
  readonly outputs: readonly Float32Array[];
  /** The names of the last outputs, which are scalars. */
  readonly observed: readonly string[];
}

/** Runs a program over one batch. */
export interface BatchRunner {
  /** Whose runs they are, for errors. */
  readonly who: string;
  /** How many of the network's inputs an example holds. */
  readonly rowsPerExample: number;
  runBatch(kind: BatchProgramKind, source: Source, rows: Int32Array): Promise<BatchOutputs>;
}

/** A network's passes forward over many rows, in large batches. */
export class BatchRuns {
  readonly #network: Network;
  readonly #runner: BatchRunner;

  constructor(network: Network, runner: BatchRunner) {
    this.#network = network;
    this.#runner = runner;
  }

  /** The mean loss over examples and, where the loss is of classes or labels, how much of them is right. */
  async evaluate(source: Source, rows: Int32Array): Promise<Evaluation> {
    if (rows.length === 0)
      throw new BioflaxError(
        `${this.#runner.who}: expected at least one row to evaluate, received none.`,
      );
    const total = new EvaluationTotal();
    await this.#forEach("evaluation", source, rows, (outputs, batch, observed) =>
      total.add(
        batch,
        observed,
        outputs.map((output) => output[0] as number),
      ),
    );
    return total.result(this.#runner.rowsPerExample);
  }

  /** The network's outputs, row-major. */
  async predict(source: Source, rows: Int32Array): Promise<Float32Array> {
    const outputs: Float32Array[] = [];
    await this.#forEach("prediction", source, rows, ([output]) =>
      outputs.push(output as Float32Array),
    );
    const result = new Float32Array(outputs.reduce((total, { length }) => total + length, 0));
    outputs.reduce((offset, output) => {
      result.set(output, offset);
      return offset + output.length;
    }, 0);
    return result;
  }

  async #forEach(
    kind: BatchProgramKind,
    source: Source,
    rows: Int32Array,
    use: (outputs: readonly Float32Array[], batch: number, observed: readonly string[]) => void,
  ): Promise<void> {
    checkRows(source, rows);
    const largest = Math.max(...this.#network.layers.map(({ outputShape }) => sizeOf(outputShape)));
    const most = Math.min(BATCH, Math.max(1, Math.floor(NUMBERS / largest)));
    for (let position = 0; position < rows.length; position += most) {
      const some = rows.subarray(position, position + most);
      const { outputs, observed } = await this.#runner.runBatch(kind, source, some);
      use(outputs, some.length, observed);
    }
  }
}
