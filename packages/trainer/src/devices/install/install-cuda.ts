import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { cudaLibrariesFile, cudaProvider } from "@bioflax/compiler/node";
import { BioflaxError } from "@bioflax/core";
import {
  addUser,
  fetchWheels,
  hasWheels,
  type OnProgress,
  removeUser,
  type Wheel,
} from "@bioflax/wheels";

/** What an installation of ONNX Runtime's CUDA provider did. */
export interface CudaInstallation {
  /** The version of ONNX Runtime. */
  readonly version: string;
  /** The provider, beside ONNX Runtime's own library. */
  readonly provider: string;
  /** The folder of what was fetched. */
  readonly wheels: string;
  /** The libraries of CUDA and cuDNN that were fetched. */
  readonly libraries: readonly string[];
  /** Whether all of it had been fetched before. */
  readonly wasInstalled: boolean;
}

/** What the provider comes with. */
const SHARED = "libonnxruntime_providers_shared.so";
/** Room that the wheels take while they are unpacked. */
const ROOM = 8e9;
/** The libraries that the provider asks the system for, in an order in which each comes after those it needs. */
const NEEDED = ["cudart", "nvrtc", "nvJitLink", "cublasLt", "cublas", "curand", "cufft", "cudnn"];

function placesOf(): { provider: string; version: string } {
  const provider = cudaProvider();
  if (provider === undefined) {
    throw new BioflaxError(
      "onnxruntime-node has CUDA for Linux on x64 alone. On another GPU, --device webgpu computes without an installation.",
    );
  }
  const root = join(dirname(provider), "..", "..", "..", "..", "package.json");
  return {
    provider,
    version: (createRequire(import.meta.url)(root) as { version: string }).version,
  };
}

/** The folder of the cache with the wheels of a version of ONNX Runtime. */
const wheelsOf = (cache: string, version: string) => join(cache, `onnxruntime-gpu-${version}`);

/**
 * Installs ONNX Runtime's CUDA provider without its download host: PyPI's `onnxruntime-gpu` of the npm package's
 * version has it, and CUDA's and cuDNN's libraries come as wheels, too. Links to them are put beside ONNX Runtime's own
 * library.
 *
 * @throws WheelError for what is missing, with what gets it; BioflaxError where ONNX Runtime has no CUDA.
 */
export async function installCuda(
  cache: string,
  { python, onProgress }: { python?: string | undefined; onProgress: OnProgress },
): Promise<CudaInstallation> {
  const { provider, version } = placesOf();
  const wheels = wheelsOf(cache, version);
  const wanted: readonly Wheel[] = [
    { name: "onnxruntime-gpu", extras: ["cuda", "cudnn"], version },
  ];
  const wasInstalled = hasWheels(wheels, wanted);
  await fetchWheels(wanted, wheels, {
    ...{ python, dependencies: true, room: ROOM, onProgress },
    remedies: {
      python: (usual) => `${usual}, or name another Python with --python.`,
      space: (usual) => `${usual}, or have the cache elsewhere (BIOFLAX_CACHE).`,
    },
  });
  const libraries = inOrder(sharedLibraries(join(wheels, "nvidia")));
  writeFileSync(cudaLibrariesFile(provider), `${JSON.stringify({ libraries }, null, 2)}\n`);
  for (const name of [SHARED, basename(provider)]) {
    const link = join(dirname(provider), name);
    rmSync(link, { force: true });
    symlinkSync(join(wheels, "onnxruntime", "capi", name), link);
  }
  addUser(wheels, provider);
  return { version, provider, wheels, libraries, wasInstalled };
}

/**
 * Takes back what {@link installCuda} did. @returns the folder of the cache that was removed; undefined where another
 * program uses it.
 */
export function uninstallCuda(cache: string): string | undefined {
  const { provider, version } = placesOf();
  for (const file of [join(dirname(provider), SHARED), provider, cudaLibrariesFile(provider)])
    rmSync(file, { force: true });
  const wheels = wheelsOf(cache, version);
  return existsSync(wheels) && removeUser(wheels, provider) ? wheels : undefined;
}

/** The shared libraries in a folder and those below it. */
function sharedLibraries(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\/lib\/lib[^/]+\.so\.[\d.]+$/.test(`/${name}`))
    .map((name) => join(folder, name))
    .sort();
}

/**
 * Those of some libraries that the provider asks for, in an order to load them in; they find the others beside them.
 */
function inOrder(files: readonly string[]): string[] {
  return NEEDED.flatMap((name) =>
    files.filter((file) => basename(file).startsWith(`lib${name}.so`)),
  );
}
