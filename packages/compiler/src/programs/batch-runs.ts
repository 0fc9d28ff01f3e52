import { BioflaxError, sizeOf, type Trainable } from "@bioflax/core";
import { type Evaluation, EvaluationTotal } from "@bioflax/metrics";
import { hostTensor } from "../runtime/runtime";
import type { SessionPool } from "../runtime/session-pool";
import {
  evaluationProgram,
  type Program,
  type ProgramContext,
  predictionProgram,
} from "./batch-programs";
import { checkRows } from "./checks";
import type { NetworkState } from "./network-state";
import type { Source } from "./source";

/** The most examples run at once. */
const BATCH = 1000;
/** The most numbers a layer puts out for them, so that they fit in memory with room to spare. */
const NUMBERS = 2 ** 23;

/** A network's passes forward over many rows, in large batches. */
export class BatchRuns {
  readonly #trainable: Trainable;
  readonly #sessions: SessionPool;
  readonly #state: NetworkState;

  constructor(trainable: Trainable, sessions: SessionPool, state: NetworkState) {
    this.#trainable = trainable;
    this.#sessions = sessions;
    this.#state = state;
  }

  /** The mean loss over examples and, where the loss is of classes or labels, how much of them is right. */
  async evaluate(source: Source, rows: Int32Array): Promise<Evaluation> {
    if (rows.length === 0)
      throw new BioflaxError(
        "CompiledNetwork: expected at least one row to evaluate, received none.",
      );
    const total = new EvaluationTotal();
    await this.#forEach("evaluation", evaluationProgram, source, rows, (outputs, batch, observed) =>
      total.add(
        batch,
        observed,
        outputs.map((output) => output[0] as number),
      ),
    );
    return total.result(this.#sessions.rowsPerExample);
  }

  /** The network's outputs, row-major. */
  async predict(source: Source, rows: Int32Array): Promise<Float32Array> {
    const outputs: Float32Array[] = [];
    await this.#forEach("prediction", predictionProgram, source, rows, ([output]) =>
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
    kind: string,
    program: (context: ProgramContext) => Program,
    source: Source,
    rows: Int32Array,
    use: (outputs: Float32Array[], batch: number, observed: readonly string[]) => void,
  ): Promise<void> {
    checkRows(source, rows);
    const { layers } = this.#trainable.network;
    const largest = Math.max(...layers.map(({ outputShape }) => sizeOf(outputShape)));
    const most = Math.min(BATCH, Math.max(1, Math.floor(NUMBERS / largest)));
    for (let position = 0; position < rows.length; ) {
      const batch = Math.min(most, rows.length - position);
      const { session, observed } = await this.#sessions.get(kind, source, batch, program);
      const results = await session.run({
        ...(await this.#sessions.sourceTensors(source)),
        ...this.#state.feeds(),
        rows: await hostTensor("int32", rows.subarray(position, position + batch), [batch]),
      });
      use(
        results.map(({ data }) => data as Float32Array),
        batch,
        observed,
      );
      position += batch;
    }
  }
}
