import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";

/** The file CUDA's provider is in, which ONNX Runtime's npm package does not carry. */
export const CUDA_PROVIDER = "libonnxruntime_providers_cuda.so";

/** Where ONNX Runtime looks for CUDA's provider; undefined on systems that have none. */
export function cudaProvider(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  return join(root, "bin", "napi-v6", "linux", "x64", CUDA_PROVIDER);
}

/**
 * The list of the libraries of CUDA that were fetched for a provider: beside it, as JSON, in the order they are loaded
 * in.
 */
export const cudaLibrariesFile = (provider: string) => provider.replace(/\.so$/, ".json");

/** Kept in the process although Node lets go of it, which finds no addon in it. */
const RTLD_NODELETE = 0x1000;

/** Loads a library that is no addon. @returns why it could not be loaded; undefined where it was. */
function loadLibrary(file: string): string | undefined {
  try {
    process.dlopen({ exports: {} }, file, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    const { message } = error as Error;
    return /did not self-register/.test(message) ? undefined : message;
  }
}

/**
 * Loads CUDA's libraries that were fetched for a provider, by their places: the loader, which knows no places, takes
 * for the provider what is loaded already.
 *
 * @returns why the first of them could not be loaded; undefined where all are, or none were fetched.
 */
export function loadCudaLibraries(provider: string): string | undefined {
  const list = cudaLibrariesFile(provider);
  if (!existsSync(list)) return undefined;
  const { libraries } = JSON.parse(readFileSync(list, "utf8")) as { libraries: readonly string[] };
  for (const file of libraries) {
    const why = loadLibrary(file);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Why CUDA's provider cannot be loaded, which ONNX Runtime says on stderr alone; undefined where it can. */
export const whyNotLoaded = (provider: string) => loadLibrary(provider);
