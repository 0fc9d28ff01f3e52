import { carriedNames, carriedStep } from "@bioflax/compiler";
import {
  createTrainable,
  type GivenTraining,
  needsDelayedErrors,
  noiseShape,
  slotNames,
  type TargetForm,
  targetKinds,
} from "@bioflax/core";
import { createProgram } from "../stablehlo/program";
import { stablehloOps } from "../stablehlo/stablehlo-ops";
import type { Value } from "../stablehlo/value";
import { checkBatch, type ExportedProgram, exported } from "./exported-program";

/** What a program of a training step is made from. */
export interface TrainingStepProgramSetup extends GivenTraining {
  /** How many examples a batch has, a whole number. */
  readonly batch: number;
  /**
   * How targets are given: as `labels`, int32 [batch], or as `rows`, float32 [batch, outputs]; when left out, as the
   * first kind of targets that the loss takes is.
   */
  readonly targetForm?: TargetForm | undefined;
}

/**
 * A network's training step as a StableHLO program, for XLA, JAX, IREE or whatever else reads it.
 *
 * It takes all weights, each followed by the optimizer's slots of it; `input`, float32 [batch, ...inputShape], just as
 * the network sees it; `target`; `stepsTaken`, float32, how many steps came before; `rate`, float32, the step size of
 * this one; what the rule or a layer draws anew at each step, by name; and where a rule needs it `delayed`, float32
 * [batch, outputs]. It gives, under their names, the weights and slots that the step changes, and `loss`, the mean loss of
 * the batch before the step; and where a rule needs them `exampleErrors`, [batch, outputs], which are the `delayed` of the
 * same examples the next time. Slots start from zeros, and
 * `delayed` from core's `firstErrors`.
 *
 * @throws BioflaxError for a spec that is wrong, a rule its loss does not suit, or a batch that is no whole number from
 *   1.
 * @example
 * const { text, ...signature } = trainingStepProgram({ spec, loss, optimizer, batch: 32 });
 * writeFileSync("step.mlir", text);
 * writeFileSync("step.json", JSON.stringify(signature));
 */
export function trainingStepProgram({
  batch,
  targetForm,
  ...training
}: TrainingStepProgramSetup): ExportedProgram {
  checkBatch("trainingStepProgram", batch);
  const trainable = createTrainable(training);
  const { network, optimizer, loss } = trainable;
  const form = targetForm ?? targetKinds[loss.targets[0] as keyof typeof targetKinds].form;
  const program = createProgram("training_step", (block, declare) => {
    const carried: Value[] = [];
    const parameters = network.parameters.map((info) => {
      const weight = declare(info.name, info.shape);
      const slots = slotNames(info, optimizer).map((name) => declare(name, info.shape));
      if (info.changes) carried.push(weight, ...slots);
      return weight;
    });
    const input = declare("input", [batch, ...network.spec.inputShape]);
    const target =
      form === "labels"
        ? declare("target", [batch], "int32")
        : declare("target", [batch, network.outputs]);
    const areDelayed = needsDelayedErrors(network);
    const delayed = areDelayed ? declare("delayed", [batch, network.outputs]) : undefined;
    const inputs = {
      batch: { input, target, delayed },
      stepsTaken: declare("stepsTaken", []),
      rate: declare("rate", []),
      noise: network.noise.map((info) => declare(info.name, noiseShape(info, batch))),
    };
    const setup = { trainable, parameters };
    const step = carriedStep(stablehloOps(block), setup, inputs, carried);
    return [...step.next, step.loss, ...(step.exampleErrors ? [step.exampleErrors] : [])];
  });
  return exported(program, [...carriedNames(trainable), "loss", "exampleErrors"]);
}
