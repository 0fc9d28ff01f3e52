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
    let epoch = 0;
    const engine: Engine = {
      name: "compiled",
      device: "fake",
      threads: 3,
      versions: { fake: "1.2.3" },
      async trainEpoch(rows, { alignmentBatches, onProgress, signal }) {
        epoch++;
        const losses: number[] = [];
        for (let row = 0; row < rows.length && !signal?.aborted; row += setup.batchSize) {
          onStep?.(epoch, losses.length + 1);
          losses.push(loss(epoch, losses.length + 1));
          onProgress?.(Math.min(row + setup.batchSize, rows.length));
        }
        const alignment = Array.from({ length: Math.min(alignmentBatches, losses.length) }, () => ({
          gradient: 0.5,
          gradientNormRatio: 2,
          "layers.0.gradient": 0,
          "layers.0.gradientNormRatio": 1,
        }));
        return { losses: Float64Array.from(losses), alignment };
      },
      evaluate: async (split) => (split === setup.dataset.test ? test(epoch) : validation(epoch)),
      predict: async (_split, rows) =>
        Float32Array.from({ length: rows.length * setup.dataset.outputs }, (_, i) => i % 7),
      weights: async () => setup.weights,
      async dispose() {
        disposed++;
      },
    };
    return engine;
  };
  return { createEngine, setups, disposed: () => disposed };
}
