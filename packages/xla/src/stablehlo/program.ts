import type { ElementType } from "@bioflax/pjrt";
import { Block } from "./block";
import { type Result, stablehloTypes, typeText, type Value } from "./value";

/** An argument of a program. */
export interface Argument extends Result {
  readonly name: string;
  /** Whether its memory may become a result's: the buffer is gone after the call. */
  readonly isDonated?: boolean;
}

/** A program: its text, and what it takes and gives, in order. */
export interface Program {
  readonly text: string;
  readonly arguments: readonly Argument[];
  readonly results: readonly Result[];
}

/** The type of a buffer for an argument or result. */
export const bufferType = ({ type }: Pick<Result, "type">): ElementType => stablehloTypes[type];

/**
 * A program in StableHLO.
 *
 * @param build computes the results from the arguments. The first results take the memory of the donated arguments, in
 *   their order.
 */
export function createProgram(
  name: string,
  given: readonly Argument[],
  build: (block: Block, inputs: readonly Value[]) => readonly Value[],
): Program {
  const block = new Block();
  const inputs = given.map((argument) => block.input(argument));
  const results = build(block, inputs);
  let donated = 0;
  const signature = given.map((argument, i) => {
    const alias = argument.isDonated ? ` {tf.aliasing_output = ${donated++} : i32}` : "";
    return `${inputs[i]?.name}: ${typeText(argument)}${alias}`;
  });
  const types = results.map(typeText).join(", ");
  const text = [
    `module @${name} {`,
    `func.func public @main(${signature.join(", ")}) -> (${types}) {`,
    ...block.lines,
    `return ${results.map((result) => result.name).join(", ")} : ${types}`,
    "}",
    "}",
  ].join("\n");
  return { text: `${text}\n`, arguments: given, results };
}
