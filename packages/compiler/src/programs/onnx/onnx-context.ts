import type { AlignmentPlace } from "@bioflax/metrics";
import type { Model } from "../../graph/model";
import type { BlockUse } from "../../graph/value";
import type { ProgramContext } from "../program-context";

/** What a network's programs in ONNX are made from. */
export interface OnnxContext extends ProgramContext {
  /** Operators to do without. */
  readonly unsupportedOps: readonly string[];
  /** How matrices lie in blocks while training; none does when left out. */
  readonly blocks?: BlockUse | undefined;
}

/** A program: a model, and the names of what it observes. */
export interface Program {
  readonly model: Model;
  readonly observed?: readonly string[];
  /** Where in its outputs the values of alignment are, if it measures that. */
  readonly places?: readonly AlignmentPlace[];
  /** How many of its outputs, from the first, are kept for the next call. */
  readonly carried?: number;
  /** Whether it runs now and then only; that of all that carry nothing when left out. */
  readonly isRare?: boolean;
}
