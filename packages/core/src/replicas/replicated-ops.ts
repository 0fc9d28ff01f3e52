import { shapeOps } from "../ops/shape-ops";
import type { Operand, Shape, TensorOps } from "../ops/tensor-ops";

/**
 * A tensor of several replicas: one for each along a first axis, [replicas, ...shape], or one that is the same for all.
 */
export interface Replicated<T> {
  readonly tensor: T;
  /** Whether it is the same for all, so that there is no such axis. */
  readonly isShared: boolean;
  /**
   * How many axes of extent 1 stand between that of replicas and its own; none when left out. What is a vector of each
   * meets matrices of each that way, without being reshaped time and again.
   */
  readonly lifted?: number;
}

/** A tensor that is the same for all replicas. */
export const shared = <T>(tensor: T): Replicated<T> => ({ tensor, isShared: true });

/** Every replica's own tensor, along the first axis. */
export const perReplica = <T>(tensor: T): Replicated<T> => ({ tensor, isShared: false });

/** What it is of each replica along the first axis; what they share is repeated. */
export function withReplicaAxis<T>(ops: TensorOps<T>, x: Replicated<T>, replicas: number): T {
  if (!x.isShared) return lowered(ops, x).tensor;
  const shape = ops.shape(x.tensor);
  return ops.broadcastTo(ops.reshape(x.tensor, [1, ...shape]), [replicas, ...shape]);
}

/** The same without axes of extent 1 between that of replicas and its own. */
function lowered<T>(ops: TensorOps<T>, x: Replicated<T>): Replicated<T> {
  const { lifted = 0 } = x;
  if (lifted === 0) return x;
  const [replicas, ...rest] = ops.shape(x.tensor) as [number, ...number[]];
  return perReplica(ops.reshape(x.tensor, [replicas, ...rest.slice(lifted)]));
}

/**
 * An interpreter of several replicas at once, from one of a single network: a transformation of interpreters as `vmap`
 * is one of functions. No definition can tell: shapes, axes and batches are those of one replica.
 *
 * What replicas share stays shared, and is not copied where it meets what they do not. Elementwise operations,
 * reductions and pooling take all replicas in one; products are one, of folded batches where replicas share the right
 * factor and else pair by pair; convolutions by kernels of their own are taken one replica after another.
 *
 * @param ops computes with whole tensors.
 * @param replicas how many there are, from 1.
 * @example
 * const both = replicatedOps(referenceOps, 2);
 * const x = perReplica(float64Tensor([1, 2, 3, 4], [2, 2])); // of each replica a vector of 2
 * both.sum(x).tensor; // [3, 7]
 */
export function replicatedOps<T>(ops: TensorOps<T>, replicas: number): TensorOps<Replicated<T>> {
  const shape = ({ tensor, isShared, lifted = 0 }: Replicated<T>): Shape =>
    isShared ? ops.shape(tensor) : ops.shape(tensor).slice(1 + lifted);
  /** Each replica's own tensor, with as many axes of its own and of extent 1 before them. */
  const ofRank = (x: Replicated<T>, rank: number): T => {
    const own = shape(x);
    if (own.length + (x.lifted ?? 0) === rank) return x.tensor;
    const missing = Array.from({ length: rank - own.length }, () => 1);
    return ops.reshape(x.tensor, [replicas, ...missing, ...own]);
  };

  /** An operation that takes its operands element by element, and number for number. */
  const elementwise = (
    operation: (...operands: Operand<T>[]) => T,
    operands: readonly Operand<Replicated<T>>[],
  ): Replicated<T> => {
    const tensors = operands.filter((x) => typeof x !== "number");
    const rank = Math.max(...tensors.map((x) => shape(x).length));
    const reached = Math.max(...tensors.map((x) => shape(x).length + (x.lifted ?? 0)));
    const aligned = operands.map((x) => {
      if (typeof x === "number") return x;
      return x.isShared ? x.tensor : ofRank(x, reached);
    });
    const tensor = operation(...aligned);
    return tensors.every(({ isShared }) => isShared)
      ? shared(tensor)
      : { ...perReplica(tensor), lifted: reached - rank };
  };
  const unary = (operation: (x: T) => T) => (x: Replicated<T>) => ({
    ...x,
    tensor: operation(x.tensor),
  });
  type Binary = "add" | "sub" | "mul" | "div" | "maximum" | "minimum" | "greater";
  const binary = (name: Binary) => (a: Operand<Replicated<T>>, b: Operand<Replicated<T>>) =>
    elementwise(ops[name], [a, b]);

  /** One replica's tensor. */
  const replicaOf = (x: Replicated<T>, replica: number): T => {
    if (x.isShared) return x.tensor;
    const own = shape(x);
    const begin = [replica, ...own.map(() => 0)];
    return ops.reshape(ops.slice(lowered(ops, x).tensor, begin, [1, ...own]), own);
  };
  const areShared = (...tensors: readonly Replicated<T>[]) =>
    tensors.every(({ isShared }) => isShared);
  /** An operation on one replica after another; on what all share, on it alone. */
  const oneByOne = (
    operation: (...tensors: T[]) => T,
    ...tensors: readonly Replicated<T>[]
  ): Replicated<T> => {
    if (areShared(...tensors)) return shared(operation(...tensors.map(({ tensor }) => tensor)));
    const each = Array.from({ length: replicas }, (_, replica) =>
      operation(...tensors.map((x) => replicaOf(x, replica))),
    );
    return perReplica(ops.stack(each));
  };
  /** An operation whose examples have nothing to do with one another: on one batch of all replicas' examples. */
  const asOneBatch = (
    operation: (...batches: T[]) => T,
    ...tensors: readonly Replicated<T>[]
  ): Replicated<T> => {
    if (areShared(...tensors)) return shared(operation(...tensors.map(({ tensor }) => tensor)));
    const batches = tensors.map((x) => {
      const [batch, ...rest] = shape(x) as [number, ...number[]];
      return ops.reshape(withReplicaAxis(ops, x, replicas), [replicas * batch, ...rest]);
    });
    const result = operation(...batches);
    const [batch, ...rest] = ops.shape(result) as [number, ...number[]];
    return perReplica(ops.reshape(result, [replicas, batch / replicas, ...rest]));
  };
  /** The shape of a batch of all replicas' examples, from one replica's. */
  const allOf = ([batch, ...rest]: Shape, isShared: boolean): Shape =>
    isShared ? [batch as number, ...rest] : [replicas * (batch as number), ...rest];

  const every: TensorOps<Replicated<T>> = {
    shape,
    neg: unary(ops.neg),
    abs: unary(ops.abs),
    sign: unary(ops.sign),
    exp: unary(ops.exp),
    log: unary(ops.log),
    sqrt: unary(ops.sqrt),
    tanh: unary(ops.tanh),
    sigmoid: unary(ops.sigmoid),
    erf: unary(ops.erf),
    add: binary("add"),
    sub: binary("sub"),
    mul: binary("mul"),
    div: binary("div"),
    maximum: binary("maximum"),
    minimum: binary("minimum"),
    greater: binary("greater"),
    equal: (a, b) => elementwise(ops.equal as (...operands: Operand<T>[]) => T, [a, b]),
    where: (condition, a, b) =>
      elementwise(ops.where as (...operands: Operand<T>[]) => T, [condition, a, b]),
    axpby(alpha, x, beta, y) {
      shapeOps.axpby(alpha, shape(x), beta, shape(y));
      if (x.isShared === y.isShared)
        return elementwise((a, b) => ops.axpby(alpha, a as T, beta, b as T), [x, y]);
      const scaled = (factor: number, z: Replicated<T>) =>
        factor === 1 ? z : every.mul(z, factor);
      return every.add(scaled(alpha, x), scaled(beta, y));
    },
    sum(x, axes = [...shape(x).keys()], keepDims = false): Replicated<T> {
      if (x.isShared) return shared(ops.sum(x.tensor, axes, keepDims));
      shapeOps.sum(shape(x), axes, keepDims);
      if (axes.length === 0) return x;
      const { lifted = 0 } = x;
      // A vector of each as a matrix of each, so that no interpreter takes them for one matrix, whose rows it may add up
      // in an order that depends on where they lie.
      if (shape(x).length + lifted === 1)
        return every.sum({ ...x, tensor: ofRank(x, 2), lifted: 1 }, axes, keepDims);
      const own = axes.map((axis) => axis + 1 + lifted);
      // What is left of its first axes stays, of extent 1.
      const areFirst = axes.every((axis) => axis < axes.length);
      const stay = keepDims || areFirst;
      return {
        ...perReplica(ops.sum(x.tensor, own, stay)),
        lifted: lifted + (areFirst && !keepDims ? axes.length : 0),
      };
    },
    max(x, axis, keepDims) {
      if (x.isShared) return shared(ops.max(x.tensor, axis, keepDims));
      shapeOps.max(shape(x), axis, keepDims);
      const { lifted = 0 } = x;
      return { ...x, tensor: ops.max(x.tensor, axis + 1 + lifted, keepDims) };
    },
    argMax: unary(ops.argMax),
    reshape: (x, to) =>
      x.isShared
        ? shared(ops.reshape(x.tensor, to))
        : perReplica(ops.reshape(x.tensor, [replicas, ...shapeOps.reshape(shape(x), to)])),
    broadcastTo(x, to) {
      if (x.isShared) return shared(ops.broadcastTo(x.tensor, to));
      const all = [replicas, ...shapeOps.broadcastTo(shape(x), to)];
      return perReplica(ops.broadcastTo(ofRank(x, to.length), all));
    },
    pad: (x, padding) =>
      x.isShared
        ? shared(ops.pad(x.tensor, padding))
        : perReplica(ops.pad(lowered(ops, x).tensor, [[0, 0], ...padding])),
    slice: (x, begin, size) =>
      x.isShared
        ? shared(ops.slice(x.tensor, begin, size))
        : perReplica(ops.slice(lowered(ops, x).tensor, [0, ...begin], [replicas, ...size])),
    oneHot: (labels, depth) => asOneBatch((all) => ops.oneHot(all, depth), labels),
    matMul(a, b, options = {}) {
      shapeOps.matMul(shape(a), shape(b), options);
      if (b.isShared && !options.transposeA)
        return asOneBatch((rows) => ops.matMul(rows, b.tensor, options), a);
      if (areShared(a, b)) return shared(ops.matMul(a.tensor, b.tensor, options));
      const [own, others] = [a, b].map((x) => lowered(ops, x).tensor) as [T, T];
      return perReplica(ops.batchMatMul(own, others, options));
    },
    batchMatMul: (a, b, options) => oneByOne((x, y) => ops.batchMatMul(x, y, options), a, b),
    stack(tensors) {
      if (areShared(...tensors)) return shared(ops.stack(tensors.map(({ tensor }) => tensor)));
      // Behind the axis of replicas, where nothing joins tensors: each in its place among zeros, and their sum.
      const last = tensors.length - 1;
      const placed = tensors.map((x, place) => {
        const own = shape(x);
        const row = ops.reshape(withReplicaAxis(ops, x, replicas), [replicas, 1, ...own]);
        const zeros = own.map((): [number, number] => [0, 0]);
        return ops.pad(row, [[0, 0], [place, last - place], ...zeros]);
      });
      return perReplica(placed.reduce((sum, x) => ops.add(sum, x)));
    },
    conv2d: (x, kernel, window) =>
      kernel.isShared
        ? asOneBatch((images) => ops.conv2d(images, kernel.tensor, window), x)
        : oneByOne((images, own) => ops.conv2d(images, own, window), x, kernel),
    conv2dInputGradient(error, kernel, input, window) {
      if (!kernel.isShared)
        return oneByOne(
          (own, filters) => ops.conv2dInputGradient(own, filters, input, window),
          error,
          kernel,
        );
      const all = allOf(input, error.isShared);
      return asOneBatch(
        (errors) => ops.conv2dInputGradient(errors, kernel.tensor, all, window),
        error,
      );
    },
    conv2dKernelGradient: (x, error, window) =>
      oneByOne((images, own) => ops.conv2dKernelGradient(images, own, window), x, error),
    maxPool: (x, window) => asOneBatch((images) => ops.maxPool(images, window), x),
    maxPoolGradient: (x, y, error, window) =>
      asOneBatch(
        (images, largest, errors) => ops.maxPoolGradient(images, largest, errors, window),
        ...[x, y, error],
      ),
    averagePool: (x, window) => asOneBatch((images) => ops.averagePool(images, window), x),
    averagePoolGradient: (error, input, window) =>
      asOneBatch(
        (errors) => ops.averagePoolGradient(errors, allOf(input, error.isShared), window),
        error,
      ),
  };
  return every;
}
