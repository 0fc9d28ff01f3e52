import {
  float64Tensor,
  type Operand,
  referenceOps,
  type Shape,
  sameShape,
  shapeOps,
  type TensorOps,
} from "@bioflax/core";

/** A value as what it is computed from: an input, or an operation on others. The same twice is one object. */
export class Expression {
  /** @param op undefined of an input. */
  constructor(
    readonly id: number,
    readonly shape: Shape,
    readonly op?: keyof TensorOps<unknown>,
    readonly args: readonly unknown[] = [],
  ) {}
}

type Operations = Record<string, (...args: unknown[]) => unknown>;

const replaced = (arg: unknown, by: (x: Expression) => unknown): unknown => {
  if (arg instanceof Expression) return by(arg);
  return Array.isArray(arg) ? arg.map((one) => replaced(one, by)) : arg;
};

/** An interpreter that computes nothing and tells what is the same: definitions can be compared by it. */
export function expressions(): {
  readonly ops: TensorOps<Expression>;
  /** A value of which nothing is known but its shape. */
  readonly input: (shape: Shape) => Expression;
} {
  const known = new Map<string, Expression>();
  let count = 0;
  const operations = Object.entries(shapeOps as unknown as Operations).map(([op, shapeOf]) => [
    op,
    (...args: unknown[]) => {
      const key = JSON.stringify([op, ...args.map((arg) => replaced(arg, ({ id }) => `#${id}`))]);
      let value = known.get(key);
      if (value === undefined) {
        const shape = shapeOf(...args.map((arg) => replaced(arg, (x) => x.shape))) as Shape;
        value = new Expression(count++, shape, op as keyof TensorOps<unknown>, args);
        known.set(key, value);
      }
      return value;
    },
  ]);
  return {
    ops: { ...Object.fromEntries(operations), shape: (x: Expression) => x.shape },
    input: (shape) => new Expression(count++, shape),
  };
}

/** A scalar's number. @param numbers those of inputs. */
function numberOf(
  x: Operand<Expression>,
  numbers: ReadonlyMap<Expression, number>,
): number | undefined {
  if (typeof x === "number") return x;
  const given = numbers.get(x);
  if (given !== undefined || x.op === undefined) return given;
  const args = x.args.map((arg) =>
    arg instanceof Expression ? numberOf(arg, numbers) : (arg as number),
  );
  if (x.shape.length > 0 || args.includes(undefined)) return undefined;
  const operation = (referenceOps as unknown as Operations)[x.op];
  const result = operation?.(...args.map((arg) => float64Tensor([arg as number], [])));
  return (result as ReturnType<typeof float64Tensor>).data[0];
}

/**
 * By what number an expression multiplies one of its inputs, if it is that input times a number and something else that
 * has nothing to do with it; undefined where it is not.
 *
 * @param numbers of the scalars among its inputs.
 * @example
 * const { ops, input } = expressions();
 * const w = input([3]);
 * factorOf(ops.axpby(0.9, w, -1, ops.exp(input([3]))), w, new Map()); // 0.9
 */
export function factorOf(
  x: Operand<Expression>,
  input: Expression,
  numbers: ReadonlyMap<Expression, number>,
): number | undefined {
  if (x === input) return 1;
  if (typeof x === "number" || !isReadBy(input, x)) return 0;
  if (!sameShape(x.shape, input.shape)) return undefined;
  const factor = (arg: unknown) => factorOf(arg as Operand<Expression>, input, numbers);
  const number = (arg: unknown) => numberOf(arg as Operand<Expression>, numbers);
  const sum = (a: number, x: unknown, b: number, y: unknown) =>
    defined(factor(x), factor(y), (ofX, ofY) => a * ofX + b * ofY);
  const [first, second, third, fourth] = x.args;
  switch (x.op) {
    case "neg":
      return defined(factor(first), 0, (own) => -own);
    case "add":
      return sum(1, first, 1, second);
    case "sub":
      return sum(1, first, -1, second);
    case "axpby":
      return sum(first as number, second, third as number, fourth);
    case "mul":
      return (
        defined(number(first), factor(second), (scale, own) => scale * own) ??
        defined(factor(first), number(second), (own, scale) => own * scale)
      );
    case "div":
      return defined(factor(first), number(second), (own, scale) => own / scale);
    default:
      return undefined;
  }
}

const defined = (
  a: number | undefined,
  b: number | undefined,
  use: (a: number, b: number) => number,
): number | undefined => (a === undefined || b === undefined ? undefined : use(a, b));

function isReadBy(input: Expression, x: unknown): boolean {
  if (x === input) return true;
  if (Array.isArray(x)) return x.some((one) => isReadBy(input, one));
  return x instanceof Expression && x.args.some((arg) => isReadBy(input, arg));
}
