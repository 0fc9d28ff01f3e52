import { BioflaxError, DeviceError } from "@bioflax/core";
import { deviceNotStarted } from "./not-started";
import type { Platform, Runtime } from "./platform";

const world = globalThis as {
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number; readonly gpu?: unknown };
};

/** Threads where as many as there are were asked for: ONNX Runtime's own choice for browsers. */
function defaultThreads(): number {
  const cores = world.navigator?.hardwareConcurrency ?? 1;
  return world.crossOriginIsolated ? Math.min(4, Math.ceil(cores / 2)) : 1;
}

/** As many threads as the sessions of each runtime share, set with the first. */
const threadsOf = new WeakMap<Runtime, number>();

export const platform: Platform = {
  runtime: "onnxruntime-web",
  load: (device) =>
    device === "webgpu" ? import("onnxruntime-web/webgpu") : import("onnxruntime-web/wasm"),
  providerOf: (device) => (device === "cpu" ? "wasm" : device),
  threads(runtime, asked) {
    const set = threadsOf.get(runtime);
    const threads = asked ?? set ?? defaultThreads();
    if (threads > 1 && !world.crossOriginIsolated) {
      throw new BioflaxError(
        `threads: expected 1 on a page that is not isolated, received ${threads}. Serve it with the headers ` +
          "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp to have more.",
      );
    }
    if (set !== undefined && threads !== set) {
      throw new BioflaxError(
        `threads: expected ${set}, as the first network here was given, received ${threads}. All networks of a page, or of a worker, share ` +
          "their threads: give them one number, or a worker each.",
      );
    }
    threadsOf.set(runtime, threads);
    runtime.env.wasm.numThreads = threads;
    return threads;
  },
  networkThreads: () => 1,
  processorTimes: () => undefined,
  async startThread() {
    throw new BioflaxError("Sessions run in the page's or worker's own thread in a browser.");
  },
  // Those of WebAssembly have none.
  mayHaveBlocks: false,
  requireInstalled(device) {
    if (device === "cuda") {
      throw new DeviceError({
        device,
        fault: "missing",
        reason: "A browser has no CUDA.",
        remedy: 'Use the device "webgpu", which takes any GPU.',
      });
    }
    if (device === "webgpu" && world.navigator?.gpu === undefined) {
      throw new DeviceError({
        device,
        fault: "missing",
        reason: "This browser has no WebGPU here.",
        remedy:
          'Use a browser that has it, and a page by https or from localhost, or the device "cpu".',
      });
    }
  },
  whyNotCreated(device, cause) {
    // What else can be wrong on the processor is the model.
    if (device === "cpu" && !/no available backend/.test(cause.message)) return cause;
    const remedy =
      device === "cpu"
        ? "Serve the .wasm files of onnxruntime-web beside the page's scripts, or say where they are by `env.wasm.wasmPaths` of onnxruntime-web/wasm."
        : 'Update the browser or the GPU\'s driver, or use the device "cpu".';
    return deviceNotStarted(device, cause, remedy);
  },
  async profile() {
    throw new BioflaxError(
      "What runs each node is written to a file, which a browser has none of. Ask in Node.",
    );
  },
};
