import { BioflaxError, type Network, sizeOf } from "@bioflax/core";
import { type Evaluation, EvaluationTotal } from "@bioflax/metrics";
import type { BatchProgramKind } from "./batch-program";
import { checkRows } from "./checks";
import type { Source } from "./source";

/** The most examples run at once. */
const BATCH = 1000;
/** The most numbers a layer puts out for them, so that they fit in memory with room to spare. */
const NUMBERS = 2 ** 23;

/**
 * The most of each of several networks, so that some take the memory of one; however many they are, for how a mean is
 * taken in batches decides its last bits.
 */
const REPLICA_BATCH = 100;

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
  /** Of several networks, how many there are; undefined of one by itself. */
  readonly replicas: number | undefined;
  /** How many of the network's inputs an example holds. */
  readonly rowsPerExample: number;
  /** Of replicas, one's rows after another's, and so the outputs. */
  runBatch(kind: BatchProgramKind, source: Source, rows: Int32Array): Promise<BatchOutputs>;
}

/** What is asked of a network about many rows, in large batches. */
export class BatchRuns {
  readonly #network: Network;
  readonly #runner: BatchRunner;

  constructor(network: Network, runner: BatchRunner) {
    this.#network = network;
    this.#runner = runner;
  }

  /** Each network's mean loss over examples and, where the loss is of classes or labels, how much of them is right. */
  async evaluate(source: Source, rows: readonly Int32Array[]): Promise<Evaluation[]> {
    this.#expectRows(rows, "to evaluate");
    const totals = rows.map(() => new EvaluationTotal());
    await this.#forEach("evaluation", source, rows, (outputs, batch, observed) => {
      totals.forEach((total, replica) => {
        const values = outputs.map((output) => output[replica] as number);
        total.add(batch, observed, values);
      });
    });
    return totals.map((total) => total.result(this.#runner.rowsPerExample));
  }

  /** What a program gives for each of the rows of each network, row-major. */
  async answer(
    kind: Exclude<BatchProgramKind, "evaluation">,
    source: Source,
    rows: readonly Int32Array[],
  ): Promise<Float32Array[]> {
    this.#expectRows(rows, "to answer for");
    const parts = rows.map((): Float32Array[] => []);
    await this.#forEach(kind, source, rows, ([output = new Float32Array()]) => {
      const size = output.length / rows.length;
      parts.forEach((own, replica) => {
        own.push(output.subarray(replica * size, (replica + 1) * size));
      });
    });
    return parts.map(joined);
  }

  #expectRows([first]: readonly Int32Array[], what: string): void {
    if (first?.length === 0)
      throw new BioflaxError(
        `${this.#runner.who}: expected at least one row ${what}, received none.`,
      );
  }

  async #forEach(
    kind: BatchProgramKind,
    source: Source,
    rows: readonly Int32Array[],
    use: (outputs: readonly Float32Array[], batch: number, observed: readonly string[]) => void,
  ): Promise<void> {
    for (const own of rows) checkRows(source, own);
    const largest = Math.max(...this.#network.layers.map(({ outputShape }) => sizeOf(outputShape)));
    const whole = Math.min(BATCH, Math.max(1, Math.floor(NUMBERS / largest)));
    const most =
      this.#runner.replicas === undefined ? whole : Math.ceil((whole * REPLICA_BATCH) / BATCH);
    const { length } = rows[0] as Int32Array;
    for (let position = 0; position < length; position += most) {
      const some = rows.map((own) => own.subarray(position, position + most));
      const { outputs, observed } = await this.#runner.runBatch(kind, source, joined(some));
      use(outputs, (some[0] as Int32Array).length, observed);
    }
  }
}

/** Arrays one after another. */
function joined<Numbers extends Float32Array | Int32Array>(arrays: readonly Numbers[]): Numbers {
  const [first] = arrays as readonly [Numbers];
  if (arrays.length === 1) return first;
  const length = arrays.reduce((sum, array) => sum + array.length, 0);
  const all = new (first.constructor as new (length: number) => Numbers)(length);
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
