import { DeviceError } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { type EagerDeviceName, type StartDevice, setBackend, TFJS } from "./device";
import { loadPackage } from "./packages";

/** The first version of Node without `util.isNullOrUndefined`, which these packages call (tensorflow/tfjs#8609). */
const FIRST_WITHOUT = 23;

/** The native part. */
const ADDON = "tfjs_binding.node";

/**
 * TensorFlow's own library, in a package the user adds.
 *
 * @param onGpu whether it must have found a GPU.
 */
function startNative(
  device: EagerDeviceName,
  packageName: string,
  { onGpu }: { onGpu: boolean },
): StartDevice {
  return async (host, threads) => {
    const { load, nodeMajor, env } = host;
    const remedies = {
      missing:
        `\`npm install ${packageName}\` adds it and downloads TensorFlow's library ` +
        `(with pnpm: \`pnpm add ${packageName} --allow-build=${packageName}\`).`,
      broken:
        `Its install script downloads the native part: \`npm rebuild ${packageName}\` runs it again ` +
        `(with pnpm: \`pnpm rebuild ${packageName}\`, once its build is allowed).`,
    };
    const isInstalled = host.versionOf(packageName) !== undefined;
    if (isInstalled && nodeMajor >= FIRST_WITHOUT) {
      throw new DeviceError({
        device,
        fault: "broken",
        reason:
          `${packageName} does not work on Node ${nodeMajor}: it calls util.isNullOrUndefined, which Node ${FIRST_WITHOUT} removed ` +
          "(tensorflow/tfjs#8609).",
        remedy: "Use Node 20 or 22, or another device.",
      });
    }
    // Loading the package without its native part fails halfway, with TensorFlow.js's kernels registered for nothing.
    if (isInstalled && !host.hasAddon(packageName, ADDON)) {
      throw new DeviceError({
        device,
        fault: "broken",
        reason: `${packageName} is installed without its native part, ${ADDON}.`,
        remedy: remedies.broken,
      });
    }
    // TensorFlow reads these when its library is loaded, and never again.
    env.TF_NUM_INTRAOP_THREADS = String(threads);
    env.TF_CPP_MIN_LOG_LEVEL ??= "2";
    const loaded = (await loadPackage(host, device, packageName, remedies)) as {
      version: Record<string, string>;
    };
    const tfjs = (await load(TFJS)) as typeof tf;
    await setBackend(tfjs, "tensorflow");
    const isOnGpu = (tfjs.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
    if (onGpu && !isOnGpu) {
      throw new DeviceError({
        device,
        fault: "broken",
        reason: `${packageName} is installed, and found no GPU it can use.`,
        remedy:
          "It needs an NVIDIA driver, and CUDA 11.2 and cuDNN 8.1 on the library path; without them, take another device.",
      });
    }
    return {
      tf: tfjs,
      threads,
      hardware: isOnGpu ? "an NVIDIA GPU, through TensorFlow" : "the processor, through TensorFlow",
      versions: {
        [TFJS]: tfjs.version.tfjs,
        [packageName]: loaded.version["tfjs-node"] ?? "unknown",
      },
    };
  };
}

export const startTensorflow = startNative("tensorflow", "@tensorflow/tfjs-node", { onGpu: false });
export const startTensorflowGpu = startNative("tensorflow-gpu", "@tensorflow/tfjs-node-gpu", {
  onGpu: true,
});
