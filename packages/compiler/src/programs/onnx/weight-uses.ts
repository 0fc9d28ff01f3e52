import {
  applyGradients,
  groupByLayer,
  lossAndGradients,
  type MatMulOptions,
  noiseShape,
  type Operand,
  prepareStep,
  type Shape,
  sameShape,
  shapeOps,
  slotNames,
  type TensorOps,
  withNoise,
} from "@bioflax/core";
import type { ProgramContext } from "../program-context";
import { rowsOf } from "../source";

/**
 * What a step does with a weight for which it matters how that lies: what it is beside a product of an m×k and a k×n
 * matrix.
 */
export interface WeightUse {
  /**
   * Its right `factor`, as it is or `transposed`; the `addend` of each of its rows; or, where it is neither, the `sum`
   * that the product is added to, as a gradient is to what it teaches.
   */
  readonly kind: "factor" | "transposed" | "addend" | "sum";
  readonly extents: Extents;
}

type Extents = readonly [m: number, k: number, n: number];

/**
 * A tensor of the dry trace: its shape, which weight it is or was made of number by number, and of which product it is.
 */
class Traced {
  readonly shape: Shape;
  readonly weight: string | undefined;
  readonly product: Extents | undefined;

  constructor(shape: Shape, weight?: string, product?: Extents) {
    this.shape = shape;
    this.weight = weight;
    this.product = product;
  }
}

const isTraced = (x: unknown): x is Traced => x instanceof Traced;

/** An argument with shapes in place of tensors. */
const shapesOf = (arg: unknown): unknown =>
  Array.isArray(arg) ? arg.map(shapesOf) : isTraced(arg) ? arg.shape : arg;

type Shapes = Record<string, (...args: unknown[]) => Shape>;

/**
 * The interpreter of a dry trace: shapes, with the first use of each weight noted down.
 *
 * A tensor of a weight's shape that an operation makes of it is taken to be made number by number, and counts as the
 * weight.
 */
function tracedOps(uses: Map<string, WeightUse>): TensorOps<Traced> {
  const note = (x: Operand<Traced>, use: WeightUse) => {
    if (isTraced(x) && x.weight !== undefined && !uses.has(x.weight)) uses.set(x.weight, use);
  };
  /** Notes what is added to a product. */
  const added = (a: Operand<Traced>, b: Operand<Traced>) => {
    for (const [x, c] of [
      [a, b],
      [b, a],
    ]) {
      if (!isTraced(x) || !isTraced(c) || x.product === undefined) continue;
      if (c.shape.length === 1) note(c, { kind: "addend", extents: x.product });
      else if (sameShape(c.shape, x.shape)) note(c, { kind: "sum", extents: x.product });
    }
  };
  const traced =
    (op: (...args: unknown[]) => Shape) =>
    (...args: unknown[]) => {
      const shape = op(...args.map(shapesOf));
      const origin = args.find(
        (arg) => isTraced(arg) && arg.weight !== undefined && sameShape(arg.shape, shape),
      ) as Traced | undefined;
      return new Traced(shape, origin?.weight);
    };
  const ops = Object.fromEntries(
    Object.entries(shapeOps as unknown as Shapes).map(([name, op]) => [name, traced(op)]),
  ) as unknown as TensorOps<Traced>;
  return {
    ...ops,
    shape: (x) => x.shape,
    matMul(a, b, options: MatMulOptions = {}) {
      const shape = shapeOps.matMul(a.shape, b.shape, options);
      const [m, n] = shape as [number, number];
      const extents: Extents = [m, a.shape[options.transposeA ? 0 : 1] as number, n];
      note(b, { kind: options.transposeB ? "transposed" : "factor", extents });
      return new Traced(shape, undefined, extents);
    },
    add(a, b) {
      added(a, b);
      return ops.add(a, b);
    },
    axpby(alpha, x, beta, y) {
      added(x, y);
      return ops.axpby(alpha, x, beta, y);
    },
    mul(a, b) {
      // A product times a number is one.
      const [product] = [a, b].filter((x) => isTraced(x) && x.product !== undefined) as Traced[];
      const result = ops.mul(a, b);
      const isScaled = [a, b].some((x) => !isTraced(x) || x.shape.length === 0);
      return isScaled ? new Traced(result.shape, result.weight, product?.product) : result;
    },
  };
}

/**
 * What a training step does with each weight that it changes, by name: found by taking it with nothing but shapes.
 *
 * What it does with the batch comes before what feedback weights do among themselves, with noise.
 */
export function weightUses({
  trainable,
  source,
  batch,
}: ProgramContext): ReadonlyMap<string, WeightUse> {
  const { network, optimizer } = trainable;
  const rows = rowsOf(source, network, batch);
  const uses = new Map<string, WeightUse>();
  const ops = tracedOps(uses);
  const scalar = new Traced([]);
  const examples = {
    input: new Traced([rows, ...network.spec.inputShape]),
    target: new Traced(source.targetForm === "labels" ? [rows] : [rows, network.outputs]),
    weights: source.isWeighted ? new Traced([rows, 1]) : undefined,
  };
  const noise = network.noise.map((info) => new Traced(noiseShape(info, rows)));
  const parameters = groupByLayer(
    network,
    network.parameters.map(
      ({ name, shape, changes }) => new Traced(shape, changes ? name : undefined),
    ),
  );
  // A slot lies as its weight does.
  const slots = network.parameters.map((info) =>
    slotNames(info, optimizer).map(() => new Traced(info.shape, info.name)),
  );
  const drawn = withNoise(network, parameters, noise);
  const pass = lossAndGradients(ops, trainable, drawn, examples);
  applyGradients(ops, trainable, { parameters: drawn, slots }, pass, scalar, scalar);
  prepareStep(ops, network, parameters, noise);
  return uses;
}
