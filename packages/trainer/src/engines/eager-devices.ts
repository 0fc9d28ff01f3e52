import { availableParallelism } from "node:os";
import { BioflaxError } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { ConfigError } from "../config/resolve";

/** TensorFlow.js with one of its backends set, and what the backend comes from. */
export interface EagerDevice {
  readonly name: string;
  readonly tf: typeof tf;
  /** How many threads it computes with. */
  readonly threads: number;
  /** Versions of the packages it is made of. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What a device needs of the machine; tests bring their own. */
export interface EagerHost {
  /** Imports a package by name. */
  load(name: string): Promise<unknown>;
  /** Major version of Node. */
  readonly nodeMajor: number;
  readonly env: Record<string, string | undefined>;
}

const host: EagerHost = {
  // By a name that is not a literal, because optional packages are not there to be found when this is compiled.
  load: (name) => import(name),
  nodeMajor: Number(process.versions.node.split(".")[0]),
  env: process.env,
};

type Start = (host: EagerHost, threads: number) => Promise<Omit<EagerDevice, "name">>;

const TFJS = "@tensorflow/tfjs";

async function startBackend(tfjs: typeof tf, backend: string): Promise<void> {
  // No banner, and none of the checks that are made for every operation.
  tfjs.enableProdMode();
  if (!(await tfjs.setBackend(backend)))
    throw new BioflaxError(`TensorFlow.js could not start its backend "${backend}".`);
  await tfjs.ready();
}

/** A backend that computes with one thread in Node, in JavaScript or WebAssembly, however many there are. */
function singleThreaded(backend: string, packageName?: string): Start {
  return async ({ load }) => {
    const tfjs = (await load(TFJS)) as typeof tf;
    const versions: Record<string, string> = { [TFJS]: tfjs.version.tfjs };
    if (packageName !== undefined) {
      const { version_wasm } = (await load(packageName)) as { version_wasm: string };
      versions[packageName] = version_wasm;
    }
    await startBackend(tfjs, backend);
    return { tf: tfjs, threads: 1, versions };
  };
}

/** TensorFlow's own library, in a package the user adds. */
function native(packageName: string, onGpu: boolean): Start {
  return async ({ load, nodeMajor, env }, threads) => {
    if (nodeMajor >= 23) {
      throw new BioflaxError(
        `${packageName} does not work on Node ${nodeMajor}: it calls util.isNullOrUndefined, which Node 23 removed ` +
          "(tensorflow/tfjs#8609). Use Node 20 or 22, or --device wasm.",
      );
    }
    env.TF_NUM_INTRAOP_THREADS = String(threads);
    env.TF_CPP_MIN_LOG_LEVEL ??= "2";
    let loaded: { version: Record<string, string> };
    try {
      loaded = (await load(packageName)) as typeof loaded;
    } catch (error) {
      const [reason] = (error as Error).message.trim().split(/\n| imported from /);
      throw new BioflaxError(
        `${packageName} could not be loaded (${reason}). It is optional: \`npm install ${packageName}\` adds it and downloads ` +
          `TensorFlow's library (with pnpm: \`pnpm add ${packageName} --allow-build=${packageName}\`).`,
      );
    }
    const tfjs = (await load(TFJS)) as typeof tf;
    await startBackend(tfjs, "tensorflow");
    if (onGpu && (tfjs.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice !== true) {
      throw new BioflaxError(
        `${packageName} found no GPU it can use. It needs an NVIDIA driver and CUDA 11.2 and cuDNN 8.1 on the library path. Without them, use --device tensorflow.`,
      );
    }
    return {
      tf: tfjs,
      threads,
      versions: {
        [TFJS]: tfjs.version.tfjs,
        [packageName]: loaded.version["tfjs-node"] ?? "unknown",
      },
    };
  };
}

/** Every device by name, the fastest first. */
const devices: Readonly<Record<string, Start>> = {
  "tensorflow-gpu": native("@tensorflow/tfjs-node-gpu", true),
  tensorflow: native("@tensorflow/tfjs-node", false),
  wasm: singleThreaded("wasm", "@tensorflow/tfjs-backend-wasm"),
  cpu: singleThreaded("cpu"),
};

/** The eager engine's devices, the fastest first. */
const eagerDevices: readonly string[] = Object.keys(devices);

/**
 * Starts a device.
 *
 * @param name one of its devices, or `auto` for the first of them that is really there.
 * @param threads how many threads TensorFlow's library computes with; the other devices have one.
 * @throws BioflaxError when the device is unknown or not there, saying how to get it.
 */
export async function startEagerDevice(
  name: string,
  threads = availableParallelism(),
  machine: EagerHost = host,
): Promise<EagerDevice> {
  if (name !== "auto") {
    const start = Object.hasOwn(devices, name) ? devices[name] : undefined;
    if (start === undefined) {
      throw new ConfigError([
        `--device: the eager engine has no device "${name}"; it runs on: ${eagerDevices.join(", ")} (or auto)`,
      ]);
    }
    return { name, ...(await start(machine, threads)) };
  }
  const refusals: string[] = [];
  for (const [candidate, start] of Object.entries(devices)) {
    try {
      return { name: candidate, ...(await start(machine, threads)) };
    } catch (error) {
      if (!(error instanceof BioflaxError)) throw error;
      refusals.push(`${candidate}: ${error.message}`);
    }
  }
  throw new BioflaxError(`The eager engine found no device.\n${refusals.join("\n")}`);
}
