import type { Wheel as AnyWheel, Machine } from "@bioflax/wheels";
import { cuda12Libraries, cuda13Libraries } from "./cuda-libraries";
import { requirePlatform } from "./platform";
import { PluginError } from "./plugin-error";

/** A wheel on PyPI, and what it must be. */
export interface Wheel extends AnyWheel {
  /** The SHA-256 of each of its files that may be taken: one for each kind of machine. */
  readonly digests: readonly string[];
}

/** A plugin that there is a wheel of. */
export interface KnownPlugin {
  /** What it runs on. */
  readonly device: string;
  /** Its wheel first; then those of libraries that it loads. */
  readonly wheels: readonly [Wheel, ...Wheel[]];
  /** Its library, from the folder that wheels are unpacked in. */
  readonly library: string;
  /** The machines it is made for, as `platform-arch` of Node. */
  readonly machines: readonly string[];
  /** The room all of it takes while it is unpacked, in bytes. */
  readonly room: number;
  /** What must be on the machine already. */
  readonly needs?: string;
}

const GIGABYTE = 1e9;
const LINUX_X64 = ["linux-x64"];

/**
 * The plugins that PyPI has wheels of. The one for the processor has been run with this package; the others need their
 * hardware.
 */
export const knownPlugins = {
  cpu: {
    device: "the processor",
    wheels: [
      {
        name: "lammps-jax-pjrt-cpu",
        version: "0.11.2",
        digests: ["1319390d948b39f69f7dade496b7c385149d9ca6097a6b62114da113216d9ad1"],
      },
    ],
    library: "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so",
    machines: LINUX_X64,
    room: 0.4 * GIGABYTE,
  },
  cuda13: {
    device: "NVIDIA's GPUs, with CUDA 13",
    wheels: [
      {
        name: "jax-cuda13-pjrt",
        version: "0.12.0.1",
        digests: [
          "5899bb6177eda86ea532afb9a26794f2bdd04966f6a01f9028266b16c2b6cf90",
          "40758d042df8c06991b6a1a8016b56e9cefb1ed4c677c062125c3eb71c3dab97",
        ],
      },
      ...cuda13Libraries,
    ],
    library: "jax_plugins/xla_cuda13/xla_cuda_plugin.so",
    machines: ["linux-x64", "linux-arm64"],
    room: 9 * GIGABYTE,
    needs: "NVIDIA's driver, version 580 or newer",
  },
  cuda12: {
    device: "NVIDIA's GPUs, with CUDA 12",
    wheels: [
      {
        name: "jax-cuda12-pjrt",
        version: "0.12.0.1",
        digests: [
          "5ec28e06198d094031c37590b4ea753ae8cde4879ab4b60baf40f0dffb673286",
          "e6aa6c58c5420c1bda22db31a2f6c5c1d0a66cb701eeb731feae44fef197717c",
        ],
      },
      ...cuda12Libraries,
    ],
    library: "jax_plugins/xla_cuda12/xla_cuda_plugin.so",
    machines: ["linux-x64", "linux-arm64"],
    room: 11 * GIGABYTE,
    needs: "NVIDIA's driver, version 525 or newer",
  },
  rocm7: {
    device: "AMD's GPUs, with ROCm 7",
    wheels: [
      {
        name: "jax-rocm7-pjrt",
        version: "0.12.0",
        digests: ["4551d0714523355f2946ca1958c3f584e95661e467a641d36b726f718a1c7934"],
      },
    ],
    library: "jax_plugins/xla_rocm7/xla_rocm_plugin.so",
    machines: LINUX_X64,
    room: 1.2 * GIGABYTE,
    needs: "ROCm 7",
  },
  rocm10: {
    device: "AMD's GPUs, with ROCm 10",
    wheels: [
      {
        name: "jax-rocm10-pjrt",
        version: "0.12.0",
        digests: ["45ee7b471b71a582ce165dd63069b10d1d8923d849b61b6fa8783f1d13294edb"],
      },
    ],
    library: "jax_plugins/xla_rocm10/xla_rocm_plugin.so",
    machines: LINUX_X64,
    room: 1.2 * GIGABYTE,
    needs: "ROCm 10",
  },
  oneapi: {
    device: "Intel's GPUs",
    wheels: [
      {
        name: "jax-oneapi-pjrt",
        version: "0.11.2",
        digests: ["ae7250c5d4459dcfedf4de1bf683edfef0502861e44b6e9bfaa7d8133b4292c1"],
      },
    ],
    library: "jax_plugins/xla_oneapi/xla_oneapi_plugin.so",
    machines: LINUX_X64,
    room: 1.3 * GIGABYTE,
    needs: "Intel's GPU driver and oneAPI's libraries",
  },
  metal: {
    device: "Apple's GPUs",
    wheels: [
      {
        name: "metal-pjrt-core",
        version: "0.0.5",
        digests: ["6f6cde411b7b2ef08bd3afc48b68bf09df52ef20007ff3321bf13ab885e7bbfe"],
      },
    ],
    library: "metal_pjrt_core/pjrt_c_api_mtl_plugin.dylib",
    machines: ["darwin-arm64"],
    room: 0.6 * GIGABYTE,
    needs: "macOS 26",
  },
  tpu: {
    device: "Google's TPUs",
    wheels: [
      {
        name: "libtpu",
        version: "0.0.52",
        digests: ["f76ab1f4d697c346371c50058796f6baa93317b89be8cf8a1012715a2655120d"],
      },
    ],
    library: "libtpu/libtpu.so",
    machines: LINUX_X64,
    room: 1.3 * GIGABYTE,
    needs: "a TPU VM",
  },
} as const satisfies Record<string, KnownPlugin>;

/** The name of a plugin that there is a wheel of. */
export type PluginName = keyof typeof knownPlugins;

/** The names of the plugins that there are wheels of. */
export const pluginNames = Object.keys(knownPlugins) as readonly PluginName[];

/**
 * A plugin by its name.
 *
 * @param machine where it is to be installed; checked when given.
 * @throws PluginError for an unknown name, or a machine that it is not made for.
 */
export function knownPlugin(
  name: string,
  machine?: Pick<Machine, "platform" | "arch" | "glibc">,
): KnownPlugin {
  if (!Object.hasOwn(knownPlugins, name))
    throw new PluginError({
      fault: "name",
      reason: `There is no plugin ${JSON.stringify(name)}.`,
      remedy: `Those with wheels are ${pluginNames.join(", ")}; any other is loaded by its path.`,
    });
  const plugin: KnownPlugin = knownPlugins[name as PluginName];
  if (machine === undefined) return plugin;
  requirePlatform(machine);
  const { platform, arch, glibc } = machine;
  if (!plugin.machines.includes(`${platform}-${arch}`))
    throw new PluginError({
      fault: "platform",
      reason: `The plugin ${name} (${plugin.wheels[0].name}) is not made for ${platform} on ${arch}, but for ${plugin.machines.join(" and ").replaceAll("-", " on ")}.`,
      remedy: "A plugin that was built for this machine is loaded by its path.",
    });
  if (platform === "linux" && glibc === undefined)
    throw new PluginError({
      fault: "platform",
      reason:
        "Plugins are made for the GNU C library, which this system (musl, such as Alpine) does not have.",
      remedy: "Use a system that has it: Debian, Ubuntu, Fedora, or Node's image without -alpine.",
    });
  return plugin;
}
