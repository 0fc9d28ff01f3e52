import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { cacheFolder } from "@bioflax/datasets/node";
import {
  type Installation,
  install,
  npmPackages,
  type Removed,
  type Target,
  uninstall,
} from "@bioflax/tensorflow-node";
import type { OnProgress } from "@bioflax/wheels";
import { type CudaInstallation, installCuda, uninstallCuda } from "./install-cuda";
import { installXla, uninstallXla, type XlaInstallation } from "./install-xla";
import { checkInstallable, type InstallableDevice, xlaDeviceOf } from "./names";

/** With what a device is installed. */
export interface InstallDeviceOptions {
  /** A Python that has TensorFlow, of `tensorflow` and `tensorflow-gpu`; of the others, one whose pip fetches. */
  readonly python?: string | undefined;
  /** Whether CUDA's libraries are fetched with TensorFlow for `tensorflow-gpu`; true when left out. */
  readonly cudaLibraries?: boolean | undefined;
  /**
   * Whether TensorFlow's native part is compiled anew where the same is installed already and works, and a plugin for
   * XLA fetched anew; false when left out.
   */
  readonly reinstall?: boolean | undefined;
  /** Told what is being done. */
  readonly onProgress?: OnProgress | undefined;
}

/** What an installation did. */
export type DeviceInstallation =
  | ({ readonly device: Target } & Installation)
  | ({ readonly device: "cuda" } & CudaInstallation)
  | ({ readonly device: XlaInstallable } & XlaInstallation);

/** What was removed. */
export type DeviceRemoval =
  | ({ readonly device: Target } & Removed)
  | { readonly device: "cuda"; readonly wheels: string | undefined }
  | { readonly device: XlaInstallable; readonly folders: readonly string[] };

type XlaInstallable = Exclude<InstallableDevice, Target | "cuda">;

const cache = () => join(cacheFolder(), "native");

/** The package that loads TensorFlow.js's native parts, from which they are seen. */
const layers = () =>
  dirname(createRequire(import.meta.url).resolve("@bioflax/layers/package.json"));

const isTensorflow = (device: InstallableDevice): device is Target => device in npmPackages;

/**
 * Installs the native part of a device: `tensorflow` or `tensorflow-gpu`, ONNX Runtime's `cuda`, or a plugin for XLA
 * such as `xla-cpu`.
 *
 * @throws ReasonedError for what is missing, with what gets it; BioflaxError for another name, or where the device is not
 *   for this machine.
 * @example
 * await installDevice("tensorflow", { onProgress: ({ what }) => console.error(what) });
 */
export async function installDevice(
  device: InstallableDevice,
  { python, cudaLibraries, reinstall, onProgress = () => {} }: InstallDeviceOptions = {},
): Promise<DeviceInstallation> {
  checkInstallable(device);
  const ofXla = xlaDeviceOf(device);
  if (ofXla !== undefined)
    return {
      device: device as XlaInstallable,
      ...(await installXla(ofXla, { python, reinstall, onProgress })),
    };
  if (!isTensorflow(device))
    return { device: "cuda", ...(await installCuda(cache(), { python, onProgress })) };
  const options = { from: layers(), cache: cache(), python, cudaLibraries, reinstall, onProgress };
  return { device, ...(await install(device, options)) };
}

/**
 * Takes back what {@link installDevice} did: of TensorFlow, with what was there; of `cuda`, the folder that was removed;
 * of XLA, the folders.
 *
 * @throws BioflaxError for another name.
 */
export async function uninstallDevice(device: InstallableDevice): Promise<DeviceRemoval> {
  checkInstallable(device);
  const ofXla = xlaDeviceOf(device);
  if (ofXla !== undefined)
    return { device: device as XlaInstallable, folders: await uninstallXla(ofXla) };
  if (!isTensorflow(device)) return { device: "cuda", wheels: uninstallCuda(cache()) };
  return { device, ...uninstall(device, { from: layers() }) };
}
