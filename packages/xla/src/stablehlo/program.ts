import type { Shape } from "@bioflax/core";
import type { ElementType } from "@bioflax/pjrt";
import { Block, type ProgramTarget } from "./block";
import { type Result, stablehloTypes, typeText, type Value, type ValueType } from "./value";

/** An argument of a program. */
interface Argument extends Result {
  readonly name: string;
  /** Whether its memory becomes a result's: the buffer is gone after the call. */
  readonly isDonated: boolean;
}

/** A program: its text, and what it takes and gives, in order. */
export interface Program {
  readonly text: string;
  readonly arguments: readonly Argument[];
  readonly results: readonly Result[];
}

/** Declares an argument of the program under construction. */
export type DeclareArgument = (
  name: string,
  shape: Shape,
  type?: ValueType,
  options?: { readonly isDonated?: boolean },
) => Value;

/** The type of a buffer for an argument or result. */
export const bufferType = ({ type }: Pick<Result, "type">): ElementType => stablehloTypes[type];

/**
 * A program in StableHLO.
 *
 * @param build declares the arguments and computes the results from them. The first results take the memory of the
 *   donated arguments, in their order.
 * @param target what it is compiled for; any device when left out.
 */
export function createProgram(
  name: string,
  build: (block: Block, declare: DeclareArgument) => readonly Value[],
  target: ProgramTarget = {},
): Program {
  const block = new Block(target);
  const given: { readonly argument: Argument; readonly value: Value }[] = [];
  const results = build(block, (name, shape, type = "float32", { isDonated = false } = {}) => {
    const value = block.input({ shape, type });
    given.push({ argument: { name, shape, type, isDonated }, value });
    return value;
  });
  let donated = 0;
  const signature = given.map(({ argument, value }) => {
    const alias = argument.isDonated ? ` {tf.aliasing_output = ${donated++} : i32}` : "";
    return `${value.name}: ${typeText(value)}${alias}`;
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
  return { text: `${text}\n`, arguments: given.map(({ argument }) => argument), results };
}
