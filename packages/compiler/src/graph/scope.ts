import { type Shape, showShape } from "@bioflax/core";
import { create } from "@bufbuild/protobuf";
import {
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProtoSchema,
} from "../proto/onnx_pb";
import { dumpGraph } from "./dump-graph";
import { type Attributes, attribute, valueInfo } from "./encode";
import { laidOut, straight } from "./layout";
import { namesRead } from "./node-names";
import { applyPasses } from "./passes/index";
import {
  type BlockUse,
  DYNAMIC,
  type ElementType,
  type Layout,
  onnxType,
  storedShape,
  type Value,
} from "./value";

/** What a node computes: everything about its single output but the name and place the graph gives it. */
export type Output = Omit<Value, "name" | "scope">;

/** What a graph may be made of. */
export interface ScopeOptions {
  /** Operators to do without. */
  readonly unsupportedOps?: readonly string[];
  /** What its dynamic dimension is called; `steps` when left out. */
  readonly dynamicName?: string;
  /** How matrices lie in blocks; none does when left out. */
  readonly blocks?: BlockUse | undefined;
}

/**
 * A graph under construction, or the body of a loop inside one.
 *
 * Every operation is placed in the outermost scope that has all of its inputs, so whatever a loop computes from
 * outer values alone is computed once, before the loop. Asking twice for the same computation gives the same value.
 */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #depth: number;
  readonly #ids: { next: number };
  readonly #dynamicName: string;
  /** Names of what nodes read, in all scopes. */
  readonly #read: Set<string>;
  readonly #nodes: NodeProto[] = [];
  readonly #inputs: Value[] = [];
  readonly #initializers = new Map<string, Value & { readonly bytes: Uint8Array }>();
  readonly #split = new Map<string, readonly Value[]>();
  readonly #known = new Map<string, Value>();
  readonly #unsupportedOps: readonly string[];
  /** Set where matrices may lie in blocks. */
  readonly blocks: BlockUse | undefined;
  /** Everything computed here, by name. */
  readonly #values = new Map<string, Value>();

  /**
   * @param parent the graph whose loop this is the body of; undefined for a graph of its own, which the options are
   *   for.
   * @param options.unsupportedOps operators to do without.
   * @param options.dynamicName what its dynamic dimension is called.
   * @param options.blocks how matrices lie in blocks; none does when left out.
   */
  constructor(
    parent?: Scope,
    { unsupportedOps = [], dynamicName = "steps", blocks }: ScopeOptions = {},
  ) {
    this.#parent = parent;
    this.#unsupportedOps = parent === undefined ? unsupportedOps : parent.#unsupportedOps;
    this.blocks = parent === undefined ? blocks : parent.blocks;
    this.#dynamicName = parent === undefined ? dynamicName : parent.#dynamicName;
    this.#depth = parent === undefined ? 0 : parent.#depth + 1;
    this.#ids = parent === undefined ? { next: 0 } : parent.#ids;
    this.#read = parent === undefined ? new Set() : parent.#read;
  }

  /** Whether an operator may be used. */
  has(operator: string): boolean {
    return !this.#unsupportedOps.includes(operator);
  }

  #fresh(hint: string): string {
    return `${hint}_${this.#ids.next++}`;
  }

  /** An input of this graph or loop body. */
  input(name: string, shape: Shape, type: ElementType = "float32", layout: Layout = {}): Value {
    const value: Value = {
      order: layout.order,
      blocks: layout.blocks,
      name: this.#parent === undefined ? name : this.#fresh(name),
      shape,
      type,
      scope: this,
    };
    this.#inputs.push(value);
    return value;
  }

  /** A constant, kept once in the outermost graph however often it is asked for. */
  constant(
    values: readonly number[],
    shape: Shape,
    type: "float32" | "int32" | "int64" = "float32",
  ): Value {
    if (this.#parent !== undefined) return this.#parent.constant(values, shape, type);
    const key = `${type}${showShape(shape)}${values}`;
    const known = this.#initializers.get(key);
    if (known !== undefined) return known;
    const arrays = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array } as const;
    const array = type === "int64" ? BigInt64Array.from(values, BigInt) : arrays[type].from(values);
    const value = {
      name: this.#fresh("constant"),
      shape,
      type,
      scope: this as Scope,
      bytes: new Uint8Array(array.buffer),
    };
    this.#initializers.set(key, value);
    return value;
  }

  /** Numbers under a name of their own that the graph brings along, as they lie. */
  stored(name: string, values: Float32Array, layout: Pick<Value, "shape" | "order">): Value {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const value = { ...layout, name, type: "float32" as const, scope: this as Scope, bytes };
    this.#initializers.set(name, value);
    return value;
  }

  /** A value under a name of its own. */
  named(name: string, value: Value): Value {
    this.#nodes.push(
      create(NodeProtoSchema, { opType: "Identity", input: [value.name], output: [name] }),
    );
    return { ...value, name, scope: this };
  }

  /**
   * The value of a node, placed as far out as its inputs allow.
   *
   * @param op an operator of ONNX's own, or with the domain before a colon.
   * @param inputs undefined for those that are left out.
   */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    output: Output,
    attributes: Attributes = {},
  ): Value {
    const given = inputs.filter((value) => value !== undefined);
    const home = given.reduce<Scope>(
      (deepest, { scope }) => (scope.#depth > deepest.#depth ? scope : deepest),
      this.#outermost(),
    );
    const names = inputs.map((value) => value?.name ?? "");
    const shown = Object.entries(attributes).map(([name, value]) => [
      name,
      "int" in value
        ? value.int
        : "ints" in value
          ? value.ints
          : "float" in value
            ? value.float
            : "",
    ]);
    const key = JSON.stringify([
      op,
      names,
      shown,
      output.type,
      output.shape,
      output.order ?? null,
      output.blocks ?? null,
    ]);
    const known = home.#known.get(key);
    if (known !== undefined) return known;
    for (const { name } of given) this.#read.add(name);
    const [opType = "", domain = ""] = op.split(":").reverse();
    const value: Value = { ...output, name: this.#fresh(opType), scope: home };
    home.#values.set(value.name, value);
    home.#nodes.push(
      create(NodeProtoSchema, {
        opType,
        domain,
        input: names,
        output: [value.name],
        attribute: Object.entries(attributes).map(([name, setting]) => attribute(name, setting)),
      }),
    );
    home.#known.set(key, value);
    return value;
  }

  /** A value cut along its first axis into parts of some extents; each lies as its shape says. */
  split(value: Value, extents: readonly number[]): readonly Value[] {
    const { name, shape, type, scope: home } = value;
    const key = `${extents} ${name}`;
    const known = home.#split.get(key);
    if (known !== undefined) return known;
    const sizes = this.constant(extents, [extents.length], "int64");
    this.#read.add(name);
    const values = extents.map((extent, index): Value => {
      const part: Value = {
        shape: [extent, ...shape.slice(1)],
        type,
        name: this.#fresh("Split"),
        scope: home,
        part: { of: value, index, extents },
      };
      home.#values.set(part.name, part);
      return part;
    });
    home.#nodes.push(
      create(NodeProtoSchema, {
        opType: "Split",
        input: [name, sizes.name],
        output: values.map((part) => part.name),
        attribute: [attribute("axis", { int: 0 })],
      }),
    );
    home.#split.set(key, values);
    return values;
  }

  /** Whether a node reads a value, so far. */
  isRead({ name }: Value): boolean {
    return this.#read.has(name);
  }

  #outermost(): Scope {
    return this.#parent === undefined ? this : this.#parent.#outermost();
  }

  /**
   * A loop of a fixed number of iterations in this graph.
   *
   * @param iterations how many, an int64 scalar known when the graph runs.
   * @param carried the starting values of what the loop carries on; each goes on lying the way it starts.
   * @param body computes, from the iteration number (int64 scalar) and the carried values, their next values and
   *   what to keep of each iteration.
   * @returns the carried values after the last iteration, and what was kept, stacked: [DYNAMIC, ...shape].
   */
  loop(
    iterations: Value,
    carried: readonly Value[],
    body: (
      scope: Scope,
      iteration: Value,
      carried: readonly Value[],
    ) => { next: readonly Value[]; kept: readonly Value[] },
  ): { final: Value[]; kept: Value[] } {
    const inner = new Scope(this);
    const iteration = inner.input("iteration", [], "int64");
    const condition = inner.input("condition", [], "bool");
    const { next, kept } = body(
      inner,
      iteration,
      carried.map((value) => inner.input(value.name, value.shape, value.type, value)),
    );
    const oriented = next.map((value, i) => laidOut(inner, value, carried[i] as Value));
    const result = ({ shape, type, order, blocks }: Output): Value => ({
      name: this.#fresh("loop"),
      shape,
      type,
      order,
      blocks,
      scope: this,
    });
    const final = oriented.map(result);
    const stacked = kept.map(({ shape, type }) => result({ shape: [DYNAMIC, ...shape], type }));
    this.#nodes.push(
      create(NodeProtoSchema, {
        opType: "Loop",
        input: [iterations.name, "", ...carried.map(({ name }) => name)],
        output: [...final, ...stacked].map(({ name }) => name),
        attribute: [
          attribute(
            "body",
            inner.toProto("body", [
              condition,
              ...oriented,
              ...kept.map((value) => straight(inner, value)),
            ]),
          ),
        ],
      }),
    );
    return { final, kept: stacked };
  }

  /** This graph as ONNX, with nothing in it that its outputs do not need. */
  toProto(name: string, outputs: readonly Value[]): GraphProto {
    // A graph's output must be computed in it, under a name of its own: a value that only passes through is copied.
    const named = outputs.map((value) => {
      const passes =
        value.scope !== this ||
        this.#inputs.some(({ name }) => name === value.name) ||
        outputs.indexOf(value) !== outputs.lastIndexOf(value);
      if (!passes) return value;
      const copy: Value = { ...value, name: this.#fresh("copy"), scope: this };
      this.#nodes.push(
        create(NodeProtoSchema, { opType: "Identity", input: [value.name], output: [copy.name] }),
      );
      return copy;
    });
    const traced = {
      name,
      nodes: this.#nodes,
      inputs: this.#inputs,
      outputs: named,
      values: this.#values,
      has: (operator: string) => this.has(operator),
    };
    const { nodes } = applyPasses(traced, dumpGraph);
    const read = new Set(nodes.flatMap(namesRead));
    // A loop gives its body all there is; a model takes what it reads.
    const inputs = this.#inputs.filter((own) => this.#parent !== undefined || read.has(own.name));
    return create(GraphProtoSchema, {
      name,
      node: [...nodes],
      input: inputs.map((value) => valueInfo(value, this.#dynamicName)),
      output: named.map((value) => valueInfo(value, this.#dynamicName)),
      // A loop's body does not see the shapes that constants outside ask for; and only where shapes are known are
      // buffers reused. A dynamic dimension is left for readers to infer: tract, told a size for the input, finds it at
      // odds with a symbol further on.
      valueInfo: nodes.flatMap(({ output }) =>
        output.flatMap((name) => {
          const value = this.#values.get(name);
          if (value === undefined || named.includes(value)) return [];
          return storedShape(value).includes(DYNAMIC) ? [] : valueInfo(value, this.#dynamicName);
        }),
      ),
      initializer: [...this.#initializers.values()]
        .filter((value) => read.has(value.name))
        .map((value) =>
          create(TensorProtoSchema, {
            name: value.name,
            dims: storedShape(value).map(BigInt),
            dataType: onnxType[value.type],
            rawData: value.bytes,
          }),
        ),
    });
  }
}
