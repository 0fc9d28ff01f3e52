import { toModel } from "../../graph/model";
import { Scope } from "../../graph/scope";
import { alignmentProgram } from "../alignment-program";
import { replicaAxis } from "../replicas";
import { noiseRowsOf, stepNoise } from "./noise";
import type { OnnxContext, Program } from "./onnx-context";
import { declareIn, onnxProgram } from "./program-ops";

/** How the step of a batch is aligned, as a model: its inputs are those of one step that is written out. */
export function alignmentModel(context: OnnxContext): Program {
  const { trainable, unsupportedOps, blocks } = context;
  const scope = new Scope(undefined, { unsupportedOps, blocks });
  const { outputs, places } = alignmentProgram(onnxProgram(scope), declareIn(scope), context, () =>
    stepNoise(scope, trainable.network.noise, noiseRowsOf(context), 1, replicaAxis(context))(0),
  );
  return { model: toModel(scope, outputs), places };
}
