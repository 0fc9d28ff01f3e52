import type { InferenceSession, Tensor } from "onnxruntime-node";
import { platform } from "#platform";
import type { Model } from "../graph/model";
import type { CompiledDevice } from "./devices";
import type { Runtime } from "./platform/platform";
import { loadRuntime } from "./runtime";

/** A tensor that a session takes or gives: in memory, or where the session computes. */
export type SessionTensor = Tensor;

/** How far ONNX Runtime rewrites a graph. */
export type GraphOptimization = "disabled" | "basic" | "extended" | "all";

/** How a session computes. */
export interface SessionOptions {
  /** What it computes on; `cpu` when left out. */
  readonly device?: CompiledDevice | undefined;
  /**
   * How many threads of the processor; when left out as many as there are physical cores, or fewer where Slurm or a
   * control group gives fewer.
   */
  readonly threads?: number | undefined;
  /** ONNX Runtime's own rewriting of the graph; `all` when left out, but `disabled` of deep networks of dense layers. */
  readonly graphOptimization?: GraphOptimization | undefined;
}

/** What a session is made with beside its options. */
interface SessionSetup extends SessionOptions {
  /** Outputs that stay where the session computes, for it or another one to take; the others come to memory. */
  readonly resident?: readonly string[];
  /**
   * Whether factors stay out of the products that they are multiplied with: ONNX Runtime takes in those that are
   * constants, and rounds otherwise than where the same factor is one of several in a tensor.
   */
  readonly keepsFactors?: boolean;
  /** Whether it runs now and then only: it then gives its memory back after each run. */
  readonly isRare?: boolean;
  /** Where to write which node ran where and for how long: the beginning of a file's path. */
  readonly profile?: string;
}

/** A model ready to run. */
export interface Session {
  /** Runs the model. @returns its outputs, in the order the model was built with. */
  run(feeds: Readonly<Record<string, SessionTensor>>): Promise<SessionTensor[]>;
  /** Frees it. */
  release(): Promise<void>;
}

/**
 * How long a thread that has nothing to do looks out for more before it sleeps: longer than most nodes of a step take
 * that one thread computes by itself. One that went on for long would take the processor from the threads that it waits
 * for, wherever others use the machine, and would still be at it when the next session begins.
 */
const SPIN_MICROSECONDS = "20";

/**
 * Turns a product round where its result is turned: the longer side of a product stands on the left, because threads that
 * share out the other one sum in other groups than one thread does.
 */
const KEEPS_SIDES = ["GemmTransposeFusion"];

/** Makes a session of a model. */
export type CreateSession = (model: Model, setup?: SessionSetup) => Promise<Session>;

/** A session's setup in ONNX Runtime's words. */
export function runtimeOptions(
  runtime: Runtime,
  {
    device = "cpu",
    threads,
    graphOptimization = "all",
    resident = [],
    keepsFactors = false,
    isRare = false,
    profile,
  }: SessionSetup,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [platform.providerOf(device)],
    graphOptimizationLevel: graphOptimization,
    intraOpNumThreads: platform.threads(runtime, threads),
    logSeverityLevel: 3,
    // Buffers planned ahead lie farther apart, which costs the caches more than asking for them does.
    enableMemPattern: false,
    enableCpuMemArena: !isRare,
    ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
    ...(resident.length > 0 && {
      preferredOutputLocation: Object.fromEntries(resident.map((name) => [name, "gpu-buffer"])),
    }),
    extra: {
      session: { intra_op: { spin_duration_us: SPIN_MICROSECONDS } },
      optimization: {
        disable_specified_optimizers: [
          ...KEEPS_SIDES,
          ...(keepsFactors ? ["MatMulScaleFusion"] : []),
        ].join(";"),
      },
    },
  };
}

/**
 * Loads a model.
 *
 * @throws BioflaxError when the device is not there, with the reason that its driver gives.
 */
export const createSession: CreateSession = async (model, setup = {}) => {
  const { device = "cpu", profile } = setup;
  platform.requireInstalled(device);
  const runtime = await loadRuntime(device);
  const options = runtimeOptions(runtime, setup);
  const session: InferenceSession = await runtime.InferenceSession.create(
    model.bytes,
    options,
  ).catch((cause: Error) => {
    throw platform.whyNotCreated(device, cause);
  });
  return {
    async run(feeds) {
      const needed = Object.fromEntries(
        session.inputNames.map((name) => [name, feeds[name] as Tensor]),
      );
      const results = await session.run(needed);
      return model.outputs.map((name) => results[name] as Tensor);
    },
    async release() {
      if (profile !== undefined) session.endProfiling();
      await session.release();
    },
  };
};
