import { showInstallation, showRemoved } from "@bioflax/tensorflow-node";
import { ProgressLine, ReasonedError } from "@bioflax/wheels";
import {
  type DeviceInstallation,
  type DeviceRemoval,
  installDevice,
  uninstallDevice,
} from "../../devices/install/install-device";
import { type InstallableDevice, xlaDeviceOf } from "../../devices/install/names";
import { colorsFor } from "../colors";
import { exitStatus, type Io } from "../io";

/** What `bioflax devices --install` and `--uninstall` take. */
export interface InstallArguments {
  readonly install?: InstallableDevice;
  readonly uninstall?: InstallableDevice;
  readonly python?: string;
  readonly cudaLibraries?: boolean;
  readonly reinstall?: boolean;
  readonly json?: boolean;
}

type XlaInstalled = Extract<DeviceInstallation, { readonly plugin: string }>;

/**
 * `bioflax devices --install` and `--uninstall`: says on stderr what is being done, and on stdout what was.
 *
 * @returns the exit status.
 */
export async function runInstall(
  { install, uninstall, python, cudaLibraries, reinstall, json = false }: InstallArguments,
  io: Io,
): Promise<number> {
  const line = new ProgressLine(io.stderr);
  try {
    if (uninstall !== undefined) {
      const removed = await uninstallDevice(uninstall);
      io.stdout.write(json ? `${JSON.stringify(removed)}\n` : showUninstalled(removed));
    }
    if (install !== undefined) {
      const onProgress = line.show.bind(line);
      const done = await installDevice(install, {
        ...{ python, cudaLibraries, reinstall, onProgress },
      });
      line.end();
      io.stdout.write(json ? `${JSON.stringify(done)}\n` : show(done));
    }
    return exitStatus.done;
  } catch (error) {
    if (!(error instanceof ReasonedError)) throw error;
    line.end();
    io.stderr.write(`${colorsFor(io.stderr, io.env).red("error:")} ${error.message}\n`);
    return exitStatus.failed;
  } finally {
    line.end();
  }
}

function show(done: DeviceInstallation): string {
  if ("plugin" in done) return showPlugin(done);
  if (done.device !== "cuda") return showInstallation(done);
  const { version, provider, wheels, libraries, wasInstalled } = done;
  return [
    `onnxruntime-node ${version} has its CUDA provider${wasInstalled ? ", fetched before" : ""}; \`bioflax devices\` tells whether it finds a GPU.`,
    `  provider     ${provider}`,
    `  libraries    ${libraries.length} of CUDA and cuDNN, in ${wheels}`,
    "",
  ].join("\n");
}

function showPlugin({ device, wheel, library, needs, wasInstalled }: XlaInstalled): string {
  const name = xlaDeviceOf(device);
  return [
    `XLA's plugin ${wheel} is installed${wasInstalled ? ", fetched before" : ""}: \`bioflax train --engine xla --device ${name}\``,
    `  library      ${library}`,
    ...(needs === undefined
      ? []
      : [`  needs        ${needs}; \`bioflax devices\` tells whether it finds a device`]),
    ...(wasInstalled ? ["  anew         --reinstall fetches it again"] : []),
    "",
  ].join("\n");
}

function showUninstalled(removed: DeviceRemoval): string {
  if ("folders" in removed)
    return removed.folders.length === 0
      ? `${removed.device} was not installed.\n`
      : `Removed ${removed.folders.join(" and ")}\n`;
  if (removed.device !== "cuda") return showRemoved(removed);
  const { wheels } = removed;
  return `Removed ONNX Runtime's CUDA provider${wheels === undefined ? "" : ` and what was fetched (${wheels})`}.\n`;
}
