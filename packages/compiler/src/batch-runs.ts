import { BioflaxError, sizeOf, type Trainable } from "@bioflax/core";
import { checkRows } from "./checks";
import type { Model } from "./graph/model";
import type { NetworkState } from "./network-state";
import { evaluationProgram, type ProgramContext, predictionProgram } from "./programs";
import { hostTensor } from "./runtime";
import type { SessionPool } from "./session-pool";
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

  /** The mean loss over examples and, where the targets are labels, the share classified right. */
  async evaluate(source: Source, rows: Int32Array): Promise<{ loss: number; accuracy?: number }> {
    if (rows.length === 0)
      throw new BioflaxError(
        "CompiledNetwork: expected at least one row to evaluate, received none.",
      );
    let loss = 0;
    let correct = 0;
    await this.#forEach("evaluation", evaluationProgram, source, rows, (outputs, batch) => {
      const [batchLoss, batchCorrect] = outputs;
      loss += (batchLoss?.[0] as number) * batch;
      correct += batchCorrect?.[0] ?? 0;
    });
    const labelled = this.#trainable.loss.targets === "labels";
    return { loss: loss / rows.length, ...(labelled ? { accuracy: correct / rows.length } : {}) };
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
    program: (context: ProgramContext) => Model,
    source: Source,
    rows: Int32Array,
    use: (outputs: Float32Array[], batch: number) => void,
  ): Promise<void> {
    checkRows(source, rows);
    const { layers } = this.#trainable.network;
    const largest = Math.max(...layers.map(({ outputShape }) => sizeOf(outputShape)));
    const most = Math.min(BATCH, Math.max(1, Math.floor(NUMBERS / largest)));
    for (let position = 0; position < rows.length; ) {
      const batch = Math.min(most, rows.length - position);
      const { session } = await this.#sessions.get(kind, source, batch, (context) => ({
        model: program(context),
      }));
      const results = await session.run({
        ...(await this.#sessions.sourceTensors(source)),
        ...this.#state.feeds(),
        rows: await hostTensor("int32", rows.subarray(position, position + batch), [batch]),
      });
      use(
        results.map(({ data }) => data as Float32Array),
        batch,
      );
      position += batch;
    }
  }
}
