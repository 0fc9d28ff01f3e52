import type { Shape } from "@bioflax/core";
import { type Result, typeText, type Value, type ValueType } from "./value";

/** What a program is compiled for, as far as its text depends on it. */
export interface ProgramTarget {
  /** Whether that is a processor; any device when left out. */
  readonly isProcessor?: boolean;
}

/** What all blocks of a program share. */
interface ProgramState {
  readonly target: ProgramTarget;
  next: number;
}

/** What a loop leaves. */
type LoopBody = (body: Block, iteration: Value, carried: readonly Value[]) => readonly Value[];

/**
 * The operations of a program's function under construction, or of the body of a loop in it, as MLIR text.
 *
 * Every operation is placed in the outermost block that has all of its operands, so whatever a loop computes from outer
 * values alone is computed once, before the loop. Asking twice for the same computation gives the same value.
 */
export class Block {
  readonly #parent: Block | undefined;
  readonly #depth: number;
  readonly #state: ProgramState;
  readonly #lines: string[] = [];
  readonly #known = new Map<string, Value>();

  /** @param parent the block whose loop this is the body of; what its program is for, of a function of its own. */
  constructor(parent: Block | ProgramTarget) {
    const isInner = parent instanceof Block;
    this.#parent = isInner ? parent : undefined;
    this.#depth = isInner ? parent.#depth + 1 : 0;
    this.#state = isInner ? parent.#state : { target: parent, next: 0 };
  }

  /** What the program is compiled for. */
  get target(): ProgramTarget {
    return this.#state.target;
  }

  /** The operations, a line each. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** A value that the block is given. */
  input({ shape, type }: Result): Value {
    return { name: this.#fresh(), shape, type, block: this };
  }

  /**
   * An operation.
   *
   * @param text what is right of the `=`.
   * @param operands what it reads, which says where it is placed.
   * @param result the one that is taken.
   * @param results how many it has; of more than one, the last is taken.
   */
  operation(text: string, operands: readonly Value[], { shape, type }: Result, results = 1): Value {
    const home = operands.reduce<Block>(
      (deepest, { block }) => (block.#depth > deepest.#depth ? block : deepest),
      this.#outermost(),
    );
    const known = home.#known.get(text);
    if (known !== undefined) return known;
    const fresh = home.#fresh();
    const [all, name] =
      results === 1 ? [fresh, fresh] : [`${fresh}:${results}`, `${fresh}#${results - 1}`];
    const value: Value = { name, shape, type, block: home };
    home.#lines.push(`${all} = ${text}`);
    home.#known.set(text, value);
    return value;
  }

  /** An operation with its operands' and its result's types after it, as most are written. */
  call(name: string, operands: readonly Value[], result: Result, attributes = ""): Value {
    const names = operands.map((operand) => operand.name).join(", ");
    const types = operands.map(typeText).join(", ");
    return this.operation(
      `stablehlo.${name} ${names}${attributes} : (${types}) -> ${typeText(result)}`,
      operands,
      result,
    );
  }

  /** One number, to the bit, everywhere in a shape. */
  constant(value: number, shape: Shape = [], type: ValueType = "float32"): Value {
    const text = type === "float32" ? floatText(value) : String(value);
    const result = { shape, type };
    return this.operation(`stablehlo.constant dense<${text}> : ${typeText(result)}`, [], result);
  }

  /** Float32 numbers in row-major order, to the bit. */
  constants(values: Float32Array, shape: Shape): Value {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const result = { shape, type: "float32" as const };
    return this.operation(
      `stablehlo.constant dense<"0x${bytes.toString("hex").toUpperCase()}"> : ${typeText(result)}`,
      [],
      result,
    );
  }

  /**
   * A loop.
   *
   * @param iterations how many, an int32 scalar known when the program runs.
   * @param carried the starting values of what it carries on.
   * @param body computes their next values from the number of the iteration, int32, and the present ones.
   * @returns the carried values after the last iteration.
   */
  loop(iterations: Value, carried: readonly Value[], body: LoopBody): Value[] {
    const inner = new Block(this);
    const zero = this.constant(0, [], "int32");
    const starts = [zero, ...carried];
    const current = starts.map((start) => inner.input(start));
    const [iteration, ...rest] = current as [Value, ...Value[]];
    const next = body(inner, iteration, rest);
    const one = this.constant(1, [], "int32");
    const counted = inner.operation(
      `stablehlo.add ${iteration.name}, ${one.name} : ${typeText(one)}`,
      [iteration, one],
      one,
    );
    const go = this.#fresh();
    const types = starts.map(typeText).join(", ");
    const name = this.#fresh();
    const bound = current.map((value, i) => `${value.name} = ${starts[i]?.name}`).join(", ");
    this.#lines.push(
      `${name}:${starts.length} = stablehlo.while(${bound}) : ${types}`,
      "cond {",
      `${go} = stablehlo.compare LT, ${iteration.name}, ${iterations.name}, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>`,
      `stablehlo.return ${go} : tensor<i1>`,
      "} do {",
      ...inner.#lines,
      `stablehlo.return ${[counted, ...next].map((value) => value.name).join(", ")} : ${types}`,
      "}",
    );
    return carried.map(({ shape, type }, i) => ({
      name: `${name}#${i + 1}`,
      shape,
      type,
      block: this,
    }));
  }

  #fresh(): string {
    return `%${this.#state.next++}`;
  }

  #outermost(): Block {
    return this.#parent === undefined ? this : this.#parent.#outermost();
  }
}

/** The bits of a float32, which MLIR takes for one. */
function floatText(value: number): string {
  const [bits = 0] = new Uint32Array(Float32Array.of(value).buffer);
  return `0x${bits.toString(16).toUpperCase().padStart(8, "0")}`;
}
