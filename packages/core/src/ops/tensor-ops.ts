import type { Convolution2d, Window2d } from "./window";

/** The extents of a tensor's axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** An operand of an elementwise operation: a tensor, or a number that stands for a float32 scalar. */
export type Operand<T> = T | number;

/** Which factors of a matrix product are read transposed. */
export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * The vocabulary in which every rule, layer, activation, loss, optimizer and metric is written.
 *
 * `T` is opaque: an eager tensor, a symbolic value of a graph, a float64 array, a bare shape. A definition may
 * never look inside one, branch on a value, or dispose one: the interpreter owns the memory. Shapes are
 * plain numbers, known before anything runs. Floats are float32 (float64 in the reference), labels int32,
 * and comparisons give booleans that only {@link TensorOps.where} reads.
 *
 * Elementwise operations broadcast as NumPy does.
 */
export interface TensorOps<T> {
  /** The shape of a tensor. */
  shape(x: T): Shape;

  /** −x */
  neg(x: T): T;
  /** |x| */
  abs(x: T): T;
  /** −1, 0 or 1 */
  sign(x: T): T;
  /** eˣ */
  exp(x: T): T;
  /** Natural logarithm. */
  log(x: T): T;
  /** √x */
  sqrt(x: T): T;
  /** Hyperbolic tangent. */
  tanh(x: T): T;
  /** 1 / (1 + e⁻ˣ) */
  sigmoid(x: T): T;
  /** The error function, 2/√π ∫₀ˣ e^(−t²) dt. */
  erf(x: T): T;

  /** a + b */
  add(a: Operand<T>, b: Operand<T>): T;
  /** a − b */
  sub(a: Operand<T>, b: Operand<T>): T;
  /** a ⊙ b */
  mul(a: Operand<T>, b: Operand<T>): T;
  /** a / b */
  div(a: Operand<T>, b: Operand<T>): T;
  /** The larger of each pair. */
  maximum(a: Operand<T>, b: Operand<T>): T;
  /** The smaller of each pair. */
  minimum(a: Operand<T>, b: Operand<T>): T;
  /** α·x + β·y for tensors of one shape, where α and β are plain numbers. */
  axpby(alpha: number, x: T, beta: number, y: T): T;

  /** a > b, as a boolean tensor. */
  greater(a: Operand<T>, b: Operand<T>): T;
  /** a = b, as a boolean tensor; both floats or both labels. */
  equal(a: T, b: T): T;
  /** a where the condition holds, b elsewhere. */
  where(condition: T, a: Operand<T>, b: Operand<T>): T;

  /** The sum over the given axes (all of them when left out); the summed axes stay with extent 1 if `keepDims`. */
  sum(x: T, axes?: readonly number[], keepDims?: boolean): T;
  /** The largest element along one axis; the axis stays with extent 1 if `keepDims`. */
  max(x: T, axis: number, keepDims?: boolean): T;
  /** The index of the largest element along the last axis, the first of equals: [..., n] → int32 [...]. */
  argMax(x: T): T;

  /** The same elements, in row-major order, under another shape. */
  reshape(x: T, shape: Shape): T;
  /** The tensor repeated along its axes of extent 1, up to a shape of the same rank. */
  broadcastTo(x: T, shape: Shape): T;
  /** Zeros around a tensor: for each axis, how many before and how many after. */
  pad(x: T, padding: readonly (readonly [number, number])[]): T;
  /** The block of `size` that begins at `begin`, one number an axis. */
  slice(x: T, begin: readonly number[], size: Shape): T;
  /**
   * Labels [batch], each from 0 to depth − 1, or whole numbers that are floats, → one-hot rows [batch, depth]; for other
   * labels nothing is promised.
   */
  oneHot(labels: T, depth: number): T;
  /** The product of two matrices, each read transposed on request: [m, k] · [k, n] → [m, n]. */
  matMul(a: T, b: T, options?: MatMulOptions): T;
  /**
   * The products of matrices pair by pair, each read transposed on request: [n, m, k] · [n, k, l] → [n, m, l]; one
   * factor may be a single matrix, the same for all.
   */
  batchMatMul(a: T, b: T, options?: MatMulOptions): T;
  /** Tensors of one shape, at least one, behind each other along a new first axis: n of [...] → [n, ...]. */
  stack(tensors: readonly T[]): T;
  /** Tensors, at least one, behind each other along an axis they have; along the others their extents agree. */
  concat(tensors: readonly T[], axis: number): T;

  /**
   * Each window times the kernel: [batch, h, w, in], [...window, in, out] → [batch, rows, columns, out]; in groups the
   * kernel is [...window, in of a group, out].
   */
  conv2d(x: T, kernel: T, window: Convolution2d): T;
  /** The transpose of {@link conv2d} in x: the error at its result → the error at x, of the shape `input`. */
  conv2dInputGradient(error: T, kernel: T, input: Shape, window: Convolution2d): T;
  /** The transpose of {@link conv2d} in the kernel: x and the error at its result → the error at the kernel. */
  conv2dKernelGradient(x: T, error: T, window: Convolution2d): T;
  /**
   * The largest of each window, [batch, h, w, channels] → [batch, rows, columns, channels]; padding is never the
   * largest.
   */
  maxPool(x: T, window: Window2d): T;
  /** The error at x, given y, the {@link maxPool} of x, and the error at y: it goes to each window's first largest. */
  maxPoolGradient(x: T, y: T, error: T, window: Window2d): T;
  /** The mean of each window; padding is not counted. */
  averagePool(x: T, window: Window2d): T;
  /** The error at the input, of the shape `input`, given the error at its {@link averagePool}. */
  averagePoolGradient(error: T, input: Shape, window: Window2d): T;
}
