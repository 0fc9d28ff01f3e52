import { BioflaxError, type Network, showShape, sizeOf, type Weights } from "@bioflax/core";
import type { Program } from "../stablehlo/program";
import type { Result } from "../stablehlo/value";

/** What an argument or a result of an exported program is. */
export interface ProgramValue extends Result {
  /** What it is called: a weight's or slot's name, `input`, `target`, `loss` and the like. */
  readonly name: string;
}

/** A program for others: its text, and what it takes and gives, as plain JSON to be kept beside it. */
export interface ExportedProgram {
  /** StableHLO, as MLIR text; its function is `main`. */
  readonly text: string;
  /** What `main` takes, in order. */
  readonly arguments: readonly ProgramValue[];
  /** What `main` gives, in order. */
  readonly results: readonly ProgramValue[];
}

/** A program with names for its results. */
export function exported(program: Program, resultNames: readonly string[]): ExportedProgram {
  return {
    text: program.text,
    arguments: program.arguments.map(({ name, shape, type }) => ({ name, shape, type })),
    results: program.results.map(({ shape, type }, i) => ({
      ...{ name: resultNames[i] as string, shape, type },
    })),
  };
}

/** @throws BioflaxError for a batch that is no whole number from 1. */
export function checkBatch(who: string, batch: number): void {
  if (Number.isInteger(batch) && batch >= 1) return;
  throw new BioflaxError(`${who}: expected batch to be a whole number from 1, received ${batch}.`);
}

/** @throws BioflaxError when weights of a network are missing or of another size. */
export function checkWeights(
  who: string,
  parameters: Network["parameters"],
  weights: Weights,
): void {
  for (const { name, shape } of parameters)
    if (weights[name]?.length !== sizeOf(shape))
      throw new BioflaxError(
        `${who}: expected the weight "${name}" to hold ${showShape(shape)} = ${sizeOf(shape)} numbers, received ${weights[name]?.length ?? "none"}.`,
      );
}
