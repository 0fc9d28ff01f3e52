import type { CompiledDevice } from "../devices";
import type { ProcessorTimes } from "../thread-count";

/** What is used of ONNX Runtime, the same in its packages for Node and for browsers. */
export type Runtime = Pick<
  typeof import("onnxruntime-node"),
  "env" | "InferenceSession" | "Tensor"
>;

/** A thread that does what it is asked, one thing after another. */
export interface Thread {
  /** @returns what it answers. @throws Error with what went wrong there, or that it has ended. */
  ask(request: object): Promise<object>;
  end(): Promise<void>;
}

/** Where the engine runs, Node or a browser: what is not the same in both. */
export interface Platform {
  /** The npm package that ONNX Runtime comes in. */
  readonly runtime: string;
  /**
   * Loads ONNX Runtime.
   *
   * @param device what it is to compute on.
   */
  load(device: CompiledDevice): Promise<Runtime>;
  /** What ONNX Runtime calls a device here. */
  providerOf(device: CompiledDevice): string;
  /**
   * How many threads a session on the processor gets, by ONNX Runtime's own choice where it is 0.
   *
   * @param asked how many were asked for, if any.
   * @throws BioflaxError when there cannot be as many.
   */
  threads(runtime: Runtime, asked: number | undefined): number;
  /** How many threads networks may be shared out among, each in one of its own. @param asked how many in all, if any. */
  networkThreads(asked: number | undefined): number;
  /** What the processors have done until now; undefined where that cannot be known. */
  processorTimes(): ProcessorTimes | undefined;
  /** Starts a thread that has ONNX Runtime, and knows what a session thread asks. */
  startThread(): Promise<Thread>;
  /** Whether ONNX Runtime may have kernels for matrices in blocks. */
  readonly mayHaveBlocks: boolean;
  /** @throws DeviceError when what a device needs is not installed. */
  requireInstalled(device: CompiledDevice): void;
  /** The error for a session that could not be made: a DeviceError where that is the device's fault. */
  whyNotCreated(device: CompiledDevice, cause: Error): Error;
  /**
   * Gives a place to write a profile to, the beginning of a file's path, and reads what was written.
   *
   * @throws BioflaxError where there are no files.
   */
  profile(write: (place: string) => Promise<void>): Promise<string>;
}

/** What `#platform` is: `node.ts` or, by the condition `browser` of package.json, `browser.ts`. */
export declare const platform: Platform;
