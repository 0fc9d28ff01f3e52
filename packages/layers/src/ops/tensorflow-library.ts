import type * as tf from "@tensorflow/tfjs";

/** An attribute of one of TensorFlow's operations. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What an operation left: the number of a tensor in the library, and what it is. */
interface TensorInfo {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** What is used of the native part of tfjs-node. */
interface Binding {
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorInfo[];
  createTensor(shape: readonly number[], dtype: number, values: Float32Array): number;
  deleteTensor(id: number): void;
  readonly TF_FLOAT: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_STRING: number;
}

/** What is used of tfjs-node's backend: TensorFlow's own library, by the names of its operations. */
export interface TensorflowLibrary {
  readonly binding: Binding;
  /** Which of the library's tensors a TensorFlow.js tensor is, by where it is stored. */
  readonly tensorMap: { get(dataId: object): { id: number } };
  /** The numbers of tensors in the library, which they are written to where they are not there yet. */
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  executeSingleOutput(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  createOutputTensor(info: TensorInfo): tf.Tensor;
  refCount(dataId: object): number;
}

/** The library behind a backend; undefined where it is another's, or a tfjs-node of which less is known. */
export function tensorflowLibrary(tfjs: typeof tf): TensorflowLibrary | undefined {
  if (tfjs.getBackend() !== "tensorflow") return undefined;
  const backend = tfjs.backend() as unknown as Partial<TensorflowLibrary>;
  const isKnown = [
    backend.binding?.executeOp,
    backend.getInputTensorIds,
    backend.tensorMap?.get,
  ].every((part) => typeof part === "function");
  return isKnown ? (backend as TensorflowLibrary) : undefined;
}

/**
 * Whether TensorFlow's library was loaded to multiply in bfloat16, by oneDNN: as it reads it itself, from the
 * environment.
 */
export const isInBfloat16 = (): boolean =>
  globalThis.process?.env.TF_SET_ONEDNN_FPMATH_MODE === "BF16";
