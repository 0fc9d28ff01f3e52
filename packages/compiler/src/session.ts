import { BioflaxError, type Shape } from "@bioflax/core";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { Model } from "./graph/model";
import type { ElementType } from "./graph/value";

type Runtime = typeof import("onnxruntime-node");

let loading: Promise<Runtime> | undefined;

/**
 * ONNX Runtime, loaded when it is first needed.
 *
 * @throws BioflaxError when the package or its native part is not there.
 */
function loadRuntime(): Promise<Runtime> {
  loading ??= import("onnxruntime-node").then(
    // Node gives a CommonJS module's exports as `default`; a bundler or a test runner may not.
    (module) => (module as Runtime & { default?: Runtime }).default ?? module,
    (cause: Error) => {
      loading = undefined;
      throw new BioflaxError(
        `The compiled engine needs onnxruntime-node, which could not be loaded: ${cause.message}\nInstall it with: npm install onnxruntime-node`,
        { cause },
      );
    },
  );
  return loading;
}

/** The version of ONNX Runtime. */
export async function runtimeVersion(): Promise<string> {
  return (await loadRuntime()).env.versions.node ?? "unknown";
}

/** A tensor on the host, as ONNX Runtime takes and gives them. */
export type HostTensor = Tensor;

type HostArray = Float32Array | Uint8Array | Int32Array | BigInt64Array;

/** Wraps an array, without copying it, as a tensor. */
export async function hostTensor(
  type: ElementType,
  data: HostArray,
  shape: Shape,
): Promise<HostTensor> {
  const { Tensor } = await loadRuntime();
  return new Tensor(type as "float32", data as Float32Array, shape);
}

/** How a session computes. */
export interface SessionOptions {
  /** How many threads; all physical cores when left out. */
  readonly threads?: number | undefined;
  /** ONNX Runtime's own rewriting of the graph; `all` when left out. */
  readonly graphOptimization?: "disabled" | "basic" | "extended" | "all";
}

/** A model ready to run. */
export interface Session {
  /** Runs the model. @returns its outputs, in the order the model was built with. */
  run(feeds: Readonly<Record<string, HostTensor>>): Promise<HostTensor[]>;
  /** Frees it. */
  release(): Promise<void>;
}

/** Loads a model for the CPU. */
export async function createSession(
  model: Model,
  { threads, graphOptimization = "all" }: SessionOptions = {},
): Promise<Session> {
  const { InferenceSession } = await loadRuntime();
  const session: InferenceSession = await InferenceSession.create(model.bytes, {
    executionProviders: ["cpu"],
    graphOptimizationLevel: graphOptimization,
    intraOpNumThreads: threads ?? 0,
    logSeverityLevel: 3,
    // A session's idle threads would otherwise go on spinning and slow the next session down.
    extra: { session: { force_spinning_stop: "1" } },
  });
  return {
    async run(feeds) {
      const needed = Object.fromEntries(
        session.inputNames.map((name) => [name, feeds[name] as Tensor]),
      );
      const results = await session.run(needed);
      return model.outputs.map((name) => results[name] as Tensor);
    },
    release: () => session.release(),
  };
}
