import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Host } from "@bioflax/layers/node";
import * as tf from "@tensorflow/tfjs";
import * as wasm from "@tensorflow/tfjs-backend-wasm";
import * as webgpu from "@tensorflow/tfjs-backend-webgpu";

/** Where the bundle lies: its binaries and data are beside the program. */
export const bundle = __dirname;

const load = createRequire(join(bundle, "main.cjs"));
const { versions } = JSON.parse(readFileSync(join(bundle, "bundle.json"), "utf8")) as {
  versions: Record<string, string>;
};

/** What devices are started with, from a bundle: the packages are in it, not in a folder of modules. */
export const bundledHost: Host = {
  async load(name) {
    const packages: Record<string, () => unknown> = {
      "@tensorflow/tfjs": () => tf,
      "@tensorflow/tfjs-backend-wasm": () => {
        wasm.setWasmPaths(`${bundle}/`);
        return wasm;
      },
      "@tensorflow/tfjs-backend-webgpu": () => webgpu,
      // The one computes on the processor, too.
      "@tensorflow/tfjs-node": () => import("@tensorflow/tfjs-node-gpu"),
      "@tensorflow/tfjs-node-gpu": () => import("@tensorflow/tfjs-node-gpu"),
      webgpu: () => load(join(bundle, "dawn.node")),
    };
    return packages[name]?.();
  },
  versionOf: (name) => versions[name],
  hasAddon: (_name, file) => existsSync(join(bundle, file)),
  bfloat16: () => undefined,
  env: process.env,
  threads: availableParallelism(),
};
