import { toModel } from "../../graph/model";
import { Scope } from "../../graph/scope";
import { type BatchProgramKind, batchProgram } from "../batch-program";
import type { OnnxContext, Program } from "./onnx-context";
import { declareIn, onnxProgram } from "./program-ops";

/** A program over one batch as a model. */
export function batchModel(kind: BatchProgramKind, context: OnnxContext): Program {
  const scope = new Scope(undefined, { unsupportedOps: context.unsupportedOps });
  const { outputs, observed } = batchProgram(kind, onnxProgram(scope), declareIn(scope), context);
  return { model: toModel(scope, outputs), observed };
}
