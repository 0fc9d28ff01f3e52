import { BioflaxError } from "../errors";
import { shapeOps } from "../ops/shape-ops";
import type { Operand, Shape, TensorOps } from "../ops/tensor-ops";
import type { Replicated } from "./replicated-ops";

/** A computation over the vocabulary, of tensors from tensors. */
export type Computation = <T>(ops: TensorOps<T>, inputs: readonly T[]) => readonly T[];

/** A tensor of a trace: the shape it has, and which it is: an input, by its number, or the result of a call. */
class Traced {
  constructor(
    readonly shape: Shape,
    readonly index: number,
  ) {}
}

/** One operation that a computation has asked for. */
interface Call {
  readonly op: Operation;
  readonly args: readonly unknown[];
  readonly result: Traced;
}

type Operation = Exclude<keyof TensorOps<unknown>, "shape">;
type Operations = Record<Operation, (...args: unknown[]) => unknown>;

/** What a computation has asked for, one after another, and which of it are its results. */
interface Trace {
  readonly calls: readonly Call[];
  readonly outputs: readonly Traced[];
}

/** Every tensor among an operation's arguments replaced. */
function replaced(arg: unknown, by: (x: Traced) => unknown): unknown {
  if (arg instanceof Traced) return by(arg);
  return Array.isArray(arg) ? arg.map((one) => replaced(one, by)) : arg;
}

function traceOf(computation: Computation, inputs: readonly Shape[]): Trace {
  const calls: Call[] = [];
  const operations = Object.entries(shapeOps as unknown as Operations).map(([name, operation]) => [
    name,
    (...args: unknown[]) => {
      const shape = operation(...args.map((arg) => replaced(arg, (x) => x.shape))) as Shape;
      const result = new Traced(shape, inputs.length + calls.length);
      calls.push({ op: name as Operation, args, result });
      return result;
    },
  ]);
  const ops = {
    ...Object.fromEntries(operations),
    shape: (x: Traced) => x.shape,
  } as TensorOps<Traced>;
  const outputs = computation(
    ops,
    inputs.map((shape, index) => new Traced(shape, index)),
  );
  return { calls, outputs };
}

/** An argument without its tensors, of which only which they are counts. */
const shown = (arg: unknown): string =>
  JSON.stringify(replaced(arg, ({ index }) => `#${index}`)) ?? "";

/** Which arguments of an operation are numbers that stand for a tensor of one number. */
const numbersOf: { readonly [Op in Operation]?: readonly number[] } = {
  ...{ add: [0, 1], sub: [0, 1], mul: [0, 1], div: [0, 1], maximum: [0, 1], minimum: [0, 1] },
  ...{ greater: [0, 1], where: [1, 2], axpby: [0, 2] },
};

/** The traces' numbers at one place, where they differ; undefined where they do not. @throws Unlike for other things. */
function differingNumbers(calls: readonly Call[], position: number): number[] | undefined {
  const args = calls.map((call) => call.args[position]);
  const { op } = calls[0] as Call;
  const mayDiffer = numbersOf[op]?.includes(position) && args.every((x) => typeof x === "number");
  if (mayDiffer) return args.every((x) => Object.is(x, args[0])) ? undefined : (args as number[]);
  if (new Set(args.map(shown)).size > 1) throw new Unlike(op);
  return undefined;
}

/** Two computations that do not go together: they ask for different operations, or for the same on different things. */
class Unlike extends BioflaxError {
  constructor(op: string) {
    super(
      `Replicas: expected computations that differ in nothing but numbers, and they differ in what they ask of ${op}.`,
    );
  }
}

/** Which calls a trace's results come of. */
function neededBy({ calls, outputs }: Trace, inputs: number): boolean[] {
  const needed = calls.map(() => false);
  const mark = (x: Traced) => {
    if (x.index >= inputs) needed[x.index - inputs] = true;
  };
  outputs.forEach(mark);
  for (let at = calls.length - 1; at >= 0; at--)
    if (needed[at]) replaced((calls[at] as Call).args, mark);
  return needed;
}

/** One call of all computations: its arguments, numbers that differ among them. */
interface JointCall {
  readonly op: Operation;
  readonly args: readonly unknown[];
  readonly differing: ReadonlyMap<number, readonly number[]>;
  readonly result: Traced;
}

/** Several computations as one. */
export interface Lockstep {
  /**
   * Runs them all.
   *
   * @param ops of as many replicas as there are computations.
   * @param numbers makes a tensor of a number for each replica, which is a scalar to each of them.
   * @param inputs of the shapes they were taken together for.
   */
  run<T>(
    ops: TensorOps<Replicated<T>>,
    numbers: (values: readonly number[]) => Replicated<T>,
    inputs: readonly Replicated<T>[],
  ): Replicated<T>[];
}

/**
 * Computations that differ in nothing but numbers, one for each replica, as one over all of them: learning rates,
 * momenta, decays, norms that gradients are clipped to, whatever a definition is told.
 *
 * Each is traced by itself; where the traces have different numbers, the joint one has a tensor with one for each
 * replica. So definitions are told plain numbers, and know nothing of replicas.
 *
 * @param inputs the shapes of what each of them is given.
 * @throws BioflaxError where they differ in more than numbers that tensors can stand for.
 */
export function inLockstep(
  computations: readonly Computation[],
  inputs: readonly Shape[],
): Lockstep {
  const traces = computations.map((computation) => traceOf(computation, inputs));
  const [first] = traces as [Trace, ...Trace[]];
  const lengths = new Set(
    traces.map(({ calls, outputs }) => `${calls.length} ${outputs.map(shown)}`),
  );
  const joint = first.calls.map(({ op, args, result }, at): JointCall => {
    const calls = traces.map((trace) => trace.calls[at]);
    const isSame = calls.every((call) => call?.op === op && call.args.length === args.length);
    if (!isSame) throw new Unlike(op);
    const differing = new Map<number, readonly number[]>();
    args.forEach((_, position) => {
      const numbers = differingNumbers(calls as Call[], position);
      if (numbers !== undefined) differing.set(position, numbers);
    });
    return { op, args, differing, result };
  });
  if (lengths.size > 1) throw new Unlike("their results");
  const needed = neededBy(first, inputs.length);
  return {
    run<T>(
      ops: TensorOps<Replicated<T>>,
      numbers: (values: readonly number[]) => Replicated<T>,
      given: readonly Replicated<T>[],
    ) {
      const values: (Replicated<T> | undefined)[] = [...given];
      const tensorOf = ({ index }: Traced) => values[index] as Replicated<T>;
      joint.forEach(({ op, args, differing, result }, at) => {
        if (!needed[at]) return;
        const own = args.map((arg, position) => {
          const numbersHere = differing.get(position);
          return numbersHere === undefined ? replaced(arg, tensorOf) : numbers(numbersHere);
        });
        values[result.index] = (
          op === "axpby" && differing.size > 0
            ? weightedSum(ops, own as never)
            : (ops as unknown as Operations)[op](...own)
        ) as Replicated<T>;
      });
      return first.outputs.map(tensorOf);
    },
  };
}

/** α·x + β·y where α or β differs among replicas, so that it is a tensor. */
function weightedSum<T>(
  ops: TensorOps<T>,
  [alpha, x, beta, y]: readonly [Operand<T>, T, Operand<T>, T],
): T {
  const scaled = (factor: Operand<T>, z: T) => (factor === 1 ? z : ops.mul(z, factor));
  return ops.add(scaled(alpha, x), scaled(beta, y));
}
