import { createTrainable, sizeOf, slotNames } from "@bioflax/core";
import type { Engine, EngineFactory, EngineSetup, Evaluation } from "@bioflax/trainer";

/** What a fake engine is to report; epochs and steps count from 1. */
export interface Script {
  readonly loss?: (epoch: number, step: number) => number;
  readonly test?: (epoch: number) => Evaluation;
  readonly validation?: (epoch: number) => Evaluation;
  /** Called before each step. */
  readonly onStep?: (epoch: number, step: number) => void;
}

/** An engine that trains nothing and reports what a script says, to test everything around engines. */
export function fakeEngine({
  loss = (epoch, step) => 1 / epoch + step / 1000,
  test = (epoch) => ({ loss: 1 / epoch, accuracy: 1 - 1 / (epoch + 1) }),
  validation = test,
  onStep,
}: Script = {}): { createEngine: EngineFactory; setups: EngineSetup[]; disposed: () => number } {
  const setups: EngineSetup[] = [];
  let disposed = 0;
  const createEngine: EngineFactory = async (setup) => {
    setups.push(setup);
    const stepsPerEpoch = Math.ceil(setup.dataset.train.indices.length / setup.batchSize);
    let stepsTaken = setup.stepsTaken ?? 0;
    const { network, optimizer } = createTrainable(setup);
    const zeros = network.parameters.flatMap((info) =>
      slotNames(info, optimizer).map((name) => [name, new Float32Array(sizeOf(info.shape))]),
    );
    const slots = setup.slots ?? Object.fromEntries(zeros);
    /** The epoch under way, or the last one that is complete. */
    const current = () => Math.ceil(stepsTaken / stepsPerEpoch);
    const engine: Engine = {
      name: "compiled",
      device: "fake",
      threads: 3,
      versions: { fake: "1.2.3" },
      async trainEpoch(rows, { alignmentBatches, onProgress, signal }) {
        const losses: number[] = [];
        for (let row = 0; row < rows.length && !signal?.aborted; row += setup.batchSize) {
          const step = (stepsTaken++ % stepsPerEpoch) + 1;
          onStep?.(current(), step);
          losses.push(loss(current(), step));
          const done = Math.min(row + setup.batchSize, rows.length);
          onProgress?.(done, Float64Array.of(losses.at(-1) as number));
        }
        const alignment = Array.from({ length: Math.min(alignmentBatches, losses.length) }, () => ({
          gradient: 0.5,
          gradientNormRatio: 2,
          "layers.0.gradient": 0,
          "layers.0.gradientNormRatio": 1,
        }));
        return { losses: Float64Array.from(losses), alignment };
      },
      evaluate: async (split) =>
        split === setup.dataset.test ? test(current()) : validation(current()),
      predict: async (_split, rows) =>
        Float32Array.from({ length: rows.length * setup.dataset.outputs }, (_, i) => i % 7),
      weights: async () => setup.weights,
      snapshot: async () => ({ weights: setup.weights, slots, stepsTaken }),
      async dispose() {
        disposed++;
      },
    };
    return engine;
  };
  return { createEngine, setups, disposed: () => disposed };
}
