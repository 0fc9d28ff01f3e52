import { BioflaxError, DeviceError } from "@bioflax/core";
import { npmPackages, supplyUtilFunctions } from "@bioflax/tensorflow-node";
import type * as tf from "@tensorflow/tfjs";
import { type NativeOptions, type StartDevice, setBackend, TFJS } from "./device";
import type { Host } from "./host";
import { loadPackage, requirePackage } from "./packages";

/** The native part. */
const ADDON = "tfjs_binding.node";

type NativeDevice = keyof typeof npmPackages;

/** What TensorFlow's library was loaded with: once in a process, whatever is asked for later. */
interface LoadedLibrary {
  readonly device: NativeDevice;
  readonly threads: number;
  readonly precision: NonNullable<NativeOptions["precision"]>;
  /** The version of the npm package. */
  readonly version: string;
}
const libraries = new WeakMap<object, LoadedLibrary>();

/** TensorFlow's own library, in a package the user adds, with the native part that our command makes. */
function startNative(device: NativeDevice): StartDevice {
  const packageName = npmPackages[device];
  return async (host, threads, { precision = "float32", ...options }) => {
    requireInstalled(host, device);
    if (precision === "bfloat16") requireBfloat16(host, device);
    const tfjs = (await host.load(TFJS)) as typeof tf;
    let library = libraries.get(tfjs);
    if (library === undefined) {
      prepareProcess(host, threads, { precision, ...options });
      const { version } = (await loadPackage(host, device, packageName, remedies(device))) as {
        version: Record<string, string>;
      };
      library = { device, threads, precision, version: version["tfjs-node"] ?? "unknown" };
      libraries.set(tfjs, library);
    }
    await setBackend(tfjs, "tensorflow");
    const isOnGpu = (tfjs.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
    requireSame(library, { device, precision, isOnGpu });
    if (device === "tensorflow-gpu" && !isOnGpu) {
      throw new DeviceError({
        device,
        fault: "broken",
        reason: `${packageName} is installed, and found no GPU it can use.`,
        remedy:
          "It needs an NVIDIA GPU and driver, and CUDA 12, which `bioflax devices --install tensorflow-gpu` fetches; `bioflax devices` " +
          "tells what TensorFlow says of it. Without a GPU, take another device.",
      });
    }
    return {
      tf: tfjs,
      threads: library.threads,
      hardware: isOnGpu ? "an NVIDIA GPU, through TensorFlow" : "the processor, through TensorFlow",
      versions: {
        [TFJS]: tfjs.version.tfjs,
        [npmPackages[library.device]]: library.version,
        ...tensorflowVersion(tfjs),
      },
    };
  };
}

/** The version that TensorFlow's library says it has. */
function tensorflowVersion(tfjs: typeof tf): { tensorflow?: string } {
  const { binding } = tfjs.backend() as { binding?: { TF_Version?: string } };
  return binding?.TF_Version === undefined ? {} : { tensorflow: binding.TF_Version };
}

function remedies(device: NativeDevice): { missing: string; broken: string } {
  const name = npmPackages[device];
  const install =
    `\`bioflax devices --install ${device}\` makes it, on a current TensorFlow from PyPI ` +
    `(without that command: \`npx @bioflax/tensorflow-node install ${device}\`).`;
  return {
    missing: `\`npm install --ignore-scripts ${name}\` adds it (with pnpm: \`pnpm add ${name}\`); its native part is apart: ${install}`,
    broken: `Its native part is made apart: ${install}`,
  };
}

/** @throws DeviceError when the package is not there, or without its native part. */
function requireInstalled(host: Host, device: NativeDevice): void {
  const name = npmPackages[device];
  requirePackage(host, device, name, remedies(device));
  // Loading the package without its native part fails halfway, with TensorFlow.js's kernels registered for nothing.
  if (host.hasAddon(name, ADDON)) return;
  throw new DeviceError({
    device,
    fault: "broken",
    reason: `${name} is installed without its native part, ${ADDON}.`,
    remedy: remedies(device).broken,
  });
}

/** @throws DeviceError when the processor has no unit that multiplies in bfloat16. */
function requireBfloat16({ bfloat16 }: Host, device: NativeDevice): void {
  if (device === "tensorflow" && bfloat16() !== undefined) return;
  throw new DeviceError({
    device,
    fault: "missing",
    part: "precision bfloat16",
    reason:
      device === "tensorflow"
        ? "this processor has no unit that oneDNN multiplies float32 matrices in bfloat16 with (AMX; on arm64, BF16)."
        : "on a GPU, TensorFlow has no products in bfloat16 of float32 matrices.",
    remedy: "Leave the precision at float32.",
  });
}

/** Sets what TensorFlow reads when its library is loaded, and never again. */
function prepareProcess(
  { env }: Host,
  threads: number,
  { precision, memoryGrowth, visibleDevices }: NativeOptions,
): void {
  supplyUtilFunctions();
  env.TF_NUM_INTRAOP_THREADS = String(threads);
  // Its log, but for what ends the process: failures are errors, too.
  env.TF_CPP_MIN_LOG_LEVEL ??= "3";
  if (precision === "bfloat16") env.TF_SET_ONEDNN_FPMATH_MODE = "BF16";
  if (memoryGrowth !== undefined) env.TF_FORCE_GPU_ALLOW_GROWTH = String(memoryGrowth);
  if (visibleDevices !== undefined) env.CUDA_VISIBLE_DEVICES = visibleDevices.join(",");
}

/** @throws BioflaxError when the library that is in this process already is not the one that is asked for. */
function requireSame(
  library: LoadedLibrary,
  asked: Pick<LoadedLibrary, "device" | "precision"> & { readonly isOnGpu: boolean },
): void {
  const loaded = `useDevice: TensorFlow's library of ${npmPackages[library.device]} is in this process already`;
  if (library.precision !== asked.precision) {
    throw new BioflaxError(
      `${loaded}, with the precision ${library.precision}; ${asked.precision} needs a process of its own.`,
    );
  }
  // Without a GPU, that of the one package is as good as that of the other.
  const isOther =
    library.device !== asked.device && (asked.device === "tensorflow-gpu" || asked.isOnGpu);
  if (isOther) throw new BioflaxError(`${loaded}; ${asked.device} needs a process of its own.`);
}

export const startTensorflow = startNative("tensorflow");
export const startTensorflowGpu = startNative("tensorflow-gpu");
