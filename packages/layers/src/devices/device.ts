import type * as tf from "@tensorflow/tfjs";
import type { Host } from "./host";

/** TensorFlow.js with one of its backends set, and what the backend comes from. */
export interface EagerDevice {
  /** The name it is asked for with. */
  readonly name: EagerDeviceName;
  readonly tf: typeof tf;
  /** How many threads of the processor it computes with. */
  readonly threads: number;
  /** What computes, in words: "NVIDIA H100", "WebAssembly with SIMD". */
  readonly hardware: string;
  /** Whether it is a GPU in name only, one that a program on the processor imitates. */
  readonly isSoftware: boolean;
  /** Set where it was chosen for being there, in half a sentence. */
  readonly why?: string;
  /** Versions of the packages it is made of. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What one may compute on. */
export type EagerDeviceName = "tensorflow-gpu" | "tensorflow" | "webgpu" | "wasm" | "cpu";

/** What TensorFlow's own library is loaded with; the other devices have no use for it. */
export interface NativeOptions {
  /**
   * What float32 matrices are multiplied in on the processor, by oneDNN: `bfloat16` rounds the factors to 8 bits, and
   * adds up in float32; for processors with AMX, or BF16 on arm64. `float32` when left out.
   */
  readonly precision?: "float32" | "bfloat16" | undefined;
  /**
   * Whether TensorFlow takes a GPU's memory as it needs it, in place of nearly all at once; TensorFlow's way when left
   * out.
   */
  readonly memoryGrowth?: boolean | undefined;
  /** The numbers of the GPUs it sees, as CUDA_VISIBLE_DEVICES has them; all when left out. */
  readonly visibleDevices?: readonly number[] | undefined;
}

/** Starts a device. @throws DeviceError when it is not there. */
export type StartDevice = (
  host: Host,
  threads: number,
  options: NativeOptions,
) => Promise<Omit<EagerDevice, "name" | "isSoftware"> & { readonly isSoftware?: boolean }>;

/** The package everything runs on. */
export const TFJS = "@tensorflow/tfjs";

/** Sets a backend that has been registered, without a banner and the checks that are made for every operation. */
export async function setBackend(tfjs: typeof tf, backend: string): Promise<void> {
  tfjs.enableProdMode();
  if (!(await tfjs.setBackend(backend)))
    throw new Error(`TensorFlow.js could not start its backend "${backend}"`);
  await tfjs.ready();
}
